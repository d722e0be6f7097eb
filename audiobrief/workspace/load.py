"""Find a workspace's parts, with defaults for every one that is missing."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from audiobrief.errors import WorkspaceError
from audiobrief.model.audio import Format, SoundSpec
from audiobrief.model.voice import Voice
from audiobrief.workspace.casting import CAST_NAME, load_parts
from audiobrief.workspace.lexicons import FOLDER, lexicon_of, load_word_lists
from audiobrief.workspace.music import find_music, fingerprint_music
from audiobrief.workspace.settings import Settings
from audiobrief.workspace.shows import is_set, require_known, settings_of
from audiobrief.workspace.toml import parse_toml, place_of
from audiobrief.workspace.voice_files import VoiceProfile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiobrief.model.audio import MusicSpec
    from audiobrief.model.card import Card
    from audiobrief.model.episode import Episode
    from audiobrief.text.speech.lexicon import Lexicon
    from audiobrief.workspace.casting import Part
    from audiobrief.workspace.lexicons import WordList

SETTINGS_NAME = "audiobrief.toml"
EPISODES_NAME = "episodes"
#: Keys of ``[sound]`` that do not say what the MP3 must be: files of music, other formats.
_NO_SPEC = {"intro", "outro", "bed", "formats"}
#: In a wheel the shipped profiles lie in the package, in a checkout beside it.
_PACKAGE = Path(__file__).resolve().parent.parent
SHIPPED_VOICES = next(
    (p for p in (_PACKAGE / "voices", _PACKAGE.parent / "voices") if p.is_dir()),
    _PACKAGE / "voices",
)


@dataclass(frozen=True)
class Workspace:
    """A folder with articles, settings and episodes, as one of its shows sees it."""

    root: Path
    #: Those of the show.
    settings: Settings
    #: The settings as written, to name the line of a wrong one.
    written: str = ""
    #: Name of the show; the first one, ``[show]``, has none.
    show: str = ""

    def place_of(self, key: str) -> str:
        """Return where a setting of the show stands, for errors."""
        if self.show:
            path = key.removeprefix("show.").split(".")
            if is_set(self.settings.shows[self.show], path):
                key = ".".join(("shows", self.show, *path))
        return place_of(self.written, key, where=SETTINGS_NAME)

    @property
    def shows(self) -> tuple[Workspace, ...]:
        """All shows of the workspace, the first one first; to be asked of that one."""
        return (self, *(self.of_show(name) for name in self.settings.shows))

    def of_show(self, name: str) -> Workspace:
        """Return the workspace as one of ``[shows.NAME]`` sees it; to be asked of the first show.

        Raises:
            WorkspaceError: There is none of that name.
        """
        if name not in self.settings.shows:
            known = ", ".join(self.settings.shows)
            raise WorkspaceError(
                f'there is no show "{name}"',
                SETTINGS_NAME,
                remedy=f"the shows are: {known}" if known else f"write [shows.{name}] into it",
            )
        return replace(self, settings=settings_of(self.settings, name), show=name)

    def making(self, what: Literal["episodes", "brief", "nothing"]) -> Workspace:
        """Return the workspace with a show that makes something else than its settings say."""
        show = self.settings.show.model_copy(update={"makes": what})
        return replace(self, settings=self.settings.model_copy(update={"show": show}))

    def directory_of(self, episode: Episode | Card) -> str:
        """Return an episode's directory relative to the workspace, POSIX separators."""
        return f"{self.episodes_name}/{episode.directory}"

    @property
    def articles(self) -> Path:
        """The inbox."""
        return self.root / "articles"

    @property
    def episodes_name(self) -> str:
        """The folder of the show's episodes, relative to the workspace, POSIX separators."""
        return f"{EPISODES_NAME}/{self.show}" if self.show else EPISODES_NAME

    @property
    def episodes(self) -> Path:
        """Everything produced for the show."""
        return self.root / self.episodes_name

    @property
    def cache(self) -> Path:
        """What can be rebuilt."""
        return self.root / ".audiobrief"

    @property
    def store_address(self) -> str | None:
        """Where the shared store is: an absolute folder, or the address of a bucket."""
        url = self.settings.store.url
        return url if url is None or "://" in url else str(self.root / url)

    @property
    def pool_options(self) -> dict[str, str]:
        """Settings of ``[pool]`` as pools take them: those that are set, paths absolute."""
        set_ones = self.settings.pool.model_dump(exclude_none=True)
        return {name: str(self.root / path) for name, path in set_ones.items()}

    @property
    def sound(self) -> SoundSpec:
        """The ``[sound]`` settings as the assembly takes them."""
        return SoundSpec(**self.settings.sound.model_dump(exclude=_NO_SPEC))

    @property
    def formats(self) -> tuple[Format, ...]:
        """What is made besides the MP3, in the order of the settings."""
        return tuple(Format(name) for name in self.settings.sound.formats)

    @cached_property
    def music_fingerprint(self) -> tuple[str, ...]:
        """What changes when another music is heard; read once, whatever the number of episodes."""
        return fingerprint_music(self.music)

    @property
    def music(self) -> MusicSpec:
        """The files of the music that the ``[sound]`` settings name.

        Raises:
            WorkspaceError: A file is missing.
        """
        return find_music(self.settings.sound, self.root, self.place_of)

    @property
    def show_title(self) -> str:
        """The show's title: by default the folder's name."""
        return self.settings.show.title or self.root.name or "audiobrief"

    @cached_property
    def voices(self) -> dict[str, Voice]:
        """All voice profiles by name: the workspace's win over the shipped ones."""
        paths = {p.stem: p for folder in self._voice_folders() for p in _profiles(folder)}
        return {name: _load_voice(name, path) for name, path in sorted(paths.items())}

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Who is cast by hand, in the workspace's ``voices/cast.toml``."""
        return load_parts(self.root / "voices" / CAST_NAME)

    @property
    def lexicon_folder(self) -> Path:
        """Where the workspace's own lexicon files lie."""
        return self.root / "voices" / FOLDER

    @cached_property
    def word_lists(self) -> tuple[tuple[WordList, ...], tuple[WordList, ...]]:
        """The lexicon files by scope, the stronger first: the workspace's, then the shipped."""
        shipped, own = (folder / FOLDER for folder in self._voice_folders())
        # A checkout is a workspace whose own files are the shipped ones.
        is_same = own.is_dir() and shipped.is_dir() and own.samefile(shipped)
        if is_same:
            return load_word_lists(own), ()
        return load_word_lists(own), load_word_lists(shipped, prefix="shipped ")

    def lexicon_for(self, language: str) -> Lexicon:
        """Return what the lexicons say of words in a language: the workspace's win.

        Args:
            language: RFC 5646, of the script.

        Raises:
            WorkspaceError: A lexicon file is wrong, with its line.
        """
        base = language.lower().split("-")[0]
        if base not in self._lexicons:
            own, shipped = (lexicon_of(lists, base) for lists in self.word_lists)
            self._lexicons[base] = own.over(shipped)
        return self._lexicons[base]

    @cached_property
    def _lexicons(self) -> dict[str, Lexicon]:
        return {}

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
    content = _read(path, missing=b"")
    settings = parse_toml(content, Settings, where=SETTINGS_NAME)
    workspace = Workspace(root, settings, content.decode("utf-8-sig"))
    require_known(settings, workspace.place_of)
    return workspace


def _profiles(folder: Path) -> Iterable[Path]:
    found = folder.glob("*.toml") if folder.is_dir() else ()
    return (path for path in found if path.name != CAST_NAME)


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
        folder=str(path.parent),
        license=profile.license or "",
        gender=profile.gender or "",
    )


def _read(path: Path, *, missing: bytes | None = None) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        if missing is not None and isinstance(error, FileNotFoundError):
            return missing
        raise WorkspaceError(
            f"cannot read: {error.strerror or error}",
            str(path),
            remedy="make the file readable",
        ) from error
