"""Find articles in files, folders and standard input, and read them within safe bounds."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from audiobrief.errors import SourceError
from audiobrief.ingest.encoding import find_binary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: The longest novel chapter is far below; a page of 2 MB is a log or a mistake.
MAX_BYTES = 2_000_000


class DocumentKind(StrEnum):
    """How a source is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


_KIND_OF_SUFFIX = {
    ".txt": DocumentKind.TEXT,
    ".md": DocumentKind.MARKDOWN,
    ".html": DocumentKind.HTML,
    ".htm": DocumentKind.HTML,
}
_SUFFIXES = ", ".join(_KIND_OF_SUFFIX)
_HTML_STARTS = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<!--", b"<article", b"<div")


@dataclass(frozen=True, slots=True)
class Document:
    """A source as it came."""

    #: A path relative to the workspace, POSIX separators; ``stdin`` for standard input.
    locator: str
    kind: DocumentKind
    raw: bytes


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may hold an article; nobody has opened it yet."""

    locator: str
    path: Path


def gather(paths: Sequence[Path], *, root: Path) -> list[Candidate]:
    """List the files that the paths name, without reading any.

    Folders are searched through, sorted by name. Hidden files and folders, files of other
    kinds, links that lead out of the folder, pipes, devices and ``root``'s own ``episodes``
    are passed over there. A path named directly is always listed, also when it does not
    exist: ``read`` then says what is wrong with it, and the others go on.

    Args:
        paths: Files and folders, relative ones below the current directory.
        root: The workspace; locators are relative to it.

    Returns:
        In the order of ``paths``, each file once.
    """
    found: dict[str, Candidate] = {}
    for path in paths:
        for file in _walk(path, root / "episodes") if _is_folder(path) else (path,):
            found.setdefault(
                os.path.realpath(_printable(file)), Candidate(_locator(file, root), file)
            )
    return list(found.values())


def read(candidate: Candidate) -> Document:
    """Read a file that ``gather`` listed.

    Raises:
        SourceError: It is missing, no regular file, of another kind, larger than
            ``MAX_BYTES``, empty, binary, or may not be read.
    """
    locator, path = candidate.locator, candidate.path
    try:
        status = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _unreadable(error, locator, path) from error
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(
            "not a regular file", locator, remedy="name a text, Markdown or HTML file"
        )
    kind = _KIND_OF_SUFFIX.get(path.suffix.lower())
    if kind is None:
        raise SourceError(
            f"files of the kind {path.suffix or 'without a suffix'} are not read",
            locator,
            remedy=f"save the article as one of {_SUFFIXES}",
        )
    if status.st_size > MAX_BYTES:
        raise _too_large(locator)
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(error, locator) from error
    return _checked(locator, kind, raw)


def read_stream(stream: BinaryIO) -> Document:
    """Read an article from standard input: HTML when it starts like HTML, else text.

    Raises:
        SourceError: It is larger than ``MAX_BYTES``, empty or binary, or cannot be read.
    """
    pieces: list[bytes] = []
    size = 0
    try:
        # A pipe hands over what it has; no more than the limit is ever held.
        while size <= MAX_BYTES and (piece := stream.read(min(65536, MAX_BYTES + 1 - size))):
            pieces.append(piece)
            size += len(piece)
    except OSError as error:
        raise _unreadable(error, "stdin") from error
    raw = b"".join(pieces)
    return _checked("stdin", _sniff(raw), raw)


def _checked(locator: str, kind: DocumentKind, raw: bytes) -> Document:
    if len(raw) > MAX_BYTES:
        raise _too_large(locator)
    if not raw.strip():
        raise SourceError("the file is empty", locator, remedy="put the article's text in it")
    binary = find_binary(raw)
    if binary:
        raise SourceError(
            f"this is {binary}, no text", locator, remedy=f"save the article as one of {_SUFFIXES}"
        )
    return Document(locator, kind, raw)


def _sniff(raw: bytes) -> DocumentKind:
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower()
    return DocumentKind.HTML if start.startswith(_HTML_STARTS) else DocumentKind.TEXT


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # told by read()
        return False


def _walk(folder: Path, output: Path) -> Iterator[Path]:
    """Yield the article files below a folder; links to folders are never entered."""
    inside = Path(os.path.realpath(folder))
    produced = Path(os.path.realpath(output))
    for directory, folders, files in os.walk(folder):
        here = Path(directory)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and Path(os.path.realpath(here / name)) != produced
        )
        for name in sorted(files):
            path = here / name
            if name.startswith(".") or path.suffix.lower() not in _KIND_OF_SUFFIX:
                continue
            if path.is_symlink() and inside not in Path(os.path.realpath(path)).parents:
                continue
            # A pipe would block whoever opens it; a dangling link is no article either.
            if path.is_file():
                yield path


def _locator(path: Path, root: Path) -> str:
    whole = Path(os.path.abspath(_printable(path)))  # noqa: PTH100 - resolve() would follow links
    for base in (Path(os.path.abspath(root)), Path(os.path.realpath(root))):  # noqa: PTH100
        if whole.is_relative_to(base):
            return whole.relative_to(base).as_posix()
    try:
        # Manifests are published: they tell no more of the machine's folders than they must.
        return Path(os.path.relpath(whole, root)).as_posix()
    except ValueError:
        return whole.as_posix()  # another drive, on Windows


def _printable(path: Path) -> str:
    """Return the path in characters that can be written as UTF-8, and without a NUL."""
    name = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return name.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _too_large(locator: str) -> SourceError:
    return SourceError(
        f"larger than {MAX_BYTES // 1_000_000} MB",
        locator,
        remedy="split it, or save the article alone, without the rest of the page",
    )


def _unreadable(error: OSError | ValueError, locator: str, path: Path | None = None) -> SourceError:
    if isinstance(error, FileNotFoundError):
        near = None if path is None else _near(path)
        guess = f'did you mean "{near}"?' if near else "check the path"
        return SourceError("there is no such file", locator, remedy=guess)
    reason = getattr(error, "strerror", None) or str(error)
    return SourceError(
        f"cannot be read ({reason})", locator, remedy="check the path and its permissions"
    )


def _near(path: Path) -> str | None:
    """Return the path of a file that exists and is misspelled in one part of this one, if any."""
    from difflib import get_close_matches  # noqa: PLC0415 - lazy: only when something is wrong

    missing = path
    try:
        while not missing.parent.exists():
            missing = missing.parent
        names = [other.name for other in missing.parent.iterdir()]
    except OSError:  # a folder that may not be listed: then there is nothing to suggest
        return None
    for name in get_close_matches(missing.name, names):
        there = missing.with_name(name) / path.relative_to(missing)
        if there.is_file():
            return _printable(there)
    return None
