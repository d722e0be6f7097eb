"""Who says what: the rules, one by one, and when they keep silent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.quotes import find_quotations, find_spans

INTRO = "The mayor, Ana Ruiz, and the harbor master, Tom Adeyemi, met on Monday."


@pytest.mark.parametrize(
    ("paragraphs", "speakers"),
    [
        pytest.param(
            ['"We shall reopen the pier in May," said Ana Ruiz.'], ["Ana Ruiz"], id="verb, name"
        ),
        pytest.param(
            [INTRO, '"We shall reopen the pier in May," Ms. Ruiz said.'],
            ["Ana Ruiz"],
            id="title and surname",
        ),
        pytest.param(
            ['"Who pays for all of this?" asked Tom Adeyemi, who owns a boat.'],
            ["Tom Adeyemi"],
            id="question",
        ),
        pytest.param(
            ['Dr. Lena Voss, who runs the clinic, told Ana Ruiz that "we cannot wait for it".'],
            ["Lena Voss"],
            id="name before, another as object",
        ),
        pytest.param(
            ['"It was dark and it was late," Ana Ruiz said. "Nobody saw the rock at all."'],
            ["Ana Ruiz", "Ana Ruiz"],
            id="attribution in the middle",
        ),
        pytest.param(
            [
                "Tom Adeyemi met with Ana Ruiz and said that it was late.",
                '"We should have been told much earlier."',
            ],
            ["Tom Adeyemi"],
            id="all quotation, introduced before",
        ),
        pytest.param(
            [
                '"It was dark and it was late,\u201d said Ana Ruiz.',
                '"We did not see the rock at all."',
            ],
            ["Ana Ruiz"] * 2,
            id="goes on in the next paragraph",
        ),
        pytest.param(
            [
                "Ana Ruiz says it is over.",
                "\u201cWe fought for it all of the year.",
                "\u201cNow we shall rest for a while.\u201d",
            ],
            ["Ana Ruiz", "Ana Ruiz"],
            id="over two paragraphs",
        ),
        pytest.param(
            [
                "\u201cWe fought for it all of the year.",
                "\u201cNever again.",
                "\u201cNow we shall rest for a while,\u201d said Ana Ruiz.",
            ],
            ["Ana Ruiz"] * 3,
            id="named in the last of three paragraphs",
        ),
        pytest.param(
            ['"We went from "old habits" to "new" ones," said Ana Ruiz.'],
            ["Ana Ruiz"],
            id="tongs within straight marks",
        ),
        pytest.param(
            ['"The study is of great use to us," said J.D. Power.'], [None], id="organization"
        ),
        pytest.param(['"I write because I must do it," said J. K. Rowling.'], ["J. K. Rowling"]),
        pytest.param(
            ["Unleashing Atlas In The Modern Enterprise", '"It is a good day for all."'],
            [None],
            id="headline in title case",
        ),
        pytest.param(
            ["Robin Lund and Kai Moss met.", '"I shall not do it again," she said.'],
            [None],
            id="pronoun of two",
        ),
        pytest.param(
            ["Ana Ruiz is the mayor.", '"I shall not do it again," she said.'],
            ["Ana Ruiz"],
            id="pronoun of one",
        ),
        pytest.param(['"We shall not pay for it," the council said.'], [None], id="institution"),
        pytest.param(['"We shall not pay for it," said the United States.'], [None], id="country"),
        pytest.param(['They call it a "moderate" group.'], [], id="scare quotes"),
        pytest.param(['"So it goes in this town of ours."'], [None], id="nobody"),
    ],
)
def test_speakers_are_found_or_left_open(paragraphs: list[str], speakers: list[str | None]) -> None:
    """A name is given only where a rule is sure of it."""
    assert [q.speaker for q in find_quotations(paragraphs)] == speakers


def test_the_sample_article_has_its_five_quotations(shared_sample) -> None:
    """The broadcast style, quotations as paragraphs of their own, is understood."""
    rows = shared_sample.read_text(encoding="utf-8").split("\n")
    paragraphs = [row for row in rows if row.endswith((".", '"'))][:23]
    assert [q.speaker for q in find_quotations(paragraphs)] == [
        "Sergei Lavrov",
        "Issam al-Reis",
        "Sergei Gavrilov",
        "Issam al-Reis",
        "Louay Al-Safi",
    ]


@pytest.mark.parametrize(
    "text",
    [
        '"a b c d e"',
        "\u201ca b c d e\u201d",
        "\u00aba b c d e\u00bb",
        "\u201ea b c d e\u201c",
        "\u2018a b c d e f g h i j k l\u2019",
    ],
)
def test_all_usual_marks_are_known(text: str) -> None:
    """Straight, curly, angle and low marks, and single ones around a sentence."""
    assert find_spans(text) == [(0, len(text), False)]


def test_a_heading_introduces_nobody() -> None:
    """A name in a heading is no evidence of who speaks."""
    paragraphs = ["Ana Ruiz says goodbye", '"It is a good day for all of us."']
    assert find_quotations(paragraphs, headings={0})[0].speaker is None


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('"From "old" to "new" ways"', ['"From "old" to "new" ways"']),
        ("\u201cWe say \u201cno\u201d to it\u201d", ["\u201cWe say \u201cno\u201d to it\u201d"]),
        ('He is 5\'11" tall. "Yes, we can."', ['"Yes, we can."']),
        ('the 12" record and "a thing"', ['"a thing"']),
        ('"Hello, he said. "Goodbye then," she said.', ['"Goodbye then,"']),
    ],
)
def test_inner_marks_and_inches_divide_nothing(text: str, quoted: list[str]) -> None:
    """A quotation ends at its own mark; an inch mark opens none."""
    assert [text[a:b] for a, b, _ in find_spans(text)] == quoted


def test_apostrophes_open_nothing() -> None:
    """Possessives and contractions are no quotations."""
    assert find_spans("The boys\u2019 father didn\u2019t, it\u2019s \u2018fine") == []


@given(
    st.lists(st.text(st.sampled_from('aB "\u201c\u201d\u2018\u2019.,\u00ab\u00bb sai')), max_size=6)
)
def test_quotations_lie_in_their_paragraphs(paragraphs: list[str]) -> None:
    """Ranges are ordered, do not overlap, and stay inside."""
    last = (0, 0)
    for q in find_quotations(paragraphs):
        assert 0 <= q.start < q.end <= len(paragraphs[q.paragraph])
        assert (q.paragraph, q.start) >= last
        last = (q.paragraph, q.end)
