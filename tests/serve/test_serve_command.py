"""``audiobrief serve`` as people run it: a process, its lines, its signals, its refusals."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.serve.house import DAY, FEED, MP3, SOUND, put_house
from tests.serve.wire import ask

TOKEN = "a-token-that-nobody-guesses"
INBOX = '[serve]\ninbox_token_env = "THE_TOKEN"\n'


def settings(folder, text):
    """Write the settings."""
    (folder / "audiobrief.toml").write_text(text, encoding="utf-8")


@contextmanager
def serving(folder, *arguments, **env):
    """Run the command; yield its process and the first lines that it prints."""
    with subprocess.Popen(
        [sys.executable, "-m", "audiobrief", "serve", "--json", *arguments],
        cwd=folder,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            lines = [json.loads(process.stdout.readline()) for _ in range(2)]
            yield process, lines
        finally:
            process.kill()


def test_it_serves_until_it_is_told_to_stop(tmp_path):
    """Feed, sound and inbox; a line for each request, without queries; then a clean end."""
    put_house(tmp_path / "episodes")
    settings(tmp_path, INBOX)
    with serving(tmp_path, "--port", "0", "-v", THE_TOKEN=TOKEN) as (process, (first, feed)):
        port = int(first["url"].rpartition(":")[2].strip("/"))
        assert (feed["event"], feed["exists"]) == ("feed", True)
        assert json.loads(process.stdout.readline())["event"] == "inbox"
        assert ask(port, "GET", "/feed.xml?token=secret").body == FEED
        assert ask(port, "GET", f"/{DAY}/{MP3}").body == SOUND
        got = ask(
            port, "POST", "/inbox", {"Authorization": f"Bearer {TOKEN}"}, b"text of no length"
        )
        assert got.status == 422
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        assert process.returncode == 0
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(each["method"], each["target"], each["status"]) for each in lines] == [
        ("GET", "/feed.xml", 200),
        ("GET", f"/{DAY}/{MP3}", 200),
        ("POST", "/inbox", 422),
    ]
    assert TOKEN not in out + err
    assert "base_url" in err
    assert "Traceback" not in err


def test_everybody_in_the_network_is_warned_of_and_ctrl_c_ends_a_download(tmp_path):
    """What listens to all says so; a reader that takes nothing does not hold up the end."""
    put_house(tmp_path / "episodes")
    path = tmp_path / "episodes" / DAY / "long-00000000.mp3"
    path.touch()
    os.truncate(path, 50_000_000)
    with serving(tmp_path, "--host", "0.0.0.0", "--port", "0") as (process, (first, _)):
        port = int(first["url"].rpartition(":")[2].strip("/"))
        with socket.create_connection(("127.0.0.1", port)) as reader:
            reader.sendall(f"GET /{DAY}/{path.name} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            assert b"200 OK" in reader.recv(100)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=20)
        assert process.returncode == 130
    assert "everybody in this network" in err
    assert "where no other machine finds it" in err
    assert "Traceback" not in err


def test_a_port_that_is_taken_is_told_with_a_way_out(audiobrief, tmp_path):
    """Three lines: what, where, and what mends it."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = audiobrief("serve", "--port", port)
        settings(tmp_path, f'[show]\nbase_url = "http://127.0.0.1:{port}/"\n')
        # Without flags, it is where the feed says that it is.
        assert audiobrief("serve").stderr == run.stderr
    assert run.code == 1
    assert run.stderr.splitlines() == [
        "error: the port is taken by another program",
        f"  127.0.0.1:{port}",
        "  fix: stop that one, or choose another: audiobrief serve --port 8001",
    ]


@pytest.mark.parametrize(
    ("host", "problem"),
    [("203.0.113.7", "no address of this machine"), ("no such host", "no address of this machine")],
)
def test_a_host_that_is_elsewhere_is_refused(audiobrief, host, problem):
    """It says which addresses there are."""
    run = audiobrief("serve", "--host", host, "--port", "0")
    assert (run.code, problem in run.stderr) == (1, True)
    assert "--host 127.0.0.1" in run.stderr


@pytest.mark.parametrize("address", ["http://a.example:99999/", "http://[::1/", "http:///"])
def test_a_public_address_that_is_none_is_refused(audiobrief, tmp_path, address):
    """As a build does, with its line."""
    settings(tmp_path, f'[show]\nbase_url = "{address}"\n')
    run = audiobrief("serve")
    assert run.code == 2
    assert "no feed can be served from" in run.stderr
    assert "audiobrief.toml:2" in run.stderr


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        (None, "THE_TOKEN is not set"),
        ("", "is not set"),
        ("short", "is too short"),
        ("with blanks and so no token", "no header can have"),
    ],
)
def test_an_inbox_without_a_proper_token_is_refused(audiobrief, tmp_path, token, problem):
    """With the line of the setting, and never the token itself."""
    settings(tmp_path, INBOX)
    run = audiobrief("serve", env={} if token is None else {"THE_TOKEN": token})
    assert run.code == 2
    assert problem in run.stderr
    assert "audiobrief.toml:2" in run.stderr
    assert not token or f"{token}\n" not in run.stderr
