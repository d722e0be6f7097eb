"""Whether feed and list of a show lie there as they were written."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from audiobrief.pipeline.cut_off import was_cut_off
from audiobrief.pipeline.feeds import further_pages, known_files
from audiobrief.publish.address import FEED_FILE, PAGE_FILE
from audiobrief.store.files import mapping_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobrief.workspace.load import Workspace

#: What the last line of a whole file is.
_ENDS: Final = {".xml": b"</rss>", ".html": b"</html>"}
_OLD: Final = "is an old one: the last release was cut off"


def flaws_of_feed(show: Workspace) -> Iterator[tuple[str, str]]:
    """Yield the files of feed and list that are not whole, each with what is wrong, in words.

    To be asked of a show that has something to publish. Without notes in the cache, only a file
    that has no end is known not to be whole.

    Args:
        show: The workspace as the show sees it.

    Raises:
        StoreError: A file cannot be read.
    """
    known = known_files(show)
    for name in sorted(known.keys() | _names(show)):
        path = show.episodes / name
        if not path.is_file():
            yield name, "is missing"
            continue
        content, end = _read(path), _ENDS[path.suffix]
        if not content.rstrip().endswith(end):
            yield name, f"is cut off or damaged: {len(content)} bytes without {end.decode()}"
        elif known.get(name, "") not in ("", sha256(content).hexdigest()):
            yield name, _OLD if was_cut_off(show) else "is another one than was written"


def digests_of_feed(show: Workspace) -> dict[str, str]:
    """Return the digests of the files of feed and list that are there, by name.

    Raises:
        StoreError: A file cannot be read.
    """
    paths = (show.episodes / name for name in sorted(_names(show)))
    return {path.name: sha256(_read(path)).hexdigest() for path in paths if path.is_file()}


def _names(show: Workspace) -> set[str]:
    return {FEED_FILE, PAGE_FILE, *(path.name for path in further_pages(show.episodes))}


def _read(path: Path) -> bytes:
    with mapping_os_errors("read", path):
        return path.read_bytes()
