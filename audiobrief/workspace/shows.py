"""Several shows from one workspace: the settings of each, made of its own and the first show's."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from audiobrief.errors import WorkspaceError
from audiobrief.workspace.settings import ShowSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import BaseModel

    from audiobrief.workspace.settings import OwnShowSettings, Settings

    Table = TypeVar("Table", bound=BaseModel)

#: What all shows of a workspace have in common unless one says otherwise; the rest names a show.
_COMMON = ("author", "email", "language", "category", "explicit", "ai_disclosure", "time_zone")
#: The source that there is without an entry: the list of shared links.
LINKS = "links"


def settings_of(settings: Settings, name: str) -> Settings:
    """Return the settings as a show of its own has them.

    Args:
        settings: The whole workspace's.
        name: One of `Settings.shows`.
    """
    own = settings.shows[name]
    return settings.model_copy(
        update={
            "show": _show(settings, own, name),
            "cast": _over(settings.cast, own.cast),
            "sound": _over(settings.sound, own.sound),
            "publish": _over(settings.publish, own.publish),
            # The first show's programme has a title that is no other's.
            "brief": _over(settings.brief.model_copy(update={"title": None}), own.brief),
        }
    )


def _show(settings: Settings, own: OwnShowSettings, name: str) -> ShowSettings:
    values = {key: getattr(own, key) for key in ShowSettings.model_fields}
    if "title" not in own.model_fields_set:
        values["title"] = name.replace("-", " ").title()
    if "base_url" not in own.model_fields_set:
        values["base_url"] = f"{settings.show.base_url}{name}/"
    common = {k: getattr(settings.show, k) for k in _COMMON if k not in own.model_fields_set}
    return ShowSettings.model_validate(values | common)


def _over(below: Table, above: Table) -> Table:
    """Return a table with what another one names."""
    return below.model_copy(update={k: getattr(above, k) for k in above.model_fields_set})


def is_set(table: BaseModel, path: list[str]) -> bool:
    """Tell whether a file says something of a key, and does not leave it to the default."""
    for key in path:
        if key not in table.model_fields_set:
            return False
        table = getattr(table, key)
    return True


def require_known(settings: Settings, place_of: Callable[[str], str]) -> None:
    """Find what the settings name and do not have: sources, time zones, addresses of their own.

    Raises:
        WorkspaceError: With the place of the first.
    """
    known = [LINKS, *(source.name for source in settings.sources)]
    for key, names in _named_sources(settings):
        for name in names:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                remedy = f'did you mean "{close[0]}"?' if close else "add it to [[sources]]"
                raise WorkspaceError(f'there is no source "{name}"', place_of(key), remedy=remedy)
    for key, show in _each_show(settings):
        zone = show.time_zone
        if zone is not None and zone_of(zone) is None:
            raise WorkspaceError(
                f'there is no time zone "{zone}"',
                place_of(f"{key}.time_zone"),
                remedy='write one such as "Europe/Berlin"; Windows needs: pip install tzdata',
            )

    _require_apart(settings, place_of)


def _require_apart(settings: Settings, place_of: Callable[[str], str]) -> None:
    """Refuse one address for two shows: to apps, they would be the same one (feed rule F10)."""
    named = [("", settings.show)]
    named += [(name, _show(settings, own, name)) for name, own in settings.shows.items()]
    places: dict[str, str] = {}
    for name, show in named:
        if show.makes == "nothing":
            continue
        base = show.base_url.rstrip("/")
        if base in places:
            raise WorkspaceError(
                f'two shows have the address "{show.base_url}"',
                place_of(f"shows.{name}.base_url"),
                remedy=f"give each its own, or say that {places[base]} makes nothing",
            )
        places[base] = f"[shows.{name}]" if name else "[show]"


def zone_of(name: str) -> ZoneInfo | None:
    """Return a time zone of the IANA database; ``None``: there is none of that name."""
    try:
        return ZoneInfo(name)
    # A folder of the database, or a path out of it: zoneinfo has an error for each.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _each_show(settings: Settings) -> Iterator[tuple[str, ShowSettings]]:
    yield "show", settings.show
    for name, show in settings.shows.items():
        yield f"shows.{name}", show


def _named_sources(settings: Settings) -> Iterator[tuple[str, list[str]]]:
    for key, show in _each_show(settings):
        yield f"{key}.sources", show.sources
    yield "brief.sources", settings.brief.sources
    for name, show in settings.shows.items():
        yield f"shows.{name}.brief.sources", show.brief.sources
