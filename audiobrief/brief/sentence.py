"""The sentences of an article as they are chosen from: where they stand and how long they last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind
from audiobrief.text.quotation.quotes import find_quotations, find_spans
from audiobrief.text.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audiobrief.model.article import Article
    from audiobrief.text.quotation.quotes import Quotation

#: A longer paragraph is an accident of scraping: its marks mean nothing.
_LONGEST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article's body, as it is printed."""

    text: str
    #: Counts the paragraphs, headings and list items of the body.
    paragraph: int
    #: How long it is heard, with the pause after it; 0 or more.
    seconds: float
    kind: BlockKind = BlockKind.PARAGRAPH
    #: Numbers of the quotations of which it has a part: those with one number are heard whole or
    #: not at all.
    quotations: tuple[int, ...] = ()
    #: Who is quoted in it, where that is certain.
    speaker: str | None = None
    #: No word with a letter stands outside of its quotations.
    is_quoted: bool = False

    def __post_init__(self) -> None:
        """Refuse a length that is none."""
        if not self.seconds >= 0.0:
            message = f"a sentence lasts 0 seconds or more: {self.seconds}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class _Span:
    """A quotation in a paragraph, of any length."""

    start: int
    end: int
    #: All spans of one quotation, which may go on over paragraphs, have one number.
    number: int
    speaker: str | None


def sentences_of(article: Article, seconds: Callable[[str], float]) -> tuple[Sentence, ...]:
    """Return the sentences of an article's body, in order; what cannot be said is left out.

    They are those of the script's ledger rows for the spoken blocks after the opening.

    Args:
        article: The article.
        seconds: How long a printed sentence lasts, the pause after it included.
    """
    blocks = article.body
    headings = frozenset(i for i, b in enumerate(blocks) if b.kind is BlockKind.HEADING)
    texts = [b.text for b in blocks]
    spans = _spans_of(texts, find_quotations(texts, headings=headings))
    return tuple(
        sentence
        for number, block in enumerate(blocks)
        for sentence in _of_block(block.text, block.kind, number, spans[number], article, seconds)
    )


def _of_block(
    text: str,
    kind: BlockKind,
    number: int,
    spans: Sequence[_Span],
    article: Article,
    seconds: Callable[[str], float],
) -> Iterator[Sentence]:
    position = 0
    for part in split_sentences(text, article.language):
        start = text.index(part, position)
        position = start + len(part)
        if not _can_be_said(part):
            continue
        inside = [s for s in spans if s.start < position and s.end > start]
        yield Sentence(
            part,
            number,
            seconds(part),
            kind,
            tuple(dict.fromkeys(s.number for s in inside)),
            next((s.speaker for s in inside if s.speaker), None),
            bool(inside) and not _can_be_said(_outside(text, start, position, inside)),
        )


def _spans_of(texts: Sequence[str], quotations: Sequence[Quotation]) -> list[list[_Span]]:
    """Return the quotations of each paragraph; one left open goes on where the next one opens."""
    speakers = {(q.paragraph, q.start): q.speaker for q in quotations}
    found: list[list[_Span]] = []
    count = 0
    is_open = False
    for i, text in enumerate(texts):
        rows = find_spans(text) if len(text) <= _LONGEST_CHARACTERS else []
        own: list[_Span] = []
        for start, end, left_open in rows:
            goes_on = is_open and not own and not text[:start].strip()
            count += not goes_on
            own.append(_Span(start, end, count - 1, speakers.get((i, start))))
            is_open = left_open
        if not rows:
            is_open = False
        found.append(own)
    return found


def _outside(text: str, start: int, end: int, spans: Sequence[_Span]) -> str:
    """Return what of a sentence stands in no quotation."""
    kept = [c for n, c in enumerate(text[start:end], start) if not _is_in(n, spans)]
    return "".join(kept)


def _is_in(place: int, spans: Sequence[_Span]) -> bool:
    return any(s.start <= place < s.end for s in spans)


def _can_be_said(text: str) -> bool:
    return any(map(str.isalnum, text))
