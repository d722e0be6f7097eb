"""``watch``: builds whatever arrives in the inbox, and what the sources have, until it is stopped.

That something has happened is told by watchfiles; what has, by the size and time of every file in
the inbox. So nothing is lost that happens while a build runs, and a file is built once it has stood
still, however it was written.
"""

from __future__ import annotations

from contextlib import closing, nullcontext
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from audiobrief.errors import AudiobriefError, LockedError, SourceError, StoreError, defect
from audiobrief.ingest.source import expand, gather, read
from audiobrief.pipeline.brief import brief
from audiobrief.pipeline.briefing import BriefOptions
from audiobrief.pipeline.build import Input, build
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.fetch import fetch
from audiobrief.pipeline.inbox import stamp_of
from audiobrief.pipeline.run import BuildOptions
from audiobrief.store.files import make_folder
from audiobrief.workspace.load import load_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from audiobrief.ingest.source import Candidate
    from audiobrief.model.report import BuildReport, FetchReport
    from audiobrief.net.world import World
    from audiobrief.workspace.load import Workspace

_T = TypeVar("_T")

#: Between two looks at a file that must be alike. Copies over a network pause for a second.
SETTLE_S = 2.0
#: Then what stands still is built, and what is still being written waits for the next time.
_MOST_LOOKS = 15
#: However quiet it is: drives in a network do not tell of everything.
_LOOK_EVERY_S = 60.0
#: How long the workspace is left to whoever holds it.
_LOCK_S = 1.0
#: How soon watchfiles hears of a stop, and we of a schedule; how often it looks itself, if it must.
_STEP_MS, _TICK_MS, _POLL_MS = 200, 1000, 2000


class Stop:
    """A wish to end, which a signal handler may express at any moment."""

    def __init__(self) -> None:
        self.signal = 0
        # An Event would lock itself out when the signal comes while it waits.
        self._asked: SimpleQueue[int] = SimpleQueue()

    def ask(self, signal: int) -> None:
        """Ask for an end; the number says by what."""
        self.signal = signal
        self._asked.put(signal)

    def is_set(self) -> bool:
        """Tell whether somebody has asked."""
        return self.signal != 0

    def wait(self, seconds: float) -> bool:
        """Wait, at most until somebody asks; say whether somebody has."""
        if not self.is_set():
            try:
                self._asked.get(timeout=seconds)
            except Empty:
                return self.is_set()
        return True


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """What the flags ask for."""

    #: How often the sources are asked; ``None``: never.
    every_s: float | None = None
    #: Make the day's programme of what comes in, instead of an episode of each.
    programme: bool = False
    #: Look at the inbox again and again: drives in a network do not tell of changes.
    poll: bool = False
    voice: str | None = None
    engine: str | None = None
    settle_s: float = SETTLE_S


@dataclass(frozen=True, slots=True)
class Watching:
    """From now on, nothing that arrives is missed."""

    #: Relative to the workspace.
    folder: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Another run holds the workspace; ours comes after it."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The sources were asked."""

    report: FetchReport


@dataclass(frozen=True, slots=True)
class Built:
    """Episodes were made."""

    report: BuildReport


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something failed as a whole; the watch goes on."""

    error: AudiobriefError


Happening = Watching | Waiting | Fetched | Built | Trouble
_Stamp = tuple[int, int]


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
        self._now = now
        self._report = report
        self._telling = telling
        self._world = world
        #: Files as they were when they were last built.
        self._seen: dict[str, _Stamp] = {}
        #: What failed through no fault of its own: tried again with the next that arrives.
        self._failed: set[str] = set()
        self._has_begun = False
        self._asked_at: datetime | None = None
        self._looked_s = monotonic()
        #: Why there was no programme, to say it once.
        self._problem = ""

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
                is_due = self._is_due()
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
        found, arrived = self._arrived(is_due=is_due)
        if self._stop.is_set():
            return
        if not (arrived or not self._has_begun or (is_due and self._options.programme)):
            return
        self._seen = {name: stamp for name, (_, stamp) in found.items()}
        # All of them, until the report says otherwise.
        self._failed = arrived
        workspace = load_workspace(self._root)
        files = [candidate for name, (candidate, _) in found.items() if name in arrived]
        if self._options.programme:
            self._make_programme(workspace)
        else:
            self._build(workspace, files)

    def _build(self, workspace: Workspace, files: list[Candidate]) -> None:
        parts = [(file.locator, part) for file in files for part in expand(file)]
        inputs = [Input(part.locator, partial(read, part)) for _, part in parts]
        options = BuildOptions(self._options.voice, self._options.engine)
        report = self._when_free(
            lambda tell: build(workspace, inputs, now=self._now(), options=options, tell=tell)
        )
        broken = {
            o.locator for o in report.outcomes if o.error and not isinstance(o.error, SourceError)
        }
        self._failed = {file for file, part in parts if part.locator in broken}
        self._report(Built(report))

    def _make_programme(self, workspace: Workspace) -> None:
        options = BriefOptions(self._options.voice, self._options.engine)
        report = self._when_free(
            lambda tell: brief(workspace, now=self._now(), options=options, tell=tell)
        )
        self._failed = set()
        problem = "".join(o.error.problem for o in report.outcomes if o.error)
        if not problem or problem != self._problem:
            self._report(Built(report))
        self._problem = problem

    def _arrived(self, *, is_due: bool) -> tuple[dict[str, tuple[Candidate, _Stamp]], set[str]]:
        """Wait until what is new stands still; a burst of files ends when all of them do.

        Returns:
            The files that stand still, and the names of those that are to be built.
        """
        found = self._look()
        for _ in range(_MOST_LOOKS):
            if not self._fresh(found) or self._stop.wait(self._options.settle_s):
                break
            before, found = found, self._look()
            moving = {name for name in self._fresh(found) if before.get(name) != found[name]}
            if not moving:
                break
        else:
            # What is still being written: as if it had never been seen.
            found = {name: file for name, file in found.items() if name not in moving}
        fresh = self._fresh(found)
        again = self._failed if fresh or is_due else set()
        return found, (fresh | again) & found.keys()

    def _look(self) -> dict[str, tuple[Candidate, _Stamp]]:
        """Return the files of the inbox as they are now."""
        files = gather([self._inbox], root=self._root)
        return {file.locator: (file, stamp_of(file)) for file in files}

    def _fresh(self, found: dict[str, tuple[Candidate, _Stamp]]) -> set[str]:
        return {name for name, (_, stamp) in found.items() if self._seen.get(name) != stamp}

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


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another of its name; ``None``: it is not there."""
    try:
        facts = folder.stat()
    except OSError:
        return None
    return facts.st_dev, facts.st_ino
