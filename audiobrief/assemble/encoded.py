"""A part of an episode, encoded by itself, decoded again and measured: what it is joined of.

All of it depends on the sound and the settings alone, wherever the part stands and whatever is
around it. So it is done once, and kept: an edit costs what is new.
"""

from __future__ import annotations

import io
import json
import struct
import tempfile
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

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
#: Normalized correlation with the PCM; of 726 segments the worst one had .97.
LEAST_LIKENESS = 0.7
#: Longer sound is kept in a file while it is compared: two minutes, 21 MB as 32-bit floats.
_IN_MEMORY_BYTES = 1 << 24
#: Frames decoded, compared and measured at a time.
_BLOCK_FRAMES = 1 << 18
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


def encode_part(
    blocks: Iterable[Frames], spoken: Sequence[Spoken], spec: SoundSpec, work: Path
) -> EncodedPart:
    """Encode a part, and prove that it is heard as it went in.

    Args:
        blocks: Mono PCM, shape (frames,) each, from exact silence to exact silence.
        spoken: Where its segments lie.
        spec: What it is encoded as.
        work: An existing folder; what is put there has no name.

    Raises:
        AudioError: The encoder made something else of it.
    """
    with _Spool(work, np.int16) as given, _Spool(work, np.float32) as heard:
        mp3 = encode_passage(_passed_on(blocks, given), spec)
        _decode(mp3, spec, heard)
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
    """Samples that go through memory while they are few, and through a file when they are many."""

    def __init__(self, work: Path, kind: type[np.int16 | np.float32]) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES, "w+b", dir=str(work))  # noqa: SIM115 - closed by __exit__
        self._kind = kind

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def add(self, samples: npt.NDArray[Any]) -> None:
        self._file.write(samples.astype(self._kind, copy=False).tobytes())

    def read(self) -> npt.NDArray[Any]:
        """Return all samples, shape (frames,): those in a file are read as they are used."""
        size = self._file.tell()
        self._file.seek(0)
        if size <= _IN_MEMORY_BYTES:
            return np.frombuffer(self._file.read(), self._kind)
        return np.memmap(self._file, self._kind, "r")


def _passed_on(blocks: Iterable[Frames], spool: _Spool) -> Iterator[Frames]:
    for block in blocks:
        spool.add(block)
        yield block


def _decode(mp3: bytes, spec: SoundSpec, spool: _Spool) -> None:
    """Write the sound of a passage as it is heard wherever it stands, from its lead on."""
    stream = io.BytesIO(mp3 + silence_like(mp3, _TAIL_MP3_FRAMES))
    try:
        with soundfile.SoundFile(stream) as sound:
            sound.read(_DELAY_FRAMES, "float32")
            while (block := sound.read(_BLOCK_FRAMES, "float32", always_2d=True)).size:
                spool.add(block.mean(axis=1))
    except soundfile.LibsndfileError as error:
        raise AudioError(
            f"the encoded sound cannot be decoded ({error.error_string})",
            f"{len(mp3)} bytes at {spec.sample_rate_hz} Hz",
            remedy="reinstall lameenc and soundfile, and build again",
        ) from error


def _require_likeness(heard: Samples, made: Samples) -> None:
    sums = np.zeros(3)
    for first in range(0, made.size, _BLOCK_FRAMES):
        x = heard[first : first + _BLOCK_FRAMES]
        y = made[first : first + _BLOCK_FRAMES].astype(np.float32)
        # What fades out below the encoder's last bit is not in it. Not by `@`: it wakes a thread of
        # OpenBLAS, which then spins for 25 ms, three times as long as all else takes.
        sums += (_dot(x, y[: x.size]), _dot(x, x), _dot(y, y))
    norm = float(np.sqrt(sums[1] * sums[2]))
    likeness = float(sums[0]) / norm if norm else 0.0
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
    return EncodedPart(
        content[last:],
        facts["frame_count"],
        tuple(
            Spoken(start, end, tuple(WordMark(*word) for word in words), missing_db)
            for start, end, missing_db, words in facts["spoken"]
        ),
        facts["true_peak"],
        content[first : first + steps],
        array("f", content[first + steps : last]),
    )
