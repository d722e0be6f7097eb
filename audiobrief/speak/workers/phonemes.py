"""What neural voices are given instead of letters (pure; the standard library only)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from audiobrief.speak.workers.serve import UnspeakableError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

#: Phonemes of a voice that cannot be sounds: boundaries, pauses, intonation.
_SILENT = frozenset("^$_ ,;:.!?¡¿—–…\"«»“”‘’'(){}[]-")  # noqa: RUF001 - typographic marks are meant


def refuse_lost(phonemes: Iterable[str], known: Container[str]) -> None:
    """Stop at a text with a sound that the voice cannot make: it would be left out.

    Stress, length and accents that a voice does not know are left out: the sound stays.

    Args:
        phonemes: IPA, one symbol each.
        known: The symbols of the voice.

    Raises:
        UnspeakableError: It names the symbol.
    """
    lost = sorted({p for p in phonemes if p not in known and is_sound(p)})
    if lost:
        names = ", ".join(f"{p!r} (U+{ord(p[0]):04X})" for p in lost)
        raise UnspeakableError(f"the voice has no sound for the phoneme {names} of this text")


def is_sound(phoneme: str) -> bool:
    r"""Tell whether a symbol is a sound of its own.

    >>> [is_sound(p) for p in ("ʃ", "ð", "\N{MODIFIER LETTER VERTICAL LINE}", ".", " ")]
    [True, True, False, False, False]
    """
    return any(
        unicodedata.category(c) in {"Ll", "Lu", "Lo", "Nd"} and c not in _SILENT for c in phoneme
    )


def sounds(phonemes: Iterable[str]) -> str:
    """Return the sounds among phonemes, words parted by blanks.

    >>> sounds("wʌn (hʌndrəd).")
    'wʌn hʌndrəd'
    """
    return "".join(p for p in phonemes if is_sound(p) or p == " ").strip()


def heard_words(timed: Iterable[tuple[str, int]] | None) -> list[tuple[str, int]]:
    """Join phonemes that no blank parts; each such word with its first frame.

    Args:
        timed: Phonemes with their first frames, in order; ``None``: unknown.

    >>> heard_words([("^", 0), ("h", 10), ("i", 20), (" ", 30), (".", 40), ("j", 50)])
    [('hi', 10), ('j', 50)]
    """
    words: list[tuple[str, int]] = []
    is_inside = False
    for phoneme, frame in timed or ():
        if is_sound(phoneme) and is_inside:
            words[-1] = (words[-1][0] + phoneme, words[-1][1])
        elif is_sound(phoneme):
            words.append((phoneme, frame))
        is_inside = is_sound(phoneme) or (is_inside and phoneme not in _SILENT)
    return words
