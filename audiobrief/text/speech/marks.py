"""Marks of print when the words are found: pauses, and nothing that a voice stumbles over."""

from __future__ import annotations

import re
from string import ascii_letters, digits
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrief.text.speech.tracked import Tracked

#: What no engine says, or says badly: markup, emoji, symbols. Quotation marks stay: espeak-ng's
#: sounds are the same with and without them, and neural voices hear a quotation by them.
_UNSPOKEN = re.compile(
    "[<>\\\\|^~_*#=@\u2022\u25cf\u00a9\u00ae\u2122\u2120\ufffd\ufe0e\ufe0f\u200d]"
    "|[\u2190-\u2bff\u3000-\u303f\ue000-\uf8ff]|[\U0001f000-\U000fffff]"
)
_BULLET = re.compile(r"^(?:[*\u2022\u25cf\u25e6\u25aa\u00b7\u2013\u2014-]\s+)")
#: Brackets stay, too: espeak-ng pauses at them for 150 ms, half as long as at a comma. Two in a
#: row never do: "[[" makes some engines read phonemes.
_OPENING = re.compile(r"(?P<one>[(\[{])[(\[{]*")
_CLOSING = re.compile(r"[)\]}]*(?P<one>[)\]}])(?P<word>\w)?")
_ROUND = str.maketrans("{}", "()")
_REPEATED = re.compile(r"([!?])[!?]+")
_ELLIPSIS = re.compile(r"(?: ?(?:\.{2,9}|\u2026)){1,9}\.?(?P<small>(?=[ \"\u201d']{0,3}[a-z]))? ?")
_COMMAS = re.compile(r"\s{0,3},(?:\s{0,3},)+\s{0,3}")
_DOTS = re.compile(r"\.(?: ?\.)+")
_BLANKS = re.compile(r" {2,}")
_BLANK_BEFORE = re.compile(r"(?<! ) {1,9}(?=[,;:!?)\]]|\.(?!\w))")
_COMMA_BEFORE = re.compile(r",(?=[.;:!?])")
_COMMA_AFTER = re.compile(r"(?<=[.;:!?]),(?= |$)")
_NO_BLANK = re.compile(r"(?<=[a-z]),(?=[a-z])", re.IGNORECASE)
_LEADING = re.compile(r"^[\s,;:.-]+")
_TRAILING = re.compile(r"[\s,;:-]+$")


def tidy(text: Tracked) -> None:
    """Take out symbols and doubled marks.

    A mark at the end that was printed there stays: a voice hears by "He said:" that the sentence
    goes on, with another voice.
    """
    chars = set(text.text)
    if not (chars <= _PLAIN):
        text.substitute(_BULLET, "")
        text.substitute(_UNSPOKEN, " ")
        text.substitute(_OPENING, lambda m: m["one"].translate(_ROUND))
        text.substitute(_CLOSING, _closed)
    present = text.text
    if "!" in present or "?" in present:
        text.substitute(_REPEATED, r"\1")
    if ".." in present or "\u2026" in present:
        text.substitute(_ELLIPSIS, lambda m: ", " if m["small"] is not None else ". ")
    printed_end = text.printed.rstrip()[-1:]
    if _UNTIDY.search(text.text):
        for pattern, words in _SPACING:
            text.substitute(pattern, words)
    present = text.text
    if present[:1] in " ,;:.-":
        text.substitute(_LEADING, "")
    if present[-1:] in " ,;:-":
        kept = printed_end if printed_end in ",;:" else " -" if present.endswith(" -") else ""
        text.substitute(_TRAILING, kept)


def _closed(match: re.Match[str]) -> str:
    """Return the last of some closing brackets, apart from a word that follows."""
    word = match["word"]
    return match["one"].translate(_ROUND) + (f" {word}" if word else "")


_PLAIN = frozenset(f"{ascii_letters}{digits} ,.;:!?'\"-/&%\u2019\u2018\u201c\u201d")
#: One look for what the patterns below would mend; it begins with a set of signs, so that letters
#: are passed over (a third of the time of an alternation).
_UNTIDY = re.compile(
    r"[ ,.;:!?](?:(?<= )[ ,;:!?.)\]]|(?<=,)(?:[ ,]?[,.;:!?]|[A-Za-z])|(?<=[.;:!?]),|(?<=\.) ?\.)"
)
_SPACING = (
    (_COMMAS, ", "),
    (_BLANKS, " "),
    (_BLANK_BEFORE, ""),
    (_COMMA_BEFORE, ""),
    (_COMMA_AFTER, ""),
    (_DOTS, "."),
    (_NO_BLANK, ", "),
)
