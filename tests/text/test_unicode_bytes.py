"""The form of Unicode that bytes are in, and bytes of Windows-1252 amid UTF-8."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.unicode_bytes import decode_mixed, find_unicode

#: Hardly a letter of it has a NUL in UTF-16.
HAN = "\u6e2f\u53e3\u7684\u6e21\u8f2e\u4eca\u5929\u665a\u9ede\u4e86\u3002" * 40
FORMS = ("utf-16-le", "utf-16-be")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lead", ["", "\n\t "])
@pytest.mark.parametrize("start", ["<?xml version='1.0'?><a>", "<p>", "<!DOCTYPE html>"])
def test_markup_in_utf_16_is_known_by_its_first_characters(form, lead, start):
    """Whatever language the rest is in."""
    assert find_unicode(f"{lead}{start}{HAN}".encode(form)) == form


@pytest.mark.parametrize("form", FORMS)
def test_western_text_in_utf_16_is_known_by_its_nuls(form):
    """From a few words on; less may be anything."""
    assert find_unicode("Der Hafen \u00f6ffnet um acht.".encode(form)) == form
    assert find_unicode("Rain".encode(form)) is None


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_utf_8_is_never_taken_for_anything_else(text):
    """Nor anything with a mark for what it is not."""
    raw = text.encode("utf-8", "ignore")
    if not raw.startswith(codecs.BOM_UTF8):
        assert find_unicode(raw) is None
    assert find_unicode(codecs.BOM_UTF8 + raw) == "utf-8-sig"
    assert find_unicode(text.encode("utf-16", "ignore")) == "utf-16"
    assert find_unicode(text.encode("utf-32", "ignore")) == "utf-32"


@given(st.lists(st.sampled_from(["Rain ", "\u00fc", "\u2019", "\u6e2f", "\U0001f600"])))
def test_stray_bytes_are_read_one_by_one(pieces):
    """Each piece in the encoding that it came in; nothing between two is lost."""
    windows = [n for n, piece in enumerate(pieces) if piece in "\u00fc\u2019" and n % 2]
    raw = b"".join(
        piece.encode("cp1252" if n in windows else "utf-8") + b"." for n, piece in enumerate(pieces)
    )
    assert decode_mixed(raw) == (".".join([*pieces, ""]), len(windows))


def test_bytes_that_windows_leaves_open_stay_controls():
    """They are told by their numbers, and taken out with the other controls."""
    assert decode_mixed(b"a\x81\x8d\xe4b") == ("a\x81\x8d\xe4b", 3)
