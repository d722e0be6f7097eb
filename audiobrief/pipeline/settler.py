"""What has become of each decision: into the show, and into the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.model.report import Outcome, Result, Step
from audiobrief.pipeline.decide import Decider, Decision, failed
from audiobrief.pipeline.recipe import find_doubtful_words
from audiobrief.pipeline.settle import notes_of, settle_episode

if TYPE_CHECKING:
    from audiobrief.errors import AudiobriefError
    from audiobrief.model.episode import Episode
    from audiobrief.model.job import JobManifest
    from audiobrief.model.report import Made
    from audiobrief.pipeline.counter import Counter

Times = tuple[tuple[Step, float], ...]


class Settler:
    """Takes what has become of each decision into the show, and its outcome into the report."""

    def __init__(self, run: Decider, outcomes: dict[int, Outcome]) -> None:
        self.run = run
        self._outcomes = outcomes

    def made(
        self,
        index: int,
        decision: Decision,
        episode: Episode,
        notes: tuple[str, ...],
        times_s: Times,
        figures: Made | None,
        *,
        is_hit: bool = False,
    ) -> None:
        """Note an episode that was made and settled."""
        run, recipe, build = self.run, decision.recipe, episode.build
        words = find_doubtful_words(recipe.articles[0], recipe.script, run.workspace)
        # What an earlier run has made may look as episodes did then.
        run.register.add(episode, is_rendered=not is_hit)
        # What an earlier run has made is not spoken by this one.
        synthesized = 0 if is_hit else build.synthesized
        self._outcomes[index] = Outcome(
            recipe.locator,
            Result.BUILT,
            episode.guid,
            run.workspace.directory_of(episode),
            synthesized,
            build.synthesized + build.cached - synthesized,
            notes=(*decision.notes, *notes),
            doubtful_words=words,
            title=episode.title,
            duration_ms=episode.enclosure.duration_ms,
            times_s=_sum(decision.times_s, times_s),
            made=figures,
        )

    def failed(
        self, index: int, decision: Decision, error: AudiobriefError, times_s: Times = ()
    ) -> None:
        """Note an episode that cannot be made."""
        self.run.register.drop(decision.slot.guid)
        times_s = _sum(decision.times_s, times_s)
        self._outcomes[index] = failed(decision.locator, error, times_s)


def adopted(counter: Counter, settler: Settler, index: int, decision: Decision) -> bool:
    """Settle an episode that an earlier run has left made; say whether there was one."""
    manifest = counter.find(decision)
    return manifest is not None and taken(counter, settler, index, decision, manifest)


def taken(
    counter: Counter, settler: Settler, index: int, decision: Decision, manifest: JobManifest
) -> bool:
    """Bring what was made into the show; say whether it was whole."""
    run, making = settler.run, settler.run.making
    with making.on(Step.WRITE):
        parcel = counter.fetch(manifest, decision)
    if parcel is None:
        return False
    recipe, slot = decision.recipe, decision.slot
    episode = settle_episode(
        *(parcel.made, recipe, slot, run.workspace), force=run.options.force, making=making
    )
    notes = notes_of(recipe, parcel.made)
    figures = None if manifest.hit else parcel.figures
    times_s = making.times_s() if manifest.hit else _sum(parcel.times_s, making.times_s())
    settler.made(index, decision, episode, notes, times_s, figures, is_hit=manifest.hit)
    counter.settled(manifest)
    return True


def _sum(one: Times, other: Times) -> Times:
    """Return the seconds by step of two stretches of time together."""
    spent = dict(one)
    for step, seconds in other:
        spent[step] = round(spent.get(step, 0.0) + seconds, 6)
    return tuple(spent.items())
