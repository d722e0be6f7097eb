"""Two thousand who mean harm; others are served meanwhile, and memory stays."""

import os
import re
import socket
import sys
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.serve.house import DAY, FEED, MP3, SOUND, put, put_house
from tests.serve.test_serve_command import serving
from tests.serve.wire import Wire, ask, slow_reader

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of the memory")

#: Fewer where a process may not open as many files; the server needs two for each.
COUNT = 2000
LONG = f"/{DAY}/long-00000000.mp3"
LONG_TEXT = "/feed-3.xml"


@pytest.fixture
def count():
    """Return how many connections there may be, and let this process hold them."""
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = COUNT if hard == resource.RLIM_INFINITY else min(COUNT, (hard - 500) // 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 500), hard))
    yield count
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def server(tmp_path, count):
    """Return port and process of a server with a long sound and a long text."""
    root = tmp_path / "episodes"
    put_house(root)
    put(root / LONG[1:], b"")
    os.truncate(root / LONG[1:], 20_000_000)
    put(root / LONG_TEXT[1:], FEED * 100)
    with serving(tmp_path, "--port", "0") as (process, (first, _)):
        yield int(first["url"].rpartition(":")[2].strip("/")), process


def memory_bytes(process):
    """Return how much memory a process has."""
    text = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    return 1024 * int(re.search(r"VmRSS:\s+(\d+) kB", text)[1])


def assert_others_are_served(port):
    """Feed and sound come whole."""
    assert ask(port, "GET", "/feed.xml").body == FEED
    assert ask(port, "GET", f"/{DAY}/{MP3}").body == SOUND


@pytest.mark.parametrize("path", [LONG, LONG_TEXT], ids=["sound", "text"])
def test_slow_readers_cost_little(server, count, path):
    """All are answered, and each holds no more than a piece of what it asked for."""
    port, process = server
    assert_others_are_served(port)
    before = memory_bytes(process)
    with ExitStack() as stack:
        slow = [stack.enter_context(closing(slow_reader(port, path))) for _ in range(count)]
        for wire in slow:
            assert wire.socket.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"
        assert_others_are_served(port)
        # The first few may have longer pieces.
        assert memory_bytes(process) - before < 30_000_000 + count * 110_000
    assert_others_are_served(port)
    assert process.poll() is None


def test_heads_that_drip_cost_next_to_nothing(server, count):
    """While two thousand send a letter at a time, others are served, and no memory goes."""
    port, process = server
    assert_others_are_served(port)
    before = memory_bytes(process)
    with ExitStack() as stack:
        dripping = [stack.enter_context(closing(Wire(port))) for _ in range(count)]
        for letter in b"GET /":
            for wire in dripping:
                wire.send(bytes([letter]))
            assert_others_are_served(port)
        assert memory_bytes(process) - before < count * 30_000
