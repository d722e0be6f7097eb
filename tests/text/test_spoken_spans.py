"""Spoken words keep the place where they were printed, and what a lexicon says is said."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.speech.lexicon import Entry, Lexicon
from audiobrief.text.speech.spoken import SpokenForm, speak_out
from audiobrief.text.speech.tracked import Tracked

#: Pieces of news that rules take up, and all that breaks them.
_PRINTED = (
    *(
        "$3.5 billion",
        "Sen. Moss",
        "the",
        "U.S.",
        "(FSA)",
        "--",
        "25%",
        "on 26 October 2015",
        "5-4",
    ),
    *(
        "Charles III",
        "a.b@x.org",
        "\u201cYes,\u201d",
        "WHO",
        "IS",
        "9/11",
        "\U0001f600",
        "A4",
        '12"',
    ),
    *("St. Mary's", "10am-4pm", "he said:", "[sic]", ",", ".", "\u00bd", "''", "3 km", "e\u0301"),
    *("BREAKING NEWS OF THE DAY", "https://x.com/a", "\u2026", "  ", "\n", "#1", "w/", "e.g."),
    *("No. 10", "\u200b"),
)
PIECES = st.sampled_from(_PRINTED)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=12).map(" ".join))
LEXICON = Lexicon(
    (
        Entry("Charles", say="charlz"),
        Entry("IS", letters=True),
        Entry("Moss", ipa="m\u0252s"),
        Entry("WHO", say="the health people", ipa="hu\u02d0"),
    )
)


def printed(text: str, form: SpokenForm) -> list[tuple[str, str]]:
    """Return spoken words beside what was printed."""
    return [
        (form.text[s.spoken_start : s.spoken_end], text[s.printed_start : s.printed_end])
        for s in form.spans
    ]


def test_words_written_out_point_at_their_figures() -> None:
    """A player shows the printed words while the spoken ones are heard."""
    text = "Sen. Moss paid $3.5 billion on 9/11."
    assert printed(text, speak_out(text)) == [
        ("Senator", "Sen."),
        ("Moss", "Moss"),
        ("paid", "paid"),
        ("three point five billion dollars", "$3.5 billion"),
        ("on", "on"),
        ("nine eleven.", "9/11."),
    ]


def test_offsets_count_in_the_text_as_given() -> None:
    """White space and invisible characters that go do not shift what stands behind them."""
    text = "  A\u200b  tiny\n\n5%  cut "
    assert [p for _, p in printed(text, speak_out(text))] == ["A\u200b", "tiny", "5%", "cut"]


@given(TEXTS)
def test_every_spoken_word_has_a_printed_one(text: str) -> None:
    """Spans are in order, apart, within bounds, of whole words, and cover all that is spoken."""
    form = speak_out(text)
    spoken_end = printed_end = 0
    for span in form.spans:
        assert spoken_end <= span.spoken_start < span.spoken_end <= len(form.text)
        assert printed_end <= span.printed_start < span.printed_end <= len(text)
        spoken_end, printed_end = span.spoken_end, span.printed_end
    covered = "".join(form.text[s.spoken_start : s.spoken_end] for s in form.spans)
    assert "".join(covered.split()) == "".join(form.text.split())


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=15).map(" ".join))
def test_plain_words_stand_for_themselves(text: str) -> None:
    """What no rule touches is one span a word."""
    assert all(spoken == there for spoken, there in printed(text, speak_out(text)))


@given(TEXTS)
def test_a_lexicon_is_obeyed_and_spans_stay_sound(text: str) -> None:
    """What it says stands in the spoken form word for word; sounds point at words."""
    form = speak_out(text, lexicon=LEXICON)
    for start, end, sounds, _ in form.phonemes:
        assert 0 <= start < end <= len(form.text)
        assert sounds in {"m\u0252s", "hu\u02d0"}
    covered = "".join(form.text[s.spoken_start : s.spoken_end] for s in form.spans)
    assert "".join(covered.split()) == "".join(form.text.split())


def test_rules_work_around_a_protected_word() -> None:
    """The name is said as told, and the numeral behind it is still an ordinal."""
    form = speak_out("Charles III met Moss of the WHO and IS.", lexicon=LEXICON)
    assert form.text == "charlz the third met Moss of the the health people and I S."
    assert [(form.text[s.start : s.end], s.ipa) for s in form.phonemes] == [
        ("Moss", "m\u0252s"),
        ("the health people", "hu\u02d0"),
    ]


def test_a_protected_word_is_not_lowered_or_spelled() -> None:
    """Neither the rule for capitals nor one for abbreviations reaches it."""
    lexicon = Lexicon((Entry("OPEC", say="oh peck"), Entry("St.", say="saint")))
    assert (
        speak_out("THE OPEC RAISES ALL PRICES", lexicon=lexicon).text
        == "The oh peck raises all prices"
    )


def test_only_words_that_differ_count_as_changed() -> None:
    """What a pattern looks at beside its words keeps its own place."""
    text = Tracked("a $1 grant")
    text.substitute(re.compile(r"a (\S+) grant"), "a one dollar grant")
    assert [
        (s.spoken_start, s.spoken_end, s.printed_start, s.printed_end) for s in text.spans()
    ] == [
        (0, 1, 0, 1),
        (2, 12, 2, 4),
        (13, 18, 5, 10),
    ]


def test_a_protected_range_is_never_edited() -> None:
    """A substitution that would change it is left out, others are made."""
    text = Tracked("one two one", protected=((0, 3),))
    text.substitute(re.compile("one"), "1")
    assert text.text == "one two 1"
    assert text.present(0, 3) == (0, 3)


@given(st.lists(PIECES.filter(lambda piece: piece != "[sic]"), max_size=12).map(" ".join))
def test_no_printed_word_is_lost(text: str) -> None:
    """Each printed word with a letter or figure belongs to something that is spoken."""
    form = speak_out(text)
    hit = [text[s.printed_start : s.printed_end] for s in form.spans]
    missing = Counter(word for word in text.split() if any(c.isalnum() for c in word))
    missing.subtract(word for words in hit for word in words.split())
    assert [word for word, count in missing.items() if count > 0] == []
