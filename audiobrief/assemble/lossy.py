"""What a lossy encoder is given: sound at its rate, with peaks that leave room for its errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import soxr

from audiobrief.model.audio import Format
from audiobrief.sound.limiter import limit
from audiobrief.sound.loudness import slice_frames

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from audiobrief.assemble.lame import Frames
    from audiobrief.model.audio import SoundSpec
    from audiobrief.model.episode import Chapter

#: Frames as they are encoded: shape (frames,), mono, 1.0 as full scale.
Sound = npt.NDArray[np.float32]
#: The same before it is rounded.
Exact = npt.NDArray[np.float64]

#: Slices of the limiter in one window: 3 s. The same for every input, so that the division of the
#: sound into blocks decides nothing.
_WINDOW_SLICES = 13_000
#: As far on either side the limiter sees; its gain has come back by then (100 dB a second).
_CONTEXT_SLICES = 1_300


@dataclass(frozen=True, slots=True)
class Codec:
    """How a format is encoded, by ffmpeg's names, which are PyAV's as well."""

    encoder: str
    container: str
    #: 32-bit floats: ``fltp`` channel by channel, ``flt`` with the channels interleaved.
    samples: str
    #: Options of the encoder.
    options: Mapping[str, str]
    #: Options of the container.
    muxing: Mapping[str, str]
    #: For one channel, and for two with the same sound in them.
    bitrates_bps: tuple[int, int]
    #: ``None``: the rate of the episode.
    sample_rate_hz: int | None
    #: How much the encoder may raise a peak; see `CODECS`.
    overshoot_db: float
    #: Gain before limiting, for the loudness that it and the encoder take away.
    makeup_db: float


#: Measured on 20 episodes of 100 s in 18 voices of espeak-ng and flite, by ffmpeg's ebur128:
#:
#: AAC-LC, 64 kbit/s. ffmpeg's coder "fast" against its default "twoloop": waveform SNR 25 to 36 dB
#: against 18 to 27, better in every band to 12 kHz; peaks raised by 0.2 dB at most against 2.3;
#: three times as fast. Loudness within 0.1 LU.
#:
#: Opus, 64 kbit/s. Freely variable, buzzing voices get 91 kbit/s: constrained, 61. Below 56 speech
#: goes through SILK, which takes up to 0.4 LU off and raises peaks by up to 4.9 dB; at 64 it does
#: not: within 0.1 LU, 1.1 dB.
CODECS = {
    Format.M4A: Codec(
        encoder="aac",
        container="ipod",
        samples="fltp",
        options={"aac_coder": "fast"},
        muxing={"movflags": "+faststart"},
        bitrates_bps=(64_000, 96_000),
        sample_rate_hz=None,
        overshoot_db=0.4,
        makeup_db=0.0,
    ),
    Format.OPUS: Codec(
        encoder="libopus",
        container="ogg",
        samples="flt",
        options={"application": "audio", "vbr": "constrained"},
        muxing={},
        bitrates_bps=(64_000, 80_000),
        sample_rate_hz=48_000,
        overshoot_db=1.5,
        makeup_db=0.15,
    ),
}


@dataclass(frozen=True, slots=True)
class Lossy:
    """One file to encode."""

    codec: Codec
    sample_rate_hz: int
    channels: int
    #: All of the sound, `sample_rate_hz` and mono.
    blocks: Iterable[Sound]
    chapters: tuple[Chapter, ...]
    duration_ms: int
    #: ISO 639-2.
    language: str
    target: Path

    @property
    def bitrate_bps(self) -> int:
        """The rate that the encoder aims at."""
        return self.codec.bitrates_bps[self.channels - 1]

    @property
    def chapter_ends_ms(self) -> tuple[int, ...]:
        """Where each chapter ends: where the next one begins, the last with the sound."""
        starts = [chapter.start_ms for chapter in self.chapters]
        return (*starts[1:], self.duration_ms) if starts else ()


def prepared(
    blocks: Iterable[Frames], frame_count: int, spec: SoundSpec, codec: Codec
) -> Iterator[Sound]:
    """Yield the sound at the encoder's rate, its true peak low enough for what the encoder adds.

    The loudness stays: peaks alone are limited, and speech has few that are so high.

    Args:
        blocks: The mastered episode, mono.
        frame_count: Frames in all of them.
        spec: Rate of the blocks, and the true peak that the decoded file may have.
        codec: The encoder.
    """
    rate_hz = codec.sample_rate_hz or spec.sample_rate_hz
    gain = 10.0 ** (codec.makeup_db / 20.0) / 32768.0
    floats: Iterator[Exact] = (gain * block.astype(np.float64) for block in blocks)
    if rate_hz != spec.sample_rate_hz:
        floats = _resampled(floats, frame_count, spec.sample_rate_hz, rate_hz)
    ceiling = 10.0 ** ((min(spec.true_peak_dbtp, 0.0) - codec.overshoot_db) / 20.0)
    return (window.astype(np.float32) for window in _limited(floats, rate_hz, ceiling))


def length_at(frame_count: int, from_hz: int, to_hz: int) -> int:
    """Return how many frames a sound has at another rate.

    >>> length_at(44100, 44100, 48000), length_at(1, 44100, 48000)
    (48000, 1)
    """
    return (2 * frame_count * to_hz + from_hz) // (2 * from_hz)


def _resampled(
    blocks: Iterable[Exact], frame_count: int, from_hz: int, to_hz: int
) -> Iterator[Exact]:
    """Change the rate; exactly as many frames as `length_at` says."""
    stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float64", quality="HQ")
    missing = length_at(frame_count, from_hz, to_hz)
    for block in blocks:
        piece = stream.resample_chunk(block)[:missing]
        missing -= piece.size
        yield piece
    piece = stream.resample_chunk(np.zeros(0), last=True)[:missing]
    yield np.pad(piece, (0, missing - piece.size))


def _limited(blocks: Iterable[Exact], rate_hz: int, ceiling: float) -> Iterator[Exact]:
    """Hold the true peak, window by window; each sees what lies around it."""
    window = _WINDOW_SLICES * slice_frames(rate_hz)
    context = _CONTEXT_SLICES * slice_frames(rate_hz)
    buffer = np.zeros(0)
    before = 0
    for block in blocks:
        buffer = np.concatenate((buffer, block))
        while buffer.size >= before + window + context:
            seen = buffer[: before + window + context]
            yield limit(seen, rate_hz, ceiling)[before : before + window]
            buffer = buffer[before + window - context :]
            before = context
    yield limit(buffer, rate_hz, ceiling)[before:]
