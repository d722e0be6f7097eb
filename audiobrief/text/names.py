"""People named in a text: full names, and the surnames and titles that mean them later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.text.lines import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Before a name: they show that it is a person's, and are no part of it.
_HONORIFIC_LIST = """
    mr mrs ms miss mx dr prof professor sir dame lord lady king queen prince princess president
    chancellor premier minister secretary senator sen representative rep congressman congresswoman
    governor gov mayor councillor councilor councilman councilwoman commissioner ambassador
    general gen colonel col major captain capt lieutenant lt sergeant sgt admiral officer
    detective sheriff judge justice pope bishop archbishop cardinal reverend rev father sister
    imam rabbi sheikh coach chief director chairman chairwoman chair spokesman spokeswoman
    spokesperson analyst deputy neighbor neighbour resident farmer teacher lawyer attorney activist
    economist author doctor nurse owner founder student driver pastor scientist researcher historian
    architect engineer fisherman baker shopkeeper critic campaigner organizer organiser witness
"""
_HONORIFICS = frozenset(_HONORIFIC_LIST.split())
#: They begin a sentence, and are capitalized only there.
_SENTENCE_OPENER_LIST = """
    despite although since unlike according meanwhile however today yesterday later still another
    instead like even once thanks also many several two three four five
"""
_SENTENCE_OPENERS = STOP_WORDS | frozenset(_SENTENCE_OPENER_LIST.split())
#: In a capitalized phrase: it names an institution, a place, a people or a day, no person.
_IMPERSONAL_LIST = """
    army navy force forces guard police fire rescue team state states union republic kingdom
    federation government ministry department office agency administration authority bureau
    commission committee council congress parliament senate assembly house cabinet court party front
    movement league association society institute institution university college school academy
    church museum library hospital centre center clinic company corporation corp inc ltd llc
    group bank fund trust foundation organization organisation network television radio tv news
    times post press journal herald tribune magazine media street avenue road square bridge river
    lake mount mountain island islands bay beach harbor harbour port park airport station city
    town county province region district valley sea ocean north south east west northern southern
    eastern western central new los las san santa saint fort white wall supreme federal national
    international global united nations european free democratic islamic human rights watch
    security defense defence foreign affairs health education finance treasury interior energy
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday christmas easter ramadan
    america american americans britain british england english scotland wales ireland irish
    france french germany german italy italian spain spanish portugal russia russian russians
    soviet soviets ukraine ukrainian china chinese japan japanese korea korean india indian
    pakistan pakistani afghanistan afghan iran iranian iraq iraqi syria syrian syrians israel
    israeli palestinian palestine lebanon turkey turkish egypt egyptian saudi arabia yemen libya
    africa african nigeria kenya mexico mexican brazil canada canadian australia australian cuba
    venezuela asia asian europe latin arab gulf zealand jazeera facebook google amazon microsoft
    project program programme plan act bill law report study survey award prize cup games
    championship ferry line lines route airlines services service works water transport transit
    power labs lab studio studios capital ventures technologies technology software systems
    solutions industries global research analytics consulting insights entertainment pictures
    records motors energy electric oil gas pharma pharmaceuticals biotech healthcare medical
    insurance financial markets securities investments management advisors associates networks
    digital online web app cloud data chamber union guild federation editor editorial edition staff
    archdiocese diocese foundation ministries household survey forum conference summit festival
    theater theatre orchestra zoo farm farms foods stores market exchange index airways motor
    holdings partners brothers sons bros alliance coalition campaign club band hotel restaurant
"""
_IMPERSONAL = frozenset(_IMPERSONAL_LIST.split())
#: Words that may stand between a preposition and a name: "from Russian foreign minister X".
_ROLE_LIST = """
    the a an former foreign prime deputy vice acting senior chief retired then first lead local
    head executive general finance defense defence press company city team party opposition leader
    candidate lawyer attorney owner founder resident author student teacher engineer scientist
    researcher economist activist journalist farmer manager editor expert
"""
_ROLES = frozenset(_ROLE_LIST.split()) | _HONORIFICS
_PREPOSITION_LIST = """
    with by of to from for against on at in about between behalf like than under after before
    toward towards alongside
"""
_PREPOSITIONS = frozenset(_PREPOSITION_LIST.split())
_WORD_OF_NAME = r"(?:(?:[A-Z]\.){1,3}|(?:al|el|Al|El|ul)-[A-Z]\w+|(?:[OD]['\u2019])?[A-Z][\w-]*\w)"
_PARTICLE = r"(?:van|von|der|den|de|del|della|da|di|dos|du|la|le|bin|ibn|ben|bint|ter)"
_SEQUENCE = re.compile(rf"{_WORD_OF_NAME}(?: (?:{_PARTICLE} ){{0,2}}{_WORD_OF_NAME}){{0,6}}")
_HONORIFIC_BEFORE = re.compile(r"(\w+)\.?\s+$")
_OFFICE_BEFORE = re.compile(r"(\w+) (?:of|for) (?:the )?$")
_LAST_WORDS = re.compile(r"[\w'\u2019-]+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text that names a person."""

    start: int
    end: int
    #: The full name where the text gives one anywhere before, else as it stands.
    name: str
    #: It is governed by a preposition ("met with X"): hardly the subject of a verb.
    is_object: bool


class Roster:
    """The people of an article; surnames are looked up in it.

    Args:
        paragraphs: Narration only: quotations may name anybody.
    """

    def __init__(self, paragraphs: Iterable[str]) -> None:
        texts = tuple(paragraphs)
        self._full: dict[str, set[str]] = {}
        #: What the article also writes small is a word of the language, no name.
        self._common = frozenset(w for text in texts for w in _SMALL_WORD.findall(text))
        for paragraph in texts:
            for _, _, tokens, titled in _candidates(paragraph):
                if len(tokens) >= 2 and self._is_person(tokens, titled=titled):
                    self._full.setdefault(_surname_key(tokens[-1]), set()).add(" ".join(tokens))

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return the people named in a text, in order; a surname two people share is nobody's."""
        found = []
        for start, end, tokens, titled in _candidates(text):
            name = self._resolve(tokens, titled=titled)
            if name:
                found.append(Mention(start, end, name, _is_object(text[:start])))
        return tuple(found)

    def _resolve(self, tokens: Sequence[str], *, titled: bool) -> str | None:
        if len(tokens) >= 2:
            return " ".join(tokens) if self._is_person(tokens, titled=titled) else None
        known = self._full.get(_surname_key(tokens[0]), set())
        # "James Fry" and "Jim Fry" are two names: whose the surname is, stays open.
        if len(known) == 1:
            return next(iter(known))
        return tokens[0] if titled and not known else None

    def _is_person(self, tokens: Sequence[str], *, titled: bool) -> bool:
        """Tell whether two or more capitalized words are a name: a title shows it, or the words.

        "Unleashing Atlas" and "Company Size" are none: a participle, a word that the article
        also writes small.
        """
        if any(_CAMEL.search(token) for token in tokens):
            return False
        if titled:
            return True
        first = tokens[0].lower()
        if first.endswith("ing") and len(first) > 5 and first not in _NAMES_IN_ING:
            return False
        return not any(t.lower() in self._common for t in tokens if t.lower() not in _WORD_NAMES)


#: "WordPress" is a product; "McCarthy" and "LeBron" are people.
_CAMEL = re.compile(r"^(?!Mc|Mac|De|Di|Du|La|Le|Van|Von|Fitz|St)\w*[a-z][A-Z]")
_SMALL_WORD = re.compile(r"(?<![\w.'\u2019@/-])[a-z]{3,}(?![\w@/])")
_NAMES_IN_ING = frozenset(("sterling", "irving", "fleming", "harding", "manning", "golding"))
#: Words that are also first or last names of many people.
_WORD_NAMES_LIST = """
    van von den der del della dos bin ibn ben bint ter mark will bill grace hope faith joy rose dawn
    may june april august summer frank art drew jack bob pat rob sue ray dale glen heath lance chase
    grant dean duke earl guy miles rich sandy ruby pearl amber ivy lily daisy olive violet brown
    white black green gray grey young long short wood woods field fields hill hills stone rice cook
    baker miller smith taylor carter fisher hunter mason parker porter potter shepherd turner walker
    weaver bishop pope king knight page price rivers banks brooks bush church cross day fox wolf
    hart law lane love moon moss park pike pool reed ross sharp snow spears stark swift ward waters
    wells west winter wise wright beach lake wall north french english ireland
"""
_WORD_NAMES = frozenset(_WORD_NAMES_LIST.split())


def looks_like_person(name: str) -> bool:
    """Tell whether a printed name may be a person's: two to four words, none of them common.

    >>> looks_like_person("Jane van Roe"), looks_like_person("Company Size")
    (True, False)
    """
    tokens = name.split()
    return (
        2 <= len(tokens) <= 5
        and all(_NAME_TOKEN.fullmatch(token) for token in tokens)
        and not any(
            token.lower().strip(".") in _NO_BYLINES
            for token in tokens
            if token.lower() not in _WORD_NAMES
        )
    )


_NAME_TOKEN = re.compile(rf"{_PARTICLE}|(?:[A-Z]\.?){{1,3}}|(?:[a-z]{{2}}-)?[^\W\d_][\w.'\u2019-]*")
_NO_BYLINE_LIST = """
    size tips team guide guides best top how what why new free home page price review reviews story
    stories popular time sponsored content design marketing business expert experts blog admin user
    posts article articles more read view click here sign subscribe follow contributor guest writer
    year founded industry location job title type name email address phone location date category
    the a an and of for in on by with our your all about from
"""
_NO_BYLINES = _IMPERSONAL | frozenset(_NO_BYLINE_LIST.split())


def _candidates(text: str) -> Iterable[tuple[int, int, list[str], bool]]:
    """Yield start, end, name tokens and "a title stands before it" of what may be people."""
    for match in _SEQUENCE.finditer(text):
        start = match.start()
        tokens = match[0].split(" ")
        titled = bool(
            (before := _HONORIFIC_BEFORE.search(text[max(0, start - 20) : start]))
            and before[1].lower() in _HONORIFICS
        )
        office = _OFFICE_BEFORE.search(text[max(0, start - 40) : start])
        titled = titled or bool(office and office[1].lower() in _HONORIFICS)
        # Take leading titles, and function words that only begin the sentence, off the name; an
        # institution before a title belongs to the title ("United States Secretary of State").
        last_title = max(
            (i for i, t in enumerate(tokens) if t.rstrip(".").lower() in _HONORIFICS), default=-1
        )
        titled = titled or last_title >= 0
        skip = last_title + 1
        while skip < len(tokens) and tokens[skip].lower() in _SENTENCE_OPENERS:
            skip += 1
        while titled and skip < len(tokens) and tokens[skip].lower() in _IMPERSONAL:
            skip += 1
        name = tokens[skip:]
        if not name or len(name) > 4 or any(t.lower() in _IMPERSONAL for t in name):
            continue
        if name[-1].isupper() and len(name) == 1:
            continue  # an acronym
        begin = start + len(" ".join(tokens[:skip])) + (1 if skip else 0)
        yield begin, match.end(), name, titled


def _surname_key(token: str) -> str:
    return re.sub(r"^(?:al|el|ul)-", "", token.lower())


def _is_object(before: str) -> bool:
    """Tell whether the words before a name end in a preposition that governs it."""
    words = _LAST_WORDS.findall(before[-80:])
    for word in reversed(words[-7:]):
        lower = word.lower().rstrip(".")
        if lower in _PREPOSITIONS:
            return True
        if not (word[0].isupper() or lower in _ROLES or word in {".", "-"}):
            return False
    return False
