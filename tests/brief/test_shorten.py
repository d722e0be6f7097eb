"""A part of an article: whole sentences, none left hanging, no quotation broken."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.brief.sentence import Sentence, sentences_of
from audiobrief.brief.shorten import Kept, shorten
from audiobrief.brief.ties import needs_of
from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.text.openers import leans_on
from tests.brief.writing import TOPICS, article

HEADING = BlockKind.HEADING
ITEM = BlockKind.LIST_ITEM


def parsed(*blocks, language="en"):
    """Return the sentences of an article; a second per word, and its words as length."""
    made = [Block(*b) if isinstance(b, tuple) else Block(BlockKind.PARAGRAPH, b) for b in blocks]
    source = Article("The pier", tuple(made), "a", language=language)
    return sentences_of(source, lambda text: float(len(text.split())))


def needed(sentences, index, language="en"):
    """Return the texts that a sentence needs."""
    return [sentences[i].text for i in sorted(needs_of(sentences, language)[index])]


def test_sentences_know_their_place_length_and_quotations() -> None:
    """A quotation that goes on over paragraphs has one number."""
    rows = parsed(
        "Ana Ruiz opened the pier.",
        '"We have waited for long. We are glad today," said Ana Ruiz.',
        "\u201cNobody believed in it at all.",
        "\u201cNow they all do so,\u201d Ana Ruiz said.",
        "... ",
    )
    assert [s.paragraph for s in rows] == [0, 1, 1, 2, 3]
    assert [s.quotations for s in rows] == [(), (0,), (0,), (1,), (1,)]
    assert [s.is_quoted for s in rows] == [False, True, False, True, False]
    assert rows[2].speaker == "Ana Ruiz"
    assert rows[0].seconds == 5.0


def test_a_quotation_is_heard_whole_and_with_who_says_it() -> None:
    """Its sentences need each other; one without narration needs what stands beside it."""
    rows = parsed(
        "Ana Ruiz opened the pier.",
        '"We have waited for long. We are glad today," said Ana Ruiz. The pier is new.',
        '"Nobody believed in it at all."',
    )
    assert needed(rows, 1) == ['We are glad today," said Ana Ruiz.']
    assert needed(rows, 2) == ['"We have waited for long.']
    assert needed(rows, 4) == ["The pier is new."]


def test_a_quotation_that_opens_a_paragraph_takes_who_says_it_behind() -> None:
    """Where the sentence behind it is of the same paragraph."""
    rows = parsed("The pier is open.", '"We are very glad today indeed." Ana Ruiz smiled at that.')
    assert needed(rows, 1) == ["Ana Ruiz smiled at that."]


def test_he_needs_all_back_to_whom_he_is() -> None:
    """Nothing between may be missing, or he were somebody else."""
    rows = parsed(
        "The pier is open.", "Tom Moss built it with wood. The wood is from Rye.", "He is proud.",
    )  # fmt: skip
    assert needed(rows, 3) == ["Tom Moss built it with wood.", "The wood is from Rye."]


def test_chains_are_followed_through_headings() -> None:
    """What a heading parts may still lean."""
    rows = parsed("The pier is open.", "A storm is near.", (HEADING, "Doubts"), "But it may pass.")
    assert needed(rows, 3) == ["A storm is near.", "Doubts"]


def test_lists_questions_and_colons_keep_what_belongs_to_them() -> None:
    """An item its lead-in, a lead-in its first item, a question what follows."""
    rows = parsed(
        "The pier is open.", "Bring three things:", (ITEM, "A warm coat"),
        (ITEM, "A lamp. Batteries are sold there."), "Who pays for the lamp? Nobody in the town.",
    )  # fmt: skip
    assert needed(rows, 1) == ["A warm coat"]
    assert needed(rows, 2) == ["Bring three things:"]
    assert needed(rows, 3) == ["Bring three things:", "A warm coat"]
    assert needed(rows, 4)[-1] == "A lamp."
    assert needed(rows, 5) == ["Nobody in the town."]


def test_of_another_language_paragraphs_are_told_from_their_beginning() -> None:
    """Which words lean there is not known."""
    rows = parsed("Der Steg ist offen. Viele kamen. Er ist neu.", "Das war so.", language="de")
    assert needed(rows, 2, "de") == ["Der Steg ist offen.", "Viele kamen."]
    assert needed(rows, 3, "de") == []


def test_the_first_sentence_is_told_in_any_time() -> None:
    """With all that it needs; headings before it are no first sentence."""
    rows = parsed((HEADING, "Pier"), "Is the pier open? It is since May.", "Boats came.")
    assert shorten(rows, 0.0).indices == (1, 2)
    assert shorten((), 5.0) == Kept((), (), 0.0)


def test_a_whole_article_that_fits_is_told_whole() -> None:
    """All but a heading with nothing behind it."""
    rows = parsed("The pier is open.", (HEADING, "Boats"), "Boats came.", (HEADING, "Read on"))
    kept = shorten(rows, 100.0)
    assert kept.indices == (0, 1, 2)
    assert set(kept.reasons) == {"the whole article is told"}


def test_names_and_numbers_are_kept_before_filler() -> None:
    """Of two sentences of one length the one that says who and how much."""
    rows = parsed(
        "The pier is open.",
        "People were glad about that and about the fine day.",
        "Repairs by Tom Moss of Kelby took 14 months in all.",
    )
    kept = shorten(rows, 15.0)
    assert kept.indices == (0, 2)
    assert kept.reasons == ("the first sentence is always told", "for its names and numbers")


def test_what_was_said_already_is_worth_less() -> None:
    """A sentence that repeats another gives way to one that does not."""
    rows = parsed(
        "The old wooden pier of the town will be repaired soon.",
        "The old wooden pier of the town is repaired soon enough.",
        "Ferries cross the wide bay twice in every summer month.",
    )
    assert shorten(rows, 22.0).indices == (0, 2)


LEANING = [
    "He was tired.", "However, nobody saw that.", "Their boats were gone.", "Such is life there.",
    "\u201cIt was a hard winter for us all. We shall see,\u201d said Tom Moss.", "She agreed.",
    "Why was it so?", "They bought:", "Not so.", '"That was it," he said.',
    "Meanwhile he wrote to Ana Ruiz.", "The latter cost 40 crowns.",
]  # fmt: skip


@st.composite
def articles(draw):
    """Return blocks of every kind, plain and leaning sentences mixed."""
    plain = article(draw(st.sampled_from(sorted(TOPICS))), draw(st.integers(0, 50)), 30)
    pool = [*re.split(r"(?<=[.!?])\s+", plain), *LEANING, *LEANING]
    blocks = []
    for kind in draw(st.lists(st.sampled_from(list("ppppphi")), min_size=1, max_size=14)):
        chosen = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=4))
        text = " ".join(chosen if kind == "p" else chosen[:1])
        blocks.append((HEADING, "What they saw") if kind == "h" else
                      (ITEM if kind == "i" else BlockKind.PARAGRAPH, text))  # fmt: skip
    return parsed(*blocks, (BlockKind.PARAGRAPH, "The end came in May."))


@settings(deadline=None)
@given(articles(), st.floats(0.0, 1.2))
def test_nothing_is_ever_left_hanging(rows, share) -> None:
    """Within the time unless the first sentence is longer; in order; nobody's words cut."""
    budget_s = share * sum(s.seconds for s in rows)
    kept = shorten(rows, budget_s)
    told = set(kept.indices)
    first = next(i for i, s in enumerate(rows) if s.kind is not HEADING)
    assert first in told
    assert list(kept.indices) == sorted(told)
    least = {first} | needs_of(rows)[first]
    assert kept.seconds <= budget_s + 1e-6 or told == least
    for i in told:
        if i > first and rows[i].kind is not HEADING and leans_on(rows[i].text):
            assert i - 1 in told
        if rows[i].kind is HEADING:
            assert i + 1 in told
        if rows[i].text.endswith((":", "?")) and i + 1 < len(rows):
            assert i + 1 in told
    for i, sentence in enumerate(rows):
        for other in told:
            if set(sentence.quotations) & set(rows[other].quotations):
                assert i in told
    assert shorten(rows, budget_s) == kept


def test_more_time_tells_no_less() -> None:
    """The time is used: what is left is less than any sentence that could be added."""
    rows = parsed(*article("harbor", 3, 30).split("\n"))
    lengths = [shorten(rows, float(budget)).seconds for budget in range(20, 400, 20)]
    assert all(b >= a - 20 for a, b in pairwise(lengths))
    assert all(0 <= budget - s < 25 for budget, s in zip(range(20, 400, 20), lengths, strict=True))


def test_lengths_and_orders_that_cannot_be_are_refused() -> None:
    """Values that no stage could use."""
    with pytest.raises(ValueError, match="0 seconds or more"):
        Sentence("A.", 0, -1.0)
    with pytest.raises(ValueError, match="order of the source"):
        Kept((2, 1), ("a", "b"), 1.0)
