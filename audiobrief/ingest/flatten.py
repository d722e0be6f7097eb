"""A parsed page to lines: the visible text, each line with what the markup says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from lxml import etree

from audiobrief.model.article import BlockKind
from audiobrief.text.page.furniture import Line
from audiobrief.text.page.markup import ARTICLE, HIDDEN, TEXT_NAME, Markup
from audiobrief.text.scrub import scrub

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
        \w{0,20}comments?\w{0,20} disqus\w{0,9} respond repl(?:y|ies)
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
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else ""
        passed = tag in _INVISIBLE
        if event == "start" and passed:
            walker.skip_subtree()
        elif event == "start":
            flat.enter(element, tag)
            flat.add(_raised(element.text) if tag == "sup" and element.text else element.text)
        else:
            if not passed:
                flat.leave(tag)
            flat.add(element.tail)
    flat.end_line()
    return flat.lines


@dataclass(slots=True)
class _Flat:
    """A line under construction, and the elements around it."""

    pieces: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    kinds: list[BlockKind] = field(default_factory=list)
    #: Numbers of the open block elements, outermost first.
    blocks: list[int] = field(default_factory=lambda: [0])
    signs: list[tuple[str, int]] = field(default_factory=list)
    #: How many signs each open element gave.
    given: list[int] = field(default_factory=list)
    last_block: int = 0
    open_links: int = 0
    linked_letters: int = 0

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text)
            if self.open_links:
                self.linked_letters += sum(map(len, text.split()))

    def enter(self, element: Any, tag: str) -> None:
        if tag not in _INLINE:
            self.end_line()
            self.last_block += 1
            self.blocks.append(self.last_block)
        self.open_links += tag == "a"
        signs = _signs(element, tag)
        self.signs += [(sign, self.blocks[-1]) for sign in signs]
        self.given.append(len(signs))
        if tag in _REASONS:
            self.reasons.append(_REASONS[tag])
        if tag in _KINDS:
            self.kinds.append(_KINDS[tag])

    def leave(self, tag: str) -> None:
        if tag not in _INLINE:
            self.end_line()
            self.blocks.pop()
        self.open_links -= tag == "a"
        if count := self.given.pop():
            del self.signs[-count:]
        if tag in _REASONS:
            self.reasons.pop()
        if tag in _KINDS:
            self.kinds.pop()

    def end_line(self) -> None:
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        linked, self.linked_letters = self.linked_letters, 0
        text = " ".join(scrub(text)[0].split()) if text else ""
        if text:
            markup = Markup(
                parents=tuple(reversed(self.blocks)),
                signs=tuple(self.signs),
                linked=min(1.0, linked / (len(text) - text.count(" "))),
            )
            kind = self.kinds[-1] if self.kinds else None
            reason = self.reasons[-1] if self.reasons else None
            self.lines.append(Line(text, kind, reason, markup))


def _signs(element: Any, tag: str) -> list[str]:
    """Return what an element says of the text in it."""
    signs = [_SIGNS[tag]] if tag in _SIGNS else []
    if not element.attrib:
        return signs
    if _is_hidden(element):
        signs.append(HIDDEN)
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


def _raised(text: str) -> str:
    """Write an exponent in raised figures: flat, ten to the fifteen would be 1015."""
    return text.translate(_RAISED) if _EXPONENT.fullmatch(text.strip()) else text


def _is_hidden(element: Any) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and _HIDDEN_STYLE.search(style[:500].lower()) is not None
