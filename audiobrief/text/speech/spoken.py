"""Printed form to spoken form: what an engine should get, and where each word was printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from audiobrief.text.scrub import scrub
from audiobrief.text.speech import english, shorthand, tongues
from audiobrief.text.speech.acronyms import letters_apart
from audiobrief.text.speech.addresses import is_address, shorten_addresses
from audiobrief.text.speech.marks import tidy
from audiobrief.text.speech.numerals import LONG_NUMBER
from audiobrief.text.speech.tracked import Span, Tracked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.text.speech.lexicon import Hit, Lexicon

#: A word is at most 45 letters long in any dictionary; a 200 kB one costs espeak-ng 4 s.
_LONG_WORD = 120


class Sounds(NamedTuple):
    """The sounds of a range of a spoken text, as a lexicon knows them."""

    start: int
    end: int
    ipa: str
    #: Whether the range is respelled for voices that take no IPA, or as printed.
    is_respelled: bool


@dataclass(frozen=True, slots=True)
class SpokenForm:
    """A text as an engine should get it."""

    text: str
    #: What is said otherwise than printed because it cannot be said, in words for the user.
    notes: tuple[str, ...] = ()
    #: Every spoken word and the printed words it stands for, in order and without overlap.
    spans: tuple[Span, ...] = ()
    #: Words whose sounds a lexicon knows, in order.
    phonemes: tuple[Sounds, ...] = ()


def speak_out(
    text: str,
    *,
    language: str = "en",
    lexicon: Lexicon | None = None,
    spelled: frozenset[str] = frozenset(),
) -> SpokenForm:
    """Return the spoken form of a printed text.

    English is written out whole; of other languages what ``tongues`` knows, and what hurts any
    engine.

    Args:
        text: A sentence or a part of one.
        language: RFC 5646; the region decides the order of day and month in "3/4/2024".
        lexicon: Its words are said as it says; no rule touches them, or what it says.
        spelled: Acronyms that the article introduces (``find_introduced``), said by letters.

    Returns:
        Text without marks that engines stumble over; empty only when ``text`` has no letter and
        no digit.

    >>> printed = "Sen. Moss paid $3.5 billion -- 25% more."
    >>> form = speak_out(printed)
    >>> form.text
    'Senator Moss paid three point five billion dollars, twenty five percent more.'
    >>> [printed[s.printed_start : s.printed_end] for s in form.spans][3:5]
    ['$3.5 billion --', '25%']
    """
    hits = lexicon.find(text) if lexicon else ()
    tracked = Tracked(text, tuple((hit.start, hit.end) for hit in hits))
    _clean(tracked)
    notes = _keep_within_limits(tracked)
    if language.lower().split("-")[0] == "en":
        english.speak_english(tracked, language, spelled)
    else:
        shorten_addresses(tracked)
        tongues.speak_foreign(tracked, language)
    tidy(tracked)
    phonemes = _say_as_told(tracked, hits)
    if not any(map(str.isalnum, tracked.text)) and any(map(str.isalnum, text)):
        plain = " ".join(re.findall(r"[^\W_]+", text))
        return SpokenForm(plain, notes, (Span(0, len(plain), 0, len(text)),))
    return SpokenForm(tracked.text, notes, tracked.spans(), phonemes)


def _say_as_told(text: Tracked, hits: Sequence[Hit]) -> tuple[Sounds, ...]:
    """Put in what the lexicon says, the last first, and return where sounds are known."""
    phonemes: list[Sounds] = []
    for hit in reversed(hits):
        start, end = text.present(hit.start, hit.end)
        if start >= end:
            continue
        entry = hit.entry
        before = len(text.text)
        if entry.say is not None or entry.letters:
            told = entry.spoken or letters_apart(_letters(text.text[start:end]))
            end = text.replace(start, end, f"{told}{_kept_point(text.text, end, told)}")
            if text.text[end : end + 2] in {"'S", "\u2019S"}:  # of "DYETT'S"
                text.replace(end + 1, end + 2, "s")
        longer = len(text.text) - before
        phonemes = [s._replace(start=s.start + longer, end=s.end + longer) for s in phonemes]
        if entry.ipa is not None:
            phonemes.insert(0, Sounds(start, end, entry.ipa, entry.say is not None))
    return tuple(phonemes)


def _kept_point(text: str, end: int, told: str) -> str:
    """Return the point of "U.S." where it also ended the sentence."""
    ends = end == len(text) or shorthand.ends_sentence(text, end)
    return "." if text[end - 1 : end] == "." and ends and not told.endswith(".") else ""


def _letters(printed: str) -> str:
    return "".join(c for c in printed.upper() if c.isalnum())


# -- limits --------------------------------------------------------------------------------------

_CHUNK = re.compile(r"\S+")
_BLANK = re.compile(r"^\s+|\s+$|(?<! )\s+| \s+")
_LONG_DIGITS = re.compile(rf"\d(?:\d{{{LONG_NUMBER - 1},}})")
_LONG = re.compile(rf"\S{{{_LONG_WORD},}}")


def _clean(text: Tracked) -> None:
    """Take out what nobody can read, and make white space single blanks."""
    if not (text.text.isascii() and text.text.isprintable()) and scrub(text.text)[0] != text.text:
        text.substitute(_CHUNK, lambda m: " ".join(scrub(m[0])[0].split()))
    if " ".join(text.text.split()) != text.text:
        end = len(text.text)
        text.substitute(_SPACE, lambda m: " " if m.start() > 0 and m.end() < end else "")


_SPACE = re.compile(r"\s+")


def _keep_within_limits(text: Tracked) -> tuple[str, ...]:
    notes = []
    if len(text.text) >= LONG_NUMBER and text.substitute(_LONG_DIGITS, "a long number"):
        notes.append('a number of many figures is spoken as "a long number"')
    if len(text.text) >= _LONG_WORD and text.substitute(_LONG, _shorter):
        notes.append('a word without an end is spoken as "a very long word"')
    return tuple(notes)


def _shorter(match: re.Match[str]) -> str:
    word = match[0]
    return word if is_address(word) or _has_breaks(word) else "a very long word"


def _has_breaks(word: str) -> bool:
    """Tell whether dashes, slashes or commas divide a long chain into words of usual length."""
    return len(word) < 20 * _LONG_WORD and all(
        len(p) < _LONG_WORD for p in re.split(r"[\W_]+", word)
    )
