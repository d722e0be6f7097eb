"""Let a recognizer hear a finished episode: it alone notices sound of another text."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from audiobrief.pipeline.events import Event, Stage, Tell
from audiobrief.speak.recognize import LANGUAGE, Recognizer, words_said
from audiobrief.speak.utterance import shortened
from audiobrief.text.alignment import align

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from audiobrief.model.episode import Episode, TimedSegment
    from audiobrief.workspace.load import Workspace

#: Share of the words of a passage that must be heard. Each of 65 passages of two articles, in the
#: shipped voices, scores .75 or more; 99 of 100 below .4 against another passage of the voice.
LEAST_RECALL = 0.4
#: Half of the passages of a voice below this, of at least so many: not the text is wrong, the
#: recognizer does not understand the voice.
_UNDERSTOOD = (0.5, 5)
#: Shorter ones are joined to what follows in the same voice: of few words, chance hears too many.
_LEAST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Passage:
    """Neighboring segments of one voice, long enough to be judged."""

    segments: tuple[TimedSegment, ...]
    #: The words that the recognizer can know.
    expected: tuple[str, ...]

    @property
    def voice(self) -> str:
        """The name of its profile."""
        return self.segments[0].voice

    @property
    def place_ms(self) -> tuple[int, int]:
        """Where it lies in the file."""
        return self.segments[0].start_ms, self.segments[-1].end_ms

    @property
    def text(self) -> str:
        """As printed."""
        return " ".join(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the recognizer made of an episode."""

    #: In words for the user.
    problems: tuple[str, ...]
    #: How much of its words was heard of each passage that was judged, 0..1.
    recalls: tuple[float, ...]
    #: Words that are in no dictionary of the recognizer: left out of the judgment.
    unknown_words: tuple[str, ...]
    #: Voices of which it hears little throughout: they are not judged.
    strange_voices: tuple[str, ...]
    #: Segments of these, and those that are too short or in another language.
    unjudged: int


def hear(workspace: Workspace, episode: Episode, tell: Tell) -> Heard:
    """Recognize an episode's MP3, passage by passage, with a language model of its own text.

    Raises:
        EngineUnavailableError: The recognizer is not installed.
        WorkspaceError: A voice of the episode is gone.
        StoreError: The sound is not there, or cannot be read.
        AudioError: It cannot be decoded.
    """
    from audiobrief.assemble.probe import probe  # noqa: PLC0415 - soundfile
    from audiobrief.assemble.stretches import decoded_stretches  # noqa: PLC0415 - numpy

    path: Path = workspace.episodes / episode.directory / episode.enclosure.file
    segments = [s for s in episode.segments if _is_known(workspace, episode, s)]
    recognizer = Recognizer((s.spoken for s in segments), probe(path).sample_rate_hz)
    passages = passages_of(segments, recognizer.expected)
    recalls: list[float] = []
    for pcm in decoded_stretches(path, (passage.place_ms for passage in passages)):
        expected = passages[len(recalls)].expected
        recalls.append(align(expected, recognizer.hear(pcm)).recall)
        tell(Event(Stage.CHECK, episode.directory, len(recalls), len(passages), "hear"))
    strange = _strange_voices(passages, recalls)
    said = {word for segment in segments for word in words_said(segment.spoken)}
    judged = [(p, r) for p, r in zip(passages, recalls, strict=True) if p.voice not in strange]
    return Heard(
        tuple(_complaint(p, r) for p, r in judged if r < LEAST_RECALL),
        tuple(r for _, r in judged),
        tuple(sorted(said - recognizer.known)),
        strange,
        len(episode.segments) - sum(len(p.segments) for p, _ in judged),
    )


def _complaint(passage: Passage, recall: float) -> str:
    return (
        f"the recognizer hears little ({recall:.0%}) of what begins at"
        f' {passage.place_ms[0] / 1000:.2f} s: "{shortened(passage.text)}"'
    )


def _strange_voices(passages: Sequence[Passage], recalls: Sequence[float]) -> tuple[str, ...]:
    """Return the names of the voices that the recognizer does not understand."""
    least, enough = _UNDERSTOOD
    by_voice: dict[str, list[float]] = {}
    for passage, recall in zip(passages, recalls, strict=True):
        by_voice.setdefault(passage.voice, []).append(recall)
    return tuple(
        sorted(v for v, heard in by_voice.items() if len(heard) >= enough and median(heard) < least)
    )


def _is_known(workspace: Workspace, episode: Episode, segment: TimedSegment) -> bool:
    voice = workspace.voice(segment.voice, wanted_by=episode.directory)
    return voice.language.lower().partition("-")[0] == LANGUAGE


def passages_of(
    segments: Iterable[TimedSegment], expected: Callable[[str], Sequence[str]]
) -> list[Passage]:
    """Return neighboring segments of one voice as passages of at least `_LEAST_WORDS` words.

    A segment that stays too short is in none.

    Args:
        segments: In their order.
        expected: Returns the known words of a spoken text.
    """
    runs: list[list[TimedSegment]] = []
    for segment in segments:
        if runs and runs[-1][-1].voice == segment.voice and not _is_enough(runs[-1], expected):
            runs[-1].append(segment)
        else:
            runs.append([segment])
    return [
        Passage(tuple(run), tuple(word for s in run for word in expected(s.spoken)))
        for run in runs
        if _is_enough(run, expected)
    ]


def _is_enough(run: Iterable[TimedSegment], expected: Callable[[str], Sequence[str]]) -> bool:
    return sum(len(expected(segment.spoken)) for segment in run) >= _LEAST_WORDS
