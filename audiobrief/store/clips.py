"""Clips by content address: what was spoken once is never spoken again.

A clip is a WAV file that any player opens, with the digest of its sound in a chunk of its own.
It is not synced to disk: a clip torn by a power cut fails its digest and is spoken again, which
costs one synthesis, where syncing would cost every build.
"""

from __future__ import annotations

import struct
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.model.audio import Clip
from audiobrief.store.files import make_folder, mapping_os_errors, remove_if_there, temporary_beside

if TYPE_CHECKING:
    from pathlib import Path

# RIFF, fmt (mono PCM, 16 bit), our digest, then the sound: one fixed layout.
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI32s4sI")


class ClipCache:
    """Clips in a folder, each under its key (64 hex digits)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        #: Keys of clips that were there, but damaged, and were therefore discarded.
        self.damaged: list[str] = []

    def path_of(self, key: str) -> Path:
        """Return where the clip of a key lies or would lie."""
        return self._folder / key[:2] / f"{key}.wav"

    def get(self, key: str) -> Clip | None:
        """Return a clip, or ``None`` when it is not there or not whole."""
        path = self.path_of(key)
        try:
            with mapping_os_errors("read the clip", path):
                content = path.read_bytes()
        except Exception as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return None
            raise
        clip = parse_clip(content)
        if clip is None:
            self.damaged.append(key)
            remove_if_there(path)
        return clip

    def put(self, key: str, clip: Clip) -> None:
        """Keep a clip; a kill at any moment leaves it whole or not there."""
        path = self.path_of(key)
        make_folder(path.parent)
        temporary = temporary_beside(path)
        try:
            with mapping_os_errors("write the clip", path):
                temporary.write_bytes(render_clip(clip))
                temporary.replace(path)
        except BaseException:
            remove_if_there(temporary)
            raise


def render_clip(clip: Clip) -> bytes:
    """Return a clip as a WAV file with its digest.

    >>> parse_clip(render_clip(Clip(bytes(4), 22050))).frame_count
    2
    """
    size, rate = len(clip.pcm), clip.sample_rate_hz
    header = _HEADER.pack(
        *(b"RIFF", _HEADER.size - 8 + size, b"WAVE"),
        *(b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16),
        *(b"sha2", 32, _digest(clip)),
        *(b"data", size),
    )
    return header + clip.pcm


def parse_clip(content: bytes) -> Clip | None:
    """Return the clip of a file that ``render_clip`` made, ``None`` for anything else."""
    if len(content) < _HEADER.size:
        return None
    fields = _HEADER.unpack_from(content)
    rate, digest = fields[7], fields[13]
    clip = Clip(content[_HEADER.size :], rate)
    if _digest(clip) != digest or render_clip(clip) != content:
        return None
    return clip


def _digest(clip: Clip) -> bytes:
    return sha256(struct.pack("<I", clip.sample_rate_hz) + clip.pcm).digest()
