"""Lines that are no article text wherever they stand, and boxes and pull quotes amid the text."""

from __future__ import annotations

import pytest

from audiobrief.text.page.cues import find_whole_line_cue
from audiobrief.text.page.furniture import Cleaned, Line, clean, split_copies

STORY = (
    "The tramway to the upper town was opened again on Friday after nine months of work.",
    "It carried two thousand people before noon, the operator of the line said.",
    '"I have missed the view from the second bend more than anything," said Olga Brandt.',
    "The last bill for the new cables has not come yet, and the council will pay half of it.",
)


def heard(page: Cleaned) -> list[str]:
    return [block.text for block in page.blocks if block.dropped is None]


def cleaned(*lines: str) -> Cleaned:
    return clean([Line(line) for line in lines])


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Tram drivers vote on pay",
        "Read more about the cable works",
        "Watch: The first ride of the morning",
        "Related stories",
        "Share this article on Facebook",
        "Last updated 09:12 CET",
        "3.9 out of 112 reviews",
        "Foto: Olga Brandt",
        "(Reporting by Olga Brandt; Editing by Ned Pool)",
        "Additional reporting by Ned Pool",
        "Email the author at ned@courier.example",
        "Did you ride the tram? Write to us@courier.example and tell us.",
        "Sign up to receive our news by e-mail every morning.",
        "Subscribe to keep reading",
        "Lesen Sie auch: Streit um die Trasse",
        "À lire aussi : la grève des trams",
        "Lee también: Vuelve el tranvía",
        "Leggi anche: torna il tram",
        "Lees ook: de tram rijdt weer",
        "Leia também: o bonde voltou",
        "Abonnez-vous à notre newsletter",
        "Impressum",
        "Commentaires (12)",
        "____________________",
    ],
)
def test_a_line_of_furniture_amid_the_text_is_not_heard(line: str) -> None:
    """The paragraphs around it are."""
    page = clean([Line(text) for text in (*STORY[:2], line, *STORY[2:])], trust=3.0)
    assert [text for text in heard(page) if text in (*STORY, line)] == list(STORY)


@pytest.mark.parametrize(
    "sentence",
    [
        "Read more books, the teacher told her class.",
        "Share prices fell on Friday",
        "Photos by the agency were shown to the judge.",
        "Published in 1999, the novel sold well.",
        "Reporting by the agency found that half of the cables were rotten.",
        "Werbung wirkt, sagte die Ministerin am Montag.",
        "Related to the queen by marriage, he never spoke of it.",
    ],
)
def test_a_sentence_that_begins_like_furniture_is_none(sentence: str) -> None:
    """What goes on as a sentence is text."""
    assert find_whole_line_cue(sentence) is None


def test_a_quotation_set_apart_is_heard_once() -> None:
    """The short copy of a passage that stands beside it is dropped with that reason."""
    pulled = "\u201cI have missed the view from the second bend\u201d"
    page = clean([Line(text) for text in (*STORY[:3], pulled, STORY[3])], trust=3.0)
    assert heard(page) == list(STORY)
    assert {b.text: b.dropped for b in page.blocks}[pulled] == "repeats a passage nearby"


def test_a_quotation_that_nobody_repeats_is_heard() -> None:
    """A paragraph that is one quotation is text."""
    said = '"I will ride it every day until winter."'
    assert said in heard(clean([Line(text) for text in (*STORY, said)], trust=3.0))


def test_paragraphs_around_a_picture_and_a_form_are_kept() -> None:
    """Short sentences beyond a caption or a sign-up form belong to the text."""
    page = cleaned(
        "Tram runs again",
        "The tram runs again, and everybody in the upper town is happy.",
        "View image in fullscreen",
        "The tram at noon. Photograph: Ned Pool",
        "It stood still for nine months.",
        '"We walked," said Olga Brandt. "It was good for us."',
        "skip past newsletter promotion",
        "Sign up to the Morning Post",
        "after newsletter promotion",
        "The next tram line will follow in May.",
        "Explore more on these topics",
        "Trams",
    )
    assert heard(page) == [
        "Tram runs again",
        "The tram runs again, and everybody in the upper town is happy.",
        "It stood still for nine months.",
        '"We walked," said Olga Brandt. "It was good for us."',
        "The next tram line will follow in May.",
    ]


def test_a_ruler_is_one_line() -> None:
    """Thirty-two strokes are no sixteen twice."""
    assert split_copies("_" * 32) == ["_" * 32]


def test_a_headline_printed_twice_above_the_text_is_found() -> None:
    """Between menu and byline, the line that stands twice in a row is the headline."""
    page = cleaned(
        "Skip to content", "Courier", "Sport", "Sign in", "Tram line reopens",
        "Tram line reopens", "4 hrs ago", "Olga Brandt", "Reporter", "Save", *STORY,
    )  # fmt: skip
    assert (page.headline, page.byline) == ("Tram line reopens", "Olga Brandt")
