"""``links.txt`` as a source: addresses that were shared, a list that people may edit, too.

It lies beside ``audiobrief.toml``. As soon as something is in it, ``fetch`` asks it like those of
the settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from audiobrief.workspace.settings import SourceSettings
from audiobrief.workspace.shows import LINKS

if TYPE_CHECKING:
    from audiobrief.workspace.load import Workspace

LINKS_NAME: Final = "links.txt"


def sources_of(workspace: Workspace) -> tuple[SourceSettings, ...]:
    """Return the sources in the settings, and the list of shared links if there is one."""
    named = tuple(workspace.settings.sources)
    links = links_source(workspace)
    return (*named, links) if links not in named and _has_links(workspace) else named


def links_source(workspace: Workspace) -> SourceSettings:
    """Return the source of shared links: as the settings have it, if they do."""
    place, sources = workspace.root / LINKS_NAME, workspace.settings.sources
    for source in sources:
        if source.kind == "list" and workspace.root / (source.path or "") == place:
            return source
    names = {source.name for source in sources}
    name = next(each for each in (LINKS, LINKS_NAME, str(place)) if each not in names)
    return SourceSettings(name=name, kind="list", path=LINKS_NAME)


def _has_links(workspace: Workspace) -> bool:
    """Tell whether there is a list with something in it; an empty one is nothing to complain of."""
    try:
        raw = (workspace.root / LINKS_NAME).read_bytes()
    except OSError:
        return False
    # UTF-16 has a NUL beside each letter.
    return b"http" in raw.replace(b"\0", b"").lower()
