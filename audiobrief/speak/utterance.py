"""Text made safe and short enough for an engine (pure)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from audiobrief.errors import SpeechError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Controls that engines written in C act upon: NUL ends the text, and espeak-ng takes U+0001 as
#: the start of a command that changes pitch or voice. Lone surrogates cannot be encoded.
_UNSPEAKABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\\s]+")

#: Longest text for one clip, in characters: at 170 words a minute 3 hours of sound and 600 MB of
#: memory. At 80 words a minute 1,000,000 would be more than a WAV file can hold.
LONGEST_TEXT = 200_000

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


def refuse_endless(text: str) -> None:
    """Stop at a text that would fill the memory: no sentence, whatever it was taken for.

    Raises:
        SpeechError: It is longer than :data:`LONGEST_TEXT`.
    """
    if len(text) > LONGEST_TEXT:
        raise SpeechError(
            f"a text of {len(text):,} characters is too long for one clip",
            shortened(text),
            remedy=f"divide it into texts of at most {LONGEST_TEXT:,} characters",
        )


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


class Word(NamedTuple):
    """What stands between two spaces: ``text[start:end]``, without the punctuation around it.

    A named tuple: every text has some, and a frozen dataclass takes three times as long.
    """

    start: int
    end: int
    #: Where the space after it, or the end of the text, is.
    stop: int
    #: It has a letter or a digit: a voice that says nothing for it loses something.
    is_spoken: bool


def words_of(text: str) -> list[Word]:
    """Return the words of a text as :func:`plain_text` makes it.

    >>> [(w.start, w.end, w.is_spoken) for w in words_of('"No" — $5.')]
    [(1, 3, True), (5, 6, False), (7, 9, True)]
    """
    return [_word(match) for match in re.finditer("[^ ]+", text)]


def _word(match: re.Match[str]) -> Word:
    printed, start = match[0], match.start()
    if printed.isalnum():  # as most are
        end = match.end()
        return Word(start, end, end, is_spoken=True)
    first, last = 0, len(printed)
    while first < last and unicodedata.category(printed[first])[0] == "P":
        first += 1
    while last > first and unicodedata.category(printed[last - 1])[0] == "P":
        last -= 1
    if first == last:
        first, last = 0, len(printed)
    is_spoken = any(character.isalnum() for character in printed)
    return Word(start + first, start + last, match.end(), is_spoken)


def without_mark(words: Sequence[Word], marked: Iterable[tuple[int, int]]) -> list[int]:
    """Return which words must be spoken and have no mark, as indices.

    Args:
        words: Of a text.
        marked: Start and end of what is marked in it, in order; one may reach over many words.
    """
    missing = []
    rest = iter(marked)
    start, end = next(rest, (0, 0))
    for index, word in enumerate(words):
        while end <= word.start:
            following = next(rest, None)
            if following is None:
                break
            start, end = following
        if word.is_spoken and not (start < word.end and word.start < end):
            missing.append(index)
    return missing
