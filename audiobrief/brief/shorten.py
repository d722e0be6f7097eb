"""An article in less time: whole sentences of it, verbatim, in the order of the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.brief.choice import WHOLE, Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.brief.sentence import Sentence

#: What the ledger says of a sentence that is not told.
LEFT_OUT = "left out for time"


@dataclass(frozen=True, slots=True)
class Kept:
    """The sentences of an article that are told."""

    #: Rising.
    indices: tuple[int, ...]
    #: Why each is told, in words for the user.
    reasons: tuple[str, ...]
    #: How long they are.
    seconds: float

    def __post_init__(self) -> None:
        """Refuse sentences out of order."""
        if len(self.indices) != len(self.reasons) or list(self.indices) != sorted(
            set(self.indices)
        ):
            message = "sentences are told in the order of the source, once, each for a reason"
            raise ValueError(message)


def shorten(
    sentences: Sequence[Sentence], budget_s: float, *, title: str = "", language: str = "en"
) -> Kept:
    """Choose the sentences that tell most in a given time.

    The first sentence that is no heading is always told. The others are chosen for names and
    numbers that were not heard yet, for what the article is about (TF-IDF), for standing early, and
    against what was said already; a sentence brings along all that it needs (`brief.ties`), so that
    no quotation is broken and no opening "He" or "However" is left hanging.

    Args:
        sentences: All of an article, in order; none: nothing is told.
        budget_s: Seconds for them; less than the first sentence and what it needs: only that.
        title: The article's headline.
        language: RFC 5646.
    """
    if not sentences:
        return Kept((), (), 0.0)
    choice = Choice(sentences, title=title, language=language)
    fill(choice, budget_s)
    return kept_of(choice)


def fill(choice: Choice, budget_s: float) -> None:
    """Add the worthiest sentences until no more fit into a time."""
    while found := choice.best_addition(budget_s - choice.seconds):
        choice.add(choice.group_of(found.index), found.index)


def kept_of(choice: Choice) -> Kept:
    """Return what is told, as a value."""
    indices = tuple(sorted(choice.reasons))
    reasons = tuple(WHOLE if choice.is_whole else choice.reasons[i] for i in indices)
    return Kept(indices, reasons, choice.seconds_of(indices))
