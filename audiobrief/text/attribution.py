"""Who says a quotation: rules in order, each of which knows how sure it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audiobrief.text.clauses import (
    NOTHING,
    UNNAMED,
    Kind,
    Passage,
    Source,
    main_subject,
    subject_after,
    subject_before,
)
from audiobrief.text.names import TITLES
from audiobrief.text.quotation_marks import ANY_QUOTED, ENDS_ASKING, ENDS_COMMA, ENDS_FULL
from audiobrief.text.verbs import find_verbs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.text.roster import Roster


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says about one quotation."""

    #: ``None``: nobody by name, and where ``rule`` is not empty that is certain.
    name: str | None
    #: 0..1, that the name is right.
    confidence: float
    rule: str


OPEN = Verdict(None, 0.0, "")
#: From here on a pronoun also tells the gender of whom it means.
CERTAIN_GENDER = 0.8
#: How sure each rule is, and its name in the evaluation.
AFTER = "name and verb after"
BEFORE = "name and verb before"
COLON = "name before a colon"
ACCORDING = "according to"
LABEL = "label of a transcript"
PRONOUN = "pronoun"
SIGNATURE = "signature"
SPLIT = "same paragraph"
SENTENCE = "sentence before"
INTRODUCED = "introduced in the paragraph before"
CONTINUED = "goes on from the paragraph before"
ONE_QUOTATION = "one quotation over paragraphs"
NOBODY = "somebody without a name"
WORK = "title, sign or document"

_Q = ANY_QUOTED
_ACCORDING = re.compile(r"\b[Aa]ccording to ")
_WORDS_OF = re.compile(r"\b[Ii]n the words of ")
_TRAIL_START = re.compile(r"[\s,\u2014\u2013-]{0,4}")
_OTHER_CLAUSE = re.compile(
    r"(?:and|but|while|when|after|before|because|though|although|since|if|which|where|or|so|then"
    r"|from|in|at|with|for|to|on|by|of)\b"
)
_HOW = re.compile(r"(?:as |(?:was|is) how |is what |was what |that )")
_ANY_VERB = re.compile(r" [a-z]{3,}(?:ed|s)(?=[.,;]| (?:in|on|at|during|after|with|of|about|when|as)\b)")
_DASH = re.compile(r"\s{0,3}(?:[\u2013\u2014~]|--?) ?")
_SIGNED = re.compile(r"\s*(?:$|,|\()")
_LABEL = re.compile(r"(?:[A-Z][\w.'\u2019-]*,? ?){1,5}(?:\([^)]{1,40}\))?:\s*$")
#: Right before a quotation without a colon: what is quoted is no speech.
_WORK_BEFORE = re.compile(
    r"\b(?:slogans?|mottos?|signs?|banners?|posters?|placards?|books?|novels?|films?|movies?|songs?"
    r"|albums?|plays?|poems?|headlines?|articles?|essays?|chapters?|titled|entitled|headlined|named"
    r"|dubbed|inscribed|inscription|reading|reads?|phrases?|terms?|hashtag|tattoo|documentary"
    r"|exhibition|episode|series|magazine|painting|single|memoir|study|paper|category|clause"
    r"|amendment|proverb|adage|rule|law|maxim|lyrics?|labell?ed|question|words) $"
)
_CALLED_WORK = re.compile(r"\b(?:an?|the|his|her|their|its) (?:[\w-]+ ){0,3}?[\w-]+,? called $")
_SMALL_WORDS = frozenset("a an and as at but by for from in into is of on or the to up vs with".split())
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
_NO_OWN_WORDS = re.compile(rf"[\W{_Q}]*(?:(?:But|And|So|Then|Now|Yet|Also|Still|Or),? ?)?[\W{_Q}]*")


@dataclass(slots=True)
class Context:
    """All that the rules look at; verdicts are added in reading order."""

    paragraphs: Sequence[str]
    passages: Sequence[Passage]
    roster: Roster
    #: Paragraph, start, end, verdict of the quotations so far.
    done: list[tuple[int, int, int, Verdict]] = field(default_factory=list)

    def last(self) -> tuple[int, int, int, Verdict] | None:
        """Return the quotation before."""
        return self.done[-1] if self.done else None


def is_title(quotation: str) -> bool:
    """Tell whether what stands in marks is the title of a book, a song, a film.

    >>> is_title('"The Long Way to the Sea"'), is_title('"We cannot wait for Anna."')
    (True, False)
    """
    words = _WORD.findall(quotation[:300])
    large = [w for w in words if w.lower() not in _SMALL_WORDS]
    ends = quotation.rstrip("\"'\u201c\u201d\u2018\u2019\u00ab\u00bb ").endswith((".", "!", "?"))
    return len(large) >= 2 and not ends and all(w[0].isupper() for w in large) and len(words) <= 15


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
    floor, ceiling = min(floor, start), max(ceiling, end)
    own = (_from_label, _from_signature, _from_trail, _from_according, _from_work, _from_lead, _from_colon)
    for rule in own:
        verdict = rule(context, i, (floor, start, end, ceiling))
        if verdict is not OPEN:
            return verdict
    lead, trail = passage.text[floor:start], passage.text[end:ceiling]
    if not (_NO_OWN_WORDS.fullmatch(lead) and _NO_OWN_WORDS.fullmatch(trail)):
        return OPEN
    return _from_surroundings(context, i, start, end, floor)


_Place = tuple[int, int, int, int]


def _from_label(context: Context, i: int, place: _Place) -> Verdict:
    """A transcript names the speaker at the beginning of the line."""
    passage = context.passages[i]
    floor, start, _, _ = place
    lead = passage.text[floor:start]
    if not _LABEL.fullmatch(lead):
        return OPEN
    names = {m.name for m in passage.mentions if floor <= m.start < start and not m.is_possessive}
    if len(names) == 1:
        return Verdict(next(iter(names)), 0.9, LABEL)
    return Verdict(None, 0.0, NOBODY)


def _from_trail(context: Context, i: int, place: _Place) -> Verdict:
    """Name and verb stand right after the quotation, in its sentence."""
    passage, text = context.passages[i], context.passages[i].text
    _, _, end, ceiling = place
    mark = text[end - 1]
    a = _TRAIL_START.match(text, end).end()  # type: ignore[union-attr]
    if a >= ceiling or (mark == ENDS_FULL and text[a].islower() and not _begins_with_verb(text, a)):
        return OPEN
    how = _HOW.match(text, a)
    if how:
        a = how.end()
    elif _OTHER_CLAUSE.match(text, a):
        return OPEN
    limit = min(ceiling, a + 260)
    next_quote = re.search(f"[{_Q}]", text[a:limit])
    limit = a + next_quote.start() if next_quote else limit
    confidence = {ENDS_COMMA: 0.98, ENDS_ASKING: 0.96, ENDS_FULL: 0.85}.get(mark, 0.9)
    for verb in find_verbs(text, a, limit):
        between = text[a : verb.start]
        if not between.strip() or re.fullmatch(r"(?:\w+ly )", between):
            source = subject_after(passage, verb.end, limit, context.roster)
        else:
            source = subject_before(passage, verb, a, context.roster)
            if source.kind is Kind.PERSON and len(text[a : source.start].split()) > 8:
                return OPEN
        if source is not NOTHING:
            return _verdict(context, i, source, confidence, AFTER)
    for m in passage.mentions:
        if m.start >= a and m.end <= limit and not m.is_possessive:
            if mark == ENDS_COMMA and m.start - a < 30 and _ANY_VERB.match(text, m.end):
                return Verdict(m.name, 0.85, AFTER)
            break
    return OPEN


def _from_signature(context: Context, i: int, place: _Place) -> Verdict:
    """A dash and a name stand behind the quotation, as under a motto."""
    passage = context.passages[i]
    _, _, end, _ = place
    dash = _DASH.match(passage.text, end)
    if dash is None:
        return OPEN
    for m in passage.mentions:
        if m.start == dash.end() and _SIGNED.match(passage.text, m.end):
            return Verdict(m.name, 0.92, SIGNATURE)
    return OPEN


def _begins_with_verb(text: str, place: int) -> bool:
    first = next(find_verbs(text, place, place + 30), None)
    pronoun = re.match(r"(?:he|she|they) ", text[place : place + 6])
    return pronoun is not None or (first is not None and first.start == place)


def _from_according(context: Context, i: int, place: _Place) -> Verdict:
    """"According to X" on either side of the quotation, in its sentence."""
    passage, text = context.passages[i], context.passages[i].text
    floor, start, end, ceiling = place
    for low, high in ((end, ceiling), (floor, start)):
        for pattern in (_ACCORDING, _WORDS_OF):
            match = pattern.search(text, low, high)
            if match and not any(True for _ in find_verbs(text, match.end(), high)):
                source = subject_after(passage, match.end(), high, context.roster)
                return _verdict(context, i, source, 0.93, ACCORDING)
    return OPEN


def _from_work(context: Context, i: int, place: _Place) -> Verdict:
    """What stands right before the quotation says that nobody speaks: a sign, a book."""
    floor, start, _, _ = place
    lead = context.passages[i].text[floor:start]
    if _WORK_BEFORE.search(lead[-40:]) or _CALLED_WORK.search(lead[-80:]):
        return Verdict(None, 0.0, WORK)
    return OPEN


def _from_lead(context: Context, i: int, place: _Place) -> Verdict:
    """Name and verb stand before the quotation, in its sentence."""
    passage, text = context.passages[i], context.passages[i].text
    floor, start, _, _ = place
    for verb in reversed(list(find_verbs(text, floor, start))):
        gap = text[verb.end : start]
        if len(gap.split()) > 16:
            break
        if verb.start == floor or (
            text[:verb.start].rstrip().endswith(tuple(f"{c}," for c in (ENDS_COMMA,)))
        ):
            source = subject_after(passage, verb.end, start, context.roster)
        elif re.search(f"[{_Q}],? $", text[floor : verb.start]):
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
        return _verdict(context, i, source, confidence, BEFORE)
    return OPEN


_SAYS_THAT = re.compile(r" (?:[\w'\u2019-]+ ){0,4}?that ")


def _clause_floor(text: str, floor: int, place: int) -> int:
    """Return where the clause begins that a verb stands in: behind "said that"."""
    for verb in find_verbs(text, floor, place):
        that = _SAYS_THAT.match(text, verb.end, place)
        if that:
            floor = that.end()
    return floor


def _from_colon(context: Context, i: int, place: _Place) -> Verdict:
    """The sentence has no verb of speech but a colon, and one subject."""
    passage, text = context.passages[i], context.passages[i].text
    floor, start, _, _ = place
    if not text[floor:start].rstrip().endswith(":"):
        return OPEN
    source = main_subject(passage, floor, start)
    if source is NOTHING:
        return Verdict(None, 0.0, NOBODY)
    return _verdict(context, i, source, 0.84, COLON)


def _from_surroundings(context: Context, i: int, start: int, end: int, floor: int) -> Verdict:
    """The quotation is a sentence of its own: look at the sentences and paragraphs before it."""
    passage = context.passages[i]
    last = context.last()
    if last is not None and last[0] == i:
        return _after_quotation(context, i, last, floor)
    if passage.text[:floor].strip():
        source = _subject_of_last_sentence(context, passage, floor)
        return _verdict(context, i, source, 0.82, SENTENCE)
    return _from_paragraph_before(context, i)


def _after_quotation(
    context: Context, i: int, last: tuple[int, int, int, Verdict], floor: int
) -> Verdict:
    """"…," said X. "…": the attribution holds on until somebody else comes in."""
    passage = context.passages[i]
    verdict = last[3]
    tail = [s for s in passage.sentences if s[0] >= last[2] and s[1] <= floor]
    between = [s for s in tail if passage.text[slice(*s)].strip(f" .{_Q}")]
    if not between:
        if verdict.name is None:
            return replace(verdict, confidence=0.0) if verdict.rule else OPEN
        return Verdict(verdict.name, verdict.confidence - 0.04, SPLIT)
    source = main_subject(passage, *between[-1])
    if source.kind is Kind.PERSON:
        sure = 0.85 if source.name == verdict.name else 0.78
        return Verdict(source.name, sure, SENTENCE)
    if source.kind is Kind.PRONOUN:
        return _verdict(context, i, source, 0.85, SENTENCE)
    if verdict.name is None:
        return OPEN
    return Verdict(verdict.name, verdict.confidence - (0.14 if len(between) == 1 else 0.25), SPLIT)


def _subject_of_last_sentence(context: Context, passage: Passage, floor: int) -> Source:
    """Return whom the sentence before a place makes the one who speaks."""
    before = [s for s in passage.sentences if s[1] <= floor and passage.text[slice(*s)].strip()]
    if not before:
        return NOTHING
    start, end = before[-1]
    speech = [
        subject_before(passage, verb, start, context.roster)
        for verb in find_verbs(passage.text, start, end)
        if verb.start > start
    ]
    named = [s for s in speech if s is not NOTHING]
    main = main_subject(passage, start, end)
    if named and named[0].kind is not Kind.UNNAMED:
        return named[0]
    if named and main is NOTHING:
        return UNNAMED
    if main.kind is Kind.PERSON:
        others = {m.name for m in passage.mentions if start <= m.start < end} - {main.name}
        return NOTHING if others and not named else main
    return main


def _from_paragraph_before(context: Context, i: int) -> Verdict:
    """A paragraph that is all quotation: whom the paragraph before introduces, or who spoke there."""
    if i == 0 or context.passages[i - 1].is_heading:
        return OPEN
    passage, last = context.passages[i - 1], context.last()
    if last is not None and last[0] == i - 1:
        return _after_spoken_paragraph(context, i, last)
    source = _subject_of_last_sentence(context, passage, len(passage.text))
    if source.kind in (Kind.NOTHING, Kind.UNNAMED):
        closing = _introduced_last(context, i - 1)
        if closing:
            return Verdict(closing, 0.8, INTRODUCED)
    if source is NOTHING:
        names = {m.name for m in passage.mentions if not m.is_possessive}
        if len(names) != 1 or any(m.is_object for m in passage.mentions):
            return OPEN
        return Verdict(next(iter(names)), 0.76, INTRODUCED)
    place = passage.sentences[-1][0] if passage.sentences else 0
    return _verdict(context, i - 1, source, 0.88, INTRODUCED, place)


def _introduced_last(context: Context, p: int) -> str | None:
    """Return who is named for the first time, with a role, as the last words of a paragraph.

    "… to reject an offer of help from foreign minister X." leads over to X.
    """
    passage = context.passages[p]
    if not passage.mentions:
        return None
    last = passage.mentions[-1]
    known = any(m.name == last.name for other in context.passages[:p] for m in other.mentions)
    alone = {m.name for m in passage.mentions} == {last.name}
    ends = not passage.text[last.end :].strip(" .")
    role = _ROLE_BEFORE.search(passage.text[: last.start][-30:])
    return last.name if alone and ends and not known and role and role[1].lower() in TITLES else None


def _after_spoken_paragraph(
    context: Context, i: int, last: tuple[int, int, int, Verdict]
) -> Verdict:
    """Decide on a paragraph of quotation behind one with a quotation."""
    passage, verdict = context.passages[i - 1], last[3]
    floor, ceiling = passage.sentence_at(last[2] - 1)
    rest = passage.text[max(ceiling, last[2]) :]
    if rest.strip(f" .{_Q}"):
        source = _subject_of_last_sentence(context, passage, len(passage.text))
        return _verdict(context, i - 1, source, 0.8, INTRODUCED, passage.sentences[-1][0])
    asked = context.paragraphs[i - 1][: last[2]].rstrip("\"'\u201d\u2019\u00bb ").endswith("?")
    if verdict.name is None:
        return verdict if verdict.rule else OPEN
    has_words = bool(passage.text[floor : last[1]].strip() or passage.text[last[2] : ceiling].strip(" ."))
    loss = 0.1 if has_words else 0.12
    speakers = {v.name for p, _, _, v in context.done if p >= i - 5}
    if asked or len(speakers) > 1:
        loss += 0.12 if not has_words else 0.04
    return Verdict(verdict.name, verdict.confidence - loss, CONTINUED)


def _verdict(
    context: Context, i: int, source: Source, confidence: float, rule: str, place: int | None = None
) -> Verdict:
    """Make a verdict of what a clause says; a pronoun is followed to whom it means."""
    if source.kind is Kind.PERSON:
        return Verdict(source.name, confidence, rule)
    if source.kind is Kind.UNNAMED:
        return Verdict(None, 0.0, NOBODY)
    if source.kind is Kind.NOTHING:
        return OPEN
    name, sure = _antecedent(context, i, source.start if place is None else place, source.name)
    if name is None:
        return Verdict(None, 0.0, PRONOUN)
    if sure >= CERTAIN_GENDER:
        context.roster.note_gender(name, "m" if source.name == "he" else "f")
    return Verdict(name, min(confidence, sure), PRONOUN if rule in (AFTER, BEFORE) else rule)


_STRANGER = re.compile(
    r"(?<!\bis )(?<!\bwas )(?<!\bas )(?<!\bbeen )(?<!\bbe )(?<!\bof )(?<!, )"
    r"\b(?:[Aa]n?|[Oo]ne|[Aa]nother) ((?:[a-z][\w-]* ){0,3}?)(?P<noun>[a-z][a-z-]+)\b"
)
_DEFINITE = re.compile(r"(?:^|[,;] |\b(?:and|but|when|while|as) )[Tt]he (?P<noun>[a-z][a-z-]+)\b")
_HE_OR_SHE = re.compile(r"(?:He|She)\b")
_ROLE_BEFORE = re.compile(r"([\w-]+)\.? $")
_BARE_START = re.compile(r"[A-Z]\w+")


def _people_in(context: Context, p: int, start: int, stop: int) -> list[str]:
    """Return the people of a stretch of narration in order; an empty name for a stranger."""
    passage = context.passages[p]
    found = [(m.start, m.name) for m in passage.mentions if start <= m.start < stop]
    text = passage.text[start:stop]
    for match in _STRANGER.finditer(text):
        words = [*match[1].split(), match["noun"]]
        following = re.match(r"(?: [a-z-]+){0,2}", text[match.end() :])
        words += following[0].split() if following else []
        if any(w in TITLES for w in words[:3]):
            found.append((start + match.start(), ""))
    for match in _DEFINITE.finditer(text):
        if match["noun"] in TITLES:
            found.append((start + match.start(), context.roster.by_role(match["noun"]) or ""))
    first = _BARE_START.match(text)
    if first and all(at != start for at, _ in found) and context.roster.is_name_like(first[0]):
        found.append((start, ""))
    return [name for _, name in sorted(found)]


#: A pronoun looks back so many paragraphs.
_REACH = 3


def _antecedent(context: Context, i: int, place: int, pronoun: str) -> tuple[str | None, float]:
    """Return whom "he" or "she" means, and how sure that is: only where one person fits."""
    gender = "m" if pronoun == "he" else "f"
    found: str | None = None
    strength, steps = 0.0, 0
    others: set[str] = set()
    for p, start, stop in _sentences_back(context, i, place):
        people = _people_in(context, p, start, stop)
        names = {n for n in people if not n or context.roster.gender(n) in ("", gender)}
        if found is not None:
            others |= names - {found, ""}
            continue
        opening = _HE_OR_SHE.match(context.passages[p].text, start, stop)
        if opening and not (p == i and stop == place):
            # The sentence is about the same person, whoever else it names.
            others |= names - {""} if opening[0].lower() == pronoun else set()
            continue
        if _speaks_unnamed(context, p, start, stop) and not names:
            return None, 0.0
        if names:
            found, strength = _chosen(context, (p, start, stop), names, gender)
            if found is None:
                return None, 0.0
            strength = max(strength, _centered(context, (p, start, stop), found, i, steps))
            others |= names - {found, ""}
        steps += bool(context.passages[p].text[start:stop].strip(f" .{_Q}\ue001\ue002\ue003"))
    if found is None:
        return None, 0.0
    return found, _sureness(context, i, found, gender, others, strength)


def _sentences_back(context: Context, i: int, place: int) -> Iterator[tuple[int, int, int]]:
    """Yield paragraph, start and end of the sentences before a place, the nearest first."""
    for p in range(i, max(-1, i - _REACH - 1), -1):
        if context.passages[p].is_heading:
            return
        for start, end in reversed(context.passages[p].sentences):
            if p < i or start < place:
                yield p, start, min(end, place) if p == i else end


def _speaks_unnamed(context: Context, p: int, start: int, stop: int) -> bool:
    """Tell whether somebody without a name was quoted in a sentence."""
    return any(
        d[0] == p and start <= d[1] < max(stop, start + 1) and d[3].rule == NOBODY
        for d in context.done
    )


def _chosen(
    context: Context, sentence: tuple[int, int, int], names: set[str], gender: str
) -> tuple[str | None, float]:
    """Return which of the people in a sentence a pronoun after it means."""
    p, start, stop = sentence
    if len(names) == 1:
        return next(iter(names)) or None, 0.86
    spoken = [d[3].name for d in context.done if d[0] == p and start <= d[1] < stop]
    if spoken and spoken[-1] in names:
        return spoken[-1], 0.82
    subject = main_subject(context.passages[p], start, stop)
    if subject.kind is not Kind.PERSON or subject.name not in names:
        return None, 0.0
    if _speaks_in(context, sentence, subject.name):
        return subject.name, 0.82
    known = [n for n in names if n and context.roster.gender(n) == gender]
    return subject.name, 0.8 if known == [subject.name] else 0.7


def _speaks_in(context: Context, sentence: tuple[int, int, int], name: str) -> bool:
    """Tell whether a person is the subject of the first verb of speech in a sentence."""
    p, start, stop = sentence
    passage = context.passages[p]
    verb = next(find_verbs(passage.text, start + 1, stop), None)
    return verb is not None and subject_before(passage, verb, start, context.roster).name == name


def _centered(
    context: Context, sentence: tuple[int, int, int], name: str, i: int, steps: int
) -> float:
    """Return how sure a pronoun is of the subject of the sentence right before it."""
    p, start, stop = sentence
    subject = main_subject(context.passages[p], start, stop)
    if steps > 1 or subject.name != name:
        return 0.0
    return 0.95 if p == i else 0.9


def _sureness(
    context: Context, i: int, found: str, gender: str, others: set[str], strength: float
) -> float:
    """Return the confidence of a pronoun, given who else it might mean."""
    known = context.roster.gender(found) == gender
    rivals = others - {found}
    if not rivals:
        return 0.92 if known else max(strength - 0.02, 0.84)
    last = context.last()
    if last is not None and last[0] >= i - 1 and last[3].name == found:
        return 0.86 if known else 0.8
    sure_rivals = {n for n in rivals if context.roster.gender(n) == gender}
    if known and not sure_rivals:
        return max(0.82, strength - 0.06)
    return strength - (0.1 if known or not sure_rivals else 0.12)
