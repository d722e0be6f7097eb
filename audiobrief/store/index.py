"""The index of episodes: a row of each manifest, so that a show of any size is known in a moment.

The manifests are the truth. A row counts only while its manifest has the state (size, times,
number) that it was made of, and while the row is what its digest says; else it is made anew, as is
an index that is missing, damaged or of another version. So nobody need mend it, and its loss costs
time alone.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import StoreError
from audiobrief.model.card import ArticleKey, Card, card_of
from audiobrief.model.episode import Enclosure, State
from audiobrief.store.files import mapping_os_errors, remove_if_there
from audiobrief.store.manifest import MANIFEST_NAME, open_manifest, rfc3339
from audiobrief.store.mounts import is_remote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

INDEX_NAME: Final = "index.sqlite"
#: Raised by one whenever rows are written otherwise.
_VERSION: Final = 1
#: A file that was changed so lately may be changed again without another time of change.
_RACY_NS: Final = 2_000_000_000
#: Below it, other programs are not waited for: the index is kept by the next run.
_PATIENCE_S: Final = 2.0
_TABLES: Final = """
CREATE TABLE episode (
  show TEXT, directory TEXT, stamp TEXT, folder TEXT, names TEXT, card TEXT, digest BLOB,
  PRIMARY KEY (show, directory)
) WITHOUT ROWID;
"""
#: So many manifests are read in the time of a blink (0.7 ms each): to write the index for fewer of
#: them would touch a file for nothing, and a small show has none.
WORTH: Final = 32
_COUNT: Final = "SELECT count(*) FROM episode WHERE show = ?"


@dataclass(frozen=True, slots=True)
class Filed:
    """An episode with what lies in its folder."""

    card: Card
    #: State of its manifest.
    stamp: str
    #: Names of the files in its folder, each between two slashes: nobody has them all apart.
    names: str

    def has(self, name: str) -> bool:
        """Tell whether a file of this name lies in its folder."""
        return f"/{name}/" in self.names


@dataclass(frozen=True, slots=True)
class Drawer:
    """The cards of a show, ordered by directory."""

    filed: tuple[Filed, ...]
    #: Manifests that could not be read: their folders are left alone.
    damaged: tuple[StoreError, ...] = ()
    #: What became of manifests, in words for the user: mended, or changed by hand.
    news: tuple[str, ...] = ()
    #: Manifests that were read: their rows are new.
    read: int = 0
    #: Folders of manifests that are to be written again, by the holder of the lock.
    unsealed: tuple[str, ...] = ()
    #: Folders without a manifest.
    loose: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What a look at the folders has come to."""

    filed: dict[str, Filed] = field(default_factory=dict)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    damaged: list[StoreError] = field(default_factory=list)
    news: list[str] = field(default_factory=list)
    unsealed: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    read: int = 0


def read_index(path: Path, episodes: Path, *, show: str = "", worth: int = WORTH) -> Drawer:
    """Return the cards of all episodes of a show; what has changed is read from its manifest.

    Of two with one GUID (a folder that was copied) the first counts, the other is damaged.

    Args:
        path: Of the index, in the cache folder; it is made where it is missing.
        episodes: Folder of the show's episodes.
        show: Its name, empty for the first one.
        worth: From so many changes on the index is written.
    """
    started_ns = time.time_ns()
    known = _load(path, show)
    found = _Found()
    for directory in _folders(episodes):
        _look_at(episodes, directory, known.get(directory), found, started_ns)
    gone = known.keys() - found.filed.keys()
    if len(found.rows) + len(gone) >= worth:
        _save(path, show, found.rows, gone)
    filed, copies = _without_copies(episodes, found.filed.values())
    return Drawer(
        filed,
        tuple(sorted((*found.damaged, *copies), key=lambda error: error.subject)),
        tuple(found.news),
        found.read,
        tuple(found.unsealed),
        tuple(found.loose),
    )


def file_of(episodes: Path, card: Card) -> Filed:
    """Return the card of an episode that has just been made, and what lies in its folder now."""
    folder = f"{episodes}{os.sep}{card.directory}"
    stamp = _stamp(f"{folder}{os.sep}{MANIFEST_NAME}") or ""
    return Filed(card, stamp, _names_in(folder))


def _folders(episodes: Path) -> list[str]:
    try:
        with os.scandir(episodes) as entries:
            # A link to a folder counts as one.
            return sorted(entry.name for entry in entries if entry.is_dir())
    except FileNotFoundError:
        return []
    except OSError as error:
        with mapping_os_errors("read the folder", episodes):
            raise error from None
        return []


def _look_at(
    episodes: Path, directory: str, row: tuple[Any, ...] | None, found: _Found, started_ns: int
) -> None:
    """Take in an episode's folder: by its row, if that is of what lies there, else by reading."""
    folder = f"{episodes}{os.sep}{directory}"
    manifest = f"{folder}{os.sep}{MANIFEST_NAME}"
    stamp = _stamp(manifest)
    if stamp is None:
        found.loose.append(directory)
        return
    if row is not None and row[0] == stamp and row[1] == _stamp(folder):
        with suppress(ValueError, KeyError, TypeError):
            card = _card(json.loads(row[3]), directory)
            found.filed[directory] = Filed(card, stamp, row[2])
            return
    found.read += 1
    before = _stamp(folder)
    names = _names_in(folder)
    try:
        opened = open_manifest(Path(manifest))
    except StoreError as error:
        found.damaged.append(error)
        return
    if opened.news:
        found.news.append(f"{episodes.name}/{directory}/{MANIFEST_NAME} {opened.news}")
        found.unsealed.append(directory)
    card = card_of(opened.episode)
    found.filed[directory] = Filed(card, stamp, names)
    # What was changed a moment ago may change again unseen, and what has news tells it again until
    # it is written anew: neither is kept.
    if not opened.news and _is_settled(before, started_ns) and _is_settled(stamp, started_ns):
        content = json.dumps(_fields(card), ensure_ascii=False, separators=(",", ":"))
        found.rows.append((directory, stamp, before, names, content))


def _is_settled(stamp: str | None, started_ns: int) -> bool:
    return stamp is not None and int(stamp.split()[1]) < started_ns - _RACY_NS


def settled_state(path: Path) -> str:
    """Return the state of a file; empty: it has changed so lately that it may again, unseen."""
    state = _stamp(str(path))
    return state if state is not None and _is_settled(state, time.time_ns()) else ""


def _stamp(path: str) -> str | None:
    """Return the state of a file or folder; ``None``: there is none."""
    try:
        facts = os.stat(path)  # noqa: PTH116 - for each of 100,000, a Path costs more than the call
    except OSError:
        return None
    return f"{facts.st_size} {facts.st_mtime_ns} {facts.st_ino} {facts.st_ctime_ns}"


def _names_in(folder: str) -> str:
    try:
        return f"/{'/'.join(sorted(os.listdir(folder)))}/"  # noqa: PTH208 - as above
    except OSError:
        return "//"


def _without_copies(
    episodes: Path, filed: Iterable[Filed]
) -> tuple[tuple[Filed, ...], list[StoreError]]:
    first: dict[str, Filed] = {}
    copies = []
    for each in filed:
        known = first.setdefault(each.card.guid, each)
        if known is not each:
            where = str(episodes / each.card.directory / MANIFEST_NAME)
            copies.append(copy_of(known.card.directory, where, episodes.name))
    return tuple(first.values()), copies


def copy_of(first: str, where: str, episodes: str) -> StoreError:
    """Return what is wrong with a folder that was copied."""
    remedy = f"remove this folder, or move it out of {episodes}/"
    return StoreError(f'a copy of the episode in "{first}"', where, remedy=remedy)


def _fields(card: Card) -> list[Any]:
    return [
        card.guid,
        card.title,
        rfc3339(card.published),
        card.state.value,
        astuple(card.enclosure),
        card.deliveries,
        card.digest,
        card.told,
        card.heard,
        card.integrated_lufs,
        card.segment_count,
        card.speakers,
        astuple(card.article) if card.article else None,
        card.day,
        card.number,
        card.season,
    ]


def _card(row: list[Any], directory: str) -> Card:
    return Card(
        row[0],
        row[1],
        datetime.fromisoformat(row[2]).replace(tzinfo=UTC),
        State(row[3]),
        directory,
        Enclosure(*row[4]),
        tuple([(file, digest) for file, digest in row[5]]),
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
        tuple([(speaker, voice) for speaker, voice in row[11]]),
        ArticleKey(*row[12]) if row[12] else None,
        row[13],
        row[14],
        row[15],
    )


def _load(path: Path, show: str) -> Mapping[str, tuple[Any, ...]]:
    """Return all rows by directory: stamp, state of folder, names, card.

    None if one of them is not what its digest says: who knows what else has changed.
    """
    if not path.is_file():
        return {}
    try:
        with closing(_opened(path)) as base:
            rows = base.execute(
                "SELECT directory, stamp, folder, names, card, digest FROM episode WHERE show = ?",
                (show,),
            )
            found = {row[0]: row[1:5] for row in rows if _digest(show, *row[:5]) == row[5]}
            if len(found) == base.execute(_COUNT, (show,)).fetchone()[0]:
                return found
    except (sqlite3.OperationalError, OSError):
        return {}  # in the hands of another program, or not readable
    except (sqlite3.Error, TypeError, ValueError, OverflowError):
        pass
    remove_index(path)
    return {}


def _digest(*parts: object) -> bytes:
    return sha256(repr(parts).encode("utf-8", "surrogatepass")).digest()


def _save(path: Path, show: str, rows: Iterable[tuple[Any, ...]], gone: Iterable[str]) -> None:
    """Keep rows; where that is not possible, the next run reads the manifests again."""
    told = [(show, *row, _digest(show, *row)) for row in rows]
    for is_last in (False, True):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(_opened(path)) as base:
                _keep(base, show, told, gone)
        except (sqlite3.OperationalError, OSError):
            return  # a full disk, a folder that may not be written, another program
        except sqlite3.DatabaseError:
            # No database, or a damaged one: away with it, once.
            remove_index(path)
            if is_last:
                return
        else:
            return


def _keep(
    base: sqlite3.Connection, show: str, rows: list[tuple[Any, ...]], gone: Iterable[str]
) -> None:
    with base:
        base.executemany("INSERT OR REPLACE INTO episode VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        base.executemany(
            "DELETE FROM episode WHERE show = ? AND directory = ?", ((show, d) for d in gone)
        )


def remove_index(path: Path) -> None:
    """Remove the index: the next run makes it of the manifests."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        remove_if_there(path.with_name(path.name + suffix))


def _opened(path: Path) -> sqlite3.Connection:
    """Open the index; one of another version is emptied.

    Raises:
        sqlite3.Error: It is no database, damaged, or in the hands of another program.
    """
    base = sqlite3.connect(path, timeout=_PATIENCE_S)
    try:
        if base.execute("PRAGMA user_version").fetchone() != (_VERSION,):
            _empty(base, path)
        # It is made anew whenever it is damaged: nobody need wait for the disk.
        base.execute("PRAGMA synchronous = OFF")
    except BaseException:
        base.close()
        raise
    return base


def _empty(base: sqlite3.Connection, path: Path) -> None:
    # Write-ahead logs need shared memory, which file systems of other machines do not have.
    base.execute(f"PRAGMA journal_mode = {'DELETE' if is_remote(path) else 'WAL'}")
    base.executescript(
        f"BEGIN IMMEDIATE; DROP TABLE IF EXISTS episode; {_TABLES} "
        f"PRAGMA user_version = {_VERSION}; COMMIT;"
    )
