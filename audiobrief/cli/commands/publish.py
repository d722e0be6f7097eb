"""``audiobrief publish``: to where listeners get it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.inputs import current_time, show_option
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.progress import telling
from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobrief.pipeline.deliver import Delivery
    from audiobrief.pipeline.events import Tell
    from audiobrief.pipeline.publish import PublishReport
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief publish --dry-run           what would be sent and removed
audiobrief publish
audiobrief publish --show long-read
audiobrief publish --shards 8          what eight machines have built
"""

#: The gravest first, of several.
_CODES = (4, 2, 3, 1, 75)


@click.command(cls=Command, examples=EXAMPLES)
@show_option
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be done.")
@click.option("--force", is_flag=True, help="Publish even what breaks rules of podcast apps.")
@click.option(
    "--shards",
    metavar="N",
    type=click.IntRange(1, 10_000),
    help='First take what all N runs of "audiobrief build --shard I/N" have made.',
)
@common_flags()
def command(
    show: str | None, dry_run: bool, force: bool, shards: int | None, common: Common
) -> int:
    """Bring feed, episodes and pages to where listeners get them: [publish] to.

    A folder, S3 and what speaks like it, Google Cloud Storage, Azure, or another machine by sftp or
    rsync. Only what has changed is sent, the feed last, so that it never names a file that is not
    there. Files that left the feed are removed after some days.

    The rules of podcast apps are checked first. With require_approval, episodes that wait for
    approval stop it with exit code 3 and the reasons; approved ones enter the feed, even where no
    setting says where to send it.
    """
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415 - keeps --help fast

    workspace = load_workspace(common.root)
    rows: list[dict[str, Any]] = []
    codes: list[int] = []
    taken: dict[str, Any] = {}
    if shards is not None:
        code, taken["built"] = _adopted(workspace, show, shards, common, dry_run=dry_run)
        codes.append(code)
    chosen = _chosen(workspace, show)
    if shards is not None and dry_run:
        # What would be sent is known when it is taken.
        chosen = ()
    elif shards is not None and not any(one.settings.publish.to for one in chosen):
        # To take what was made is work of its own, and so is to let in what is approved: a server
        # beside shows it.
        chosen = [one for one in chosen if one.settings.publish.require_approval]
    for one in chosen:
        try:
            with telling(common) as tell:
                report = _published(one, tell, dry_run=dry_run, force=force)
        except AudiobriefError as error:
            # With one show it is the whole command's; with more, the others go on. What shards have
            # made is told in any case.
            if len(chosen) == 1 and shards is None:
                raise
            print_error(error, about=one.show_title)
            rows.append({"show": one.show or None, "error": as_json(error), "targets": []})
            codes.append(error.exit_code)
            continue
        rows.append(_row(one, report, dry_run=dry_run))
        codes += [d.error.exit_code for d in report.deliveries if d.error is not None]
        codes += [report.unannounced.exit_code] if report.unannounced is not None else []
        _print(report, common, dry_run=dry_run)
    if common.json:
        print_json({"shows": rows, **taken})
    return next((code for code in _CODES if code in codes), 0)


def _adopted(
    workspace: Workspace, name: str | None, count: int, common: Common, *, dry_run: bool
) -> tuple[int, dict[str, Any]]:
    """Take what shards have made into the shows that are meant; return exit code and document."""
    from audiobrief.cli.inputs import gather_inputs  # noqa: PLC0415
    from audiobrief.cli.report import (  # noqa: PLC0415
        Made,
        as_document,
        exit_code,
        print_report,
    )
    from audiobrief.pipeline.shard_build import adopt_shards  # noqa: PLC0415 - few have shards
    from audiobrief.pipeline.shows import todays  # noqa: PLC0415

    now = current_time()
    meant = todays(workspace, now) if name is None else (workspace.of_show(name),)
    made = []
    for one in meant:
        if one.settings.show.makes != "episodes":
            continue
        with telling(common) as tell:
            inputs = gather_inputs((), one)
            report = adopt_shards(one, inputs, count, now=now, dry_run=dry_run, tell=tell)
        made.append(Made(one, report))
        print_report(made[-1], common, dry_run=dry_run)
    return exit_code(made), as_document(made)


def _chosen(workspace: Workspace, name: str | None) -> Sequence[Workspace]:
    """Return the shows that have a feed, or may get one; without any, the first, which says why."""
    if name is not None:
        return (workspace.of_show(name),)
    return [s for s in workspace.shows if _has_work(s)] or [workspace]


def _has_work(show: Workspace) -> bool:
    """Tell whether a show has a feed, or episodes that wait to be its first."""
    if (show.episodes / "feed.xml").is_file():
        return True
    is_gated = show.settings.publish.require_approval
    return is_gated and any(show.episodes.glob("*/episode.json"))


def _published(show: Workspace, tell: Tell, *, dry_run: bool, force: bool) -> PublishReport:
    from secrets import token_hex  # noqa: PLC0415 - keeps --help fast

    from audiobrief.pipeline.deliver import PublishOptions  # noqa: PLC0415
    from audiobrief.pipeline.events import Event, Stage  # noqa: PLC0415
    from audiobrief.pipeline.publish import publish  # noqa: PLC0415

    def check(folder: Path) -> list[str]:
        from audiobrief.check.clean import Clean  # noqa: PLC0415 - lxml, mutagen, numpy
        from audiobrief.check.folder import check_folder  # noqa: PLC0415

        clean = Clean(show.cache / f"{show.show}-checked.txt".removeprefix("-"))
        found = check_folder(
            folder,
            progress=lambda done, total, title: tell(Event(Stage.CHECK, title, done, total)),
            clean=clean,
        )
        if not dry_run:
            clean.save()
        return [f"{f.rule} {f.where}: {f.message}" for f in found if f.level == "must"]

    return publish(
        show,
        now=current_time(),
        run=token_hex(8),
        check=check,
        options=PublishOptions(dry_run, force),
        tell=tell,
    )


def _row(show: Workspace, report: PublishReport, *, dry_run: bool) -> dict[str, Any]:
    return {
        "show": show.show or None,
        "released": list(report.approved),
        "warnings": list(report.warnings),
        "error": None,
        "targets": [_target_row(delivery, dry_run=dry_run) for delivery in report.deliveries],
        "unannounced": as_json(report.unannounced) if report.unannounced else None,
    }


def _target_row(delivery: Delivery, *, dry_run: bool) -> dict[str, Any]:
    plan = delivery.plan
    sent = [u for u in plan.sent if dry_run or u.name in delivery.finished] if plan else []
    return {
        "to": delivery.to,
        "outcome": _outcome(delivery, dry_run=dry_run),
        "sent": [{"name": upload.name, "bytes": upload.size_bytes} for upload in sent],
        "bytes": sum(upload.size_bytes for upload in sent),
        "unchanged": len(plan.unchanged) if plan else 0,
        "removed": list(_removed(delivery)),
        "kept": list(plan.kept) if plan else [],
        "error": as_json(delivery.error) if delivery.error else None,
    }


def _removed(delivery: Delivery) -> tuple[str, ...]:
    if delivery.plan is None:
        return delivery.withdrawn
    return delivery.plan.removed if delivery.is_whole and delivery.error is None else ()


def _outcome(delivery: Delivery, *, dry_run: bool) -> str:
    if delivery.error is not None:
        return "failed"
    if not delivery.withdrawn and (delivery.plan is None or delivery.plan.is_empty):
        return "unchanged"
    if dry_run:
        return "planned"
    return "withdrawn" if delivery.withdrawn else "published"


def _print(report: PublishReport, common: Common, *, dry_run: bool) -> None:
    for warning in report.warnings:
        click.echo(f"warning: {warning}", err=True)
    is_quiet = common.quiet or common.json
    for title in () if is_quiet else report.approved:
        click.echo(f"{'would release' if dry_run else 'released':<10} {title}")
    for delivery in report.deliveries:
        if delivery.error is not None:
            print_error(delivery.error, about=delivery.to)
        elif not is_quiet:
            _print_delivery(delivery, common, dry_run=dry_run)
    if report.unannounced is not None:
        print_error(report.unannounced)


def _print_delivery(delivery: Delivery, common: Common, *, dry_run: bool) -> None:
    plan, removed = delivery.plan, _removed(delivery)
    click.echo(f"{_outcome(delivery, dry_run=dry_run):<10} {delivery.to}")
    sent = plan.sent if plan else ()
    names = [f"send      {u.name}  {u.size_bytes:,} bytes" for u in sent]
    names += [f"remove    {name}" for name in removed]
    for name in names if dry_run or common.verbose else ():
        click.echo(f"           {name}")
    size = sum(upload.size_bytes for upload in sent)
    unchanged = f", {len(plan.unchanged)} unchanged" if plan else ""
    kept = f", {len(plan.kept)} kept for old feeds" if plan and plan.kept else ""
    click.echo(
        f"           {len(sent)} sent ({size:,} bytes){unchanged}, {len(removed)} removed{kept}"
    )
    if not delivery.is_whole:
        click.echo("           note: another publisher is at work here; old files stay for now")
