"""The process in which pyttsx3 speaks.

`audiobrief.speak.engines.pyttsx3` runs this file, isolated (``python -I -S``), and it is ready in
50 ms. pyttsx3 2.99 must be driven exactly as here; each measure names the defect it is against.
(Its lines on stdout, "Audio saved to ...", go nowhere: see `serve`.)
"""

from __future__ import annotations

import ctypes
import os
import sys
import wave
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Run as a file and isolated, this program finds the package that it is part of by itself.
sys.path.append(str(Path(__file__).parents[3]))
from audiobrief.speak.workers.espeak_library import is_in_effect, path_of
from audiobrief.speak.workers.serve import UnknownVoiceError, serve
from audiobrief.speak.workers.whole_speech import WholeSpeech

if TYPE_CHECKING:
    from collections.abc import Callable

#: espeakCHARS_UTF8
_PLAIN_UTF8 = 1
#: What pyttsx3 writes into every file, and espeak-ng has for all its voices.
_SAMPLE_RATE_HZ = 22_050


class Speaker:
    """The one pyttsx3 engine of this process, kept alive to its end.

    A second engine, or one that is collected, kills or cuts off what the first one says: the
    C library has one state a process.

    Args:
        library: The espeak-ng library to use.
        folder: Where pyttsx3 may write: a run whose file cannot be written never ends.
    """

    def __init__(self, library: str, folder: str) -> None:
        load = ctypes.cdll.LoadLibrary
        # pyttsx3 loads the library by names that lead to a system's own one, or, with pip alone,
        # nowhere. Whatever it asks for, it gets ours; the same on every platform.
        vars(ctypes.cdll)["LoadLibrary"] = lambda _name: load(library)
        try:
            import pyttsx3  # noqa: PLC0415 - reached through sys.path, which main() sets
            from pyttsx3.drivers import _espeak  # noqa: PLC0415
        finally:
            del vars(ctypes.cdll)["LoadLibrary"]
        self._espeak = _espeak
        # "espeak" by name: sapi5 speaks only the first text, nsss writes AIFF and hangs.
        self._engine = pyttsx3.init("espeak")
        self._refusals: list[str] = []
        self._set_now: tuple[str, int, float] | None = None
        self._engine.connect("error", self._note_refusal)
        self._file = str(Path(folder) / "pyttsx3.wav")
        self._events: list[tuple[int, int]] = []
        self._whole = WholeSpeech(self)
        self._driver = self._engine.proxy._driver  # noqa: SLF001 - the only way to it
        self._espeak.dll.espeak_TextToPhonemes.restype = ctypes.c_char_p
        # pyttsx3 tells where in the text a word is, but not where in the sound.
        self._espeak.SetSynthCallback(self._take)
        # The first run after init returns without waiting and loses its file: let it be an empty
        # one. It is the only empty run ever: a later one repeats the text before, or hangs.
        self._engine.runAndWait()

    def _take(self, samples: Any, count: int, events: Any) -> int:
        """Keep the word events that espeak-ng hands over, and let pyttsx3 do its part."""
        index = 0
        event = events[0]
        while kind := event.type:
            if kind == self._espeak.EVENT_WORD:
                self._events.append((event.text_position, event.sample))
            index += 1
            event = events[index]
        status: int = self._driver._onSynth(samples, count, events)  # noqa: SLF001 - what it replaced
        return status

    def _note_refusal(self, name: str | None, exception: Exception) -> None:  # noqa: ARG002 - pyttsx3 passes both by name
        self._refusals.append(str(exception))

    def facts(self) -> dict[str, str]:
        """Return the library that is really mapped, and its version."""
        return {
            "library": path_of(self._espeak.dll.espeak_Info),
            "version": self._espeak.Info(None).decode("utf-8", "replace"),
        }

    def voices(self) -> list[list[Any]]:
        """Return identifier, name, languages and gender of every voice without variants."""
        found = self._engine.getProperty("voices")
        return [[v.id, v.name, list(v.languages or ()), v.gender] for v in found]

    def speak(self, text: str, voice: str, rate: int, volume: float, path: str) -> dict[str, Any]:
        """Write the sound of a text to a file, every word of it.

        Args:
            text: Not blank, below 4,000 characters: pyttsx3 tells the C library a buffer ten times
                as long as the text, and from 29,400 characters on that crashes.
            voice: Name for espeak-ng, with ``+variant`` or without.
            rate: Words a minute.
            volume: 0.0..1.0.
            path: Where to write frames of 16 bits, native order.

        Returns:
            ``frames``, ``rate_hz`` and ``words``: start, end and frame of each mark.
        """
        self._set(voice, rate, volume)
        sound, words = self._whole.speak(text)
        with open(path, "wb") as file:  # noqa: PTH123 - pathlib is slower, and this is every clip
            file.write(sound)
        return {"frames": len(sound) // 2, "rate_hz": _SAMPLE_RATE_HZ, "words": words}

    def synthesize(self, text: str) -> tuple[bytes, list[tuple[int, int]]]:
        """Return the frames of a text, and its word events; one file a run.

        Of several files pyttsx3 writes only the last.
        """
        self._events = []
        # A run whose beginning met the settings still on their way is left with a wish to stop,
        # which ended the next run before its sound in 22 of 1,180 sessions on a busy machine: "for
        # the" had no event then, was taken for two entries, and spoken in two parts ever after.
        self._driver._stopping = False  # noqa: SLF001 - nobody else can take it back
        self._engine.save_to_file(text, self._file)
        self._engine.runAndWait()
        with wave.open(self._file, "rb") as file:
            sound = file.readframes(file.getnframes())
        # A run that writes nothing must not be answered with the file of the run before.
        os.unlink(self._file)  # noqa: PTH108 - pathlib is slower, and this is every clip
        return sound, self._events

    def phonemes(self, text: str) -> str:
        """Return the phonemes of the first clause of a text."""
        position = ctypes.c_char_p(text.encode())
        told = self._espeak.dll.espeak_TextToPhonemes(ctypes.byref(position), _PLAIN_UTF8, 0)
        return (told or b"").decode("utf-8", "replace")

    def _set(self, voice: str, rate: int, volume: float) -> None:
        """Set what is not set already: the voice takes 0.3 ms a text."""
        if self._set_now == (voice, rate, volume):
            return
        self._set_now = None
        self._refusals.clear()
        for name, value in (("voice", voice), ("rate", rate), ("volume", volume)):
            self._engine.setProperty(name, value)
        current = self._espeak.GetCurrentVoice().contents.identifier.decode("utf-8", "replace")
        if self._refusals or not is_in_effect(current, voice):
            raise UnknownVoiceError(voice)
        # Without it the settings just made are cancelled in 8 of 12 runs (with it: 0 of 60).
        self._espeak.Synchronize()
        self._whole.forget()
        self._set_now = (voice, rate, volume)


def main(library: str, packages: str, folder: str) -> None:
    """Answer requests until the parent closes the pipe.

    Args:
        library: The espeak-ng library to use. Its data is named by ``ESPEAK_DATA_PATH``.
        packages: The folder that holds the package pyttsx3.
        folder: The parent's temporary folder for this process.
    """
    sys.path.append(packages)

    def start() -> dict[str, Callable[..., Any]]:
        speaker = Speaker(library, folder)
        return {"speak": speaker.speak, "voices": speaker.voices, "facts": speaker.facts}

    serve(folder, start)


if __name__ == "__main__":
    main(*sys.argv[1:])
