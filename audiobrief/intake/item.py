"""How items are made of what sources write, the same way for all of them (pure)."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from audiobrief.intake.markup import (
    clean_html,
    is_markup,
    line_of,
    text_of_html,
)
from audiobrief.intake.whole import is_whole
from audiobrief.model.intake import Content, ContentKind, Item
from audiobrief.text.printable import printable_line
from audiobrief.text.references import unescape
from audiobrief.text.scrub import scrub

if TYPE_CHECKING:
    from collections.abc import Iterable

#: RFC 5646, as far as sources write it.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
#: Longer ones are no names or labels; they would end up in titles and file names.
_MOST_CHARACTERS: Final = 500
_MOST_TAGS: Final = 50


def content_of(
    written: object, *, base: str | None, is_content: bool, has_address: bool, is_html: bool = True
) -> Content | None:
    """Return what a source has of an article's text; ``None``: nothing.

    Args:
        written: As the source has it.
        base: What links in it are relative to.
        is_content: It stands where the whole text belongs, and not a summary.
        has_address: There is a page that may have more.
        is_html: What the source says; text with tags is HTML all the same.
    """
    if not isinstance(written, str):
        return None
    # Systems escape HTML once too often, and put plain text where HTML belongs.
    text = unescape(written) if is_html and "<" not in written else written
    if is_markup(text) or (is_html and "<" in text):
        kind, kept = ContentKind.HTML, clean_html(text, base=base)
        plain = text_of_html(kept)
    else:
        kind, kept = ContentKind.TEXT, text.strip()
        plain = kept
    if not printable_line(plain):
        return None
    whole = is_whole(plain, is_content=is_content, has_address=has_address)
    return Content(kind, scrub(kept)[0], whole)


def key_of(identifier: object, url: str | None, *parts: str | None) -> str:
    """Return what an item is known by: its identifier, else its address, else a digest of it."""
    line = printable_line(identifier) if isinstance(identifier, str) else ""
    if 0 < len(line) <= _MOST_CHARACTERS:
        return line
    if url and not line:
        return url
    digest = hashlib.sha256(
        "\0".join(part or "" for part in (line, *parts)).encode("utf-8", "replace")
    )
    return f"sha256:{digest.hexdigest()[:32]}"


def byline_of(names: Iterable[object]) -> str | None:
    """Return the names of authors as one line; addresses of mail are no names.

    >>> byline_of(["Ana Ruiz", "newsroom@example.org", "Ana Ruiz", "Ben Oduya", "Cem Acar"])
    'Ana Ruiz, Ben Oduya and Cem Acar'
    """
    lines = (line_of(name) for name in names)
    found = list(
        dict.fromkeys(line[:_MOST_CHARACTERS] for line in lines if line and "@" not in line)
    )
    if not found:
        return None
    return " and ".join(filter(None, [", ".join(found[:-1]), found[-1]]))


def tags_of(labels: Iterable[object]) -> tuple[str, ...]:
    """Return labels as lines, each once."""
    lines = (line_of(label) for label in labels)
    return tuple(dict.fromkeys(line[:_MOST_CHARACTERS] for line in lines if line))[:_MOST_TAGS]


def language_of(written: object) -> str | None:
    """Return a language as RFC 5646 writes it; ``None``: none is given, or it is none.

    >>> language_of("en_US"), language_of("English, mostly"), language_of(None)
    ('en-US', None, None)
    """
    line = line_of(written)
    label = line.replace("_", "-") if line else ""
    return label if _LANGUAGE.fullmatch(label) else None


def distinct(items: Iterable[Item]) -> list[Item]:
    """Return items of which each key stands for one; the first of two alike stays."""
    found: dict[str, Item] = {}
    for item in items:
        found.setdefault(item.key, item)
    return list(found.values())
