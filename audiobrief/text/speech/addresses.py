"""Addresses of the net, of people on it and of houses, as they are said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.text.speech.acronyms import letters_apart
from audiobrief.text.speech.numerals import cardinal, digits, ordinal, pairs
from audiobrief.text.speech.vocabulary import DIRECTIONS, KNOWN_BY_HEART, STATES, STREETS

if TYPE_CHECKING:
    from audiobrief.text.speech.tracked import Tracked

_Match = re.Match[str]
#: Ends of names of hosts that people write without "www": others could be a missing blank.
_TOP = (
    "com|org|net|gov|edu|mil|int|info|biz|io|ai|tv|fm|app|dev|news|co|uk|us|eu|de|fr|es|it|nl|ch|at"
    "|be|se|dk|fi|pl|pt|ie|ca|au|nz|za|in|jp|cn|ru|br|mx"
)
_PATH = r"(?:[/?#][\w\-./?=&%#~+:,;@!$*()']{0,2000}(?<![.,;:!?)'\]]))?"
_WEB = re.compile(
    r"(?:(?P<scheme>https?://)|(?<![\w.@/])(?=www\.))"
    rf"(?P<host>[A-Za-z0-9.-]{{1,253}}[A-Za-z0-9])(?::\d{{1,5}})?(?P<path>{_PATH})",
    re.IGNORECASE,
)
_FILE = re.compile(r"(?<!\w)[a-z][a-z0-9]{1,8}://(?:(?!https?:)[\w./~#?=&%-]){0,300}[\w/]")
_MAIL = re.compile(
    r"(?<![\w+&-])(?P<user>[A-Za-z0-9][A-Za-z0-9._+&-]{0,63})@"
    r"(?P<host>[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4})(?P<path>(?:/[\w-]{1,40}){0,4})"
)
_BARE = re.compile(
    rf"(?<![\w@.-])(?P<host>(?:[A-Za-z0-9][A-Za-z0-9-]{{0,62}}\.){{1,4}}(?:{_TOP}))(?![\w@-]|\.\w)"
    r"(?P<path>(?:/[\w.-]{1,40}(?<!\.)){0,4})/?",
    re.IGNORECASE,
)
_INNER_POINT = re.compile(r"\.\w")
_HANDLE = re.compile(r"(?<![\w@])@(?=\w)")
_HASHTAG = re.compile(r"(?<![\w#&])#(?P<tag>[A-Za-z]\w{1,60})")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|_")


def speak_addresses(text: Tracked) -> None:
    """Write out what is an address, as one person tells it another.

    That is without "https colon slash slash" and what only machines write beside it, and with the
    path where it is short enough to be typed after hearing it ("example.com/weather").
    """
    present = text.text
    if "://" in present or "www." in present.lower():
        text.substitute(_WEB, _web)
        text.substitute(_FILE, _file)
    if "@" in present:
        text.substitute(_MAIL, _mail)
        text.substitute(_HANDLE, "at ")
    # Nearly every sentence has a full stop, one in a hundred has one within a word.
    if _INNER_POINT.search(present):
        text.substitute(_BARE, _bare)
    if "#" in present:
        text.substitute(_HASHTAG, lambda m: f"hashtag {_HUMP.sub(' ', m['tag'])}")


def shorten_addresses(text: Tracked) -> None:
    """Leave of a page's address its host, for languages whose words for signs are unknown."""
    if "://" in text.text or "www." in text.text:
        text.substitute(_WEB, lambda m: m["host"].removeprefix("www."))


def is_address(word: str) -> bool:
    """Tell whether a word begins as an address of the net does."""
    return any(pattern.match(word) for pattern in (_WEB, _MAIL))


#: Longer paths are found by looking, not by listening.
_PATH_CHARACTERS = 30
_TYPED_PATH = re.compile(r"(?:/[\w.-]{1,40}){0,4}(?<!\.)")


def _web(match: _Match) -> str:
    host, path = match["host"], match["path"].rstrip("/")
    if match["scheme"] and host.lower().startswith("www."):
        host = host[4:]
    typed = len(path) <= _PATH_CHARACTERS and _TYPED_PATH.fullmatch(path) is not None
    return _host(host) + (_path(path) if typed else "")


def _bare(match: _Match) -> str:
    host = match["host"]
    # "end.In" is a missing blank, not India; "Co" and "US" are no ends of hosts either.
    if (
        host.rpartition(".")[2] != host.rpartition(".")[2].lower()
        or host.replace(".", "").isdigit()
    ):
        return match[0]
    path = match["path"]
    return _host(host) + (_path(path) if len(path) <= _PATH_CHARACTERS else "")


def _mail(match: _Match) -> str:
    # ".b@example.com" is the end of a sentence without its blank.
    lead = " " if match.string[match.start() - 1 : match.start()] == "." else ""
    return f"{lead}{_spelled(match['user'])} at {_host(match['host'])}{_path(match['path'])}"


def _file(match: _Match) -> str:
    scheme, _, rest = match[0].partition("://")
    return f"{scheme} colon slash slash {_spelled(rest)}"


_SIGNS = {
    ".": "dot", "-": "dash", "_": "underscore", "+": "plus", "&": "ampersand", "/": "slash",
    "#": "hash", "?": "question mark", "=": "equals", "%": "percent", "~": "tilde",
}  # fmt: skip
_PARTS = re.compile(r"[A-Za-z]+|\d|[^A-Za-z\d]")


def _spelled(address: str) -> str:
    """Return words as printed, figures one by one, and every sign by its name."""
    return " ".join(
        digits(part) if part.isdecimal() else _SIGNS.get(part, part)
        for part in _PARTS.findall(address)
    )


def _host(host: str) -> str:
    name, dot, top = host.rpartition(".")
    if not dot:
        return _spelled(host)
    if len(top) == 2 and top.isalpha():
        upper = top.upper()
        known = upper in KNOWN_BY_HEART or not set(upper) & set("AEIOUY")
        top = top if top == "co" else upper if known else letters_apart(upper)
    elif not top.isalpha():
        top = _spelled(top)
    return f"{_spelled(name)} dot {top}"


def _path(path: str) -> str:
    return f" {_spelled(path)}" if path else ""


# -- houses --------------------------------------------------------------------------------------

_KINDS = "|".join(sorted(STREETS, key=len, reverse=True))
#: A number, up to three words of which all but an ordinal are capitalized, and what it is.
_HOUSE = re.compile(
    r"(?<![\w.,$-])(?P<n>\d{1,5})(?P<flat>[A-D])? (?:(?P<side>[NSEW]|N[EW]|S[EW])\.? )?"
    r"(?P<name>(?:[A-Z][\w'\u2019-]{0,30} |\d{1,3}(?:st|nd|rd|th) ){1,3}?)"
    rf"(?P<kind>(?i:{_KINDS}))\b(?P<point>\.)?(?P<more>(?= [A-Z])(?! [NSEW]\b))?"
)
_ZIP = re.compile(
    r"(?P<state>[A-Z](?<=[A-Za-z.], .)[A-Z])(?:,? (?P<zip>\d{5})(?:-(?P<four>\d{4}))?)?"
    r"(?![\w-]|\.\w)"
)
_PRESS_STATE = re.compile(
    "(?P<state>"
    + "|".join(re.escape(s) for s in sorted(STATES, key=len, reverse=True) if "." in s)
    + r")(?P<end>$|(?= [A-Z]))?"
)
_AFTER_TOWN = re.compile(r"[A-Za-z.'\u2019-], $")
#: Abbreviations that mean nothing but a state, whatever is before them.
_ONLY_STATES = frozenset(
    (
        *("Ala.", "Ariz.", "Calif.", "Colo.", "Conn.", "Fla.", "Ky.", "Minn.", "Mont.", "Neb."),
        *("Nev.", "Okla.", "Tenn.", "Wyo."),
    )
)


def house(match: _Match) -> str:
    """Say "1428 Elm St." with its number in pairs; a town's address keeps its full stop."""
    side = f"{DIRECTIONS[match['side']]} " if match["side"] else ""
    name = re.sub(r"(\d+)(?:st|nd|rd|th)", lambda m: ordinal(int(m[1])), match["name"])
    number = match["n"]
    if len(number) == 5:
        said = digits(number) if "0" in number else f"{cardinal(number[0])} {pairs(number[1:])}"
    else:
        said = pairs(number) if len(number) > 2 else cardinal(number)
    point = "." if match["point"] and match["more"] is not None else ""
    flat = f" {match['flat']}" if match["flat"] else ""
    return f"{said}{flat} {side}{name}{STREETS[match['kind'].lower()]}{point}"


#: A town: "Austin", "St. Paul", "Winston-Salem"; no acronym, whose second letter is a capital.
_TOWN_BEFORE = re.compile(
    r"(?:^|[\s(\"\u201c'\u2018])(?P<place>(?:in|from|near|of|at|to|for|outside|around) "
    r"(?:[A-Z][a-z.'\u2019-]{1,20} ){0,2})?[A-Z][a-z.'\u2019]{1,20}(?:-[A-Z][a-z]{1,20})?, $"
)
_STATE_ENDS = re.compile(r"$|[,.;:)\"\u201d]|['\u2019]s\b")
#: Codes that are also words, degrees, jobs or acronyms: alone they need "in" before the town.
_WORD_STATES = frozenset(
    (
        *("AL", "AK", "CA", "CO", "CT", "DE", "HI", "ID", "IN", "LA", "MA", "MD", "ME", "MI"),
        *("MS", "OH", "OK", "OR", "PA", "SC", "VA"),
    )
)


def postal_state(match: _Match) -> str:
    """Say "CA 95051" after a town; two letters that are no state, or a word, stay.

    "Yes, OK, we did." and "a BSc, MA and PhD" name no state: without a ZIP code a town must stand
    before and the end of the place after, and the town of an ambiguous code needs a preposition.
    """
    state, text = STATES.get(match["state"]), match.string
    if state is None:
        return match[0]
    if not match["zip"]:
        town = _TOWN_BEFORE.search(text[max(0, match.start() - 64) : match.start()])
        ambiguous = match["state"] in _WORD_STATES
        ends = _STATE_ENDS.match(text, match.end())
        if not (town and ends) or (ambiguous and town["place"] is None):
            return match[0]
    code = f" {digits(match['zip'])}" if match["zip"] else ""
    four = f", {digits(match['four'])}" if match["four"] else ""
    return f"{state}{code}{four}"


def press_state(match: _Match) -> str:
    """Say "Ill." after a town, as American papers print states."""
    before = match.string[max(0, match.start() - 3) : match.start()]
    if match["state"] not in _ONLY_STATES and not _AFTER_TOWN.search(before):
        return match[0]
    if before[-1:].isalnum():
        return match[0]
    return STATES[match["state"]] + (
        "." if match["end"] == "" and match.end() == len(match.string) else ""
    )


HOUSE, ZIP, PRESS_STATE = _HOUSE, _ZIP, _PRESS_STATE
