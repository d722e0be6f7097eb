"""Pronunciation lexicons: what to say for a word, and where such words stand in a text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: No word or phrase of a language is longer; a bound for what a file may ask for.
LONGEST_WORD = 200
#: Stands for "letter by letter" where an entry is two plain words, as in front matter.
SPELLED = "letters"


@dataclass(frozen=True, slots=True)
class Entry:
    """How one word, or one phrase, is said: respelled, in IPA, or letter by letter.

    Raises:
        ValueError: There is no word, or not exactly one way to say it (``say`` may stand beside
            ``ipa``, for the engines that take no phonemes).

    >>> Entry("IS", letters=True).fits("Is"), Entry("Dyett", say="die it").fits("DYETT")
    (False, True)
    """

    #: As printed; with blanks, hyphens or points inside where the printed form has them.
    word: str
    #: A respelling in plain letters: any engine can read it.
    say: str | None = None
    #: In the International Phonetic Alphabet, for engines that take phonemes.
    ipa: str | None = None
    letters: bool = False
    #: ``True``: written exactly so. ``False``: however it is written. ``None``: its capitals must
    #: be capitals, its small letters may be ("IS" is never "is", "Dyett" may be "DYETT").
    match_case: bool | None = None
    #: Where it was defined, ``file:line``; says nothing about what it is.
    origin: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Bring the word into one written form, and refuse what says nothing."""
        object.__setattr__(self, "word", " ".join(unicodedata.normalize("NFC", self.word).split()))
        has_letter = any(c.isalnum() for c in self.word)
        if not has_letter or not self.word.isprintable() or len(self.word) > LONGEST_WORD:
            message = f"no word that could stand in a text: {self.word[:60]!r}"
            raise ValueError(message)
        for name in ("say", "ipa"):
            way = getattr(self, name)
            if way is not None:
                object.__setattr__(self, name, _checked(" ".join(way.split()), name, self.word))
        if self.letters == (self.say is not None or self.ipa is not None):
            message = f"a respelling, IPA or letters for {self.word!r}: one of them"
            raise ValueError(message)

    @property
    def spoken(self) -> str | None:
        """The respelling as any engine gets it: syllables in capitals made small.

        "DYE-it" marks the stress for people; espeak-ng spells capitals that it cannot read as a
        syllable ("shiv-AWN" becomes shiv A W N). One capital alone stays a letter.

        >>> Entry("Siobhan", say="shiv-AWN").spoken
        'shiv-awn'
        """
        return self.say and _SYLLABLE.sub(lambda m: m[0].lower(), self.say)

    def fits(self, printed: str) -> bool:
        """Tell whether capitals allow it, given that the letters are the same."""
        if printed == self.word or self.match_case is False:
            return True
        ours, theirs = _letters(self.word), _letters(printed)
        if self.match_case:
            return ours == theirs
        # A letter that another case writes as two ("SS" for "ß") has no partner: then any fits.
        return len(ours) != len(theirs) or all(
            there.isupper() for here, there in zip(ours, theirs, strict=True) if here.isupper()
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a text where an entry applies."""

    #: Offsets of the printed word, without the possessive ``'s``.
    start: int
    end: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Entries by word; of two that match the same words, the earlier one wins.

    An empty lexicon is false.
    """

    entries: tuple[Entry, ...] = ()
    _by_first_word: dict[str, tuple[Entry, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Sort the entries under their first words, the longest first."""
        unique = {entry.word: entry for entry in reversed(self.entries)}
        kept = tuple(e for e in self.entries if unique[e.word] is e)
        found: dict[str, list[Entry]] = {}
        for entry in kept:
            first = _WORD.search(entry.word)
            if first is not None:
                found.setdefault(first[0].casefold(), []).append(entry)
        index = {
            word: tuple(sorted(entries, key=lambda e: -len(e.word)))
            for word, entries in found.items()
        }
        object.__setattr__(self, "entries", kept)
        object.__setattr__(self, "_by_first_word", index)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def over(self, other: Lexicon) -> Lexicon:
        """Return both together, where this one's entries win: an article's over a workspace's."""
        if not self or not other:
            return self or other
        return Lexicon(self.entries + other.entries)

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return where entries apply: whole words, left to right, the longest entry at each place.

        Hyphens, punctuation and a possessive ``'s`` end a word; the apostrophe of "don't" does
        not, nor do the point and comma within a number. Any white space may stand between the
        words of a phrase.

        >>> lexicon = Lexicon((Entry("Dyett", say="die it"), Entry("IS", letters=True)))
        >>> [(hit.start, hit.end) for hit in lexicon.find("Dyett's is an IS-watcher.")]
        [(0, 5), (14, 16)]
        """
        if not self.entries:
            return ()
        hits: list[Hit] = []
        free_from = 0
        for word in _WORD.finditer(text):
            entries = self._by_first_word.get(word[0].casefold())
            if entries is None or word.start() < free_from:
                continue
            for entry in entries:
                hit = _hit(text, word, entry, free_from)
                if hit is not None:
                    hits.append(hit)
                    free_from = hit.end
                    break
        return tuple(hits)


def strictest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries of one scope in the order in which they win: "Polish" before "polish"."""
    return tuple(sorted(entries, key=lambda e: (e.match_case is not True, -_capitals(e.word))))


def entry_of(word: str, say: str, *, origin: str = "") -> Entry:
    """Return the entry that two plain words stand for; ``letters`` is the reserved second one.

    In braces stand the ways of a lexicon file by name.

    Raises:
        ValueError: They make no entry.

    >>> entry_of("IS", "letters").letters, entry_of("Dyett", "die it").say
    (True, 'die it')
    >>> entry_of("Cai", "{ipa: kai, case: true}").match_case
    True
    """
    if say.lstrip().startswith("{") and say.rstrip().endswith("}"):
        return _entry_of_ways(word, say.strip()[1:-1], origin)
    if say.strip() == SPELLED:
        return Entry(word, letters=True, origin=origin)
    return Entry(word, say=" ".join(say.split()), origin=origin)


def _entry_of_ways(word: str, ways: str, origin: str) -> Entry:
    """Return the entry of ``say: kye, ipa: kai, case: true``.

    Raises:
        ValueError: A way has another name, or they make no entry.
    """
    pairs = [way.partition(":") for way in ways.split(",")]
    said = {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
    unknown = said.keys() - {"say", "ipa", "letters", "case"}
    flags = {said[name] for name in ("letters", "case") if name in said} - {"true", "false"}
    if unknown or flags:
        message = f"unknown way to say {word!r}: {min(unknown or flags)!r}"
        raise ValueError(message)
    return Entry(
        word,
        said.get("say"),
        said.get("ipa"),
        said.get("letters") == "true",
        match_case=said["case"] == "true" if "case" in said else None,
        origin=origin,
    )


#: Marks that some engine takes for a command, or reads out; IPA has its own signs.
_COMMANDS = re.compile(r'[<>\[\]{}|\\^~*_#@=/"`]')


def _checked(way: str, name: str, word: str) -> str:
    """Return what is to be said, unless an engine could take it for something else.

    Raises:
        ValueError: It is empty, or has marks or controls in it.
    """
    if not any(c.isalnum() for c in way):
        message = f"nothing to say for {word!r}"
        raise ValueError(message)
    if not way.isprintable() or (name == "say" and _COMMANDS.search(way)):
        message = f"a respelling has letters, blanks, hyphens and apostrophes, no marks: {way!r}"
        raise ValueError(message)
    return way


# -- matching ------------------------------------------------------------------------------------

_WORD = re.compile(r"\w+")
_SYLLABLE = re.compile(r"[^\W\d_]{2,}")
#: After a word: the rest of "don't", of "O'Neill" or of "1,500" belongs to it.
_GOES_ON = re.compile(r"\d[.,:]\d|\w(?:_|['\u2019](?!(?:s|ll|d|ve|re|m)\b)\w)", re.IGNORECASE)
_AMOUNT_BEFORE = "$\u00a3\u20ac\u00a5\u20b9-\u2212/#"
_MAY_GO_ON = "'\u2019_.,:"
_NUMBER = re.compile(r"\d[.,:]\d")


def _hit(text: str, word: re.Match[str], entry: Entry, free_from: int) -> Hit | None:
    """Return where an entry stands whose first word is the given one, or nothing."""
    start, end = word.span()
    if not entry.word.isalnum():
        lead, pattern = _phrase(entry.word)
        start -= lead
        match = pattern.match(text, start) if start >= free_from else None
        if match is None:
            return None
        end = match.end()
    whole = _is_whole(text, start, end) and entry.fits(text[start:end])
    return Hit(start, end, entry) if whole else None


@lru_cache(maxsize=8192)
def _phrase(word: str) -> tuple[int, re.Pattern[str]]:
    """Return how many characters stand before the first word, and a pattern for the whole.

    Straight and curly apostrophes are one, so are the hyphens that do not break.
    """
    first = _WORD.search(word)
    pattern = "".join(_AS_PATTERN.get(c) or re.escape(c) for c in word)
    return first.start() if first else 0, re.compile(pattern, re.IGNORECASE)


def _letters(text: str) -> str:
    return text if text.isalnum() else "".join(c for c in text if c.isalnum())


def _capitals(word: str) -> int:
    return sum(map(str.isupper, word))


#: At most a line's indentation between two words: a bound, so that no text makes it slow.
_AS_PATTERN = {
    " ": r"\s{1,80}",
    "'": "['\u2019]",
    "\u2019": "['\u2019]",
    "-": "[-\u2010\u2011]",
}


def _is_whole(text: str, start: int, end: int) -> bool:
    """Tell whether a place in a text is whole words, and no part of a longer number."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or after.isalnum():
        return False
    # "$5" is an amount: an entry for the figure alone must not take it from the sign.
    if text[start:end].isdecimal() and ((before and before in _AMOUNT_BEFORE) or after == "%"):
        return False
    if after and after in _MAY_GO_ON and _GOES_ON.match(text, end - 1):
        return False
    return not (before and before in ".,:" and _NUMBER.match(text, max(0, start - 2)))
