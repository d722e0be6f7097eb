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
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import audiobrief
from audiobrief.model.report import BuildReport, Outcome, Result
from audiobrief.publish.address import FEED_FILE, PAGE_FILE
from audiobrief.store.files import atomic_write, make_folder
from audiobrief.store.stamps import Stamps, state_of
from audiobrief.workspace.load import SHIPPED_VOICES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from audiobrief.pipeline.build import Input
    from audiobrief.pipeline.options import BuildOptions
    from audiobrief.workspace.load import Workspace

#: A file that was changed so lately may be changed again without another time of change.
_RACY_NS = 2_000_000_000
#: Raised by one whenever notes are written otherwise.
_FORMAT = 3
#: What is noted of an outcome.
_TOLD = ("locator", "result", "guid", "directory", "notes", "title", "duration_ms")
_PACKAGE = Path(audiobrief.__file__).parent


class _Article(NamedTuple):
    """An article as the build before left it: there may be 100,000 of them."""

    #: State of its file.
    state: str
    #: Of its episode; ``None``: it is none of the show's.
    guid: str | None
    directory: str | None
    #: State of the episode's files; empty: it has none.
    files: str


class Standing:
    """What a build of the inbox starts from; to be made before anything is read.

    Args:
        workspace: As the show sees it.
        options: Of the build.
        engines: What the voices are made of besides their profiles.
        now: Of the build.
    """

    def __init__(
        self,
        workspace: Workspace,
        options: BuildOptions,
        engines: Mapping[str, str],
        now: datetime,
    ) -> None:
        self._workspace = workspace
        # Any word may be the name of a show: the first one has none.
        self._path = workspace.cache / f"{workspace.show}-standing.json".removeprefix("-")
        self._started_ns = time.time_ns()
        around, inbox = _around(workspace), Stamps()
        inbox.add_tree(workspace.articles)
        ingredients = (
            _FORMAT, around.digest(), workspace.written, workspace.show, options,
            sorted(engines.items()), _program(),
        )  # fmt: skip
        #: Of everything but articles: when it changes, each episode may.
        self._around = sha256(repr(ingredients).encode()).hexdigest()
        kept_days = workspace.settings.publish.keep_audio_days
        # What leaves the feed by its age does so on some day without any change.
        today = now.date() if kept_days is not None else None
        state = (inbox.digest(), _other_shows(workspace), _listeners(workspace), today)
        self._inbox = sha256(repr(state).encode()).hexdigest()
        self._is_racy = self._is_late(around.latest_ns)
        self._is_inbox_racy = self._is_racy or self._is_late(inbox.latest_ns)
        self._note = self._read()
        if self._note.get("around") != self._around:
            self._note = {}
        #: What this build has looked at: the state of its file before it was read, and its time.
        self._seen: dict[str, tuple[str, int]] = {}
        #: What has not changed.
        self._stood: dict[str, _Article] = {}

    def remembered(self) -> BuildReport | None:
        """Return what a build would say, if nothing has changed; ``None``: it must be done."""
        started, note = time.perf_counter(), self._note
        if not note or note["inbox"] != self._inbox or note["made"] != self._made():
            return None
        outcomes = tuple(_outcome(row) for row in note["outcomes"])
        return BuildReport(outcomes, note["feed"], time.perf_counter() - started)

    def stands(self, item: Input) -> _Article | None:
        """Return what an article is, if neither its file nor its episode has changed.

        To be asked before it is read, of every article.
        """
        if item.path is None:
            return None
        seen = self._seen[item.locator] = state_of(item.path)
        row = self._note.get("articles", {}).get(item.locator)
        if row is None:
            return None
        known = _Article(*row)
        if known.state != seen[0] or known.files != self._files(known.directory):
            return None
        self._stood[item.locator] = known
        return known

    def remember(self, report: BuildReport) -> None:
        """Note what a build has come to, for the next one.

        To be called while the build still holds the workspace.

        Raises:
            StoreError: The note cannot be written.
        """
        if self._is_racy:
            return
        told = (report.warnings, report.error, report.damaged, report.unannounced)
        is_clean = not any(told) and not any(outcome.error for outcome in report.outcomes)
        note = {
            "around": self._around,
            "articles": self._articles(report),
            "inbox": self._inbox if is_clean and not self._is_inbox_racy else "",
            "made": self._made(),
            "feed": report.feed,
            "outcomes": [_row(outcome) for outcome in report.outcomes],
        }
        make_folder(self._path.parent)
        content = json.dumps(note).encode()
        atomic_write(self._path, sha256(content).hexdigest().encode() + b"\n" + content)

    def _articles(self, report: BuildReport) -> dict[str, _Article]:
        """Return the articles of which nothing is to be said next time but that they stand."""
        outcomes = {outcome.locator: outcome for outcome in report.outcomes}
        rows = {}
        for locator, (state, changed_ns) in self._seen.items():
            outcome = outcomes.get(locator, Outcome(locator, Result.NOTHING))
            is_quiet = outcome.result is Result.BUILT or not outcome.notes
            if outcome.error or not is_quiet or self._is_late(changed_ns):
                continue
            # To look at the files of ten thousand episodes again takes a second. Where a page of
            # one was rendered anew meanwhile, its article is read once more, and no harm is done.
            rows[locator] = self._stood.get(locator) or _Article(
                state, outcome.guid, outcome.directory, self._files(outcome.directory)
            )
        return rows

    def _files(self, directory: str | None) -> str:
        if directory is None:
            return ""
        stamps = Stamps()
        stamps.add_tree(self._workspace.root / directory)
        return stamps.digest()

    def _made(self) -> str:
        """Return the state of all that the show consists of."""
        stamps = Stamps()
        others = () if self._workspace.show else tuple(self._workspace.settings.shows)
        stamps.add_tree(self._workspace.episodes, without=others, deep=False)
        return stamps.digest()

    def _is_late(self, latest_ns: int) -> bool:
        return latest_ns > self._started_ns - _RACY_NS

    def _read(self) -> dict[str, Any]:
        """Return the note of the build before; empty: there is none that is whole."""
        try:
            digest, _, content = self._path.read_bytes().partition(b"\n")
        except OSError:  # then the build is done
            return {}
        if sha256(content).hexdigest().encode() != digest:
            return {}
        note: dict[str, Any] = json.loads(content)
        return note


def _around(workspace: Workspace) -> Stamps:
    """Return the state of all files but articles that episodes are made of."""
    stamps, settings = Stamps(), workspace.settings
    # The lexicon's folder may be a link to one that several workspaces share.
    for folder in (workspace.root / "voices", workspace.lexicon_folder, SHIPPED_VOICES):
        stamps.add_tree(folder)
    music = (settings.sound.intro, settings.sound.outro, settings.sound.bed)
    for name in filter(None, (settings.show.cover, *music)):
        stamps.add(workspace.root / name)
    return stamps


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


def _other_shows(workspace: Workspace) -> list[bool]:
    """Tell which other shows have a page and a feed, which the first one's page and list name."""
    if workspace.show:
        return []
    folders = [workspace.episodes / name for name in workspace.settings.shows]
    return [(folder / name).is_file() for folder in folders for name in (PAGE_FILE, FEED_FILE)]


def _listeners(workspace: Workspace) -> str:
    """Return the state of the list of listeners: by it their folders are filled and removed."""
    if not workspace.settings.publish.private:
        return ""
    from audiobrief.store.listeners import LISTENERS_NAME  # noqa: PLC0415 - only where it matters

    stamps = Stamps()
    stamps.add(workspace.root / LISTENERS_NAME)
    return stamps.digest()


def _row(outcome: Outcome) -> dict[str, object]:
    # What was built now is unchanged next time, and what was told of making it is not told again.
    if outcome.result is Result.BUILT:
        outcome = replace(outcome, result=Result.UNCHANGED, notes=())
    return {name: getattr(outcome, name) for name in _TOLD}


def _outcome(row: dict[str, object]) -> Outcome:
    notes, length_ms = row["notes"], row.get("duration_ms")
    return Outcome(
        str(row["locator"]),
        Result(str(row["result"])),
        None if row["guid"] is None else str(row["guid"]),
        None if row["directory"] is None else str(row["directory"]),
        notes=tuple(map(str, notes)) if isinstance(notes, list) else (),
        title=str(row.get("title", "")),
        duration_ms=length_ms if isinstance(length_ms, int) else 0,
    )
