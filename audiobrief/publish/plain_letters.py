"""Letters as the built-in typeface of drawn covers has them: those of English (pure)."""

from __future__ import annotations

from unicodedata import combining, normalize

# Latin letters that Unicode does not divide into a letter and an accent.
_PLAIN_LETTERS = {
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "þ": "th",
    "\u0131": "i",  # the Turkish one without a dot
}


def without_accents(character: str) -> str:
    """Return the plain letters of a letter, or the character itself.

    >>> "".join(map(without_accents, "\u00c9\u00df\u00f8"))
    'Esso'
    """
    letters = _PLAIN_LETTERS.get(character) or normalize("NFKD", character)
    return "".join(c for c in letters if not combining(c))


def is_drawable(text: str) -> bool:
    """Tell whether a cover can show a text, at most without its accents.

    What is neither letter nor figure may be left out; a text of nothing else cannot be shown.

    >>> is_drawable("Zürich: 3 \u20ac"), is_drawable("\u6771\u4eac"), is_drawable("?!")
    (True, False, False)
    """
    told = [c for letter in text for c in without_accents(letter) if c.isalnum()]
    return bool(told) and all(c.isascii() for c in told)
