"""What is no text of a book: covers, copyright pages, contents; and what is a section of a work."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.ingest.epub_page import Measured

#: A page of which so much is links is a table of contents.
_LINKED_SHARE = 0.6
_LINKED_WORDS = 10
#: Longer than a copyright page is a chapter that speaks of copyright.
_COPYRIGHT_WORDS = 500
_ROMAN = r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_COUNT = (
    "(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen)"
)
_NUMBER = re.compile(rf"(?:\d{{1,3}}|{_ROMAN}|{_COUNT})\.?")
_SECTION = re.compile(
    r"(?i:chapter|part|book|section|act|scene|letter|lesson|day|canto|kapitel|teil|chapitre|partie"
    rf"|cap[i\u00ed]tulo|parte|capitolo|hoofdstuk|deel)\s+(?:\d{{1,3}}|{_ROMAN}|{_COUNT})\b.*"
    rf"|(?:\d{{1,3}}|{_ROMAN}|{_COUNT})(?:[.:)].*|\s+[\u2013\u2014-]\s.*)?"
    r"|(?i:(?:an? |the )?(?:introduction|prologue|epilogue|preface|foreword|afterword|conclusions?"
    r"|abstract|summary|background|methods?|results|discussion|appendix|postscript|interlude"
    r"|einleitung|vorwort|nachwort|prolog|epilog|fazit|avant-propos|introducci\u00f3n"
    r"|pr\u00f3logo|ep\u00edlogo)\b.{0,60})",
)
_LEADING_NUMBER = re.compile(r"(\d{1,3})\s+\S")
_MATTER = re.compile(
    r"(?:front |back |book |the )?cover(?: page| image)?|(?:half[ -]?)?title(?:[ -]?page)?"
    r"|copyright\b.*|legal notice|imprint|impressum|colophon|dedication|(?:table of )?contents|toc"
    r"|inhalt|inhaltsverzeichnis|sommaire|table des mati\u00e8res|\u00edndice|indice"
    r"|inhoud(?:sopgave)?|index|also (?:by|available)\b.*|(?:other )?(?:books|titles|works) by\b.*"
    r"|by the same author|about the (?:authors?|publishers?)|praise for\b.*|acknowledge?ments?"
    r"|(?:end|foot)?notes|bibliography|list of (?:figures|illustrations|tables|maps)"
    r"|newsletter\b.*|titelseite|cover(?:bild)?|umschlag|landmarks|transcriber's notes?",
    re.IGNORECASE,
)
#: As the guide of EPUB 2 calls them.
_KINDS = {
    "cover": "the cover",
    "title-page": "the title page",
    "toc": "the table of contents",
    "index": "the index",
    "copyright-page": "the copyright page",
    "colophon": "the colophon",
    "bibliography": "the bibliography",
    "notes": "the notes",
    "dedication": "the dedication",
    "acknowledgements": "the acknowledgments",
    "loi": "a list of pictures",
    "lot": "a list of tables",
}
_COPYRIGHT_SIGNS = re.compile(
    r"all rights reserved|\bisbn\b|\u00a9|\bcopyright (?:\(c\) )?\d{4}|first published"
    r"|first edition|published by|alle rechte vorbehalten|tous droits r\u00e9serv\u00e9s",
    re.IGNORECASE,
)


def name_matter(kind: str | None, title: str | None, measured: Measured | None) -> str | None:
    """Return what a stretch of a book is that is no text, in words for the user.

    Args:
        kind: As the book's package has it.
        title: As the table of contents has it.
        measured: What it holds; ``None``: it cannot be read.

    Returns:
        ``None`` for what is text.
    """
    if kind in _KINDS:
        return _KINDS[kind]
    if title and _MATTER.fullmatch(title.replace("\u2019", "'").strip(" .:")):
        return f'"{title}"'
    if measured is None:
        return None
    signs = {sign.lower() for sign in _COPYRIGHT_SIGNS.findall(measured.text)}
    if measured.words <= _COPYRIGHT_WORDS and len(signs) >= 2:
        return "the copyright page"
    if measured.words >= _LINKED_WORDS and measured.linked >= _LINKED_SHARE:
        return "the table of contents"
    return None


def are_sections(titles: Sequence[str | None]) -> bool:
    """Tell whether the titles are those of one work: half of them have numbers, or say no more.

    >>> are_sections(["Prologue", "1. The storm", "II", "Chapter 3"])
    True
    >>> are_sections(["10 beaches to see", "I was there", "Rain closes the road"])
    False
    """
    sections = sum(title is None or _SECTION.fullmatch(title) is not None for title in titles)
    leading = [int(m[1]) for t in titles if t and (m := _LEADING_NUMBER.match(t))]
    rising = len(leading) > 1 and all(b == a + 1 for a, b in pairwise(leading))
    return 2 * max(sections, len(leading) if rising else 0) >= len(titles)


def is_number(title: str) -> bool:
    """Tell whether a title is no more than a number.

    >>> is_number("XIV."), is_number("1984"), is_number("Mix")
    (True, False, False)
    """
    return _NUMBER.fullmatch(title.strip()) is not None
