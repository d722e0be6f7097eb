"""Find a workspace's parts, with defaults for every one that is missing."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError
from audiobrief.model.audio import SoundSpec
from audiobrief.model.voice import Voice
from audiobrief.workspace.settings import Settings, VoiceProfile
from audiobrief.workspace.toml import parse_toml, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

SETTINGS_NAME = "audiobrief.toml"
#: In a wheel the shipped profiles lie in the package, in a checkout beside it.
_PACKAGE = Path(__file__).resolve().parent.parent
SHIPPED_VOICES = next(
    (p for p in (_PACKAGE / "voices", _PACKAGE.parent / "voices") if p.is_dir()),
    _PACKAGE / "voices",
)


@dataclass(frozen=True)
class Workspace:
    """A folder with articles, settings and episodes."""

    root: Path
    settings: Settings
    #: The settings as written, to name the line of a wrong one.
    written: str = ""

    def place_of(self, key: str) -> str:
        """Return where a setting stands, for errors."""
        return place_of(self.written, key, where=SETTINGS_NAME)

    @property
    def articles(self) -> Path:
        """The inbox."""
        return self.root / "articles"

    @property
    def episodes(self) -> Path:
        """Everything produced."""
        return self.root / "episodes"

    @property
    def cache(self) -> Path:
        """What can be rebuilt."""
        return self.root / ".audiobrief"

    @property
    def sound(self) -> SoundSpec:
        """The ``[sound]`` settings as the assembly takes them."""
        return SoundSpec(**self.settings.sound.model_dump())

    @property
    def show_title(self) -> str:
        """The show's title: by default the folder's name."""
        return self.settings.show.title or self.root.name or "audiobrief"

    @cached_property
    def voices(self) -> dict[str, Voice]:
        """All voice profiles by name: the workspace's win over the shipped ones."""
        paths = {p.stem: p for folder in self._voice_folders() for p in _profiles(folder)}
        return {name: _load_voice(name, path) for name, path in sorted(paths.items())}

    def _voice_folders(self) -> tuple[Path, ...]:
        return (SHIPPED_VOICES, self.root / "voices")

    def voice(self, name: str, *, wanted_by: str) -> Voice:
        """Return a voice profile.

        Raises:
            WorkspaceError: There is none of that name; ``wanted_by`` says who asked for it.
        """
        if name in self.voices:
            return self.voices[name]
        close = difflib.get_close_matches(name, self.voices, n=1)
        suggestion = f'did you mean "{close[0]}"? ' if close else ""
        raise WorkspaceError(
            f'there is no voice "{name}"',
            wanted_by,
            remedy=f'{suggestion}run "audiobrief voices" to see all, or add voices/{name}.toml',
        )


def load_workspace(root: Path) -> Workspace:
    """Read the settings of a folder; without ``audiobrief.toml``, defaults apply.

    Raises:
        WorkspaceError: The folder is missing, or its settings are wrong.
    """
    root = root.absolute()
    if not root.is_dir():
        raise WorkspaceError(
            "the workspace is no folder", str(root), remedy=f'run "audiobrief init {root}"'
        )
    path = root / SETTINGS_NAME
    content = _read(path) if path.exists() else b""
    settings = parse_toml(content, Settings, where=SETTINGS_NAME)
    return Workspace(root, settings, content.decode("utf-8-sig"))


def _profiles(folder: Path) -> Iterable[Path]:
    return folder.glob("*.toml") if folder.is_dir() else ()


def _load_voice(name: str, path: Path) -> Voice:
    profile = parse_toml(_read(path), VoiceProfile, where=f"voices/{path.name}")
    known = {k: getattr(profile, k) for k in ("base_url", "model", "api_key_env")}
    options = {k: v for k, v in known.items() if v is not None} | profile.options
    return Voice(
        name=name,
        engine=profile.engine,
        engine_voice=profile.engine_voice,
        language=profile.language,
        rate_wpm=profile.rate_wpm,
        volume=profile.volume,
        options=tuple(sorted(options.items())),
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WorkspaceError(
            f"cannot read: {error.strerror or error}",
            str(path),
            remedy="make the file readable",
        ) from error
