"""The process in which pyttsx3 speaks: requests on stdin, answers on stdout, one JSON line each.

`audiobrief.speak.engines.pyttsx3` runs this file, isolated (``python -I -S``). It imports nothing
of audiobrief and of other packages only pyttsx3, and is ready in 50 ms. pyttsx3 2.99 must be
driven exactly as here; each measure names the defect it is against.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable


class UnknownVoiceError(Exception):
    """espeak-ng has no such voice or no such variant."""


class Channel:
    """The answers' way out, which nobody else can write to.

    pyttsx3 prints a line for every file, C libraries print what they like: stdout now leads to
    the null device, and the answers go through a duplicate made before.
    """

    def __init__(self) -> None:
        self._pipe: BinaryIO = os.fdopen(os.dup(1), "wb")
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
        self.current = 0

    def answer(self, **content: Any) -> None:
        """Send an answer to the current request."""
        line = json.dumps({"id": self.current, **content}, ensure_ascii=True)
        self._pipe.write(line.encode() + b"\n")
        self._pipe.flush()


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


def listen(folder: str) -> SimpleQueue[dict[str, Any]]:
    """Queue the requests as they come; end the process when the parent is gone.

    In a thread: a parent killed in the middle of a text must not leave a worker behind, not even
    one whose engine hangs.
    """
    requests: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            requests.put(json.loads(line))
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    Thread(target=read, daemon=True).start()
    return requests


def fail_instead_of_hanging(channel: Channel) -> None:
    """Answer and exit when a callback fails.

    The file is written in a callback from C. An error there (disk full, folder gone) is only
    printed, and the run waits forever for an end that does not come.
    """

    def hook(unraisable: Any) -> None:
        channel.answer(error="fault", message=str(unraisable.exc_value))
        os._exit(1)

    sys.unraisablehook = hook


def main(library: str, packages: str, folder: str) -> None:
    """Answer requests until the parent closes the pipe.

    Args:
        library: The espeak-ng library to use. Its data is named by ``ESPEAK_DATA_PATH``.
        packages: The folder that holds the package pyttsx3.
        folder: The parent's temporary folder for this process.
    """
    channel = Channel()
    requests = listen(folder)
    fail_instead_of_hanging(channel)
    sys.path.append(packages)
    speaker = Speaker(library)
    channel.answer(ok=None)
    actions: dict[str, Callable[..., Any]] = {
        "speak": speaker.speak,
        "voices": speaker.voices,
        "facts": speaker.facts,
    }
    while True:
        request = requests.get()
        channel.current = request.pop("id")
        action = actions[request.pop("do")]
        try:
            channel.answer(ok=action(**request))
        except UnknownVoiceError as error:
            channel.answer(error="voice", message=str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
