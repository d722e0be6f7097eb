"""What a quotation's own words say against a speaker: nobody calls himself "she" or by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.text.quotation.context import CONTINUED, INTRODUCED, PRONOUN, SENTENCE, Verdict
from audiobrief.text.quotation.gender import HE, SHE, gender_of_roles
from audiobrief.text.quotation.mentions import name_key
from audiobrief.text.quotation.presence import fitting, people_in

if TYPE_CHECKING:
    from audiobrief.text.quotation.context import Context

#: Rules that infer the speaker from what stands around the quotation.
_INFERRED = frozenset((INTRODUCED, SENTENCE, CONTINUED, PRONOUN))
#: A noun or a name within a quotation: "my boss", "the gaffer", "Anna".
_SOMEBODY = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Mm]y|[Oo]ur|[Yy]our|[Hh]is|[Hh]er|[Tt]heir|[Tt]h[ai]t?s?|[Oo]ne|[Ee]very)"
    r" [a-z]|(?<=[\w,;] )[A-Z][a-z]"
)
#: "I'm Moss", "my name is Moss", "they call me Moss".
_INTRODUCES = re.compile(
    r"(?:\bI(?:['\u2019]m| am| was)|\bname(?:['\u2019]s| is)|\bme|\bas)[, ]+\W?$"
)
_SMALL_WORD = re.compile(r"\b[a-z-]{3,}")
_ANIMAL = re.compile(
    r"\b(?:dog|cat|horse|puppy|kitten|mare|stallion|bull|cow|bear|wolf|whale|bird|parrot|goat|sheep"
    r"|donkey|elephant|tiger|lion|seal|swan|tortoise|fox|pet|animal|ship|boat|pony|hen|pig)s?\b"
)
#: So many paragraphs back stands whom "her" may mean.
_NEARBY = 4
#: And so far back in each.
_NEARBY_CHARACTERS = 1500


def checked(context: Context, i: int, start: int, end: int, verdict: Verdict) -> Verdict:
    """Return a verdict if what is said can be said by that person, else the only one who is left.

    Args:
        context: The article.
        i: Index of the paragraph.
        start: Where the quotation starts.
        end: Where it ends.
        verdict: What the rules say.
    """
    if verdict.name is None or verdict.rule not in _INFERRED:
        return verdict
    said = context.paragraphs[i][start:end]
    if _names(said, verdict.name):
        return Verdict(None, 0.0, verdict.rule)
    if not _speaks_of(context, i, start, said, verdict.name):
        return verdict
    if verdict.rule == INTRODUCED:
        others = {m.name for m in context.passages[i - 1].mentions} - {verdict.name}
        if len(others) == 1:
            return Verdict(others.pop(), 0.78, verdict.rule)
    return Verdict(None, 0.0, verdict.rule)


def _names(said: str, name: str) -> bool:
    """Tell whether a quotation speaks of somebody by surname."""
    surname = name_key(tuple(name.split()))[-1].capitalize()
    place = said.find(surname)
    return (
        place > 0
        and re.match(r"\w", said[place + len(surname) :]) is None
        and not said[place - 1].isalnum()
        and not _INTRODUCES.search(said[:place][-20:])
    )


def _speaks_of(context: Context, i: int, start: int, said: str, name: str) -> bool:
    """Tell whether a quotation says "she" and can mean but one, who then does not speak."""
    gender = context.roster.gender(name)
    pronoun = (HE if gender == "m" else SHE).search(said.lower()) if gender else None
    if pronoun is None:
        return False
    if _SOMEBODY.search(said, 1, pronoun.start()):
        return False  # the quotation itself may say who "she" is
    for p in range(max(0, i - _NEARBY), i + 1):
        stop = start if p == i else len(context.passages[p].text)
        begin = max(0, stop - _NEARBY_CHARACTERS)
        text = context.passages[p].text[begin:stop]
        near = fitting(context, people_in(context, p, begin, stop), gender)
        if set(near) - {name} or _ANIMAL.search(text):
            return False
        if any(gender_of_roles({word}) == gender for word in _SMALL_WORD.findall(text)):
            return False  # "said her mother had heard them"
    return True
