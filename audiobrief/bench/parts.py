"""What of the sound is to be measured: lengths of episodes, and single proofs (pure)."""

from __future__ import annotations

import re
from typing import NamedTuple

_SECONDS = {"s": 1, "m": 60, "h": 3600}
#: Two cores against one, 1,000 segments against 250, one word edited in an hour.
PROOFS = ("cores", "segments", "edit")
#: Each round edits another word, and the bench has so many.
MOST_ROUNDS = 20
ALL = "3m,30m,3h:2,10h:1,cores,segments,edit"


class Part(NamedTuple):
    """One of the things that are measured."""

    #: One of `PROOFS`; ``None``: the contenders at one length.
    proof: str | None
    #: Length of the episode.
    seconds: int
    rounds: int


def parse_parts(text: str, rounds: int) -> list[Part]:
    """Return what is asked for.

    Args:
        text: Lengths and proofs with commas between, each with ``:ROUNDS`` where it shall have
            another number of rounds than the rest; ``all`` for everything.
        rounds: That of the rest.

    Raises:
        ValueError: A word is neither; it is the message.

    >>> parse_parts("3m, 3h:2", 3)
    [Part(proof=None, seconds=180, rounds=3), Part(proof=None, seconds=10800, rounds=2)]
    """
    words = (ALL if text.strip() == "all" else text).split(",")
    return [_parse(word.strip(), rounds) for word in words]


def _parse(word: str, rounds: int) -> Part:
    found = re.fullmatch(rf"(?:([1-9]\d*)([smh])|({'|'.join(PROOFS)}))(?::([1-9]\d?))?", word)
    if found is None:
        raise ValueError(word)
    number, unit, proof, own = found.groups()
    own_rounds = int(own) if own else rounds
    if own_rounds > MOST_ROUNDS:
        raise ValueError(word)
    return Part(proof, 0 if proof else int(number) * _SECONDS[unit], own_rounds)


def length_in_words(seconds: float) -> str:
    """Return a length for people.

    >>> [length_in_words(s) for s in (9, 180, 1800.4, 5400, 36000)]
    ['9 s', '3 min', '30 min', '90 min', '10 h']
    """
    minutes = round(seconds / 60)
    if not minutes:
        return f"{round(seconds)} s"
    return f"{minutes} min" if minutes % 60 else f"{minutes // 60} h"
