"""What was made becomes an episode of the show: its state, its script, and last its manifest.

By the holder of the workspace's lock alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobrief.errors import StoreError
from audiobrief.model.episode import State
from audiobrief.model.report import Step
from audiobrief.pipeline.companions import SCRIPT_NAME
from audiobrief.pipeline.edited import base_of, script_lock, write_back
from audiobrief.pipeline.review.gate import state_by
from audiobrief.pipeline.superseded import remove_superseded, sounds_of
from audiobrief.script.scriptfile import article_notes
from audiobrief.store.files import atomic_write
from audiobrief.store.manifest import MANIFEST_NAME, render_manifest
from audiobrief.store.peaks import PeakCache
from audiobrief.store.review import REVIEW_NAME, read_review

if TYPE_CHECKING:
    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.ingredients import Recipe
    from audiobrief.pipeline.making import Making
    from audiobrief.pipeline.order import MadeEpisode
    from audiobrief.pipeline.workshop import Slot
    from audiobrief.workspace.load import Workspace


def settle_episode(
    made: MadeEpisode,
    recipe: Recipe,
    slot: Slot,
    workspace: Workspace,
    *,
    force: bool,
    making: Making,
) -> Episode:
    """Write script and manifest of an episode whose other files are in its folder; return it.

    The manifest is written last: until then the old one, if any, names the old sound.

    Args:
        made: The episode as it was made.
        recipe: What it was made of.
        slot: What it is assigned, with the episode of before.
        workspace: Of the show.
        force: Overwrite even a script that a person has edited.
        making: Notes for the report.
    """
    folder = workspace.episodes / slot.directory
    episode = replace(made.episode, state=_state(made.episode, slot, workspace))
    with making.on(Step.WRITE):
        episode = _with_script(episode, recipe, slot, workspace, force=force)
        PeakCache(workspace.cache).put(episode.enclosure.sha256, made.peaks)
        atomic_write(folder / MANIFEST_NAME, render_manifest(episode))
    if episode.state is not State.PUBLISHED:
        # No feed changes with it, and whoever listens to the state before may finish that.
        before = sounds_of(slot.before) if slot.before else frozenset[str]()
        remove_superseded(folder, sounds_of(episode) | before)
    return episode


def notes_of(recipe: Recipe, made: MadeEpisode) -> tuple[str, ...]:
    """Return all notes on an episode for the user."""
    script = recipe.script
    return (*article_notes(recipe.articles), *script.notes, *script.news, *made.notes)


def _state(episode: Episode, slot: Slot, workspace: Workspace) -> State:
    """Return how far an episode has come; a rebuild to the same sound takes nothing back.

    The review is asked again: what was approved since the build began is not lost, and what is
    undone sounds as it was approved once.
    """
    if not workspace.settings.publish.require_approval:
        return State.PUBLISHED
    before, digest = slot.before, episode.enclosure.sha256
    is_same = before is not None and before.enclosure.sha256 == digest
    written = before.state if before is not None and is_same else State.DRAFT
    path = workspace.episodes / slot.directory / REVIEW_NAME
    try:
        return state_by(read_review(path), episode.segments, digest, written)
    except StoreError:
        return written  # whoever publishes or approves is told of the damage


def _with_script(
    episode: Episode, recipe: Recipe, slot: Slot, workspace: Workspace, *, force: bool
) -> Episode:
    """Write the script file, and return the episode with what its script was made from.

    A script that was edited while the build ran is left alone, and its edits are heard after the
    next one: for that it is held against what it was made from then.
    """
    path = workspace.episodes / slot.directory / SCRIPT_NAME
    with script_lock(workspace, slot.directory):
        is_written = write_back(
            path, recipe.script, recipe.articles, digest=recipe.script_file, force=force
        )
    if is_written:
        return episode
    return replace(episode, generated=base_of(slot.before) if slot.before else episode.generated)
