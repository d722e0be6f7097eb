"""``fetch`` and ``brief`` killed at any moment: nothing lost, nothing twice, nothing torn."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from audiobrief.ingest.source import gather, read
from audiobrief.net.world import World
from audiobrief.pipeline.fetch import fetch
from audiobrief.pipeline.recipe import read_article
from audiobrief.workspace.load import load_workspace
from tests.dying import dying_python
from tests.internet.fixture import internet_fixture  # noqa: F401 - `internet`
from tests.pipeline.press import page, piece, rss
from tests.support import invariant, run_audiobrief

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def dying(tmp_path_factory, tmp_path):
    """Return the environment in which Python dies at any change of the workspace."""
    env = dying_python(tmp_path_factory.mktemp("dying"), tmp_path)
    return {**env, "SOURCE_DATE_EPOCH": str(int(NOW.timestamp()))}


@pytest.fixture
def site(internet, tmp_path):
    """Return a site with a feed of three articles, and a workspace that reads it."""
    port = internet.port("http")
    host = f"127.0.0.1:{port}"
    pieces = [piece(topic, 1, sentences=9) for topic in ("harbor", "clinic", "school")]
    body = rss(host, pieces).body.replace("https://", "http://")
    feed = replace(rss(host, pieces), body=body)
    made = internet.site("127.0.0.1", {p.path: page(p) for p in pieces} | {"/feed.xml": feed})
    (tmp_path / "audiobrief.toml").write_text(
        f'[network]\nallow = ["127.0.0.1"]\n[[sources]]\nname = "P"\nurl = "http://{host}/feed.xml"\n'
    )
    return made


def again(folder):
    """Return what the next run makes of it, in this process."""
    workspace = load_workspace(folder)
    (outcome,) = fetch(workspace, now=NOW, world=World(wait=lambda _: None)).sources
    assert outcome.error is None
    return outcome


def headlines(folder):
    """Return what the inbox tells, in order."""
    found = gather([folder / "articles"], root=folder)
    return sorted(read_article(read(candidate), "en").headline for candidate in found)


def emptied(folder):
    """Take away all that a run has made."""
    for name in ("articles", "episodes", ".audiobrief"):
        shutil.rmtree(folder / name, ignore_errors=True)


def test_killed_at_every_file_operation_each_article_comes_once(internet, site, dying, tmp_path):
    """What was kept is not asked for again, and no unfinished file stays."""
    assert again(tmp_path).error is None
    whole = headlines(tmp_path)
    assert len(whole) == 3
    survived = False
    for k in range(1, 60):
        emptied(tmp_path)
        killed = run_audiobrief("fetch", cwd=tmp_path, env={**dying, "DIE_AT": str(k)})
        if killed.code == 0:
            survived = True
            break
        assert killed.code == -signal.SIGKILL, killed.stderr
        kept = {p.name for p in tmp_path.glob("articles/*.html")}
        internet.requests.clear()
        again(tmp_path)
        assert headlines(tmp_path) == whole
        asked = [path for path in internet.asked() if path != "/feed.xml"]
        assert len(asked) == 3 - len(kept)
        assert not list(tmp_path.rglob("*audiobrief-tmp"))
        internet.requests.clear()
        again(tmp_path)
        assert internet.asked() == ["/feed.xml"]
    assert survived
    assert k > 8


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_killed_at_a_request_each_article_comes_once(internet, site, dying, tmp_path, number):
    """Feed, robots.txt, and each page in turn; the rest comes with the next run."""
    running = []

    def deadly(path, answer):
        def make(asked):
            if running and len(internet.requests) == number:
                running[0].kill()
            return answer

        return make

    pages = dict(site.pages)
    site.pages |= {path: deadly(path, answer) for path, answer in pages.items()}
    site.pages["/robots.txt"] = deadly("/robots.txt", replace(pages["/feed.xml"], status=404))
    command = [sys.executable, "-m", "audiobrief", "fetch"]
    with subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, **dying}, stderr=subprocess.DEVNULL
    ) as process:
        running.append(process)
        assert process.wait() == -signal.SIGKILL
    running.clear()
    site.pages |= pages
    kept = len(list(tmp_path.glob("articles/*.html")))
    assert kept == max(0, number - 3)
    internet.requests.clear()
    outcome = again(tmp_path)
    assert (len(outcome.new), outcome.known) == (3 - kept, kept)
    assert len(set(headlines(tmp_path))) == len(headlines(tmp_path)) == 3


def test_a_brief_killed_at_file_operations_speaks_nothing_twice(site, dying, tmp_path):
    """The feed is whole throughout, and the next run makes what is missing."""
    command = ("brief", "--engine", "tone", "--minutes", "0.5", "--json")
    again(tmp_path)
    start = shutil.copytree(tmp_path / "articles", tmp_path / "start")
    clean = run_audiobrief(*command, cwd=tmp_path, env={**dying, "DIE_AT": "1000000"})
    assert clean.code == 0, clean.stderr
    (made,) = clean.json["episodes"]
    total = clips_of(tmp_path)
    assert made["synthesized"] == total > 5
    k, killed = 1, None
    while killed is None or killed.code != 0:
        emptied(tmp_path)
        shutil.copytree(start, tmp_path / "articles")
        killed = run_audiobrief(*command, cwd=tmp_path, env={**dying, "DIE_AT": str(k)})
        assert killed.code in {0, -signal.SIGKILL}, killed.stderr
        assert invariant(tmp_path / "episodes") == []
        kept = clips_of(tmp_path)
        finished = run_audiobrief(*command, cwd=tmp_path, env=dying)
        assert finished.code == 0, finished.stderr
        (episode,) = finished.json["episodes"]
        assert episode["guid"] == made["guid"]
        assert (episode["synthesized"], clips_of(tmp_path)) == (total - kept, total)
        assert invariant(tmp_path / "episodes") == []
        assert not list(tmp_path.rglob("*audiobrief-tmp"))
        # Clips are written alike; from one to the next but a few steps are looked at.
        k += 9
    assert k > 20


def clips_of(folder):
    """Return how many whole clips the cache has."""
    clips = (folder / ".audiobrief" / "clips").rglob("*")
    return sum(p.is_file() and not p.name.startswith(".") for p in clips)
