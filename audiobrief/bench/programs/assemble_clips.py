"""audiobrief's own way from clips to an MP3, in a process of its own, to be measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from audiobrief.assemble.render import assemble
from audiobrief.model.audio import SoundSpec
from audiobrief.model.script import Role, Segment
from audiobrief.store.clips import ClipCache
from audiobrief.store.encoded import EncodedCache

if TYPE_CHECKING:
    from audiobrief.model.audio import Clip


_T = TypeVar("_T")


class Clips:
    """The clips of the segments, in a cache."""

    def __init__(self, rows: list[dict[str, Any]], cache: ClipCache) -> None:
        self._keys = {row["id"]: row["key"] for row in rows}
        self._cache = cache
        # As a build has them: of each clip once.
        self._digests = {
            name: self._there(name, cache.glance(key)).digest for name, key in self._keys.items()
        }

    def digest(self, segment_id: str) -> str:
        """Return the digest of a segment's clip."""
        return self._digests[segment_id]

    def clip(self, segment_id: str) -> Clip:
        """Return a segment's clip."""
        return self._there(segment_id, self._cache.get(self._keys[segment_id]))

    @staticmethod
    def _there(segment_id: str, found: _T | None) -> _T:
        if found is None:
            message = f"the clip of segment {segment_id} is not there"
            raise FileNotFoundError(message)
        return found


def render(segments: list[Segment], clips: Clips, state: Path, target: Path) -> None:
    """Assemble an episode; what is kept from one run to the next lies in ``state``.

    This is the one place of the bench that knows how `assemble` is called.
    """
    assemble(
        segments,
        clips,
        SoundSpec(),
        target,
        encoded=EncodedCache(state / "encoded"),
        work=state,
        progress=lambda _done, _all, _doing: None,
    )


def segment_of(row: dict[str, Any], number: int) -> Segment:
    """Return the segment of a row of the list."""
    return Segment(
        id=row["id"],
        role=Role.NARRATOR,
        text=row["text"],
        spoken=row["text"],
        voice=row["voice"],
        pause_after_ms=row["pause_after_ms"],
        source=(number, number + 1),
        paragraph=row["paragraph"],
    )


def main(listed: str, clips: str, state: str, target: str) -> None:
    """Read the list of segments and their clips, and write the MP3."""
    rows = json.loads(Path(listed).read_text(encoding="utf-8"))
    segments = [segment_of(row, number) for number, row in enumerate(rows)]
    render(segments, Clips(rows, ClipCache(Path(clips))), Path(state), Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
