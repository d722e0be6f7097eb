"""What a text says beyond its source is found: sentences pass, changes of them do not."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from audiobrief.brief.figure import find_figure
from audiobrief.brief.grounded import Bounds, find_excess, find_ungrounded, ground_of
from audiobrief.brief.hanging import find_hanging
from audiobrief.brief.sentence import Sentence
from audiobrief.text.sentences import split_sentences
from tests.brief.writing import TOPICS, article

HEADLINE = "Old pier of Kelby reopens"
TEXT = """
Ana Ruiz, the mayor of Kelby, reopened the old pier on Monday after 3 million crowns were spent.
"We shall never close it again," said Bo Brandt, who runs the ferry.
The council may sell 12 of its 40 boats. Ruiz was sued by Moss in 2019.
Workers in Tolva did not repair the crane. She praised them. About 30 percent of the visitors left.
Greta Holm told the council that the harbor lost 1,200 tons of freight.
Some owners asked Moss to leave. Did the captain lie?
"The pier is a disgrace," Moss said, "and it always was."
"""


def ground(text=TEXT, headline=HEADLINE):
    """Return what an article says."""
    sentences = split_sentences(" ".join(text.split()))
    return ground_of(headline, [Sentence(s, 0, 0.0) for s in sentences])


@pytest.mark.parametrize(
    "text",
    [
        "Ana Ruiz reopened the old pier on Monday.",
        "On Monday, Ana Ruiz reopened the old pier.",
        "Ruiz reopened the pier after 3,000,000 crowns were spent.",
        "Ruiz reopened the pier after three million crowns were spent.",
        "Now to Kelby, where the old pier reopens.",
        "In other news, the mayor of Kelby reopened the old pier.",
        "Ruiz was sued by Moss.",
        "In 2019, Ruiz was sued by Moss.",
        "Workers in Tolva didn't repair the crane.",
        '"We shall never close it again," said Bo Brandt.',
        "\u201cWe shall never close it again,\u201d said Brandt.",
        "Around thirty per cent of the visitors left.",
        "Ana Ruiz reopened the old pier, and the council may sell 12 of its 40 boats.",
        "Holm told the council that the harbor lost 1,200 tons.",
        "Old pier of Kelby reopens",
        "The pier of Kelby reopens.",
    ],
)
def test_what_the_source_says_in_fewer_words_passes(text):
    """Words left out, figures as words, a date or place in front."""
    assert find_ungrounded(text, ground()) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Ana Ruiz reopened the pier after 4 million crowns were spent.", '"4 million crowns"'),
        ("Ana Ruiz reopened the pier after 3 million dollars were spent.", "3 million dollars"),
        ("The council may sell 40 of its 12 boats.", "in this order"),
        ("The council may sell 12 boats.", "in this order"),
        ("The council may sell more than 12 of its 40 boats.", "more than 12"),
        ("30 percent of the visitors left.", '"30 percent"'),
        ("Bo Brandt reopened the old pier.", "lacks"),
        ("Moss was sued by Ruiz in 2019.", "in this order"),
        ("Ruiz sued Moss.", "in this order"),
        ("Ruiz was sued in 2018.", '"2018"'),
        ("Ruiz reopened the pier on Tuesday.", '"Tuesday"'),
        ("Hubert Xavier reopened the old pier.", '"Hubert"'),
        ("The council sells 12 of its 40 boats.", '"may"'),
        ("Workers in Tolva repaired the crane.", '"not"'),
        ("The council may not sell 12 of its 40 boats.", '"not"'),
        ("Owners asked Moss to leave.", '"some"'),
        ("The harbor lost 1,200 tons of freight.", "somebody says so"),
        ("The captain did lie.", "a question"),
        ("Did Ana Ruiz reopen the old pier?", "a question"),
        ('"We shall always close it again," said Bo Brandt.', "the quotation"),
        ('"We shall never close it again," said Ana Ruiz.', "lacks"),
        ('Ana Ruiz "reopened the old pier".', "the quotation"),
        ("Bo Brandt said we shall never close it again.", "not in the source"),
        ("The pier is a disgrace.", "not in the source"),
        ("The mayor was arrested.", '"arrested"'),
        ("The mayor reopened the pier because of Moss.", '"because"'),
        ("The old pier reopens.", "in this order"),
        ("Workers did not repair the crane.", "in this order"),
        ("The pier opens if Moss leaves.", "not in the source"),
        ("Now the news.", "says nothing"),
        ("", "says nothing"),
        ("Ana Ruiz <b>reopened</b> the old pier.", "characters"),
        ("Ana Ruiz reopened the old pier\u200b.", "characters"),
    ],
)  # fmt: skip
def test_what_the_source_does_not_say_is_named(text, why):
    """With the word that shows it."""
    assert why in "; ".join(find_ungrounded(text, ground()))


@st.composite
def sources(draw):
    """Return an article of words of our own as sentences, and the index of one."""
    text = article(draw(st.sampled_from(list(TOPICS))), draw(st.integers(0, 10_000)), 12)
    sentences = split_sentences(text.replace("\n", " "))
    return sentences, draw(st.integers(0, len(sentences) - 1))


@given(sources())
@settings(max_examples=60, deadline=None)
def test_every_sentence_of_a_source_passes(source):
    """Alone, and all together."""
    sentences, _ = source
    own = ground(" ".join(sentences), "Of the day")
    assert [find_ungrounded(s, own) for s in sentences] == [()] * len(sentences)
    assert find_ungrounded(" ".join(sentences), own) == ()


@given(sources(), st.integers(0, 99_999), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_a_changed_number_never_passes(source, number, which):
    """Whatever else stands in the source; also a number that stands elsewhere in it."""
    sentences, index = source
    own = ground(" ".join(sentences), "Of the day")
    sentence = sentences[index]
    figures = list(re.finditer(r"\d+", sentence))
    assume(figures)
    there = re.findall(r"\d+", " ".join(sentences))
    new = there[which % len(there)] if which % 2 else str(number)
    match = figures[which % len(figures)]
    changed = sentence[: match.start()] + new + sentence[match.end() :]
    assume(changed not in sentences)
    assert find_ungrounded(changed, own) != ()


_FULL_NAME = re.compile(r"\b(?:Ana|Bo|Greta|Felix|Irma|Jana|Karl|Lena|Marco|Nadia|Owen|Paul|Rhea"
                        r"|Sam|Tomas|Ines) [A-Z][a-z]+")  # fmt: skip


@given(sources(), st.integers(0, 99), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_swapped_name_never_passes(source, which, is_invented):
    """Neither for another one of the source, nor for one that is invented."""
    sentences, index = source
    own = ground(" ".join(sentences), "Of the day")
    sentence = sentences[index]
    names = _FULL_NAME.findall(sentence)
    others = sorted(set(_FULL_NAME.findall(" ".join(sentences))))
    assume(names)
    new = "Hubert Xavier" if is_invented else others[which % len(others)]
    changed = sentence.replace(names[which % len(names)], new)
    assume(changed not in sentences)
    assert find_ungrounded(changed, own) != ()


@given(sources())
@settings(max_examples=60, deadline=None)
def test_two_names_or_numbers_that_changed_places_never_pass(source):
    """Though every word stands in the sentence."""
    sentences, index = source
    own = ground(" ".join(sentences), "Of the day")
    sentence = sentences[index]
    for pattern in (_FULL_NAME, re.compile(r"\d+")):
        found = list(pattern.finditer(sentence))
        if len(found) < 2 or found[0][0] == found[1][0]:
            continue
        a, b = found[:2]
        changed = (
            sentence[: a.start()] + b[0] + sentence[a.end() : b.start()] + a[0]
            + sentence[b.end() :]
        )  # fmt: skip
        assert find_ungrounded(changed, own) != (), changed


@given(sources(), st.sampled_from(["who", "of", "tomorrow", "a scandal", "we shall see"]))
@settings(max_examples=40, deadline=None)
def test_an_invented_quotation_never_passes(source, invented):
    """Nor does narration in quotation marks."""
    sentences, index = source
    own = ground(" ".join(sentences), "Of the day")
    sentence = sentences[index].rstrip(".")
    assume('"' not in sentence)
    assert find_ungrounded(f'{sentence}, "{invented}".', own) != ()
    words = sentence.split()
    quoted = " ".join([*words[:2], f'"{" ".join(words[2:5])}"', *words[5:]])
    assert find_ungrounded(f"{quoted}.", own) != ()


@given(sources(), st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_not_cannot_be_put_in(source, place):
    """Wherever it is put."""
    sentences, index = source
    own = ground(" ".join(sentences), "Of the day")
    words = sentences[index].split()
    assume("not" not in words and place < len(words))
    changed = " ".join([*words[:place], "not", *words[place:]])
    assert find_ungrounded(changed, own) != ()


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("3 million", "3000000"), ("three million", "3000000"), ("3,000,000", "3000000"),
        ("2.5 billion dollars", "2500000000 dollar"), ("$ 2.5 billion", "2500000000 dollar"),
        ("twenty five", "25"), ("two hundred and five", "205"), ("two dozen", "24"),
        ("one thousand two hundred", "1200"), ("5 %", "5 percent"), ("five per cent", "5 percent"),
        ("first", "1th"), ("1st", "1th"), ("at least 7", "at least 7"), ("over 7", ">7"),
        ("more than seven", ">7"), ("10:30", "10:30"), ("1990s", "1990s"), ("007", "7"),
        ("five million and two", "5000002"),
    ],
)  # fmt: skip
def test_numbers_are_values(words, key):
    """However they are written."""
    assert find_figure(words.split(), 0).key == key


@pytest.mark.parametrize("words", ["about it", "over the pier", "some owners", "and five", "$", ""])
def test_what_is_no_number(words):
    """Words that bound a number do not make one."""
    assert find_figure(words.split(), 0) is None


def test_a_sentence_that_leans_follows_what_it_leans_on():
    """Who "she" is in a summary is who she is in the source."""
    before, crane, she = (
        "Ana Ruiz reopened the old pier on Monday.",
        "Workers in Tolva did not repair the crane.",
        "She praised them.",
    )
    assert list(find_hanging([crane, she], ground())) == []
    assert list(find_hanging([before, she], ground())) != []
    assert list(find_hanging([she], ground())) != []


def test_length_is_bounded():
    """In words and in sentences."""
    assert find_excess("It rained. It poured.", Bounds(4, 2)) == ()
    assert len(find_excess("It rained. It poured again.", Bounds(4, 1))) == 2
