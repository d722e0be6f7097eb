"""One clip, mastered, encoded by itself, decoded again and measured: what an episode is joined of.

All of it depends on the clip and the settings alone, wherever the clip stands and whatever is
around it. So it is done once, and kept: an edit costs what is new.
"""

from __future__ import annotations

import io
import json
import struct
from array import array
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
import soundfile

from audiobrief.assemble.lame import QUALITY
from audiobrief.assemble.master import MASTER_VERSION, Aim, master
from audiobrief.assemble.passage import GRID_FRAMES, LEAD_MP3_FRAMES, encode_passage, silence_like
from audiobrief.errors import AudioError
from audiobrief.model.audio import WordMark
from audiobrief.sound.curve import energies_of
from audiobrief.sound.peak import true_peak

if TYPE_CHECKING:
    from audiobrief.model.audio import Clip, SoundSpec

Samples = npt.NDArray[np.float64]

#: Raised when `encode_clip` or the format of what is kept changes.
_VERSION = 1
#: What decides the bytes besides our own code.
_PACKAGES = ("lameenc", "numpy", "pydub", "soxr")
#: What LAME and every decoder put in front of the sound: 576 and 529 PCM frames.
_DELAY_FRAMES = 1105
#: Silent MP3 frames behind a passage while it is decoded: what is left in the decoder comes out.
_TAIL_MP3_FRAMES = 2
#: Normalized correlation with the PCM; of 726 segments the worst one had .97.
LEAST_LIKENESS = 0.7
_HEADER = struct.Struct("<4sII")
_MAGIC = b"abe1"


@dataclass(frozen=True, slots=True)
class EncodedClip:
    """A clip as it is heard in the episode."""

    #: MP3 frames, as `encode_passage` returns them.
    mp3: bytes
    #: Length of the mastered clip, in PCM frames of the episode.
    frame_count: int
    #: Word marks, their frames counted from the beginning of the mastered clip.
    words: tuple[WordMark, ...]
    #: How much softer than asked for it is, as more gain would lift noise.
    missing_db: float
    #: Of the decoded sound, 1.0 as full scale.
    true_peak: float
    #: As in :class:`audiobrief.model.audio.Curve`: one step for each MP3 frame, the lead included.
    peaks: bytes
    energies: array[float]


class EncodedStore(Protocol):
    """Where encoded clips are kept between builds; called from one thread only."""

    def get(self, key: str) -> bytes | None:
        """Return what was kept under a key; ``None``: it is not there, or not whole."""
        ...

    def put(self, key: str, content: bytes) -> None:
        """Keep something."""
        ...


@cache
def _versions() -> tuple[str, ...]:
    return tuple(version(name) for name in _PACKAGES)


def encoded_key(clip_digest: str, aim: Aim, spec: SoundSpec) -> str:
    """Return the key under which an encoded clip is kept, 64 hex digits.

    Args:
        clip_digest: Of the clip's sound and word marks.
        aim: What it is mastered to.
        spec: What it is encoded as.
    """
    parts = (
        *(_VERSION, MASTER_VERSION, QUALITY, _versions()),
        *(aim.loudness_lufs, aim.ceiling_dbtp, aim.sample_rate_hz),
        *(spec.bitrate_kbps, spec.sample_rate_hz, spec.channels),
        clip_digest,
    )
    return sha256(json.dumps(parts).encode()).hexdigest()


def encode_clip(clip: Clip, aim: Aim, spec: SoundSpec) -> EncodedClip:
    """Master and encode a clip, and prove that it is heard as it went in.

    Args:
        clip: Of an engine.
        aim: What it is mastered to.
        spec: What it is encoded as.

    Raises:
        AudioError: It cannot be mastered, or the encoder made something else of it.
    """
    mastered = master(clip, aim)
    frames = np.frombuffer(mastered.clip.pcm, np.dtype("<i2"))
    mp3 = encode_passage([frames], spec)
    heard = decoded_alone(mp3, spec)
    _require_likeness(heard[LEAD_MP3_FRAMES * GRID_FRAMES :][: frames.size], frames)
    levels = energies_of(heard, spec.sample_rate_hz)
    return EncodedClip(
        mp3,
        frames.size,
        mastered.clip.words,
        mastered.missing_db,
        true_peak(heard),
        levels.peaks,
        array("f", levels.energies.tobytes()),
    )


def decoded_alone(mp3: bytes, spec: SoundSpec) -> Samples:
    """Return the sound of a passage, as it is heard wherever it stands.

    Args:
        mp3: Of `encode_passage`.
        spec: What it was encoded as.

    Returns:
        Shape (frames,), from the first frame of the lead on.

    Raises:
        AudioError: It cannot be decoded.
    """
    silence = silence_like(mp3, _TAIL_MP3_FRAMES)
    try:
        sound, _ = soundfile.read(io.BytesIO(mp3 + silence), dtype="float64", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise AudioError(
            f"the encoded sound cannot be decoded ({error})",
            f"{len(mp3)} bytes at {spec.sample_rate_hz} Hz",
            remedy="reinstall lameenc and soundfile, and build again",
        ) from error
    heard: Samples = sound[_DELAY_FRAMES:].mean(axis=1)
    return heard


def _require_likeness(heard: Samples, frames: npt.NDArray[np.int16]) -> None:
    made = frames / 32768.0
    # What fades out below the encoder's last bit is not in it.
    same = made[: heard.size]
    norm = float(np.sqrt((heard @ heard) * (made @ made)))
    likeness = float(heard @ same) / norm if norm else 0.0
    if likeness < LEAST_LIKENESS:
        raise AudioError(
            f"it is not whole in the encoded sound (it matches to {likeness:.2f})",
            f"{heard.size} of {made.size} frames",
            remedy="build again; if it stays, report it with the article",
        )


def render_encoded(encoded: EncodedClip) -> bytes:
    """Return an encoded clip as bytes to be kept."""
    facts = json.dumps(
        {
            "frame_count": encoded.frame_count,
            "words": [[w.start_char, w.end_char, w.start_frame] for w in encoded.words],
            "missing_db": encoded.missing_db,
            "true_peak": encoded.true_peak,
        }
    ).encode()
    steps = len(encoded.peaks)
    header = _HEADER.pack(_MAGIC, len(facts), steps)
    return b"".join((header, facts, encoded.peaks, encoded.energies.tobytes(), encoded.mp3))


def parse_encoded(content: bytes) -> EncodedClip | None:
    """Return what `render_encoded` made bytes of; ``None`` for anything else."""
    if content[:4] != _MAGIC or len(content) < _HEADER.size:
        return None
    _, size, steps = _HEADER.unpack_from(content)
    first = _HEADER.size + size
    facts = json.loads(content[_HEADER.size : first])
    last = first + 5 * steps
    return EncodedClip(
        content[last:],
        facts["frame_count"],
        tuple(WordMark(*word) for word in facts["words"]),
        facts["missing_db"],
        facts["true_peak"],
        content[first : first + steps],
        array("f", content[first + steps : last]),
    )
