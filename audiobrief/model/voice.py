"""A voice as the workspace names it, and as an engine offers it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice profile: ``voices/NAME.toml``."""

    name: str
    #: Name of the engine, as its entry point has it.
    engine: str
    #: The engine's own name for the voice.
    engine_voice: str
    language: str = "en"
    #: Words a minute, 80..449 (the range of espeak-ng).
    rate_wpm: int = 170
    #: 0.0..1.0; loudness is set later, a lower value only keeps an engine from clipping.
    volume: float = 1.0
    #: Further keys of the profile, for engines that need them; sorted by key.
    options: tuple[tuple[str, str], ...] = ()
    #: The folder of the profile: relative paths in it count from there. It is no part of the
    #: sound, so a workspace may be moved.
    folder: str = field(default="", repr=False, compare=False)
    #: Under which terms the voice may be used; empty: the engine's.
    license: str = field(default="", repr=False, compare=False)
    #: "female", "male" or empty: as what it is heard, where its profile says so.
    gender: str = field(default="", repr=False, compare=False)

    def option(self, key: str, default: str = "") -> str:
        """Return one of the further keys.

        >>> Voice("a", "piper", "b", options=(("model", "b.onnx"),)).option("model")
        'b.onnx'
        """
        return dict(self.options).get(key, default)


@dataclass(frozen=True, slots=True)
class EngineVoice:
    """A voice that an engine offers."""

    id: str
    name: str
    languages: tuple[str, ...] = ()
    gender: str | None = None
