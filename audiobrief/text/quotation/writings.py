"""Quotations that are written: transcripts, mottos with a signature, letters, signs, titles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.text.quotation.context import (
    LABEL,
    NOBODY,
    OPEN,
    SIGNATURE,
    WORK,
    WRITER,
    Verdict,
)

if TYPE_CHECKING:
    from audiobrief.text.quotation.context import Context, Place

_DASH = re.compile(r"\s{0,3}(?:[\u2013\u2014~]|--?) ?")
_SIGNED = re.compile(r"\s{0,4}(?:$|,|\()")
_LABEL = re.compile(
    r"(?<!\w)[A-Z][\w.'\u2019-]{0,30}(?:,? [A-Z][\w.'\u2019-]{0,30}){0,4}(?: \([^)]{1,40}\))?"
    r":\s{0,3}"
)
_PAPERS = (
    r"(?:diary|journal|letter|note|memo|memoir|e-?mail|message|text|tweet|post|postcard|will|caption"
    r"|voicemail|blog|log|logbook|notebook|affidavit|testimony|reply|telegram)"
)
_READS = re.compile(
    r"\b(?:reads?|said|says|ran|runs|beg[ai]ns|end(?:ed|s)|concludes|concluded|goes|went|adds?|added"
    r"|stated|states)(?: in part| simply| only)?[,:]? $"
)
_WRITTEN_BY = re.compile(
    rf"['\u2019]s? (?:[a-z-]{{1,20}} ){{0,3}}{_PAPERS}\b(?! (?:to|from|by)\b)[^,;:]{{0,60}}[,:]? $"
)
_WRITTEN_FROM = re.compile(
    rf"\b{_PAPERS}(?: [a-z]{{1,15}}){{0,2}} (?:from|by) (?:[a-z]{{1,20}} ){{0,3}}$"
)
#: Right before a quotation without a colon: what is quoted is no speech.
_WORK_BEFORE = re.compile(
    r"\b(?:slogans?|mottos?|signs?|banners?|posters?|placards?|books?|novels?|films?|movies?|songs?"
    r"|albums?|plays?|poems?|headlines?|articles?|essays?|chapters?|titled|entitled|headlined|named"
    r"|dubbed|inscribed|inscription|reading|reads?|phrases?|terms?|hashtag|tattoo|documentary"
    r"|exhibition|episode|series|magazine|painting|single|memoir|study|paper|category|clause"
    r"|amendment|proverb|adage|rule|law|maxim|lyrics?|labell?ed|question|words) $"
)
_CALLED_WORK = re.compile(r"\b(?:an?|the|his|her|their|its) (?:[\w-]+ ){0,3}?[\w-]+,? called $")
_TELLS = (
    r"(?:written|wrote|writes|said|says|told|tells|posted|texted|tweeted|e-?mailed|promised|warned"
    r"|answered|replied|testified|shouted|whispered|sung|sang|preached|to say)"
)
#: "what X had written in 2019:", "what her coach used to tell her:".
_WHAT_WAS_SAID = re.compile(rf"\bwhat (?=[^,;:]{{2,80}}? {_TELLS}\b[^,;:]{{0,60}}: $)")
_TITLES_BEFORE = re.compile(r"(?:(?!and )[A-Za-z]{1,15}\.? ){0,4}")
_TELLS_NEXT = re.compile(rf" (?:[a-z]{{2,15}} ){{0,3}}{_TELLS}\b")
#: Who quotes, lends a voice to somebody else's words.
_RELAYS = re.compile(
    r"(?<!was )(?<!were )(?<!been )\b(?:quot(?:ed?|es|ing)|recit(?:ed?|es|ing)"
    r"|(?:read|reads|reading) (?:out|aloud|from)) (?![^:]{0,80}\b(?:as say|own|statement))"
    r"(?=[^:;.]{2,120}: $)"
)
#: "repeated X's warning:".
_RELAYS_WORDS = re.compile(
    r"\b(?:repeat|echo|recall|remember|cit|invok|quot|recit|read)(?:s|es|ed|ing)? "
    r"(?=[^:;.]{2,120}: $)"
)
_THEIR_WORDS = re.compile(
    r"['\u2019]s? (?:[a-z-]{1,20} ){0,3}(?:words?|warning|line|lines|advice|promise|motto|phrase"
    r"|remark|message|verdict|rule|saying|pledge|vow|plea|claim|question|answer|reply|maxim|mantra)\b"
)
_SMALL_WORDS_LIST = """
    a an and as at but by for from in into is of on or the to up vs with
"""
_SMALL_WORDS = frozenset(_SMALL_WORDS_LIST.split())
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")


#: So much of a sentence before a quotation is looked at for whose words it hands on.
_RELAY_REACH = 300
_NOBODY = Verdict(None, 0.0, NOBODY)


def is_title(quotation: str) -> bool:
    """Tell whether what stands in marks is the title of a book, a song, a film.

    >>> is_title('"The Long Way to the Sea"'), is_title('"We cannot wait for Anna."')
    (True, False)
    """
    if quotation.rstrip("\"'\u201c\u201d\u2018\u2019\u00ab\u00bb ").endswith((".", "!", "?")):
        return False
    words = _WORD.findall(quotation[:300])
    large = [w for w in words if w.lower() not in _SMALL_WORDS]
    return len(large) >= 2 and all(w[0].isupper() for w in large) and len(words) <= 15


def from_label(context: Context, i: int, place: Place) -> Verdict:
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


def from_signature(context: Context, i: int, place: Place) -> Verdict:
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


def from_writer(context: Context, i: int, place: Place) -> Verdict:
    """What is quoted is written, and its writer is named: "X's diary reads:", "a note from X:"."""
    passage, text = context.passages[i], context.passages[i].text
    floor, start, _, _ = place
    if not _READS.search(text[max(floor, start - 60) : start]):
        return OPEN
    for m in passage.mentions:
        if not floor <= m.start < start:
            continue
        theirs = m.is_possessive and _WRITTEN_BY.match(text, m.end, start)
        if theirs or (not m.is_possessive and _WRITTEN_FROM.search(text[floor : m.start][-60:])):
            return Verdict(m.name, 0.86, WRITER)
    return OPEN


def from_relayed(context: Context, i: int, place: Place) -> Verdict:
    """Somebody hands on what another has said: "X read out what Y had written:", "X quoted Y:"."""
    passage, text = context.passages[i], context.passages[i].text
    floor, start, _, _ = place
    floor = max(floor, start - _RELAY_REACH)
    if not text.startswith(": ", start - 2):
        return OPEN
    what = _WHAT_WAS_SAID.search(text, floor, start)
    if what:
        tells = [
            m.name
            for m in passage.mentions
            if what.end() <= m.start < start
            and not (m.is_possessive or m.is_object)
            and _TITLES_BEFORE.fullmatch(text, what.end(), m.start)
            and _TELLS_NEXT.match(text, m.end, start)
        ]
        return Verdict(tells[0], 0.86, WRITER) if tells else _NOBODY
    relays = _RELAYS.search(text, floor, start)
    if relays:
        others = {m.name for m in passage.mentions if relays.end() <= m.start < start}
        return Verdict(others.pop(), 0.82, WRITER) if len(others) == 1 else _NOBODY
    words = _RELAYS_WORDS.search(text, floor, start)
    for m in passage.mentions:
        theirs = words and m.is_possessive and words.end() <= m.start < start
        if theirs and _THEIR_WORDS.match(text, m.end, start):
            return Verdict(m.name, 0.82, WRITER)
    return OPEN


def from_work(context: Context, i: int, place: Place) -> Verdict:
    """What stands right before the quotation says that nobody speaks: a sign, a book."""
    floor, start, _, _ = place
    lead = context.passages[i].text[floor:start]
    if _WORK_BEFORE.search(lead[-40:]) or _CALLED_WORK.search(lead[-80:]):
        return Verdict(None, 0.0, WORK)
    return OPEN
