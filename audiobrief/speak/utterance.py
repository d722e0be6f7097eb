"""Text made safe and short enough for an engine (pure)."""

from __future__ import annotations

import re

#: Controls that engines written in C act upon: NUL ends the text, and espeak-ng takes U+0001 as
#: the start of a command that changes pitch or voice. Lone surrogates cannot be encoded.
_UNSPEAKABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\\s]+")

#: Where a long text is divided best, from best to worst; the mark stays with the left part.
_BREAKS = (re.compile(r"[.!?]['\")\]’”]* "), re.compile(r"[,;:–—]['\")\]’”]* "), re.compile(" "))  # noqa: RUF001 - typographic marks are meant


def plain_text(text: str) -> str:
    r"""Return the text without controls, runs of white space made one space.

    >>> plain_text(" one\x00two\n\x0150P three ")
    'one two 50P three'
    """
    return _UNSPEAKABLE.sub(" ", text).strip()


def shortened(text: str) -> str:
    """Return the text as an error names it: whole, or its first 117 characters.

    >>> len(shortened("long " * 100))
    118
    """
    return text if len(text) <= 120 else text[:117] + "…"


def divide(text: str, limit: int) -> tuple[str, ...]:
    """Divide a text into parts of at most ``limit`` characters.

    At the last sentence end that fits, else the last comma, else the last space, else anywhere.

    >>> divide("One two. Three, four five.", 16)
    ('One two.', 'Three,', 'four five.')
    """
    parts = []
    while len(text) > limit:
        end = _last_break(text[: limit + 1]) or limit
        parts.append(text[:end].strip())
        text = text[end:].strip()
    return tuple(part for part in (*parts, text) if part)


def _last_break(text: str) -> int | None:
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text)]
        if ends:
            return ends[-1]
    return None
