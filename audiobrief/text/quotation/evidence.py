"""What speaks for a capitalized phrase being a person: the words around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.text.given_names import GIVEN_NAMES
from audiobrief.text.quotation.gender import HE, SHE, gender_of, gender_of_roles
from audiobrief.text.quotation.jobs import JOBS
from audiobrief.text.quotation.marks import QUOTED_I
from audiobrief.text.quotation.mentions import JUNIOR
from audiobrief.text.quotation.name_words import COURTESY, IMPERSONAL, TITLES, WORD_NAMES
from audiobrief.text.quotation.verbs import is_verb

if TYPE_CHECKING:
    from audiobrief.text.quotation.names import Candidate

#: What firms and cities do not do.
_HUMAN = re.compile(
    r",? (?:(?:also|just|only|still|once|later|then|[a-z]{2,12}ly) )?"
    r"(?:(?:shrug|laugh|smile|grin|nod|sigh|chuckle|wink|blush|joke|remember|recall|disagree)"
    r"(?:s|d|ed|ged|ned|ded)?|wept|weeps|cries|cried|wrote|writes|lives (?:in|on|with|alone)"
    r"|grew up|was born|is married|married|is (?:standing|sitting|kneeling|waiting)|wakes|woke"
    r"|has (?:lived|fished|farmed|taught))\b"
)
_ITS = re.compile(r"\bits\b")
SENTENCE_END = re.compile(r"[.!?\ue001\ue002]\s+(?=[A-Z\ue000\ue004])")
_AGE = re.compile(r"(?:, (?:aged )?| \()(\d{1,3})(?=[,.;)])")
_WHO = re.compile(r",? who(?:se)?\b")
_SAYS_NEXT = re.compile(r",? (?:(?:also|has|had|later|then|[a-z]{2,12}ly) ){0,2}([a-z]+)")
_SAYS_BEFORE = re.compile(r"\b([a-z]+),? (?:[a-z-]{2,20} ){0,3}$")
_APPOSITION = re.compile(r", ((?:an?|the|his|her|their|its|one of) [\w' \u2019-]{2,80})")
_BEFORE_APPOSITION = re.compile(
    r"\b((?:[Aa]n?|[Tt]he|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|\w+['\u2019]s) [a-z][\w' \u2019-]{2,60}), $"
)
#: Right before a name: "… on the roof with his wife, ", "says the club's captain, ".
_WHOSE_BEFORE = re.compile(
    r"(?:\b(?:[Hh]is|[Hh]er|[Tt]heir|[Ii]ts)|\w['\u2019]s) (?:[a-z][a-z-]{0,20} ){0,3}?"
    r"([a-z][a-z-]{2,20}), $"
)
_ROLES_BEFORE = re.compile(r"(?<![\w'\u2019-])((?:[a-z][a-z-]{2,20} ){1,4})$")
_FIRM = re.compile(
    r",? (?:Inc|Ltd|LLC|LLP|Corp|Co|PLC|plc|GmbH|AG|SA|SpA|NV|BV)\b|[\u2122\u00ae\u00a9]"
)
#: "X spokesman Y", "X shares": X is no person.
_OF_A_FIRM = re.compile(
    r"(?: (?:spokes(?:man|woman|person)|shares|stores|branches|employees|workers|staff|customers"
    r"|executives?|officials?|headquarters|products)|['\u2019]s? (?:shares|stores|branches"
    r"|headquarters|shareholders|share price|products|factory|factories|plants?))\b"
)
#: Firms and cities speak so.
_STATED = re.compile(
    r",? (?:said|says|added) in an? (?:\w+ )?(?:statement|e-?mail|filing|release|post)\b"
)
_THE = re.compile(r"\b[Tt]he $")
#: "the Dutch Harbor", "my Blue Heron", "a New Yorker": no person.
_DETERMINER = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Mm]y|[Oo]ur|[Yy]our|[Tt]his|[Tt]hat|[Tt]hese|[Ee]very|[Ee]ach) $"
)
_WHAT_IT_IS = re.compile(r"(?:,| is| was| has been) ((?:[\w'\u2019-]{1,20},? ){1,6})")
#: Endings that only nouns of people have, and firms have not ("maker").
_SCHOLAR = re.compile(r"^[a-z]{2,}(?:ist|ician|keeper|woman)$")
_THEN_HE = re.compile(r"(?:[\ue000-\ue005]{1,150} )?(?:[Hh]e|[Ss]he)\b")
_PLACE = re.compile(r"\b(?:in|at|near|outside|across|around) $")
_HEAD_END = re.compile(
    r" (?:behind|near|under|over|before|after|of|for|at|in|from|with|who|that|and|on|to|by"
    r"|whose|which)\b"
)
#: Nouns of people by their ending: "geologist", "beekeeper"; "member" and the like beside them.
_AGENT = re.compile(r"(?:ist|ian|eer|keeper|holder|worker|maker|man|woman|person|er|or|ant)$")
_NAMES_IN_ING_LIST = """
    sterling irving fleming harding manning golding king ming bing ting ling ding jing ping xing
    ying qing
"""
#: "WordPress" is a product; "McCarthy" and "LeBron" are people.
#: Before a name they are as often firms: "developer Blue Heron".
_OF_FIRMS = frozenset(("developer", "broker", "producer", "investor", "trader", "builder", "owner"))
#: They end like nouns of people, but are none, or are firms.
_NO_NOUN_LIST = """
    over under after for or never however rather either neither whether later together another
    other former per earlier near later better larger their her your our than man van can
    retailer publisher manufacturer insurer lender maker operator supplier carrier provider
    distributor contractor processor brewer grocer bookseller automaker carmaker chipmaker
    drugmaker importer exporter broadcaster employer newspaper paper river summer winter december
    restaurant plant giant center tower water letter quarter chapter an in ever forever
"""
_NO_NOUNS = frozenset(_NO_NOUN_LIST.split())
#: Given names that are as often towns, states and countries.
_GIVEN_PLACE_LIST = """
    austin sydney jordan charlotte virginia georgia florence madison savannah dakota carolina
    victoria adelaide lincoln jackson houston dallas paris chelsea brooklyn israel chad sierra troy
    orlando santiago francisco diego alberta regina wellington nelson hamilton lancaster kent devon
    clifton preston carson logan kingston trent clare kerry siena vienna catalina helena eugene
    aurora marina anderson denver phoenix memphis raleigh cleveland boston bristol chester warwick
    stafford iona salvador lourdes lorraine santa cruz laredo camden kendal whitney asia india
    china america lucia vincent kashmir
"""
GIVEN_PLACES = frozenset(_GIVEN_PLACE_LIST.split())
_LANDSCAPE_LIST = """
    beach lake hills hill falls park springs woods wood fields field cross bridge wells island
    rock rocks bay point heights shore shores forest grove meadows marsh moor pond ford dale glen
    banks rivers stone moss
"""
_LANDSCAPE = frozenset(_LANDSCAPE_LIST.split())
#: Behind a given name they make a firm, whoever has founded it.
_WARES_LIST = """
    pipe pipes tile tiles brick bricks iron paint paints cement concrete gravel lumber timber
    furniture carpet carpets textile textiles mills leather shoes boots chocolate chocolates candy
    dairy meats poultry eggs ales brewery distillery winery vineyard vineyards toys sports fitness
    gym golf yachts boats autos motor trucking tires cycles taxis buses freight cargo logistics
    shipping storage realty homes housing properties rentals roofing plumbing heating cooling
    designs salon spa inn lodge diner grill pizza bakery cafe deli catering gardens nursery
    nurseries fargo outfitters hardware supply supplies tools machinery
    tractors seeds petroleum mining coal solar wind aviation aerospace dynamics robotics
    chemicals plastics packaging printing publishing books
"""
_WARES = frozenset(_WARES_LIST.split())
_CAMEL = re.compile(r"(?<!\w)(?!Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|St|O)\w{0,30}?[a-z][A-Z]")
_NAMES_IN_ING = frozenset(_NAMES_IN_ING_LIST.split())
#: "O'Brien", "al-Reis", "McLeod" are families.
_FAMILY = re.compile(r"[ODN]['\u2019]|[Aa]l-|El-|Ma?c[A-Z]")


def form_evidence(tokens: tuple[str, ...], common: frozenset[str]) -> int:
    """Return how much the words themselves look like a person's name."""
    score = 2 * (tokens[0].lower() in GIVEN_NAMES or bool(gender_of(tokens[0])))
    score -= _like_a_place_or_firm(tokens[0].lower(), tokens[-1].lower())
    score += 2 * (tokens[-1].lower() in JUNIOR)
    score += 2 * any(t[0].islower() or _FAMILY.match(t) for t in tokens[1:])
    score += any(not t.isascii() or "-" in t for t in tokens)
    for n, token in enumerate(tokens):
        lower = token.lower()
        if _CAMEL.match(token) or any(ch.isdigit() for ch in token):
            score -= 4
        if lower in WORD_NAMES:
            score -= lower in IMPERSONAL
        elif lower in common:
            score -= 3
        if n == 0 and lower.endswith("ing") and len(lower) > 4 and lower not in _NAMES_IN_ING:
            score -= 4
        if token.isupper() and len(token) > 1 and "." not in token and lower not in JUNIOR:
            score -= 2
        if "." in token and 0 < n < len(tokens) - 1:
            score += 2
    if all("." in t for t in tokens[:-1]) and len(tokens) == 2 and tokens[0].count(".") > 1:
        score -= 1
    lowest = tokens[-1].lower()
    if lowest in TITLES and lowest not in WORD_NAMES and tokens[0].lower() in common:
        score -= 4
    return score


def _like_a_place_or_firm(first: str, last: str) -> int:
    """Return how much two words look like a town's or a maker's: "Virginia Beach"."""
    if last in _WARES:
        return 3
    return (first in GIVEN_PLACES) * (3 if last in _LANDSCAPE else 1)


def evidence(text: str, c: Candidate) -> int:
    """Return how much a place of two or more capitalized words speaks for a person."""
    before, after = text[max(0, c.start - 60) : c.start], text[c.end : c.end + 200]
    if _FIRM.match(after):
        return -10
    if _OF_A_FIRM.match(after):
        return -4
    score = 1 if c.title in _OF_FIRMS else 3 * bool(c.title)
    # A cheap question first: most patterns for what stands before ask for a small word.
    small = before[-2:-1].islower()
    role = _ROLES_BEFORE.search(before) if small and not c.title else None
    noun = role[1].split()[-1] if role else ""
    score += bool(noun and noun not in _NO_NOUNS and _AGENT.search(noun))
    score += 3 * bool(_AGE.match(after)) + 2 * bool(_WHO.match(after))
    score -= 4 * bool(_DETERMINER.search(before))
    score -= 2 * bool(small and _PLACE.search(before))
    score += _apposed(before, after) + 2 * bool(_HUMAN.match(after))
    stop = SENTENCE_END.search(after)
    sentence = after[: stop.start() if stop else None]
    personal = bool(HE.search(sentence) or SHE.search(sentence))
    follows = stop is not None and _THEN_HE.match(after, stop.end()) is not None
    score += 2 * follows
    score -= 2 * bool(_STATED.match(after))
    return score + personal - 2 * bool(not personal and _ITS.search(sentence))


def _apposed(before: str, after: str) -> int:
    """Return what the phrases beside a name say: ", director of", "the firm, X", "is a nurse"."""
    score = 0
    closed = after.startswith((",", "."))
    for match in (_APPOSITION.match(after), closed and _BEFORE_APPOSITION.search(before)):
        noun = _head(match[1]) if match else ""
        scholar = match and any(_SCHOLAR.search(word) for word in match[1].split()[:7])
        if scholar or noun in JOBS or noun in TITLES:
            score += 2
        elif noun in IMPERSONAL:
            score -= 4
        elif _AGENT.search(noun):
            score += 2
        elif noun:
            score += 1
    words = _WHAT_IT_IS.match(after)
    if score == 0 and words:
        score += 2 * any(word in TITLES for word in words[1].split())
    return score


def evidence_of_one(text: str, c: Candidate) -> int:
    """Return how much a place of a single capitalized word speaks for a surname."""
    before, after = text[max(0, c.start - 60) : c.start], text[c.end : c.end + 60]
    if c.title in COURTESY:
        return 3
    if _THE.search(before):
        return 0 if re.match(r" [a-z]", after) else -2
    return 1 + _speaks_beside(before, after)


def speaks(text: str, c: Candidate) -> int:
    """Return 1 where a verb of speech stands right behind a name, 2 where before ("said X").

    Also 2 where what is said says "I".
    """
    before, after = text[max(0, c.start - 60) : c.start], text[c.end : c.end + 60]
    beside = _speaks_beside(before, after)
    return beside + (beside == 1 and (QUOTED_I in before or QUOTED_I in after))


def _speaks_beside(before: str, after: str) -> int:
    next_word, earlier = _SAYS_NEXT.match(after), _SAYS_BEFORE.search(before)
    beside = (next_word and next_word[1]) or ""
    if earlier and is_verb(earlier[1]):
        return 2
    return int(is_verb(beside))


def is_of_family(text: str, c: Candidate) -> bool:
    """Tell whether a single name is that of somebody's relative: "her brother, Yonas, "."""
    whose = _WHOSE_BEFORE.search(text[max(0, c.start - 60) : c.start])
    closed = text[c.end : c.end + 1] in (",", ".", "(") or text.startswith(" (", c.end)
    return bool(whose and closed and gender_of_roles({whose[1]}))


def roles_beside(text: str, c: Candidate) -> set[str]:
    """Return what a person is called beside the name: "mayor", "teacher"."""
    before, after = text[max(0, c.start - 80) : c.start], text[c.end : c.end + 100]
    roles = {c.title} if c.title else set()
    plain = _ROLES_BEFORE.search(before) if before[-2:-1].islower() else None
    if plain:
        roles.add(plain[1].split()[-1])
    closed = before.endswith(", ")
    whose = _WHOSE_BEFORE.search(before) if closed else None
    if whose:
        roles.add(whose[1])
    beside = (
        _APPOSITION.match(after),
        _BEFORE_APPOSITION.search(before) if closed and not whose else None,
    )
    roles.update(_head(match[1]) for match in beside if match)
    age = _AGE.match(after)
    if age:
        roles.add(f"{age[1]}-year-old")
    return {role for role in roles if role[:1].isdigit() or not is_verb(role)}


def _head(phrase: str) -> str:
    """Return the noun a phrase is about.

    >>> _head("the deputy head of the harbor")
    'head'
    """
    end = _HEAD_END.search(phrase)
    words = phrase[: end.start() if end else len(phrase)].split()
    return words[-1].lower() if words else ""
