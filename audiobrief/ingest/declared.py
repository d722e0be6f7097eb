"""What a page declares of itself: meta elements, JSON-LD, headings, links; read, not judged."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from audiobrief.text.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Nothing that a page says of itself is longer; what is, is an attack or an accident.
_VALUE_CHARACTERS = 1000
_URL_CHARACTERS = 2000
#: The largest JSON-LD of 150 pages has 190,000 characters and 900 objects.
_JSON_CHARACTERS = 1_000_000
_MAX_OBJECTS = 3000
_MAX_ELEMENTS = 5000
_ARTICLE_TYPE = re.compile(r"(?:article|posting|report|review|recipe|howto|story)$", re.IGNORECASE)
_JSON_WRAPPING = re.compile(r"\A\s*(?:<!--|/\*\s?<!\[CDATA\[\s?\*/|<!\[CDATA\[)|(?:-->|\]\]>)\s*\Z")
_COMMA_TOO_MANY = re.compile(r",(?=\s{0,200}[\]}])")


@dataclass(frozen=True, slots=True)
class Declared:
    """A page's statements about itself, cleaned of what cannot be shown or said."""

    #: By name, property or itemprop in lower case; every value once, in order.
    metas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The objects of JSON-LD that describe an article, in order.
    articles: tuple[Mapping[str, Any], ...] = ()
    #: All named objects of JSON-LD by ``@id``.
    by_id: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: What browsers show in the tab.
    title: str = ""
    #: The first-level headings.
    headings: tuple[str, ...] = ()
    #: Texts of the elements marked as the author.
    signed: tuple[str, ...] = ()
    #: Machine-readable times of the page.
    times: tuple[str, ...] = ()
    #: Absolute; ``None`` when the page names none.
    canonical: str | None = None
    language: str | None = None

    def values(self, *names: str) -> tuple[str, ...]:
        """Return the values of meta elements, in the order of the names."""
        return tuple(value for name in names for value in self.metas.get(name, ()))

    def address(self, value: str) -> str | None:
        """Return an address made absolute, or ``None`` when it is none of the web."""
        return absolute(value, self.canonical)


def read_declared(tree: Any) -> Declared:
    """Read the statements of a parsed page."""
    metas: dict[str, list[str]] = {}
    for element in _some(tree, "meta"):
        value = plain(element.get("content") or "")
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(key) or "").strip().lower()
            if name and value and value not in metas.setdefault(name[:100], []):
                metas[name[:100]].append(value)
    known = {name: tuple(values[:20]) for name, values in metas.items() if values}
    objects = list(_objects(tree))
    links = {
        (element.get("rel") or "").strip().lower(): (element.get("href") or "").strip()
        for element in reversed(_some(tree, "link"))
    }
    return Declared(
        metas=known,
        articles=tuple(o for o in objects if _is_article(o)),
        by_id={o["@id"]: o for o in objects if isinstance(o.get("@id"), str) and len(o) > 1},
        title=next(_texts(_some(tree, "title")), ""),
        headings=tuple(dict.fromkeys(_texts(_some(tree, "h1")[:20]))),
        signed=tuple(dict.fromkeys(_texts(_signed(tree)))),
        times=tuple(t for e in _some(tree, "time")[:20] if (t := plain(e.get("datetime") or ""))),
        canonical=absolute(links.get("canonical", ""), None),
        language=plain(
            tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
        )
        or None,
    )


def plain(value: str) -> str:
    r"""Return a value as one line without entities, controls and direction marks; "" if too long.

    >>> plain(" Salt &amp; \u202e\n Light ")
    'Salt & Light'
    """
    if len(value) > _VALUE_CHARACTERS:
        return ""
    return " ".join(scrub(html.unescape(value))[0].split())


def absolute(value: str, base: str | None) -> str | None:
    """Return a web address, joined with that of the page where it is relative.

    >>> absolute("/a.jpg", "https://example.org/b"), absolute("javascript:x()", None)
    ('https://example.org/a.jpg', None)
    """
    value = value.strip()
    if not value or len(value) > _URL_CHARACTERS or not value.isprintable() or " " in value:
        return None
    try:
        joined = urljoin(base, value) if base else value
        parts = urlsplit(joined)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # brackets that are no IPv6 address
        return None
    return joined if is_web else None


def names_of(value: Any, by_id: Mapping[str, Mapping[str, Any]], *, persons: bool) -> list[str]:
    """Return the names in a JSON-LD value: a string, an object, a reference, or a list of them.

    Args:
        value: The value as parsed.
        by_id: Objects that a reference may mean.
        persons: Leave out what is declared an organization.
    """
    found: list[str] = []
    rest = [value]
    while rest and len(found) < 20:
        item = rest.pop(0)
        if isinstance(item, str):
            found.append(plain(item))
        elif isinstance(item, list):
            rest = item[:20] + rest
        elif isinstance(item, dict):
            full = item if item.get("name") else by_id.get(str(item.get("@id")), item)
            kinds = " ".join(_types(full))
            if not (persons and "Organization" in kinds) and full.get("name"):
                rest.insert(0, full["name"] if not isinstance(full["name"], dict) else "")
    return [name for name in found if name]


def _some(tree: Any, tag: str) -> list[Any]:
    return [e for e, _ in zip(tree.iter(tag), range(_MAX_ELEMENTS), strict=False)]


def _texts(elements: Sequence[Any]) -> Iterator[str]:
    for element in elements:
        text = plain(" ".join("".join(element.itertext()).split()))
        if text:
            yield text


def _signed(tree: Any) -> list[Any]:
    """Return the elements that a page marks as its author's name."""
    marked = tree.xpath(
        "//a[contains(concat(' ', normalize-space(@rel), ' '), ' author ')]"
        "|//*[@itemprop='author']//*[@itemprop='name']|//*[@itemprop='author'][not(*)]"
    )
    return list(marked[:20])


def _objects(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of all JSON-LD of a page, outer ones first."""
    count = 0
    for script in _some(tree, "script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        rest = [_parsed(script.text or "")]
        while rest and count < _MAX_OBJECTS:
            item = rest.pop(0)
            if isinstance(item, dict):
                count += 1
                yield item
                rest += [v for v in item.values() if isinstance(v, (dict, list))]
            elif isinstance(item, list):
                rest += item[:_MAX_OBJECTS]


def _parsed(text: str) -> Any:
    """Return what a JSON-LD script holds; ``None`` when it is broken beyond the usual mistakes."""
    if len(text) > _JSON_CHARACTERS:
        return None
    text = _JSON_WRAPPING.sub("", text).strip().rstrip(";")
    for attempt in (text, _COMMA_TOO_MANY.sub("", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _types(item: Mapping[str, Any]) -> list[str]:
    kind = item.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return [k.rsplit("/", 1)[-1] for k in kinds if isinstance(k, str)]


def _is_article(item: Mapping[str, Any]) -> bool:
    has_more = any(key in item for key in ("headline", "datePublished", "author", "articleBody"))
    return has_more and any(_ARTICLE_TYPE.search(kind) for kind in _types(item))
