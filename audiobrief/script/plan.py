"""Article to Script: opening, sentences, quoted parts, pauses, chapters and the ledger; pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind
from audiobrief.model.script import LedgerRow, Role, Script, Segment
from audiobrief.script.cast import Casting, cast_voices
from audiobrief.script.chapters import with_chapters
from audiobrief.text.quotes import Quotation, find_quotations
from audiobrief.text.sentences import split_sentences
from audiobrief.text.spoken import speak_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.model.article import Article, Block

#: Silence after a segment, by what follows, in milliseconds; where two fit, the longer.
PAUSES_MS = {
    "inside a sentence": 200,
    "sentence": 250,
    "other voice": 400,
    "paragraph": 550,
    "section": 900,
    "end": 1000,
}
DISCLOSURE = "This article is read by a synthetic voice."
_NOTHING_TO_SAY = "nothing to say: no letter and no digit"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A segment before voices, ids and pauses are known."""

    role: Role
    text: str
    source: tuple[int, int]
    paragraph: int
    kind: BlockKind
    speaker: str | None = None


@dataclass(slots=True)
class _Draft:
    """What is collected while walking through the blocks."""

    rows: list[tuple[str, str | None]] = field(default_factory=list)
    opening: dict[BlockKind, tuple[int, int]] = field(default_factory=dict)
    body: list[_Piece] = field(default_factory=list)


def plan(article: Article, casting: Casting, *, ai_disclosure: bool) -> Script:
    """Decide who says what, and account for every sentence of the source.

    The host opens with headline, byline and disclosure; the body follows sentence by sentence. A
    quotation whose speaker is certain is given to that speaker's voice; all others are the
    narrator's.

    Args:
        article: The article.
        casting: The voices at hand.
        ai_disclosure: Say in the opening that the voice is synthetic.

    Returns:
        The script. Joined without white space, its ledger is the article's blocks.
    """
    spoken_blocks = [b for b in article.blocks if _is_body(b)]
    quotations = find_quotations(
        [b.text for b in spoken_blocks],
        headings=frozenset(i for i, b in enumerate(spoken_blocks) if b.kind is BlockKind.HEADING),
    )
    draft = _walk(article, quotations)
    pieces = (*_opening(article, draft, ai_disclosure=ai_disclosure), *draft.body)
    speakers = [p.speaker for p in pieces if p.speaker is not None]
    voices = cast_voices(speakers, casting)
    segments, notes = _voiced(pieces, voices, casting.narrator, article.language)
    kinds = [p.kind for p in pieces]
    return Script(
        title=article.headline,
        language=article.language,
        segments=with_chapters(_paused(segments, kinds), kinds),
        ledger=_ledger(draft, segments),
        notes=(*notes, *_uncertain(quotations)),
    )


def _is_body(block: Block) -> bool:
    return block.dropped is None and block.kind not in (BlockKind.HEADLINE, BlockKind.BYLINE)


def _walk(article: Article, quotations: tuple[Quotation, ...]) -> _Draft:
    """Divide all blocks into ledger rows, and the spoken ones into pieces."""
    draft = _Draft()
    paragraph = 0
    for block in article.blocks:
        if block.dropped is not None:
            draft.rows += [
                (s, block.dropped) for s in split_sentences(block.text, article.language)
            ]
        elif not _is_body(block):
            draft.opening.setdefault(block.kind, (len(draft.rows), len(draft.rows) + 1))
            draft.rows.append((block.text, None))
        else:
            paragraph += 1
            own = [q for q in quotations if q.paragraph == paragraph - 1]
            _walk_block(draft, block, own, paragraph, article.language)
    return draft


def _walk_block(
    draft: _Draft, block: Block, quotations: list[Quotation], paragraph: int, language: str
) -> None:
    position = 0
    for sentence in split_sentences(block.text, language):
        start = block.text.index(sentence, position)
        position = start + len(sentence)
        row = len(draft.rows)
        if not _can_be_said(sentence):
            draft.rows.append((sentence, _NOTHING_TO_SAY))
            continue
        draft.rows.append((sentence, None))
        for speaker, text in _parts(sentence, start, quotations):
            role = Role.NARRATOR if speaker is None else Role.QUOTE
            draft.body.append(_Piece(role, text, (row, row + 1), paragraph, block.kind, speaker))


def _can_be_said(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _parts(
    sentence: str, start: int, quotations: list[Quotation]
) -> Iterator[tuple[str | None, str]]:
    """Yield the quoted and narrated parts of a sentence with their speakers, in order.

    Parts without a letter (a full stop after a closing mark) stay with the part before them.
    """
    end = start + len(sentence)
    edges = [
        (max(start, q.start), min(end, q.end), q.speaker)
        for q in quotations
        if q.speaker is not None and q.start < end and q.end > start
    ]
    parts: list[tuple[str | None, int, int]] = []
    position = start
    for a, b, speaker in (*edges, (end, end, None)):
        for who, low, high in ((None, position, a), (speaker, a, b)):
            text = sentence[low - start : high - start]
            if not text.strip():
                continue
            if parts and (not _can_be_said(text) or parts[-1][0] == who):
                parts[-1] = (parts[-1][0], parts[-1][1], high)
            elif len(parts) == 1 and not _can_be_said(sentence[: parts[0][2] - start]):
                parts[0] = (who, start, high)
            else:
                parts.append((who, low, high))
        position = b
    for who, low, high in parts:
        yield who, sentence[low - start : high - start].strip()


def _opening(article: Article, draft: _Draft, *, ai_disclosure: bool) -> Iterator[_Piece]:
    """Yield what the host says before the body: only what is certain, and nothing twice."""
    nowhere = (0, 0)
    headline = draft.opening.get(BlockKind.HEADLINE)
    if headline is not None:
        yield _Piece(Role.HOST, draft.rows[headline[0]][0], headline, 0, BlockKind.HEADLINE)
    elif not _begins_body(article):
        yield _Piece(Role.HOST, article.headline, nowhere, 0, BlockKind.HEADLINE)
    credit = _credit(article.byline, article.outlet)
    byline = draft.opening.get(BlockKind.BYLINE, nowhere)
    if credit:
        yield _Piece(Role.HOST, credit, byline, 0, BlockKind.BYLINE)
    elif byline != nowhere:
        yield _Piece(Role.HOST, draft.rows[byline[0]][0], byline, 0, BlockKind.BYLINE)
    if ai_disclosure:
        yield _Piece(Role.HOST, DISCLOSURE, nowhere, 0, BlockKind.BYLINE)


def _begins_body(article: Article) -> bool:
    """Tell whether the headline was made of the body's beginning, which is heard anyway."""
    return article.body[0].text.startswith(article.headline.removesuffix("\u2026"))


def _credit(byline: str | None, outlet: str | None) -> str | None:
    """Return the line that says whose article it is.

    >>> _credit("Greg Dyett", "SBS News")
    'By Greg Dyett, SBS News.'
    """
    if byline:
        return f"By {byline}, {outlet}." if outlet and outlet not in byline else f"By {byline}."
    return f"From {outlet}." if outlet else None


def _voiced(
    pieces: tuple[_Piece, ...], voices: dict[str, str], narrator: str, language: str
) -> tuple[list[Segment], list[str]]:
    segments: list[Segment] = []
    notes: list[str] = []
    counts: dict[str, int] = {}
    for piece in pieces:
        spoken = speak_out(piece.text, language=language)
        notes += spoken.notes
        voice = narrator if piece.speaker is None else voices[piece.speaker]
        key = "\0".join((piece.role, piece.speaker or "", piece.text))
        digest = sha256(key.encode()).hexdigest()[:12]
        counts[digest] = counts.get(digest, 0) + 1
        segments.append(
            Segment(
                id=digest if counts[digest] == 1 else f"{digest}-{counts[digest]}",
                role=piece.role,
                text=piece.text,
                spoken=_closed(spoken.text) if _stands_alone(piece) else spoken.text,
                voice=voice,
                pause_after_ms=0,
                source=piece.source,
                paragraph=piece.paragraph,
                speaker=piece.speaker,
            )
        )
    return segments, notes


def _stands_alone(piece: _Piece) -> bool:
    return piece.kind in (BlockKind.HEADLINE, BlockKind.HEADING, BlockKind.LIST_ITEM)


def _closed(text: str) -> str:
    """End a headline like a sentence: engines let the voice fall only there."""
    return text if text.endswith((".", "!", "?")) else f"{text.rstrip(' ,;:')}."


def _paused(segments: list[Segment], kinds: list[BlockKind]) -> list[Segment]:
    """Set the silence after each segment from ``PAUSES_MS``."""
    paused = [
        replace(segment, pause_after_ms=_pause_ms(segment, following, (kind, next_kind)))
        for (segment, kind), (following, next_kind) in pairwise(zip(segments, kinds, strict=True))
    ]
    last = replace(segments[-1], pause_after_ms=PAUSES_MS["end"])
    return [*paused, last]


def _pause_ms(segment: Segment, following: Segment, kinds: tuple[BlockKind, BlockKind]) -> int:
    fitting = ["sentence"]
    if segment.source == following.source and segment.role is not Role.HOST:
        return PAUSES_MS["inside a sentence"]
    if segment.voice != following.voice:
        fitting.append("other voice")
    if segment.paragraph != following.paragraph or segment.role is Role.HOST:
        fitting.append("paragraph")
    left_opening = segment.role is Role.HOST and following.role is not Role.HOST
    if left_opening or BlockKind.HEADING in kinds:
        fitting.append("section")
    return max(PAUSES_MS[name] for name in fitting)


def _ledger(draft: _Draft, segments: list[Segment]) -> tuple[LedgerRow, ...]:
    spoken_in: dict[int, list[str]] = {}
    for segment in segments:
        for row in range(*segment.source):
            spoken_in.setdefault(row, []).append(segment.id)
    return tuple(
        LedgerRow(0, text, tuple(spoken_in.get(row, ())), reason)
        for row, (text, reason) in enumerate(draft.rows)
    )


def _uncertain(quotations: tuple[Quotation, ...]) -> tuple[str, ...]:
    """Return one note for all quotations that nobody is certain of."""
    count = sum(q.speaker is None for q in quotations)
    if not count:
        return ()
    what = "a quotation" if count == 1 else f"{count} quotations"
    return (f"the narrator reads {what} whose speaker is not certain",)
