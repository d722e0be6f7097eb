"""What a client sends: read within limits, and every field held to what it may be."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar
from urllib.parse import parse_qsl

from audiobrief.review.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection

    from audiobrief.serve.answer import Receive
    from audiobrief.serve.request import Request

_MOST_BODY_BYTES: Final = 1_000_000
#: What is still read of a body that is too long, so that the refusal arrives.
_MOST_WASTE_BYTES: Final = 8_000_000
_BODY_S: Final = 30.0
_MOST_DEPTH: Final = 8
_MOST_QUERY_FIELDS: Final = 8
#: Longer than any segment, note or word.
MOST_TEXT: Final = 20_000
#: Milliseconds, rows, characters: none is larger than that.
_MOST_NUMBER: Final = 10**9
_Word = TypeVar("_Word", bound=str)
#: Nothing that a person writes; a line break or tab is white space.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


async def read_json(request: Request, receive: Receive) -> Fields:
    """Return the object in a request's body.

    Raises:
        Refusal: It is too large, does not come, or is none.
    """
    body = await _read_body(request, receive)
    try:
        found = json.loads(body.decode(), parse_constant=_refuse_constant)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise Refusal(
            400, f"the body is no JSON: {str(error)[:200]}", "body", "send one JSON object"
        ) from None
    if not isinstance(found, dict):
        raise Refusal(400, "the body is no JSON object", "body", "send one JSON object")
    _require_shallow(found)
    return Fields(found)


async def _read_body(request: Request, receive: Receive) -> bytes:
    too_large = Refusal(
        413, "it is larger than 1 MB", "body", "send less at once", ("connection", "close")
    )
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and (len(told) > 18 or int(told) > _MOST_WASTE_BYTES):
        raise too_large
    kept, count = bytearray(), 0
    try:
        async with asyncio.timeout(_BODY_S):
            while count < _MOST_WASTE_BYTES:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refusal(400, "it has come in part", "body", "try again")
                piece = message.get("body", b"")
                count += len(piece)
                if count <= _MOST_BODY_BYTES:
                    kept += piece
                if not message.get("more_body"):
                    break
    except TimeoutError:
        raise Refusal(
            408, f"it has not come within {_BODY_S:.0f} s", "body", "try again",
            ("connection", "close"),
        ) from None  # fmt: skip
    if count > _MOST_BODY_BYTES:
        raise too_large
    return bytes(kept)


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is no number"
    raise ValueError(message)


def _too_deep() -> Refusal:
    return Refusal(400, f"it is nested deeper than {_MOST_DEPTH}", "body", "send what is asked for")


def _require_shallow(found: Any) -> None:
    level = [found]
    for _ in range(_MOST_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    if level:
        raise _too_deep()


def read_query(raw: bytes) -> Fields:
    """Return the fields of a query.

    Raises:
        Refusal: It is not UTF-8, or has too many or the same twice.
    """
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict",
            max_num_fields=_MOST_QUERY_FIELDS,
        )  # fmt: skip
    except ValueError:
        raise Refusal(400, "the query cannot be read", "query", "send it as UTF-8") from None
    if len(dict(pairs)) < len(pairs):
        raise Refusal(400, "a field is there twice", "query", "send it once")
    return Fields(dict(pairs))


class Fields:
    """The fields of an object; each method refuses what its field cannot be.

    Args:
        found: The object.
        where: What errors put in front of a field's name.
    """

    def __init__(self, found: dict[str, Any], where: str = "") -> None:
        self._found = found
        self._where = where

    def allow(self, *names: str) -> None:
        """Refuse fields that are none of these: a misspelled one would be ignored.

        Raises:
            Refusal: There is one.
        """
        for name in self._found:
            if name not in names:
                shown = "".join(c if c.isprintable() else "?" for c in name[:60])
                raise self._refusal(shown, "no such field is known", f"send {', '.join(names)}")

    def has(self, name: str) -> bool:
        """Tell whether a field is there and not null."""
        return self._found.get(name) is not None

    def text(self, name: str, *, most: int = MOST_TEXT) -> str:
        """Return a text that is not empty; line breaks and tabs in it are blanks."""
        value = self._found.get(name)
        if not isinstance(value, str):
            raise self._refusal(name, "it is no text", "send a text")
        if len(value) > most:
            raise self._refusal(name, f"it is longer than {most} characters", "send less")
        unfit = _UNFIT.search(value)
        if unfit is not None:
            code = f"U+{ord(unfit[0]):04X}"
            raise self._refusal(name, f"{code} in it is no character of a text", "take it out")
        value = re.sub(r"[\t\n\r\u2028\u2029]+", " ", value).strip()
        if not value:
            raise self._refusal(name, "it is empty", "send a text")
        return value

    def maybe_text(self, name: str, *, most: int = MOST_TEXT) -> str | None:
        """Return a text; ``None``: it is not there, or null."""
        return self.text(name, most=most) if self.has(name) else None

    def loose_text(self, name: str) -> str:
        """Return a text that may be missing or empty."""
        value = self._found.get(name)
        return "" if value is None or value == "" else self.text(name)

    def one_of(self, name: str, allowed: Collection[_Word]) -> _Word:
        """Return one of some words."""
        value = self._found.get(name)
        for word in allowed:
            if value == word:
                return word
        raise self._refusal(name, "it is none of the words", f"send {' or '.join(allowed)}")

    def number(self, name: str) -> int:
        """Return a whole number that is not negative."""
        return self._whole(name, self._found.get(name))

    def flag(self, name: str) -> bool:
        """Return true or false; not there: false."""
        value = self._found.get(name, False)
        if not isinstance(value, bool):
            raise self._refusal(name, "it is neither true nor false", "send true or false")
        return value

    def inner(self, name: str) -> Fields:
        """Return an object in a field."""
        return self._object(name, self._found.get(name))

    def inners(self, name: str, *, most: int) -> tuple[Fields, ...]:
        """Return a list of objects that is not empty."""
        return tuple(
            self._object(f"{name}[{n}]", one) for n, one in enumerate(self._list(name, most))
        )

    def ranges(self, name: str, *, most: int) -> tuple[tuple[int, int], ...]:
        """Return pairs of milliseconds, each end behind its start."""
        pairs = []
        for n, pair in enumerate(self._list(name, most)):
            where = f"{name}[{n}]"
            if not isinstance(pair, list) or len(pair) != 2:
                raise self._refusal(where, "it is no pair", "send [from_ms, to_ms]")
            start, end = (self._whole(where, value) for value in pair)
            if end < start:
                raise self._refusal(where, "it ends before it begins", "send [from_ms, to_ms]")
            pairs.append((start, end))
        return tuple(pairs)

    def _list(self, name: str, most: int) -> list[Any]:
        value = self._found.get(name)
        if not isinstance(value, list) or not value:
            raise self._refusal(name, "it is no list with something in it", "send a list")
        if len(value) > most:
            raise self._refusal(name, f"it has more than {most} entries", "send fewer at once")
        return value

    def _object(self, name: str, value: Any) -> Fields:
        if not isinstance(value, dict):
            raise self._refusal(name, "it is no object", "send an object")
        return Fields(value, f"{self._where}{name}.")

    def _whole(self, name: str, value: Any) -> int:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        # No comparison holds for NaN.
        if is_number and 0 <= value <= _MOST_NUMBER:
            whole: int = round(value)
            return whole
        raise self._refusal(name, "it is no number from 0 on", "send a whole number")

    def _refusal(self, name: str, problem: str, fix: str) -> Refusal:
        return Refusal(400, problem, f"{self._where}{name}", fix)
