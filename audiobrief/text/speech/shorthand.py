"""How abbreviations, initials and codes of letters and figures are said in English."""

from __future__ import annotations

import re

from audiobrief.text.plain_words import STOP_WORDS
from audiobrief.text.speech.acronyms import letters_apart
from audiobrief.text.speech.numerals import cardinal, digits, pairs, plural
from audiobrief.text.speech.vocabulary import (
    ABBREVIATIONS,
    KNOWN_BY_HEART,
    MONTH_NAMES,
    STATES,
    TITLES,
    WEEKDAYS,
)

Match = re.Match[str]

_NEXT_WORD = re.compile(r"[\"\u201d'\u2019)]{0,2} [\"\u201c'\u2018(]{0,2}([A-Z]\w{0,20})")
#: Abbreviations that end sentences; the others are followed by a name.
_MAY_END = frozenset(
    (
        *("Inc.", "Corp.", "Co.", "Cos.", "Ltd.", "Bros.", "Jr.", "Sr.", "etc.", "al.", "Ave."),
        *("Blvd.", "Rd.", "Hwy.", "Dept.", "Univ.", "Assn.", "Ph.D.", "Ed.D."),
    )
)


def ends_sentence(text: str, position: int) -> bool:
    """Tell whether a sentence seems to begin behind a position: with "The", not with a name."""
    following = _NEXT_WORD.match(text, position)
    return following is not None and following[1].lower() in STOP_WORDS


def abbreviation(match: Match) -> str:
    """Say an abbreviation; where its point also ended the sentence, that stays."""
    short = match["short"]
    words = ABBREVIATIONS[short]
    ends = short.split()[-1] in _MAY_END and ends_sentence(match.string, match.end())
    return f"{words}." if ends else words


def weekday(match: Match) -> str:
    """Say "Mon." as Monday; "Sun" and "Sat" with a point after a small word are other words."""
    before = match.string[max(0, match.start() - 5) : match.start()]
    if match[0] in {"Sun.", "Sat."} and before.endswith(("the ", " he ", "she ")):
        return match[0]
    end = "." if ends_sentence(match.string, match.end()) else ""
    return WEEKDAYS[match[0][:-1]] + end


def month(match: Match) -> str:
    """Say "Oct." in full; where its point also ended the sentence, that stays."""
    end = "." if ends_sentence(match.string, match.end()) else ""
    return MONTH_NAMES[match["month"][:3].lower()] + end


_PARTIES = {"R": "Republican", "D": "Democrat", "I": "Independent"}


def party(match: Match) -> str:
    """Say "(R-Texas)" and "(D-Calif.)" after a politician's name."""
    state = match["state"].strip()
    place = STATES.get(state) or STATES.get(state.rstrip(".")) or state
    return f", {_PARTIES[match['party']]} of {place},"


_CAPITALIZED_END = re.compile(r"\b[A-Z\d][\w.'\u2019-]{0,40}$")


def title(match: Match) -> str:
    """Say "Dr Smith", as British papers print titles; "Gen Z" is no general."""
    short, text = match["short"], match.string
    inside = match.start() and (text[match.start() - 1].isalnum() or text[match.start() - 1] == ".")
    if short not in TITLES or inside:
        return match[0]
    return f"{TITLES[short]} "


def versus(match: Match) -> str:
    """Say "v." between names."""
    named = _CAPITALIZED_END.search(match.string[max(0, match.start() - 42) : match.start()])
    return " versus " if named or "s" in match[0] else match[0]


def dotted(match: Match) -> str:
    """Say "U.S." letter by letter; at the end, its period ends the sentence."""
    suffix = match["s"] or ""
    body = match[0][: len(match[0]) - len(suffix)]
    letters = body.replace(".", "").upper()
    known = letters in KNOWN_BY_HEART or not set(letters) & set("AEIOUY")
    said = letters + suffix if known else letters_apart(letters, suffix)
    ends = body.endswith(".") and not suffix
    if ends and (match.end() == len(match.string) or ends_sentence(match.string, match.end())):
        return f"{said}."
    return said


# -- codes ---------------------------------------------------------------------------------------

_RUNS = re.compile(r"[A-Za-z]+|\d+")


def model(match: Match) -> str:
    """Say "F-150" and "A-320neo" as people do."""
    tail = match["tail"] or ""
    number = match["n"]
    said = f"{match['letters']}-{pairs(number) if len(number) > 2 else cardinal(number)}"
    return plural(said) if tail == "s" else f"{said} {tail}".rstrip()


def serial(match: Match) -> str:
    """Say a code of letters and figures: figures by twos at most, letters as printed.

    "A" is tied to its number: alone it would be read as the article.
    """
    runs = _RUNS.findall(match[0])
    if len(runs) == 1 or len(match[0]) > 20:
        return match[0]
    said = [_number_in_code(runs, i) if run.isdecimal() else run for i, run in enumerate(runs)]
    joined = said[0]
    for i, after in enumerate(said[1:], 1):
        if after == "s" and len(runs[i - 1]) > 2 and i == len(said) - 1:
            joined = plural(joined)
        else:
            joined += f"{'-' if runs[i - 1] == 'A' else ' '}{after}"
    return joined


def _number_in_code(runs: list[str], i: int) -> str:
    run = runs[i]
    before = runs[i - 1] if i else ""
    if len(run) > 1 and run[0] == "0":
        return digits(run)
    if len(run) <= 2:
        return cardinal(run)
    after = runs[i + 1] if i + 1 < len(runs) else ""
    if not before and len(after) > 2:  # "100fold", "188Watt"
        return cardinal(run)
    # "A320neo", "RTX4090", "747s": names of machines are said by twos.
    named = 1 <= len(before) <= 3 and before.isupper()
    machine = (named and len(run) <= 4) or (len(run) == 3 and after == "s") or after == "p"
    return pairs(run) if machine else digits(run)


# -- signs between words -------------------------------------------------------------------------


def dollar(match: Match) -> str:
    """Say a dollar sign that is no amount's."""
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return f"{' ' if before.strip() else ''}dollar{' ' if after.strip() else ''}"


def ampersand(match: Match) -> str:
    """Say "and" between words; "Q&A" and "AT&T" every voice knows."""
    text, start, end = match.string, match.start(), match.end()
    before = _LETTERS_BEFORE.search(text[max(0, start - 4) : start])
    after = _LETTERS_AFTER.match(text, end)
    if match[0] == "&" and before and after and "A" in before[0] + after[0]:
        return match[0]
    lead = "" if start and not text[start - 1].isalnum() and match[0][0] == "&" else " "
    return f"{lead}and "


_LETTERS_BEFORE = re.compile(r"(?<![A-Za-z])[A-Z]{1,2}$")
_LETTERS_AFTER = re.compile(r"[A-Z]{1,2}(?![A-Za-z])")


def slash(match: Match) -> str:
    """Part two words at a slash; between codes it is said by its name, and stays."""
    text = match.string
    words = text[match.start() - 1].isalpha() and text[match.end() : match.end() + 1].isalpha()
    return " " if words else match[0]
