"""Find the phrases of page furniture in a line, and name their purpose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from string import digits
from typing import TYPE_CHECKING

from audiobrief.text.page.cue_table import CUES
from audiobrief.text.page.whole_lines import PAID_SECTION, WHOLE_LINES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WORD_START = re.compile(r"\b[a-z0-9]")


def _phrases(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


# Compiled at the first use: the command line imports this room for --help.


@cache
def _whole() -> dict[str, re.Pattern[str]]:
    return {name: re.compile("|".join(_phrases(table))) for name, table in WHOLE_LINES.items()}


@dataclass(frozen=True)
class _Phrases:
    """Phrases that may begin at one place: all at once, and by purpose.

    Compiled when they are asked for: compiling takes longer than searching an article.
    """

    #: Patterns by purpose.
    rows: Mapping[str, Sequence[str]]

    @cached_property
    def any(self) -> re.Pattern[str]:
        """Matches if one of them does."""
        return re.compile("|".join(row for rows in self.rows.values() for row in rows))

    @cached_property
    def each(self) -> tuple[tuple[str, re.Pattern[str]], ...]:
        """Purposes with their patterns."""
        return tuple((name, re.compile("|".join(rows))) for name, rows in self.rows.items())


@dataclass(frozen=True, slots=True)
class _Index:
    """The phrases by where they begin: a line has 20 words, and a letter begins 20 phrases.

    All phrases in one pattern take ten times as long: each is tried at every word.
    """

    #: By first letter: phrases at the start of the line, phrases at the start of any word.
    at_start: Mapping[str, _Phrases]
    at_word: Mapping[str, _Phrases]
    #: Phrases that begin with a mark.
    anywhere: _Phrases


@cache
def _index() -> _Index:
    tables: dict[str, dict[str, dict[str, list[str]]]] = {"^": {}, r"\b": {}}
    others: dict[str, list[str]] = {}
    for purpose, table in CUES.items():
        for phrase in _phrases(table):
            anchor = next((a for a in tables if phrase.startswith(a)), None)
            letters = _first_letters(phrase[len(anchor) :]) if anchor else None
            if anchor is None or letters is None:
                others.setdefault(purpose, []).append(phrase)
                continue
            for letter in letters:
                by_purpose = tables[anchor].setdefault(letter, {})
                by_purpose.setdefault(purpose, []).append(phrase[len(anchor) :])
    at_start, at_word = (
        {letter: _Phrases(by_purpose) for letter, by_purpose in table.items()}
        for table in tables.values()
    )
    return _Index(at_start, at_word, _Phrases(others))


def _first_letters(phrase: str) -> str | None:
    r"""Return the letters and digits a phrase can begin with; ``None``: also with others.

    >>> _first_letters(r"(?:leave|post) a comment"), _first_letters("#")
    ('lp', None)
    """
    if phrase.startswith(r"\d"):
        return digits
    if not phrase.startswith("(?:"):
        plain = phrase[:1].isalpha() and phrase[1:2] not in ("?", "*")
        return phrase[0] if plain else None
    depth, choices, start = 0, [], 3
    for i, sign in enumerate(phrase):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == (1 if sign == "|" else 0) and sign in "|)":
            choices.append(phrase[start:i])
            start = i + 1
        if depth == 0:
            break
    if phrase[start : start + 1] == "?":  # It may be left out: then what follows begins.
        choices.append(phrase[start + 1 :])
    letters = [_first_letters(choice) for choice in choices]
    return None if None in letters else "".join(sorted(set("".join(filter(None, letters)))))


def find_whole_line_cue(text: str) -> str | None:
    """Name the purpose of a line that is furniture as a whole, wherever it stands.

    >>> find_whole_line_cue("Back to selection")
    'navigation'
    >>> find_whole_line_cue("Advertisement works, said the baker.") is None
    True
    """
    if len(text) > 220:
        return None
    lower = text.lower().strip(" :|\u2022\u00b7>\u2192")
    return next((name for name, pattern in _whole().items() if pattern.fullmatch(lower)), None)


def heads_paid_section(text: str) -> bool:
    """Tell whether a line announces that others paid for what follows."""
    return len(text) < 60 and re.fullmatch(PAID_SECTION, text.lower().strip(" :|")) is not None


def find_cues(text: str) -> tuple[str, ...]:
    """Name the purposes of furniture that a line speaks of, in the order of the table.

    Args:
        text: One line in lower case, some hundred characters at most.

    >>> find_cues("sign up for our newsletter")
    ('newsletter sign-up',)
    >>> find_cues("the council met on monday.")
    ()
    """
    index = _index()
    found: set[str] = set()
    if index.anywhere.any.search(text):
        found.update(name for name, pattern in index.anywhere.each if pattern.search(text))
    _add_matches(found, index.at_start.get(text[:1]), text, 0)
    at_word = index.at_word
    for word in _WORD_START.finditer(text):
        place = word.start()
        phrases = at_word.get(text[place])
        # Here as well, not only in the function: 19 of 20 words end here, and a call costs more.
        if phrases is not None and phrases.any.match(text, place):
            _add_matches(found, phrases, text, place)
    return tuple(name for name in CUES if name in found) if found else ()


def _add_matches(found: set[str], phrases: _Phrases | None, text: str, place: int) -> None:
    if phrases is not None and phrases.any.match(text, place):
        found.update(name for name, pattern in phrases.each if pattern.match(text, place))
