"""Who is heard in an episode: voices, and the people whose words they read (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.model.script import Role
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiobrief.model.episode import Episode

#: Of a kind; a longer list tells a reader nothing, and costs every app that loads the feed.
MAX_NAMES = 20


def authors_of(episode: Episode) -> tuple[str, ...]:
    """Return the bylines of an episode's articles."""
    return _names(ref.byline for ref in episode.articles)


def quoted_in(episode: Episode) -> tuple[str, ...]:
    """Return the people who are quoted, in the order of their first words."""
    return _names(s.speaker for s in episode.segments if s.role is Role.QUOTE)


def narrators_of(episode: Episode) -> tuple[str, ...]:
    """Return the voices that read what nobody is quoted with."""
    return _names(s.voice for s in episode.segments if s.role is not Role.QUOTE)


def quote_voices_of(episode: Episode) -> tuple[str, ...]:
    """Return the voices that read quotations and nothing else."""
    narrators = narrators_of(episode)
    voices = _names(s.voice for s in episode.segments if s.role is Role.QUOTE)
    return tuple(voice for voice in voices if voice not in narrators)


def listed(names: tuple[str, ...]) -> str:
    """Return names as a sentence has them.

    >>> listed(("Ana Ruiz",)), listed(("Ana Ruiz", "Lee Ong", "Mara Quist"))
    ('Ana Ruiz', 'Ana Ruiz, Lee Ong and Mara Quist')
    """
    told = list(names[:MAX_NAMES])
    if len(names) > len(told):
        told.append(f"{len(names) - len(told)} more")
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1]))) if told else ""


def _names(names: Iterable[str | None]) -> tuple[str, ...]:
    """Return each name once, as a feed can carry it."""
    return tuple(dict.fromkeys(filter(None, (printable_line(name or "") for name in names))))
