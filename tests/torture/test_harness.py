"""The torture finds what is wrong: a harness that cannot fail proves nothing."""

import json
import random
from functools import partial

import pytest

from tests.torture.disk import Disk
from tests.torture.invariant import deep_violations, leftovers, released_guids, violations
from tests.torture.order import lint
from tests.torture.syscalls import Point, strike_one
from tests.torture.trace import Call

FOLDER = "/pod/episodes"


@pytest.fixture
def house(staged, tmp_path):
    """Return a copy of a house in which all is well."""
    copy = staged("edit").undisturbed.copy(tmp_path)
    assert deep_violations(copy.episodes, copy.cache) == []
    return copy


def _first(house, pattern):
    return min(house.root.glob(pattern))


def _tear(path):
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("episodes/*/*.mp3", "bytes, the feed says"),
        ("episodes/feed.xml", "the feed does not parse"),
        ("episodes/*/episode.json", "episode.json is torn"),
    ],
)
def test_a_torn_file_is_found_at_once(house, pattern, told):
    """What is served is held to its bytes."""
    _tear(_first(house, pattern))
    assert any(told in line for line in violations(house.episodes))


@pytest.mark.parametrize(
    "pattern",
    ["episodes/*/transcript.vtt", ".audiobrief/clips/*/*.wav", ".audiobrief/encoded/*/*.mp3part"],
)
def test_a_torn_file_is_found_after_the_recovery(house, pattern):
    """What lies beside the sound, and what is kept to make it, is held to its digest."""
    _tear(_first(house, pattern))
    assert deep_violations(house.episodes, house.cache) != []


def test_a_missing_file_another_guid_and_a_ledger_with_a_hole_are_found(house):
    """Each of them is told by name."""
    guids = released_guids(house.episodes)
    path = _first(house, "episodes/*ferry*/episode.json")
    manifest = json.loads(path.read_bytes())
    del manifest["ledger"][2]
    manifest["guid"] = "another"
    path.write_text(json.dumps(manifest), encoding="utf-8")
    _first(house, "episodes/*library*/transcript.vtt").unlink()
    guids["a-folder-of-before"] = "a GUID of before"
    wrong = "\n".join(deep_violations(house.episodes, house.cache, guids))
    assert "the ledger does not sum to articles/ferry.txt" in wrong
    assert "the manifest another" in wrong
    assert "transcript.vtt is named by the feed but missing" in wrong
    assert "a-folder-of-before: the GUID a GUID of before is None now" in wrong


def test_an_unfinished_file_is_found(house):
    """Beside the sound, in a cache, in the folder of work."""
    for name in ("episodes/.feed.xml.audiobrief-tmp", ".audiobrief/work/x/part.mp3"):
        path = house.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    assert len(leftovers(house.root)) >= 2


def _call(number, name, *paths, content=b"", fd=-1, arguments="", result=0):
    fd_path = paths[0] if fd >= 0 else ""
    named = () if fd >= 0 else paths
    return Call(1, name, arguments, result, number, number, False, named, content, fd, fd_path)


def _written(path, content, *, sync=True, settle=True, start=0):
    """Return the calls of a writer who may leave steps out."""
    beside = f"{path.rpartition('/')[0]}/.{path.rpartition('/')[2]}-tmp"
    folder = path.rpartition("/")[0]
    count = iter(range(start, start + 9))
    creating = "O_WRONLY|O_CREAT|O_TRUNC"
    yield _call(next(count), "openat", beside, arguments=creating, result=4)
    yield _call(next(count), "write", beside, content=content, fd=4, result=len(content))
    if sync:
        yield _call(next(count), "fsync", beside, fd=4)
    yield _call(next(count), "rename", beside, path)
    if settle:
        yield _call(next(count), "fsync", folder, fd=5)


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ({}, []),
        ({"sync": False}, ["a-1a2b3c4d.mp3 gets its name before its bytes are synced"]),
        ({"settle": False}, [".feed.xml-tmp names a-1a2b3c4d.mp3, which is not on the disk yet"]),
    ],
)
def test_a_step_that_is_left_out_is_told(left_out, told):
    """Sound without its sync, or without that of its folder."""
    sound = _written(f"{FOLDER}/a-1a2b3c4d.mp3", b"sound", **left_out)
    feed = _written(f"{FOLDER}/feed.xml", b"<a-1a2b3c4d.mp3>", start=20)
    assert list(lint([*sound, *feed], [FOLDER])) == told


def test_a_file_written_in_place_and_a_sound_that_goes_too_early_are_told():
    """Neither survives a cut at the wrong moment."""
    opened = _call(1, "openat", f"{FOLDER}/feed.xml", arguments="O_WRONLY|O_TRUNC", result=4)
    assert list(lint([opened], [FOLDER])) == ["feed.xml is written in place"]
    feed = _written(f"{FOLDER}/feed.xml", b"<b-1a2b3c4d.mp3>", settle=False)
    early = _call(20, "unlink", f"{FOLDER}/a-1a2b3c4d.mp3")
    synced = _call(30, "fsync", FOLDER, fd=5)
    told = list(lint([*feed, early, synced], [FOLDER]))
    assert told == ["a-1a2b3c4d.mp3 goes before the feed that lacks it is on the disk"]


def _fates(tmp_path, **left_out):
    """Return what cuts after a write may leave of a file that was there before."""
    root = tmp_path / "disk"
    root.mkdir()
    (root / "a.txt").write_bytes(b"old")
    found = set()
    for seed in range(60):
        disk = Disk(root)
        for call in _written(f"{root}/a.txt", b"new!", **left_out):
            disk.apply(call)
        target = tmp_path / f"cut-{seed}"
        target.mkdir()
        disk.cut(random.Random(seed), target)
        path = target / "a.txt"
        found.add(path.read_bytes() if path.exists() else None)
    return found


def test_a_model_of_a_disk_loses_what_was_not_synced(tmp_path):
    """All that is legal happens: the old, the new, zeros; and with both syncs only the new."""
    fates = partial(_fates, tmp_path)
    assert fates() == {b"new!"}
    for folder in tmp_path.iterdir():
        folder.rename(folder.with_name(f"whole {folder.name}"))
    assert fates(settle=False) == {b"old", b"new!"}
    for folder in tmp_path.iterdir():
        folder.rename(folder.with_name(f"named {folder.name}"))
    assert fates(sync=False) >= {b"new!", bytes(4)}


@pytest.mark.parametrize(
    ("call", "path", "fault", "end"),
    [
        ("rename", "episodes/.feed.xml.audiobrief-tmp", "KILL", "killed"),
        ("fsync", "episodes/.feed.xml.audiobrief-tmp", "EIO", "told"),
        ("mkdir", "episodes/no-such-folder", "EIO", "passed untouched"),
    ],
)
@pytest.mark.usefixtures("ptrace")
def test_a_call_is_really_hit(staged, tmp_path, call, path, fault, end):
    """The program dies at it, or is told of its failure; a point that there is not is no hit."""
    _, how, wrong = strike_one(staged("edit"), tmp_path, Point(call, path, 1, fault))
    assert (how, wrong) == (end, [])
