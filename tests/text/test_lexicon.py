"""Lexicons: whole words, capitals, phrases, scopes, and respellings that no engine misreads."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.speech.lexicon import Entry, Hit, Lexicon, entry_of, strictest_first

WORDS = st.text(alphabet="abAB1é-'. ", min_size=1, max_size=8).filter(
    lambda word: any(c.isalnum() for c in word)
)


def lexicon_of(*words: str) -> Lexicon:
    """Return a lexicon of these words, in one scope."""
    return Lexicon(strictest_first(Entry(word, say="x") for word in words))


def found(lexicon: Lexicon, text: str) -> list[str]:
    """Return the printed words to which entries apply."""
    return [text[hit.start : hit.end] for hit in lexicon.find(text)]


@pytest.mark.parametrize(
    ("word", "text", "expected"),
    [
        ("Dyett", "Dyett's, (Dyett) and Dyett-led: Dyett\u2019s.", ["Dyett"] * 4),
        ("Dyett", "Dyetts met McDyett and Dyett2.", []),
        ("Dyett", "DYETT and Dyett, not dyett.", ["DYETT", "Dyett"]),
        ("IS", "IS-held land is what IS has. IS's. This is IS", ["IS", "IS", "IS", "IS"]),
        ("read", "Read it; READ what you read, readers.", ["Read", "READ", "read"]),
        ("al-Reis", "Al-Reis and al\u2011Reis, not al Reis.", ["Al-Reis", "al\u2011Reis"]),
        ("O'Brien", "O\u2019Brien's and O'Brien", ["O\u2019Brien", "O'Brien"]),
        ("Xi Jinping", "Xi  Jinping and Xi\nJinping", ["Xi  Jinping", "Xi\nJinping"]),
        ("U.S.", "The U.S. and the U.S.-led U.S.A.", ["U.S.", "U.S."]),
        ("AT&T", "AT&T's, not AT&TX or XAT&T.", ["AT&T"]),
        (".NET", "the .NET, not ASP.NET", [".NET"]),
        ("don", "They don't; a don said he'd.", ["don"]),
        ("O", "O'Neill and O", ["O"]),
        ("he", "he'll, he'd, he's", ["he", "he", "he"]),
        ("500", "500, 1,500, 500.5 and 7:500 for 500.", ["500", "500"]),
        ("5G", "5G and 15G", ["5G"]),
        ("\u0141\u00f3d\u017a", "In \u0141\u00f3d\u017a.", ["\u0141\u00f3d\u017a"]),
    ],
)
def test_whole_words_match_whatever_stands_beside_them(word, text, expected):
    """Punctuation, hyphens and a possessive end a word; letters, digits and n't do not."""
    assert found(lexicon_of(word), text) == expected


@pytest.mark.parametrize(
    ("match_case", "expected"),
    [(True, ["Dyett"]), (False, ["Dyett", "DYETT", "dyett"]), (None, ["Dyett", "DYETT"])],
)
def test_capitals_match_as_the_entry_asks(match_case, expected):
    """Exactly, in any way, or capitals at least where the entry has them."""
    lexicon = Lexicon((Entry("Dyett", say="x", match_case=match_case),))
    assert found(lexicon, "Dyett DYETT dyett") == expected


def test_letters_without_a_partner_in_the_other_case_do_not_matter():
    """The German sharp s has two letters as a capital; nobody is refused for it."""
    assert Entry("Stra\u00dfe", say="x").fits("STRASSE")


def test_the_longest_entry_wins():
    """A phrase is more certain than its first word; nothing is matched twice."""
    lexicon = lexicon_of("New", "New York", "York Times", "New York Times")
    assert found(lexicon, "New York Times, New York, New Year") == [
        "New York Times",
        "New York",
        "New",
    ]


def test_the_stricter_entry_of_one_scope_wins():
    """The language and the polish are two words."""
    entries = strictest_first((Entry("polish", say="a"), Entry("Polish", say="b")))
    says = [hit.entry.say for hit in Lexicon(entries).find("Polish the Polish polish")]
    assert says == ["b", "b", "a"]


def test_an_upper_scope_wins_over_a_lower_one():
    """Article over workspace over shipped, also where the lower one is stricter."""
    shipped = Lexicon((Entry("IS", letters=True), Entry("Safi", say="shipped")))
    article = Lexicon((Entry("is", say="iz"), Entry("Safi", say="article")))
    both = article.over(shipped)
    assert [hit.entry.say for hit in both.find("IS met Safi")] == ["iz", "article"]
    assert [entry.word for entry in both.entries] == ["is", "Safi", "IS"]


def test_an_empty_lexicon_is_false_and_finds_nothing():
    """The usual case costs nothing."""
    empty = Lexicon()
    full = lexicon_of("a")
    assert (bool(empty), empty.find("a"), bool(full)) == (False, (), True)
    assert (empty.over(full), full.over(empty)) == (full, full)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"word": " ", "say": "x"}, "no word"),
        ({"word": "\u2014", "say": "x"}, "no word"),
        ({"word": "a\x00b", "say": "x"}, "no word"),
        ({"word": "a" * 201, "say": "x"}, "no word"),
        ({"word": "a"}, "one of them"),
        ({"word": "a", "say": "x", "letters": True}, "one of them"),
        ({"word": "a", "ipa": "x", "letters": True}, "one of them"),
        ({"word": "a", "say": " - "}, "nothing to say"),
        ({"word": "a", "say": ""}, "nothing to say"),
        ({"word": "a", "ipa": " "}, "nothing to say"),
        ({"word": "a", "say": "[[h@]]"}, "no marks"),
        ({"word": "a", "say": "<break/>"}, "no marks"),
        ({"word": "a", "say": "a\x01b"}, "no marks"),
    ],
)
def test_an_entry_that_says_nothing_is_refused(arguments, problem):
    """Neither a word without a way to say it, nor marks that an engine takes for commands."""
    with pytest.raises(ValueError, match=problem):
        Entry(**arguments)


@pytest.mark.parametrize(
    ("say", "spoken"),
    [
        ("DYE-it", "dye-it"),
        ("al RICE", "al rice"),
        ("F B I agent", "F B I agent"),
        ("zelenski", "zelenski"),
    ],
)
def test_stress_in_capitals_reaches_no_engine(say, spoken):
    """espeak-ng spells "AWN"; single letters stay capitals."""
    assert Entry("a", say=say).spoken == spoken


def test_an_entry_without_a_respelling_has_no_spoken_form():
    """Letters and IPA are the business of others."""
    assert (Entry("a", letters=True).spoken, Entry("a", ipa="e\u026a").spoken) == (None, None)


def test_two_plain_words_make_an_entry():
    """As front matter has them; "letters" is the reserved way."""
    assert entry_of("IS", "letters") == Entry("IS", letters=True)
    assert entry_of("Dyett", " DYE-it ", origin="a.md:3").origin == "a.md:3"


def test_where_an_entry_stands_is_no_part_of_it():
    """A line added above it makes no new episode."""
    assert Entry("a", say="b", origin="x:1") == Entry("a", say="b", origin="x:2")


@given(st.lists(WORDS, max_size=6), st.text(alphabet="abAB1\u00e9-'. ", max_size=60))
def test_hits_are_in_order_apart_and_whole_words(words, text):
    """Whatever stands in lexicon and text, replacing the hits can break no word."""
    hits = lexicon_of(*words).find(text)
    assert all(a.end <= b.start for a, b in pairwise(hits))
    for hit in hits:
        assert hit.start < hit.end
        printed = text[hit.start : hit.end]
        assert [c.casefold() for c in printed if c.isalnum()] == [
            c.casefold() for c in hit.entry.word if c.isalnum()
        ]
        assert not re.fullmatch(r"\w\w", text[max(0, hit.start - 1) : hit.start + 1])
        assert not re.fullmatch(r"\w\w", text[hit.end - 1 : hit.end + 1])


@given(WORDS)
def test_every_entry_finds_its_own_word(word):
    """Alone in a sentence, what was added applies."""
    entry = Entry(word, say="x")
    text = f'"{entry.word}"'
    assert Lexicon((entry,)).find(text) == (Hit(1, len(text) - 1, entry),)
