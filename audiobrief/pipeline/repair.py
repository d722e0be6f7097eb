"""``repair``: index, pages and feed anew from the manifests; what cannot be saved is named.

Everything is read, and held against the digests that say what it was. Nothing is removed that could
not be made again: a manifest that nobody can read is set aside under another name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.errors import AudiobriefError, StoreError
from audiobrief.model.episode import State
from audiobrief.pipeline.build import build
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.feeds import further_pages, page_notes
from audiobrief.pipeline.mend import Mender
from audiobrief.pipeline.release import (
    FEED_NAME,
    IDENTITY_NAME,
    choose_cover,
    describe_show,
    identify,
)
from audiobrief.pipeline.whole_feed import digests_of_feed, flaws_of_feed
from audiobrief.store.files import atomic_write
from audiobrief.store.index import INDEX_NAME, copy_of, remove_index
from audiobrief.store.library import Identity, read_identity, render_identity
from audiobrief.store.lock import locked
from audiobrief.store.manifest import MANIFEST_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show
    from audiobrief.workspace.load import Workspace

#: A file of feed or list is whole, and the manifests have changed, or what they are about is lost.
_OTHERWISE = "is not what manifests and settings say"
_SHOW_GUID = re.compile(rb"<podcast:guid>([0-9a-f-]{36})</podcast:guid>")


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What became of a show."""

    #: Episodes whose manifests can be read.
    episodes: int
    #: What was mended, or would be, in words for the user.
    mended: tuple[str, ...]
    #: What cannot be saved, each with what helps.
    lost: tuple[AudiobriefError, ...]
    #: Relative to the workspace; ``None``: nothing is published, or it was a dry run.
    feed: str | None = None


def repair(
    show: Workspace, *, now: datetime, dry_run: bool = False, tell: Tell = say_nothing
) -> RepairReport:
    """Make anew whatever follows from the manifests of a show.

    Args:
        show: The workspace, as the show sees it.
        now: Aware.
        dry_run: Change nothing; say what would be done.
        tell: Called with every step.

    Raises:
        LockedError: A build holds the workspace.
        WorkspaceError: The settings are wrong.
    """
    with locked(show.cache / "lock"):
        work = _Repair(show, dry_run=dry_run, tell=tell)
        work.identity()
        work.episodes()
        flaws = dict(flaws_of_feed(show)) if work.public_count else {}
        before = digests_of_feed(show)
        if not dry_run:
            remove_index(show.cache / INDEX_NAME)
            page_notes(show).unlink(missing_ok=True)
    feed, error = None, None
    if not dry_run and not work.is_nameless:
        report = build(show, [], now=now, tell=tell)
        feed, error = report.feed, report.error
        work.lost += [error] if error is not None else []
        after = digests_of_feed(show)
        changed = sorted(name for name in after if after[name] != before.get(name))
        flaws = {**dict.fromkeys(changed, _OTHERWISE), **flaws}
    if error is None:
        work.feed(flaws)
    return RepairReport(work.count, tuple(work.mended), tuple(work.lost), feed)


class _Repair:
    """One repair."""

    def __init__(self, show: Workspace, *, dry_run: bool, tell: Tell) -> None:
        self._show = show
        self._is_dry = dry_run
        self._tell = tell
        self._mender = Mender(show, is_dry=dry_run)
        self.mended = self._mender.mended
        self.lost = self._mender.lost
        self.count = 0
        #: Of them, what a feed may name.
        self.public_count = 0
        #: Nothing can be published: who the show is, nobody knows.
        self.is_nameless = False

    def identity(self) -> None:
        """Mend ``show.json``: what the feed on disk says of the show is who it is."""
        path = self._show.episodes / IDENTITY_NAME
        where = f"{self._show.episodes_name}/{IDENTITY_NAME}"
        try:
            known = read_identity(path)
        except StoreError as error:
            known = self._published_identity()
            if known is None:
                self.lost.append(error)
                self.is_nameless = True
                return
            self.mended.append(f"{where} was damaged: the GUID of {FEED_NAME} taken")
        if known is None:
            known = self._published_identity()
            if known is None:
                return
            self.mended.append(f"{where} was missing: the GUID of {FEED_NAME} taken")
        if known.news:
            self.mended.append(f"{where} {known.news}")
        if not self._is_dry:
            # Without what the feed was made of, it is made again.
            atomic_write(path, render_identity(replace(known, feed="", pages="")))

    def _published_identity(self) -> Identity | None:
        pages = [self._show.episodes / FEED_NAME, *further_pages(self._show.episodes)]
        found = {
            guid.decode()
            for page in pages
            if page.is_file()
            for guid in _SHOW_GUID.findall(page.read_bytes())
        }
        return Identity(found.pop()) if len(found) == 1 else None

    def episodes(self) -> None:
        """Look at all folders."""
        mender = self._mender
        first: dict[str, str] = {}
        mender.name_without_manifest()
        described = None if self.is_nameless else self._described()
        paths = sorted(self._show.episodes.glob(f"*/{MANIFEST_NAME}"))
        for number, path in enumerate(paths):
            self._tell(Event(Stage.READ, path.parent.name, number, len(paths)))
            episode = mender.manifest(path)
            if episode is None:
                continue
            known = first.setdefault(episode.guid, episode.directory)
            if known != episode.directory:
                self.lost.append(copy_of(known, str(path), self._show.episodes.name))
                continue
            self.count += 1
            if mender.sounds(path.parent, episode) and self._may_publish(episode):
                self.public_count += 1
            if described is not None:
                mender.files(path.parent, described, episode)
            mender.review(path.parent)

    def feed(self, flaws: Mapping[str, str]) -> None:
        """Say which files of feed and list are not whole, and what is made of them.

        Args:
            flaws: What is wrong with each, by name.
        """
        count = self.public_count
        made_of = f"{count} episode{'' if count == 1 else 's'}"
        for name, flaw in sorted(flaws.items()):
            where = f"{self._show.episodes_name}/{name}"
            if self.is_nameless:
                remedy = f"restore {self._show.episodes_name}/{IDENTITY_NAME} from a backup"
                self.lost.append(StoreError(f"the file {flaw}", where, remedy=remedy))
            else:
                self.mended.append(f"{where} {flaw}; made anew from the manifests of {made_of}")

    def _may_publish(self, episode: Episode) -> bool:
        wants_approval = self._show.settings.publish.require_approval
        return episode.state is State.PUBLISHED or not wants_approval

    def _described(self) -> Show:
        show = self._show
        try:
            identity = identify(show)
        except StoreError:  # of a dry run, which has not mended it
            identity = self._published_identity() or Identity("")
        return describe_show(show, identity, choose_cover(show))
