"""What a watch owes each show: the articles that came for it, and whose hour has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from audiobrief.pipeline.shows import is_due, local_time, was_made

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from audiobrief.workspace.load import Workspace

#: When what failed at its hour is tried again.
_AGAIN = timedelta(minutes=10)


@dataclass(slots=True)
class Owed:
    """What is owed to one show."""

    #: Names of files that have arrived since it was made.
    files: set[str] = field(default_factory=set)
    #: Of files that failed through no fault of their own: tried again with the next that arrives.
    failed: set[str] = field(default_factory=set)
    #: Whether it has been made at all.
    has_begun: bool = False
    #: Its hour has come, and it was not made since; and when that was noted.
    is_called: bool = False
    called_at: datetime | None = None
    #: The day on which it was last made.
    made_on: date | None = None
    #: Why there was no programme, to say it once.
    problem: str = ""


class Agenda:
    """What is to be made, and when."""

    def __init__(self) -> None:
        self._owed: dict[str, Owed] = {}

    def owed(self, show: Workspace) -> Owed:
        """Return what is owed to a show."""
        return self._owed.setdefault(show.show, Owed())

    def arrived(self, shows: Iterable[Workspace], new: set[str], there: set[str]) -> None:
        """Note what has come in.

        Args:
            shows: All that are made.
            new: Names of files that have arrived since the last time.
            there: Of all files. A show that has just been added was never told of any.
        """
        for show in shows:
            owed = self.owed(show)
            owed.files |= new if owed.has_begun else there

    def call(self, shows: Iterable[Workspace], now: datetime) -> bool:
        """Note the shows whose hour has come; tell whether there are any."""
        called = [self.owed(show) for show in shows if self._is_at_hour(show, now)]
        for owed in called:
            owed.is_called, owed.called_at = True, now
        return bool(called)

    def is_time(self, show: Workspace, now: datetime) -> bool:
        """Tell whether a show may be made now."""
        if show.settings.show.at is not None:
            return self.owed(show).is_called
        return is_due(show, now)

    def made(self, show: Workspace, now: datetime, *, well: bool) -> None:
        """Note that a show was made, or failed."""
        owed = self.owed(show)
        owed.has_begun, owed.is_called = True, False
        if well:
            owed.made_on = local_time(show, now).date()

    def _is_at_hour(self, show: Workspace, now: datetime) -> bool:
        settings, owed = show.settings.show, self.owed(show)
        if settings.at is None or not is_due(show, now):
            return False
        if owed.made_on == local_time(show, now).date():
            return False
        # It failed, or something before it did.
        if owed.called_at is not None and timedelta(0) <= now - owed.called_at < _AGAIN:
            return False
        # Before a restart, perhaps: the manifests know.
        if settings.makes == "brief" and not owed.has_begun and was_made(show, now):
            owed.made_on = local_time(show, now).date()
            return False
        return True
