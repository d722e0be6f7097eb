"""Text for engines that know 128 characters (pure)."""

from __future__ import annotations

import unicodedata

#: Letters that have no accent to take off.
_LETTERS = "ß ss ẞ SS æ ae Æ Ae œ oe Œ Oe ø o Ø O ł l Ł L đ d Đ D ð th Ð Th þ th Þ Th ı i ŋ ng Ŋ Ng"  # noqa: RUF001 - they are meant
#: Marks that print has instead of those of ASCII, each with its own.
_MARKS = "‘' ’' ‚' ʼ' ʻ' `' ´' “\" ”\" „\" «\" »\" –- —- −- ‐- ‑- ·, •,"  # noqa: RUF001 - they are meant
_WORDS = {"€": " euros ", "£": " pounds ", "¥": " yen ", "°": " degrees ", "×": " times "}  # noqa: RUF001 - it is meant


def _table() -> dict[int, str]:
    letters = _LETTERS.split()
    pairs = dict(zip(letters[::2], letters[1::2], strict=True))
    pairs |= {mark[0]: mark[1] for mark in _MARKS.split()}
    # A dash between words is a pause only where it stands alone.
    return str.maketrans(pairs | _WORDS | {"–": " - ", "—": " - ", "…": "..."})  # noqa: RUF001 - as above


_SPELLED = _table()


def ascii_text(text: str) -> tuple[str, str]:
    """Return a text in ASCII, and the characters that had to be left out, each once.

    >>> ascii_text("Łódź — “Straße” café…")
    ('Lodz - "Strasse" cafe...', '')
    >>> ascii_text("Say мир, he said.")
    ('Say , he said.', 'мир')
    """
    # First the marks: NFKD makes accents of some of them.
    decomposed = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    kept = "".join(c if c.isascii() else _instead(c) for c in decomposed)
    lost = dict.fromkeys(c for c in decomposed if not c.isascii() and _instead(c) == " ")
    return " ".join(kept.split()), "".join(c for c in lost if not c.isspace())


def _instead(character: str) -> str:
    """Return nothing for accents and invisible marks, a blank for what is lost."""
    return "" if unicodedata.category(character) in {"Mn", "Cf"} else " "
