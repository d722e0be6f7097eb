"""A programme of several articles: opening, headlines, stories, closing; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind
from audiobrief.model.script import Role
from audiobrief.script.draft import Draft, Line, Row
from audiobrief.script.edits import with_edits
from audiobrief.script.finish import finish
from audiobrief.script.frame import Frame, date_in_words
from audiobrief.script.phrases import programme_phrases
from audiobrief.script.plan import draft_of
from audiobrief.text.page.headline import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from audiobrief.model.article import Article
    from audiobrief.model.script import Script
    from audiobrief.script.cast import Casting
    from audiobrief.script.edits import Edits
    from audiobrief.text.speech.lexicon import Lexicon

#: Why a sentence of a told article is not spoken.
LEFT_OUT = "left out for time"
CREDITED = "said in the transition"
#: Why a sentence of a story is not spoken that is told in other words.
SUMMARIZED = "summarized"
#: Why a model's words are said.
_CHECKED = "by {}, checked against the source"
SUMMARY, _TRANSITION, _HEADLINE = "summary ", "transition ", "headline "
#: So many headlines are heard in advance; fewer stories than `_FEWEST` need no list.
_HEADLINES, _FEWEST = 5, 3
_TITLE_CHARACTERS = 60
_OPENING_TITLE = "Introduction"


@dataclass(frozen=True, slots=True)
class Billing:
    """What the host says around the stories."""

    #: Of the episode.
    title: str
    day: date
    #: RFC 5646; all articles are in it.
    language: str
    #: The show's title; ``None``: nobody has named it, so that it is not said.
    show: str | None = None
    #: Say that the voice is synthetic.
    ai_disclosure: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """An article of a programme, and what is told of it."""

    article: Article
    draft: Draft
    #: Rows of its body that are spoken; ``None``: all.
    rows: frozenset[int] | None = None
    #: Outlets that tell the same story.
    others: tuple[str, ...] = ()
    #: Words of a model, checked against the source: in the overview, and before the story.
    headline: str | None = None
    transition: str | None = None
    #: Sentences in place of those of the body; empty: ``rows`` are told.
    summary: tuple[str, ...] = ()
    #: Which model has worded them.
    model: str = ""


def told_whole(article: Article, casting: Casting) -> Told:
    """Return an article of which nothing is left out; what to choose from is in its draft."""
    return Told(article, draft_of(article, casting, Frame()))


def plan_programme(
    stories: Sequence[Told],
    billing: Billing,
    casting: Casting,
    *,
    lexicon: Lexicon | None = None,
    edits: Edits | None = None,
    here: Mapping[str, Lexicon] | None = None,
) -> Script:
    """Put stories together: each is a chapter, and every sentence of theirs is the source's.

    Args:
        stories: In the order in which they are told, at least one.
        billing: What is said around them.
        casting: The voices at hand.
        lexicon: How some words are said.
        edits: What a person has changed in the script file of an earlier build.
        here: How words are said in single lines, by their keys, in the place of ``lexicon``.

    Returns:
        The script; its ledger has the rows of all articles, in their order.

    Raises:
        ScriptConflictError: The programme and a person have changed the same lines.
    """
    draft = _drafted(stories, billing, casting.narrator)
    edited = draft if edits is None else with_edits(draft, edits, casting)
    return finish(edited, lexicon, casting.can_say, here)


def _drafted(stories: Sequence[Told], billing: Billing, voice: str) -> Draft:
    offsets = _offsets(stories)
    lines = list(_opening(stories, offsets, billing, voice))
    chapters = [(0, _OPENING_TITLE)]
    for number, (story, offset) in enumerate(zip(stories, offsets, strict=True)):
        chapters.append((len(lines), shorten(story.article.headline, _TITLE_CHARACTERS)))
        paragraph = lines[-1].paragraph + 1
        lines += _introduction(story, offset, (number, len(stories)), paragraph, voice)
        if story.summary:
            lines += _summary(story, offset, lines[-1].paragraph, voice)
        else:
            lines += _body(story, offset, lines[-1].paragraph)
        lines += _relatives(story, offset, lines[-1].paragraph + 1, voice)
    lines += _closing(billing, sum(len(s.draft.rows) for s in stories), lines[-1].paragraph, voice)
    spoken = {row for line in lines for row in range(*line.source)}
    rows = tuple(
        Row(row.text, None if offset + n in spoken else row.reason or _unsaid(story, n), number)
        for number, (story, offset) in enumerate(zip(stories, offsets, strict=True))
        for n, row in enumerate(story.draft.rows)
    )
    notes = tuple(
        f"{story.article.headline}: {note}" if len(stories) > 1 else note
        for story in stories
        for note in story.draft.notes
    )
    return Draft(billing.title, billing.language, tuple(lines), rows, notes, tuple(chapters))


def _unsaid(story: Told, row: int) -> str:
    bylines = (line.source for line in story.draft.lines if line.kind is BlockKind.BYLINE)
    if story.article.byline and (row, row + 1) in bylines:
        return CREDITED
    return SUMMARIZED if story.summary else LEFT_OUT


def _offsets(stories: Sequence[Told]) -> list[int]:
    """Return the first row of each story."""
    offsets = [0]
    for story in stories[:-1]:
        offsets.append(offsets[-1] + len(story.draft.rows))
    return offsets


def _opening(
    stories: Sequence[Told], offsets: Sequence[int], billing: Billing, voice: str
) -> Iterator[Line]:
    """Yield show, date, and the headlines of the first stories."""
    words = programme_phrases(billing.language)
    start = ", ".join(p for p in (billing.show, date_in_words(billing.day, billing.language)) if p)
    yield _said(f"{start or billing.title}.", "opening: show and date", 0, 0, voice)
    if len(stories) < _FEWEST:
        return
    yield _said(words.headlines, "opening: headlines", 0, 1, voice)
    for story, offset in zip(stories[:_HEADLINES], offsets, strict=False):
        if story.headline is not None:
            line = _said(story.headline, _worded(_HEADLINE, story), offset, 1, voice)
            yield replace(line, kind=BlockKind.HEADLINE)
        else:
            yield _headline(story, offset, 1, voice)


def _headline(story: Told, offset: int, paragraph: int, voice: str) -> Line:
    """Return a story's headline: its own row, or in our words where the source has it nowhere."""
    for line in story.draft.lines:
        if line.kind is BlockKind.HEADLINE and line.source[0] < line.source[1]:
            return replace(_moved(line, offset), paragraph=paragraph, voice=voice)
    text, kind = story.article.headline, BlockKind.HEADLINE
    line = _said(text, "headline, from the metadata", offset, paragraph, voice)
    return replace(line, kind=kind)


def _introduction(
    story: Told, offset: int, place: tuple[int, int], paragraph: int, voice: str
) -> Iterator[Line]:
    """Yield what leads to a story, who wrote it where, and its headline."""
    words = programme_phrases(story.article.language)
    number, count = place
    if count == 1 or story.transition is not None:
        turn = ""
    elif number == 0:
        turn = words.first
    elif number == count - 1:
        turn = words.last
    else:
        turn = words.turns[(number - 1) % len(words.turns)]
    known = [(words.source, story.article.outlet), (words.by, story.article.byline)]
    credit = ", ".join(phrase.format(name) for phrase, name in known if name)
    if turn or credit:
        text = f"{turn}, {credit}" if turn and credit else turn or credit
        yield _said(
            f"{text[0].upper()}{text[1:]}.", "transition and source", offset, paragraph, voice
        )
    if story.transition is not None:
        yield _said(story.transition, _worded(_TRANSITION, story), offset, paragraph, voice)
    yield _headline(story, offset, paragraph, voice)


def _worded(what: str, story: Told) -> str:
    return what + _CHECKED.format(story.model)


def _summary(story: Told, offset: int, paragraph: int, voice: str) -> Iterator[Line]:
    """Yield the sentences of a summary; they stand behind the story's rows."""
    row = offset + len(story.draft.rows)
    for text in story.summary:
        line = _said(text, _worded(SUMMARY, story), row, paragraph + 1, voice)
        yield replace(line, kind=BlockKind.PARAGRAPH)


def _body(story: Told, offset: int, paragraph: int) -> Iterator[Line]:
    """Yield the lines of the body that are told; lead-ins stay with what they lead to."""
    chosen = list(_chosen(story.draft.lines, story.rows))
    before = None
    for line in chosen:
        if line.paragraph != before:
            before, paragraph = line.paragraph, paragraph + 1
        yield replace(_moved(line, offset), paragraph=paragraph)


def _chosen(lines: Sequence[Line], rows: frozenset[int] | None) -> Iterator[Line]:
    for n, line in enumerate(lines):
        if line.kind in (BlockKind.HEADLINE, BlockKind.BYLINE):
            continue
        # Words of our own in a body lead in to the line after them.
        spoken = line if line.added is None else lines[n + 1]
        if rows is None or not rows.isdisjoint(range(*spoken.source)):
            yield line


def _relatives(story: Told, offset: int, paragraph: int, voice: str) -> Iterator[Line]:
    if story.others:
        words = programme_phrases(story.article.language)
        *some, last = story.others
        names = f"{', '.join(some)} {words.conjunction} {last}" if some else last
        text = words.others.format(names)
        yield _said(text, "other sources of the story", offset, paragraph, voice)


def _closing(billing: Billing, rows: int, paragraph: int, voice: str) -> Iterator[Line]:
    words = programme_phrases(billing.language)
    if billing.ai_disclosure:
        yield _said(words.disclosure, "closing: disclosure", rows, paragraph + 1, voice)
    text = words.closing.format(billing.show) if billing.show else words.end
    yield _said(text, "closing", rows, paragraph + 1, voice)


def _said(text: str, added: str, row: int, paragraph: int, voice: str) -> Line:
    kind = BlockKind.BYLINE
    return Line(Role.HOST, text, (row, row), paragraph, voice, kind, added=added)


def _moved(line: Line, offset: int) -> Line:
    start, end = line.source
    return replace(line, source=(start + offset, end + offset))
