"""Read a music file: one channel at the episode's rate, without the silence around it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from audiobrief.assemble.master import FADE_S, Aim, clip_of, leveled
from audiobrief.errors import AudioError
from audiobrief.sound.envelope import fade_edges
from audiobrief.sound.loudness import energy_of_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from audiobrief.model.audio import Clip

Samples = npt.NDArray[np.float64]

#: In every cache key: another number when the same file would sound otherwise.
_VERSION = "sting 1"
#: Below the speech, in LU: it is struck and sung, which stands out.
_STING_LU = -1.0
_LONGEST_STING_S = 60.0
_SHORTEST_STING_S = 0.1
#: -80 dBFS: what lies below it before and after the music is silence.
_SILENCE = 10.0 ** (-80.0 / 20.0)
#: Files of floats may go beyond full scale, even in steps of 16 bits, but not so far.
_LOUDEST = 1e9
#: What the mean of the channels may lose in power against each of them. Two channels that have
#: nothing in common lose 3 dB; one that is the other turned around takes everything away.
_MOST_LOSS = 10.0 ** (-6.0 / 10.0)
_BLOCK_FRAMES = 1 << 16


@dataclass(frozen=True, slots=True)
class Sting:
    """A sting as it goes into the episode."""

    #: At the rate of the aim, leveled, its edges faded.
    clip: Clip
    #: Of the file's content and the aim, hexadecimal: of whatever decides its frames.
    digest: str
    #: What was done other than expected, in words for the user.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """What has to be known of a music file before it is taken in."""

    sample_rate_hz: int
    #: What lies between the silence before and after, half-open.
    start_frame: int
    end_frame: int
    #: What is taken off each channel, and its share in the mix: shape (channels,) each.
    offsets: Samples
    shares: Samples
    #: No sample of the mix exceeds it.
    peak: float
    notes: tuple[str, ...]


def load_sting(path: Path, aim: Aim) -> Sting:
    """Read a sting and bring it to its level.

    Args:
        path: WAV, FLAC, MP3, Ogg or whatever else libsndfile reads.
        aim: Of the clips of the episode; the sting lies 1 LU below, under the same ceiling.

    Raises:
        AudioError: It cannot be read, is no sound, is silent, broken, or not 0.1 to 60 s long.
    """
    survey = take_survey(path, longest_s=_LONGEST_STING_S, shortest_s=_SHORTEST_STING_S)
    samples = np.concatenate(list(mono_blocks(path, survey, aim.sample_rate_hz)))
    made = leveled(samples.astype(np.float32), aim.moved(_STING_LU, 0.0))
    if made is None:
        raise _unusable(path, "the music is silent")
    samples = made.samples
    fade_edges(samples, round(FADE_S * aim.sample_rate_hz))
    ingredients = (_VERSION, digest_of(path), aim)
    digest = hashlib.sha256(repr(ingredients).encode()).hexdigest()
    return Sting(clip_of(samples, aim.sample_rate_hz), digest, survey.notes)


def require_sound(path: Path) -> None:
    """Open a music file, without reading it.

    Raises:
        AudioError: It cannot be read, or is no sound.
    """
    next(_decoded(path), None)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal.

    Raises:
        AudioError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def take_survey(path: Path, *, longest_s: float, shortest_s: float) -> Survey:
    """Go through a music file once, block by block.

    Raises:
        AudioError: It cannot be read, is no sound, is silent, holds frames that are no numbers, or
            its length is out of bounds.
    """
    tally: _Tally | None = None
    for rate_hz, block in _decoded(path):
        tally = tally or _Tally(rate_hz, len(block))
        # So put, it refuses NaN as well.
        if not max(block.max(), -block.min()) <= _LOUDEST:
            raise _unusable(path, "the music holds frames that are no sound (NaN or infinite)")
        tally.add(block)
        if tally.frame_count > longest_s * rate_hz:
            raise _unusable(
                path,
                f"the music is longer than {longest_s:.0f} s",
                f"cut it to {longest_s:.0f} s or less",
            )
    if tally is None or tally.end_frame == 0:
        raise _unusable(path, "the music is silent")
    if tally.end_frame - tally.start_frame < shortest_s * tally.sample_rate_hz:
        raise _unusable(path, f"the music is shorter than {shortest_s:g} s")
    return tally.survey()


class _Tally:
    """Sums over a file that comes in blocks."""

    def __init__(self, sample_rate_hz: int, channels: int) -> None:
        self.sample_rate_hz = sample_rate_hz
        self.frame_count = self.start_frame = self.end_frame = 0
        #: Of each channel and of their mean; then of their squares: shape (2, channels + 1).
        self.sums = np.zeros((2, channels + 1))
        self._peak = 0.0

    def add(self, block: Samples) -> None:
        """Take the next frames: shape (channels, frames)."""
        all_of_them = np.vstack([block, block.mean(axis=0)])
        # No products of matrices: OpenBLAS would wake other threads, and sum in another order.
        self.sums += all_of_them.sum(axis=1), energy_of_rows(all_of_them)
        magnitudes = np.abs(block).max(axis=0)
        self._peak = max(self._peak, float(magnitudes.max()))
        heard = np.flatnonzero(magnitudes > _SILENCE)
        if heard.size:
            if self.end_frame == 0:
                self.start_frame = self.frame_count + int(heard[0])
            self.end_frame = self.frame_count + int(heard[-1]) + 1
        self.frame_count += block.shape[1]

    def survey(self) -> Survey:
        """Return what was found."""
        means, powers = self.sums / self.frame_count
        powers = powers - means**2
        offsets, channels = means[:-1], powers.size - 1
        shares = np.full(channels, 1.0 / channels)
        notes: tuple[str, ...] = ()
        if powers[-1] < _MOST_LOSS * powers[:-1].mean():
            # Of about equally loud ones the first, which is the left one.
            chosen = int(np.argmax(powers[:-1] > 0.9 * powers[:-1].max()))
            shares = np.eye(channels)[chosen]
            notes = (f"its channels cancel each other: channel {chosen + 1} alone is heard",)
        return Survey(
            self.sample_rate_hz,
            self.start_frame,
            self.end_frame,
            offsets,
            shares,
            self._peak + float(np.abs(offsets).max()),
            notes,
        )


def mono_blocks(path: Path, survey: Survey, sample_rate_hz: int) -> Iterator[Samples]:
    """Yield the music, mixed to one channel, at another rate: shape (frames,) each.

    The mix is the mean of the channels; where they cancel each other, the loudest one alone.

    Raises:
        AudioError: As for `take_survey`.
    """
    trimmed = _trimmed(path, survey)
    if survey.sample_rate_hz == sample_rate_hz:
        return trimmed
    return _resampled(trimmed, survey.sample_rate_hz, sample_rate_hz)


def _trimmed(path: Path, survey: Survey) -> Iterator[Samples]:
    position = 0
    for _, block in _decoded(path):
        first, last = (max(0, place - position) for place in (survey.start_frame, survey.end_frame))
        position += block.shape[1]
        if first < min(last, block.shape[1]):
            centered = block[:, first:last] - survey.offsets[:, None]
            yield (survey.shares[:, None] * centered).sum(axis=0)


def _resampled(blocks: Iterable[Samples], from_hz: int, to_hz: int) -> Iterator[Samples]:
    stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float64", quality="HQ")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(np.zeros(0), last=True)


def _decoded(path: Path) -> Iterator[tuple[int, Samples]]:
    """Yield a file's rate and its sound, block by block: shape (channels, frames)."""
    try:
        with path.open("rb") as file, soundfile.SoundFile(file) as sound:
            if sound.samplerate < 8000:
                raise _unusable(path, f"the music has a rate of {sound.samplerate} Hz")
            while (block := sound.read(_BLOCK_FRAMES, "float64", always_2d=True)).size:
                # Channel by channel, sums take a tenth of the time.
                yield sound.samplerate, np.ascontiguousarray(block.T)
    except OSError as error:
        raise _unreadable(path, error) from error
    except soundfile.LibsndfileError as error:
        raise _unusable(path, f"the music cannot be decoded ({error.error_string})") from error


def _unreadable(path: Path, error: OSError) -> AudioError:
    return AudioError(
        f"the music cannot be read ({error.strerror or error})",
        str(path),
        remedy="name a file that exists and may be read, or remove the setting",
    )


def _unusable(path: Path, problem: str, remedy: str = "") -> AudioError:
    return AudioError(
        problem, str(path), remedy=remedy or "choose another WAV, FLAC, MP3 or Ogg file"
    )
