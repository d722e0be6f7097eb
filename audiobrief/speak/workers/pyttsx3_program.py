"""The process in which pyttsx3 speaks.

`audiobrief.speak.engines.pyttsx3` runs this file, isolated (``python -I -S``), and it is ready in
50 ms. pyttsx3 2.99 must be driven exactly as here; each measure names the defect it is against.
(Its lines on stdout, "Audio saved to ...", go nowhere: see `serve`.)
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Run as a file and isolated, this program finds the package that it is part of by itself.
sys.path.append(str(Path(__file__).parents[3]))
from audiobrief.speak.workers.espeak_library import is_in_effect, path_of
from audiobrief.speak.workers.serve import UnknownVoiceError, serve

if TYPE_CHECKING:
    from collections.abc import Callable


class Speaker:
    """The one pyttsx3 engine of this process, kept alive to its end.

    A second engine, or one that is collected, kills or cuts off what the first one says: the
    C library has one state a process.
    """

    def __init__(self, library: str) -> None:
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
        # The first run after init returns without waiting and loses its file: let it be an empty
        # one. It is the only empty run ever: a later one repeats the text before, or hangs.
        self._engine.runAndWait()

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

    def speak(self, text: str, voice: str, rate: int, volume: float, path: str) -> None:
        """Write a text as a WAV file; one file a run, as pyttsx3 writes only the last.

        Args:
            text: Not blank, below 4,000 characters: pyttsx3 tells the C library a buffer ten times
                as long as the text, and from 29,400 characters on that crashes.
            voice: Name for espeak-ng, with ``+variant`` or without.
            rate: Words a minute.
            volume: 0.0..1.0.
            path: A ``str``, in a folder that can be written to: else the run never ends.
        """
        self._set(voice, rate, volume)
        self._engine.save_to_file(text, path)
        self._engine.runAndWait()

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
        speaker = Speaker(library)
        return {"speak": speaker.speak, "voices": speaker.voices, "facts": speaker.facts}

    serve(folder, start)


if __name__ == "__main__":
    main(*sys.argv[1:])
