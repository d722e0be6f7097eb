"""``published.json``: what was sent to a target, kept at the target (pure).

It says nothing that the files beside it do not say: names, sizes, digests, and since when the feed
names a file no longer. Without it, what is small is sent once more, and nothing else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from audiobrief.store.manifest import rfc3339
from audiobrief.store.seal import Condition, opened, sealed
from audiobrief.upload.name import is_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STATE_NAME: Final = "published.json"
#: 10,000 episodes of eight files each have 20 MB.
STATE_LIMIT_BYTES: Final = 200_000_000
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """A file of ours at the target."""

    size_bytes: int
    #: Empty: it was on its way when this was written; it may be there, be another, or be missing.
    sha256: str
    #: Aware: since then it is none of the published files; ``None``: it is one.
    left: datetime | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """All files of ours at the target."""

    files: Mapping[str, Sent]
    #: GUID of the show that they are of; empty: nobody said.
    show: str = ""

    def before(self, names: Mapping[str, int]) -> Published:
        """Return what is certain while files are sent: these are ours, and not known.

        Args:
            names: Of the files, with their bytes.
        """
        return replace(self, files={**self.files, **{n: Sent(b, "") for n, b in names.items()}})


def parse_state(content: bytes) -> Published:
    """Return the state; what is damaged says nothing, which costs time alone."""
    found = opened(content)
    # Nobody edits it: what is not ours as it was says nothing.
    if found.condition is Condition.EDITED:
        return Published({})
    try:
        data = json.loads(found.content)
        if data["version"] != _VERSION:
            return Published({})
        rows: Iterable[tuple[str, Any]] = data["files"].items()
        sent = {name: _sent(row) for name, row in rows if is_safe(name)}
        return Published(sent, str(data.get("show", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Published({})


def _sent(row: dict[str, Any]) -> Sent:
    left = row.get("left")
    moment = None if left is None else datetime.fromisoformat(left)
    if moment is not None and moment.tzinfo is None:
        message = "a time without its zone"
        raise ValueError(message)
    return Sent(int(row["bytes"]), str(row["sha256"]), moment)


def render_state(state: Published, run: str) -> bytes:
    """Return ``published.json``.

    Args:
        state: What it says.
        run: Different for every run, so that the files of two of them are never the same.
    """
    files = {name: _row(state.files[name]) for name in sorted(state.files)}
    rows = ",\n  ".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in files.items())
    told = {"version": _VERSION, "show": state.show, "run": run}
    head = "".join(f" {json.dumps(k)}: {json.dumps(v)},\n" for k, v in told.items())
    head += ' "files": '
    return sealed(f"{{\n{head}{{\n  {rows}\n }}\n}}\n".encode())


def _row(sent: Sent) -> dict[str, Any]:
    row: dict[str, Any] = {"bytes": sent.size_bytes, "sha256": sent.sha256}
    return row if sent.left is None else {**row, "left": rfc3339(sent.left)}
