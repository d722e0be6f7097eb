"""Read off a page who wrote its article, when that is certain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.text.given_names import GIVEN_NAMES
from audiobrief.text.page.dateline import parse_date
from audiobrief.text.page.headline import words_of
from audiobrief.text.quotation.names import looks_like_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LINE_CHARACTERS = 200  # A longer line is a paragraph,
_NAME_CHARACTERS = 16  # and a longer word two that a page runs together.
_HEAD_LINES = 8  # So far above the first line of text a byline may stand,
_BELOW_TEXT = 6  # and so far below the last.
#: Between headline and "By" stand a summary, a date, buttons; a name alone stands closer.
_BELOW_HEADLINE = 12
_UNDER_HEADLINE = 3
#: So close stands also the name of which two things confirm that it is a person and the author.
_NEAR_HEADLINE = 5
_CAPITALIZED = r"[A-Z\u00c0-\u00de][\w.'\u2019-]{0,40}"
_PARTICLE = (
    r"(?:al-|Al-|el-|El-)[A-Z]\w+|de|del|della|der|den|di|du|da|dos|la|le|van|von|bin|ibn|ten|ter"
)
_NAME = rf"{_CAPITALIZED}(?: (?:{_PARTICLE}|{_CAPITALIZED})){{1,4}}"
#: What a person has earned; printed behind the name, it belongs to it.
_DEGREE = r"(?:MD|M\.D\.|PhD|Ph\.D\.|RN|CFP|CPA|CFA|JD|RDN?|LDN|MPH|MBA|MSc?|DO|DDS|DVM|Esq\.?|Jr\.?|Sr\.?|LCSW|PsyD)"  # noqa: E501 - one pattern
_PERSON = rf"{_NAME}(?:, {_DEGREE}\b)?"
_AND = r" (?:and|&|with|und|et|y|e|en) "
_NAMES = rf"(?P<names>{_PERSON}(?:(?:, (?:and )?|{_AND}){_PERSON}){{0,5}})"
#: What may follow the names: a role, a date, the name of a paper; never more of a sentence.
_TAIL = (
    r"(?: ?[,|\u2022\u00b7\u22c5/(\u2013\u2014-] ?.{0,100}| (?:for|in|on|at|of) .{0,60}"
    r"| (?:Updated|Published|Posted)\b.{0,80})?"
)
_OPENER = (
    r"(?:[Bb]y|BY|(?:[Ww]ritten|[Ww]ords|[Ss]tory|[Tt]ext|[Rr]eported|[Rr]eport|[Pp]osted|[Pp]ublished"
    r"|WRITTEN|WORDS|STORY) (?:[Bb]y|BY)(?: by)?|[Aa]uthors?(?= ?:)|AUTHORS?(?= ?:)|[Ww]ords(?= ?:)"
    r"|[Tt]ext(?= ?:)|(?:Von|VON|Par|PAR|Por|POR|Di|DI|Door|DOOR)(?! (?:der|den|la|les|el)\b))"
)
_BYLINE = re.compile(rf"^{_OPENER} ?:? {_NAMES}{_TAIL}$")
#: "Published: Mar 8, 2024 by Jane Roe": the line begins with a date or says what the date means.
_DATE_OPENER = r"(?:[Ll]ast |First )?(?:[Uu]pdated|[Pp]ublished|[Pp]osted|[Mm]odified|On )"
_DATED_BYLINE = re.compile(
    rf"^(?={_DATE_OPENER}|.{{0,24}}\d{{4}}).{{0,80}}?\b(?:by|By) {_NAMES}"
    r"(?: ?[|\u2022\u00b7\u22c5(\u2013\u2014-] ?.{0,80})?$"
)
_OPENER_ALONE = re.compile(rf"^(?:{_OPENER}|[Aa]uthors?|AUTHORS?) ?:?$")
_SIGNED = re.compile(rf"^{_NAMES}{_TAIL}$")
_DATE_FIRST = re.compile(rf"^.{{4,30}}\d{{4}} ?[|\u2022\u00b7\u22c5\u2013\u2014-] ?{_NAMES}$")
_BETWEEN_NAMES = re.compile(rf"\s?[;|]\s?|, (?!{_DEGREE}\b)(?:and )?|{_AND}")
#: Below a name alone, it shows that the name is a byline: a date, or how long the reading takes.
_READING_TIME = re.compile(
    r"\b\d{1,3} ?-?min(?:ute)?s?\.?(?: read)?\b|\breading time\b", re.IGNORECASE
)
_STAMP = re.compile(r"(?:first |last )?(?:published|updated|posted)\b", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:editors?|writers?|reporters?|journalists?|correspondents?|contributors?|columnists?"
    r"|critics?|bureau chief|producers?|founder|author|staff|analyst|specialist)\b",
    re.IGNORECASE,
)
#: Lines that speak of somebody else's work: what stands there is no author.
_OTHER_WORK = re.compile(
    r"\b(?:photos?|photograph|photography|image|picture|illustration|video|graphics?|credit|edited"
    r"|review(?:ed)?|checked|translated|posted by:|comments?|reply|replies|liked|courtesy|getty)\b",
    re.IGNORECASE,
)
#: Capitalized words that stand where a name would, but are none.
_NO_NAMES_LIST = """
    staff writer writers news editor editors editorial team the a an our your admin guest desk
    newsroom reporter reporters correspondent agencies agency press associated reuters afp
    contributor subscribing signing clicking submitting continuing category categories topic
    redaktion redacci\u00f3n reda\u00e7\u00e3o r\u00e9daction redazione redactie agentur dpa
    date author january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday updated published share
"""
_NO_NAMES = frozenset(_NO_NAMES_LIST.split())
_ARTICLES = frozenset(("le", "la", "les", "el", "il", "die", "das", "der", "het"))
#: Months that are also given names.
_NAMES_TOO = frozenset(("april", "may", "june", "august"))


@dataclass(frozen=True, slots=True)
class Byline:
    """Who wrote the article, as a line says."""

    names: str
    #: The line that is nothing but the byline; its opener may stand in the line above.
    index: int
    confidence: float
    #: How it was recognized, in words for the user.
    source: str


def find_byline(line: str) -> str | None:
    """Return the names in a line of the form "By Jane Roe", else ``None``.

    >>> find_byline("By Jane Roe and John Poe, Staff Writers")
    'Jane Roe and John Poe'
    >>> find_byline("By Subscribing You Agree") is None
    True
    """
    if len(line) > _LINE_CHARACTERS:
        return None
    match = _BYLINE.match(line) or _DATED_BYLINE.match(line)
    return join_names(split_names(match["names"])) if match else None


def split_names(text: str) -> list[str]:
    """Return the parts of an enumeration of people; degrees stay with their names.

    >>> split_names("Jane Roe, PhD, John Poe & Ann Loe")
    ['Jane Roe, PhD', 'John Poe', 'Ann Loe']
    """
    return [name.strip() for name in _BETWEEN_NAMES.split(text) if name.strip()]


def join_names(names: Iterable[str]) -> str | None:
    """Return the leading persons of a list as one byline, ``None`` when the first is none.

    >>> join_names(["JANE ROE", "John Poe", "Staff Writers"])
    'Jane Roe and John Poe'
    """
    kept: list[str] = []
    for name in names:
        plain, _, degree = name.strip().rstrip(".,").partition(", ")
        plain = _in_mixed_case(plain) if plain.isupper() else plain
        if not is_person(plain):
            break  # "Staff Writer": what follows a name may say what its bearer is.
        if plain not in kept:
            kept.append(f"{plain}, {degree}" if degree else plain)
    if len(kept) <= 2:
        return " and ".join(kept) or None
    return f"{', '.join(kept[:-1])} and {kept[-1]}"


def is_person(name: str) -> bool:
    """Tell whether words are a person's name and no role, month, agency or appeal.

    >>> is_person("Jane van Roe"), is_person("Staff Writer"), is_person("Associated Press")
    (True, False, False)
    """
    words = words_of(name)
    if len(words) < 2 or max(map(len, words)) > _NAME_CHARACTERS or not looks_like_person(name):
        return False
    known = words[0] in GIVEN_NAMES
    return words[0] not in _ARTICLES and not any(
        w in _NO_NAMES and not (known and w in _NAMES_TOO) for w in words
    )


def _in_mixed_case(name: str) -> str:
    """Return a name in capitals as it is written elsewhere: "JANE MCROE" is Jane McRoe."""
    small = re.compile(rf"^(?:{_PARTICLE})$")
    words = [w.lower() if small.match(w.lower()) else w.title() for w in name.split()]
    return re.sub(r"\bMc([a-z])", lambda m: f"Mc{m[1].upper()}", " ".join(words))


def choose_byline(
    lines: Sequence[str], top: int | None, start: int, body: frozenset[int] = frozenset()
) -> Byline | None:
    """Return the byline of a page, when it is certain enough to be told; see its confidence.

    A line that says "By" in the head of the article is certain, unless another one there names
    somebody else. Elsewhere, and for a name that stands alone below the headline, there must be
    further evidence: a date or a role beside it, a given name that is known as one, a second line
    of that name, a biography.

    Args:
        lines: The lines of the page.
        top: Where the headline stands, where known; of several places the last above the text.
        start: Index of the first line of text.
        body: Indices of the lines of the article's text: who is often named there is its subject.
    """
    head = set(range(start - _HEAD_LINES, start + 2))
    if top is not None and top <= start:
        head |= set(range(top - 3, min(start + 2, top + _BELOW_HEADLINE)))
    said = _said_bylines(lines)
    near = {names: i for i, names in said if i in head}
    if near:
        (names, i), *others = near.items()
        whole = all(set(words_of(other)) <= set(words_of(names)) for other, _ in others)
        return Byline(names, i, 0.97, "a line that says so, above the text") if whole else None
    bare = _bare_bylines(lines, top, start, body)
    if bare is not None:
        return bare
    return _byline_elsewhere(lines, said, start, max(body, default=start))


def _byline_elsewhere(
    lines: Sequence[str], said: Sequence[tuple[int, str]], start: int, end: int
) -> Byline | None:
    """Return the one byline of a page where it stands far above or right below the text."""
    if len({names for _, names in said}) != 1:
        return None
    i, names = said[0]
    signed = _is_signature(lines, i) or any(_STAMP.match(x) for x in lines[max(0, i - 3) : i])
    signed = signed or _is_confirmed(names, i, lines)
    close = i < start or end < i <= end + _BELOW_TEXT
    confidence = 0.9 if close and signed and _begins_like_name(names) else 0.6
    return Byline(names, i, confidence, "a line that says so, away from the beginning")


def _said_bylines(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return index and names of the lines that say that somebody is the author."""
    found = []
    for i, line in enumerate(lines):
        if len(line) > _LINE_CHARACTERS:
            continue
        match = _BYLINE.match(line) or _DATED_BYLINE.match(line)
        if match and (names := _names_in(match)):
            found.append((i, names))
        elif _OPENER_ALONE.match(line) and (names := _names_below(lines, i)):
            found.append((i + 1, names))
    return found


def _names_in(match: re.Match[str] | None) -> str | None:
    """Return the persons of a byline, unless the words before them speak of pictures or editing."""
    if match is None or _OTHER_WORK.search(match.string[: match.end("names")]):
        return None
    return join_names(split_names(match["names"]))


def _names_below(lines: Sequence[str], i: int) -> str | None:
    """Return the persons in the lines below a "By" that stands alone, one or more of them each."""
    found: list[str] = []
    for line in lines[i + 1 : i + 6]:
        match = _SIGNED.match(line) if len(line) <= _LINE_CHARACTERS else None
        names = _names_in(match)
        if match is None or not names or (found and not _begins_like_name(names)):
            break
        found += split_names(match["names"])
    return join_names(found)


def _begins_like_name(names: str) -> bool:
    return names.split(" ", 1)[0].lower() in GIVEN_NAMES


def _bare_bylines(
    lines: Sequence[str], top: int | None, start: int, body: frozenset[int]
) -> Byline | None:
    """Return the name alone below the headline, with what confirms it; ``None`` at any doubt."""
    if top is None or top > start + 2:
        return None
    found: dict[str, int] = {}
    for i in range(top + 1, min(len(lines), top + 1 + _NEAR_HEADLINE)):
        line = lines[i]
        if len(line) > 90 or _OTHER_WORK.search(line) or i in body:
            continue
        match = _SIGNED.match(line) or _DATE_FIRST.match(line)
        names = _names_in(match) or ""
        confirmed = bool(names) and _is_confirmed(names, i, lines)
        sure = confirmed and _begins_like_name(names)
        if sure or (
            i <= top + _UNDER_HEADLINE and names and (confirmed or _is_signature(lines, i))
        ):
            found.setdefault(names, i)
    if len(found) != 1:
        return None
    (names, i), *_ = found.items()
    surname = names.split(",")[0].split()[-1]
    told = sum(surname in lines[j] for j in body)
    if told > 1 + sum(lines[j].startswith(names) for j in body):
        return None  # It is whom the article is about.
    confirmed = _is_confirmed(names, i, lines)
    known = _begins_like_name(names)
    confidence = {0: 0.4, 1: 0.85, 2: 0.95}[confirmed + known]
    return Byline(names, i, confidence, "a name below the headline")


def _is_signature(lines: Sequence[str], i: int) -> bool:
    """Tell whether a date, a role or a reading time stands in the line or right beside it."""
    beside = [lines[j] for j in range(max(0, i - 1), min(len(lines), i + 4)) if len(lines[j]) <= 80]
    return any(parse_date(x) or _READING_TIME.search(x) or _ROLE.search(x) for x in beside)


def _is_confirmed(names: str, where: int, lines: Sequence[str]) -> bool:
    """Tell whether the page speaks of the person elsewhere as of its author."""
    name = names.split(" and ", maxsplit=1)[0].split(",", maxsplit=1)[0]
    first = name.split()[0]
    for i, line in enumerate(lines):
        if i == where or name not in line:
            continue
        following = lines[i + 1 : i + 4]
        if line == name and any(x.startswith((f"{name} ", f"{first} ")) for x in following):
            return True
        if re.search(
            rf"(?:^|[(.] ?)(?:Dr\.? )?{re.escape(name)} (?:is|was|has|writes|covers|joined)\b"
            rf"|\b(?:[Aa]bout|[Pp]osts by|[Aa]rticles by|[Mm]ore (?:from|by)|[Ww]ritten by"
            rf"|[Ff]ollow) {re.escape(name)}\b",
            line[:300],
        ):
            return True
    return False
