"""Where chapters begin, and what they are called; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind
from audiobrief.model.script import Role
from audiobrief.text.masthead import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.script import Segment

#: Articles up to this length are heard in one piece (two minutes).
_LONG_WORDS = 350
#: A chapter of an article without headings: about a minute.
_CHAPTER_WORDS = 150
#: Less than this is not worth a chapter of its own at the end.
_LAST_WORDS = 75
_TITLE_WORDS = 5
_TITLE_CHARACTERS = 60
FIRST_TITLE = "Introduction"


def with_chapters(segments: Sequence[Segment], kinds: Sequence[BlockKind]) -> tuple[Segment, ...]:
    """Mark the segments at which chapters begin.

    The first segment always begins one. Headings begin the others; a long article without
    headings is divided at paragraphs, never inside a run of quotation.

    Args:
        segments: All segments of the episode, at least one.
        kinds: The kind of block that each comes from.
    """
    titles = {0: FIRST_TITLE}
    headings = [i for i, kind in enumerate(kinds) if kind is BlockKind.HEADING and i > 0]
    if headings:
        # A heading of two sentences is one chapter.
        titles |= {
            i: shorten(segments[i].text, _TITLE_CHARACTERS)
            for i in headings
            if segments[i].paragraph != segments[i - 1].paragraph
        }
    else:
        titles |= {i: _title(segments[i].text) for i in _divisions(segments)}
    return tuple(
        replace(s, chapter=titles[i]) if i in titles else s for i, s in enumerate(segments)
    )


def _divisions(segments: Sequence[Segment]) -> list[int]:
    words = [0 if s.role is Role.HOST else len(s.text.split()) for s in segments]
    if sum(words) <= _LONG_WORDS:
        return []
    found = []
    since, left = 0, sum(words)
    for i, segment in enumerate(segments):
        starts = i > 0 and segment.paragraph != segments[i - 1].paragraph
        if (
            starts
            and since >= _CHAPTER_WORDS
            and left >= _LAST_WORDS
            and segment.role is Role.NARRATOR
        ):
            found.append(i)
            since = 0
        since += words[i]
        left -= words[i]
    return found


def _title(text: str) -> str:
    words = text.strip("\"'\u201c\u201d\u2018\u2019 ").split()
    title = " ".join(words[:_TITLE_WORDS]).rstrip(" ,.;:!?\"'\u201d\u2019")
    return shorten(title + ("\u2026" if len(words) > _TITLE_WORDS else ""), _TITLE_CHARACTERS)
