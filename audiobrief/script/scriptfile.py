"""The script as a Markdown file that a person reads and edits; pure.

Each segment is one line, ``[role · voice · speaker] text``; an empty line ends a paragraph, ``##``
begins a chapter. Below the rule stands what is only told: dropped sentences, words of our own,
notes. The last line seals the file, so that an edit is noticed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.model.script import Role
from audiobrief.script.draft import tag_safe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.model.article import Article
    from audiobrief.model.script import Script, Segment

_SEAL = re.compile(r"<!-- audiobrief: ([0-9a-f]{64}) -->\n?\Z")
_TAGGED = re.compile(r"\A\[([^\]]*)\]\s*(.*)")
#: Divides what is spoken from what is only told.
_RULE = "---"
_BETWEEN = " \u00b7 "


def render_script(script: Script, article: Article) -> str:
    """Return the script as Markdown: what is spoken by whom, and what is not, and why.

    Deterministic: the same script gives the same bytes.
    """
    lines = [f"# {_flat(script.title)}", "", *_about(article)]
    paragraph = -1
    for segment in script.segments:
        if segment.chapter is not None:
            lines += ["", f"## {_flat(segment.chapter)}"]
        if segment.chapter is not None or segment.paragraph != paragraph:
            lines.append("")
        paragraph = segment.paragraph
        lines.append(f"[{_tag(segment)}] {_flat(segment.text)}")
    lines += ["", _RULE, *_told(script, article)]
    above = "\n".join((*lines, "", ""))
    return f"{above}<!-- audiobrief: {_digest(above)} -->\n"


def _about(article: Article) -> list[str]:
    about = (
        ("Source", article.locator),
        ("By", article.byline),
        ("Outlet", article.outlet),
        ("Published", article.published.isoformat() if article.published else None),
        ("URL", article.url),
    )
    return [f"- {name}: {_flat(value)}" for name, value in about if value]


def _told(script: Script, article: Article) -> Iterator[str]:
    """Yield what stands below the rule."""
    text_of = {segment.id: segment.text for segment in script.segments}
    dropped = [(row.reason, row.text) for row in script.ledger if row.reason is not None]
    added = [(addition.reason, text_of[addition.segment]) for addition in script.added]
    for title, rows in (("Not spoken", dropped), ("Added", added)):
        if rows:
            yield from ("", f"## {title}", "")
            yield from (f"- [{tag_safe(reason)}] {_flat(text)}" for reason, text in rows)
    notes = (*article.notes, *script.notes)
    if notes:
        yield from ("", "## Notes", "")
        yield from (f"- {_flat(note)}" for note in notes)


def is_untouched(text: str) -> bool:
    """Tell whether a script file is as ``render_script`` wrote it.

    Line ends do not count: an editor or a checkout may have changed them.
    """
    text = text.replace("\r\n", "\n")
    match = _SEAL.search(text)
    return match is not None and match[1] == _digest(text[: match.start()])


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A spoken line as it stands in a script file."""

    #: Counted from 1.
    number: int
    role: Role
    #: ``None``: a line without brackets, which the narrator says.
    voice: str | None
    speaker: str | None
    text: str
    #: It begins a paragraph.
    starts: bool
    #: Title of the chapter that it begins.
    chapter: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """A script file as a person left it."""

    title: str
    lines: tuple[WrittenLine, ...]


def parse_script(text: str, *, where: str) -> Written:
    """Read a script file.

    Args:
        text: The file.
        where: Its path, for errors.

    Raises:
        SourceError: No title or no rule is left, nothing is spoken, or a role is unknown; the
            line is named.
    """
    rows = text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    title, first = _title(rows, where)
    end = next((n for n, row in enumerate(rows) if row.strip() == _RULE and n >= first), None)
    if end is None:
        raise SourceError(
            f'the line "{_RULE}" below the last spoken line is missing',
            where,
            remedy=f'put "{_RULE}" on a line of its own above "## Not spoken"',
        )
    lines = tuple(_written(rows[first:end], first + 1, where))
    if not lines:
        raise SourceError(
            "nothing is left to speak", where, remedy="leave a line such as [narrator] It rained."
        )
    return Written(title, lines)


def _title(rows: Sequence[str], where: str) -> tuple[str, int]:
    """Return the title, and the index of the row below the facts about the article."""
    start = next((n for n, row in enumerate(rows) if row.strip()), len(rows))
    heading = rows[start].strip() if start < len(rows) else ""
    if not heading.startswith("# ") or not heading[2:].strip():
        raise SourceError(
            "the title is missing",
            f"{where}:{start + 1}",
            remedy='let the first line be "# " and the title',
        )
    first = start + 1
    while first < len(rows) and (not rows[first].strip() or _ABOUT.match(rows[first])):
        first += 1
    return _flat(heading[2:]), first


_ABOUT = re.compile(r"- (?:Source|By|Outlet|Published|URL): ")


def _written(rows: Sequence[str], first: int, where: str) -> Iterator[WrittenLine]:
    starts, chapter = True, None
    for number, row in enumerate(map(_flat, rows), first):
        if not row:
            starts = True
        elif row.startswith("## "):
            starts, chapter = True, row[3:].strip() or None
        elif not (row.startswith("<!--") and row.endswith("-->")):
            role, voice, speaker, text = _fields(row, f"{where}:{number}")
            if any(map(str.isalnum, text)):
                yield WrittenLine(number, role, voice, speaker, text, starts, chapter)
                starts, chapter = False, None


def _fields(row: str, place: str) -> tuple[Role, str | None, str | None, str]:
    tagged = _TAGGED.fullmatch(row)
    if tagged is None:
        return Role.NARRATOR, None, None, row
    role, voice, speaker = (*(p.strip() or None for p in tagged[1].split(_BETWEEN, 2)), None, None)[
        :3
    ]
    try:
        return Role(role or ""), voice, speaker, tagged[2]
    except ValueError as error:
        roles = ", ".join(Role)
        raise SourceError(
            f'"{role or ""}" is no role',
            place,
            remedy=f"begin the line with one of {roles} in brackets, as in [narrator] It rained.",
        ) from error


def _tag(segment: Segment) -> str:
    parts = (segment.role.value, segment.voice, segment.speaker)
    return _BETWEEN.join(tag_safe(part) for part in parts if part)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()
