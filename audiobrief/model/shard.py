"""Which of several machines makes what, without anybody to ask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Self

from audiobrief.errors import WorkspaceError

#: Machines at most.
MOST: Final = 10_000
_FORM: Final = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Shard:
    """One share of all articles."""

    #: 0..count - 1.
    index: int
    #: Of all shares, 1..MOST.
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the share that ``I/N`` means, the first being 0.

        Raises:
            WorkspaceError: It means none.

        >>> Shard.parse("0/3")
        Shard(index=0, count=3)
        """
        found = _FORM.fullmatch(text)
        index, count = map(int, found.groups()) if found else (0, 0)
        if not 0 <= index < count <= MOST:
            problem = f'no share of the articles is meant by "{text}"'
            if found and index == count > 0:
                problem += ": the first is 0"
            remedy = f'write "I/N", from 0/N to N-1/N, N at most {MOST}: --shard 0/3'
            raise WorkspaceError(problem, "--shard", remedy=remedy)
        return cls(index, count)

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.index}/{self.count}"

    def has(self, article_id: str) -> bool:
        """Tell whether an article is of this share: on every machine, and in every run, the same.

        >>> [[Shard(i, 3).has(name) for i in range(3)] for name in ("a", "b")]
        [[False, False, True], [True, False, False]]
        """
        digest = sha256(article_id.encode()).hexdigest()
        return int(digest[:8], 16) % self.count == self.index
