"""All shows of a workspace as one list that apps import: OPML 2.0 (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.publish.address import FEED_FILE, PAGE_FILE, web_address
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

OPML_FILE = "feeds.opml"


@dataclass(frozen=True, slots=True)
class Listed:
    """A show as the list has it."""

    title: str
    #: As in its settings.
    base_url: str
    #: RFC 5646.
    language: str


def render_opml(title: str, shows: Sequence[Listed]) -> bytes:
    """Return the list of several feeds: the same shows, the same bytes.

    Args:
        title: Of the list.
        shows: In the order of the list; one without an http(s) address is left out.

    Returns:
        OPML 2.0 in UTF-8.
    """
    from xml.sax.saxutils import escape  # noqa: PLC0415 - urllib, ssl: most workspaces have one show

    outlines = "".join(_outline(show) for show in shows if web_address(show.base_url))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head>\n    <title>{escape(printable_line(title))}</title>\n  </head>\n"
        f"  <body>\n{outlines}  </body>\n</opml>\n"
    ).encode()


def _outline(show: Listed) -> str:
    from xml.sax.saxutils import quoteattr  # noqa: PLC0415 - as above

    base = (web_address(show.base_url) or "").rstrip("/")
    title = printable_line(show.title)
    values = {
        "type": "rss",
        "text": title,
        "title": title,
        "xmlUrl": f"{base}/{FEED_FILE}",
        "htmlUrl": f"{base}/{PAGE_FILE}",
        "language": show.language,
    }
    written = " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())
    return f"    <outline {written}/>\n"
