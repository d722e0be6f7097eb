"""Work in a second process: the same result, whatever becomes of that process."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from audiobrief.store.beside import beside

HERE = os.getpid()
IS_LINUX = sys.platform == "linux"


def look():
    """Return what a process tells, and which it is."""
    return [("a", 1, None), ("\udcff", 2**40, b"x" * 300_000)], os.getpid()


def alone(name, *arguments):
    """Call a function of this module where no thread of another test runs: else nobody forks."""
    call = f"from tests.store import test_beside as t; t.{name}{arguments!r}"
    folder = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", call], check=False, cwd=folder, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_second_process_tells_the_same():
    """More than a pipe holds, and names that are no UTF-8."""
    alone("tells_the_same")


def tells_the_same():
    """Compare what another process tells with what this one finds."""
    with beside(look, is_worth=True) as told:
        result, process = told()
    assert result == look()[0]
    assert (process != HERE) == IS_LINUX


@pytest.mark.parametrize("end", ["killed", "an error", "half of it"])
def test_what_a_second_process_does_not_tell_is_done_here(end):
    """A kill at any moment, or an error, which is then told by this one."""
    alone("is_done_here", end)


def is_done_here(end):
    """Let another process fail."""

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
    alone("does_not_ask", str(tmp_path / "process"))


def does_not_ask(path):
    """Let another process work for nothing."""
    note = Path(path)

    def work():
        note.write_text(str(os.getpid()), encoding="ascii")
        return look()

    with beside(work, is_worth=IS_LINUX):
        pass
    if IS_LINUX:
        with pytest.raises(ChildProcessError):
            os.waitpid(int(note.read_text(encoding="ascii")), os.WNOHANG)
