"""Files that are replaced while they are served: whole bodies, never an old tag for new bytes."""

from contextlib import closing
from hashlib import sha256

import pytest

from audiobrief.model.episode import State
from audiobrief.store.files import atomic_write
from tests.serve.house import DAY, MP3, put, put_episode, put_house, running
from tests.serve.wire import Wire, ask, head_of


@pytest.fixture
def run(tmp_path):
    """Return a server whose files a test may change."""
    root = tmp_path / "episodes"
    put_house(root)
    with running(root) as run:
        yield run


def test_a_download_goes_on_with_the_file_that_it_began_with(run):
    """Its path has another file since; every byte is of the first."""
    path = run.root / DAY / "long-00000000.mp3"
    content = bytes(range(256)) * 80_000
    put(path, content)
    with closing(Wire(run.port)) as wire:
        wire.send(head_of("GET", f"/{DAY}/{path.name}"))
        begun = wire.socket.recv(100)
        atomic_write(path, b"other")
        wire._rest += begun
        got = wire.answer()
    assert got.headers["etag"] == f'"{sha256(content).hexdigest()}"'
    assert got.body == content
    assert ask(run.port, "GET", f"/{DAY}/{path.name}").body == b"other"


def test_a_feed_that_is_replaced_again_and_again_is_always_whole(run):
    """Each body is one of the feeds that there were, and its tag is that of its bytes."""
    tags = set()
    for number in range(60):
        content = b"<rss>" + str(number).encode() * (500 + 37 * number) + b"</rss>"
        atomic_write(run.root / "feed.xml", content)
        got = ask(run.port, "GET", "/feed.xml")
        assert got.body == content
        assert got.headers["etag"] == f'"{sha256(content).hexdigest()}"'
        tags.add(got.headers["etag"])
    assert len(tags) == 60


def test_new_bytes_of_the_same_size_and_time_have_another_tag(run):
    """What a copy with its old time leaves behind; it is neither 304 nor half of each."""
    path = run.root / DAY / "tone-00000000.mp3"
    put(path, b"a" * 5000)
    before = ask(run.port, "GET", f"/{DAY}/{path.name}")
    put(path.with_suffix(".new"), b"b" * 5000)
    path.with_suffix(".new").replace(path)
    fields = {"If-None-Match": before.headers["etag"]}
    after = ask(run.port, "GET", f"/{DAY}/{path.name}", fields)
    assert (after.status, after.body) == (200, b"b" * 5000)
    assert after.headers["last-modified"] == before.headers["last-modified"]
    fields = {"Range": "bytes=0-9", "If-Range": before.headers["etag"]}
    assert ask(run.port, "GET", f"/{DAY}/{path.name}", fields).status == 200


def test_a_manifest_that_says_otherwise_counts_at_once(run):
    """An episode that is withdrawn is gone; a damaged manifest publishes nothing."""
    put_episode(run.root / DAY, state=State.DRAFT)
    assert ask(run.port, "GET", f"/{DAY}/{MP3}").status == 404
    put_episode(run.root / DAY)
    assert ask(run.port, "GET", f"/{DAY}/{MP3}").status == 200
    (run.root / DAY / "episode.json").write_bytes(b"{")
    assert ask(run.port, "GET", f"/{DAY}/{MP3}").status == 404


def test_a_sound_of_another_size_than_its_manifest_says_is_looked_at_itself(run):
    """The tag is that of the bytes that are sent."""
    put(run.root / DAY / MP3, b"edited by hand")
    got = ask(run.port, "GET", f"/{DAY}/{MP3}")
    assert (got.body, got.headers["etag"]) == (
        b"edited by hand",
        f'"{sha256(b"edited by hand").hexdigest()}"',
    )


def test_what_is_there_later_is_found(run):
    """A show that had no feed when the server was started."""
    (run.root / "feed.xml").unlink()
    assert ask(run.port, "GET", "/feed.xml").status == 404
    put(run.root / "feed.xml", b"<rss/>")
    assert ask(run.port, "GET", "/feed.xml").body == b"<rss/>"


def test_metrics_and_log_tell_what_was_served(run):
    """Counts by kind and status; a line has no query and no header."""
    ask(run.port, "GET", "/feed.xml?token=secret", {"Authorization": "Bearer secret"})
    ask(run.port, "GET", "/nothing")
    text = ask(run.port, "GET", "/metrics").body.decode()
    assert 'audiobrief_requests_total{kind="feed",status="200"} 1\n' in text
    assert 'audiobrief_requests_total{kind="other",status="404"} 1\n' in text
    assert "secret" not in repr(run.served)
    assert ask(run.port, "GET", "/health").body == b'{"status": "ok"}\n'
    assert ask(run.port, "POST", "/health").status == 405


def test_a_public_path_is_taken_off(tmp_path):
    """With base_url https://host/pod/ the same files are under /pod/, as its feed says."""
    put_house(tmp_path / "episodes")
    with running(tmp_path / "episodes", prefix="/pod") as run:
        assert ask(run.port, "GET", f"/pod/{DAY}/{MP3}").status == 200
        assert ask(run.port, "GET", f"/{DAY}/{MP3}").status == 200
        assert ask(run.port, "GET", "/pod").status == 200
        assert ask(run.port, "GET", "/podium/feed.xml").status == 404
