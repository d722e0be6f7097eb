"""Which language a text is written in, as far as its script and function words tell."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

#: What is said of a language to the user, and the code it is known by.
NAMES = {
    "ar": "Arabic", "da": "Danish", "de": "German", "el": "Greek", "es": "Spanish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
    "ru": "Russian", "sv": "Swedish", "th": "Thai", "uk": "Ukrainian", "zh": "Chinese",
}  # fmt: skip
#: Function words that are frequent in one of these languages and rare in the others.
_FUNCTION_WORDS = {
    "en": "the and of to in is that it for was with as on are this be by from at have",
    "de": "der die das und ist nicht ein eine mit auf den dem von zu sich auch im es f\u00fcr bei",
    "fr": "le la les des et est une dans que qui pour du au pas sur avec ce il elle sont",
    "es": "el los las una que y en es por con para del se no su al como m\u00e1s fue pero",
    "it": "il gli che di e una per non con del della sono nel alla anche si lo pi\u00f9 ma \u00e8",
    "nl": "het een en van is dat niet op te zijn met voor er aan bij ook naar maar werd deze",
    "pt": "o os as uma que e em n\u00e3o para com do da no na por mais foi dos ao s\u00e3o",
    "sv": "och att det som p\u00e5 \u00e4r av f\u00f6r med den till inte har ett om fr\u00e5n",
    "da": "og at det er en af til p\u00e5 med der ikke den har et som fra blev ogs\u00e5 efter han",
    "no": "og \u00e5 det er en av til p\u00e5 med som ikke den har et fra ble ogs\u00e5 etter jeg",
}
#: Scripts that one language of ``NAMES`` writes, else the most frequent one of several.
_SCRIPTS = (
    ("ja", "\u3041-\u30ff"),
    ("ko", "\uac00-\ud7af\u1100-\u11ff"),
    ("zh", "\u3400-\u4dbf\u4e00-\u9fff"),
    ("th", "\u0e00-\u0e7f"),
    ("ar", "\u0600-\u06ff"),
    ("he", "\u0590-\u05ff"),
    ("el", "\u0370-\u03ff"),
    ("hi", "\u0900-\u097f"),
    ("uk", "\u0404\u0406\u0407\u0454\u0456\u0457\u0490\u0491"),
    ("ru", "\u0400-\u04ff"),
)
_ANY_SCRIPT = re.compile("[" + "".join(script for _, script in _SCRIPTS) + "]")
#: Scripts that put no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")
#: So much of a text tells its language; a megabyte need not be counted.
_SAMPLE_CHARACTERS = 20_000
#: A page in another script quotes English names, so a fifth of the letters is enough.
_SCRIPT_SHARE = 0.2
#: In running text of ten languages a quarter to a half of the words are on the right list.
_WORD_SHARE = 0.08
#: How many letters of an unspaced script make a word, on average.
_LETTERS_A_WORD = 2


@cache
def _words_of(language: str) -> frozenset[str]:
    return frozenset(_FUNCTION_WORDS[language].split())


def guess_language(text: str) -> str:
    """Return the language code of a text, ``en`` when nothing speaks clearly for another.

    >>> guess_language("Der Rat hat am Montag die Br\u00fccke f\u00fcr ein Jahr gesperrt.")
    'de'
    >>> guess_language("Rain closes road")
    'en'
    """
    return tell_language(text)[0]


def tell_language(text: str) -> tuple[str, float]:
    """Return the likeliest language of a text and how sure it is, 0..1.

    Few words tell little: below three function words of a language the answer is ``en`` and worth
    nothing. Quotations in another language outweigh the text only when they are most of it.

    >>> tell_language("Der Rat hat am Montag die Br\u00fccke f\u00fcr ein Jahr gesperrt.")
    ('de', 0.6)
    >>> tell_language("Rain closes road")
    ('en', 0.0)
    """
    sample = text[:_SAMPLE_CHARACTERS]
    if script := _by_script(sample):
        return script, 0.95
    words = Counter(_WORD.findall(sample.lower()))
    counts = {
        language: sum([words.get(word, 0) for word in _words_of(language)])
        for language in _FUNCTION_WORDS
    }
    best = max(counts, key=lambda language: counts[language])
    clear = counts[best] > 1.3 * counts["en"] and counts[best] >= _WORD_SHARE * words.total()
    if best != "en" and not (clear and counts[best] >= 3):
        return "en", 0.0
    second = max(n for language, n in counts.items() if language != best)
    enough = counts[best] >= 3 and counts[best] >= _WORD_SHARE * words.total()
    if not enough or counts[best] <= 1.3 * second:
        return best, 0.4 if counts[best] >= 3 else 0.0
    return best, 0.95 if counts[best] >= 20 else 0.8 if counts[best] >= 10 else 0.6


def _by_script(sample: str) -> str | None:
    """Return the language whose script a text is written in, ``None`` for the Latin one."""
    # One look spares ten and a count of the letters, which take longer than all the words.
    if _ANY_SCRIPT.search(sample) is None:
        return None
    letters = sum(map(str.isalpha, sample))
    for language, script in _SCRIPTS:
        found = len(re.findall(f"[{script}]", sample))
        share = 0.01 if language == "uk" else 0.05 if language == "ja" else _SCRIPT_SHARE
        if found > max(2, share * letters):
            return language
    return None


def count_words(text: str) -> int:
    """Return the number of words; where none are spaced, of two letters each.

    >>> count_words("Rain ahead \u2013 today"), count_words("\u4eca\u65e5\u306f\u96e8")
    (3, 2)
    """
    unspaced = 0 if text.isascii() else len(_UNSPACED.findall(text))
    words = (_UNSPACED.sub(" ", text) if unspaced else text).split()
    # Nearly every word begins with a letter, and then the rest need not be looked at.
    spaced = sum([word[0].isalnum() or any(map(str.isalnum, word)) for word in words])
    return spaced + unspaced // _LETTERS_A_WORD
