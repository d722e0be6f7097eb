"""Read headline, byline, outlet and date off the lines around an article's text."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audiobrief.text.lines import MONTHS, STOP_WORDS
from audiobrief.text.names import looks_like_person
from audiobrief.text.region import Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.text.lines import LineFacts

#: Nobody reads a longer line as a headline (the longest of 150 news pages has 165 characters).
HEADLINE_CHARACTERS = 200
_WORD = re.compile(r"[^\W_]+")
_CAPITALIZED = r"[A-Z\u00c0-\u00de][\w.&'\u2019-]*"
_PARTICLE = (
    r"(?:al-|Al-|el-|El-)[A-Z]\w+|de|del|della|der|den|di|du|da|dos|la|le|van|von|bin|ibn|ten|ter"
)
_NAME = rf"{_CAPITALIZED}(?: (?:{_PARTICLE}|{_CAPITALIZED})){{1,4}}"
_BYLINE = re.compile(
    r"^(?:[Bb]y|BY|(?:Written|Words|Story|Reported|Report|Posted|Published) [Bb]y|Author):? "
    rf"(?P<names>{_NAME}(?:(?:, (?:and )?| and | & ){_NAME}){{0,3}})"
    r"(?: ?[,|\u2022\u00b7/(\u2013\u2014-].{0,60}| (?:for|in|on|at) .{0,60})?$"
)
_BETWEEN_NAMES = re.compile(r", (?:and )?| and | & ")
#: Capitalized words that stand where a name would, but are none.
_NO_NAMES_LIST = """
    staff writer writers news editor editors editorial team the a an our your admin guest desk
    newsroom reporter reporters correspondent agencies agency press associated reuters
    contributor subscribing signing clicking submitting continuing category categories topic
    date author january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday updated published share
"""
_NO_NAMES = frozenset(_NO_NAMES_LIST.split())
_OWNER = rf"(?P<name>{_CAPITALIZED}(?: (?:of |the |and |& )?[A-Z][\w&.-]*){{0,3}})"
#: Phrases in which a page names its own publisher.
_OUTLET_OPENERS = (
    "Get|Download|Follow|Support|Subscribe to|About|Contact|Join|Watch on|Listen on|More from|Watch"
    r"|(?:Copyright )?\u00a9 ?(?:(?:19|20)\d\d,? ?)?|Copyright"
)
_OUTLET_GIFTS = "updates?|stories|reports?|news|e?mails?|newsletters?|alerts|offers|videos|podcasts"
_OUTLET_PATTERNS = (
    re.compile(rf"{_OWNER}['\u2019]s? (?:terms|privacy|newsletter|website|app|conditions|cookie)"),
    re.compile(rf"^(?:{_OUTLET_OPENERS}) ?(?:the )?{_OWNER}"),
    re.compile(rf"\b(?:{_OUTLET_GIFTS}) (?:by|from|of) (?:the )?{_OWNER}"),
)
#: One word, standing alone, is no publisher.
_NO_OUTLETS_LIST = """
    us me now more all our the your this these here app apps store google apple facebook
    twitter instagram youtube linkedin whatsapp reddit tiktok email news live it notifications
    alerts top breaking latest related australia america britain
"""
_NO_OUTLETS = frozenset(_NO_OUTLETS_LIST.split())
_DATES = (
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2})?Z?)?\b"), "ymd"),
    (
        re.compile(rf"\b({MONTHS})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE),
        "mdy",
    ),
    (
        re.compile(
            rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[ -]({MONTHS})\.?,?[ -](\d{{4}})\b", re.IGNORECASE
        ),
        "dmy",
    ),
)
_PUBLISHED = re.compile(r"\b(?:published|posted|first published|date)\b", re.IGNORECASE)
_UPDATED = re.compile(r"\b(?:updated|modified|edited|accessed|copyright)\b|\u00a9", re.IGNORECASE)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a line in lower case, for comparing lines with one another."""
    return tuple(_WORD.findall(text.lower()))


def find_headline(
    lines: Sequence[str], facts: Sequence[LineFacts], regions: Sequence[Region]
) -> int | None:
    """Return the index of the line that is most likely the headline, or ``None``.

    A headline stands at or above the beginning of the text, shares its rare words with the text,
    is often repeated around it, and neither ends like a sentence nor speaks of furniture.
    """
    start = next(i for i, region in enumerate(regions) if region is Region.BODY)
    counts = Counter(words_of(line) for line in lines if len(line) <= HEADLINE_CHARACTERS)
    body = Counter(
        w
        for line, region, fact in zip(lines, regions, facts, strict=True)
        if region is Region.BODY and fact.is_prose
        for w in set(words_of(line[:2000]))
    )
    best: tuple[float, int] | None = None
    for i, line in enumerate(lines):
        if i > start + 3:
            break
        if regions[i] is Region.BODY and facts[i].is_prose:
            if i > start:
                break
            continue
        value = _headline_value(line, facts[i], body, counts)
        if value is None:
            continue
        value -= 0.06 * min(30, max(0, start - i)) + (0.5 if i > start else 0)
        value += 0.5 if i == 0 else 0
        if best is None or value > best[0]:
            best = value, i
    return best[1] if best and best[0] > 0.5 else None


def _headline_value(
    line: str, fact: LineFacts, body: Counter[str], counts: Counter[tuple[str, ...]]
) -> float | None:
    words = words_of(line)
    content = [w for w in words if w not in STOP_WORDS and len(w) > 2]
    if len(line) > HEADLINE_CHARACTERS or not content or _BYLINE.match(line):
        return None
    shared = sum(w in body for w in content) / len(content)
    value = 2.0 * shared + 0.5 * min(3, counts[words] - 1)
    value += 0.6 if 4 <= len(words) <= 20 else -0.6
    value -= 0.8 * min(2, len(fact.cues))
    value -= 1.0 if line.endswith((".", ":", "\u2026", ",", ";")) else 0
    value -= 1.5 if "date in a short line" in fact.features else 0
    value -= 0.5 if line[:1].islower() else 0
    return value


def shorten(text: str, limit: int = 90) -> str:
    """Return the beginning of a text as a title, whole words, an ellipsis when cut.

    >>> shorten("one two three", 9)
    'one two…'
    """
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:.-") + "\u2026"


def find_byline(line: str) -> str | None:
    """Return the names in a line of the form "By Jane Roe", else ``None``.

    >>> find_byline("By Jane Roe and John Poe, Staff Writers")
    'Jane Roe and John Poe'
    >>> find_byline("By Subscribing You Agree") is None
    True
    """
    if len(line) > 120:
        return None
    match = _BYLINE.match(line)
    if not match:
        return None
    kept: list[str] = []
    for name in _BETWEEN_NAMES.split(match["names"]):
        if any(word in _NO_NAMES for word in words_of(name)):
            break  # "Staff Writer": what follows a name may say what its bearer is.
        name = name.title() if name.isupper() else name  # noqa: PLW2901 - the same name, readable
        if not looks_like_person(name):
            break
        kept.append(name)
    return " and ".join(kept) or None


def choose_byline(found: Sequence[tuple[int, str]], start: int) -> tuple[int, str] | None:
    """Return the one byline that is certain: the only one, or the only one right above the text.

    Args:
        found: Line index and names of each line in byline form.
        start: Index of the first line of the text.
    """
    for near in ([f for f in found if start - 8 <= f[0] <= start + 1], found):
        if near and len({names for _, names in near}) == 1:
            return near[0]
        if near:
            return None
    return None


def find_outlet(furniture: Iterable[str]) -> str | None:
    """Return the publisher, when the furniture names one and the same at least three times.

    >>> find_outlet(["Get SBS News daily", "SBS News's terms of service", "updates from SBS News"])
    'SBS News'
    """
    named: Counter[str] = Counter()
    for line in furniture:
        for pattern in _OUTLET_PATTERNS:
            for match in pattern.finditer(line[:300]):
                tokens = re.sub(r"['\u2019]s?$", "", match["name"].rstrip(".")).split()
                for n in range(1, len(tokens) + 1):
                    named[" ".join(tokens[:n])] += 1
    roots = Counter({name: n for name, n in named.items() if " " not in name})
    roots = Counter({n: c for n, c in roots.items() if n.lower() not in _NO_OUTLETS | STOP_WORDS})
    if not roots:
        return None
    (root, count), *others = roots.most_common(2)
    if count < 3 or (others and count < 2 * others[0][1]):
        return None
    name = root
    while longer := [
        n
        for n in named
        if n.startswith(f"{name} ")
        and named[n] >= 0.4 * count
        and n.count(" ") == name.count(" ") + 1
    ]:
        name = max(longer, key=lambda n: (named[n], n))
    return name


def find_published(lines: Sequence[str], outside: Sequence[int], start: int) -> datetime | None:
    """Return when the article was published, when the lines around it say so without doubt.

    A date beside the word "published" counts first; else the only date in the lines right above
    the text. Dates in figures alone ("03/04/2024") mean different days in different countries and
    are passed over.

    Args:
        lines: All lines.
        outside: Indices of those that are no article text.
        start: Index of the first line of the text.
    """
    marked: list[datetime] = []
    above: list[datetime] = []
    for i in outside:
        line = lines[i]
        if len(line) > 120 or not (date := parse_date(line)):
            continue
        said = line if i == 0 or parse_date(lines[i - 1]) else f"{lines[i - 1][-40:]} {line}"
        if _PUBLISHED.search(said):
            marked.append(date)
        elif not _UPDATED.search(said) and start - 8 <= i <= start:
            above.append(date)
    if marked:
        return marked[0]
    return above[0] if len(set(above)) == 1 else None


def parse_date(text: str) -> datetime | None:
    """Return the first unmistakable date in a line, in UTC; midnight without a time of day.

    >>> parse_date("Published 26 October 2015").isoformat()
    '2015-10-26T00:00:00+00:00'
    """
    for pattern, order in _DATES:
        match = pattern.search(text)
        if not match:
            continue
        fields = dict(zip(order, match.groups()[:3], strict=True))
        month = fields["m"]
        number = int(month) if month.isdigit() else _MONTH_NUMBERS[month[:3].lower()]
        hour, minute = (int(g or 0) for g in match.groups()[3:5]) if order == "ymd" else (0, 0)
        try:
            return datetime(int(fields["y"]), number, int(fields["d"]), hour, minute, tzinfo=UTC)
        except ValueError:  # the 31st of February: a number, no date
            continue
    return None


_MONTH_LIST = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH_NUMBERS = {name: number for number, name in enumerate(_MONTH_LIST.split(), 1)}
