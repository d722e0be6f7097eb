"""The bundled espeak-ng called directly, in a guarded process: the engine that times every word.

It speaks with the same library as ``pyttsx3``, and knows what it said: a text of which a word was
lost is spoken in parts, or refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobrief.errors import WorkspaceError
from audiobrief.speak import workers
from audiobrief.speak.bundle import start_beside_data
from audiobrief.speak.embedded import (
    CLIP_NAME,
    EmbeddedEngine,
    embedded_clip,
    with_ascii_digits,
)
from audiobrief.speak.engine import refuse_unknown_options
from audiobrief.speak.espeak_phonemes import espeak_phonemes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import Voice
    from audiobrief.speak.bundle import Bundle
    from audiobrief.speak.session import Program
    from audiobrief.speak.worker import Worker

#: Raised when this adapter makes another sound of the same text and voice.
ADAPTER_VERSION = 3

#: Longest text for one run, in characters. The library takes any; a worker that dies or a word
#: that is lost costs no more than this.
LONGEST_RUN = 4_000

#: What espeak-ng has where a profile says nothing.
_MIDDLE = 50

_WORKER = Path(workers.__file__).with_name("espeak_program.py")


class EspeakEngine(EmbeddedEngine):
    """The engine ``espeak``.

    A profile may have the options ``pitch`` and ``range`` (of the pitch), each 0..100, else 50.
    """

    name = "espeak"
    license = "GPL-3.0-or-later"
    adapter_version = ADAPTER_VERSION
    packages = ("espeakng-loader",)

    def can_say(self, ipa: str, voice: Voice) -> bool:
        """Tell whether it is made of English sounds, and the voice is English."""
        is_english = voice.engine_voice.rpartition("/")[2].lower().startswith("en")
        return is_english and espeak_phonemes(ipa) is not None

    def program(self, bundle: Bundle, worker: Path | None) -> Program:
        """Return how the worker is started and asked."""
        return _Program(bundle, worker or _WORKER)


@dataclass(frozen=True, slots=True)
class _Program:
    """How the worker is started and asked; see :class:`audiobrief.speak.session.Program`."""

    bundle: Bundle
    file: Path
    name: str = "espeak"
    longest_run: int = LONGEST_RUN

    def start(self) -> Worker:
        """Start the worker."""
        return start_beside_data(self.file, self.bundle)

    def request(
        self, text: str, voice: Voice, folder: Path, said: Mapping[str, str]
    ) -> Mapping[str, object]:
        """Ask for a file of frames.

        Raises:
            WorkspaceError: The profile's pitch or range is none, or it has further options.
        """
        refuse_unknown_options(voice, ("pitch", "range"))
        return {
            "do": "speak",
            "text": with_ascii_digits(text),
            "said": {holder: espeak_phonemes(ipa) for holder, ipa in said.items()},
            "path": str(folder / CLIP_NAME),
            "voice": voice.engine_voice,
            "rate": voice.rate_wpm,
            "volume": round(100 * voice.volume),
            "pitch": percentage(voice, "pitch"),
            "range_": percentage(voice, "range"),
        }

    def clip(self, answer: Mapping[str, Any], text: str, voice: Voice, folder: Path) -> Clip:
        """Read the frames, if the answer is that they were written."""
        return embedded_clip(answer, text, voice, folder / CLIP_NAME, self.bundle.data)


def percentage(voice: Voice, option: str) -> int:
    """Return an option of a profile that is a whole number from 0 to 100.

    Raises:
        WorkspaceError: It is another one, or none.
    """
    given = dict(voice.options).get(option)
    if given is None:
        return _MIDDLE
    if not (given.isascii() and given.isdecimal() and int(given) <= 100):
        raise WorkspaceError(
            f"the {option} of voice {voice.name!r} is not a whole number from 0 to 100",
            given,
            remedy=f'set {option} under [options] in voices/{voice.name}.toml, as "{_MIDDLE}"',
        )
    return int(given)


def make_engine(settings: Mapping[str, object] | None = None) -> EspeakEngine:  # noqa: ARG001 - it has no settings
    """Make the engine; the entry point ``espeak``."""
    return EspeakEngine()
