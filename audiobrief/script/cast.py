"""Give every speaker a voice; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def takes_letters(_voice: str, _ipa: str) -> bool:
    """Tell that no voice takes phonemes."""
    return False


@dataclass(frozen=True, slots=True)
class Casting:
    """The ``[cast]`` settings, and who has been heard before."""

    #: Names of voice profiles.
    narrator: str
    quotes: tuple[str, ...] = ()
    #: False: the narrator reads everything.
    quote_voices: bool = True
    #: Speaker to voice, from earlier episodes.
    known: Mapping[str, str] = field(default_factory=dict)
    #: Speaker to voice, by the casting file, which decides.
    given: Mapping[str, str] = field(default_factory=dict)
    #: Speaker to the quote voices to choose from, where the casting file asks for a gender.
    fitting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Tells whether the voice of a profile can be told these sounds, in IPA.
    can_say: Callable[[str, str], bool] = takes_letters


def cast_voices(speakers: Sequence[str], casting: Casting) -> dict[str, str]:
    """Return the voice of each speaker.

    The casting file decides; a speaker who is known keeps the voice. New ones get the quote
    voices in turn, those first that nobody else has in this episode, then those that the casting
    file gives to nobody; never the narrator's, as long as there is another.

    Args:
        speakers: In the order in which they are first heard.
        casting: The voices at hand.

    >>> cast_voices(["Ann", "Bob"], Casting("anchor", ("g1", "g2"), known={"Bob": "g1"}))
    {'Ann': 'g2', 'Bob': 'g1'}
    """
    speakers = tuple(dict.fromkeys(speakers))
    pool = [voice for voice in casting.quotes if voice != casting.narrator]
    if not casting.quote_voices or not pool:
        return dict.fromkeys(speakers, casting.narrator)
    voices = {
        speaker: voice
        for speaker, voice in {**casting.known, **casting.given}.items()
        if speaker in speakers and (speaker in casting.given or _fits(speaker, voice, casting))
    }
    counts = {voice: sum(v == voice for v in voices.values()) for voice in pool}
    reserved = frozenset(casting.given.values())
    for speaker in speakers:
        if speaker not in voices:
            choice = [voice for voice in pool if _fits(speaker, voice, casting)] or pool
            # The first of the least used.
            voice = min(choice, key=lambda v: (counts[v], v in reserved))
            voices[speaker] = voice
            counts[voice] += 1
    return {speaker: voices[speaker] for speaker in speakers}


def _fits(speaker: str, voice: str, casting: Casting) -> bool:
    return speaker not in casting.fitting or voice in casting.fitting[speaker]
