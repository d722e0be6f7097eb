"""A clip that a script needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import SpeechError
from audiobrief.model.audio import Clip
from audiobrief.speak.engine import PhoneticSession
from audiobrief.speak.utterance import shortened

if TYPE_CHECKING:
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
    """Return the sound of a job; what it says is unproven.

    Raises:
        SpeechError: It could not be spoken, or the session breaks the promises of an engine.
    """
    if not job.phonemes:
        clip: object = session.speak(job.text, job.voice)
    elif isinstance(session, PhoneticSession):
        clip = session.speak_phonetic(job.text, job.voice, job.phonemes)
    else:
        raise _broken(session, job, "says that it takes phonemes, and its session does not")
    if not isinstance(clip, Clip):
        raise _broken(session, job, f"gives {type(clip).__name__} in place of a clip")
    pcm: object = clip.pcm
    rate_hz: object = clip.sample_rate_hz
    if type(rate_hz) is not int or rate_hz <= 0:
        raise _broken(session, job, f"gives a clip of {rate_hz} samples a second")
    if not isinstance(pcm, bytes) or len(pcm) % 2:
        raise _broken(session, job, "gives a clip that is not of whole 16-bit samples")
    return clip


def _broken(session: Session, job: Job, what: str) -> SpeechError:
    """Return the error of an engine that does not keep to the seam, whoever has made it."""
    made_by = type(session).__module__.partition(".")[0]
    return SpeechError(
        f'a defect in the engine "{job.voice.engine}": it {what}',
        shortened(job.text),
        remedy=f"report it to whoever makes {made_by}, or take another engine",
    )
