"""Clips by content address: what was spoken once is never spoken again.

A clip is a WAV file that any player opens, with the digest of its sound in a chunk of its own.
It is not synced to disk: a clip torn by a power cut fails its digest and is spoken again, which
costs one synthesis, where syncing would cost every build.
"""

from __future__ import annotations

import os
import struct
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.model.audio import Clip, ClipFacts, WordMark
from audiobrief.store.files import make_folder, mapping_os_errors, remove_if_there, temporary_beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# RIFF, fmt (mono PCM, 16 bit), our digest; then the word marks, if any, and the sound.
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI32s")
# Start and end of a word in the text, its first frame.
_MARK = struct.Struct("<III")


@dataclass(frozen=True, slots=True)
class Usage:
    """Some clips, and how much room they take."""

    count: int
    bytes: int


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
            self._discard_damaged(key)
            return None
        self._touch(path)
        return clip

    def glance(self, key: str) -> ClipFacts | None:
        """Return what the head of a clip's file says; ``None``: not there, or not as long.

        The sound itself is held to the digest when it is read.
        """
        path = self.path_of(key)
        try:
            with mapping_os_errors("read the clip", path), path.open("rb") as file:
                head = file.read(_HEADER.size + 8)
                size = os.fstat(file.fileno()).st_size
        except Exception as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return None
            raise
        facts = _facts_of(head, size)
        if facts is None:
            self._discard_damaged(key)
        else:
            self._touch(path)
        return facts

    def discard(self, key: str) -> None:
        """Remove a clip, if it is there."""
        remove_if_there(self.path_of(key))

    def _discard_damaged(self, key: str) -> None:
        self.damaged.append(key)
        self.discard(key)

    @staticmethod
    def _touch(path: Path) -> None:
        # The time of its last use decides what `prune` keeps; a folder that may only be read
        # serves all the same.
        with suppress(OSError):
            os.utime(path)

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

    def usage(self) -> Usage:
        """Return how much lies there."""
        sizes = [size for _, size, _ in self._files()]
        return Usage(len(sizes), sum(sizes))

    def prune(self, limit_bytes: int, *, dry_run: bool = False) -> Usage:
        """Remove the clips that were not used for longest, until the rest fits.

        What is removed is spoken again when it is needed; no episode changes.

        Args:
            limit_bytes: How much may stay.
            dry_run: Only count.

        Returns:
            What was removed.

        Raises:
            StoreError: A clip cannot be removed.
        """
        files = sorted(self._files())
        over = sum(size for _, size, _ in files) - limit_bytes
        count = removed = 0
        for _, size, path in files:
            if removed >= over:
                break
            if not dry_run:
                remove_if_there(path)
            count, removed = count + 1, removed + size
        return Usage(count, removed)

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """Yield last use, size and path of every clip; one that vanishes meanwhile is none."""
        for path in self._folder.glob("??/*.wav"):
            with suppress(FileNotFoundError):
                facts = path.stat()
                yield facts.st_mtime_ns, facts.st_size, path


def render_clip(clip: Clip) -> bytes:
    """Return a clip as a WAV file with its digest, and its word marks if it has any.

    >>> parse_clip(render_clip(Clip(bytes(4), 22050))).frame_count
    2
    """
    size, rate = len(clip.pcm), clip.sample_rate_hz
    marks = _marks(clip)
    chunk = struct.pack("<4sI", b"word", len(marks)) + marks if marks else b""
    header = _HEADER.pack(
        *(b"RIFF", _HEADER.size + len(chunk) + size, b"WAVE"),
        *(b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16),
        *(b"sha2", 32, _digest(clip)),
    )
    return header + chunk + struct.pack("<4sI", b"data", size) + clip.pcm


def parse_clip(content: bytes) -> Clip | None:
    """Return the clip of a file that ``render_clip`` made, ``None`` for anything else."""
    position = _HEADER.size
    if len(content) < position + 8:
        return None
    fields = _HEADER.unpack_from(content)
    rate, digest = fields[7], fields[13]
    words: tuple[WordMark, ...] = ()
    name, size = struct.unpack_from("<4sI", content, position)
    if name == b"word":
        marks = content[position + 8 : position + 8 + size]
        if len(marks) % _MARK.size:
            return None
        words = tuple(WordMark(*mark) for mark in _MARK.iter_unpack(marks))
        position += 8 + size
    clip = Clip(content[position + 8 :], rate, words)
    if _digest(clip) != digest or render_clip(clip) != content:
        return None
    return clip


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
    return sha256(struct.pack("<I", clip.sample_rate_hz) + clip.pcm + _marks(clip)).digest()
