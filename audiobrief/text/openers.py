"""Sentences that lean on the one before: "He said so, too", "But that was in May" (English)."""

from __future__ import annotations

import re
from enum import Enum, auto

from audiobrief.text.quotation.marks import find_spans

_MARKS = "\"'\u201c\u201d\u2018\u2019\u00ab\u00bb\u201e\u201a([\u2014\u2013-\u2026. "


class Lean(Enum):
    """On what a sentence leans."""

    #: On whom a sentence before names: "She".
    PERSON = auto()
    #: On the sentence before, whatever it says: "However", "This".
    SENTENCE = auto()


_HE = r"(?:he|she|him|his|her|hers|himself|herself)"
_IT = (
    r"(?:they|them|their|theirs|themselves|it|its|itself|this|that|these|those|such|which|whom|whose"
    r"|both|neither|either|others|another)"
)
_SUBORDINATE = (
    r"(?:after|before|when|while|as|if|since|until|once|although|though|because|unless|whether"
    r"|where|by|for|from|in|on|at|of|with|without|to|under|over|about|against|among|amid|between"
    r"|during|despite|through|besides|beyond|near|behind|like|unlike|into|within|upon|following"
    r"|given|according to|because of|instead of|thanks to|in spite of|apart from|along with"
    r"|as well as|out of|due to|prior to|even|just|not|only|all|half|asked|told|part of|none of"
    r"|(?:one|two|three|four|five|most|some|many|all|each|any|several|few|both|half|much) of)"
)
_CONNECTIVES_LIST = """
    and|but|or|nor|so|yet|still|also|too|then|thus|hence|therefore|however|moreover|furthermore
    |besides|instead|nevertheless|nonetheless|otherwise|meanwhile|meantime|indeed|likewise|similarly
    |consequently|accordingly|conversely|alternatively|additionally|afterwards?|later|again|finally
    |lastly|second|secondly|third|thirdly|next|plus|rather|regardless|either way|equally
    |here|there,|thereafter|thereby|yes|no,|nope|exactly|right,|instead of that|ditto
    |in addition|in turn|in fact|in other words|in short|in sum|in contrast|in comparison
    |in response
    |in return|in particular|in both cases|by contrast|by comparison|as a result|as a consequence
    |as such|as well|as usual|as before|for example|for instance|for one|for another|for now
    |on the other hand|on the one hand|on the contrary|on top of|at first|at the time
    |at the same time|at the other end|at least|at that|of course|after all|after that|above all
    |to be sure|absolutely|each has|each is|each of|to that end|to do so|doing so|even so|even then
    |if so|if not|not so|not only
    |more importantly|most importantly|worse still|what's more|that said|having said that
    |the latter|the former|the same|the two|the pair|the duo|the trio|the others?|the rest
    |the remaining|the remainder|the answer|the reason|the result|the second|the third|the first of
    |a second|a third|one was|one is|one were|same goes|some others|other|others|none,|mine|ours
"""
_CONNECTIVES = "|".join(part.strip() for part in "".join(_CONNECTIVES_LIST.split("\n")).split("|"))
_BACK = re.compile(
    rf"(?:{_CONNECTIVES})(?![\w'\u2019-])(?<!,)|(?:there|no|right|none),", re.IGNORECASE
)
_PRONOUN = re.compile(
    rf"(?:{_SUBORDINATE} ){{0,3}}?(?:(?P<he>{_HE})|{_IT})(?![\w-])", re.IGNORECASE
)
#: "On Monday, she said", "Born in Leeds, he": whom it means stands before.
_AFTER_COMMA = re.compile(
    r"[^,;:.!?\"\u201c]{1,90}, (?:(?:and|but|so|then|though|however|meanwhile),? )?"
    rf"(?:(?P<he>{_HE})|they|it|its|their|them)(?![\w-])",
    re.IGNORECASE,
)
#: "When Moss arrived, he said": it names whom it means.
_OWN_NAME = re.compile(
    r"(?:When|After|Before|As|While|If|Since|Although|Though|Because|Once|Until|Unless)"
    r" (?:[A-Z][\w.'\u2019-]*,? ){1,4}[a-z]"
)
#: '"We won," he said.': the narration of a quotation begins with who says it.
_SAYS = re.compile(
    r"[\s,.;:\u2014\u2013-]{0,20}(?:(?:as|[a-z]{1,30}(?:ed|s|d|t)) )?"
    rf"(?:(?P<he>{_HE})|they|it)(?![\w-])"
)


def leans_on(sentence: str) -> Lean | None:
    """Return on what a sentence leans, ``None`` for one that can stand alone.

    Strict on purpose: "It is raining" counts as leaning, since only its sense tells.

    >>> leans_on("However, the pier is open."), leans_on("In his letter he asked why.")
    (<Lean.SENTENCE: 2>, <Lean.PERSON: 1>)
    >>> leans_on('"We shall see," she said.'), leans_on("The pier is open, Moss said.")
    (<Lean.PERSON: 1>, None)
    """
    text = sentence.lstrip(_MARKS)
    # "But he" leans on a person as well: what stands behind the connective is asked first.
    rest = text
    connective = _BACK.match(rest)
    if connective:
        rest = rest[connective.end() :].lstrip(" ,")
    pronoun = _PRONOUN.match(rest) or _AFTER_COMMA.match(rest)
    if pronoun and not (pronoun.re is _AFTER_COMMA and _OWN_NAME.match(rest)):
        return Lean.PERSON if pronoun["he"] else Lean.SENTENCE
    if connective:
        return Lean.SENTENCE
    return _of_narration(sentence)


def _of_narration(sentence: str) -> Lean | None:
    """Return on what the narration behind an opening quotation leans."""
    spans = find_spans(sentence)
    if not spans or sentence[: spans[0][0]].strip(_MARKS):
        return None
    says = _SAYS.match(sentence, spans[0][1])
    if says is None:
        return None
    return Lean.PERSON if says["he"] else Lean.SENTENCE
