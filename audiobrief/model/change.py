"""What an editor changes in a script, and what has been changed: kept for versions and undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """A segment as the editor saw it: what is changed only if it is still so."""

    text: str
    voice: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Reword:
    """Say something else."""

    segment: str
    text: str


@dataclass(frozen=True, slots=True)
class Recast:
    """Let somebody else say it; ``None``: as it is.

    A speaker makes it a quotation, an empty one the narrator's.
    """

    segment: str
    voice: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Make two of it."""

    segment: str
    #: Where the second one begins: characters (code points) of the text.
    at: int


@dataclass(frozen=True, slots=True)
class Join:
    """Make one of it and the following one, which the same voice says."""

    segment: str


@dataclass(frozen=True, slots=True)
class Move:
    """Say it earlier or later."""

    segment: str
    #: Id of the segment before which it is said; ``None``: as the last one.
    before: str | None


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Do not say it."""

    segment: str


@dataclass(frozen=True, slots=True)
class Restore:
    """Say a sentence of the source that is not spoken."""

    #: Index in the ledger.
    row: int


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last change of a segment back."""

    #: As it is now; one that was left out: as it was.
    segment: str


Fix = Reword | Recast | Split | Join | Move | LeaveOut | Restore | Undo


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighboring rows of a script file that were replaced, without their line ends."""

    #: Index of the first of them in the new file, counted from 0.
    at: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    #: The nearest rows around them that are not empty, by which the place is found again; empty:
    #: the file begins or ends there.
    above: str = ""
    below: str = ""
    #: Whether rows directly above and below it were empty: where they were not, it is of the same
    #: paragraph.
    is_apart: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a script file."""

    #: Counted from 1.
    number: int
    #: Aware, UTC.
    at: datetime
    by: str
    #: In one word: "reword", "split" and so on.
    what: str
    #: Ids of the segments that were changed, as they were and as they became.
    segments_before: tuple[str, ...]
    segments_after: tuple[str, ...]
    #: Their texts.
    lines_before: tuple[str, ...]
    lines_after: tuple[str, ...]
    hunks: tuple[Hunk, ...] = ()
    #: SHA-256 of the script file: a change that has not come to it (killed) still finds the first.
    file_before: str = ""
    file_after: str = ""
    #: Number of the change that this one takes back.
    undoes: int | None = None
