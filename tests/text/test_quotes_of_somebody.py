"""Pronouns beside people without a name, towns and firms that are named like people."""

from __future__ import annotations

import pytest

from audiobrief.text.quotation.quotes import find_quotations
from audiobrief.text.quotation.strangers import described_in, strangers_in


def speakers(*paragraphs: str) -> list[str | None]:
    """Return who says each quotation."""
    return [q.speaker for q in find_quotations(paragraphs)]


@pytest.mark.parametrize(
    "sentence",
    [
        "A 17-year-old took his place.",
        "The 19-year-old from Leeds came on after Karl Dunn was hurt.",
        "A teenager replaced him.",
        "The goalkeeper stayed on the pitch.",
        "The driver of the other car was treated for shock.",
        "His son is staying with friends.",
        "Another witness saw a van.",
        "One of those in the boat, an elderly man, could not swim.",
        "One of the paramedics, who knew Dunn, wept.",
        "Officers questioned a retired welder at the home of Dunn.",
        "Firefighters rescued a man from the roof of Dunn's shop.",
        "Dunn's lawyer spoke outside the court.",
        "A spokesman for Dunn disputed that.",
        "The victim's brother shouted at Dunn in court.",
        "His opponent conceded at midnight.",
        "When Dunn fell ill, a colleague took the class.",
        "Milan and Otto Voss were there as well.",
        "The judge, Otto Voss, asked Dunn why.",
    ],
)
def test_a_person_without_a_name_may_be_meant(sentence: str) -> None:
    """Who stands in the sentence before keeps a pronoun from meaning the one named earlier."""
    found = speakers(f"Karl Dunn limped out at noon. {sentence} “It was dark in there,” he said.")
    assert found == [None]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "Karl Dunn, 54, was charged. The 54-year-old denied it. “I was at home then,”",
            "Karl Dunn",
        ),
        ("Surgeon Karl Dunn led it. The surgeon said no. “I was so very tired,”", "Karl Dunn"),
        ("Karl Dunn won it. Her rival, Karl Dunn, sang. “I was so very tired,”", "Karl Dunn"),
        ("Ida Roe lost. The man she met is Karl Dunn, a vet. “I was so very tired,”", "Karl Dunn"),
        ("Karl Dunn slept. A woman next to him did not. “I was so very tired,”", "Karl Dunn"),
        ("A spokesman for the zoo, Karl Dunn, wept. “I was so very tired of it,”", "Karl Dunn"),
        ("Karl Dunn owns a 40-year-old ferry. “I was so very tired of it,”", "Karl Dunn"),
        ("Karl Dunn fears a general strike. “I was so very tired of it,”", "Karl Dunn"),
    ],
)
def test_a_description_of_the_named_one_is_no_stranger(text: str, speaker: str) -> None:
    """An age, a job, "is" or an apposition says that it is the same person; "she" is no "he"."""
    assert speakers(f"{text} he said.") == [speaker]


def test_the_year_old_is_who_was_named_last() -> None:
    """One person stands in the sentence before, and an age takes up that person."""
    found = speakers(
        "“I had a book in my hand,” said Tobi Hale, the third keeper of the club.",
        "The 19-year-old came on after Marek Zoltan was hurt. “I gave it to a steward,” he said.",
    )
    assert found == ["Tobi Hale", "Tobi Hale"]


def test_an_origin_means_the_one_who_is_spoken_of() -> None:
    """Where a paragraph names one person, "the Italian" is that person."""
    text = (
        "Luca Berti, the manager, praised his side. “They ran until it was dark,” the Italian said."
    )
    assert speakers(text) == ["Luca Berti"]


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Kiran Bose met Robin Vale at noon.", "Kiran Bose"),
        ("Robin Vale was met by Kiran Bose, a nurse.", None),
        ("Karl Bose met Tim Vale at noon.", None),
        ("Two brothers, Milo and Kiran Bose, own it.", None),
    ],
)
def test_of_two_named_people_only_the_subject_may_speak(sentence: str, speaker: str | None) -> None:
    """And only where the other is not introduced after it, nor known to fit as well."""
    assert speakers(f"{sentence} “It was dark in there,” he said.") == [speaker]


def test_nobody_calls_herself_her() -> None:
    """Who is spoken of does not speak; the other one who was named does."""
    found = speakers(
        "The station's first head is Bram Olsen, who is 81. Ms Ida Roe woke him at four.",
        "“I told her that it was the kettle.”",
    )
    assert found == ["Bram Olsen"]


@pytest.mark.parametrize(
    ("quotation", "speaker"),
    [
        ("She saved his life with a spoon.", None),
        ("My sister rang and I heard her weep.", "Ida Roe"),
        ("Roe has been wrong about it before.", None),
        ("They call me Roe and I call them names.", "Ida Roe"),
        ("He saved her life with a spoon.", None),
    ],
)
def test_a_quotation_speaks_against_its_speaker(quotation: str, speaker: str | None) -> None:
    """By "she" where only one woman was named, and by the name itself."""
    assert speakers("Ida Roe left the ward. She was in tears.", f"“{quotation}”") == [speaker]


@pytest.mark.parametrize(
    "name",
    ["Virginia Beach", "Charlotte Pipe", "Wells Fargo", "Austin", "Sydney", "Georgia Homes"],
)
def test_a_town_or_firm_with_a_given_name_is_nobody(name: str) -> None:
    """A verb of speech alone makes no person of it."""
    assert speakers(f"“We will see them in court in May,” {name} said in a statement.") == [None]
    assert speakers(f"{name} told its staff. “We will see them in court,” {name} said.") == [None]


@pytest.mark.parametrize(
    "opening",
    ["Georgia Pike, 31, was there.", "Ms Georgia Pike was there.", "Georgia Pike, a nurse, came."],
)
def test_a_person_named_like_a_place_is_one_where_the_text_shows_it(opening: str) -> None:
    """An age, a title or a job is enough."""
    assert speakers(f"{opening} “I cried all the way to the bus,” Pike said.") == ["Georgia Pike"]


def test_a_town_is_not_the_person_of_that_given_name() -> None:
    """Where she goes by her surname, the given name alone is the town's."""
    found = speakers(
        "Sydney Poe, 31, won the prize. “I cried all the way home,” Poe said.",
        "“It will be our turn in the spring,” Sydney said.",
    )
    assert found == ["Sydney Poe", None]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("On Monday Mayor Ida Roe said: “We will all go home and sleep.”", "Ida Roe"),
        ("The dam, which Ida Roe called “the worst idea in the county”, is shut.", "Ida Roe"),
        ("Karl Roe's brother, Yonas, left. “I took the money and I ran,” he said.", "Yonas"),
        ("Karl Roe and his son Otto came. “We have sold no boat,” Otto said.", "Otto"),
        ("He spoke of his wife, Simone, in 2021: “We had one good summer there.”", None),
    ],
)
def test_names_in_more_places(text: str, speaker: str | None) -> None:
    """After a day, behind "which", relatives by one name, who is governed by a preposition."""
    assert speakers(text) == [speaker]


def test_a_topic_introduces_its_person() -> None:
    """What "For Mrs X there was" leads over to, X says."""
    found = speakers(
        "Ida Roe, 40, fixed the pump. For Ms Roe there was one thing left.",
        "“I packed the car and drove to the coast.”",
    )
    assert found == ["Ida Roe"]


@pytest.mark.parametrize(
    ("text", "genders"),
    [
        ("An elderly woman and a retired miner sat there.", ["f", ""]),
        ("One said no.", [""]),
        ("One of the boys laughed.", ["m"]),
        ("One of the boats sank.", []),
        ("She is a nurse, and he, a baker, was a driver.", []),
        ("A 30-year-old from Leeds found a 30-year-old boat.", [""]),
        ("It was a farmer's field on a local road.", []),
    ],
)
def test_strangers_are_people(text: str, genders: list[str]) -> None:
    """Things, predicates and whose something is are no strangers."""
    assert [s.gender for s in strangers_in(text)] == genders


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("The young nurse left, and her mother stayed.", ["nurse", "mother"]),
        ("The mayor, Ida Roe, and the boat left.", []),
        ("Ida Roe's lawyer left when the other driver came.", ["lawyer", "driver"]),
    ],
)
def test_descriptions_are_of_people_whom_no_name_follows(text: str, nouns: list[str]) -> None:
    """Subjects of clauses only."""
    assert [d.noun for d in described_in(text)] == nouns


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Tom Hale has run the shop for years. A customer comes in for bread.", None),
        ("A teenager beat Tom Hale in the final.", None),
        ("A spokesman for the zoo, Tom Hale, wept.", "Tom Hale"),
        ("Tom Hale has run the shop for years.", "Tom Hale"),
    ],
)
def test_a_paragraph_of_quotation_may_be_a_stranger_s(sentence: str, speaker: str | None) -> None:
    """Who comes in last before it may say it, by name or not."""
    assert speakers(sentence, "“I had nothing at all to lose.”") == [speaker]
