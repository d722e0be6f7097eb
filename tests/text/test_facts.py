"""Names and numbers of a text."""

from audiobrief.text.facts import facts_of, find_facts


def test_a_capital_at_the_beginning_shows_a_name_only_if_it_is_seen_elsewhere() -> None:
    """Buyers are nobody; Moss is somebody."""
    found = facts_of(["Moss came.", "Buyers met Moss.", "\u201cBuyers left,\u201d Moss said."])
    assert found == [{"moss"}, {"moss"}, {"moss"}]


def test_numbers_lose_their_commas_and_keep_their_points() -> None:
    """As they are said."""
    assert find_facts("It cost 1,200,000 crowns, or 4.25 percent.") == {"1200000", "4.25"}


def test_titles_days_and_months_are_no_names() -> None:
    """They stand in every text."""
    assert find_facts("On Monday, Mr. Ruiz and Dr. Holm met in March.") == {"ruiz", "holm"}


def test_an_abbreviation_ends_no_sentence() -> None:
    """The word behind it is a name by its capital."""
    assert find_facts("Near St. Ives, J. Holm waited.") >= {"ives", "holm"}


def test_the_genitive_is_the_name() -> None:
    """Of two spellings of one name."""
    assert find_facts("It is Moss\u2019s pier, and Moss's boat.") == {"moss"}
