"""HTML to lines: the whole visible page flattened, and the article in it found by trafilatura."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml import etree

from audiobrief.errors import SourceError
from audiobrief.model.article import BlockKind
from audiobrief.text.furniture import Line
from audiobrief.text.masthead import find_byline
from audiobrief.text.names import looks_like_person
from audiobrief.text.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_INVISIBLE_LIST = """
    script style template noscript head title svg math iframe object canvas audio video select
    datalist textarea
"""
_INVISIBLE = frozenset(_INVISIBLE_LIST.split())
_INLINE_LIST = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small
    span strike strong sub sup time tt u var wbr img picture source
"""
_INLINE = frozenset(_INLINE_LIST.split())
_HIDDEN_STYLE = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden")
_KINDS = {f"h{n}": BlockKind.HEADING for n in range(2, 7)} | {
    "li": BlockKind.LIST_ITEM,
    "dt": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
}
#: Elements whose text is no running text, and what the ledger calls it.
_REASONS = {
    "table": "table",
    "figcaption": "picture caption",
    "nav": "page furniture: navigation",
    "footer": "page furniture: footer",
    "form": "page furniture: form",
    "button": "page furniture: button",
}
_OUTSIDE = "page furniture: outside the article"
#: Shares of a block's four-word sequences that must stand in the extracted text.
_SHARE_IN_BODY = 0.6
_SEQUENCE_WORDS = 4
_WORD = re.compile(r"[^\W_]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")


@dataclass(frozen=True, slots=True)
class Page:
    """A web page, flattened."""

    #: The whole visible text; lines outside the article carry their reason.
    lines: tuple[Line, ...]
    headline: str | None = None
    byline: str | None = None
    outlet: str | None = None
    #: As the page writes it, ISO 8601 where the extractor understood it.
    date: str | None = None
    language: str | None = None
    url: str | None = None
    #: The article in the page was found; else the lines are the page as it is.
    is_extracted: bool = False
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Flat:
    """A line under construction, and the elements around it."""

    pieces: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    kinds: list[BlockKind] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def end_line(self) -> None:
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        text = " ".join(scrub(text)[0].split()) if text else ""
        if text:
            kind = self.kinds[-1] if self.kinds else None
            self.lines.append(Line(text, kind, self.reasons[-1] if self.reasons else None))


def parse_page(text: str, locator: str) -> Page:
    """Flatten a page and find the article in it.

    Args:
        text: The page, already decoded.
        locator: Named in errors.

    Raises:
        SourceError: The page has no elements, or is nested too deeply to be read whole.
    """
    tree = _parse(text, locator)
    lines = _flatten(tree)
    found = _extract(text)
    if found is not None and not _covers(lines, found.text or ""):
        # Pages hide themselves until their scripts have run: then hidden text is the text.
        lines = _flatten(tree, hidden=True)
    if found is None or not (found.text or "").strip():
        note = "the article in the page was not found; the text was cleaned line by line instead"
        return Page(tuple(lines), language=_language(tree), notes=(note,))
    marked = _mark(lines, found.text)
    if all(line.dropped is not None for line in marked):
        note = "the article in the page was not matched; the text was cleaned line by line instead"
        return Page(tuple(lines), language=_language(tree), notes=(note,))
    tables = any(line.dropped == "table" for line in marked)
    return Page(
        lines=tuple(marked),
        headline=_headline(found.title, found.sitename, tree),
        byline=_byline(found.author, lines),
        outlet=_outlet(found.sitename, found.hostname),
        date=found.date,
        language=_language(tree),
        url=found.url if (found.url or "").startswith(("http://", "https://")) else None,
        is_extracted=True,
        notes=("a table is left out: it cannot be read aloud",) if tables else (),
    )


def _parse(text: str, locator: str) -> Any:
    # From bytes: lxml refuses decoded text that names an encoding in its first line. Entities are
    # not resolved, nothing is fetched, and trees deeper than 256 are not built (robustness: 36).
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    raw = _XML_DECLARATION.sub("", text).encode("utf-8", "replace")
    try:
        tree = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(
            "the page cannot be parsed", locator, remedy="save it again, or save its text as .txt"
        ) from error
    too_deep = any("depth" in entry.message.lower() for entry in parser.error_log)
    if tree is None or too_deep:
        problem = "its elements are nested too deeply" if too_deep else "the page has no elements"
        raise SourceError(problem, locator, remedy="save the article's text as .txt")
    return tree


def _flatten(tree: Any, *, hidden: bool = False) -> list[Line]:
    """Return the visible (or all) lines of a page; elements that are not inline break lines."""
    flat = _Flat()
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _INVISIBLE or (not hidden and _is_hidden(element)):
                walker.skip_subtree()
                continue
            _enter(flat, tag)
            if element.text:
                flat.pieces.append(_raised(element.text) if tag == "sup" else element.text)
            continue
        if not (tag in _INVISIBLE or (not hidden and _is_hidden(element))):
            _leave(flat, tag)
        if element.tail:
            flat.pieces.append(element.tail)
    flat.end_line()
    return flat.lines


def _raised(text: str) -> str:
    """Write an exponent in raised figures: flat, ten to the fifteen would be 1015."""
    return text.translate(_RAISED) if _EXPONENT.fullmatch(text.strip()) else text


_RAISED = str.maketrans(
    "0123456789-\u2212", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u207b"
)
_EXPONENT = re.compile(r"[-\u2212]?\d{1,3}")


def _enter(flat: _Flat, tag: str) -> None:
    if tag not in _INLINE:
        flat.end_line()
    if tag in _REASONS:
        flat.reasons.append(_REASONS[tag])
    if tag in _KINDS:
        flat.kinds.append(_KINDS[tag])


def _leave(flat: _Flat, tag: str) -> None:
    if tag not in _INLINE:
        flat.end_line()
    if tag in _REASONS:
        flat.reasons.pop()
    if tag in _KINDS:
        flat.kinds.pop()


def _is_hidden(element: Any) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and _HIDDEN_STYLE.search(style[:500].lower()) is not None


def _extract(text: str) -> Any:
    # Here, not above: it imports 0.4 s of libraries that only this function needs.
    import trafilatura  # noqa: PLC0415

    # Tables cannot be read aloud; comments are other people's texts.
    return trafilatura.bare_extraction(
        text, include_comments=False, include_tables=False, with_metadata=True
    )


def _covers(lines: Sequence[Line], body: str) -> bool:
    """Tell whether most of the words of the extracted body stand in the lines."""
    words = {word for line in lines for word in _WORD.findall(line.text.lower())}
    wanted = set(_WORD.findall(body.lower()))
    return len(wanted & words) >= _SHARE_IN_BODY * len(wanted)


def _mark(lines: Sequence[Line], body: str) -> list[Line]:
    """Mark the lines whose text is not in the extracted body as outside of it."""
    words = _WORD.findall(body.lower())
    sequences = set(zip(*(words[i:] for i in range(_SEQUENCE_WORDS)), strict=False))
    whole = {tuple(_WORD.findall(row.lower())) for row in body.split("\n")}
    return [
        Line(line.text, line.kind)
        if _is_in(line.text, sequences, whole)
        else Line(line.text, line.kind, line.dropped or _OUTSIDE)
        for line in lines
    ]


def _is_in(text: str, sequences: set[tuple[str, ...]], whole: set[tuple[str, ...]]) -> bool:
    words = tuple(_WORD.findall(text.lower()))
    if words in whole:
        return bool(words)
    own = list(zip(*(words[i:] for i in range(_SEQUENCE_WORDS)), strict=False))
    return bool(own) and sum(s in sequences for s in own) >= _SHARE_IN_BODY * len(own)


def _headline(title: str | None, site: str | None, tree: Any) -> str | None:
    """Return the page's title as printed above the text, without the site's name behind it."""
    if not title:
        return None
    title = " ".join(scrub(title)[0].split())
    for heading in _first_headings(tree):
        words, head = title.casefold(), heading.casefold()
        if len(head.split()) >= 3 and (head in words or words in head):
            return heading
    if site:
        title = re.sub(rf"\s+[|\u2013\u2014-]\s+{re.escape(site)}\s*$", "", title)
    return title or None


def _first_headings(tree: Any) -> Iterator[str]:
    for element in list(tree.iter("h1"))[:10]:
        text = " ".join(scrub("".join(element.itertext()))[0].split())
        if text:
            yield text


def _byline(author: str | None, lines: Sequence[Line]) -> str | None:
    """Return the author when the page also prints the name in a line of its own.

    What metadata call the author is right in 66 of 100 pages: too few to be read aloud alone.
    """
    if not author:
        return None
    names = [" ".join(name.split()) for name in author.split(";") if name.strip()]
    joined = " and ".join(names)
    printed = [find_byline(line.text) for line in lines if len(line.text) <= 120]
    if (
        len(names) <= 3
        and all(map(looks_like_person, names))
        and any(p and all(n.casefold() in p.casefold() for n in names) for p in printed)
    ):
        return joined
    return None


def _outlet(site: str | None, host: str | None) -> str | None:
    """Return the site's name when its address confirms it: often it is a slogan or a title."""
    if not site or not host:
        return None
    name = " ".join(scrub(site)[0].split())
    letters = "".join(_WORD.findall(name.lower())).removeprefix("the")
    initials = "".join(word[0] for word in _WORD.findall(name.lower()))
    labels = re.sub(r"[^a-z0-9.]", "", host.lower()).split(".")
    confirmed = any(label in {letters, f"the{letters}", initials} for label in labels)
    confirmed = confirmed or any(len(label) >= 4 and letters.startswith(label) for label in labels)
    is_name = len(name.split()) <= 5 and not re.search(r"[|@/]|\.[a-z]{2,}$", name)
    return name if confirmed and is_name else None


def _language(tree: Any) -> str | None:
    declared = (tree.get("lang") or "").strip()
    return declared if _LANGUAGE.fullmatch(declared) else None
