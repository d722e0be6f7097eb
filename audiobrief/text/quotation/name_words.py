"""Words beside and within names: titles, institutions, days, words that are names as well."""

from __future__ import annotations

from audiobrief.text.plain_words import STOP_WORDS

#: Before a name: courtesy and rank, which only people have.
_COURTESY_LIST = """
    mr mrs ms miss mx dr prof professor sir dame lord lady king queen prince princess president
    chancellor premier minister secretary senator sen representative rep congressman congresswoman
    governor gov mayor councillor councilor councilman councilwoman commissioner ambassador
    general gen colonel col major maj captain capt lieutenant lt sergeant sgt corporal private
    admiral officer detective constable inspector superintendent sheriff judge justice pope bishop
    archbishop cardinal reverend rev father sister brother imam rabbi sheikh sheik sultan emir
    emperor empress pastor coach chief director chairman chairwoman chair madam madame monsieur
    mp mep msp mla mlc mha ceo cfo coo cto vp
    mother alderman pc cllr baroness baron viscount marshal cpl pvt adm cmdr commander supt insp
    det hon
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
CALENDAR = frozenset(_CALENDAR_LIST.split())
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
#: Words of menus, columns and forms, which no byline has.
_NO_BYLINE_LIST = """
    size tips team guide guides best top how what why new free home page price review reviews
    story stories popular time sponsored content design marketing business expert experts blog
    admin user posts article articles more read view click here sign subscribe follow contributor
    guest writer year founded industry location job title type name email address phone location
    date category the a an and of for in on by with our your all about from
"""
NO_BYLINES = IMPERSONAL | frozenset(_NO_BYLINE_LIST.split())
