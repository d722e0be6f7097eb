"""A text as a few hundred bytes, by which copies are found: a sample of its word trigrams.

The sample is FracMinHash (Irber et al. 2022, "Lightweight compositional analysis of metagenomes
with FracMinHash"): hashes below a bound. Unlike a fixed number of the smallest hashes, it tells how
much of a short text a long one holds.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from audiobrief.text.facts import find_facts
from audiobrief.text.shingles import Likeness, likeness_of, share_of_facts, trigrams

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Version, bound, number of hashes of trigrams, of facts; all hashes follow, little-endian.
_HEAD = struct.Struct("<BIII")
_VERSION = 1
_FULL = 0xFFFFFFFF
#: Of a longer text every second hash is kept, but never fewer than this.
_SAMPLED = 0x7FFFFFFF
_FEWEST = 256
#: So many names and numbers tell two of a series apart.
_MOST_FACTS = 64


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a sketch's bytes say."""

    #: Hashes up to here are in the sample, 32 bits; the full range: all are.
    bound: int
    #: In order.
    hashes: tuple[int, ...]
    #: The smallest of the hashes of names (even) and numbers (odd), in order.
    facts: tuple[int, ...]


def sketch(text: str) -> bytes:
    """Return the sketch of a text: 13 bytes, and 4 for each of its sampled trigrams and facts.

    About 1.2 kB for an article of 300 words, 3 kB for one of 1,500. The bytes are the same on every
    machine and for every run.
    """
    hashes = sorted({_hash(" ".join(t)) for t in trigrams(text)})
    bound = _FULL
    if len(hashes) > _FEWEST:
        bound = max(_SAMPLED, hashes[_FEWEST - 1])
        hashes = [h for h in hashes if h <= bound]
    facts = sorted({_hash(f) & ~1 | f[0].isdigit() for f in find_facts(text)})[:_MOST_FACTS]
    return _HEAD.pack(_VERSION, bound, len(hashes), len(facts)) + struct.pack(
        f"<{len(hashes) + len(facts)}I", *hashes, *facts
    )


def read_sketch(content: bytes) -> Sketch:
    """Return what a sketch says.

    Raises:
        ValueError: These bytes are no sketch, or one of another version.
    """
    message = "no sketch of this version"
    if len(content) < _HEAD.size:
        raise ValueError(message)
    version, bound, count, fact_count = _HEAD.unpack_from(content)
    if version != _VERSION or len(content) != _HEAD.size + 4 * (count + fact_count):
        raise ValueError(message)
    numbers = struct.unpack_from(f"<{count + fact_count}I", content, _HEAD.size)
    return Sketch(bound, numbers[:count], numbers[count:])


def likeness(first: bytes, second: bytes) -> Likeness:
    """Return how much two texts share, by their sketches.

    Exact for texts up to 256 trigrams, an estimate for longer ones: its standard error is at most
    0.5 / √n, n being the sampled trigrams (0.03 for 600 words).

    Raises:
        ValueError: One of them is no sketch.
    """
    return likeness_of_sketches(read_sketch(first), read_sketch(second))


def likeness_of_sketches(one: Sketch, other: Sketch) -> Likeness:
    """Return how much two texts share; as `likeness`, for sketches that are read already."""
    bound = min(one.bound, other.bound)
    first, second = ({h for h in s.hashes if h <= bound} for s in (one, other))
    facts = share_of_facts(*_comparable(one.facts, other.facts))
    common = len(first & second)
    return likeness_of(common, len(first), len(second), facts, is_sample=bound < _FULL)


def _comparable(one: Iterable[int], other: Iterable[int]) -> tuple[list[str], list[str]]:
    """Return two sets of facts as far as both go: each keeps only its smallest hashes."""
    sets = [sorted(one), sorted(other)]
    bound = min((s[-1] for s in sets if len(s) == _MOST_FACTS), default=_FULL)
    first, second = ([_name_of(h) for h in s if h <= bound] for s in sets)
    return first, second


def _name_of(fact: int) -> str:
    """Return the hash of a fact as `share_of_facts` takes facts: a number begins with a digit."""
    return f"{fact}" if fact % 2 else f"n{fact}"


def _hash(text: str) -> int:
    """Return a number of 32 bits, evenly spread, the same everywhere."""
    return int.from_bytes(blake2b(text.encode(errors="replace"), digest_size=4).digest(), "little")
