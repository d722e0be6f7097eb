"""The narration of a paragraph: its people, and its sentences around the quotations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.text.quotation.marks import ANY_QUOTED, ENDS_ASKING, ENDS_FULL
from audiobrief.text.quotation.verbs import is_verb

if TYPE_CHECKING:
    from audiobrief.text.quotation.mentions import Mention
    from audiobrief.text.quotation.roster import Roster

_Q = ANY_QUOTED
_BOUNDARY = re.compile(
    rf"(?:[.!?\u2026][\"\u201d\u2019)\]]{{0,2}}|[\ue001\ue002\ue005])\s+(?=[(\[]?[A-Z0-9{_Q}\u00c0-\u00de])"
)
_NO_END = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|Rev|Hon|No|vs|Supt"
    r"|Det|Insp|Cmdr)"
    r"|\b[A-Z])\.$"
)
_NAME_SAYS = re.compile(
    r"(?<!\w)(?:(?:[A-Z][\w.'\u2019-]{0,30}|[a-z]{2,3}),? ){1,5}?([a-z]{1,20})\b"
    r"(?= ?([a-z]{0,20}|[.,;:]))"
)
_STOPS_THERE = frozenset(
    [
        "in",
        "on",
        "at",
        "of",
        "during",
        "after",
        "while",
        "as",
        "to",
        "with",
        "from",
        "when",
        "before",
        "earlier",
        "later",
        "about",
        "reporters",
        "through",
        "via",
        "yesterday",
        "today",
    ]
)


@dataclass(frozen=True, slots=True)
class Passage:
    """The narration of one paragraph, with its people and sentences."""

    text: str
    mentions: tuple[Mention, ...]
    #: Half-open ranges that cover the text.
    sentences: tuple[tuple[int, int], ...]
    is_heading: bool = False

    def sentence_at(self, place: int) -> tuple[int, int]:
        """Return the sentence around a place."""
        return next((s for s in self.sentences if s[0] <= place < s[1]), (0, len(self.text)))


def passage_of(text: str, roster: Roster, *, is_heading: bool = False) -> Passage:
    """Divide the narration of a paragraph into sentences, and find its people."""
    ends = [m.end() for m in _BOUNDARY.finditer(text) if not _is_no_end(text, m)]
    edges = [0, *ends, len(text)]
    sentences = tuple((a, b) for a, b in pairwise(edges) if b > a or len(edges) == 2)
    return Passage(text, roster.mentions(text), sentences, is_heading)


def _is_no_end(text: str, match: re.Match[str]) -> bool:
    """Tell whether a sentence goes on: behind an abbreviation, or with who said the quotation."""
    mark = match[0][0]
    if mark == ".":
        return _NO_END.search(text[max(0, match.start() - 6) : match.start() + 1]) is not None
    if mark not in (ENDS_FULL, ENDS_ASKING):
        return False
    says = _NAME_SAYS.match(text[match.end() : match.end() + 90])
    if says is None or not is_verb(says[1]):
        return False
    stops = says[2] in ".,;:" or says[2] in _STOPS_THERE
    return stops or (
        mark == ENDS_ASKING and not text[match.end() :].startswith(("He ", "She ", "They "))
    )
