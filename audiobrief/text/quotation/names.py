"""Names as they are printed: capitalized words that may mean a person, titles before them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.text.page.lines import STOP_WORDS
from audiobrief.text.quotation.jobs import is_given_name, is_job

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Before a name: courtesy and rank, which only people have.
_COURTESY_LIST = """
    mr mrs ms miss mx dr prof professor sir dame lord lady king queen prince princess president
    chancellor premier minister secretary senator sen representative rep congressman congresswoman
    governor gov mayor councillor councilor councilman councilwoman commissioner ambassador
    general gen colonel col major maj captain capt lieutenant lt sergeant sgt corporal private
    admiral officer detective constable inspector superintendent sheriff judge justice pope bishop
    archbishop cardinal reverend rev father sister brother imam rabbi sheikh sheik sultan emir
    emperor empress pastor coach chief director chairman chairwoman chair madam madame monsieur
    mother alderman pc marshal cpl pvt adm cmdr commander supt insp det hon
"""
#: Before a name: what somebody is or does.
_ROLE_TITLE_LIST = """
    spokesman spokeswoman spokesperson analyst deputy neighbor neighbour resident farmer teacher
    lawyer attorney activist economist author doctor nurse owner founder co-founder cofounder
    student driver scientist researcher historian architect engineer fisherman baker shopkeeper
    critic campaigner organizer organiser witness survivor victim biologist geologist ecologist
    psychologist climatologist sociologist astronomer physicist chemist curator librarian manager
    editor reporter journalist presenter novelist poet writer actor actress singer musician
    composer drummer guitarist director producer comedian artist painter photographer designer
    developer programmer consultant entrepreneur executive ceo president-elect treasurer lecturer
    headteacher principal dean provost rector warden ranger firefighter paramedic surgeon
    pharmacist therapist veterinarian vet rower sailor skipper fisher beekeeper gardener butcher
    cook chef waiter waitress barista bartender plumber electrician carpenter builder mechanic
    pilot goalkeeper striker midfielder defender captain winger quarterback pitcher swimmer runner
    cyclist boxer referee umpire broker banker investor trader accountant retiree pensioner mother
    father grandmother grandfather widow widower husband wife son daughter brother sister uncle
    aunt cousin friend man woman boy girl teenager colleague partner volunteer lawmaker legislator
    negotiator diplomat envoy dissident defector migrant refugee leader co-author host commentator
    columnist blogger prosecutor defendant plaintiff solicitor barrister magistrate clerk
    archaeologist anthropologist epidemiologist virologist meteorologist forecaster hydrologist
    seismologist oceanographer soprano tenor baritone conductor violinist pianist cellist
    auctioneer goalscorer assistant conservationist environmentalist superfan fan tourist visitor
    commuter passenger
"""
COURTESY = frozenset(_COURTESY_LIST.split())
TITLES = COURTESY | frozenset(_ROLE_TITLE_LIST.split())
#: With a single name these are part of it: nobody says "Salman" for King Salman.
_REGNAL_LIST = """
    king queen prince princess pope sultan emir emperor empress saint sister brother mother father
    lady lord
"""
REGNAL = frozenset(_REGNAL_LIST.split())
#: They begin a sentence, and are capitalized only there.
_SENTENCE_OPENER_LIST = """
    despite although since unlike according meanwhile however today yesterday later still another
    instead like even once thanks also many several two three four five asked speaking writing
    talking addressing told said says whether though among amid besides earlier afterwards
    eventually finally first last next then back near outside inside across upon via per plus
    perhaps maybe yes never always sometimes both either neither every each few most some any
    nobody everybody everyone someone something nothing
"""
SENTENCE_OPENERS = STOP_WORDS | frozenset(_SENTENCE_OPENER_LIST.split())
_CALENDAR_LIST = """
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday christmas easter ramadan
"""
_CALENDAR = frozenset(_CALENDAR_LIST.split())
#: In a capitalized phrase: it names an institution, a place, a people or a day, no person.
_IMPERSONAL_LIST = """
    army navy force forces guard police fire rescue team state states union republic kingdom
    federation government ministry department office agency administration authority bureau
    commission committee council congress parliament senate assembly house cabinet court party
    front movement league association society institute institution university college school
    academy church museum library hospital centre center clinic company corporation corp inc ltd
    llc group bank fund trust foundation organization organisation network television radio tv
    news times post press journal herald tribune magazine media street avenue road square bridge
    river lake mount mountain island islands bay beach harbor harbour port park airport station
    city town county province region district valley sea ocean north south east west northern
    southern eastern western central new los las san santa saint fort white wall supreme federal
    national international global united nations european free democratic islamic human rights
    watch security defense defence foreign affairs health education finance treasury interior
    energy january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday christmas easter ramadan america
    american americans britain british england english scotland wales ireland irish france french
    germany german italy italian spain spanish portugal russia russian russians soviet soviets
    ukraine ukrainian china chinese japan japanese korea korean india indian pakistan pakistani
    afghanistan afghan iran iranian iraq iraqi syria syrian syrians israel israeli palestinian
    palestine lebanon turkey turkish egypt egyptian saudi arabia yemen libya africa african
    nigeria kenya mexico mexican brazil canada canadian australia australian cuba venezuela asia
    asian europe latin arab gulf zealand jazeera facebook google amazon microsoft project program
    programme plan act bill law report study survey award prize cup games championship ferry line
    lines route airlines services service works water transport transit power labs lab studio
    studios capital ventures technologies technology software systems solutions industries global
    research analytics consulting insights entertainment pictures records motors energy electric
    oil gas pharma pharmaceuticals biotech healthcare medical insurance financial markets
    securities investments management advisors associates networks digital online web app cloud
    data chamber union guild federation editor editorial edition staff archdiocese diocese
    foundation ministries household survey forum conference summit festival theater theatre
    orchestra zoo farm farms township borough village heights hills springs valley creek falls
    forest canyon desert peninsula avenue boulevard highway tower towers palace castle abbey
    cathedral mosque temple gallery archive archives embassy air charity firm consulate tribunal
    registry airlines railway railways records bureau exchequer treasury pentagon kremlin foods
    stores market exchange index airways motor holdings partners brothers sons bros alliance
    coalition campaign club band hotel restaurant shire parish precinct municipality prefecture
    canton commune hamlet suburb estate reserve reservoir dam bypass constabulary regiment brigade
    battalion
"""
IMPERSONAL = frozenset(_IMPERSONAL_LIST.split())
#: Words that are also first or last names of many people.
WORD_NAMES_LIST = """
    van von den der del della dos bin ibn ben bint ter mark will bill grace hope faith joy rose dawn
    may june april august summer frank art drew jack bob pat rob sue ray dale glen heath lance chase
    grant dean duke earl guy miles rich sandy ruby pearl amber ivy lily daisy olive violet brown
    white black green gray grey young long short wood woods field fields hill hills stone rice cook
    baker miller smith taylor carter fisher hunter mason parker porter potter shepherd turner walker
    weaver bishop pope king knight page price rivers banks brooks bush church cross day fox wolf
    hart law lane love moon moss park pike pool reed ross sharp snow spears stark swift ward waters
    wells west winter wise wright beach lake wall north french english ireland
    judge major marshall sergeant chandler gardener knight noble power bond case chance chief church
    gray marsh meadows forest lake hall hunt hope little love march may nice penny rivers
"""
WORD_NAMES = frozenset(WORD_NAMES_LIST.split())


#: Latin capitals with and without marks; Python's patterns have no class for them.
_UPPER = "A-Z" + "".join(
    chr(c) for c in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)) if chr(c).isupper()
)
PARTICLE = r"(?:van|von|der|den|de|del|della|da|di|dos|du|la|le|bin|ibn|ben|bint|ter|af|av|zu|y)"
_WORD_OF_NAME = (
    rf"(?:(?:[{_UPPER}]\.){{1,3}}|(?:al|el|ul|as|ad|ar|an|bin|Al|El)-[{_UPPER}]\w+"
    rf"|(?:[A-Zd]['\u2019])?[{_UPPER}](?:[\w-]*\w)?)"
)
_NICKNAME = rf"(?:[\"\u201c\u2018'(][{_UPPER}][\w-]{{1,20}}[\"\u201d\u2019')] )"
_SEQUENCE = re.compile(
    rf"(?<![\w@#/.-]){_WORD_OF_NAME}(?: {_NICKNAME}?(?:{PARTICLE} ){{0,3}}{_WORD_OF_NAME}){{0,7}}"
)
_TITLE_BEFORE = re.compile(r"(?<![\w-])([\w-]{1,30})\.?,? $")
_OFFICE_BEFORE = re.compile(r"(?<![\w-])([\w-]{1,30}) (?:of|for) (?:the )?$")
_NAME_TOKEN = re.compile(rf"{PARTICLE}|(?:[A-Z]\.?){{1,3}}|(?:[a-z]{{2}}-)?[^\W\d_][\w.'\u2019-]*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of capitalized words that may name a person, titles taken off."""

    start: int
    end: int
    #: The words of the name, particles included, letters after it ("QC") not; at least one.
    tokens: tuple[str, ...]
    #: The title or role right before it, in small letters; empty: none.
    title: str


def candidates(text: str) -> Iterator[Candidate]:
    """Yield what may be the names of people, in order.

    >>> [(c.title, " ".join(c.tokens)) for c in candidates("But Mayor Ana de Ruiz met Tom King.")]
    [('mayor', 'Ana de Ruiz'), ('', 'Tom King')]
    """
    for match in _SEQUENCE.finditer(text):
        start, tokens = match.start(), match[0].split(" ")
        if len(tokens) == 1 and (tokens[0] in _NEVER or tokens[0].lower() in SENTENCE_OPENERS):
            continue
        title = _title_before(text, start)
        skip, own_title = _titles_within(tokens, titled=bool(title))
        title = own_title or title
        end = match.end()
        if tokens[-1] in ("Jr", "Sr") and text[end : end + 1] == ".":
            end, tokens[-1] = end + 1, f"{tokens[-1]}."
        name = tokens[skip:]
        while len(name) > 2 and name[-1].lower() in _CALENDAR:
            end -= len(name.pop()) + 1
        while len(name) > 2 and _is_letters_after(name):
            name.pop()  # the place keeps them: who "Ann Lee QC said" names stands by the verb
        if (
            not name
            or len(name) > 7
            or (len(name) == 1 and name[0].lower() in _CALENDAR and not title)
            or (len(name) == 1 and _is_no_name(name[0], title))
        ):
            continue
        if any(t.lower() in IMPERSONAL and t.lower() not in WORD_NAMES for t in name):
            continue
        begin = start + sum(len(t) + 1 for t in tokens[:skip])
        yield Candidate(begin, end, tuple(name), title)


_NEVER_LIST = """
    I A Q The TV US UK EU UN OK
"""
_NEVER = frozenset(_NEVER_LIST.split())


def _title_before(text: str, start: int) -> str:
    """Return the title that stands before a place, in small letters; else nothing."""
    head = text[max(0, start - 40) : start]
    match = _TITLE_BEFORE.search(head)
    if match is None or match[1].lower() not in TITLES:
        # "Secretary of | State John Kerry": the run of capitals begins behind "of".
        office = _OFFICE_BEFORE.search(head)
        first = re.match(r"\w+", text[start : start + 30])
        match = office if office and first and first[0].lower() in IMPERSONAL else None
    if match and match[1].lower() in TITLES and not match[0].endswith(", "):
        return match[1].lower()
    return ""


def _titles_within(tokens: list[str], *, titled: bool) -> tuple[int, str]:
    """Return how many words are no name (openers, titles, institutions before them), and a title.

    The last word is never a title: "Tom King", and "King" alone, may be a surname.
    """
    places = [i for i, t in enumerate(tokens[:-1]) if t.rstrip(".").lower() in TITLES]
    # "Tom Judge Moss": a title behind what may be a first name is a name itself.
    while places and places[-1] > 0:
        before = tokens[: places[-1]]
        if all(_is_of_office(t) for t in before):
            break
        if any(t.lower() in IMPERSONAL for t in before):
            break
        # "Labor Leader Jo Bell": a whole name stands behind it, no given name before.
        if places[-1] < len(tokens) - 2 and not any(is_given_name(t) for t in before):
            break
        places.pop()
    skip = places[-1] + 1 if places else 0
    title = tokens[skip - 1].rstrip(".").lower() if places else ""
    while skip < len(tokens) - 1 and (
        tokens[skip].lower() in SENTENCE_OPENERS or tokens[skip].lower() in _CALENDAR
    ):
        if tokens[skip].lower() in WORD_NAMES and skip:
            break
        skip += 1
    while (titled or title) and skip < len(tokens) - 1 and tokens[skip].lower() in IMPERSONAL:
        if tokens[skip].lower() in WORD_NAMES:
            break
        skip += 1
    while skip < len(tokens) - 2 and _is_before_name(tokens[skip], tokens[skip + 1]):
        title = tokens[skip].lower()
        skip += 1
    return skip, title


def without_job(c: Candidate, common: frozenset[str]) -> Candidate:
    """Return a name of three words without a first one that the text also writes small.

    Args:
        c: What may be a name.
        common: The words that the text writes small.
    """
    first = c.tokens[0]
    lower = first.lower()
    if len(c.tokens) < 3 or lower not in common or lower in WORD_NAMES or is_given_name(first):
        return c
    return replace(c, start=c.start + len(first) + 1, tokens=c.tokens[1:], title=lower)


def _is_before_name(token: str, following: str) -> bool:
    """Tell whether the first of three words is none of the name: "Welder", "MP", "CEO"."""
    acronym = token.isupper() and len(token) > 1 and "." not in token and not following.isupper()
    if acronym:
        return len(token) > 2 or is_given_name(following)
    return token.lower() not in WORD_NAMES and is_job(token, following)


def _is_letters_after(name: Sequence[str]) -> bool:
    """Tell whether a name ends in an honor or degree, which nobody is called by: "QC", "OBE"."""
    last = name[-1]
    letters = last in ("PhD", "DPhil", "MSc", "BSc", "Esq") or (
        last.isupper() and 2 <= len(last) <= 4 and last.isalpha()
    )
    return letters and last not in ("II", "III", "IV", "VI") and not name[0].isupper()


def _is_of_office(token: str) -> bool:
    lower = token.rstrip(".").lower()
    return (
        lower in TITLES
        or lower in IMPERSONAL
        or lower in SENTENCE_OPENERS
        or lower
        in (
            "former",
            "foreign",
            "prime",
            "vice",
            "acting",
            "deputy",
            "chief",
            "first",
            "right",
            "most",
            "very",
            "hon",
        )
        or (token.count(".") > 1 and token.isupper())
    )


def _is_no_name(token: str, title: str) -> bool:
    """Tell whether a single word is an acronym, or a word that only begins the sentence."""
    acronym = token.isupper() and not title
    return acronym or token.lower() in SENTENCE_OPENERS or len(token) < 2


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
            if token.lower() not in WORD_NAMES
        )
    )


_NO_BYLINE_LIST = """
    size tips team guide guides best top how what why new free home page price review reviews
    story stories popular time sponsored content design marketing business expert experts blog
    admin user posts article articles more read view click here sign subscribe follow contributor
    guest writer year founded industry location job title type name email address phone location
    date category the a an and of for in on by with our your all about from
"""
_NO_BYLINES = IMPERSONAL | frozenset(_NO_BYLINE_LIST.split())
