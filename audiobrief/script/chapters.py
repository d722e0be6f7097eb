"""Where chapters begin, and what they are called; pure."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind
from audiobrief.model.script import Role
from audiobrief.text.page.headline import shorten
from audiobrief.text.plain_words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.script import Segment

#: Articles up to this length are heard in one piece (two minutes).
_LONG_WORDS = 350
#: A chapter of an article without headings: more than a minute, and no more than so many.
_CHAPTER_WORDS = 200
_MOST_CHAPTERS = 12
#: Less than this is not worth a chapter of its own: a quarter of a minute, and at the end half.
_SHORTEST_WORDS = 40
_LAST_WORDS = 75
_TITLE_CHARACTERS = 60
FIRST_TITLE = "Introduction"


def with_chapters(segments: Sequence[Segment], kinds: Sequence[BlockKind]) -> tuple[Segment, ...]:
    """Mark the segments at which chapters begin.

    Headings begin them; a long article without headings is divided at paragraphs, never inside a
    run of quotation. The first segment begins one where there are others: a list of one chapter
    tells a listener nothing.

    Args:
        segments: All segments of the episode, at least one.
        kinds: The kind of block that each comes from.
    """
    headings = [i for i, kind in enumerate(kinds) if kind is BlockKind.HEADING and i > 0]
    if headings:
        titles = {
            i: shorten(_paragraph_from(i, segments), _TITLE_CHARACTERS)
            for i in _spread(headings, segments)
        }
    else:
        titles = {i: title_of(segments[i].text) for i in _divisions(segments)}
    if not titles:
        return tuple(segments)
    titles = _told_apart({0: FIRST_TITLE} | titles)
    return tuple(
        replace(s, chapter=titles[i]) if i in titles else s for i, s in enumerate(segments)
    )


def _paragraph_from(start: int, segments: Sequence[Segment]) -> str:
    """Return a heading whole: it may be of two sentences."""
    same = takewhile(lambda s: s.paragraph == segments[start].paragraph, segments[start:])
    return " ".join(segment.text for segment in same).rstrip(" :")


def _spread(headings: Sequence[int], segments: Sequence[Segment]) -> list[int]:
    """Return the headings that begin a chapter: those with enough words before and after."""
    before = [0, *accumulate(len(s.text.split()) for s in segments)]
    found: list[int] = []
    for i in headings:
        since = before[i] - before[found[-1] if found else 0]
        # A heading of two sentences is one chapter.
        starts = segments[i].paragraph != segments[i - 1].paragraph
        if starts and min(since, before[-1] - before[i]) >= _SHORTEST_WORDS:
            found.append(i)
    return found


def _divisions(segments: Sequence[Segment]) -> list[int]:
    words = [0 if s.role is Role.HOST else len(s.text.split()) for s in segments]
    if sum(words) <= _LONG_WORDS:
        return []
    found = []
    chapter = max(_CHAPTER_WORDS, sum(words) / _MOST_CHAPTERS)
    since, left = 0, sum(words)
    for i, segment in enumerate(segments):
        starts = i > 0 and segment.paragraph != segments[i - 1].paragraph
        if starts and since >= chapter and left >= _LAST_WORDS and segment.role is Role.NARRATOR:
            found.append(i)
            since = 0
        since += words[i]
        left -= words[i]
    return found


def title_of(sentence: str) -> str:
    """Return the beginning of a sentence as a title: a clause, or a few words up to a content word.

    >>> title_of("After the storm, the mayor of the town spoke.")
    'After the storm\u2026'
    >>> title_of("The council has asked Ada Moss to come.")
    'The council has asked\u2026'
    """
    text = sentence.strip("\"'\u201c\u201d\u2018\u2019 ")
    words = text.split()
    clause = len(_CLAUSE_END.split(text, maxsplit=1)[0].split())
    lengths = (clause, *_LENGTHS) if 2 <= clause <= 7 else _LENGTHS
    fitting = (n for n in lengths if n < len(words) and _ends_well(words, n))
    size = len(words) if len(words) <= 6 else next(fitting, 5)
    title = " ".join(words[:size]).rstrip(" ,.;:!?\"'\u201d\u2019\u2013\u2014-")
    return shorten(title + ("\u2026" if len(words) > size else ""), _TITLE_CHARACTERS)


#: How many words a title has, the best first.
_LENGTHS = (5, 4, 6, 3, 7, 8)
_CLAUSE_END = re.compile(r"[,;:](?= )|\s[\u2013\u2014-]+\s|\u2014")
_NO_END_LIST = "per among across around versus near every each cannot one two three"
_NO_ENDS = STOP_WORDS | frozenset(_NO_END_LIST.split())


def _ends_well(words: Sequence[str], size: int) -> bool:
    """Tell whether a title may end after so many words: no function word, no half of a name."""
    last, following = words[size - 1], words[size]
    bare = last.strip(",.;:!?\"'\u201c\u201d\u2018\u2019()")
    if not any(map(str.isalnum, bare)) or bare.lower() in _NO_ENDS:
        return False
    if last[-1] in ",;:!?":
        return True
    is_number = any(map(str.isdigit, bare))
    is_title = last.endswith((".", "'s", "\u2019s")) and following[:1].isupper()
    halved = bare[:1].isupper() and following.strip('"\u201c(')[:1].isupper()
    return not (is_number or is_title or halved)


def _told_apart(titles: dict[int, str]) -> dict[int, str]:
    """Number the titles that occur again: players list chapters by title alone."""
    counts: dict[str, int] = {}
    told: dict[int, str] = {}
    for i, title in sorted(titles.items()):
        counts[title] = counts.get(title, 0) + 1
        told[i] = title if counts[title] == 1 else f"{title} ({counts[title]})"
    return told
