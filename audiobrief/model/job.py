"""What is handed to a worker, wherever it runs, and what comes back: small, and plain JSON."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Self

#: Longest job and longest manifest, in bytes of JSON: all that is large goes through the store.
MOST_JOB_BYTES: Final = 64_000
MOST_MANIFEST_BYTES: Final = 4_000
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class EpisodeJob:
    """An episode to be made. Equal keys mean equal files, so that a job may be done twice."""

    #: SHA-256 of all that decides the result: 64 hex digits.
    key: str
    #: What is being made, for people.
    locator: str
    #: SHA-256 of the blob ``recipes/DIGEST`` that holds all that it is made of.
    recipe: str
    #: Address of the store that both sides see: an absolute folder or ``s3://...``.
    store: str
    #: Where an object store is reached, and its region; empty: as its name says.
    endpoint: str = ""
    region: str = ""
    #: Absolute folder for clips on the worker; empty: the worker's own scratch.
    cache: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no address of a blob."""
        _require_digests(self.key, self.recipe)

    def to_json(self) -> bytes:
        """Return it as JSON: keys sorted, UTF-8."""
        return _rendered(asdict(self), MOST_JOB_BYTES)

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Return the job of `to_json`.

        Raises:
            ValueError: It is none.
        """
        data = _parsed(content, MOST_JOB_BYTES)
        try:
            return cls(**{name: _text(data, name) for name in _names(cls, data)})
        except TypeError as error:
            message = f"no job: {error}"
            raise ValueError(message) from error


@dataclass(frozen=True, slots=True)
class JobManifest:
    """What a job has come to: names of blobs in the store."""

    #: Of the job.
    key: str
    #: SHA-256 of the blob ``made/DIGEST``: the episode as made, its notes and its figures.
    made: str
    #: The episode's files: name, SHA-256 (of the blob ``artefacts/SHA256``, too) and bytes.
    files: tuple[tuple[str, str, int], ...]
    #: Clips that were spoken for it, and those that were there.
    synthesized: int
    cached: int
    #: It was in the store already: nothing was done.
    hit: bool = False
    #: Who has done it: host and process, for people.
    worker: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no address of a blob, and names that lead out of a folder."""
        _require_digests(self.key, self.made, *(sha256 for _, sha256, _ in self.files))
        for name, _, size in self.files:
            if not name or name in (".", "..") or set(name) & set('/\\\0:"') or size < 0:
                message = f"no name of a file: {name!r}"
                raise ValueError(message)

    def to_json(self) -> bytes:
        """Return it as JSON: keys sorted, UTF-8."""
        return _rendered(asdict(self), MOST_MANIFEST_BYTES)

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Return the manifest of `to_json`.

        Raises:
            ValueError: It is none.
        """
        data = _parsed(content, MOST_MANIFEST_BYTES)
        _names(cls, data)
        try:
            files = tuple((str(n), str(d), _count(size)) for n, d, size in data["files"])
            return cls(
                *(_text(data, "key"), _text(data, "made"), files),
                *(_count(data["synthesized"]), _count(data["cached"])),
                hit=data.get("hit") is True,
                worker=_text(data, "worker") if "worker" in data else "",
            )
        except (KeyError, TypeError) as error:
            message = f"no manifest of a job: {error}"
            raise ValueError(message) from error


@dataclass(frozen=True, slots=True)
class JobProgress:
    """A step of a job: a sign of life."""

    #: Of :class:`audiobrief.pipeline.events.Stage`.
    stage: str
    #: Steps of the stage that are done, out of how many.
    done: int
    total: int
    detail: str = ""


def _require_digests(*digests: object) -> None:
    for digest in digests:
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            message = f"no SHA-256: {str(digest)[:80]!r}"
            raise ValueError(message)


def _rendered(data: dict[str, Any], most: int) -> bytes:
    content = json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
    if len(content) > most:
        message = f"{len(content)} bytes of JSON, at most {most}"
        raise ValueError(message)
    return content


def _parsed(content: bytes, most: int) -> dict[str, Any]:
    if len(content) > most:
        message = f"{len(content)} bytes of JSON, at most {most}"
        raise ValueError(message)
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        message = f"no JSON: {error}"
        raise ValueError(message) from error
    if type(data) is not dict:
        message = "no JSON object"
        raise ValueError(message)
    return data


def _names(kind: type[EpisodeJob | JobManifest], data: dict[str, Any]) -> list[str]:
    """Return the names of the fields that are given; others are refused."""
    known = {field.name for field in fields(kind)}
    if not known.issuperset(data) or not {"key"}.issubset(data):
        message = f"not the fields of {kind.__name__}: {', '.join(sorted(data))[:200]}"
        raise ValueError(message)
    return list(data)


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        message = f"{name} is no text"
        raise ValueError(message)  # noqa: TRY004 - what came is wrong, not the program
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        message = f"no count: {value!r:.80}"
        raise ValueError(message)
    return value
