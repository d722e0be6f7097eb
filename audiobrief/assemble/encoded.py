"""A part of an episode, encoded by itself, decoded again and measured: what it is joined of.

All of it depends on the sound and the settings alone, wherever the part stands and whatever is
around it. So it is done once, and kept: an edit costs what is new.
"""

from __future__ import annotations

import json
import struct
import tempfile
from array import array
from contextlib import contextmanager
from dataclasses import dataclass
from threading import get_ident
from typing import IO, TYPE_CHECKING, Any, Protocol, Self, runtime_checkable

import numpy as np
import numpy.typing as npt
import soundfile

from audiobrief.assemble.passage import GRID_FRAMES, LEAD_MP3_FRAMES, encode_passage, silence_like
from audiobrief.errors import AudioError
from audiobrief.model.audio import WordMark
from audiobrief.sound.curve import energies_of
from audiobrief.sound.peak import true_peak

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from audiobrief.assemble.lame import Frames
    from audiobrief.model.audio import SoundSpec

Samples = npt.NDArray[Any]

#: What LAME and every decoder put in front of the sound: 576 and 529 PCM frames.
_DELAY_FRAMES = 1105
#: Silent MP3 frames behind a passage while it is decoded: what is left in the decoder comes out.
_TAIL_MP3_FRAMES = 2
#: Normalized correlation with the PCM, of the whole and of each stretch; of 726 segments the worst
#: one had .97, of 3,100 stretches in the shipped voices .99.
LEAST_LIKENESS = 0.7
#: Stretches so much below the loudest one, in energy, are not judged by themselves: 30 dB.
_JUDGED = 1e-3
#: Longer sound is kept in a file while it is compared: two minutes, 21 MB as 32-bit floats.
_IN_MEMORY_BYTES = 1 << 24
#: Frames compared at a time, a third of a second: so much cannot be missing anywhere.
_BLOCK_FRAMES = 1 << 14
#: Samples decoded at a time: a minute and a half in mono. Between two reads the decoder looks for
#: its place anew.
_AT_ONCE = _IN_MEMORY_BYTES // 4
_HEADER = struct.Struct("<4sII")
_MAGIC = b"abe2"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where one segment is heard in a part, in PCM frames from the beginning of its sound."""

    start_frame: int
    end_frame: int
    words: tuple[WordMark, ...]
    #: How much softer than asked for it is, as more gain would lift noise.
    missing_db: float
    #: Loudness of its clip as the voice gave it, as heard; ``None``: kept without it, by a version
    #: of before.
    before_lufs: float | None = None


@dataclass(frozen=True, slots=True)
class EncodedPart:
    """A part as it is heard in the episode."""

    #: MP3 frames, as `encode_passage` returns them.
    mp3: bytes
    #: Length of its sound, in PCM frames.
    frame_count: int
    #: Its segments, in order.
    spoken: tuple[Spoken, ...]
    #: Of the decoded sound, 1.0 as full scale.
    true_peak: float
    #: As in :class:`audiobrief.model.audio.Curve`: one step for each MP3 frame, the lead included.
    peaks: bytes
    energies: array[float]


class EncodedStore(Protocol):
    """Where encoded parts are kept between builds; called from one thread only."""

    def get(self, key: str) -> bytes | None:
        """Return what was kept under a key; ``None``: it is not there, or not whole."""
        ...

    def put(self, key: str, content: bytes) -> None:
        """Keep something."""
        ...


@runtime_checkable
class SharedEncodedStore(EncodedStore, Protocol):
    """One with a store behind it that other machines use, too."""

    def expect(self, keys: Sequence[str]) -> None:
        """Bring here what is there under these keys: all will be asked for."""
        ...


def encode_part(
    blocks: Iterable[Frames], spoken: Sequence[Spoken], spec: SoundSpec, work: Path
) -> EncodedPart:
    """Encode a part, and prove that it is heard as it went in.

    Args:
        blocks: Mono PCM, shape (frames,) each, from exact silence to exact silence.
        spoken: Where its segments lie.
        spec: What it is encoded as.
        work: An existing folder, to be emptied by the caller: one small file for each thread stays
            there for the next part.

    Raises:
        AudioError: The encoder made something else of it.
    """
    with _Spool(work, np.int16) as given, _Spool(work, np.float32) as heard:
        mp3 = encode_passage(_passed_on(blocks, given), spec)
        _decode(mp3, spec, heard, work)
        made, sound = given.read(), heard.read()
        _require_likeness(sound[LEAD_MP3_FRAMES * GRID_FRAMES :][: made.size], made)
        levels = energies_of(sound, spec.sample_rate_hz)
        return EncodedPart(
            mp3,
            made.size,
            tuple(spoken),
            true_peak(sound),
            levels.peaks,
            array("f", levels.energies.tobytes()),
        )


class _Spool:
    """Samples that stay in memory while they are few, and lie in a file when they are many."""

    def __init__(self, work: Path, kind: type[np.int16 | np.float32]) -> None:
        self._work = work
        self._kind = kind
        self._held: list[npt.NDArray[Any]] = []
        self._held_bytes = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, samples: npt.NDArray[Any]) -> None:
        """Take more samples, shape (frames,); they stay as they are from here on."""
        self._held.append(samples.astype(self._kind, copy=False))
        self._held_bytes += self._held[-1].nbytes
        if self._held_bytes > _IN_MEMORY_BYTES:
            self._move()

    def _move(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile("w+b", dir=str(self._work))  # noqa: SIM115 - closed by __exit__
        for samples in self._held:
            self._file.write(samples.data)
        self._held, self._held_bytes = [], 0

    def read(self) -> npt.NDArray[Any]:
        """Return all samples, shape (frames,): those in a file are read as they are used."""
        if self._file is not None:
            self._move()
            self._file.flush()
            return np.memmap(self._file, self._kind, "r")
        if len(self._held) == 1:
            return self._held[0]
        return np.concatenate(self._held) if self._held else np.zeros(0, self._kind)


def _passed_on(blocks: Iterable[Frames], spool: _Spool) -> Iterator[Frames]:
    for block in blocks:
        spool.add(block)
        yield block


def _decode(mp3: bytes, spec: SoundSpec, spool: _Spool, work: Path) -> None:
    """Write the sound of a passage as it is heard wherever it stands, from its lead on."""
    # By a file: of a stream the decoder asks every MP3 frame in two calls of Python, which waits
    # for the other threads each time.
    with _file_of(mp3 + silence_like(mp3, _TAIL_MP3_FRAMES), work) as path:
        try:
            with soundfile.SoundFile(path) as sound:
                delay_frames = _DELAY_FRAMES
                while (block := sound.read(_AT_ONCE // sound.channels, "float32")).size:
                    block = block[delay_frames:]
                    spool.add(block.mean(axis=1) if block.ndim > 1 else block)
                    delay_frames = 0
        except soundfile.LibsndfileError as error:
            raise AudioError(
                f"the encoded sound cannot be decoded ({error.error_string})",
                f"{len(mp3)} bytes at {spec.sample_rate_hz} Hz",
                remedy="reinstall lameenc and soundfile, and build again",
            ) from error


@contextmanager
def _file_of(mp3: bytes, work: Path) -> Iterator[Path]:
    """Lend a file of these bytes: one for each thread, since making one takes longer than it."""
    path = work / f"{get_ident()}.part.mp3"
    # In place: giving the room of the last part back would take longer than writing this one.
    try:
        with path.open("r+b" if path.exists() else "wb", buffering=0) as file:
            rest = memoryview(mp3)
            while rest:
                # A disk that gets full takes what it has room for, and fails at the next call.
                rest = rest[file.write(rest) :]
            file.truncate()
    except OSError as error:
        # An open file does not tell its name.
        error.filename = error.filename or str(path)
        raise
    yield path


def _require_likeness(heard: Samples, made: Samples) -> None:
    """Refuse what is not the sound as it went in, as a whole or in any stretch of it."""
    firsts = range(0, made.size, _BLOCK_FRAMES)
    sums = np.zeros((len(firsts), 3))
    for row, first in zip(sums, firsts, strict=True):
        x = heard[first : first + _BLOCK_FRAMES]
        y = made[first : first + _BLOCK_FRAMES].astype(np.float32)
        # What fades out below the encoder's last bit is not in it. Not by `@`: it wakes a thread of
        # OpenBLAS, which then spins for 25 ms, three times as long as all else takes.
        row[:] = (_dot(x, y[: x.size]), _dot(x, x), _dot(y, y))
    loud = sums[sums[:, 2] >= _JUDGED * sums[:, 2].max()]
    judged = np.vstack((sums.sum(axis=0), loud))
    norms = np.sqrt(judged[:, 1] * judged[:, 2])
    likeness = float(np.divide(judged[:, 0], norms, np.zeros_like(norms), where=norms > 0).min())
    if likeness < LEAST_LIKENESS:
        raise AudioError(
            f"it is not whole in the encoded sound (it matches to {likeness:.2f})",
            f"{heard.size} of {made.size} frames",
            remedy="build again; if it stays, report it with the article",
        )


def _dot(one: Samples, other: Samples) -> float:
    return float(np.einsum("i,i", one, other))


def render_encoded(part: EncodedPart) -> bytes:
    """Return an encoded part as bytes to be kept."""
    facts = json.dumps(
        {
            "frame_count": part.frame_count,
            "spoken": [
                [
                    *(one.start_frame, one.end_frame, one.missing_db),
                    [[w.start_char, w.end_char, w.start_frame] for w in one.words],
                ]
                for one in part.spoken
            ],
            # Apart from the above, so that versions of before can read it.
            "before_lufs": [one.before_lufs for one in part.spoken],
            "true_peak": part.true_peak,
        }
    ).encode()
    header = _HEADER.pack(_MAGIC, len(facts), len(part.peaks))
    return b"".join((header, facts, part.peaks, part.energies.tobytes(), part.mp3))


def parse_encoded(content: bytes) -> EncodedPart | None:
    """Return what `render_encoded` made bytes of; ``None`` for anything else."""
    if content[:4] != _MAGIC or len(content) < _HEADER.size:
        return None
    _, size, steps = _HEADER.unpack_from(content)
    first = _HEADER.size + size
    facts = json.loads(content[_HEADER.size : first])
    last = first + 5 * steps
    before = facts.get("before_lufs") or [None] * len(facts["spoken"])
    return EncodedPart(
        content[last:],
        facts["frame_count"],
        tuple(
            Spoken(start, end, tuple(WordMark(*word) for word in words), missing_db, before_lufs)
            for (start, end, missing_db, words), before_lufs in zip(
                facts["spoken"], before, strict=True
            )
        ),
        facts["true_peak"],
        content[first : first + steps],
        array("f", content[first + steps : last]),
    )
