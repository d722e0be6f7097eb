"""Names and acronyms that no dictionary has: what a person should hear before the listeners do."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiobrief.text.speech.vocabulary import (
    ABBREVIATIONS,
    ACRONYMS,
    MONTH_NAMES,
    SAID_ACRONYMS,
    STREETS,
    TITLES,
    UNITS,
    WEEKDAYS,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from audiobrief.text.speech.lexicon import Lexicon

#: More than this many nobody listens to before a build.
MOST = 20


def find_unknown(
    texts: Iterable[str],
    known: Container[str],
    *,
    lexicon: Lexicon | None = None,
    introduced: Container[str] = frozenset(),
    most: int = MOST,
) -> tuple[str, ...]:
    """Return the names and acronyms of a text whose reading is a guess, most frequent first.

    A name is a capitalized word that the text does not also write small; where the parts of a
    compound ("SoundCloud"), the plain form of a derived word ("Tolstoyan") or the letters without
    their accents are known, it is known. An acronym is in doubt when it could be said as a word.

    Args:
        texts: What is spoken, as printed: paragraphs, headings, the headline.
        known: The words of a dictionary, small letters.
        lexicon: What it says is no guess.
        introduced: Acronyms that the text explains, which are spelled.
        most: Return at most so many.

    >>> find_unknown(["Ban met Louay Safi. Safi's plan is known as MIRAS."], {"ban", "plan"})
    ('Safi', 'Louay', 'MIRAS')
    """
    texts = tuple(_without(text, lexicon) for text in texts)
    small = {word for text in texts for word in _SMALL.findall(text)}
    seen: dict[str, _Seen] = {}
    for text in texts:
        for token, is_name in _capitalized(text):
            key = _key(token)
            if key not in seen:
                seen[key] = _Seen()
            seen[key].add(token, is_name=is_name)
    judge = _Judge(small, known, introduced)
    doubtful = [s for s in seen.values() if judge.is_in_doubt(s.form, is_name=s.is_name)]
    doubtful.sort(key=lambda s: -s.count)
    return tuple(s.form for s in doubtful[:most])


@dataclass(slots=True)
class _Seen:
    """One word in all the ways in which a text writes it."""

    forms: Counter[str] = field(default_factory=Counter)
    is_name: bool = False

    def add(self, token: str, *, is_name: bool) -> None:
        self.forms[token] += 1
        self.is_name = self.is_name or is_name

    @property
    def count(self) -> int:
        return self.forms.total()

    @property
    def form(self) -> str:
        return self.forms.most_common(1)[0][0]


# -- words ---------------------------------------------------------------------------------------

#: Addresses, handles and hashtags are said by other rules.
_ADDRESS = re.compile(r"[@#]|//|www\.|\.(?:com|org|net|io|gov|edu|uk)\b")
_SMALL = re.compile(r"(?<![\w'\u2019.-])[^\W\d_A-Z]{2,40}(?![\w])")
_TOKEN = re.compile(
    r"(?<![\w.])(?:[^\W\d_]{1,40}(?:['\u2019-](?=[^\W\d_])[^\W\d_]{1,40}){0,5})(?![\w])"
)
_POSSESSIVE = re.compile(r"['\u2019](?:s|S)?$")


def _without(text: str, lexicon: Lexicon | None) -> str:
    """Return a text without addresses and without what a lexicon knows."""
    if _ADDRESS.search(text):
        text = " ".join(chunk for chunk in text.split() if not _ADDRESS.search(chunk))
    kept = []
    start = 0
    for hit in lexicon.find(text) if lexicon else ():
        kept.append(text[start : hit.start])
        start = hit.end
    return " ".join((*kept, text[start:]))


def _capitalized(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the capitalized words, each with "it stands as a name does".

    A hyphenated chain comes word by word, "al-Reis" whole. In a heading every word may be
    capitalized, at the start of a sentence every first one: neither shows a name, unless another
    capital or a verb of speech follows.
    """
    tokens = list(_TOKEN.finditer(text))
    capitals = sum(m[0][0].isupper() for m in tokens)
    is_heading = (
        len(tokens) >= _SHORTEST_HEADING
        and capitals > 0.6 * len(tokens)
        and not text.rstrip().endswith((".", "!", "?"))
    )
    for i, match in enumerate(tokens):
        if match[0].islower():
            continue
        token = _POSSESSIVE.sub("", match[0])
        begins = i == 0 or not _GOES_ON.search(text[tokens[i - 1].end() : match.start()])
        after = tokens[i + 1][0] if i + 1 < len(tokens) else ""
        is_name = not is_heading and (not begins or after[:1].isupper() or after in _SPEECH)
        article = _ARTICLE.match(token)
        parts = (token,) if article else token.split("-")
        for part in parts:
            if not part.islower():
                yield part, is_name


#: Between two words of one sentence: nothing that ends it and no opening quotation mark.
#: What is shorter is rather a name with a word or two around it.
_SHORTEST_HEADING = 4
_GOES_ON = re.compile(r"^[\s,;()&/'\u2019\u2013-]{1,8}$")
_ARTICLE = re.compile(r"(?:[Aa][lsdnrtz]h?-|[Ee]l-|[Uu]l-|[dD]['\u2019])(?=[A-Z])")
_SPEECH = frozenset(("said", "says", "told", "added", "asked", "explained", "wrote", "warned"))


# -- what is no guess ----------------------------------------------------------------------------

_ROMAN = re.compile(r"(?=[IVXLC])C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
#: What our own tables write out is no guess, nor are words younger than the dictionary.
_WRITTEN_OUT = frozenset(
    word.rstrip(".").lower()
    for table in (ABBREVIATIONS, MONTH_NAMES, STREETS, TITLES, UNITS, WEEKDAYS)
    for word in table
) | frozenset(("nos", "covid", "sats", "brexit", "selfie", "wifi", "podcast", "emoji"))
_PLURAL = re.compile(r"(?<![A-Z])[A-Z]{2,40}s")
#: Letters that English could say as one word: at most three syllables of usual shape.
_SYLLABLE = (
    "(?:[BCDFGHJKLMNPRSTVWYZ]|[BCFGKPS]L|[BCDFGKPT]R|S[CHKMNPTW]|[CTW]H|QU)?[AEIOUY]{1,2}"
    "(?:[BCDFGKLMNPRSTVXZ]|CK|CT|FT|L[DFKMPT]|MP|N[CDGKST]|PT|R[BCDKMNPST]|S[KPT]|TH|SH|CH)?"
)
_SAYABLE = re.compile(f"(?:{_SYLLABLE}){{1,3}}")
#: Three letters are spelled as a rule; only of this shape are many said ("SIM", "RAM").
_THREE = re.compile("[B-DF-HJ-NP-TV-XZ][AEIOU][B-DF-HJ-NP-TV-Z]")


@dataclass(frozen=True, slots=True)
class _Judge:
    """Tells which words of one text are no guess."""

    #: The words that the text writes in small letters.
    small: Container[str]
    known: Container[str]
    introduced: Container[str]

    def is_in_doubt(self, token: str, *, is_name: bool) -> bool:
        """Tell whether how a word is read is a guess."""
        letters = token[:-1] if _PLURAL.fullmatch(token) else token
        if letters.isupper():
            return self._is_doubtful_acronym(letters)
        return is_name and not self._is_familiar(token)

    def _is_doubtful_acronym(self, letters: str) -> bool:
        """Tell whether letters could be said as a word, and nobody says how they are."""
        return (
            (4 <= len(letters) <= 8 or _THREE.fullmatch(letters) is not None)
            and _SAYABLE.fullmatch(letters) is not None
            and letters not in ACRONYMS
            and letters not in SAID_ACRONYMS
            and letters not in self.introduced
            and not _ROMAN.fullmatch(letters)
            and not self._is_familiar(letters)
        )

    def _is_familiar(self, token: str) -> bool:
        token = _ARTICLE.sub("", token)
        word = _plain(token)
        if len(word) < 3 or word in _WRITTEN_OUT or word in self.small or word in self.known:
            return True
        parts = _CAMEL.findall(token)
        if len(parts) > 1 and all(self._is_part(p) for p in parts):
            return True
        stem = next((word[len(b) :] for b in _BEGINNINGS if word.startswith(b)), word)
        return any(self._is_derived(w) or self._is_compound(w) for w in {word, stem})

    def _is_part(self, part: str) -> bool:
        return len(part) < 2 or part.isupper() or part.lower() in self.known

    def _is_derived(self, word: str) -> bool:
        """Tell whether a word is another one with a usual ending, or in British spelling."""
        american = _BRITISH.sub("iz", word).replace("our", "or")
        for form in {word, american}:
            if len(form) >= 4 and form in self.known:
                return True
            for ending in _ENDINGS:
                stem = form[: -len(ending)]
                if len(stem) < 4 or not form.endswith(ending):
                    continue
                if stem in self.known or f"{stem}e" in self.known:
                    return True
        return False

    def _is_compound(self, word: str) -> bool:
        halves = ((word[:i], word[i:]) for i in range(4, len(word) - 3))
        return any(left in self.known and right in self.known for left, right in halves)


_BRITISH = re.compile(r"(?<=[a-z]{2})is(?=e|ing|ation|able)")
_CAMEL = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]")
_ENDING_LIST = """
    s es d ed r er ers ing ings ly n an ans ian ians ness ist ists ism ite ites ish less able ment
    ments ization ize ized izing al ity ify ive
"""
_ENDINGS = tuple(_ENDING_LIST.split())
_BEGINNING_LIST = """
    anti auto bio counter crypto cyber de dis down eco geo hyper inter macro mega micro mini mis
    multi nano neo non out over post pre pro re self semi sub super tele trans ultra un under up
"""
_BEGINNINGS = tuple(_BEGINNING_LIST.split())


def _key(token: str) -> str:
    """Return what two ways of writing a word have in common: "OXO" and "Oxo", "FAQ" and "FAQs"."""
    return (token[:-1] if _PLURAL.fullmatch(token) else token).casefold()


def _plain(token: str) -> str:
    """Return a word in small letters without accents."""
    if not token.isascii():
        parts = unicodedata.normalize("NFKD", token.replace("\u2019", "'"))
        token = "".join(c for c in parts if not unicodedata.combining(c))
    return token.lower()
