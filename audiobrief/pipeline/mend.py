"""An episode as its manifest tells it: what differs is mended, or named if it cannot be."""

from __future__ import annotations

import re
import shutil
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING

from audiobrief.errors import StoreError
from audiobrief.pipeline.companions import PAGE_NAME, render_companions
from audiobrief.pipeline.looks import damaged_cover, draw_again
from audiobrief.store.files import atomic_write, commit_file, mapping_os_errors, temporary_beside
from audiobrief.store.library import guid_of_text
from audiobrief.store.manifest import MANIFEST_NAME, read_bytes, resealed, understand
from audiobrief.store.review import REVIEW_NAME, mend_review

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobrief.errors import AudiobriefError
    from audiobrief.model.episode import Enclosure, Episode
    from audiobrief.model.show import Show
    from audiobrief.workspace.load import Workspace

#: Under which name a manifest that nobody can read stays beside what it was about.
SET_ASIDE = f"{MANIFEST_NAME}.damaged"
_GUID = re.compile(rb'"guid": ?"([0-9a-f-]{36})"')
_ARTICLE = re.compile(rb'"id": ?"([0-9a-f]{64})", ?"locator": ?"((?:[^"\\]|\\.)*)"')
_SOUND = re.compile(r"-([0-9a-f]{8})\.[0-9a-z]+$")


class Mender:
    """Mends the folders of episodes.

    Args:
        show: The workspace, as the show sees it, which no build changes meanwhile.
        is_dry: Change nothing; note what would be done.
    """

    def __init__(self, show: Workspace, *, is_dry: bool) -> None:
        self._show = show
        self._is_dry = is_dry
        #: What was mended, or would be, in words for the user.
        self.mended: list[str] = []
        #: What cannot be saved, each with what helps.
        self.lost: list[AudiobriefError] = []

    def name_without_manifest(self) -> None:
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

    def manifest(self, path: Path) -> Episode | None:
        """Return the episode of a manifest; ``None``: it is none, and is named.

        Raises:
            StoreError: The disk does not let it be read: then nothing is known of it.
        """
        where = f"{self._show.episodes_name}/{path.parent.name}/{MANIFEST_NAME}"
        content = read_bytes(path)
        try:
            opened = understand(content, path)
        except StoreError as error:
            self.lost.append(self._damaged(path, content, error))
            return None
        if opened.news:
            self.mended.append(f"{where} {opened.news}")
            if not self._is_dry:
                atomic_write(path, resealed(opened.content))
        return opened.episode

    def _damaged(self, path: Path, content: bytes, error: StoreError) -> StoreError:
        """Set a manifest aside whose episode a build makes again under its GUID; say what is left.

        That is proven by what can still be read of it: the GUID is that of its article's text.
        """
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

    def sounds(self, folder: Path, episode: Episode) -> bool:
        """Hold the sounds against their digests; tell whether all are there, or brought back."""
        are_whole = True
        for sound in (episode.enclosure, *episode.deliveries):
            path = folder / sound.file
            if path.is_file() and _digest_of(path) == sound.sha256:
                continue
            if self._found_elsewhere(path, sound):
                continue
            are_whole = False
            state = "is damaged" if path.is_file() else "is missing"
            locator = episode.articles[0].locator
            self.lost.append(
                StoreError(
                    f"the sound {state}",
                    f"{self._show.directory_of(episode)}/{sound.file}",
                    remedy=f'make it again: "audiobrief build {locator}"',
                )
            )
        return are_whole

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

    def files(self, folder: Path, show: Show, episode: Episode) -> None:
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

    def review(self, folder: Path) -> None:
        """Take a flipped bit back in what an editor has said of an episode."""
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
