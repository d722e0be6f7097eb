"""flite: a small synthesizer in C, as a program of its own or inside ffmpeg.

Debian has a package ``flite``, and builds ffmpeg with the source filter of that name. Either is
found on the PATH and runs once a text, in a folder of its own: text and sound are files with fixed
names there, so that nothing of a text or a path is ever parsed as an option, a filter or markup.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from audiobrief.errors import SpeechError, VoiceNotFoundError
from audiobrief.model.voice import EngineVoice
from audiobrief.speak.ascii_text import ascii_text
from audiobrief.speak.check import length_band_s
from audiobrief.speak.engine import refuse_unknown_options, refuse_unusable
from audiobrief.speak.flite_program import (
    NATURAL_WPM,
    SOUND_NAME,
    TEXT_NAME,
    FliteProgram,
    find_program,
    private_folder,
    sweep_folders,
    unavailable,
)
from audiobrief.speak.session import Limits, joined
from audiobrief.speak.utterance import divide, plain_text, refuse_endless, shortened
from audiobrief.speak.volume import with_volume
from audiobrief.speak.wav import read_wav
from audiobrief.speak.worker import WorkerFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import Voice

#: Raised when this adapter makes another sound of the same text and voice.
ADAPTER_VERSION = 1

#: Longest text for one process, in characters: about two minutes of sound, all held in memory.
LONGEST_RUN = 2_000

#: Starting costs 0.3 s, and the slowest voice has 18 times real time (measured, 2 cores).
_LIMITS = Limits(speak_s=15.0, slowest=2.0)


class FliteEngine:
    """The engine ``flite``.

    Args:
        find: Finds the program.
        limits: Time limits.
    """

    name = "flite"

    def __init__(
        self,
        find: Callable[[], FliteProgram] = find_program,
        *,
        limits: Limits = _LIMITS,
    ) -> None:
        self._find = find
        self._limits = limits
        self._tell: Callable[[str], None] | None = None

    license = "BSD-style"
    #: Opening one costs nothing.
    clips_per_session = 1

    @property
    def max_sessions(self) -> int:
        """Return the number of processors: each text is a process that keeps one busy."""
        return os.cpu_count() or 1

    def fingerprint(self) -> str:
        """Name adapter and program; its date and size change with every update of it.

        Raises:
            EngineUnavailableError: Neither flite nor an ffmpeg that has it is there.
        """
        program = self._find()
        program.require_flite()
        kind = "ffmpeg" if program.is_ffmpeg else "flite"
        try:
            facts = program.path.stat()
        except OSError as error:
            raise unavailable(f"{kind} cannot be read", str(program.path)) from error
        which = f"{program.path} of {facts.st_size} bytes, {facts.st_mtime_ns}"
        return f"flite-adapter {ADAPTER_VERSION}, {kind} {which}"

    def voices(self) -> Sequence[EngineVoice]:
        """List the voices that are built in."""
        return [EngineVoice(name, f"CMU {name}", ("en-us",)) for name in sorted(NATURAL_WPM)]

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Start the program and tell what it is."""
        program = self._find()
        version = program.version()
        return (
            ("program", str(program.path)),
            ("version", version),
            ("fingerprint", self.fingerprint()),
        )

    def listen(self, tell: Callable[[str], None]) -> None:
        """Pass notes for the user on, in the threads of the sessions."""
        self._tell = tell

    def note(self, text: str) -> None:
        """Tell the user something, if anybody listens."""
        if self._tell is not None:
            self._tell(text)

    def open(self) -> FliteSession:
        """Open a session; a process starts with each text."""
        sweep_folders()
        return FliteSession(self, self._find, self._limits)


class FliteSession:
    """One process at a time; see :class:`audiobrief.speak.engine.Session`."""

    def __init__(
        self, engine: FliteEngine, find: Callable[[], FliteProgram], limits: Limits
    ) -> None:
        self._engine = engine
        self._find = find
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        # `close` comes from another thread when the user interrupts.
        self._lock = Lock()

    def speak(self, text: str, voice: Voice) -> Clip:
        """Return the sound of one text."""
        self._stop_if_closed()
        refuse_unusable(voice)
        refuse_unknown_options(voice, ())
        if voice.engine_voice not in NATURAL_WPM:
            raise _unknown_voice(voice)
        plain, lost = ascii_text(plain_text(text))
        refuse_endless(plain)
        if not any(character.isalnum() for character in plain):
            problem = (
                "flite knows no character of this text" if lost else "there is nothing to speak"
            )
            remedy = "give it a letter or a digit to say, or give the voice another engine"
            raise SpeechError(problem, shortened(text), remedy=remedy)
        if lost:
            self._engine.note(f"flite leaves out {lost!r} in: {shortened(text)}")
        parts = divide(plain, LONGEST_RUN)
        clips = [self._speak_part(part, voice) for part in parts]
        return with_volume(joined(plain, parts, clips), voice.volume)

    def _speak_part(self, text: str, voice: Voice) -> Clip:
        """Speak what fits one process; one that fails is replaced once."""
        program = self._find()
        try:
            return self._attempt(program, text, voice)
        except WorkerFault:
            self._stop_if_closed()
            # Either it lacks flite, which this finds out, or it had bad luck.
            program.version()
        try:
            return self._attempt(program, text, voice)
        except WorkerFault as fault:
            self._stop_if_closed()
            raise SpeechError(
                f"flite failed twice at this text, at last with: {fault}",
                shortened(text),
                remedy="run 'audiobrief doctor'; if it finds nothing, reword the text",
            ) from fault

    def _attempt(self, program: FliteProgram, text: str, voice: Voice) -> Clip:
        limit_s = self._limits.speak_s
        limit_s += length_band_s(text, voice.rate_wpm)[1] / self._limits.slowest
        with private_folder() as name:
            folder = Path(name)
            (folder / TEXT_NAME).write_text(text, "ascii")
            command = program.command(voice.engine_voice, voice.rate_wpm)
            process = self._start(command, folder)
            try:
                _, complaints = process.communicate(timeout=limit_s)
            except subprocess.TimeoutExpired as error:
                raise WorkerFault(f"no sound within {limit_s:.0f} s") from error
            finally:
                self._end(process)
            if process.returncode != 0:
                raise WorkerFault(_obituary(process.returncode, complaints))
            return read_wav(folder / SOUND_NAME)

    def _start(self, command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
        with self._lock:
            self._stop_if_closed()
            try:
                self._process = subprocess.Popen(  # noqa: S603 - a found program, no shell
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    cwd=folder,
                    **_own_group(),
                )
            except OSError as error:
                raise WorkerFault(f"{command[0]} cannot be started: {error.strerror}") from error
            return self._process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """End what may still run, without leaving a zombie."""
        with self._lock:
            self._process = None
            if process.poll() is None:
                _kill(process)
        process.communicate()

    def _stop_if_closed(self) -> None:
        if self._closed:
            raise SpeechError("the session is closed", "flite", remedy="open another one")

    def close(self) -> None:
        """End the process; a text in hand fails."""
        with self._lock:
            self._closed = True
            if self._process is not None and self._process.poll() is None:
                _kill(self._process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _own_group() -> dict[str, Any]:
    """Keep a Ctrl-C in the terminal from the process: who stops it is its parent."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    # Gone already: it ended between the question and the signal.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _obituary(status: int, complaints: bytes) -> str:
    lines = complaints.decode("utf-8", "replace").strip().splitlines()
    last = f": {lines[-1][:200]}" if lines else ""
    return f"the process ended with exit status {status}{last}"


def _unknown_voice(voice: Voice) -> VoiceNotFoundError:
    return VoiceNotFoundError(
        f"voice {voice.name!r}: flite has no such voice",
        voice.engine_voice,
        remedy=f"take one of {', '.join(sorted(NATURAL_WPM))}",
    )


def make_engine(settings: Mapping[str, object] | None = None) -> FliteEngine:  # noqa: ARG001 - it has no settings
    """Make the engine; the entry point ``flite``."""
    return FliteEngine()
