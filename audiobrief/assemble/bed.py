"""The bed: prepared once as a file of frames, looped under the speech of each stretch."""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from audiobrief.assemble.music import digest_of, mono_blocks, take_survey
from audiobrief.errors import AudioError, StoreError
from audiobrief.sound.ducking import OPEN_LU, duck
from audiobrief.sound.loudness import Meter
from audiobrief.sound.mixing import Loop, mix_stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from audiobrief.assemble.lame import Frames
    from audiobrief.assemble.master import Aim
    from audiobrief.assemble.music import Samples
    from audiobrief.sound.ducking import Stretch

#: In every cache key: another number when the same file would sound otherwise.
_VERSION = "bed 1"
#: A file of half an hour takes 160 MB in the cache, whatever it takes as an MP3.
_LONGEST_S = 1800.0
_SHORTEST_S = 1.0
#: Its end fades into its beginning over this long, or over half of a short one.
_FADE_S = 2.0
#: The highest sample of what was read lies here in the file of frames: resampling may lift it.
_PEAK = 0.5
#: Room for what is known of the frames, at the head of their file.
_HEAD_BYTES = 4096
_READ_BYTES = 1 << 20
#: Nobody still writes a file that is older.
_ABANDONED_S = 3600.0


@dataclass(frozen=True, slots=True)
class Bed:
    """Music to put under speech: a file of frames, and what is known of it."""

    #: Mono, signed 16 bit, little endian, after `_HEAD_BYTES`.
    path: Path
    #: Of the content of the music's own file and the rate, hexadecimal; with the aim it decides
    #: how the bed sounds.
    digest: str
    frame_count: int
    sample_rate_hz: int
    #: As heard.
    loudness_lufs: float
    true_peak_dbtp: float
    #: What was done other than expected, in words for the user.
    notes: tuple[str, ...] = ()

    @property
    def loop(self) -> Loop:
        """The bed without its end."""
        fade_frames = min(round(_FADE_S * self.sample_rate_hz), self.frame_count // 2)
        return Loop(self.frame_count, fade_frames)

    def open_factor(self, aim: Aim) -> float:
        """Return what makes of the file's frames those of the bed where no word is spoken.

        Softer than `OPEN_LU` below the speech only where its peaks would exceed the ceiling.
        """
        wanted_db = aim.loudness_lufs + OPEN_LU - self.loudness_lufs
        # The loop may lift the peak by the root of 2, rounding by a little.
        most_db = aim.ceiling_dbtp - self.true_peak_dbtp - 20.0 * float(np.log10(1.01 * sqrt(2.0)))
        # Rounded, so that the last bits of a sum can never decide a sample.
        return float(10.0 ** (round(min(wanted_db, most_db), 3) / 20.0))

    @contextmanager
    def opened(self, aim: Aim) -> Iterator[Callable[[int, int], Samples]]:
        """Give a reader of the endless bed at its open level: from a frame on, so many.

        Raises:
            StoreError: The file of frames cannot be read.
        """
        factor = self.open_factor(aim) / 32768.0
        loop = self.loop
        with self._file() as file:

            def sound(start: int, count: int) -> Samples:
                return self._frames_at(file, start, count) * factor

            yield lambda start, count: loop.read(start, count, sound)

    def _file(self) -> BinaryIO:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise _unusable_cache(self.path, error) from error

    def _frames_at(self, file: BinaryIO, start: int, count: int) -> Samples:
        try:
            file.seek(_HEAD_BYTES + 2 * start)
            content = file.read(2 * count)
        except OSError as error:
            raise _unusable_cache(self.path, error) from error
        if len(content) < 2 * count:
            raise _unusable_cache(self.path, OSError("it has become shorter"))
        return np.frombuffer(content, np.dtype("<i2")).astype(np.float64)


def mixed(clips: Iterable[Frames], stretch: Stretch, bed: Bed, aim: Aim) -> Iterator[Frames]:
    """Yield a stretch of the episode: its clips, and the bed under them.

    Args:
        clips: Mastered with ``aim``, in order; asked for one by one.
        stretch: Where they lie.
        bed: At the rate of the stretch.
        aim: Levels of the speech; the sum is held to the same ceiling.

    Yields:
        Mono frames, shape (frames,), pieces of any length: together the stretch, from exact silence
        to exact silence.

    Raises:
        StoreError: The bed's file of frames cannot be read.
    """
    ceiling = 10.0 ** (aim.ceiling_dbtp / 20.0)
    with bed.opened(aim) as read:
        yield from mix_stretch(clips, stretch, duck(stretch), read, ceiling)


def load_bed(path: Path, sample_rate_hz: int, folder: Path) -> Bed:
    """Prepare a bed, or find it prepared.

    The music is decoded, mixed to one channel and resampled block by block into a file of frames:
    half an hour of it would not fit into memory beside all else.

    Args:
        path: WAV, FLAC, MP3, Ogg or whatever else libsndfile reads; 1 s to 30 min.
        sample_rate_hz: Of the episode.
        folder: Keeps the file of frames between two builds, of one bed; made where it is missing.

    Raises:
        AudioError: The music cannot be read, is no sound, silent, broken, too short or too long.
        StoreError: The folder cannot be written.
    """
    ingredients = (_VERSION, digest_of(path), sample_rate_hz)
    digest = hashlib.sha256(repr(ingredients).encode()).hexdigest()
    target = folder / f"bed-{digest[:32]}.pcm"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _found(target, digest, sample_rate_hz) or _made(path, target, digest, sample_rate_hz)
    except OSError as error:
        raise _unusable_cache(target, error) from error


def _unusable_cache(target: Path, error: OSError) -> StoreError:
    return StoreError(
        f"the prepared music cannot be used ({error.strerror or error})",
        str(target),
        remedy="make room on the disk, see to it that the folder can be written, and build again",
    )


def _found(target: Path, digest: str, sample_rate_hz: int) -> Bed | None:
    """Return a prepared bed if its file is whole."""
    if not target.exists():
        return None
    with target.open("rb") as file:
        try:
            known = json.loads(file.read(_HEAD_BYTES))
        except ValueError:
            return None
        frames_hash, byte_count = hashlib.sha256(), 0
        while block := file.read(_READ_BYTES):
            frames_hash.update(block)
            byte_count += len(block)
    if frames_hash.hexdigest() != known["sha256"]:
        return None
    return Bed(
        target,
        digest,
        byte_count // 2,
        sample_rate_hz,
        known["integrated_lufs"],
        known["true_peak_dbtp"],
        tuple(known["notes"]),
    )


def _made(path: Path, target: Path, digest: str, sample_rate_hz: int) -> Bed:
    """Prepare a bed; of beds prepared earlier none is kept."""
    survey = take_survey(path, longest_s=_LONGEST_S, shortest_s=_SHORTEST_S)
    _forget_others(target)
    # Several processes may prepare the same bed at once, and each writes the same bytes.
    making = target.with_suffix(f".{os.getpid()}-{os.urandom(6).hex()}.making")
    try:
        with making.open("wb") as file:
            file.write(bytes(_HEAD_BYTES))
            blocks = mono_blocks(path, survey, sample_rate_hz)
            known, frame_count = _written(
                file, blocks, 32768.0 * _PEAK / survey.peak, Meter(sample_rate_hz)
            )
            if not isfinite(known["integrated_lufs"]):
                raise AudioError(
                    "the music is silent but for a click", str(path), remedy="choose another file"
                )
            known["notes"] = survey.notes
            file.seek(0)
            file.write(json.dumps(known).encode("ascii").ljust(_HEAD_BYTES))
        making.replace(target)
    finally:
        making.unlink(missing_ok=True)
    levels = known["integrated_lufs"], known["true_peak_dbtp"]
    return Bed(target, digest, frame_count, sample_rate_hz, *levels, survey.notes)


def _forget_others(target: Path) -> None:
    """Remove beds prepared earlier, and what killed processes have left of theirs."""
    old_s = time.time() - _ABANDONED_S
    for old in target.parent.glob("bed-*"):
        is_making = old.suffix == ".making"
        with suppress(FileNotFoundError):  # another process was faster
            if old != target and (not is_making or old.stat().st_mtime < old_s):
                old.unlink()


def _written(
    file: BinaryIO, blocks: Iterable[Samples], scale: float, meter: Meter
) -> tuple[dict[str, Any], int]:
    """Write the frames; return their sum and levels, and how many there are."""
    frames_hash, frame_count = hashlib.sha256(), 0
    for block in blocks:
        frames = np.clip(np.rint(scale * block), -32768, 32767).astype("<i2")
        frame_count += frames.size
        meter.add(frames / 32768.0)
        content = frames.tobytes()
        frames_hash.update(content)
        file.write(content)
    return {"sha256": frames_hash.hexdigest(), **asdict(meter.read())}, frame_count
