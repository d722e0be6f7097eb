"""Edit a lexicon file line by line: comments, order and every other line stay as they are."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.text.speech.lexicon import Entry

_WORDS = "[words]"


def with_entry(text: str, entry: Entry) -> str:
    r"""Return a lexicon file's text with one entry added, or replaced in its line.

    Raises:
        WorkspaceError: The entry stands in a form that is not one line, as ``[words.NAME]``.

    >>> from audiobrief.text.speech.lexicon import Entry
    >>> with_entry('[words]\n"IS" = { letters = true }  # the group\n', Entry("Safi", say="saffy"))
    '[words]\n"IS" = { letters = true }  # the group\n"Safi" = "saffy"\n'
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    before = _words_in(text)
    line = render_entry(entry)
    rows = text.removesuffix("\n").split("\n") if text else []
    at = lines_of_words(text).get(entry.word)
    if at is not None:
        comment = _trailing_comment(rows[at - 1], entry.word)
        rows[at - 1] = f"{line}{comment}"
    else:
        rows = _with_row(rows, line)
    after = "\n".join(rows) + "\n"
    expected = {**before, entry.word: tomllib.loads(line)[entry.word]}
    try:
        fits = _words_in(after) == expected
    except tomllib.TOMLDecodeError:
        fits = False
    if not fits:
        raise WorkspaceError(
            f'"{entry.word}" is written in a form that only a person can change',
            "voices/lexicon",
            remedy=f"edit the file by hand: {line}",
        )
    return after.replace("\n", ending)


def without_entry(text: str, word: str) -> str:
    r"""Return a lexicon file's text without the entry of a word; as it is, where there is none.

    Raises:
        WorkspaceError: The entry stands in a form that is not one line.

    >>> without_entry('[words]\n"IS" = { letters = true }\nCai = "kye"\n', "IS")
    '[words]\nCai = "kye"\n'
    """
    plain = text.replace("\r\n", "\n")
    before = _words_in(plain)
    if word not in before:
        return text
    at = lines_of_words(plain).get(word, 0)
    rows = plain.split("\n")
    after = "\n".join(rows[: at - 1] + rows[at:]) if at else plain
    del before[word]
    try:
        fits = _words_in(after) == before
    except tomllib.TOMLDecodeError:
        fits = False
    if not fits:
        raise WorkspaceError(
            f'"{word}" is written in a form that only a person can change',
            "voices/lexicon",
            remedy="remove it from the file by hand",
        )
    return after.replace("\n", "\r\n") if "\r\n" in text else after


def render_entry(entry: Entry) -> str:
    r"""Return an entry as one line of ``[words]``.

    >>> from audiobrief.text.speech.lexicon import Entry
    >>> render_entry(Entry("Cai", say="kye", ipa="ka\u026a", match_case=True))
    '"Cai" = { say = "kye", ipa = "ka\u026a", case = true }'
    """
    parts = [
        f"{name} = {quoted(value)}"
        for name, value in (("say", entry.say), ("ipa", entry.ipa))
        if value is not None
    ]
    if entry.letters:
        parts.append("letters = true")
    if entry.match_case is not None:
        parts.append(f"case = {str(entry.match_case).lower()}")
    if len(parts) == 1 and entry.say is not None:
        return f"{quoted(entry.word)} = {quoted(entry.say)}"
    return f"{quoted(entry.word)} = {{ {', '.join(parts)} }}"


def render_word_list(entries: Sequence[Entry], language: str | None = None) -> str:
    """Return a whole lexicon file."""
    head = f"language = {quoted(language)}\n\n" if language else ""
    return f"{head}{_WORDS}\n" + "".join(f"{render_entry(entry)}\n" for entry in entries)


def _with_row(rows: list[str], line: str) -> list[str]:
    """Add a line at the end of the table ``[words]``, which is made when there is none."""
    start = next((i for i, row in enumerate(rows) if _HEADER.match(row)), None)
    if start is None:
        return [*rows, *([""] if rows else []), _WORDS, line]
    end = next((i for i in range(start + 1, len(rows)) if _TABLE.match(rows[i])), len(rows))
    while end > start + 1 and not rows[end - 1].strip():
        end -= 1
    return [*rows[:end], line, *rows[end:]]


def _words_in(text: str) -> dict[str, object]:
    words = tomllib.loads(text.removeprefix("\ufeff")).get("words", {})
    return dict(words) if isinstance(words, dict) else {}


_HEADER = re.compile(r"\s*\[\s*words\s*\]\s*(?:#.*)?$")
_TABLE = re.compile(r"\s*\[[^=]*\]\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?P<key>"(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")


def lines_of_words(text: str) -> dict[str, int]:
    """Return on which line, from 1, each word of ``[words]`` stands."""
    found: dict[str, int] = {}
    inside = False
    for number, row in enumerate(text.split("\n"), 1):
        if _TABLE.match(row):
            inside = _HEADER.match(row) is not None
        key = _KEY.match(row) if inside else None
        if key is not None:
            try:
                (word,) = tomllib.loads(f"{key['key']} = 1")
            except tomllib.TOMLDecodeError:
                continue
            found[word] = number
    return found


def _trailing_comment(row: str, word: str) -> str:
    """Return the comment at the end of an entry's line with the blanks before it, or nothing."""
    for match in re.finditer(r"\s*#", row):
        try:
            kept = tomllib.loads(row[: match.start()])
        except tomllib.TOMLDecodeError:
            continue
        if word in kept:
            return row[match.start() :]
    return ""


def quoted(text: str) -> str:
    """Return a TOML basic string."""
    escaped = "".join(
        f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else _ESCAPES.get(c, c) for c in text
    )
    return f'"{escaped}"'


_ESCAPES = {'"': '\\"', "\\": "\\\\"}
