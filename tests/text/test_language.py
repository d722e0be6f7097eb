"""Which language a text is in, and how many words a script without spaces has."""

from __future__ import annotations

import pytest

from audiobrief.text.language import count_words, guess_language

#: One sentence of news in each.
TEXTS = {
    "en": "The council met on Monday and closed the bridge for a year.",
    "de": "Der Rat hat am Montag die Brücke für ein Jahr gesperrt und das ist nicht gut.",
    "fr": "Le conseil a fermé le pont pour un an et les habitants ne sont pas contents.",
    "es": "El consejo cerró el puente por un año y los vecinos no están contentos.",
    "it": "Il consiglio ha chiuso il ponte per un anno e gli abitanti non sono contenti.",
    "nl": "De raad heeft de brug voor een jaar gesloten en dat is niet goed voor het dorp.",
    "pt": "O conselho fechou a ponte por um ano e os moradores não gostaram da obra.",
    "sv": "Rådet har stängt bron i ett år och det är inte bra för byn.",
    "da": "Rådet har lukket broen i et år, og det er ikke godt for byen og af.",
    "no": "Rådet har stengt broa i et år, og det er ikke bra for byen og av.",
    "ja": "評議会は橋を閉じた。",
    "zh": "委员会关闭了桥梁。",
    "th": "สภาปิดสะพาน",
    "ru": "Совет закрыл мост.",
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
