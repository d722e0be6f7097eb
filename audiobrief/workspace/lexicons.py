"""Pronunciation lexicons on disk: ``voices/lexicon/NAME.toml``, read and joined to scopes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError
from audiobrief.text.speech.lexicon import Entry, Lexicon, strictest_first
from audiobrief.workspace.lexicon_file import lines_of_words, quoted
from audiobrief.workspace.toml import SettingsError, line_of, parse_toml
from audiobrief.workspace.voice_files import LexiconSettings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Below ``voices/``.
FOLDER = "lexicon"


@dataclass(frozen=True, slots=True)
class WordList:
    """One lexicon file, read."""

    path: Path
    #: RFC 5646; ``None``: for scripts in any language.
    language: str | None
    entries: tuple[Entry, ...]

    def is_for(self, language: str) -> bool:
        """Tell whether its words count in a script: the first part of the tag decides."""
        return self.language is None or _base(self.language) == _base(language)


def load_word_lists(folder: Path, *, prefix: str = "") -> tuple[WordList, ...]:
    """Read all lexicon files of a folder, sorted by name; none when there is no such folder.

    Args:
        folder: Where they lie.
        prefix: Stands before the file's name where its entries tell their origin.

    Raises:
        WorkspaceError: A file cannot be read or is wrong, with its line.
    """
    paths = sorted(folder.glob("*.toml")) if folder.is_dir() else ()
    return tuple(parse_word_list(_read(p), p, prefix=prefix) for p in paths)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WorkspaceError(
            f"cannot read: {error.strerror or error}", str(path), remedy="make the file readable"
        ) from error


def parse_word_list(content: bytes, path: Path, *, prefix: str = "") -> WordList:
    """Return what a lexicon file says.

    Raises:
        SettingsError: All mistakes of the file, each with its line.
    """
    where = f"{prefix}voices/{FOLDER}/{path.name}"
    settings = parse_toml(content, LexiconSettings, where=where)
    text = content.decode("utf-8-sig")
    lines = lines_of_words(text)
    entries, mistakes = [], []
    for word, said in settings.words.items():
        place = f"{where}:{lines.get(word) or line_of(text, ['words', word])}"
        try:
            entries.append(
                Entry(word, said.say, said.ipa, said.letters, match_case=said.case, origin=place)
            )
        except ValueError as error:
            mistakes.append(
                SettingsError(str(error), f"{place}  words.{word}", remedy=f"write {_shapes(word)}")
            )
    if mistakes:
        mistakes[0].others = tuple(mistakes[1:])
        raise mistakes[0]
    return WordList(path, settings.language, tuple(entries))


def lexicon_of(word_lists: Iterable[WordList], language: str) -> Lexicon:
    """Return the words of one scope for one language; of two files, the first name wins."""
    lexicon = Lexicon()
    for words in word_lists:
        if words.is_for(language):
            lexicon = lexicon.over(Lexicon(strictest_first(words.entries)))
    return lexicon


def _base(language: str) -> str:
    return language.lower().split("-")[0]


def _shapes(word: str) -> str:
    shown = quoted(word[:40])
    return f'{shown} = "…", {shown} = {{ letters = true }} or {shown} = {{ say = "…", ipa = "…" }}'
