"""The process in which espeak-ng speaks, called directly.

`audiobrief.speak.engines.espeak` runs this file, isolated (``python -I -S``), and it is ready in
50 ms. Constants and structures are those of ``speak_lib.h`` of espeak-ng 1.52.

Two clips of one sentence differ by a few frames in 90,000: the flutter of the voice goes on from
text to text, whatever is seeded or initialized anew. Unloading the library before every text gives
equal bytes for base voices, costs 3 ms (a short sentence takes 7), and is not enough for variants
that breathe, like ``f2``: those differ even from process to process. So it is not done.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Run as a file and isolated, this program finds the package that it is part of by itself.
sys.path.append(str(Path(__file__).parents[3]))
from audiobrief.speak.workers.espeak_library import is_in_effect, path_of
from audiobrief.speak.workers.serve import UnknownVoiceError, give_up, serve
from audiobrief.speak.workers.whole_speech import WholeSpeech

if TYPE_CHECKING:
    from collections.abc import Callable

#: AUDIO_OUTPUT_SYNCHRONOUS: sound goes to the callback, and espeak_Synth returns when all is said.
_SYNCHRONOUS = 2
#: Length of sound for one call of the callback. 2 s: two or three calls a sentence, not sixty.
_BUFFER_MS = 2_000
#: espeakINITIALIZE_DONT_EXIT: with bad data it returns, where it would end the process.
_DONT_EXIT = 0x8000
#: POS_CHARACTER
_BY_CHARACTER = 1
#: espeakCHARS_UTF8 and nothing else: no SSML (0x10), no [[phonemes]] (0x100).
_PLAIN_UTF8 = 1
#: With [[phonemes]]; only for texts in which no other ``[[`` is left.
_UTF8_WITH_PHONEMES = 0x101
_EVENT_WORD = 1
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4


class _Event(ctypes.Structure):
    """``espeak_EVENT``; the union at its end is 8 bytes."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_uint64),
    )


class _Voice(ctypes.Structure):
    """``espeak_VOICE``."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)
_GENDERS = {1: "Male", 2: "Female", 3: "Neutral"}


class Speaker:
    """The one espeak-ng of this process: the C library has one state a process."""

    def __init__(self, library: str) -> None:
        self._library = ctypes.CDLL(library)
        self._library.espeak_Info.restype = ctypes.c_char_p
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._library.espeak_GetCurrentVoice.restype = ctypes.POINTER(_Voice)
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        # No path: the library takes ESPEAK_DATA_PATH.
        self.sample_rate_hz: int = self._library.espeak_Initialize(
            _SYNCHRONOUS, _BUFFER_MS, None, _DONT_EXIT
        )
        if self.sample_rate_hz <= 0:
            give_up("espeak-ng cannot read its data")
        self._sound: list[bytes] = []
        self._events: list[tuple[int, int]] = []
        # Kept as long as the library may call it.
        self._callback = _CALLBACK(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        self._set_now: tuple[str, dict[int, int]] | None = None
        self._whole = WholeSpeech(self)
        self._said: dict[str, str] = {}

    def _take(self, samples: Any, count: int, events: Any) -> int:
        """Keep the sound and the word events that espeak-ng hands over."""
        if samples and count > 0:
            self._sound.append(ctypes.string_at(samples, 2 * count))
        index = 0
        event = events[0]
        while kind := event.type:
            if kind == _EVENT_WORD:
                self._events.append((event.text_position, event.sample))
            index += 1
            event = events[index]
        return 0

    def facts(self) -> dict[str, str]:
        """Return the library that is really mapped, and its version."""
        return {
            "library": path_of(self._library.espeak_Info),
            "version": self._library.espeak_Info(None).decode("utf-8", "replace"),
        }

    def voices(self) -> list[list[Any]]:
        """Return identifier, name, languages and gender of every voice without variants."""
        found = self._library.espeak_ListVoices(None)
        voices = []
        index = 0
        while found[index]:
            voice = found[index].contents
            # A byte of priority before each language, in a list that ends with a zero byte.
            language = ctypes.string_at(voice.languages + 1).decode("utf-8", "replace")
            identifier = voice.identifier.decode("utf-8", "replace").lower()
            name = voice.name.decode("utf-8", "replace")
            voices.append([identifier, name, [language], _GENDERS.get(voice.gender)])
            index += 1
        return voices

    def speak(  # noqa: PLR0913 - one for each field of the request
        self,
        text: str,
        *,
        said: dict[str, str],
        voice: str,
        rate: int,
        volume: int,
        pitch: int,
        range_: int,
        path: str,
    ) -> dict[str, Any]:
        """Write the sound of a text to a file, every word of it.

        Args:
            text: Not blank, without controls.
            said: Phonemes of the words that are held by one character each.
            voice: Name for espeak-ng, with ``+variant`` or without.
            rate: Words a minute.
            volume: 0..100; from there on it clips.
            pitch: 0..100.
            range_: Of the pitch, 0..100.
            path: Where to write frames of 16 bits, native order.

        Returns:
            ``frames``, ``rate_hz`` and ``words``: start, end and frame of each mark.
        """
        self._set(voice, {_RATE: rate, _VOLUME: volume, _PITCH: pitch, _RANGE: range_})
        self._said = said
        sound, words = self._whole.speak(text)
        with open(path, "wb") as file:  # noqa: PTH123 - pathlib is slower, and this is every clip
            file.write(sound)
        return {"frames": len(sound) // 2, "rate_hz": self.sample_rate_hz, "words": words}

    def _set(self, voice: str, parameters: dict[int, int]) -> None:
        """Set voice and parameters, if they are not set already: the voice takes 0.3 ms a text."""
        if self._set_now == (voice, parameters):
            return
        self._set_now = None
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise UnknownVoiceError(voice)
        current = self._library.espeak_GetCurrentVoice().contents.identifier
        if not is_in_effect(current.decode("utf-8", "replace"), voice):
            raise UnknownVoiceError(voice)
        for parameter, value in parameters.items():
            self._expect_ok("espeak_SetParameter", parameter, value, 0)
        self._set_now = (voice, parameters)
        self._whole.forget()

    def phonemes(self, text: str) -> str:
        """Return the phonemes of the first clause of a text."""
        position = ctypes.c_char_p(text.encode())
        told = self._library.espeak_TextToPhonemes(ctypes.byref(position), _PLAIN_UTF8, 0)
        return (told or b"").decode("utf-8", "replace")

    def synthesize(self, text: str) -> tuple[bytes, list[tuple[int, int]]]:
        """Return the frames of a text, and its word events."""
        self._sound, self._events = [], []
        if not any(holder in text for holder in self._said):
            self._synth(text, _PLAIN_UTF8)
            return b"".join(self._sound), self._events
        written, origin = with_phonemes(text, self._said)
        self._synth(written, _UTF8_WITH_PHONEMES)
        # After an emoji at the end of the text, an event points behind it.
        last = len(origin)
        events = [(origin[min(at, last) - 1] + 1, frame) for at, frame in self._events]
        return b"".join(self._sound), events

    def _synth(self, text: str, flags: int) -> None:
        content = text.encode()
        self._expect_ok(
            *("espeak_Synth", content, ctypes.c_size_t(len(content) + 1)),
            *(0, _BY_CHARACTER, 0, flags, None, None),
        )

    def _expect_ok(self, function: str, *arguments: Any) -> None:
        """Call a C function; end the process when it fails, as a fresh one may succeed."""
        status = getattr(self._library, function)(*arguments)
        if status != 0:
            give_up(f"{function} returned {status}")


def with_phonemes(text: str, said: dict[str, str]) -> tuple[str, list[int]]:
    """Return a text as espeak-ng takes phonemes, and where each of its characters was before.

    Phonemes right behind a bracket or a quotation mark are silent: a blank goes before them.

    >>> with_phonemes("(X [[", {"X": "k'aI"})
    ("( [[k'aI]] [ ", [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4])
    """
    pieces: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text.replace("[[", "[ ")):
        piece = character
        if character in said:
            blank = "" if not pieces or pieces[-1] == " " else " "
            piece = f"{blank}[[{said[character]}]]"
        pieces.append(piece)
        origin += [index] * len(piece)
    return "".join(pieces), origin


def main(library: str, folder: str) -> None:
    """Answer requests until the parent closes the pipe.

    Args:
        library: The espeak-ng library to use. Its data is named by ``ESPEAK_DATA_PATH``.
        folder: The parent's temporary folder for this process.
    """

    def start() -> dict[str, Callable[..., Any]]:
        speaker = Speaker(library)
        return {"speak": speaker.speak, "voices": speaker.voices, "facts": speaker.facts}

    serve(folder, start)


if __name__ == "__main__":
    main(*sys.argv[1:])
