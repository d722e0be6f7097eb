"""What the workers of neural voices have in common, on our side of the pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobrief.errors import SpeechError, VoiceNotFoundError
from audiobrief.model.audio import Clip
from audiobrief.speak.session import Limits, refuse_fault
from audiobrief.speak.utterance import shortened
from audiobrief.speak.wav import read_wav
from audiobrief.speak.word_marks import HeardWord, mark_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audiobrief.model.voice import Voice

#: A model is loaded with its first text, and a slow machine speaks at a fifth of real time.
NEURAL_LIMITS = Limits(start_s=60.0, speak_s=60.0, slowest=0.2)


def neural_clip(
    answer: Mapping[str, Any], text: str, voice: Voice, path: Path, *, published: str
) -> Clip:
    """Make the clip of a neural worker's answer.

    Args:
        answer: ``ok`` holds ``heard``, words of phonemes with their first frames, and ``alone``,
            the phonemes of each printed word.
        text: What it was asked to speak.
        voice: The profile.
        path: The WAV file.
        published: Under which name its files can be fetched.

    Raises:
        VoiceNotFoundError: A file of the voice is damaged.
        SpeechError: The text cannot be spoken, by any worker.
        WorkerFault: The answer is no whole clip.
    """
    _refuse_unreadable(answer, voice, published)
    refuse_unspeakable(answer, text, voice)
    refuse_fault(answer)
    clip = read_wav(path)
    said = answer["ok"]
    heard = [HeardWord(phonemes, frame) for phonemes, frame in said["heard"]]
    return Clip(
        clip.pcm, clip.sample_rate_hz, mark_words(text, said["alone"], heard, clip.frame_count)
    )


def _refuse_unreadable(answer: Mapping[str, Any], voice: Voice, published: str) -> None:
    if answer.get("error") == "model":
        raise VoiceNotFoundError(
            f"voice {voice.name!r}: its model cannot be read: {answer.get('message')}",
            str(answer.get("subject")),
            remedy=f"audiobrief voices add {voice.engine}:{published} --force",
        )


def refuse_unspeakable(answer: Mapping[str, Any], text: str, voice: Voice) -> None:
    """Stop at an answer that says why no worker can speak a text.

    Args:
        answer: Of the worker.
        text: What it was asked to speak.
        voice: The profile.

    Raises:
        SpeechError: It says so.
    """
    if answer.get("error") == "rate":
        raise SpeechError(
            f"voice {voice.name!r}: {answer.get('message')}",
            shortened(text),
            remedy=f"set rate_wpm in voices/{voice.name}.toml to {answer.get('subject')}",
        )
    if answer.get("error") == "unspeakable":
        raise SpeechError(
            str(answer.get("message")),
            shortened(text),
            remedy="reword the text, or give it another voice",
        )
