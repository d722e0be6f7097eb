"""Words that report speech: verbs in all their forms, and what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_REGULAR_LIST = """
    accuse acknowledge add admit advise affirm agree allege announce answer argue ask assert assure
    blog boast brand caution call charge chide chuckle claim clarify comment commend complain
    concede conclude condemn confess confide confirm contend continue counter criticise
    criticize cry declare demand denounce describe disagree disclose dismiss elaborate email
    emphasise emphasize enthuse exclaim exhort explain express gasp grin groan grumble hint hope
    implore inform insist instruct interject joke label lambast lament laugh lecture liken maintain
    marvel mention mumble murmur muse mutter note observe opine plead pledge post praise predict
    proclaim promise propose protest quip quote reason reassure recall recommend recount reflect
    reiterate rejoin relate remark remember remind repeat reply report request respond retort
    reveal roar scoff scold shout shrug sigh signal smile snap snarl specify speculate state stress
    suggest summarise summarize surmise testify text theorize theorise thunder tweet urge venture
    volunteer vow wail warn whisper wonder worry yell
"""
_DOUBLING_LIST = """
    admit quip snap grin blog
"""
_DOUBLING = frozenset(_DOUBLING_LIST.split())
_IRREGULAR_LIST = """
    said says say saying told tells tell telling wrote writes write writing thinks thought think
    thinking believes believed believe believing spoke speaks swore swears sang sings felt feels
"""
#: First word of verbs of two or three words, and how they may go on.
_PHRASAL = {
    "went": (" on",), "goes": (" on",), "going": (" on",), "put": (" it",), "puts": (" it",),
    "sums": (" up", " it up"), "summed": (" up", " it up"), "sum": (" up", " it up"),
    "pointed": (" out",), "points": (" out",), "pointing": (" out",),
    "chimed": (" in",), "chimes": (" in",), "weighed": (" in",), "weighs": (" in",),
    "fired": (" back",), "shot": (" back",), "hit": (" back",), "hits": (" back",),
    "shoots": (" back",), "broke": (" in",), "spelled": (" out",),
    "made": (" clear", " it clear", " plain"), "makes": (" clear", " it clear", " plain"),
    "was": (" adamant", " convinced", " blunt", " clear"),
    "is": (" adamant", " convinced", " blunt", " clear"),
}  # fmt: skip


def _forms(stem: str) -> tuple[str, ...]:
    """Return a regular verb in its four forms.

    >>> _forms("reply")
    ('reply', 'replies', 'replied', 'replying')
    """
    if stem.endswith("e"):
        return stem, f"{stem}s", f"{stem}d", f"{stem[:-1]}ing"
    if stem.endswith("y") and stem[-2] not in "aeiou":
        return stem, f"{stem[:-1]}ies", f"{stem[:-1]}ied", f"{stem}ing"
    if stem in _DOUBLING:
        return stem, f"{stem}s", f"{stem}{stem[-1]}ed", f"{stem}{stem[-1]}ing"
    third = f"{stem}es" if stem.endswith(("ss", "sh", "ch", "x")) else f"{stem}s"
    return stem, third, f"{stem}ed", f"{stem}ing"


_VERBS = frozenset(form for stem in _REGULAR_LIST.split() for form in _forms(stem)) | frozenset(
    _IRREGULAR_LIST.split()
)
#: As subject and verb at once they name a thing as often as an act: "the claims", "his comments".
_ALSO_NOUNS_LIST = """
    claim claims note notes comment comments call calls remark remarks report reports state
    states promise promises charge charges pledge pledges post posts request requests joke jokes
    demand demands quip quips text texts tweet tweets email emails blog blogs answer answers
    reply replies response hope hopes vow vows warning saying thought worry worries cry cries
    thinking feels quote quotes protest protests label labels brand brands reason reasons smile
    smiles laugh laughs sigh whisper wonder wonders writing stress hint hints proposal reflects
    lecture lectures signal signals
"""
_ALSO_NOUNS = frozenset(_ALSO_NOUNS_LIST.split())
#: Before these words a verb is none: "his claims", "of promises".
_NOUN_BEFORE_LIST = """
    the a an his her its their my our your these those this that any no some of for in on with
    with from by s several many more most such other one only
"""
_NOUN_BEFORE = frozenset(_NOUN_BEFORE_LIST.split())
_ARTICLES = frozenset(("the", "a", "an", "old", "this", "that"))
_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of speech at its place in a text."""

    start: int
    end: int
    #: In small letters; of two words, the first.
    word: str


def is_verb(word: str) -> bool:
    """Tell whether a word, looked at alone, is a verb of speech.

    >>> is_verb("said"), is_verb("sad")
    (True, False)
    """
    return word.lower() in _VERBS


def find_verbs(text: str, start: int = 0, end: int | None = None) -> Iterator[Verb]:
    """Yield the verbs of speech in a text, in order.

    >>> [v.word for v in find_verbs("She pointed out his claims, and said no.")]
    ['pointed', 'said']
    """
    stop = len(text) if end is None else end
    before = ""
    for match in _WORD.finditer(text, start, stop):
        word = match[0].lower()
        if word in _VERBS:
            nouns = _ARTICLES if word.endswith("ing") else _NOUN_BEFORE
            if not (word in _ALSO_NOUNS and before in nouns):
                yield Verb(match.start(), match.end(), word)
        elif word in _PHRASAL:
            for rest in _PHRASAL[word]:
                if text.startswith(rest, match.end()):
                    yield Verb(match.start(), match.end() + len(rest), word)
                    break
        before = word


#: Between a subject and its verb: "has also", "then quickly", "did".
ADVERBS = re.compile(
    r"(?:\b(?:also|later|then|once|again|often|always|just|still|even|has|have|had|would|will"
    r"|does|did|could|can|might|may|now|only|soon|first|already|himself|herself|all|both|too"
    r"|further|is|was|are|were|been|is|be|being|reportedly|famously|[a-z]{2,14}ly)\b,? ?){1,5}$"
)
PASSIVE = re.compile(
    r"\b(?:was|were|been|being|is|are|be|get|gets|got)"
    r"(?: [a-z]{2,14}ly| also| once| then| first)?,? $"
)
NEGATED = re.compile(
    r"(?:\b(?:not|never|denied|denies|denying|refused to|declined to|without)|n['\u2019]t)"
    r"(?: (?:ever|actually|exactly|really|have|having)){0,3} $"
)
