"""The yardsticks of the bench: the shortest loops around pyttsx3 and espeak-ng that work.

Run as a file in a process of its own, as they end that process when they like. They guard nothing,
check nothing, and keep one voice: no engine of ours can be faster, only near.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import time
import wave
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


#: What C calls for as long as this process lives.
_KEPT: list[Any] = []


def bare_pyttsx3(library: str, voice: str, folder: str) -> Callable[[str], int]:
    """Return a function that speaks a text in this process and returns the frames."""
    # pyttsx3 then finds this library by its name, whatever the system has.
    ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    import pyttsx3  # noqa: PLC0415 - reached through sys.path, and only in this loop

    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", voice)
    engine.setProperty("rate", 170)
    engine.runAndWait()
    path = os.path.join(folder, "bare.wav")  # noqa: PTH118 - as short as it gets

    def speak(text: str) -> int:
        engine.save_to_file(text, path)
        engine.runAndWait()
        with wave.open(path, "rb") as file:
            return len(file.readframes(file.getnframes())) // 2

    return speak


def bare_espeak(library: str, voice: str, _folder: str) -> Callable[[str], int]:
    """Return a function that speaks a text in this process and returns the frames."""
    espeak = ctypes.CDLL(library)
    sound: list[bytes] = []

    def take(samples: Any, count: int, _events: Any) -> int:
        if samples:
            sound.append(ctypes.string_at(samples, 2 * count))
        return 0

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    callback = kind(take)
    # Synchronous, the library's own buffer, characters, UTF-8; see espeak_program for the numbers.
    espeak.espeak_Initialize(2, 0, None, 0x8000)
    espeak.espeak_SetSynthCallback(callback)
    _KEPT.append(callback)
    espeak.espeak_SetVoiceByName(voice.encode())
    espeak.espeak_SetParameter(1, 170, 0)

    def speak(text: str) -> int:
        sound.clear()
        content = text.encode()
        size = ctypes.c_size_t(len(content) + 1)
        espeak.espeak_Synth(content, size, 0, 1, 0, 1, None, None)
        return len(b"".join(sound)) // 2

    return speak


LOOPS = {"pyttsx3": bare_pyttsx3, "espeak": bare_espeak}


def timed(speak: Callable[[str], int], texts: Sequence[str]) -> dict[str, float]:
    """Speak all texts once to warm up, then again on the clock."""
    for text in texts:
        speak(text)
    begun = time.perf_counter()
    frames = sum(speak(text) for text in texts)
    return {"frames": frames, "elapsed_s": time.perf_counter() - begun}


def main(library: str, packages: str, engine: str, voice: str, folder: str) -> None:
    """Read a JSON list of texts from stdin, print frames and time as JSON."""
    sys.path.append(packages)
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # pyttsx3 prints
    speak = LOOPS[engine](library, voice, folder)
    print(json.dumps(timed(speak, json.load(sys.stdin))), file=out, flush=True)
    os._exit(0)  # pyttsx3 may crash on the way out


if __name__ == "__main__":
    main(*sys.argv[1:])
