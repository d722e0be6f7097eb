"""Quotations, and who says them, by rules each of which knows how sure it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from audiobrief.text.lines import STOP_WORDS
from audiobrief.text.names import Mention, Roster

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

#: Shorter quotations are words held up with tongs ("moderate"): the narrator says them.
MIN_WORDS = 5
#: From here on a name may be given and the voice changed. The rules above it were right in 92 to
#: 100 of 100 cases of a labelled news corpus (PolNeAR), those below in 50 to 77.
CERTAIN = 0.75

_VERBS = (
    "said|says|say|saying|told|tells|asked|asks|added|adds|explained|explains|warned|warns"
    "|argued|argues|insisted|insists|claimed|claims|stated|states|noted|notes|wrote|writes"
    "|replied|replies|recalled|recalls|continued|continues|announced|announces|declared|declares"
    "|stressed|stresses|reiterated|reiterates|acknowledged|acknowledges|admitted|admits|agreed"
    "|agrees|believed|believes|thinks|suggested|suggests|concluded|concludes|commented|comments"
    "|remarked|remarks|observed|observes|pointed out|points out|joked|jokes|conceded|concedes"
    "|urged|urges|vowed|vows|promised|promises|tweeted|posted|shouted|cried|called|calls"
    "|described|describes|denied|denies|confirmed|confirms|complained|complains|likened|likens"
)
_VERB = re.compile(rf"\b(?:{_VERBS})\b")
_VERB_FIRST = re.compile(rf"^[,\s]*(?:{_VERBS})\b")
_PRONOUN = re.compile(r"^\W*(?:[Hh]e|[Ss]he|[Tt]hey)\b")
_PRONOUN_SAYS = re.compile(
    rf"^[,\s]*(?:(?:{_VERBS}) (?:he|she|they)\b|(?:he|she|they)(?: \w+)? (?:{_VERBS})\b)"
)
_TOKEN = re.compile(r"[^\W\d_][\w'\u2019-]*")
_SENTENCE_END = re.compile(
    r"(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)(?<!\bSt)(?<!\bSen)(?<!\bRep)(?<!\bGov)(?<!\bProf)"
    r"(?<!\b[A-Z])[.!?][\"\u201d\u2019)]*(?:\s+|$)(?=[A-Z\"\u201c]|$)"
)
_DOUBLE = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')
#: A straight mark after one of these, or at the beginning, opens.
_OPENING_BEFORE = " \t([{\u2013\u2014-/\u2018'\u201c"
_SINGLE = re.compile(r"(?:(?<=\s)|^)\u2018(?=\w)([^\u2018]{20,}?)\u2019(?=[\s,.;:?!]|$)")


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


def find_quotations(
    paragraphs: Sequence[str], *, headings: Collection[int] = ()
) -> tuple[Quotation, ...]:
    """Return the quotations of an article with their speakers, in order.

    Args:
        paragraphs: All spoken paragraphs, in order: names are followed through the article.
        headings: Indices of those that are headings: they name nobody and introduce nothing.

    >>> quotation, = find_quotations(['"We shall reopen the pier in May," said Ada Moss.'])
    >>> quotation.speaker
    'Ada Moss'
    """
    spans = [find_spans(paragraph) for paragraph in paragraphs]
    narration = [
        "" if i in headings or _is_title_case(p) else _blanked(p, s)
        for i, (p, s) in enumerate(zip(paragraphs, spans, strict=True))
    ]
    roster = Roster(narration)
    found: list[Quotation] = []
    for i, paragraph in enumerate(paragraphs):
        for start, end, is_open in spans[i]:
            quotation = Quotation(i, start, end, None, 0.0, is_open)
            long = len(paragraph[start:end].split()) >= MIN_WORDS
            goes_on = bool(found) and _continues(found[-1], quotation, narration)
            # A short paragraph of a long quotation ("Never again.) has its voice too.
            if not (long or goes_on or (is_open and i + 1 < len(paragraphs))):
                continue
            name, confidence = _attribute(quotation, paragraphs, narration, roster, found)
            found.append(replace(quotation, speaker=name, confidence=confidence))
    shared = _shared_speakers(found, narration)
    return tuple(q if q.confidence >= CERTAIN else replace(q, speaker=None) for q in shared)


def _is_title_case(text: str) -> bool:
    """Tell whether a line is a headline by its capitals, which then show no name."""
    words = [w for w in _TOKEN.findall(text[:400]) if w.lower() not in STOP_WORDS]
    capitals = sum(w[0].isupper() for w in words)
    ended = text.endswith((".", "!", '"', "\u201d", ",", ":"))
    return not ended and len(words) >= 4 and capitals >= 0.8 * len(words)


def _continues(last: Quotation, quotation: Quotation, narration: Sequence[str]) -> bool:
    """Tell whether a quotation goes on with one that was left open a paragraph before."""
    before = narration[quotation.paragraph][: quotation.start]
    return last.is_open and last.paragraph == quotation.paragraph - 1 and not before.strip()


def _shared_speakers(found: Sequence[Quotation], narration: Sequence[str]) -> list[Quotation]:
    """Give all paragraphs of one quotation the speaker that one of them names.

    Each paragraph opens with a mark and only the last one closes; who speaks often stands there.
    """
    runs: list[list[Quotation]] = []
    for quotation in found:
        if runs and _continues(runs[-1][-1], quotation, narration):
            runs[-1].append(quotation)
        else:
            runs.append([quotation])
    shared: list[Quotation] = []
    for run in runs:
        best = max(run, key=lambda q: q.confidence)
        names = {q.speaker for q in run if q.confidence >= CERTAIN}
        named = len(names) == 1
        shared += [
            replace(q, speaker=best.speaker, confidence=best.confidence) if named else q
            for q in run
        ]
    return shared


#: The inch mark of a height, and one after figures, open no quotation.
_INCHES = re.compile(r"(?<=\d['\u2019\u2032]\d)\"|(?<=\d['\u2019\u2032]\d\d)\"")


def find_spans(paragraph: str) -> list[tuple[int, int, bool]]:
    r"""Return start, end and "has no closing mark" of each quotation in double or single marks.

    Marks within a quotation are part of it: words held up with tongs, a quotation quoted.

    >>> find_spans('He said "no" twice, and "ye')
    [(8, 12, False), (24, 27, True)]
    >>> find_spans('"From "old" to "new" ways"')
    [(0, 26, False)]
    """
    marks = _marks(paragraph)
    # How many of the marks from here on open and close: inner ones must leave one to close with.
    surplus = [0, *accumulate(-sign for _, sign in reversed(marks))][::-1]
    spans: list[tuple[int, int, bool]] = []
    start, depth = -1, 0
    for n, (i, sign) in enumerate(marks):
        if start < 0:
            if sign > 0:
                start, depth = i, 1
        elif sign > 0:
            # No mark is left to close this one and the outer: the outer was never closed, and
            # nobody knows where it ends.
            start, depth = (start, depth + 1) if surplus[n + 1] > depth else (i, 1)
        elif depth > 1:
            depth -= 1
        else:
            spans.append((start, i + 1, False))
            start = -1
    if start >= 0:
        spans.append((start, len(paragraph), True))
    if not spans and "\u2018" in paragraph:
        spans = [(m.start(), m.end(), False) for m in _SINGLE.finditer(paragraph)]
    return spans


def _marks(paragraph: str) -> list[tuple[int, int]]:
    """Return the place of each double mark, and +1 when it looks like opening, else -1."""
    low = "\u201e" in paragraph
    inches = {m.start() for m in _INCHES.finditer(paragraph)}
    marks: list[tuple[int, int]] = []
    for match in _DOUBLE.finditer(paragraph):
        i, mark = match.start(), match[0]
        if mark == '"':
            if i in inches:
                continue
            before, after = paragraph[i - 1 : i] if i else "", paragraph[i + 1 : i + 2]
            opens = (not before or before in _OPENING_BEFORE) and (
                not after.isspace() or not marks or marks[-1][1] < 0
            )
        else:
            opens = mark in "\u201e\u00ab" or (mark == "\u201c" and not low)
        marks.append((i, 1 if opens else -1))
    return marks


def _blanked(paragraph: str, spans: Sequence[tuple[int, int, bool]]) -> str:
    """Return the narration of a paragraph: quotations made blanks, so that positions stay."""
    pieces: list[str] = []
    position = 0
    for start, end, _ in spans:
        pieces += (paragraph[position:start], " " * (end - start))
        position = end
    return "".join((*pieces, paragraph[position:]))


def _attribute(
    quotation: Quotation,
    paragraphs: Sequence[str],
    narration: Sequence[str],
    roster: Roster,
    earlier: Sequence[Quotation],
) -> tuple[str | None, float]:
    """Return who says a quotation, and how sure that is; the first rule that fits decides."""
    i = quotation.paragraph
    before, after = narration[i][: quotation.start], narration[i][quotation.end :]
    last = earlier[-1] if earlier else None
    goes_on = last is not None and last.paragraph == i - 1 and last.is_open
    if last is not None and goes_on and not before.strip() and last.confidence >= CERTAIN:
        return last.speaker, last.confidence
    ends_mid_sentence = (
        paragraphs[i][: quotation.end].rstrip('"\u201d\u2019\u00bb')[-1:] not in ".\u2026"
    )
    for name, confidence in (
        _after(after, roster) if ends_mid_sentence else (None, 0.0),
        _before(before, roster),
    ):
        if name:
            return name, confidence
    if (_PRONOUN_SAYS.match(after) and ends_mid_sentence) or _PRONOUN_SAYS.match(
        _last_clause(before)
    ):
        return _only_person(roster, [*narration[max(0, i - 2) : i], before])
    if last is not None and last.paragraph == i:
        between = narration[i][last.end : quotation.start]
        # "…," said X. "…": the attribution in the middle holds for both halves.
        return last.speaker, last.confidence - (0.05 if len(between.split()) <= 15 else 0.3)
    if not narration[i].strip(" .,;:!?-"):
        return _from_paragraph_before(i, narration, roster, last)
    return None, 0.0


def _after(text: str, roster: Roster) -> tuple[str | None, float]:
    """Rule 1: name and verb after the quotation, in its sentence."""
    end = _SENTENCE_END.search(text)
    clause = text[: end.start() if end else 160][:160]
    mentions = roster.mentions(clause)
    if not mentions:
        return None, 0.0
    first = mentions[0]
    if _VERB_FIRST.match(clause):
        return (None, 0.0) if first.is_object else (first.name, 0.98)
    verb = _VERB.search(clause, first.end)
    lead = clause[: first.start].strip(" ,")
    if verb and len(lead.split()) <= 4 and len(clause[first.end : verb.start()].split()) <= 12:
        return first.name, 0.95
    return None, 0.0


def _before(text: str, roster: Roster) -> tuple[str | None, float]:
    """Rule 2: name and verb before the quotation, in its sentence."""
    clause = _last_clause(text)
    verbs = list(_VERB.finditer(clause))
    if not verbs or len(clause[verbs[-1].end() :].split()) > 12:
        return None, 0.0
    subject = _subject(roster.mentions(clause), verbs[-1].start())
    if subject and not _PRONOUN.match(clause[subject.end :][-20:]):
        return subject.name, 0.9
    return None, 0.0


def _last_clause(text: str) -> str:
    ends = [m.end() for m in _SENTENCE_END.finditer(text) if m.end() < len(text.rstrip())]
    return text[ends[-1] if ends else 0 :]


def _subject(mentions: Sequence[Mention], verb_start: int) -> Mention | None:
    """Return the nearest person before a verb who is not governed by a preposition."""
    fitting = [m for m in mentions if m.end <= verb_start and not m.is_object]
    return fitting[-1] if fitting else None


def _only_person(roster: Roster, texts: Sequence[str]) -> tuple[str | None, float]:
    """Rule 3: a pronoun means somebody certain only where one person fits."""
    names = {m.name for text in texts for m in roster.mentions(text)}
    return (next(iter(names)), 0.8) if len(names) == 1 else (None, 0.0)


def _from_paragraph_before(
    i: int, narration: Sequence[str], roster: Roster, last: Quotation | None
) -> tuple[str | None, float]:
    """Rule 5: a paragraph that is all quotation is said by whom the one before introduces."""
    if i == 0:
        return None, 0.0
    text = narration[i - 1]
    if last is not None and last.paragraph == i - 1:
        # A new paragraph of the same speaker where the last one names him, else anybody's.
        return last.speaker, last.confidence - (0.1 if text.strip(" .,") else 0.3)
    mentions = roster.mentions(text)
    for verb in _VERB.finditer(text):
        subject = _subject(mentions, verb.start())
        if subject:
            return subject.name, 0.85
    if _PRONOUN.match(text) and i >= 2:
        name, confidence = _from_paragraph_before(i - 1, narration, roster, None)
        return name, confidence - 0.05
    names = {m.name for m in mentions}
    return (mentions[-1].name, 0.8) if len(names) == 1 else (None, 0.0)
