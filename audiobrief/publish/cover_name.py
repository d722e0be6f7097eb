"""What covers are called: another picture has another address (feed rule S10, pure)."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.publish.plain_letters import is_drawable

if TYPE_CHECKING:
    from audiobrief.model.card import Card
    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show

#: Raised by one whenever covers are drawn otherwise: all get new names then.
DRAWING_VERSION = 1
_OURS = re.compile(r"cover(-[0-9a-f]{8})?\.(jpg|png)")


def cover_name(digest: str, suffix: str) -> str:
    """Return the name of a cover.

    Args:
        digest: Of the picture, or of all that decides it, in hexadecimal digits.
        suffix: ``.jpg`` or ``.png``.
    """
    return f"cover-{digest[:8]}{suffix}"


def drawn_name(*words: str) -> str:
    """Return the name of a cover that is drawn of some words."""
    digest = sha256(repr((DRAWING_VERSION, *words)).encode()).hexdigest()
    return cover_name(digest, ".jpg")


def episode_cover_name(show: Show, episode: Episode | Card) -> str:
    """Return the name of an episode's own cover; empty: it has none.

    That is: the show's cover is the user's, whose design nobody knows; or the title is in letters
    that cannot be drawn, and half a title would be worse than the show's cover.
    """
    if not show.is_cover_drawn or not is_drawable(episode.title):
        return ""
    return drawn_name(show.title, episode.title)


def is_cover(name: str) -> bool:
    """Tell whether a file's name is that of a cover of ours, of now or of earlier.

    >>> [is_cover(name) for name in ("cover-1a2b3c4d.jpg", "cover.png", "cover-old.jpg")]
    [True, True, False]
    """
    return _OURS.fullmatch(name) is not None


def plain_name(name: str) -> str:
    """Return the name of a show's cover without its digest: its copy for people and links.

    >>> plain_name("cover-1a2b3c4d.jpg")
    'cover.jpg'
    """
    return f"cover{name[name.rindex('.') :]}"
