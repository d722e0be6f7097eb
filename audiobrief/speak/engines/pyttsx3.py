"""pyttsx3 on the bundled espeak-ng, in a guarded process: the default engine, offline.

espeak-ng and its data come as the package espeakng-loader, so that ``pip install`` is all. What
pyttsx3 2.99 breaks is avoided in `workers.pyttsx3_program`; what can only be seen from outside (a
death, a hang, half a file) is handled in `session`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobrief.speak import workers
from audiobrief.speak.bundle import (
    ask_embedded,
    data_digest,
    embedded_voices,
    find_bundle,
    package_version,
    start_beside_data,
    unknown_voice,
)
from audiobrief.speak.engine import refuse_unknown_options
from audiobrief.speak.session import ORDINARY, Limits, WorkerSession, refuse_fault
from audiobrief.speak.wav import read_wav

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import EngineVoice, Voice
    from audiobrief.speak.bundle import Bundle
    from audiobrief.speak.worker import Worker

#: Raised when this adapter makes another sound of the same text and voice.
ADAPTER_VERSION = 1

#: Longest text for one run, in characters. pyttsx3 crashes somewhere between 19,600 and 29,400
#: bytes of text; 4,000 characters have at most 16,000.
LONGEST_RUN = 4_000

_WORKER = Path(workers.__file__).with_name("pyttsx3_program.py")


class Pyttsx3Engine:
    """The engine ``pyttsx3``.

    Args:
        bundle: The parts to use; ``None``: those that are installed.
        limits: Time limits for the worker.
        worker: The program of the worker.
    """

    name = "pyttsx3"
    license = "MPL-2.0, with GPL-3.0-or-later espeak-ng"
    #: Two workers speak the sample article in 0.6 of one's time on two cores; four gain no more.
    max_sessions = 2
    #: Opening one takes 0.1 s, a clip 0.015 s.
    clips_per_session = 12

    def __init__(
        self,
        bundle: Bundle | None = None,
        *,
        limits: Limits = ORDINARY,
        worker: Path = _WORKER,
    ) -> None:
        self._given = bundle
        self._limits = limits
        self._worker = worker

    @cached_property
    def _bundle(self) -> Bundle:
        return self._given or find_bundle()

    @cached_property
    def _fingerprint(self) -> str:
        return (
            f"pyttsx3-adapter {ADAPTER_VERSION}, pyttsx3 {package_version('pyttsx3')},"
            f" espeakng-loader {package_version('espeakng-loader')},"
            f" espeak-ng {data_digest(self._bundle)}"
        )

    def fingerprint(self) -> str:
        """Name adapter, package versions, and the contents of library and phoneme data."""
        return self._fingerprint

    def voices(self) -> Sequence[EngineVoice]:
        """List the base voices as espeak-ng has them, and the variants with ``en-us``."""
        return embedded_voices(ask_embedded(self.open(), "voices"), self._bundle.data)

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Start a worker and tell what is really loaded in it."""
        facts = ask_embedded(self.open(), "facts")
        return (
            ("espeak-ng", facts["version"]),
            ("library", facts["library"]),
            ("data", str(self._bundle.data)),
            ("fingerprint", self.fingerprint()),
        )

    def open(self) -> WorkerSession:
        """Open a session; its worker starts with the first text."""
        return WorkerSession(_Program(self._bundle, self._worker), self._limits)


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

    def request(self, text: str, voice: Voice, folder: Path) -> Mapping[str, object]:
        """Ask for a WAV file."""
        refuse_unknown_options(voice, ())
        return {
            "do": "speak",
            "text": text,
            "path": str(folder / "clip.wav"),
            "voice": voice.engine_voice,
            "rate": voice.rate_wpm,
            "volume": voice.volume,
        }

    def clip(self, answer: Mapping[str, Any], text: str, voice: Voice, folder: Path) -> Clip:  # noqa: ARG002 - of the seam
        """Read the WAV file, if the answer is that it was written."""
        if answer.get("error") == "voice":
            raise unknown_voice(voice, self.bundle.data)
        refuse_fault(answer)
        return read_wav(folder / "clip.wav")


def make_engine(settings: Mapping[str, object] | None = None) -> Pyttsx3Engine:  # noqa: ARG001 - it has no settings
    """Make the engine; the entry point ``pyttsx3``."""
    return Pyttsx3Engine()
