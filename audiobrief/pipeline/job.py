"""What a worker does: one job to one episode in the store, in any process on any machine."""

from __future__ import annotations

import os
import platform
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from audiobrief.errors import PoolError, PoolUnavailableError, StoreError
from audiobrief.model.codec import CodecError
from audiobrief.model.job import JobManifest, JobProgress
from audiobrief.pipeline.companions import COMPANIONS, PICTURE_NAME, SCRIPT_NAME
from audiobrief.pipeline.covers import draw_own
from audiobrief.pipeline.make import make
from audiobrief.pipeline.order import CODEC, Parcel, Sealed, key_of, music_paths, version
from audiobrief.pipeline.superseded import sounds_of
from audiobrief.pipeline.voices import fingerprints
from audiobrief.pipeline.workbench import workbench_for
from audiobrief.publish.cover_name import is_cover
from audiobrief.store.files import make_folder, mapping_os_errors
from audiobrief.store.shared import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.model.job import EpisodeJob
    from audiobrief.pipeline.events import Event
    from audiobrief.pipeline.order import MadeEpisode, Order
    from audiobrief.pipeline.workshop import Tools
    from audiobrief.store.shared import BlobStore

#: How pools name `perform`.
PERFORM: Final = "audiobrief.pipeline.job:perform"
#: Files of an episode that go with its parcel.
TEXTS: Final = (*(name for name in COMPANIONS if name != SCRIPT_NAME), PICTURE_NAME)


#: Name, SHA-256 and bytes.
_File = tuple[str, str, int]


def _say_nothing(_step: JobProgress) -> None:
    pass


def perform(job: EpisodeJob, tell: Callable[[JobProgress], None] = _say_nothing) -> JobManifest:
    """Make an episode, unless the store has it.

    Args:
        job: What is made, of what, and in which store it goes.
        tell: Called with every step.

    Returns:
        What was made: its files are in the store, and so is this, as ``manifests/KEY``.

    Raises:
        AudiobriefError: The episode cannot be made; another try would come to the same.
    """
    store = open_store(job.store, endpoint=job.endpoint or None, region=job.region or None)
    there = find_made(store, job.key)
    if there is not None:
        return replace(there, hit=True)
    sealed = _sealed_of(store, job)
    _refuse_others(sealed, job)

    def tell_event(event: Event) -> None:
        tell(JobProgress(event.stage, event.done, event.total, event.detail))

    with workbench_for(job, store, tell_event) as bench:
        tools, folder = bench.tools, bench.folder
        order = _with_music(sealed, store, folder)
        cover = store.get(f"artefacts/{order.cover}")
        if cover is None or sha256(cover).hexdigest() != order.cover:
            raise _lost("the cover of the show", job)
        tools.making.begin()
        # Drawn while an engine speaks: some engines let us wait.
        with ThreadPoolExecutor(1) as beside:
            covers = [beside.submit(_draw_into, folder, order)] if sealed.wants_cover else []
            made = make(order, cover, tools, folder)
        made = replace(made, notes=(*made.notes, *bench.finish()))
        drawn = tuple(each.result() for each in covers)
        return _keep(made, drawn, tools, folder, store, job)


def find_made(store: BlobStore, key: str) -> JobManifest | None:
    """Return what an earlier job of a key has come to; ``None``: there is none that is whole."""
    content = store.get(f"manifests/{key}")
    if content is None:
        return None
    try:
        manifest = JobManifest.from_json(content)
    except ValueError:
        return None
    names = [f"made/{manifest.made}", *(f"artefacts/{digest}" for _, digest, _ in manifest.files)]
    is_whole = manifest.key == key and all(map(store.has, names))
    return manifest if is_whole else None


def read_parcel(store: BlobStore, manifest: JobManifest) -> Parcel | None:
    """Return what comes with the sound of an episode; ``None``: it is damaged or gone."""
    content = store.get(f"made/{manifest.made}")
    if content is None or sha256(content).hexdigest() != manifest.made:
        return None
    try:
        parcel = CODEC.decode(content, Parcel)
    except CodecError:
        return None
    sounds = sounds_of(parcel.made.episode)
    is_ours = sounds == {name for name, _, _ in manifest.files if not is_cover(name)}
    return parcel if is_ours and {name for name, _ in parcel.texts} == set(TEXTS) else None


def _sealed_of(store: BlobStore, job: EpisodeJob) -> Sealed:
    content = store.get(f"recipes/{job.recipe}")
    if content is None or sha256(content).hexdigest() != job.recipe:
        raise _lost("the recipe", job)
    try:
        sealed = CODEC.decode(content, Sealed)
    except CodecError as error:
        raise PoolError(
            f"the recipe cannot be read: {error}",
            f"recipes/{job.recipe}",
            remedy="run the same command again, with one version of audiobrief on all machines",
        ) from error
    if key_of(sealed) != job.key:
        raise PoolError(
            "the recipe is another job's", job.locator, remedy="run the same command again"
        )
    return sealed


def _refuse_others(sealed: Sealed, job: EpisodeJob) -> None:
    """Refuse to make something else than was decided: with other code, or other voices."""
    here = platform.node()
    if sealed.version != version():
        raise PoolUnavailableError(
            f"the worker has audiobrief {version()}, the build {sealed.version}",
            here,
            remedy="install the same version on all machines",
        )
    voices = sealed.order.recipe.voices
    found = fingerprints(voices.values())
    for name, wanted in sealed.fingerprints.items():
        if name in found and found[name] != wanted:
            engine = voices[name].engine
            raise PoolUnavailableError(
                f'the engine "{engine}" of the worker is another one than that of the build, '
                f'by the voice "{name}"',
                f"{here}: {job.locator}",
                remedy="install the same engine and the same voices on all machines",
            )


def _with_music(sealed: Sealed, store: BlobStore, folder: Path) -> Order:
    """Return the order with files of music that are here."""
    order = sealed.order
    music, paths = order.recipe.music, music_paths(order.recipe.music)
    if not any(paths) or fingerprint_music_if_there(paths) == sealed.music:
        return order
    make_folder(folder.parent / "score")
    found: dict[str, str] = {}
    for field, path, digest in zip(fields(music), paths, sealed.music, strict=True):
        if not path or not digest:
            continue
        target = folder.parent / "score" / f"{digest}{Path(path).suffix}"
        if not store.fetch_file(f"artefacts/{digest}", target, sha256=digest):
            raise StoreError(
                "the music is neither on the worker nor in the store",
                path,
                remedy="run the same command again",
            )
        found[field.name] = str(target)
    return replace(order, recipe=replace(order.recipe, music=replace(music, **found)))


def fingerprint_music_if_there(paths: tuple[str | None, ...]) -> tuple[str, ...] | None:
    """Return the SHA-256 of files of music, "" for none; ``None``: one of them is not here."""
    if not all(Path(path).is_file() for path in paths if path):
        return None
    digests = []
    for path in paths:
        if path is None:
            digests.append("")
            continue
        with mapping_os_errors("read the music", Path(path)):
            digests.append(sha256(Path(path).read_bytes()).hexdigest())
    return tuple(digests)


def _draw_into(folder: Path, order: Order) -> _File:
    """Draw the cover of an episode's own, for whoever releases it."""
    name, content = draw_own(order.show, order.recipe.script.title)
    with mapping_os_errors("write", folder / name):
        (folder / name).write_bytes(content)
    return name, sha256(content).hexdigest(), len(content)


def _keep(
    made: MadeEpisode,
    drawn: tuple[_File, ...],
    tools: Tools,
    folder: Path,
    store: BlobStore,
    job: EpisodeJob,
) -> JobManifest:
    """Put what was made into the store: the files, then what is known of it, then the manifest."""
    episode = made.episode
    sounds = (episode.enclosure, *episode.deliveries)
    files = (*((s.file, s.sha256, s.bytes) for s in sounds), *drawn)
    for name, digest, _ in files:
        store.put_file(f"artefacts/{digest}", folder / name, spare=True)
    texts = tuple((name, (folder / name).read_bytes()) for name in TEXTS)
    parcel = Parcel(made, texts, tools.making.made(episode), tools.making.times_s())
    content = CODEC.encode(parcel)
    digest = sha256(content).hexdigest()
    store.put(f"made/{digest}", content)
    manifest = JobManifest(
        *(job.key, digest, files),
        *(episode.build.synthesized, episode.build.cached),
        worker=f"{platform.node()}:{os.getpid()}",
    )
    # Instead of one whose files are gone.
    store.replace(f"manifests/{job.key}", manifest.to_json())
    return manifest


def _lost(what: str, job: EpisodeJob) -> PoolError:
    return PoolError(f"{what} is not in the store", job.store, remedy="run the same command again")
