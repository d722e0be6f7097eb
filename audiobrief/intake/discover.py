"""The feeds that a page names (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from audiobrief.intake.address import web_address
from audiobrief.intake.charset import read_text
from audiobrief.intake.markup import line_of

#: RSS, Atom and JSON Feed as pages declare them. Plain XML and JSON are left out: WordPress names
#: its API and its oEmbed answers as alternates, too.
_TYPES: Final = frozenset(
    [
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/x.atom+xml",
        "application/x-atom+xml",
    ]
)
_PAGE = re.compile(
    rb"\A(?:\s|<!--.*?-->|<\?xml[^>]*>)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_COMMENTS: Final = re.compile(r"comments?\b|kommentare|commentaires|comentarios", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page names."""

    url: str
    title: str | None = None


def is_html(raw: bytes) -> bool:
    """Tell whether a document begins as a page does.

    >>> is_html(b"<!DOCTYPE html><title>x"), is_html(b"<rss version='2.0'>")
    (True, False)
    """
    # Without NULs, pages in UTF-16 begin as others do; so many bytes of comments are enough.
    head = raw[:20_000].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")
    return _PAGE.match(head) is not None


def find_feeds(raw: bytes, *, url: str, charset: str | None = None) -> list[FeedLink]:
    """Return the feeds that a page names, in its order, those of comments last.

    Args:
        raw: The page.
        url: Where it was found.
        charset: What the server says of its encoding.
    """
    from lxml import etree  # noqa: PLC0415 - lazy: 15 ms, and no other command needs it

    text = read_text(raw, charset).text
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        tree = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # no element at all
        return []
    if tree is None:
        return []
    base = next((each.get("href") for each in tree.iter("base") if each.get("href")), None)
    base = web_address(base, base=url) or url
    found: dict[str, FeedLink] = {}
    for link in tree.iter("link", "a"):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        address = web_address(link.get("href"), base=base)
        if address and "alternate" in relations and kind in _TYPES:
            found.setdefault(address, FeedLink(address, line_of(link.get("title"))))
    return sorted(found.values(), key=_is_of_comments)


def _is_of_comments(link: FeedLink) -> bool:
    return bool(_COMMENTS.search(link.title or "") or "/comments/" in link.url)
