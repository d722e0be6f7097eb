"""W3C pronunciation lexicons: there and back, and nothing that harms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import WorkspaceError
from audiobrief.text.speech.lexicon import Entry
from audiobrief.workspace.pls import NAMESPACE, parse_pls, render_pls


def document(lexemes: str, attributes: str = 'alphabet="ipa" xml:lang="en-GB"') -> bytes:
    """Return a PLS document with these lexemes."""
    return f'<lexicon version="1.0" xmlns="{NAMESPACE}" {attributes}>{lexemes}</lexicon>'.encode()


def entries_of(lexemes: str) -> tuple[Entry, ...]:
    """Return the entries of these lexemes."""
    return parse_pls(document(lexemes), where="a.pls").entries


def test_aliases_and_ipa_of_several_spellings_are_read():
    """A lexeme may have more than one grapheme; each becomes an entry."""
    lexemes = """
      <lexeme><grapheme>Siobh\u00e1n</grapheme><grapheme>Siobhan</grapheme>
        <phoneme>\u0283\u026av\u0254n</phoneme><example>Siobhan left.</example></lexeme>
      <lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>
      <lexeme><grapheme>FSA</grapheme><alias>F S A</alias></lexeme>"""
    read = parse_pls(document(lexemes), where="a.pls")
    assert (read.language, read.notes) == ("en-GB", ())
    assert read.entries == (
        Entry("Siobh\u00e1n", ipa="\u0283\u026av\u0254n"),
        Entry("Siobhan", ipa="\u0283\u026av\u0254n"),
        Entry("W3C", say="World Wide Web Consortium"),
        Entry("FSA", letters=True),
    )


def test_the_preferred_pronunciation_counts_else_the_first():
    """As the order of the document and ``prefer`` say."""
    ways = "<phoneme>one</phoneme><phoneme>two</phoneme>"
    (first,) = entries_of(f"<lexeme><grapheme>a</grapheme>{ways}</lexeme>")
    ways = '<phoneme>one</phoneme><phoneme prefer="true">two</phoneme>'
    (preferred,) = entries_of(f"<lexeme><grapheme>a</grapheme>{ways}</lexeme>")
    assert (first.ipa, preferred.ipa) == ("one", "two")


@pytest.mark.parametrize(
    ("lexeme", "note"),
    [
        ("<grapheme>a</grapheme>", "no alias and no IPA"),
        ("<alias>a</alias>", "no word"),
        (
            '<grapheme>a</grapheme><phoneme alphabet="x-sampa">@</phoneme>',
            '"a": only phonemes in x-sampa',
        ),
        ("<grapheme>Tarn</grapheme><alias>[[x]]</alias>", '"Tarn": '),
        ("<grapheme>-</grapheme><alias>a</alias>", "no word that could stand"),
        ("<grapheme>a</grapheme><alias>[[x]]</alias>", "no marks"),
    ],
)
def test_what_cannot_be_taken_over_is_told_with_its_line(lexeme, note):
    """The rest of the document is read all the same."""
    lexemes = f"\n<lexeme>{lexeme}</lexeme><lexeme><grapheme>b</grapheme><alias>c</alias></lexeme>"
    read = parse_pls(document(lexemes), where="a.pls")
    assert read.entries == (Entry("b", say="c"),)
    (told,) = read.notes
    assert told.startswith("a.pls:2: ")
    assert note in told


def test_of_homographs_the_first_counts():
    """Nothing here knows nouns from verbs; roles of others say nothing to us."""
    lexemes = (
        '<lexeme xmlns:c="http://x/" role="c:exact"><grapheme>read</grapheme><alias>reed</alias>'
        "</lexeme><lexeme><grapheme>read</grapheme><alias>red</alias></lexeme>"
    )
    read = parse_pls(document(lexemes), where="a.pls")
    assert read.entries == (Entry("read", say="reed"),)
    assert read.notes == ('a.pls:1: "read" stands there twice, the first one counts',)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "no XML"),
        (b"[words]\n", "no XML"),
        (b"<html/>", "no pronunciation lexicon"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + document(""), "document type"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/hostname">' + document(""), "document type"),
    ],
)
def test_what_is_no_lexicon_is_refused(content, problem):
    """Also every document type: entities grow without end, or read files."""
    with pytest.raises(WorkspaceError, match=problem):
        parse_pls(content, where="a.pls")


def test_an_entity_bomb_expands_to_nothing():
    """A kilobyte must not become a gigabyte."""
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "lol">{levels}]>'.encode() + document(
        "<lexeme><grapheme>&e11;</grapheme><alias>a</alias></lexeme>"
    )
    with pytest.raises(WorkspaceError):
        parse_pls(bomb, where="a.pls")


PLAIN = st.text(alphabet="abIS\u0283\u026a\u00e9 -'.,", min_size=1, max_size=10).filter(
    lambda text: any(map(str.isalnum, text))
)
WORD = st.text(min_size=1, max_size=10).filter(
    lambda text: any(map(str.isalnum, text)) and text.isprintable()
)
ENTRY = st.one_of(
    st.builds(Entry, WORD, say=PLAIN, ipa=st.none() | PLAIN, match_case=st.booleans() | st.none()),
    st.builds(Entry, WORD, ipa=PLAIN),
    st.builds(Entry, WORD, letters=st.just(value=True), match_case=st.booleans() | st.none()),
)


@given(st.lists(ENTRY, max_size=6, unique_by=lambda entry: entry.word))
def test_every_lexicon_survives_the_way_there_and_back(entries):
    """Respellings, IPA, letters and the rule about capitals."""
    entries = [
        e for e in entries if e.say is None or e.say != " ".join(filter(str.isalnum, e.word))
    ]
    read = parse_pls(render_pls(entries, "en-GB"), where="a.pls")
    assert (read.language, read.entries, read.notes) == ("en-GB", tuple(entries), ())
