"""What the server answers is measured by wrk, which is played here: it asks once, and reports."""

import os
import shutil
import stat
import sys

import pytest

from audiobrief.bench import wrk
from audiobrief.bench.contestant import NGINX
from audiobrief.bench.served import CROWD, LEAST_PACKED, LEAST_UNCHANGED, ServeBench
from audiobrief.errors import AudiobriefError

PLAYED = """\
#!{python} -I
import http.client, sys
from urllib.parse import urlsplit
*options, url = sys.argv[1:]
fields = dict(a.split(": ", 1) for a, b in zip(options[1:], options) if b == "-H")
connection = http.client.HTTPConnection(urlsplit(url).netloc)
connection.request("GET", urlsplit(url).path, headers=fields)
answer = connection.getresponse()
answer.read()
with open("{asked}", "a") as asked:
    print(options[1], answer.status, answer.headers.get("content-encoding"), file=asked)
print("  100 requests in 1.00s, 1.00MB read")
print("{trouble}")
print("Requests/sec:    100.00")
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no wrk for Windows")


@pytest.fixture
def play(tmp_path, monkeypatch):
    """Return a function that puts a played wrk first on the path, and what it was asked for."""
    asked = tmp_path / "asked.txt"

    def put(trouble=""):
        program = tmp_path / "bin" / "wrk"
        program.parent.mkdir()
        text = PLAYED.format(python=sys.executable, asked=asked, trouble=trouble)
        program.write_text(text, encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
        return asked

    return put


def bench(folder):
    """Return a bench of one round in a folder of its own."""
    (folder / "show").mkdir()
    return ServeBench(folder / "show", lambda _doing: None, rounds=1, seconds=1)


def test_feeds_sound_and_a_crowd_are_asked_for(tmp_path, play):
    """Each in the form that is meant, of both servers in turns, and held to its yardstick."""
    asked, measuring = play(), bench(tmp_path)
    figures = {figure.name: figure for figure in measuring.measure()}
    has_nginx = shutil.which(NGINX) is not None
    courses = ["feed, unchanged", "feed, compressed", "64 kB of sound"]
    crowd = [f"{CROWD:,} connections, errors"]
    crowd += [f"{CROWD:,} connections, peak memory"] if sys.platform == "linux" else []
    beside = [[f"{name}: serve / nginx"] if has_nginx else [] for name in courses]
    assert list(figures) == [
        *(name for course, more in zip(courses, beside, strict=True) for name in (course, *more)),
        *crowd,
    ]
    if sys.platform == "linux":
        assert figures["feed, unchanged"].yardstick == LEAST_UNCHANGED
        assert figures["feed, compressed"].yardstick == LEAST_PACKED
        assert figures[crowd[1]].value > 20
    assert (figures[crowd[0]].value, figures[crowd[0]].is_good) == (0, True)
    assert measuring.left_out == ([] if has_nginx else ["nginx beside it: not installed"])
    turns = 2 if has_nginx else 1
    assert asked.read_text(encoding="utf-8").splitlines() == [
        *["-c100 304 None"] * turns,
        *["-c100 200 gzip"] * turns,
        *["-c100 206 None"] * turns,
        f"-c{CROWD} 200 gzip",
    ]


def test_without_wrk_nothing_is_measured(tmp_path, monkeypatch):
    """It is said, and nothing is built."""
    monkeypatch.setenv("PATH", str(tmp_path))
    measuring = bench(tmp_path)
    assert list(measuring.measure()) == []
    assert measuring.left_out == ["the server: wrk: not installed"]
    assert list((tmp_path / "show").iterdir()) == []


def test_what_wrk_complains_of_is_told(play):
    """Its last line, and what it was to ask."""
    play()
    with pytest.raises(AudiobriefError, match=r"wrk has failed: .*refused") as caught:
        wrk.ask(wrk.Load("http://127.0.0.1:1/", {}, 1, 1))
    assert caught.value.subject == "http://127.0.0.1:1/"


def test_a_rate_with_errors_in_it_is_none(play, audiobrief):
    """How fast a server fails says nothing: the command says that it has, and shows no figure."""
    play("  Non-2xx or 3xx responses: 7")
    done = audiobrief("bench", "--serve", "--rounds", "1")
    assert (done.code, done.stdout) == (1, "")
    assert "7 of 100 requests failed" in done.stderr


def test_one_thing_is_measured_at_a_time(audiobrief):
    """Two flags that both say "instead" are wrong usage."""
    assert audiobrief("bench", "--serve", "--asr").code == 2
