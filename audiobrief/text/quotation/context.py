"""What the rules of attribution share: the article, the verdicts so far, the rules' names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.text.quotation.passage import Passage
    from audiobrief.text.quotation.presence import Somebody
    from audiobrief.text.quotation.roster import Roster


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says about one quotation."""

    #: ``None``: nobody by name, and where ``rule`` is not empty that is certain.
    name: str | None
    #: 0..1, that the name is right.
    confidence: float
    rule: str


OPEN = Verdict(None, 0.0, "")
#: The rules, by the names they have in the evaluation.
AFTER = "name and verb after"
BEFORE = "name and verb before"
COLON = "name before a colon"
ACCORDING = "according to"
LABEL = "label of a transcript"
PRONOUN = "pronoun"
SIGNATURE = "signature"
WRITER = "letter, diary or message"
SPLIT = "same paragraph"
SENTENCE = "sentence before"
INTRODUCED = "introduced in the paragraph before"
CONTINUED = "goes on from the paragraph before"
ONE_QUOTATION = "one quotation over paragraphs"
NOBODY = "somebody without a name"
WORK = "title, sign or document"
#: Where the sentence begins, where the quotation begins and ends, where the sentence ends.
Place = tuple[int, int, int, int]


@dataclass(slots=True)
class Context:
    """All that the rules look at; verdicts are added in reading order."""

    paragraphs: Sequence[str]
    passages: Sequence[Passage]
    roster: Roster
    #: Paragraph, start, end, verdict of the quotations so far.
    done: list[tuple[int, int, int, Verdict]] = field(default_factory=list)

    #: People of a stretch of narration, by paragraph, start and end.
    people: dict[tuple[int, int, int], tuple[Somebody, ...]] = field(default_factory=dict)

    def last(self) -> tuple[int, int, int, Verdict] | None:
        """Return the quotation before."""
        return self.done[-1] if self.done else None
