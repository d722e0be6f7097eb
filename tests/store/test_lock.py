"""One build at a time, and a dead one holds nothing."""

import subprocess
import sys

import pytest

from audiobrief.errors import LockedError
from audiobrief.store.lock import locked

HOLD = """
import sys
from pathlib import Path
from audiobrief.store.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_at_once_and_a_killed_one_frees_the_lock(tmp_path):
    """The lock is the operating system's: it ends with its process, however that ends."""
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LockedError) as caught, locked(path):
            pass
        assert caught.value.exit_code == 75
        holder.kill()
        holder.communicate()
    with locked(path):
        pass


def test_the_lock_is_free_after_an_error(tmp_path):
    """A build that fails does not lock the next one out."""
    path = tmp_path / "lock"
    with pytest.raises(RuntimeError, match="inside"), locked(path):
        raise RuntimeError("inside")
    with locked(path):
        pass
