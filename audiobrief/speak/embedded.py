"""What the two engines on the embedded espeak-ng have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from audiobrief.speak.bundle import (
    ask_embedded,
    data_digest,
    embedded_voices,
    find_bundle,
    package_version,
)
from audiobrief.speak.session import ORDINARY, Limits, WorkerSession

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audiobrief.model.voice import EngineVoice
    from audiobrief.speak.bundle import Bundle
    from audiobrief.speak.session import Program


class EmbeddedEngine(ABC):
    """An engine that speaks with the bundled library; each says how its worker is driven.

    Args:
        bundle: The parts to use; ``None``: those that are installed.
        limits: Time limits for the worker.
        worker: The program of the worker; ``None``: the engine's own.
    """

    name: ClassVar[str]
    license: ClassVar[str]
    adapter_version: ClassVar[int]
    #: What else than the library decides the sound.
    packages: ClassVar[tuple[str, ...]]
    #: Two workers speak the sample article in 0.6 of one's time on two cores; four gain no more.
    max_sessions = 2
    #: Opening one takes 0.1 s, a clip 0.015 s.
    clips_per_session = 12

    def __init__(
        self,
        bundle: Bundle | None = None,
        *,
        limits: Limits = ORDINARY,
        worker: Path | None = None,
    ) -> None:
        self._given = bundle
        self._limits = limits
        self._worker = worker

    @abstractmethod
    def program(self, bundle: Bundle, worker: Path | None) -> Program:
        """Return how the engine's worker is started and asked."""

    @cached_property
    def _bundle(self) -> Bundle:
        return self._given or find_bundle()

    @cached_property
    def _fingerprint(self) -> str:
        packages = "".join(f"{name} {package_version(name)}, " for name in self.packages)
        return (
            f"{self.name}-adapter {self.adapter_version}, {packages}"
            f"espeak-ng {data_digest(self._bundle)}"
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
        return WorkerSession(self.program(self._bundle, self._worker), self._limits)
