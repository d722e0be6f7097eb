"""piper: neural voices as files, offline, in a worker; the extra ``[piper]``.

A profile's ``engine_voice`` names the model: a file ``NAME.onnx`` beside the profile, or a path,
with ``NAME.onnx.json`` beside it. With ``model = "path/to/voice.onnx"`` the file may lie anywhere,
and ``engine_voice`` may also be one of its speakers. Options: ``speaker_id``, name or number of a
speaker; ``natural_wpm``, the voice's own rate, which is measured otherwise.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiobrief.errors import VoiceNotFoundError
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

#: Longest text for one run, in characters: the model's memory grows with the square of a sentence.
LONGEST_RUN = 1_000

_OPTIONS = ("model", "natural_wpm", "speaker_id")

_WORKER = Path(workers.__file__).with_name("piper_program.py")


class PiperEngine:
    """The engine ``piper``.

    Args:
        limits: Time limits for the worker.
    """

    name = "piper"
    license = "GPL-3.0-or-later; each voice has its own terms"

    def __init__(self, *, limits: Limits = NEURAL_LIMITS) -> None:
        self._limits = limits

    def fingerprint(self) -> str:
        """Name the adapter and the packages; the model is named by `voice_fingerprint`."""
        versions = [
            f"{name} {installed_version(name, extra='piper')}"
            for name in ("piper-tts", "onnxruntime", "onnx")
        ]
        return ", ".join([f"piper-adapter {ADAPTER_VERSION}", *versions])

    def voice_fingerprint(self, voice: Voice) -> str:
        """Name the contents of model and configuration."""
        model = read_model(voice)
        speaker_of(voice, model)
        return f"model {content_digest(model.path)} {content_digest(_config_path(model.path))}"

    def can_say(self, ipa: str, voice: Voice) -> bool:
        """Tell whether the model knows all these sounds."""
        known = read_model(voice).phonemes
        return bool(known) and all(p in known for p in ipa if is_sound(p))

    def voices(self) -> Sequence[EngineVoice]:
        """List nothing: the voices are files; see `voices_in`."""
        return ()

    def voices_in(self, folder: Path) -> Sequence[EngineVoice]:
        """List the models in a folder that have a configuration beside them."""
        paths = sorted(p for p in folder.glob("*.onnx") if _config_path(p).is_file())
        return [
            EngineVoice(path.stem, path.name, (language,))
            for path in paths
            if (language := _language(path)) is not None
        ]

    def open(self) -> WorkerSession:
        """Open a session; its worker starts with the first text."""
        return WorkerSession(_Program(), self._limits)


@dataclass(frozen=True, slots=True)
class Model:
    """A voice's file, and what its configuration says of speakers."""

    path: Path
    speaker_count: int
    speaker_ids: Mapping[str, int]
    #: What it can be given, IPA as a rule; empty: it takes something else.
    phonemes: frozenset[str]


def read_model(voice: Voice) -> Model:
    """Read the configuration of a voice's model.

    Raises:
        VoiceNotFoundError: Model or configuration is missing, or is none.
    """
    written = voice.option("model") or voice.engine_voice
    if not written.endswith(".onnx"):
        written += ".onnx"
    path = find_file(voice, written)
    config_path = find_file(voice, f"{written}.json")
    try:
        config = json.loads(config_path.read_bytes())
        ids = {str(name): int(number) for name, number in config.get("speaker_id_map", {}).items()}
        takes_ipa = config.get("phoneme_type", "espeak") == "espeak"
        known = frozenset(config.get("phoneme_id_map", ()) if takes_ipa else ())
        return Model(path.absolute(), int(config["num_speakers"]), ids, known)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise VoiceNotFoundError(
            f"voice {voice.name!r}: its configuration is not one of piper: {error}",
            str(config_path),
            remedy=f"audiobrief voices add piper:{path.stem} --force",
        ) from error


def speaker_of(voice: Voice, model: Model) -> int | None:
    """Return the number of a voice's speaker; ``None``: the model has just one, or its first.

    Raises:
        VoiceNotFoundError: The model has no such speaker.
    """
    own_names = {model.path.name, model.path.stem, voice.option("model")}
    is_model = not voice.option("model") or voice.engine_voice in own_names
    wanted = voice.option("speaker_id") or ("" if is_model else voice.engine_voice)
    if not wanted:
        return None
    if wanted in model.speaker_ids:
        return model.speaker_ids[wanted]
    if wanted.isdecimal() and int(wanted) < model.speaker_count:
        return int(wanted)
    names = ", ".join(sorted(model.speaker_ids)[:10]) or f"0 to {model.speaker_count - 1}"
    raise VoiceNotFoundError(
        f"voice {voice.name!r}: {model.path.name} has no such speaker",
        wanted,
        remedy=f"its speakers: {names}; or set engine_voice to {model.path.stem!r}",
    )


def _config_path(model: Path) -> Path:
    return model.with_name(f"{model.name}.json")


def _language(model: Path) -> str | None:
    """Return the language of a model; ``None``: its configuration is not one of piper."""
    try:
        config = json.loads(_config_path(model).read_bytes())
        code = config.get("language", {}).get("code") or config["espeak"]["voice"]
        return str(code).replace("_", "-")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def without_commands(text: str) -> str:
    """Return a text of the same length in which nothing is a command to piper.

    It takes ``[[`` ... ``]]`` for phonemes; round brackets are read the same as square ones.

    >>> without_commands("He wrote [[h@l'oU]] [sic].")
    "He wrote ((h@l'oU)) (sic)."
    """
    return text.translate(_BRACKETS)


_BRACKETS = str.maketrans("[]", "()")


@dataclass(frozen=True, slots=True)
class _Program:
    """How the worker is started and asked; see :class:`audiobrief.speak.session.Program`."""

    name: str = "piper"
    longest_run: int = LONGEST_RUN

    def start(self) -> Worker:
        """Start the worker in piper's folder, from where the path of its data is short."""
        package = package_folder("piper", extra="piper")
        command = [sys.executable, "-I", "-X", "utf8", str(_WORKER), str(package.parent)]
        return Worker(command, environment={}, cwd=package)

    def request(
        self, text: str, voice: Voice, folder: Path, said: Mapping[str, str]
    ) -> Mapping[str, object]:
        """Ask for a WAV file."""
        refuse_unknown_options(voice, _OPTIONS)
        model = read_model(voice)
        return {
            "do": "speak",
            "text": without_commands(text),
            "said": dict(said),
            "path": str(folder / "clip.wav"),
            "model": str(model.path),
            "speaker": speaker_of(voice, model),
            "rate": voice.rate_wpm,
            "natural": number_option(voice, "natural_wpm"),
            "volume": voice.volume,
        }

    def clip(self, answer: Mapping[str, Any], text: str, voice: Voice, folder: Path) -> Clip:
        """Read the WAV file, and find its words."""
        published = Path(voice.option("model") or voice.engine_voice).name.removesuffix(".onnx")
        return neural_clip(answer, text, voice, folder / "clip.wav", published=published)


def make_engine(settings: Mapping[str, object] | None = None) -> PiperEngine:  # noqa: ARG001 - it has no settings
    """Make the engine; the entry point ``piper``."""
    return PiperEngine()
