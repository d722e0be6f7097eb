"""Pages and texts as they are kept in the inbox: with a head of what their source knew of them."""

from __future__ import annotations

import re

from audiobrief.ingest.encoding import decode
from audiobrief.ingest.front_matter import FrontMatter, parse_yaml
from audiobrief.ingest.stated import Stated, render_head

#: The comment at the very start of a page, and the one line end behind it. What follows is the
#: page as it came, in whatever encoding.
_COMMENT = re.compile(
    rb"\A(?:\xef\xbb\xbf)?<!--[ \t]*audiobrief[ \t]*\r?\n(.{0,200000}?)-->(?:\r?\n)?", re.DOTALL
)


def render_kept_page(stated: Stated, body: bytes) -> bytes:
    """Return a page of HTML with what its source states in a comment before it.

    Args:
        stated: What is known of it; ``url`` is an address of http or https.
        body: The page as it came, in its own encoding.

    Returns:
        Bytes of which ``split_kept_page`` gives back both.
    """
    return b"<!-- audiobrief\n" + render_head(stated).encode() + b"-->\n" + body


def render_kept_text(stated: Stated, text: str) -> bytes:
    """Return Markdown or plain text with what its source states as front matter, in UTF-8."""
    return f"---\n{render_head(stated)}---\n\n{text}".encode("utf-8", "replace")


def split_kept_page(raw: bytes, *, where: str) -> tuple[FrontMatter, bytes]:
    r"""Return what a page was kept with, and the page as it came.

    Args:
        raw: The file.
        where: Its name, for errors.

    Raises:
        SourceError: The comment has a ``lexicon`` that is none.

    >>> split_kept_page(b"<!-- audiobrief\ntitle: Rain\n-->\n<p>x", where="a.html")[1]
    b'<p>x'
    """
    match = _COMMENT.match(raw)
    if match is None:
        return FrontMatter(), raw
    front = parse_yaml(decode(match[1]).text, first_line=2, where=where)
    return front, raw[match.end() :]
