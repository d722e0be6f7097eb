"""Who says a quotation: rules in order, each of which knows how sure it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.text.quotation.clauses import subject_before
from audiobrief.text.quotation.context import (
    ACCORDING,
    AFTER,
    BEFORE,
    COLON,
    NOBODY,
    OPEN,
    Context,
    Verdict,
)
from audiobrief.text.quotation.marks import ANY_QUOTED, ENDS_ASKING, ENDS_COMMA, ENDS_FULL
from audiobrief.text.quotation.own_words import checked
from audiobrief.text.quotation.phrases import (
    NOTHING,
    Kind,
    Source,
    main_subject,
    subject_after,
)
from audiobrief.text.quotation.pronouns import verdict_of
from audiobrief.text.quotation.surroundings import from_surroundings
from audiobrief.text.quotation.verbs import find_verbs
from audiobrief.text.quotation.writings import (
    from_label,
    from_relayed,
    from_signature,
    from_work,
    from_writer,
)

if TYPE_CHECKING:
    from audiobrief.text.quotation.context import Place
    from audiobrief.text.quotation.passage import Passage

_Q = ANY_QUOTED
_ACCORDING = re.compile(r"\b[Aa]ccording to ")
_WORDS_OF = re.compile(r"\b[Ii]n the words of ")
_TRAIL_START = re.compile(r"[\s,\u2014\u2013-]{0,4}")
_OTHER_CLAUSE = re.compile(
    r"(?:and|but|while|when|after|before|because|though|although|since|if|which|where|or|so|then"
    r"|from|in|at|with|for|to|on|by|of)\b"
)
_HOW = re.compile(r"(?:as |(?:was|is) how |is what |was what |that )")
_ANY_Q = re.compile(f"[{_Q}]")
#: How sure name and verb behind a quotation are, by the quotation's last mark.
_BY_ENDING = {ENDS_COMMA: 0.98, ENDS_ASKING: 0.96, ENDS_FULL: 0.85}
#: Who speaks stands within so many characters behind the quotation.
_TRAIL_REACH = 260
_ADVERB_ALONE = re.compile(r"[a-z]{2,14}ly ")
_ANY_VERB = re.compile(
    r" (?:can|could|is|was) (?:be )?heard [a-z]{2,15}ing\b"
    r"| [a-z]{3,}(?:ed|s)(?=[.,;]| (?:in|on|at|during|after|with|of|about|when|as)\b)"
)
#: "The fire, said X, was …"
_INSERTED = re.compile(r", (?:said|says) (?:[A-Z][\w.'\u2019-]{0,30} ?){1,4},")
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
#: Alone before a quotation they are no words about it.
_CONJUNCTIONS = frozenset(("", "but", "and", "so", "then", "now", "yet", "also", "still", "or"))
#: A sentence reaches no farther around a quotation, in characters.
_SENTENCE_REACH = 1000


def attribute(context: Context, i: int, start: int, end: int) -> Verdict:
    """Return who says a quotation; the first rule that has an opinion decides.

    Args:
        context: The article, and the verdicts on the quotations before.
        i: Index of the paragraph.
        start: Where the quotation starts.
        end: Where it ends.
    """
    passage = context.passages[i]
    floor, ceiling = passage.sentence_at(start)
    floor = max(min(floor, start), start - _SENTENCE_REACH)
    ceiling = min(max(ceiling, end), end + _SENTENCE_REACH)
    own = (
        from_label,
        from_signature,
        _from_trail,
        _from_according,
        from_writer,
        from_relayed,
        from_work,
        _from_lead,
        _from_colon,
    )
    for rule in own:
        verdict = rule(context, i, (floor, start, end, ceiling))
        if verdict is not OPEN:
            return checked(context, i, start, end, verdict)
    lead, trail = passage.text[floor:start], passage.text[end:ceiling]
    if " ".join(_WORD.findall(lead.lower())) not in _CONJUNCTIONS or _WORD.search(trail):
        return OPEN
    return checked(context, i, start, end, from_surroundings(context, i, floor))


def _from_trail(context: Context, i: int, place: Place) -> Verdict:
    """Name and verb stand right after the quotation, in its sentence."""
    passage, text = context.passages[i], context.passages[i].text
    _, _, end, ceiling = place
    mark = text[end - 1]
    blank = _TRAIL_START.match(text, end)
    a = blank.end() if blank else end
    if a >= ceiling or (mark == ENDS_FULL and text[a].islower() and not _begins_with_verb(text, a)):
        return OPEN
    how = _HOW.match(text, a)
    if how is None and _OTHER_CLAUSE.match(text, a):
        return OPEN
    a = how.end() if how else a
    limit = min(ceiling, a + _TRAIL_REACH)
    next_quote = _ANY_Q.search(text, a, limit)
    limit = next_quote.start() if next_quote else limit
    source = _source_behind(context, passage, a, limit)
    if source is not NOTHING:
        return verdict_of(context, i, source, _BY_ENDING.get(mark, 0.9), AFTER)
    first = next((m for m in passage.mentions if a <= m.start < a + 30 and m.end <= limit), None)
    if first and mark == ENDS_COMMA and _ANY_VERB.match(text, first.end):
        return Verdict(first.name, 0.85, AFTER)
    return OPEN


def _source_behind(context: Context, passage: Passage, start: int, limit: int) -> Source:
    """Return the subject of the first verb of speech behind a quotation."""
    text = passage.text
    for verb in find_verbs(text, start, limit):
        between = text[start : verb.start]
        if not between.strip() or _ADVERB_ALONE.fullmatch(between):
            source = subject_after(passage, verb.end, limit, context.roster)
        else:
            source = subject_before(passage, verb, start, context.roster)
            far = len(text[start : source.start].split()) > 8
            if source.kind is Kind.PERSON and far:
                return NOTHING
        if source is not NOTHING:
            return source
    return NOTHING


def _begins_with_verb(text: str, place: int) -> bool:
    first = next(find_verbs(text, place, place + 30), None)
    pronoun = re.match(r"(?:he|she|they) ", text[place : place + 6])
    return pronoun is not None or (first is not None and first.start == place)


def _from_according(context: Context, i: int, place: Place) -> Verdict:
    """Find "according to X" on either side of the quotation, in its sentence."""
    passage, text = context.passages[i], context.passages[i].text
    floor, start, end, ceiling = place
    for low, high in ((end, ceiling), (floor, start)):
        for pattern in (_ACCORDING, _WORDS_OF):
            match = pattern.search(text, low, high)
            if match and not any(True for _ in find_verbs(text, match.end(), high)):
                source = subject_after(passage, match.end(), high, context.roster)
                return verdict_of(context, i, source, 0.93, ACCORDING)
    return OPEN


def _from_lead(context: Context, i: int, place: Place) -> Verdict:
    """Name and verb stand before the quotation, in its sentence."""
    passage, text = context.passages[i], context.passages[i].text
    floor, start, _, _ = place
    for verb in reversed(list(find_verbs(text, floor, start))):
        gap = text[verb.end : start]
        if len(gap.split()) > 16:
            break
        if (
            verb.start == floor
            or _INSERTED.match(text, max(floor, verb.start - 2), start)
            or (text[: verb.start].rstrip().endswith(tuple(f"{c}," for c in (ENDS_COMMA,))))
            or re.search(f"[{_Q}],? $", text[floor : verb.start])
        ):
            source = subject_after(passage, verb.end, start, context.roster)
        else:
            clause = _clause_floor(text, floor, verb.start)
            source = subject_before(passage, verb, clause, context.roster)
            if source is NOTHING and clause > floor:
                source = subject_before(passage, verb, floor, context.roster)
        if source is NOTHING:
            continue
        near = re.fullmatch(r"[,:]? ?(?:that |of )?[\"\u201c\u2018]?|[^,]{0,60}: ?", gap)
        loose = re.search(r", (?:and|but|while|which|who|as)\b", gap)
        confidence = 0.95 if near else 0.7 if loose else 0.87
        return verdict_of(context, i, source, confidence, BEFORE)
    return OPEN


_SAYS_THAT = re.compile(r" (?:[\w'\u2019-]+ ){0,4}?that ")


def _clause_floor(text: str, floor: int, place: int) -> int:
    """Return where the clause begins that a verb stands in: behind "said that"."""
    for verb in find_verbs(text, floor, place):
        that = _SAYS_THAT.match(text, verb.end, place)
        if that:
            floor = that.end()
    return floor


def _from_colon(context: Context, i: int, place: Place) -> Verdict:
    """The sentence has no verb of speech but a colon, and one subject."""
    passage, text = context.passages[i], context.passages[i].text
    floor, start, _, _ = place
    if not text[floor:start].rstrip().endswith(":"):
        return OPEN
    source = main_subject(passage, floor, start)
    if source is NOTHING:
        return Verdict(None, 0.0, NOBODY)
    return verdict_of(context, i, source, 0.84, COLON)
