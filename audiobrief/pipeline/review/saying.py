"""Hear a segment otherwise, before anything is saved: only its clip is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.model.article import BlockKind
from audiobrief.model.script import Role
from audiobrief.pipeline.recipe import words_in
from audiobrief.pipeline.review.redraft import lexicon_of_refs, voices_of, where_of
from audiobrief.script.draft import Line, key_of
from audiobrief.script.finish import say_line
from audiobrief.script.sheet import plain_line
from audiobrief.text.speech.acronyms import find_introduced
from audiobrief.text.speech.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.episode import Episode
    from audiobrief.model.script import Segment
    from audiobrief.pipeline.review.bench import Workbench
    from audiobrief.text.speech.lexicon import Entry


@dataclass(frozen=True, slots=True)
class Said:
    """A text that was spoken."""

    #: Key of its clip.
    clip: str
    #: As sent to the engine.
    spoken: str
    duration_ms: int
    #: What the editor should know.
    notes: tuple[str, ...] = ()


def say(
    bench: Workbench,
    episode: Episode,
    segment_id: str | None,
    *,
    text: str | None = None,
    voice: str | None = None,
    entry: Entry | None = None,
) -> Said:
    """Speak a segment as it is, or otherwise; nothing is saved but the clip.

    Args:
        bench: Of the show.
        episode: As it was built last.
        segment_id: Of a segment as it is now; ``None``: ``text`` alone is spoken, by the narrator.
        text: Other words.
        voice: Another voice.
        entry: How a word is said, whatever else is known of it.

    Raises:
        SourceError: There is no such segment or voice, or nothing to say.
        SpeechError: It could not be spoken whole.
    """
    workspace = bench.workspace
    script = bench.redraft(episode).script
    where = where_of(workspace, episode)
    segment = _segment(script.segments, segment_id, where)
    printed = segment.text if segment is not None and text is None else text or ""
    line = Line(
        role=segment.role if segment else Role.NARRATOR,
        text=plain_line(printed, where),
        source=(0, 0),
        paragraph=0,
        voice=voice or (segment.voice if segment else voices_of(script)[""]),
        kind=segment.kind if segment else BlockKind.PARAGRAPH,
        speaker=segment.speaker if segment else None,
    )
    lexicon = _lexicon(bench, episode, line, entry)
    texts = (line.text if s is segment else s.text for s in script.segments)
    spelled = find_introduced(texts)
    known = bench.voice(line.voice)
    said = say_line(line, script.language, lexicon, spelled, bench.cast.can_say)
    clip = bench.speak(said.text, known, said.phonemes)
    notes = bench.unheard(entry, line.voice) if entry is not None else ()
    return Said(clip.key, said.text, clip.duration_ms, notes)


def _segment(segments: Sequence[Segment], segment_id: str | None, where: str) -> Segment | None:
    if segment_id is None:
        return None
    for segment in segments:
        if segment.id == segment_id:
            return segment
    raise SourceError("the segment is not there any more", where, remedy="load the page again")


def _lexicon(bench: Workbench, episode: Episode, line: Line, entry: Entry | None) -> Lexicon:
    """Return how words of a line are said."""
    workspace = bench.workspace
    words = words_in(workspace, episode, episode.language)
    whole, here = words.over(lexicon_of_refs(episode.articles, episode.language, workspace))
    lexicon = here.get(key_of(line.role, line.speaker, line.text), whole)
    return lexicon if entry is None else Lexicon((entry,)).over(lexicon)
