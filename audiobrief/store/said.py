"""What is said in which episode: an index of words beside the manifests, made when it is asked.

A build never waits for it. It only says where to look: whoever shows a place reads it from the
manifest. SQLite's FTS5 finds words; where it is missing, every line is looked at.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from audiobrief.errors import StoreError
from audiobrief.store.files import make_folder, mapping_os_errors, remove_if_there
from audiobrief.store.manifest import MANIFEST_NAME, read_manifest
from audiobrief.store.mounts import is_remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobrief.model.episode import Episode

SAID_NAME: Final = "search.sqlite"
_VERSION: Final = 1
#: Places of lines that are no segment.
TITLE: Final = -1
_WORDS: Final = "CREATE VIRTUAL TABLE line USING fts5(text, show UNINDEXED, directory UNINDEXED, "
_FTS: Final = f"{_WORDS} place UNINDEXED, tokenize = 'unicode61 remove_diacritics 2')"
_PLAIN: Final = "CREATE TABLE line (text TEXT, show TEXT, directory TEXT, place INTEGER)"
_FILED: Final = """
CREATE TABLE filed (
  show TEXT, directory TEXT, stamp TEXT, first INTEGER, last INTEGER,
  PRIMARY KEY (show, directory)
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of an episode."""

    show: str
    directory: str
    #: Number of the segment, or `TITLE`.
    segment: int


class SaidIndex:
    """The words of all episodes; use it in a ``with`` block."""

    def __init__(self, path: Path) -> None:
        """Open the index, or begin one.

        Raises:
            StoreError: It can be neither opened nor made.
        """
        make_folder(path.parent)
        self._path = path
        try:
            self._base = _opened(path)
        except sqlite3.DatabaseError:
            remove_said(path)
            with _mapping(path):
                self._base = _opened(path)
        self.has_words = _has_words(self._base)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the index."""
        self._base.close()

    def refresh(
        self, episodes: Path, show: str, tell: Callable[[str, int, int], None]
    ) -> list[StoreError]:
        """Take in what has changed since; return manifests that cannot be read.

        Args:
            episodes: Folder of the show's episodes.
            show: Its name.
            tell: Given the folder, how many are done, and how many there are.

        Raises:
            StoreError: The index is damaged, or in the hands of another program.
        """
        with _mapping(self._path):
            rows = self._base.execute("SELECT directory, stamp FROM filed WHERE show = ?", (show,))
            known = dict(rows.fetchall())
            found = dict(_stamps(episodes))
            changed = sorted(d for d, stamp in found.items() if known.get(d) != stamp)
            gone = known.keys() - found.keys()
            if not changed and not gone:
                return []
            damaged = []
            with self._base:
                for directory in gone:
                    self._forget(show, directory)
                for done, directory in enumerate(changed):
                    tell(directory, done, len(changed))
                    self._forget(show, directory)
                    try:
                        episode = read_manifest(episodes / directory / MANIFEST_NAME)
                    except StoreError as error:
                        damaged.append(error)
                        continue
                    self._take(show, episode, found[directory])
            return damaged

    def _forget(self, show: str, directory: str) -> None:
        row = self._base.execute(
            "SELECT first, last FROM filed WHERE show = ? AND directory = ?", (show, directory)
        ).fetchone()
        if row is not None:
            self._base.execute("DELETE FROM line WHERE rowid BETWEEN ? AND ?", row)
            self._base.execute(
                "DELETE FROM filed WHERE show = ? AND directory = ?", (show, directory)
            )

    def _take(self, show: str, episode: Episode, stamp: str) -> None:
        (first,) = self._base.execute("SELECT coalesce(max(rowid), 0) + 1 FROM line").fetchone()
        rows = [
            (number, line if self.has_words else line.casefold(), show, episode.directory, place)
            for number, (line, place) in enumerate(lines_of(episode), first)
        ]
        self._base.executemany(
            "INSERT INTO line (rowid, text, show, directory, place) VALUES (?, ?, ?, ?, ?)", rows
        )
        last = first + len(rows) - 1
        filed = (show, episode.directory, stamp, first, last)
        self._base.execute("INSERT INTO filed VALUES (?, ?, ?, ?, ?)", filed)

    def find(self, words: Sequence[str], *, limit: int) -> list[Place]:
        """Return lines in which all of these words are.

        What was taken in last comes first, the lines of an episode from its start: what is beyond
        the limit are later ones.

        Raises:
            StoreError: The index is damaged.
        """
        if self.has_words:
            query = " ".join('"' + word.replace('"', '""') + '"' for word in words)
            condition, given = "line MATCH ?", [query]
        else:
            condition = " AND ".join(["instr(text, ?)"] * len(words))
            given = [word.casefold() for word in words]
        select = f"SELECT show, directory, place FROM line WHERE {condition}"  # noqa: S608 - no input
        with _mapping(self._path):
            latest = f"{select} ORDER BY rowid DESC LIMIT ?"
            rows = self._base.execute(latest, (*given, limit)).fetchall()
            if len(rows) == limit:
                # Of the last episode these may be the last lines.
                *last, _place = rows[-1]
                rows = [row for row in rows if [*row[:2]] != last]
                span = self._base.execute(
                    "SELECT first, last FROM filed WHERE show = ? AND directory = ?", last
                ).fetchone()
                within = f"{select} AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?"
                more = (*given, *(span or (0, 0)), limit - len(rows))
                rows += self._base.execute(within, more).fetchall()
        return [Place(show, directory, place) for show, directory, place in rows]


def lines_of(episode: Episode) -> Iterator[tuple[str, int]]:
    """Yield what of an episode can be found: title with headlines, and each segment by speaker."""
    headlines = (ref.headline for ref in episode.articles)
    yield " / ".join(dict.fromkeys((episode.title, *headlines))), TITLE
    for number, segment in enumerate(episode.segments):
        yield f"{segment.speaker}: {segment.text}" if segment.speaker else segment.text, number


def _stamps(episodes: Path) -> Iterator[tuple[str, str]]:
    with mapping_os_errors("read the folder", episodes):
        names = os.listdir(episodes) if episodes.is_dir() else []  # noqa: PTH208 - names alone
    for name in names:
        try:
            # For each of 100,000, a Path costs more than the call.
            facts = os.stat(f"{episodes}{os.sep}{name}{os.sep}{MANIFEST_NAME}")  # noqa: PTH116
        except OSError:
            continue
        yield name, f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ino} {facts.st_ctime_ns}"


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=2.0)
    try:
        if base.execute("PRAGMA user_version").fetchone() != (_VERSION,):
            base.execute(f"PRAGMA journal_mode = {'DELETE' if is_remote(path) else 'WAL'}")
            with base:
                base.execute("DROP TABLE IF EXISTS line")
                base.execute("DROP TABLE IF EXISTS filed")
                base.execute(_FILED)
                base.execute(_FTS if can_find_words(base) else _PLAIN)
                base.execute(f"PRAGMA user_version = {_VERSION}")
        base.execute("PRAGMA synchronous = OFF")  # losing it costs time alone
    except BaseException:
        base.close()
        raise
    return base


def can_find_words(base: sqlite3.Connection) -> bool:
    """Tell whether this SQLite was made with FTS5."""
    return any(row[0] == "ENABLE_FTS5" for row in base.execute("PRAGMA compile_options"))


def _has_words(base: sqlite3.Connection) -> bool:
    sql = base.execute("SELECT sql FROM sqlite_master WHERE name = 'line'").fetchone()
    return sql is not None and "fts5" in sql[0]


@contextmanager
def _mapping(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"the index of words cannot be used: {error}",
            str(path),
            remedy="remove it: the next search makes it anew",
        ) from error


def remove_said(path: Path) -> None:
    """Remove the index: the next search makes it of the manifests."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        remove_if_there(path.with_name(path.name + suffix))
