"""Files that services and browsers export."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import SourceError
from audiobrief.intake import ExportKind, parse_export, sniff
from audiobrief.intake.exports import archive
from tests.intake.sample_files import sample

FERRY = "https://letters.example/2025/night-ferry"
KEPT = datetime(2025, 3, 14, 9, 30, tzinfo=UTC)


def packed(members: dict[str, bytes | str]) -> bytes:
    """Return a ZIP archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


ENTRIES = [
    {
        "id": "o-1",
        "slug": "night-ferry-1",
        "title": "Night ferry returns",
        "author": "Cem Acar",
        "url": FERRY,
        "state": "Archived",
        "labels": ["harbor"],
        "savedAt": "2025-03-14T09:30:00.000Z",
        "updatedAt": "2025-03-14T09:30:00.000Z",
        "publishedAt": "2025-03-14T05:30:00.000Z",
    },
    {"id": "o-2", "slug": "../../etc/passwd", "title": "A trap", "url": "javascript:alert(1)"},
    {
        "id": "o-3",
        "slug": "letter",
        "title": "A letter",
        "url": "https://omnivore.app/no_url?q=1",
        "state": "Active",
    },
]
OMNIVORE = packed(
    {
        "metadata_0_to_20.json": json.dumps(ENTRIES),
        "content/night-ferry-1.html": "<html><body><p>The ferry is back.</p></body></html>",
        "content/letter.html": "<p>Dear reader.</p><script>track()</script>",
        "../../../etc/cron.d/evil": "no",
        "/etc/passwd": "no",
    }
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("pocket.html", ExportKind.POCKET),
        ("pocket.csv", ExportKind.TABLE),
        ("instapaper.csv", ExportKind.TABLE),
        ("readwise.csv", ExportKind.TABLE),
        ("wallabag.json", ExportKind.WALLABAG),
        ("bookmarks.html", ExportKind.BOOKMARKS),
        ("list.md", ExportKind.LIST),
    ],
)
def test_each_export_is_told_by_its_content(name: str, kind: ExportKind) -> None:
    """Whatever the file is called; the ferry is in all of them."""
    assert sniff(sample(name), "some.bin") is kind
    assert parse_export(sample(name), "some.bin").items[0].url in {FERRY, f"{FERRY}?a=1&b=2"}


def test_pocket_gives_labels_and_what_was_read() -> None:
    """Its headings are states and no labels; a title that is the address is none."""
    export = parse_export(sample("pocket.html"), "ril_export.html")
    ferry, eels, old = export.items
    assert (ferry.title, ferry.tags, ferry.updated, ferry.is_read) == (
        "Night ferry returns",
        ("harbor", "night boats"),
        KEPT,
        False,
    )
    assert (eels.title, old.title, old.is_read) == (None, "Salt & wind", True)
    assert export.notes == ("1 bookmarks lead to no page of the web",)


def test_pocket_tables_are_read() -> None:
    """Labels are divided by bars; rows without an address are told."""
    export = parse_export(sample("pocket.csv"), "part_000000.csv")
    assert [item.tags for item in export.items] == [("harbor", "night boats"), (), ()]
    assert [item.is_read for item in export.items] == [False, True, False]
    assert [item.title for item in export.items] == ["Night ferry returns", "Eels, cheaper", None]
    assert export.notes == ("1 rows have no address of a web page",)


def test_pocket_archives_are_read() -> None:
    """What is mailed is an archive of tables."""
    export = parse_export(
        packed(
            {
                "part_000000.csv": sample("pocket.csv"),
                "part_000001.csv": "title,url,time_added,tags,status\nB,https://b.example/,1,,unread\n",
                "annotations/part_000000.json": "{}",
            }
        ),
        "pocket.zip",
    )
    assert export.kind is ExportKind.ARCHIVE
    assert len(export.items) == 4


def test_instapaper_and_readwise_are_read() -> None:
    """Quotes in quotes, fields of two lines, lists in fields, a byte order mark."""
    ferry, salt = parse_export(sample("instapaper.csv"), "instapaper.csv").items
    assert (ferry.title, ferry.tags, salt.title, salt.is_read) == (
        'Night ferry "returns"',
        (),
        "Salt & wind",
        True,
    )
    (item,) = parse_export(sample("readwise.csv"), "readwise.csv").items
    assert (item.key, item.tags) == ("01hq", ("harbor", "boats"))


def test_wallabag_gives_the_articles_it_has_kept() -> None:
    """What it could not retrieve has an address alone."""
    export = parse_export(sample("wallabag.json"), "wallabag.json")
    ferry, walled = export.items
    assert ferry.content is not None
    assert ferry.content.is_whole
    assert (ferry.byline, ferry.language, ferry.tags) == ("Cem Acar", "en-GB", ("harbor",))
    assert ferry.published == datetime(2025, 3, 14, 5, 30, tzinfo=UTC)
    assert (walled.url, walled.content) == ("https://wall.example/1", None)
    assert export.notes == ("1 entries have neither an address nor a text",)


def test_omnivore_gives_the_articles_it_has_kept() -> None:
    """With the pages in the archive; names that lead out of it are only names."""
    export = parse_export(OMNIVORE, "omnivore.zip")
    assert export.kind is ExportKind.OMNIVORE
    ferry, letter = export.items
    assert (ferry.key, ferry.url, ferry.is_read, ferry.tags) == ("o-1", FERRY, True, ("harbor",))
    assert ferry.published == datetime(2025, 3, 14, 5, 30, tzinfo=UTC)
    assert ferry.content is not None
    assert ferry.content.text == "<p>The ferry is back.</p>"
    assert (letter.url, letter.is_read) == (None, False)
    assert letter.content is not None
    assert letter.content.text == "<p>Dear reader.</p>"
    assert export.notes == ("1 entries have neither an address nor a text",)


def test_browsers_bookmarks_are_read() -> None:
    """Their folders are labels; what is no web page is told."""
    export = parse_export(sample("bookmarks.html"), "bookmarks.html")
    assert [(item.url, item.tags) for item in export.items] == [
        (FERRY, ("harbor", "To listen to")),
        ("http://old.example/1", ("Other",)),
    ]
    assert export.notes == ("1 bookmarks lead to no page of the web",)


def test_bookmarks_in_folders_without_end_are_all_read() -> None:
    """Their format never ends an entry: a thousand folders are no depth."""
    entry = "<DT><H3>F{0}</H3><DL><p><DT><A HREF='https://a.example/{0}'>T{0}</A>"
    raw = "<!DOCTYPE NETSCAPE-Bookmark-file-1>" + "".join(map(entry.format, range(1000)))
    assert len(parse_export(raw.encode(), "bookmarks.html").items) == 1000


def test_lists_of_addresses_are_read() -> None:
    """Markdown, angle brackets, brackets in addresses, sentences around them, comments."""
    export = parse_export(sample("list.md"), "list.md")
    assert [(item.url, item.title) for item in export.items] == [
        (FERRY, "Night ferry (returns)"),
        ("https://letters.example/2025/eels", None),
        ("https://encyclopedia.example/wiki/Ferry_(boat)", None),
        ("https://old.example/1", None),
        ("https://old.example/2", None),
    ]
    assert export.notes == ("line 8 has no address: buy milk",)


@pytest.mark.parametrize(
    ("records", "url"),
    [
        ([{"URL": "https://a.example/1", "Title": "A"}], "https://a.example/1"),
        ({"version": 1, "bookmarks": [{"link": "https://a.example/2"}]}, "https://a.example/2"),
        ({"1": {"given_url": "https://a.example/3"}, "2": {}}, "https://a.example/3"),
    ],
)
def test_json_with_addresses_is_read(records: object, url: str) -> None:
    """A list, a list in an object, an object of objects."""
    export = parse_export(json.dumps(records).encode(), "x.json")
    assert export.kind is ExportKind.RECORDS
    assert export.items[0].url == url


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "a PDF document, no export"),
        (b"SQLite format 3\0....", "an SQLite database, no export"),
        (b"\x1f\x8b\x08", "a gzip file, no export"),
        (b"<!doctype html><html><p>https://a.example", "a page, no export"),
        (b"<opml version='2.0'/>", "a list of feeds"),
        (b"nothing but words", "has no address"),
        (b'{"a": [1, 2]}', "JSON, but no export"),
        (b"[]", "JSON, but no export"),
        (b"[1", "no whole JSON"),
        (b"PK\x03\x04 and then nothing", "no whole ZIP archive"),
        (packed({"mimetype": "application/epub+zip"}), "an EPUB or office document, no export"),
        (packed({"a.txt": "x"}), "an archive, no export"),
        (b"title,url\nA,nowhere\n", "lists nothing"),
        (b"<!DOCTYPE NETSCAPE-Bookmark-file-1><DL>", "lists nothing"),
    ],
)
def test_what_is_no_export_is_told(raw: bytes, problem: str) -> None:
    """By name, with what to do instead."""
    with pytest.raises(SourceError, match=problem) as caught:
        parse_export(raw, "given.bin")
    assert caught.value.subject.startswith("given.bin")
    assert caught.value.remedy


@pytest.mark.parametrize(
    "raw",
    [
        b"title,url\n" + b"".join(b"t,https://a.example/%d\n" % n for n in range(50_010)),
        b"".join(b"https://a.example/%d\n" % n for n in range(50_010)),
    ],
)
def test_an_export_without_end_gives_its_first_entries(raw: bytes) -> None:
    """And tells that there are more."""
    export = parse_export(raw, "long")
    assert len(export.items) == 50_000
    assert export.notes == ("entries beyond the first 50000 were left out",)


def test_a_bomb_is_refused_while_it_unpacks() -> None:
    """Whatever its header says of its size."""
    bomb = packed({"metadata_0_to_20.json": b"[" + b" " * 30_000_000 + b"]"})
    assert len(bomb) < 100_000
    with pytest.raises(SourceError, match="unpacks to more than it should"):
        parse_export(bomb, "bomb.zip")


def test_a_million_members_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The count at the end decides, or the size of the list where the count lies."""
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    many = packed({f"part_{number}.csv": "url,title\n" for number in range(50)})
    with pytest.raises(SourceError, match="more than 3 members"):
        parse_export(many, "many.zip")
    end = many.rindex(b"PK\x05\x06")
    lying = many[: end + 8] + struct.pack("<2H", 1, 1) + many[end + 12 :]
    with pytest.raises(SourceError, match="more than 3 members"):
        parse_export(lying, "many.zip")


def test_an_encrypted_archive_is_told() -> None:
    """The flag in the list of members says so."""
    raw = bytearray(packed({"metadata_0.json": "[]"}))
    place = raw.index(b"PK\x01\x02") + 8
    raw[place] |= 1
    with pytest.raises(SourceError, match="encrypted") as caught:
        parse_export(bytes(raw), "secret.zip")
    assert "unpack it" in caught.value.remedy


def test_a_damaged_archive_is_told() -> None:
    """A byte that was flipped in a member is no list of articles."""
    raw = bytearray(packed({"metadata_0.json": json.dumps(ENTRIES)}))
    raw[60] ^= 0xFF
    with pytest.raises(SourceError, match="no whole ZIP archive"):
        parse_export(bytes(raw), "damaged.zip")


@given(st.binary(max_size=200))
def test_any_bytes_are_an_export_or_an_error(noise: bytes) -> None:
    """Nothing else is ever raised."""
    starts = (b"", b"url,title\n", b"[", b"PK\x03\x04", b"<!DOCTYPE NETSCAPE-Bookmark-file-1>")
    for start in starts:
        try:
            export = parse_export(start + noise, "noise")
        except SourceError:
            continue
        assert export.items


@given(st.data())
def test_a_cut_archive_is_an_error(data: st.DataObject) -> None:
    """Half of it never passes for the whole."""
    cut = data.draw(st.integers(2, len(OMNIVORE) - 1))
    with pytest.raises(SourceError):
        parse_export(OMNIVORE[:cut], "cut.zip")
