"""What came in, from where, and what was told: an index of the inbox and of the sources.

SQLite in the cache folder. It can be deleted at any time: the inbox and the manifests of the
episodes say the same, and it is made of them again.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from audiobrief.errors import StoreError
from audiobrief.store.files import make_folder, remove_if_there

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

#: Of the file, in the cache folder.
CATALOGUE_NAME = "catalogue.sqlite"
#: Raised when the tables change: an older file is made anew.
_VERSION = 2
_TABLES = """
CREATE TABLE articles (
  locator TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, id TEXT, address TEXT, source TEXT,
  tags TEXT, headline TEXT, body TEXT, outlet TEXT, language TEXT, published TEXT,
  first_seen TEXT, word_count INTEGER, sketch BLOB, problem TEXT
);
CREATE INDEX articles_by_address ON articles (address);
CREATE INDEX articles_by_id ON articles (id);
CREATE TABLE taken (
  source TEXT, key TEXT, address TEXT, digest TEXT, locator TEXT, copy_of TEXT, outlet TEXT,
  written TEXT, tried TEXT, etag TEXT, last_modified TEXT, answered_by TEXT,
  PRIMARY KEY (source, key)
);
CREATE INDEX taken_by_address ON taken (address);
CREATE INDEX taken_by_original ON taken (copy_of);
CREATE INDEX taken_by_locator ON taken (locator);
CREATE TABLE sources (
  name TEXT PRIMARY KEY, known TEXT, tried TEXT, succeeded TEXT, failures INTEGER, problem TEXT,
  not_before TEXT
);
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the inbox, as it was read last."""

    #: Relative to the workspace, POSIX separators.
    locator: str
    #: Of the file: where both are the same, it was not read again.
    size: int
    mtime_ns: int
    #: Digest of the text; empty: no article could be read from it, see `problem`.
    id: str = ""
    #: Canonical; empty: none is known.
    address: str = ""
    #: Name of the source that it came from; empty: somebody has put it there.
    source: str = ""
    tags: tuple[str, ...] = ()
    headline: str = ""
    #: The spoken text, paragraphs as lines.
    body: str = ""
    outlet: str = ""
    language: str = ""
    #: Aware, UTC; ``None``: the article does not say.
    published: datetime | None = None
    #: Aware, UTC.
    first_seen: datetime | None = None
    word_count: int = 0
    #: What likenesses are told by.
    sketch: bytes = b""
    problem: str = ""

    @property
    def moment(self) -> datetime | None:
        """When it appeared, as far as is known."""
        return self.published or self.first_seen


@dataclass(frozen=True, slots=True)
class Taken:
    """Something that a source offered, and what became of it."""

    source: str
    #: The source's own.
    key: str
    #: Canonical; empty: none.
    address: str
    #: Of what the source said of it: another one, and it is looked at again; empty: it is still to
    #: be taken.
    digest: str
    #: The file in the inbox; empty: none was made.
    locator: str = ""
    #: The file that has the same text, from another source; empty: none.
    copy_of: str = ""
    outlet: str = ""
    #: Digest of the file as it was written: another one, and somebody has edited it.
    written: str = ""
    #: Aware, UTC: since when it could not be taken; ``None``: it was, or is not to be.
    tried: datetime | None = None
    #: What its page said of its version, and which address did.
    etag: str = ""
    last_modified: str = ""
    answered_by: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether it was looked at, and is no article."""
        return bool(self.digest) and not self.locator and not self.copy_of


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is."""

    name: str
    #: What its next call is given: opaque.
    known: Mapping[str, str]
    #: Aware, UTC; ``None``: never.
    tried: datetime | None = None
    succeeded: datetime | None = None
    #: In a row.
    failures: int = 0
    #: What was wrong at the last try; empty: nothing.
    problem: str = ""
    #: It wants no request before.
    not_before: datetime | None = None


class Catalogue:
    """The index of a workspace; used by one process at a time, under the workspace's lock.

    Args:
        path: Of the file; it is made if it is missing, and made anew if it is damaged.
    """

    def __init__(self, path: Path) -> None:
        make_folder(path.parent)
        self._path = path
        with _mapping(path):
            self._base = _opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was put is kept."""
        self._base.close()

    # -- the inbox

    def entries(self, *, since: datetime | None = None) -> Iterator[Entry]:
        """Yield the files of the inbox that hold an article, the latest first.

        Args:
            since: Only those that appeared from then on, aware.
        """
        wanted = "SELECT * FROM articles WHERE id != '' AND coalesce(published, first_seen) >= ?"
        order = "ORDER BY coalesce(published, first_seen) DESC, locator"
        with _mapping(self._path):
            # Row by row: all texts of an inbox need not be held at once.
            for row in self._base.execute(f"{wanted} {order}", (_told(since) or "",)):
                yield _entry(row)

    def sketches(self, *, since: datetime | None = None) -> dict[str, bytes]:
        """Return by locator what likenesses are told by.

        Args:
            since: Only of articles that appeared from then on, aware.
        """
        wanted = "SELECT locator, sketch FROM articles WHERE id != ''"
        rows = self._all(
            f"{wanted} AND coalesce(published, first_seen) >= ?", (_told(since) or "",)
        )
        return dict(rows)

    def sketch_of(self, article_id: str) -> bytes | None:
        """Return what the likenesses of a text are told by; ``None``: it is not in the inbox."""
        rows = self._all("SELECT sketch FROM articles WHERE id = ? LIMIT 1", (article_id,))
        return rows[0][0] if rows else None

    def stamps(self) -> dict[str, tuple[int, int]]:
        """Return size and time of every file that is known, by locator."""
        rows = self._all("SELECT locator, size, mtime_ns FROM articles", ())
        return {locator: (size, mtime_ns) for locator, size, mtime_ns in rows}

    def entry(self, locator: str) -> Entry | None:
        """Return a file of the inbox."""
        found = self._all("SELECT * FROM articles WHERE locator = ?", (locator,))
        return next(map(_entry, found), None)

    def put_entry(self, entry: Entry) -> None:
        """Note a file; when it was first seen stays as it was."""
        values = astuple(entry)
        row = [json.dumps(v) if isinstance(v, tuple) else _told(v) for v in values]
        names = [field.name for field in fields(Entry)]
        changes = ", ".join(f"{n} = excluded.{n}" for n in names if n != "first_seen")
        self._do(
            f"INSERT INTO articles ({', '.join(names)}) VALUES ({_marks(names)}) "  # noqa: S608 - our own names
            f"ON CONFLICT (locator) DO UPDATE SET {changes}",
            row,
        )

    def forget_entry(self, locator: str) -> None:
        """Forget a file that is gone."""
        self._do("DELETE FROM articles WHERE locator = ?", (locator,))

    # -- what sources offered

    def taken(self, source: str, key: str, address: str) -> Taken | None:
        """Return what became of an item: known by its source's key, else by its address.

        Of several sources that have the address, the same one comes first.
        """
        own = self._all("SELECT * FROM taken WHERE source = ? AND key = ?", (source, key))
        if not own and address:
            own = self._all(
                "SELECT * FROM taken WHERE address = ? ORDER BY source = ? DESC LIMIT 1",
                (address, source),
            )
        return _taken(own[0]) if own else None

    def locator_of(self, address: str) -> str:
        """Return the file of the inbox that has an address, empty: there is none."""
        found = self._all(
            "SELECT locator FROM articles WHERE address = ? AND address != ''", (address,)
        )
        return found[0][0] if found else ""

    def locator_named(self, mark: str) -> str:
        """Return the file of the inbox whose name ends so, before its suffix, empty: there is none.

        Args:
            mark: Letters, digits and dashes.
        """
        found = self._all(
            "SELECT locator FROM articles WHERE locator GLOB ? LIMIT 1", (f"*{mark}.*",)
        )
        return found[0][0] if found else ""

    def put_taken(self, taken: Taken) -> None:
        """Note what became of an item."""
        row = [_told(value) for value in astuple(taken)]
        self._do(f"INSERT OR REPLACE INTO taken VALUES ({_marks(row)})", row)  # noqa: S608

    def copies_of(self, locator: str) -> list[Taken]:
        """Return what other sources offered with the text of a file."""
        rows = self._all("SELECT * FROM taken WHERE copy_of = ? ORDER BY source, key", (locator,))
        return list(map(_taken, rows))

    def offers_of(self, locator: str) -> list[Taken]:
        """Return the offers that a file was made of."""
        rows = self._all("SELECT * FROM taken WHERE locator = ? ORDER BY source, key", (locator,))
        return list(map(_taken, rows))

    # -- the sources

    def health(self, name: str) -> Health:
        """Return how a source is; of an unknown one nothing is known."""
        rows = self._all("SELECT * FROM sources WHERE name = ?", (name,))
        if not rows:
            return Health(name, {})
        _, known, tried, succeeded, failures, problem, not_before = rows[0]
        return Health(
            name,
            json.loads(known),
            _moment(tried),
            _moment(succeeded),
            failures,
            problem,
            _moment(not_before),
        )

    def put_health(self, health: Health) -> None:
        """Note how a source is."""
        row = [
            health.name,
            json.dumps(dict(health.known)),
            *(_told(health.tried), _told(health.succeeded)),
            *(health.failures, health.problem, _told(health.not_before)),
        ]
        self._do(f"INSERT OR REPLACE INTO sources VALUES ({_marks(row)})", row)  # noqa: S608

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Keep all that is put inside, or nothing of it if something fails."""
        with _mapping(self._path):
            self._base.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._do("COMMIT", ())

    def _all(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with _mapping(self._path):
            return self._base.execute(query, values).fetchall()

    def _do(self, query: str, values: Sequence[Any]) -> None:
        with _mapping(self._path):
            self._base.execute(query, values)


def _opened(path: Path) -> sqlite3.Connection:
    """Open the file; one that is damaged or of another version is made anew."""
    for attempt in range(2):
        base = sqlite3.connect(path, isolation_level=None)
        try:
            version = base.execute("PRAGMA user_version").fetchone()[0]
            if version == _VERSION:
                base.execute("PRAGMA synchronous = NORMAL")
                return base
            if version == 0 and not base.execute("SELECT * FROM sqlite_master").fetchall():
                base.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_VERSION}; COMMIT;")
                base.execute("PRAGMA journal_mode = WAL")
                return base
        except sqlite3.DatabaseError:
            if attempt:
                raise
        base.close()
        for name in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            remove_if_there(name)
    raise sqlite3.DatabaseError("it cannot be made anew")


@contextmanager
def _mapping(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"the catalogue cannot be used ({error})",
            str(path),
            remedy="remove the file: it is made again of the inbox and the episodes",
        ) from error


def _entry(row: tuple[Any, ...]) -> Entry:
    values: dict[str, Any] = dict(zip((field.name for field in fields(Entry)), row, strict=True))
    values["tags"] = tuple(json.loads(values["tags"]))
    for name in ("published", "first_seen"):
        values[name] = _moment(values[name])
    return Entry(**values)


def _taken(row: tuple[Any, ...]) -> Taken:
    taken = Taken(*row)
    return replace(taken, tried=_moment(taken.tried))


def _told(value: object) -> object:
    """Return a moment as text that sorts by time, and anything else as it is."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
