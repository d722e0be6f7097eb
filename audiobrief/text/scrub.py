"""Take out of a text what nobody can read or speak: controls, bidi marks, floods of marks."""

from __future__ import annotations

import re
from functools import cache
from unicodedata import is_normalized, normalize

#: Everything that ends a line somewhere: CR, CR LF, VT, FF, NEL, LS, PS.
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

_CONTROLS = "[\x00-\x08\x0e-\x1f\x7f-\x9f\ufff9-\ufffb]"
_NO_TEXT = (
    "[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr((p << 16) | 0xFFFE)}{chr((p << 16) | 0xFFFF)}" for p in range(1, 17))
    + "]"
)
_DIRECTIONS = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_ZERO_WIDTH = "[\u200b\u2060-\u2064\ufeff\u00ad\u180e]"
_JOINERS = "[\u200c\u200d]"
_MARKS = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"


#: What goes, in the user's words, and a character without which there is none of it. XML 1.0 and
#: the speech engines refuse the first two; direction marks hide text from the eye; zero-width
#: marks split words for the ear.
_REMOVED = (
    ("control characters", f"{_CONTROLS}+", _CONTROLS),
    ("characters that Unicode does not allow in text", f"{_NO_TEXT}+", _NO_TEXT),
    ("direction marks", f"{_DIRECTIONS}+", _DIRECTIONS),
    # Joiners belong to the spelling of Arabic, Indic scripts and emoji: one may stay there.
    (
        "zero-width characters",
        (
            f"{_ZERO_WIDTH}+"
            f"|(?<![\u0600-\u200b\u2100-\U000e01ef]){_JOINERS}+|(?<={_JOINERS}){_JOINERS}+"
        ),
        f"{_ZERO_WIDTH}|{_JOINERS}",
    ),
    # Four marks on one letter are the most that any living spelling needs (Vietnamese has two).
    ("piled-up accents", f"(?<={_MARKS}{{4}}){_MARKS}+", _MARKS),
)


@cache
def _removed() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """Compile what goes: only where a text is not plain, since it takes longer than a sentence."""
    return tuple((name, re.compile(row), re.compile(sign)) for name, row, sign in _REMOVED)


def scrub(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Return the text in NFC with ``\n`` line ends and without unspeakable characters.

    No visible character is removed, save accents beyond the fourth on one letter.

    Returns:
        The text, and for the user one note for each class of characters that was removed.

    >>> scrub("a\x00b\u202ec\r\n")
    ('abc\n', ('removed 1 of control characters', 'removed 1 of direction marks'))
    """
    text = _LINE_END.sub("\n", text)
    notes = []
    if not (text.isascii() and text.replace("\n", " ").replace("\t", " ").isprintable()):
        # Once through the text for its characters, instead of once for each class: a page has
        # 200,000 characters and about a hundred different ones.
        present = "".join(set(text))
        for name, pattern, sign in _removed():
            if sign.search(present) is None:
                continue
            shorter = pattern.sub("", text)
            if len(shorter) != len(text):
                notes.append(f"removed {len(text) - len(shorter)} of {name}")
                text = shorter
        # After the accents: normalizing a run of n marks takes n squared steps.
        if not is_normalized("NFC", text):
            text = normalize("NFC", text)
    return text, tuple(notes)
