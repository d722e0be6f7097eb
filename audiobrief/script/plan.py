"""Article to Script: opening, sentences, quoted parts, lead-ins, closing and the ledger; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind
from audiobrief.model.script import Role
from audiobrief.script.cast import Casting, cast_voices
from audiobrief.script.draft import Draft, Line, Row
from audiobrief.script.edits import with_edits
from audiobrief.script.finish import finish
from audiobrief.script.frame import Frame, closing, opening
from audiobrief.script.leadin import with_lead_ins
from audiobrief.text.quotation.quotes import Quotation, find_quotations
from audiobrief.text.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiobrief.model.article import Article, Block
    from audiobrief.model.script import Script
    from audiobrief.script.edits import Edits
    from audiobrief.text.speech.lexicon import Lexicon

_NOTHING_TO_SAY = "nothing to say: no letter and no digit"


def plan(
    article: Article,
    casting: Casting,
    *,
    frame: Frame | None = None,
    lexicon: Lexicon | None = None,
    edits: Edits | None = None,
    here: Mapping[str, Lexicon] | None = None,
) -> Script:
    """Decide who says what, and account for every sentence of the source.

    The host opens and closes; the body follows sentence by sentence. A quotation whose speaker is
    certain is given to that speaker's voice; all others are the narrator's.

    Args:
        article: The article.
        casting: The voices at hand.
        frame: What the host says besides the article.
        lexicon: How some words are said.
        edits: What a person has changed in the script file of an earlier build.
        here: How words are said in single lines, by their keys, in the place of ``lexicon``.

    Returns:
        The script. Joined without white space, its ledger is the article's blocks.

    Raises:
        ScriptConflictError: The article and a person have changed the same lines.
    """
    draft = draft_of(article, casting, frame or Frame())
    edited = draft if edits is None else with_edits(draft, edits, casting)
    return finish(edited, lexicon, casting.can_say, here)


@dataclass(slots=True)
class _Walk:
    """What is collected on the way through the blocks."""

    rows: list[Row] = field(default_factory=list)
    #: Index and text of the source's own headline and byline.
    opening: dict[BlockKind, tuple[int, str]] = field(default_factory=dict)
    body: list[Line] = field(default_factory=list)
    #: Rows of the body that can be spoken.
    body_rows: list[int] = field(default_factory=list)
    #: Rows at which a quotation begins that nobody is known to say.
    unsure: set[int] = field(default_factory=set)
    #: How many spoken blocks have been passed.
    blocks: int = 0

    @property
    def paragraph(self) -> int:
        """The number of the last paragraph of which something is heard; the opening is 0."""
        return self.body[-1].paragraph if self.body else 0


def draft_of(article: Article, casting: Casting, frame: Frame) -> Draft:
    """Return the lines and rows of an article, before anything is said of how they sound."""
    spoken_blocks = [b for b in article.blocks if _is_body(b)]
    quotations = find_quotations(
        [b.text for b in spoken_blocks],
        headings=frozenset(i for i, b in enumerate(spoken_blocks) if b.kind is BlockKind.HEADING),
    )
    voices = cast_voices([q.speaker for q in quotations if q.speaker is not None], casting)
    walk = _walked(article, quotations, voices, casting.narrator)
    narrator, rows = casting.narrator, walk.rows
    lines = (
        *opening(article, frame, walk.opening, narrator),
        *with_lead_ins(walk.body, walk.unsure, narrator=narrator, language=article.language),
        closing(article, frame, len(rows), walk.paragraph + 1, narrator),
    )
    return Draft(
        article.headline,
        article.language,
        lines,
        tuple(rows),
        _uncertain(quotations),
        body_rows=tuple(walk.body_rows),
    )


def _is_body(block: Block) -> bool:
    return block.dropped is None and block.kind not in (BlockKind.HEADLINE, BlockKind.BYLINE)


def _walked(
    article: Article, quotations: Sequence[Quotation], voices: Mapping[str, str], narrator: str
) -> _Walk:
    """Divide all blocks into rows, and the spoken ones into lines."""
    walk = _Walk()
    by_paragraph: dict[int, list[Quotation]] = {}
    for quotation in quotations:
        by_paragraph.setdefault(quotation.paragraph, []).append(quotation)
    for block in article.blocks:
        if block.dropped is not None:
            walk.rows += [
                Row(s, block.dropped) for s in split_sentences(block.text, article.language)
            ]
        elif not _is_body(block):
            walk.opening.setdefault(block.kind, (len(walk.rows), block.text))
            walk.rows.append(Row(block.text, None))
        else:
            own = by_paragraph.get(walk.blocks, [])
            walk.blocks += 1
            _walk_block(walk, block, own, article.language)
    voiced = [
        Line(b.role, b.text, b.source, b.paragraph, voices.get(b.speaker or "", narrator), b.kind,
             b.speaker)
        for b in walk.body
    ]  # fmt: skip
    walk.body = voiced
    return walk


def _walk_block(walk: _Walk, block: Block, quotations: list[Quotation], language: str) -> None:
    alone = _only_quotations(block.text, quotations)
    paragraph = walk.paragraph + 1
    position = 0
    for sentence in split_sentences(block.text, language):
        start = block.text.index(sentence, position)
        position = start + len(sentence)
        row = len(walk.rows)
        if not _can_be_said(sentence):
            walk.rows.append(Row(sentence, _NOTHING_TO_SAY))
            continue
        walk.rows.append(Row(sentence, None))
        walk.body_rows.append(row)
        if alone and any(q.speaker is None and start <= q.start < position for q in quotations):
            walk.unsure.add(row)
        for speaker, text in _parts(sentence, start, quotations):
            role = Role.NARRATOR if speaker is None else Role.QUOTE
            walk.body.append(Line(role, text, (row, row + 1), paragraph, "", block.kind, speaker))


def _only_quotations(text: str, quotations: Sequence[Quotation]) -> bool:
    """Tell whether no word of a paragraph stands outside of its quotations."""
    edges = [0, *(edge for q in quotations for edge in (q.start, q.end)), len(text)]
    outside = zip(edges[::2], edges[1::2], strict=True)
    return bool(quotations) and not any(_can_be_said(text[a:b]) for a, b in outside)


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


def _uncertain(quotations: Sequence[Quotation]) -> tuple[str, ...]:
    """Return one note for all quotations that nobody is certain of."""
    count = sum(q.speaker is None for q in quotations)
    if not count:
        return ()
    what = "a quotation" if count == 1 else f"{count} quotations"
    return (f"the narrator reads {what} whose speaker is not certain",)
