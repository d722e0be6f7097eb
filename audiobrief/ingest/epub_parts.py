"""What of a book is one episode: its chapters or articles, or the whole of a short work."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from audiobrief.errors import SourceError
from audiobrief.ingest.epub import resolved
from audiobrief.ingest.epub_matter import are_sections, is_number, name_matter
from audiobrief.ingest.epub_page import Measured, mark_notes, measure, stretch
from audiobrief.ingest.markup_file import parse_xhtml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from audiobrief.ingest.archive import Archive
    from audiobrief.ingest.epub import Book, Entry

#: The shortest news brief of 612 English pages has so many words.
MIN_PART_WORDS = 50
#: Chapters of a work that is no longer (40 minutes of speech) are heard in one go.
SHORT_WORK_WORDS = 6000
#: Above an entry's own chapters stands no more than a title and a motto.
_TITLE_PAGE_WORDS = 50
#: More places on one page than chapters: each would be cut out of the whole of it.
_MOST_ON_PAGE = 200
#: The text of a chapter with its markup; the longest novel in one page has 5 MB.
_PAGE_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one page, from one place to another; empty: its beginning, its end."""

    page: str
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes one article."""

    title: str | None
    spans: tuple[Span, ...]
    #: Counted from 1; 0: the whole book.
    number: int = 0
    #: A section of one work by the book's authors, not an article by somebody else.
    is_of_work: bool = True
    #: What was decided, in words for the user.
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Pages:
    """The pages of a book, each parsed once."""

    archive: Archive
    locator: str
    parsed: dict[str, Any] = field(default_factory=dict)

    def root(self, page: str) -> Any:
        if page not in self.parsed:
            raw = self.archive.read(page, limit_bytes=_PAGE_BYTES)
            self.parsed[page] = parse_xhtml(raw, page, self.locator)
        return self.parsed[page]

    def bodies(self, spans: Iterable[Span]) -> list[Any]:
        bodies = [stretch(self.root(s.page), s.start, s.end) for s in spans]
        for body in bodies:
            mark_notes(body)
        return bodies


@dataclass(frozen=True)
class _Chapter:
    """A stretch of the book between two places of its contents."""

    title: str | None
    spans: tuple[Span, ...]
    #: ``None``: damaged; whoever reads it is told.
    measured: Measured | None
    kind: str | None

    @cached_property
    def words(self) -> int:
        return self.measured.words if self.measured else MIN_PART_WORDS

    @property
    def shown(self) -> str:
        return self.title or (self.measured.heading if self.measured else None) or "untitled"

    @cached_property
    def left_out(self) -> str | None:
        """Why it is no article, in words for the user."""
        return name_matter(self.kind, self.title, self.measured)


def read_bodies(archive: Archive, part: Part, locator: str) -> list[Any]:
    """Return the stretches of a part, their notes marked.

    Raises:
        SourceError: A page of it is missing, damaged or too large.
    """
    return _Pages(archive, locator).bodies(part.spans)


def divide(archive: Archive, book: Book, locator: str) -> list[Part]:
    """Divide a book into what becomes one episode each, in order.

    That is each chapter or article of the table of contents with ``MIN_PART_WORDS`` words or more,
    whatever kind of book it is: a novel as one episode would have ten hours. A short work whose
    sections are numbered, or called introduction and the like, stays whole.

    Returns:
        At least one part.

    Raises:
        SourceError: The book has no pages.
    """
    if not book.pages:
        raise SourceError(
            "the book has no pages", locator, remedy="save it again as EPUB with its program"
        )
    pages = _Pages(archive, locator)
    chapters = _chapters(book, pages)
    matter = [c for c in chapters if c.left_out]
    text = [c for c in chapters if not c.left_out] or chapters
    long = [c for c in text if c.words >= MIN_PART_WORDS]
    notes = (*book.notes, *_notes(book, matter))
    is_work = are_sections([c.title for c in long])
    if len(long) <= 1 or (is_work and sum(c.words for c in text) <= SHORT_WORK_WORDS):
        spans = tuple(span for c in text for span in c.spans)
        if len(long) > 1:
            notes = (f"the book is one article: a short work in {len(long)} sections", *notes)
        return [Part(book.title, spans, notes=notes)]
    short = [f'"{c.shown}" ({c.words} words)' for c in text if c.words < MIN_PART_WORDS]
    if short:
        notes = (*notes, f"too short for an episode and left out: {_listed(short)}")
    return list(_parts(book, long, notes, is_work=is_work))


def _parts(
    book: Book, long: list[_Chapter], notes: tuple[str, ...], *, is_work: bool
) -> Iterator[Part]:
    what = "chapter" if is_work else "article"
    for number, chapter in enumerate(long, 1):
        title = chapter.title or (chapter.measured.heading if chapter.measured else None)
        if is_work:
            title = _titled(book.title, title or f"{number}")
        about = f"{what} {number} of {len(long)} of this book, an episode each"
        yield Part(
            title,
            chapter.spans,
            number,
            is_of_work=is_work,
            notes=(about, *(notes if number == 1 else ())),
        )


def _titled(book: str | None, chapter: str) -> str:
    """Name a chapter so that it can be told from those of other books."""
    chapter = f"Chapter {chapter.strip(' .')}" if is_number(chapter) else chapter
    return f"{book}: {chapter}" if book and book.lower() not in chapter.lower() else chapter


def _notes(book: Book, matter: list[_Chapter]) -> Iterator[str]:
    if matter:
        yield f"left out of the book: {_listed([c.left_out or '' for c in matter])}"
    if book.aside:
        yield f"pages beside the reading order left out of the book: {len(book.aside)}"
    if book.missing:
        yield f"pages that the book names and does not have: {len(book.missing)}"


def _listed(names: list[str]) -> str:
    """Return names as an enumeration, the same ones counted."""
    counted = [f"{name} ({n} times)" if n > 1 else name for name, n in Counter(names).items()]
    more = len(counted) - 10
    return ", ".join(counted[:10]) + (f" and {more} more" if more > 0 else "")


def _chapters(book: Book, pages: _Pages) -> list[_Chapter]:
    """Return the stretches of the book from each place of the contents to the next."""
    cuts = _cuts(book, pages)
    long = [c for c in cuts if c[1].page in book.pages]
    if len(long) <= 1:
        cuts = list(_headed(book, pages))
    return [_chapter(title, spans, book, pages) for title, spans in _between(book, cuts)]


def _chapter(title: str | None, spans: tuple[Span, ...], book: Book, pages: _Pages) -> _Chapter:
    kinds = {book.kinds.get(span.page) for span in spans}
    try:
        measured = measure(pages.bodies(spans))
    except SourceError:  # told when it is read: one bad chapter does not stop the others
        measured = None
    return _Chapter(title, spans, measured, next(iter(kinds)) if len(kinds) == 1 else None)


def _cuts(book: Book, pages: _Pages) -> list[tuple[str | None, Span]]:
    """Return the places of the contents where chapters begin, in the order of the pages."""
    order = {page: i for i, page in enumerate(book.pages)}
    cuts: list[tuple[str | None, Span]] = []
    last = (-1, -1)
    for entry in _entries(book.contents, pages, book):
        if entry.page not in order:
            continue
        here = (order[entry.page], _place(pages, entry))
        if here > last:
            cuts.append((entry.title or None, Span(entry.page, entry.anchor if here[1] else "")))
            last = here
    anchored = Counter(span.page for _, span in cuts if span.start)
    return [c for c in cuts if not c[1].start or anchored[c[1].page] <= _MOST_ON_PAGE]


def _place(pages: _Pages, entry: Entry) -> int:
    """Return where on its page an entry stands, in elements; 0: at the top."""
    try:
        root = pages.root(entry.page or "")
    except SourceError:  # told when it is read
        return 0
    if not entry.anchor:
        return 0
    return next(
        (i for i, e in enumerate(root.iter("*")) if entry.anchor in (e.get("id"), e.get("name"))), 0
    )


def _entries(entries: Iterable[Entry], pages: _Pages, book: Book) -> Iterator[Entry]:
    """Yield the entries that are chapters: those below a mere heading instead of it."""
    for entry in entries:
        below = [e for e in _all(entry.entries) if e.page in book.pages]
        own = {e.page for e in below} - {entry.page}
        if below and len(own) == len({e.page for e in below}) and _is_heading(entry, own, pages):
            if entry.page is not None:
                yield entry
            yield from _entries(entry.entries, pages, book)
        else:
            yield entry


def _all(entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _all(entry.entries)


def _is_heading(entry: Entry, below: set[str | None], pages: _Pages) -> bool:
    """Tell whether an entry's page only heads, or lists, what stands below it."""
    if entry.page is None:
        return True
    try:
        measured = measure(pages.bodies([Span(entry.page)]))
    except SourceError:  # told when it is read
        return False
    linked = {resolved(href, entry.page)[0] for href in measured.links}
    return measured.words <= _TITLE_PAGE_WORDS or below <= linked


def _headed(book: Book, pages: _Pages) -> Iterator[tuple[str | None, Span]]:
    """Yield the pages that begin with a heading: of a book without contents, its chapters."""
    for page in book.pages:
        try:
            heading = measure(pages.bodies([Span(page)])).heading
        except SourceError:  # told when it is read
            heading = page
        if heading:
            yield heading, Span(page)


def _between(
    book: Book, cuts: list[tuple[str | None, Span]]
) -> Iterator[tuple[str | None, tuple[Span, ...]]]:
    """Yield the stretches from each cut to the next; what stands before the first, untitled."""
    title: str | None = None
    spans: list[Span] = []
    at: Mapping[str, list[tuple[str | None, str]]] = {
        page: [(t, s.start) for t, s in cuts if s.page == page] for page in book.pages
    }
    for page in book.pages:
        start = ""
        for next_title, anchor in at[page]:
            if anchor:
                spans.append(Span(page, start, anchor))
            if spans:
                yield title, tuple(spans)
            title, spans, start = next_title, [], anchor
        spans.append(Span(page, start))
    if spans:
        yield title, tuple(spans)
