"""Pages of a book: from place to place, with their footnotes marked, bound into one page."""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from lxml import etree

from audiobrief.ingest.markup_file import text_of
from audiobrief.text.language import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NOTE_BLOCKS = frozenset(("p", "div", "li", "dd", "td", "aside", "section"))
_NOTE_ROLES = frozenset(("doc-footnote", "doc-endnote", "doc-endnotes"))
_MARK_ROLES = frozenset(("doc-noteref", "doc-pagebreak"))
#: A mark of a footnote: a number, a letter, or asterisks and daggers, often in brackets.
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[*\u2020\u2021\u00a7\u00b6]{1,4})[\])]?")
#: Longer elements that a mark leads to are no notes.
_NOTE_CHARACTERS = 3000


@dataclass(frozen=True, slots=True)
class Measured:
    """What a stretch of a book holds, without notes, marks and pictures."""

    words: int
    #: Share of its letters that are links, 0..1.
    linked: float
    #: Its first heading.
    heading: str | None
    text: str
    #: Where its links lead, as written.
    links: frozenset[str] = frozenset()


def body_of(root: Any) -> Any:
    """Return the body of a page; a page without one is its own."""
    body = next(root.iter("body"), None)
    return root if body is None else body


def find_anchor(root: Any, anchor: str) -> Any:
    """Return the element in the body that a link means, whole headings only, or ``None``."""
    if not anchor:
        return None
    body = body_of(root)
    found = next((e for e in body.iter("*") if anchor in (e.get("id"), e.get("name"))), None)
    if found is None:
        return None
    around = (e for e in found.iterancestors() if e.tag in (*_HEADINGS, "p"))
    return next(around, found)


def stretch(root: Any, start: str, end: str) -> Any:
    """Return a copy of a page's body from one anchor up to another.

    Args:
        root: The page.
        start: Where it begins; empty or unknown: at the top.
        end: The first place that is no more part of it; empty or unknown: the end of the page.
    """
    body = deepcopy(body_of(root))
    if (last := find_anchor(body, end)) is not None:
        _cut_from(body, last)
    if (first := find_anchor(body, start)) is not None:
        _cut_before(body, first)
    return body


def _cut_before(body: Any, first: Any) -> None:
    """Remove what stands before an element; what is around it stays."""
    keep = first
    while keep is not body:
        parent = keep.getparent()
        parent.text = None
        for sibling in list(keep.itersiblings(preceding=True)):
            parent.remove(sibling)
        keep = parent


def _cut_from(body: Any, last: Any) -> None:
    """Remove an element and what stands behind it."""
    keep = last
    while keep is not body:
        parent = keep.getparent()
        for sibling in list(keep.itersiblings()):
            parent.remove(sibling)
        keep.tail = None
        keep = parent
    if last is not body:
        last.getparent().remove(last)


def mark_notes(body: Any) -> None:
    """Give roles to footnotes, and to the marks that lead to them, in books that have none.

    A mark is a raised link of one sign; a note is what it leads to, if that comes later: the link
    back from the note looks the same.
    """
    places: dict[str, tuple[int, Any]] = {}
    marks: list[tuple[int, Any, str]] = []
    for i, element in enumerate(body.iter("*")):
        for name in (element.get("id"), element.get("name")):
            if name:
                places.setdefault(name, (i, element))
        href = element.get("href") or ""
        if element.tag == "a" and "#" in href and _is_mark(element):
            marks.append((i, element, href.rpartition("#")[2]))
    for i, mark, target in marks:
        at, note = places.get(target, (i + 1, None))
        if at < i:
            continue
        mark.set("role", "doc-noteref")
        while note is not None and note is not body and note.tag not in _NOTE_BLOCKS:
            note = note.getparent()
        if note is not None and note is not body and len(text_of(note)) <= _NOTE_CHARACTERS:
            note.set("role", "doc-footnote")


def _is_mark(link: Any) -> bool:
    if link.get("role") == "doc-noteref":
        return True
    raised = next(link.iter("sup"), None) is not None or next(
        (True for e in link.iterancestors() if e.tag == "sup"), False
    )
    text = text_of(link)
    bracketed = text[:1] == "[" and text[-1:] == "]"
    return bool(_MARK.fullmatch(text)) and (raised or bracketed)


def measure(bodies: Sequence[Any]) -> Measured:
    """Return what stretches hold that can be read aloud."""
    pieces: list[str] = []
    linked = 0
    heading = None
    links: set[str] = set()
    for body in bodies:
        for element in body.iter("*"):
            if element.tag in _HEADINGS and heading is None:
                heading = text_of(element) or None
            if element.tag == "a" and (href := element.get("href")):
                links.add(href)
                linked += len("".join(text_of(element).split()))
        pieces += [text for text in _texts(body) if text.strip()]
    text = " ".join(" ".join(pieces).split())
    letters = max(1, len(text.replace(" ", "")))
    return Measured(count_words(text), min(1.0, linked / letters), heading, text, frozenset(links))


def _texts(element: Any) -> list[str]:
    """Return the texts in an element, those of notes, marks, scripts and styles left out."""
    texts: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, e in walker:
        if event == "end":
            texts.append(e.tail or "" if e is not element else "")
        elif e.get("role") in _NOTE_ROLES | _MARK_ROLES or e.tag in ("script", "style", "svg"):
            walker.skip_subtree()
        else:
            texts.append(e.text or "")
    return texts


def bind(bodies: Sequence[Any], title: str | None, language: str | None) -> bytes:
    """Return one page of HTML, in UTF-8, with all the stretches in order."""
    head = f"<title>{escape(title or '')}</title>"
    lang = f' lang="{escape(language)}"' if language else ""
    heads = sum(1 for body in bodies for _ in body.iter("h1"))
    sections = []
    for body in bodies:
        section = deepcopy(body)
        section.tag = "section"
        section.attrib.clear()
        if heads > 1:  # One would be the headline; of several, each heads a chapter.
            for heading in section.iter("h1"):
                heading.tag = "h2"
        sections.append(etree.tostring(section, method="html", encoding="unicode"))
    html = f"<!DOCTYPE html><html{lang}><head>{head}</head><body>{''.join(sections)}</body></html>"
    return html.encode("utf-8", "replace")
