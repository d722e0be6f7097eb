"""An order to the files of an episode, in a folder: speak, assemble, tag, render.

Nothing here reads the workspace or writes anywhere but into the folder and the caches: what is made
depends on the order alone, wherever it is made.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

from audiobrief import plugins
from audiobrief.model.episode import ArticleRef, BuildRecord, Episode, State
from audiobrief.model.report import Step
from audiobrief.pipeline.companions import PAGE_NAME, PICTURE_NAME, render_companions
from audiobrief.pipeline.covers import cover_notes
from audiobrief.pipeline.events import Event, Stage
from audiobrief.pipeline.order import MadeEpisode
from audiobrief.pipeline.sound import make_sound
from audiobrief.store.files import write_if_changed

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.model.article import Article
    from audiobrief.model.audio import Curve
    from audiobrief.pipeline.ingredients import Recipe
    from audiobrief.pipeline.order import Order
    from audiobrief.pipeline.sound import Sound
    from audiobrief.pipeline.workshop import Tools
    from audiobrief.speak.run import Spoken


def make(order: Order, cover: bytes, tools: Tools, folder: Path) -> MadeEpisode:
    """Make the files of an episode but its script and its manifest.

    Args:
        order: What is made.
        cover: The show's, as JPEG or PNG.
        tools: With what.
        folder: Where they go; what is there already and has the same bytes is left alone.
    """
    recipe = order.recipe
    spoken = speak_recipe(recipe, tools)
    with tools.making.on(Step.ASSEMBLE):
        sound = make_sound(order, cover, tools, spoken, folder)
    tools.making.heard(sound)
    assembled = sound.assembled
    with tools.making.on(Step.WRITE):
        episode = _write_companions(folder, order, _episode(order, spoken, sound), assembled.curve)
    notes = (*spoken.notes, *assembled.notes, *cover_notes(order.show, episode))
    return MadeEpisode(episode, notes, assembled.curve.peaks)


def _import_ahead() -> None:
    # What fails here fails again where it is needed, and is told there.
    with suppress(OSError, ImportError):
        import_module("audiobrief.assemble.render")


def speak_recipe(recipe: Recipe, tools: Tools) -> Spoken:
    """Make sure that there is a clip of every segment."""
    # What comes next takes 0.15 s to import: meanwhile engines start.
    Thread(target=_import_ahead, daemon=True).start()
    from audiobrief.speak.run import speak  # noqa: PLC0415 - only when something must be made

    def progress(done: int, total: int, text: str) -> None:
        tools.tell(Event(Stage.SPEAK, recipe.locator, done, total, text))

    with tools.making.on(Step.SPEAK):
        return speak(
            *(recipe.script.segments, recipe.voices, plugins.engine, tools.clips, progress),
            share=tools.share,
        )


def reference(article: Article) -> ArticleRef:
    """Return what an episode keeps of an article."""
    return ArticleRef(
        id=article.id,
        locator=article.locator,
        headline=article.headline,
        byline=article.byline,
        outlet=article.outlet,
        url=article.url,
        lexicon=article.lexicon,
    )


def _episode(order: Order, spoken: Spoken, sound: Sound) -> Episode:
    recipe, slot, assembled = order.recipe, order.slot, sound.assembled
    return Episode(
        guid=slot.guid,
        title=recipe.script.title,
        published=slot.published,
        state=State.DRAFT,
        directory=slot.directory,
        language=recipe.script.language,
        articles=tuple(reference(article) for article in recipe.articles),
        enclosure=sound.enclosure,
        deliveries=sound.deliveries,
        loudness=assembled.loudness,
        segments=sound.segments,
        ledger=recipe.script.ledger,
        added=recipe.script.added,
        generated=recipe.script.generated,
        chapters=assembled.chapters,
        build=BuildRecord(spoken.synthesized, spoken.cached, spoken.engine_versions, recipe.digest),
        programme=order.programme,
        number=order.number,
        season=order.season,
    )


def _write_companions(folder: Path, order: Order, episode: Episode, curve: Curve) -> Episode:
    """Write what lies beside the sound, and return the episode with the digests of its files."""
    picture = _picture(episode, curve, order).encode()
    # The page shows the picture that the episode has.
    episode = replace(episode, files=((PICTURE_NAME, sha256(picture).hexdigest()),))
    texts = {n: t.encode() for n, t in render_companions(order.show, episode).items()}
    texts[PICTURE_NAME] = picture
    for name, content in texts.items():
        write_if_changed(folder / name, content)
    # The page changes with the show, not only with the episode.
    digests = {n: sha256(c).hexdigest() for n, c in texts.items() if n != PAGE_NAME}
    return replace(episode, files=tuple(sorted(digests.items())))


def _picture(episode: Episode, curve: Curve, order: Order) -> str:
    from audiobrief.publish.picture import render_picture  # noqa: PLC0415 - only for what is made

    return render_picture(
        curve,
        episode.segments,
        episode.chapters,
        duration_ms=episode.enclosure.duration_ms,
        loudness_lufs=order.sound.loudness_lufs,
    )
