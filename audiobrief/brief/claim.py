"""The words of a sentence as they are compared: what it says, of whom, how sure (pure, English)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from audiobrief.brief.figure import find_figure
from audiobrief.text.plain_words import MONTHS
from audiobrief.text.quotation.quotes import find_spans

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

#: Words, figures with what hangs on them, signs of money, and marks that end a clause.
_PIECE = re.compile(
    r"\d+(?:[.,:]\d+)*(?:[^\W\d_]+)?|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[%$\u20ac\u00a3\u00a5]"
    r"|[,;:()\u2014\u2013?]"
)
#: What else may stand in a sentence without being looked at.
_SILENT = re.compile(r"[\s.!'\"\u2018\u2019\u201c\u201d\u2026/&-]")
_BREAKS = frozenset(",;:()\u2014\u2013")
_MONTH = re.compile(MONTHS, re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?", re.IGNORECASE)

#: Words that say nothing by themselves. Not here: "after", "because", "with" other meanings.
_FUNCTION_LIST = """
    a an and are as at did do does each for from had has have having he her here hers him his i in
    into it its itself me my of on or our she so such than that the their theirs them then there
    these they this those through to too us very we what when where which who whom whose why with
    you your by is am was were be been being
"""
_FUNCTION = frozenset(_FUNCTION_LIST.split())
_BE = frozenset(("is", "am", "are", "was", "were", "be", "been", "being"))
#: They turn around who does what to whom: "was sued by", "asked to leave", "from 3 to 4".
_TURNING = {**dict.fromkeys(_BE, "be"), **{w: w for w in ("by", "to", "from", "for")}}
_PREPOSITIONS = frozenset(("of", "in", "at", "on", "near", "from", "with", "for", "to", "by"))
_ARTICLES = frozenset(("a", "an", "the"))
#: They begin a clause without a comma.
_JOINING = frozenset(
    ("before", "after", "until", "since", "because", "although", "though", "despite", "while")
)
#: What stands behind these is so, whatever stands before.
FACTIVE = frozenset(("after", "since", "because", "although", "though", "despite", "while"))
#: They hold for a whole sentence, wherever they stand.
_SWEEPING_LIST = """
    if unless whether possibly perhaps maybe probably reportedly allegedly apparently likely
    unlikely
"""
SWEEPING = frozenset(_SWEEPING_LIST.split())
#: How sure, whether at all, of how many: none of them may come or go.
_QUALIFYING_LIST = """
    no not never nobody none nothing nor neither nowhere without hardly barely scarcely except
    unless if whether may might can could will would should must shall ought
    likely unlikely possible possibly perhaps maybe probably reportedly allegedly apparently
    deny refuse fail reject dispute doubt cancel avoid prevent stop halt ban
    plan want hope intend try attempt seek threaten propose urge consider expect aim wish ask call
    allege suspect accuse claim believe think fear warn predict suggest appear seem
    some few half most many all several only part nearly almost every both any more less fewer
    similar other another former  new fake false mock
    before after until since because although though despite while
"""
QUALIFYING = frozenset(_QUALIFYING_LIST.split())
#: That somebody says so.
_REPORTING = frozenset(
    ("say", "tell", "according", "state", "announce", "report", "add", "explain")
)
_IRREGULAR_LIST = """
    said=say says=say told=tell thought=think sought=seek went=go gone=go ran=run came=come
    began=begin begun=begin bought=buy sold=sell built=build rebuilt=rebuild found=find lost=lose
    won=win held=hold kept=keep left=leave made=make met=meet paid=pay saw=see seen=see took=take
    taken=take gave=give given=give got=get grew=grow grown=grow rose=rise risen=rise fell=fall
    fallen=fall spoke=speak spoken=speak wrote=write written=write broke=break broken=break
    led=lead brought=bring caught=catch drew=draw drove=drive driven=drive flew=fly sank=sink
    sunk=sink sent=send spent=spend stood=stand struck=strike knew=know known=know wants=want
    people=person men=man women=woman children=child
"""
_IRREGULAR = dict(pair.split("=") for pair in _IRREGULAR_LIST.split())
_SHORTEST = 3


class Kind(Enum):
    """What a word tells."""

    PLAIN = "plain"
    NAME = "name"
    #: A number, with what it counts.
    FIGURE = "figure"
    #: A month or day of the week.
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, name or number that says something."""

    printed: str
    #: Two words with a form in common are one.
    forms: frozenset[str]
    kind: Kind
    #: Counts what is between commas and the like.
    clause: int
    #: Turning words since the word before.
    turns: frozenset[str]
    is_quoted: bool
    #: The preposition that leads to it; empty: none.
    led_by: str
    #: Counts all that is printed; words side by side have nothing between them.
    place: int

    def is_same(self, other: Word) -> bool:
        """Tell whether two words say the same, quoted both or neither."""
        return self.is_quoted == other.is_quoted and not self.forms.isdisjoint(other.forms)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence."""

    text: str
    words: tuple[Word, ...]
    #: Qualifying words with the number of their clause.
    qualifiers: frozenset[tuple[int, str]]
    is_reported: bool
    is_question: bool
    #: Characters that cannot be understood.
    strange: str
    #: The texts within quotation marks.
    quotes: tuple[str, ...]
    #: Who says them, where the source makes that certain.
    speaker: str | None = None


def claim_of(
    text: str, names: Collection[str], *, is_quoted: bool = False, speaker: str | None = None
) -> Claim:
    """Return a sentence as it is compared.

    Args:
        text: One sentence.
        names: Words that are names, in lower case.
        is_quoted: It stands within a quotation whose marks are elsewhere.
        speaker: Who is quoted in it.
    """
    spans = [(start, end) for start, end, _ in find_spans(text)]
    found = list(_PIECE.finditer(text))
    printed = [piece for match in found for piece in _parts(match[0])]
    starts = [match.start() for match in found for _ in _parts(match[0])]
    lower = [p.lower() for p in printed]
    words: list[Word] = []
    qualifiers: set[tuple[int, str]] = set()
    turns: set[str] = set()
    clause = at = 0
    is_reported = False
    led_by = ""
    while at < len(printed):
        piece, count = lower[at], 1
        quoted = is_quoted or any(a <= starts[at] < b for a, b in spans)
        date = _date(printed, at)
        figure = None if date else find_figure(lower, at)
        if piece in _BREAKS:
            clause += 1
        elif piece != "?" and (figure or date or piece not in _FUNCTION):
            forms, kind = _forms_of(piece), Kind.PLAIN
            if figure or date:
                forms = frozenset((figure.key if figure else date or "",))
                kind, count = (Kind.FIGURE, figure.word_count) if figure else (Kind.DATE, 1)
            elif piece in names and printed[at][0].isupper():
                forms, kind = frozenset((piece,)), Kind.NAME
            else:
                clause += piece in _JOINING
                qualifiers |= {(clause, form) for form in forms & QUALIFYING}
                is_reported |= not forms.isdisjoint(_REPORTING)
            said = " ".join(printed[at : at + count])
            words.append(Word(said, forms, kind, clause, frozenset(turns), quoted, led_by, at))
            turns = set()
        elif piece in _TURNING:
            turns.add(_TURNING[piece])
        if piece in _PREPOSITIONS:
            led_by = piece
        elif piece not in _ARTICLES:
            led_by = ""
        at += count
    strange = "".join(sorted(set(_SILENT.sub("", _PIECE.sub("", text)))))
    quotes = tuple(text[a:b] for a, b in spans)
    return Claim(
        *(text, tuple(words), frozenset(qualifiers), is_reported, "?" in text, strange, quotes),
        speaker,
    )


def _parts(piece: str) -> Iterator[str]:
    """Yield what a contraction is made of; "Moss's" is Moss."""
    plain = piece.replace("\u2019", "'")
    head, mark, tail = plain.partition("'")
    if plain.lower().endswith("n't"):
        stem = plain[:-3]
        yield {"wo": "will", "ca": "can", "sha": "shall"}.get(stem.lower(), stem)
        yield "not"
    elif plain.lower() == "cannot":
        yield from ("can", "not")
    elif mark and tail.lower() in {"s", "re", "ve", "ll", "d", "m"}:
        yield head
        if tail.lower() in {"ll", "d"}:
            yield "will" if tail.lower() == "ll" else "would"
    else:
        yield plain


def _date(printed: Sequence[str], at: int) -> str | None:
    """Return a month or day of the week; "May" at the beginning may be another word."""
    word = printed[at]
    if not word[0].isupper():
        return None
    if _WEEKDAY.fullmatch(word):
        return word.lower().removesuffix("s")
    if not _MONTH.fullmatch(word):
        return None
    follows = printed[at + 1][:1] if at + 1 < len(printed) else ""
    return word.lower()[:3] if at or follows.isdigit() else None


def _forms_of(word: str) -> frozenset[str]:
    """Return what a word may be a form of: closes, closed and closing are one."""
    forms = {word, _IRREGULAR.get(word, word)}
    if word == "news":
        return frozenset(forms)
    for ending, others in (
        ("ies", ("y",)), ("es", ("", "e")), ("s", ("",)),
        ("ied", ("y",)), ("ed", ("", "e")), ("ing", ("", "e")),
    ):  # fmt: skip
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST:
            forms |= {stem + other for other in others}
            if ending in {"ed", "ing"} and stem[-1] == stem[-2]:
                forms.add(stem[:-1])
    return frozenset(forms)
