"""``audiobrief watch`` as users run it: a process of its own, followed by the lines it prints."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread, Timer

import pytest

from tests.support import ARTICLE, OTHER, invariant, run_audiobrief

#: A watch that has not said by then what it should is killed, and the test fails.
LIMIT_S = 120
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows sends no signals to one process")


class Watched:
    """A running watch."""

    def __init__(self, process):
        self.process = process
        self.lines = []

    def until(self, event):
        """Read lines up to one of an event, and return that."""
        for line in self.process.stdout:
            self.lines.append(line)
            found = json.loads(line) if line.startswith("{") else {"event": line.split()[0]}
            if found["event"] == event:
                return found
        message = f"no {event} in {self.lines}, {self.process.stderr.read()}"
        raise AssertionError(message)

    def end(self, number=signal.SIGTERM):
        """Send a signal; return the exit code, the lines since, and what stderr has."""
        self.process.send_signal(number)
        out, err = self.process.communicate()
        return self.process.returncode, out, err


@contextmanager
def watching(folder, *arguments):
    """Watch a workspace with the engine for tests."""
    # A shell starts what runs in its background with Ctrl-C ignored, these tests too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-m", "audiobrief", "watch", "--engine", "tone", *arguments]
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        signal.signal(signal.SIGINT, before)
        timer = Timer(LIMIT_S, process.kill)
        timer.start()
        try:
            yield Watched(process)
        finally:
            timer.cancel()
            process.kill()


@pytest.fixture
def inbox(workspace):
    """Return the inbox of a workspace."""
    return workspace / "articles"


@POSIX
def test_what_arrives_is_built_and_a_line_of_json_says_so(inbox):
    """Also after an article that is none; SIGTERM ends it with 0."""
    with watching(inbox.parent, "--json", "-q") as watched:
        assert watched.until("watching")["folder"] == "articles"
        assert watched.until("built")["locator"] == "articles/ferry.txt"
        assert watched.until("feed")["feed"] == "episodes/feed.xml"
        (inbox / "broken.txt").write_bytes(b"\0\0\0")
        failed = watched.until("failed")
        assert failed["locator"] == "articles/broken.txt"
        assert set(failed["error"]) == {"problem", "subject", "remedy"}
        (inbox / "library.txt").write_text(OTHER, encoding="utf-8")
        built = watched.until("built")
        assert built["locator"] == "articles/library.txt"
        assert (inbox.parent / built["directory"] / "episode.json").is_file()
        watched.until("feed")
        code, out, err = watched.end()
    assert (code, out) == (0, "")
    assert err.count("error: ") == 1
    assert "\n  articles/broken.txt\n  fix: " in err
    assert invariant(inbox.parent / "episodes") == []
    assert not list(inbox.parent.rglob("*audiobrief-tmp"))


@POSIX
def test_people_get_a_line_an_event(inbox):
    """And Ctrl-C says what it does: 130."""
    with watching(inbox.parent) as watched:
        watched.until("feed")
        code, _, err = watched.end(signal.SIGINT)
    assert code == 130
    assert err.endswith("interrupted: what was finished is kept\n")
    assert "Traceback" not in err
    first, second, third = watched.lines
    assert first == "watching   articles/\n"
    assert second.startswith("built      articles/ferry.txt -> episodes/")
    assert third.startswith("feed       episodes/feed.xml")


def test_a_workspace_without_sources_has_no_schedule(inbox):
    """It is said before anything is watched."""
    run = run_audiobrief("watch", "--every", "30m", cwd=inbox.parent)
    assert run.code == 2
    assert "there are no sources" in run.stderr


@pytest.mark.parametrize("span", ["30s", "0h", "0.5m", "soon"])
def test_a_span_that_is_none_is_a_mistake(inbox, span):
    """Nor is one that would wear out the sources."""
    run = run_audiobrief("watch", "--every", span, cwd=inbox.parent)
    assert run.code == 2
    assert span in run.stderr


HOLDER = """
import sys, pathlib
from audiobrief.store.lock import locked
with locked(pathlib.Path(".audiobrief/lock")):
    print("held", flush=True)
    sys.stdin.read()
"""


@POSIX
def test_another_process_that_holds_the_workspace_is_waited_for(inbox):
    """Not a failure: the build comes when the other has gone."""
    command = [sys.executable, "-c", HOLDER]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=inbox.parent, stdin=pipe, stdout=pipe) as holder:
        assert holder.stdout.readline().strip() == b"held"
        with watching(inbox.parent, "--json") as watched:
            watched.until("waiting")
            holder.stdin.close()
            assert watched.until("built")["locator"] == "articles/ferry.txt"
            watched.until("feed")
            assert watched.end()[0] == 0


@POSIX
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are listed by Linux")
def test_a_stop_while_a_voice_speaks_leaves_no_process_and_no_scrap(inbox):
    """Whatever is finished by then is kept, and the next build does the rest."""
    with watching(inbox.parent, "--engine", "pyttsx3", "--json") as watched:
        for line in watched.process.stderr:
            if '"speaking"' in line:
                break
        pid = watched.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        assert watched.end()[0] == 0
    assert children
    assert not [child for child in children if Path(f"/proc/{child}").exists()]
    assert not list(inbox.parent.rglob("*audiobrief-tmp"))
    assert invariant(inbox.parent / "episodes") == []
    run = run_audiobrief("build", "--engine", "pyttsx3", "--json", cwd=inbox.parent)
    assert run.code == 0
    assert run.json["episodes"][0]["cached"] > 0 or run.json["episodes"][0]["outcome"] != "built"


@POSIX
def test_a_hook_that_fails_is_told_and_the_watch_goes_on(inbox):
    """What has arrived is built all the same; the hook is told both, later."""
    hook = json.dumps([sys.executable, "-c", "import sys; sys.exit('no route to host')"])
    folder = inbox.parent
    (folder / "audiobrief.toml").write_text(f"[publish]\nhook = {hook}\n", encoding="utf-8")
    with watching(folder, "--json") as watched:
        watched.until("built")
        failed = watched.until("failed")
        assert "the hook failed with exit code 1: no route to host" in failed["error"]["problem"]
        (inbox / "library.txt").write_text(OTHER, encoding="utf-8")
        assert watched.until("built")["locator"] == "articles/library.txt"
        watched.until("failed")
        code, _, err = watched.end()
    assert code == 0
    assert err.count("error: the hook failed") == 2


#: It stops who has started it, as a shutdown in the middle of an upload does.
STOPPING = """
import os, pathlib, signal, sys, time
pathlib.Path("started").touch()
os.kill(os.getppid(), signal.SIGTERM)
time.sleep(600)
"""
KEEPING = """
import os, pathlib
pathlib.Path("told").write_text(os.environ["AUDIOBRIEF_EPISODES"])
"""


@POSIX
def test_a_stop_in_the_middle_of_the_hook_is_clean_and_the_next_run_tells_it(inbox):
    """The hook is ended, too; what it was to be told is not forgotten."""
    folder = inbox.parent
    (folder / "hook.py").write_text(STOPPING, encoding="utf-8")
    hook = json.dumps([sys.executable, "hook.py"])
    (folder / "audiobrief.toml").write_text(f"[publish]\nhook = {hook}\n", encoding="utf-8")
    with watching(folder) as watched:
        watched.until("watching")
        assert watched.process.wait() == 0
    assert (folder / "started").exists()
    assert invariant(folder / "episodes") == []
    keeping = (
        "import os, pathlib; pathlib.Path('told').write_text(os.environ['AUDIOBRIEF_EPISODES'])"
    )
    (folder / "hook.py").write_text(keeping, encoding="utf-8")
    assert run_audiobrief("build", "--engine", "tone", cwd=folder).code == 0
    (episode,) = json.loads((folder / "told").read_text(encoding="utf-8"))
    assert episode["title"] == ARTICLE.split("\n", 1)[0]


class _Feed(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.server.feed.encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def feed():
    """Return the URL of a feed with one whole article."""
    text = "".join(f"<p>{line}</p>" for line in OTHER.split("\n")[1:])
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Feed)
    server.feed = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        "<title>Post</title><item><title>Council approves a new library</title>"
        '<guid isPermaLink="false">1</guid>'
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item></channel></rss>"
    )
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/feed.xml"
    server.shutdown()
    thread.join()
    server.server_close()


@POSIX
def test_sources_are_asked_at_the_start(tmp_path, feed):
    """What they have becomes an episode."""
    (tmp_path / "audiobrief.toml").write_text(
        f'[[sources]]\nname = "Post"\nurl = "{feed}"\n[network]\nallow = ["127.0.0.1"]\n',
        encoding="utf-8",
    )
    with watching(tmp_path, "--every", "6h", "--json") as watched:
        fetched = watched.until("fetched")
        assert (fetched["name"], len(fetched["new"])) == ("Post", 1), str(fetched)
        assert watched.until("built")["locator"] == fetched["new"][0]
        watched.until("feed")
        assert watched.end()[0] == 0
