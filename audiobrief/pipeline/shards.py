"""What shards tell the one that publishes: records in the shared store, nothing else.

shards/SHOW/N/I          what shard I of N has come to
shards/SHOW/N/time-...   the time that all shards of the same articles take for now
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Self

from audiobrief import errors
from audiobrief.errors import AudiobriefError, PublishError, WorkspaceError
from audiobrief.model.shard import Shard
from audiobrief.pipeline.release import identify
from audiobrief.workspace.shared import shared_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.store.shared import BlobStore
    from audiobrief.workspace.load import Workspace

_NO_STORE: Final = 'write url = "/mnt/shared/audiobrief", or "s3://bucket/prefix", below [store]'


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a shard has not made an episode."""

    #: Of the job; empty: it came to none.
    key: str
    locator: str
    #: Class of the error, and its parts.
    kind: str
    problem: str
    subject: str
    remedy: str

    @classmethod
    def of(cls, key: str, locator: str, error: AudiobriefError) -> Self:
        """Return an error as it is kept."""
        parts = (error.problem, error.subject, error.remedy)
        return cls(key, locator, type(error).__name__, *parts)

    def error(self) -> AudiobriefError:
        """Return the error again."""
        kind = getattr(errors, self.kind, None)
        known = isinstance(kind, type) and issubclass(kind, AudiobriefError)
        try:
            made: AudiobriefError = (kind if known else AudiobriefError)(  # type: ignore[misc]
                self.problem, self.subject, remedy=self.remedy
            )
        except TypeError:
            # A kind that wants more than three parts.
            made = AudiobriefError(self.problem, self.subject, remedy=self.remedy)
        return made


@dataclass(frozen=True, slots=True)
class Record:
    """What a shard has come to."""

    #: As `Shard` is written.
    shard: str
    #: SHA-256 of all that was decided, of all shards: equal on all of them, or they do not fit.
    decided: str
    #: The time that was taken for now, in ISO 8601.
    time: str
    #: Keys of the jobs that are made.
    made: tuple[str, ...]
    failed: tuple[Failure, ...]

    def to_json(self) -> bytes:
        """Return it as JSON: keys sorted."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Return the record of `to_json`.

        Raises:
            ValueError: It is none.
        """
        try:
            data: Any = json.loads(content)
            failed = tuple(Failure(**{k: str(v) for k, v in row.items()}) for row in data["failed"])
            made = tuple(map(str, data["made"]))
            return cls(str(data["shard"]), str(data["decided"]), str(data["time"]), made, failed)
        except (TypeError, KeyError, AttributeError) as error:
            message = f"no record of a shard: {error}"
            raise ValueError(message) from error


class Meeting:
    """Where the shards of a show meet.

    Args:
        workspace: Of the show.
        count: Of shards.

    Raises:
        WorkspaceError: No shared store is set.
    """

    def __init__(self, workspace: Workspace, count: int) -> None:
        store = shared_store(workspace)
        if store is None:
            place = workspace.place_of("store.url")
            raise WorkspaceError(
                "shards meet in a shared store, and none is set", place, remedy=_NO_STORE
            )
        self.store: BlobStore = store
        self.count = count
        self._place = f"shards/{identify(workspace).guid}/{count}"

    def time(self, articles: Iterable[tuple[str, str]], now: datetime) -> datetime:
        """Return the time that counts for some articles: that of the first shard that asks.

        An article without a date of its own is dated by it, so that it must be one for all.

        Args:
            articles: Locator and id of each.
            now: Taken by who is the first.
        """
        digest = sha256(repr(sorted(articles)).encode()).hexdigest()
        name = f"{self._place}/time-{digest}"
        self.store.put(name, now.astimezone(UTC).isoformat().encode())
        try:
            return datetime.fromisoformat((self.store.get(name) or b"").decode())
        except ValueError:
            self.store.replace(name, now.astimezone(UTC).isoformat().encode())
            return now

    def keep(self, record: Record) -> None:
        """Keep what a shard has come to, instead of what it came to before."""
        self.store.replace(f"{self._place}/{Shard.parse(record.shard).index}", record.to_json())

    def records(self) -> tuple[Record, ...]:
        """Return what all shards have come to.

        Raises:
            PublishError: Some have come to nothing yet, or they were of other articles.
        """
        found = [self._record(index) for index in range(self.count)]
        missing = [f"{index}/{self.count}" for index, one in enumerate(found) if one is None]
        records = tuple(one for one in found if one is not None)
        if missing:
            raise PublishError(
                f"{len(missing)} of {self.count} shards are not finished",
                _listed(missing),
                remedy=f"run on any machine: audiobrief build --shard {missing[0]}",
            )
        _require_same(records)
        return records

    def _record(self, index: int) -> Record | None:
        content = self.store.get(f"{self._place}/{index}")
        if content is None:
            return None
        try:
            return Record.from_json(content)
        except ValueError:
            return None


def _listed(names: Sequence[str], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _require_same(records: Sequence[Record]) -> None:
    by_decision: dict[str, list[str]] = {}
    for record in records:
        by_decision.setdefault(record.decided, []).append(record.shard)
    if len(by_decision) < 2:
        return
    fewest = min(by_decision.values(), key=len)
    raise PublishError(
        "the shards were not built of the same articles, settings and episodes",
        _listed(fewest),
        remedy="give all machines the same workspace, and run those again",
    )
