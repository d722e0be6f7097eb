"""What is a show's, and when it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from audiobrief.workspace.load import Workspace

#: As `datetime.weekday` counts.
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Filed(Protocol):
    """An article, or what the catalogue says of it."""

    @property
    def source(self) -> str | None: ...
    @property
    def tags(self) -> tuple[str, ...]: ...


def is_wanted(article: _Filed, sources: Collection[str], tags: Collection[str]) -> bool:
    """Tell whether an article is of one of the sources, and has one of the tags; none: all."""
    if sources and article.source not in sources:
        return False
    wanted = {tag.casefold() for tag in tags}
    return not wanted or not wanted.isdisjoint(tag.casefold() for tag in article.tags)


def local_time(workspace: Workspace, now: datetime) -> datetime:
    """Return the time where the show is at home: in its time zone, else in the machine's."""
    from audiobrief.workspace.shows import zone_of  # noqa: PLC0415 - zoneinfo, only if named

    name = workspace.settings.show.time_zone
    return now.astimezone(zone_of(name) if name else None)


def is_due(workspace: Workspace, now: datetime, *, at_once: bool = False) -> bool:
    """Tell whether a show is made on this day, and its time has come.

    Args:
        workspace: As the show sees it.
        now: Aware.
        at_once: Whatever the time of day.
    """
    show, here = workspace.settings.show, local_time(workspace, now)
    if show.days and _DAYS[here.weekday()] not in show.days:
        return False
    return at_once or show.at is None or f"{here:%H:%M}" >= show.at


def was_made(workspace: Workspace, now: datetime) -> bool:
    """Tell whether a show has its programme of this day."""
    from audiobrief.pipeline.cards import cards_of  # noqa: PLC0415 - only for shows with an hour

    day: date = local_time(workspace, now).date()
    return any(card.day == day.isoformat() for card in cards_of(workspace))


def todays(workspace: Workspace, now: datetime) -> tuple[Workspace, ...]:
    """Return the shows that are made now, the first one last: its page names the others.

    Args:
        workspace: As the first show sees it.
        now: Aware.
    """
    return tuple(show for show in reversed(workspace.shows) if _is_todays(show, now))


def _is_todays(show: Workspace, now: datetime) -> bool:
    settings = show.settings.show
    if settings.makes == "nothing":
        return False
    is_programme = settings.makes == "brief"
    if not is_due(show, now, at_once=not is_programme):
        return False
    # What has its hour is told of what there was then.
    return not (is_programme and settings.at is not None and was_made(show, now))
