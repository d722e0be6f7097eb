"""Thousands of known texts, asked whether a new one is a copy of any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.text.shingles import COPY, Likeness
from audiobrief.text.sketch import Sketch, likeness_of_sketches, read_sketch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy import uint32
    from numpy.typing import NDArray

#: An estimate may be so much too small: what comes near is compared.
_SLACK = 0.1


@dataclass(frozen=True, slots=True)
class Match:
    """A known text that is like a new one."""

    key: str
    #: The new one is the first.
    likeness: Likeness


class Fingerprints:
    """The sketches of known texts, in the order of their hashes.

    5,000 articles are 6 to 10 MB; 100 new ones are checked in a fraction of a second.

    Args:
        sketches: By the article's key, made by `audiobrief.text.sketch.sketch`.

    Raises:
        ValueError: Some bytes are no sketch of this version.
    """

    def __init__(self, sketches: Mapping[str, bytes]) -> None:
        # Here, not above: importing numpy takes longer than all else that a short programme needs.
        import numpy as np  # noqa: PLC0415

        self._keys = tuple(sketches)
        self._sketches = tuple(sketches.values())
        read = [read_sketch(s) for s in self._sketches]
        sizes = [len(s.hashes) for s in read]
        hashes = np.fromiter((h for s in read for h in s.hashes), np.uint32, sum(sizes))
        order = np.argsort(hashes, kind="stable")
        self._hashes: NDArray[uint32] = hashes[order]
        self._holders: NDArray[uint32] = np.repeat(np.arange(len(read), dtype=np.uint32), sizes)[
            order
        ]
        self._bounds = np.array([s.bound for s in read], np.uint32)
        self._sizes = np.array(sizes, np.uint32)

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, content: bytes, *, at_least: float = COPY) -> list[Match]:
        """Return the known texts that are like a new one, the likest first.

        Args:
            content: The new text's sketch.
            at_least: Share of one text's trigrams that the other has, 0..1.

        Raises:
            ValueError: The bytes are no sketch of this version.
        """
        new = read_sketch(content)
        found = []
        for index in self._near(new, at_least - _SLACK):
            alike = likeness_of_sketches(new, read_sketch(self._sketches[index]))
            if max(alike.first_in_second, alike.second_in_first) >= at_least:
                found.append(Match(self._keys[index], alike))
        return sorted(
            found,
            key=lambda m: (-m.likeness.shared, -m.likeness.first_in_second, m.key),
        )

    def _near(self, new: Sketch, at_least: float) -> list[int]:
        """Return the indices of known texts with so many hashes in common."""
        import numpy as np  # noqa: PLC0415 - as above

        own = np.array(new.hashes, np.uint32)
        if not len(own) or not len(self):
            return []
        left = np.searchsorted(self._hashes, own, "left")
        right = np.searchsorted(self._hashes, own, "right")
        rows = [self._holders[a:b] for a, b in zip(left, right, strict=True) if b > a]
        if not rows:
            return []
        common = np.bincount(np.concatenate(rows), minlength=len(self))
        near = np.flatnonzero(common)
        # Only hashes below both bounds are in both samples; of a known text about this many.
        bounds = np.minimum(self._bounds[near], new.bound)
        known = self._sizes[near] * (bounds / self._bounds[near])
        least = np.minimum(np.searchsorted(own, bounds, "right"), known)
        return [int(i) for i in near[common[near] >= max(at_least, 0.0) * least]]
