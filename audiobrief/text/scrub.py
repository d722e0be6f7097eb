"""Take out of a text what nobody can read or speak: controls, bidi marks, floods of marks."""

from __future__ import annotations

import re
from unicodedata import is_normalized, normalize

#: Everything that ends a line somewhere: CR, CR LF, VT, FF, NEL, LS, PS.
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

#: What goes, in the user's words. XML 1.0 and the speech engines refuse the first three;
#: direction marks hide text from the eye; zero-width marks split words for the ear.
_REMOVED = (
    ("control characters", re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufff9-\ufffb]+")),
    (
        "characters that Unicode does not allow in text",
        re.compile(
            "[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
            + "".join(f"{chr((p << 16) | 0xFFFE)}{chr((p << 16) | 0xFFFF)}" for p in range(1, 17))
            + "]+"
        ),
    ),
    ("direction marks", re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+")),
    # Joiners belong to the spelling of Arabic, Indic scripts and emoji: one may stay there.
    (
        "zero-width characters",
        re.compile(
            "[\u200b\u2060-\u2064\ufeff\u00ad\u180e]+"
            "|(?<![\u0600-\u200b\u2100-\U000e01ef])[\u200c\u200d]+"
            "|(?<=[\u200c\u200d])[\u200c\u200d]+"
        ),
    ),
    # Four marks on one letter are the most that any living spelling needs (Vietnamese has two).
    (
        "piled-up accents",
        re.compile(
            "(?<=[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
            "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
        ),
    ),
)


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
        for name, pattern in _REMOVED:
            shorter = pattern.sub("", text)
            if len(shorter) != len(text):
                notes.append(f"removed {len(text) - len(shorter)} of {name}")
                text = shorter
        # After the accents: normalizing a run of n marks takes n squared steps.
        if not is_normalized("NFC", text):
            text = normalize("NFC", text)
    return text, tuple(notes)
