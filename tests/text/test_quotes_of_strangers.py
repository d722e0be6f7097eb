"""Speakers in texts of many kinds: jobs before names, families, letters, unknown given names."""

from __future__ import annotations

import pytest

from audiobrief.text.quotation.quotes import find_quotations
from audiobrief.text.quotation.roster import Roster


def speakers(*paragraphs: str) -> list[str | None]:
    """Return who says each quotation."""
    return [q.speaker for q in find_quotations(paragraphs)]


@pytest.mark.parametrize(
    "job",
    [
        "Archivist",
        "Stonemason",
        "Seamstress",
        "Postman",
        "Democrat",
        "Sophomore",
        "Ex-miner",
        "Great-grandmother",
        "Shire president",
        "Local man",
        "Labor Leader",
        "Acme CEO",
        "Professor Emeritus",
        "Dutchman",
        "Beekeeper",
    ],
)
def test_what_somebody_is_is_no_part_of_the_name(job: str) -> None:
    """A capitalized job, party, school year or people before a name is left out of it."""
    paragraphs = f"{job} Edna Quarles says it rained all June.", "“I cut the hay in my boots.”"
    assert speakers(*paragraphs) == ["Edna Quarles"]


@pytest.mark.parametrize("name", ["Marie Anna Stock", "Jong-un Park Lee", "Baker Anna Stock Jr."])
def test_a_middle_name_makes_no_job_of_the_first(name: str) -> None:
    """Given names before given names stay; a job goes."""
    (speaker,) = speakers(f"“I cut the hay in my boots,” said {name}, a farmer.")
    assert speaker == name.removeprefix("Baker ")


@pytest.mark.parametrize("letters", ["SC", "QC", "MP", "OBE", "PhD"])
def test_letters_after_a_name_are_not_spoken(letters: str) -> None:
    """An honor or a degree is no surname, and the verb behind it still has its subject."""
    assert speakers(f"Fiona Marlow {letters} told the court: “My client is sorry for it.”") == [
        "Fiona Marlow"
    ]


def test_a_bare_surname_is_the_first_bearers_until_another_comes() -> None:
    """Before the mother is named the surname means the son, and afterwards nobody."""
    found = speakers(
        "Calvin Prue found the boat. “I saw the mast first,” Prue said.",
        "His mother, Lorna Prue, wept. “I saw it before he did,” Lorna Prue said.",
        "Prue said: “I had no idea what to do.”",
    )
    assert found == ["Calvin Prue", "Lorna Prue", None]


def test_a_title_tells_two_of_one_surname_apart() -> None:
    """What each is called (great-nephew, wife) decides whom Mr and Mrs mean."""
    found = speakers(
        "The director, Maeve Cass, died in 1960. Her great-nephew, Fintan Cass, has the reels.",
        "Mr Cass finds them funny.",
        "“I laughed until I had to sit down.”",
    )
    assert found == ["Fintan Cass"]


def test_a_couple_with_one_surname_is_two_people() -> None:
    """The surname alone means neither of "Ines and Hugo Roe"."""
    opening = "Ines and Hugo Roe run the mill."
    assert speakers(f"{opening} “I grind at night when it is cool,” Roe said.") == [None]
    assert speakers(f"{opening} “I grind at night when it is cool,” Ines Roe said.") == ["Ines Roe"]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("“We have had no rain at all,” her husband said.", "Paul Roe"),
        ("Her husband said: “We have had no rain at all.”", "Paul Roe"),
        ("“We have had no rain at all,” Mrs Roe said.", "Joan Roe"),
        ("“We have had no rain at all,” Roe said.", None),
    ],
)
def test_a_husband_is_whom_the_text_calls_so(sentence: str, speaker: str | None) -> None:
    """Whom each has only one of is found by that word."""
    assert speakers(f"Joan Roe and her husband, Paul Roe, run the farm. {sentence}") == [speaker]


def test_a_sister_may_be_either_of_two() -> None:
    """Each is the other's sister, so nobody is given."""
    found = speakers(
        "The march was led by Beth Lloyd and her sister, Cary Lloyd.",
        "“We walked all night,” Beth Lloyd said.",
        "Her sister said there would be more. “We have got nothing to lose,” she said.",
    )
    assert found[-1] is None


@pytest.mark.parametrize(
    "lead",
    [
        "In her diary, Anna Quarles wrote:",
        "Anna Quarles's diary for that day reads:",
        "A letter from Anna Quarles read:",
        "A last message by Anna Quarles said:",
    ],
)
def test_what_is_written_has_its_writer(lead: str) -> None:
    """Letters, diaries and messages speak with the voice of who wrote them."""
    assert speakers(f"{lead} “They have told me to be grateful.”") == ["Anna Quarles"]


@pytest.mark.parametrize(
    "lead",
    [
        "A letter to Edna Quarles from the council said:",
        "Edna Quarles got a text from the bank. It read:",
        "Edna Quarles's lawyer said:",
        "Edna Quarles lives next door to a retired nurse. She said:",
    ],
)
def test_whom_it_is_about_does_not_speak(lead: str) -> None:
    """Who gets a letter, or has a neighbor, is no speaker."""
    assert speakers(f"{lead} “You have ten days to leave.”") == [None]


def test_who_says_i_is_a_person() -> None:
    """A name that nothing else explains is a person's where it says "I", and may be a firm's."""
    assert speakers("Ayodele Brix said: “I walked home in my socks.”") == ["Ayodele Brix"]
    assert speakers("Blue Heron said: “We will not comment on rumors.”") == [None]


def test_somebody_unknown_may_be_meant_by_he() -> None:
    """A sentence about an unknown name leaves open whom the pronoun means."""
    assert speakers("Milo Vane met Otto Brandt in the hall. “It was dark in there,” he said.") == [
        None
    ]


def test_a_sign_does_not_hide_the_person_before_it() -> None:
    """What "it says" is no stranger whom "she" could mean."""
    found = speakers(
        "Prof Ingrid Vance keeps a card on her desk. It says: “Look longest at the empty bits.”",
        "She says she reads it every day. “Most of the work is staring at nothing,” she says.",
    )
    assert found == [None, "Ingrid Vance"]


def test_a_nickname_in_marks_names_the_person() -> None:
    """Who is introduced with a nickname goes by it."""
    found = speakers(
        "Walter “Buzz” Hanley brings in the boat.",
        "“I go out at four in the morning,” Buzz says.",
    )
    assert found == ["Walter “Buzz” Hanley"]


def test_an_inner_quotation_may_end_with_the_outer_one() -> None:
    """Straight marks: the double one behind a single one closes."""
    (found,) = find_quotations(["\"A note said, 'We know where you count.'\""])
    assert (found.start, found.is_open) == (0, False)


def test_a_name_inserted_behind_its_verb_speaks() -> None:
    """The clause "said X" within a sentence has X as its subject."""
    assert speakers("The fire, said Anna Quarles, was “the worst thing I have ever seen”.") == [
        "Anna Quarles"
    ]


def test_districts_are_no_people() -> None:
    """The shire before its mayor is no person beside him."""
    roster = Roster(["Wirra Shire mayor Anil Desh says the levee was sound."])
    names = [m.name for m in roster.mentions("Wirra Shire mayor Anil Desh says no.")]
    assert names == ["Anil Desh"]
