"""An item of a source becomes a file of the inbox: what it brings, or what its address gives."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.ingest.document import checked
from audiobrief.ingest.encoding import decode
from audiobrief.ingest.kept import render_kept_page, render_kept_text, split_kept_page
from audiobrief.ingest.source import Candidate, Document, DocumentKind, expand, read
from audiobrief.ingest.stated import Stated
from audiobrief.intake.address import canonical_url
from audiobrief.model.intake import ContentKind
from audiobrief.net.answer import PAGE
from audiobrief.net.answer import Known as Marks
from audiobrief.pipeline.recipe import read_article
from audiobrief.store.files import atomic_write, remove_if_there
from audiobrief.store.library import slug

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.model.article import Article
    from audiobrief.model.intake import Item
    from audiobrief.net.answer import Answer
    from audiobrief.net.client import Client
    from audiobrief.workspace.load import Workspace
    from audiobrief.workspace.settings import SourceSettings

_SUFFIXES = {
    DocumentKind.HTML: ".html",
    DocumentKind.MARKDOWN: ".md",
    DocumentKind.PDF: ".pdf",
    DocumentKind.EPUB: ".epub",
}
_KINDS = {
    "text/plain": DocumentKind.MARKDOWN,
    "text/markdown": DocumentKind.MARKDOWN,
    "application/pdf": DocumentKind.PDF,
    "application/epub+zip": DocumentKind.EPUB,
}
#: Kinds whose files have no room for what a source says of them.
_WITHOUT_HEAD = frozenset({DocumentKind.PDF, DocumentKind.EPUB})
#: Of the name of a file, 48 bits: no two of a million items share them by chance.
_MARK_LETTERS = 12
_CHARSET = re.compile(rb"(?:charset|encoding)\s{0,9}=", re.IGNORECASE)
_MARKS_OF_ORDER = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it is to be written, and what is in it."""

    locator: str
    raw: bytes
    #: One; of a book, one a part.
    articles: tuple[Article, ...]
    #: What its page said of its version; empty: it came with its source, or the page said nothing.
    marks: Marks

    @property
    def digest(self) -> str:
        """What tells whether somebody has edited the file."""
        return sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Receiver:
    """Makes files of items.

    Args:
        workspace: Whose inbox it is.
        client: The network.
    """

    workspace: Workspace
    client: Client

    def receive(self, settings: SourceSettings, item: Item, here: str, marks: Marks) -> Incoming:
        """Return an item as a file of the inbox; nothing is written there.

        Args:
            settings: The source that offers it.
            item: What it offers.
            here: The file that it was taken as before; empty: it is new.
            marks: What its page said of its version then.

        Raises:
            SourceError: There is no article at its address, or not now.
        """
        stated = _stated(settings, item)
        content = item.content
        if content is not None and (content.is_whole or item.url is None):
            if content.kind is ContentKind.HTML:
                page = _as_page(content.text)
                return self._made(DocumentKind.HTML, render_kept_page(stated, page), item, here)
            text = render_kept_text(stated, content.text)
            return self._made(DocumentKind.MARKDOWN, text, item, here)
        assert item.url is not None  # noqa: S101 - an item has an address or content
        before = self._page_of(here) if marks.etag or marks.last_modified else None
        known = marks if before is not None else None
        answer = self.client.get(item.url, known=known, limit=PAGE, found_on=settings.url)
        kind, raw = _kind_of(answer), answer.body
        if raw is None:
            raw = render_kept_page(stated, before or b"")
        elif kind is DocumentKind.HTML:
            raw = render_kept_page(stated, _telling_charset(raw, answer.charset))
        elif kind is DocumentKind.MARKDOWN:
            raw = render_kept_text(stated, _text_of(raw, answer.charset))
        return self._made(kind, raw, item, here, answer.known)

    def _made(
        self,
        kind: DocumentKind,
        raw: bytes,
        item: Item,
        here: str,
        marks: Marks = Marks(),  # noqa: B008 - frozen
    ) -> Incoming:
        suffix = _SUFFIXES[kind]
        is_of_kind = here.lower().endswith((suffix, ".htm") if suffix == ".html" else suffix)
        locator = here if here and is_of_kind else _locator(item, suffix)
        language = self.workspace.settings.show.language
        if kind is DocumentKind.EPUB:
            documents = self._parts(locator, raw)
        else:
            documents = (checked(locator, kind, raw),)
        articles = tuple(read_article(document, language) for document in documents)
        return Incoming(locator, raw, articles, marks)

    def _parts(self, locator: str, raw: bytes) -> tuple[Document, ...]:
        """Open a book, which takes a file, before it comes into the inbox."""
        place = self.workspace.cache / "incoming.epub"
        try:
            atomic_write(place, raw)
            return tuple(read(part) for part in expand(Candidate(locator, place)))
        finally:
            remove_if_there(place)

    def _page_of(self, here: str) -> bytes | None:
        """Return the page in a file of the inbox; ``None``: it holds none."""
        path: Path = self.workspace.root / here
        if not here.endswith(".html") or not path.is_file():
            return None
        return split_kept_page(path.read_bytes(), where=here)[1]


def mark_of(item: Item) -> str:
    """Return how the name of an item's file ends: the same whenever and however it is taken."""
    known = canonical_url(item.url) if item.url else item.key
    return f"-{sha256(known.encode('utf-8', 'replace')).hexdigest()[:_MARK_LETTERS]}"


def has_head(locator: str) -> bool:
    """Tell whether a file says of itself where it is from."""
    return not locator.endswith(tuple(_SUFFIXES[kind] for kind in _WITHOUT_HEAD))


def _locator(item: Item, suffix: str) -> str:
    day = f"{item.published:%Y-%m-%d}-" if item.published else ""
    return f"articles/{day}{slug(item.title or '', limit=60)}{mark_of(item)}{suffix}"


def _stated(settings: SourceSettings, item: Item) -> Stated:
    tags = tuple(dict.fromkeys((*item.tags, *settings.tags)))
    return Stated(
        item.url, item.title, item.published, item.byline, item.outlet, item.language, tags,
        settings.name,
    )  # fmt: skip


def _kind_of(answer: Answer) -> DocumentKind:
    """Return what an answer is, by its first bytes where they say so."""
    start = (answer.body or b"")[:100]
    if start.startswith(b"%PDF-"):
        return DocumentKind.PDF
    if start.startswith(b"PK") and b"application/epub+zip" in start:
        return DocumentKind.EPUB
    return _KINDS.get(answer.content_type or "", DocumentKind.HTML)


def _telling_charset(page: bytes, charset: str | None) -> bytes:
    """Return a page that says itself how it is written, where only the answer's head did."""
    if charset is None or _CHARSET.search(page[:4096]) or page.startswith(_MARKS_OF_ORDER):
        return page
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        return codecs.BOM_UTF8 + page.decode(charset, "replace").encode("utf-8", "replace")
    return page


def _text_of(body: bytes, charset: str | None) -> str:
    """Return a text as its answer says that it is written; where that is wrong, as it looks."""
    try:
        return body.decode(charset or "utf-8")
    except UnicodeDecodeError:
        return decode(body).text


def _as_page(markup: str) -> bytes:
    """Return a piece of HTML as a page of its own."""
    if "<html" in markup[:1000].lower():
        return markup.encode("utf-8", "replace")
    page = f'<!doctype html>\n<html><head><meta charset="utf-8"></head><body><article>\n{markup}\n'
    return f"{page}</article></body></html>\n".encode("utf-8", "replace")
