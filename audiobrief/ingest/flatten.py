"""A parsed page to lines: the visible text, each line with what the markup says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from lxml import etree

from audiobrief.model.article import BlockKind
from audiobrief.text.page.furniture import Line
from audiobrief.text.page.markup import ARTICLE, HIDDEN, QUIET, TEXT_NAME, Markup
from audiobrief.text.references import unescape
from audiobrief.text.scrub import scrub

_INVISIBLE_LIST = """
    script style template noscript head title svg math iframe object canvas audio video select
    datalist textarea
"""
_INVISIBLE = frozenset(_INVISIBLE_LIST.split())
_INLINE_LIST = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small
    span strike strong sub sup time tt u var wbr img picture source ruby rb rtc
"""
_INLINE = frozenset(_INLINE_LIST.split())
#: Text within a line that is no part of it, and what the ledger calls it.
_BESIDE = {
    "del": "struck out",
    "s": "struck out",
    "strike": "struck out",
    "rt": "how the characters before it are read",
    "rp": "how the characters before it are read",
    "button": "page furniture: button",
}
#: What authors of books mark by the roles of DPUB-ARIA 1.1: marks within a line, and notes below.
_BESIDE_ROLES = {"doc-noteref": "the mark of a footnote", "doc-pagebreak": "a page number"}
_ROLE_REASONS = dict.fromkeys(("doc-footnote", "doc-endnote", "doc-endnotes"), "footnote")
#: Longer text in such an element is a mistake of the markup, as an end tag forgotten.
_BESIDE_CHARACTERS = 400
#: What screen readers alone are told, by the names that page makers share.
_READER_ONLY = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|assistive-text)(?:$|\s)"
)
#: A hidden passage in a line is longer: text that a button unfolds.
_HIDDEN_CHARACTERS = 60
#: A break within a sentence stands behind so much of it: a column, not a verse.
_BROKEN_CHARACTERS = 30
_HIDDEN_STYLE = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden")
_KINDS = {f"h{n}": BlockKind.HEADING for n in range(2, 7)} | {
    "li": BlockKind.LIST_ITEM,
    "dt": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
}
#: Elements whose text is no running text, and what the ledger calls it.
_REASONS = {"table": "table", "figcaption": "picture caption", "pre": "program code"}
_NAVIGATION = "in a navigation element"
_SIGNS = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "in a heading"),
    **dict.fromkeys(("li", "dt", "dd"), "in a list item"),
    "p": "in a paragraph",
    "blockquote": "in a block quotation",
    "article": ARTICLE,
    "main": "in the main element",
    "aside": "in an aside",
    "header": "in a header",
    "footer": "in a footer",
    "nav": _NAVIGATION,
    "form": "in a form",
    "button": "in a button",
    "figure": "in a figure",
    "table": "in a table",
}
_ROLES = {
    "main": "in the main element",
    "article": ARTICLE,
    "navigation": _NAVIGATION,
    "complementary": "in an aside",
    "contentinfo": "in a footer",
    "banner": "in a header",
}
#: Classes and ids in the words that page makers share; each a whole word of the name.
_NAMES = {
    "named like furniture": r"""
        nav(?:bar|igation)? menu foot(?:er)? side-?bar widgets? related recommend\w{0,6}
        promo\w{0,6} shar(?:e|ing) social newsletter subscri\w{0,6} sign-?up login search
        cookies? consent banner adverts? ads? sponsor\w{0,5} bread-?crumbs? author bio byline
        tags? meta modal popup pop-up overlay toolbar cta teasers? cards? carousel trending
        popular disclaimer disclosure credits? caption toc table-of-contents read-?more more
        next prev(?:ious)? pagination donat\w{0,4}
    """,
    TEXT_NAME: r"""
        article content body post entry story text copy prose rich-?text markdown main blog
        articlebody
    """,
    "named like comments": r"""
        \w{0,20}comments?\w{0,20} disqus\w{0,9} respond repl(?:y|ies) \w{0,20}kommentare?\w{0,20}
        commentaires? comentarios? coment\u00e1rios? commenti reacties
    """,
}
_NAME_CHARACTERS = 300
_NAME_PATTERNS = {
    sign: re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words.split())})(?:$|[\s_-])")
    for sign, words in _NAMES.items()
}
_EXPONENT = re.compile(r"[-\u2212]?\d{1,3}")
_RAISED = str.maketrans(
    "0123456789-\u2212", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207b\u207b"
)


def flatten(tree: Any) -> list[Line]:
    """Return the lines of a page; elements that are not inline break lines.

    Args:
        tree: The root element.

    Returns:
        Lines with their markup; those in tables, captions and program code carry that reason,
        and those that the page hides until a script shows them the sign ``HIDDEN``.
    """
    flat = _Flat()
    walker = etree.iterwalk(tree, events=("start", "end"))
    passed = None
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _INVISIBLE or flat.passes(element, tag):
                passed = element
                walker.skip_subtree()
                continue
            flat.enter(element, tag)
            flat.add(raised(element.text) if tag == "sup" and element.text else element.text)
        else:
            if element is not passed:
                flat.leave(tag)
            flat.add(element.tail)
    flat.end_line()
    return flat.lines


@dataclass(slots=True)
class _Flat:
    """A line under construction, and the elements around it."""

    pieces: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    reasons: list[str | None] = field(default_factory=list)
    kinds: list[BlockKind] = field(default_factory=list)
    #: Numbers of the open block elements, outermost first.
    blocks: list[int] = field(default_factory=lambda: [0])
    signs: list[tuple[str, int]] = field(default_factory=list)
    #: How many signs each open element gave, and whether a reason.
    given: list[tuple[int, bool]] = field(default_factory=list)
    #: Text beside the line, as struck out, and why it is not spoken.
    beside: list[tuple[str, str]] = field(default_factory=list)
    #: The line before ended at a break within its paragraph.
    broken: bool = False
    last_block: int = 0
    open_links: int = 0
    open_quotes: int = 0
    linked_letters: int = 0

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            if self.open_links:
                self.linked_letters += sum(map(len, text.split()))

    def passes(self, element: Any, tag: str) -> bool:
        """Tell whether an element's text is no part of the line; if it can be seen, keep it."""
        if (tag in _INLINE or tag in _BESIDE) and _is_unseen(element):
            return True
        reason = _BESIDE_ROLES.get(element.get("role", "")) or _BESIDE.get(tag)
        if reason is None:
            return False
        if tag == "button" and not any(map(str.strip, self.pieces)):
            return False  # It stands by itself, and may head a passage that it unfolds.
        text = "".join(t for t in element.itertext() if t)
        if len(text) > _BESIDE_CHARACTERS:
            return False
        if next(element.iter(*_INVISIBLE), None) is not None:
            return False
        if text.strip():
            self.beside.append((text, reason))
        return True

    def enter(self, element: Any, tag: str) -> None:
        if tag == "q":
            self.open_quotes += 1
            self.pieces.append("\u201c" if self.open_quotes % 2 else "\u2018")
        elif tag not in _INLINE:
            self.end_line(broken=tag == "br")
            self.last_block += 1
            self.blocks.append(self.last_block)
        self.open_links += tag == "a"
        signs = _signs(element, tag)
        named = tag in ("figcaption", "footer") and _names_source(element)
        signs = [] if named else signs
        self.signs += [(sign, self.blocks[-1]) for sign in signs]
        reason = _ROLE_REASONS.get(element.get("role", "")) or _REASONS.get(tag)
        self.given.append((len(signs), reason is not None))
        if reason is not None:
            self.reasons.append(None if named else reason)
        if tag in _KINDS:
            self.kinds.append(_KINDS[tag])

    def leave(self, tag: str) -> None:
        if tag == "q":
            self.pieces.append("\u201d" if self.open_quotes % 2 else "\u2019")
            self.open_quotes -= 1
        elif tag not in _INLINE:
            if tag != "br":
                self.end_line()
            self.blocks.pop()
        self.open_links -= tag == "a"
        signs, has_reason = self.given.pop()
        if signs:
            del self.signs[-signs:]
        if has_reason:
            self.reasons.pop()
        if tag in _KINDS:
            self.kinds.pop()

    def end_line(self, *, broken: bool = False) -> None:
        """Make a line of what has come; ``broken``: its paragraph goes on."""
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        linked, self.linked_letters = self.linked_letters, 0
        text = " ".join(scrub(unescape(text))[0].split()) if text else ""
        if text:
            reason = self.reasons[-1] if self.reasons else None
            line = self._line(text, reason, linked / (len(text) - text.count(" ")))
            if self.broken and _goes_on(self.lines[-1], text):
                line = _joined(self.lines.pop(), line)
            self.lines.append(line)
        for other, why in self.beside:
            if kept := " ".join(scrub(" ".join(other.split()))[0].split()):
                self.lines.append(self._line(kept, why, 0.0))
        # A second break in a row ends the paragraph.
        self.broken = broken and bool(text) and not self.beside
        self.beside.clear()

    def _line(self, text: str, reason: str | None, linked: float) -> Line:
        markup = Markup(tuple(reversed(self.blocks)), tuple(self.signs), min(1.0, linked))
        return Line(text, self.kinds[-1] if self.kinds else None, reason, markup)


def _goes_on(line: Line, text: str) -> bool:
    """Tell whether a text goes on with the sentence of the line before the break."""
    full = len(line.text) >= _BROKEN_CHARACTERS and not line.text.endswith((".", "!", "?", ":"))
    return full and text[0].islower()


def _joined(first: Line, second: Line) -> Line:
    markup = first.markup
    if markup and second.markup:
        size = len(first.text) + len(second.text)
        linked = markup.linked * len(first.text) + second.markup.linked * len(second.text)
        markup = replace(markup, linked=linked / size)
    return replace(first, text=f"{first.text} {second.text}", markup=markup)


def _names_source(element: Any) -> bool:
    """Tell whether a caption or footer says who is quoted: it belongs to a quotation."""
    parent = element.getparent()
    if parent is None:
        return False
    return parent.tag == "blockquote" or (
        parent.tag == "figure" and parent.find("blockquote") is not None
    )


def _is_unseen(element: Any) -> bool:
    """Tell whether a short text within a line is not shown."""
    if not element.attrib:
        return False
    unseen = _is_hidden(element) or _READER_ONLY.search(element.get("class", "")[:300].lower())
    # Icons are hidden from screen readers alone.
    return bool(unseen) and sum(map(len, element.itertext())) <= _HIDDEN_CHARACTERS


def _signs(element: Any, tag: str) -> list[str]:
    """Return what an element says of the text in it."""
    signs = [_SIGNS[tag]] if tag in _SIGNS else []
    if not element.attrib:
        return signs
    if _is_hidden(element):
        signs.append(HIDDEN)
    if element.get("aria-hidden") == "true":
        signs.append(QUIET)
    if tag in ("html", "body") or tag in _INLINE:
        return signs
    role = element.get("role")
    if role in _ROLES:
        signs.append(_ROLES[role])
    if element.get("itemprop") == "articleBody":
        signs.append("in the article body")
    name = f"{element.get('class', '')} {element.get('id', '')}"[:_NAME_CHARACTERS].lower()
    return signs + _named(name)


@lru_cache(maxsize=1024)
def _named(name: str) -> list[str]:
    """Return what an element's class and id say; a page repeats its names a hundred times."""
    return [sign for sign, pattern in _NAME_PATTERNS.items() if pattern.search(name)]


def raised(text: str) -> str:
    """Write an exponent in raised figures: flat, ten to the fifteen would be 1015."""
    return text.translate(_RAISED) if _EXPONENT.fullmatch(text.strip()) else text


def _is_hidden(element: Any) -> bool:
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN_STYLE.search(style[:500].lower()) is not None
