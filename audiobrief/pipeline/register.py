"""Which article belongs to which episode, over the course of one build."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobrief.store.files import atomic_write
from audiobrief.store.finder import Finder
from audiobrief.store.library import new_directory, new_guid, read_shelf
from audiobrief.store.manifest import MANIFEST_NAME, render_manifest

if TYPE_CHECKING:
    from datetime import datetime

    from audiobrief.errors import StoreError
    from audiobrief.model.article import Article
    from audiobrief.model.episode import Episode
    from audiobrief.workspace.load import Workspace


class Register:
    """The episodes as a build finds and makes them; no two articles get the same one."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        shelf = read_shelf(workspace.episodes)
        self._episodes = {e.guid: e for e in shelf.episodes}
        self._finder = Finder(shelf.episodes)
        #: Manifests that could not be read.
        self.damaged: tuple[StoreError, ...] = shelf.damaged
        self._claimed: set[str] = set()
        #: What was decided of episodes and then could not be made, by GUID.
        self._dropped: dict[str, Episode] = {}
        #: What was there before it was decided anew.
        self._before: dict[str, Episode | None] = {}
        #: What this build has read: locator to the text's id.
        self._seen: dict[str, str] = {}
        #: Episodes whose text was found under another locator.
        self._moved: dict[str, str] = {}

    @property
    def episodes(self) -> tuple[Episode, ...]:
        """All episodes as they are now."""
        return tuple(self._episodes.values())

    def episode(self, guid: str) -> Episode | None:
        """Return an episode by its GUID."""
        return self._episodes.get(guid)

    def others(self, own: Episode | None) -> list[Episode]:
        """Return all episodes but one."""
        known = {**self._dropped, **self._episodes}
        return [e for e in known.values() if e is not own]

    def claim(self, article: Article) -> Episode | None:
        """Return the episode of an article, which from now on belongs to it."""
        self._seen[article.locator] = article.id
        own = self._finder.find(article, claimed=self._claimed)
        if own is not None:
            self._claimed.add(own.guid)
        return own

    def keep(self, guid: str) -> Episode:
        """Return the episode of an article that has not changed: it belongs to it, as before."""
        self._claimed.add(guid)
        return self._episodes[guid]

    def add(self, episode: Episode) -> None:
        """Take in an episode as it has just been made."""
        self._episodes[episode.guid] = episode
        self._finder.put(episode)
        self._claimed.add(episode.guid)
        self._before.pop(episode.guid, None)

    def decide(self, episode: Episode) -> None:
        """Take in what was decided of an episode that is yet to be made.

        Its voices, its GUID and its directory count for the next article at once: so what is
        decided does not depend on when something is made, or whether. `add` or `drop` follows.
        """
        before = self._before.get(episode.guid, self._episodes.get(episode.guid))
        self.add(episode)
        self._before[episode.guid] = before

    def drop(self, guid: str) -> None:
        """Forget an episode that was decided and could not be made; what was before is back.

        Its speakers keep their voices for the rest of the run.
        """
        dropped = self._episodes.pop(guid, None)
        if dropped is None:
            return
        self._dropped[guid] = dropped
        self._finder.remove(dropped)
        before = self._before.pop(guid, None)
        if before is not None:
            self._episodes[guid] = before
            self._finder.put(before)

    def drop_undone(self) -> None:
        """Forget all episodes that were decided and not made."""
        for guid in list(self._before):
            self.drop(guid)

    def found_at(self, own: Episode, locator: str) -> str | None:
        """Note where an unchanged article lies; return its other locator, if it has one."""
        known = own.articles[0].locator
        if known == locator:
            self._moved.pop(own.guid, None)
            return None
        self._moved[own.guid] = locator
        return known

    def new_place(self, title: str, article: Article, published: datetime) -> tuple[str, str]:
        """Return the GUID and the directory of a new episode."""
        guid = new_guid(article, set(self._episodes), show=self._workspace.show)
        # A directory without a manifest is what a killed build left: it is used again.
        taken = {p.parent.name for p in self._workspace.episodes.glob(f"*/{MANIFEST_NAME}")}
        taken |= {episode.directory for episode in self._episodes.values()}
        return guid, new_directory(title, published, guid, taken)

    def remember_moves(self) -> None:
        """Write down the new locators of articles whose file was renamed.

        That is: the old file is gone, or holds another text by now.
        """
        for guid, locator in self._moved.items():
            own = self._episodes[guid]
            ref = own.articles[0]
            still_there = (self._workspace.root / ref.locator).exists()
            if still_there and self._seen.get(ref.locator, ref.id) == ref.id:
                continue
            moved = replace(own, articles=(replace(ref, locator=locator),))
            path = self._workspace.episodes / own.directory / MANIFEST_NAME
            atomic_write(path, render_manifest(moved))
            self._episodes[guid] = moved
