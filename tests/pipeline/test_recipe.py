"""What is decided before any work, and what is refused."""

from dataclasses import replace

import pytest

from audiobrief.errors import SourceError
from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.model.script import LedgerRow
from audiobrief.pipeline.recipe import require_whole_ledger
from audiobrief.script.cast import Casting
from audiobrief.script.frame import Frame
from audiobrief.script.plan import plan

ARTICLE = Article(
    "Ferry returns",
    (
        Block(BlockKind.HEADLINE, "Ferry returns"),
        Block(BlockKind.PARAGRAPH, "It runs again from Monday. Tickets cost the same as before."),
        Block(BlockKind.FURNITURE, "Share", "page furniture: sharing"),
    ),
    "ferry.txt",
)
SCRIPT = plan(ARTICLE, Casting("anchor", ("guest-1",)), frame=Frame(ai_disclosure=True))


def test_a_whole_ledger_passes():
    """The script as it is planned."""
    require_whole_ledger(SCRIPT, ARTICLE)


@pytest.mark.parametrize("index", range(len(SCRIPT.ledger)))
def test_a_lost_sentence_is_an_error(index):
    """Whichever row is missing: no build goes on without it."""
    rows = SCRIPT.ledger[:index] + SCRIPT.ledger[index + 1 :]
    with pytest.raises(SourceError, match="ledger"):
        require_whole_ledger(replace(SCRIPT, ledger=rows), ARTICLE)


def test_a_changed_or_doubled_sentence_is_an_error():
    """Nothing is invented, and nothing is said twice."""
    first = SCRIPT.ledger[0]
    changed = (replace(first, text="Ferry returned"), *SCRIPT.ledger[1:])
    for rows in (changed, (first, *SCRIPT.ledger)):
        with pytest.raises(SourceError, match="ledger"):
            require_whole_ledger(replace(SCRIPT, ledger=rows), ARTICLE)


def test_a_row_spoken_by_nobody_is_an_error():
    """A row may only name segments that are in the script."""
    row = LedgerRow(0, SCRIPT.ledger[0].text, ("missing",), None)
    with pytest.raises(SourceError, match="ledger"):
        require_whole_ledger(replace(SCRIPT, ledger=(row, *SCRIPT.ledger[1:])), ARTICLE)
