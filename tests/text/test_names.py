"""People in a text: full names, surnames, titles; and what is no person."""

from __future__ import annotations

import pytest

from audiobrief.text.quotation.roster import Roster


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Russian foreign minister Sergei Lavrov spoke.", ["Sergei Lavrov"]),
        ("The Free Syrian Army's Issam al-Reis spoke.", ["Issam al-Reis"]),
        ("United States Secretary of State John Kerry spoke.", ["John Kerry"]),
        ("Saudi Arabia's King Salman met with the Senate.", ["King Salman"]),
        ("The Islamic State and Al Jazeera were in New York.", []),
        ("But Ana Ruiz and Mr. Adeyemi left.", ["Ana Ruiz", "Adeyemi"]),
        ("Neighbor Greta Lund waved.", ["Greta Lund"]),
        ("It was Monday in Paris.", []),
        ("J.D. Power spoke; J. K. Rowling wrote.", ["J. K. Rowling"]),
        ("Unleashing Atlas said so.", []),
        ("Company Size said so; the size counts.", []),
        ("WordPress Maintenance said so.", []),
        ("Despite Osprey they won.", []),
        ("My Dutch Chameleon said so.", []),
        ("Hong Kong said so.", []),
        ("The charity, Lantern Light, said so.", []),
        ("Theresa May, 60, spoke.", ["Theresa May"]),
        ("Assistant U.S. Attorney Rosa Dekker spoke.", ["Rosa Dekker"]),
        ("Auctioneer Dai Moss spoke.", ["Dai Moss"]),
        ("Penrose & Sons hired Jo Penrose, 40.", ["Jo Penrose"]),
    ],
)
def test_people_are_told_from_institutions(text: str, names: list[str]) -> None:
    """Titles show a person; armies, countries, days and broadcasters are none."""
    assert [m.name for m in Roster([text]).mentions(text)] == names


def test_a_surname_means_the_full_name() -> None:
    """Named in full once, a person is known by the surname, with or without "al-"."""
    roster = Roster(["Bashar al-Assad is the president."])
    assert [m.name for m in roster.mentions("President Assad left.")] == ["Bashar al-Assad"]


def test_a_shared_surname_is_nobodys() -> None:
    """Two people of one name: a surname alone decides nothing."""
    roster = Roster(["Kai Fry met Robin Fry."])
    assert roster.mentions("Mr. Fry left.") == ()


def test_objects_are_marked() -> None:
    """Who is met with, or asked for help from, is hardly who speaks."""
    text = "Ann Fry met with President Bob Roe."
    assert [m.is_object for m in Roster([text]).mentions(text)] == [False, True]


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Mrs Jo Roe left.", "f"),
        ("Jo Roe, 40, said that he had left.", "m"),
        ("Jo Roe, 40, left. She came back.", "f"),
        ("Her husband, Jo Roe, left.", "m"),
        ("Rosalind Roe left.", "f"),
        ("Jo Roe, 40, left.", ""),
    ],
)
def test_titles_pronouns_and_given_names_tell_gender(text: str, gender: str) -> None:
    """What the text says comes first; where nothing does, nothing is said."""
    roster = Roster([text])
    assert roster.gender("Jo Roe") + roster.gender("Rosalind Roe") == gender


def test_a_role_leads_to_the_one_who_has_it() -> None:
    """Who was called mayor, is "the mayor"; two mayors are nobody."""
    roster = Roster(["Mayor Ann Fry met Bob Roe, the baker."])
    assert (roster.by_role("mayor"), roster.by_role("baker")) == ("Ann Fry", "Bob Roe")
    assert Roster(["Mayor Ann Fry met Mayor Bob Roe."]).by_role("mayor") is None
