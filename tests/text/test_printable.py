"""Text that XML and ID3 can carry."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from audiobrief.text.printable import plain_line, printable, printable_line


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_becomes_xml(text):
    """Controls, surrogates and noncharacters included: lxml takes it and gives it back."""
    element = etree.Element("title")
    element.text = printable(text)
    assert etree.fromstring(etree.tostring(element, encoding="utf-8")).text == (
        printable(text) or None
    )


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_a_line_is_one_line_and_stays_as_it_is(text):
    """Nothing is left to take out the second time."""
    line = printable_line(text)
    assert "\n" not in line
    assert printable_line(line) == line
    assert line == line.strip()


def test_letters_of_all_scripts_stay():
    """Nothing that a person can read is removed."""
    text = "Z\u00fcrich \u6771\u4eac \u0627\u0644 \U0001f680 \u2014 \u201cyes\u201d"
    assert printable_line(text) == text


def test_bidi_controls_leave_a_title():
    """They would turn around what an app writes after it."""
    assert printable_line("safe\u202egpj.exe\u2069") == "safegpj.exe"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("audiobrief.toml:5  publish.to", "audiobrief.toml:5  publish.to"),
        ("a  name\nof  two", "a  name of  two"),
        ("tab\there \u2028\n and\x1b[2J there\u202e ", "tab here and[2J there"),
        ("", ""),
    ],
)
def test_a_plain_line_keeps_the_blanks_of_a_name(text, shown):
    """What an error names must be found again: only line ends and controls go."""
    assert plain_line(text) == shown
