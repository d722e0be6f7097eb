"""Notes taken while an episode is made, for the report: where its time goes, how loud it is."""

from __future__ import annotations

from contextlib import contextmanager
from math import log10
from time import perf_counter
from typing import TYPE_CHECKING

from audiobrief.model.report import Levels, Made, Step, VoiceLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.sound import Sound

#: Columns of the waveform in a report.
WAVE_COLUMNS = 96


class Making:
    """What the making of one article after the other takes.

    Each second counts for one step: that of the innermost `on`, else `SCRIPT`, since what is not
    said otherwise is deciding. To be used from one thread.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._sound: Sound | None = None
        self.begin()

    def begin(self) -> None:
        """Forget what was before: the next article begins."""
        self._step = Step.SCRIPT
        self._spent_s = dict.fromkeys(Step, 0.0)
        self._since_s = self._clock()
        self._sound = None

    @contextmanager
    def on(self, step: Step) -> Iterator[None]:
        """Count the time inside for a step, whatever counts outside of it."""
        outer = self._turn(step)
        try:
            yield
        finally:
            self._turn(outer)

    def _turn(self, step: Step) -> Step:
        now_s, before = self._clock(), self._step
        self._spent_s[before] += now_s - self._since_s
        self._since_s, self._step = now_s, step
        return before

    def times_s(self) -> tuple[tuple[Step, float], ...]:
        """Return the seconds of each step since the beginning of the article."""
        self._turn(self._step)
        return tuple((step, round(spent_s, 6)) for step, spent_s in self._spent_s.items())

    def heard(self, sound: Sound) -> None:
        """Note the sound of the episode."""
        self._sound = sound

    def made(self, episode: Episode) -> Made | None:
        """Return what is to be told of an episode; ``None``: no sound of it was made."""
        if self._sound is None:
            return None
        dropped = tuple(row for row in episode.ledger if row.reason is not None)
        texts = {segment.id: segment.text for segment in episode.segments}
        return Made(
            title=episode.title,
            language=episode.language,
            duration_ms=episode.enclosure.duration_ms,
            word_count=sum(len(text.split()) for text in texts.values()),
            articles=tuple(article.headline for article in episode.articles),
            source_sentence_count=len(episode.ledger),
            source_word_count=sum(len(row.text.split()) for row in episode.ledger),
            dropped=dropped,
            added=tuple((texts.get(one.segment, ""), one.reason) for one in episode.added),
            levels=_levels(self._sound, episode),
            encoded_count=self._sound.assembled.encoded_count,
            part_count=len(self._sound.assembled.starts),
        )


def _levels(sound: Sound, episode: Episode) -> Levels:
    from audiobrief.publish.column import levels  # noqa: PLC0415 - only for what is made

    duration_ms = episode.enclosure.duration_ms
    columns = levels(sound.assembled.curve, WAVE_COLUMNS, duration_ms=duration_ms)
    wave = bytes(round(255 * column.mean) for column in columns)
    return Levels(_before(sound), episode.loudness, wave)


def _before(sound: Sound) -> tuple[VoiceLevel, ...]:
    """Return the level of each voice's clips; nothing if one of them is not known.

    The mean is by energy and length, without a gate over the whole: clips are trimmed of silence.
    """
    clips: dict[str, list[tuple[float, int]]] = {}
    for segment, lufs in zip(sound.segments, sound.assembled.before_lufs, strict=True):
        if lufs is None:
            return ()
        clips.setdefault(segment.voice, []).append((lufs, segment.end_ms - segment.start_ms))
    return tuple(_voice_level(voice, own) for voice, own in clips.items())


def _voice_level(voice: str, clips: list[tuple[float, int]]) -> VoiceLevel:
    levels = [lufs for lufs, _ in clips]
    return VoiceLevel(voice, len(clips), mean_lufs(clips), min(levels), max(levels))


def mean_lufs(clips: list[tuple[float, int]]) -> float:
    """Return the loudness of sounds together, each with its length, by their energy.

    >>> round(mean_lufs([(-20.0, 1000), (-23.01, 1000)]), 2)
    -21.25
    """
    energy = sum(10.0 ** (lufs / 10.0) * max(length, 1) for lufs, length in clips)
    return 10.0 * log10(energy / sum(max(length, 1) for _, length in clips))
