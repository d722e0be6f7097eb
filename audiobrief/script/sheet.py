"""A script file line by line, as the review changes it: which segment stands in which row; pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from audiobrief.errors import ConflictError, SourceError
from audiobrief.script.draft import tag_safe
from audiobrief.script.written import BETWEEN, WrittenLine, parse_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.change import Hunk, Seen
    from audiobrief.model.script import Role

#: More is no sentence: an engine takes ten times as much, a person hears twenty minutes of it.
LONGEST_TEXT = 20_000
_LONGEST_NAME = 200
#: What is left of a line end of other systems when a file is divided into rows.
LINE_END = "\r"


@dataclass(frozen=True, slots=True)
class Spot:
    """A spoken line of a script file."""

    #: Of its segment.
    id: str
    #: Index of its row.
    row: int
    line: WrittenLine


@dataclass(frozen=True, slots=True)
class Sheet:
    """A script file: all its rows, and the spoken ones of them."""

    rows: tuple[str, ...]
    spots: tuple[Spot, ...]
    #: Its path, for errors.
    where: str

    def spot(self, segment: str) -> Spot | None:
        """Return the line of a segment, if it is there."""
        return next((spot for spot in self.spots if spot.id == segment), None)

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join(self.rows)


@dataclass(frozen=True, slots=True)
class Revision:
    """What a change has made of a script file."""

    text: str
    #: Ids of the segments that were changed, and of what they have become.
    before: tuple[str, ...]
    after: tuple[str, ...]
    #: Their words.
    lines_before: tuple[str, ...]
    lines_after: tuple[str, ...]
    hunks: tuple[Hunk, ...]


def read_sheet(text: str, *, where: str) -> Sheet:
    """Return a script file line by line.

    Raises:
        SourceError: It cannot be understood; the line is named.
    """
    spots: list[Spot] = []
    counts: dict[str, int] = {}
    for line in parse_script(text, where=where).lines:
        key = line.key
        counts[key] = counts.get(key, 0) + 1
        name = key if counts[key] == 1 else f"{key}-{counts[key]}"
        spots.append(Spot(name, line.number - 1, line))
    return Sheet(tuple(text.split("\n")), tuple(spots), where)


def plain_line(text: str, where: str) -> str:
    r"""Return what a person has typed as one line of words.

    Raises:
        SourceError: Nothing can be said of it, it has control characters, or it is too long.

    >>> plain_line(" It rained\n all day. ", "script.md")
    'It rained all day.'
    """
    flat = " ".join(text.split())
    if any(map(_is_control, flat)):
        raise SourceError(
            "there are control characters in the text", where, remedy="type the words again"
        )
    if not any(map(str.isalnum, flat)):
        raise SourceError(
            "there is nothing to say: no letter and no digit",
            where,
            remedy="leave it out instead",
        )
    if len(flat) > LONGEST_TEXT:
        raise SourceError(
            f"the text has {len(flat)} characters, at most {LONGEST_TEXT} can be one line",
            where,
            remedy="split it first, and change the parts",
        )
    return flat


def _is_control(sign: str) -> bool:
    # Controls, halves of signs, and what no XML may hold.
    return unicodedata.category(sign) in {"Cc", "Cs"} or ord(sign) & 0xFFFE == 0xFFFE


def plain_name(name: str, where: str, what: str) -> str:
    """Return a name as it can stand in a tag."""
    safe = tag_safe(name)
    if not safe or any(map(_is_control, safe)) or len(safe) > _LONGEST_NAME:
        raise SourceError(f"no name of a {what}", where, remedy=f"write the {what}'s name")
    if BETWEEN.strip() in (safe[0], safe[-1]):
        raise SourceError(
            f"a middle point at the edge of the {what}'s name", where, remedy="write it without"
        )
    return safe


def is_as_seen(line: WrittenLine, seen: Seen) -> bool:
    """Tell whether a line is as an editor saw it; one without a voice may have any."""
    return (
        line.text == " ".join(seen.text.split())
        and (line.voice is None or line.voice == seen.voice)
        and tag_safe(line.speaker or "") == tag_safe(seen.speaker or "")
    )


def conflict(where: str, mine: str, theirs: str) -> ConflictError:
    """Return the error that shows two versions of a line."""
    problem = "somebody else has changed the same line" if theirs else "the line is gone"
    return ConflictError(
        problem, where, mine=mine, theirs=theirs, remedy="look at both, and change it again"
    )


def standing(sheet: Sheet, segment: str, known: Sequence[str]) -> str:
    """Return the words that stand now where a segment stood; empty: none do.

    Args:
        sheet: The file as it is.
        segment: Id of the segment.
        known: Ids of all segments when it was there, in order.
    """
    if segment not in known:
        return ""
    index = list(known).index(segment)
    now = [spot.id for spot in sheet.spots]
    for tag, a, b, c, d in SequenceMatcher(None, known, now, autojunk=False).get_opcodes():
        if a <= index < b and tag == "replace":
            first, end = (c + index - a, c + index - a + 1) if b - a == d - c else (c, d)
            return " ".join(spot.line.text for spot in sheet.spots[first:end])
    return ""


def render_row(role: Role, voice: str | None, speaker: str | None, text: str) -> str:
    """Return a line of these words as it stands in the file."""
    parts = [tag_safe(part) for part in (role.value, voice, speaker) if part]
    # A speaker alone, with whatever voice the settings give, would stand at the voice's place.
    tag = " | | ".join(parts) if speaker and not voice else BETWEEN.join(parts)
    return f"[{tag}] {text}"


def rendered(line: WrittenLine) -> str:
    """Return a line as it stands in the file."""
    return render_row(line.role, line.voice, line.speaker, line.text)


def bare(row: str) -> str:
    """Return a row without its line end."""
    return row.removesuffix(LINE_END)


def apart(rows: Sequence[str], start: int, end: int) -> tuple[bool, bool]:
    """Tell whether the rows directly above and below a place are empty."""
    beside = rows[max(0, start - 1) : start], rows[end : end + 1]
    above, below = (not "".join(row).strip() for row in beside)
    return above, below


def filled_above(rows: Sequence[str], start: int) -> str:
    """Return the nearest row above a place that is not empty; empty: there is none."""
    return next((bare(row) for row in reversed(rows[:start]) if row.strip()), "")


def filled_below(rows: Sequence[str], end: int) -> str:
    """Return the nearest row from a place on that is not empty; empty: there is none."""
    return next((bare(row) for row in rows[end:] if row.strip()), "")
