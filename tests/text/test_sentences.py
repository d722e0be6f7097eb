"""Sentence boundaries, and the promise that nothing is lost between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.sentences import MAX_CHARACTERS, split_sentences

CASES = [
    ["It never left the U.S.", "Inspectors say it is in Tacoma."],
    ["The U.S. Marines are here.", "U.S. Army trucks are not."],
    ["It was built by Brill Corp.", "Owners of the old model have to wait."],
    ["He stood at the corner of 5th Ave.", "Witnesses saw a van."],
    ["There is no Plan B.", "Friends say there never was."],
    ["They went to Ft. Raleigh and Mt. Harmon.", "The wall is 6 ft.", "It held."],
    ["\u201cWhere are they?\u201d Marlow asked the guard.", "Nobody knew."],
    ["\u201cStop!\u201d Ann Lee yelled at him.", "He ran."],
    ["\u201cNever mind!\u201d", "Marlow was already running."],
    ["He called him a \u201cwar criminal.\u201d", "He paused."],
    ['"We are done.', 'It is over."', "He left."],
    ['"Stop!" Mr. Jones shouted.', "Nobody did."],
    ['"Why?" she asked.', "Nobody knew."],
    ["The U.S. said no.", "Mr. J. K. Smith went to St. Petersburg."],
    ["It rose by 3.5 percent.", "No. 5 on the list fell."],
    ["She moved to the U.S.", "She likes it there."],
    ["He came at 5 p.m. Monday.", "The rain fell."],
    ["He came at 5 p.m.", "The rain fell."],
    ["Well... maybe.", "Then it ended."],
    ["Sen. Moss spoke.", "Gov. Reed listened."],
    ["It was St. Mary's Church.", "St. Peter's is older."],
    ["John F. Kennedy spoke.", "It was cold."],
    ['He asked "why?" and left.', "She stayed."],
    ["Is it over?", "Yes!", "It is."],
    ["The J.D. Power study came out.", "J. K. Rowling wrote it."],
    ["She works in Washington, D.C.", "Police said no."],
    ["He met Washington, D.C. Mayor Ada Moss.", "It rained."],
    ["They sold apples, etc.", "Nobody came."],
    ["In Roe v. Wade the court ruled.", "It was Monday."],
    ["2. Compare the prices.", "Then wait."],
    ["1. Compare the prices.", "2. Wait a week."],
    ["It never went back to the U.S.", "Its founder did."],
    ["The shop opens at 8 a.m.", "Bakers come first."],
    ["He waited\u2026", "Nothing came."],
    ['"We had a plan ..."', "Her voice broke."],
    ["Shares of Zowie! rose.", "They had expected Zowie! to fall."],
    ["They sang \u201cOn! On! On!\u201d all night.", "It rained."],
    ["Two fell ill.", "One died."],
    ["He blamed \u201ca lack of control.\u201d", "Staff said they had not been paid."],
    ["How long? nobody would say.", "It was late."],
    ["\u201cAre you sure?!\u201d he asked.", "\u201cYes!\u201d she said."],
    ["Acme Inc. rose.", "It is now called Acme Inc.", "The rest fell."],
    ["See www.example.com.", "Then call."],
    ["It struck at 7:15 a.m. Alaska time.", "Nobody was hurt."],
    ["\u201cDid you hear that?\u201d Lindgren said afterwards.", "\u201cI did.\u201d"],
    ["Pix!Box Ltd. was sold.", "Its owner left."],
    ["He lives in the U.S.", '"I like it," he said.'],
    ["They closed at 5 p.m.", "\u201cWe left,\u201d she said.", "It rained."],
    ['The U.S. "special relationship" is old.', "It holds."],
    ["Gas is approx. 5 euros.", "See vol. 3.", "It is est. 2 km away."],
    ["He met Cllr. Ann Lee.", "She agreed."],
    ['"Well, no."', "'Why not?' asked the boy."],
    ["He left (she stayed).", "(It rained.)", "It was late."],
]


@pytest.mark.parametrize("sentences", CASES, ids=lambda s: s[0][:30])
def test_sentences_are_found(sentences: list[str]) -> None:
    """News sentences are divided as a reader would."""
    assert split_sentences(" ".join(sentences)) == sentences


def test_an_ordinal_ends_no_sentence() -> None:
    """German writes a date with a period after the day."""
    sentences = ["Er kam am 3. M\u00e4rz nach Berlin.", "Dann ging er."]
    assert split_sentences(" ".join(sentences), "de") == sentences


def test_blank_text_has_no_sentence() -> None:
    """White space gives nothing."""
    assert split_sentences("  ") == []


def test_long_sentences_are_cut_at_clauses() -> None:
    """No piece is longer than an engine can take in one breath."""
    pieces = split_sentences(", ".join(["and then it rained for a day"] * 200) + ".")
    assert max(map(len, pieces)) <= MAX_CHARACTERS
    assert all(piece.endswith((",", ".")) for piece in pieces)


def test_one_endless_word_stays_whole() -> None:
    """A megabyte without a space is one word, not a thousand."""
    assert split_sentences("a" * 1_000_000) == ["a" * 1_000_000]


VOCABULARY = """
The he said Mr. U.S. St. No. 5 3.5 p.m. "Yes "no. No!" \u201cOh \u201d ... ? . ! (on) J. x
"""
PROSE = st.lists(st.sampled_from(VOCABULARY.split()), max_size=40).map(" ".join)


@given(st.one_of(PROSE, st.text()), st.sampled_from(["en", "en-GB", "de", "xx", "zh"]))
def test_nothing_is_lost_between_sentences(text: str, language: str) -> None:
    """Joined without white space, the sentences are the paragraph, in order and as it stands."""
    paragraph = " ".join(text.split())
    sentences = split_sentences(paragraph, language)
    assert "".join("".join(sentences).split()) == "".join(paragraph.split())
    position = 0
    for sentence in sentences:
        position = paragraph.index(sentence, position) + len(sentence)
