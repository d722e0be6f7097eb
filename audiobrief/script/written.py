"""Read a script file as a person left it: every line, or what is wrong with it; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.model.script import Role
from audiobrief.script.draft import key_of
from audiobrief.script.markup import refuse_merge_marks, refuse_structure
from audiobrief.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Divides what is spoken from what is only told.
RULE = "---"
BETWEEN = " \u00b7 "
_TAGGED = re.compile(r"\[([^\[\]]*)\]\s*(.*)")
_TAG_FORM = "[quote \u00b7 guest-1 \u00b7 Ana Ruiz]"
#: What people type where they have no middle point.
_OTHER_SIGNS = re.compile(
    r"\s{0,4}[\u00b7\u2022\u2219|\u2013\u2014]\s{0,4}|\s{1,4}-{1,4}\s{1,4}|\s{0,4},\s{1,4}"
)
_NOTES = "## Notes"
_TOLD = ("## Not spoken", "## Added", _NOTES)
_ABOUT = re.compile(r"- (?:Source|By|Outlet|Published|URL): ")


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A spoken line as it stands in a script file."""

    #: Counted from 1.
    number: int
    role: Role
    #: ``None``: whoever speaks such lines.
    voice: str | None
    speaker: str | None
    text: str
    #: It begins a paragraph.
    starts: bool
    #: Title of the chapter that it begins.
    chapter: str | None
    #: False: it has no brackets; a whole paragraph may stand in one line then.
    tagged: bool = True

    @property
    def key(self) -> str:
        """The digest by which it is known wherever it stands."""
        return key_of(self.role, self.speaker, self.text)


@dataclass(frozen=True, slots=True)
class Written:
    """A script file as a person left it."""

    title: str
    lines: tuple[WrittenLine, ...]
    #: The rows that only tell something (facts of the article, and lists below the rule), with
    #: their numbers.
    told: tuple[tuple[int, str], ...] = ()


def parse_script(text: str, *, where: str) -> Written:
    """Read a script file.

    Args:
        text: The file.
        where: Its path, for errors.

    Raises:
        SourceError: No title or no rule is left, nothing is spoken, or a line cannot be spoken
            as it stands; the line is named.
    """
    rows = text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    title, first = _title(rows, where)
    end = _end(rows, first, where)
    lines = tuple(_written(rows[first:end], first + 1, where))
    if not lines:
        raise SourceError(
            "nothing is left to speak", where, remedy="leave a line such as [narrator] It rained."
        )
    below = next((n for n in range(end, len(rows)) if rows[n].strip() == _NOTES), len(rows))
    told = [(n, _flat(row)) for n, row in enumerate(rows, 1) if n <= first or end + 1 < n <= below]
    return Written(title, lines, tuple((n, row) for n, row in told if row.startswith("- ")))


def rows_above_rule(text: str) -> list[str]:
    """Return the rows of a script file down to the rule; all rows where there is none."""
    rows = text.replace("\r\n", "\n").split("\n")
    places = [n for n, row in enumerate(rows) if _is_rule(row)]
    return rows[: _last_rule(rows, places)] if places else rows


def _title(rows: Sequence[str], where: str) -> tuple[str, int]:
    """Return the title, and the index of the row below the facts about the article."""
    start = next((n for n, row in enumerate(rows) if row.strip()), None)
    if start is None:
        raise SourceError(
            "the script is empty",
            f"{where}:1",
            remedy="delete the file to have it written anew, or undo the last change of it",
        )
    heading = _flat(rows[start])
    refuse_merge_marks(heading, f"{where}:{start + 1}")
    if not heading.startswith("# ") or not heading[2:].strip():
        raise SourceError(
            "the title is missing",
            f"{where}:{start + 1}",
            remedy='let the first line be "# " and the title',
        )
    first = start + 1
    while first < len(rows) and (not rows[first].strip() or _ABOUT.match(rows[first])):
        first += 1
    return heading[2:].strip(), first


def _end(rows: Sequence[str], first: int, where: str) -> int:
    """Return the index of the rule: people draw others between paragraphs, too."""
    places = [n for n, row in enumerate(rows) if n >= first and _is_rule(row)]
    if not places:
        raise SourceError(
            f'the line "{RULE}" below the last spoken line is missing',
            where,
            remedy=f'put "{RULE}" on a line of its own above "## Not spoken"',
        )
    end = _last_rule(rows, places)
    for number, row in enumerate(rows[end:], end + 1):
        tag = _TAGGED.match(row.strip())
        if tag and _role_of(tag[1].split(BETWEEN)[0]):
            raise SourceError(
                f'a spoken line stands below the rule "{RULE}"',
                f"{where}:{number}",
                remedy=f'move it above the last "{RULE}", or remove it',
            )
    return end


def _last_rule(rows: Sequence[str], places: Sequence[int]) -> int:
    """Return the last rule that what is only told follows; where none does, the last of all."""
    told = [n for n in places if next(filter(None, map(str.strip, rows[n + 1 :])), "") in _TOLD]
    return (told or places)[-1]


def _is_rule(row: str) -> bool:
    signs = "".join(row.split())
    return len(signs) >= 3 and signs[0] in "-*_" and not signs.strip(signs[0])


def _written(rows: Sequence[str], first: int, where: str) -> Iterator[WrittenLine]:
    starts, chapter, comment = True, None, 0
    for number, row in enumerate(map(_flat, rows), first):
        place = f"{where}:{number}"
        if comment or row.startswith("<!--"):
            comment = 0 if row.endswith("-->") else comment or number
            continue
        refuse_merge_marks(row, place)
        if not row or _is_rule(row):
            starts = True
        elif row.startswith("## "):
            starts, chapter = True, row[3:].strip() or None
        else:
            role, voice, speaker, text, tagged = _fields(row, place)
            if any(map(str.isalnum, text)):
                yield WrittenLine(number, role, voice, speaker, text, starts, chapter, tagged)
                starts, chapter = False, None
    if comment:
        raise SourceError("a comment has no end", f"{where}:{comment}", remedy='end it with "-->"')


def _fields(row: str, place: str) -> tuple[Role, str | None, str | None, str, bool]:
    tagged = _TAGGED.fullmatch(row)
    if tagged is None:
        if row.startswith("["):
            raise SourceError(
                f'the bracket is not closed: "{row[:40]}"',
                place,
                remedy=f"begin the line as in {_TAG_FORM}",
            )
        refuse_structure(row, place)
        return Role.NARRATOR, None, None, row, False
    parts = tagged[1].split(BETWEEN, 2)
    if _role_of(parts[0]) is None:
        parts = _OTHER_SIGNS.split(tagged[1], maxsplit=2)
    role = _role_of(parts[0])
    if role is None:
        raise SourceError(
            f'"{parts[0].strip()[:60]}" is no role',
            place,
            remedy=f"begin the line with one of {', '.join(Role)} in brackets, as in [narrator] or "
            f'{_TAG_FORM}, with "{BETWEEN}" between role, voice and speaker',
        )
    voice, speaker = (*(p.strip() or None for p in parts[1:]), None, None)[:2]
    return role, voice, speaker, tagged[2], True


def _role_of(name: str) -> Role | None:
    name = name.strip().lower()
    return Role(name) if name in list(Role) else None


def _flat(text: str) -> str:
    """Return a row without what no feed can hold, which may have come with a paste."""
    return " ".join(printable(text).split())
