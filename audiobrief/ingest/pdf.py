"""A PDF with text in it to lines: rows read page by page within bounds, then put together again."""

from __future__ import annotations

import io
import logging
import math
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from audiobrief.errors import SourceError
from audiobrief.ingest.pdf_layout import lay_out
from audiobrief.ingest.pdf_rows import Row, RowMaker
from audiobrief.ingest.properties import confirm
from audiobrief.ingest.stated import Stated
from audiobrief.text.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from audiobrief.text.page.furniture import Line

#: A thousand pages are 30 hours of speech.
MAX_PAGES = 1000
#: A page of small print has 10,000 operations and values; drawings have more, and no more text.
_PAGE_OPERATIONS = 300_000
#: All pages together: a minute on a slow machine.
_ALL_OPERATIONS = 15_000_000
_STREAM_BYTES = 3_000_000
#: So many bytes of a stream take as long as an operation, also where they are blanks.
_OPERATION_BYTES = 20
#: Drawings and pictures placed on a page, each with a stream of its own.
_PAGE_FORMS = 1000
#: A page of pictures may have a stamp or a number on it.
_SCANNED_LETTERS = 30
#: Characters that no font says how to read.
_UNREADABLE_SHARE = 0.2
_INSTALL = 'pip install "audiobrief[documents]"'
_SAVE_AGAIN = "open it in a PDF reader and save it again by printing it to a PDF file"


class _TooMuchError(BaseException):
    """A page has more operations than any page of text; pypdf catches what is an Exception."""


def read_pdf(raw: bytes, locator: str) -> tuple[tuple[Line, ...], Stated, Stated, tuple[str, ...]]:
    """Read a PDF document.

    Bounds count operations, not seconds, so that every machine reads the same of a file.

    Args:
        raw: The file.
        locator: Named in errors.

    Returns:
        Its lines; what is certain of title and author; what its properties say; notes.

    Raises:
        SourceError: pypdf is not installed; the file is damaged, encrypted, a scan without text,
            longer than ``MAX_PAGES``, or drawn in more operations than can be read.
    """
    pypdf = _pypdf(locator)
    with (
        _quiet(),
        pypdf.apply_configuration(
            stream_parsing_work_maximum_count=_PAGE_OPERATIONS,
            zlib_maximum_output_length=_STREAM_BYTES,
            lzw_maximum_output_length=_STREAM_BYTES,
            run_length_maximum_output_length=_STREAM_BYTES,
            array_based_stream_maximum_output_length=_STREAM_BYTES,
            xform_maximum_invocations_per_extraction=_PAGE_FORMS,
            page_tree_maximum_entries=10 * MAX_PAGES,
        ),
    ):
        try:
            reader = _opened(pypdf, raw, locator)
            pages, notes = _pages(pypdf, reader, locator)
            declared = _properties(reader)
        except SourceError:
            raise
        except MemoryError:
            raise
        except Exception as error:  # pypdf raises whatever a malformed file leads it to
            raise SourceError(
                f"the PDF is damaged ({type(error).__name__}: {error})"[:200],
                locator,
                remedy=_SAVE_AGAIN,
            ) from error
    _refuse_unreadable(pages, locator)
    laid_out = lay_out(pages)
    texts = [line.text for line in laid_out.lines if line.dropped is None]
    stated = confirm(declared, texts, title=laid_out.title)
    return laid_out.lines, stated, declared, notes


def _pypdf(locator: str) -> Any:
    try:
        # Here, not above: it is no part of the plain installation, and takes 0.15 s to import.
        import pypdf  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise SourceError(
            "the package pypdf, which reads PDF documents, is not installed",
            locator,
            remedy=f"run: {_INSTALL}",
        ) from error
    return pypdf


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pypdf from logging what it mends: Python prints it where nobody has set up logging."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _opened(pypdf: Any, raw: bytes, locator: str) -> Any:
    reader = pypdf.PdfReader(io.BytesIO(raw), strict=False)
    if reader.is_encrypted:
        try:
            # Many files may be opened by everybody, and only printed or changed by some.
            is_open = bool(reader.decrypt(""))
        except pypdf.errors.DependencyError:
            is_open = False
        if not is_open:
            raise SourceError(
                "the PDF is encrypted",
                locator,
                remedy="open it with its password and save a copy without one",
            )
    if len(reader.pages) > MAX_PAGES:
        raise SourceError(
            f"it has {len(reader.pages):,} pages, more than {MAX_PAGES:,}",
            locator,
            remedy="save the pages of the article alone",
        )
    return reader


def _pages(pypdf: Any, reader: Any, locator: str) -> tuple[list[list[Row]], tuple[str, ...]]:
    """Return the rows of each page in the order in which they were written, and notes."""
    pages: list[list[Row]] = []
    operations = 0
    intricate: list[int] = []
    for number, page in enumerate(reader.pages):
        meter, maker = _Meter(), RowMaker(number)
        try:
            _read_page(page, maker, meter)
            rows = maker.rows()
        except (_TooMuchError, pypdf.errors.LimitReachedError):
            intricate.append(number + 1)
            meter.operations = max(meter.operations, _PAGE_OPERATIONS)
            rows = []
        operations += meter.operations
        if operations > _ALL_OPERATIONS:
            raise SourceError(
                "its pages are drawn in more steps than pages of text are",
                locator,
                remedy="save its text as .txt, or the pages of the article alone",
            )
        pages.append(rows)
    if sum(len(row.text) for rows in pages for row in rows) < _SCANNED_LETTERS * len(pages):
        raise _without_text(locator, intricate)
    empty = sum(not rows for rows in pages) - len(intricate)
    told = {
        "pages without text, as pictures and scans": str(empty) if empty else "",
        "pages left out, as they are drawn in too many steps": ", ".join(map(str, intricate)),
    }
    return pages, tuple(f"{what}: {which}" for what, which in told.items() if which)


def _read_page(page: Any, maker: RowMaker, meter: _Meter) -> None:
    def take(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        maker.take(text, _combined(tm, cm), _is_bold(font), size)

    contents = page.get_contents()
    meter.count((0 if contents is None else len(contents.get_data())) // _OPERATION_BYTES)
    meter.drawing = _largest_form(page) // _OPERATION_BYTES
    page.extract_text(visitor_operand_before=meter.step, visitor_text=take)


def _largest_form(page: Any) -> int:
    """Return the size of the largest drawing that a page can place, in bytes.

    pypdf reads a drawing anew each time, and says nothing of one that it cannot read.
    """
    largest = 0
    seen: set[int] = set()
    rest = [page.get("/Resources")]
    while rest:
        resources = rest.pop()
        resources = resources.get_object() if resources is not None else {}
        placed = resources.get("/XObject")
        for item in (placed.get_object() if placed is not None else {}).values():
            form = item.get_object()
            if form.get("/Subtype") != "/Form" or id(form) in seen:
                continue
            seen.add(id(form))
            if len(seen) > _PAGE_FORMS:
                raise _TooMuchError
            largest = max(largest, len(form.get_data()))
            rest.append(form.get("/Resources"))
    return largest


@dataclass(slots=True)
class _Meter:
    """Counts what a page costs, and stops it."""

    operations: int = 0
    #: What placing a drawing costs, in operations.
    drawing: int = 0
    drawings: int = 0

    def count(self, operations: int) -> None:
        """Count operations."""
        self.operations += operations
        if self.operations > _PAGE_OPERATIONS or self.drawings > _PAGE_FORMS:
            raise _TooMuchError

    def step(self, operator: bytes, operands: Any, *_: Any) -> None:
        """Count an operation and its values; called by pypdf before each."""
        is_drawing = operator == b"Do"
        self.drawings += is_drawing
        values = sum(len(value) for value in operands if isinstance(value, list))
        self.count(1 + values + is_drawing * self.drawing)


def _without_text(locator: str, intricate: list[int]) -> SourceError:
    if intricate:
        return SourceError(
            "its pages are drawn in more steps than pages of text are",
            locator,
            remedy="save its text as .txt, or the pages of the article alone",
        )
    return SourceError(
        "its pages are pictures: there is no text in it, as in a scan",
        locator,
        remedy="have the text recognized first, for instance: ocrmypdf scan.pdf text.pdf",
    )


def _combined(a: list[float], b: list[float]) -> tuple[float, ...]:
    """Return the product of two matrices of PDF (ISO 32000-2, 8.3.3), six numbers each."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


def _is_bold(font: Any) -> bool:
    name = str((font or {}).get("/BaseFont", "")).lower()
    return any(word in name for word in ("bold", "black", "heavy", "semibold"))


def _refuse_unreadable(pages: list[list[Row]], locator: str) -> None:
    """Refuse text in fonts that do not say which characters their signs are."""
    text = "".join(row.text for rows in pages for row in rows)
    unreadable = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < " " for c in text)
    if unreadable > _UNREADABLE_SHARE * len(text):
        raise SourceError(
            "its fonts do not say which letters they show: the text cannot be copied",
            locator,
            remedy="have the text recognized, for instance: ocrmypdf --force-ocr in.pdf out.pdf",
        )


def _properties(reader: Any) -> Stated:
    told = reader.metadata or {}

    def value(name: str) -> str | None:
        found = told.get(name)
        text = " ".join(scrub(str(found))[0].split()) if found else ""
        return text[:1000] or None

    keywords = (value("/Keywords") or "").replace(";", ",").split(",")
    return Stated(
        title=value("/Title"),
        byline=value("/Author"),
        published=_created(told),
        tags=tuple(dict.fromkeys(word.strip() for word in keywords if word.strip())),
    )


def _created(told: Any) -> datetime | None:
    try:
        date = told.creation_date
    except (AttributeError, TypeError, ValueError):  # no date, or none that there is
        return None
    if date is None or not math.isfinite(date.year):
        return None
    found: datetime = date if date.tzinfo else date.replace(tzinfo=UTC)
    return found
