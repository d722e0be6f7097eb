"""The process in which piper speaks.

`audiobrief.speak.engines.piper` runs this file, isolated (``python -I``), in the folder of the
package piper: espeak-ng, which piper has built in, cuts the path of its data at 160 bytes and then
ends its process, and a relative path is short.
"""

from __future__ import annotations

import sys
import wave
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Run as a file and isolated, this program finds the package that it is part of by itself.
sys.path.append(str(Path(__file__).parents[3]))
from audiobrief.speak.workers import pace
from audiobrief.speak.workers.phonemes import heard_words, refuse_lost, sounds
from audiobrief.speak.workers.serve import RefusedError, UnspeakableError, give_up, serve

if TYPE_CHECKING:
    from collections.abc import Callable

    from piper import AudioChunk, PiperVoice

#: Models that are kept loaded: a script goes to and fro between narrator and guests. A medium one
#: takes about 150 MB.
_LOADED_MODELS = 3


class Speaker:
    """Voices by model file, each loaded once."""

    def __init__(self, folder: str) -> None:
        # What piper would fetch for some languages must not land in the current folder.
        self._folder = folder
        self._voice = lru_cache(maxsize=_LOADED_MODELS)(self._load)
        self._natural_wpm = lru_cache(maxsize=None)(self._measure)

    def _load(self, model: str) -> PiperVoice:
        from piper import PiperVoice  # noqa: PLC0415 - reached through sys.path, which main() sets

        # Alignments need the package onnx; without it piper goes on, and there are no word times.
        try:
            return PiperVoice.load(
                model,
                espeak_data_dir="espeak-ng-data",
                download_dir=self._folder,
                include_alignments=True,
            )
        except MemoryError:
            raise  # A fresh worker has more.
        except Exception as error:
            # The errors of onnx and onnxruntime have no type in common but this.
            raise RefusedError("model", f"{type(error).__name__}: {error}"[:200], model) from error

    def _measure(self, model: str, speaker: int | None) -> float:
        """Measure the voice's own rate, without the randomness of its rhythm."""
        from piper import SynthesisConfig  # noqa: PLC0415

        voice = self._voice(model)
        plain = SynthesisConfig(
            speaker_id=speaker, noise_scale=0.0, noise_w_scale=0.0, normalize_audio=False
        )
        import numpy as np  # noqa: PLC0415 - comes with piper

        chunks = [chunk.audio_float_array for chunk in voice.synthesize(pace.TEXT, plain)]
        return pace.natural_rate_wpm(np.concatenate(chunks), voice.config.sample_rate)

    def speak(  # noqa: PLR0913 - one for each field of the request
        self,
        *,
        text: str,
        said: dict[str, str],
        path: str,
        model: str,
        speaker: int | None,
        rate: int,
        natural: float | None,
        volume: float,
    ) -> dict[str, Any]:
        """Write a text as a WAV file; return what is heard when.

        Args:
            text: Without ``[[``, which piper takes for phonemes.
            said: The sounds of the words that are held by one character each, in IPA.
            path: Of the WAV file.
            model: Path of the ``.onnx`` file.
            speaker: Number of a speaker of the model; ``None``: its first.
            rate: Words a minute.
            natural: The voice's own rate; ``None``: measure it.
            volume: 0.0..1.0.
        """
        from piper import SynthesisConfig  # noqa: PLC0415

        voice = self._voice(model)
        words = text.split()
        text = _with_phonemes(text, said)
        for sentence in voice.phonemize(text):
            refuse_lost(sentence, voice.config.phoneme_id_map)
        natural_wpm = natural or self._natural_wpm(model, speaker)
        config = SynthesisConfig(
            speaker_id=speaker,
            length_scale=voice.config.length_scale * natural_wpm / rate,
            # On, every sentence is raised to full scale by itself: a whisper as loud as a shout.
            normalize_audio=False,
            volume=volume,
        )
        chunks = list(voice.synthesize(text, config, include_alignments=True))
        if not chunks:
            raise UnspeakableError("the voice has nothing to say for this text")
        _write(path, chunks)
        return {
            "heard": heard_words(_timed_phonemes(chunks)),
            "alone": [
                sounds(p for s in voice.phonemize(_with_phonemes(w, said)) for p in s)
                for w in words
            ],
        }


def _with_phonemes(text: str, said: dict[str, str]) -> str:
    """Return a text with phonemes as piper takes them."""
    for holder, ipa in said.items():
        text = text.replace(holder, f"[[{ipa}]]")
    return text


def _write(path: str, chunks: list[AudioChunk]) -> None:
    with wave.open(path, "wb") as file:
        file.setnchannels(chunks[0].sample_channels)
        file.setsampwidth(chunks[0].sample_width)
        file.setframerate(chunks[0].sample_rate)
        for chunk in chunks:
            file.writeframes(chunk.audio_int16_bytes)


def _timed_phonemes(chunks: list[AudioChunk]) -> list[tuple[str, int]] | None:
    """Return every phoneme with its first frame; ``None``: the model does not tell."""
    timed: list[tuple[str, int]] = []
    start = 0
    for chunk in chunks:
        if chunk.phoneme_alignments is None:
            return None
        frame = start
        for alignment in chunk.phoneme_alignments:
            timed.append((alignment.phoneme, frame))
            frame += int(alignment.num_samples)
        timed.append((" ", frame))
        start += len(chunk.audio_float_array)
    return timed


def main(packages: str, folder: str) -> None:
    """Answer requests until the parent closes the pipe.

    Args:
        packages: The folder that holds the package piper.
        folder: The parent's temporary folder for this process.
    """
    sys.path.append(packages)
    # A damaged model must be named as such: without it, Python aborts while a thread reads stdin.
    sys.excepthook = lambda kind, error, _trace: give_up(f"{kind.__name__}: {error}")

    def start() -> dict[str, Callable[..., Any]]:
        import piper  # noqa: F401, PLC0415 - ready means that it can be imported

        return {"speak": Speaker(folder).speak}

    serve(folder, start)


if __name__ == "__main__":
    main(*sys.argv[1:])
