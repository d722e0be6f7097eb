"""Hook and webhook: told once what is new, told again what failed, and nothing is undone."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest

from audiobrief.errors import AnnounceError
from audiobrief.pipeline.hook import run_hook
from tests.support import ARTICLE, OTHER, run_audiobrief

#: A program that keeps what it is told.
HOOK = """
import json, os, pathlib, sys
log = pathlib.Path("told.jsonl")
row = {"variable": json.loads(os.environ["AUDIOBRIEF_EPISODES"]),
       "stdin": json.load(sys.stdin), "left_out": os.environ["AUDIOBRIEF_EPISODES_LEFT_OUT"],
       "feed": pathlib.Path("episodes/feed.xml").exists(), "arguments": sys.argv[1:]}
with log.open("a") as stream:
    stream.write(json.dumps(row) + "\\n")
if pathlib.Path("out-of-order").exists():
    print("no route to host")
    sys.exit(3)
"""


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace with an article and a hook."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "hook.py").write_text(HOOK, encoding="utf-8")
    settle(tmp_path, hook=[sys.executable, "hook.py", "two words; $HOME"])
    return tmp_path


def settle(folder, *, more="", **publish):
    """Write the settings."""
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in publish.items())
    (folder / "audiobrief.toml").write_text(f"[publish]\n{lines}{more}", encoding="utf-8")


def build(folder, *arguments):
    """Build with the engine for tests."""
    return run_audiobrief("build", "--engine", "tone", "--json", *arguments, cwd=folder)


def told(folder):
    """Return what the hook was told, call by call."""
    path = folder / "told.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_nobody_is_told_twice_because_the_note_cannot_be_read(workspace):
    """What is there and cannot be read is no start from nothing; read again, it goes on."""
    build(workspace)
    note = workspace / ".audiobrief" / "announced.json"
    kept = note.rename(note.with_name("elsewhere"))
    note.mkdir()
    (workspace / "articles" / "other.txt").write_text(OTHER, encoding="utf-8")
    run = build(workspace)
    assert (run.code, str(note) in run.stderr) == (1, True), run.stderr
    assert len(told(workspace)) == 1
    note.rmdir()
    kept.rename(note)
    assert build(workspace).code == 0
    (_, call) = told(workspace)
    assert [episode["is_new"] for episode in call["variable"]] == [True]


def test_the_hook_is_told_what_is_new_then_what_has_changed_and_else_nothing(workspace):
    """Paths that are there, in the workspace, no shell; a run without changes is silent."""
    first = build(workspace)
    assert (first.code, first.json["unannounced"]) == (0, None)
    (call,) = told(workspace)
    (episode,) = call["variable"]
    assert call["stdin"] == call["variable"]
    assert (call["feed"], call["left_out"]) == (True, "0")
    assert call["arguments"] == ["two words; $HOME"]
    assert (episode["guid"], episode["is_new"]) == (first.json["episodes"][0]["guid"], True)
    assert episode["directory"] == first.json["episodes"][0]["directory"]
    assert (workspace / episode["enclosure"]).stat().st_size == episode["bytes"]
    assert build(workspace).code == 0
    assert len(told(workspace)) == 1
    (workspace / "articles" / "other.txt").write_text(OTHER, encoding="utf-8")
    text = ARTICLE.replace("six in the morning", "seven in the morning")
    (workspace / "articles" / "ferry.txt").write_text(text, encoding="utf-8")
    build(workspace)
    calls = told(workspace)
    assert len(calls) == 2
    assert {e["is_new"] for e in calls[1]["variable"]} == {True, False}
    (changed,) = [e for e in calls[1]["variable"] if not e["is_new"]]
    assert changed["guid"] == episode["guid"]
    assert changed["enclosure"] != episode["enclosure"]


def test_what_is_too_old_for_the_feed_is_not_told(workspace):
    """Nobody could hear it there, and where listeners get the show, it is not."""
    settle(workspace, hook=[sys.executable, "hook.py"], keep_episodes=1)
    old = f"---\ndate: 2020-01-01T06:00:00Z\n---\n\n{OTHER}"
    (workspace / "articles" / "old.txt").write_text(old, encoding="utf-8")
    assert len(build(workspace).json["episodes"]) == 2
    (call,) = told(workspace)
    (episode,) = call["variable"]
    assert "ferry" in episode["directory"]


def test_a_dry_run_tells_nothing(workspace):
    """It changes nothing, either."""
    build(workspace, "--dry-run")
    assert told(workspace) == []
    assert not (workspace / ".audiobrief" / "announced.json").exists()


def test_a_hook_that_fails_is_told_undoes_nothing_and_is_tried_again(workspace):
    """Exit code 1 with its last words; the next run tells the same, a later one nothing."""
    (workspace / "out-of-order").touch()
    run = build(workspace)
    assert run.code == 1
    assert [e["outcome"] for e in run.json["episodes"]] == ["built"]
    assert "exit code 3: no route to host" in run.json["unannounced"]["problem"]
    assert "\nerror: the hook failed with exit code 3: no route to host\n" in run.stderr
    assert (workspace / "episodes" / "feed.xml").is_file()
    (workspace / "out-of-order").unlink()
    assert build(workspace).code == 0
    assert build(workspace).code == 0
    calls = told(workspace)
    assert len(calls) == 2
    assert calls[0] == calls[1]


def test_a_hook_that_is_not_there_is_named(workspace):
    """With what mends it."""
    settle(workspace, hook=["no-such-program", "-a"])
    run = build(workspace)
    assert run.code == 1
    assert "cannot be started" in run.json["unannounced"]["problem"]
    assert run.json["unannounced"]["subject"] == "no-such-program -a"


def test_a_hook_added_later_hears_only_of_what_comes_then(workspace):
    """Not of what was published before."""
    settle(workspace)
    build(workspace)
    settle(workspace, hook=[sys.executable, "hook.py"])
    build(workspace)
    assert told(workspace) == []
    (workspace / "articles" / "other.txt").write_text(OTHER, encoding="utf-8")
    build(workspace)
    (call,) = told(workspace)
    assert [e["title"] for e in call["variable"]] == ["Council approves a new library"]


def test_what_waits_for_approval_is_not_told(workspace):
    """It is in no feed."""
    settle(workspace, hook=[sys.executable, "hook.py"], require_approval=True)
    assert build(workspace).code == 0
    assert told(workspace) == []


@pytest.mark.parametrize("value", ['"rsync -a"', "[3]", '[" "]', '["a\\u0000b"]'])
def test_a_hook_that_is_no_list_of_words_is_a_mistake_in_the_settings(workspace, value):
    """Told with its line, before anything is built."""
    (workspace / "audiobrief.toml").write_text(f"[publish]\nhook = {value}\n", encoding="utf-8")
    run = build(workspace)
    assert run.code == 2
    assert "audiobrief.toml:2" in run.stderr


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"]
        read = json.loads if kind == "application/json" else parse_qs
        self.server.got.append((self.path, kind, read(body.decode())))
        self.send_response(self.server.status)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def receiver():
    """Return a server that keeps what is sent to it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    server.got, server.status = [], 200
    server.url = f"http://127.0.0.1:{server.server_port}/new/secret"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_webhook_is_sent_what_is_new(workspace, receiver):
    """As JSON, once; whatever type its answer has."""
    more = '[show]\nbase_url = "https://brief.example/"\n[network]\nallow = ["127.0.0.1"]\n'
    settle(workspace, webhook=receiver.url, more=more)
    run = build(workspace)
    assert run.code == 0, run.stderr
    build(workspace)
    ((path, kind, body),) = receiver.got
    assert (path, kind) == ("/new/secret", "application/json")
    assert body["feed"] == "https://brief.example/feed.xml"
    (episode,) = body["episodes"]
    assert (episode["guid"], episode["title"]) == (
        run.json["episodes"][0]["guid"],
        "Ferry returns to the old harbor",
    )
    folder = run.json["episodes"][0]["directory"].removeprefix("episodes/")
    assert episode["url"] == f"https://brief.example/{folder}/index.html"


def test_a_webhook_at_home_must_be_allowed(workspace, receiver):
    """Else it is not contacted, and the error does not show its address."""
    settle(workspace, webhook=receiver.url)
    run = build(workspace)
    assert (run.code, receiver.got) == (1, [])
    assert "the webhook was not told" in run.stderr
    assert "audiobrief.toml:2" in run.stderr
    assert "secret" not in run.stderr


def test_a_webhook_that_refuses_is_told_again(workspace, receiver):
    """And not before the hook has done its work."""
    hook = [sys.executable, "hook.py"]
    settle(workspace, hook=hook, webhook=receiver.url, more='[network]\nallow = ["127.0.0.1"]\n')
    receiver.status = 404
    (workspace / "out-of-order").touch()
    assert build(workspace).code == 1
    assert receiver.got == []
    (workspace / "out-of-order").unlink()
    run = build(workspace)
    assert (run.code, len(receiver.got), len(told(workspace))) == (1, 1, 2)
    assert "404" in run.json["unannounced"]["problem"]
    receiver.status = 204
    assert build(workspace).code == 0
    assert receiver.got[0] == receiver.got[1]
    assert (len(receiver.got), len(told(workspace))) == (2, 2)


def test_a_hub_is_told_of_the_feed(workspace, receiver):
    """By the form that hubs understand, once for each change."""
    more = '[network]\nallow = ["127.0.0.1"]\n[show]\nbase_url = "https://brief.example/"\n'
    settle(workspace, hub=receiver.url, more=more)
    assert build(workspace).code == 0
    build(workspace)
    ((_, kind, body),) = receiver.got
    assert kind == "application/x-www-form-urlencoded"
    assert body["hub.mode"] == ["publish"]
    assert body["hub.url"] == body["hub.topic"] == ["https://brief.example/feed.xml"]
    feed = (workspace / "episodes" / "feed.xml").read_text("utf-8")
    assert f'href="{receiver.url}"' in feed


def test_who_publishes_elsewhere_tells_of_it_then(workspace, receiver):
    """Not when it is built: nobody could fetch it yet. A failure is told, and made up for."""
    more = '[network]\nallow = ["127.0.0.1"]\n'
    settle(workspace, webhook=receiver.url, more=more, to="folder:../www")
    assert build(workspace).code == 0
    assert receiver.got == []
    receiver.status = 404
    run = run_audiobrief("publish", "--json", cwd=workspace)
    assert run.code == 1
    assert "404" in run.json["shows"][0]["unannounced"]["problem"]
    receiver.status = 200
    assert run_audiobrief("publish", cwd=workspace).code == 0
    assert run_audiobrief("publish", cwd=workspace).code == 0
    assert len(receiver.got) == 2
    assert (workspace.parent / "www" / "feed.xml").is_file()


def test_more_news_than_a_variable_takes_come_by_standard_input(tmp_path):
    """The variable is whole JSON of those that fit, and the rest is counted."""
    from audiobrief.pipeline.announce import _that_fit  # noqa: PLC0415

    rows = [{"guid": str(n), "title": "x" * 300} for n in range(2000)]
    shown, left_out = _that_fit(rows)
    assert len(shown) <= 100_000
    assert json.loads(shown) == rows[: 2000 - left_out]
    assert left_out > 0
    script = "import json, os, sys; assert len(json.load(sys.stdin)) == 2000; os.environ['E']"
    run_hook(
        [sys.executable, "-c", script],
        tmp_path,
        given=json.dumps(rows).encode(),
        environment={"E": shown},
        look=lambda: None,
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name tells who holds it")
def test_a_stop_ends_the_hook_and_what_it_has_started(tmp_path):
    """Whatever the look raises comes through, and nobody is left behind."""
    os.mkfifo(tmp_path / "held")
    script = (
        "import pathlib, subprocess, sys\n"
        "held = open('held', 'w')\n"
        "child = subprocess.Popen(['sleep', '600'], stdout=held)\n"
        "pathlib.Path('ready').touch()\n"
        "child.wait()\n"
    )

    def look():
        if (tmp_path / "ready").exists():
            raise KeyboardInterrupt

    reader = os.open(tmp_path / "held", os.O_RDONLY | os.O_NONBLOCK)
    command = [sys.executable, "-c", script]
    with pytest.raises(KeyboardInterrupt):
        run_hook(command, tmp_path, given=b"", environment={}, look=look)
    os.set_blocking(reader, True)
    # Comes back when the last who holds the other end is gone.
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_a_hook_that_takes_too_long_is_ended(tmp_path):
    """And told, with what it said last."""
    script = "import time; print('waiting for a password', flush=True); time.sleep(600)"
    with pytest.raises(AnnounceError, match="took more than 1 s") as caught:
        run_hook(
            [sys.executable, "-c", script],
            tmp_path,
            given=b"",
            environment={},
            look=lambda: None,
            limit_s=1,
        )
    assert "by hand" in caught.value.remedy
