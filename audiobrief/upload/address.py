"""``[publish] to``, taken apart (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from audiobrief.errors import WorkspaceError
from audiobrief.objects.address import OBJECT_STORES, parse_bucket

FOLDER: Final = "folder"
SSH: Final = ("sftp", "rsync")

_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")
#: Nothing that a shell, rsync or sftp reads otherwise.
_PATH = re.compile(r"/(?:[A-Za-z0-9._~@+=,-]+/?)*")
_HOME = "/~/"
_FORMS = (
    '"folder:PATH", "s3://BUCKET/PREFIX", "gs://…", "az://…", "sftp://USER@HOST/PATH"'
    ' or "rsync://USER@HOST/PATH"'
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a target is."""

    #: `FOLDER`, or one of the others above.
    kind: str
    #: Of a folder: as written. Else absolute, without a closing slash; ``~`` in front: at home.
    path: str
    #: Bucket, container or host.
    host: str = ""
    user: str = ""
    port: int | None = None

    @property
    def place(self) -> str:
        """The address as it is shown; it cannot hold a secret."""
        if self.kind == FOLDER:
            return f"{FOLDER}:{self.path}"
        port = "" if self.port is None else f":{self.port}"
        return f"{self.kind}://{self.login}{port}{self.path}"

    @property
    def login(self) -> str:
        """The host, with the user where one is named."""
        return f"{self.user}@{self.host}" if self.user else self.host

    @property
    def remote_path(self) -> str:
        """The path for programs of SSH: absolute, or relative to the user's home."""
        if self.path == _HOME.rstrip("/"):
            return "."
        return self.path.removeprefix(_HOME) if self.path.startswith(_HOME) else self.path or "/"

    def below(self, name: str) -> Address:
        """Return the address of a folder in it."""
        return replace(self, path=f"{self.path.rstrip('/')}/{name}")


def parse_address(text: str, *, where: str) -> Address:
    """Return what an address means.

    Args:
        text: As in the settings.
        where: What errors name.

    Raises:
        WorkspaceError: It has none of the forms, or could be read as something else by a program.

    >>> parse_address("s3://pod/ferry", where="").path
    '/ferry'
    >>> parse_address("sftp://jo@host.example:2222/~/www", where="").remote_path
    'www'
    """
    kind, _, rest = text.partition(":")
    if kind == FOLDER and rest.strip() and "\x00" not in rest:
        return Address(FOLDER, rest)
    if kind not in (*OBJECT_STORES, *SSH):
        raise _wrong("no target is meant by this", where, f"write {_FORMS}")
    if kind in OBJECT_STORES:
        bucket = parse_bucket(text, where=where, forms=_FORMS)
        return Address(kind, bucket.prefix, bucket.name)
    if not text.isprintable() or " " in text:
        # Some of these, the library would take out without a word.
        raise _wrong("the address has a blank or a control character", where, f"write {_FORMS}")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _wrong("this is no address", where, f"write {_FORMS}") from error
    if parts.password is not None:
        # Not shown: it is where a secret would stand.
        remedy = "remove it: keys come from SSH's own files"
        raise _wrong("a password stands in the address", where, remedy)
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise _wrong("the address has a question mark or a #", where, f"write {_FORMS}")
    path = parts.path.rstrip("/")
    login = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    user, _, host = login.rpartition("@")
    _require(_HOST, host, "host", where)
    if user:
        _require(_USER, user, "user", where)
    if not path or ".." in path.split("/"):
        raise _wrong("the address names no folder", where, f"write {_FORMS}")
    _require(_PATH, path, "path", where)
    return Address(kind, path, host, user, port)


def _require(pattern: re.Pattern[str], text: str, what: str, where: str) -> None:
    if pattern.fullmatch(text) is None:
        raise _wrong(
            f'the {what} "{text}" cannot be used',
            where,
            "use letters, digits, dots and dashes",
        )


def _wrong(problem: str, where: str, remedy: str) -> WorkspaceError:
    return WorkspaceError(problem, where, remedy=remedy)
