"""kokoro-onnx: neural voices of one model, offline, in a worker; the extra ``[kokoro]``.

A profile's ``engine_voice`` is a voice of the voices file, such as ``af_heart``. ``model`` names
the ``.onnx`` file, and the option ``voices`` the voices file; relative paths count from the
profile's folder. Further options: ``lang``, the language as espeak-ng names it, where the voice's
name does not tell; ``natural_wpm``, the voice's own rate, which is measured otherwise.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from audiobrief.errors import EngineUnavailableError, VoiceNotFoundError, WorkspaceError
from audiobrief.model.voice import EngineVoice
from audiobrief.speak import workers
from audiobrief.speak.engine import refuse_unknown_options
from audiobrief.speak.model_file import (
    content_digest,
    find_file,
    installed_version,
    number_option,
    package_folder,
)
from audiobrief.speak.neural import NEURAL_LIMITS, neural_clip
from audiobrief.speak.session import Limits, WorkerSession
from audiobrief.speak.worker import Worker
from audiobrief.speak.workers.phonemes import is_sound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobrief.model.audio import Clip
    from audiobrief.model.voice import Voice

#: Raised when this adapter makes another sound of the same text and voice.
ADAPTER_VERSION = 1

#: Longest text for one run, in characters: mostly below the 510 phonemes of one pass.
LONGEST_RUN = 400

#: What the first letter of a voice's name stands for, as espeak-ng names it (``af_heart``: an
#: American woman).
_LANGUAGES = {
    "a": "en-us",
    "b": "en-gb",
    "e": "es",
    "f": "fr-fr",
    "h": "hi",
    "i": "it",
    "j": "ja",
    "p": "pt-br",
    "z": "cmn",
}

_OPTIONS = ("lang", "model", "natural_wpm", "voices")

_WORKER = Path(workers.__file__).with_name("kokoro_program.py")


class KokoroEngine:
    """The engine ``kokoro``.

    Args:
        limits: Time limits for the worker.
    """

    name = "kokoro"
    license = "MIT, with GPL-3.0-or-later phonemizer and espeak-ng; model Apache-2.0"

    def __init__(self, *, limits: Limits = NEURAL_LIMITS) -> None:
        self._limits = limits

    def fingerprint(self) -> str:
        """Name the adapter and the packages; the model is named by `voice_fingerprint`."""
        versions = [
            f"{name} {installed_version(name, extra='kokoro')}"
            for name in ("kokoro-onnx", "onnxruntime", "phonemizer", "espeakng-loader")
        ]
        return ", ".join([f"kokoro-adapter {ADAPTER_VERSION}", *versions])

    def voice_fingerprint(self, voice: Voice) -> str:
        """Name the contents of model and voices file."""
        files = find_files(voice)
        return f"model {content_digest(files.model)}, voices {content_digest(files.voices)}"

    def can_say(self, ipa: str, voice: Voice) -> bool:  # noqa: ARG002 - all voices share one model
        """Tell whether the model knows all these sounds."""
        path = package_folder("kokoro_onnx", extra="kokoro") / "config.json"
        known = json.loads(path.read_bytes())["vocab"]
        return all(p in known for p in ipa if is_sound(p))

    def voices(self) -> Sequence[EngineVoice]:
        """List nothing: the voices are in a file; see `voices_in`."""
        return ()

    def voices_in(self, folder: Path) -> Sequence[EngineVoice]:
        """List the voices of the voices files in a folder."""
        names = {n for path in folder.glob("voices*.bin") for n in names_in(path) or ()}
        return [
            EngineVoice(name, name, (language_of(name),) if language_of(name) else ())
            for name in sorted(names)
        ]

    def open(self) -> WorkerSession:
        """Open a session; its worker starts with the first text."""
        return WorkerSession(_Program(), self._limits)


@dataclass(frozen=True, slots=True)
class Files:
    """What a voice is made of."""

    model: Path
    voices: Path


def find_files(voice: Voice) -> Files:
    """Return the files that a voice profile names.

    Raises:
        WorkspaceError: It names none.
        VoiceNotFoundError: A file is missing, or has no such voice.
    """
    command = f"audiobrief voices add kokoro:{voice.engine_voice}"
    for key in ("model", "voices"):
        if not voice.option(key):
            raise WorkspaceError(
                f"voice {voice.name!r} does not say where its {key} file is",
                f"voices/{voice.name}.toml",
                remedy=f"add it{' under [options]' * (key == 'voices')}, or run {command!r}",
            )
    try:
        files = Files(
            *(find_file(voice, voice.option(key)).absolute() for key in ("model", "voices"))
        )
    except VoiceNotFoundError as error:
        raise VoiceNotFoundError(error.problem, error.subject, remedy=command) from error
    names = names_in(files.voices)
    if names is None:
        raise VoiceNotFoundError(
            f"voice {voice.name!r}: the voices file cannot be read",
            str(files.voices),
            remedy=f"{command} --force",
        )
    if voice.engine_voice not in names:
        from difflib import get_close_matches  # noqa: PLC0415 - lazy: only when something is wrong

        near = get_close_matches(voice.engine_voice, names, n=1) or names[:1]
        raise VoiceNotFoundError(
            f"voice {voice.name!r}: {files.voices.name} has no such voice",
            voice.engine_voice,
            remedy=f"did you mean {near[0]!r}? 'audiobrief voices --engine kokoro' lists them",
        )
    return files


def names_in(path: Path) -> list[str] | None:
    """Return the voices in a voices file, an archive of arrays; ``None``: it is none."""
    try:
        with ZipFile(path) as archive:
            return sorted(name.removesuffix(".npy") for name in archive.namelist()) or None
    except (OSError, BadZipFile):
        return None


def language_of(name: str) -> str:
    """Return the language in a voice's name; empty: it does not tell.

    >>> language_of("bf_emma"), language_of("emma")
    ('en-gb', '')
    """
    return _LANGUAGES.get(name[0], "") if name[1:2] in {"f", "m"} and name[2:3] == "_" else ""


@dataclass(frozen=True, slots=True)
class _Program:
    """How the worker is started and asked; see :class:`audiobrief.speak.session.Program`."""

    name: str = "kokoro"
    longest_run: int = LONGEST_RUN

    def start(self) -> Worker:
        """Start the worker beside the data of espeak-ng, from where their path is short."""
        package = package_folder("kokoro_onnx", extra="kokoro")
        espeak = package_folder("espeakng_loader", extra="kokoro")
        if not (espeak / "espeak-ng-data" / "phontab").is_file():
            raise EngineUnavailableError(
                "a part of the embedded espeak-ng is missing",
                str(espeak),
                remedy="python -m pip install --force-reinstall espeakng-loader",
            )
        command = [sys.executable, "-I", "-X", "utf8", str(_WORKER), str(package.parent)]
        return Worker(command, environment={}, cwd=espeak)

    def request(
        self, text: str, voice: Voice, folder: Path, said: Mapping[str, str]
    ) -> Mapping[str, object]:
        """Ask for a WAV file."""
        refuse_unknown_options(voice, _OPTIONS)
        files = find_files(voice)
        return {
            "do": "speak",
            "text": text,
            "said": dict(said),
            "path": str(folder / "clip.wav"),
            "who": {
                "model": str(files.model),
                "voices": str(files.voices),
                "voice": voice.engine_voice,
                "language": voice.option("lang") or language_of(voice.engine_voice) or "en-us",
            },
            "rate": voice.rate_wpm,
            "natural": number_option(voice, "natural_wpm"),
            "volume": voice.volume,
        }

    def clip(self, answer: Mapping[str, Any], text: str, voice: Voice, folder: Path) -> Clip:
        """Read the WAV file, and find its words."""
        return neural_clip(answer, text, voice, folder / "clip.wav", published=voice.engine_voice)


def make_engine(settings: Mapping[str, object] | None = None) -> KokoroEngine:  # noqa: ARG001 - it has no settings
    """Make the engine; the entry point ``kokoro``."""
    return KokoroEngine()
