"""What the two engines on the embedded espeak-ng have in common."""

from __future__ import annotations

import sys
import unicodedata
from abc import ABC, abstractmethod
from array import array
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from audiobrief.errors import SpeechError
from audiobrief.model.audio import Clip, WordMark
from audiobrief.speak.bundle import (
    ask_embedded,
    data_digest,
    embedded_voices,
    find_bundle,
    package_version,
    unknown_voice,
)
from audiobrief.speak.session import ORDINARY, Limits, WorkerSession, refuse_fault
from audiobrief.speak.utterance import shortened
from audiobrief.speak.worker import WorkerFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from audiobrief.model.voice import EngineVoice, Voice
    from audiobrief.speak.bundle import Bundle
    from audiobrief.speak.session import Program

#: Where a worker puts the frames of a clip, in its folder.
CLIP_NAME = "clip.pcm"


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


def with_ascii_digits(text: str) -> str:
    """Write digits of other scripts as 0 to 9, one for one: English voices say nothing for them.

    >>> with_ascii_digits("١٢ of ½")
    '12 of ½'
    """
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in text
    )


def embedded_clip(
    answer: Mapping[str, Any], text: str, voice: Voice, path: Path, data: Path
) -> Clip:
    """Return the clip of a worker's answer.

    Args:
        answer: To the request to speak.
        text: What it was given.
        voice: The voice profile.
        path: Where the worker was told to put the frames.
        data: The folder ``espeak-ng-data``, which knows all voices.

    Raises:
        VoiceNotFoundError: The answer says so.
        SpeechError: The text cannot be spoken, by any worker.
        WorkerFault: The answer is no whole clip.
    """
    if answer.get("error") == "voice":
        raise unknown_voice(voice, data)
    if answer.get("error") == "unspeakable":
        raise SpeechError(
            f"voice {voice.name!r}: {voice.engine} says nothing for {answer['message']!r}",
            shortened(text),
            remedy="write it in other letters, or give it another voice",
        )
    refuse_fault(answer)
    return read_clip(path, answer["ok"])


def read_clip(path: Path, told: Any) -> Clip:
    """Return the frames of a file, which is removed, with the marks that the worker told.

    Args:
        path: The file.
        told: ``frames``, ``rate_hz`` and ``words``, if the answer is as it should be.

    Raises:
        WorkerFault: File and answer do not fit.
    """
    try:
        frame_count, rate_hz = int(told["frames"]), int(told["rate_hz"])
        words = tuple(WordMark(*map(int, mark)) for mark in told["words"])
    except (TypeError, KeyError, ValueError) as error:
        raise WorkerFault(f"an answer that cannot be read: {str(told)[:60]}") from error
    try:
        pcm = path.read_bytes()
        path.unlink()
    except OSError as error:
        raise WorkerFault(f"no readable sound: {error}") from error
    if len(pcm) != 2 * frame_count or not pcm:
        raise WorkerFault(f"damaged sound: {len(pcm)} bytes for {frame_count} frames")
    if sys.byteorder == "big":
        samples = array("h", pcm)
        samples.byteswap()
        pcm = samples.tobytes()
    return Clip(pcm, rate_hz, words)
