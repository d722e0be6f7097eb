"""What goes to stdout and stderr, whatever encoding they have."""

from __future__ import annotations

import json
import sys
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_UTF8 = {"utf-8", "utf8"}


def accept_any_text() -> None:
    r"""Let streams that know few characters (a Windows pipe) show the others as ``\u0141``."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def print_json(document: Any) -> None:
    """Print the one JSON document of a command."""
    encoding = (getattr(sys.stdout, "encoding", None) or "").lower()
    click.echo(json.dumps(document, ensure_ascii=encoding not in _UTF8, indent=1))


def doubtful_lines(words: Sequence[str]) -> Iterator[str]:
    """Yield what to tell of words that no dictionary has: which, and how to hear and mend one.

    >>> list(doubtful_lines(["Dyett", "Lavrov"]))[:2]
    ['in no dictionary: Dyett, Lavrov', '  hear one: audiobrief lexicon test Dyett']
    """
    if words:
        yield f"in no dictionary: {', '.join(words)}"
        yield f"  hear one: audiobrief lexicon test {quote(words[0])}"
        yield f"  mend one: audiobrief lexicon add {quote(words[0])} RESPELLING"
