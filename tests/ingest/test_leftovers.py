"""Marks, heads and gates that stay behind when text is saved: none of them is read aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audiobrief.errors import SourceError
from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import Document, DocumentKind

if TYPE_CHECKING:
    from audiobrief.model.article import Article

TEXT = (
    "The orchard above the village was planted again on Saturday by two hundred people. "
    "The frost of the spring before had killed nearly all of its old trees."
)


def article_of(text: str, kind: DocumentKind = DocumentKind.MARKDOWN) -> Article:
    return extract(Document("a", kind, text.encode()))


def heard(text: str, kind: DocumentKind = DocumentKind.MARKDOWN) -> list[str]:
    return [block.text for block in article_of(text, kind).body]


@pytest.mark.parametrize(
    ("row", "spoken"),
    [
        ("It cost ~~nine~~ eleven thousand.", "It cost eleven thousand."),
        ("Apples &amp; pears &copy; all.", "Apples & pears \u00a9 all."),
        ("<details><summary>How</summary>With spades.</details>", "How With spades."),
        ("H<sub>2</sub>O was brought.", "H2O was brought."),
        ("- [x] trees bought", "- trees bought"),
    ],
)
def test_marks_are_not_read(row: str, spoken: str) -> None:
    """Nor are words run together where a tag stood between them."""
    assert heard(f"# Orchard planted\n\n{TEXT}\n\n{row}\n\n{TEXT[:82]} Yes.")[1] == spoken


def test_a_picture_and_its_caption_are_dropped_apart() -> None:
    """The description and the line in italics below it have a row each."""
    blocks = article_of(
        f"# Orchard planted\n\n![Rows of trees](x.jpg)\n*The orchard in May*\n\n{TEXT}"
    ).blocks
    assert {b.text: b.dropped for b in blocks if b.dropped} == {
        "Rows of trees": "the description of a picture",
        "The orchard in May": "picture caption",
    }


def test_indented_code_is_not_read_and_indented_prose_is() -> None:
    """Four blanks make code of what is no sentence."""
    spoken = heard(f"# Orchard planted\n\n    x = plant(3)\n\n    {TEXT}\n")
    assert spoken == [TEXT]


@pytest.mark.parametrize(
    "authors", ["authors: [Ida Holm, Bo Lund]", "authors:\n  - Ida Holm\n  - Bo Lund"]
)
def test_several_authors_are_named_as_people_say_it(authors: str) -> None:
    """A list in front matter is an enumeration."""
    assert article_of(f"---\n{authors}\n---\n# Orchard\n\n{TEXT}").byline == "Ida Holm and Bo Lund"


def test_front_matter_without_its_end_is_still_front_matter() -> None:
    """Keys up to the first blank row are no headline."""
    article = article_of(f"---\ntitle: Orchard planted\nauthor: Ida Holm\n\n{TEXT}")
    assert (article.headline, article.byline) == ("Orchard planted", "Ida Holm")
    assert [block.text for block in article.body] == [TEXT]


def test_front_matter_of_a_text_file_is_read_not_spoken() -> None:
    """People rename their files."""
    article = article_of(f"---\ntitle: Orchard planted\n---\n{TEXT}", DocumentKind.TEXT)
    assert article.headline == "Orchard planted"
    assert [block.text for block in article.body] == [TEXT]


def test_head_and_signature_of_a_letter_are_not_read() -> None:
    """Its subject is the headline."""
    head = "From: Ida <ida@x.example>\nTo: all@x.example\nSubject: Orchard planted"
    letter = f"{head}\n\n{TEXT}\n\n--\nIda Holm | Head of Trees\nT: 020 7946 0000"
    article = article_of(letter, DocumentKind.TEXT)
    assert article.headline == "Orchard planted"
    assert [block.text for block in article.body] == [TEXT]


def test_two_rows_of_a_wrapped_paragraph_are_one() -> None:
    """A row that ends in the middle of its sentence goes on in the next."""
    wrapped = (
        "Orchard planted\n\n"
        "The orchard above the village was planted again on Saturday by two\n"
        "hundred people.\n\n"
        "The frost of the spring before had killed nearly all of the trees\n"
        "that stood there.\n"
    )
    assert [text[-15:] for text in heard(wrapped, DocumentKind.TEXT)] == [
        "hundred people.",
        "at stood there.",
    ]


def test_verses_are_not_joined() -> None:
    """Short rows, and rows that begin with a capital letter, end where they end."""
    verses = "Dark is the water,\nand bright is the stone,\nand late is the hour."
    assert heard(f"Orchard\n\n{TEXT}\n\n{verses}", DocumentKind.TEXT)[-3:] == verses.split("\n")


@pytest.mark.parametrize(
    "sentence",
    [
        "For the base we use cookies, crushed and mixed with butter, and press them into a tin.",
        "A sign on the gate said only 'Access denied', and the guard turned everybody away again.",
        "The site had shown 'page not found' for a week before anybody in the office saw it.",
    ],
)
def test_an_article_may_speak_of_a_gate(sentence: str) -> None:
    """One sentence among others is no error page."""
    assert sentence in heard(f"# Orchard\n\n{sentence}\n\n{TEXT}")


def test_a_page_that_only_denies_is_refused() -> None:
    """Its heading says what it is."""
    page = "Access denied\n\nYou do not have the rights to see what lies at this place of the "
    with pytest.raises(SourceError, match="error page"):
        article_of(f"{page}server. Ask whoever sent you here to give them to you, or go back.")


def test_an_article_cut_at_a_paywall_says_so() -> None:
    """The beginning is read, and the user learns that there is more."""
    article = article_of(f"Orchard planted\n\n{TEXT}\n\nSubscribe to continue reading")
    assert [block.text for block in article.body][-1] == TEXT
    assert article.notes == (
        "the page ends at a paywall: only the beginning of the article is there",
    )


def test_the_caller_knows_the_language_of_few_words() -> None:
    """Where the words do not tell, the show's own language is taken."""
    few = " ".join(f"Kupa{n} tora mela" for n in range(12))
    document = Document("a", DocumentKind.TEXT, f"Kupa\n\n{few}.".encode())
    assert extract(document, language="pl").language == "pl"
    assert extract(Document("a", DocumentKind.TEXT, TEXT.encode()), language="pl").language == "en"


def test_the_day_of_the_place_is_kept() -> None:
    """Half past eleven at night there is the next day in UTC."""
    article = article_of(f"---\ndate: 2024-03-12T23:30:00-05:00\n---\n# Orchard\n\n{TEXT}")
    assert article.published is not None
    assert article.published.isoformat() == "2024-03-13T04:30:00+00:00"
    assert str(article.local_day) == "2024-03-12"
