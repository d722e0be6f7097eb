"""Clips by content address: what was spoken once is never spoken again.

A clip is a WAV file that any player opens, with the digest of its sound in a chunk of its own.
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.model.audio import Clip, ClipFacts, WordMark
from audiobrief.store.behind import Behind
from audiobrief.store.cache_folder import CacheFolder
from audiobrief.store.files import mapping_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from audiobrief.store.tier import Tier

# RIFF, fmt (mono PCM, 16 bit), our digest; then the word marks, if any, and the sound.
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI32s")
# Start and end of a word in the text, its first frame.
_MARK = struct.Struct("<III")
#: On Windows, bytes as they are.
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)


class ClipCache(CacheFolder):
    """Clips in a folder, each under its key (64 hex digits).

    Args:
        folder: Where they lie; made with the first one.
        behind: Where clips are looked for that are not there, and kept when they are `share`d.
    """

    def __init__(self, folder: Path, behind: Tier | None = None) -> None:
        super().__init__(folder, ".wav")
        self._behind = Behind(self, "clips", behind, is_whole=_is_clip)

    def get(self, key: str) -> Clip | None:
        """Return a clip, or ``None`` when it is not there or not whole."""
        clip = self._whole(key)
        if clip is None and self._behind.fetch(key):
            clip = self._whole(key)
        return clip

    def _whole(self, key: str) -> Clip | None:
        content = self.read(key)
        if content is None:
            return None
        clip = parse_clip(content)
        if clip is None:
            self.discard_damaged(key)
        else:
            self.touch(key)
        return clip

    def share_all(self) -> int:
        """Keep all that is here in the shared store, some time later; return how much it lacks."""
        return self._behind.share_all(self.keys())

    def expect(self, keys: Sequence[str]) -> None:
        """Bring clips that are not there from the shared store, many at once."""
        self._behind.expect(keys)

    def share(self, keys: Iterable[str]) -> None:
        """Keep clips in the shared store, some time later; they have been judged."""
        self._behind.share(keys)

    def glance(self, key: str) -> ClipFacts | None:
        """Return what the head of a clip's file says; ``None``: not there, or not as long.

        The sound itself is held to the digest when it is read.
        """
        facts = self._seen(key)
        if facts is None and self._behind.fetch(key):
            facts = self._seen(key)
        return facts

    def _seen(self, key: str) -> ClipFacts | None:
        path = self.path_of(key)
        head, size = b"", -1
        # By the system's own calls, at half the time: this is done for every sentence.
        with mapping_os_errors("read", path), suppress(FileNotFoundError):
            file = os.open(path, _READING)
            try:
                head = os.read(file, _HEADER.size + 8)
                size = os.fstat(file).st_size
            finally:
                os.close(file)
        if size < 0:
            return None
        # A power cut leaves names without bytes: an empty file is one that is damaged.
        facts = _facts_of(head, size)
        if facts is None:
            self.discard_damaged(key)
        else:
            self.touch(key)
        return facts

    def put(self, key: str, clip: Clip) -> None:
        """Keep a clip; a kill at any moment leaves it whole or not there.

        One that is there stays: another process may have spoken the same text meanwhile, a little
        otherwise, and be making an episode of it. To replace one, `discard` it first.
        """
        if self._seen(key) is None:
            self.write(key, render_clip(clip))


def render_clip(clip: Clip) -> bytes:
    """Return a clip as a WAV file with its digest, and its word marks if it has any.

    >>> parse_clip(render_clip(Clip(bytes(4), 22050))).frame_count
    2
    """
    return _head(clip, _digest(clip)) + clip.pcm


def _head(clip: Clip, digest: bytes) -> bytes:
    """Return all of a clip's file that stands before the sound."""
    size, rate = len(clip.pcm), clip.sample_rate_hz
    marks = _marks(clip)
    chunk = struct.pack("<4sI", b"word", len(marks)) + marks if marks else b""
    header = _HEADER.pack(
        *(b"RIFF", _HEADER.size + len(chunk) + size, b"WAVE"),
        *(b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16),
        *(b"sha2", 32, digest),
    )
    return header + chunk + struct.pack("<4sI", b"data", size)


def parse_clip(content: bytes) -> Clip | None:
    """Return the clip of a file that ``render_clip`` made, ``None`` for anything else."""
    position = _HEADER.size
    if len(content) < position + 8:
        return None
    fields = _HEADER.unpack_from(content)
    rate, digest = fields[7], fields[13]
    # Bytes a second are a field, too: a flipped bit in the rate would leave no room for them.
    if rate >= 1 << 31:
        return None
    words: tuple[WordMark, ...] = ()
    name, size = struct.unpack_from("<4sI", content, position)
    if name == b"word":
        marks = content[position + 8 : position + 8 + size]
        if len(marks) % _MARK.size:
            return None
        words = tuple(WordMark(*mark) for mark in _MARK.iter_unpack(marks))
        position += 8 + size
    clip = Clip(content[position + 8 :], rate, words)
    if _digest(clip) != digest or _head(clip, digest) != content[: position + 8]:
        return None
    return clip


def _is_clip(content: bytes) -> bool:
    return parse_clip(content) is not None


def _facts_of(head: bytes, size: int) -> ClipFacts | None:
    """Return the facts in the head of a file of so many bytes, ``None``: they do not fit."""
    if len(head) < _HEADER.size + 8:
        return None
    riff, total, _, _, _, _, _, rate, *_, digest = _HEADER.unpack_from(head)
    name, length = struct.unpack_from("<4sI", head, _HEADER.size)
    chunk = 8 + length if name == b"word" else 0
    sound = size - _HEADER.size - chunk - 8
    if riff != b"RIFF" or total != _HEADER.size + chunk + sound or sound <= 0 or not rate:
        return None
    return ClipFacts(sound // 2, rate, digest.hex())


def _marks(clip: Clip) -> bytes:
    return b"".join(_MARK.pack(w.start_char, w.end_char, w.start_frame) for w in clip.words)


def _digest(clip: Clip) -> bytes:
    digest = sha256(struct.pack("<I", clip.sample_rate_hz))
    digest.update(clip.pcm)
    digest.update(_marks(clip))
    return digest.digest()
