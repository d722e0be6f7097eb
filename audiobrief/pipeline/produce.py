"""One recipe to one episode, here and now: made right in its folder, then settled."""

from __future__ import annotations

from hashlib import file_digest, sha256
from typing import TYPE_CHECKING

from audiobrief.pipeline.companions import COMPANIONS, NEWER, render_companions
from audiobrief.pipeline.make import make, speak_recipe
from audiobrief.pipeline.order import Order
from audiobrief.pipeline.settle import notes_of, settle_episode
from audiobrief.store.files import make_lasting_folder, mapping_os_errors
from audiobrief.store.library import has_sound

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.model.episode import Enclosure, Episode, Programme
    from audiobrief.pipeline.ingredients import Recipe
    from audiobrief.pipeline.workshop import Slot, Workshop
    from audiobrief.workspace.load import Workspace

__all__ = ["COMPANIONS", "is_whole", "order_of", "produce", "render_companions", "speak_recipe"]


def produce(
    recipe: Recipe, slot: Slot, shop: Workshop, *, programme: Programme | None = None
) -> tuple[Episode, tuple[str, ...]]:
    """Make an episode's files; return it, and notes for the user.

    The manifest is written last: until then the old one, if any, names the old sound.
    """
    workspace, tools = shop.workspace, shop.tools
    order = order_of(recipe, slot, shop, programme=programme)
    folder = workspace.episodes / slot.directory
    make_lasting_folder(folder)
    made = make(order, shop.cover, tools, folder)
    episode = settle_episode(
        *(made, recipe, slot, workspace), force=shop.force, making=tools.making
    )
    return episode, notes_of(recipe, made)


def order_of(
    recipe: Recipe, slot: Slot, shop: Workshop, *, programme: Programme | None = None
) -> Order:
    """Return all that decides how an episode becomes."""
    return Order(
        recipe,
        slot,
        shop.show,
        shop.workspace.sound,
        shop.workspace.formats,
        sha256(shop.cover).hexdigest(),
        programme,
        number=slot.before.number if slot.before else None,
        season=slot.before.season if slot.before else None,
    )


def is_whole(workspace: Workspace, episode: Episode) -> bool:
    """Say whether every file of an episode is there, and its sound what the manifest says.

    Raises:
        StoreError: The disk does not say.
    """
    folder = workspace.episodes / episode.directory
    with mapping_os_errors("read", folder):
        if not all((folder / name).is_file() for name in COMPANIONS if name not in NEWER):
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
