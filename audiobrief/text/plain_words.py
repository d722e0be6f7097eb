"""Words that every text has, for all rooms of `text`."""

from __future__ import annotations

#: The most frequent function words of English: prose is full of them, menus are not.
_STOP_WORDS_LIST = """
    a about after again against all also an and any are as at be because been before being
    between both but by can could did do does during each for from further had has have he her
    here hers him his how i if in into is it its itself just like made many may me might more
    most much must my no nor not now of off on once only or other our out over own said same
    say says she should so some such than that the their them then there these they this those
    through to too two under until up upon us very was we were what when where which while who
    whom why will with within without would yet you your
"""
STOP_WORDS = frozenset(_STOP_WORDS_LIST.split())
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
