"""Nothing has changed since the last build: told in a moment, however many episodes there are.

A build that found everything as it should be, or made it so, notes the state of all files that it
was made of and of all that it has made. While none of them changes, the next build would say and do
the same, so it need not read them.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import audiobrief
from audiobrief.model.report import BuildReport, Outcome, Result
from audiobrief.store.files import atomic_write, make_folder
from audiobrief.store.stamps import Stamps
from audiobrief.workspace.load import SHIPPED_VOICES

if TYPE_CHECKING:
    from audiobrief.pipeline.options import BuildOptions
    from audiobrief.workspace.load import Workspace

#: A file that was changed so lately may be changed again without another time of change.
_RACY_NS = 2_000_000_000
_PACKAGE = Path(audiobrief.__file__).parent


class Standing:
    """What a build of the inbox starts from; to be made before anything is read.

    Args:
        workspace: As the show sees it.
        options: Of the build.
        engines: What the voices are made of besides their profiles.
    """

    def __init__(
        self, workspace: Workspace, options: BuildOptions, engines: dict[str, str]
    ) -> None:
        self._workspace = workspace
        self._path = workspace.cache / f"{workspace.show or 'first'}-standing.json"
        started = time.time_ns()
        stamps = Stamps()
        stamps.add_tree(workspace.articles)
        for folder in (workspace.root / "voices", SHIPPED_VOICES):
            stamps.add_tree(folder)
        settings = workspace.settings
        named = (
            settings.show.cover,
            settings.sound.intro,
            settings.sound.outro,
            settings.sound.bed,
        )
        for name in filter(None, named):
            stamps.add(workspace.root / name)
        self._is_racy = stamps.latest_ns > started - _RACY_NS
        ingredients = (
            stamps.digest(), workspace.written, workspace.show, options, sorted(engines.items()),
            _program(), _other_pages(workspace),
        )  # fmt: skip
        self._inputs = sha256(repr(ingredients).encode()).hexdigest()

    def remembered(self) -> BuildReport | None:
        """Return what a build would say, if nothing has changed; ``None``: it must be done."""
        started = time.perf_counter()
        try:
            note = json.loads(self._path.read_bytes())
            if note["inputs"] != self._inputs or note["made"] != self._made():
                return None
            outcomes = tuple(_outcome(row) for row in note["outcomes"])
            return BuildReport(outcomes, note["feed"], time.perf_counter() - started)
        # Without the note, or with a damaged one, the build is done.
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remember(self, report: BuildReport) -> None:
        """Note what a build has come to, if the next one would find nothing to do.

        To be called while the build still holds the workspace.

        Raises:
            StoreError: The note cannot be written.
        """
        told = (report.warnings, report.error, report.damaged, report.unannounced)
        if self._is_racy or any(told) or any(outcome.error for outcome in report.outcomes):
            return
        rows = [_row(outcome) for outcome in report.outcomes]
        note = {
            "inputs": self._inputs, "made": self._made(), "feed": report.feed, "outcomes": rows,
        }  # fmt: skip
        make_folder(self._path.parent)
        atomic_write(self._path, json.dumps(note).encode())

    def _made(self) -> str:
        """Return the state of all that the show consists of."""
        stamps = Stamps()
        others = () if self._workspace.show else tuple(self._workspace.settings.shows)
        stamps.add_tree(self._workspace.episodes, without=others, deep=False)
        return stamps.digest()


def _program() -> tuple[str, ...]:
    """Return what changes when another version of audiobrief or of a package is installed."""
    stamps = Stamps()
    for folder, _, files in os.walk(_PACKAGE):
        for name in sorted(files):
            if not name.endswith(".pyc"):
                stamps.add(Path(folder, name))
    for folder in sys.path:
        # Installing changes the folder.
        if folder.endswith(("site-packages", "dist-packages")):
            stamps.add(Path(folder))
    return audiobrief.__version__, sys.version, stamps.digest()


def _other_pages(workspace: Workspace) -> list[bool]:
    """Tell which other shows have a page, which the first one's page names."""
    if workspace.show:
        return []
    folders = (workspace.episodes / name for name in workspace.settings.shows)
    return [(folder / "index.html").is_file() for folder in folders]


def _row(outcome: Outcome) -> dict[str, object]:
    # What was built now is unchanged next time, and what was told of making it is not told again.
    if outcome.result is Result.BUILT:
        outcome = Outcome(outcome.locator, Result.UNCHANGED, outcome.guid, outcome.directory)
    row = asdict(replace(outcome, error=None))
    return {name: row[name] for name in ("locator", "result", "guid", "directory", "notes")}


def _outcome(row: dict[str, object]) -> Outcome:
    notes = row["notes"]
    return Outcome(
        str(row["locator"]),
        Result(str(row["result"])),
        None if row["guid"] is None else str(row["guid"]),
        None if row["directory"] is None else str(row["directory"]),
        notes=tuple(map(str, notes)) if isinstance(notes, list) else (),
    )
