"""Episodes as ``episode.json``, the truth about them; unknown fields are left alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from audiobrief.errors import StoreError
from audiobrief.model.article import BlockKind
from audiobrief.model.audio import Loudness
from audiobrief.model.episode import (
    ArticleRef,
    BuildRecord,
    Chapter,
    Enclosure,
    Episode,
    Programme,
    State,
    TimedSegment,
)
from audiobrief.model.script import Addition, Generated, GeneratedLine, LedgerRow, Role
from audiobrief.store.files import mapping_os_errors
from audiobrief.store.seal import SEAL, opened, sealed

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST_NAME = "episode.json"


@dataclass(frozen=True, slots=True)
class OpenedManifest:
    """A manifest as it is to be read, and what has become of it."""

    episode: Episode
    #: The file as it is to be read.
    content: bytes
    #: What a person should know, after the name of the file; empty: nothing.
    news: str


def read_manifest(path: Path) -> Episode:
    """Read one ``episode.json``; a flipped bit is read as it was written.

    Raises:
        StoreError: It cannot be read, or is no manifest; the path and the field are named.
    """
    return open_manifest(path).episode


def open_manifest(path: Path) -> OpenedManifest:
    """Read one ``episode.json``, and tell whether it is as it was written.

    Raises:
        StoreError: As `read_manifest`.
    """
    return understand(read_bytes(path), path)


def read_bytes(path: Path) -> bytes:
    """Return what a manifest says, whether it can be understood or not.

    Raises:
        StoreError: It cannot be read.
    """
    with mapping_os_errors("read the manifest", path):
        return path.read_bytes()


def understand(content: bytes, path: Path) -> OpenedManifest:
    """Return what was read of an ``episode.json`` as an episode; a flipped bit is taken back.

    Raises:
        StoreError: It is no manifest; the path and the field are named.
    """
    found = opened(content)
    episode = _parsed(found.content, where=str(path), directory=path.parent.name)
    return OpenedManifest(episode, found.content, found.news)


def resealed(content: bytes) -> bytes:
    """Return a manifest that was changed by hand with a seal of what it says now; all fields stay.

    Args:
        content: A manifest that can be read.
    """
    data = {name: value for name, value in json.loads(content).items() if name != SEAL}
    return sealed(_written(data).encode())


def parse_manifest(content: bytes, *, where: str, directory: str) -> Episode:
    """Return the episode that a manifest describes.

    Args:
        content: UTF-8 JSON; a flipped bit is taken back.
        where: What errors name.
        directory: Name of the episode's directory, which the manifest does not repeat.
    """
    return _parsed(opened(content).content, where=where, directory=directory)


def _parsed(content: bytes, *, where: str, directory: str) -> Episode:
    try:
        return _episode(json.loads(content), directory)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        cause = f"no field {error}" if isinstance(error, KeyError) else str(error)
        raise StoreError(
            f"the manifest is damaged: {cause}",
            where,
            remedy='"audiobrief repair" tells what can be saved; else restore it from a backup, or '
            "remove its folder: the article is then built as a new episode",
        ) from error


def _episode(data: dict[str, Any], directory: str) -> Episode:
    published = datetime.fromisoformat(data["published"])
    if published.tzinfo is None:
        message = "published has no time zone"
        raise ValueError(message)
    build = data["build"]
    return Episode(
        guid=_text(data["guid"]),
        title=_text(data["title"]),
        published=published.astimezone(UTC),
        state=State(data["state"]),
        directory=directory,
        language=_text(data["language"]),
        articles=tuple(map(_article, data["articles"])),
        enclosure=Enclosure(**_only(Enclosure, data["enclosure"])),
        loudness=Loudness(**_only(Loudness, {"range_lu": None, **data["loudness"]})),
        segments=tuple(_segment(s) for s in data["segments"]),
        ledger=tuple(_row(r) for r in data["ledger"]),
        chapters=tuple(Chapter(**_only(Chapter, c)) for c in data["chapters"]),
        added=tuple(Addition(**_only(Addition, a)) for a in data.get("added", ())),
        generated=_generated(data.get("generated")),
        programme=_programme(data.get("programme")),
        number=_count("number", data.get("number")),
        season=_count("season", data.get("season")),
        deliveries=tuple(Enclosure(**_only(Enclosure, d)) for d in data.get("deliveries", ())),
        files=tuple(sorted((_text(n), _text(d)) for n, d in data.get("files", {}).items())),
        build=BuildRecord(
            synthesized=int(build["synthesized"]),
            cached=int(build["cached"]),
            engine_versions=tuple(sorted(build["engine_versions"].items())),
            digest=_text(build["digest"]),
        ),
    )


def _article(data: dict[str, Any]) -> ArticleRef:
    words = tuple((_text(word), _text(say)) for word, say in data.get("lexicon", ()))
    return ArticleRef(**_only(ArticleRef, {**data, "lexicon": words}))


def _segment(data: dict[str, Any]) -> TimedSegment:
    first, end = data["source"]
    source = (_checked("source", first, "int"), _checked("source", end, "int"))
    starts = tuple(None if ms is None else int(ms) for ms in data.get("word_starts_ms", ()))
    more = {
        "role": Role(data["role"]),
        "source": source,
        "chapter": data.get("chapter"),
        "word_starts_ms": starts,
        "clip": data.get("clip", ""),
        "clip_digest": data.get("clip_digest", ""),
        "phonemes": tuple(
            (int(start), int(end), _text(ipa)) for start, end, ipa in data.get("phonemes", ())
        ),
        "kind": BlockKind(data["kind"]) if data.get("kind") else None,
    }
    fields = _only(TimedSegment, {**data, **more})
    return TimedSegment(**fields)


def _generated(data: dict[str, Any] | None) -> Generated | None:
    if data is None:
        return None
    lines = tuple(GeneratedLine(**_only(GeneratedLine, line)) for line in data["lines"])
    return Generated(_text(data["title"]), lines)


def _programme(data: dict[str, Any] | None) -> Programme | None:
    return None if data is None else Programme(**_only(Programme, data))


def _row(data: dict[str, Any]) -> LedgerRow:
    fields = _only(LedgerRow, {**data, "segments": tuple(map(_text, data["segments"]))})
    return LedgerRow(**fields)


def _only(kind: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that a type has, of the types it has; a manifest may hold more."""
    fields = kind.__dataclass_fields__
    return {name: _checked(name, data[name], field.type) for name, field in fields.items()}


#: Types of fields as they are written in the model; other fields are made by the callers.
_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "float | None": (int, float, type(None)),
    "str | None": (str, type(None)),
}


def _checked(name: str, value: object, kind: str) -> object:
    allowed = _TYPES.get(kind)
    if allowed is not None and (not isinstance(value, allowed) or isinstance(value, bool)):
        message = f"{name} cannot be {value!r}"
        raise TypeError(message)
    return value


def _count(name: str, value: object) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        message = f"{name} cannot be {value!r}"
        raise ValueError(message)
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        message = f"{value!r} is no text"
        raise ValueError(message)
    return value


def render_manifest(episode: Episode) -> bytes:
    """Return an episode as UTF-8 JSON: the same episode, the same bytes."""
    data = {
        "guid": episode.guid,
        "title": episode.title,
        "published": rfc3339(episode.published),
        "state": episode.state,
        "language": episode.language,
        **{n: v for n in ("season", "number") if (v := getattr(episode, n)) is not None},
        "articles": [_without_empty(_fields(a), "lexicon") for a in episode.articles],
        "enclosure": _fields(episode.enclosure),
        **_delivered(episode),
        "loudness": _fields(episode.loudness),
        "chapters": [_fields(c) for c in episode.chapters],
        "segments": [_segment_fields(s) for s in episode.segments],
        "ledger": [{**_fields(r), "spoken": bool(r.segments)} for r in episode.ledger],
        "added": [_fields(a) for a in episode.added],
        **_edited(episode.generated),
        **({"programme": _fields(episode.programme)} if episode.programme else {}),
        "build": {
            **_fields(episode.build),
            "engine_versions": dict(episode.build.engine_versions),
        },
        "files": dict(episode.files),
    }
    return sealed(_written(data).encode())


def _written(data: dict[str, Any]) -> str:
    """Return JSON that people can read and compare: a line for each row of each list.

    With an indent, Python writes JSON in Python, five times as slowly.
    """
    lines = []
    for name, value in data.items():
        if isinstance(value, list) and value:
            rows = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in value)
            text = f"[\n  {rows}\n ]"
        else:
            text = json.dumps(value, ensure_ascii=False)
        lines.append(f" {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _delivered(episode: Episode) -> dict[str, Any]:
    deliveries = [_fields(one) for one in episode.deliveries]
    return {"deliveries": deliveries} if deliveries else {}


def _edited(generated: Generated | None) -> dict[str, Any]:
    if generated is None:
        return {}
    lines = [_fields(line) for line in generated.lines]
    return {"generated": {"title": generated.title, "lines": lines}}


def rfc3339(moment: datetime) -> str:
    """Return a moment in UTC.

    >>> rfc3339(datetime(2015, 10, 26, tzinfo=UTC))
    '2015-10-26T00:00:00Z'
    """
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _segment_fields(segment: TimedSegment) -> dict[str, Any]:
    # As nearly always.
    return _without_empty(_fields(segment), "phonemes", "kind")


def _without_empty(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value or name not in names}


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
