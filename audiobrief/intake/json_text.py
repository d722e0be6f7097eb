"""JSON from elsewhere (pure)."""

from __future__ import annotations

import json
from typing import Any

from audiobrief.errors import SourceError
from audiobrief.intake.charset import read_text


def parse_json(raw: bytes, where: str, *, charset: str | None = None) -> Any:
    """Return what a JSON document holds.

    Raises:
        SourceError: It is no JSON, breaks off, or is nested deeper than can be read.
    """
    text = read_text(raw, "utf-8", charset).text
    try:
        # Of one name that stands twice the last counts, as for everybody else.
        return json.loads(text)
    except RecursionError as error:
        raise SourceError(
            "this JSON is nested too deeply", where, remedy="no feed or export needs that"
        ) from error
    except ValueError as error:  # also numbers of more digits than Python reads
        raise SourceError(
            f"this is no whole JSON: {error}", where, remedy="fetch or export it again"
        ) from error
