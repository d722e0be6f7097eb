"""Spans of time as people write them: 30m, 12h, 2d, 1w."""

from __future__ import annotations

import re
from typing import Any

import click

_HOURS = {"m": 1 / 60, "h": 1, "d": 24, "w": 168}


class Span(click.ParamType[float]):
    """A span of time, as hours.

    Args:
        least: The shortest that is taken, written in the same way; empty: any but nothing at all.

    >>> Span().convert("90m", None, None), Span().convert("1.5d", None, None)
    (1.5, 36.0)
    """

    name = "span"

    def __init__(self, least: str = "") -> None:
        self._least = least

    def convert(self, value: Any, param: Any, ctx: Any) -> float:
        """Return the hours."""
        hours = _hours(str(value))
        if hours is None:
            self.fail(f'"{value}" is no time: write it like 30m, 12h, 2d or 1w', param, ctx)
        if hours < (_hours(self._least) or 0.0):
            self.fail(f'"{value}" is too short: at least {self._least}', param, ctx)
        return hours


def _hours(written: str) -> float | None:
    match = re.fullmatch(r"(\d{1,5}(?:\.\d{1,3})?)([mhdw])", written.strip())
    if match is None or not float(match[1]):
        return None
    return float(match[1]) * _HOURS[match[2]]
