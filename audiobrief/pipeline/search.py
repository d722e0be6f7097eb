"""``search``: what was said, in which episode, and when in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import StoreError
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest
from audiobrief.store.said import SAID_NAME, TITLE, SaidIndex, remove_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.episode import Episode
    from audiobrief.store.said import Place
    from audiobrief.workspace.load import Workspace


@dataclass(frozen=True, slots=True)
class Found:
    """A place in an episode; read from its manifest, not from the index."""

    #: As the show sees it.
    show: Workspace
    episode: Episode
    #: Where it is heard; the title at the start.
    start_ms: int
    speaker: str | None
    text: str


def search(
    workspace: Workspace, words: Sequence[str], *, limit: int, tell: Tell = say_nothing
) -> tuple[list[Found], list[StoreError]]:
    """Find lines that have all of these words; return them, and manifests that cannot be read.

    The newest episode comes first, the lines of each in the order in which they are heard.

    What was not found before (new episodes, changed ones) is taken in first.

    Args:
        workspace: As the first show sees it: all shows are searched.
        words: At least one.
        limit: How many places at most.
        tell: Called while new episodes are taken in.

    Raises:
        StoreError: The index can be neither used nor made.
    """
    path = workspace.cache / SAID_NAME
    try:
        return _searched(workspace, words, limit, tell)
    except StoreError:
        # Damaged, it is made anew, once.
        remove_said(path)
        return _searched(workspace, words, limit, tell)


def _searched(
    workspace: Workspace, words: Sequence[str], limit: int, tell: Tell
) -> tuple[list[Found], list[StoreError]]:
    damaged: list[StoreError] = []

    def taking(directory: str, done: int, total: int) -> None:
        tell(Event(Stage.READ, directory, done, total))

    shows = {show.show: show for show in workspace.shows}
    with SaidIndex(workspace.cache / SAID_NAME) as said:
        for show in shows.values():
            damaged += said.refresh(show.episodes, show.show, taking)
        places = said.find(words, limit=limit)
    episodes: dict[tuple[str, str], Episode] = {}
    found = []
    for place in places:
        if place.show not in shows:
            continue
        show = shows[place.show]
        key = place.show, place.directory
        if key not in episodes:
            episodes[key] = read_manifest(show.episodes / place.directory / MANIFEST_NAME)
        found.append(_found(show, episodes[key], place))
    # Episodes apart, each in the order in which it is heard; then the newest of them first.
    found.sort(key=lambda each: (each.show.show, each.episode.directory, each.start_ms))
    found.sort(key=lambda each: each.episode.published, reverse=True)
    return found, damaged


def _found(show: Workspace, episode: Episode, place: Place) -> Found:
    if place.segment == TITLE or place.segment >= len(episode.segments):
        return Found(show, episode, 0, None, episode.title)
    segment = episode.segments[place.segment]
    return Found(show, episode, segment.start_ms, segment.speaker, segment.text)
