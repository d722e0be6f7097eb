"""Who watches the rows sees what they must not do."""

import os
import sys

import pytest

from tests.bad_inputs.case import Try
from tests.bad_inputs.place import SECRET, Place
from tests.bad_inputs.run import faults, measured, outside_of, tracer
from tests.support import tool

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits and rusage are POSIX's")
#: In C, so that Python's audit hook sees nothing of it.
UNSEEN = """
import ctypes, socket, struct
libc = ctypes.CDLL(None)
place = struct.pack("=HH4s8x", socket.AF_INET, socket.htons(9), bytes([10, 0, 0, 1]))
one = socket.socket()
one.setblocking(False)
libc.connect(one.fileno(), place, 16)
"""
EVIL = """
import os, socket, subprocess
try:
    socket.create_connection(("127.0.0.1", 9), 1)
except OSError:
    pass
open("../outside/planted", "w").close()
subprocess.run(["/bin/true"])
print(os.environ["NEWS_SESSION"])
held = bytearray(60_000_000)
"""


@pytest.fixture
def place(tmp_path):
    """Return a place in which something else than the product runs."""
    made = Place(tmp_path)
    yield made
    made.close()


def _told(place, program, **options):
    before = outside_of(place)
    ran = measured([sys.executable, "-c", program], place, place.environment(1.0))
    return "\n".join(faults(Try(lambda _: None, episodes=None, **options), ran, before))


def test_all_that_must_not_happen_is_seen(place):
    """A connection, a file outside, a program, a secret on the screen, too much memory."""
    told = _told(place, EVIL, most_mb=50)
    for seen in (
        "a connection past the guard: ['127.0.0.1', '9']",
        "outside of the workspace was changed",
        "planted was opened to be written",
        "a program was run: ['/bin/true']",
        f"{SECRET!r} is printed",
        "MB of memory",
    ):
        assert seen in told, told


def test_what_does_nothing_is_blamed_for_nothing(place):
    """The other side of it."""
    assert _told(place, "pass") == ""


def test_a_library_in_c_is_seen_as_well(place):
    """By strace alone; where it may not trace, Python's audit hook is all that there is."""
    tool("strace")
    if not tracer():
        pytest.skip("strace may not trace here: Python's audit hook alone has watched the rows")
    assert "strace saw a connection elsewhere" in _told(place, UNSEEN)
