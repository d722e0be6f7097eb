"""Quotations of an article with who says them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.text.plain_words import STOP_WORDS
from audiobrief.text.quotation.attribution import attribute
from audiobrief.text.quotation.context import ONE_QUOTATION, Context, Verdict
from audiobrief.text.quotation.marks import blank, find_spans, is_nickname
from audiobrief.text.quotation.passage import passage_of
from audiobrief.text.quotation.roster import Roster
from audiobrief.text.quotation.writings import is_title

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

__all__ = ["CERTAIN", "MIN_WORDS", "Quotation", "find_quotations", "find_spans"]

#: Shorter quotations are words held up with tongs ("moderate"): the narrator says them.
MIN_WORDS = 5
#: A longer paragraph is an accident of scraping, no prose: its marks mean nothing (and the rules
#: look at every quotation's whole paragraph).
LONGEST_CHARACTERS = 20_000
#: From here on a name may be given and the voice changed.
CERTAIN = 0.75
_TOKEN = re.compile(r"[^\W\d_][\w'\u2019-]*")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation of five words or more."""

    #: Index of its paragraph.
    paragraph: int
    #: Half-open range in the paragraph, marks included.
    start: int
    end: int
    #: The full name of who says it, when that is certain enough to be heard.
    speaker: str | None
    #: 0..1; a speaker is given from ``CERTAIN`` on.
    confidence: float
    #: It has no closing mark: it goes on in the next paragraph, or the mark is missing.
    is_open: bool = False
    #: Which rule decided, in words; empty: none had an opinion.
    rule: str = ""
    #: Where the listener hears the speaker's name: paragraph, start, end of the mention in the
    #: narration of the quotation's own sentence, before or after it, else of the sentence right
    #: before (in the paragraph before where the quotation begins its own). ``None``: nobody is
    #: named there ("he said", a quotation that goes on), so that a lead-in may be wanted; it is
    #: not where the segment before belongs to the same speaker.
    named_at: tuple[int, int, int] | None = None


def find_quotations(
    paragraphs: Sequence[str], *, headings: Collection[int] = ()
) -> tuple[Quotation, ...]:
    """Return the quotations of an article with their speakers, in order.

    Args:
        paragraphs: All spoken paragraphs, in order: names are followed through the article.
        headings: Indices of those that are headings: they name nobody and introduce nothing.

    >>> quotation, = find_quotations(['"We shall reopen the pier in May," said Ada Moss.'])
    >>> quotation.speaker, quotation.rule
    ('Ada Moss', 'name and verb after')
    """
    spans = [find_spans(p) if len(p) <= LONGEST_CHARACTERS else [] for p in paragraphs]
    if not any(spans):
        return ()
    titles = {i for i, p in enumerate(paragraphs) if i in headings or _is_title_case(p)}
    narration = [
        "" if i in titles else blank(p, s)
        for i, (p, s) in enumerate(zip(paragraphs, spans, strict=True))
    ]
    long_ones = _long_ones(paragraphs, spans, narration)
    if not long_ones:
        return ()
    roster = Roster(narration)
    context = Context(
        paragraphs,
        [passage_of(text, roster, is_heading=i in titles) for i, text in enumerate(narration)],
        roster,
    )
    found: list[Quotation] = []
    for i, start, end, is_open in long_ones:
        goes_on = bool(found) and _continues(found[-1], i, start, narration)
        verdict = Verdict(None, 0.0, "")
        if i not in titles:
            verdict = attribute(context, i, start, end)
        if goes_on and verdict.confidence < found[-1].confidence:
            verdict = Verdict(found[-1].speaker, found[-1].confidence, ONE_QUOTATION)
        context.done.append((i, start, end, verdict))
        found.append(
            Quotation(i, start, end, verdict.name, verdict.confidence, is_open, verdict.rule)
        )
    shared = _shared_speakers(found, narration)
    return tuple(
        replace(q, named_at=_named_at(q, context))
        if q.confidence >= CERTAIN
        else replace(q, speaker=None)
        for q in shared
    )


def _long_ones(
    paragraphs: Sequence[str],
    spans: Sequence[Sequence[tuple[int, int, bool]]],
    narration: Sequence[str],
) -> list[tuple[int, int, int, bool]]:
    """Return the spans that are quotations: long enough, or a paragraph of a longer one."""
    found: list[tuple[int, int, int, bool]] = []
    for i, paragraph in enumerate(paragraphs):
        for start, end, is_open in spans[i]:
            if is_nickname(paragraph, start, end):
                continue
            long = len(paragraph[start:end].split()) >= MIN_WORDS
            # A short paragraph of a long quotation ("Never again.) has its voice too.
            goes_on = (
                bool(found)
                and found[-1][3]
                and found[-1][0] == i - 1
                and not narration[i][:start].strip()
            )
            if not (long or goes_on or (is_open and i + 1 < len(paragraphs))):
                continue
            if is_title(paragraph[start:end]):
                continue
            found.append((i, start, end, is_open))
    return found


def _is_title_case(text: str) -> bool:
    """Tell whether a line is a headline by its capitals, which then show no name."""
    if text.endswith((".", "!", "?", '"', "\u201d", "'", "\u2019", ",", ":", "\u00bb")):
        return False
    words = [w for w in _TOKEN.findall(text[:400]) if w.lower() not in STOP_WORDS]
    capitals = sum(w[0].isupper() for w in words)
    return len(words) >= 4 and capitals >= 0.8 * len(words)


def _continues(last: Quotation, i: int, start: int, narration: Sequence[str]) -> bool:
    """Tell whether a quotation goes on with one that was left open a paragraph before."""
    return last.is_open and last.paragraph == i - 1 and not narration[i][:start].strip()


def _shared_speakers(found: Sequence[Quotation], narration: Sequence[str]) -> list[Quotation]:
    """Give all paragraphs of one quotation the speaker that one of them names.

    Each paragraph opens with a mark and only the last one closes; who speaks often stands there.
    """
    runs: list[list[Quotation]] = []
    for quotation in found:
        if runs and _continues(runs[-1][-1], quotation.paragraph, quotation.start, narration):
            runs[-1].append(quotation)
        else:
            runs.append([quotation])
    shared: list[Quotation] = []
    for run in runs:
        best = max(run, key=lambda q: q.confidence)
        names = {q.speaker for q in run if q.confidence >= CERTAIN}
        if len(run) > 1 and len(names) == 1:
            shared += [
                q
                if q.speaker == best.speaker
                else replace(
                    q, speaker=best.speaker, confidence=best.confidence, rule=ONE_QUOTATION
                )
                for q in run
            ]
        else:
            shared += run
    return shared


def _named_at(quotation: Quotation, context: Context) -> tuple[int, int, int] | None:
    """Return the mention that names the speaker in the same sentence, or in the one before."""
    i = quotation.paragraph
    passage = context.passages[i]
    floor, ceiling = passage.sentence_at(quotation.start)
    ranges = [(i, floor, max(ceiling, quotation.end))]
    earlier = [s for s in passage.sentences if s[1] <= floor]
    if earlier:
        ranges.append((i, *earlier[-1]))
    elif i and context.passages[i - 1].sentences:
        ranges.append((i - 1, *context.passages[i - 1].sentences[-1]))
    for p, low, high in ranges:
        for m in context.passages[p].mentions:
            if low <= m.start < high and m.name == quotation.speaker:
                return p, m.start, m.end
    return None
