"""``listeners.json``: who may hear a private show. Of tokens it has digests, which open nothing."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final

from audiobrief.errors import StoreError, WorkspaceError
from audiobrief.store.files import commit_file, mapping_os_errors, remove_if_there, temporary_beside
from audiobrief.store.lock import locked
from audiobrief.store.manifest import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Beside ``audiobrief.toml``: unlike the cache folder, nobody may delete it.
LISTENERS_NAME: Final = "listeners.json"
_LOCK_NAME: Final = "listeners.lock"
_VERSION: Final = 1
#: 160 bits. Hexadecimal: any file system keeps it, and any app types it right.
_TOKEN_BYTES: Final = 20
TOKEN: Final = re.compile(r"[0-9a-f]{40}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
#: Of HTTP Basic, a user's name has no colon (RFC 7617, 2).
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f:\ud800-\udfff]{1,64}")


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who may hear a show, or might once."""

    name: str
    #: Of the token, in hexadecimal.
    sha256: str
    #: Aware.
    added: datetime
    #: ``None``: never.
    revoked: datetime | None = None
    #: Of which show; the first one of a workspace has no name.
    show: str = ""
    #: Has a folder of files, for web space that runs nothing.
    is_static: bool = False

    @property
    def is_active(self) -> bool:
        """Whether the token opens the show."""
        return self.revoked is None


def new_token() -> str:
    """Return a token that nobody guesses."""
    return token_hex(_TOKEN_BYTES)


def digest_of(token: str) -> str:
    """Return what is kept of a token; whatever is given has one."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def clean_name(written: str) -> str:
    """Return a listener's name as it is kept.

    Raises:
        WorkspaceError: It is empty, too long, or has a colon or a control character in it.
    """
    name = unicodedata.normalize("NFC", written.strip())
    if not _NAME.fullmatch(name):
        raise WorkspaceError(
            "this cannot be a listener's name",
            name[:64] or "an empty name",
            remedy='write one of 1 to 64 characters without a colon, as in: "Ana Ruiz"',
        )
    return name


def add_listener(listeners: tuple[Listener, ...], new: Listener) -> tuple[Listener, ...]:
    """Return the listeners with another one (pure).

    Raises:
        WorkspaceError: The show has one of this name.
    """
    if find_listener(listeners, new.show, new.name) is not None:
        raise WorkspaceError(
            f'there is a listener "{new.name}" already',
            LISTENERS_NAME,
            remedy=f"choose another name, or take the old address away first: "
            f'audiobrief listeners revoke "{new.name}"',
        )
    return (*listeners, new)


def revoke_listener(
    listeners: tuple[Listener, ...], show: str, name: str, now: datetime
) -> tuple[tuple[Listener, ...], Listener]:
    """Return the listeners with one revoked, and this one (pure).

    Raises:
        WorkspaceError: The show has none of this name.
    """
    found = find_listener(listeners, show, name)
    if found is None:
        known = ", ".join(each.name for each in listeners if each.is_active and each.show == show)
        raise WorkspaceError(
            f'there is no listener "{name}"',
            LISTENERS_NAME,
            remedy=f"the listeners are: {known}" if known else "nobody has an address",
        )
    revoked = replace(found, revoked=now)
    return tuple(revoked if each is found else each for each in listeners), revoked


def find_listener(listeners: tuple[Listener, ...], show: str, name: str) -> Listener | None:
    """Return who is called so and may hear a show; ``None``: nobody is."""
    wanted = name.casefold()
    return next(
        (e for e in listeners if e.is_active and e.show == show and e.name.casefold() == wanted),
        None,
    )


def read_listeners(path: Path) -> tuple[Listener, ...]:
    """Read the file; without it, there are none.

    Raises:
        StoreError: It cannot be read, or is damaged: then nobody is let in, until it is mended.
    """
    try:
        with mapping_os_errors("read", path):
            content = path.read_bytes()
    except StoreError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return ()
        raise
    return parse_listeners(content, str(path))


def parse_listeners(content: bytes, where: str) -> tuple[Listener, ...]:
    """Return the listeners of a file: every key is known and right, or the file is damaged (pure).

    Raises:
        StoreError: It is.
    """
    try:
        return _listeners(json.loads(content))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise StoreError(
            "the list of listeners is damaged, and nobody is let in",
            where,
            remedy="bring it back from a backup; without one, remove it, and add everybody anew",
        ) from error


def _listeners(data: Any) -> tuple[Listener, ...]:
    if set(data) != {"version", "listeners"} or data["version"] != _VERSION:
        message = "another version"
        raise ValueError(message)
    listeners = tuple(_listener(row) for row in data["listeners"])
    if len({each.sha256 for each in listeners}) < len(listeners):
        message = "two have one token"
        raise ValueError(message)
    return listeners


def _listener(row: Any) -> Listener:
    revoked = None if row["revoked"] is None else _moment(row["revoked"])
    texts = [row["name"], row["sha256"], row["show"]]
    if not all(isinstance(text, str) for text in texts) or not isinstance(row["is_static"], bool):
        message = "another type"
        raise TypeError(message)
    if not _DIGEST.fullmatch(row["sha256"]) or not _NAME.fullmatch(row["name"]):
        message = "no digest, or no name"
        raise ValueError(message)
    # An unknown key, as a misspelled one is, is no argument of it.
    return Listener(**{**row, "added": _moment(row["added"]), "revoked": revoked})


def _moment(written: Any) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        message = "a time without its zone"
        raise ValueError(message)
    return moment


def render_listeners(listeners: tuple[Listener, ...]) -> bytes:
    """Return the file (pure)."""
    rows = [
        {
            **{field.name: getattr(each, field.name) for field in fields(each)},
            "added": rfc3339(each.added),
            "revoked": None if each.revoked is None else rfc3339(each.revoked),
        }
        for each in listeners
    ]
    document = {"version": _VERSION, "listeners": rows}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def write_listeners(path: Path, listeners: tuple[Listener, ...]) -> None:
    """Write the file, whole or not at all; only its owner can read it.

    Raises:
        StoreError: It cannot be written; what was there before is untouched.
    """
    temporary = temporary_beside(path)
    remove_if_there(temporary)
    try:
        with mapping_os_errors("write", temporary):
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(temporary, flags, 0o600), "wb") as stream:
                stream.write(render_listeners(listeners))
        commit_file(temporary, path)
    except BaseException:
        remove_if_there(temporary)
        raise


@contextmanager
def changing_listeners(cache: Path) -> Iterator[None]:
    """Hold the list for as long as the block runs: no two commands change it at once.

    Raises:
        LockedError: Another one does.
    """
    with locked(cache / _LOCK_NAME, held="another command is changing the listeners"):
        yield
