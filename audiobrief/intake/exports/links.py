"""Lists of links: plain text, and the pages of bookmarks that browsers and Pocket export (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from audiobrief.intake.address import web_address
from audiobrief.intake.exports.bounds import bounded
from audiobrief.intake.item import tags_of
from audiobrief.intake.markup import line_of, parse_html
from audiobrief.intake.moment import parse_moment
from audiobrief.model.intake import Item

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKDOWN = re.compile(
    r"\[(?P<title>[^\[\]]{0,1000})\]\(<?(?P<url>https?://[^\s<>]+?)>?(?:\s+\"[^\"]*\")?\)"
)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
#: What ends a sentence, or closes a bracket that was opened before the address.
_TRAILING: Final = ".,;:!?'\"*_"
#: Headings of Pocket's page, which say whether something was read.
_POCKET_FOLDERS: Final = frozenset(["Unread", "Read Archive"])
_MOST_LINE: Final = 10_000


def parse_list(text: str) -> tuple[list[Item], list[str]]:
    r"""Return the addresses of a list, and notes.

    One or more stand in a line, with or without words around them; Markdown's links give their text
    as the title; a line that begins with "#" and a blank, or that is commented out, is none.

    >>> items, notes = parse_list("# soon\nhttps://a.example/1\n- [B](https://b.example/2).\nx")
    >>> [(item.url, item.title) for item in items]
    [('https://a.example/1', None), ('https://b.example/2', 'B')]
    >>> notes
    ['line 4 has no address: x']
    """
    found: dict[str, Item] = {}
    empty: list[str] = []
    notes: list[str] = []
    for number, line in enumerate(bounded(text.splitlines(), notes), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        links = list(_links(stripped[:_MOST_LINE]))
        for url, title in links:
            found.setdefault(url, Item(key=url, url=url, title=title))
        if not links:
            empty.append(f"line {number} has no address: {stripped[:60]}")
    notes += empty[:3]
    if len(empty) > 3:
        notes.append(f"{len(empty) - 3} more lines have no address")
    return list(found.values()), notes


def parse_bookmarks(markup: str) -> tuple[list[Item], list[str]]:
    """Return the links of a page of bookmarks (Netscape's format, and Pocket's), and notes."""
    body = parse_html(_without_nesting(markup))
    found: dict[str, Item] = {}
    folder: str | None = None
    others = 0
    notes: list[str] = []
    for element in bounded(body.iter("h1", "h3", "a") if body is not None else (), notes):
        text = line_of("".join(element.itertext()))
        if element.tag != "a":
            folder = text
            continue
        url = web_address(element.get("href"))
        if url is not None:
            labels = re.split(r"[,|]", element.get("tags") or "")
            found.setdefault(url, _bookmark(element, url, text, [*labels, folder]))
        else:
            others += 1
    if others:
        notes.append(f"{others} bookmarks lead to no page of the web")
    return list(found.values()), notes


def _bookmark(element: Any, url: str, text: str | None, labels: list[str | None]) -> Item:
    # Both formats tell when the link was kept, which is no date of the article.
    return Item(
        key=url,
        url=url,
        # Pocket puts the address where it knows no title.
        title=None if text == url else text,
        updated=parse_moment(element.get("time_added") or element.get("add_date")),
        tags=tags_of(each for each in labels if each not in _POCKET_FOLDERS),
        is_read="Read Archive" in labels,
    )


def _without_nesting(markup: str) -> str:
    """Take out the lists' tags: Netscape's format never ends <DT>, so folders nest without end."""
    return re.sub(r"</?(?:dl|dt|dd|p|ul|li)\b[^<>]*>", " ", markup, flags=re.IGNORECASE)


def _links(line: str) -> Iterator[tuple[str, str | None]]:
    place = 0
    for match in _MARKDOWN.finditer(line):
        yield from _bare(line[place : match.start()])
        url = web_address(match["url"])
        if url is not None:
            yield url, line_of(match["title"])
        place = match.end()
    yield from _bare(line[place:])


def _bare(text: str) -> Iterator[tuple[str, None]]:
    for match in _ADDRESS.finditer(text):
        url = web_address(_without_trailing(match[0]))
        if url is not None:
            yield url, None


def _without_trailing(address: str) -> str:
    while True:
        shorter = address.rstrip(_TRAILING)
        for opening, closing in ("()", "[]"):
            if shorter.endswith(closing) and shorter.count(closing) > shorter.count(opening):
                shorter = shorter[:-1]
        if shorter == address:
            return address
        address = shorter
