"""From IPA to the phonemes of espeak-ng's English voices (pure).

espeak-ng ignores SSML's ``<phoneme>``, and takes phonemes in letters of its own alone, as in
``[[d'aI@t]]``. The table was made by asking espeak-ng 1.52 for the IPA of its phonemes; a test asks
again.
"""
# ruff: noqa: RUF001, RUF002 - IPA is meant

from __future__ import annotations

import re

from audiobrief.speak.phonetic import plain_ipa

#: What an English voice says, under all signs that dictionaries write for it.
_SIGNS = {
    # vowels
    "i:": "iː", "i": "i", "I": "ɪ", "eI": "eɪ", "E": "ɛ e", "a": "æ a", "A:": "ɑː ɑ aː", "0": "ɒ",
    "O:": "ɔː ɔ", "oU": "oʊ əʊ o", "U": "ʊ", "u:": "uː u", "V": "ʌ", "@": "ə", "a#": "ɐ",
    "3:": "ɜː ɝː ɝ ɜ", "3": "ɚ", "aI": "aɪ", "aU": "aʊ", "OI": "ɔɪ", "i@": "ɪə", "e@": "eə ɛə",
    "U@": "ʊə", "I#": "ᵻ ɨ",
    # consonants
    "p": "p", "b": "b", "t": "t", "d": "d", "k": "k", "g": "ɡ g", "f": "f", "v": "v", "T": "θ",
    "D": "ð", "s": "s", "z": "z", "S": "ʃ", "Z": "ʒ", "h": "h", "x": "x", "m": "m", "n": "n",
    "N": "ŋ", "l": "l ɫ", "r": "ɹ r", "j": "j", "w": "w", "tS": "tʃ ʧ", "dZ": "dʒ ʤ", "t#": "ɾ",
    "?": "ʔ",
    # stress
    "'": "ˈ '", ",": "ˌ",
}  # fmt: skip
_PHONEMES = {sign: phoneme for phoneme, signs in _SIGNS.items() for sign in signs.split()}
_SIGN = re.compile("|".join(sorted(map(re.escape, _PHONEMES), key=len, reverse=True)))
_STRESS = re.compile(r"(['ˈˌ])([^aeiouæɑɒɔəɐɛɜɝɚɪᵻɨʊʌ\s]*)")


def espeak_phonemes(ipa: str) -> str | None:
    """Return the phonemes of a word or phrase; ``None``: it has a sound that English has not.

    >>> espeak_phonemes("ʃɪˈvɔːn"), espeak_phonemes("ˈdaɪ.ət"), espeak_phonemes("ʁwa")
    ("SIv'O:n", "d'aI@t", None)
    """
    # espeak-ng has the stress right before the vowel.
    text = _STRESS.sub(r"\2\1", plain_ipa(ipa))
    phonemes = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            phonemes.append(" ")
            position += 1
            continue
        match = _SIGN.match(text, position)
        if match is None:
            return None
        phonemes.append(_PHONEMES[match[0]])
        position = match.end()
    return "".join(phonemes)
