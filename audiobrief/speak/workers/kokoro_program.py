"""The process in which kokoro-onnx speaks.

`audiobrief.speak.engines.kokoro` runs this file, isolated (``python -I``), in the folder of the
embedded espeak-ng, which cuts the path of its data at 160 bytes: a relative one is short.
"""

from __future__ import annotations

import math
import re
import sys
import tempfile
import wave
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

# Run as a file and isolated, this program finds the package that it is part of by itself.
sys.path.append(str(Path(__file__).parents[3]))
from audiobrief.speak.engine import RATES_WPM
from audiobrief.speak.workers import pace
from audiobrief.speak.workers.phonemes import heard_words, refuse_lost, sounds
from audiobrief.speak.workers.serve import (
    RefusedError,
    UnknownVoiceError,
    UnspeakableError,
    give_up,
    serve,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from kokoro_onnx import Kokoro
    from numpy.typing import NDArray
    from phonemizer.backend import EspeakBackend

#: The factors that kokoro-onnx takes.
_SPEEDS = (0.5, 2.0)


class Who(NamedTuple):
    """A voice, and what it is made of."""

    #: Path of the ``.onnx`` file.
    model: str
    #: Path of the file with the voices.
    voices: str
    #: Name of one of them.
    voice: str
    #: As espeak-ng names it, for the phonemes.
    language: str


class Speaker:
    """Models by their files, each loaded once."""

    def __init__(self) -> None:
        # One model has all voices; a second one is for who compares two.
        self._model = lru_cache(maxsize=2)(self._load)
        self._natural_wpm = lru_cache(maxsize=None)(self._measure)
        self._backend = lru_cache(maxsize=None)(_backend)

    def _load(self, model: str, voices: str) -> Kokoro:
        from kokoro_onnx import Kokoro  # noqa: PLC0415 - through sys.path of main()
        from kokoro_onnx.config import EspeakConfig  # noqa: PLC0415

        espeak = EspeakConfig(data_path="espeak-ng-data")
        try:
            return Kokoro(model, voices, espeak)
        except MemoryError:
            raise  # A fresh worker has more.
        except Exception as error:
            # onnxruntime's errors have no type in common but this.
            raise RefusedError("model", f"{type(error).__name__}: {error}"[:200], model) from error

    def _measure(self, who: Who) -> float:
        """Measure the voice's own rate."""
        kokoro = self._model(who.model, who.voices)
        phonemes = self._phonemes(pace.TEXT, who.language, {})
        samples, rate_hz = kokoro.create(phonemes, who.voice, is_phonemes=True)
        return pace.natural_rate_wpm(samples, rate_hz)

    def _phonemes(self, text: str, language: str, said: dict[str, str]) -> str:
        # Not by Kokoro.create: it leaves out without a word what the voice has no sound for, and
        # reads the marks of a change of language, "(en)", aloud.
        backend = self._backend(language)
        if not said:
            return str(backend.phonemize([text], strip=True)[0])
        # What is between the words with known sounds is said as if it stood alone.
        pieces = re.split(f"([{''.join(said)}])", text)
        return "".join(
            said.get(piece) or _blanks(piece, str(backend.phonemize([piece], strip=True)[0]))
            for piece in pieces
            if piece
        )

    def speak(
        self,
        text: str,
        said: dict[str, str],
        path: str,
        who: dict[str, str],
        rate: int,
        natural: float | None,
        volume: float,
    ) -> dict[str, Any]:
        """Write a text as a WAV file; return what is heard when.

        Args:
            text: Any.
            said: The sounds of the words that are held by one character each, in IPA.
            path: Of the WAV file.
            who: The fields of `Who`.
            rate: Words a minute.
            natural: The voice's own rate; ``None``: measure it.
            volume: 0.0..1.0.
        """
        one = Who(**who)
        kokoro = self._model(one.model, one.voices)
        if one.voice not in kokoro.get_voices():
            raise UnknownVoiceError(one.voice)
        phonemes = self._phonemes(text, one.language, said)
        refuse_lost(phonemes, kokoro.tokenizer.vocab)
        known = "".join(p for p in phonemes if p in kokoro.tokenizer.vocab or p.isspace())
        if not sounds(known):
            raise UnspeakableError("the voice has nothing to say for this text")
        natural_wpm = natural or self._natural_wpm(one)
        speed = _speed(rate, natural_wpm)
        # What is longer than the model's 510 phonemes, kokoro-onnx divides at a mark or a blank.
        samples, rate_hz, timed = kokoro.create_timed(known, one.voice, speed, is_phonemes=True)
        _write(path, samples * volume, rate_hz)
        frames = [(timing.phoneme, round(timing.start * rate_hz)) for timing in timed]
        return {
            "heard": heard_words(frames),
            "alone": [sounds(self._phonemes(w, one.language, said)) for w in text.split()],
        }


def _blanks(text: str, phonemes: str) -> str:
    """Return the phonemes of a piece of text with the blanks around it, which they have not."""
    lead = " " if text[:1].isspace() else ""
    return f"{lead}{phonemes}{' ' if text[-1:].isspace() and phonemes.strip() else ''}"


def _backend(language: str) -> EspeakBackend:
    from phonemizer.backend import EspeakBackend  # noqa: PLC0415 - through sys.path of main()

    return EspeakBackend(
        language, preserve_punctuation=True, with_stress=True, language_switch="remove-flags"
    )


def _speed(rate_wpm: int, natural_wpm: float) -> float:
    """Return the factor for a rate.

    Raises:
        RefusedError: The voice cannot be that fast or slow.
    """
    speed = rate_wpm / natural_wpm
    slowest, fastest = _SPEEDS
    if not slowest <= speed <= fastest:
        least = max(RATES_WPM.start, math.ceil(natural_wpm * slowest))
        most = min(RATES_WPM.stop - 1, math.floor(natural_wpm * fastest))
        raise RefusedError(
            "rate",
            f"this voice cannot speak at {rate_wpm} words a minute, only at {least} to {most}",
            f"{least}..{most}",
        )
    return speed


def _write(path: str, samples: NDArray[np.floating[Any]], rate_hz: int) -> None:
    import numpy as np  # noqa: PLC0415 - comes with kokoro-onnx

    pcm = (np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2")
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, rate_hz, 0, "NONE", ""))
        file.writeframes(pcm.tobytes())


def main(packages: str, folder: str) -> None:
    """Answer requests until the parent closes the pipe.

    Args:
        packages: The folder that holds the package kokoro_onnx.
        folder: The parent's temporary folder for this process.
    """
    sys.path.append(packages)
    # A damaged model must be named as such: without it, Python aborts while a thread reads stdin.
    sys.excepthook = lambda kind, error, _trace: give_up(f"{kind.__name__}: {error}")
    # phonemizer copies the library of espeak-ng; the copy must go when this process is killed.
    tempfile.tempdir = folder

    def start() -> dict[str, Callable[..., Any]]:
        import kokoro_onnx  # noqa: F401, PLC0415 - ready means that it can be imported

        return {"speak": Speaker().speak}

    serve(folder, start)


if __name__ == "__main__":
    main(*sys.argv[1:])
