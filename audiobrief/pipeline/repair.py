"""``repair``: index, pages and feed anew from the manifests; what cannot be saved is named.

Everything is read, and held against the digests that say what it was. Nothing is removed that could
not be made again: a manifest that nobody can read is set aside under another name.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING

from audiobrief.errors import AudiobriefError, StoreError
from audiobrief.pipeline.build import build
from audiobrief.pipeline.companions import PAGE_NAME, render_companions
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.feeds import further_pages, page_notes
from audiobrief.pipeline.looks import damaged_cover, draw_again
from audiobrief.pipeline.release import (
    FEED_NAME,
    IDENTITY_NAME,
    choose_cover,
    describe_show,
    identify,
)
from audiobrief.store.files import atomic_write, commit_file, mapping_os_errors, temporary_beside
from audiobrief.store.index import INDEX_NAME, copy_of, remove_index
from audiobrief.store.library import Identity, guid_of_text, read_identity, render_identity
from audiobrief.store.lock import locked
from audiobrief.store.manifest import MANIFEST_NAME, open_manifest, resealed
from audiobrief.store.review import REVIEW_NAME, mend_review

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.episode import Enclosure, Episode
    from audiobrief.model.show import Show
    from audiobrief.workspace.load import Workspace

#: Under which name a manifest that nobody can read stays beside what it was about.
SET_ASIDE = f"{MANIFEST_NAME}.damaged"
_GUID = re.compile(rb'"guid": ?"([0-9a-f-]{36})"')
_ARTICLE = re.compile(rb'"id": ?"([0-9a-f]{64})", ?"locator": ?"((?:[^"\\]|\\.)*)"')
_SHOW_GUID = re.compile(rb"<podcast:guid>([0-9a-f-]{36})</podcast:guid>")
_SOUND = re.compile(r"-([0-9a-f]{8})\.[0-9a-z]+$")


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
        if not dry_run:
            remove_index(show.cache / INDEX_NAME)
            page_notes(show).unlink(missing_ok=True)
    feed = None
    if not dry_run and not work.is_nameless:
        report = build(show, [], now=now, tell=tell)
        feed = report.feed
        work.lost += [report.error] if report.error is not None else []
    return RepairReport(work.count, tuple(work.mended), tuple(work.lost), feed)


class _Repair:
    """One repair."""

    def __init__(self, show: Workspace, *, dry_run: bool, tell: Tell) -> None:
        self._show = show
        self._is_dry = dry_run
        self._tell = tell
        self.mended: list[str] = []
        self.lost: list[AudiobriefError] = []
        self.count = 0
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
        first: dict[str, str] = {}
        self._without_manifest()
        described = None if self.is_nameless else self._described()
        paths = sorted(self._show.episodes.glob(f"*/{MANIFEST_NAME}"))
        for number, path in enumerate(paths):
            self._tell(Event(Stage.READ, path.parent.name, number, len(paths)))
            episode = self._manifest(path)
            if episode is None:
                continue
            known = first.setdefault(episode.guid, episode.directory)
            if known != episode.directory:
                self.lost.append(copy_of(known, str(path), self._show.episodes.name))
                continue
            self.count += 1
            self._sounds(path.parent, episode)
            if described is not None:
                self._files(path.parent, described, episode)
            self._review(path.parent)

    def _without_manifest(self) -> None:
        """Name the folders of episodes whose manifest is gone: no feed can tell of them."""
        for folder in sorted(self._show.episodes.glob("*/")):
            if (folder / MANIFEST_NAME).exists() or not any(self._left(folder)):
                continue
            left = ", ".join(self._left(folder))
            self.lost.append(
                StoreError(
                    f"the manifest is missing; whole beside it: {left}",
                    f"{self._show.episodes_name}/{folder.name}/{MANIFEST_NAME}",
                    remedy='restore it, or build its article again: "audiobrief build"',
                )
            )

    def _described(self) -> Show:
        show = self._show
        try:
            identity = identify(show)
        except StoreError:  # of a dry run, which has not mended it
            identity = self._published_identity() or Identity("")
        return describe_show(show, identity, choose_cover(show))

    def _manifest(self, path: Path) -> Episode | None:
        where = f"{self._show.episodes_name}/{path.parent.name}/{MANIFEST_NAME}"
        try:
            opened = open_manifest(path)
        except StoreError as error:
            self.lost.append(self._unreadable(path, error))
            return None
        if opened.news:
            self.mended.append(f"{where} {opened.news}")
            if not self._is_dry:
                atomic_write(path, resealed(opened.content))
        return opened.episode

    def _unreadable(self, path: Path, error: StoreError) -> StoreError:
        """Set a manifest aside whose episode a build makes again under its GUID; say what is left.

        That is proven by what can still be read of it: the GUID is that of its article's text.
        """
        with mapping_os_errors("read the manifest", path):
            content = path.read_bytes()
        guid, article = _GUID.search(content), _ARTICLE.search(content)
        left = ", ".join(self._left(path.parent)) or "nothing"
        problem = f"{error.problem}; whole beside it: {left}"
        if guid is None or article is None:
            remedy = "restore it from a backup, or remove it if its episode lies in another"
            return StoreError(problem, str(path), remedy=remedy)
        made = guid_of_text(article[1].decode(), show=self._show.show)
        locator = article[2].decode("utf-8", "replace")
        if made != guid[1].decode():
            remedy = f"restore it from a backup: the text of {locator} has changed since its GUID"
            return StoreError(problem, str(path), remedy=remedy)
        if not self._is_dry:
            aside = path.with_name(SET_ASIDE)
            with mapping_os_errors("set aside", path):
                path.replace(aside)
            self.mended.append(
                f"set aside as {self._show.episodes_name}/{path.parent.name}/{SET_ASIDE}"
            )
        return StoreError(
            problem,
            str(path),
            remedy=f'build it again under its GUID: "audiobrief build {locator}"',
        )

    def _left(self, folder: Path) -> Iterator[str]:
        """Yield what in the folder of a manifest that nobody can read is whole, as far as known."""
        for path in sorted(folder.iterdir()):
            found = _SOUND.search(path.name)
            if found is not None and _digest_of(path).startswith(found[1]):
                yield path.name
            elif path.name in {"transcript.json", "script.md"}:
                yield f"{path.name} (unproven)"

    def _sounds(self, folder: Path, episode: Episode) -> None:
        for sound in (episode.enclosure, *episode.deliveries):
            path = folder / sound.file
            if path.is_file() and _digest_of(path) == sound.sha256:
                continue
            if self._found_elsewhere(path, sound):
                continue
            state = "is damaged" if path.is_file() else "is missing"
            locator = episode.articles[0].locator
            self.lost.append(
                StoreError(
                    f"the sound {state}",
                    f"{self._show.directory_of(episode)}/{sound.file}",
                    remedy=f'make it again: "audiobrief build {locator}"',
                )
            )

    def _found_elsewhere(self, path: Path, sound: Enclosure) -> bool:
        """Bring a sound back that lies in another folder: its name tells its digest."""
        digits = sound.sha256[:8]
        for other in sorted(self._show.episodes.glob(f"*/*-{digits}.*")):
            if other == path or not other.is_file() or _digest_of(other) != sound.sha256:
                continue
            self.mended.append(
                f"{self._show.episodes_name}/{path.parent.name}/{path.name} "
                f"brought back from {other.parent.name}/"
            )
            if not self._is_dry:
                temporary = temporary_beside(path)
                with mapping_os_errors("write", path):
                    shutil.copyfile(other, temporary)
                commit_file(temporary, path)
            return True
        return False

    def _files(self, folder: Path, show: Show, episode: Episode) -> None:
        """Hold what lies beside the sound against its digests, and render or draw it again."""
        cover = damaged_cover(folder, show, episode)
        if cover is not None:
            self.mended.append(f"{self._show.directory_of(episode)}/{cover.name} drawn again")
            if not self._is_dry:
                draw_again(cover, show, episode)
        texts = {n: t.encode() for n, t in render_companions(show, episode).items()}
        wanted = dict(episode.files) | {PAGE_NAME: sha256(texts[PAGE_NAME]).hexdigest()}
        for name in sorted(texts.keys() | wanted.keys()):
            path = folder / name
            digest = wanted.get(name) or sha256(texts[name]).hexdigest()
            if path.is_file() and _digest_of(path) == digest:
                continue
            where = f"{self._show.directory_of(episode)}/{name}"
            if name in texts and sha256(texts[name]).hexdigest() == digest:
                self.mended.append(f"{where} rendered again")
                if not self._is_dry:
                    atomic_write(path, texts[name])
                continue
            locator = episode.articles[0].locator
            self.lost.append(
                StoreError(
                    "the file is damaged" if path.is_file() else "the file is missing",
                    where,
                    remedy=f'make it again: "audiobrief build {locator}"',
                )
            )

    def _review(self, folder: Path) -> None:
        path = folder / REVIEW_NAME
        if not path.is_file() or self._is_dry:
            return
        try:
            news = mend_review(path, self._show.cache)
        except StoreError as error:
            self.lost.append(error)
            return
        if news:
            self.mended.append(f"{self._show.episodes_name}/{folder.name}/{REVIEW_NAME} {news}")


def _digest_of(path: Path) -> str:
    with mapping_os_errors("read", path), path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
