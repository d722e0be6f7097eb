"""Large shows are made and measured by real commands; how fast they are is the machine's to say."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from audiobrief.bench import catalogued
from audiobrief.bench.catalogued import DEEDS, CatalogueBench, yardstick
from audiobrief.bench.large_show import ENGINE, add_article, make_large_show
from audiobrief.bench.tree import Taken
from audiobrief.errors import AudiobriefError

PROGRAM = Path(catalogued.programs.__file__).with_name("imports.py")

#: Runs the program that it is given, and prints what of ours is there then.
LOADED = """
import json, runpy, sys
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
print(json.dumps(sorted(name for name in sys.modules if name.startswith("audiobrief"))))
"""


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    """Return a show of 3 episodes and 30 articles."""
    root = tmp_path_factory.mktemp("large") / "show"
    make_large_show(root, episodes=3, articles=30, tell=lambda _line: None)
    return root


def files_of(root):
    """Return the state of every file that is served."""
    paths = [p for p in (root / "episodes").rglob("*") if p.is_file()]
    return {p: (p.stat().st_mtime_ns, p.stat().st_size) for p in paths}


def test_a_large_show_is_as_a_build_left_it(show, audiobrief):
    """Every episode has its sound and is in the feed; the next build changes nothing."""
    before = files_of(show)
    done = audiobrief("build", "--engine", ENGINE, "--json", "-C", str(show))
    assert done.code == 0, done.stderr
    told = json.loads(done.stdout)["episodes"]
    assert [row["outcome"] for row in told] == ["unchanged"] * 3
    assert files_of(show) == before
    assert (show / "episodes" / "feed.xml").read_text("utf-8").count("<item>") == 3
    assert len({p.stat().st_ino for p in show.glob("episodes/*/*.mp3")}) == 1


def test_a_new_article_of_a_large_show_becomes_an_episode(tmp_path, audiobrief):
    """One that the show wants does, and another one does not."""
    make_large_show(tmp_path / "show", episodes=2, articles=5, tell=lambda _line: None)
    add_article(tmp_path / "show", 5)
    add_article(tmp_path / "show", 6, is_wanted=False)
    done = audiobrief("build", "--engine", ENGINE, "--json", "-C", str(tmp_path / "show"))
    assert done.code == 0, done.stderr
    told = json.loads(done.stdout)["episodes"]
    assert [row["outcome"] for row in told] == ["unchanged", "unchanged", "built"]


def test_episodes_are_copies_where_links_are_refused(tmp_path, monkeypatch):
    """Some file systems have none, others no more than so many of one file."""

    def refuse(_path, _target):
        raise OSError(31, "Too many links")

    monkeypatch.setattr("os.link", refuse)
    make_large_show(tmp_path / "show", episodes=3, articles=3, tell=lambda _line: None)
    sounds = list(tmp_path.glob("show/episodes/*/*.mp3"))
    assert len({p.stat().st_ino for p in sounds}) == 3
    assert len({p.read_bytes() for p in sounds}) == 1


def test_every_command_is_measured_and_held_to_its_bar(tmp_path, monkeypatch):
    """Above its imports, by wall and CPU time; then what was taken off."""
    monkeypatch.setattr(catalogued, "_LEAST_ROUNDS", 1)
    told = []
    figures = list(CatalogueBench(tmp_path, told.append, 1).measure([20]))
    ways = ["", ", CPU"] if sys.platform != "win32" else [""]
    assert [figure.name for figure in figures] == [
        *(f"20 articles: {deed.name}{way}" for deed in DEEDS for way in ways),
        *(f"{deed.name}: imports, taken off" for deed in DEEDS),
    ]
    barred = {figure.name: figure.bound for figure in figures if figure.yardstick is not None}
    assert barred == {
        "20 articles: build, nothing new": "at most 0.3",
        "20 articles: build ARTICLE, a new one": "at most 1",
    }
    assert all(figure.value > 0 for figure in figures if figure.name.endswith("taken off"))
    assert not (tmp_path / "articles-20").exists()
    assert "20 articles, round 1 of 1: search" in told


def test_the_shortest_runs_are_compared(monkeypatch, tmp_path):
    """What else the machine does meets some rounds, and only adds."""
    monkeypatch.setattr(catalogued._Size, "_count", lambda _self: 2)
    size = catalogued._Size(tmp_path, tmp_path, 10_000, lambda _doing: None)
    for deed in DEEDS:
        size._whole[deed.name] = [Taken(w, c, 1.0, 1.0) for w, c in ((9.0, 2.5), (3.0, 2.0))]
        size._alone[deed.name] = [Taken(w, c, 1.0, 1.0) for w, c in ((2.0, 0.5), (5.0, 0.75))]
    first, cpu, *_ = size.figures()
    assert (first.value, cpu.value) == (1.0, 1.5)
    assert (first.bound, first.is_good) == ("at most 0.6", False)


@pytest.mark.parametrize(
    ("articles", "most"), [(1, 0.3), (1_001, 0.6), (100_000, 4.0), (100_001, None)]
)
def test_a_size_has_the_bar_of_the_next_larger_one(articles, most):
    """There is none for more than 100,000."""
    assert yardstick(catalogued.MOST_UNCHANGED_S, articles) == most


def test_what_does_not_do_its_work_is_no_figure(tmp_path, monkeypatch):
    """A build that makes nothing of a new article would be the fastest."""
    monkeypatch.setattr(catalogued, "_BUILD", ("status", "-q"))
    monkeypatch.setattr(catalogued, "DEEDS", (catalogued._Deed("lazy", ("status",), 1),))
    with pytest.raises(AudiobriefError, match="2 episodes instead of 3"):
        list(CatalogueBench(tmp_path, lambda _doing: None, 1).measure([20]))


def test_what_a_command_imports_is_imported_without_it(show, tmp_path):
    """The same modules, and nothing is done."""
    note = tmp_path / "note.txt"
    noting = [sys.executable, str(PROGRAM), "note", str(note), "status", "--json"]
    done = subprocess.run(noting, cwd=show, check=True, capture_output=True)
    assert len(json.loads(done.stdout)["episodes"]) == 3
    names = note.read_text("utf-8").split()
    assert {"click", "audiobrief.cli.commands.status", "audiobrief.store.index"} <= set(names)
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED, str(PROGRAM), "load", str(note)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert json.loads(loaded.stdout) == sorted(n for n in names if n.startswith("audiobrief"))
