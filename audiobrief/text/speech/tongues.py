"""Figures and abbreviations of languages other than English, as far as they are beyond doubt.

For German, French, Spanish, Italian, Dutch, Portuguese and Swedish: whole and decimal numbers with
the language's own marks, years, percent, the three commonest currencies with their scale words,
degrees Celsius, the commonest units, ranges, simple fractions, the month of a date in figures, the
clock and the centuries of French, and the abbreviations that have one meaning. Of every other
language only whole numbers that stand alone, where num2words knows it. Ordinals ("3. Mai", "1er"),
kings ("Ludwig XIV.") and everything inflected are left as printed: the voice of the language knows
more than a table could, and a wrong word is worse than a figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from audiobrief.text.speech.tongue_units import unit_rules

if TYPE_CHECKING:
    from audiobrief.text.speech.tracked import Tracked

_Match = re.Match[str]
_Rule = tuple[re.Pattern[str], str | Callable[[_Match], str]]


@dataclass(frozen=True, slots=True)
class _Tongue:
    """The words of one language."""

    #: Between groups of three figures; decimals follow a comma in all seven.
    thousands: str
    percent: str
    degrees: str
    #: Sign to word; the word is the same for one and for many, or the plural that is always right.
    currencies: dict[str, str]
    abbreviations: dict[str, str]


_TONGUES = {
    "de": _Tongue(
        ".",
        "Prozent",
        "Grad Celsius",
        {"\u20ac": "Euro", "$": "Dollar", "\u00a3": "Pfund"},
        {
            "z. B.": "zum Beispiel", "z.B.": "zum Beispiel", "d. h.": "das hei\u00dft",
            "d.h.": "das hei\u00dft", "u. a.": "unter anderem", "u.a.": "unter anderem",
            "usw.": "und so weiter", "bzw.": "beziehungsweise", "ca.": "circa", "Mio.": "Millionen",
            "Mrd.": "Milliarden", "Nr.": "Nummer", "Dr.": "Doktor", "km/h": "Kilometer pro Stunde",
        },
    ),
    "fr": _Tongue(
        " ",
        "pour cent",
        "degr\u00e9s Celsius",
        {"\u20ac": "euros", "$": "dollars", "\u00a3": "livres"},
        {
            "p. ex.": "par exemple", "p.ex.": "par exemple", "c.-\u00e0-d.": "c'est-\u00e0-dire",
            "etc.": "et cetera", "env.": "environ", "n\u00b0": "num\u00e9ro",
            "Mme": "Madame", "Mlle": "Mademoiselle", "km/h": "kilom\u00e8tres heure",
        },
    ),
    "es": _Tongue(
        ".",
        "por ciento",
        "grados Celsius",
        {"\u20ac": "euros", "$": "d\u00f3lares", "\u00a3": "libras"},
        {
            "p. ej.": "por ejemplo", "p.ej.": "por ejemplo", "etc.": "etc\u00e9tera",
            "Sr.": "se\u00f1or", "Sra.": "se\u00f1ora", "Dr.": "doctor", "Dra.": "doctora",
            "EE. UU.": "Estados Unidos", "EE.UU.": "Estados Unidos", "n.\u00ba": "n\u00famero",
            "km/h": "kil\u00f3metros por hora",
        },
    ),
    "it": _Tongue(
        ".",
        "per cento",
        "gradi Celsius",
        {"\u20ac": "euro", "$": "dollari", "\u00a3": "sterline"},
        {
            "p. es.": "per esempio", "p.es.": "per esempio", "ad es.": "ad esempio",
            "ecc.": "eccetera", "sig.": "signor", "dott.": "dottor", "n.": "numero",
            "km/h": "chilometri all'ora",
        },
    ),
    "nl": _Tongue(
        ".",
        "procent",
        "graden Celsius",
        {"\u20ac": "euro", "$": "dollar", "\u00a3": "pond"},
        {
            "bijv.": "bijvoorbeeld", "bv.": "bijvoorbeeld", "d.w.z.": "dat wil zeggen",
            "enz.": "enzovoort", "o.a.": "onder andere", "m.a.w.": "met andere woorden",
            "ca.": "circa", "nr.": "nummer", "dr.": "dokter", "km/u": "kilometer per uur",
        },
    ),
    "pt": _Tongue(
        ".",
        "por cento",
        "graus Celsius",
        {"\u20ac": "euros", "R$": "reais", "$": "d\u00f3lares", "\u00a3": "libras"},
        {
            "p. ex.": "por exemplo", "p.ex.": "por exemplo", "etc.": "et cetera",
            "Sr.": "senhor", "Sra.": "senhora", "Dr.": "doutor", "Dra.": "doutora",
            "n.\u00ba": "n\u00famero", "EUA": "Estados Unidos", "km/h": "quil\u00f3metros por hora",
        },
    ),
    "sv": _Tongue(
        " ",
        "procent",
        "grader Celsius",
        {"\u20ac": "euro", "$": "dollar", "\u00a3": "pund"},
        {
            "t.ex.": "till exempel", "t. ex.": "till exempel", "bl.a.": "bland annat",
            "bl. a.": "bland annat", "dvs.": "det vill s\u00e4ga", "osv.": "och s\u00e5 vidare",
            "m.m.": "med mera", "ca": "cirka", "kl.": "klockan", "nr": "nummer",
            "km/h": "kilometer i timmen",
        },
    ),
}  # fmt: skip
#: What may stand between an amount and its currency: "3 Mio. €", "2,5 milliards $".
_SCALES = (
    "Mio\\.|Mrd\\.|Millionen|Million|Milliarden|Milliarde|millions?|milliards?|millones|mill\u00f3n"
    "|mil millones|milioni|milione|miliardi|miliardo|miljoen|miljard|milh\u00f5es|milh\u00e3o"
    "|bilh\u00f5es|bilh\u00e3o|miljoner|miljon|miljarder|miljard"
)
#: A whole number alone: points, commas and what follows them differ between languages
#: ("3. März" is an ordinal, "1.000" a thousand), so such figures are left to the voice.
_ALONE = re.compile(r"(?<![\w.,:/\u2212-])\d{1,6}(?![\w:/%\u00b0-]|[.,]\S|\. )")
_CENTS = re.compile(r",\d\d$")
_SPACES = "[ \u00a0\u202f]"


def speak_foreign(text: Tracked, language: str) -> None:
    """Write a text of another language out, as far as the module's docstring says.

    >>> from audiobrief.text.speech.tracked import Tracked
    >>> text = Tracked("Am 3. Mai, z. B. um 2,5 % mehr")
    >>> speak_foreign(text, "de")
    >>> text.text
    'Am 3. Mai, zum Beispiel um zwei Komma f\u00fcnf Prozent mehr'
    """
    code = language.lower().split("-", maxsplit=1)[0]
    for pattern, words in _rules(code):
        text.substitute(pattern, words)


@cache
def _rules(code: str) -> tuple[_Rule, ...]:
    tongue = _TONGUES.get(code)
    alone = (_ALONE, lambda m: _number(m[0], code) or m[0])
    if tongue is None:
        return (alone,)
    return (*_tongue_rules(tongue, code), alone)


def _tongue_rules(tongue: _Tongue, code: str) -> tuple[_Rule, ...]:
    mark = _SPACES if tongue.thousands == " " else re.escape(tongue.thousands)
    number = (
        rf"(?<![\w.,:/\u2212-])\d{{1,3}}(?:{mark}\d{{3}}){{1,4}}(?:,\d{{1,4}})?"
        r"|(?<![\w.,:/\u2212-])\d{1,9}(?:,\d{1,4})?"
    )
    signs = "|".join(re.escape(s) for s in sorted(tongue.currencies, key=len, reverse=True))
    short = "|".join(re.escape(s) for s in sorted(tongue.abbreviations, key=len, reverse=True))

    def said(figures: str) -> str:
        return _decimal(re.sub(mark, "", figures), code) or figures

    def money(m: _Match) -> str:
        scale = f" {m['scale']}" if m["scale"] else ""
        if not scale and _CENTS.search(
            m["n"]
        ):  # "drei Euro f\u00fcnfzig": every language its own way
            return f"{m['n']} {tongue.currencies[m['sign']]}"
        return f"{said(m['n'])}{scale} {tongue.currencies[m['sign']]}"

    return (
        *unit_rules(code, number, said),
        (
            re.compile(
                rf"(?P<n>{number})(?:{_SPACES}(?P<scale>{_SCALES}))?{_SPACES}?(?P<sign>{signs})(?!\w)"
            ),
            money,
        ),
        (
            re.compile(
                rf"(?P<sign>{signs}){_SPACES}?(?P<n>{number})(?:{_SPACES}(?P<scale>{_SCALES}))?(?![\w,.]\d)"
            ),
            money,
        ),
        (re.compile(rf"(?P<n>{number}){_SPACES}?%"), lambda m: f"{said(m['n'])} {tongue.percent}"),
        (
            re.compile(rf"(?P<n>{number}){_SPACES}?\u00b0{_SPACES}?C\b"),
            lambda m: f"{said(m['n'])} {tongue.degrees}",
        ),
        (re.compile(rf"(?<![\w.])(?:{short})(?!\w)"), lambda m: tongue.abbreviations[m[0]]),
        (
            re.compile(
                rf"(?<![\w.,:/\u2212-])\d{{1,3}}(?:{mark}\d{{3}}){{1,4}}(?:,\d{{1,4}})?"
                r"(?![\w:/%-]|[.,]\d)"
            ),
            lambda m: said(m[0]),
        ),
        (
            re.compile(
                r"(?<![\w.,:/\u2212-])\d{1,6},\d{1,4}(?![\w:/%-]|[.,]\d)"
                r"(?!(?<=,\d\d) ?(?:[eE]ur|[dD]\u00f3?l|\u20ac|[pP]fund|livre))"
            ),
            lambda m: said(m[0]),
        ),
    )


_COMMA = {
    "de": "Komma", "fr": "virgule", "es": "coma", "it": "virgola", "nl": "komma",
    "pt": "v\u00edrgula", "sv": "komma",
}  # fmt: skip


def _decimal(figures: str, code: str) -> str | None:
    """Return "2,5" as words: figures after the comma one by one."""
    whole, _, rest = figures.partition(",")
    parts = [_number(whole, code), *(_number(c, code) for c in rest)]
    if not all(parts):
        return None
    words = [part for part in parts if part]
    return " ".join([words[0], _COMMA[code], *words[1:]]) if rest else words[0]


@lru_cache(maxsize=1024)
def _number(figures: str, code: str) -> str | None:
    """Return the words for a number, ``None`` for a language that num2words does not know."""
    # Here, not above: it imports 60 languages (0.1 s), and English never needs them.
    from num2words import num2words  # noqa: PLC0415

    # Four figures without a mark between them are a year; elsewhere they would be wrong seldom.
    form = "year" if len(figures) == 4 and figures[:2] in {"18", "19", "20"} else "cardinal"
    try:
        words: str = num2words(int(figures), to=form, lang=code)
    except (NotImplementedError, OverflowError):  # left as printed, for the voice to read
        return None
    return words
