"""Lexicon files: every mistake with its line, scopes, and edits that touch one line."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import WorkspaceError
from audiobrief.text.speech.lexicon import Entry
from audiobrief.workspace.lexicon_file import render_entry, render_word_list, with_entry
from audiobrief.workspace.lexicons import parse_word_list
from audiobrief.workspace.load import SHIPPED_VOICES, load_workspace
from audiobrief.workspace.toml import SettingsError

PATH = Path("voices/lexicon/words.toml")
SHAPES = """\
language = "en-GB"  # ours

[words]
"Dyett" = "DYE-it"
al-Reis = { say = "al RICE" }
"IS" = { letters = true, case = true }  # the group
"Siobhan" = { ipa = "\u0283\u026a\u02c8v\u0254\u02d0n", say = "shiv-AWN" }
"""


def entries_of(text: str) -> tuple[Entry, ...]:
    """Return what a lexicon file says."""
    return parse_word_list(text.encode(), PATH).entries


def mistakes(text: str) -> list[tuple[str, str, str]]:
    """Return all mistakes of a lexicon file."""
    with pytest.raises(SettingsError) as caught:
        entries_of(text)
    return [(e.problem, e.subject, e.remedy) for e in (caught.value, *caught.value.others)]


@st.composite
def an_entry(draw) -> Entry:
    """Draw an entry that may stand in a lexicon."""
    text = st.text(min_size=1, max_size=12).filter(str.isprintable)
    plain = st.text(alphabet="abcEFG\u00e9 -'.,", min_size=1, max_size=12)
    said = plain.filter(lambda t: any(map(str.isalnum, t)))
    way = draw(
        st.one_of(
            st.fixed_dictionaries({"say": said}),
            st.fixed_dictionaries({"ipa": text.filter(lambda t: any(map(str.isalnum, t)))}),
            st.fixed_dictionaries({"say": said, "ipa": said}),
            st.just({"letters": True}),
        )
    )
    word = draw(text.filter(lambda t: any(map(str.isalnum, t))))
    return Entry(word, **way, match_case=draw(st.sampled_from((None, True, False))))


def test_every_shape_of_an_entry_is_read():
    """A respelling alone, or a table; with file and line."""
    words = parse_word_list(SHAPES.encode(), PATH)
    assert words.language == "en-GB"
    assert words.entries == (
        Entry("Dyett", say="DYE-it"),
        Entry("al-Reis", say="al RICE"),
        Entry("IS", letters=True, match_case=True),
        Entry("Siobhan", say="shiv-AWN", ipa="\u0283\u026a\u02c8v\u0254\u02d0n"),
    )
    assert [e.origin for e in words.entries] == [
        f"voices/lexicon/words.toml:{line}" for line in (4, 5, 6, 7)
    ]


@pytest.mark.parametrize(
    ("text", "problem", "place", "remedy"),
    [
        ("[word]\na = 'b'\n", 'unknown key "word"', ":1  word", 'did you mean "words"?'),
        ("[words]\na = { sya = 'b' }\n", 'unknown key "sya"', ":2  words.a.sya", '"say"'),
        ("[words]\n\na = { letters = 'yes' }\n", "letters cannot be 'yes'", ":3", "true or false"),
        ("[words]\na = {}\n", "a respelling, IPA or letters", ":2  words.a", 'write "a" ='),
        ("[words]\na = 3\n", "a cannot be 3", ":2", 'write "text" in quotes, or a table'),
        ("[words]\n'-' = 'x'\n", "no word", ":2", ""),
        ("[words]\n\"a\\tb\" = '[[x]]'\n", "no marks", ":2", ""),
        ("words = 'x'\n", "words cannot be 'x'", ":1", ""),
        ("language = 'english!'\n", "language cannot be", ":1", "language tag"),
        ('[words]\na = "b\n', "no valid TOML", ":2", ""),
    ],
)
def test_a_mistake_is_told_with_line_and_remedy(text, problem, place, remedy):
    """As in all settings."""
    ((what, where, how),) = mistakes(text)
    assert problem in what
    assert f"words.toml{place}" in where
    assert remedy in how


def test_all_mistakes_of_a_file_are_told_at_once():
    """Nobody mends a lexicon word by word."""
    assert len(mistakes("[words]\na = {}\nb = '<'\nc = 'fine'\n")) == 2


def test_the_shipped_lexicon_is_right_and_the_workspace_wins_over_it(tmp_path):
    """Shipped below workspace; of two files of a workspace, the first name."""
    folder = tmp_path / "voices" / "lexicon"
    folder.mkdir(parents=True)
    (folder / "b.toml").write_text('[words]\nKyiv = "second"\nSafi = "saffy"\n', encoding="utf-8")
    (folder / "a.toml").write_text('[words]\nKyiv = "first"\n', encoding="utf-8")
    workspace = load_workspace(tmp_path)
    says = {e.word: e.say for e in workspace.lexicon_for("en-GB").entries}
    assert (says["Kyiv"], says["Safi"], says["coup"]) == ("first", "saffy", "koo")
    assert workspace.lexicon_for("en-US") is workspace.lexicon_for("en")


def test_a_lexicon_for_one_language_is_silent_in_others(tmp_path):
    """The shipped respellings are English."""
    lexicon = load_workspace(tmp_path).lexicon_for("de")
    assert not lexicon
    folder = tmp_path / "voices" / "lexicon"
    folder.mkdir(parents=True)
    (folder / "all.toml").write_text('[words]\nSafi = "saffy"\n', encoding="utf-8")
    assert [e.word for e in load_workspace(tmp_path).lexicon_for("de-AT").entries] == ["Safi"]


def test_a_checkout_does_not_load_its_lexicon_twice():
    """Its own files are the shipped ones."""
    own, shipped = load_workspace(SHIPPED_VOICES.parent).word_lists
    assert ([w.path.name for w in own], shipped) == (["en.toml"], ())


def test_the_lexicon_that_ships_says_plain_words():
    """Every respelling is one that any engine can read, and no two entries share a word."""
    (words,) = load_workspace(SHIPPED_VOICES.parent).word_lists[0]
    spoken = [e.spoken for e in words.entries if not e.letters]
    assert words.language == "en"
    assert all(re.fullmatch(r"[a-z-]+(?: [a-z-]+)*", say or "") for say in spoken)


# -- editing -------------------------------------------------------------------------------------


def test_a_new_word_comes_last_and_everything_else_stays():
    """Comments, order, blank lines and later tables."""
    text = f"{SHAPES}\n# the end\n"
    assert with_entry(text, Entry("Safi", say="saffy")) == f'{text}"Safi" = "saffy"\n'


def test_a_word_is_replaced_in_its_line_with_its_comment():
    """An edit of one line is one line in a diff."""
    after = with_entry(SHAPES, Entry("IS", say="iz"))
    before, line, rest = SHAPES.partition('"IS" = { letters = true, case = true }  # the group\n')
    assert line
    assert after == f'{before}"IS" = "iz"  # the group\n{rest}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", '[words]\n"A1" = "x"\n'),
        ("# mine\n", '# mine\n\n[words]\n"A1" = "x"\n'),
        ("[words]\n", '[words]\n"A1" = "x"\n'),
        ("[words]\r\na = 'b'\r\n", '[words]\r\na = \'b\'\r\n"A1" = "x"\r\n'),
        ("[words]\na = 'b'", '[words]\na = \'b\'\n"A1" = "x"\n'),
        ("[words]  # [x]\na = 'b'\n\n\n", '[words]  # [x]\na = \'b\'\n"A1" = "x"\n\n\n'),
        ("[words]\n'A1' = 'a # b' # c\n", '[words]\n"A1" = "x" # c\n'),
    ],
)
def test_files_of_any_shape_take_a_word(text, expected):
    """Empty, without the table, with Windows line ends, without an end of line."""
    assert with_entry(text, Entry("A1", say="x")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[words.A1]\nsay = 'x'\n",
        "words.A1 = 'x'\n",
        "words = { A1 = 'x' }\n",
        "[words]\nA1.say='x'\n",
    ],
)
def test_a_form_that_only_a_person_can_change_is_refused(text):
    """The file stays as it is, and the line to write is told."""
    with pytest.raises(WorkspaceError, match='"A1" = "y"'):
        with_entry(text, Entry("A1", say="y"))


@given(st.lists(an_entry(), max_size=5, unique_by=lambda e: e.word), an_entry())
def test_what_is_written_is_read_again(entries, added):
    """Whatever characters word and respelling have."""
    text = render_word_list(entries, "en")
    assert entries_of(text) == tuple(entries)
    after = entries_of(with_entry(text, added))
    assert {e.word: e for e in after} == {e.word: e for e in (*entries, added)}


def test_an_entry_is_one_line():
    """In the shortest form."""
    assert render_entry(Entry('a"b\\c', say="x")) == '"a\\"b\\\\c" = "x"'
    assert render_entry(Entry("IS", letters=True, match_case=True)) == (
        '"IS" = { letters = true, case = true }'
    )
