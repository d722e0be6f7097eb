"""A session with an engine in a worker: a worker that fails is replaced once, and then named."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol, Self

from audiobrief.errors import SpeechError
from audiobrief.model.audio import Clip, WordMark
from audiobrief.speak.check import length_band_s
from audiobrief.speak.engine import refuse_unusable
from audiobrief.speak.phonetic import hold, own_holders, released
from audiobrief.speak.utterance import divide, plain_text, refuse_endless, shortened
from audiobrief.speak.worker import WorkerFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from audiobrief.model.voice import Voice
    from audiobrief.speak.worker import Worker


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a worker may take before it is taken for hung."""

    #: From its start to its first word; measured with espeak-ng: 0.05 s.
    start_s: float = 30.0
    #: For any text, on top of the share of its length; measured with espeak-ng: 0.02 s.
    speak_s: float = 10.0
    #: Slowest synthesis that is believed, as a multiple of real time; espeak-ng has 300.
    slowest: float = 5.0


ORDINARY = Limits()
#: A worker that fails is replaced once.
_ATTEMPTS = 2


class Program(Protocol):
    """What runs in the worker, and how it is asked."""

    @property
    def name(self) -> str:
        """The engine's name."""
        ...

    @property
    def longest_run(self) -> int:
        """Longest text for one request, in characters."""
        ...

    def start(self) -> Worker:
        """Start a process; it greets when it is ready.

        Raises:
            EngineUnavailableError: A part of it is missing.
            WorkerFault: It cannot be started.
        """
        ...

    def request(
        self, text: str, voice: Voice, folder: Path, said: Mapping[str, str]
    ) -> Mapping[str, object]:
        """Return the request for one text; a sound file would go into ``folder``.

        ``said`` has the IPA of the words that are held by one character each, see `phonetic`;
        it is empty for an engine that takes no phonemes.
        """
        ...

    def clip(self, answer: Mapping[str, Any], text: str, voice: Voice, folder: Path) -> Clip:
        """Make the clip of the answer to a request.

        Raises:
            VoiceNotFoundError: The answer says so.
            SpeechError: The text cannot be spoken, by any worker.
            WorkerFault: The answer is no whole clip.
        """
        ...


class WorkerSession:
    """One worker at a time; see :class:`audiobrief.speak.engine.Session`."""

    def __init__(self, program: Program, limits: Limits) -> None:
        self._program = program
        self._limits = limits
        self._worker: Worker | None = None
        self._is_greeted = False
        self._closed = False
        # `close` comes from another thread when the user interrupts.
        self._lock = Lock()

    def speak(self, text: str, voice: Voice) -> Clip:
        """Return the sound of one text; its word marks count in ``plain_text(text)``."""
        return self._speak(text, voice, {})

    def speak_phonetic(
        self, text: str, voice: Voice, phonemes: Sequence[tuple[int, int, str]]
    ) -> Clip:
        """Return the sound of one text, the sounds of some words given in IPA."""
        held = hold(text, phonemes)
        try:
            clip = self._speak(held.text, voice, held.ipa)
        except SpeechError as error:
            if not own_holders(error.subject, held.ipa):
                raise
            raise SpeechError(error.problem, shortened(text), remedy=error.remedy) from error
        return replace(clip, words=released(clip.words, held))

    def _speak(self, text: str, voice: Voice, said: Mapping[str, str]) -> Clip:
        """Speak a text in which holders may stand."""
        refuse_unusable(voice)
        plain = plain_text(text)
        if not plain:
            remedy = "give it a letter or a digit to say"
            raise SpeechError("there is nothing to speak", shortened(text), remedy=remedy)
        refuse_endless(plain)
        parts = divide(plain, self._program.longest_run)
        clips = [self._speak_part(p, voice, own_holders(p, said), plain) for p in parts]
        return joined(plain, parts, clips)

    def _speak_part(self, text: str, voice: Voice, said: Mapping[str, str], whole: str) -> Clip:
        """Speak what fits one run; a worker that fails is replaced once."""
        faults: list[WorkerFault] = []
        while len(faults) < _ATTEMPTS:
            try:
                return self._attempt(text, voice, said)
            except WorkerFault as fault:
                faults.append(fault)  # Whatever it was, a fresh worker has forgotten it.
        raise SpeechError(
            f"{self._program.name} failed twice at this text, at last with: {faults[-1]}",
            shortened(whole),
            remedy="run 'audiobrief doctor'; if it finds nothing, reword the text",
        ) from faults[-1]

    def _attempt(self, text: str, voice: Voice, said: Mapping[str, str]) -> Clip:
        longest_s = length_band_s(text, voice.rate_wpm)[1]
        limit_s = self._limits.speak_s + longest_s / self._limits.slowest
        try:
            worker = self._running_worker()
            request = self._program.request(text, voice, worker.folder, said)
            answer = worker.ask(request, limit_s)
            return self._program.clip(answer, text, voice, worker.folder)
        except WorkerFault:
            self._drop_worker()
            raise

    def ask_once(self, request: Mapping[str, object]) -> Any:
        """Return the answer to a question that any worker can answer.

        Raises:
            WorkerFault: The worker fails.
        """
        try:
            answer = self._running_worker().ask(request, self._limits.speak_s)
            refuse_fault(answer)
        except WorkerFault:
            self._drop_worker()
            raise
        return answer["ok"]

    def _running_worker(self) -> Worker:
        """Return the worker, started and greeted if there was none."""
        worker = self._worker or self._started_worker()
        if not self._is_greeted:
            worker.greet(self._limits.start_s)
            self._is_greeted = True
        return worker

    def prepare(self) -> None:
        """Start the worker, and do not wait for it."""
        if self._worker is None:
            # The first text starts another one, and tells if that fails, too.
            with suppress(WorkerFault):
                self._started_worker()

    def _started_worker(self) -> Worker:
        worker = self._program.start()
        with self._lock:
            if self._closed:
                worker.kill()
                name = self._program.name
                raise SpeechError("the session is closed", name, remedy="open another one")
            self._worker, self._is_greeted = worker, False
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


def refuse_fault(answer: Mapping[str, Any]) -> None:
    """Take an answer that holds no result for a fault of the worker.

    Raises:
        WorkerFault: It holds none.
    """
    if "ok" not in answer:
        raise WorkerFault(str(answer.get("message", "an answer without content")))


def joined(text: str, parts: tuple[str, ...], clips: list[Clip]) -> Clip:
    """Join the clips of the parts of a text, word marks moved to where they belong.

    Args:
        text: The whole.
        parts: As :func:`audiobrief.speak.utterance.divide` made them of it.
        clips: The sound of each, all at one rate.
    """
    if len(clips) == 1:
        return clips[0]
    marks = tuple(_moved(text, parts, clips))
    return Clip(b"".join(clip.pcm for clip in clips), clips[0].sample_rate_hz, marks)


def _moved(text: str, parts: tuple[str, ...], clips: list[Clip]) -> Iterator[WordMark]:
    char = frame = 0
    for part, clip in zip(parts, clips, strict=True):
        char = text.index(part, char)
        for mark in clip.words:
            yield WordMark(mark.start_char + char, mark.end_char + char, mark.start_frame + frame)
        char += len(part)
        frame += clip.frame_count
