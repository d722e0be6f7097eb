"""The seam for voices: what an engine promises, and which profiles no engine is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from audiobrief.errors import WorkspaceError
from audiobrief.speak.workers.phonemes import is_sound

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path
    from types import TracebackType

    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import EngineVoice, Voice

#: Words a minute that espeak-ng can be set to; it cuts others to this range without a word.
RATES_WPM = range(80, 450)


class Session(Protocol):
    """One open connection to an engine, used by one thread at a time.

    ``close`` may come from another thread, in the middle of ``speak``, which then ends with a
    :class:`SpeechError`. Closing twice is harmless.
    """

    def speak(self, text: str, voice: Voice) -> Clip:
        """Return the sound of one text, whole, or raise.

        The session itself repeats what is worth repeating (a dead worker, an HTTP 429): it
        alone knows. After an error it is ready for the next text.

        Args:
            text: Plain text up to 200,000 characters; markup, ``[[``, a leading ``-`` are text.
            voice: A voice whose ``engine`` is this one.

        Returns:
            Mono 16-bit sound with no more than the engine's own silence around it.

        Raises:
            VoiceNotFoundError: The engine has no voice of that name; never another voice.
            SpeechError: Blank or endless text, or text that could not be spoken whole.
        """
        ...

    def close(self) -> None:
        """Give back processes, files and connections."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


@runtime_checkable
class PatientSession(Protocol):
    """A session that waits before it repeats something."""

    def wind_down(self) -> None:
        """Begin nothing more, and wait for nothing; what is under way may be finished.

        From any thread. A text that is not finished ends with a :class:`SpeechError`.
        """
        ...


@runtime_checkable
class PhoneticSession(Protocol):
    """A session that can be told the sounds of some words."""

    def speak_phonetic(
        self, text: str, voice: Voice, phonemes: Sequence[tuple[int, int, str]]
    ) -> Clip:
        """Return the sound of one text, as `Session.speak` does.

        Args:
            text: Plain text.
            voice: A voice whose ``engine`` is this one.
            phonemes: Start, end and IPA of words, in order and apart; the engine `can_say` each.
        """
        ...


@runtime_checkable
class PreparableSession(Protocol):
    """A session that takes time to start."""

    def prepare(self) -> None:
        """Begin to start, and return at once: the first text then waits less.

        What goes wrong shows when a text is spoken.
        """
        ...


class Engine(Protocol):
    """Something that speaks. Making one must be cheap: a build that has all clips opens none.

    An entry point of the group ``audiobrief.engines`` is a function that takes the engine's
    settings, a mapping that may be empty, and returns one. ``check_engine`` in
    :mod:`audiobrief.speak.contract` proves the promises made here.
    """

    @property
    def name(self) -> str:
        """The name that voice profiles use."""
        ...

    def fingerprint(self) -> str:
        """Name everything besides text and voice that the sound depends on.

        Adapter, library and data versions. It is part of the key of every clip, so it must
        not change from run to run, and costs no process and no heavy import.

        Raises:
            EngineUnavailableError: The engine is not installed whole.
        """
        ...

    def voices(self) -> Sequence[EngineVoice]:
        """List what a profile's ``engine_voice`` may be, sorted by id."""
        ...

    def open(self) -> Session:
        """Open a session; what is slow may wait for the first text."""
        ...


@runtime_checkable
class ParallelEngine(Protocol):
    """An engine that gains by several sessions at once, each in a thread of its own."""

    @property
    def max_sessions(self) -> int:
        """How many sessions are worth opening at most."""
        ...

    @property
    def clips_per_session(self) -> int:
        """How many clips must wait for a further session to be worth opening."""
        ...


@runtime_checkable
class InspectableEngine(Protocol):
    """An engine that can tell what it really runs on."""

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Start the engine and return label and value pairs for ``audiobrief doctor``.

        Raises:
            EngineUnavailableError: It cannot be started.
        """
        ...


@runtime_checkable
class TellingEngine(Protocol):
    """An engine with something to say while it speaks: a server's wish to wait, lost letters."""

    def listen(self, tell: Callable[[str], None]) -> None:
        """Pass each note on from now, one line of text, in the threads of the sessions."""
        ...


@runtime_checkable
class ModelEngine(Protocol):
    """An engine whose voices are files of the user's own."""

    def voice_fingerprint(self, voice: Voice) -> str:
        """Name the contents of the files that a voice is made of; part of its clips' keys.

        Raises:
            VoiceNotFoundError: A file is missing; the remedy says where to get it.
        """
        ...

    def voices_in(self, folder: Path) -> Sequence[EngineVoice]:
        """List the voices whose files lie in a folder, sorted by id."""
        ...


@runtime_checkable
class PhoneticEngine(Protocol):
    """An engine that can be told the sounds of a word."""

    def can_say(self, ipa: str, voice: Voice) -> bool:
        """Tell whether a voice has all these sounds; costs no process.

        Its sessions are :class:`PhoneticSession`.

        Args:
            ipa: In the International Phonetic Alphabet.
            voice: A voice of this engine.
        """
        ...


@runtime_checkable
class LicensedEngine(Protocol):
    """An engine that says under which terms it and its own voices are used."""

    @property
    def license(self) -> str:
        """The terms, as SPDX identifiers where there are such."""
        ...


def fingerprint_of(engine: Engine, voice: Voice) -> str:
    """Return all that the sound of a voice depends on besides the text and its profile.

    Raises:
        EngineUnavailableError: The engine is not installed whole.
        VoiceNotFoundError: A file of the voice is missing.
    """
    if isinstance(engine, ModelEngine):
        return f"{engine.fingerprint()}, {engine.voice_fingerprint(voice)}"
    return engine.fingerprint()


def can_say(engine: Engine, voice: Voice, ipa: str) -> bool:
    """Tell whether a voice can be told these sounds, in IPA; stress alone is none.

    Raises:
        EngineUnavailableError: The engine is not installed whole.
        VoiceNotFoundError: A file of the voice is missing.
    """
    has_sound = any(map(is_sound, ipa))
    return has_sound and isinstance(engine, PhoneticEngine) and engine.can_say(ipa, voice)


def refuse_unusable(voice: Voice) -> None:
    """Stop at a voice profile whose figures engines would quietly change.

    Raises:
        WorkspaceError: Rate or volume is out of range.
    """
    if type(voice.rate_wpm) is not int or voice.rate_wpm not in RATES_WPM:
        raise WorkspaceError(
            f"the rate of voice {voice.name!r} is not a whole number"
            f" from {RATES_WPM.start} to {RATES_WPM.stop - 1}",
            str(voice.rate_wpm),
            remedy=f"set rate_wpm in voices/{voice.name}.toml, for example to 170",
        )
    if not 0.0 <= voice.volume <= 1.0:
        raise WorkspaceError(
            f"the volume of voice {voice.name!r} is not within 0.0 to 1.0",
            str(voice.volume),
            remedy=f"set volume in voices/{voice.name}.toml, for example to 0.8",
        )


def refuse_unknown_options(voice: Voice, known: Collection[str]) -> None:
    """Stop at a voice profile with an option that its engine would ignore.

    Args:
        voice: The profile.
        known: The names that the engine knows.

    Raises:
        WorkspaceError: There is another one.
    """
    for name, _value in voice.options:
        if name in known:
            continue
        from difflib import get_close_matches  # noqa: PLC0415 - lazy: only when something is wrong

        near = get_close_matches(name, known, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        names = ", ".join(sorted(known)) or "no options"
        raise WorkspaceError(
            f"voice {voice.name!r}: {voice.engine} has no such option",
            name,
            remedy=f"{guess}mend it in voices/{voice.name}.toml; {voice.engine} has {names}",
        )
