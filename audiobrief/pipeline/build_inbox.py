"""``build`` without a path: all of the inbox, or nothing at all if nothing has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.pipeline.events import Tell, say_nothing
from audiobrief.pipeline.standing import Standing
from audiobrief.pipeline.voices import choose_cast, fingerprints
from audiobrief.pipeline.work_folder import sweep_work
from audiobrief.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from audiobrief.model.report import BuildReport
    from audiobrief.pipeline.build import Input
    from audiobrief.pipeline.options import BuildOptions
    from audiobrief.workspace.load import Workspace


def build_inbox(
    workspace: Workspace,
    gather: Callable[[], Sequence[Input]],
    *,
    now: datetime,
    options: BuildOptions,
    tell: Tell = say_nothing,
) -> BuildReport:
    """Build what is in the inbox; see `audiobrief.pipeline.build.build`.

    Args:
        workspace: As the show sees it.
        gather: Returns all articles of the inbox; asked only if something has changed.
        now: As for `build`.
        options: As for `build`.
        tell: As for `build`.
    """
    cast = choose_cast(workspace, voice=options.voice, engine=options.engine)
    standing = None
    if not (options.force or options.dry_run or options.keep_script):
        standing = Standing(workspace, options, fingerprints(cast.voices.values()), now)
        with locked(workspace.cache / "lock"):
            sweep_work(workspace.cache)
            report = standing.remembered()
        if report is not None:
            return report
    # All that makes episodes takes a third of a second to import.
    from audiobrief.pipeline.build import build  # noqa: PLC0415

    return build(workspace, gather(), now=now, options=options, tell=tell, standing=standing)
