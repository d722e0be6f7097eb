"""Text without characters that XML, ID3 or a line of a feed cannot carry."""

from __future__ import annotations

import re

# XML 1.0 (fifth edition), production [2] Char, plus DEL and C1 controls, which it allows but
# discourages. Lone surrogates are outside of it too: they cannot be encoded as UTF-8 at all.
_UNPRINTABLE = re.compile(
    "[^\t\n\r -~\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010fffd]"
)
# Unicode's Bidi_Control property: in a title they turn the rest of the app's line around.
_BIDI_CONTROL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LINE_ENDS = re.compile("[\t\n\u2028\u2029]")


def printable(text: str) -> str:
    r"""Return the text without what is no ``Char`` of XML 1.0; line ends become ``\n``.

    One such character costs a whole feed: feedgen 1.0.0 raises on U+0000, U+000B, U+FFFE and on
    lone surrogates.

    >>> printable("a\x00b\x0b\ud800\ufffe\r\nc")
    'ab\nc'
    """
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def printable_line(text: str) -> str:
    r"""Return the text as one line without bidi controls: for titles and names.

    >>> printable_line(" Rain \n ahead\u202e ")
    'Rain ahead'
    """
    return " ".join(_BIDI_CONTROL.sub("", printable(text)).split())


def plain_line(text: str) -> str:
    r"""Return the text as one line with its blanks as they are: for names that must be found again.

    >>> plain_line("a  name\n of two lines ")
    'a  name of two lines'
    """
    lines = map(str.strip, _LINE_ENDS.split(_BIDI_CONTROL.sub("", printable(text))))
    return " ".join(filter(None, lines))
