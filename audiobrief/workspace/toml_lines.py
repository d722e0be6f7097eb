"""On which line of a TOML file each of its keys, tables and list entries stands (pure)."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Keys from the root down; of a list, the number of the entry, from 0.
Path: TypeAlias = tuple[str | int, ...]

#: What TOML 1.0 is made of. Strings first: whatever they hold is no structure. One that is not
#: closed ends with its line, so that a broken file is read to its end.
_TOKEN = re.compile(
    r'(?P<string>"""(?:\\.|(?!""")[^\\])*"{3,5}'
    r"|'''(?:(?!''')[\s\S])*'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"?'
    r"|'[^'\n]*'?)"
    r"|(?P<comment>\#[^\n]*)"
    r"|(?P<blank>[ \t\r]+)"
    r"|(?P<mark>[\[\]{},=.\n])"
    r"|(?P<bare>[^\s\"'\#\[\]{},=.]+|\s)",
    re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


_END = _Token("end", "", 0)


def lines_of(text: str) -> dict[Path, int]:
    r"""Return where everything stands: each key, each table's header, each entry of a list.

    A table that is opened more than once, as ``a`` by ``[a.b]`` and ``[a.c]``, stands where it is
    first named. For valid TOML; of other text, whatever can be made out.

    Returns:
        Lines from 1.

    >>> lines_of('[[s]]\n[[s]]\n"a.b" = [1,\n2]')[("s", 1, "a.b", 1)]
    4
    """
    return _Reader(text).lines


def parse_key(dotted: str) -> Path:
    """Return the parts of a dotted key, as TOML reads it.

    >>> parse_key('shows."St. Ives".title')
    ('shows', 'St. Ives', 'title')
    """
    return tuple(part for part, _ in _Reader(dotted, is_key=True).key())


class _Reader:
    """The tokens of a file, read once from front to back."""

    def __init__(self, text: str, *, is_key: bool = False) -> None:
        self.lines: dict[Path, int] = {}
        self._tokens = _tokens_of(text)
        self._next = 0
        #: How many tables each ``[[list]]`` has so far.
        self._counts: dict[Path, int] = {}
        if not is_key:
            self._document()

    def _peek(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else _END

    def _take(self) -> _Token:
        token = self._peek()
        self._next += 1
        return token

    def _takes(self, mark: str) -> bool:
        """Read a mark, if it comes next."""
        token = self._peek()
        is_next = token.kind == "mark" and token.text == mark
        self._next += is_next
        return is_next

    def _document(self) -> None:
        table: Path = ()
        while self._peek() is not _END:
            if self._takes("["):
                table = self._header(is_list=self._takes("["))
            else:
                self._pair(table)
            while self._peek() is not _END and not self._takes("\n"):
                self._take()

    def _header(self, *, is_list: bool) -> Path:
        table: Path = ()
        parts = self.key()
        for n, (part, line) in enumerate(parts, 1):
            table = self._at((*table, part), line)
            if is_list and n == len(parts):
                self._counts[table] = self._counts.get(table, 0) + 1
            if table in self._counts:
                # What is said of a list of tables is said of its latest.
                table = self._at((*table, self._counts[table] - 1), line)
        return table

    def _pair(self, table: Path) -> None:
        for part, line in self.key():
            table = self._at((*table, part), line)
        if self._takes("="):
            self._value(table)

    def _value(self, place: Path) -> None:
        if self._takes("["):
            self._entries(place)
        elif self._takes("{"):
            while self._peek() is not _END and not self._takes("}"):
                if not (self._takes(",") or self._takes("\n")):
                    before = self._next
                    self._pair(place)
                    self._next += self._next == before  # no key: what is it doing here
        else:
            # 1.5 is three tokens, a moment with a blank two.
            while self._peek().kind != "end" and self._peek().text not in {",", "]", "}", "\n"}:
                self._take()

    def _entries(self, place: Path) -> None:
        count = 0
        while self._peek() is not _END and not self._takes("]"):
            if self._takes("\n") or self._takes(","):
                continue
            before = self._next
            self._value(self._at((*place, count), self._peek().line))
            self._next += self._next == before
            count += 1

    def key(self) -> list[tuple[str, int]]:
        """Read a dotted key: its parts, each with its line."""
        parts: list[tuple[str, int]] = []
        while self._peek().kind in {"bare", "string"}:
            token = self._take()
            parts.append((_name_of(token), token.line))
            if not self._takes("."):
                break
        return parts

    def _at(self, place: Path, line: int) -> Path:
        self.lines.setdefault(place, line)
        return place


def _tokens_of(text: str) -> Sequence[_Token]:
    tokens = []
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind not in {"comment", "blank"}:
            tokens.append(_Token(kind, match[0], line))
        line += match[0].count("\n")
    return tokens


def _name_of(token: _Token) -> str:
    if token.kind == "bare":
        return token.text
    try:
        return str(tomllib.loads(f"key = {token.text}")["key"])
    except tomllib.TOMLDecodeError:  # of a broken file
        return token.text
