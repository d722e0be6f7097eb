"""Which language a text is in, and how many words a script without spaces has."""

from __future__ import annotations

import pytest

from audiobrief.text.language import count_words, guess_language, is_unspaced

TEXTS = {
    "en": "The council met on Monday and closed the bridge for a year.",
    "de": "Der Rat hat am Montag die Br\u00fccke f\u00fcr ein Jahr gesperrt und das ist nicht gut.",
    "fr": "Le conseil a ferm\u00e9 le pont pour un an et les habitants ne sont pas contents.",
    "es": "El consejo cerr\u00f3 el puente por un a\u00f1o y los vecinos no est\u00e1n contentos con la obra.",
    "it": "Il consiglio ha chiuso il ponte per un anno e gli abitanti non sono contenti della cosa.",
    "nl": "De raad heeft de brug voor een jaar gesloten en dat is niet goed voor het dorp.",
    "pt": "O conselho fechou a ponte por um ano e os moradores n\u00e3o gostaram da obra do rio.",
    "sv": "R\u00e5det har st\u00e4ngt bron i ett \u00e5r och det \u00e4r inte bra f\u00f6r byn som ligger d\u00e4r.",
    "da": "R\u00e5det har lukket broen i et \u00e5r, og det er ikke godt for byen, som ogs\u00e5 blev ramt af regn.",
    "no": "R\u00e5det har stengt broa i et \u00e5r, og det er ikke bra for byen, som ogs\u00e5 ble rammet av regn.",
    "ja": "\u8a55\u8b70\u4f1a\u306f\u6a4b\u3092\u9589\u3058\u305f\u3002",
    "zh": "\u59d4\u5458\u4f1a\u5173\u95ed\u4e86\u6865\u6881\u3002",
    "th": "\u0e2a\u0e20\u0e32\u0e1b\u0e34\u0e14\u0e2a\u0e30\u0e1e\u0e32\u0e19",
    "ru": "\u0421\u043e\u0432\u0435\u0442 \u0437\u0430\u043a\u0440\u044b\u043b \u043c\u043e\u0441\u0442.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_languages_are_told_by_script_and_function_words(language: str) -> None:
    """One sentence of news is enough."""
    assert guess_language(TEXTS[language]) == language


@pytest.mark.parametrize("text", ["", "123", "Rain!", "Le Mans", "xyzzy plugh"])
def test_what_is_not_clear_is_english(text: str) -> None:
    """A guess needs evidence."""
    assert guess_language(text) == "en"


def test_unspaced_words_are_counted_by_letters() -> None:
    """Two letters make a word in Japanese."""
    assert count_words(TEXTS["ja"]) == 4
    assert is_unspaced(TEXTS["ja"])
    assert not is_unspaced(TEXTS["de"])
