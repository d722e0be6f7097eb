"""Which article belongs to which episode, over the course of one build."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import StoreError
from audiobrief.model.card import card_of
from audiobrief.pipeline.cards import drawer_of, sweep_episodes
from audiobrief.pipeline.heard import Voices
from audiobrief.store.files import atomic_write
from audiobrief.store.finder import STDIN, Finder
from audiobrief.store.index import Filed, file_of
from audiobrief.store.library import new_directory, new_guid
from audiobrief.store.manifest import (
    MANIFEST_NAME,
    open_manifest,
    read_manifest,
    render_manifest,
    resealed,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from datetime import datetime

    from audiobrief.model.article import Article
    from audiobrief.model.card import Card
    from audiobrief.model.episode import Episode
    from audiobrief.workspace.load import Workspace


#: Episodes that are kept whole, of 50 kB each: what is asked for is mostly what was made last.
_MOST_WHOLE = 32


class Register:
    """The episodes as a build finds and makes them; no two articles get the same one.

    Of those that are not touched only the cards are known, however many there are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        drawer = drawer_of(workspace)
        self._filed = {filed.card.guid: filed for filed in drawer.filed}
        #: What was decided in this run and is yet to be made, whole: it has no manifest.
        self._decided: dict[str, Episode] = {}
        #: What was made or rewritten last, whole; of all others the manifests are read.
        self._lately: dict[str, Episode] = {}
        #: Whose pages this run has rendered.
        self._rendered: set[str] = set()
        #: In whose folders this run has changed something.
        self._touched: set[str] = set()
        self._finder = Finder((f.card for f in drawer.filed), self.whole)
        #: Manifests that could not be read.
        self.damaged: tuple[StoreError, ...] = drawer.damaged
        #: What has become of manifests, in words for the user.
        self.news: tuple[str, ...] = drawer.news
        self._drawer = drawer
        self._claimed: set[str] = set()
        #: What was decided of episodes and then could not be made, by GUID.
        self._dropped: dict[str, Card] = {}
        #: What was there before it was decided anew.
        self._before: dict[str, Filed | None] = {}
        #: What this build has read: locator to the text's id.
        self._seen: dict[str, str] = {}
        #: Episodes whose text was found under another locator.
        self._moved: dict[str, str] = {}

    @property
    def episodes(self) -> tuple[Card, ...]:
        """All episodes as they are now."""
        return tuple(filed.card for filed in self._filed.values())

    def __contains__(self, guid: str) -> bool:
        """Tell whether there is an episode with this GUID."""
        return guid in self._filed

    def episode(self, guid: str) -> Episode | None:
        """Return an episode by its GUID, as its manifest has it.

        Raises:
            StoreError: The manifest is damaged by now.
        """
        filed = self._filed.get(guid)
        return None if filed is None else self.whole(filed.card)

    def whole(self, card: Card) -> Episode:
        """Return the episode of a card, as its manifest has it.

        Raises:
            StoreError: The manifest is damaged, or another episode's by now.
        """
        known = self._decided.get(card.guid) or self._lately.get(card.guid)
        if known is not None:
            return known
        path = self._workspace.episodes / card.directory / MANIFEST_NAME
        episode = read_manifest(path)
        if episode.guid != card.guid:
            raise StoreError(
                "the manifest has become that of another episode",
                str(path),
                remedy="run the same command again",
            )
        return episode

    def filed(self) -> list[Filed]:
        """Return all episodes as they are now, with what lies in their folders, by directory."""
        episodes = self._workspace.episodes
        for guid in self._touched & self._filed.keys():
            self._filed[guid] = file_of(episodes, self._filed[guid].card)
        return sorted(self._filed.values(), key=lambda filed: filed.card.directory)

    def others(self, own: Episode | None) -> Others:
        """Return all episodes but one."""
        return Others(self, own)

    def programmes(self, own: Episode | None, since: datetime) -> Iterator[Episode]:
        """Yield all programmes but one that are not older, whole."""
        for guid, card in self.known().items():
            if (own is None or guid != own.guid) and card.day and card.published >= since:
                yield self.whole(card)

    def is_rendered(self, card: Card) -> bool:
        """Say whether this run has rendered the page of an episode."""
        return card.guid in self._rendered

    def known(self) -> dict[str, Card]:
        """Return all cards by GUID, with what was dropped in this run."""
        return {**self._dropped, **{guid: filed.card for guid, filed in self._filed.items()}}

    @cached_property
    def voices(self) -> Voices:
        """The voices of all speakers."""
        return Voices(self.known().values())

    def claim(self, article: Article) -> Episode | None:
        """Return the episode of an article, which from now on belongs to it.

        Raises:
            StoreError: It is one whose manifest is damaged: as another one it would be published
                twice.
        """
        self._seen[article.locator] = article.id
        own = self._finder.find(article, claimed=self._claimed)
        if own is not None:
            self._claimed.add(own.guid)
        else:
            self._refuse_damaged(article)
        return own

    def _refuse_damaged(self, article: Article) -> None:
        """Refuse an article that a damaged manifest names: by its text, its page, its file."""
        own = (article.id, new_guid(article, (), show=self._workspace.show))
        # Whatever else was edited, one of these stays; all that came by standard input shares one.
        told = (article.url, article.locator if article.locator != STDIN else None)
        names = (*own, *(json.dumps(each, ensure_ascii=False) for each in told if each))
        for error, content in self._unreadable.items():
            if any(name.encode("utf-8", "surrogatepass") in content for name in names):
                raise error

    @cached_property
    def _unreadable(self) -> dict[StoreError, bytes]:
        """What damaged manifests hold; of a copy, the original counts."""
        found = {}
        for error in self.damaged:
            try:
                found[error] = Path(error.subject).read_bytes()
            except OSError:
                found[error] = b""
        return found

    def keep(self, guid: str) -> Card:
        """Return the episode of an article that has not changed: it belongs to it, as before."""
        self._claimed.add(guid)
        return self._filed[guid].card

    def add(self, episode: Episode, *, is_rendered: bool = False) -> None:
        """Take in an episode as it has just been made; its manifest is written.

        Args:
            episode: As its manifest has it.
            is_rendered: Its page was rendered by this run, too.
        """
        if is_rendered:
            self._rendered.add(episode.guid)
        self._put(episode)
        self._keep_lately(episode)
        self._claimed.add(episode.guid)
        self._before.pop(episode.guid, None)

    def _keep_lately(self, episode: Episode) -> None:
        self._decided.pop(episode.guid, None)
        self._lately.pop(episode.guid, None)
        self._lately[episode.guid] = episode
        if len(self._lately) > _MOST_WHOLE:
            del self._lately[next(iter(self._lately))]

    def _put(self, episode: Episode) -> None:
        card = card_of(episode)
        self._touched.add(episode.guid)
        self._filed[episode.guid] = Filed(card, "", "//")
        self._finder.put(card)
        if "voices" in self.__dict__:
            self.voices.put(card)

    def decide(self, episode: Episode) -> None:
        """Take in what was decided of an episode that is yet to be made.

        Its voices, its GUID and its directory count for the next article at once: so what is
        decided does not depend on when something is made, or whether. `add` or `drop` follows.
        """
        guid = episode.guid
        self._before.setdefault(guid, self._filed.get(guid))
        self._put(episode)
        self._decided[guid] = episode
        self._claimed.add(guid)

    def drop(self, guid: str) -> None:
        """Forget an episode that was decided and could not be made; what is on disk counts.

        Its speakers keep their voices for the rest of the run.
        """
        dropped = self._filed.pop(guid, None)
        if dropped is None:
            return
        self._decided.pop(guid, None)
        self._dropped[guid] = dropped.card
        self._finder.remove(dropped.card)
        before = self._before.pop(guid, None)
        if before is not None:
            # The new manifest may have taken the place of the old one before the disk refused to
            # keep it: then the feed names the new sound, and it is the old one that nothing names.
            # Whoever needs more than its card of one that cannot be read is told.
            self._file(self._as_it_lies(before.card) or before)

    def _file(self, filed: Filed) -> None:
        self._filed[filed.card.guid] = filed
        self._finder.put(filed.card)
        if "voices" in self.__dict__:
            self.voices.put(filed.card)

    def _as_it_lies(self, card: Card) -> Filed | None:
        """Return an episode as its manifest has it; ``None``: it has none that can be read."""
        path = self._workspace.episodes / card.directory / MANIFEST_NAME
        try:
            episode = read_manifest(path)
        except StoreError:
            return None
        return Filed(card_of(episode), "", "//") if episode.guid == card.guid else None

    def drop_undone(self) -> None:
        """Forget all episodes that were decided and not made, when somebody has interrupted.

        Whose manifest lies there is made: the interrupt came before it was noted.
        """
        for guid, before in list(self._before.items()):
            # The interrupt may have come before this was filed, too.
            decided = self._filed.get(guid)
            self.drop(guid)
            if before is None and decided and (made := self._as_it_lies(decided.card)):
                self._file(made)

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
        guid = new_guid(article, self._filed.keys(), show=self._workspace.show)
        # A directory without a manifest is what a killed build left: it is used again.
        taken = {filed.card.directory for filed in self._filed.values()}
        taken |= {Path(error.subject).parent.name for error in self.damaged}
        return guid, new_directory(title, published, guid, taken)

    def rewrite(self, episode: Episode) -> None:
        """Write the manifest of an episode in which something beside its sound has changed.

        Raises:
            StoreError: It cannot be written.
        """
        path = self._workspace.episodes / episode.directory / MANIFEST_NAME
        atomic_write(path, render_manifest(episode))
        self._put(episode)
        self._keep_lately(episode)

    def sweep(self) -> None:
        """Remove what a killed run has left unfinished; only for the holder of the lock."""
        sweep_episodes(self._workspace, self._drawer)

    def seal_again(self) -> None:
        """Write manifests that were changed by hand, or by a disk, with a seal of what they say.

        Raises:
            StoreError: One cannot be written.
        """
        for directory in self._drawer.unsealed:
            path = self._workspace.episodes / directory / MANIFEST_NAME
            opened = open_manifest(path)
            if opened.news:
                atomic_write(path, resealed(opened.content))

    def remember_moves(self) -> None:
        """Write down the new locators of articles whose file was renamed.

        That is: the old file is gone, or holds another text by now.
        """
        for guid, locator in self._moved.items():
            own = self.episode(guid)
            if own is None:
                continue
            ref = own.articles[0]
            still_there = (self._workspace.root / ref.locator).exists()
            if still_there and self._seen.get(ref.locator, ref.id) == ref.id:
                continue
            self.rewrite(replace(own, articles=(replace(ref, locator=locator),)))


class Others:
    """All episodes of a register but one; read only if somebody goes through them."""

    def __init__(self, register: Register, own: Episode | None) -> None:
        self._register = register
        self._own = own.guid if own is not None else None

    def __iter__(self) -> Iterator[Episode]:
        """Yield the episodes whole."""
        for guid, card in self._register.known().items():
            if guid != self._own:
                yield self._register.whole(card)

    def voices_among(self, guests: Container[str]) -> dict[str, str]:
        """Return which of these voices each speaker had last.

        The one's own speakers are among them: whoever asks puts them over these anyway.
        """
        return self._register.voices.among(guests)
