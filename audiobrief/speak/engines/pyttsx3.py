"""pyttsx3 on the bundled espeak-ng, in a guarded process: the default engine, offline.

espeak-ng and its data come as the package espeakng-loader, so that ``pip install`` is all. What
pyttsx3 2.99 breaks is avoided in `workers.pyttsx3_program`; what can only be seen from outside (a
death, a hang, half a file) is handled in `session`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobrief.speak import workers
from audiobrief.speak.bundle import start_beside_data
from audiobrief.speak.embedded import (
    CLIP_NAME,
    EmbeddedEngine,
    embedded_clip,
    with_ascii_digits,
)
from audiobrief.speak.engine import refuse_unknown_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import Voice
    from audiobrief.speak.bundle import Bundle
    from audiobrief.speak.session import Program
    from audiobrief.speak.worker import Worker

#: Raised when this adapter makes another sound of the same text and voice.
ADAPTER_VERSION = 2

#: Longest text for one run, in characters. pyttsx3 crashes somewhere between 19,600 and 29,400
#: bytes of text; 4,000 characters have at most 16,000.
LONGEST_RUN = 4_000

_WORKER = Path(workers.__file__).with_name("pyttsx3_program.py")


class Pyttsx3Engine(EmbeddedEngine):
    """The engine ``pyttsx3``."""

    name = "pyttsx3"
    license = "MPL-2.0, with GPL-3.0-or-later espeak-ng"
    adapter_version = ADAPTER_VERSION
    packages = ("pyttsx3", "espeakng-loader")

    def program(self, bundle: Bundle, worker: Path | None) -> Program:
        """Return how the worker is started and asked."""
        return _Program(bundle, worker or _WORKER)


@dataclass(frozen=True, slots=True)
class _Program:
    """How the worker is started and asked; see :class:`audiobrief.speak.session.Program`."""

    bundle: Bundle
    file: Path
    name: str = "pyttsx3"
    longest_run: int = LONGEST_RUN - 1

    def start(self) -> Worker:
        """Start the worker."""
        return start_beside_data(self.file, self.bundle, str(self.bundle.packages))

    def request(
        self,
        text: str,
        voice: Voice,
        folder: Path,
        said: Mapping[str, str],  # noqa: ARG002 - of the seam: pyttsx3 reads phonemes aloud
    ) -> Mapping[str, object]:
        """Ask for a file of frames."""
        refuse_unknown_options(voice, ())
        return {
            "do": "speak",
            "text": with_ascii_digits(text),
            "path": str(folder / CLIP_NAME),
            "voice": voice.engine_voice,
            "rate": voice.rate_wpm,
            "volume": voice.volume,
        }

    def clip(self, answer: Mapping[str, Any], text: str, voice: Voice, folder: Path) -> Clip:
        """Read the frames, if the answer is that they were written."""
        return embedded_clip(answer, text, voice, folder / CLIP_NAME, self.bundle.data)


def make_engine(settings: Mapping[str, object] | None = None) -> Pyttsx3Engine:  # noqa: ARG001 - it has no settings
    """Make the engine; the entry point ``pyttsx3``."""
    return Pyttsx3Engine()
