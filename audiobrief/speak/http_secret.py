"""Keeping a key out of what is said: servers repeat it in errors, in whatever spelling (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Stands where the key was.
_INSTEAD = "[key]"

#: So many of its first characters give a key away: messages are shortened, and may end within it.
#: A shorter key, which servers without accounts are often given, is hidden as a whole word alone,
#: or an "x" would be hidden in every "example".
_RECOGNIZABLE = 8

#: One character as JSON, Python, addresses and pages spell it, or as it is.
_SPELLING = re.compile(
    r"\\+u(?P<u>[0-9a-f]{4})|\\+x(?P<x>[0-9a-f]{2})|%(?:25)*(?P<p>[0-9a-f]{2})"
    r"|&#x0*(?P<h>[0-9a-f]{1,4});|&#0*(?P<d>[0-9]{1,5});|\\*(?P<c>.)",
    re.IGNORECASE | re.DOTALL,
)


def without_key(text: str, key: str) -> str:
    r"""Return a text with the key, and long beginnings of it, replaced.

    Upper and lower case count as the same, as do the escapes of JSON and of addresses.

    Args:
        text: A message.
        key: Empty: there is none.

    >>> without_key("Wrong: sk-Abc/12345.", "sk-Abc/12345")
    'Wrong: [key].'
    >>> without_key(r"sk-abc\/12345 sk-abc%2F12345 \u0073k-abc/12345 sk-abc/1…", "sk-Abc/12345")
    '[key] [key] [key] [key]…'
    >>> without_key("x marks an example", "x")
    '[key] marks an example'
    """
    wanted = "".join(character for _, character in _letters(key))
    if not wanted:
        return text
    letters = [*_letters(text), (len(text), "")]
    plain = "".join(character for _, character in letters)
    beginning = re.escape(wanted[:_RECOGNIZABLE])
    if len(wanted) < _RECOGNIZABLE:
        beginning = rf"(?<![a-z0-9]){beginning}(?![a-z0-9])"
    pieces, copied = [], 0
    for match in re.finditer(beginning, plain):
        start, end = match.span()
        while wanted[end - start : end - start + 1] == plain[end : end + 1] != "":
            end += 1
        pieces += [text[copied : letters[start][0]], _INSTEAD]
        copied = letters[end][0]
    return "".join([*pieces, text[copied:]])


def conceal(error: BaseException, key: str) -> None:
    """Take the key out of an error and of all that it was caused by, in place.

    In place, since a log shows the whole chain, and errors of `http.client` hold what came.
    """
    seen: set[int] = set()
    found: list[BaseException | None] = [error]
    while found:
        each = found.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        each.args = tuple(without_key(a, key) if isinstance(a, str) else a for a in each.args)
        for name, value in list(vars(each).items()):
            if isinstance(value, str):
                setattr(each, name, without_key(value, key))
        found += [each.__cause__, each.__context__]


def _letters(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each character begins, and what it is, in lower case."""
    for match in _SPELLING.finditer(text):
        spelled = match[match.lastgroup or 0]
        if match.lastgroup == "c":
            character = spelled
        else:
            character = chr(int(spelled, 10 if match.lastgroup == "d" else 16))
        # Other letters may have two in lower case; no key has them.
        yield match.start(), character.lower() if character.isascii() else character
