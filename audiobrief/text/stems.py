"""Words without their endings."""

from __future__ import annotations

#: Endings that a word may have in one text and not in another, the longest first.
_ENDINGS = ("ings", "ing", "ies", "ied", "ers", "ed", "es", "s", "e", "y")
#: What is left of a word has so many letters at least.
_SHORTEST = 3


def stem(word: str) -> str:
    """Return a word without its ending: no root, but the same for most forms of one word.

    >>> stem("resigned") == stem("resigns") == stem("resigning")
    True
    """
    word = word.removesuffix("'s").removesuffix("'")
    if not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word
