"""What a command works on: articles, shows, the time."""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from audiobrief.errors import SourceError, WorkspaceError

if TYPE_CHECKING:
    from audiobrief.ingest.document import Document
    from audiobrief.pipeline.build import Input
    from audiobrief.workspace.load import Workspace

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
show_option = click.option(
    "--show", metavar="NAME", help="Of this show alone, whatever its days: [shows.NAME]."
)


def is_address(word: str) -> bool:
    """Tell whether a word on the command line is an address, and not a path or a name.

    Of another scheme, too: that it is not asked is told where it is listed.

    >>> [is_address(word) for word in ("HTTPS://example.org/a", "file:///a", "articles/http.txt")]
    [True, True, False]
    """
    return _SCHEME.match(word) is not None


def gather_inputs(paths: tuple[str, ...], workspace: Workspace) -> list[Input]:
    """Return the articles that paths name; an address names what was fetched of it.

    Raises:
        WorkspaceError: None is named, and there is no inbox.
    """
    from audiobrief.ingest.source import expand, gather, read, read_stream  # noqa: PLC0415
    from audiobrief.pipeline.build import Input  # noqa: PLC0415

    named = list(paths) or [str(workspace.articles)]
    if not paths and not workspace.articles.is_dir():
        raise WorkspaceError(
            "no article is given, and there is no inbox",
            str(workspace.articles),
            remedy='name an article: "audiobrief build article.txt", or run "audiobrief init"',
        )
    is_named = bool(paths)
    inputs: list[Input] = []
    for path in named:
        if path == "-":
            inputs.append(Input("stdin", partial(read_stream, sys.stdin.buffer), is_named))
            continue
        if is_address(path):
            from audiobrief.net.redact import redact  # noqa: PLC0415 - only for addresses

            inputs.append(Input(redact(path), partial(_read_fetched, workspace, path), is_named))
            continue
        found = gather([_located(path, workspace)], root=workspace.root)
        # A book has an article a chapter; one of them that fails is told when it is read.
        parts = (part for file in found for part in expand(file))
        inputs += [Input(p.locator, partial(read, p), is_named, p.path) for p in parts]
        if not found:
            inputs.append(Input(path, partial(_refuse_empty, path), is_named))
    return inputs


def _located(path: str, workspace: Workspace) -> Path:
    """Return where a path leads: from where the user is, else from the workspace (``-C``)."""
    here = Path(path)
    there = workspace.root / path
    return there if not here.exists() and there.exists() else here


def _read_fetched(workspace: Workspace, address: str) -> Document:
    """Read what was fetched of an address.

    Raises:
        SourceError: Nothing was.
    """
    from audiobrief.ingest.source import Candidate, read  # noqa: PLC0415 - only for addresses
    from audiobrief.pipeline.named import file_of_address  # noqa: PLC0415

    locator = file_of_address(workspace, address)
    return read(Candidate(locator, workspace.root / locator))


def _refuse_empty(path: str) -> NoReturn:
    raise SourceError(
        "there is no article in this folder",
        path,
        remedy="put .txt, .md, .html, .epub, .docx or .pdf files into it",
    )


def current_time() -> datetime:
    """Return the time of this run; SOURCE_DATE_EPOCH sets it (reproducible-builds.org).

    Raises:
        WorkspaceError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return datetime.now(UTC)
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise WorkspaceError(
            "SOURCE_DATE_EPOCH is no number of seconds since 1970",
            given,
            remedy="unset it, or set it to a whole number",
        ) from error
