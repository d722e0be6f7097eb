"""Sentences that lean on the one before them, and those that stand alone."""

import pytest

from audiobrief.text.openers import Lean, leans_on

PERSON = [
    "He said so.",
    "But she had gone.",
    "Meanwhile he kept silent.",
    "His wife was there.",
    "After her speech, the hall was empty.",
    "Born in Leeds, he moved to York.",
    "On Monday, she announced the plan.",
    "However, on Monday, she announced the plan.",
    '"We have won," he said.',
    "\u201cWe have won,\u201d she added later.",
]
SENTENCE = [
    "However, the pier is open.",
    "But that was long ago.",
    "This is the end of it.",
    "Such plans are costly.",
    "The latter was sold.",
    "They have left.",
    "It was sold in May.",
    "Its roof is gone.",
    "For example, the roof is gone.",
    "In addition, the roof has gone.",
    "As a result, the roof has gone.",
    "Among them is the mayor of Rye.",
    "Two of them were hurt on the way home.",
    "Because of this, the roof has gone.",
    "\u201cThat was a long day,\u201d said Ana Ruiz.",
    "Another is the price of bread.",
    "There, the roof has gone.",
    "Yes, the roof has gone.",
    "(This was in May of last year.)",
]
ALONE = [
    "The pier is open again.",
    "Ana Ruiz said she was glad.",
    "Heather is in bloom on the hills.",
    "Thistles grow on the old pier.",
    "Italy has sold the old pier.",
    "Soldiers came to the old pier.",
    "When Moss arrived, he said nothing.",
    '"We have won," said Ana Ruiz.',
    "Butter is dearer than last year.",
    "Thenford is a village in the north.",
    "There are four piers in the town.",
    "On Monday, Ana Ruiz announced the plan.",
    "Buttons, thimbles and thread were sold.",
]


@pytest.mark.parametrize("sentence", PERSON)
def test_whom_a_sentence_means_stands_before_it(sentence) -> None:
    """He, she and what is theirs: somebody was named."""
    assert leans_on(sentence) is Lean.PERSON


@pytest.mark.parametrize("sentence", SENTENCE)
def test_what_a_sentence_goes_on_from_stands_before_it(sentence) -> None:
    """Connectives, demonstratives, and what goes before them."""
    assert leans_on(sentence) is Lean.SENTENCE


@pytest.mark.parametrize("sentence", ALONE)
def test_a_sentence_that_stands_alone_leans_on_nothing(sentence) -> None:
    """Words that only begin like a pronoun or connective are none."""
    assert leans_on(sentence) is None


@pytest.mark.parametrize("unit", ["of ", "a", "(", "\u201c", "one of ", "when ", "x, "])
def test_a_flood_is_survived(unit) -> None:
    """No pattern takes squarely more time for a longer text."""
    assert leans_on(unit * 20_000) in (None, Lean.PERSON, Lean.SENTENCE)
