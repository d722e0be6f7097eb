"""Markdown to lines: front matter apart, marks of emphasis, links and pictures taken out."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobrief.ingest.front_matter import split_front_matter
from audiobrief.model.article import BlockKind
from audiobrief.text.page.furniture import Line
from audiobrief.text.page.lines import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r"^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTED = re.compile(r"^ {0,3}(?:> ?)+")
_ITEM = re.compile(r"^[ \t]*(?:[*+-]|\d{1,3}[.)])[ \t]+(?=\S)")
_TABLE = re.compile(r"^ {0,3}\|.*\|[ \t]*$")
_FOOTNOTE = re.compile(r"^ {0,3}\[\^[^\]\n]{1,100}\]:")
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\n]{1,100}\]")
_LINK_TARGET = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S+.*$")
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\](?:\([^()\n]{0,2000}\)|\[[^\[\]\n]{0,200}\])")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdo|big|cite|code|dfn|em|font|i|ins|kbd|mark|q|samp|small|span|strong|sub|sup"
    r"|tt|u|var)(?:\s[^<>\n]{0,500})?/?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>\n]{0,500})?/?>|<!--[^<>]{0,500}-->")
_CODE = re.compile(r"(?<!`)`{1,2}([^`\n]{1,500})`{1,2}(?!`)")
_STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,1000}?)(?<=\S)~~|<(del|s|strike)>([^<>\n]{1,1000})</\2>")
_ALL_EMPHASIZED = re.compile(r"([*_])[^*_\n]{1,300}\1")
_TASK_BOX = re.compile(r"^(\s*(?:[*+-]|\d{1,3}[.)])\s+)\[[ xX]\]\s+")
_INDENTED = re.compile(r"^(?: {4}|\t)\s*\S")
_STRONG = re.compile(r"(\*\*|__|~~)(?=\S)([^*_~\n]{1,2000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


@dataclass(frozen=True, slots=True)
class MarkdownText:
    """A Markdown file, read."""

    lines: tuple[Line, ...]
    #: Front matter, keys in lower case; only simple values.
    front_matter: dict[str, str] = field(default_factory=dict)
    #: Words of the front matter and what to say for them; ``letters``: spelled.
    lexicon: tuple[tuple[str, str], ...] = ()


def parse_markdown(text: str, *, where: str = "Markdown") -> MarkdownText:
    r"""Return the speakable lines of a Markdown text and its front matter.

    Args:
        text: The file.
        where: Its name, for errors.

    Raises:
        SourceError: The front matter has a ``lexicon`` that is none.

    >>> parse_markdown("---\ntitle: Rain\n---\n# Rain\n\nBring *a* [coat](http://x.org).").lines[-1].text
    'Bring a coat.'
    """
    front, text = split_front_matter(text, where=where)
    return MarkdownText(tuple(_lines(text.split("\n"))), front.values, front.lexicon)


def _lines(rows: list[str]) -> Iterator[Line]:
    """Yield the blocks of the text; what cannot be spoken is marked with its reason."""
    paragraph: list[str] = []
    fence = ""
    footnote = listed = False
    blank = True
    for row in rows:
        code = blank and not listed and _is_code(row)
        blank = not row.strip()
        listed = bool(_ITEM.match(row)) or (listed and (blank or row[:1].isspace()))
        if blank:
            footnote = False
            yield from _ended(paragraph)
        elif fence or _FENCE.match(row):
            yield from _ended(paragraph)
            yield from _line(row, None, "program code", plain=True)
            fence = _fence_after(row, fence)
        elif paragraph and (underline := _UNDERLINE.match(row)):
            kind = BlockKind.HEADING if underline[1][0] == "-" else None
            yield from _ended(paragraph, kind)
        elif code:
            yield from _line(row, None, "program code", plain=True)
            blank = True  # The next row is code as well.
        elif alone := _stands_alone(row):
            footnote = _FOOTNOTE.match(row) is not None
            yield from _ended(paragraph)
            yield from alone
        elif footnote:
            yield from _line(row, None, "footnote", plain=True)
        else:
            quoted = _QUOTED.sub("", row).rstrip()
            if not quoted or _ITEM.match(quoted):
                yield from _ended(paragraph)
            paragraph += [quoted] if quoted else []
    yield from _ended(paragraph)


def _is_code(row: str) -> bool:
    """Tell whether an indented row is code; some indent their paragraphs."""
    return _INDENTED.match(row) is not None and not describe(row.strip()).is_prose


def _fence_after(row: str, fence: str) -> str:
    """Return the fence that is open after a row: it opens one, closes it, or is code."""
    opening = _FENCE.match(row)
    if not fence:
        return opening[1] if opening else ""
    return "" if row.strip().startswith(fence) and not row.strip().strip(fence[0]) else fence


def _ended(paragraph: list[str], kind: BlockKind | None = None) -> Iterator[Line]:
    """Yield the paragraph as a line and empty it."""
    if paragraph and _ITEM.match(paragraph[0]):
        kind = BlockKind.LIST_ITEM
    yield from _line(" ".join(paragraph), kind)
    paragraph.clear()


def _stands_alone(row: str) -> tuple[Line, ...]:
    """Return the lines of a row that is a block of its own; none for a part of a paragraph."""
    heading = _HEADING.match(row)
    if heading:
        return tuple(_line(heading[2], None if heading[1] == "#" else BlockKind.HEADING))
    dropped = _unspeakable(row)
    return tuple(_line(row, None, dropped, plain=True)) if dropped else ()


def _unspeakable(row: str) -> str | None:
    if _RULE.match(row):
        return "a dividing line"
    if _TABLE.match(row):
        return "table"
    if _FOOTNOTE.match(row):
        return "footnote"
    if _LINK_TARGET.match(row):
        return "the address of a link"
    return None


def _line(
    text: str, kind: BlockKind | None, dropped: str | None = None, *, plain: bool = False
) -> Iterator[Line]:
    """Yield a paragraph as a line, then what stands in it and is not spoken."""
    if plain:
        if spoken := " ".join(text.split()):
            yield Line(spoken, kind, dropped)
        return
    pictures = [" ".join(_reduced(alt).split()) for alt in _PICTURE.findall(text)]
    if pictures:
        text = _PICTURE.sub(" ", text).strip()
        dropped = "picture caption" if _ALL_EMPHASIZED.fullmatch(text) else dropped
    struck = [" ".join((a or b).split()) for a, _, b in _STRUCK.findall(text)]
    for alt in filter(None, pictures):
        yield Line(alt, None, "the description of a picture")
    if spoken := " ".join(_reduced(_STRUCK.sub("", text)).split()):
        yield Line(spoken, kind, dropped)
    for words in filter(None, struck):
        yield Line(words, None, "struck out")


def _reduced(text: str) -> str:
    """Take the marks out of a paragraph: link texts stay, addresses go."""
    text = _TASK_BOX.sub(r"\1", text)
    text = _FOOTNOTE_MARK.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _AUTOLINK.sub(r"\1", text)
    text = _INLINE_TAG.sub("", text)
    text = _TAG.sub(" ", text)
    text = _CODE.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(r"\2", text)
    return html.unescape(_ESCAPE.sub(r"\1", text))
