"""Find articles in files, folders and standard input, and read them within safe bounds."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from audiobrief.errors import SourceError
from audiobrief.ingest.document import (
    KIND_OF_SUFFIX,
    MAX_BYTES,
    MAX_DOCUMENT_BYTES,
    Document,
    DocumentKind,
    checked,
    kind_of,
    limit_bytes,
    refuse_other_kind,
    too_large,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from audiobrief.ingest.epub_parts import Part

__all__ = [
    "MAX_BYTES",
    "MAX_DOCUMENT_BYTES",
    "Candidate",
    "Document",
    "DocumentKind",
    "expand",
    "gather",
    "read",
    "read_stream",
]

#: The part of a book that a path names behind its file: ``book.epub#chapter-3``.
_PART_MARK = "#chapter-"
_HTML_STARTS = (b"<!doctype", b"<html", b"<head", b"<body", b"<?xml", b"<!--", b"<article", b"<div")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file, or a part of one, that may hold an article."""

    locator: str
    path: Path
    #: Of an EPUB, once ``expand`` has opened it.
    part: Part | None = None


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
    bases = tuple(Path(base) for base in (os.path.abspath(root), os.path.realpath(root)))  # noqa: PTH100
    found: dict[str, Candidate] = {}
    for path in paths:
        files = _walk(path, root, bases) if _is_folder(path) else (_named(path, bases),)
        for real, candidate in files:
            found.setdefault(real, candidate)
    return list(found.values())


def expand(candidate: Candidate) -> list[Candidate]:
    """Return the articles in a file: an EPUB has one a part, every other file is one.

    A book that cannot be opened is returned as it came: ``read`` then says what is wrong with it,
    and the others go on. So it is with a part that the book does not have.
    """
    path, name, number = candidate.path, candidate.path.name, ""
    if _PART_MARK in name and not path.exists():
        name, _, number = name.rpartition(_PART_MARK)
        path = path.with_name(name)
    if not _is_epub(path):
        return [candidate]
    # Here, not above: lxml takes a while to import, and text does without it.
    from audiobrief.ingest.book import parts_of  # noqa: PLC0415

    book = candidate.locator.removesuffix(f"{_PART_MARK}{number}")
    try:
        parts = parts_of(path, book)
    except (SourceError, OSError):
        return [candidate]
    if len(parts) == 1 and not number:
        return [Candidate(book, path, parts[0])]
    found = [Candidate(f"{book}{_PART_MARK}{part.number}", path, part) for part in parts]
    return [c for c in found if number in ("", str(c.part and c.part.number))] or [candidate]


def read(candidate: Candidate) -> Document:
    """Read a file that ``gather`` listed, or a part of one that ``expand`` found.

    Raises:
        SourceError: It is missing, no regular file, of another kind, too large
            (``MAX_BYTES``, ``MAX_DOCUMENT_BYTES``), empty, binary, encrypted, damaged, or may not
            be read; or it is a book of several parts, and none is named.
    """
    locator, path = candidate.locator, candidate.path
    if candidate.part is not None:
        return _read_part(locator, path, candidate.part)
    try:
        status = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _unreadable(error, locator, path) from error
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(
            "not a regular file", locator, remedy="name a text, Markdown or HTML file"
        )
    kind = kind_of(path, locator)
    limit = limit_bytes(kind)
    if status.st_size > limit:
        raise too_large(locator, kind)
    if kind is DocumentKind.EPUB:
        return _read_whole_book(locator, path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        raise _unreadable(error, locator) from error
    return checked(locator, kind, raw)


def _read_whole_book(locator: str, path: Path) -> Document:
    """Read a book that ``expand`` did not open, or could not: then the error is told here."""
    from audiobrief.ingest.book import parts_of  # noqa: PLC0415 - lxml is of no use for text

    try:
        with path.open("rb") as stream:
            refuse_other_kind(locator, DocumentKind.EPUB, stream.read(65_536))
        parts = parts_of(path, locator)
    except OSError as error:
        raise _unreadable(error, locator, path) from error
    if len(parts) > 1:
        raise SourceError(
            f"the book has {len(parts)} parts, an episode each",
            locator,
            remedy=f"name one: {path.name}{_PART_MARK}1",
        )
    return _read_part(locator, path, parts[0])


def _read_part(locator: str, path: Path, part: Part) -> Document:
    from audiobrief.ingest.book import read_part  # noqa: PLC0415 - lxml is of no use for text

    try:
        raw, stated, whole = read_part(path, part, locator)
    except OSError as error:
        raise _unreadable(error, locator, path) from error
    return Document(locator, DocumentKind.EPUB, raw, stated, whole, part.notes)


def _is_epub(path: Path) -> bool:
    """Tell whether a book can be opened: a pipe would block whoever does."""
    if KIND_OF_SUFFIX.get(path.suffix.lower()) is not DocumentKind.EPUB:
        return False
    try:
        return path.is_file() and path.stat().st_size <= MAX_DOCUMENT_BYTES
    except (OSError, ValueError):  # told by read()
        return False


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
    return checked("stdin", _sniff(raw), raw)


def _sniff(raw: bytes) -> DocumentKind:
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:16].lower()
    return DocumentKind.HTML if start.startswith(_HTML_STARTS) else DocumentKind.TEXT


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # told by read()
        return False


#: What a file is known by, however it was named, and the candidate.
_Found = tuple[str, Candidate]


def _named(path: Path, bases: Sequence[Path]) -> _Found:
    return os.path.realpath(_printable(str(path))), Candidate(_locator(path, bases), path)


def _walk(folder: Path, root: Path, bases: Sequence[Path]) -> Iterator[_Found]:
    """Yield the article files below a folder; links to folders are never entered."""
    inside, produced = (Path(os.path.realpath(each)) for each in (folder, root / "episodes"))
    waiting = [(folder, str(inside))]
    while waiting:
        here, real = waiting.pop()
        folders: list[str] = []
        where, known = _locator(here, bases), _printable(real)
        for entry in _entries(here):
            name = entry.name
            if _is(entry.is_dir):
                if not (name.startswith(".") or entry.is_symlink()):
                    folders.append(name)
            elif _is_article(entry) and (
                not entry.is_symlink() or inside in Path(os.path.realpath(entry.path)).parents
            ):
                told = _printable(name)
                locator = told if where == "." else f"{where.rstrip('/')}/{told}"
                # Nothing above it is a link: to ask for each of 100,000 takes a second.
                path = os.path.realpath(entry.path) if entry.is_symlink() else f"{known}/{told}"
                yield path, Candidate(locator, here / name)
        inner = ((here / name, os.path.join(real, name)) for name in reversed(folders))  # noqa: PTH118
        waiting += [one for one in inner if Path(one[1]) != produced]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:  # a folder that may not be listed is passed over
        return []


def _is(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except OSError:
        return False


def _is_article(entry: os.DirEntry[str]) -> bool:
    # Word keeps a file beside each that it has open: ~$report.docx.
    if entry.name.startswith((".", "~$")):
        return False
    suffix = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 - a Path takes ten times as long
    # A pipe would block whoever opens it; a dangling link is no article either.
    return suffix in KIND_OF_SUFFIX and _is(entry.is_file)


def _locator(path: Path, bases: Sequence[Path]) -> str:
    """Return a path as it is told: below the workspace, as it was named or as it really lies."""
    whole = Path(os.path.abspath(_printable(str(path))))  # noqa: PTH100 - resolve() follows links
    for base in bases:
        if whole.is_relative_to(base):
            return whole.relative_to(base).as_posix()
    try:
        # Manifests are published: they tell no more of the machine's folders than they must.
        return Path(os.path.relpath(whole, bases[0])).as_posix()
    except ValueError:
        return whole.as_posix()  # another drive, on Windows


def _printable(name: str) -> str:
    """Return a path in characters that can be written as UTF-8, and without a NUL."""
    if name.isascii() and "\0" not in name:
        return name
    told = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return told.replace("\0", "\N{REPLACEMENT CHARACTER}")


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
            return _printable(str(there))
    return None
