"""A clip that a script needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.speak.engine import PhoneticSession

if TYPE_CHECKING:
    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import Voice
    from audiobrief.speak.engine import Session


@dataclass(frozen=True, slots=True)
class Job:
    """What is said, by whom, and under which key it is kept."""

    key: str
    text: str
    voice: Voice
    #: Start, end and IPA of the words whose sounds the engine is told.
    phonemes: tuple[tuple[int, int, str], ...] = ()


def spoken(session: Session, job: Job) -> Clip:
    """Return the sound of a job, unproven."""
    if not job.phonemes:
        return session.speak(job.text, job.voice)
    if not isinstance(session, PhoneticSession):
        message = f"{job.voice.engine} says that it takes phonemes, and its session does not"
        raise TypeError(message)
    return session.speak_phonetic(job.text, job.voice, job.phonemes)
