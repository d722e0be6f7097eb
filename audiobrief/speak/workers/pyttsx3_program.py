"""The process in which pyttsx3 speaks.

`audiobrief.speak.engines.pyttsx3` runs this file, isolated (``python -I -S``), and it is ready in
50 ms. pyttsx3 2.99 must be driven exactly as here; each measure names the defect it is against.
(Its lines on stdout, "Audio saved to ...", go nowhere: see `serve`.)
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Run as a file and isolated, this program finds the package that it is part of by itself.
sys.path.append(str(Path(__file__).parents[3]))
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
        self._engine.connect("error", self._note_refusal)
        # The first run after init returns without waiting and loses its file: let it be an empty
        # one. It is the only empty run ever: a later one repeats the text before, or hangs.
        self._engine.runAndWait()

    def _note_refusal(self, name: str | None, exception: Exception) -> None:  # noqa: ARG002 - pyttsx3 passes both by name
        self._refusals.append(str(exception))

    def facts(self) -> dict[str, str]:
        """Return the library that is really mapped, and its version."""
        return {
            "library": _path_of(self._espeak.dll.espeak_Info),
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
        self._refusals.clear()
        for name, value in (("voice", voice), ("rate", rate), ("volume", volume)):
            self._engine.setProperty(name, value)
        if self._refusals or not self._is_in_effect(voice):
            raise UnknownVoiceError(voice)
        # Without it the settings just made are cancelled in 8 of 12 runs (with it: 0 of 60).
        self._espeak.Synchronize()
        self._engine.save_to_file(text, path)
        self._engine.runAndWait()

    def _is_in_effect(self, voice: str) -> bool:
        """Tell whether base voice and variant are what was asked for.

        espeak-ng says nothing of an unknown variant, and takes a variant alone for a voice, which
        then speaks no language.
        """
        current = self._espeak.GetCurrentVoice().contents.identifier.decode("utf-8", "replace")
        _, plus, variant = voice.partition("+")
        has_variant = bool(variant) and current.endswith(f"+{variant}")
        return not current.startswith("!v") and (has_variant or not plus)


class _Symbol(ctypes.Structure):
    """``Dl_info`` of dlfcn.h."""

    _fields_ = (
        ("file", ctypes.c_char_p),
        ("base", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("address", ctypes.c_void_p),
    )


def _path_of(function: Any) -> str:
    """Return the file from which a C function was loaded, as the dynamic linker has it."""
    if sys.platform == "win32":
        return "unknown"
    symbol = _Symbol()
    address = ctypes.cast(function, ctypes.c_void_p)
    if not ctypes.CDLL(None).dladdr(address, ctypes.byref(symbol)):
        return "unknown"
    return os.fsdecode(symbol.file)


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
