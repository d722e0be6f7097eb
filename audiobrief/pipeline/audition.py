"""Let a voice read the shipped sample, and a recognizer hear it: how well is it understood?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief import plugins
from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.script.cast import Casting
from audiobrief.script.plan import plan
from audiobrief.speak.recognize import Recognizer, words_said
from audiobrief.text.alignment import align
from audiobrief.workspace.load import SHIPPED_VOICES, load_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import Voice

_SAMPLE = Path(__file__).resolve().parent.parent / "samples" / "harbor-ferry.txt"

#: Of the words of the sample: by a guest, and by the narrator.
LEAST_UNDERSTOOD = (0.8, 0.95)


def shipped_cast() -> list[Voice]:
    """Return the voices that come with audiobrief, by name."""
    return list(load_workspace(SHIPPED_VOICES).voices.values())


def sample_texts() -> list[str]:
    """Return the sentences of the shipped sample, as engines get them."""
    document = Document(_SAMPLE.name, DocumentKind.TEXT, _SAMPLE.read_bytes())
    script = plan(extract(document), Casting("anchor", ("guest",)))
    return [segment.spoken for segment in script.segments]


def read_by(voice: Voice, texts: Sequence[str]) -> list[Clip]:
    """Return the clips of some texts.

    Raises:
        SpeechError: A text could not be spoken.
        EngineUnavailableError: The voice's engine is missing.
    """
    with plugins.engine(voice.engine).open() as session:
        return [session.speak(text, voice) for text in texts]


def word_error_rate(clips: Sequence[Clip], texts: Sequence[str]) -> float:
    """Return how many of the words of the sample a recognizer gets wrong, per word.

    It expects the words of the whole sample. Sentences with a word that is in no dictionary are
    left out: what it takes that word for says nothing of the voice.

    Args:
        clips: Of one voice, in one sample rate.
        texts: What they say: sentences of the sample.

    Raises:
        EngineUnavailableError: The recognizer is not installed.
    """
    recognizer = Recognizer(sample_texts(), clips[0].sample_rate_hz)
    errors = words = 0
    for text, clip in zip(texts, clips, strict=True):
        expected = recognizer.expected(text)
        if expected == words_said(text):
            errors += align(expected, recognizer.hear(clip.pcm)).error_count
            words += len(expected)
    return errors / words
