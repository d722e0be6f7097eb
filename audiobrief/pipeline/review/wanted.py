"""What a page asks for, in the words of this room (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.model.change import (
    Join,
    LeaveOut,
    Move,
    Recast,
    Restore,
    Reword,
    Seen,
    Split,
    Undo,
)
from audiobrief.text.speech.lexicon import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final

    from audiobrief.model.change import Fix
    from audiobrief.review.desk import WantedFix, WantedWord

_FIXES: Final[Mapping[str, Callable[[WantedFix], Fix]]] = {
    "words": lambda wanted: Reword(wanted.segment, wanted.text or ""),
    "voice": lambda wanted: Recast(wanted.segment, voice=wanted.voice),
    "speaker": lambda wanted: Recast(
        wanted.segment, voice=wanted.voice, speaker=wanted.speaker or ""
    ),
    "split": lambda wanted: Split(wanted.segment, wanted.at),
    "join": lambda wanted: Join(wanted.segment),
    "move": lambda wanted: Move(wanted.segment, wanted.before),
    "leave_out": lambda wanted: LeaveOut(wanted.segment),
    "restore": lambda wanted: Restore(wanted.row),
    "undo": lambda wanted: Undo(wanted.segment),
}


def fix_of(wanted: WantedFix) -> Fix:
    """Return the change that is wanted."""
    return _FIXES[wanted.op](wanted)


def seen_of(wanted: WantedFix) -> Seen | None:
    """Return the segment as its editor saw it; ``None``: whatever it is."""
    seen = wanted.seen
    return None if seen is None else Seen(seen.text, seen.voice, seen.speaker)


def entry_of(word: WantedWord) -> Entry:
    """Return how a word is to be said.

    Raises:
        SourceError: It is no word, or no way to say one.
    """
    try:
        return Entry(word.word, word.say, word.ipa, letters=bool(word.letters))
    except ValueError as error:
        raise SourceError(str(error), word.word[:60], remedy="write it in plain letters") from error
