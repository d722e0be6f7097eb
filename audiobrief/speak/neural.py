"""What the workers of neural voices have in common, on our side of the pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobrief.errors import SpeechError
from audiobrief.model.audio import Clip
from audiobrief.speak.session import Limits, refuse_fault
from audiobrief.speak.wav import read_wav
from audiobrief.speak.word_marks import HeardWord, mark_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: A model is loaded with its first text, and a slow machine speaks at a fifth of real time.
NEURAL_LIMITS = Limits(start_s=60.0, speak_s=60.0, slowest=0.2)


def neural_clip(answer: Mapping[str, Any], text: str, path: Path) -> Clip:
    """Make the clip of a neural worker's answer.

    Args:
        answer: ``ok`` holds ``heard``, words of phonemes with their first frames, and ``alone``,
            the phonemes of each printed word.
        text: What it was asked to speak.
        path: The WAV file.

    Raises:
        SpeechError: The text cannot be spoken, by any worker.
        WorkerFault: The answer is no whole clip.
    """
    refuse_unspeakable(answer, text)
    refuse_fault(answer)
    clip = read_wav(path)
    said = answer["ok"]
    heard = [HeardWord(phonemes, frame) for phonemes, frame in said["heard"]]
    return Clip(
        clip.pcm, clip.sample_rate_hz, mark_words(text, said["alone"], heard, clip.frame_count)
    )


def refuse_unspeakable(answer: Mapping[str, Any], text: str) -> None:
    """Stop at an answer that says why no worker can speak a text.

    Args:
        answer: Of the worker.
        text: What it was asked to speak.

    Raises:
        SpeechError: It says so.
    """
    if answer.get("error") == "unspeakable":
        raise SpeechError(
            str(answer.get("message")), text, remedy="reword the text, or give it another voice"
        )
