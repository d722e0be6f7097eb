"""A source as it came: its kind, its bounds, and whether its bytes are what its name says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.ingest.encoding import find_binary
from audiobrief.ingest.kept import split_kept_page
from audiobrief.ingest.stated import NOTHING_STATED, Stated

if TYPE_CHECKING:
    from pathlib import Path

#: The longest novel chapter is far below; a page of 2 MB is a log or a mistake.
MAX_BYTES = 2_000_000
#: Documents carry their pictures with them.
MAX_DOCUMENT_BYTES = 100_000_000


class DocumentKind(StrEnum):
    """How a source is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    EPUB = "epub"
    DOCX = "docx"
    PDF = "pdf"


KIND_OF_SUFFIX = {
    ".txt": DocumentKind.TEXT,
    ".md": DocumentKind.MARKDOWN,
    ".html": DocumentKind.HTML,
    ".htm": DocumentKind.HTML,
    ".epub": DocumentKind.EPUB,
    ".docx": DocumentKind.DOCX,
    ".pdf": DocumentKind.PDF,
}
#: Files that are packed or laid out, and what they begin with.
_DOCUMENTS = {
    DocumentKind.EPUB: (b"PK", "no EPUB"),
    DocumentKind.DOCX: (b"PK", "no Word document (.docx)"),
    DocumentKind.PDF: (b"%PDF-", "no PDF document"),
}
#: Old Word documents; those of today are packed in it when they have a password.
_OLE = b"\xd0\xcf\x11\xe0"
_SUFFIXES = ", ".join(KIND_OF_SUFFIX)


@dataclass(frozen=True, slots=True)
class Document:
    """A source as it came."""

    #: A path relative to the workspace, POSIX separators; ``stdin`` for standard input.
    locator: str
    kind: DocumentKind
    #: The file; of an EPUB, the pages of the part bound into one page of HTML.
    raw: bytes
    #: What an EPUB states of the part.
    stated: Stated = NOTHING_STATED
    #: What it states of itself, which need not be true of the part.
    whole: Stated = NOTHING_STATED
    notes: tuple[str, ...] = ()


def limit_bytes(kind: DocumentKind) -> int:
    """Return the size of the largest file of a kind that is read."""
    return MAX_DOCUMENT_BYTES if kind in _DOCUMENTS else MAX_BYTES


def kind_of(path: Path, locator: str) -> DocumentKind:
    """Return the kind that a file's suffix names.

    Raises:
        SourceError: Files of that suffix are not read.
    """
    suffix = path.suffix.lower()
    if suffix in (".doc", ".dot"):
        raise SourceError(
            "old Word documents (.doc) are not read",
            locator,
            remedy="open it in Word or LibreOffice and save it as .docx",
        )
    if suffix in (".eml", ".mbox"):
        raise SourceError(
            "mail is a source of articles, and none itself",
            locator,
            remedy=f'add it to [[sources]] with kind = "list" and path = "{locator}"',
        )
    kind = KIND_OF_SUFFIX.get(suffix)
    if kind is None:
        raise SourceError(
            f"files of the kind {path.suffix or 'without a suffix'} are not read",
            locator,
            remedy=f"save the article as one of {_SUFFIXES}",
        )
    return kind


def checked(locator: str, kind: DocumentKind, raw: bytes) -> Document:
    """Return a document whose bytes are of its kind.

    Raises:
        SourceError: They are too many, empty, or of another kind.
    """
    if len(raw) > limit_bytes(kind):
        raise too_large(locator, kind)
    refuse_other_kind(locator, kind, raw)
    return Document(locator, kind, raw)


def refuse_other_kind(locator: str, kind: DocumentKind, raw: bytes) -> None:
    """Raise ``SourceError`` for bytes that are empty, or of another kind than their file's name.

    Args:
        locator: Named in the error.
        kind: What the file should be.
        raw: The file; of an EPUB, its beginning is enough.
    """
    if not raw.strip():
        raise SourceError("the file is empty", locator, remedy="put the article's text in it")
    if kind not in _DOCUMENTS:
        is_page = kind is DocumentKind.HTML
        content = split_kept_page(raw, where=locator)[1] if is_page else raw
        if binary := find_binary(content):
            raise SourceError(
                f"this is {binary}, no text",
                locator,
                remedy=f"save the article as one of {_SUFFIXES}, with the suffix of its kind",
            )
        return
    start, problem = _DOCUMENTS[kind]
    # Some programs write a line or two before a PDF (ISO 32000-2, annex I).
    if raw.startswith(start) or (kind is DocumentKind.PDF and start in raw[:1024]):
        return
    if raw.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in raw
        raise SourceError(
            "the document is encrypted" if locked else "this is an old Word document (.doc)",
            locator,
            remedy="open it in Word or LibreOffice and save it as .docx without a password",
        )
    raise SourceError(
        f"this is {find_binary(raw) or 'text'}, {problem}",
        locator,
        remedy="give the file the suffix of its kind",
    )


def too_large(locator: str, kind: DocumentKind) -> SourceError:
    """Return the error for a file beyond the size of its kind."""
    return SourceError(
        f"larger than {limit_bytes(kind) // 1_000_000} MB",
        locator,
        remedy="split it, or save the article alone, without the rest of the page",
    )
