"""The report of a run as a file: where it goes, how many are kept."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from audiobrief.model.report import Result
from audiobrief.pipeline.shows import local_time
from audiobrief.store.files import (
    TEMPORARY_SUFFIX,
    make_folder,
    mapping_os_errors,
    remove_if_there,
    sweep_temporary,
    temporary_beside,
)
from audiobrief.store.lock import briefly_locked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Literal

    from audiobrief.model.report import BuildReport
    from audiobrief.workspace.load import Workspace

REPORTS_NAME = "reports"
#: The newest are kept.
MOST_KEPT = 50
_HEADINGS = {"build": "Build report", "brief": "Programme report"}


@dataclass(frozen=True, slots=True)
class ShowBuilt:
    """What a run did for a show."""

    show: Workspace
    report: BuildReport


def write_report(
    made: Sequence[ShowBuilt],
    kind: Literal["build", "brief"],
    *,
    now: datetime,
    elapsed_s: float | None = None,
    target: Path | None = None,
) -> Path | None:
    """Write the report of a run, and remove old ones.

    Args:
        made: What the run did, show by show, all of one workspace.
        kind: What was run.
        now: Aware: when it began.
        elapsed_s: How long all of it took; ``None``: as long as its shows.
        target: Where it goes; by default among those of the workspace, if anything was done.

    Returns:
        The file; ``None``: there was nothing to tell.

    Raises:
        StoreError: It cannot be written.
    """
    if not made:
        return None
    workspace = made[0].show
    folder = workspace.cache / REPORTS_NAME
    if elapsed_s is None:
        elapsed_s = sum(one.report.elapsed_s for one in made)
    is_news = any(_has_news(one.report) for one in made)
    if target is not None:
        make_folder(target.parent)
        _write(target, _render(made, kind, now, elapsed_s, target).encode("utf-8", "replace"))
        return target
    if not is_news and not _has_leftover(folder):
        return None
    make_folder(folder)
    # Runs of several shows end after their builds have given the workspace back.
    with briefly_locked(workspace.cache / "reports.lock"):
        sweep_temporary(folder)
        if not is_news:
            return None
        path = _free_path(folder, now, kind)
        _write(path, _render(made, kind, now, elapsed_s, path).encode("utf-8", "replace"))
        _prune(folder)
        return path


def _has_leftover(folder: Path) -> bool:
    """Tell whether a run was killed while it wrote its report."""
    return any(folder.glob(f".*{TEMPORARY_SUFFIX}"))


def _has_news(report: BuildReport) -> bool:
    """Tell whether a run did something, or failed to."""
    troubles = (report.error, report.unannounced, *report.damaged)
    results = {outcome.result for outcome in report.outcomes}
    return bool(results & {Result.BUILT, Result.FAILED}) or any(troubles)


def _free_path(folder: Path, now: datetime, kind: str) -> Path:
    """Return a name that no report has, in UTC so that names are in the order of time."""
    name = f"{now.astimezone(UTC):%Y-%m-%dT%H%M%S}"
    path, number = folder / f"{name}-{kind}.html", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number:02d}-{kind}.html"
    return path


def _render(
    made: Sequence[ShowBuilt], kind: str, now: datetime, elapsed_s: float, path: Path
) -> str:
    from audiobrief.publish.build_report import ShowReport, render_build_report  # noqa: PLC0415 - Jinja2

    workspace = made[0].show
    return render_build_report(
        [ShowReport(one.show.show_title, one.report, one.show.sound) for one in made],
        heading=_HEADINGS[kind],
        when=local_time(workspace, now),
        elapsed_s=elapsed_s,
        root=_address_of(workspace.root, path.parent),
    )


def _address_of(folder: Path, here: Path) -> str | None:
    """Return a folder's address as seen from another; ``None``: another drive of Windows."""
    try:
        way = os.path.relpath(folder, here)
    except ValueError:
        return None
    return f"{quote(Path(way).as_posix())}/"


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; not synced, since no report is worth that wait."""
    temporary = temporary_beside(path)
    try:
        with mapping_os_errors("write", path):
            temporary.write_bytes(content)
            temporary.replace(path)
    except BaseException:
        remove_if_there(temporary)
        raise


def _prune(folder: Path) -> None:
    with mapping_os_errors("list the reports", folder):
        found = [path.name for path in folder.glob("????-??-??T??????-*.html")]
    # Of one second, the longer name is the later one.
    names = sorted(found, key=lambda name: (name[:17], len(name), name))
    for name in names[:-MOST_KEPT]:
        remove_if_there(folder / name)


def shown_path(path: Path, root: Path) -> str:
    """Return a report's path as the user is told it: relative to the workspace if it is there."""
    with suppress(ValueError):
        return path.absolute().relative_to(root).as_posix()
    return str(path)
