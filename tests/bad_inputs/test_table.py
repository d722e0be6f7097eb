"""The table is whole."""

from tests.bad_inputs.table import ROWS


def test_every_number_has_its_row():
    """From 1 to 80, each once."""
    assert [case.number for case in ROWS] == [*range(1, 81)]
