"""Sound that a page may hear, opened by what it is: no name of a client's is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from audiobrief.review.desk import NotFoundError, SoundFile

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.review.rack import Place
    from audiobrief.store.clips import ClipCache

_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
)


def open_sound(place: Place, episode: Episode, sha256: str) -> SoundFile:
    """Open an episode's sound.

    Raises:
        NotFoundError: It has another one by now, or none.
    """
    enclosure = episode.enclosure
    if enclosure.sha256 != sha256:
        raise NotFoundError("there is another sound by now", place.where, remedy="reload the page")
    return _opened(place.folder / enclosure.file, sha256, enclosure.mime_type)


def open_clip(clips: ClipCache, key: str) -> SoundFile:
    """Open the sound of a segment.

    Args:
        clips: Of the workspace.
        key: 64 hex digits.

    Raises:
        NotFoundError: It is not there.
    """
    if clips.glance(key) is None:
        raise NotFoundError(
            "this clip is not there", key, remedy='run "audiobrief build" to speak it again'
        )
    return _opened(clips.path_of(key), key, "audio/wav")


def _opened(path: Path, tag: str, mime_type: str) -> SoundFile:
    """Open sound, and only then look at it: its path may be replaced at any moment."""
    try:
        stream = os.fdopen(os.open(path, _FLAGS), "rb", buffering=0)
    except OSError as error:
        raise NotFoundError(
            f"the sound cannot be read: {error.strerror or error}", path.name,
            remedy='run "audiobrief build" to make it again',
        ) from error  # fmt: skip
    return SoundFile(path, stream, os.fstat(stream.fileno()), tag, mime_type)
