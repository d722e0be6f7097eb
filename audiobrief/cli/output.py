"""What goes to stdout and stderr, whatever encoding they have."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

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
