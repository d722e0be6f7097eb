"""Killed at any write of a fix: the change has happened or not, and nothing else is lost."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys

import pytest

from audiobrief.model.change import Reword, Undo
from audiobrief.pipeline.review.words import add_word, words_of
from audiobrief.text.speech.lexicon import Entry
from tests.pipeline.review.fixed import FixDesk, copied
from tests.pipeline.review.marked import put_workspace

BOAT = "The first boat leaves"
NEW = "The first boat leaves at dawn."
DOING = {
    "reword": lambda desk: desk.fix(Reword(desk.find(BOAT).id, NEW), by="ben"),
    "undo": lambda desk: desk.fix(Undo(desk.find(NEW).id), by="ben"),
    "build": FixDesk.rebuild,
}
#: Whatever changes what is in a folder: opening counts where it is for writing.
CHANGES = ("open", "os.rename", "os.remove", "os.mkdir")
# Each process starts with all that it needs, and without the threads of this one.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload([__name__, "audiobrief.assemble.render"])


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Return a workspace in which a word of the line is said otherwise in that line alone."""
    root = put_workspace(tmp_path_factory.mktemp("built") / "show")
    desk = FixDesk(root)
    entry = Entry("boat", say="bote")
    add_word(desk.bench, desk.episode, entry, "here", desk.find(BOAT).id)
    desk.rebuild()
    desk.bench.close()
    return root


def die(root, doing, number):
    """Do something in a process that dies at its n-th change of a file; tell whether it did."""
    process = PROCESSES.Process(target=done, args=(root, doing, number))
    process.start()
    process.join(60)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def done(root, doing, number):
    left = [number]

    def watch(event, arguments):
        if event not in CHANGES or not str(arguments[0]).startswith(str(root / "episodes")):
            return
        if event != "open" or arguments[2] & (os.O_WRONLY | os.O_RDWR):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    DOING[doing](FixDesk(root))


@pytest.mark.parametrize("doing", ["reword", "undo"])
def test_killed_at_any_write_of_a_fix(prepared, tmp_path, doing):
    """Whatever it was, the next editor goes on from one of the two states, words and all."""
    started = copied(prepared, tmp_path / "started")
    if doing == "undo":
        started.fix(Reword(started.find(BOAT).id, NEW))
    states = {"reword": {BOAT, NEW}, "undo": {NEW, BOAT}}[doing]
    number, seen_states = 0, set()
    is_dead = True
    while is_dead:
        number += 1
        root = tmp_path / str(number)
        shutil.copytree(started.root, root)
        is_dead = die(root, doing, number)
        desk = FixDesk(root)
        (line,) = [text for text in desk.texts if text.startswith(BOAT)]
        state = NEW if line == NEW else BOAT
        seen_states.add(state)
        assert state in states
        # The word is said as it was meant wherever the line is now.
        assert "bote" in desk.find(BOAT).spoken
        assert [e.segments for e in words_of(desk.bench, desk.episode) if e.scope == "here"] == [
            (desk.find(BOAT).id,)
        ]
        goes_on(desk, state)
        shutil.rmtree(root)
    assert number > 5
    assert seen_states == states


def goes_on(desk, state):
    """Change the line, take it back to what the article says, and build it."""
    if state == BOAT:
        desk.fix(Reword(desk.find(BOAT).id, NEW))
    desk.fix(Undo(desk.find(NEW).id))
    assert desk.find(BOAT).text != NEW
    assert not list(desk.folder.glob("*.audiobrief-tmp"))
    assert not desk.is_stale


def test_killed_at_any_write_of_the_sound(prepared, tmp_path):
    """The script has the change, the next start sees that the sound has not, and makes it."""
    started = copied(prepared, tmp_path / "started")
    started.fix(Reword(started.find(BOAT).id, NEW))
    for number in (1, 2, 4, 7, 11, 16):
        root = tmp_path / str(number)
        shutil.copytree(started.root, root)
        assert die(root, "build", number)
        desk = FixDesk(root)
        assert NEW in desk.texts
        built = desk.rebuild()
        assert NEW in [segment.text for segment in built.segments]
        assert not desk.is_stale
        assert desk.is_unchanged()
        shutil.rmtree(root)
