"""One recipe to one episode on disk: speak, assemble, tag, write; the manifest last."""

from __future__ import annotations

from dataclasses import replace
from hashlib import file_digest, sha256
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

from audiobrief import plugins
from audiobrief.errors import StoreError
from audiobrief.model.episode import (
    ArticleRef,
    BuildRecord,
    Enclosure,
    Episode,
    Programme,
    State,
)
from audiobrief.model.report import Step
from audiobrief.pipeline.covers import cover_notes
from audiobrief.pipeline.edited import SCRIPT_NAME, base_of, script_lock, write_back
from audiobrief.pipeline.events import Event, Stage
from audiobrief.pipeline.review.gate import state_by
from audiobrief.pipeline.sound import make_sound
from audiobrief.pipeline.superseded import remove_superseded, sounds_of
from audiobrief.script.scriptfile import article_notes
from audiobrief.store.files import (
    atomic_write,
    make_folder,
    mapping_os_errors,
    write_if_changed,
)
from audiobrief.store.library import has_sound
from audiobrief.store.manifest import MANIFEST_NAME, render_manifest
from audiobrief.store.peaks import PeakCache
from audiobrief.store.review import REVIEW_NAME, read_review

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.model.article import Article
    from audiobrief.model.audio import Curve
    from audiobrief.model.show import Show
    from audiobrief.pipeline.recipe import Recipe
    from audiobrief.pipeline.sound import Sound
    from audiobrief.pipeline.workshop import Slot, Workshop
    from audiobrief.speak.run import Spoken
    from audiobrief.workspace.load import Workspace

PAGE_NAME = "index.html"
PICTURE_NAME = "waveform.svg"
#: What lies beside the sound of every episode.
COMPANIONS = (
    "transcript.vtt",
    "transcript.srt",
    "transcript.json",
    "chapters.json",
    PAGE_NAME,
    SCRIPT_NAME,
    "transcript.html",
)
#: Those of them that episodes of earlier versions lack: no reason to make these again, since the
#: release renders whatever is missing.
_NEWER = frozenset({"transcript.html"})


def produce(
    recipe: Recipe, slot: Slot, shop: Workshop, *, programme: Programme | None = None
) -> tuple[Episode, tuple[str, ...]]:
    """Make an episode's files; return it, and notes for the user.

    The manifest is written last: until then the old one, if any, names the old sound.
    """
    spoken = speak_recipe(recipe, shop)
    folder = shop.workspace.episodes / slot.directory
    make_folder(folder)
    with shop.making.on(Step.ASSEMBLE):
        sound = make_sound(recipe, slot, shop, spoken, folder)
    shop.making.heard(sound)
    assembled = sound.assembled
    episode = Episode(
        guid=slot.guid,
        title=recipe.script.title,
        published=slot.published,
        state=_state(slot, shop, sound),
        directory=slot.directory,
        language=recipe.script.language,
        articles=tuple(_reference(article) for article in recipe.articles),
        enclosure=sound.enclosure,
        deliveries=sound.deliveries,
        loudness=assembled.loudness,
        segments=sound.segments,
        ledger=recipe.script.ledger,
        added=recipe.script.added,
        generated=recipe.script.generated,
        chapters=assembled.chapters,
        build=BuildRecord(spoken.synthesized, spoken.cached, spoken.engine_versions, recipe.digest),
        programme=programme,
        number=slot.before.number if slot.before else None,
        season=slot.before.season if slot.before else None,
    )
    with shop.making.on(Step.WRITE):
        episode = _write_companions(folder, recipe, shop, episode, slot.before, assembled.curve)
        PeakCache(shop.workspace.cache).put(sound.enclosure.sha256, assembled.curve.peaks)
        atomic_write(folder / MANIFEST_NAME, render_manifest(episode))
    if episode.state is not State.PUBLISHED:
        # No feed changes with it, and whoever listens to the state before may finish that.
        before = sounds_of(slot.before) if slot.before else frozenset[str]()
        remove_superseded(folder, sounds_of(episode) | before)
    return episode, (
        *article_notes(recipe.articles),
        *recipe.script.notes,
        *recipe.script.news,
        *spoken.notes,
        *assembled.notes,
        *cover_notes(shop.show, episode),
    )


def speak_recipe(recipe: Recipe, shop: Workshop) -> Spoken:
    """Make sure that there is a clip of every segment."""
    # What comes next takes 0.15 s to import: meanwhile engines start.
    Thread(target=import_module, args=("audiobrief.assemble.render",), daemon=True).start()
    from audiobrief.speak.run import speak  # noqa: PLC0415 - only when something must be made

    def progress(done: int, total: int, text: str) -> None:
        shop.tell(Event(Stage.SPEAK, recipe.locator, done, total, text))

    with shop.making.on(Step.SPEAK):
        return speak(recipe.script.segments, recipe.voices, plugins.engine, shop.clips, progress)


def _reference(article: Article) -> ArticleRef:
    return ArticleRef(
        id=article.id,
        locator=article.locator,
        headline=article.headline,
        byline=article.byline,
        outlet=article.outlet,
        url=article.url,
        lexicon=article.lexicon,
    )


def _state(slot: Slot, shop: Workshop, sound: Sound) -> State:
    """Return how far an episode has come; a rebuild to the same sound takes nothing back.

    The review is asked again: what was approved since the build began is not lost, and what is
    undone sounds as it was approved once.
    """
    if not shop.workspace.settings.publish.require_approval:
        return State.PUBLISHED
    before, digest = slot.before, sound.enclosure.sha256
    is_same = before is not None and before.enclosure.sha256 == digest
    written = before.state if before is not None and is_same else State.DRAFT
    path = shop.workspace.episodes / slot.directory / REVIEW_NAME
    try:
        return state_by(read_review(path), sound.segments, digest, written)
    except StoreError:
        return written  # whoever publishes or approves is told of the damage


def _write_companions(
    folder: Path,
    recipe: Recipe,
    shop: Workshop,
    episode: Episode,
    before: Episode | None,
    curve: Curve,
) -> Episode:
    """Write what lies beside the sound, and return the episode with the digests of its files.

    A script that was edited while the build ran is left alone, and its edits are heard after the
    next one: for that it is held against what it was made from then.
    """
    picture = _picture(episode, curve, shop).encode()
    # The page shows the picture that the episode has.
    episode = replace(episode, files=((PICTURE_NAME, sha256(picture).hexdigest()),))
    texts = {n: t.encode() for n, t in render_companions(shop.show, episode).items()}
    texts[PICTURE_NAME] = picture
    for name, content in texts.items():
        write_if_changed(folder / name, content)
    # The page changes with the show, not only with the episode.
    digests = {n: sha256(c).hexdigest() for n, c in texts.items() if n != PAGE_NAME}
    path = folder / SCRIPT_NAME
    with script_lock(shop.workspace, episode.directory):
        is_written = write_back(
            path, recipe.script, recipe.articles, digest=recipe.script_file, force=shop.force
        )
    if not is_written:
        generated = base_of(before) if before else episode.generated
        episode = replace(episode, generated=generated)
    return replace(episode, files=tuple(sorted(digests.items())))


def _picture(episode: Episode, curve: Curve, shop: Workshop) -> str:
    from audiobrief.publish.picture import render_picture  # noqa: PLC0415 - only for what is made

    return render_picture(
        curve,
        episode.segments,
        episode.chapters,
        duration_ms=episode.enclosure.duration_ms,
        loudness_lufs=shop.workspace.sound.loudness_lufs,
    )


def render_companions(show: Show, episode: Episode) -> dict[str, str]:
    """Return all text files of an episode but the script and the manifest, by name."""
    from audiobrief.publish.pages import render_episode_page  # noqa: PLC0415 - Jinja2
    from audiobrief.tag.chapters import render_chapters_json  # noqa: PLC0415
    from audiobrief.tag.transcript import (  # noqa: PLC0415
        render_srt,
        render_transcript_json,
        render_vtt,
    )
    from audiobrief.tag.transcript_page import render_transcript_html  # noqa: PLC0415

    duration_ms = episode.enclosure.duration_ms
    # Episodes of earlier versions have none.
    picture = PICTURE_NAME if any(name == PICTURE_NAME for name, _ in episode.files) else None
    return {
        "transcript.vtt": render_vtt(episode.segments, duration_ms),
        "transcript.srt": render_srt(episode.segments, duration_ms),
        "transcript.json": render_transcript_json(episode.segments, duration_ms),
        "transcript.html": render_transcript_html(
            episode.segments, title=episode.title, language=episode.language
        ),
        "chapters.json": render_chapters_json(episode.chapters),
        PAGE_NAME: render_episode_page(show, episode, picture=picture),
    }


def is_whole(workspace: Workspace, episode: Episode) -> bool:
    """Say whether every file of an episode is there, and its sound what the manifest says."""
    folder = workspace.episodes / episode.directory
    if not all((folder / name).is_file() for name in COMPANIONS if name not in _NEWER):
        return False
    # A run that was killed between its files and its manifest leaves newer ones than this.
    for name, digest in episode.files:
        path = folder / name
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != digest:
            return False
    if not has_sound(workspace.episodes, episode):
        return False
    return all(_is_intact(folder / x.file, x) for x in (episode.enclosure, *episode.deliveries))


def _is_intact(path: Path, sound: Enclosure) -> bool:
    if not path.is_file():
        return False
    with mapping_os_errors("read", path), path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest() == sound.sha256
