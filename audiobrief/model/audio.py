"""Sound between the stages. Positions are frames; milliseconds are made once, at output."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array


@dataclass(frozen=True, slots=True)
class WordMark:
    """Where an engine begins a word: ``text[start_char:end_char]`` of what it was given."""

    start_char: int
    end_char: int
    start_frame: int


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of one segment."""

    #: Mono, signed 16 bit, little endian; one sample is one frame.
    pcm: bytes
    sample_rate_hz: int
    #: In order, where the engine tells them; empty: it does not.
    words: tuple[WordMark, ...] = ()

    @property
    def frame_count(self) -> int:
        """Length in frames."""
        return len(self.pcm) // 2

    @property
    def duration_ms(self) -> int:
        """Length, rounded to the nearest millisecond."""
        return round(1000 * self.frame_count / self.sample_rate_hz)


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What is known of a clip without reading its sound."""

    frame_count: int
    sample_rate_hz: int
    #: Of sound, rate and word marks: 64 hex digits.
    digest: str


@dataclass(frozen=True, slots=True)
class Cue:
    """Where a segment lies in the episode: ``start_frame <= n < end_frame``, pause excluded."""

    segment_id: str
    start_frame: int
    end_frame: int
    #: Word marks of its clip, their frames counted from the beginning of the episode.
    words: tuple[WordMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """All cues in order, without overlaps."""

    cues: tuple[Cue, ...]
    #: Length of the whole episode, its last pause included.
    frame_count: int
    sample_rate_hz: int

    def ms(self, frame: int) -> int:
        """Return a position as milliseconds, rounded to the nearest.

        >>> Timeline((), 44100, 44100).ms(22050)
        500
        """
        return round(1000 * frame / self.sample_rate_hz)


@dataclass(frozen=True, slots=True)
class Loudness:
    """Levels of a finished file, as heard: mono is measured as dual mono (BS.1770-5)."""

    integrated_lufs: float
    true_peak_dbtp: float
    #: From the softer passages to the louder ones (EBU Tech 3342); ``None``: not measured, as in
    #: manifests of earlier versions.
    range_lu: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """How loud the finished sound is along its length, in steps of one MP3 frame (26 ms)."""

    #: PCM frames in a step.
    step_frames: int
    sample_rate_hz: int
    #: Highest sample of each step, 0..255 for 0..full scale; one byte a step.
    peaks: bytes
    #: K-weighted energy of each step (BS.1770-5), all channels as heard: the sum of squares of its
    #: frames, 1.0 as full scale; 4-byte floats of the machine.
    energies: array[float]


@dataclass(frozen=True, slots=True)
class SoundSpec:
    """What the finished file must be: the ``[sound]`` settings."""

    loudness_lufs: float = -16.0
    true_peak_dbtp: float = -1.0
    #: Constant bit rate.
    bitrate_kbps: int = 96
    sample_rate_hz: int = 44100
    channels: int = 1


class Format(StrEnum):
    """What an episode is delivered in besides MP3: the setting, and how the file's name ends."""

    M4A = "m4a"
    OPUS = "opus"
    FLAC = "flac"
    WAV = "wav"

    @property
    def mime_type(self) -> str:
        """What a server and a feed call it.

        >>> Format.OPUS.mime_type
        'audio/ogg'
        """
        # Opus: RFC 7845, section 9 ("audio/opus" of RFC 7587 is a stream of packets, not a file).
        return {"m4a": "audio/mp4", "opus": "audio/ogg", "flac": "audio/flac"}.get(
            self, "audio/wav"
        )


@dataclass(frozen=True, slots=True)
class MusicSpec:
    """Which music an episode has: paths of sound files, ``None`` for none."""

    #: Heard before the first word.
    intro: str | None = None
    #: Heard after the last one.
    outro: str | None = None
    #: Lies under the speech of each chapter.
    bed: str | None = None
    #: Heard where a chapter begins, but the first.
    between: str | None = None
