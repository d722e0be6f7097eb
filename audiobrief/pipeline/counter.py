"""Where jobs are handed out and what was made is taken in: the side of the store that a build has.

By the holder of the workspace's lock alone.
"""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from audiobrief.errors import PoolError, SharedStoreError, WorkspaceError
from audiobrief.model.job import EpisodeJob
from audiobrief.pipeline.covers import draw_own, lacks_cover
from audiobrief.pipeline.drawn import FirstPage
from audiobrief.pipeline.job import find_made, read_parcel
from audiobrief.pipeline.order import CODEC, key_of, music_paths, seal
from audiobrief.pipeline.produce import order_of
from audiobrief.pipeline.voices import fingerprints
from audiobrief.pipeline.workbench import JOBS_NAME, STORE_NAME
from audiobrief.publish.cover_name import is_cover
from audiobrief.store.files import (
    commit_file,
    make_folder,
    make_lasting_folder,
    mapping_os_errors,
    temporary_beside,
    write_if_changed,
)
from audiobrief.store.shared import open_store
from audiobrief.workspace.shared import shared_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.model.job import JobManifest
    from audiobrief.pipeline.decide import Decider, Decision
    from audiobrief.pipeline.order import Parcel, Sealed
    from audiobrief.store.shared import BlobStore

#: What a killed run has left made is kept so long for the next one.
KEPT_S: Final = 7 * 86_400.0


class Counter:
    """Hands out jobs and takes in what was made.

    Args:
        run: The build.
        is_local: Workers see the files of this machine; else the settings must name a store.
    """

    def __init__(self, run: Decider, *, is_local: bool = True) -> None:
        self._run = run
        self._is_local = is_local
        self._cache = Path(run.workspace.cache).resolve()
        self._private = self._cache / STORE_NAME
        shared = shared_store(run.workspace)
        self._is_private = shared is None
        self._store: BlobStore | None = shared
        if shared is None and not is_local:
            raise WorkspaceError(
                "workers on other machines need a store that they and this one see",
                "[store] url",
                remedy='name one: url = "/mnt/shared/audiobrief" or "s3://bucket/prefix"',
            )
        if shared is None and self._private.is_dir():
            self._store = open_store(str(self._private))
        self._sent_files: set[str] = set()
        #: Digest of the recipe of each job that was sent.
        self._recipes: dict[str, str] = {}
        self._is_left_alone = False
        self._sweep()

    @property
    def is_open(self) -> bool:
        """Whether there may be something that was made before."""
        return self._store is not None and not self._is_left_alone

    def leave_alone(self) -> None:
        """Look no more for what was made before: the store is out of reach."""
        self._is_left_alone = True

    @property
    def store(self) -> BlobStore:
        """The store; the one of this machine alone is made with the first use."""
        if self._store is None:
            make_folder(self._private)
            self._store = open_store(str(self._private))
        return self._store

    def seal(self, decision: Decision) -> Sealed:
        """Return a decision as it is sent."""
        run = self._run
        order = order_of(decision.recipe, decision.slot, run.workshop)
        paths = music_paths(order.recipe.music)
        digests = tuple("" if path is None else _digest(path) for path in paths)
        known = fingerprints(order.recipe.voices.values())
        return seal(order, known, digests, wants_cover=self._wants_cover(decision))

    def find(self, decision: Decision) -> JobManifest | None:
        """Return what an earlier run has made of a decision; ``None``: nothing that is whole."""
        if not self.is_open:
            return None
        made = find_made(self.store, key_of(self.seal(decision)))
        return None if made is None else replace(made, hit=True)

    def send(self, decision: Decision) -> EpisodeJob:
        """Put all that a worker needs into the store, and return the job."""
        sealed, store = self.seal(decision), self.store
        self._send_files(sealed)
        content = CODEC.encode(sealed)
        recipe = sha256(content).hexdigest()
        store.put(f"recipes/{recipe}", content)
        settings = self._run.workspace.settings.store
        address = self._run.workspace.store_address
        key = key_of(sealed)
        self._recipes[key] = recipe
        return EpisodeJob(
            key=key,
            locator=decision.locator,
            recipe=recipe,
            store=address or str(self._private),
            endpoint=(settings.endpoint or "") if address else "",
            region=(settings.region or "") if address else "",
            cache=str(self._cache) if self._is_local else "",
        )

    def fetch(self, manifest: JobManifest, decision: Decision) -> Parcel | None:
        """Bring the files of an episode into its folder, the sound first.

        Returns:
            What came with the sound; ``None``: something is damaged or gone.
        """
        parcel = read_parcel(self.store, manifest)
        if parcel is None or parcel.made.episode.guid != decision.slot.guid:
            return None
        directory = decision.slot.directory
        folder = self._run.workspace.episodes / directory
        make_lasting_folder(folder)
        for name, digest, _size in manifest.files:
            if is_cover(name):
                self._fetch_cover(digest, directory, name)
            elif not self._fetch_sound(digest, folder / name):
                return None
        for name, content in parcel.texts:
            write_if_changed(folder / name, content)
        return parcel

    def settled(self, manifest: JobManifest) -> None:
        """Forget what was made, where nobody else can need it: it is in its folder by now."""
        if self._is_private:
            self.forget(manifest)
            recipe = self._recipes.pop(manifest.key, None)
            if recipe is not None:
                self.store.remove(f"recipes/{recipe}")

    def forget(self, manifest: JobManifest) -> None:
        """Remove what was made, or what is left of it."""
        for name in (f"manifests/{manifest.key}", f"made/{manifest.made}"):
            self.store.remove(name)
        for _, digest, _ in manifest.files:
            self.store.remove(f"artefacts/{digest}")

    def unreadable(self, manifest: JobManifest) -> SharedStoreError:
        """Return the error of an episode that was made, and cannot be read back."""
        return SharedStoreError(
            "what a worker has made cannot be read back",
            f"{self.store.place}: {manifest.key}",
            remedy="check the disk of the store, then run the same command again",
        )

    def warnings(self) -> tuple[str, ...]:
        """Say what was done instead of what was asked."""
        count = len(set(self._store.damaged)) if self._store is not None else 0
        if not count:
            return ()
        what = "file was" if count == 1 else "files were"
        return (f"{count} {what} damaged in the store of finished work, and made again",)

    def close(self) -> None:
        """Remove the folders of jobs, and the store of this machine if nothing is left in it."""
        shutil.rmtree(self._cache / JOBS_NAME, ignore_errors=True)
        if not self._is_private or self._store is None:
            return
        if not any(self._store.names("manifests/")):
            shutil.rmtree(self._private, ignore_errors=True)
            self._store = None

    def _fetch_sound(self, digest: str, target: Path) -> bool:
        # By a folder that is emptied after a kill.
        passing = self._cache / JOBS_NAME / digest
        make_folder(passing.parent)
        name = f"artefacts/{digest}"
        if not self.store.fetch_file(name, passing, sha256=digest, last=self._is_private):
            return False
        beside = temporary_beside(target)
        with mapping_os_errors("write", target):
            shutil.move(passing, beside)
        commit_file(beside, target)
        return True

    def _fetch_cover(self, digest: str, directory: str, name: str) -> None:
        """Bring a cover to where the release looks for it; without one, that draws it."""
        place = self._run.workshop.drawn.place_for(directory, name, digest)
        file = f"artefacts/{digest}"
        self.store.fetch_file(file, place, sha256=digest, last=self._is_private)

    @contextmanager
    def drawing(self, decision: Decision) -> Iterator[None]:
        """Draw the cover that the release will want, while an episode is made here.

        Raises:
            StoreError: It cannot be kept until then.
        """
        if not self._wants_cover(decision):
            yield
            return
        # Engines let us wait, and Pillow lets others work.
        with ThreadPoolExecutor(1) as beside:
            drawn = beside.submit(draw_own, self._run.show, decision.recipe.script.title)
            yield
        name, content = drawn.result()
        digest = sha256(content).hexdigest()
        place = self._run.workshop.drawn.place_for(decision.slot.directory, name, digest)
        with mapping_os_errors("write", place):
            place.write_bytes(content)

    def _wants_cover(self, decision: Decision) -> bool:
        """Say whether an episode may get a cover of its own by the release of this run."""
        run, slot = self._run, decision.slot
        if not lacks_cover(run.workspace, run.show, decision.recipe.script.title, slot.directory):
            return False
        return self._first_page.takes(slot.published, slot.guid)

    @cached_property
    def _first_page(self) -> FirstPage:
        cards = self._run.register.episodes
        most = self._run.workspace.settings.publish.feed_items
        return FirstPage(((card.published, card.guid) for card in cards), most)

    def _send_files(self, sealed: Sealed) -> None:
        """Put cover and music into the store, once a run."""
        shop, store = self._run.workshop, self.store
        cover = sealed.order.cover
        if cover not in self._sent_files:
            store.put(f"artefacts/{cover}", shop.cover)
            self._sent_files.add(cover)
        if self._is_private:
            return
        for path, digest in zip(music_paths(sealed.order.recipe.music), sealed.music, strict=True):
            if path is not None and digest not in self._sent_files:
                store.put_file(f"artefacts/{digest}", Path(path))
                self._sent_files.add(digest)

    def _sweep(self) -> None:
        """Remove what a killed run has left half made, and what nobody has asked for in a week."""
        shutil.rmtree(self._cache / JOBS_NAME, ignore_errors=True)
        if self._store is None or not self._is_private:
            return
        old_s = time.time() - KEPT_S
        for entry in list(self._store.entries("")):
            # Of a job that nobody waits for any more.
            is_left = entry.name.startswith("recipes/")
            if is_left or entry.used_s < old_s:
                self._store.remove(entry.name)
        self._store.sweep()
        self.close()


def _digest(path: str) -> str:
    try:
        return sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise PoolError(
            f"the music cannot be read: {error.strerror or error}", path, remedy="check the file"
        ) from error
