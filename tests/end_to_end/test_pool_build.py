"""Builds by workers: the same bytes, and whatever dies costs itself alone."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import ARTICLE, invariant, run_audiobrief

COMMAND = ("build", "--engine", "deadly", "--pool", "local:2", "--json")
#: An engine that speaks like ``tone``, and does as its text says.
PLUGIN = """
import os, time
from pathlib import Path
from audiobrief.speak.engines.tone import make_engine as make_tone

class Deadly:
    name = "deadly"

    def __init__(self):
        self._tone = make_tone({})

    def fingerprint(self):
        return "deadly " + self._tone.fingerprint()

    def voices(self):
        return self._tone.voices()

    def open(self):
        return Session(self._tone.open())

class Session:
    def __init__(self, inner):
        self._inner = inner

    def __enter__(self):
        return self

    def __exit__(self, *rest):
        self.close()

    def close(self):
        self._inner.close()

    def speak(self, text, voice):
        if "poison" in text:
            os.kill(os.getpid(), 11)
        if "asleep" in text:
            time.sleep(600)
        if "slowly" in text:
            time.sleep(0.3)
        log = os.environ.get("SPOKEN")
        if log:
            Path(log, f"{os.getpid()}-{os.urandom(4).hex()}").write_text(text)
        return self._inner.speak(text, voice)

def make_engine(settings):
    return Deadly()
"""
CRAFTS = (
    *("tram", "boat", "train", "plane", "coach", "lorry", "bike"),
    *("truck", "canoe", "raft", "kayak", "sled", "barge", "glider"),
)


@pytest.fixture
def deadly(tmp_path_factory):
    """Return the environment in which the engine is installed, and tells what it has spoken."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "deadly_engine.py").write_text(PLUGIN, encoding="utf-8")
    info = folder / "deadly_engine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly-engine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[audiobrief.engines]\ndeadly=deadly_engine:make_engine\n"
    )
    spoken = folder / "spoken"
    spoken.mkdir()
    return {"PYTHONPATH": str(folder), "SPOKEN": str(spoken)}


def _fill(folder, count, **special):
    """Write articles: dated, so that nothing of the build depends on the clock."""
    (folder / "articles").mkdir(parents=True)
    (folder / "audiobrief.toml").write_text('[show]\ntitle = "Harbor"\n', encoding="utf-8")
    for number, craft in enumerate(CRAFTS[:count]):
        text = ARTICLE.replace("ferry", craft).replace("Ferry", craft.title())
        text = text.replace("before.", f"before {special.get(f'n{number}', '')}".strip() + ".")
        head = f"---\ndate: 2025-01-{number + 1:02}\n---\n"
        path = folder / "articles" / f"{number:02}-{craft}.txt"
        path.write_text(head + text, encoding="utf-8")
    return folder


def _files(folder):
    """Return what listeners get: name and content of every file but the manifests."""
    episodes = folder / "episodes"
    return {
        path.relative_to(episodes).as_posix(): path.read_bytes()
        for path in sorted(episodes.rglob("*"))
        if path.is_file() and path.name != "episode.json"
    }


def _spoken(env):
    return len(list(Path(env["SPOKEN"]).iterdir()))


def _left(folder):
    """Return what a build has left that is none of the caches."""
    cache = folder / ".audiobrief"
    names = {"store", "jobs", "work", "drawn"}
    return [p for p in cache.rglob("*") if names & set(p.relative_to(cache).parts) and p.is_file()]


def test_workers_make_the_same_bytes_as_this_process(tmp_path):
    """Sound, pages, covers of the first page, feed; and one article twice is one episode."""
    made, count = {}, 11
    for pool in ("here", "local:2"):
        # The folder's name is the show's.
        folder = _fill(tmp_path / pool.partition(":")[0] / "show", count)
        settings = folder / "audiobrief.toml"
        settings.write_text(settings.read_text() + f"[publish]\nfeed_items = {count - 1}\n")
        copy = (folder / "articles" / "02-train.txt").read_bytes()
        (folder / "articles" / "zz-copy.txt").write_bytes(copy)
        run = run_audiobrief("build", "--engine", "tone", "--pool", pool, "--json", cwd=folder)
        assert run.code == 0, run.stderr
        rows = run.json["episodes"]
        assert [row["outcome"] for row in rows] == ["built"] * count + ["unchanged"]
        assert rows[count]["notes"] == [
            "the same text as articles/02-train.txt: one episode for both"
        ]
        assert [row["locator"] for row in rows] == sorted(row["locator"] for row in rows)
        assert not _left(folder)
        made[pool] = _files(folder)
    assert made["here"].keys() == made["local:2"].keys()
    covers = [name for name in made["here"] if "/cover-" in name]
    assert len(covers) == count - 1
    assert [n for n, content in made["here"].items() if made["local:2"][n] != content] == []


def test_a_poison_article_costs_itself_alone(tmp_path, deadly):
    """It is named with what it has died of; all others are built, and spoken once."""
    folder = _fill(tmp_path, 5, n2="as poison")
    run = run_audiobrief(*COMMAND, cwd=folder, env=deadly)
    assert run.code == 1
    rows = run.json["episodes"]
    assert [n for n, row in enumerate(rows) if row["outcome"] == "failed"] == [2]
    assert rows[2]["error"]["problem"].startswith("it has ended 4 workers: signal SIGSEGV")
    assert rows[2]["error"]["subject"] == "articles/02-train.txt"
    assert len(list((folder / "episodes").glob("*/episode.json"))) == 4
    assert invariant(folder / "episodes") == []
    # What the others needed was spoken once.
    texts = [p.read_text() for p in Path(deadly["SPOKEN"]).iterdir()]
    assert len([text for text in texts if "tram" in text]) == len(
        {text for text in texts if "tram" in text}
    )
    again = run_audiobrief(
        "build", "--engine", "deadly", "--json", "articles/00-tram.txt", cwd=folder, env=deadly
    )
    assert again.json["episodes"][0]["outcome"] == "unchanged"


def _start(folder, env, *more):
    command = [sys.executable, "-m", "audiobrief", *COMMAND, *more]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _until(found, process, limit_s=240):
    end = time.monotonic() + limit_s
    while not found():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)


def _workers(pid):
    """Return the children of a process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


def _manifests(folder):
    return list((folder / "episodes").glob("*/episode.json"))


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_a_killed_driver_leaves_nothing_that_the_next_run_makes_again(tmp_path, deadly):
    """Its workers go with it; episodes that were finished cost no synthesis."""
    folder = _fill(tmp_path, 6, **{f"n{n}": f"so slowly {n}" for n in range(6)})
    process = _start(folder, deadly)
    _until(lambda: len(_manifests(folder)) >= 2, process)
    workers = _workers(process.pid)
    process.kill()
    process.communicate()
    end = time.monotonic() + 120
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert invariant(folder / "episodes") == []
    finished = {path.parent.name for path in _manifests(folder)}
    store = folder / ".audiobrief" / "store" / "manifests"
    crafts = [craft for craft in CRAFTS if any(f"-{craft}-" in name for name in finished)]
    left = [path.read_bytes() for path in store.rglob("?" * 64)] if store.exists() else []
    # The kill may have come between an episode's own manifest and the removal of this one.
    made = [each for each in left if not any(f'"{craft}-'.encode() in each for craft in crafts)]
    before = _spoken(deadly)
    run = run_audiobrief(*COMMAND, cwd=folder, env=deadly)
    assert run.code == 0, run.stderr
    rows = run.json["episodes"]
    assert [row["outcome"] for row in rows].count("built") == 6 - len(finished)
    quiet = [r for r in rows if r["outcome"] == "built" and r["synthesized"] == 0]
    assert len(quiet) >= len(made)
    # Of a finished episode nothing is spoken again.
    texts = [p.read_text() for p in Path(deadly["SPOKEN"]).iterdir()]
    assert before < len(texts)
    own = [text for text in texts if any(craft in text for craft in crafts)]
    assert own
    assert len(own) == len(set(own))
    assert len(made) < len(left) or not _left(folder)
    assert invariant(folder / "episodes") == []


@pytest.mark.parametrize(("age_s", "is_kept"), [(60, True), (8 * 86_400, False)])
def test_what_nobody_has_asked_for_in_a_week_goes(tmp_path, age_s, is_kept):
    """A killed build may have left it made, and its episode in the show."""
    folder = _fill(tmp_path, 2)
    blob = folder / ".audiobrief" / "store" / "manifests" / "ab" / ("ab" * 32)
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"made")
    then = time.time() - age_s
    os.utime(blob, (then, then))
    command = ("build", "--engine", "tone", "--pool", "local:2")
    assert run_audiobrief(*command, cwd=folder).code == 0
    assert bool(_left(folder)) is is_kept


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_workers_killed_in_the_midst_cost_nothing(tmp_path, deadly):
    """All episodes are made, byte by byte those of a build that nobody has disturbed."""
    texts = {f"n{n}": f"so slowly {n}" for n in range(6)}
    calm = _fill(tmp_path / "calm" / "show", 6, **texts)
    assert (
        run_audiobrief("build", "--engine", "deadly", "--pool", "here", cwd=calm, env=deadly).code
        == 0
    )
    folder = _fill(tmp_path / "wild" / "show", 6, **texts)
    process = _start(folder, deadly)
    for count in range(3):
        _until(
            lambda count=count: len(_manifests(folder)) >= count and _workers(process.pid), process
        )
        os.kill(_workers(process.pid)[0], signal.SIGKILL)
    out, _ = process.communicate(timeout=240)
    assert process.returncode == 0
    assert [row["outcome"] for row in json.loads(out)["episodes"]] == ["built"] * 6
    assert _files(folder) == _files(calm)
    assert not _left(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")
def test_interrupted_what_is_finished_is_published(tmp_path, deadly):
    """Exit code 130; what hangs is ended, and nothing runs on."""
    folder = _fill(tmp_path, 5, n3="while asleep", n4="long asleep")
    process = _start(folder, deadly)
    _until(lambda: len(_manifests(folder)) >= 3, process)
    workers = _workers(process.pid)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    assert process.returncode == 130
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    assert (folder / "episodes" / "feed.xml").is_file()
    assert (folder / "episodes" / "feed.xml").read_text().count("<item>") == 3
    assert invariant(folder / "episodes") == []


def test_many_articles_are_made_by_workers_unless_asked_otherwise(tmp_path):
    """A dozen is worth it; what they are is the same."""
    made = []
    for number, more in enumerate(([], ["--jobs", "1"])):
        folder = _fill(tmp_path / str(number) / "show", 13)
        run = run_audiobrief("build", "--engine", "tone", "--json", *more, cwd=folder)
        assert run.code == 0, run.stderr
        assert [row["outcome"] for row in run.json["episodes"]] == ["built"] * 13
        made.append(_files(folder))
    assert made[0] == made[1]


def test_what_is_no_pool_is_refused(tmp_path):
    """With what there is, and before anything is done; also where nothing is to be made."""
    folder = _fill(tmp_path, 1)
    wrong = (
        ("locale", 'there is no pool "locale"'),
        ("local:x", "no pool is meant by"),
        ("dask://", "no address of a scheduler"),
        ("dask://far.example", "needs TLS"),
    )
    for flags in ((), ("--dry-run",)):
        for pool, words in wrong:
            run = run_audiobrief("build", "--pool", pool, *flags, cwd=folder)
            assert run.code == 2
            assert words in run.stderr
            assert "Traceback" not in run.stderr
    assert not _manifests(folder)
    assert run_audiobrief("build", "--engine", "tone", cwd=folder).code == 0
    for pool, _ in wrong:
        assert run_audiobrief("build", "--engine", "tone", "--pool", pool, cwd=folder).code == 2
