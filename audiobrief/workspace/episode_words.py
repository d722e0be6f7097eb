"""``words.toml`` beside a manifest: how words are said in one episode, or in some lines of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.errors import WorkspaceError
from audiobrief.text.speech.lexicon import Entry, Lexicon, strictest_first
from audiobrief.workspace.lexicon_file import lines_of_words, quoted, render_entry
from audiobrief.workspace.toml import SettingsError, parse_toml
from audiobrief.workspace.voice_files import EpisodeWordsSettings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

WORDS_NAME = "words.toml"
_HEAD = "# How words are said in this episode; here = [...]: only in these lines.\n[words]\n"


@dataclass(frozen=True, slots=True)
class PlacedEntry:
    """How a word is said, and where."""

    entry: Entry
    #: Keys of the lines; empty: in the whole episode.
    here: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EpisodeWords:
    """The words of one episode."""

    entries: tuple[PlacedEntry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries)

    def over(self, lexicon: Lexicon) -> tuple[Lexicon, dict[str, Lexicon]]:
        """Return what counts in the episode, and what counts in single lines by their keys."""
        whole = _joined(one.entry for one in self.entries if not one.here).over(lexicon)
        keys = dict.fromkeys(key for one in self.entries for key in one.here)
        return whole, {
            key: _joined(one.entry for one in self.entries if key in one.here).over(whole)
            for key in keys
        }

    def dangling(self, keys: Collection[str]) -> tuple[PlacedEntry, ...]:
        """Return the entries for lines that are not there any more."""
        known = frozenset(keys)
        return tuple(one for one in self.entries if one.here and known.isdisjoint(one.here))

    def of(self, word: str) -> tuple[PlacedEntry, ...]:
        """Return the entries of a word."""
        return tuple(one for one in self.entries if one.entry.word == word)


def _joined(entries: object) -> Lexicon:
    return Lexicon(strictest_first(entries))  # type: ignore[arg-type]


def read_episode_words(path: Path, *, where: str, language: str | None = None) -> EpisodeWords:
    """Read the file; without it there are no words of an episode's own.

    Args:
        path: The file.
        where: What errors call it.
        language: Of the script: words for another one do not count; ``None``: all do.

    Raises:
        WorkspaceError: It cannot be read.
        SettingsError: All its mistakes, each with its line.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return EpisodeWords()
    except OSError as error:
        raise WorkspaceError(
            f"cannot read: {error.strerror or error}", where, remedy="make the file readable"
        ) from error
    return parse_episode_words(content, where=where, language=language)


def parse_episode_words(content: bytes, *, where: str, language: str | None = None) -> EpisodeWords:
    """Return what the file says (pure); see `read_episode_words`."""
    settings = parse_toml(content, EpisodeWordsSettings, where=where)
    base = (settings.language or "").lower().split("-")[0]
    if language and base and base != language.lower().split("-")[0]:
        return EpisodeWords()
    lines = lines_of_words(content.decode("utf-8-sig"))
    entries, mistakes = [], []
    for word, ways in settings.words.items():
        place = f"{where}:{lines.get(word, 1)}"
        for said in ways:
            try:
                entry = Entry(
                    word, said.say, said.ipa, said.letters, match_case=said.case, origin=place
                )
            except ValueError as error:
                remedy = f'write {quoted(word[:40])} = "…", or run "audiobrief review"'
                mistakes.append(SettingsError(str(error), place, remedy=remedy))
                continue
            entries.append(PlacedEntry(entry, tuple(said.here)))
    if mistakes:
        mistakes[0].others = tuple(mistakes[1:])
        raise mistakes[0]
    return EpisodeWords(tuple(entries))


def with_words(text: str, word: str, entries: Sequence[PlacedEntry], *, where: str) -> str:
    """Return the file's text with the entries of one word, in place of those that it had (pure).

    Comments, order and every other line stay as they are.

    Args:
        text: The file; empty: there is none yet.
        word: As it stands in the file.
        entries: None: the word goes.
        where: What errors call the file.

    Raises:
        WorkspaceError: The word stands in a form that is not one line.

    >>> text = with_words("", "Cai", [PlacedEntry(Entry("Cai", say="kye"), ("3f2",))], where="w")
    >>> print(text.partition("[words]")[2].strip())
    "Cai" = { say = "kye", here = ["3f2"] }
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n") or _HEAD
    expected = {k: v for k, v in _words_in(plain).items() if k != word}
    rows = plain.removesuffix("\n").split("\n")
    line = _line(word, entries)
    if entries:
        expected[word] = tomllib.loads(line)[word]
    at = lines_of_words(plain).get(word)
    if at is not None:
        rows[at - 1 : at] = [line] if entries else []
    elif entries:
        rows = _with_row(rows, line)
    after = "\n".join(rows) + "\n"
    try:
        is_meant = _words_in(after) == expected
    except tomllib.TOMLDecodeError:
        is_meant = False
    if not is_meant:
        raise WorkspaceError(
            f'"{word}" is written in a form that only a person can change',
            where,
            remedy=f"edit the file by hand: {line or 'remove the word'}",
        )
    return after.replace("\n", ending)


def _with_row(rows: list[str], line: str) -> list[str]:
    start = next((n for n, row in enumerate(rows) if row.split("#")[0].strip() == "[words]"), None)
    if start is None:
        return [*rows, "[words]", line]
    known = [n for n in range(start + 1, len(rows)) if rows[n].strip()]
    later = [n for n in known if rows[n].lstrip().startswith("[")]
    end = later[0] if later else len(rows)
    while end > start + 1 and not rows[end - 1].strip():
        end -= 1
    return [*rows[:end], line, *rows[end:]]


def moved(text: str, keys: Mapping[str, Sequence[str]], *, where: str, is_kept: bool) -> str:
    """Return the file's text with entries that follow their lines (pure).

    Args:
        text: The file.
        keys: What became of the keys of lines.
        where: What errors call the file.
        is_kept: Let the entries count in the lines as they were, too.
    """
    words = parse_episode_words(text.encode(), where=where)
    for word in dict.fromkeys(one.entry.word for one in words.entries):
        old = words.of(word)
        new = tuple(replace(one, here=_followed(one.here, keys, is_kept=is_kept)) for one in old)
        if new != old:
            text = with_words(text, word, new, where=where)
    return text


def _followed(
    here: tuple[str, ...], keys: Mapping[str, Sequence[str]], *, is_kept: bool
) -> tuple[str, ...]:
    found: list[str] = []
    for key in here:
        follows = keys.get(key)
        if follows is None or is_kept or not follows:
            found.append(key)
        found += follows or ()
    return tuple(dict.fromkeys(found))


def _line(word: str, entries: Sequence[PlacedEntry]) -> str:
    if not entries:
        return ""
    if len(entries) == 1 and not entries[0].here:
        return render_entry(entries[0].entry)
    tables = [_table(one) for one in entries]
    value = tables[0] if len(tables) == 1 else f"[{', '.join(tables)}]"
    return f"{quoted(word)} = {value}"


def _table(one: PlacedEntry) -> str:
    """Return an entry as an inline table."""
    value = render_entry(one.entry).partition(f"{quoted(one.entry.word)} = ")[2]
    inner = value[1:-1].strip() if value.startswith("{") else f"say = {value}"
    here = f", here = [{', '.join(map(quoted, one.here))}]" if one.here else ""
    return f"{{ {inner}{here} }}"


def _words_in(text: str) -> dict[str, object]:
    words = tomllib.loads(text.removeprefix("\ufeff")).get("words", {})
    return dict(words) if isinstance(words, dict) else {}
