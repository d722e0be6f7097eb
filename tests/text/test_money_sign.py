"""What every sum of money has is found by its last character first: as by trying every symbol."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.speech.sign_rules import MONEY, SYMBOL
from audiobrief.text.speech.vocabulary import CURRENCIES

_EVERYWHERE = re.compile(rf"(?:{SYMBOL}) ?\.?\d", re.IGNORECASE)
_PIECES = [*CURRENCIES, *map(str.lower, CURRENCIES), *"$. 07xsrKk\u017f\u0131", "\u212a"]


@given(st.lists(st.sampled_from(_PIECES), max_size=8).map("".join))
def test_money_is_found_where_a_symbol_stands_before_a_figure(text):
    """In small letters too, and nowhere else."""
    assert (_EVERYWHERE.search(text) is None) == (MONEY.search(text) is None)
