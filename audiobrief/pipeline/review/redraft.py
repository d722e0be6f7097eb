"""The script of an episode as its files say now, without its articles: from its manifest."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.model.script import Generated, GeneratedLine, Role
from audiobrief.pipeline.companions import SCRIPT_NAME
from audiobrief.pipeline.edited import base_of, decoded, typed_in_review
from audiobrief.pipeline.recipe import casting_of, lost_words, words_in
from audiobrief.script.draft import Draft, Line, Row, key_of
from audiobrief.script.edits import BY_HAND, Edits, with_edits
from audiobrief.script.finish import finish
from audiobrief.script.written import parse_script
from audiobrief.store.files import mapping_os_errors
from audiobrief.store.history import key_of_id
from audiobrief.text.speech.lexicon import Lexicon, entry_of, strictest_first

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from audiobrief.model.episode import ArticleRef, Episode, TimedSegment
    from audiobrief.model.script import Script
    from audiobrief.pipeline.voices import Cast
    from audiobrief.script.finish import Forms
    from audiobrief.script.written import Written
    from audiobrief.workspace.load import Workspace

#: One word stands in many sentences.
_FEWEST_WORDS = 2
_FACT = re.compile(r"- (Source|Published): (.*)")
#: A note of the build before, which this one makes anew.
_EDITED_NOTE = re.compile(r"\d+ lines? as edited in ")


@dataclass(frozen=True, slots=True)
class KeptArticle(Article):
    """What a manifest still knows of an article."""

    kept_id: str = ""

    @property
    def id(self) -> str:
        """As it was when the article was there."""
        return self.kept_id


@dataclass(frozen=True, slots=True)
class Redraft:
    """What an episode would speak if it were built now, of its manifest alone."""

    script: Script
    #: SHA-256 of the script file that was read; ``None``: there is none.
    script_file: str | None
    #: The file, understood.
    written: Written | None


def redraft(
    workspace: Workspace, cast: Cast, episode: Episode, forms: Forms | None = None
) -> Redraft:
    """Return what an episode's script file and words say now.

    Args:
        workspace: As the show sees it.
        cast: The voices at hand.
        episode: As it was built last.
        forms: Spoken forms that were worked out before.

    Raises:
        SourceError: The script file cannot be understood; the line is named.
        WorkspaceError: A lexicon is wrong, or a voice is gone.
        StoreError: A file cannot be read.
    """
    content = _read(script_path(workspace, episode))
    draft = _draft_of(episode)
    casting = casting_of(cast, episode, ())
    written = None
    edited = draft
    if content is not None:
        where = where_of(workspace, episode)
        written = parse_script(decoded(content, where), where=where)
        known = frozenset(key_of_id(s.id) for s in episode.segments)
        literal = known | typed_in_review(workspace, episode)
        edits = Edits(_now(episode), written, where, frozenset(workspace.voices), True, literal)
        edited = _accounted(replace(with_edits(draft, edits, casting), notes=(), news=()), known)
    generated = episode.generated
    if edited.lines != draft.lines or edited.title != draft.title:
        generated = base_of(episode)
    words = words_in(workspace, episode, episode.language)
    lexicon, here = words.over(lexicon_of_refs(episode.articles, episode.language, workspace))
    script = finish(replace(edited, generated=generated), lexicon, casting.can_say, here, forms)
    script = replace(script, news=(*script.news, *lost_words(words, script)))
    return Redraft(script, sha256(content).hexdigest() if content is not None else None, written)


def script_path(workspace: Workspace, episode: Episode) -> Path:
    """Return where an episode's script lies."""
    return workspace.episodes / episode.directory / SCRIPT_NAME


def where_of(workspace: Workspace, episode: Episode) -> str:
    """Return what errors call it."""
    return f"{workspace.directory_of(episode)}/{SCRIPT_NAME}"


def _read(path: Path) -> bytes | None:
    with mapping_os_errors("read", path):
        return path.read_bytes() if path.exists() else None


def lexicon_of_refs(articles: Sequence[ArticleRef], language: str, workspace: Workspace) -> Lexicon:
    """Return how words are said in an episode: what its articles say wins over the workspace."""
    lexicon = workspace.lexicon_for(language)
    for article in reversed(articles):
        own = Lexicon(strictest_first(entry_of(word, say) for word, say in article.lexicon))
        lexicon = own.over(lexicon)
    return lexicon


def _draft_of(episode: Episode) -> Draft:
    """Return the lines and rows of an episode as it was built."""
    reasons = {addition.segment: addition.reason for addition in episode.added}
    lines = tuple(
        Line(
            role=segment.role,
            text=segment.text,
            source=segment.source,
            paragraph=segment.paragraph,
            voice=segment.voice,
            kind=_kind_of(segment),
            speaker=segment.speaker,
            added=reasons.get(segment.id),
        )
        for segment in episode.segments
    )
    chapters = ((n, s.chapter) for n, s in enumerate(episode.segments) if s.chapter is not None)
    rows = tuple(Row(row.text, row.reason, row.article) for row in episode.ledger)
    return Draft(episode.title, episode.language, lines, rows, chapters=tuple(chapters))


def _kind_of(segment: TimedSegment) -> BlockKind:
    """Return what a segment is in its article; for a manifest of before, what it sounds like."""
    if segment.kind is not None:
        return segment.kind
    if segment.role is Role.HOST and segment.source[0] == segment.source[1]:
        return BlockKind.BYLINE
    # What stands alone is ended like a sentence.
    is_sentence = segment.text.rstrip("\"'\u201d\u2019)").endswith((".", "!", "?", "\u2026"))
    is_closed = segment.spoken.endswith(".") and not is_sentence
    return BlockKind.HEADING if is_closed else BlockKind.PARAGRAPH


def _now(episode: Episode) -> Generated:
    """Return what the script file was written from, edits of before among it."""
    lines = (GeneratedLine(key_of_id(s.id), s.voice, s.chapter) for s in episode.segments)
    return Generated(episode.title, tuple(lines))


def _accounted(draft: Draft, known: Collection[str]) -> Draft:
    """Return a draft in which parts of sentences that come back account for their rows.

    The article would say where they belong; here it is the nearest sentence that has these words.

    Args:
        draft: With a person's edits.
        known: Keys of the lines that were there already.
    """
    flat = [" ".join(row.text.split()) for row in draft.rows]
    lines = list(draft.lines)
    for n, line in enumerate(lines):
        is_new = line.added == BY_HAND and key_of(line.role, line.speaker, line.text) not in known
        if not is_new or len(line.text.split()) < _FEWEST_WORDS:
            continue
        rows = [row for row, text in enumerate(flat) if line.text in text]
        if rows:
            row = min(rows, key=lambda row: abs(row - line.source[0]))
            lines[n] = replace(line, source=(row, row + 1), added=None)
    spoken = {row for line in lines for row in range(*line.source)}
    rows_now = (replace(r, reason=None) if n in spoken else r for n, r in enumerate(draft.rows))
    return replace(draft, lines=tuple(lines), rows=tuple(rows_now))


# -- what a build needs of articles that are gone -------------------------------------------------


def kept_articles(episode: Episode, script: str) -> tuple[Article, ...]:
    """Return what is known of an episode's articles.

    Args:
        episode: As it was built last.
        script: Its script file, which alone says when they appeared.
    """
    published = dict(_published(script))
    return tuple(
        KeptArticle(
            headline=ref.headline,
            blocks=tuple(_blocks(episode, number)),
            locator=ref.locator,
            byline=ref.byline,
            outlet=ref.outlet,
            published=published.get(" ".join(ref.locator.split())),
            language=episode.language,
            url=ref.url,
            lexicon=ref.lexicon,
            kept_id=ref.id,
        )
        for number, ref in enumerate(episode.articles)
    )


def _blocks(episode: Episode, number: int) -> Iterator[Block]:
    """Yield the sentences of an article, each as if it were a paragraph."""
    for row in episode.ledger:
        if row.article == number:
            yield Block(BlockKind.PARAGRAPH, row.text, dropped=row.reason)
    if not any(r.article == number and not r.reason for r in episode.ledger):
        # Nothing of its body is told, and an article has one.
        yield Block(BlockKind.PARAGRAPH, episode.articles[number].headline)


def _published(script: str) -> Iterator[tuple[str, datetime]]:
    """Yield of every article its locator and when it appeared."""
    locator = ""
    for row in script.split("\n"):
        fact = _FACT.match(row.strip())
        if fact is None:
            continue
        if fact[1] == "Source":
            locator = fact[2]
            continue
        try:
            moment = datetime.fromisoformat(fact[2])
        except ValueError:  # a person has changed it: it only tells something
            continue
        yield locator, moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def kept_notes(script: str) -> tuple[str, ...]:
    """Return the notes of the build before."""
    rows = script.replace("\r\n", "\n").split("\n")
    if "## Notes" not in rows:
        return ()
    below = rows[rows.index("## Notes") + 1 :]
    notes = (row.removeprefix("- ") for row in below if row.startswith("- "))
    return tuple(note for note in notes if not _EDITED_NOTE.match(note))


def voices_of(script: Script) -> Mapping[str, str]:
    """Return who speaks in which voice; the narrator's stands under an empty name."""
    narrator = next((s.voice for s in script.segments if s.role is Role.NARRATOR), None)
    voices = {s.speaker: s.voice for s in reversed(script.segments) if s.speaker}
    return {"": narrator or script.segments[0].voice} | voices
