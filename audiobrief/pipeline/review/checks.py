"""Is the sound of an episode as the settings ask, and whole? From its manifest, without decoding.

The rules of podcast apps are about the feed, which a draft is not in: `publish` holds it to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest
from typing import TYPE_CHECKING, Final, Literal

from audiobrief.pipeline.produce import COMPANIONS
from audiobrief.store.files import mapping_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobrief.model.audio import Loudness, SoundSpec
    from audiobrief.model.episode import Episode
    from audiobrief.workspace.load import Workspace

#: What a build may be off; more comes of settings that have changed since.
_LOUDNESS_LU: Final = 0.5
_PEAK_DB: Final = 0.1
#: Players turn down by themselves what is so far off (EBU R 128: a tolerance of 1 LU live).
_GRAVE_LU: Final = 2.0
#: Rounding of a converter is heard as clipping from here on.
_FULL_SCALE_DBTP: Final = 0.0


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was looked at."""

    level: Literal["ok", "warn", "fail"]
    #: For people.
    text: str
    #: Id of the segment that it is about; ``None``: the episode.
    segment: str | None = None


def checks_of(show: Workspace, episode: Episode) -> tuple[Check, ...]:
    """Return what was looked at, the gravest first.

    Raises:
        StoreError: The sound cannot be read.
    """
    found = [
        *_sound(show.episodes / episode.directory / episode.enclosure.file, episode),
        *_levels(episode.loudness, show.sound),
        *_files(show, episode),
    ]
    return tuple(sorted(found, key=lambda check: ("fail", "warn", "ok").index(check.level)))


def _sound(path: Path, episode: Episode) -> Iterator[Check]:
    """Tell whether the file is the one that was built."""
    with mapping_os_errors("read", path):
        stamp = path.stat() if path.is_file() else None
    if stamp is None:
        yield Check("fail", "The sound is missing: build the article again.")
    elif stamp.st_size != episode.enclosure.bytes:
        yield Check("fail", "The sound is cut off or was changed: build the article again.")
    elif _digest(path, stamp.st_size, stamp.st_mtime_ns) != episode.enclosure.sha256:
        yield Check("fail", "The sound was changed after the build: build the article again.")
    else:
        yield Check("ok", "The sound is whole.")


@lru_cache(maxsize=64)
def _digest(path: Path, _size_bytes: int, _modified_ns: int) -> str:
    """Return the SHA-256 of a file; size and time stand for what is in it."""
    with mapping_os_errors("read", path), path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _levels(made: Loudness, wanted: SoundSpec) -> Iterator[Check]:
    """Tell whether loudness and true peak are as the settings ask."""
    off_lu = made.integrated_lufs - wanted.loudness_lufs
    told = f"{made.integrated_lufs:.1f} LUFS, {wanted.loudness_lufs:.1f} asked for"
    if abs(off_lu) <= _LOUDNESS_LU:
        yield Check("ok", f"Loudness: {told}.")
    else:
        how = "louder" if off_lu > 0 else "softer"
        level: Literal["warn", "fail"] = "fail" if abs(off_lu) > _GRAVE_LU else "warn"
        yield Check(level, f"Loudness: {told}; {abs(off_lu):.1f} LU {how}.")
    over_db = made.true_peak_dbtp - wanted.true_peak_dbtp
    told = f"{made.true_peak_dbtp:.1f} dBTP, at most {wanted.true_peak_dbtp:.1f} asked for"
    if over_db <= _PEAK_DB:
        yield Check("ok", f"True peak: {told}.")
    elif made.true_peak_dbtp > _FULL_SCALE_DBTP:
        yield Check("fail", f"True peak: {told}; it may crackle.")
    else:
        yield Check("warn", f"True peak: {told}.")


def _files(show: Workspace, episode: Episode) -> Iterator[Check]:
    """Tell whether transcripts, chapters and page are there."""
    folder = show.episodes / episode.directory
    missing = [name for name in COMPANIONS if not (folder / name).is_file()]
    if missing:
        yield Check("warn", f"Missing: {', '.join(missing)}; the next build makes them.")
    else:
        yield Check("ok", "Transcripts, chapters, script and page are there.")
