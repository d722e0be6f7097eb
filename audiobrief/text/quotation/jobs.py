"""Words for what somebody is, which stand capitalized before a name: "Archivist", "Democrat"."""

from __future__ import annotations

import re

from audiobrief.text.given_names import GIVEN_NAMES
from audiobrief.text.quotation.gender import gender_of

#: Those that no ending shows.
_LIST = """
    junior senior sophomore freshman democrat republican liberal conservative independent publican
    landlord landlady nun monk priest vicar curate deacon cleric cabbie bookie groom bride twin
    veteran rookie graduate undergraduate candidate magistrate advocate chef barber mason beautician
    pilot scout guide bard cop lifeguard coastguard apprentice survivor local
    farmhand deckhand stagehand cowboy tycoon mogul guru expert academic mechanic medic paramedic
    heir nominee laureate champion novice recruit hostage captive convict inmate
    emeritus emerita designate mum dad grandma grandpa pensioner
"""
JOBS = frozenset(_LIST.split())
_PREFIXES = frozenset(("ex", "great", "co", "vice", "step", "semi", "mid", "grand", "self"))
#: No given name ends so.
_SURE = re.compile(
    r"^[a-z]{2,30}(?:ist|crat|ician|woman|person|keeper|maker|worker|grower|owner"
    r"|player|stress|mason|[a-z]{3}smith|monger|master|mistress"
    r"|librarian|fighter|seller|dealer|holder|driver|trainer|educator"
    r"|(?<!suley)(?<!sulei)(?<!rah)(?<!cole)(?<!sher)(?<!free)(?<!\b[a-z]{3})man)"
)
#: Given names end so as well (Oliver, Adrian): a known given name has to follow.
_LIKELY = re.compile(r"^[a-z]{3,30}(?:er|or|an|ant|ent|ee|eer|man|ess|ive|ate|ist|eur|ary|wright)")


def is_given_name(word: str) -> bool:
    """Tell whether a word is a given name known here.

    >>> is_given_name("Aaron"), is_given_name("Archivist")
    (True, False)
    """
    return word.lower() in GIVEN_NAMES or bool(gender_of(word))


def is_job(word: str, following: str) -> bool:
    """Tell whether a capitalized word is what somebody is, before the name that follows.

    >>> is_job("Archivist", "Una"), is_job("Stevedore", "Una"), is_job("Welder", "Anna")
    (True, False, True)
    """
    lower = word.lower()
    first, hyphen, last = lower.partition("-")
    if hyphen:
        # "Ex-miner", "Great-grandmother", but "Jong-un" and "Jean-Luc".
        return word[len(first) + 1 : len(first) + 2].islower() and (
            first in _PREFIXES or is_job(last.rpartition("-")[2], following)
        )
    if is_given_name(word):
        return lower in JOBS and is_given_name(following)
    if lower in JOBS or _SURE.fullmatch(lower):
        return True
    return is_given_name(following) and _LIKELY.fullmatch(lower) is not None
