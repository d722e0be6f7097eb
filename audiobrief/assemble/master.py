"""Bring one clip to the level, rate and edges that every clip of the episode has (pure)."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import soxr

from audiobrief.errors import AudioError
from audiobrief.model.audio import Clip, WordMark
from audiobrief.sound.envelope import fade_edges, find_sound
from audiobrief.sound.filters import high_pass
from audiobrief.sound.limiter import aim_below, limit, limiting_gain, slice_peaks
from audiobrief.sound.loudness import weighted_envelope

if TYPE_CHECKING:
    from audiobrief.model.audio import SoundSpec

# pydub warns at import where no ffmpeg is installed, of which nothing here makes use, and on
# Python 3.12 about its own source and audioop (jiaaro/pydub #725). This is its only import.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning)
    warnings.filterwarnings("ignore", "invalid escape sequence", SyntaxWarning)
    warnings.filterwarnings("ignore", "invalid escape sequence", DeprecationWarning)
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    from pydub import AudioSegment

#: 4-byte floats take half the memory of 8-byte ones, and half the time in most steps. One finished
#: 16-bit frame in 2,200 differs for it, by one step and never more (441 s of speech).
Samples = npt.NDArray[np.float32]

#: Raised when mastering makes other samples of the same clip and aim.
MASTER_VERSION = 3

#: Below the lowest voice (a bass speaks at 80 Hz); a second-order filter there is 2 dB down.
_HIGH_PASS_HZ = 70.0
#: More would only lift the noise of a clip that holds no real speech. Engines differ by 13 dB.
_MAX_GAIN_DB = 30.0
#: A join fades for as long on either side.
FADE_S = 0.005
#: The limiter takes some loudness away; so much of it is not worth another round.
_TOLERANCE_LU = 0.02
_ROUNDS = 4
#: The limiter is not driven harder than this to make up for it.
_MAX_LOSS_DB = 3.0
#: See `aim_of`.
_PAUSES_LU = 0.2
_CODEC_MARGIN_DB = 0.6


@dataclass(frozen=True, slots=True)
class Aim:
    """What mastering brings a clip to. With the clip it decides every bit of the result."""

    #: As heard: mono measured as dual mono.
    loudness_lufs: float
    #: True peak of the clip before encoding.
    ceiling_dbtp: float
    sample_rate_hz: int

    def moved(self, loudness_lu: float, ceiling_db: float) -> Aim:
        """Return the aim with both levels moved."""
        return replace(
            self,
            loudness_lufs=self.loudness_lufs + loudness_lu,
            ceiling_dbtp=self.ceiling_dbtp + ceiling_db,
        )


@dataclass(frozen=True, slots=True)
class Mastered:
    """A finished clip, and what the user should know of it."""

    clip: Clip
    #: Decibels that the level stayed below the aim since more gain would lift noise; 0.0: none.
    missing_db: float = 0.0
    #: Loudness of the clip as the voice gave it, as heard; ``None``: not known.
    before_lufs: float | None = None


class Leveled(NamedTuple):
    """A signal at the level of an aim."""

    samples: Samples
    #: Decibels that lack, since more gain would lift noise.
    missing_db: float
    #: Its loudness before, as heard.
    before_lufs: float


def aim_of(spec: SoundSpec) -> Aim:
    """Return the first aim for a specification.

    Above its loudness, since the blocks that straddle a pause pull the reading of the whole below
    that of its clips: by 0.2 LU where sentences of 5 s are 400 ms apart. Below its peak, since
    encoding moves single peaks.
    """
    ceiling_dbtp = min(spec.true_peak_dbtp, 0.0) - _CODEC_MARGIN_DB
    return Aim(spec.loudness_lufs + _PAUSES_LU, ceiling_dbtp, spec.sample_rate_hz)


def master(clip: Clip, aim: Aim) -> Mastered:
    """Trim, filter, resample, level, limit and fade a clip.

    Args:
        clip: As an engine spoke it, any rate from 8000 Hz, any level.
        aim: Levels and rate of the result.

    Returns:
        The finished clip at the rate of the aim.

    Raises:
        AudioError: The clip holds no sound or none that is loud enough to be heard, half a frame,
            or has no usable rate.
    """
    segment, first_frame = _trimmed(clip)
    samples = _samples_of(segment)
    samples -= samples.mean()
    samples = high_pass(samples, clip.sample_rate_hz, _HIGH_PASS_HZ)
    if clip.sample_rate_hz != aim.sample_rate_hz:
        # pydub would resample by audioop: 5 dB of signal over noise at 9 kHz, soxr has 86.
        samples = soxr.resample(samples, clip.sample_rate_hz, aim.sample_rate_hz, quality="HQ")
    made = leveled(samples, aim)
    if made is None:
        raise _silent(clip)
    samples, missing_db, before_lufs = made
    fade_edges(samples, round(FADE_S * aim.sample_rate_hz))
    words = _moved(clip, first_frame, len(samples), aim.sample_rate_hz)
    return Mastered(clip_of(samples, aim.sample_rate_hz, words), missing_db, before_lufs)


def _moved(
    clip: Clip, first_frame: int, frame_count: int, sample_rate_hz: int
) -> tuple[WordMark, ...]:
    """Return the word marks of a clip where its words lie in the mastered one."""
    ratio = sample_rate_hz / clip.sample_rate_hz
    return tuple(
        replace(
            mark,
            start_frame=min(max(0, round((mark.start_frame - first_frame) * ratio)), frame_count),
        )
        for mark in clip.words
    )


def _trimmed(clip: Clip) -> tuple[Any, int]:
    """Return the sound of a clip, with a margin, as pydub's clip type, and its first frame."""
    if len(clip.pcm) % 2 or clip.sample_rate_hz < 8000:
        raise AudioError(
            "not 16-bit sound at 8000 Hz or more",
            f"{len(clip.pcm)} bytes at {clip.sample_rate_hz} Hz",
            remedy="choose another voice: its engine delivers broken sound",
        )
    segment = AudioSegment(
        data=clip.pcm, sample_width=2, frame_rate=clip.sample_rate_hz, channels=1
    )
    start, end = find_sound(_samples_of(segment), clip.sample_rate_hz)
    if start == end:
        raise _silent(clip)
    # In frames: slicing by pydub's milliseconds would cut off a part of one.
    return segment.get_sample_slice(start, end), start


def _silent(clip: Clip) -> AudioError:
    return AudioError(
        "the clip is silent",
        f"{clip.duration_ms} ms at {clip.sample_rate_hz} Hz",
        remedy="choose another voice for the sentence, or leave it out",
    )


def _samples_of(segment: Any) -> Samples:
    """Return pydub's samples with 1.0 as full scale: shape (frames,)."""
    samples = np.frombuffer(segment.raw_data, np.dtype("<i2")).astype(np.float32)
    samples *= np.float32(1.0 / 32768.0)
    return samples


def clip_of(samples: Samples, sample_rate_hz: int, words: tuple[WordMark, ...] = ()) -> Clip:
    """Return samples as 16-bit frames, rounded once; the samples are used up."""
    # In one array: fresh memory for each step takes four times as long.
    samples *= np.float32(32768.0)
    np.clip(np.rint(samples, out=samples), -32768.0, 32767.0, out=samples)
    return Clip(samples.astype("<i2").tobytes(), sample_rate_hz, words)


def leveled(samples: Samples, aim: Aim) -> Leveled | None:
    """Bring a signal to the loudness of the aim with its peaks below the ceiling.

    Limiting costs loudness (in four espeak-ng voices 0.04 LU at the median, 1.1 at most), so the
    gain is tried before it is applied: by slices, with their energy and peaks measured once.

    Returns:
        The leveled signal, for which the given one is used up; ``None`` where nothing is loud
        enough for a reading (-70 LUFS): with all the gain there is, it would still be silence.
    """
    rate_hz = aim.sample_rate_hz
    ceiling = _factor(aim.ceiling_dbtp)
    envelope = weighted_envelope(samples, rate_hz)
    loudness_lufs = envelope.lufs()
    if loudness_lufs == -inf:
        return None
    wanted_db = aim.loudness_lufs - loudness_lufs
    gain_db = min(wanted_db, _MAX_GAIN_DB)
    unlimited_lufs = envelope.lufs(_factor(gain_db))
    peaks = slice_peaks(samples, rate_hz, 0.9 * ceiling / _factor(gain_db + _MAX_LOSS_DB))
    tried_db = gain_db
    for tries_left in reversed(range(_ROUNDS + 1)):
        # Rounded, so that the last bits of a sum can never decide a sample.
        factor = _factor(round(tried_db, 3))
        raised = peaks * factor
        gain = limiting_gain(raised, rate_hz, aim_below(ceiling))
        missing_lu = unlimited_lufs - envelope.lufs(factor * gain)
        if not (missing_lu > _TOLERANCE_LU and tries_left):
            break
        tried_db = min(tried_db + missing_lu, gain_db + _MAX_LOSS_DB)
    samples *= np.float32(factor)
    limited = limit(samples, rate_hz, ceiling, peaks=raised, gain=gain)
    return Leveled(limited, wanted_db - gain_db, loudness_lufs)


def _factor(db: float) -> float:
    return float(10.0 ** (db / 20.0))
