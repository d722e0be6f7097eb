"""What was without fault is not read again until it changes, and then it is."""

import os
import shutil
import sys

import pytest

from audiobrief.check.clean import Clean
from audiobrief.check.folder import check_folder
from tests.check.test_check_folder import NOW
from tests.publish.shows import make_episode, make_show, write_folder

OPENED = set()


def _hear(event, arguments):
    # A hook stays for good: it keeps nothing of other tests.
    if event == "open" and str(arguments[0]).endswith(".mp3"):
        OPENED.add(str(arguments[0]))


sys.addaudithook(_hear)


@pytest.fixture
def folder(tmp_path):
    """Return a good folder with an episode, whose files are some time old."""
    episodes = tmp_path / "episodes"
    write_folder(episodes, make_show(), [make_episode()])
    age(episodes)
    return episodes


def age(folder):
    """Let all files have been written long ago."""
    for path in folder.rglob("*"):
        os.utime(path, (1.6e9, 1.6e9))


def checked(folder):
    """Return which musts are broken, and the sounds that were opened for it."""
    clean = Clean(folder.parent / "cache" / "checked.txt")
    OPENED.clear()
    found = check_folder(folder, now=NOW, clean=clean)
    clean.save()
    return [f.rule for f in found if f.level == "must"], sorted(OPENED)


def test_what_is_without_fault_is_read_once(folder):
    """And again when the notes are lost or damaged."""
    broken, sounds = checked(folder)
    assert (broken, bool(sounds)) == ([], True)
    assert checked(folder) == ([], [])
    notes = folder.parent / "cache" / "checked.txt"
    notes.write_bytes(b"\xff" + notes.read_bytes()[1:])
    assert checked(folder)[1]
    notes.unlink()
    assert checked(folder)[1]


def test_a_fault_is_told_each_time(folder):
    """What breaks a rule is never known as good."""
    (sound,) = folder.glob("*/*.mp3")
    sound.write_bytes(sound.read_bytes()[:-1000])
    age(folder)
    first, _ = checked(folder)
    assert first
    again, sounds = checked(folder)
    assert (again, bool(sounds)) == (first, True)


@pytest.mark.parametrize("pattern", ["*/*.mp3", "*/transcript.vtt", "*/chapters.json", "feed.xml"])
def test_whatever_changes_is_read_again(folder, pattern):
    """One bit of a file, with the time of its change set back."""
    assert checked(folder)[0] == []
    (path,) = folder.glob(pattern)
    content = bytearray(path.read_bytes())
    at = content.find(b"<guid") + 40 if pattern == "feed.xml" else len(content) // 2
    content[at] ^= 1
    path.write_bytes(content)
    age(folder)
    assert checked(folder)[1]


def test_what_was_written_a_moment_ago_is_not_noted(folder, tmp_path):
    """It may change again within the same tick of the clock."""
    copy = shutil.copytree(folder, tmp_path / "fresh" / "episodes", copy_function=shutil.copyfile)
    assert checked(copy)[1]
    assert checked(copy)[1]
