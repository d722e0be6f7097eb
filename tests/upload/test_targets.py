"""What every target promises, held against real peers."""

import pytest

from audiobrief.errors import OvertakenError, UploadError
from audiobrief.upload.target import Stored
from tests.upload.conftest import upload


def send(place, *files):
    """Send files as a run does; return what was told to be there."""
    told = []
    with place.open() as target:
        target.send(files, told.append)
    return told


def test_what_does_not_exist_yet_holds_nothing(place):
    """The first run is no special case."""
    with place.open() as target:
        assert target.listing() == {}


def test_what_is_sent_is_there_and_listed(place, tmp_path):
    """From memory and from files, with odd names of folders on this side."""
    odd = tmp_path / 'it\'s [a] "test" $(x)'
    odd.mkdir()
    (odd / "local.bin").write_bytes(b"\x00\xff" * 5000)
    file = upload("2026-03-01-ferry/ferry-1a2b3c4d.mp3", b"x" * 10_000, is_new=True)
    from_disk = type(file)(file.name, "audio/mpeg", "immutable", 10_000, odd / "local.bin", True)
    told = send(place, from_disk, upload("index.html", b"page"))
    assert sorted(told) == ["2026-03-01-ferry/ferry-1a2b3c4d.mp3", "index.html"]
    assert place.files() == {
        "2026-03-01-ferry/ferry-1a2b3c4d.mp3": b"\x00\xff" * 5000,
        "index.html": b"page",
    }
    with place.open() as target:
        listing = target.listing()
    assert {n: s.size_bytes for n, s in listing.items()} == {
        from_disk.name: 10_000,
        "index.html": 4,
    }


def test_a_file_is_replaced_even_by_one_of_its_length(place):
    """Nothing takes equal sizes or times for equal bytes."""
    send(place, upload("a/chapters.json", b"one"), upload("index.html", b"1"))
    send(place, upload("a/chapters.json", b"two"), upload("index.html", b"2"))
    assert place.files() == {"a/chapters.json": b"two", "index.html": b"2"}


def test_the_feed_takes_the_place_of_the_one_that_was_listed(place):
    """Created, then replaced."""
    with place.open() as target:
        first = target.replace(upload("feed.xml", b"<1/>"), None)
        second = target.replace(upload("feed.xml", b"<22/>"), first)
        assert target.listing()["feed.xml"] == second
        assert target.read("feed.xml", 100) == b"<22/>"
    assert place.files() == {"feed.xml": b"<22/>"}


def test_the_feed_of_another_publisher_is_not_overwritten(place):
    """Neither one that is new nor one that has changed; the place is named."""
    with place.open() as target:
        before = target.replace(upload("feed.xml", b"<mine/>"), None)
        place.plant("feed.xml", b"<somebody else's/>")
        for expected in (before, None, Stored(3, "x")):
            with pytest.raises(OvertakenError, match="another publisher") as caught:
                target.replace(upload("feed.xml", b"<again/>"), expected)
            assert caught.value.subject.endswith("feed.xml")
            assert caught.value.exit_code == 75
    assert place.files() == {"feed.xml": b"<somebody else's/>"}


def test_removing_leaves_the_rest_and_is_fine_twice(place):
    """A run that was killed in between does it again."""
    send(place, upload("a/one.mp3"), upload("b/two.mp3"), upload("feed.xml"))
    for _ in range(2):
        with place.open() as target:
            target.delete(["a/one.mp3"])
    assert set(place.files()) == {"b/two.mp3", "feed.xml"}


def test_a_long_file_is_not_read(place):
    """What pretends to be the state cannot fill the memory."""
    place.plant("published.json", b"x" * 2000)
    with place.open() as target, pytest.raises(UploadError, match=r"too long|longer"):
        target.read("published.json", 1000)


def test_names_that_are_not_ours_are_not_listed(place):
    """Dot files, blanks, quotes: nobody means us by them."""
    for name in (".htaccess", "a b.txt", "it's.mp3", ".git/config", "ok.html"):
        place.plant(name, b"1")
    with place.open() as target:
        assert set(target.listing()) <= {"ok.html"}
        assert "ok.html" in target.listing()
