"""Printed form to spoken form: one table of rules, by class, in the order in which they apply."""

from __future__ import annotations

import re
from dataclasses import dataclass

from audiobrief.text.numerals import LONG_NUMBER, speak_numbers
from audiobrief.text.rules import rules
from audiobrief.text.scrub import scrub

#: A word is at most 45 letters long in any dictionary; a 200 kB one costs espeak-ng 4 s.
_LONG_WORD = 120


@dataclass(frozen=True, slots=True)
class SpokenForm:
    """A text as an engine should get it."""

    text: str
    #: What is said otherwise than printed because it cannot be said, in words for the user.
    notes: tuple[str, ...] = ()


def speak_out(text: str, *, language: str = "en") -> SpokenForm:
    """Return the spoken form of a printed text.

    English is written out whole; of other languages only whole numbers, in their own words, and
    what hurts any engine.

    Args:
        text: A sentence or a part of one.
        language: RFC 5646.

    Returns:
        Text without marks that engines stumble over; empty only when ``text`` has no letter and
        no digit.

    >>> speak_out("Sen. Moss paid $3.5 billion -- 25% more.").text
    'Senator Moss paid three point five billion dollars, twenty five percent more.'
    """
    clean, notes = _within_limits(" ".join(scrub(text)[0].split()))
    if language.lower().split("-")[0] == "en":
        clean = _ADDRESS.sub(_address, clean)
        clean = _lowered(clean)
        has_digit = any(c.isdigit() for c in clean)
        for rule in rules():
            if has_digit or not rule.needs_digit:
                clean = rule.pattern.sub(rule.words, clean)
    else:
        clean = _ADDRESS.sub(lambda m: m["host"] or m[0], clean)
        clean = speak_numbers(clean, language)
    clean = _tidied(clean)
    if not any(c.isalnum() for c in clean):
        clean = " ".join(re.findall(r"[^\W_]+", text))
    return SpokenForm(clean, notes)


# -- limits and addresses ------------------------------------------------------------------------

_LONG_DIGITS = re.compile(rf"\d{{{LONG_NUMBER},}}")
_LONG = re.compile(rf"\S{{{_LONG_WORD},}}")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)(?P<host>[A-Za-z0-9.-]{1,253}[A-Za-z0-9])(?:[:/?#]\S*(?<![.,;:!?)\]'\"]))?"
    r"|(?P<user>[A-Za-z0-9._+-]{1,64})@(?P<domain>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})"
)


def _within_limits(text: str) -> tuple[str, tuple[str, ...]]:
    notes = []
    shorter = _LONG_DIGITS.sub("a long number", text)
    if shorter != text:
        notes.append('a number of many figures is spoken as "a long number"')
    text = shorter
    if _LONG.search(text):
        spared = _LONG.sub(
            lambda m: m[0] if _ADDRESS.match(m[0]) or _has_breaks(m[0]) else "a very long word",
            text,
        )
        if spared != text:
            notes.append('a word without an end is spoken as "a very long word"')
        text = spared
    return text, tuple(notes)


def _has_breaks(word: str) -> bool:
    """Tell whether dashes, slashes or commas divide a long chain into words of usual length."""
    return len(word) < 20 * _LONG_WORD and all(
        len(p) < _LONG_WORD for p in re.split(r"[\W_]+", word)
    )


def _address(match: re.Match[str]) -> str:
    host = match["host"] or match["domain"]
    host = host.removeprefix("www.").replace(".", " dot ").replace("-", " dash ")
    if match["user"] is None:
        return host
    user = match["user"]
    for sign, word in ((".", "dot"), ("_", "underscore"), ("-", "dash"), ("+", "plus")):
        user = user.replace(sign, f" {word} ")
    return f"{user} at {host}"


def _lowered(text: str) -> str:
    """Write a sentence in capitals as a sentence: engines spell capitals out.

    What has a figure in it ("FY25") or no vowel ("BBC") is no word, and stays.
    """
    letters = [c for c in text if c.isalpha()]
    words = text.split()
    if len(words) < 4 or not letters or any(c.islower() for c in letters):
        return text
    lower = " ".join(
        word if any(map(str.isdigit, word)) or not _VOWEL.search(word) else word.lower()
        for word in words
    )
    return text[:1] + lower[1:]


_VOWEL = re.compile("[AEIOUY\u00c0-\uffff]")

# -- marks ---------------------------------------------------------------------------------------

_BULLET = re.compile(r"^\s*(?:[*\u2022\u25cf\u25e6\u00b7\u2013-]\s+|\(?\d{1,3}[.)]\s+(?=\S))")
_BRACKETS = re.compile(r"\s*[()\[\]{}]+\s*")
#: What no engine says, or says badly: quotation marks, markup, emoji, symbols.
_UNSPOKEN = re.compile(
    '["\u201c\u201d\u201e\u00ab\u00bb<>\\\\|^~_*#=@`\u2022\u25cf\u00a9\u00ae\u2122\ufffd\ufe0e\ufe0f\u200d]'
    "|[\u2190-\u2bff\u3000-\u303f\ue000-\uf8ff]|[\U0001f000-\U000fffff]"
)
_REPEATED = re.compile(r"([!?])[!?]+|\.{2,}|\u2026")
_COMMAS = re.compile(r"\s*,(?:\s*,)+\s*")


def _tidied(text: str) -> str:
    text = _BULLET.sub("", text)
    text = text.replace("[[", " ").replace("]]", " ")
    text = _UNSPOKEN.sub(" ", text)
    text = _BRACKETS.sub(", ", text)
    text = _REPEATED.sub(lambda m: m[1] or ". ", text)
    text = _COMMAS.sub(", ", text)
    text = re.sub(r" {2,}", " ", text)
    text = re.sub(r" (?=[,.;:!?])", "", text)
    text = re.sub(r",(?=[.;:!?])", "", text)
    return re.sub(r"^[\s,;:.-]+|[\s,;:-]+$", "", text).strip()
