"""Word documents: what their authors meant to be read, and what their form says."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.errors import SourceError
from audiobrief.ingest import Candidate, extract, read
from audiobrief.ingest.document import Document, DocumentKind
from tests.ingest.books import epub, pack
from tests.ingest.words import paragraph, run, table, word

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.model.article import Article

BODY = (
    "The lighthouse on the north rock was lit again on Sunday, the harbor office said.",
    "Its lamp had been dark since the storm of last winter broke the glass and the gallery.",
    "Two men carried the new lens up the stairs, and it took them the whole of a day.",
)
TEXT = "".join(map(paragraph, BODY))


def article_of(body: str, **parts: object) -> Article:
    raw = word(body, **parts)  # type: ignore[arg-type]
    return extract(Document("a.docx", DocumentKind.DOCX, raw))


def lines(inner: str, **parts: object) -> list[tuple[str, str, str | None]]:
    """Return the blocks of a document besides its headline and the three paragraphs."""
    article = article_of(paragraph("Lighthouse lit again", "Titel") + TEXT + inner, **parts)
    assert article.headline == "Lighthouse lit again"
    return [
        (b.kind.value, b.text, b.dropped)
        for b in article.blocks
        if b.text not in BODY and b.kind != "headline"
    ]


def test_headings_and_items_are_what_their_styles_are() -> None:
    """Named in the language of whoever wrote it; a numbered paragraph is an item, too."""
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    inner = (
        paragraph("What happens now", "berschrift1")
        + paragraph("one boat", "Aufzhlung")
        + paragraph("two boats", properties=numbered)
        + paragraph("no item", "Aufzhlung", '<w:numPr><w:numId w:val="0"/></w:numPr>')
        + paragraph("By its level", properties='<w:outlineLvl w:val="1"/>')
        + paragraph("And this is the end of the text about the light on the rock.")
    )
    assert lines(inner) == [
        ("heading", "What happens now", None),
        ("list item", "one boat", None),
        ("list item", "two boats", None),
        ("paragraph", "no item", None),
        ("heading", "By its level", None),
        ("paragraph", "And this is the end of the text about the light on the rock.", None),
    ]


def deleted(text: str) -> str:
    return f'<w:del w:id="1"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


@pytest.mark.parametrize(
    ("inner", "spoken"),
    [
        (
            run("It cost ")
            + deleted("two")
            + f"<w:ins w:id='2'>{run('three')}</w:ins>"
            + run(" bn."),
            "It cost three bn.",
        ),
        (
            f"<w:moveFrom w:id='1'>{run('gone')}</w:moveFrom>" + run("It ") + "<w:moveTo w:id='2'>"
            f"{run('moved here')}</w:moveTo>",
            "It moved here",
        ),
        (
            run("Seen ") + run("hidden ", "<w:vanish/>") + run("again", '<w:vanish w:val="0"/>'),
            "Seen again",
        ),
        (
            run("A tab") + "<w:r><w:tab/></w:r>" + run("and") + "<w:r><w:br/></w:r>" + run("rows."),
            "A tab and rows.",
        ),
        (
            run("10") + run("15", '<w:vertAlign w:val="superscript"/>') + run(" drops"),
            "10\u00b9\u2075 drops",
        ),
        (
            f'<w:hyperlink r:id="r9">{run("A link")}</w:hyperlink>' + run(" goes on"),
            "A link goes on",
        ),
        (
            '<w:fldSimple w:instr=" PAGE ">' + run("7") + "</w:fldSimple>" + run("On page."),
            "On page.",
        ),
        (
            run("See ")
            + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText>'
            '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run("chapter two")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "See chapter two",
        ),
        (run("\u201cSmart\u201d \u2013 it\u2019s"), "\u201cSmart\u201d \u2013 it\u2019s"),
        (
            f"<w:sdt><w:sdtContent>{run('In a control')}</w:sdtContent></w:sdt>" + run(" here"),
            "In a control here",
        ),
        (f"<m:oMath><m:r><m:t>x = 2</m:t></m:r></m:oMath>{run(' holds.')}", "x = 2 holds."),
        (
            run("Kept")
            + '<w:commentRangeStart w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
            + '<w:r><w:footnoteReference w:id="2"/></w:r>'
            + run(" whole."),
            "Kept whole.",
        ),
    ],
)  # fmt: skip
def test_text_is_as_it_is_meant_to_be_read(inner: str, spoken: str) -> None:
    """With all changes accepted, nothing hidden, and fields as they show."""
    assert lines(paragraph(inner)) == [("paragraph", spoken, None)]


def test_what_was_deleted_is_in_no_line() -> None:
    """The ledger is published: it holds no words that an author took out, only their count."""
    comments = {"comments": f'<w:comment w:id="0">{paragraph("Is that true?")}</w:comment>'}
    cell = f"<w:tc>{paragraph('gone')}</w:tc>"
    row = f"<w:tbl><w:tr><w:trPr><w:del w:id='3'/></w:trPr>{cell}</w:tr></w:tbl>"
    inner = paragraph(run("Seen.") + deleted("secret") + run("private", "<w:vanish/>")) + row
    article = article_of(TEXT + inner, more=comments)
    text = " ".join(b.text for b in article.blocks)
    assert not {"secret", "private", "gone", "true?"} & set(text.split())
    assert article.notes == (
        "deleted passages left out: 2",
        "hidden passages left out: 1",
        "comments left out: 1",
    )


def test_a_deleted_paragraph_mark_joins_two() -> None:
    """And so does a large first letter, which is a paragraph of its own."""
    inner = (
        paragraph("Joined with ", properties='<w:rPr><w:del w:id="1"/></w:rPr>')
        + paragraph("the next one.")
        + paragraph("T", properties='<w:framePr w:dropCap="drop"/>')
        + paragraph("he ferry sails.")
    )
    assert [text for _, text, _ in lines(inner)] == [
        "Joined with the next one.",
        "The ferry sails.",
    ]


def box(text: str) -> str:
    content = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{content}"
        f"</wps:txbx><a:blip/></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{content}"
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_what_stands_beside_the_text_has_its_reason() -> None:
    """Boxes once, contents, captions, tables, formulas, notes, and what is crossed out."""
    gallery = "<w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
    inner = (
        f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{paragraph('Contents')}</w:sdtContent></w:sdt>"
        + paragraph("Introduction 3", "Verzeichnis1")
        + paragraph(box("From the box") + run("The anchor stands here."))
        + paragraph("Figure 1: the rock", "Beschriftung")
        + table(("lamp", "2 kg"), ("lens", "9 kg"))
        + paragraph("<m:oMathPara><m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath></m:oMathPara>")
        + paragraph(run("It shines ") + run("never", "<w:strike/>") + run("again."))
    )
    notes = f'<w:footnote w:id="0" w:type="separator">{paragraph("-")}</w:footnote>'
    notes += f'<w:footnote w:id="2">{paragraph("A note.")}</w:footnote>'
    assert lines(inner, more={"footnotes": notes, "header1": paragraph("Running head")}) == [
        ("furniture", "Contents", "table of contents"),
        ("furniture", "Introduction 3", "table of contents"),
        ("paragraph", "The anchor stands here.", None),
        ("furniture", "From the box", "a text box"),
        ("furniture", "Figure 1: the rock", "picture caption"),
        ("furniture", "lamp", "table"),
        ("furniture", "2 kg", "table"),
        ("furniture", "lens", "table"),
        ("furniture", "9 kg", "table"),
        ("furniture", "a=b", "a formula"),
        ("paragraph", "It shines again.", None),
        ("furniture", "never", "struck out"),
        ("furniture", "A note.", "footnote"),
    ]


def test_tables_and_boxes_that_hold_the_text_are_read() -> None:
    """Newsletters are laid out in them."""
    assert [b.text for b in article_of(table((BODY[0], BODY[1]), (BODY[2],))).body] == list(BODY)
    boxed = paragraph("".join(map(box, BODY)) + run("Letter"))
    assert [b.text for b in article_of(boxed).body][-3:] == list(BODY)


CORE = (
    "<dc:title>{title}</dc:title><dc:creator>Ana Ruiz</dc:creator>"
    "<cp:keywords>boats; light</cp:keywords>"
    "<dcterms:created>2024-05-04T10:30:15Z</dcterms:created>"
)


def test_properties_count_as_far_as_the_text_says_the_same() -> None:
    """Templates leave titles and authors behind."""
    head = paragraph("Lighthouse lit again") + paragraph("By Ana Ruiz")
    found = article_of(head + TEXT, core=CORE.format(title="Lighthouse lit again"))
    assert (found.headline, found.byline, found.tags) == (
        "Lighthouse lit again",
        "Ana Ruiz",
        ("boats", "light"),
    )
    assert found.published is not None
    assert found.published.isoformat() == "2024-05-04T10:30:15+00:00"
    other = article_of(paragraph("Light on the rock") + TEXT, core=CORE.format(title="Invoice"))
    assert other.headline != "Invoice"
    assert other.byline is None
    assert ("title", "Invoice", 0.5) in {(f.name, f.value, f.confidence) for f in other.facts}


def test_one_heading_above_all_is_the_title() -> None:
    """In documents without the style of a title."""
    head = paragraph("Light on the rock", "berschrift1")
    assert article_of(head + TEXT).headline == "Light on the rock"


@pytest.mark.parametrize(
    ("name", "raw", "problem", "remedy"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), r"\(\.doc\)", "save it as .docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "old Word document", "save it as .docx"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0" + bytes(60) + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
            "without a password",
        ),
        ("a.docx", b"Dear reader", "this is text", "suffix of its kind"),
        ("a.docx", b"%PDF-1.4", "this is a PDF", "suffix of its kind"),
        ("a.docx", epub({}), "this is an EPUB", "suffix of its kind"),
        ("a.docx", pack({"x": b"y"}), "another kind of archive", "suffix of its kind"),
        ("a.docx", pack({"word/document.xml": b"<x"}), "no proper XML", "save"),
        ("a.docx", word(""), "there is no text", "text in it"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, name: str, raw: bytes, problem: str, remedy: str
) -> None:
    """With what mends it."""
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(SourceError, match=problem) as caught:
        extract(read(Candidate(name, path)))
    assert caught.value.subject == name
    assert remedy in caught.value.remedy


def test_deep_nesting_is_refused() -> None:
    """Thousands of tables, each in the one before."""
    body = "<w:tbl><w:tr><w:tc>" * 5000
    with pytest.raises(SourceError, match="no proper XML"):
        article_of(body)


RICH = word(
    paragraph("Light", "Titel") + TEXT + paragraph(box("Box") + run("x")) + table(("a", "b")),
    core=CORE.format(title="x"),
)


@given(st.integers(0, 3), st.integers(0, 20_000), st.binary(max_size=3))
@settings(max_examples=60, deadline=None)
def test_damage_is_an_error_of_ours(member: int, where: int, noise: bytes) -> None:
    """Bytes changed in any part: the document is read, or refused."""
    with zipfile.ZipFile(io.BytesIO(RICH)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = list(files)[member]
    at = where % len(files[name])
    files[name] = files[name][:at] + noise + files[name][at + 2 :]
    with suppress(SourceError):
        extract(Document("a.docx", DocumentKind.DOCX, pack(files)))
