"""Words whose sounds are known, each held by one character while a text is cleaned and divided.

No engine is given phonemes in one way with another, and none may take an article's own brackets
for a command. So a word whose sounds a lexicon knows becomes one character of a private-use plane,
which no article has; the worker puts in its engine's own phonemes. Pure.
"""
# ruff: noqa: RUF001, RUF002 - IPA is meant

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from audiobrief.model.audio import WordMark
from audiobrief.speak.utterance import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Supplementary Private Use Area-A, of which 65,534 characters are anybody's.
_FIRST_HOLDER, _LAST_HOLDER = 0xF0000, 0xFFFFD
#: Takes the place of holders that a text has of its own: of Area-B, as silent, and never a holder.
_NO_HOLDER = "\U00100000"
_HOLDERS = re.compile(f"[{chr(_FIRST_HOLDER)}-{chr(_LAST_HOLDER)}]")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)

#: Ties, borders of syllables, and what stands around IPA in print: no engine's phonemes.
_SILENT = str.maketrans("", "", "͜͡.‿/[]")

#: In IPA: after a hissing sound, a voiceless one, any other.
_HISSING = ("s", "z", "ʃ", "ʒ")
_VOICELESS = ("p", "t", "k", "f", "θ", "ʔ")


class Held(NamedTuple):
    """A text in which each word whose sounds are known is one character."""

    text: str
    #: Holder to the sounds in IPA.
    ipa: Mapping[str, str]
    #: Holder to the word that it stands for, as the text had it.
    words: Mapping[str, str]


def hold(text: str, phonemes: Iterable[tuple[int, int, str]]) -> Held:
    """Put holders in the place of words; a possessive ``'s`` joins its word.

    Args:
        text: As sent to the engine.
        phonemes: Start, end and IPA of the words, in order and apart.

    >>> held = hold("Dyett's plan", [(0, 5, "ˈdaɪət")])
    >>> len(held.text), list(held.ipa.values()), list(held.words.values())
    (6, ['ˈdaɪəts'], ["Dyett's"])
    """
    text = _HOLDERS.sub(_NO_HOLDER, text)
    pieces: list[str] = []
    ipa: dict[str, str] = {}
    words: dict[str, str] = {}
    position = 0
    for start, end, sounds in phonemes:
        possessive = _POSSESSIVE.match(text, end)
        stop = possessive.end() if possessive else end
        holder = chr(_FIRST_HOLDER + len(words) % (_LAST_HOLDER - _FIRST_HOLDER + 1))
        plain = plain_ipa(sounds)
        ipa[holder] = with_possessive(plain) if possessive else plain
        words[holder] = plain_text(text[start:stop])
        pieces += (text[position:start], holder)
        position = stop
    return Held("".join((*pieces, text[position:])), ipa, words)


def plain_ipa(ipa: str) -> str:
    """Return IPA without what is no sound and no stress.

    >>> plain_ipa("/ˈdaɪ.ət/")
    'ˈdaɪət'
    """
    return " ".join(ipa.translate(_SILENT).split())


def with_possessive(ipa: str) -> str:
    """Return the sounds of a word with ``'s``.

    >>> with_possessive("daɪət"), with_possessive("bɔɪs"), with_possessive("kaɪ")
    ('daɪəts', 'bɔɪsɪz', 'kaɪz')
    """
    if ipa.endswith(_HISSING):
        return f"{ipa}ɪz"
    return f"{ipa}s" if ipa.endswith(_VOICELESS) else f"{ipa}z"


def released(marks: Sequence[WordMark], held: Held) -> tuple[WordMark, ...]:
    """Return word marks in the text itself.

    Args:
        marks: In ``plain_text(held.text)``, in order.
        held: What was spoken.
    """
    plain = plain_text(held.text)
    longer = [(i, len(held.words[c]) - 1) for i, c in enumerate(plain) if c in held.words]

    def place(position: int) -> int:
        return position + sum(more for at, more in longer if at < position)

    return tuple(WordMark(place(m.start_char), place(m.end_char), m.start_frame) for m in marks)


def own_holders(text: str, ipa: Mapping[str, str]) -> dict[str, str]:
    """Return the holders that stand in a part of a text."""
    return {holder: ipa[holder] for holder in ipa if holder in text}
