"""Values of the model as JSON and back, for what crosses a border between processes.

Every object says what it is, and only classes of a list are ever made: never a pickle, so that what
comes from elsewhere can at worst be wrong. Every field is held to its annotation.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Iterable

_T = TypeVar("_T")
#: What a value is, in an object of JSON; and the value, where it has no fields.
_TAG, _VALUE = "$", "v"
#: Largest text that is read: a programme of an hour has 3 MB.
MOST_BYTES: Final = 256 << 20


class CodecError(ValueError):
    """What was given is no value of the model."""


class Codec:
    """Values made of some frozen dataclasses and enumerations, of tuples, mappings and plain data.

    Args:
        classes: The only ones that are ever made; no two have one name.
    """

    def __init__(self, classes: Iterable[type]) -> None:
        self._classes = {each.__name__: each for each in classes}
        self._hints: dict[type, dict[str, Any]] = {}

    def encode(self, value: object) -> bytes:
        """Return a value as JSON; equal values give equal bytes.

        Raises:
            CodecError: Something in it is of no known class.
        """
        text = json.dumps(self._told(value), sort_keys=True, separators=(",", ":"))
        return text.encode("ascii")

    def decode(self, content: bytes, kind: type[_T]) -> _T:
        """Return a value of `encode`.

        Raises:
            CodecError: It is none, or of another class.
        """
        if len(content) > MOST_BYTES:
            message = f"{len(content)} bytes, at most {MOST_BYTES}"
            raise CodecError(message)
        try:
            value = self._heard(json.loads(content, parse_constant=_refuse_constant))
        except CodecError:
            raise
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            message = f"no value of the model: {error}"
            raise CodecError(message) from error
        except RecursionError as error:
            message = f"no value of the model: {error}"
            raise CodecError(message) from error
        if type(value) is not kind:
            message = f"no {kind.__name__} but {_named(value)}"
            raise CodecError(message)
        return value

    def _told(self, value: object) -> object:  # noqa: PLR0911 - one for each kind
        kind = type(value)
        if value is None or kind in (bool, int, str):
            return value
        if kind is float:
            return value if math.isfinite(value) else _tagged("float", repr(value))  # type: ignore[arg-type]
        if kind is tuple:
            return [self._told(each) for each in value]  # type: ignore[attr-defined]
        if kind is bytes:
            return _tagged("bytes", base64.b64encode(value).decode())  # type: ignore[arg-type]
        if isinstance(value, datetime | date):
            return _tagged("datetime" if isinstance(value, datetime) else "date", value.isoformat())
        if isinstance(value, Mapping):
            return _tagged("map", [[self._told(k), self._told(v)] for k, v in value.items()])
        return self._told_of_class(value)

    def _told_of_class(self, value: object) -> object:
        kind = type(value)
        if self._classes.get(kind.__name__) is not kind:
            message = f"no class of the model: {kind.__qualname__}"
            raise CodecError(message)
        if isinstance(value, StrEnum):
            return _tagged(kind.__name__, value.value)
        told = {f.name: self._told(getattr(value, f.name)) for f in fields(value)}  # type: ignore[arg-type]
        return {_TAG: kind.__name__, **told}

    def _heard(self, told: object) -> object:
        if isinstance(told, list):
            return tuple(self._heard(each) for each in told)
        if not isinstance(told, dict):
            return told
        name = told.pop(_TAG, None)
        if isinstance(name, str) and name in _PLAIN:
            return _PLAIN[name](self, told[_VALUE])
        kind = self._classes.get(name) if isinstance(name, str) else None
        if kind is None:
            message = f"no class of the model: {str(name)[:80]!r}"
            raise CodecError(message)
        if not is_dataclass(kind):
            return kind(told[_VALUE])
        return self._made(kind, {key: self._heard(value) for key, value in told.items()})

    def _made(self, kind: type, values: dict[str, object]) -> object:
        hints = self._hints_of(kind)
        if values.keys() != hints.keys():
            odd = ", ".join(sorted(values.keys() ^ hints.keys()))
            message = f"not the fields of {kind.__name__}: {odd[:200]}"
            raise CodecError(message)
        for name, value in values.items():
            if not _fits(value, hints[name]):
                message = f"{kind.__name__}.{name} cannot be {_named(value)}"
                raise CodecError(message)
        return kind(**values)

    def _hints_of(self, kind: type) -> dict[str, Any]:
        known = self._hints.get(kind)
        if known is None:
            # What modules import for the type checker alone is found among the classes.
            names = {**self._classes, "datetime": datetime, "date": date, "Mapping": Mapping}
            hints = get_type_hints(kind, localns=names)
            known = self._hints[kind] = {field.name: hints[field.name] for field in fields(kind)}
        return known

    def _map(self, told: Any) -> dict[object, object]:
        return {self._heard(key): self._heard(value) for key, value in told}


_PLAIN: Final[dict[object, Any]] = {
    "float": lambda _self, told: {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}[told],
    "bytes": lambda _self, told: _unpacked(told),
    "datetime": lambda _self, told: datetime.fromisoformat(told),
    "date": lambda _self, told: date.fromisoformat(told),
    "map": Codec._map,  # noqa: SLF001 - its own
}


def _refuse_constant(name: str) -> object:
    message = f"no number of JSON: {name}"
    raise CodecError(message)


def _tagged(name: str, value: object) -> dict[str, object]:
    return {_TAG: name, _VALUE: value}


def _unpacked(told: str) -> bytes:
    try:
        return base64.b64decode(told, validate=True)
    except binascii.Error as error:
        raise CodecError(str(error)) from error


def _named(value: object) -> str:
    return type(value).__name__


def _fits(value: object, hint: Any) -> bool:  # noqa: PLR0911 - one for each kind
    """Tell whether a value is what an annotation says."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, each) for each in inner)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if inner[1:] == (...,):
            return all(_fits(each, inner[0]) for each in value)
        return len(value) == len(inner) and all(map(_fits, value, inner))
    if origin is Mapping:
        is_map = isinstance(value, Mapping)
        return is_map and all(
            _fits(k, inner[0]) and _fits(v, inner[1])
            for k, v in value.items()  # type: ignore[attr-defined]
        )
    if hint is None or hint is type(None):
        return value is None
    if hint is float:
        return type(value) in (float, int)
    return type(value) is hint
