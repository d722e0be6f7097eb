"""What a server has of memory that it does not use."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of its heaps")

#: The settings are of the whole process, so it is one of its own.
FILL_HEAPS = """
import ctypes, gc, sys
from threading import Barrier, Thread

from audiobrief.serve.memory import hold_little

system = ctypes.CDLL(None)


def heaps():
    system.fopen.restype = ctypes.c_void_p
    stream = ctypes.c_void_p(system.fopen(sys.argv[1].encode(), b"w"))
    system.malloc_info(0, stream)
    system.fclose(stream)
    with open(sys.argv[1]) as told:
        return told.read().count("<heap ")


def fill():
    held = bytes(100_000)
    both.wait()


gc.set_threshold(200_000)
if sys.argv[2] == "little":
    hold_little()
both = Barrier(4)
threads = [Thread(target=fill) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(heaps() if hasattr(system, "malloc_info") else 1, gc.get_threshold()[0])
"""


def told(path, how):
    """Return how many heaps there are after four threads, and how soon circles are looked for."""
    done = subprocess.run(
        [sys.executable, "-c", FILL_HEAPS, str(path), how],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(map(int, done.stdout.split()))


def test_all_threads_of_a_server_share_one_heap_and_circles_go_soon(tmp_path):
    """Other processes have a heap for each thread, and circles of hours."""
    assert told(tmp_path / "heaps", "little") == (1, 700)
    assert told(tmp_path / "heaps", "much")[1] == 200_000
