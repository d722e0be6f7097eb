"""Speakers where a sentence names one person and another speaks: relays, pairs, questions."""

from __future__ import annotations

import pytest

from audiobrief.text.quotation.quotes import find_quotations


def last_speaker(*paragraphs: str) -> str | None:
    """Return who says the last quotation."""
    return find_quotations(paragraphs)[-1].speaker


LAWYER = "The lawyer, Marcus Bell, spoke first. Victor Hale owns the mill."


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Asked whether he feared Mr Hale, the lawyer shook his head.", "Marcus Bell"),
        ("When pressed about Hale, the lawyer shrugged.", "Marcus Bell"),
        ("When pressed about Hale, the goalkeeper shrugged.", None),
        ("He had never met Hale, the lawyer said.", "Marcus Bell"),
        ("Once Hale had left, a cleaner came in.", None),
        ("After Hale left, Bell locked the door.", "Marcus Bell"),
    ],
)
def test_a_job_behind_a_clause_is_the_subject(sentence: str, speaker: str | None) -> None:
    """Behind "Asked about X", "the lawyer" with its verb is no apposition to X."""
    assert last_speaker(LAWYER, f"{sentence} “The roof is mine to mend,” he said.") == speaker


@pytest.mark.parametrize(
    "subject",
    [
        "Victor Hale and the pilot, Marcus Bell,",
        "Victor Hale, the owner, and Marcus Bell",
        "The pilot, Marcus Bell, and Victor Hale",
        "Victor Hale and a Dutch pilot, Marcus Bell,",
        "The pilot and Victor Hale",
    ],
)
def test_two_subjects_leave_he_open(subject: str) -> None:
    """Either of two men who did it together may be the one who speaks."""
    assert (
        last_speaker(f"{subject} spent a week there. “It never got dark at all,” he said.") is None
    )


def test_a_pronoun_chooses_between_two_subjects() -> None:
    """Of a man and a woman only one is "he"."""
    text = "Victor Hale and the pilot, Anna Bell, flew home. “It never got dark at all,” he said."
    assert last_speaker(text) == "Victor Hale"


def test_a_first_name_may_look_like_an_office() -> None:
    """A husband called Dean is no dean by his wife's surname."""
    text = "Marta Quill broke down on the pass. Her husband, Dean Quill, came with the tractor."
    assert last_speaker(text, "“She had the radio on when I found her.”") == "Dean Quill"


def test_a_dean_stays_one() -> None:
    """The office before a surname is none of the name."""
    text = "The dean, Ann Whitlow, left early. “The hall was cold all day,” Dean Whitlow said."
    assert last_speaker(text) == "Ann Whitlow"


@pytest.mark.parametrize(
    "text",
    [
        "Robin Ash called it a tale. Pressing the witness, she asked why he had waited.",
        "Robin Ash stood up. Smiling, she asked where he was that night.",
        "Robin Ash asked why he had waited.",
        "Peter Ash then cross-examined the driver.",
        "Peter Ash asked the driver how the gate had opened.",
    ],
)
def test_the_one_who_answers_is_not_the_one_who_asks(text: str) -> None:
    """Behind a question to somebody without a name, the answer is nobody's by name."""
    assert last_speaker(text, "“I heard the bell and ran,” he answered.") is None


def test_who_asks_for_something_goes_on_speaking() -> None:
    """A request is no question that another answers."""
    text = "Peter Ash asked for more time. “The papers came this morning,” he said."
    assert last_speaker(text) == "Peter Ash"


def test_a_named_witness_answers() -> None:
    """Of two who are named, the pronoun chooses the one it fits."""
    text = "Peter Ash asked whether Anna Bell had heard the gate."
    assert last_speaker(text, "“I heard it twice that night,” she answered.") == "Anna Bell"


@pytest.mark.parametrize(
    ("lead", "speaker"),
    [
        ("Hale opened the album and read out what Anna Bell had written in 1996", "Anna Bell"),
        ("Hale told the court what Ms Bell had said to him", "Anna Bell"),
        ("Hale quoted Anna Bell", "Anna Bell"),
        ("Hale likes to quote Anna Bell", "Anna Bell"),
        ("Hale read aloud from a letter by Anna Bell", "Anna Bell"),
        ("Hale repeated Anna Bell's warning", "Anna Bell"),
        ("Hale remembered what his mother used to say", None),
        ("Hale read out the rules on the wall", None),
        ("Hale recited a poem", None),
        ("Hale read out a statement", "Victor Hale"),
        ("Asked what Anna Bell had said, Hale replied", "Victor Hale"),
        ("This is what Hale said", "Victor Hale"),
    ],
)
def test_who_hands_words_on_is_not_their_source(lead: str, speaker: str | None) -> None:
    """What is read out, quoted or repeated is said by whom it is from."""
    paragraphs = (
        "Victor Hale, 50, and Anna Bell, 43, ran the mill.",
        f"{lead}: “Keep the river on your left.”",
    )
    assert last_speaker(*paragraphs) == speaker
