"""Acronyms: letters or a word, and which of them a text introduces."""

from __future__ import annotations

import pytest

from audiobrief.text.speech.acronyms import find_introduced
from audiobrief.text.speech.spoken import speak_out


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        ("the WHO, the RAF and the UAE", "the W H O, the R.A.F and the U.A.E"),
        ("NATO, UNESCO and AIDS", "NATO, UNESCO and AIDS"),
        ("the BBC and the US", "the BBC and the US"),
        ("MPs' pay and CEOs", "MPs pay and CEOs"),
        ("NGOs and the AP's", "N G O's and the A.P.'s"),
        ("OECD and ASEAN", "OECD and ASEAN"),
        ("the FATF said", "the F.A.T.F said"),
        ("do NOT go", "do NOT go"),
        ("A. A. Milne", "A. A. Milne"),
    ],
)
def test_letters_or_a_word(printed: str, spoken: str) -> None:
    """By heart, by list, by vowels; what every voice spells is left as printed."""
    assert speak_out(printed).text == spoken


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Islamic State, or IS, fled.", {"IS"}),
        ("The Free Syrian Army (FSA) fights.", {"FSA"}),
        ("the International Atomic Energy Agency (IAEA) and", {"IAEA"}),
        ("the Department of Homeland Security (DHS)", {"DHS"}),
        ("Centers for Disease Control, known as the CDC, said", {"CDC"}),
        ("North Atlantic Treaty Organization (NATO)", set()),
        ("He left (BBC).", set()),
        ("a big red apple (ABC)", set()),
        ("Coal or OIL", set()),
    ],
)
def test_a_text_introduces_what_fits_its_initials(text: str, found: set[str]) -> None:
    """Letters count only beside the words whose initials they are."""
    assert find_introduced([text]) == found


def test_an_introduced_acronym_is_spelled() -> None:
    """It is spelled even where it looks like a word."""
    text = "MIRAS said no, and MIRAS's man left."
    assert speak_out(text).text == text
    assert speak_out(text, spelled=frozenset(("MIRAS",))).text == (
        "M.I.R.A.S said no, and M.I.R.A.S's man left."
    )


@pytest.mark.parametrize(
    ("printed", "spoken"),
    [
        ("THE PRESIDENT SAYS NO TO TAXES", "The president says no to taxes"),
        ("He did NOT GO THERE yesterday", "He did not go there yesterday"),
        ("FBI RAIDS HOME OF MAYOR", "FBI raids home of mayor"),
        ("US SENDS TROOPS TO IRAQ", "US sends troops to iraq"),
        ("the FBI, CIA and NSA", "the FBI, CIA and NSA"),
    ],
)
def test_capitals_that_shout_are_lowered(printed: str, spoken: str) -> None:
    """Words in capitals are words; known acronyms among them stay."""
    assert speak_out(printed).text == spoken
