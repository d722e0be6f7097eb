"""``audiobrief approve``: what was heard may be published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from audiobrief.cli.episodes import by_option, find_on, place_of, reviewer
from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.inputs import current_time
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.review_words import in_words, progress_row
from audiobrief.errors import AudiobriefError, StoreError
from audiobrief.model.episode import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.review.marks import Approved
    from audiobrief.store.library import Shelf
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief approve                           what waits for approval, and why
audiobrief approve 2015-10-26-free           the episode whose folder begins so
audiobrief approve --heard "Ferry returns"   only those of its segments that were heard
audiobrief approve --all --by Ana            every episode that waits
audiobrief approve --undo 2015-10-26-free    take it back
"""
_APPROVAL_MISSING = 3


class _Options(NamedTuple):
    heard: bool
    undo: bool
    force: bool
    dry_run: bool


class _One(NamedTuple):
    """What came of one episode."""

    show: Workspace
    episode: Episode
    result: Approved | None
    error: AudiobriefError | None = None


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("episodes", nargs=-1, metavar="[EPISODE]...")
@click.option("--heard", is_flag=True, help="Approve only segments that were really played.")
@click.option("every", "--all", is_flag=True, help="All episodes that wait.")
@click.option("--undo", is_flag=True, help="Take the approval back: the episode is a draft again.")
@click.option("--force", is_flag=True, help="Approve even segments that are marked for a fix.")
@by_option
@click.option("--show", metavar="NAME", help="Episodes of this show alone: [shows.NAME].")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be done.")
@common_flags()
def command(  # noqa: PLR0913, PLR0917 - one for each flag
    episodes: tuple[str, ...],
    heard: bool,
    every: bool,
    undo: bool,
    force: bool,
    by: str | None,
    show: str | None,
    dry_run: bool,
    common: Common,
) -> int:
    """Approve an EPISODE as it sounds now; without one, list what waits for approval.

    An EPISODE is named by its folder, how that begins, or its title. Approved are all of its
    segments, and with them the episode: "audiobrief publish" lets it into the feed. What is spoken
    otherwise later must be approved again.

    Segments that somebody has marked for a fix stay as they are, and the exit code is then 3.
    """
    from audiobrief.store.library import read_shelf  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    options = _Options(heard, undo, force, dry_run)
    _require_sense(episodes, options, every=every)
    name = reviewer(by)
    workspace = load_workspace(common.root)
    shows = workspace.shows if show is None else (workspace.of_show(show),)
    shelves = [(each, read_shelf(each.episodes)) for each in shows]
    if not episodes and not every:
        return _list(shelves, common)
    chosen = _waiting(shelves) if every else _named(shelves, episodes)
    if every and not dry_run:
        _settle(shelves)
    done = [_done(*each, name, options, is_only=len(chosen) == 1) for each in chosen]
    damaged = [error for _, shelf in shelves for error in shelf.damaged] if every else []
    errors = [one.error for one in done if one.error is not None] + damaged
    if common.json:
        rows = [_row(one) for one in done]
        print_json({"by": name, "episodes": rows, "damaged": [as_json(e) for e in damaged]})
    elif not common.quiet:
        _print(done, options)
    for error in errors:
        print_error(error)
    if errors:
        return 1
    is_left = any(one.result and not one.result.progress.is_approved for one in done)
    return _APPROVAL_MISSING if is_left and not (undo or heard or dry_run) else 0


def _require_sense(episodes: Sequence[str], options: _Options, *, every: bool) -> None:
    """Refuse flags that contradict each other.

    Raises:
        UsageError: They do.
    """
    message = ""
    if episodes and every:
        message = "name episodes, or give --all: not both"
    elif options.undo and (options.heard or options.force):
        message = "--undo takes all of it back: leave --heard and --force out"
    elif options.undo and not episodes:
        message = "name the episodes whose approval is taken back"
    elif not episodes and not every and any(options):
        message = "name an episode, or give --all"
    if message:
        raise click.UsageError(message)


def _named(
    shelves: Sequence[tuple[Workspace, Shelf]], names: Sequence[str]
) -> list[tuple[Workspace, Episode]]:
    """Return the episodes that are named, each once; all are found before anything is done."""
    found = {place_of(*each): each for each in (find_on(shelves, name) for name in names)}
    return list(found.values())


def _waiting(
    shelves: Sequence[tuple[Workspace, Shelf]],
) -> list[tuple[Workspace, Episode]]:
    """Return the episodes that wait for approval, the newest first."""
    from audiobrief.pipeline.review.marks import progress_of  # noqa: PLC0415 - keeps --help fast

    return [
        (show, episode)
        for show, shelf in shelves
        if show.settings.publish.require_approval
        for episode in sorted(shelf.episodes, key=lambda e: (e.published, e.guid), reverse=True)
        if not progress_of(show, episode).is_approved
    ]


def _settle(shelves: Sequence[tuple[Workspace, Shelf]]) -> None:
    """Have manifests say what reviews say: a run that was cut off may have written only these."""
    from audiobrief.pipeline.review import marks  # noqa: PLC0415 - keeps --help fast

    for show, shelf in shelves:
        drafts = [e for e in shelf.episodes if e.state is State.DRAFT]
        for episode in drafts if show.settings.publish.require_approval else ():
            if marks.progress_of(show, episode).is_approved:
                marks.settle(show, episode)


def _list(shelves: Sequence[tuple[Workspace, Shelf]], common: Common) -> int:
    """Tell what waits, and why."""
    from audiobrief.pipeline.review.marks import progress_of  # noqa: PLC0415 - keeps --help fast

    waiting = [(*each, progress_of(*each)) for each in _waiting(shelves)]
    damaged = [error for _, shelf in shelves for error in shelf.damaged]
    is_gated = any(show.settings.publish.require_approval for show, _ in shelves)
    if common.json:
        rows = [_facts(show, e) | progress_row(progress) for show, e, progress in waiting]
        document = {"require_approval": is_gated, "waiting": rows}
        print_json(document | {"damaged": [as_json(error) for error in damaged]})
    else:
        for show, episode, progress in waiting:
            click.echo(f"{place_of(show, episode)}\n    {episode.title}\n    {in_words(progress)}")
        if not waiting and not is_gated:
            click.echo("nothing waits: [publish] require_approval is not set")
        elif not waiting:
            click.echo("nothing waits for approval")
        elif not common.quiet:
            click.echo('hear one: "audiobrief review EPISODE"')
    for error in damaged:
        print_error(error)
    return 1 if damaged else 0


def _done(show: Workspace, episode: Episode, by: str, options: _Options, *, is_only: bool) -> _One:
    """Do to one episode what is asked for; its failure stops no other."""
    try:
        return _One(show, episode, _changed(show, episode, by, options))
    except AudiobriefError as error:
        if is_only:
            raise
        return _One(show, episode, None, error)


def _changed(show: Workspace, episode: Episode, by: str, options: _Options) -> Approved:
    from audiobrief.pipeline.review import marks  # noqa: PLC0415 - keeps --help fast
    from audiobrief.store.library import has_sound  # noqa: PLC0415

    if options.undo:
        return marks.withdraw(show, episode, dry_run=options.dry_run)
    if not has_sound(show.episodes, episode):
        raise StoreError(
            "what cannot be heard cannot be approved: its sound is missing or cannot be read",
            f"{show.directory_of(episode)}/{episode.enclosure.file}",
            remedy="build its article again",
        )
    return marks.approve(
        *(show, episode),
        by=by,
        now=current_time(),
        only_heard=options.heard,
        force=options.force,
        dry_run=options.dry_run,
    )


def _facts(show: Workspace, episode: Episode) -> dict[str, Any]:
    return {
        "show": show.show or None,
        "guid": episode.guid,
        "title": episode.title,
        "directory": show.directory_of(episode),
    }


def _row(one: _One) -> dict[str, Any]:
    row = _facts(one.show, one.episode)
    if one.result is None:
        return row | {"error": as_json(one.error) if one.error else None}
    told = {"state": one.result.state, "changed": one.result.segments, "error": None}
    return row | told | progress_row(one.result.progress)


def _print(done: Sequence[_One], options: _Options) -> None:
    would = "would be " if options.dry_run else ""
    if not done:
        click.echo("nothing waits for approval")
    for one in done:
        if one.result is None:
            continue
        count = one.result.segments
        segments = f"{count} segment{'' if count == 1 else 's'}"
        if options.undo:
            click.echo(f"{one.episode.title}: {segments} {would}taken back; {one.result.state}")
            continue
        state = one.result.state if one.result.progress.is_approved else "not approved"
        click.echo(f"{one.episode.title}: {segments} {would}approved; {state}")
        for reason in one.result.progress.reasons:
            click.echo(f"    {reason}")
