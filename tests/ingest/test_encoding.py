"""Bytes become the text that was meant."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.ingest.encoding import decode, find_binary

TEXT = (
    "Caf\u00e9 \u201cna\u00efve\u201d \u2013 the r\u00e9sum\u00e9 of Ms. Ni\u00f1o. And plain text."
)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(TEXT.encode(), id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + TEXT.encode(), id="UTF-8 with mark"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16 with mark"),
        pytest.param(TEXT.encode("utf-16-le"), id="UTF-16 LE"),
        pytest.param(TEXT.encode("utf-16-be"), id="UTF-16 BE"),
        pytest.param(TEXT.encode("utf-32"), id="UTF-32"),
        pytest.param(TEXT.encode("cp1252"), id="Windows-1252"),
        pytest.param(
            TEXT.encode()[:30] + TEXT[len(TEXT.encode()[:30].decode()) :].encode("cp1252"),
            id="mixed",
        ),
        pytest.param(TEXT.replace("\u201d", '"').encode().decode("cp1252").encode(), id="mojibake"),
    ],
)
def test_the_meant_text_comes_out(raw: bytes) -> None:
    """Whatever the encoding, and whatever was done to it before."""
    assert decode(raw).text.replace('"', "\u201d") == TEXT


def test_repairs_are_told() -> None:
    """Bytes that were no UTF-8 are counted in a note."""
    assert decode(b"caf\xe9 \x93x\x94").notes == (
        "3 bytes were no UTF-8 and were read as Windows-1252",
    )


def test_a_declared_encoding_is_believed_when_utf8_fails() -> None:
    """A page in KOI8-R says so in its head."""
    page = '<meta charset="koi8-r"><p>\u041f\u0440\u0438\u0432\u0435\u0442'
    assert decode(page.encode("koi8-r")).text == page


def test_a_lying_declaration_does_no_harm() -> None:
    """UTF-7 hides markup; it is never believed."""
    assert decode(b'<meta charset="utf-7">+ADw-script+AD4-').text.endswith("+ADw-script+AD4-")


def test_good_text_is_not_mended() -> None:
    """Typography, accents and emoji that are right stay as they are, without a note."""
    text = "\u201cL\u2019\u00e9t\u00e9\u201d \u2026 \U0001f600 \u00c3pfel?"
    assert (decode(text.encode()).text, decode(text.encode()).notes) == (text, ())


@given(st.binary())
def test_any_bytes_become_text(raw: bytes) -> None:
    """Nothing raises, and what comes out can be written again."""
    decode(raw).text.encode("utf-8")
    find_binary(raw)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_words_are_never_lost(text: str) -> None:
    """ASCII letters survive in order."""
    kept = decode(text.encode()).text
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_declared_encoding_that_does_not_exist_costs_nothing() -> None:
    """A page that names iso-8859-12 is read by its bytes."""
    raw = b'<meta charset="iso-8859-12"><p>The caf\xe9 opened on Monday.</p>'
    assert "caf\xe9 opened" in decode(raw).text
