"""``audiobrief review`` as people run it: a process, its lines, its signals, its refusals."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing, contextmanager, suppress

import pytest

from tests.review.house import OWN, Stream, copied
from tests.serve.wire import ask
from tests.support import run_audiobrief


@pytest.fixture
def workspace(built, tmp_path):
    """Return a workspace of its own."""
    with copied(built, tmp_path / "workspace") as root:
        yield root


@contextmanager
def reviewing(root, *arguments, env=None):
    """Run the command; yield its process and the first line that it prints."""
    with subprocess.Popen(
        [sys.executable, "-m", "audiobrief", "review", "--json", "--no-open", *arguments],
        cwd=root,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process, json.loads(process.stdout.readline() or "null")
        finally:
            process.kill()


def port_of(first):
    """Return the port in an address."""
    return int(first["url"].split("/")[2].rpartition(":")[2])


def ended(process, number):
    """Send a signal; return the exit code and what was printed."""
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_it_serves_until_ctrl_c_and_ends_streams_at_once(workspace):
    """Exit code 130, nothing on stderr, what was done is kept; a page that listens is let go."""
    with reviewing(workspace, "--port", "0", "--by", "Ana Ruiz") as (process, first):
        port = port_of(first)
        assert first["event"] == "reviewing"
        queue = json.loads(ask(port, "GET", "/api/episodes").body)
        assert queue["by"] == "Ana Ruiz"
        identifier = queue["episodes"][0]["id"]
        got = ask(port, "POST", f"/api/episodes/{identifier}/approve", OWN, b'{"which":"all"}')
        assert got.status == 200
        with closing(Stream(port)) as stream:
            code, _, err = ended(process, signal.SIGINT)
            assert (code, err) == (130, "\ninterrupted: what was finished is kept\n")
            assert stream.next() is None
    run = run_audiobrief("status", "--json", cwd=workspace)
    states = {row["directory"].rpartition("/")[2]: row["state"] for row in run.json["episodes"]}
    assert states[identifier] == "approved"


def test_sigterm_is_a_clean_end(workspace):
    """As systemd stops it."""
    with reviewing(workspace, "--port", "0", "-v") as (process, first):
        assert ask(port_of(first), "GET", "/").status == 200
        code, out, err = ended(process, signal.SIGTERM)
    assert (code, err) == (0, "")
    assert json.loads(out)["target"] == "/"


def test_a_taken_port_is_passed_over_unless_it_was_asked_for(workspace):
    """The next free one is taken; the one that was named is refused with what helps."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # somebody else has it, which is as good
            taken.bind(("127.0.0.1", 8765))
            taken.listen()
        with reviewing(workspace) as (_, first):
            assert 8765 < port_of(first) < 8800
        run = run_audiobrief("review", "--no-open", "--port", "8765", cwd=workspace)
    assert run.code == 1
    assert "taken by another program" in run.stderr
    assert "fix: " in run.stderr
    assert "audiobrief review --port 0" in run.stderr


def test_an_episode_is_opened_by_a_part_of_its_name(workspace):
    """By how its folder or title begins; what fits nothing is an error with a suggestion."""
    with reviewing(workspace, "--port", "0", "ferry") as (_, first):
        path = first["page"].removeprefix(first["url"].rstrip("/"))
        assert path.startswith("/episode/")
        assert "ferry-returns" in path
        assert ask(port_of(first), "GET", f"/api/episodes/{path.rpartition('/')[2]}").status == 200
    run = run_audiobrief("review", "--no-open", "fery returns to the old harbor", cwd=workspace)
    assert run.code == 2
    assert "did you mean" in run.stderr


def test_other_addresses_need_the_token_that_is_printed(workspace):
    """Listening to the network: who has the address is let in, and it is warned of."""
    with reviewing(workspace, "--host", "0.0.0.0", "--port", "0") as (process, first):
        port, token = port_of(first), first["url"].rpartition("token=")[2]
        assert len(token) >= 32
        assert ask(port, "GET", "/api/episodes").status == 403
        got = ask(port, "GET", f"/?token={token}")
        cookie = got.headers["set-cookie"].partition(";")[0]
        assert ask(port, "GET", "/api/episodes", {"Cookie": cookie}).status == 200
        code, out, err = ended(process, signal.SIGTERM)
    assert code == 0
    assert "warning: " in err
    assert token not in out + err


def test_shows_are_reviewed_together_or_alone(workspace):
    """Of several, each episode says whose it is; with --show there is one."""
    with (workspace / "audiobrief.toml").open("a", encoding="utf-8") as settings:
        settings.write('[shows.long-read]\ntitle = "The Long Read"\n')
    run = run_audiobrief("build", "articles/library.txt", "--show", "long-read", cwd=workspace)
    assert run.code == 0, run.stderr
    with reviewing(workspace, "--port", "0") as (_, first):
        port = port_of(first)
        queue = json.loads(ask(port, "GET", "/api/episodes").body)
        assert [show["name"] for show in queue["show"]["shows"]] == ["", "long-read"]
        (row,) = [row for row in queue["episodes"] if row["show"] == "The Long Read"]
        assert row["id"].startswith("long-read~")
        document = json.loads(ask(port, "GET", f"/api/episodes/{row['id']}").body)
        assert document["show"] == "The Long Read"
        assert ask(port, "GET", document["sound"]["url"]).status == 200
    with reviewing(workspace, "--port", "0", "--show", "long-read") as (_, first):
        queue = json.loads(ask(port_of(first), "GET", "/api/episodes").body)
        assert [row["show"] for row in queue["episodes"]] == ["The Long Read"]
    run = run_audiobrief("review", "--no-open", "--show", "nothing", cwd=workspace)
    assert (run.code, "there is no show" in run.stderr) == (2, True)


def test_wrong_settings_are_told_before_anything_is_served(tmp_path):
    """With exit code 2."""
    (tmp_path / "audiobrief.toml").write_text("[shwo]\n", encoding="utf-8")
    run = run_audiobrief("review", "--no-open", cwd=tmp_path)
    assert run.code == 2
    assert "did you mean" in run.stderr
