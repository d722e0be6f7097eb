"""``watch``: builds whatever arrives in the inbox, and what the sources have, until it is stopped.

That something has happened is told by watchfiles; what has, by `audiobrief.pipeline.arrivals`; what
is to be made of it, by `audiobrief.pipeline.agenda`.
"""

from __future__ import annotations

import gc
from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from audiobrief.errors import AudiobriefError, LockedError, SourceError, StoreError, defect
from audiobrief.ingest.source import expand, read
from audiobrief.model.report import Result
from audiobrief.pipeline.agenda import Agenda
from audiobrief.pipeline.arrivals import Arrivals
from audiobrief.pipeline.brief import brief
from audiobrief.pipeline.briefing import BriefOptions
from audiobrief.pipeline.build import Input, build
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.fetch import fetch
from audiobrief.pipeline.happening import (
    Built,
    Fetched,
    Happening,
    Trouble,
    Waiting,
    Watching,
)
from audiobrief.pipeline.options import BuildOptions
from audiobrief.store.files import make_folder
from audiobrief.workspace.load import SETTINGS_NAME, load_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from audiobrief.ingest.source import Candidate
    from audiobrief.model.report import BuildReport
    from audiobrief.net.world import World
    from audiobrief.pipeline.stop import Stop
    from audiobrief.workspace.load import Workspace

_T = TypeVar("_T")

#: Between two looks at a file that must be alike. Copies over a network pause for a second.
SETTLE_S = 2.0
#: However quiet it is: drives in a network do not tell of everything.
_LOOK_EVERY_S = 60.0
#: How long the workspace is left to whoever holds it.
_LOCK_S = 1.0
#: How soon watchfiles hears of a stop, and we of a schedule; how often it looks itself, if it must.
_STEP_MS, _TICK_MS, _POLL_MS = 200, 1000, 2000


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """What the flags ask for."""

    #: How often the sources are asked; ``None``: never.
    every_s: float | None = None
    #: Let the first show be the day's programme of what comes in, instead of an episode of each.
    programme: bool = False
    #: Look at the inbox again and again: drives in a network do not tell of changes.
    poll: bool = False
    voice: str | None = None
    engine: str | None = None
    settle_s: float = SETTLE_S


def watch(
    workspace: Workspace,
    *,
    options: WatchOptions,
    stop: Stop,
    now: Callable[[], datetime],
    report: Callable[[Happening], None],
    telling: Callable[[], AbstractContextManager[Tell]] = lambda: nullcontext(say_nothing),
    world: World | None = None,
) -> None:
    """Build what the inbox has that is new, then what arrives, until somebody asks for a stop.

    The settings are read again before every run.

    Args:
        workspace: Its inbox is made where it is missing.
        options: What the flags ask for.
        stop: Ends it between two steps; what is finished then is published.
        now: Gives the time, aware.
        report: Told what has happened.
        telling: Gives for each run what is told its steps.
        world: What tests replace of the network.

    Raises:
        WorkspaceError: With these settings the first run could not begin.
        EngineUnavailableError: An engine is missing for it.
        EncoderUnavailableError: So is what makes a format.
        StoreError: The inbox cannot be made or watched.
    """
    _Watch(workspace, options, stop, now, report, telling, world).run()


class _Watch:
    """One watch, from its start to its stop."""

    def __init__(
        self,
        workspace: Workspace,
        options: WatchOptions,
        stop: Stop,
        now: Callable[[], datetime],
        report: Callable[[Happening], None],
        telling: Callable[[], AbstractContextManager[Tell]],
        world: World | None,
    ) -> None:
        self._root = workspace.root
        self._inbox = workspace.articles
        self._options = options
        self._stop = stop
        self._arrivals = Arrivals(self._inbox, self._root, options.settle_s, stop)
        self._agenda = Agenda()
        #: As the settings had them when they were last read; the first show last.
        self._shows = self._scheduled(workspace)
        self._settings: tuple[int, int] | None = None
        self._now = now
        self._report = report
        self._telling = telling
        self._world = world
        self._has_begun = False
        self._asked_at: datetime | None = None
        self._looked_s = monotonic()

    def run(self) -> None:
        """Watch; begin anew when the inbox is another folder than before."""
        while not self._stop.is_set():
            try:
                make_folder(self._inbox)
                self._watch()
            except StoreError as error:
                if not self._has_begun:
                    raise
                self._report(Trouble(error))
                self._stop.wait(_LOOK_EVERY_S)

    def _watch(self) -> None:
        identity, is_first = _identity(self._inbox), True
        with closing(self._wakes()) as wakes:
            for is_awake in wakes:
                if not self._has_begun:
                    self._report(Watching(self._inbox.relative_to(self._root).as_posix()))
                # Both are asked: what comes at one moment is one round.
                is_called = self._agenda.call(self._shows, self._now())
                is_due = self._is_due() or is_called
                is_late = monotonic() - self._looked_s > _LOOK_EVERY_S
                if is_awake or is_due or is_late or is_first:
                    self._round(is_due=is_due)
                is_first = False
                if _identity(self._inbox) != identity:
                    return

    def _wakes(self) -> Generator[bool, None, None]:
        """Yield whether something has happened, every second, until a stop or the inbox's end."""
        from watchfiles import Change  # noqa: PLC0415 - only whoever watches needs it
        from watchfiles import watch as changes_in  # noqa: PLC0415

        try:
            for changes in changes_in(
                self._inbox,
                watch_filter=None,
                step=_STEP_MS,
                rust_timeout=_TICK_MS,
                yield_on_timeout=True,
                stop_event=self._stop,
                # Without the flag, watchfiles decides: its variable, or WSL.
                force_polling=self._options.poll or None,
                poll_delay_ms=_POLL_MS,
                # What we may not read is told when it is built.
                ignore_permission_denied=True,
            ):
                yield bool(changes)
                # A new folder of its name may have the number of the old one.
                if (Change.deleted, str(self._inbox)) in changes:
                    return
        except FileNotFoundError:
            return
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"the inbox cannot be watched: {error}",
                str(self._inbox),
                remedy='look at it again and again: "audiobrief watch --poll"',
            ) from error

    def _is_due(self) -> bool:
        """Tell whether the sources are to be asked. A clock that was set back counts as due."""
        if self._options.every_s is None:
            return False
        if self._asked_at is None:
            return True
        passed_s = (self._now() - self._asked_at).total_seconds()
        return not 0 <= passed_s < self._options.every_s

    def _round(self, *, is_due: bool) -> None:
        """Ask the sources if it is time, and build what is new."""
        if is_due:
            self._asked_at = self._now()
            self._attempt(self._fetch)
        if not self._stop.is_set():
            self._attempt(lambda: self._make(is_due=is_due))
        self._has_begun = True
        self._looked_s = monotonic()
        # What runs leave in circles (pages, sound, connections) is a megabyte each time. Python
        # would look for it after tens of thousands of new objects: a day later.
        gc.collect()

    def _attempt(self, step: Callable[[], None]) -> None:
        """Do something whose failure does not end the watch, once it has begun."""
        try:
            step()
        except KeyboardInterrupt:
            # Ours, between two steps; any other comes from a person who is in a hurry.
            if not self._stop.is_set():
                raise
        except AudiobriefError as error:
            if not self._has_begun and error.exit_code in (2, 4):
                raise
            self._report(Trouble(error))
        except Exception as error:  # noqa: BLE001 - a defect costs one run, not the watch
            self._report(Trouble(defect(error)))

    def _fetch(self) -> None:
        workspace = load_workspace(self._root)
        self._report(
            Fetched(
                self._when_free(
                    lambda tell: fetch(workspace, now=self._now(), tell=tell, world=self._world)
                )
            )
        )

    def _make(self, *, is_due: bool) -> None:
        """Make what each show is owed; one that fails stops no other."""
        files, arrived = self._arrivals.look()
        if self._stop.is_set():
            return
        before, self._settings = self._settings, _stamp(self._root / SETTINGS_NAME)
        if arrived or is_due or not self._has_begun or before != self._settings:
            # Settings that are broken now leave what has arrived for the next round.
            self._shows = self._scheduled(load_workspace(self._root))
        self._arrivals.take()
        self._agenda.arrived(self._shows, arrived, set(files))
        now = self._now()
        for show in self._shows:
            if not self._stop.is_set() and self._agenda.is_time(show, now):
                is_again = bool(arrived) or is_due
                self._attempt(partial(self._make_show, show, files, now, is_again=is_again))

    def _scheduled(self, workspace: Workspace) -> tuple[Workspace, ...]:
        """Return the shows that make something, the first one last: its page names the others."""
        if self._options.programme:
            workspace = workspace.making("brief")
        return tuple(s for s in reversed(workspace.shows) if s.settings.show.makes != "nothing")

    def _make_show(
        self, show: Workspace, files: dict[str, Candidate], now: datetime, *, is_again: bool
    ) -> None:
        owed = self._agenda.owed(show)
        names = (owed.files | (owed.failed if is_again else set())) & files.keys()
        is_programme = show.settings.show.makes == "brief"
        if not (names or not owed.has_begun or (is_again and is_programme)):
            self._agenda.made(show, now, well=True)
            return
        owed.files = set()
        # All of them, until the report says otherwise.
        owed.failed = names
        self._agenda.made(show, now, well=False)
        if is_programme:
            report = self._make_programme(show)
        else:
            report = self._build(show, [files[name] for name in files if name in names])
        is_well = not any(o.error and not isinstance(o.error, SourceError) for o in report.outcomes)
        self._agenda.made(show, now, well=is_well)

    def _build(self, show: Workspace, files: list[Candidate]) -> BuildReport:
        parts = [(file.locator, part) for file in files for part in expand(file)]
        inputs = [Input(part.locator, partial(read, part)) for _, part in parts]
        options = BuildOptions(self._options.voice, self._options.engine)
        report = self._when_free(
            lambda tell: build(show, inputs, now=self._now(), options=options, tell=tell)
        )
        broken = {
            o.locator for o in report.outcomes if o.error and not isinstance(o.error, SourceError)
        }
        self._agenda.owed(show).failed = {file for file, part in parts if part.locator in broken}
        self._report(Built(show, report))
        return report

    def _make_programme(self, show: Workspace) -> BuildReport:
        options = BriefOptions(self._options.voice, self._options.engine)
        report = self._when_free(
            lambda tell: brief(show, now=self._now(), options=options, tell=tell)
        )
        owed = self._agenda.owed(show)
        owed.failed = set()
        (outcome,) = report.outcomes
        problem = outcome.error.problem if outcome.error else ""
        # The words have the time in them.
        problem = problem or ("nothing" if outcome.result is Result.NOTHING else "")
        if not problem or problem != owed.problem:
            self._report(Built(show, report))
        owed.problem = problem
        return report

    def _when_free(self, run: Callable[[Tell], _T]) -> _T:
        """Run something as soon as nobody else holds the workspace."""
        is_told = False
        while True:
            try:
                with self._telling() as tell:
                    return run(self._stopping(tell))
            except LockedError:
                if not is_told:
                    self._report(Waiting())
                is_told = True
            if self._stop.wait(_LOCK_S):
                raise KeyboardInterrupt

    def _stopping(self, tell: Tell) -> Tell:
        """Return what ends a run at its next step once a stop is asked for, like a Ctrl-C.

        Once, and not while it publishes: what is finished then comes into the feed.
        """
        is_told = False

        def tell_or_stop(event: Event) -> None:
            nonlocal is_told
            if self._stop.is_set() and not is_told and event.stage is not Stage.PUBLISH:
                is_told = True
                raise KeyboardInterrupt
            tell(event)

        return tell_or_stop


def _stamp(file: Path) -> tuple[int, int] | None:
    """Return what tells a state of a file from others; ``None``: it is not there."""
    try:
        facts = file.stat()
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another of its name; ``None``: it is not there."""
    try:
        facts = folder.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino
