"""Quotation marks: where quotations begin and end, and the narration that is left around them."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What stands in the narration for a quotation, letter for letter: its last letter says how the
#: quotation ends, since that decides whether the sentence goes on behind it.
QUOTED = "\ue000"
ENDS_FULL = "\ue001"
ENDS_ASKING = "\ue002"
ENDS_COMMA = "\ue003"
#: The same where the quotation says "I": persons speak so, firms and cities do not.
QUOTED_I = "\ue004"
ENDS_OPEN = "\ue005"
#: All of them, for use in a class of a regular expression.
ANY_QUOTED = f"{QUOTED}-{ENDS_OPEN}"

_DOUBLE = re.compile('["\u201c\u201d\u201e\u201f\u00ab\u00bb\u300c\u300d\u300e\u300f\uff02]')
_OPENING = "\u201e\u201f\u300c\u300e"
_SAYS_I = re.compile(r"\b(?:I|[Mm]y|[Mm]e)\b")
#: A straight mark after one of these, or at the beginning, opens.
_OPENING_BEFORE = " \t\u00a0\u202f([{\u2013\u2014-/\u2018'\u201c"
#: The inch mark of a height ("5'11""), and one after figures, open no quotation.
_INCHES = re.compile(r"(?<=\d['\u2019\u2032]\d)\"|(?<=\d['\u2019\u2032]\d\d)\"")
#: A single mark opens before a word, but not before "'90s", "'em", "'til".
_SINGLE_OPENS = re.compile(
    r"(?:(?<=[\s(\[\u2013\u2014])|^)['\u2018](?=[\w\u201c\"\u2026])"
    r"(?!\d0s|(?:em|til|tis|twas|n|cause|round)\b)"
)
#: It closes behind the punctuation of a quotation, or (weaker: "the boys' father") a letter.
_SINGLE_CLOSES = re.compile(r"(?<=[.,!?\u2026;\u2014\u201d\"])['\u2019](?!\w)")
_SINGLE_MAY_CLOSE = re.compile(r"(?<=\w)['\u2019](?=[\s.,;:!?)\u2014]|$)")
_LOW_SINGLE = re.compile("\u201a[^\u201a\u2018\u2019]{1,2000}[\u2018\u2019]")
_NICKNAME = re.compile(r"[^\W\d_][\w.'\u2019-]{0,20}(?: [^\W\d_][\w.'\u2019-]{0,20})?")
#: Nobody quotes longer in one paragraph with single marks.
_SINGLE_REACH = 3000
_MARKS = "\"'\u201c\u201d\u2018\u2019\u00ab\u00bb\u300d\u300f)\uff02 \u00a0\u202f"
_ENDINGS = {
    ".": ENDS_FULL,
    "\u2026": ENDS_FULL,
    "\u3002": ENDS_FULL,
    "!": ENDS_ASKING,
    "?": ENDS_ASKING,
    ",": ENDS_COMMA,
}


def find_spans(paragraph: str) -> list[tuple[int, int, bool]]:
    r"""Return start, end and "has no closing mark" of each quotation in double or single marks.

    Marks within a quotation are part of it: words held up with tongs, a quotation quoted.

    >>> find_spans('He said "no" twice, and "ye')
    [(8, 12, False), (24, 27, True)]
    >>> find_spans('"From "old" to "new" ways"')
    [(0, 26, False)]
    >>> find_spans("'I don't know,' she said.")
    [(0, 15, False)]
    """
    double = _double_spans(_marks(paragraph), len(paragraph))
    single = _single_spans(paragraph)
    if not single:
        return double
    spans: list[tuple[int, int, bool]] = []
    for span in sorted((*double, *single), key=lambda s: (s[0], -s[1])):
        if not spans or span[0] >= spans[-1][1]:
            spans.append(span)
    return spans


def blank(paragraph: str, spans: Sequence[tuple[int, int, bool]]) -> str:
    r"""Return the narration: each quotation made placeholders of the same length.

    A nickname between two words of a name stays: it is part of the name, not of what is said.

    >>> blank('He said "no."', [(8, 13, False)])
    'He said \ue000\ue000\ue000\ue000\ue001'
    """
    pieces: list[str] = []
    position = 0
    for start, end, is_open in spans:
        if is_nickname(paragraph, start, end):
            continue
        last = ENDS_OPEN if is_open else _ENDINGS.get(paragraph[:end].rstrip(_MARKS)[-1:], QUOTED)
        filling = QUOTED_I if _SAYS_I.search(paragraph, start, end) else QUOTED
        pieces += (paragraph[position:start], filling * (end - start - 1), last)
        position = end
    return "".join((*pieces, paragraph[position:]))


def is_nickname(paragraph: str, start: int, end: int) -> bool:
    """Tell whether a short quotation stands between two words of a name.

    >>> is_nickname('William "Bill" Shaw', 8, 14)
    True
    """
    if end - start > 30 or not paragraph[end + 1 : end + 2].isupper():
        return False
    before = paragraph[max(0, start - 30) : start].split(" ")
    return (
        paragraph[end] == " "
        and len(before) >= 2
        and not before[-1]
        and before[-2][:1].isupper()
        and before[-2].isalpha()
        and _NICKNAME.fullmatch(paragraph, start + 1, end - 1) is not None
    )


def _double_spans(marks: list[tuple[int, int]], length: int) -> list[tuple[int, int, bool]]:
    # How many of the marks from here on open and close: inner ones must leave one to close with.
    surplus = [0, *accumulate(-sign for _, sign in reversed(marks))][::-1]
    spans: list[tuple[int, int, bool]] = []
    start, depth = -1, 0
    for n, (i, sign) in enumerate(marks):
        if start < 0:
            if sign > 0:
                start, depth = i, 1
        elif sign > 0:
            # No mark is left to close this one and the outer: the outer was never closed, and
            # nobody knows where it ends.
            start, depth = (start, depth + 1) if surplus[n + 1] > depth else (i, 1)
        elif depth > 1:
            depth -= 1
        else:
            spans.append((start, i + 1, False))
            start = -1
    if start >= 0:
        spans.append((start, length, True))
    return spans


def _marks(paragraph: str) -> list[tuple[int, int]]:
    """Return the place of each double mark, and +1 when it looks like opening, else -1."""
    found = list(_DOUBLE.finditer(paragraph))
    if not found:
        return []
    low = "\u201e" in paragraph
    # Danish and some German print: the points of the angles show inwards.
    inward = 0 <= paragraph.find("\u00bb") < (paragraph.find("\u00ab") % (len(paragraph) + 1))
    inches = {m.start() for m in _INCHES.finditer(paragraph)} if '"' in paragraph else set()
    marks: list[tuple[int, int]] = []
    for match in found:
        i, mark = match.start(), match[0]
        if mark in '"\uff02':
            if i in inches:
                continue
            before, after = paragraph[i - 1 : i] if i else "", paragraph[i + 1 : i + 2]
            opens = (not before or before in _OPENING_BEFORE) and (
                not after.isspace() or not marks or marks[-1][1] < 0
            )
            # Behind an inner quotation that ends with the outer one: … you count.'"
            inner = before == "'" and paragraph[max(0, i - 2) : i - 1] not in ("", " ", "(")
            opens = opens and not (inner and (not after or not after.isalnum()))
        elif mark in "\u00ab\u00bb":
            opens = (mark == "\u00bb") == inward
        else:
            opens = mark in _OPENING or (mark == "\u201c" and not low)
        marks.append((i, 1 if opens else -1))
    return marks


def _single_spans(paragraph: str) -> list[tuple[int, int, bool]]:
    """Return quotations in single marks; an apostrophe is none."""
    if "\u201a" in paragraph:
        return [(m.start(), m.end(), False) for m in _LOW_SINGLE.finditer(paragraph)]
    if "'" not in paragraph and "\u2018" not in paragraph:
        return []
    opening = [m.start() for m in _SINGLE_OPENS.finditer(paragraph)]
    spans: list[tuple[int, int, bool]] = []
    for n, start in enumerate(opening):
        if spans and start < spans[-1][1]:
            continue
        limit = opening[n + 1] if n + 1 < len(opening) else len(paragraph)
        limit = min(limit, start + _SINGLE_REACH)
        closing = _SINGLE_CLOSES.search(paragraph, start + 1, limit)
        if closing is None:
            closing = _SINGLE_MAY_CLOSE.search(paragraph, start + 1, limit)
        if closing is not None:
            spans.append((start, closing.end(), False))
        elif start == 0 and paragraph[0] == "\u2018" and len(opening) == 1:
            spans.append((0, len(paragraph), True))
    return spans
