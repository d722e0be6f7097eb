"""Work in a second process: the same result, whatever becomes of that process."""

import os
import signal
import sys
import threading

import pytest

from audiobrief.store.beside import beside

HERE = os.getpid()
IS_LINUX = sys.platform == "linux"


def look():
    """Return what a process tells, and which it is."""
    return [("a", 1, None), ("\udcff", 2**40, b"x" * 300_000)], os.getpid()


def test_a_second_process_tells_the_same():
    """More than a pipe holds, and names that are no UTF-8."""
    with beside(look, is_worth=True) as told:
        result, process = told()
    assert result == look()[0]
    assert (process != HERE) == IS_LINUX


@pytest.mark.parametrize("end", ["killed", "an error", "half of it"])
def test_what_a_second_process_does_not_tell_is_done_here(end):
    """A kill at any moment, or an error, which is then told by this one."""

    def work():
        if os.getpid() != HERE:
            if end == "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            if end == "half of it":
                os.closerange(3, 64)
            raise OSError
        return "done"

    with beside(work, is_worth=IS_LINUX) as told:
        assert told() == "done"


def test_nobody_is_forked_beside_threads_or_for_little():
    """A fork beside threads may wait for ever for what one of them holds."""
    with beside(look, is_worth=False) as told:
        assert told()[1] == HERE
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with beside(look, is_worth=True) as told:
            assert told()[1] == HERE
    finally:
        done.set()
        thread.join()


def test_whoever_does_not_ask_waits_for_nothing(tmp_path):
    """The other process is told by its broken pipe, and leaves nothing behind."""
    note = tmp_path / "process"

    def work():
        note.write_text(str(os.getpid()), encoding="ascii")
        return look()

    with beside(work, is_worth=IS_LINUX):
        pass
    if IS_LINUX:
        with pytest.raises(ChildProcessError):
            os.waitpid(int(note.read_text(encoding="ascii")), os.WNOHANG)
