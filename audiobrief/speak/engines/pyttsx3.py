"""pyttsx3 on the bundled espeak-ng, in a guarded process: the default engine, offline.

espeak-ng and its data come as the package espeakng-loader, so that ``pip install`` is all. What
pyttsx3 2.99 breaks is avoided in `pyttsx3_worker`; what can only be seen from outside (a death, a
hang, half a file) is handled here.
"""

from __future__ import annotations

import sys
import wave
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from audiobrief.errors import SpeechError, VoiceNotFoundError
from audiobrief.model.audio import Clip
from audiobrief.model.voice import EngineVoice
from audiobrief.speak.bundle import data_digest, find_bundle, unavailable, variants
from audiobrief.speak.check import length_band_s
from audiobrief.speak.engine import refuse_unusable
from audiobrief.speak.utterance import divide, plain_text, shortened
from audiobrief.speak.worker import Worker, WorkerFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from audiobrief.model.voice import Voice
    from audiobrief.speak.bundle import Bundle

#: Raised when this adapter makes another sound of the same text and voice.
ADAPTER_VERSION = 1

#: Longest text for one run, in characters. pyttsx3 crashes somewhere between 19,600 and 29,400
#: bytes of text; 4,000 characters have at most 16,000.
LONGEST_RUN = 4_000

#: Variants, the ``f2`` of ``en-us+f2``, fit every base voice; they are listed with this one.
_LISTED_BASE = "en-us"

_WORKER = Path(__file__).with_name("pyttsx3_worker.py")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the worker may take before it is taken for hung."""

    #: From its start to its first word; measured: 0.05 s.
    start_s: float = 30.0
    #: For any text, on top of the share of its length; measured: 0.02 s.
    speak_s: float = 10.0
    #: Slowest synthesis that is believed, as a multiple of real time; measured: 300.
    slowest: float = 5.0


class Pyttsx3Engine:
    """The engine ``pyttsx3``.

    Args:
        bundle: The parts to use; ``None``: those that are installed.
        limits: Time limits for the worker.
        worker: The program of the worker.
    """

    name = "pyttsx3"
    #: Two workers speak the sample article in 0.6 of one's time on two cores; four gain no more.
    max_sessions = 2

    def __init__(
        self,
        bundle: Bundle | None = None,
        *,
        limits: Limits = Limits(),
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
        from importlib.metadata import version  # noqa: PLC0415 - lazy: 20 ms

        return (
            f"pyttsx3-adapter {ADAPTER_VERSION}, pyttsx3 {version('pyttsx3')},"
            f" espeakng-loader {version('espeakng-loader')},"
            f" espeak-ng {data_digest(self._bundle)}"
        )

    def fingerprint(self) -> str:
        """Name adapter, package versions, and the contents of library and phoneme data."""
        return self._fingerprint

    def voices(self) -> Sequence[EngineVoice]:
        """List the base voices as espeak-ng has them, and the variants with ``en-us``."""
        with self.open() as session:
            listed = session.ask_once({"do": "voices"})
        base = [
            EngineVoice(id_, name, tuple(languages), gender)
            for id_, name, languages, gender in listed
        ]
        with_variants = [
            EngineVoice(f"{_LISTED_BASE}+{name}", f"variant {name}", (_LISTED_BASE,))
            for name in variants(self._bundle.data)
        ]
        return sorted([*base, *with_variants], key=lambda voice: voice.id)

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Start a worker and tell what is really loaded in it."""
        with self.open() as session:
            facts = session.ask_once({"do": "facts"})
        return (
            ("espeak-ng", facts["version"]),
            ("library", facts["library"]),
            ("data", str(self._bundle.data)),
            ("fingerprint", self.fingerprint()),
        )

    def open(self) -> Pyttsx3Session:
        """Open a session; its worker starts with the first text."""
        return Pyttsx3Session(self._bundle, self._limits, self._worker)


class Pyttsx3Session:
    """One worker, replaced when it fails."""

    def __init__(self, bundle: Bundle, limits: Limits, program: Path) -> None:
        self._bundle = bundle
        self._limits = limits
        self._program = program
        self._worker: Worker | None = None
        self._closed = False
        # `close` comes from another thread when the user interrupts.
        self._lock = Lock()

    def speak(self, text: str, voice: Voice) -> Clip:
        """Return the sound of one text; see :meth:`audiobrief.speak.engine.Session.speak`."""
        refuse_unusable(voice)
        plain = plain_text(text)
        if not plain:
            remedy = "give it a letter or a digit to say"
            raise SpeechError("there is nothing to speak", shortened(text), remedy=remedy)
        parts = [self._speak_part(part, voice, plain) for part in divide(plain, LONGEST_RUN - 1)]
        return Clip(b"".join(part.pcm for part in parts), parts[0].sample_rate_hz)

    def _speak_part(self, text: str, voice: Voice, whole: str) -> Clip:
        """Speak what fits one run; a worker that fails is replaced once."""
        try:
            return self._attempt(text, voice)
        except WorkerFault:
            pass  # Whatever it was, a fresh worker has forgotten it.
        try:
            return self._attempt(text, voice)
        except WorkerFault as fault:
            raise SpeechError(
                f"pyttsx3 failed twice at this text, at last with: {fault}",
                shortened(whole),
                remedy="run 'audiobrief doctor'; if it finds nothing, reword the text",
            ) from fault

    def _attempt(self, text: str, voice: Voice) -> Clip:
        limit_s = (
            self._limits.speak_s + length_band_s(text, voice.rate_wpm)[1] / self._limits.slowest
        )
        try:
            worker = self._running_worker()
            path = worker.folder / "clip.wav"
            request = {
                "do": "speak",
                "text": text,
                "path": str(path),
                "voice": voice.engine_voice,
                "rate": voice.rate_wpm,
                "volume": voice.volume,
            }
            answer = worker.ask(request, limit_s)
            if answer.get("error") == "voice":
                raise _unknown_voice(voice, self._bundle.data)
            _refuse_fault(answer)
            return _read_wav(path)
        except WorkerFault:
            self._drop_worker()
            raise

    def ask_once(self, request: Mapping[str, object]) -> Any:
        """Return the answer to a question that any worker can answer.

        Raises:
            EngineUnavailableError: The worker fails.
        """
        try:
            answer = self._running_worker().ask(request, self._limits.speak_s)
            _refuse_fault(answer)
        except WorkerFault as fault:
            self._drop_worker()
            raise unavailable("the embedded voice does not start", str(fault)) from fault
        return answer["ok"]

    def _running_worker(self) -> Worker:
        """Return the worker, started and greeted if there was none."""
        worker = self._worker
        if worker is not None:
            return worker
        self._bundle.check()
        # -I -S: neither PYTHONPATH nor the current folder nor a .pth file decides what the worker
        # imports, and it is ready in 50 ms.
        command = [sys.executable, "-I", "-S", "-X", "utf8", str(self._program)]
        command += [str(self._bundle.library), str(self._bundle.packages)]
        # espeak-ng cuts the path of its data at 160 bytes, and then ends its process; environments
        # in deep folders have longer ones. A relative path is short everywhere.
        data = self._bundle.data
        worker = Worker(command, environment={"ESPEAK_DATA_PATH": data.name}, cwd=data.parent)
        with self._lock:
            if self._closed:
                worker.kill()
                raise SpeechError("the session is closed", "pyttsx3", remedy="open another one")
            self._worker = worker
        worker.greet(self._limits.start_s)
        return worker

    def _drop_worker(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()

    def close(self) -> None:
        """End the worker; a text in hand fails."""
        self._closed = True
        self._drop_worker()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _refuse_fault(answer: Mapping[str, Any]) -> None:
    if "ok" not in answer:
        raise WorkerFault(str(answer.get("message", "an answer without content")))


def _read_wav(path: Path) -> Clip:
    """Return the sound of a WAV file that is whole: mono, 16 bit, as long as its header says."""
    try:
        with wave.open(str(path), "rb") as file:
            layout = (file.getnchannels(), file.getsampwidth())
            pcm = file.readframes(file.getnframes())
            frame_count, rate = file.getnframes(), file.getframerate()
        path.unlink()
    except (OSError, EOFError, wave.Error) as error:
        raise WorkerFault(f"no readable WAV file: {error}") from error
    if layout != (1, 2) or len(pcm) != 2 * frame_count or frame_count == 0:
        raise WorkerFault(f"a damaged WAV file: {len(pcm)} bytes for {frame_count} frames")
    return Clip(pcm, rate)


def _unknown_voice(voice: Voice, data: Path) -> VoiceNotFoundError:
    """Name the voice, and the nearest one that exists."""
    from difflib import get_close_matches  # noqa: PLC0415 - lazy: only when something is wrong

    base, _, variant = voice.engine_voice.partition("+")
    names = variants(data)
    if base in names:
        base, variant = _LISTED_BASE, base
    bases = {path.name.lower() for path in (data / "lang").rglob("*") if path.is_file()}
    near_base = [base] if base.lower() in bases else get_close_matches(base.lower(), bases, n=1)
    near_variant = get_close_matches(variant, names, n=1, cutoff=0.5)
    remedy = "'audiobrief voices --engine pyttsx3' lists them"
    if near_base and (near_variant or not variant):
        guess = "+".join([*near_base, *near_variant])
        remedy = f"did you mean {guess!r}? {remedy}"
    return VoiceNotFoundError(
        f"voice {voice.name!r}: pyttsx3 has no such voice", voice.engine_voice, remedy=remedy
    )


def make_engine(settings: Mapping[str, object] | None = None) -> Pyttsx3Engine:  # noqa: ARG001 - it has no settings
    """Make the engine; the entry point ``pyttsx3``."""
    return Pyttsx3Engine()
