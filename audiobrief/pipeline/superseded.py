"""Sound of earlier states of an episode, which nothing names any more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.model.audio import Format
from audiobrief.store.files import mapping_os_errors, remove_if_there

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from audiobrief.model.card import Card
    from audiobrief.model.episode import Episode

_OUR_SOUND = re.compile(rf"-[0-9a-f]{{8}}\.(?:mp3|{'|'.join(Format)})$")
_SUFFIXES = tuple(f".{suffix}/" for suffix in ("mp3", *Format))
_SOUNDS = re.compile(rf"[^/]*-[0-9a-f]{{8}}\.(?:mp3|{'|'.join(Format)})(?=/)")


def sounds_of(episode: Episode) -> frozenset[str]:
    """Return the names of the files with an episode's sound."""
    return frozenset(sound.file for sound in (episode.enclosure, *episode.deliveries))


def sounds_on(card: Card) -> frozenset[str]:
    """Return the names of the files with the sound of a card's episode."""
    return frozenset((card.sound_file, *(name for name, _ in card.deliveries)))


def has_superseded(names: str, card: Card) -> bool:
    """Tell whether of the files in an episode's folder one is sound that nothing names (pure).

    Args:
        names: Each between two slashes.
        card: Of the episode.
    """
    others = names.replace(f"/{card.sound_file}/", "/", 1)
    # Of nearly all there is the sound, and nothing else.
    if not any(map(others.__contains__, _SUFFIXES)):
        return False
    return not sounds_on(card).issuperset(_SOUNDS.findall(others))


def remove_superseded(folder: Path, named: Collection[str]) -> None:
    """Remove the sound in an episode's folder that nothing names.

    Other people's files in the folder are left alone.

    Args:
        folder: Of the episode.
        named: Files that stay.
    """
    with mapping_os_errors("read the folder", folder):
        found = sorted(folder.iterdir())
    for path in found:
        if path.name not in named and _OUR_SOUND.search(path.name):
            remove_if_there(path)
