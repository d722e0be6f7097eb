"""How long an episode is heard: by count, by age (pure)."""

from __future__ import annotations

from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from audiobrief.model.card import Listed  # noqa: TC001 - a type variable of what is returned

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from audiobrief.workspace.settings import PublishSettings


def retained(
    episodes: Iterable[Listed], settings: PublishSettings, now: datetime
) -> tuple[Listed, ...]:
    """Return the episodes that stay in the feed, in the order given; by default all.

    The newest one always stays, however old it is: apps refuse a feed without any.

    Args:
        episodes: Those that may be published, of one show.
        settings: Says how many, and how old.
        now: Aware.
    """
    given = tuple(episodes)
    if settings.keep_episodes is None and settings.keep_audio_days is None:
        return given
    newest_first = sorted(given, key=attrgetter("published", "guid"), reverse=True)
    stay = newest_first[: settings.keep_episodes]
    if settings.keep_audio_days is not None:
        oldest = now - timedelta(days=settings.keep_audio_days)
        stay = [e for n, e in enumerate(stay) if n == 0 or e.published >= oldest]
    guids = {e.guid for e in stay}
    return tuple(e for e in given if e.guid in guids)
