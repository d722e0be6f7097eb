"""Killed at any moment: nothing torn, nothing lost, nothing spoken twice."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.dying import dying_python
from tests.support import ARTICLE, invariant, manifest, run_audiobrief, tool

BUILD = ("build", "--engine", "tone")
#: An engine as a plugin brings it: it speaks like ``tone``, and dies where the test wants it to.
PLUGIN = """
import os, signal
from audiobrief.speak.engines.tone import make_engine as make_tone

class Dying:
    name = "dying"

    def __init__(self):
        self._tone = make_tone({})

    def fingerprint(self):
        return "dying " + self._tone.fingerprint()

    def voices(self):
        return self._tone.voices()

    def open(self):
        return Session(self._tone.open())

class Session:
    spoken = 0

    def __init__(self, inner):
        self._inner = inner

    def __enter__(self):
        return self

    def __exit__(self, *rest):
        self.close()

    def close(self):
        self._inner.close()

    def speak(self, text, voice):
        if Session.spoken == int(os.environ.get("DIE_AFTER", "-1")):
            if os.environ["DIE_BY"] == "KeyError":
                raise KeyError("a plugin's mistake")
            # A shell starts what runs in its background with Ctrl-C ignored, these tests too.
            if os.environ["DIE_BY"] == "SIGINT":
                signal.signal(signal.SIGINT, signal.default_int_handler)
            os.kill(os.getpid(), getattr(signal, os.environ["DIE_BY"]))
        Session.spoken += 1
        return self._inner.speak(text, voice)

def make_engine(settings):
    return Dying()
"""


@pytest.fixture
def plugin(tmp_path_factory):
    """Return the environment in which the engine is installed."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "dying_engine.py").write_text(PLUGIN, encoding="utf-8")
    info = folder / "dying_engine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: dying-engine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[audiobrief.engines]\ndying=dying_engine:make_engine\n")
    return {"PYTHONPATH": str(folder)}


def test_killed_after_each_clip_the_next_run_speaks_only_the_rest(
    workspace, plugin, tmp_path_factory
):
    """For every k of n clips: n - k are spoken by the next run, and the feed was valid throughout.

    The workspace holds an episode already, so that there is a feed to break.
    """
    (workspace / "old.txt").write_text(
        "Bridge opens\n\nThe new bridge over the river opened to traffic on Sunday morning, "
        "two years after work on it had begun, and the mayor cut a ribbon.\n",
        encoding="utf-8",
    )
    command = ("build", "--engine", "dying", "--json")
    assert run_audiobrief(*command, "old.txt", cwd=workspace, env=plugin).code == 0
    planned = run_audiobrief(*command, "--dry-run", cwd=workspace, env=plugin).json["episodes"][0]
    count, shared = planned["synthesized"], planned["cached"]
    assert count >= 5
    start = shutil.copytree(workspace, tmp_path_factory.mktemp("start") / workspace.name)
    for k in range(count):
        shutil.rmtree(workspace)
        shutil.copytree(start, workspace)
        dying = {**plugin, "DIE_AFTER": str(k), "DIE_BY": "SIGKILL"}
        killed = run_audiobrief(*command, cwd=workspace, env=dying)
        assert killed.code == -signal.SIGKILL
        assert invariant(workspace / "episodes") == []
        again = run_audiobrief(*command, cwd=workspace, env=plugin)
        assert again.code == 0, again.stderr
        (episode,) = again.json["episodes"]
        assert (k, episode["synthesized"], episode["cached"]) == (k, count - k, shared + k)
        assert invariant(workspace / "episodes") == []
        assert not list(workspace.rglob("*audiobrief-tmp"))


def test_interrupted_by_the_keyboard_finished_clips_are_kept(workspace, plugin):
    """Ctrl-C leaves with 130, and the next run goes on there."""
    command = ("build", "--engine", "dying", "--json")
    stopping = {**plugin, "DIE_AFTER": "3", "DIE_BY": "SIGINT"}
    stopped = run_audiobrief(*command, cwd=workspace, env=stopping)
    assert stopped.code == 130
    assert "interrupted" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    again = run_audiobrief(*command, cwd=workspace, env=plugin)
    assert again.json["episodes"][0]["cached"] == 3


def test_interrupted_in_the_second_article_the_first_is_published(workspace, plugin):
    """What is finished is in the feed."""
    text = (workspace / "articles" / "ferry.txt").read_text(encoding="utf-8")
    text = text.replace("ferry", "tram").replace("Ferry", "Tram")
    (workspace / "articles" / "tram.txt").write_text(text, encoding="utf-8")
    command = ("build", "--engine", "dying", "--json")
    planned = run_audiobrief(*command, "--dry-run", cwd=workspace, env=plugin).json["episodes"]
    after = planned[0]["synthesized"] + 1
    stopping = {**plugin, "DIE_AFTER": str(after), "DIE_BY": "SIGINT"}
    assert run_audiobrief(*command, cwd=workspace, env=stopping).code == 130
    assert (workspace / "episodes" / "feed.xml").is_file()
    assert invariant(workspace / "episodes") == []


def test_killed_at_every_rename_the_feed_stays_whole(workspace, tmp_path_factory):
    """Of a rebuild: the folder is whole, and the next run mends all."""
    guid = _edited(workspace)
    start = shutil.copytree(workspace, tmp_path_factory.mktemp("start") / workspace.name)
    dying = dying_python(tmp_path_factory.mktemp("dying"), workspace, ["os.rename"])
    survived = False
    for k in range(1, 60):
        shutil.rmtree(workspace)
        shutil.copytree(start, workspace)
        killed = run_audiobrief(*BUILD, cwd=workspace, env={**dying, "DIE_AT": str(k)})
        assert invariant(workspace / "episodes") == []
        if killed.code == 0:
            survived = True
            break
        assert killed.code == -signal.SIGKILL, killed.stderr
        again = run_audiobrief(*BUILD, "--json", cwd=workspace)
        assert again.code == 0, again.stderr
        assert invariant(workspace / "episodes") == []
        assert manifest(workspace)["guid"] == guid
        assert not list(workspace.rglob("*audiobrief-tmp"))
        report = run_audiobrief(*BUILD, "--json", cwd=workspace).json
        assert report["episodes"][0]["outcome"] == "unchanged"
        assert run_audiobrief("check", cwd=workspace).code == 0
    assert survived
    assert k > 5


def test_python_tells_of_every_rename(workspace, tmp_path_factory):
    """So that a kill at each of those is one at each of all: the system sees as many."""
    strace = tool("strace")
    _edited(workspace)
    calls = tmp_path_factory.mktemp("calls") / "renames.txt"
    command = [strace, "-f", "-qq", "-o", calls, "-e", "trace=rename,renameat,renameat2"]
    command += [sys.executable, "-m", "audiobrief", *BUILD]
    start = shutil.copytree(workspace, tmp_path_factory.mktemp("start") / workspace.name)
    assert subprocess.run(command, cwd=workspace, capture_output=True, check=False).returncode == 0
    count = sum(str(workspace) in line for line in calls.read_text().splitlines())
    dying = dying_python(tmp_path_factory.mktemp("dying"), workspace, ["os.rename"])
    for at, code in ((count, -signal.SIGKILL), (count + 1, 0)):
        shutil.rmtree(workspace)
        shutil.copytree(start, workspace)
        assert run_audiobrief(*BUILD, cwd=workspace, env={**dying, "DIE_AT": str(at)}).code == code


def _edited(workspace):
    """Build the article, then change it; return the identity of its episode."""
    assert run_audiobrief(*BUILD, cwd=workspace).code == 0
    path = workspace / "articles" / "ferry.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("six", "seven"), encoding="utf-8")
    # What has just changed is not noted: a slow build would have a rename more than a fast one.
    an_hour_ago = time.time() - 3600
    os.utime(path, (an_hour_ago, an_hour_ago))
    return manifest(workspace)["guid"]


def test_a_second_build_is_refused_while_one_runs(workspace, plugin):
    """Exit code 75 at once, and the first one finishes untouched."""
    command = ("build", "--engine", "dying", "--json")
    stopping = {**plugin, "DIE_AFTER": "2", "DIE_BY": "SIGSTOP"}
    with _start(*command, cwd=workspace, env=stopping) as first:
        _wait_until_stopped(first.pid)
        second = run_audiobrief(*command, cwd=workspace, env=plugin)
        assert second.code == 75
        assert second.stderr.startswith("error: another build holds this workspace\n")
        first.send_signal(signal.SIGCONT)
        out, _ = first.communicate()
        assert first.returncode == 0
    assert json.loads(out)["episodes"][0]["outcome"] == "built"
    assert invariant(workspace / "episodes") == []


def _start(*arguments, cwd, env):
    return subprocess.Popen(
        [sys.executable, "-m", "audiobrief", *arguments],
        cwd=cwd,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _wait_until_stopped(pid):
    """Wait until a child has stopped itself, or ended."""
    os.waitid(os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)


def test_a_defect_costs_one_article(workspace, plugin):
    """Whatever a plugin raises: the other article is built, the feed written, the exit code 1."""
    second = (workspace / "articles" / "ferry.txt").read_text(encoding="utf-8")
    second = second.replace("ferry", "tram").replace("Ferry", "Tram")
    (workspace / "articles" / "tram.txt").write_text(second, encoding="utf-8")
    raising = {**plugin, "DIE_AFTER": "0", "DIE_BY": "KeyError"}
    command = ("build", "--engine", "dying", "--json")
    run = run_audiobrief(*command, "articles/tram.txt", cwd=workspace, env=plugin)
    assert run.code == 0
    run = run_audiobrief(*command, cwd=workspace, env=raising)
    assert run.code == 1
    assert [e["outcome"] for e in run.json["episodes"]] == ["failed", "unchanged"]
    assert run.json["feed"] == "episodes/feed.xml"
    assert "Traceback" not in run.stderr
    assert "a plugin's mistake" in run.stderr


@pytest.mark.parametrize("pool", ["here", "local:1"])
def test_a_defect_of_a_plugin_is_told_as_its_own(workspace, plugin, pool):
    """Its distribution, its entry point and the place in it, by whoever makes the episode."""
    raising = {**plugin, "DIE_AFTER": "0", "DIE_BY": "KeyError"}
    command = ("build", "--engine", "dying", "--pool", pool)
    run = run_audiobrief(*command, cwd=workspace, env=raising)
    assert run.code == 1
    assert "defect in audiobrief" not in run.stderr
    assert 'a defect in the plugin dying-engine 1.0: KeyError: "a plugin\'s mistake"' in run.stderr
    assert "audiobrief.engines: dying = dying_engine:make_engine: Session.speak, line" in run.stderr
    assert "fix: report it to whoever makes dying-engine, or do without it" in run.stderr


def test_what_a_killed_build_was_making_goes_even_if_nothing_is_made_next(tmp_path):
    """Its article may be gone by then; a build that makes nothing empties no work folder."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
    assert run_audiobrief(*BUILD, cwd=tmp_path).code == 0
    half = tmp_path / ".audiobrief" / "work" / "tmp-half" / "sound.mp3"
    for flags in ((), ("articles/ferry.txt",)):
        half.parent.mkdir(parents=True)
        half.write_bytes(b"half")
        assert run_audiobrief(*BUILD, *flags, cwd=tmp_path).code == 0
        assert not half.parent.exists()
