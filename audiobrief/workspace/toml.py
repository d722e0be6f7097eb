"""Read a TOML file against its settings type; every mistake with file, line and suggestion."""

from __future__ import annotations

import difflib
import re
import tomllib
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from audiobrief.errors import WorkspaceError
from audiobrief.workspace.settings import (
    BASE_URL,
    CLOCK,
    EMAIL,
    HTTPS_URL,
    RECURRENCE,
    SHOW_NAME,
)
from audiobrief.workspace.table import LANGUAGE, VOICE_NAME
from audiobrief.workspace.toml_lines import lines_of, parse_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

Table = TypeVar("Table", bound=BaseModel)


class SettingsError(WorkspaceError):
    """Mistakes in one file: the first of them as itself, the others beside it."""

    others: tuple[WorkspaceError, ...] = ()


def parse_toml(content: bytes, kind: type[Table], *, where: str) -> Table:
    """Return the settings in a TOML file.

    Args:
        content: The file.
        kind: What it should hold.
        where: The file's name, for errors.

    Raises:
        SettingsError: It is no TOML, or holds unknown keys or impossible values.
    """
    try:
        text = content.decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise SettingsError(
            "the file is not UTF-8", f"{where}, byte {error.start}", remedy="save it as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        raise SettingsError(
            f"no valid TOML: {error}",
            f"{where}:{place[1]}" if place else where,
            remedy='mend that line; values are written like key = "text", key = 1, key = true',
        ) from error
    except RecursionError as error:
        raise SettingsError(
            "lists in lists too deep to be read", where, remedy="write them flatter"
        ) from error
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        mistakes = [_explain(detail, kind, text, where) for detail in error.errors()]
        mistakes[0].others = tuple(mistakes[1:])
        raise mistakes[0] from error


def _explain(detail: ErrorDetails, kind: type[BaseModel], text: str, where: str) -> SettingsError:
    # An entry of a list is told by the list's name; its line says which one.
    path = [part for part in detail["loc"] if isinstance(part, str)]
    place = f"{where}:{line_of(text, detail['loc'])}  {'.'.join(path)}"
    key = path[-1]
    if detail["type"] == "extra_forbidden":
        known = _keys_at(kind, detail["loc"][:-1])
        close = difflib.get_close_matches(key, known, n=1)
        remedy = f'did you mean "{close[0]}"?' if close else f"known keys: {', '.join(known)}"
        return SettingsError(f'unknown key "{key}"', place, remedy=remedy)
    if detail["type"] == "missing":
        return SettingsError(f'the key "{key}" is missing', place, remedy=f"add {key} = …")
    message = detail["msg"][0].lower() + detail["msg"][1:]
    problem = f"{key} cannot be {_shown(detail['input'])}"[:120]
    if key == _KEY_ITSELF:
        place = place.removesuffix(f".{_KEY_ITSELF}")
        problem = f"{'.'.join(path[:-2])} cannot have the name {detail['input']!r}"[:120]
    return SettingsError(problem, place, remedy=_expectation(detail, message))


def _shown(value: object) -> str:
    """Return a value as the file has it; of tables, their lines are near enough."""
    entries = value if isinstance(value, list) else [value]
    return "as it is" if any(isinstance(e, dict) for e in entries) else repr(value)


#: What pydantic calls the name of a table that has any.
_KEY_ITSELF = "[key]"
#: What to write instead, where pydantic's own words would be about code.
_EXPECTATIONS = {
    "bool_type": "write true or false, without quotes",
    "string_type": "write it in quotes",
    "int_type": "write a whole number, without quotes",
    "float_type": "write a number, without quotes",
    "model_type": 'write "text" in quotes, or a table of keys in braces',
    "model_attributes_type": "write a table of keys in braces",
    "dict_type": "write a table of keys",
    "list_type": 'write a list: ["a", "b"]',
    "too_short": "name at least one",
    "string_too_short": "write some text, or remove the line",
}
_PATTERNS = {
    BASE_URL: "write an absolute URL that begins with http:// or https://",
    HTTPS_URL: "write an absolute URL that begins with https://",
    RECURRENCE: 'write a rule of RFC 5545 such as "FREQ=WEEKLY;BYDAY=MO,FR", without an end',
    LANGUAGE: 'write a language tag such as "en", "en-GB" or "de"',
    VOICE_NAME: "write the name of a voice profile: letters, digits, - and _",
    CLOCK: 'write a time of day from "00:00" to "23:59", such as "06:30"',
    SHOW_NAME: "write small letters, digits and -, a letter first, 40 at most",
    EMAIL: 'write an address such as "jo@example.org", or remove the line',
}


def _expectation(detail: ErrorDetails, message: str) -> str:
    pattern = (detail.get("ctx") or {}).get("pattern", "")
    known = _PATTERNS.get(pattern) or _EXPECTATIONS.get(detail["type"])
    if detail["type"] == "literal_error" and isinstance(detail["input"], str):
        words = re.findall(r"'([^']*)'", (detail.get("ctx") or {}).get("expected", ""))
        close = difflib.get_close_matches(detail["input"].lower(), words, n=1)
        known = f'did you mean "{close[0]}"?' if close else None
    return known or message.replace("input should be", "it should be")


def _keys_at(kind: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """Return the keys that a table may have; none where it may have any."""
    table: Any = kind
    for part in path:
        table = _type_at(table, part)
    is_table = isinstance(table, type) and issubclass(table, BaseModel)
    return list(table.model_fields) if is_table else []


def _type_at(kind: Any, part: str | int) -> Any:
    """Return the type of what a key, or an entry's number, leads to; ``None``: of anything."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return field.annotation if field else None
    inner = [each for each in get_args(kind) if each is not NoneType]
    if get_origin(kind) in {Union, UnionType}:
        return next((found for each in inner if (found := _type_at(each, part))), None)
    # list[Source] by number, dict[str, Host] by any key.
    return inner[-1] if get_origin(kind) in {list, dict} else None


def place_of(text: str, key: str, *, where: str) -> str:
    r"""Return where a dotted key stands, for errors: with its line where the file has it.

    Args:
        text: The file.
        key: As TOML writes it: ``shows."St. Ives".title``.
        where: The file's name.

    >>> place_of('[cast]\nnarrator = "x"', "cast.narrator", where="a.toml")
    'a.toml:2  cast.narrator'
    >>> place_of("", "cast.narrator", where="a.toml")
    'a.toml  cast.narrator (the default)'
    """
    line = lines_of(text).get(parse_key(key))
    return f"{where}:{line}  {key}" if line else f"{where}  {key} (the default)"


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line on which a key stands, else its table or list entry, else 1.

    Args:
        text: The file.
        path: Keys from the root down; of a list, the number of the entry, from 0.
    """
    lines = lines_of(text)
    above = (lines.get(tuple(path[:end])) for end in range(len(path), 0, -1))
    return next((line for line in above if line), 1)
