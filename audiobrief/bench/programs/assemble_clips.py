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
    from audiobrief.model.audio import Clip


def render(segments: list[Segment], clips: dict[str, str], folder: Path, target: Path) -> None:
    """Assemble an episode; what `assemble` keeps between builds lies in ``folder``.

    This is the one place of the bench that knows how `assemble` is called.
    """
    cache = ClipCache(folder.parent / "clips")

    def clip_of(segment_id: str) -> Clip:
        clip = cache.get(clips[segment_id])
        if clip is None:
            message = f"the clip of {segment_id} is not there"
            raise FileNotFoundError(message)
        return clip

    work = folder / "work"
    work.mkdir(parents=True, exist_ok=True)
    assemble(
        segments, clip_of, SoundSpec(), target, work=work, progress=lambda _done, _all, _doing: None
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


def main(listed: str, folder: str, target: str) -> None:
    """Read the list of segments and their clips, and write the MP3."""
    rows = json.loads(Path(listed).read_text(encoding="utf-8"))
    segments = [segment_of(row, number) for number, row in enumerate(rows)]
    render(segments, {row["id"]: row["key"] for row in rows}, Path(folder), Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
