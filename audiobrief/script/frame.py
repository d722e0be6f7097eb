"""Opening and closing: what the host says around an article; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind
from audiobrief.model.script import Role
from audiobrief.script.draft import Line
from audiobrief.script.phrases import phrases_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from audiobrief.model.article import Article

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """What the host says besides the article."""

    #: The show's title; ``None``: nobody has named it, so that it is not said.
    show: str | None = None
    #: Say that the voice is synthetic.
    ai_disclosure: bool = False


def opening(
    article: Article,
    frame: Frame,
    rows: dict[BlockKind, tuple[int, str]],
    voice: str,
) -> Iterator[Line]:
    """Yield show and date, headline, byline and source, disclosure: only what is certain.

    Args:
        article: The article.
        frame: What is said besides it.
        rows: Index and text of the source's own headline and byline.
        voice: Who says it.
    """
    words = phrases_of(article.language)

    def say(text: str, kind: BlockKind, added: str) -> Line:
        return Line(Role.HOST, text, (0, 0), 0, voice, kind, added=added)

    start = ", ".join(p for p in (frame.show, _date(article)) if p)
    if start:
        yield say(f"{start}.", BlockKind.BYLINE, "opening: show and date")
    if BlockKind.HEADLINE in rows:
        row, text = rows[BlockKind.HEADLINE]
        yield Line(Role.HOST, text, (row, row + 1), 0, voice, BlockKind.HEADLINE)
    elif not _begins_body(article):
        yield say(article.headline, BlockKind.HEADLINE, "opening: headline, from the metadata")
    yield from _credit_lines(article, rows, voice)
    if frame.ai_disclosure:
        yield say(words.disclosure, BlockKind.BYLINE, "opening: disclosure")


def _credit_lines(
    article: Article, rows: dict[BlockKind, tuple[int, str]], voice: str
) -> Iterator[Line]:
    said = _credit(article)
    row, printed = rows.get(BlockKind.BYLINE, (None, ""))
    if said is None and row is None:
        return
    yield Line(
        Role.HOST,
        said or printed,
        (0, 0) if row is None else (row, row + 1),
        0,
        voice,
        BlockKind.BYLINE,
        added="opening: byline and source" if row is None else None,
    )


def closing(article: Article, frame: Frame, rows: int, paragraph: int, voice: str) -> Line:
    """Return the last words: a listener in a queue of episodes hears that this one is over.

    Args:
        article: The article.
        frame: What is said besides it.
        rows: How many sentences the source has.
        paragraph: The number of the closing's paragraph.
        voice: Who says it.
    """
    words = phrases_of(article.language)
    text = words.closing.format(frame.show) if frame.show else words.end
    kind = BlockKind.BYLINE
    return Line(Role.HOST, text, (rows, rows), paragraph, voice, kind, added="closing")


def _begins_body(article: Article) -> bool:
    """Tell whether the headline was made of the body's beginning, which is heard anyway."""
    return article.body[0].text.startswith(article.headline.removesuffix("\u2026"))


def _credit(article: Article) -> str | None:
    """Return byline and source in a sentence, with our words in the article's language."""
    words = phrases_of(article.language)
    if article.byline and article.outlet:
        return f"{words.by.format(article.byline)}, {article.outlet}."
    if article.byline:
        return f"{words.by.format(article.byline)}."
    return f"{words.source.format(article.outlet)}." if article.outlet else None


def _date(article: Article) -> str | None:
    """Return the article's date as it is said; in English alone, whose order of words we know."""
    day = article.local_day or article.published
    return None if day is None else date_in_words(day, article.language)


def date_in_words(day: date, language: str) -> str | None:
    """Return a day as it is said; in English alone, whose order of words we know.

    >>> from datetime import date
    >>> date_in_words(date(2026, 3, 1), "en"), date_in_words(date(2026, 3, 1), "en-GB")
    ('March 1, 2026', '1 March 2026')
    """
    if language.partition("-")[0].lower() != "en":
        return None
    return _in_words(day, british=language.lower() in _BRITISH)


#: Where the day comes before the month.
_BRITISH = frozenset(("en-gb", "en-au", "en-nz", "en-ie", "en-in", "en-za"))


def _in_words(day: date, *, british: bool) -> str:
    month = _MONTHS[day.month - 1]
    return f"{day.day} {month} {day.year}" if british else f"{month} {day.day}, {day.year}"
