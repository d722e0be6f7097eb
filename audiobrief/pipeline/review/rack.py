"""The episodes that may be reviewed, each under an id that is no path."""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Final

from audiobrief.review.desk import NotFoundError
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.workspace.load import Workspace

#: What is in an id as it is; other folder names get one made of their digest.
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,200}")
#: Manifests that are held, the one that was asked for last first; an hour is about 1 MB.
_MOST_HELD: Final = 32
#: Of more episodes it is not looked whether they change: two looks each take 20 µs.
_MOST_WATCHED: Final = 500
#: What an episode's page is made of, beside its folder's own files: changed by people.
WATCHED: Final = (MANIFEST_NAME, "script.md", "words.toml", "review.json", "history.json")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an episode lies."""

    id: str
    #: The workspace as the episode's show sees it.
    show: Workspace
    folder: Path

    @property
    def where(self) -> str:
        """The folder, for people."""
        return f"{self.show.episodes_name}/{self.folder.name}"

    def stamps(self, names: tuple[str, ...] = WATCHED) -> tuple[object, ...]:
        """Return what changes whenever one of its files does."""
        return tuple(_stamp(self.folder / name) for name in names)


class Rack:
    """Finds episodes by id among those that there are.

    Args:
        shows: Each as it sees the workspace.
    """

    def __init__(self, shows: tuple[Workspace, ...]) -> None:
        self._shows = shows
        self._lock = Lock()
        self._held: OrderedDict[Path, tuple[object, Episode]] = OrderedDict()
        self._known: dict[str, tuple[object, dict[str, str]]] = {}

    def places(self) -> Iterator[Place]:
        """Yield all episodes, of each show those first whose folders have the latest day."""
        for show in self._shows:
            for identifier, name in self._names(show).items():
                folder = show.episodes / name
                if (folder / MANIFEST_NAME).is_file():
                    yield Place(identifier, show, folder)

    def place(self, identifier: str) -> Place:
        """Return where an episode lies.

        Raises:
            NotFoundError: There is none of that id.
        """
        name = identifier.partition("~")[0] if "~" in identifier else ""
        show = next((show for show in self._shows if show.show == name), None)
        # Names are compared with those that there are: what a client sends is never opened.
        directory = self._names(show).get(identifier) if show is not None else None
        if show is not None and directory is not None:
            folder = show.episodes / directory
            if (folder / MANIFEST_NAME).is_file():
                return Place(identifier, show, folder)
        raise NotFoundError(
            "there is no such episode", identifier, remedy='"audiobrief status" lists all'
        )

    def _names(self, show: Workspace) -> dict[str, str]:
        """Return what lies beside a show's episodes, and they, by id: the latest day first."""
        stamp = _stamp(show.episodes)
        known, names = self._known.get(show.show, (None, {}))
        if stamp is None or known != stamp:
            found = os.listdir(show.episodes) if stamp is not None else ()  # noqa: PTH208 - names
            names = {id_of(show, name): name for name in sorted(found, reverse=True)}
            self._known[show.show] = stamp, names
        return names

    def episode(self, place: Place) -> Episode:
        """Read an episode's manifest, if it is another one than last time.

        Raises:
            NotFoundError: It is gone.
            StoreError: It is damaged.
        """
        path = place.folder / MANIFEST_NAME
        stamp = _stamp(path)
        with self._lock:
            held = self._held.get(path)
            if held is not None and held[0] == stamp:
                self._held.move_to_end(path)
                return held[1]
        if stamp is None:
            raise NotFoundError("the episode is gone", place.where, remedy="reload the page")
        episode = read_manifest(path)
        with self._lock:
            self._held[path] = stamp, episode
            self._held.move_to_end(path)
            while len(self._held) > _MOST_HELD:
                self._held.popitem(last=False)
        return episode

    def read(self, place: Place) -> Episode:
        """Read an episode's manifest without holding it.

        Raises:
            StoreError: It is damaged.
        """
        return read_manifest(place.folder / MANIFEST_NAME)

    def state(self) -> str:
        """Return what changes whenever the list of episodes does."""
        states = []
        for n, place in enumerate(self.places()):
            if n == _MOST_WATCHED:
                break
            states.append((place.id, place.stamps((MANIFEST_NAME, "review.json"))))
        return sha256(repr(states).encode()).hexdigest()[:16]


def id_of(show: Workspace, directory: str) -> str:
    """Return the id of an episode."""
    if not _PLAIN.fullmatch(directory):
        directory = f"~{sha256(directory.encode('utf-8', 'surrogateescape')).hexdigest()[:20]}"
    return f"{show.show}~{directory}" if show.show else directory


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file does; ``None``: it is not there."""
    try:
        facts = os.stat(path)  # noqa: PTH116 - for each request and each look
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns, facts.st_ino
