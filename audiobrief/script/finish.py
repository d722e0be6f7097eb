"""Lines to segments: ids, spoken forms, pauses, chapters and the ledger; pure."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from audiobrief.model.article import BlockKind
from audiobrief.model.script import Addition, LedgerRow, Role, Script, Segment
from audiobrief.script.cast import takes_letters
from audiobrief.script.chapters import with_chapters
from audiobrief.script.draft import key_of
from audiobrief.text.speech.acronyms import find_introduced
from audiobrief.text.speech.spoken import speak_out

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from audiobrief.model.script import Generated
    from audiobrief.script.draft import Draft, Line
    from audiobrief.text.speech.lexicon import Lexicon
    from audiobrief.text.speech.spoken import SpokenForm

#: Silence after a segment, by what follows, in milliseconds; where two fit, the longer.
PAUSES_MS = {
    "inside a sentence": 200,
    "list item": 450,
    "sentence": 250,
    "other voice": 400,
    "paragraph": 550,
    "section": 900,
    "end": 1000,
}


def finish(
    draft: Draft,
    lexicon: Lexicon | None = None,
    can_say: Callable[[str, str], bool] = takes_letters,
    here: Mapping[str, Lexicon] | None = None,
    forms: Forms | None = None,
) -> Script:
    """Return the script of a draft: every segment as it will be spoken.

    Args:
        draft: Lines with their voices; every line is said by somebody.
        lexicon: How some words are said.
        can_say: Tells whether the voice of a profile can be told these sounds, in IPA.
        here: What counts in the place of ``lexicon`` in single lines, by their keys.
        forms: What was worked out before, where the same script is asked for again and again.
    """
    segments, notes = _voiced(draft, lexicon, can_say, here or {}, forms)
    kinds = [line.kind for line in draft.lines]
    chaptered = _with_chapters(segments, kinds, draft)
    return Script(
        title=draft.title,
        language=draft.language,
        segments=chaptered,
        ledger=_ledger(draft, segments),
        notes=(*notes, *draft.notes),
        added=tuple(
            Addition(segment.id, line.added)
            for segment, line in zip(segments, draft.lines, strict=True)
            if line.added is not None
        ),
        generated=_made(draft, chaptered),
        news=draft.news,
    )


def _made(draft: Draft, segments: Sequence[Segment]) -> Generated | None:
    """Return what an edited file is made from, with the chapters that nobody has chosen."""
    made = draft.generated
    if made is None or draft.chapters is not None:
        return made
    titles = [s.chapter for s in segments if s.chapter]
    marks = [*titles, *[None] * len(made.lines)]
    lines = (replace(x, chapter=t) for x, t in zip(made.lines, marks, strict=False))
    return replace(made, lines=tuple(lines))


def _voiced(
    draft: Draft,
    lexicon: Lexicon | None,
    can_say: Callable[[str, str], bool],
    here: Mapping[str, Lexicon],
    forms: Forms | None,
) -> tuple[list[Segment], list[str]]:
    spelled = find_introduced(line.text for line in draft.lines)
    known = {} if forms is None else forms.of(draft.language, lexicon, spelled)
    segments: list[Segment] = []
    notes: list[str] = []
    counts: dict[str, int] = {}
    for line, following in zip_longest(draft.lines, draft.lines[1:]):
        digest = key_of(line.role, line.speaker, line.text)
        own = here.get(digest, lexicon)
        said = say_line(
            *(line, draft.language, own, spelled, can_say), {} if digest in here else known
        )
        notes += said.notes
        counts[digest] = counts.get(digest, 0) + 1
        segments.append(
            Segment(
                id=digest if counts[digest] == 1 else f"{digest}-{counts[digest]}",
                role=line.role,
                text=line.text,
                spoken=said.text,
                voice=line.voice,
                pause_after_ms=_pause_ms(line, following),
                source=line.source,
                paragraph=line.paragraph,
                speaker=line.speaker,
                spans=said.spans,
                phonemes=said.phonemes,
                kind=line.kind,
            )
        )
    return segments, notes


class Forms:
    """Spoken forms by their texts: a form takes a quarter of a millisecond to work out."""

    #: For so many lexicons, and so many texts each; then all are worked out again.
    _MOST = (3, 20_000)

    def __init__(self) -> None:
        self._shelves: list[tuple[tuple[object, ...], dict[str, SpokenForm]]] = []
        self._lock = Lock()

    def of(
        self, language: str, lexicon: Lexicon | None, spelled: frozenset[str]
    ) -> dict[str, SpokenForm]:
        """Return the forms of texts in a language, by a lexicon and acronyms; to be added to."""
        key = (language, lexicon, spelled)
        with self._lock:
            found = next((one for one in self._shelves if one[0] == key), (key, {}))
            self._shelves = [found, *(one for one in self._shelves if one is not found)]
            del self._shelves[self._MOST[0] :]
            if len(found[1]) > self._MOST[1]:
                found[1].clear()
            return found[1]


class SaidLine(NamedTuple):
    """How a line is said."""

    #: As sent to the engine.
    text: str
    #: See `Segment.spans`.
    spans: tuple[tuple[int, int, int, int], ...]
    #: See `Segment.phonemes`.
    phonemes: tuple[tuple[int, int, str], ...]
    #: What is said otherwise than printed, and what cannot be.
    notes: tuple[str, ...]


def say_line(
    line: Line,
    language: str,
    lexicon: Lexicon | None,
    spelled: frozenset[str],
    can_say: Callable[[str, str], bool],
    known: dict[str, SpokenForm] | None = None,
) -> SaidLine:
    """Return how a line is said.

    Args:
        line: With its voice.
        language: RFC 5646.
        lexicon: How some words are said.
        spelled: Acronyms that the script introduces.
        can_say: As for `finish`.
        known: Forms of texts in this language, by this lexicon and these acronyms; added to.
    """
    spoken = known.get(line.text) if known else None
    if spoken is None:
        spoken = speak_out(line.text, language=language, lexicon=lexicon, spelled=spelled)
        if known is not None:
            known[line.text] = spoken
    phonemes, unheard = _sounded(spoken, line, can_say)
    return SaidLine(
        _closed(spoken.text) if _stands_alone(line) else spoken.text,
        # A list first: an article has 700, and a generator takes twice the time.
        tuple([(a, b, c, d) for a, b, c, d in spoken.spans]),
        phonemes,
        (*spoken.notes, *unheard),
    )


def _sounded(
    spoken: SpokenForm, line: Line, can_say: Callable[[str, str], bool]
) -> tuple[tuple[tuple[int, int, str], ...], list[str]]:
    """Return the sounds that the voice of a line is told; and a note where letters must do."""
    told = [s for s in spoken.phonemes if can_say(line.voice, s.ipa)]
    notes = [
        f'"{spoken.text[s.start : s.end]}" is read as printed: its lexicon entry has IPA alone,'
        f' which the voice "{line.voice}" does not take; add "say" beside it'
        for s in spoken.phonemes
        if s not in told and not s.is_respelled
    ]
    return tuple((s.start, s.end, s.ipa) for s in told), notes


def _stands_alone(line: Line) -> bool:
    return line.kind in (BlockKind.HEADLINE, BlockKind.HEADING, BlockKind.LIST_ITEM)


def _closed(text: str) -> str:
    """End a headline like a sentence: engines let the voice fall only there."""
    return text if text.endswith((".", "!", "?")) else f"{text.rstrip(' ,;:')}."


#: What opening and closing are made of.
_FRAME = (BlockKind.HEADLINE, BlockKind.BYLINE)


def _pause_ms(line: Line, following: Line | None) -> int:
    """Return the silence after a line, from ``PAUSES_MS``; ``None``: nothing follows."""
    if following is None:
        return PAUSES_MS["end"]
    kinds = (line.kind, following.kind)
    framed, next_framed = (kind in _FRAME for kind in kinds)
    leads_in = line.role is Role.HOST and not framed
    same_row = line.source == following.source and line.source[0] < line.source[1]
    if leads_in or (same_row and not framed):
        return PAUSES_MS["inside a sentence"]
    fitting = ["sentence"]
    if line.voice != following.voice:
        fitting.append("other voice")
    if line.paragraph != following.paragraph or framed:
        both_items = kinds == (BlockKind.LIST_ITEM, BlockKind.LIST_ITEM)
        fitting.append("list item" if both_items else "paragraph")
    if framed != next_framed or BlockKind.HEADING in kinds:
        fitting.append("section")
    return max(PAUSES_MS[name] for name in fitting)


def _with_chapters(
    segments: Sequence[Segment], kinds: Sequence[BlockKind], draft: Draft
) -> tuple[Segment, ...]:
    if draft.chapters is None:
        return with_chapters(segments, kinds)
    titles = dict(draft.chapters)
    return tuple(replace(s, chapter=titles.get(i)) for i, s in enumerate(segments))


def _ledger(draft: Draft, segments: Sequence[Segment]) -> tuple[LedgerRow, ...]:
    spoken_in: dict[int, list[str]] = {}
    for segment in segments:
        for row in range(*segment.source):
            spoken_in.setdefault(row, []).append(segment.id)
    return tuple(
        LedgerRow(row.article, row.text, tuple(spoken_in.get(n, ())), row.reason)
        for n, row in enumerate(draft.rows)
    )
