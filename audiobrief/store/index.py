"""The index of episodes: a row of each manifest, so that a show of any size is known in a moment.

The manifests are the truth. A row counts only while its manifest has the state (size, times,
number) that it was made of, and while the row is what its digest says; else it is made anew, as is
an index that is missing, damaged or of another version. So nobody need mend it, and its loss costs
time alone.
"""

from __future__ import annotations

import marshal
import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeGuard

from audiobrief.errors import StoreError
from audiobrief.model.card import Card, card_of
from audiobrief.model.episode import State
from audiobrief.store.beside import WORTH_TWO, beside
from audiobrief.store.files import mapping_os_errors, remove_if_there
from audiobrief.store.manifest import MANIFEST_NAME, open_manifest
from audiobrief.store.mounts import is_remote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

INDEX_NAME: Final = "index.sqlite"
#: Raised by one whenever rows are written otherwise.
_VERSION: Final = 2
#: A file that was changed so lately may be changed again without another time of change.
_RACY_NS: Final = 2_000_000_000
#: Below it, other programs are not waited for: the index is kept by the next run.
_PATIENCE_S: Final = 2.0
#: Whose rows it is, by what they are believed, and the card.
_COLUMNS: Final = (
    *("directory", "stamp", "folder", "names", "guid", "title", "published_s", "state"),
    *Card._fields[Card._fields.index("sound_file") : Card._fields.index("cover_file")],
)
_TABLES: Final = f"""
CREATE TABLE episode (
  show, {", ".join(_COLUMNS)}, row_sha, PRIMARY KEY (show, directory)
) WITHOUT ROWID;
"""
_SELECT: Final = f"SELECT {', '.join(_COLUMNS)}, row_sha FROM episode WHERE show = ?"  # noqa: S608 - ours
_INSERT: Final = f"INSERT OR REPLACE INTO episode VALUES (?, {'?, ' * len(_COLUMNS)}?)"  # noqa: S608
_STATES: Final = {state.value: state for state in State}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)
#: So many manifests are read in the time of a blink (0.7 ms each): to write the index for fewer of
#: them would touch a file for nothing, and a small show has none.
WORTH: Final = 32
#: Where there is an index, a few rows are written in the time of as many manifests.
_WORTH_MORE: Final = 6


class Filed(NamedTuple):
    """An episode with what lies in its folder."""

    card: Card
    #: State of its manifest.
    stamp: str
    #: Names of the files in its folder, each between two slashes: nobody has them all apart.
    names: str

    def has(self, name: str) -> bool:
        """Tell whether a file of this name lies in its folder."""
        return f"/{name}/" in self.names


class _Row(NamedTuple):
    """A row of which nothing has changed since it was written."""

    manifest: str
    folder: str
    filed: Filed

    def is_of(self, state: tuple[str | None, str | None]) -> bool:
        """Tell whether it is of what lies there."""
        return self[:2] == state


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
        worth: From so many changes on the index is written; fewer, where there is one.
    """
    started_ns = time.time_ns()
    folders, found = _folders(episodes), _Found()
    with beside(lambda: _states(episodes, folders), is_worth=len(folders) >= WORTH_TWO) as states:
        known = _load(path, show)
        for directory, state in zip(folders, states(), strict=True):
            row = known.get(directory)
            if row is not None and row.is_of(state):
                found.filed[directory] = row.filed
            else:
                _look_at(episodes, directory, found, started_ns)
    gone = known.keys() - found.filed.keys()
    if len(found.rows) + len(gone) >= (min(worth, _WORTH_MORE) if known else worth):
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


def _states(episodes: Path, folders: Iterable[str]) -> list[tuple[str | None, str | None]]:
    """Return the states of the manifest in each folder, and of the folder."""
    return [
        (_stamp(f"{folder}{os.sep}{MANIFEST_NAME}"), _stamp(folder))
        for folder in (f"{episodes}{os.sep}{directory}" for directory in folders)
    ]


def _look_at(episodes: Path, directory: str, found: _Found, started_ns: int) -> None:
    """Take in an episode's folder by reading it."""
    folder = f"{episodes}{os.sep}{directory}"
    manifest = f"{folder}{os.sep}{MANIFEST_NAME}"
    stamp = _stamp(manifest)
    if stamp is None:
        found.loose.append(directory)
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
        found.rows.append(_row(directory, stamp, before, names, card))


def _is_settled(stamp: str | None, started_ns: int) -> TypeGuard[str]:
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


def _row(directory: str, stamp: str, folder: str, names: str, card: Card) -> tuple[Any, ...]:
    """Return a row as it is kept, but for show and digest: in the order of `_COLUMNS`."""
    published_s = (card.published - _EPOCH) // _SECOND
    told = card[card._fields.index("sound_file") : card._fields.index("cover_file")]
    return (
        directory,
        stamp,
        folder,
        names,
        card.guid,
        card.title,
        published_s,
        card.state.value,
        *told,
    )


def _kept(row: tuple[Any, ...]) -> _Row:
    published = _EPOCH + timedelta(seconds=row[6])
    card = Card(row[4], row[5], published, _STATES[row[7]], row[0], *row[8:-1])
    return _Row(row[1], row[2], Filed(card, row[1], row[3]))


def _load(path: Path, show: str) -> Mapping[str, _Row]:
    """Return all rows by directory.

    None if one of them is not what its digest says: who knows what else has changed.
    """
    if not path.is_file():
        return {}
    try:
        with closing(_opened(path)) as base:
            rows = base.execute(_SELECT, (show,)).fetchall()
            found = {r[0]: _kept(r) for r in rows if _digest(show, r[:-1]) == r[-1]}
            if len(found) == len(rows):
                return found
    except (sqlite3.OperationalError, OSError):
        return {}  # in the hands of another program, or not readable
    except (sqlite3.Error, TypeError, ValueError, KeyError, OverflowError):
        pass
    remove_index(path)
    return {}


def _digest(show: str, row: tuple[Any, ...]) -> bytes:
    # Of these versions, the second is the last that writes the same for what is the same.
    return sha256(marshal.dumps((show, *row), 2)).digest()


def _save(path: Path, show: str, rows: Iterable[tuple[Any, ...]], gone: Iterable[str]) -> None:
    """Keep rows; where that is not possible, the next run reads the manifests again."""
    told = [(show, *row, _digest(show, row)) for row in rows]
    for is_last in (False, True):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(_opened(path)) as base:
                _keep(base, show, told, gone)
        except (sqlite3.OperationalError, OSError):
            return  # a full disk, a folder that may not be written, another program
        except (UnicodeError, OverflowError):
            return  # names or numbers that no database takes
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
        base.executemany(_INSERT, rows)
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
