"""People whom a text does not name: "a retired nurse", "one of them", "the 19-year-old"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from audiobrief.text.quotation.gender import gender_of_roles
from audiobrief.text.quotation.jobs import JOBS
from audiobrief.text.quotation.name_words import TITLES
from audiobrief.text.quotation.verbs import is_verb

_PEOPLE_LIST = """
    person kid child toddler schoolboy schoolgirl pupil mum mom dad grandma grandad grandparent
    policeman policewoman fireman soldier trooper marine official aide adviser advisor insider
    passer-by passerby bystander onlooker motorist pedestrian worker laborer labourer employee
    customer shopper diner guest supporter opponent rival teammate team-mate substitute replacement
    newcomer stranger immigrant prisoner inmate suspect gunman attacker patient juror tenant lodger
    landlord homeowner hiker climber mourner worshipper protester protestor demonstrator marcher
    voter courier postman caretaker janitor cleaner nanny hairdresser apprentice trainee intern
    headmaster expert reader viewer listener caller relative fiance fiancee boss predecessor
    successor counterpart ex-wife ex-husband girlfriend boyfriend grandson granddaughter nephew
    niece youngster teen adult male female lad lass guy chap fellow veteran player champion
    colleague goalkeeper keeper operator dispatcher dealer vendor seller owner trainer jockey rider
    trucker cabbie cop officer guard lifeguard inspector investigator interpreter translator
    bridegroom groom bride stepson stepdaughter stepfather stepmother half-brother half-sister
    classmate schoolmate roommate flatmate housemate co-worker coworker co-pilot cousin godfather
    godmother informant hostage captive deserter recruit cadet sniper medic midwife carer caregiver
    mate shipmate bosun purser steward stewardess deckhand navigator usher bailiff subordinate
    nun monk priest vicar cleric preacher missionary pilgrim beggar thief burglar robber smuggler
    dealer villager islander townsman settler nomad herder shepherd sherpa guide porter
"""
PEOPLE = TITLES | JOBS | frozenset(_PEOPLE_LIST.split())
#: Nouns of people by an ending that few things have.
_SURELY_PEOPLE = re.compile(
    r"^[a-z-]{2,30}(?:(?<!l)(?<!wa)(?<!w)ist|ician|[^m]arian|keeper|worker|goer|woman|man|person)$"
)
#: Things and crowds that end as nouns of people do.
_NO_PERSON_LIST = """
    human german roman twist mist waist fist assist resist coexist
"""
_NO_PERSON = frozenset(_NO_PERSON_LIST.split())
#: As often adjectives: "a general strike", "a local bakery".
_ADJECTIVE_TOO_LIST = """
    general major private chief cardinal prime local senior junior liberal conservative independent
    republican democrat veteran expert academic champion adult teen novice male female marine
    fellow patient guest rival graduate undergraduate twin manual rookie captive convict
    official count guide guard keeper judge cook fan passenger customer player student
"""
_ADJECTIVE_TOO = frozenset(_ADJECTIVE_TOO_LIST.split())
#: A person, where a word of this kind describes it: "a retired welder", not "a retired tractor".
_OF_PEOPLE_LIST = """
    retired elderly young married pregnant teenage local fellow unnamed widowed divorced
    middle-aged masked armed off-duty homeless bearded would-be amateur professional
"""
_OF_PEOPLE = frozenset(_OF_PEOPLE_LIST.split())
_ENDS_LIKE_AGENT = re.compile(r"^[a-z]{3,30}(?:er|or|eer|ant|ent|ian|ee)$")
#: A noun phrase is over before these.
_PHRASE_END_LIST = """
    of for at in from with who whom whose that which and or but on to by as is was were are has
    had have said says told tells added adds near behind under after before into when while
    between across over until because since
"""
_PHRASE_END = frozenset(_PHRASE_END_LIST.split())
_INDEFINITE = re.compile(
    r"(?<![\w-])(?:[Aa]n?|[Oo]ne|[Aa]nother) (?=((?:[a-z\d][\w-]{0,20} ?){1,5})(['\u2019]s|,)?)"
)
#: "is a nurse", "X, a nurse", "as a nurse": no new person.
_PREDICATE = re.compile(r"(?:\b(?:is|was|as|been|be|become|became|of)|,) $")
#: The same where no comma closes it: "When he fell ill, a colleague took over" has a new person.
_APPOSED = re.compile(
    r"(?:\b(?:is|was|as|been|be|become|became|of)|(?<![\w-])[A-Z\d][\w'\u2019-]{0,20},) $"
)
_ONE_OF = re.compile(
    r"(?<![\w-])(?:One|Another|one|another) of (those|them|us|the|his|her|their|its|these) ?"
    r"((?:[\w-]{1,20} ?){0,4})"
)
#: "One said", "Another, who had come early, "
_ONE_ALONE = re.compile(
    r"(?<![\w-])(?:One|Another)(?=,| (?:who|said|says|told|added|had|was|is)\b)"
)
_YEAR_OLD = re.compile(r"^(?:\d{1,3}|[a-z]{3,9}|[a-z]{3,9}-[a-z]{3,5})-year-old$")
#: What may follow "the 19-year-old" if it is a person; "a 40-year-old ferry" is none.
_GOES_ON = re.compile(
    r"^[a-z]{1,30}(?:ed|ing|es)$|^(?:of|for|at|in|from|with|who|whom|whose|that|and|but|on|to|by|as|is|was"
    r"|has|had|will|would|can|could|did|does|came|went|ran|told|said|says|took|made|gave|got|fell"
    r"|stood|sat|left|won|lost|beat|hit|felt|saw|knew|grew|spent|began|lives|plays|works|hopes"
    r"|wants|also|then|later|now|never|still|just|already|wrote|held|kept|met|spoke|who'd)$"
)
_DEFINITE = re.compile(
    r"(?:^|[,;] |\b(?:and|but|when|while|as|after|before|until|because) )"
    r"(?P<whose>[Tt]he [a-z-]{3,20}['\u2019]s?|[Tt]he|[Hh]is|[Hh]er|[Tt]heir"
    r"|(?:[A-Z][\w-]{1,20} ){0,3}[A-Z][\w-]{1,20}['\u2019]s?) "
    r"(?=(?P<words>(?:[a-z\d][\w-]{0,20} ?){1,4})(?P<rest>,? ?[A-Z]?))"
)
_MAY_DESCRIBE = re.compile(r"(?:[Tt]he|[Hh]is|[Hh]er|[Tt]heir|['\u2019]s?) [a-z\d]")
#: Who is called so is another than the one before.
_OTHERS_LIST = """
    other second third fourth another younger older elder eldest youngest oldest next
"""
_OTHERS = frozenset(_OTHERS_LIST.split())
_OF_OTHER = re.compile(r"(?:of|in|from) (?:the|another) (?:other|second|third)\b")


#: What opens a sentence before its subject: "Asked about X, ", "When X had gone, ".
OPENS = re.compile(
    r"(?:(?:But|And|Then) )?(?:When|While|After|Before|Once|Because|As|Since|If|Although|Though"
    r"|Despite|Unlike|Like|With|Without|Beside|Behind|Facing|Turning|(?:[A-Z][a-z]{1,15}(?:ed|ing))"
    r"|Told|Shown|when|while|after|asked|told) [^.;:]{2,200}, ?"
)
#: Behind a noun they describe it: "the mayor of the town", not "the mayor shook his head".
_DESCRIBES_LIST = """
    of for at in from with who whom whose that which and or but on to by near behind under across
    between into over
"""
_DESCRIBES = frozenset(_DESCRIBES_LIST.split())
_NEXT_WORD = re.compile(r" ([a-z]{1,30})\b")


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody without a name, at a place of a text."""

    start: int
    #: "m", "f", or empty: not known.
    gender: str


@dataclass(frozen=True, slots=True)
class Described:
    """A phrase for somebody who may be named elsewhere: "the driver", "her son"."""

    start: int
    #: "the", "his", or whose in small letters: "moss's".
    whose: str
    #: "driver"; "19-year-old".
    noun: str
    gender: str
    #: It says itself that it is another: "the other driver".
    is_other: bool


def strangers_in(text: str) -> list[Stranger]:
    """Return who comes in whom the text does not name.

    >>> strangers_in("Moss, a baker, lives next door to a retired nurse.")
    [Stranger(start=34, gender='')]
    >>> [s.gender for s in strangers_in("An elderly woman said no. One of the boys laughed.")]
    ['f', 'm']
    """
    found = []
    for match in _INDEFINITE.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()]
        closed = match[2] == ","
        if (match[2] and not closed) or (_APPOSED if not closed else _PREDICATE).search(before):
            continue
        noun = _person_of(match[1].split())
        if noun:
            found.append(Stranger(match.start(), gender_of_roles({noun})))
    if "ne" in text or "nother" in text:
        found += [
            Stranger(match.start(), gender)
            for match in _ONE_OF.finditer(text)
            if (gender := _gender_among(match[1], match[2].split())) is not None
        ]
        found += [Stranger(match.start(), "") for match in _ONE_ALONE.finditer(text)]
    return found


def described_in(sentence: str) -> list[Described]:
    """Return the phrases of a sentence that mean somebody by what he or she is.

    >>> [(d.whose, d.noun, d.is_other) for d in described_in("The driver of the other car wept.")]
    [('the', 'driver', True)]
    >>> [d.noun for d in described_in("The 19-year-old came on when her best friend fell.")]
    ['19-year-old', 'friend']
    """
    found: list[Described] = []
    if not _MAY_DESCRIBE.search(sentence):
        return found
    for match in _DEFINITE.finditer(sentence):
        words = match["words"].split()
        noun = _person_of(words)
        if not noun:
            continue
        named = match["rest"].strip(" ,") and noun.endswith(words[-1])
        if named:
            continue  # "the mayor, Ann Lee"
        rest = sentence[match.start("words") : match.start("words") + 90]
        other = not _OTHERS.isdisjoint(words) or _OF_OTHER.search(rest) is not None
        last = noun.split()[-1]
        found.append(
            Described(
                match.start("whose"), match["whose"].lower(), last, gender_of_roles({noun}), other
            )
        )
    return found


def is_subject(sentence: str, d: Described) -> bool:
    """Tell whether a phrase right behind a name and a comma is no apposition but a subject.

    >>> text = "Asked about Moss, the mayor shook his head."
    >>> is_subject(text, described_in(text)[0])
    True
    >>> text = "Asked about Moss, the mayor of Poole, he shook his head."
    >>> is_subject(text, described_in(text)[0])
    False
    """
    place = sentence.find(d.noun, d.start)
    following = _NEXT_WORD.match(sentence, place + len(d.noun)) if place >= 0 else None
    if following is None or following[1] in _DESCRIBES:
        return False
    return is_verb(following[1]) or OPENS.fullmatch(sentence, 0, d.start) is not None


def _person_of(words: list[str]) -> str:
    """Return the noun of a person that heads a phrase ("elderly man"); empty: it is a thing.

    >>> _person_of("young fish farmer from the".split()), _person_of(["farm", "gate"])
    ('farmer', '')
    """
    for n, word in enumerate(words):
        if word in _PHRASE_END:
            return ""
        following = words[n + 1] if n + 1 < len(words) else ""
        if _YEAR_OLD.match(word):
            if not following or _goes_on(following):
                return word
            continue
        if word in _ADJECTIVE_TOO and following and not _goes_on(following):
            continue
        if word in PEOPLE or (_SURELY_PEOPLE.match(word) and word not in _NO_PERSON):
            return following if following in PEOPLE else word
        agent = n and words[n - 1] in _OF_PEOPLE and _ENDS_LIKE_AGENT.match(word)
        if agent or (following == "who" and n < 3):
            return word
    return ""


def _goes_on(word: str) -> bool:
    """Tell whether a noun phrase has ended before a word."""
    return word in _PHRASE_END or _GOES_ON.match(word) is not None


def _gender_among(which: str, words: list[str]) -> str | None:
    """Return the gender of one of many; ``None``: they are no people."""
    if which in ("those", "them", "us"):
        return ""
    singular = [_singular(w) for w in words]
    noun = _person_of(singular)
    return gender_of_roles({noun}) if noun else None


def _singular(word: str) -> str:
    """Return a plural without its ending: "women" is "woman".

    >>> _singular("deputies"), _singular("women"), _singular("boys")
    ('deputy', 'woman', 'boy')
    """
    if word.endswith("men"):
        return f"{word[:-3]}man"
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word == "children":
        return "child"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
