"""Other languages: what is certain is written out, the rest is left to the voice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.text.speech.spoken import speak_out


@pytest.mark.parametrize(
    ("language", "printed", "spoken"),
    [
        ("de", "z. B. 25 %", "zum Beispiel f\u00fcnfundzwanzig Prozent"),
        ("de", "3,5 Mio. \u20ac", "drei Komma f\u00fcnf Millionen Euro"),
        ("de", "1.500 Menschen", "eintausendf\u00fcnfhundert Menschen"),
        ("de", "am 3. Mai um 14.30 Uhr", "am 3. Mai um 14.30 Uhr"),
        ("de", "3,50 Euro und 3,50 \u20ac", "3,50 Euro und 3,50 Euro"),
        ("de", "20 \u00b0C", "zwanzig Grad Celsius"),
        ("fr", "25 % des 1 200 \u20ac", "vingt-cinq pour cent des mille deux cents euros"),
        ("es", "el 12,5 % de EE. UU.", "el doce coma cinco por ciento de Estados Unidos"),
        ("it", "il 7 % di 20 \u20ac", "il sette per cento di venti euro"),
        ("nl", "bijv. 8 %", "bijvoorbeeld acht procent"),
        ("pt", "R$ 20 e 5 %", "vinte reais e cinco por cento"),
        ("sv", "t.ex. 12 %", "till exempel tolv procent"),
        ("de", "am 24.12.2023", "am 24. Dezember zweitausenddreiundzwanzig"),
        ("de", "bei -7 \u00b0C", "bei minus sieben Grad Celsius"),
        ("de", "10\u201312 Prozent auf 80 m", "zehn bis zw\u00f6lf Prozent auf achtzig Meter"),
        ("fr", "au XVIIe, \u00e0 20h15", "au dix-septi\u00e8me, \u00e0 vingt heures quinze"),
        ("fr", "3,5 M\u20ac, 1/4", "trois virgule cinq millions d'euros, un quart"),
        ("fr", "8 h 05 le 02/04/2021", "huit heures cinq le deux avril deux mille vingt et un"),
        ("pl", "12 os\u00f3b, 3,5 %", "dwana\u015bcie os\u00f3b, 3,5 %"),
    ],
)
def test_figures_become_words_of_the_language(language: str, printed: str, spoken: str) -> None:
    """Decimal commas, percent, currencies and abbreviations follow the language."""
    assert speak_out(printed, language=language).text == spoken


@given(st.sampled_from(["de", "fr", "es", "it", "nl", "pt", "sv", "ja", "xx"]), st.text())
def test_no_text_fails(language: str, text: str) -> None:
    """Whatever has a letter is spoken, in any language."""
    form = speak_out(text, language=language)
    if any(c.isascii() and c.isalnum() for c in text):
        assert form.text
