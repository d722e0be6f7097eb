"""audiobrief's own way from clips to an MP3, in a process of its own, to be measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobrief.assemble.render import assemble
from audiobrief.model.audio import SoundSpec
from audiobrief.model.script import Role, Segment
from audiobrief.store.clips import ClipCache

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.model.audio import Clip


def render(
    segments: list[Segment], clip_of: Callable[[str], Clip], state: Path, target: Path
) -> None:
    """Assemble an episode; what is kept from one run to the next lies in ``state``.

    This is the one place of the bench that knows how `assemble` is called.
    """
    assemble(
        segments,
        clip_of,
        SoundSpec(),
        target,
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
    keys = {row["id"]: row["key"] for row in rows}
    cache = ClipCache(Path(clips))

    def clip_of(segment_id: str) -> Clip:
        clip = cache.get(keys[segment_id])
        if clip is None:
            message = f"the clip of segment {segment_id} is not there"
            raise FileNotFoundError(message)
        return clip

    render(segments, clip_of, Path(state), Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
