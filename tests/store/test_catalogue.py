"""The catalogue: what is put is there after a kill, what is damaged is made anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from audiobrief.errors import StoreError
from audiobrief.store.catalogue import Catalogue, Entry, Health, Taken

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENTRY = Entry(
    "articles/ferry.html",
    1200,
    1_700_000_000_000_000_001,
    id="ab" * 32,
    address="https://post.example/ferry",
    source="Harbor Post",
    tags=("local", "sea"),
    headline="Ferry \u201creturns\u201d",
    body="The ferry came back.",
    outlet="The Harbor Post",
    language="en",
    published=NOON,
    first_seen=NOON + timedelta(hours=1),
    word_count=300,
    sketch=b"\x01\x00\xff",
)


@pytest.fixture
def path(tmp_path):
    """Return where a catalogue lies, in a folder that is not there yet."""
    return tmp_path / "cache" / "catalogue.sqlite"


@pytest.fixture
def catalogue(path):
    """Return an empty catalogue."""
    with Catalogue(path) as made:
        yield made


def test_a_file_is_known_as_it_was_put(catalogue, path):
    """Every field comes back, also after the file was closed without a goodbye."""
    catalogue.put_entry(ENTRY)
    with Catalogue(path) as again:
        assert again.entry(ENTRY.locator) == ENTRY
        assert again.stamps() == {ENTRY.locator: (ENTRY.size, ENTRY.mtime_ns)}


def test_when_a_file_was_first_seen_stays(catalogue):
    """A changed file is no new one."""
    catalogue.put_entry(ENTRY)
    later = replace(ENTRY, headline="Ferry late", first_seen=NOON + timedelta(days=3))
    catalogue.put_entry(later)
    assert catalogue.entry(ENTRY.locator) == replace(later, first_seen=ENTRY.first_seen)
    catalogue.forget_entry(ENTRY.locator)
    assert catalogue.entry(ENTRY.locator) is None


def test_entries_come_latest_first_by_when_they_appeared(catalogue):
    """By their date, else by when they were first seen; what is no article is none."""
    for n, (hours, published) in enumerate([(0, True), (5, False), (3, True)]):
        moment = NOON + timedelta(hours=hours)
        entry = replace(ENTRY, locator=f"articles/{n}.txt", first_seen=moment)
        catalogue.put_entry(replace(entry, published=moment if published else None))
    catalogue.put_entry(Entry("articles/log.txt", 9, 9, first_seen=NOON, problem="no article"))
    found = [e.locator for e in catalogue.entries()]
    assert found == ["articles/1.txt", "articles/2.txt", "articles/0.txt"]
    since = catalogue.entries(since=NOON + timedelta(hours=3))
    assert [e.locator for e in since] == found[:2]


def test_an_item_is_known_by_its_key_and_by_its_address(catalogue):
    """Another source offers the same page under a name of its own."""
    taken = Taken("Post", "guid-1", "https://post.example/ferry", "d1", "articles/ferry.html")
    catalogue.put_taken(taken)
    assert catalogue.taken("Post", "guid-1", "") == taken
    assert catalogue.taken("Echo", "77", "https://post.example/ferry") == taken
    assert catalogue.taken("Echo", "77", "https://echo.example/ferry") is None
    assert catalogue.taken("Echo", "77", "") is None
    copy = Taken("Echo", "78", "https://echo.example/a", "d2", "", taken.locator, "The Echo")
    catalogue.put_taken(copy)
    assert catalogue.copies_of(taken.locator) == [copy]


def test_the_health_of_a_source_comes_back(catalogue):
    """Of one that was never asked, nothing is known."""
    assert catalogue.health("Post") == Health("Post", {})
    health = Health("Post", {"etag": '"x"'}, NOON, None, 2, "refused (HTTP 403)", NOON)
    catalogue.put_health(health)
    assert catalogue.health("Post") == health


def test_what_fails_in_the_middle_is_not_there(catalogue, path):
    """All or nothing."""

    def put_and_fail():
        with catalogue.at_once():
            catalogue.put_entry(ENTRY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        put_and_fail()
    with Catalogue(path) as again:
        assert again.stamps() == {}


@pytest.mark.parametrize("content", [b"no database at all" * 100, b""])
def test_a_damaged_file_is_made_anew(path, content):
    """It is an index: the inbox and the episodes say the same."""
    path.parent.mkdir()
    path.write_bytes(content)
    with Catalogue(path) as made:
        made.put_entry(ENTRY)
        assert made.entry(ENTRY.locator) == ENTRY


def test_a_folder_in_its_place_is_told(path):
    """With what to do about it."""
    path.mkdir(parents=True)
    (path / "x").touch()
    with pytest.raises(StoreError, match="catalogue"):
        Catalogue(path)
