"""Books: an episode a chapter or article, what is no text left out, and damage told by name."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.cli.inputs import gather_inputs
from audiobrief.errors import SourceError
from audiobrief.ingest import Candidate, expand, extract, gather, read
from audiobrief.ingest.epub_page import stretch
from audiobrief.ingest.markup_file import parse_xhtml, text_of
from audiobrief.workspace.load import load_workspace
from tests.ingest.books import CONTAINER, epub, nav, ncx, pack, page, point

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audiobrief.model.article import Article

METADATA = """<dc:title>The Ferry</dc:title>
<dc:creator opf:role="aut" opf:file-as="Ruiz, Ana">Ana Ruiz</dc:creator>
<dc:creator opf:role="ill">Bo Lind</dc:creator>
<dc:date>2021-05-04</dc:date><dc:language>en-GB</dc:language>
<dc:publisher>Quay Press</dc:publisher><dc:subject>Boats</dc:subject>"""
VERBS = ("sailed", "waited", "turned", "landed", "rested", "leaked", "rolled", "drifted", "docked")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def prose(subject: str, words: int) -> str:
    """Return paragraphs of so many words or some more, no two alike."""
    rows = []
    while sum(len(row.split()) for row in rows) < words:
        n = len(rows)
        rows.append(
            f"The {subject} {VERBS[n % 9]} at the pier {n + 2} times on {DAYS[n % 7]}, and the "
            f"{VERBS[n % 8][:-2]}ing of the other boats was heard in {n + 30} of the houses."
        )
    return "".join(f"<p>{row}</p>" for row in rows)


def chapters(titles: Mapping[str, str], words: int) -> dict[str, str]:
    return {
        name: page(f"<h1>{title}</h1>{prose(title.lower(), words)}")
        for name, title in titles.items()
    }


def articles(raw: bytes, folder: Path) -> list[Article]:
    return [extract(read(candidate)) for candidate in candidates(raw, folder)]


def candidates(raw: bytes, folder: Path) -> list[Candidate]:
    path = folder / "book.epub"
    path.write_bytes(raw)
    return [c for f in gather([path], root=folder) for c in expand(f)]


SHIPS = {"a.xhtml": "Steamer", "b.xhtml": "Schooner", "c.xhtml": "Barge"}


def test_a_collection_gives_an_article_each(tmp_path: Path) -> None:
    """Titles of the contents; the book's author is not the author of what is collected in it."""
    contents = nav(
        [("The steamer is back", "a.xhtml"), ("A schooner", "b.xhtml"), ("Barge", "c.xhtml")]
    )
    found = articles(epub(chapters(SHIPS, 300), contents=contents, metadata=METADATA), tmp_path)
    assert [a.locator for a in found] == [f"book.epub#chapter-{n}" for n in (1, 2, 3)]
    assert [a.headline for a in found] == ["The steamer is back", "A schooner", "Barge"]
    assert {(a.byline, a.source, a.language, a.tags) for a in found} == {
        (None, "The Ferry", "en-GB", ())
    }
    assert ("author", "Ana Ruiz", 0.5) in {(f.name, f.value, f.confidence) for f in found[0].facts}
    assert found[1].notes[0] == "article 2 of 3 of this book, an episode each"
    assert all(300 <= a.word_count < 340 for a in found)


def test_a_long_work_gives_its_chapters(tmp_path: Path) -> None:
    """Named with the book, by its author, each a minute after the one before."""
    contents = nav([("I", "a.xhtml"), ("Chapter 2", "b.xhtml"), ("3. The Barge", "c.xhtml")])
    found = articles(epub(chapters(SHIPS, 2500), contents=contents, metadata=METADATA), tmp_path)
    assert [a.headline for a in found] == [
        "The Ferry: Chapter I",
        "The Ferry: Chapter 2",
        "The Ferry: 3. The Barge",
    ]
    assert {(a.byline, a.tags) for a in found} == {("Ana Ruiz", ("Boats",))}
    assert [a.published and a.published.isoformat() for a in found] == [
        f"2021-05-04T00:0{n}:00+00:00" for n in (1, 2, 3)
    ]


def test_a_short_work_is_one_article(tmp_path: Path) -> None:
    """Its sections are headings, and its locator is the file."""
    contents = nav([(f"{n}. {t}", name) for n, (name, t) in enumerate(SHIPS.items(), 1)])
    (found,) = articles(epub(chapters(SHIPS, 300), contents=contents, metadata=METADATA), tmp_path)
    assert (found.locator, found.headline, found.byline) == ("book.epub", "The Ferry", "Ana Ruiz")
    assert [b.text for b in found.body if b.kind == "heading"] == list(SHIPS.values())
    assert found.notes[0] == "the book is one article: a short work in 3 sections"


def test_a_book_without_contents_is_divided_by_headings(tmp_path: Path) -> None:
    """A page without one goes on with the chapter before."""
    pages = chapters(SHIPS, 200)
    pages = {"a.xhtml": pages["a.xhtml"], "a2.xhtml": page(prose("tug", 200)), **pages}
    found = articles(epub(pages), tmp_path)
    assert [a.headline for a in found] == list(SHIPS.values())
    assert "The tug sailed" in " ".join(b.text for b in found[0].body)


def test_places_on_one_page_divide_it(tmp_path: Path) -> None:
    """EPUB 2, with all chapters on a page: each ends where the next begins."""
    inner = "".join(
        f'<div><h2>A <a id="{name[0]}"></a>{title}</h2>{prose(title.lower(), 200)}</div>'
        for name, title in SHIPS.items()
    )
    points = "".join(point(title, f"all.xhtml#{name[0]}") for name, title in SHIPS.items())
    found = articles(epub({"all.xhtml": page(inner)}, contents=ncx(points), version=2), tmp_path)
    assert [a.headline for a in found] == list(SHIPS.values())
    for article, title in zip(found, SHIPS.values(), strict=True):
        text = " ".join(b.text for b in article.body)
        assert [t for t in SHIPS.values() if f"The {t.lower()} " in text] == [title]


def test_chapters_stand_below_their_parts(tmp_path: Path) -> None:
    """A page that only heads or lists others is none; sections on a chapter's page are not one."""
    pages = {
        "one.xhtml": page("<h1>Part One</h1>"),
        "list.xhtml": page(
            "<h1>News</h1>"
            + "".join(f'<p><a href="{n}">x</a> {"word " * 60}</p>' for n in ("c.xhtml",))
        ),
        **chapters(SHIPS, 300),
    }
    order = ("one.xhtml", "a.xhtml", "b.xhtml", "list.xhtml", "c.xhtml")
    sections = point("Section", "a.xhtml#x") + point("Section two", "a.xhtml#y")
    points = point(
        "Part One",
        "one.xhtml",
        point("Steamer", "a.xhtml", sections) + point("Schooner", "b.xhtml"),
    ) + point("News", "list.xhtml", point("Barge", "c.xhtml"))
    raw = epub({n: pages[n] for n in order}, contents=ncx(points), version=2)
    found = articles(raw, tmp_path)
    assert [a.headline for a in found] == ["Steamer", "Schooner", "News", "Barge"]


def test_what_is_no_text_is_left_out_with_a_reason(tmp_path: Path) -> None:
    """By the package, by title, by what the page holds; the first article's notes tell."""
    links = "".join(f'<p><a href="{n}">{t} and all that happened</a></p>' for n, t in SHIPS.items())
    pages = {
        "x1.xhtml": page("<img src='c.jpg' alt='Cover picture'/>"),
        "x2.xhtml": page("<p>Copyright \u00a9 2021. All rights reserved. ISBN 1.</p>"),
        "x3.xhtml": page(links),
        "x4.xhtml": page("<p>For the keepers of the light.</p>"),
        "x5.xhtml": page(prose("footnote", 100)),
        **chapters(SHIPS, 200),
        "x6.xhtml": page(prose("advert", 100)),
    }
    contents = nav(
        [(name, f"x{n}.xhtml") for n, name in ((1, "Start"), (2, "Rights"), (3, "List"))]
        + [("To the keepers", "x4.xhtml"), (" Notes ", "x5.xhtml")]
        + [(title, name) for name, title in SHIPS.items()]
        + [("About the Author", "x6.xhtml")]
    )
    guide = '<reference type="cover" title="?" href="x1.xhtml"/>'
    raw = epub(pages, contents=contents, guide=guide, aside=["x5.xhtml"])
    found = articles(raw, tmp_path)
    assert [a.headline for a in found] == list(SHIPS.values())
    assert found[0].notes[1:] == (
        (
            "left out of the book: the cover, the copyright page, the table of contents, "
            '"About the Author"'
        ),
        "pages beside the reading order left out of the book: 1",
        'too short for an episode and left out: "To the keepers" (6 words)',
    )
    assert found[1].notes == ("article 2 of 3 of this book, an episode each",)


def test_notes_marks_and_pictures_are_not_spoken(tmp_path: Path) -> None:
    """With the roles of EPUB 3, and by where links lead in older books."""
    inner = (
        f"<h1>Steamer</h1>{prose('steamer', 100)}"
        '<p>It was built<a epub:type="noteref" href="#n1">7</a> abroad'
        '<sup><a href="#n2" id="r2">8</a></sup> and <span epub:type="pagebreak" id="p4">34</span>'
        'sold<a href="#n3" id="r3">[9]</a> twice&nbsp;over, as <a href="#n1">the note</a> says.</p>'
        '<img src="a.jpg" alt="a steamer"/>'
        '<aside epub:type="footnote" id="n1"><p>In the yard of Leith.</p></aside>'
        '<p id="n2"><a href="#r2">8</a> At the second try.</p>'
        '<div><p><a id="n3"></a><a href="#r3">[9]</a> For little money.</p></div>'
    )
    (found,) = articles(epub({"a.xhtml": page(inner)}), tmp_path)
    text = "It was built abroad and sold twice over, as the note says."
    assert text in [b.text for b in found.body]
    assert [(b.text, b.dropped) for b in found.blocks if b.dropped] == [
        ("7", "the mark of a footnote"),
        ("8", "the mark of a footnote"),
        ("34", "a page number"),
        ("[9]", "the mark of a footnote"),
        ("In the yard of Leith.", "footnote"),
        ("8 At the second try.", "footnote"),
        ("[9] For little money.", "footnote"),
    ]
    assert "pictures left out, as they cannot be read aloud: 1" in found.notes


def test_one_bad_chapter_never_stops_the_others(tmp_path: Path) -> None:
    """It is listed, and told by name when it is read."""
    pages = chapters(SHIPS, 200)
    raw = bytearray(epub(pages, contents=nav([(t, n) for n, t in SHIPS.items()])))
    start = raw.index(b"OEBPS/b.xhtml") + 60
    raw[start : start + 20] = bytes(20)
    listed = candidates(bytes(raw), tmp_path)
    assert len(listed) == 3
    with pytest.raises(SourceError, match=r"OEBPS/b\.xhtml is damaged") as caught:
        read(listed[1])
    assert caught.value.subject == "book.epub#chapter-2"
    assert [extract(read(listed[n])).headline for n in (0, 2)] == ["Steamer", "Barge"]


def test_one_chapter_can_be_named(tmp_path: Path) -> None:
    """As its locator says; one that is not there is a file that is not there."""
    contents = nav([(t, n) for n, t in SHIPS.items()])
    (tmp_path / "book.epub").write_bytes(epub(chapters(SHIPS, 200), contents=contents))

    def named(path: str) -> list[Candidate]:
        return [c for f in gather([tmp_path / path], root=tmp_path) for c in expand(f)]

    (one,) = named("book.epub#chapter-2")
    assert (one.locator, extract(read(one)).headline) == ("book.epub#chapter-2", "Schooner")
    (none,) = named("book.epub#chapter-9")
    with pytest.raises(SourceError, match="no such file"):
        read(none)
    with pytest.raises(SourceError, match="3 parts, an episode each") as caught:
        read(*gather([tmp_path / "book.epub"], root=tmp_path))
    assert caught.value.remedy == "name one: book.epub#chapter-1"


def test_build_takes_every_chapter(tmp_path: Path) -> None:
    """What the command line is given as one file are as many articles as are in it."""
    (tmp_path / "audiobrief.toml").write_text("", encoding="utf-8")
    contents = nav([(t, n) for n, t in SHIPS.items()])
    (tmp_path / "book.epub").write_bytes(epub(chapters(SHIPS, 200), contents=contents))
    (tmp_path / "broken.epub").write_bytes(b"PK")
    inputs = gather_inputs((str(tmp_path),), load_workspace(tmp_path))
    assert [i.locator for i in inputs] == [
        *(f"book.epub#chapter-{n}" for n in (1, 2, 3)),
        "broken.epub",
    ]
    assert [extract(i.read()).headline for i in inputs[:3]] == list(SHIPS.values())
    with pytest.raises(SourceError, match="damaged"):
        inputs[3].read()


ENCRYPTED = """<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"
xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>
<enc:EncryptionMethod Algorithm="{0}"/><enc:CipherData><enc:CipherReference URI="{1}"/>
</enc:CipherData></enc:EncryptedData></encryption>"""
AES = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"


def test_copy_protection_is_refused_by_name(tmp_path: Path) -> None:
    """Fonts may be scrambled, as publishers do with those that they pay for."""
    pages = chapters(SHIPS, 200)
    fonts = {
        "META-INF/encryption.xml": ENCRYPTED.format(
            "http://www.idpf.org/2008/embedding", "OEBPS/font.otf"
        ).encode()
    }
    assert len(articles(epub(pages, more=fonts), tmp_path)) == 3
    text = {
        "META-INF/encryption.xml": ENCRYPTED.format(AES, "OEBPS/a.xhtml").encode(),
        "META-INF/rights.xml": b"<rights/>",
    }
    (listed,) = candidates(epub(pages, more=text), tmp_path)
    with pytest.raises(SourceError, match=r"Adobe's copy protection \(DRM\)") as caught:
        read(listed)
    assert "without DRM" in caught.value.remedy


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (pack({"mimetype": b"application/epub+zip"}), "this is no EPUB"),
        (pack({"word/document.xml": b"<x/>"}), "this is a Word document"),
        (pack({"META-INF/container.xml": b"<x"}), "no proper XML"),
        (pack({"META-INF/container.xml": CONTAINER.encode()}), "package file is missing"),
        (epub({}), "the book has no pages"),
        (b"PK\x03\x04 and no more", "no whole ZIP archive"),
        (b"Chapter one", "this is text, no EPUB"),
        (b"", "the file is empty"),
    ],
)
def test_what_is_no_book_is_refused(tmp_path: Path, raw: bytes, problem: str) -> None:
    """The error says what it is instead."""
    (listed,) = candidates(raw, tmp_path)
    with pytest.raises(SourceError, match=problem) as caught:
        read(listed)
    assert caught.value.subject == "book.epub"


def test_entities_are_neither_expanded_nor_read(tmp_path: Path) -> None:
    """Neither those that grow nor those that name a file; the named ones of HTML are letters."""
    secret = tmp_path / "secret.txt"
    secret.write_text("swordfish", encoding="utf-8")
    types = (
        f'<!DOCTYPE html [<!ENTITY a "xx xx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        f'<!ENTITY f SYSTEM "{secret.as_uri()}">]>'
    )
    inner = f"<h1>Steamer</h1>{prose('steamer', 100)}<p>A caf&eacute; &b; on board &f; opens.</p>"
    raw = epub({"a.xhtml": page(inner).replace("<!DOCTYPE html>", types)})
    (found,) = articles(raw, tmp_path)
    text = " ".join(b.text for b in found.blocks)
    assert "A caf\u00e9 on board opens." in text
    assert "swordfish" not in text
    assert "xx" not in text


def test_pages_that_are_no_xml_are_read_as_browsers_do(tmp_path: Path) -> None:
    """Unclosed elements, and letters in an encoding of long ago."""
    inner = f"<h1>Steamer<p>It sailed to Malm\u00f6 & back.<br>{prose('steamer', 100)}"
    raw = f"<html><head><meta charset=iso-8859-1></head><body>{inner}".encode("latin-1")
    book = members(epub({"a.xhtml": ""})) | {"OEBPS/a.xhtml": raw}
    (found,) = articles(pack(book), tmp_path)
    assert "It sailed to Malm\u00f6 & back." in " ".join(b.text for b in found.blocks)


def members(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@given(
    st.lists(st.sampled_from(("p", "div", "b")), min_size=1, max_size=12),
    st.integers(0, 11),
    st.integers(0, 11),
)
def test_stretches_of_a_page_are_the_page(tags: list[str], first: int, second: int) -> None:
    """Cut at any two places, nothing is lost and nothing is doubled."""
    inner = "".join(f'<{t} id="i{n}">w{n} </{t}>t{n} ' for n, t in enumerate(tags))
    root = parse_xhtml(page(f"<div>{inner}</div>").encode(), "a", "b")
    a, b = sorted((first % len(tags), second % len(tags)))
    cuts = ["", f"i{a}", f"i{b}", ""] if a != b else ["", f"i{a}", ""]
    pieces = [stretch(root, s, e) for s, e in pairwise(cuts)]
    whole = stretch(root, "", "")
    assert [w for p in pieces for w in text_of(p).split()] == text_of(whole).split()


@given(st.integers(0, 4), st.integers(0, 5000), st.binary(max_size=3))
@settings(max_examples=60, deadline=None)
def test_damage_is_an_error_of_ours(
    tmp_path_factory: pytest.TempPathFactory, member: int, where: int, noise: bytes
) -> None:
    """Bytes changed in the package, the contents or a page: the book is read, or refused."""
    book = epub(chapters(SHIPS, 60), contents=nav([(t, n) for n, t in SHIPS.items()]))
    files = members(book)
    name = ("META-INF/container.xml", "OEBPS/book.opf", "OEBPS/nav.xhtml", *files)[member]
    at = where % len(files[name])
    files[name] = files[name][:at] + noise + files[name][at + 2 :]
    path = tmp_path_factory.getbasetemp() / "damaged.epub"
    path.write_bytes(pack(files))
    for candidate in expand(Candidate("book.epub", path)):
        with suppress(SourceError):
            extract(read(candidate))
