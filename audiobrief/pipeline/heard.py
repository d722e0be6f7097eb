"""Who was heard in which voice, over all episodes of a show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from audiobrief.model.card import speakers_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from datetime import datetime

    from audiobrief.model.card import Card


@runtime_checkable
class Heard(Protocol):
    """Episodes that tell at once who speaks in them, without being read."""

    def voices_among(self, guests: Container[str]) -> dict[str, str]:
        """Return which of these voices each speaker had in the latest episode with one of them."""


class Voices:
    """The voices of all speakers, kept up to date as episodes come and go."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cards: dict[str, Card] = {}
        #: Of each episode, who speaks in it: taken apart once.
        self._pairs: dict[str, Sequence[tuple[str, str]]] = {}
        #: Of each speaker, the GUIDs of the episodes; a dict for want of an ordered set.
        self._by_speaker: dict[str, dict[str, None]] = {}
        self._guests: Container[str] | None = None
        self._known: dict[str, str] = {}
        given = tuple(cards)
        # Not by `put`: of ten thousand new ones nothing is to be taken back.
        for card, pairs in zip(given, speakers_of(given), strict=True):
            guid = card.guid
            self._cards[guid], self._pairs[guid] = card, pairs
            for speaker, _voice in pairs:
                self._by_speaker.setdefault(speaker, {})[guid] = None

    def put(self, card: Card) -> None:
        """Take in an episode, or another state of it."""
        touched = self._put(card, card.speakers)
        if self._guests is not None:
            for speaker in touched:
                self._refresh(speaker, self._guests)

    def among(self, guests: Container[str]) -> dict[str, str]:
        """Return which of these voices each speaker had last."""
        if guests != self._guests:
            self._guests, self._known = guests, {}
            for speaker in self._by_speaker:
                self._refresh(speaker, guests)
        return dict(self._known)

    def _put(self, card: Card, pairs: Sequence[tuple[str, str]]) -> set[str]:
        touched = {speaker for speaker, _ in self._pairs.get(card.guid, ())}
        for speaker in touched:
            self._by_speaker[speaker].pop(card.guid, None)
        self._cards[card.guid] = card
        self._pairs[card.guid] = pairs
        for speaker, _voice in pairs:
            self._by_speaker.setdefault(speaker, {})[card.guid] = None
            touched.add(speaker)
        return touched

    def _refresh(self, speaker: str, guests: Container[str]) -> None:
        latest: tuple[datetime, str] | None = None
        self._known.pop(speaker, None)
        for guid in self._by_speaker[speaker]:
            card = self._cards[guid]
            place = card.published, guid
            if latest is not None and place < latest:
                continue
            voices = [v for s, v in self._pairs[guid] if s == speaker and v in guests]
            if voices:
                latest, self._known[speaker] = place, voices[-1]
