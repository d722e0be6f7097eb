"""Is this clip the whole text? Judged by its words, length, level and clipping (pure).

The band of lengths was fitted to 4,245 clips of espeak-ng: 416 texts (news, one-word sentences,
acronyms, figures, addresses), eight voices, 80 to 449 words a minute. Of 800 clips of other texts
in the shipped voices it refuses none; of those cut in half it refuses 74 of 76 plain texts of 7 to
12 words, all 196 longer ones, and 92 in 100 of those with figures and acronyms. It holds for every
voice; `lengths` narrows it to one voice by the clips that this voice has spoken.
"""

from __future__ import annotations

import re
import sys
import warnings
from array import array
from itertools import groupby
from typing import TYPE_CHECKING

from audiobrief.speak.utterance import plain_text, shortened, without_mark, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import Voice

#: The rate for which lengths stand, here and in `lengths`; others scale with 1 / rate.
FITTED_WPM = 170

#: What a character adds to the length, in milliseconds: least and most. A range is wide where the
#: same character may be a sound, a word or nothing: "IS" is a syllable or two letters, "$" is
#: "dollars", "-" is "minus" or a pause, a foreign letter may be spoken by its name.
_LENGTHS_MS = {
    "end": (100, 750),
    "spelled": (40, 420),
    "letter": (44, 82),
    "digit": (110, 700),
    "space": (10, 60),
    "pause": (0, 450),
    "mark": (0, 30),
    "symbol": (0, 900),
    "other": (0, 2500),
}
#: What every clip has: the silence at its end.
_FRAME_MS = (60, 800)

_KINDS = re.compile(
    r"""
      (?P<end>      (?<![.!?…]) [.!?…]++ (?=["'”’)\]]*+ \s) )   # the last one is in the frame
    | (?P<spelled>  \b (?: [A-Z]+ | [a-z] | [b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]+ ) \b )
    | (?P<letter>   [a-zA-Z\u00c0-\u024f] )
    | (?P<digit>    [0-9] )
    | (?P<space>    \s+ )
    | (?P<pause>    [,;:()"“”–—-] )
    | (?P<mark>     [.!?…'‘’] )
    | (?P<symbol>   [!-~] )
    | (?P<other>    . )
    """,  # noqa: RUF001 - typographic marks are meant
    re.VERBOSE,
)

#: Peak below which a clip is silence; the softest real one, klatt at volume 0.6, has 2,400.
_SILENT_PEAK = 100

#: What lies below this share of a clip's peak is a pause: -46 dB.
_GAP_LEVEL = 0.005
_WINDOWS_PER_S = 100
#: At the fitted rate; the longest pause of espeak-ng, between sentences, has 0.5 s, flite's 0.2 s.
_LONGEST_GAP_S = 1.5

#: Share of frames at full scale, or in flat tops below it, above which a clip is noise. Real ones
#: have up to 1 in 20,000 and 1 in 1,300; clipped by 20 dB at half scale, each has 0.07 or more.
_CLIPPED_SHARE = 0.02
#: Frames of one value in a row that are a flat top: two may be the tip of any wave.
_FLAT_FRAMES = 3


def length_band_s(text: str, rate_wpm: int) -> tuple[float, float]:
    """Return how long the sound of a text is at least and at most, in seconds.

    Args:
        text: As sent to the engine.
        rate_wpm: 80..449.

    >>> length_band_s("It has rejected a Russian offer of military support.", 170)
    (2.028, 5.174)
    """
    least, most = _FRAME_MS
    for match in _KINDS.finditer(text):
        low, high = _LENGTHS_MS[match.lastgroup or "other"]
        count = len(match[0]) if match.lastgroup == "spelled" else 1
        least += low * count
        most += high * count
    scale = FITTED_WPM / rate_wpm / 1000
    return least * scale, most * scale


def uncovered_words(text: str, clip: Clip) -> tuple[str, ...]:
    """Return the words with a letter or a digit that no word mark of a clip covers.

    Args:
        text: As sent to the engine.
        clip: Its sound, with marks in ``plain_text(text)``; without any, nothing is known.

    >>> from audiobrief.model.audio import Clip, WordMark
    >>> uncovered_words("One, two!", Clip(b"", 22050, (WordMark(0, 3, 0),)))
    ('two',)
    """
    if not clip.words:
        return ()
    plain = plain_text(text)
    words = words_of(plain)
    missing = without_mark(words, [(mark.start_char, mark.end_char) for mark in clip.words])
    return tuple(plain[words[index].start : words[index].end] for index in missing)


def find_flaw(
    clip: Clip, text: str, voice: Voice, *, band_s: tuple[float, float] | None = None
) -> str:
    """Return why a clip cannot be the whole text, in words for the user; empty: it can.

    Args:
        clip: The sound.
        text: As sent to the engine.
        voice: The voice it was made with; its rate decides what length is plausible.
        band_s: How long it is at least and at most, where more is known than the general band.
    """
    if clip.frame_count == 0:
        return "it has no sound at all"
    if missing := uncovered_words(text, clip):
        return f"it lacks words: {shortened(' '.join(missing))}"
    least_s, most_s = band_s or length_band_s(text, voice.rate_wpm)
    length_s = clip.frame_count / clip.sample_rate_hz
    if not least_s <= length_s <= most_s:
        return f"{length_s:.2f} s of sound, where {least_s:.2f} to {most_s:.2f} s are plausible"
    return _flaw_of_sound(clip, voice.rate_wpm)


def _flaw_of_sound(clip: Clip, rate_wpm: int) -> str:
    """Return what is wrong with the samples alone.

    By audioop, not numpy: importing numpy takes as long as speaking a sentence, and is all that a
    single clip would need it for.
    """
    # Deprecated, and gone with 3.13, for which audioop-lts is installed.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import audioop  # noqa: PLC0415 - after the warning is silenced

    peak = audioop.max(clip.pcm, 2)
    if peak < _SILENT_PEAK:
        return "it is silent"
    samples = array("h", clip.pcm)
    if sys.byteorder == "big":
        samples.byteswap()
    clipped = max(
        sum(map(samples.count, (32767, -32767, -32768))) / clip.frame_count,
        _flat_share(samples, audioop.minmax(clip.pcm, 2)),
    )
    if clipped > _CLIPPED_SHARE:
        return f"{clipped:.0%} of it is clipped"
    size = 2 * max(1, clip.sample_rate_hz // _WINDOWS_PER_S)
    windows = (clip.pcm[start : start + size] for start in range(0, len(clip.pcm), size))
    gap_s = _longest_gap_s(audioop.max(window, 2) > peak * _GAP_LEVEL for window in windows)
    if gap_s > _LONGEST_GAP_S * FITTED_WPM / rate_wpm:
        return f"it is silent for {gap_s:.1f} s in the middle"
    return ""


def _flat_share(samples: array[int], extremes: tuple[int, int]) -> float:
    """Return the share of frames in flat tops, as an engine makes them that clips below full scale.

    >>> _flat_share(array("h", [0, 9, 9, 9, 0, -9, -9, 0, 9, 0]), (-9, 9))
    0.3
    """
    # Counted first, which is quick: in nearly every clip that is all.
    if sum(map(samples.count, extremes)) <= _CLIPPED_SHARE * len(samples):
        return 0.0
    runs = (sum(1 for _ in run) for value, run in groupby(samples) if value in extremes)
    return sum(length for length in runs if length >= _FLAT_FRAMES) / len(samples)


def _longest_gap_s(heard: Iterable[bool]) -> float:
    """Return the longest stretch of silent windows between two that are heard."""
    longest = running = 0
    began = False
    for is_heard in heard:
        if is_heard:
            longest = max(longest, running if began else 0)
            began, running = True, 0
        else:
            running += 1
    return longest / _WINDOWS_PER_S
