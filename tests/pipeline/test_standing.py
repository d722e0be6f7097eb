"""A build of an inbox that has not changed reads nothing; whatever changes is noticed."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiobrief.cli.inputs import gather_inputs
from audiobrief.model.report import Result
from audiobrief.pipeline.build_inbox import build_inbox
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.private import add as add_listener
from audiobrief.pipeline.private import revoke
from audiobrief.store.listeners import (
    LISTENERS_NAME,
    read_listeners,
    revoke_listener,
    write_listeners,
)
from audiobrief.store.stamps import Stamps
from audiobrief.workspace.load import SHIPPED_VOICES, load_workspace
from tests.pipeline.press import NOW
from tests.support import ARTICLE, OTHER, snapshot

TONE = BuildOptions(engine="tone")


class Gathering:
    """Gathers the inbox; knows how often it was asked, and which articles were read."""

    def __init__(self, workspace):
        self._gather = partial(gather_inputs, (), workspace)
        self.count = 0
        self.read = []

    def __call__(self):
        """Return the articles."""
        self.count += 1
        return [replace(item, read=partial(self._read, item)) for item in self._gather()]

    def _read(self, item):
        self.read.append(item.locator)
        return item.read()


def age(folder):
    """Let all files of a folder be an hour old: what has just changed is never trusted."""
    then = time.time() - 3600
    for path in folder.rglob("*"):
        os.utime(path, (then, then))


def build(folder, options=TONE):
    """Return what a build says, and whether it read the inbox."""
    workspace = load_workspace(folder)
    gathering = Gathering(workspace)
    report = build_inbox(workspace, gathering, now=NOW, options=options)
    return report, gathering.count > 0


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return a workspace as a build left it."""
    folder = tmp_path_factory.mktemp("standing")
    (folder / "articles").mkdir()
    (folder / "voices" / "lexicon").mkdir(parents=True)
    (folder / "audiobrief.toml").write_text('[show]\ntitle = "Post"\n', encoding="utf-8")
    (folder / "articles" / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "articles" / "library.txt").write_text(OTHER, encoding="utf-8")
    age(folder)
    report, is_read = build(folder)
    assert is_read
    assert {o.result for o in report.outcomes} == {Result.BUILT}
    return folder


@pytest.fixture
def workspace(finished, tmp_path):
    """Return a copy of it that has been built again."""
    folder = shutil.copytree(finished, tmp_path / "copy")
    build(folder)
    return folder


def test_nothing_changed_and_nothing_is_read(workspace):
    """The report is that of a build, and no file is touched."""
    before = snapshot(workspace)
    report, is_read = build(workspace)
    assert not is_read
    assert [(o.locator, o.result) for o in report.outcomes] == [
        ("articles/ferry.txt", Result.UNCHANGED),
        ("articles/library.txt", Result.UNCHANGED),
    ]
    assert all(o.guid and o.directory for o in report.outcomes)
    assert report.feed == "episodes/feed.xml"
    assert snapshot(workspace) == before


def episode_file(folder, pattern):
    """Return a file of the first episode."""
    return next(iter(sorted(folder.glob(f"episodes/*/{pattern}"))))


EDITED = OTHER.replace("library", "zoo")
LEXICON = '[words]\n"Ruiz" = "roo-EES"\n'
NOTE = ".audiobrief/standing.json"
CHANGES = {
    "an article edited": lambda f: (f / "articles/ferry.txt").write_text(EDITED),
    "an article touched": lambda f: (f / "articles/ferry.txt").touch(),
    "an article new": lambda f: (f / "articles/new.txt").write_text(EDITED),
    "an article gone": lambda f: (f / "articles/ferry.txt").unlink(),
    "an article renamed": lambda f: (f / "articles/ferry.txt").rename(f / "articles/boat.txt"),
    "a setting": lambda f: (f / "audiobrief.toml").write_text('[show]\ntitle = "Other"\n'),
    "no settings": lambda f: (f / "audiobrief.toml").unlink(),
    "a voice": lambda f: shutil.copy(SHIPPED_VOICES / "anchor.toml", f / "voices/anchor.toml"),
    "a lexicon": lambda f: (f / "voices/lexicon/words.toml").write_text(LEXICON),
    "the casting": lambda f: (f / "voices/cast.toml").write_text('[speakers]\n"A" = "guest-2"\n'),
    "the sound gone": lambda f: episode_file(f, "*.mp3").unlink(),
    "the sound cut": lambda f: os.truncate(episode_file(f, "*.mp3"), 100),
    "a manifest edited": lambda f: episode_file(f, "episode.json").write_text("{}"),
    "a script edited": lambda f: episode_file(f, "script.md").write_text("x"),
    "a transcript in place": lambda f: episode_file(f, "transcript.vtt").write_text("WEBVTT\n"),
    "a folder gone": lambda f: shutil.rmtree(episode_file(f, "episode.json").parent),
    "the feed gone": lambda f: (f / "episodes/feed.xml").unlink(),
    "the feed edited": lambda f: (f / "episodes/feed.xml").write_text("<rss/>"),
    "the note damaged": lambda f: (f / NOTE).write_text('{"inputs": 1'),
    "the cache gone": lambda f: shutil.rmtree(f / ".audiobrief"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_whatever_changes_is_noticed(workspace, change):
    """The inbox is read then."""
    assert not build(workspace)[1]
    change(workspace)
    assert build(workspace)[1]


@pytest.mark.parametrize(
    "options",
    [
        replace(TONE, force=True),
        replace(TONE, dry_run=True),
        replace(TONE, keep_script=True),
        replace(TONE, voice="guest-1"),
        BuildOptions(),
    ],
)
def test_other_flags_are_another_build(workspace, options):
    """What one found says nothing of the other."""
    assert not build(workspace)[1]
    assert build(workspace, options)[1]


def read_in_build(folder, options=TONE):
    """Return which articles a build reads, and what it says."""
    workspace = load_workspace(folder)
    gathering = Gathering(workspace)
    report = build_inbox(workspace, gathering, now=NOW, options=options)
    return gathering.read, {o.locator: o.result for o in report.outcomes}


def test_one_changed_article_is_read_alone(workspace):
    """The others are told to be unchanged, and stay in the feed."""
    (workspace / "articles" / "ferry.txt").write_text(ARTICLE.replace("six", "seven"), "utf-8")
    read, results = read_in_build(workspace)
    assert read == ["articles/ferry.txt"]
    assert results == {
        "articles/ferry.txt": Result.BUILT,
        "articles/library.txt": Result.UNCHANGED,
    }
    assert (workspace / "episodes" / "feed.xml").read_bytes().count(b"<item>") == 2


def test_an_episode_whose_files_changed_is_looked_at_alone(workspace):
    """And mended."""
    path = next(iter(workspace.glob("episodes/*council*/transcript.vtt")))
    whole = path.read_bytes()
    path.write_text("WEBVTT\n", encoding="utf-8")
    read, _ = read_in_build(workspace)
    assert read == ["articles/library.txt"]
    assert path.read_bytes() == whole


def test_a_voice_that_changed_has_every_article_read(workspace):
    """It may be heard in any."""
    shutil.copy(SHIPPED_VOICES / "guest-1.toml", workspace / "voices" / "guest-1.toml")
    assert len(read_in_build(workspace)[0]) == 2


def test_a_failure_has_only_itself_read_again(workspace):
    """However often it fails."""
    (workspace / "articles" / "broken.txt").write_bytes(b"\0\1\2")
    age(workspace / "articles")
    read_in_build(workspace)
    read, results = read_in_build(workspace)
    assert read == ["articles/broken.txt"]
    assert results["articles/broken.txt"] is Result.FAILED


def test_a_second_article_of_the_same_text_is_still_told(workspace):
    """By every build, as before."""
    shutil.copy(workspace / "articles" / "ferry.txt", workspace / "articles" / "second.txt")
    age(workspace / "articles")
    for _ in range(3):
        workspace_now = load_workspace(workspace)
        report = build_inbox(workspace_now, Gathering(workspace_now), now=NOW, options=TONE)
        notes = [note for outcome in report.outcomes for note in outcome.notes]
        assert any("the same text as" in note for note in notes)


@given(st.integers(0, 10_000))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_flipped_bit_in_the_note_is_noticed(workspace, place):
    """The build is done then."""
    note = workspace / NOTE
    content = bytearray(note.read_bytes())
    content[place % len(content)] ^= 1
    note.write_bytes(content)
    assert build(workspace)[1]


def test_what_has_just_changed_is_not_trusted(workspace):
    """It may be changed again within the clock of the file system."""
    (workspace / "articles" / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
    build(workspace)
    assert build(workspace)[1]


def test_a_failure_is_never_remembered(workspace):
    """It is told by each build."""
    (workspace / "articles" / "broken.txt").write_bytes(b"\0\1\2")
    age(workspace / "articles")
    build(workspace)
    report, is_read = build(workspace)
    assert is_read
    assert Result.FAILED in {o.result for o in report.outcomes}


@pytest.mark.parametrize("name", ["sport", "first", "standing"])
def test_a_show_of_its_own_has_a_note_of_its_own(workspace, name):
    """And the first show's folder does not change with it."""
    text = f'[show]\ntitle = "Post"\n[shows.{name}]\ntitle = "Sport"\n'
    (workspace / "audiobrief.toml").write_text(text, encoding="utf-8")
    age(workspace / "articles")
    first = load_workspace(workspace)
    sport = first.of_show(name)
    for _ in range(2):
        for show in (sport, first):
            gathering = Gathering(show)
            build_inbox(show, gathering, now=NOW, options=TONE)
    for show in (sport, first):
        gathering = Gathering(show)
        build_inbox(show, gathering, now=NOW, options=TONE)
        assert gathering.count == 0


def test_a_lexicon_behind_a_link_is_noticed(workspace, tmp_path):
    """Several workspaces may share one; that it is edited in place changes no folder."""
    shared = tmp_path / "shared"
    shared.mkdir()
    words = shared / "words.toml"
    words.write_text(LEXICON, encoding="utf-8")
    age(tmp_path)
    (workspace / "voices" / "lexicon").rmdir()
    (workspace / "voices" / "lexicon").symlink_to(shared, target_is_directory=True)
    build(workspace)
    assert not build(workspace)[1]
    words.write_text(LEXICON.replace("roo", "rou"), encoding="utf-8")
    assert build(workspace)[1]


def test_a_listener_whose_revoking_was_cut_off_has_no_folder_after_a_build(workspace):
    """The list was written, and the folder not removed: nothing else of the show has changed."""
    text = '[show]\ntitle = "Post"\n[publish]\nprivate = true\n'
    (workspace / "audiobrief.toml").write_text(text, encoding="utf-8")
    build(workspace)
    view = load_workspace(workspace)
    folder = workspace / "episodes" / "l" / add_listener(view, "Ana", NOW, is_static=True).token
    build(workspace)
    assert not build(workspace)[1]
    path = workspace / LISTENERS_NAME
    listeners, _ = revoke_listener(read_listeners(path), "", "Ana", NOW)
    write_listeners(path, listeners)
    assert (folder / "feed.xml").is_file()
    build(workspace)
    assert not folder.exists()


def test_a_revoked_listener_whose_folder_came_back_has_none_after_a_build(workspace, tmp_path):
    """As out of a backup; only the name of the folder tells of it."""
    text = '[show]\ntitle = "Post"\n[publish]\nprivate = true\n'
    (workspace / "audiobrief.toml").write_text(text, encoding="utf-8")
    build(workspace)
    view = load_workspace(workspace)
    folder = workspace / "episodes" / "l" / add_listener(view, "Ana", NOW, is_static=True).token
    add_listener(view, "Ben", NOW, is_static=True)
    kept = shutil.copytree(folder, tmp_path / "backup")
    revoke(view, "Ana", NOW)
    build(workspace)
    assert not build(workspace)[1]
    shutil.copytree(kept, folder)
    build(workspace)
    assert not folder.exists()


NAMES = st.text("abc", min_size=1, max_size=3)
TREES = st.dictionaries(st.tuples(NAMES, NAMES), st.binary(max_size=3), max_size=6)


@given(TREES, TREES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_trees_are_alike_only_if_their_files_are(tmp_path, first, second):
    """By name, place and size: those of the same stamp are the same files."""
    digests = []
    for tree in (first, second):
        root = tmp_path / "tree"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        for (folder, name), content in tree.items():
            (root / folder).mkdir(exist_ok=True)
            (root / folder / name).write_bytes(content)
        stamps = Stamps()
        stamps.add_tree(root)
        digests.append(stamps.digest())
    shapes = [{key: len(content) for key, content in tree.items()} for tree in (first, second)]
    if shapes[0] != shapes[1]:
        assert digests[0] != digests[1]


@pytest.mark.parametrize("fault", ["", "is killed", "breaks off"])
def test_two_processes_tell_what_one_does(tmp_path, fault):
    """Also when the second one does not come to its end."""
    for number in range(30):
        (tmp_path / f"{number:03}").mkdir()
        (tmp_path / f"{number:03}" / "a").write_bytes(b"x" * number)
    ways = {
        "": "",
        "is killed": "stamps._tell = lambda *_: os.kill(os.getpid(), 9)",
        "breaks off": "stamps._tell = lambda _, w: (os.write(w, b'x' * 50), os._exit(0))",
    }
    script = (
        "import os, sys; from pathlib import Path; from audiobrief.store import stamps\n"
        "def told(least):\n"
        "    stamps._WORTH_TWO = least\n"
        "    one = stamps.Stamps(); one.add_tree(Path(sys.argv[1]), deep=False)\n"
        f"    return one.digest(), one.latest_ns\n{ways[fault]}\n"
        "assert told(2) == told(1000)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_many_folders_have_the_same_state_each_time(tmp_path):
    """And another one when one file of them has changed."""
    for number in range(200):
        folder = tmp_path / f"{number:03}"
        folder.mkdir()
        (folder / "a").write_bytes(b"x" * number)
    digests = set()
    for _ in range(3):
        stamps = Stamps()
        stamps.add_tree(tmp_path, deep=False)
        digests.add(stamps.digest())
    assert len(digests) == 1
    (tmp_path / "150" / "a").write_bytes(b"y")
    stamps = Stamps()
    stamps.add_tree(tmp_path, deep=False)
    assert stamps.digest() not in digests
