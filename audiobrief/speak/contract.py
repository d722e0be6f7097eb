"""The promises of an engine, proved; for the tests here and for authors of plugins."""
# ruff: noqa: RUF001 - IPA is meant

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiobrief.errors import SpeechError, VoiceNotFoundError
from audiobrief.speak.check import find_flaw
from audiobrief.speak.engine import PhoneticSession, can_say
from audiobrief.speak.utterance import plain_text

if TYPE_CHECKING:
    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import Voice
    from audiobrief.speak.engine import Engine, Session

_SENTENCE = "The committee has rejected the offer, and nobody was surprised by that."

#: Plain text to a person, something else to careless engines; all of them must be spoken.
_TRAPS = (
    "-w /etc/passwd is the name of a file.",
    "He wrote [[h@l'oU]] in his letter.",
    'A <break time="600s"/> is a pause in some languages.',
    "It\x00is a NUL that stands near the beginning of this sentence.",
    "A \x0150P control \ud800 character.",
    'Quotes " and \\ and $(true) and `true` and %s.',
)

#: Sounds that most languages have.
_IPA = "siːs"

#: Two sentences again and again, 4,500 characters: more than many engines take at once.
_LONG = " ".join([_SENTENCE, "They met on Monday to discuss the matter."] * 40)


class BrokenPromiseError(AssertionError):
    """An engine that does not keep the contract of :mod:`audiobrief.speak.engine`."""


def check_engine(engine: Engine, voice: Voice) -> None:
    """Prove that an engine can be used by a build; takes one long and a dozen short texts.

    Args:
        engine: The engine.
        voice: One of its voices.

    Raises:
        BrokenPromiseError: What it does against the contract.
    """
    _check_names(engine, voice)
    with engine.open() as session:
        for text in (_SENTENCE, "No.", _LONG, *_TRAPS):
            _demand_whole(session, text, voice)
        if can_say(engine, voice, _IPA):
            _check_phonemes(session, voice)
        _check_refusals(session, voice)
        _demand_whole(session, _SENTENCE, voice)  # after errors it is ready for the next text
    session.close()  # closing twice is harmless
    _demand_refusal(session, _SENTENCE, voice, SpeechError, "a closed session spoke")


def _demand(holds: bool, promise: str) -> None:
    if not holds:
        raise BrokenPromiseError(promise)


def _check_names(engine: Engine, voice: Voice) -> None:
    _demand(
        voice.engine == engine.name,
        f"the engine's name is {engine.name!r}, the voice asks for {voice.engine!r}",
    )
    first, second = engine.fingerprint(), engine.fingerprint()
    _demand(bool(first.strip()), "the fingerprint is blank")
    _demand(first == second, f"the fingerprint changes: {first!r}, then {second!r}")
    ids = [offered.id for offered in engine.voices()]
    _demand(ids == sorted(set(ids)), "voices() is not sorted by id, or names one twice")


def _demand_whole(session: Session, text: str, voice: Voice) -> None:
    clip = session.speak(text, voice)
    _demand(len(clip.pcm) % 2 == 0, f"half a sample at the end of {text[:60]!r}")
    flaw = find_flaw(clip, text, voice)
    _demand(not flaw, f"{text[:60]!r}: {flaw}")
    _demand_marks(clip, text)


def _check_phonemes(session: Session, voice: Voice) -> None:
    """Its sessions take what the engine says that it can say, and leave markup plain text."""
    if not isinstance(session, PhoneticSession):
        raise BrokenPromiseError("it can be told phonemes, and its sessions cannot")
    text = "She's [[her]] Sis (Sis)."
    clip = session.speak_phonetic(text, voice, [(14, 17, _IPA), (19, 22, _IPA)])
    flaw = find_flaw(clip, text, voice)
    _demand(not flaw, f"{text!r}, told as /{_IPA}/: {flaw}")
    _demand_marks(clip, text)


def _demand_marks(clip: Clip, text: str) -> None:
    """Word marks, if there are any, lead through text and clip, and never back."""
    last_char = last_frame = 0
    for mark in clip.words:
        _demand(
            last_char <= mark.start_char < mark.end_char <= len(plain_text(text))
            and last_frame <= mark.start_frame < clip.frame_count,
            f"{text[:60]!r}: {mark} leads back or out of it",
        )
        last_char, last_frame = mark.end_char, mark.start_frame


def _check_refusals(session: Session, voice: Voice) -> None:
    for blank in ("", " \n\t", "\x00"):
        _demand_refusal(session, blank, voice, SpeechError, f"it spoke {blank!r}")
    unknown = replace(voice, engine_voice="no-such-voice-anywhere")
    _demand_refusal(
        session, _SENTENCE, unknown, VoiceNotFoundError, "it spoke with a voice it does not have"
    )


def _demand_refusal(
    session: Session, text: str, voice: Voice, expected: type[SpeechError], otherwise: str
) -> None:
    try:
        session.speak(text, voice)
    except expected:
        return
    except Exception as error:
        raise BrokenPromiseError(f"{error!r} instead of a {expected.__name__}") from error
    raise BrokenPromiseError(otherwise)
