"""``audiobrief status``: every episode and every source in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.review_words import in_words, progress_row
from audiobrief.errors import StoreError
from audiobrief.model.episode import State
from audiobrief.pipeline.cards import drawer_of
from audiobrief.pipeline.review.gate import progress, review_of, state_by, unheard
from audiobrief.store.catalogue import Health
from audiobrief.store.library import seems_heard
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest, rfc3339
from audiobrief.store.review import REVIEW_NAME

if TYPE_CHECKING:
    from audiobrief.model.review import Progress
    from audiobrief.store.index import Drawer, Filed
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief status
audiobrief status --limit 20           the newest
audiobrief status --json
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", help="So many of each show at most; all."
)
@common_flags()
def command(limit: int | None, common: Common) -> int:
    """List the episodes: date, length, state and title, newest first; then the sources.

    Of episodes that wait for approval, how many of their segments were approved; of approved ones,
    by whom. With --json all of this for every episode, and when.
    """
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415 - keeps --help fast

    workspace = load_workspace(common.root)
    drawers = [(show, drawer_of(show)) for show in workspace.shows]
    damaged = [error for _, drawer in drawers for error in drawer.damaged]
    if common.json:
        rows = [
            _row(filed, show, damaged)
            for show, drawer in drawers
            for filed in _newest_first(drawer)[:limit]
        ]
        sources = [_source_row(health) for health in healths_of(workspace)]
        errors = [as_json(error) for error in damaged]
        print_json({"episodes": rows, "damaged": errors, "sources": sources})
    else:
        if not damaged and not any(drawer.filed for _, drawer in drawers):
            click.echo('no episodes yet: "audiobrief build article.txt" makes one')
        for show, drawer in drawers:
            _print_show(show, drawer, damaged, limit=limit, is_only=len(drawers) == 1)
        for health in healths_of(workspace):
            click.echo(f"source      {health.name}: {_in_words(health)}")
    for error in damaged:
        print_error(error)
    return 1 if damaged else 0


def _newest_first(drawer: Drawer) -> list[Filed]:
    return sorted(drawer.filed, key=lambda f: (f.card.published, f.card.guid), reverse=True)


def _row(filed: Filed, show: Workspace, damaged: list[StoreError]) -> dict[str, Any]:
    e = filed.card
    state, found = _standing(filed, show, damaged)
    return {
        "show": show.show or None,
        "guid": e.guid,
        "title": e.title,
        "state": state,
        "published": rfc3339(e.published),
        "duration_ms": e.enclosure.duration_ms,
        "directory": show.directory_of(e),
        "integrated_lufs": e.integrated_lufs,
        "whole": seems_heard(show.episodes, e),
        "review": progress_row(found) if found else None,
    }


def _standing(
    filed: Filed, show: Workspace, damaged: list[StoreError]
) -> tuple[State, Progress | None]:
    """Return how far an episode has come; of a damaged review, tell it and go by the manifest."""
    card = filed.card
    try:
        if card.state is State.PUBLISHED and not filed.has(REVIEW_NAME):
            return card.state, unheard(card.segment_count)
        e = read_manifest(show.episodes / card.directory / MANIFEST_NAME)
        review = review_of(show, e)
    except StoreError as error:
        damaged.append(error)
        return card.state, None
    return state_by(review, e.segments, e.enclosure.sha256, e.state), progress(e, review)


def _print_show(
    show: Workspace, drawer: Drawer, damaged: list[StoreError], *, limit: int | None, is_only: bool
) -> None:
    if not is_only:
        click.echo(f"show        {show.show_title}: {show.episodes_name}/")
    newest = _newest_first(drawer)
    for filed in newest[:limit]:
        e = filed.card
        length = clock(e.enclosure.duration_ms)
        state, found = _standing(filed, show, damaged)
        shown = state if seems_heard(show.episodes, e) else "no sound"
        more = _approval(state, found) if found else ""
        click.echo(f"{e.published:%Y-%m-%d}  {length:>8}  {shown:<9}  {e.title}{more}")
    if limit is not None and len(newest) > limit:
        click.echo(f"            and {len(newest) - limit} older ones")


def _approval(state: State, progress: Progress) -> str:
    """Return what is told of approval after a title."""
    if state is State.DRAFT:
        return f"  ({in_words(progress)})"
    if progress.approval is None:
        return ""
    return f"  (approved by {progress.approval.by}, {progress.approval.at:%Y-%m-%d})"


def healths_of(workspace: Workspace) -> list[Health]:
    """Return how the sources of the settings are."""
    from audiobrief.pipeline.links import sources_of  # noqa: PLC0415 - with its catalogue
    from audiobrief.store.catalogue import CATALOGUE_NAME, Catalogue  # noqa: PLC0415 - if any

    path = workspace.cache / CATALOGUE_NAME
    names = [source.name for source in sources_of(workspace)]
    if not names or not path.exists():
        return [Health(name, {}) for name in names]
    with Catalogue(path) as catalogue:
        return [catalogue.health(name) for name in names]


def _in_words(health: Health) -> str:
    if health.tried is None:
        return "never asked"
    when = f"{health.tried:%Y-%m-%d %H:%M} UTC"
    if not health.problem:
        return f"well, asked {when}"
    last = f", last well {health.succeeded:%Y-%m-%d %H:%M} UTC" if health.succeeded else ""
    times = f"{health.failures} times" if health.failures > 1 else "once"
    return f"failed {times}, {when}: {health.problem}{last}"


def _source_row(health: Health) -> dict[str, Any]:
    moments = {
        name: moment.isoformat() if moment else None
        for name, moment in (
            ("tried", health.tried),
            ("succeeded", health.succeeded),
            ("not_before", health.not_before),
        )
    }
    return {
        "name": health.name,
        "failures": health.failures,
        "problem": health.problem or None,
        **moments,
    }


def clock(ms: int) -> str:
    """Return a length as people write it.

    >>> clock(243_600), clock(3_600_000)
    ('4:04', '1:00:00')
    """
    seconds = round(ms / 1000)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
