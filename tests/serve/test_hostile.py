"""Whoever means harm gets a clean refusal, costs little, and reaches nothing outside."""

import os
from contextlib import closing

import pytest

from audiobrief.serve import protocol
from tests.serve.house import DAY, DRAFT, FEED, MP3, SOUND, put, put_house, running
from tests.serve.wire import Wire, ask, head_of, slow_reader

PATHS = [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    f"/{DAY}/../../secret.txt",
    f"/{DAY}/..%5c..%5csecret.txt",
    "/..\\secret.txt",
    "//etc/passwd",
    "/%252e%252e/secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/./feed.xml",
    f"/{DAY}%2f{MP3}",
    f"/{DAY}/{MP3}%00",
    "/feed.xml%00.html",
    "/feed.xml/",
    "/feed.xml%20",
    "/feed.xml.",
    "/FEED.XML",
    f"/{DAY}//{MP3}",
    "/.secret",
    "/%2esecret",
    "/.feed.xml.audiobrief-tmp",
    "/show.json",
    "/feed-0.xml",
    "/feed-2-2.xml",
    "/feed-.xml",
    f"/{DAY}/episode.json",
    f"/{DAY}/script.md",
    f"/long-read/{DAY}/episode.json",
    f"/{DRAFT}/{MP3}",
    f"/{DRAFT}/",
    f"/{DRAFT}",
    "/stray",
    "/long-read/nothing",
    f"/{DRAFT}/transcript.vtt",
    "/stray/feed.xml",
    "/stray/note.mp3",
    "/stray/",
    f"/long-read/long-read/{DAY}/{MP3}",
    "/inbox",
    "/inbox/",
    "/con",
    "/%",
    "/%zz",
    "/\x01",
    "feed.xml",
    "*",
    f"/{'a' * 100_000}",
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ascii(path[:40]))
def test_what_is_not_public_is_not_there(server, path):
    """Ways out, hidden files, manifests, drafts, folders that are no episode, and no listing."""
    got = ask(server.port, "GET", path)
    assert got.status in {400, 404}
    assert b"secret" not in got.body
    assert ask(server.port, "GET", "/feed.xml").body == FEED


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (head_of("GET", "/feed.xml", {f"X-{n}": "v" * 1000 for n in range(1000)}), 400),
        (b"GET /feed.xml HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (head_of("GET", "/", {"Content-Length": "1", "content-length": "2"}), 400),
        (b"GET /feed.xml HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET /feed.xml HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (b"GET /feed.xml HTTP/9.9\r\nHost: a\r\n\r\n", 505),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n", 400),
        (b"GET /feed.xml\x00 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"SSH-2.0-x\r\n\r\n", 400),
    ],
)  # fmt: skip
def test_what_is_no_http_is_refused(server, raw, status):
    """With an answer of its own, and the connection ends."""
    with closing(Wire(server.port)) as wire:
        wire.send(raw)
        got = wire.answer()
        assert (got.status, got.headers["connection"]) == (status, "close")


def test_heads_of_8_kb_are_fine(server):
    """Some browsers send that many cookies."""
    assert ask(server.port, "GET", "/feed.xml", {"Cookie": "a" * 8000}).status == 200


def test_10_000_ranges_cost_one_file(server):
    """They are ignored, or refused as too long a head."""
    many = ",".join(f"{n}-{n}" for n in range(0, 20_000, 2))
    got = ask(server.port, "GET", f"/{DAY}/{MP3}", {"Range": f"bytes={many[:50_000].rstrip(',-')}"})
    assert (got.status, got.body) == (200, SOUND)
    with closing(Wire(server.port)) as wire:
        wire.send(head_of("GET", f"/{DAY}/{MP3}", {"Range": f"bytes={many}"}))
        got = wire.answer()
        assert got.status == 400 or got.body == SOUND


def test_garbage_behind_a_request_spoils_no_answer(server):
    """What was asked before is answered, or nothing is; the server says nothing of a defect."""
    with closing(Wire(server.port)) as wire:
        wire.send(head_of("GET", "/feed.xml") + b"\x00garbage\r\n\r\n")
        assert wire.answer().body == FEED
        assert wire.answer().status == 400
    assert server.troubles == []


def test_links_are_not_followed(tmp_path):
    """Neither files nor folders below the root that lead elsewhere; a pipe does not hold us up."""
    root = tmp_path / "workspace" / "episodes"
    put_house(root)
    outside = tmp_path / "outside"
    put(outside / "feed.xml", b"outside")
    put(outside / "show.json", b"{}")
    (root / "linked").symlink_to(outside)
    (root / "feed.xml").unlink()
    (root / "feed.xml").symlink_to(outside / "feed.xml")
    os.mkfifo(root / DAY / "pipe-00000000.mp3")
    with running(root) as run:
        for path in ("/feed.xml", "/linked/feed.xml", f"/{DAY}/pipe-00000000.mp3"):
            assert ask(run.port, "GET", path).status == 404


def test_the_root_may_be_a_link(tmp_path):
    """Episodes may lie on another disk."""
    put_house(tmp_path / "disk" / "episodes")
    (tmp_path / "episodes").symlink_to(tmp_path / "disk" / "episodes")
    with running(tmp_path / "episodes") as run:
        assert ask(run.port, "GET", "/feed.xml").body == FEED
        assert ask(run.port, "GET", f"/{DAY}/{MP3}").body == SOUND


def in_flight(port):
    """Return how many requests are being answered, besides the one that asks."""
    text = ask(port, "GET", "/metrics").body.decode()
    return int(text.rpartition("audiobrief_requests_in_flight ")[2]) - 1


def test_slow_readers_hold_up_nobody(tmp_path):
    """Ten that take nothing wait; others are served; what is read for those who leave ends."""
    root = tmp_path / "episodes"
    put_house(root)
    path = root / DAY / "long-00000000.mp3"
    put(path, b"")
    os.truncate(path, 50_000_000)
    with running(root) as run:
        slow = [Wire(run.port) for _ in range(10)]
        for wire in slow:
            wire.send(head_of("GET", f"/{DAY}/{path.name}"))
            assert b"200 OK" in wire.socket.recv(100)
        assert ask(run.port, "GET", f"/{DAY}/{MP3}").body == SOUND
        assert in_flight(run.port) == 10
        for wire in slow:
            wire.close()
        while in_flight(run.port):
            pass
        sent = [each.sent_bytes for each in run.served if each.target.endswith(path.name)]
    assert len(sent) == 10
    assert max(sent) < 20_000_000


def test_a_head_that_does_not_come_is_not_waited_for(tmp_path, monkeypatch):
    """Neither one that drips nor one that never begins; one that is whole is answered."""
    monkeypatch.setattr(protocol, "_HEAD_S", 0.2)
    put_house(tmp_path / "episodes")
    with running(tmp_path / "episodes") as run:
        silent, dripping, second = Wire(run.port), Wire(run.port), Wire(run.port)
        dripping.send(b"GET /feed.xml HT")
        second.send(head_of("GET", "/feed.xml"))
        assert second.answer().body == FEED
        second.send(b"G")
        for wire in (silent, dripping, second):
            assert wire.is_over()
            wire.close()


def test_a_file_that_shrinks_ends_the_connection(tmp_path):
    """Nobody is told that half a file is the whole of it."""
    root = tmp_path / "episodes"
    put_house(root)
    path = root / DAY / "long-00000000.mp3"
    put(path, b"")
    os.truncate(path, 50_000_000)
    with running(root) as run, closing(Wire(run.port)) as wire:
        wire.send(head_of("GET", f"/{DAY}/{path.name}"))
        assert b"200 OK" in wire.socket.recv(100)
        os.truncate(path, 1000)
        count = 100
        while piece := wire.socket.recv(1_000_000):
            count += len(piece)
        assert count < 50_000_000


def test_a_reader_that_takes_nothing_is_cut_off(tmp_path, monkeypatch):
    """Nothing of it is left, neither of a file nor of a text; one that takes is sent all."""
    monkeypatch.setattr(protocol, "_TAKEN_S", 0.2)
    monkeypatch.setattr(protocol, "_LOOK_TICKS", 1)
    root = tmp_path / "episodes"
    put_house(root)
    path = root / DAY / "long-00000000.mp3"
    put(path, b"")
    os.truncate(path, 20_000_000)
    put(root / "feed-3.xml", FEED * 500)
    sizes = {f"/{DAY}/{path.name}": 20_000_000, "/feed-3.xml": 500 * len(FEED)}
    with running(root) as run:
        stuck = [slow_reader(run.port, each) for each in sizes]
        while len(run.served) < len(stuck):
            pass
        assert all(each.sent_bytes < sizes[each.target] for each in run.served)
        for wire in stuck:
            with pytest.raises(ConnectionError):
                wire.answer()
            wire.close()
        for each, size in sizes.items():
            assert len(ask(run.port, "GET", each).body) == size
