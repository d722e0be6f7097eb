"""Texts of every kind that a voice has to speak, made by chance from a seed, and their lengths."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from audiobrief.errors import SpeechError
from audiobrief.speak.lengths import Heard

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.model.voice import Voice
    from audiobrief.speak.engine import Session


def _any_of(joined: str) -> list[str]:
    return joined.split("|")


_WORDS = re.findall(
    r"\w+",
    "the council of harbor towns agreed to repair an old bridge before winter because many people"
    " were worried about the price of bread and nobody wanted another long season without boats",
)
_WHO = _any_of(
    "The council|Her younger sister|A spokeswoman for the ministry|Nobody in the village|Dr. Okafor"
    "|The NATO envoy|Ingrid Sørensen|A group of retired fishermen|The FBI|Professor Núñez|He|We|I"
    "|Two of the three engineers who had built it|The paper's editor-in-chief|Mr. O'Brien|Zoë"
)
_DID = _any_of(
    "announced|has never understood|rejected, once again,|will pay for|spoke about|closed|recalled"
    "|thoroughly inspected|didn't mention|is said to have sold|reopened|asked why nobody had seen"
)
_WHAT = _any_of(
    "the old bridge|a second ferry|eleven thousand square miles of rainforest|the treaty of Münster"
    "|it|the strengths and the weaknesses of the plan|an umbrella|crème brûlée and sauerkraut|tea"
    "|the results of the long investigation|rhythm and blues|everything|the harbor's new timetable"
    "|$4.5 million|10,400 doses|version 2.0.1|Boeing 737s|www.example.com|a 7% rise|page 12"
)
_WHEN = _any_of(
    "on Friday|in the morning|before the rains came|while the talks were going on|at last|again"
    "|at 7:30 p.m.|in 1984|between 1914 and 1918|two or three times a week|without a word|today"
    "|during the unusually quiet weeks that followed the municipal elections|on 10/11/2015"
)
_SHORT = _any_of(
    "No.|Oh no!|Hmm.|Yes, of course.|42.|Statement.|A|Why?|Squirrels.|Twelfths.|FBI|Area."
)
_SAID = _any_of("he said|she asked|the mayor wrote in a letter|according to Reuters")


def plain_texts(count: int, seed: int = 1) -> list[str]:
    """Return sentences of 4 to 25 plain words."""
    rng = random.Random(seed)
    sizes = [rng.randrange(4, 26) for _ in range(count)]
    return [" ".join(rng.choices(_WORDS, k=size)).capitalize() + "." for size in sizes]


def generated_texts(seed: int, count: int = 200) -> list[str]:
    """Return distinct texts: sentences, quotations, lists, figures, acronyms, single words."""
    rng = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found[_text(rng)] = None
    return list(found)


def _text(rng: random.Random) -> str:
    who, did, what, when = map(rng.choice, (_WHO, _DID, _WHAT, _WHEN))
    other_who, other_did, other_what, other_when = map(rng.choice, (_WHO, _DID, _WHAT, _WHEN))
    listed = ", ".join(rng.sample(_WHAT, rng.randrange(3, 7)))
    figure = f"{rng.randrange(10 ** rng.randrange(1, 9)):,}"
    plain = f"{who} {did} {what} {when}"
    return rng.choice(
        [
            *(f"{plain}{mark}" for mark in ".!?."),
            f"“{plain},” {rng.choice(_SAID)}.",
            f"{who} {did} {listed} and {what}.",
            f"{plain}. {other_who} {other_did} {other_what} {other_when}.",
            f"{plain} — although {other_who} {other_did} {other_what}.",
            f"{what} {when}".capitalize(),
            rng.choice([*_SHORT, figure, what]),
        ]
    )


def lengths_of(session: Session, voice: Voice, texts: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Yield the texts that the voice can speak, with their lengths in seconds."""
    for text in texts:
        try:
            clip = session.speak(text, voice)
        except SpeechError:
            continue
        yield text, clip.frame_count / clip.sample_rate_hz


def heard_of(lengths: Sequence[tuple[str, float]], voice: Voice) -> list[Heard]:
    """Return the same as evidence."""
    return [Heard(text, voice.rate_wpm, length_s) for text, length_s in lengths]
