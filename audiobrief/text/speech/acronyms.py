"""Acronyms: which are said letter by letter and how, and which of them a text introduces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.text.plain_words import STOP_WORDS
from audiobrief.text.speech.vocabulary import ACRONYMS, KNOWN_BY_HEART, SAID_ACRONYMS, SHORT_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Capitals, and the s of a plural or of a possessive.
ACRONYM = re.compile(
    r"(?P<letters>[A-Z](?<![\w.@#].)[A-Z]{1,5})(?P<suffix>'s|\u2019s|s'|s\u2019|s)?(?![\w.]\w|\w)(?!-\d)"
)


def letters_apart(letters: str, suffix: str = "") -> str:
    """Return letters so that a voice names each of them.

    Blanks between them do it, save for "A", which a voice then takes for the article: espeak-ng
    reads "R A F" as "ar uh ef", but "R.A.F" rightly; it reads "the I.S's" with a "dot", and
    "N G Os" with "oh ess".

    >>> [letters_apart(w, s) for w, s in (("WHO", ""), ("RAF", ""), ("NGO", "s"), ("AP", "'s"))]
    ['W H O', 'R.A.F', "N G O's", "A.P.'s"]
    """
    mark = "'s" if suffix else ""
    if "A" not in letters:
        return " ".join(letters) + mark
    return ".".join(letters) + ("." if mark and len(letters) == 2 else "") + mark


def acronym(match: re.Match[str], spelled: frozenset[str] = frozenset()) -> str:
    """Spell a word in capitals where it is no word.

    What has no vowel, and what everybody knows by its letters, is left as printed: every voice
    spells it. Among other words in capitals nothing is an acronym that is not on the list.
    """
    letters, suffix = match["letters"], match["suffix"] or ""
    # "CEOs' pay" sounds as "CEOs pay"; the last apostrophe makes espeak-ng say a word.
    heard = suffix[:1] if len(suffix) == 2 and suffix[0] == "s" else suffix
    if letters in SAID_ACRONYMS:
        return letters + heard
    shouted = _has_capitals_beside(match)
    if letters in spelled and not (shouted and letters.lower() in STOP_WORDS):
        return letters_apart(letters, suffix)
    if not _VOWEL.search(letters) or (letters in KNOWN_BY_HEART and not shouted):
        return letters + heard
    if letters in ACRONYMS or letters in KNOWN_BY_HEART:
        return letters_apart(letters, suffix)
    return (
        letters + heard if shouted or is_pronounceable(letters) else letters_apart(letters, suffix)
    )


_VOWEL = re.compile("[AEIOUY]")
_CAPITALS_BEFORE = re.compile(r"([A-Z]{2,20})[^\w.]{1,3}$")
_CAPITALS_AFTER = re.compile(r"[^\w.]{1,3}([A-Z]{2,20})\b")


def _has_capitals_beside(match: re.Match[str]) -> bool:
    """Tell whether a neighbor is in capitals too, and no acronym itself."""
    text = match.string
    beside = (
        _CAPITALS_BEFORE.search(text[max(0, match.start() - 24) : match.start()]),
        _CAPITALS_AFTER.match(text, match.end()),
    )
    return any(found and _VOWEL.search(found[1]) and found[1] not in ACRONYMS for found in beside)


# -- sound ---------------------------------------------------------------------------------------

_INITIAL = "BL|BR|CH|CL|CR|DR|FL|FR|GL|GR|PH|PL|PR|SC|SH|SK|SL|SM|SN|SP|ST|STR|SW|TH|TR|TW|WH"
_FINAL = (
    "CH|CK|CS|CT|DS|FT|GH|GS|KS|LD|LF|LK|LL|LM|LP|LS|LT|MP|MS|NC|ND|NG|NK|NN|NS|NT|PS|PT|RB|RC|RD"
    "|RK|RL|RM|RN|RP|RS|RT|SH|SK|SP|SS|ST|TH|TS|TT|XT"
)
_C = "[BCDFGHJKLMNPQRSTVWXZ]"
_SYLLABLES = re.compile(
    rf"(?:(?:{_INITIAL}|{_C})?(?!AA|II|UU|OE|IA|UA|IO|IE|AE)[AEIOUY]{{1,2}})"
    rf"(?:{_C}{{1,2}}(?!AA|II|UU)[AEIOUY]{{1,2}}){{0,2}}(?:{_FINAL}|{_C})?"
)


def is_pronounceable(letters: str) -> bool:
    """Tell whether capitals are rather a word than letters.

    Two or three letters are words only if they are common ones; more are if their sounds follow
    each other as in English words.

    >>> [is_pronounceable(w) for w in ("ASEAN", "LOTO", "OECD", "FATF", "SEC", "NEW", "IAEA")]
    [True, True, False, False, False, True, False]
    """
    lower = letters.lower()
    if lower in STOP_WORDS or lower in SHORT_WORDS:
        return True
    return len(letters) > 3 and _SYLLABLES.fullmatch(letters) is not None


# -- introductions -------------------------------------------------------------------------------

#: "the Free Syrian Army (FSA)", "Islamic State, or IS", "Islamic State, known as IS".
_SIGNAL = re.compile(
    r"(?: \(|,? or |,? (?:also |better |commonly )?known (?:simply |also )?as "
    r"|,? abbreviated (?:as |to )?)(?:the |or |aka )?[\"\u201c'\u2018]?([A-Z]{2,6})s?\b"
)
#: Without two capitals no signal is worth looking for: a tenth of the time for most sentences.
_TWO_CAPITALS = re.compile(r"[A-Z][A-Z]")
_WORD_BEFORE = re.compile(r"[^\W_]+")
_LINKS = frozenset(("of", "the", "and", "for", "in", "on", "to", "de", "la", "du", "des", "a", "s"))


def find_introduced(texts: Iterable[str]) -> frozenset[str]:
    """Return the acronyms that the texts introduce beside their long form.

    The letters must be the initials of the words before them ("Islamic State, or IS"); small
    linking words may be skipped or counted. Such acronyms are spelled wherever they stand, even
    if they look like words, save those that are said as words by everybody.

    >>> sorted(find_introduced(["The Free Syrian Army (FSA) and Islamic State, or IS.", "A (TV)."]))
    ['FSA', 'IS']
    """
    return frozenset(
        letters
        for text in texts
        if _TWO_CAPITALS.search(text)
        for letters, before in _candidates(text)
        if letters not in SAID_ACRONYMS and _are_initials(letters, before)
    )


def _candidates(text: str) -> Iterator[tuple[str, list[str]]]:
    for match in _SIGNAL.finditer(text):
        window = text[max(0, match.start() - 90) : match.start()]
        yield match[1], _WORD_BEFORE.findall(window)


def _are_initials(letters: str, words: list[str]) -> bool:
    """Tell whether the last words begin with the letters, in order; links may be left out."""
    left = list(letters.lower())
    capitals = 0
    for word in reversed(words[-2 * len(letters) - 2 :]):
        if not left:
            break
        if word[0].lower() == left[-1]:
            left.pop()
            capitals += word[0].isupper()
        elif word.lower() not in _LINKS:
            return False
    return not left and capitals * 2 > len(letters)
