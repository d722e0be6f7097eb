"""What a worker does: one job to one episode in the store, in any process on any machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.model.job import EpisodeJob, JobManifest, JobProgress

#: How pools name `perform`.
PERFORM = "audiobrief.pipeline.job:perform"


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
    raise NotImplementedError
