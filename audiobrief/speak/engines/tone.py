"""Tone bursts instead of words: the engine of the tests, exact to the byte."""

from __future__ import annotations

import math
import sys
from array import array
from functools import lru_cache
from typing import TYPE_CHECKING, Self
from zlib import crc32

from audiobrief.errors import SpeechError, VoiceNotFoundError
from audiobrief.model.audio import Clip
from audiobrief.model.voice import EngineVoice
from audiobrief.speak.engine import refuse_unknown_options, refuse_unusable
from audiobrief.speak.utterance import plain_text, refuse_endless, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    from audiobrief.model.voice import Voice

_SAMPLE_RATE_HZ = 22_050

#: Length of a letter at 1 wpm. At 170 wpm it is 65 ms, as espeak-ng speaks English prose.
_LETTER_S_WPM = 11.0

#: A full scale tone would be refused as clipped; this is -6 dBFS at volume 1.
_PEAK = 16_384


class ToneEngine:
    """The engine ``tone``: one burst a word, as long as the word has letters.

    A voice is any name that begins with ``tone``; each name has a pitch of its own. Other names
    are not found, so that unknown voices can be tested as well.
    """

    name = "tone"
    license = "MIT"

    def fingerprint(self) -> str:
        """Name the version of the formula."""
        return "tone 1"

    def voices(self) -> Sequence[EngineVoice]:
        """List a few of the endless names."""
        return [EngineVoice(f"tone-{n}", f"Tone {n}", ("en",)) for n in range(1, 5)]

    def open(self) -> ToneSession:
        """Open a session; there is nothing to start."""
        return ToneSession()


class ToneSession:
    """Makes tones."""

    def __init__(self) -> None:
        self._closed = False

    def speak(self, text: str, voice: Voice) -> Clip:
        """Return one tone burst a word; see :meth:`audiobrief.speak.engine.Session.speak`."""
        if self._closed:
            raise SpeechError("the session is closed", "tone", remedy="open another one")
        refuse_unusable(voice)
        refuse_unknown_options(voice, ())
        if not voice.engine_voice.startswith("tone"):
            raise VoiceNotFoundError(
                f"voice {voice.name!r}: tone has no such voice",
                voice.engine_voice,
                remedy="take any name that begins with 'tone'",
            )
        plain = plain_text(text)
        refuse_endless(plain)
        words = plain.split()
        if not any(character.isalnum() for word in words for character in word):
            remedy = "give it a letter or a digit to say"
            raise SpeechError("there is nothing to speak", shortened(text), remedy=remedy)
        return Clip(_speech(words, voice), _SAMPLE_RATE_HZ)

    def close(self) -> None:
        """Refuse further texts."""
        self._closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _speech(words: Sequence[str], voice: Voice) -> bytes:
    letter = round(_SAMPLE_RATE_HZ * _LETTER_S_WPM / voice.rate_wpm)
    rise, held, fall = _letter(voice.engine_voice, letter, voice.volume)
    return b"".join(rise + held * (len(word) - 1) + fall + bytes(2 * letter) for word in words)


@lru_cache(maxsize=64)
def _letter(engine_voice: str, frame_count: int, volume: float) -> tuple[bytes, bytes, bytes]:
    """Return half a letter that rises, one that is held, and half a one that falls.

    A held letter is a whole number of cycles, so that they join without a click.
    """
    hz = 200 + crc32(engine_voice.encode()) % 400
    cycles = max(1, round(hz * frame_count / _SAMPLE_RATE_HZ))
    tone = [
        _PEAK * volume * math.sin(2 * math.pi * cycles * n / frame_count)
        for n in range(frame_count)
    ]
    half = frame_count // 2
    rise = [sample * n / half for n, sample in enumerate(tone[frame_count - half :])]
    fall = [sample * (1 - n / half) for n, sample in enumerate(tone[:half])]
    return _pcm(rise), _pcm(tone), _pcm(fall)


def _pcm(samples: Iterable[float]) -> bytes:
    pcm = array("h", (round(sample) for sample in samples))
    if sys.byteorder == "big":
        pcm.byteswap()
    return pcm.tobytes()


def make_engine(settings: Mapping[str, object] | None = None) -> ToneEngine:  # noqa: ARG001 - it has no settings
    """Make the engine; the entry point ``tone``."""
    return ToneEngine()
