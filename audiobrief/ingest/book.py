"""An EPUB to documents: one for each of its parts."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from audiobrief.ingest.archive import Archive, open_archive
from audiobrief.ingest.epub import Book, read_book
from audiobrief.ingest.epub_page import bind
from audiobrief.ingest.epub_parts import Part, divide, read_bodies
from audiobrief.ingest.stated import Stated, read_date
from audiobrief.text.page.byline import is_person, join_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path


@contextmanager
def open_book(path: Path, locator: str) -> Iterator[tuple[Archive, Book]]:
    """Open an EPUB.

    Raises:
        SourceError: It is none, encrypted or damaged.
        OSError: The file cannot be read.
    """
    with path.open("rb") as stream, open_archive(stream, locator) as archive:
        yield archive, read_book(archive, locator)


def parts_of(path: Path, locator: str) -> list[Part]:
    """Return what becomes one article each; at least one.

    Raises:
        SourceError: It is no EPUB, encrypted or damaged.
        OSError: The file cannot be read.
    """
    with open_book(path, locator) as (archive, book):
        return divide(archive, book, locator)


def read_part(path: Path, part: Part, locator: str) -> tuple[bytes, Stated, Stated]:
    """Read one part of a book.

    Returns:
        The part as one page of HTML; what is stated of the part; and what of the book that it is
        a part of, which need not be true of the part.

    Raises:
        SourceError: The book or a page of the part is damaged.
        OSError: The file cannot be read.
    """
    with open_book(path, locator) as (archive, book):
        raw = bind(read_bodies(archive, part, locator), part.title, book.language)
    whole = Stated(
        title=book.title,
        published=_published(book, part.number),
        byline=join_names(book.authors) if all(map(is_person, book.authors)) else None,
        outlet=book.publisher,
        language=book.language,
        tags=book.subjects,
        source=book.title,
    )
    own = Stated(
        title=part.title,
        published=whole.published if part.is_of_work else None,
        byline=whole.byline if part.is_of_work else None,
        language=whole.language,
        tags=whole.tags if part.is_of_work else (),
        source=book.title if part.number else None,
    )
    return raw, own, whole


def _published(book: Book, number: int) -> datetime | None:
    """Return when the book was published; its chapters follow each other by the minute.

    Apps order episodes by their time alone, and a book tells the day at best.
    """
    date = read_date(book.date or "")
    return date + timedelta(minutes=number) if date else None
