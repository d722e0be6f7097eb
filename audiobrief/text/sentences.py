"""Sentence boundaries: sentencex, and a repair pass for what it misses."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.text.quotation.verbs import is_verb

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: sentencex joins these with what follows; they begin a sentence of their own:
#: a closing quotation mark and then a capital ("… war criminal." He paused.).
_AFTER_QUOTE = re.compile(
    r"[.!?\u2026][\"\u201d\u2019\u00bb)\]]{1,3}\s+(?=[\"'\u201c\u2018\u00ab(]?[A-Z0-9])"
)
#: An abbreviation before what somebody says: … in the U.S. "I like it," he said. But not before
#: a title or a scare quote: the U.S. "Special Envoy".
_BEFORE_QUOTE = re.compile(
    r"\b(?:U\.S|U\.K|U\.N|D\.C|[ap]\.m|p\.a|Corp|Bros|Blvd|Inc|Ltd|Ave|Co|Rd|Jr|Sr|etc)\."
    r"\s+(?=[\"'\u201c\u2018](?:I[ '\u2019]|[A-Z][\w'\u2019]{0,20},? (?:[a-z]|I\b)))"
)
#: "He said no. Mr. Smith left": "no." is an abbreviation only before a number.
_AFTER_NO = re.compile(r"(?<=\bno\.)\s+(?=[\"\u201c]?[A-Z])")
#: Who speaks, right after a quotation, belongs to its sentence: "Stop!" Mr. Jones shouted. But
#: not where what was said follows: "… our control." Staff said they had not been paid.
_SAYS = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen)\.? )?(?:[A-Z][\w'\u2019.-]*,? ){1,4}"
    r"(?:said|says|asked|asks|added|adds|told|shouted|cried|replied|wrote|writes|explained"
    r"|warned|insisted|recalled|continued|noted|argued|announced)"
    r"(?=[.,;:]|$| (?:in|on|at|of|during|after|while|as|from|when|before|reporters|through|later"
    r"|afterwards?|then|today|yesterday|again|aloud|[a-z]{3,12}ly)\b)"
)
#: A question or shout needs its "Marlow asked the guard", whatever verb it is; what "says" and
#: "adds" is often said behind them ("Really?" Staff said no).
_NAME_AND_VERB = re.compile(
    r"(?!(?:He|She|They|It|We|I|You|The|This|That)\b)"
    r"(?:[A-Z][\w'\u2019.-]{0,30} ){1,4}(?!said\b|says\b|added\b|adds\b|told\b|called\b)"
    r"([a-z]{3,20})\b"
)
#: Where sentencex ends a sentence too early: an initial, or an abbreviation before a name.
_JOINED = re.compile(
    r"(?:(?:^|[\s(\"\u201c])(?:[A-Z]\.){1,2}|\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Lt|Col|Capt"
    r"|Sgt|Cpl|Maj|Adm|Cdr|Cmdr|Brig|Supt|Insp|Cllr|Mme|Mlle|Messrs"
    r"|Rev|Hon|Pres|Ft|Mt|Jr|Sr|vs|v|No|Nos|Fig|Vol|pp|ca|al|e\.g|i\.e|U\.S|U\.K|U\.N|D\.C|a\.m"
    r"|p\.m))\.?\s*$"
)
#: What stands before a figure: "approx. 5 euros".
_BEFORE_FIGURE = re.compile(
    r"\b(?:approx|est|avg|[Vv]ols?|[Cc]h|max|min|nos?|pp?|c|figs?|arts?|sect|paras?|pop|Rte|Hwy"
    r"|[Ww]eds?|[Tt]hurs?|[Tt]ues)\.$"
)
_NEXT_JOINS = {"jr", "sr", "u.s", "u.k", "u.n", "d.c", "al", "no", "nos"}
#: "at 5 p.m. Monday" goes on, "at 5 p.m. Bakers" does not.
_AFTER_CLOCK = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct"
    r"|Nov|Dec)(?:\.|[a-z]{2,6})? \d|(?:[A-Z]{1,3}ST?|[ECMP]T|[A-Z]DT|GMT|UTC|CET)\b"
    r"|(?:Eastern|Central|Mountain|Pacific|Greenwich|local)\b|(?:[A-Z][a-z]{2,20} ){1,2}time\b"
)
_INITIALS = re.compile(r"(?:[a-z]\.){0,2}[a-z]")
#: After "Washington, D.C." a sentence begins where a single capitalized word stands: before more
#: of them ("Mayor Muriel Bowser") it may go on.
_AFTER_CITY = re.compile(r"(?<=Washington, D\.C\.)\s+(?=[A-Z][\w'\u2019-]{0,30},? [a-z\d])")
#: "am 3. M\u00e4rz": languages that write ordinals with a period.
_ORDINAL_LANGUAGES = {"de", "da", "no", "nb", "nn", "fi", "cs", "sk", "hu", "sl", "hr", "et", "is"}
_ORDINAL = re.compile(r"(?:^|\s)\d{1,3}\.$")
#: "2. Compare prices": the number of a heading or list item is no sentence.
_ENUMERATED = re.compile(r"[#(]?\d{1,3}[.)]")
_ETC = re.compile(r"\betc\.\s+(?=[\"\u201c]?[A-Z])")
_OPENS_SENTENCE = re.compile(
    r"^[\"\u201c\u2018(]?(?:The|A|An|He|She|It|They|We|I|You|But|And|Or|So|Yet|In|On|At|By|For"
    r"|From|With|To|This|That|These|Those|There|Here|His|Her|Its|Their|Our|My|Your|Both|Many|Some"
    r"|Most|All|Each|Every|Few|One|Two|Three|No|Not|Nobody|Then|Now|When|While|After|Before|As|If"
    r"|Since|Although|Though|However|Meanwhile|Instead|Still|Only|Even|What|Who|How|Why|Where|Last"
    r"|Next|Today|Yesterday|According|Another|Other|Others|Nothing|Nearly|About|Until|Under|Over)\b"
)
#: sentencex takes these words for abbreviations ("ill." of a book): only true ones keep a sentence
#: together.
_PLAIN_END = re.compile(r"(?<=[\s\u201c\"(-])([a-z]{3,})\.\s+(?=[\"\u201c\u2018(]?[A-Z])")
_SHORT_WORDS_LIST = """
    etc approx dept vol vols est fig figs ext cf eds vs min max tel nos misc incl esp transl lit
    arr feat repr rev hon gen lieut capt sgt maj col gov sen rep prof assoc asst univ inst intl
    nat corp inc ltd bros mfg natl
"""
_SHORT_WORDS = frozenset(_SHORT_WORDS_LIST.split())
#: What ends so is mostly followed by a name ("U.S. Army"), but "U.S. Investigators believe" and
#: "Corp. Users of" are beginnings: a plural before a small word is no name.
_PLURAL_BEGINS = re.compile(
    r"(?!Marines|Forces|Airways|Airlines|Attorneys|Brothers|Sons|Partners|Industries|Holdings"
    r"|Systems|Services|Rangers|Games|Athletics|States|Nations)"
    r"[A-Z][a-z]{2,20}[a-rt-z]s (?!and\b|v\b|vs\b)[a-z]"
)
_AFTER_SHORT = re.compile(
    r"\b(?:U\.S|U\.K|U\.N|D\.C|Corp|Bros|Blvd|Inc|Ltd|Ave|Co|Rd|Jr|Sr)\.\s+(?=[A-Z])"
)
#: "There is no Plan B. Friends say": what letters count has no initials.
_AFTER_LETTER = re.compile(
    r"\b(?:[Pp]lan|[Gg]roup|[Cc]lass|[Gg]rade|[Tt]ype|[Vv]itamin|[Tt]erminal|[Gg]ate|[Hh]epatitis"
    r"|[Ee]xhibit|[Aa]ppendix|[Bb]uilding|[Bb]lock|[Pp]latform|[Ww]ing|[Cc]ategory|[Rr]oom|[Pp]art"
    r"|[Oo]ption|[Dd]ivision|[Ss]eries|[Ss]ection|[Ss]chedule|[Ll]evel|[Zz]one|[Pp]ier|[Uu]nit"
    r") [A-Z]\.\s+(?=[A-Z])"
)
_ELLIPSIS_END = re.compile(r"\u2026\s+(?=[\"\u201c\u2018(]?[A-Z])")
#: A short exclamation held up in the middle of a sentence: sang "Champions! Champions!" until.
_HELD_UP = re.compile(r"(?<=[a-z,] )[\"\u201c]([^\"\u201c\u201d]{2,60})[\"\u201d](?= [a-z])")
#: A name with a mark of exclamation, seen where the sentence goes on: "Yahoo! said".
_SHOUTED_NAME = re.compile(r"\b([A-Z]\w{1,20}!) [a-z]")
#: A mark within a word ends nothing: "Pop!Corn".
_IN_WORD = re.compile(r"[!?.](?=[A-Za-z])")
_STRAY_CLOSING = '"\u201d\u2019\u00bb)]'

#: sentencex never divides what stands in quotation marks, so it sees letters in their place, one
#: for one; the boundaries after closing marks are found in the repair.
_OPENING = re.compile(r"(?:(?<=[\s(])|^)[\"\u201c\u00ab\u201e]")
_CLOSING = re.compile('["\u201d\u00bb]')
#: sentencex 1.0.32 takes 80 s for a megabyte of one mark, squarely more for more; no boundary
#: stands inside such a word.
_ENDLESS = re.compile(r"\S{300,}")
#: No engine is given more at once; longer sentences are cut at a clause, else at a space.
MAX_CHARACTERS = 1200


def split_sentences(paragraph: str, language: str = "en") -> list[str]:
    """Divide a paragraph into sentences, without loss.

    Args:
        paragraph: One paragraph, white space made single spaces.
        language: RFC 5646.

    Returns:
        Sentences without white space around them; each stands in the paragraph as it is, and
        nothing but white space between them. Empty for blank text.

    >>> split_sentences('He called him a "war criminal." He paused. It cost $3.5 million.')
    ['He called him a "war criminal."', 'He paused.', 'It cost $3.5 million.']
    """
    spans: list[tuple[int, int]] = []
    code = language.split("-", maxsplit=1)[0].lower()
    held_up = [m.span() for m in _HELD_UP.finditer(paragraph)]
    held_starts = [start for start, _ in held_up]
    names = frozenset(_SHOUTED_NAME.findall(paragraph)) if "! " in paragraph else frozenset()
    for rough_start, end in _rough_spans(paragraph, language):
        start = rough_start
        if spans and _is_stray_closing(paragraph, start):
            spans[-1] = (spans[-1][0], start + 1)
            start += 1 + len(paragraph[start + 1 : end]) - len(paragraph[start + 1 : end].lstrip())
            if start >= end:
                continue
        if spans and (
            (start == spans[-1][1] and _IN_WORD.match(paragraph, start - 1))
            or _is_within(held_up, held_starts, start)
            or _belongs_together(paragraph[slice(*spans[-1])], paragraph[start:end], code, names)
        ):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [
        piece
        for start, end in spans
        for part in _divide(paragraph[start:end])
        for piece in _within_limit(part)
    ]


def _is_within(spans: Sequence[tuple[int, int]], starts: Sequence[int], place: int) -> bool:
    """Tell whether a place lies inside one of the spans, which are in order and do not overlap."""
    before = bisect_left(starts, place) - 1
    return before >= 0 and place < spans[before][1]


def _rough_spans(paragraph: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield where sentencex sees sentences, white space around them left out."""
    # Here, not above: only texts need it, and the command line imports this room for --help.
    import sentencex  # noqa: PLC0415

    code = language.split("-", maxsplit=1)[0].lower()
    masked = _ENDLESS.sub(lambda m: "x" * len(m[0]), paragraph)
    masked = _CLOSING.sub("x", _OPENING.sub("\u02ee", masked))
    position = 0
    for rough in sentencex.segment(code, masked):
        sentence = paragraph[position : position + len(rough)]
        start = position + len(sentence) - len(sentence.lstrip())
        position += len(rough)
        if sentence.strip():
            yield start, start + len(sentence.strip())


def _is_stray_closing(paragraph: str, place: int) -> bool:
    """Tell whether a sentence begins with the mark that closes the one before."""
    return paragraph[place] in _STRAY_CLOSING and paragraph[place + 1 : place + 2] in (" ", "")


def _belongs_together(sentence: str, following: str, code: str, names: frozenset[str]) -> bool:
    """Tell whether a boundary is none: an abbreviation that goes on, or a mark left alone."""
    lone_mark = len(following) <= 3 and not any(c.isalnum() for c in following)
    goes_on = following[0].islower()
    attributed = sentence[-1] in '"\u201d\u2019' and _is_attribution(sentence[-3:], following[:90])
    named = sentence.endswith("!") and sentence.rsplit(maxsplit=1)[-1] in names
    numbered = _ENUMERATED.fullmatch(sentence) is not None
    dated = code in _ORDINAL_LANGUAGES and _ORDINAL.search(sentence[-8:]) is not None
    if lone_mark or goes_on or attributed or numbered or dated:
        return True
    return (named and not _OPENS_SENTENCE.match(following)) or _abbreviates(sentence, following)


def _is_attribution(ending: str, following: str) -> bool:
    """Tell whether what follows a quotation says who said it.

    Args:
        ending: The last characters of the quotation, its marks included.
        following: The beginning of what follows.
    """
    if _SAYS.match(following):
        return True
    named = _NAME_AND_VERB.match(following) if "?" in ending or "!" in ending else None
    return named is not None and is_verb(named[1])


def _abbreviates(sentence: str, following: str) -> bool:
    """Tell whether a sentence ends in an abbreviation that what follows belongs to."""
    if following[0].isdigit() and _BEFORE_FIGURE.search(sentence[-10:]):
        return True
    match = _JOINED.search(sentence[-40:])
    if not match:
        return False
    abbreviation = match[0].strip(' ("\u201c.').lower()
    if abbreviation in {"no", "nos"}:
        return following[0].isdigit()
    if abbreviation in {"a.m", "p.m"}:
        return _AFTER_CLOCK.match(following) is not None
    if abbreviation in _NEXT_JOINS or _INITIALS.fullmatch(abbreviation):
        return not _OPENS_SENTENCE.match(following)
    return True


def _divide(sentence: str) -> list[str]:
    cuts = [
        m.end() for p in (_AFTER_NO, _ETC, _AFTER_CITY, _ELLIPSIS_END) for m in p.finditer(sentence)
    ]
    cuts += [
        m.end()
        for m in _AFTER_QUOTE.finditer(sentence)
        if not _is_attribution(m[0], sentence[m.end() : m.end() + 90])
    ]
    cuts += [m.end() for m in _PLAIN_END.finditer(sentence) if m[1] not in _SHORT_WORDS]
    cuts += [m.end() for m in _AFTER_LETTER.finditer(sentence)]
    cuts += [m.end() for m in _BEFORE_QUOTE.finditer(sentence)]
    cuts += [
        m.end()
        for m in _AFTER_SHORT.finditer(sentence)
        if _PLURAL_BEGINS.match(sentence, m.end())
        or (m[0][1] != "." and _OPENS_SENTENCE.match(sentence[m.end() : m.end() + 20]))
    ]
    edges = [0, *sorted(cuts), len(sentence)]
    pieces = (sentence[a:b].strip() for a, b in pairwise(edges))
    return [piece for piece in pieces if piece]


def _within_limit(sentence: str) -> list[str]:
    """Cut what is too long for one breath of an engine; a single word is never cut."""
    pieces = []
    while len(sentence) > MAX_CHARACTERS:
        head = sentence[:MAX_CHARACTERS]
        cut = max(head.rfind(mark) for mark in ("; ", ": ", ", ", " \u2013 ", " \u2014 ")) + 1
        if cut < MAX_CHARACTERS // 3:
            cut = head.rfind(" ")
        if cut <= 0:
            cut = sentence.find(" ", MAX_CHARACTERS)
        if cut <= 0:
            break
        pieces.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*pieces, sentence]
