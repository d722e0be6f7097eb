"""How amounts of money are said in English: a function for each rule."""

from __future__ import annotations

import re

from audiobrief.text.plain_words import STOP_WORDS
from audiobrief.text.speech.numerals import cardinal
from audiobrief.text.speech.vocabulary import CURRENCIES, SCALES

Match = re.Match[str]

#: After an amount they are no noun that it could describe: "the $5 million spent on it".
_NO_NOUN_LIST = """
    per worth apiece annually went goes came comes paid spent given lost owed left made sent today
    yesterday tomorrow last next every each plus yet ago later earlier seems makes helps remains
"""
_NO_NOUN = STOP_WORDS | frozenset(_NO_NOUN_LIST.split())


def _currency(sign: str) -> tuple[str, str, tuple[str, str] | None]:
    """Return the words for a currency's sign, however its letters are written."""
    return CURRENCIES.get(sign) or CURRENCIES.get(sign.upper()) or CURRENCIES[sign.capitalize()]


def money(match: Match) -> str:
    """Say an amount: "$4.50", "$3bn", "kr 20"."""
    one, many, cent = _currency(match["symbol"])
    scale = SCALES.get((match["scale"] or "").lower(), "")
    amount = match["amount"].rstrip(".")
    if scale:
        return f"{cardinal(amount, joined=False)} {scale} {many}"
    whole, _, rest = amount.replace(",", "").partition(".")
    # "20.5" and "20.010" are fifty cents and one; three figures that mean something are a rate.
    rest = rest[:2] + rest[2:].rstrip("0")
    if cent and 1 <= len(rest) <= 2:
        return _with_cents(whole, int(rest.ljust(2, "0")), (one, many), cent)
    return f"{cardinal(amount)} {one if amount == '1' else many}"


def _with_cents(whole: str, cents: int, note: tuple[str, str], cent: tuple[str, str]) -> str:
    coins = f"{cardinal(str(cents))} {cent[0] if cents == 1 else cent[1]}"
    if not int(whole or "0"):
        return coins if cents else f"zero {note[1]}"
    notes = f"{cardinal(whole)} {note[0] if int(whole) == 1 else note[1]}"
    return f"{notes} {coins}" if cents else notes


def money_before_noun(match: Match) -> str:
    """Say an amount that describes a noun in the singular, as in "a $5-million deal"."""
    one = _currency(match["symbol"])[0]
    scale = SCALES[match["scale"].lower()]
    return f"{cardinal(match['amount'], joined=False)} {scale} {one} {match['noun']}"


def money_attribute(match: Match) -> str:
    """Say "a $1 million grant" in the singular, unless what follows is no noun."""
    noun = match["noun"]
    with_cents = not match["scale"] and "." in match["amount"]
    if with_cents or noun in _NO_NOUN or noun in SCALES or noun.endswith(("ed", "ly")):
        return match[0]
    one = _currency(match["symbol"])[0]
    scale = f" {SCALES[match['scale'].lower()]}" if match["scale"] else ""
    said = cardinal(match["amount"], joined=not scale)
    return f"{match['lead']}{said}{scale} {one} {noun}"


def money_range(match: Match) -> str:
    """Say "$20-30 million" as twenty to thirty million dollars."""
    many = _currency(match["symbol"])[1]
    low, high = match["low"], match["high"]
    scale = SCALES.get((match["scale"] or "").lower(), "")
    low_scale = SCALES.get((match["low_scale"] or "").lower(), "")
    if match["joint"] == " to ":
        # "rose from $900 to $1 million" has two amounts; "$20 to $30 million" shares its scale.
        rising = float(low.replace(",", "")) < float(high.replace(",", ""))
        origin = match.string[: match.start()].endswith("from ")
        if not scale or low_scale or not rising or origin:
            return match[0]
    elif not scale and not low_scale and (match["second"] or "." in low + high):
        return f"{match['symbol']}{low} to {match['symbol']}{high}"
    said_low = f"{cardinal(low, joined=False)} {low_scale}" if low_scale else cardinal(low)
    said_high = f"{cardinal(high, joined=False)} {scale}" if scale else cardinal(high)
    return f"{said_low} to {said_high} {many}"
