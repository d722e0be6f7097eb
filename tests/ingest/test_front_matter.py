"""The head of a Markdown file: its own pronunciations, and mistakes with their line."""

import pytest

from audiobrief.errors import SourceError
from audiobrief.ingest.extract import extract
from audiobrief.ingest.front_matter import parse_toml, parse_yaml
from audiobrief.ingest.markdown import parse_markdown
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.text.speech.lexicon import Entry, entry_of

YAML = """\
---
title: Harbor
lexicon:
  # people
  Dyett: DYE-it   # the reporter
  "al-Reis": 'al RICE'
  IS: letters

  Xi Jinping: shee jin-PING
author: Ana Ruiz
---
"""
TOML = """\
+++
title = "Harbor"
[lexicon]
Dyett = "DYE-it"
"al-Reis" = "al RICE"
+++
"""
WORDS = (
    ("Dyett", "DYE-it"),
    ("al-Reis", "al RICE"),
    ("IS", "letters"),
    ("Xi Jinping", "shee jin-PING"),
)


def test_yaml_has_words_below_lexicon():
    """Quoted or not, with comments and blank lines; the keys after it are read."""
    read = parse_markdown(f"{YAML}# Harbor\n\nText.")
    assert read.front_matter == {"title": "Harbor", "author": "Ana Ruiz"}
    assert read.lexicon == WORDS
    assert [line.text for line in read.lines] == ["Harbor", "Text."]


def test_toml_has_a_table():
    """As a word and its respelling."""
    read = parse_markdown(f"{TOML}Text.")
    assert (read.front_matter, read.lexicon) == ({"title": "Harbor"}, WORDS[:2])


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("  Dyett", "no word with its respelling"),
        ("  Dyett:", "no word with its respelling"),
        ("  Dyett: [[x]]", "no marks"),
        ("  '-': x", "no word that could stand"),
        ("  - Dyett: x", "no word with its respelling"),
    ],
)
def test_a_wrong_word_is_told_with_its_line(row, problem):
    """A typo never passes silently."""
    block = f"title: a\nlexicon:\n  Safi: saffy\n{row}"
    with pytest.raises(SourceError) as caught:
        parse_yaml(block, first_line=2, where="a.md")
    assert problem in caught.value.problem
    assert caught.value.subject == "a.md:5"


def test_words_beside_the_key_are_refused():
    """Unless in braces."""
    for beside in ("Dyett", "[Dyett, x]", "{Dyett: x", "{Dyett}", "{Dyett: x}, Safi: y"):
        with pytest.raises(SourceError, match="stand below it"):
            parse_yaml(f"lexicon: {beside}", first_line=2, where="a.md")
    block = """lexicon: {Dyett: DYE-it, "al-Reis": 'al RICE', IS: letters}  # people"""
    assert parse_yaml(block, first_line=2, where="a.md").lexicon == WORDS[:3]
    assert parse_yaml("lexicon: {}", first_line=2, where="a.md").lexicon == ()
    assert parse_yaml("lexicon:\ntitle: a", first_line=2, where="a.md").lexicon == ()


def test_a_word_has_the_ways_of_a_lexicon_file():
    """IPA and the rule about capitals, in both forms, as one text that the lexicon reads."""
    yaml = "lexicon:\n  Cai: {say: kye, ipa: ka\u026a, case: true}"
    toml = '[lexicon]\nCai = { say = "kye", ipa = "ka\u026a", case = true }'
    for read in (
        parse_yaml(yaml, first_line=2, where="a.md"),
        parse_toml(toml, first_line=2, where="a.md"),
    ):
        assert read.lexicon == (("Cai", "{say: kye, ipa: ka\u026a, case: true}"),)
        (pair,) = read.lexicon
        assert entry_of(*pair) == Entry("Cai", say="kye", ipa="ka\u026a", match_case=True)
    with pytest.raises(SourceError, match="unknown way"):
        parse_yaml("lexicon:\n  Cai: {sya: kye}", first_line=2, where="a.md")


@pytest.mark.parametrize("entry", ["Dyett = 3", "Dyett = '<x>'"])
def test_a_wrong_word_in_toml_is_told_with_its_line(entry):
    """The same for the other form."""
    with pytest.raises(SourceError) as caught:
        parse_toml(f"title = 'a'\n[lexicon]\n{entry}", first_line=2, where="a.md")
    assert caught.value.subject == "a.md:4"


def test_what_is_no_toml_is_text():
    """A dividing line of plus signs is no front matter."""
    assert not parse_toml("Dear reader,", first_line=2, where="a.md")


def test_the_article_carries_its_words():
    """From the file to the script."""
    body = (
        "The harbor master announced on Friday that the ferry will run again from Monday. "
        "The first boat leaves at six in the morning, and tickets cost the same as before."
    )
    raw = f"{YAML}# Harbor reopens\n\n{body}\n".encode()
    article = extract(Document(locator="a.md", kind=DocumentKind.MARKDOWN, raw=raw))
    assert article.lexicon == WORDS


@pytest.mark.parametrize("value", ["!!python/object/apply:os.system ['touch x']", "!!binary cm9v"])
def test_a_value_with_a_tag_of_yaml_is_no_text(value):
    """It is left out: nobody is called so, and nothing of it is run."""
    front = parse_yaml(f"title: Rain\nauthor: {value}\n", first_line=2, where="a.md")
    assert front.values == {"title": "Rain"}
