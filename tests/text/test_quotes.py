"""Who says what: the rules, one by one, and when they keep silent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.quotation.quotes import find_quotations, find_spans

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


MARIT = "Mayor Marit Holm and harbor master Tom Adeyemi met on Monday."
SHALL = "\u201cWe shall do it all again\u201d"

EXPLICIT = [
    ("Ana Ruiz says: \u201cWe shall do it all again.\u201d", "Ana Ruiz"),
    ("As Ana Ruiz put it: \u201cWe shall do it all again.\u201d", "Ana Ruiz"),
    ("According to Ana Ruiz, \u201cwe shall do it all again.\u201d", "Ana Ruiz"),
    ("In the words of Ana Ruiz, \u201cwe shall do it all again.\u201d", "Ana Ruiz"),
    ("\u201cWe shall do it all again,\u201d Ana Ruiz told reporters.", "Ana Ruiz"),
    ("\u201cWe shall do it all again,\u201d Ana Ruiz laughed.", "Ana Ruiz"),
    ("\u201cWe shall do it all again,\u201d said Dr. Ana Ruiz Jr., who left.", "Ana Ruiz Jr."),
    ("Ana Ruiz, the minister, said: \u201cWe shall do it all again.\u201d", "Ana Ruiz"),
    ("The minister, Ana Ruiz, said: \u201cWe shall do it all again.\u201d", "Ana Ruiz"),
    ("\u201cWe shall do it all again,\u201d said Ana Ruiz, spokeswoman for Tom Roe.", "Ana Ruiz"),
    ("\u201cWe shall do it all again,\u201d said Roe\u2019s lawyer, Ana Ruiz.", "Ana Ruiz"),
    ("\u201cWe shall do it all again.\u201d \u2014 Ana Ruiz, mayor", "Ana Ruiz"),
    ("\u00ab We shall do it all again \u00bb, said Ana Ruiz.", "Ana Ruiz"),
    ("\u2018We shan\u2019t do it all again,\u2019 said Ana Ruiz.", "Ana Ruiz"),
    ("\u201cWe shall do it all again,\u201d said King Salman.", "King Salman"),
    (
        "\u201cWe shall do it all again,\u201d said \u015eenol \u00d6zt\u00fcrk.",
        "\u015eenol \u00d6zt\u00fcrk",
    ),
    (
        "\u201cWe shall do it all again,\u201d said Sin\u00e9ad O\u2019Hara-Li.",
        "Sin\u00e9ad O\u2019Hara-Li",
    ),
    ("\u201cWe shall do it all again,\u201d a spokesman for Tom Roe said.", None),
    ("\u201cWe shall do it all again,\u201d said a spokesman for Tom Roe.", None),
    ("Hong Kong said in a note: \u201cWe shall do it all again.\u201d", None),
    ("\u201cWe shall do it all again,\u201d Acme Tools Inc. said.", None),
    ("\u201cWe tested it for a whole month,\u201d I told Ana Ruiz.", None),
]


@pytest.mark.parametrize(("paragraph", "speaker"), EXPLICIT)
def test_a_sentence_names_the_speaker_or_nobody(paragraph: str, speaker: str | None) -> None:
    """Name and verb on either side of the quotation; firms, cities and spokesmen are nobody."""
    assert [q.speaker for q in find_quotations([paragraph])] == [speaker]


IN_CONTEXT = [
    ("\u201cWe shall do it all again,\u201d the mayor said.", "Marit Holm"),
    ("\u201cWe shall do it all again,\u201d the spokesman said.", None),
    ("\u201cWe shall do it all again,\u201d a witness said.", None),
    ("\u201cWe shall do it all again,\u201d Holm and Adeyemi said.", None),
    ("\u201cWe shall do it all again,\u201d Holm\u2019s lawyer said.", None),
    ("A sign on the door read \u201cNo more boats for anybody here.\u201d", None),
    ("The statement read: \u201cNo more boats for anybody here.\u201d", None),
    ("Ms Holm denied saying \u201cwe shall do it all again\u201d.", None),
    ("Holm has not said \u201cwe shall do it all again\u201d to anyone.", None),
    ("Ms Holm was told: \u201cYou shall never do that again.\u201d", None),
    ("Ms Holm was told by Mr Adeyemi: \u201cYou shall not do that.\u201d", "Tom Adeyemi"),
    ("Asked by Mr Adeyemi about it, Ms Holm said: \u201cWe shall do it again.\u201d", "Marit Holm"),
    ("Ms Holm quoted Mr Adeyemi as saying \u201cwe shall never do it\u201d.", "Tom Adeyemi"),
    ("Mr Adeyemi was quoted as saying \u201cwe shall never do it\u201d.", "Tom Adeyemi"),
    ("Ms Holm accused Mr Adeyemi of saying \u201cwe shall do it again\u201d.", None),
    ("Ms Holm blamed Mr Adeyemi, saying \u201che shall not do it again\u201d.", "Marit Holm"),
    ("The pier, Ms Holm said, \u201cis a disgrace to all of us\u201d.", "Marit Holm"),
    ("\u201cA disgrace to all of us\u201d was how Ms Holm put it.", "Marit Holm"),
    ("Ms Holm, who said that \u201cwe shall do it all again\u201d, left.", "Marit Holm"),
    ("Holm went on to say that \u201cwe shall do it all again\u201d.", "Marit Holm"),
    ("Holm met Adeyemi and said: \u201cWe shall do it all again.\u201d", "Marit Holm"),
    ("Holm\u2019s answer was short: \u201cWe shall do it all again.\u201d", "Marit Holm"),
    ("Holm said that Adeyemi had told her \u201cwe shall do it again\u201d.", "Tom Adeyemi"),
    ("Mr. Adeyemi laughed. \u201cI never wanted it at all.\u201d", "Tom Adeyemi"),
    ("Under the motto \u201cmake the harbor great again now\u201d they marched.", None),
    ("In a letter to Holm, the union said: \u201cWe never wanted it here.\u201d", None),
    ("MARIT HOLM: \u201cWe shall do it all again.\u201d", "Marit Holm"),
    ("A: \u201cWe shall do it all again.\u201d", None),
]


@pytest.mark.parametrize(("paragraph", "speaker"), IN_CONTEXT)
def test_the_clause_decides_between_two_people(paragraph: str, speaker: str | None) -> None:
    """Who is told, denied, accused or named beside it does not say it."""
    assert [q.speaker for q in find_quotations([MARIT, paragraph])] == [speaker]


@pytest.mark.parametrize(
    ("paragraphs", "speakers"),
    [
        (
            ["William \u201cBill\u201d Shaw left.", f"{SHALL}, Shaw said."],
            ["William \u201cBill\u201d Shaw"],
        ),
        (["Tom King owns it.", f"{SHALL}, King said."], ["Tom King"]),
        (["Ada Moss is a baker. There is moss on it.", f"{SHALL}, Moss said."], ["Ada Moss"]),
        (["Eva van Roe, 40, left.", f"{SHALL}, said van Roe."], ["Eva van Roe"]),
        (["Xi Jinping, the president, spoke.", f"{SHALL}, Xi said."], ["Xi Jinping"]),
        (["Dan Moss, known to all as Dizzy, left.", f"{SHALL}, Dizzy said."], ["Dan Moss"]),
        (["The Blue Heron is a boat.", f"{SHALL}, Heron said."], [None]),
        (["Ann Fry and her brother Bob Fry left.", f"{SHALL}, Fry said."], [None]),
        (["Ann Fry and her brother Bob Fry left.", f"{SHALL}, Mr Fry said."], ["Bob Fry"]),
        (["Rosa and Penrose & Sons met Jo Penrose.", f"Penrose & Sons said {SHALL}."], [None]),
        (["Ana Ruiz left. A man in a hat was angry.", f"{SHALL}, he said."], [None]),
        (["Ana Ruiz left. Her husband, Tom, is a baker.", f"{SHALL}, he said."], ["Tom"]),
        ([f"{SHALL}, one fisherman said. \u201cIt is our right to do so.\u201d"], [None, None]),
        ([MARIT, f"{SHALL}.", "\u201cWe shall never do it again.\u201d"], [None, None]),
        (
            ["Elena Voss, a doctor, has seen it.", "\u201cWe say never again now.\u201d"],
            ["Elena Voss"],
        ),
        (["Elena Voss met Kim Lund.", "\u201cWe say never again now.\u201d"], [None]),
        (
            ["They asked for help from minister Ada Moss.", "\u201cWe cannot do it now.\u201d"],
            ["Ada Moss"],
        ),
        (["Her book, \u201cThe Long Way to the Small Sea\u201d, is out."], []),
    ],
)
def test_people_are_followed_through_the_article(
    paragraphs: list[str], speakers: list[str | None]
) -> None:
    """Surnames, nicknames, titles and pronouns lead to one person, or to nobody."""
    assert [q.speaker for q in find_quotations(paragraphs)] == speakers


def test_the_mention_that_names_the_speaker_is_told() -> None:
    """It stands in the quotation's sentence or right before; "he said" names nobody."""
    paragraphs = [
        "Mr Adeyemi says it is late.",
        "\u201cWe cannot wait for the boat.\u201d",
        "He has seen it before.",
        "\u201cIt has been so every year.\u201d",
    ]
    first, second = find_quotations(paragraphs)
    assert first.named_at == (0, 3, 10)
    assert second.speaker == "Adeyemi"
    assert second.named_at is None


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


VOCABULARY = """
Ana Ruiz Mr Ms. Roe Tom the mayor said told by of who and not he She told, said: "We go now
again," \u201cWe go now again.\u201d \u2018We home.\u2019 , . King Hong Kong, & 's a as saying
"""
WORDS = st.sampled_from(VOCABULARY.split())


@given(st.lists(st.lists(WORDS, max_size=25).map(" ".join), max_size=4))
def test_no_speaker_is_invented(paragraphs: list[str]) -> None:
    """Every word of a speaker's name stands in the article, and rules tell what they decided."""
    text = " ".join(paragraphs).lower()
    for q in find_quotations(paragraphs):
        assert 0.0 <= q.confidence <= 1.0
        assert q.speaker is None or all(word.lower() in text for word in q.speaker.split())
        assert q.speaker is None or q.rule
        if q.named_at is not None:
            paragraph, start, end = q.named_at
            assert 0 <= start < end <= len(paragraphs[paragraph])
