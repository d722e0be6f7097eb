"""A folder of another machine, by the sftp program of OpenSSH."""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import dirname
from typing import TYPE_CHECKING

from audiobrief.errors import OvertakenError, UploadError
from audiobrief.store.files import TEMPORARY_SUFFIX
from audiobrief.upload.name import is_safe
from audiobrief.upload.ssh import (
    OPTIONS,
    failure,
    find_program,
    port_of,
    run_program,
    share_connection,
    staged,
)
from audiobrief.upload.target import Stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

    from audiobrief.upload.address import Address
    from audiobrief.upload.target import Done, Upload

#: "-rw-r--r--    ? 1000     1000         1234 Nov 29 16:00 /srv/pod/name"
_ROW = re.compile(r"\A([-d])\S+\s+\S+\s+\S+\s+\S+\s+(\d+)\s+(\S+\s+\S+\s+\S+)\s+(\S+)")


class Sftp:
    """A folder that sftp reaches.

    A file is written beside and renamed, which replaces an old one at once where the server is
    OpenSSH's. Whether another publisher was faster shows by size and minute alone.

    Args:
        address: The folder.
        held: What lasts as long as the target is used.
    """

    def __init__(self, address: Address, held: ExitStack) -> None:
        self._address = address
        self._root = address.remote_path.rstrip("/")
        self._command = (
            find_program("sftp", address),
            *("-b", "-", "-S", find_program("ssh", address)),
            *(*OPTIONS, *share_connection(address, held)),
            *(*port_of(address, "-P"), address.login),
        )

    @property
    def place(self) -> str:
        """The address."""
        return self._address.place

    def listing(self) -> dict[str, Stored]:
        """Return the files in the folder, and in the folders there."""
        top = self._listed(self._run(self._look(""), Path.cwd()))
        look = self._look(*(name for name, stored in top.items() if stored is None))
        below = self._listed(self._run(look, Path.cwd())) if look else {}
        return {name: stored for name, stored in (top | below).items() if stored is not None}

    def read(self, name: str, limit: int) -> bytes:
        """Return the content of a file."""
        with staged(()) as folder:
            self._run([f'get "{self._root}/{name}" read'], folder)
            path = folder / "read"
            if path.stat().st_size > limit:
                raise UploadError("a file is too long", f"{self.place}/{name}", remedy="remove it")
            return path.read_bytes()

    def send(self, files: Sequence[Upload], done: Done) -> None:
        """Send files over one connection."""
        self._send(files, [])
        for file in files:
            done(file.name)

    def replace(self, file: Upload, expected: Stored | None) -> Stored:
        """Send one file, if the old one looks as it was listed."""
        look = self._look(file.name)
        if self._listed(self._run(look, Path.cwd())).get(file.name) != expected:
            raise OvertakenError(
                "another publisher has written here in the meantime",
                f"{self.place}/{file.name}",
                remedy="run the same command again",
            )
        there = self._listed(self._send((file,), look)).get(file.name)
        if there is None:
            raise UploadError(
                "a file that was sent is not there",
                f"{self.place}/{file.name}",
                remedy="run the same command again",
            )
        return there

    def _send(self, files: Sequence[Upload], then: list[str]) -> str:
        folders = {parent for file in files for parent in _parents(f"{self._root}/{file.name}")}
        # A folder that is there already is no error; one that cannot be made shows by its files.
        lines = [f'-mkdir "{folder}"' for folder in sorted(folders, key=len)]
        for file in files:
            path = f"{self._root}/{file.name}"
            beside = f"{dirname(path)}/.{path.rpartition('/')[2]}{TEMPORARY_SUFFIX}"
            lines += [f'put "{file.name}" "{beside}"', f'chmod 644 "{beside}"']
            lines += [f'rename "{beside}" "{path}"']
        with staged(files) as folder:
            return self._run([*lines, *then], folder)

    def delete(self, names: Sequence[str]) -> None:
        """Remove files, and the folders that are empty then."""
        files = [f'-rm "{self._root}/{name}"' for name in names]
        folders = sorted({dirname(name) for name in names} - {""}, key=len, reverse=True)
        empty = [f'-rmdir "{self._root}/{folder}"' for folder in folders]
        self._run([*files, *empty], Path.cwd())

    def _look(self, *names: str) -> list[str]:
        """Return what asks for files, or for what is in folders; an empty name is the root."""
        paths = (f"{self._root}/{name}".rstrip("/") for name in names)
        return [f'-ls -ln "{path or "/"}"' for path in paths]

    def _listed(self, said: str) -> dict[str, Stored | None]:
        """Return files, and folders as ``None``, by their name below the root."""
        found: dict[str, Stored | None] = {}
        for row in filter(None, map(_ROW.fullmatch, map(str.strip, said.splitlines()))):
            kind, size, time, path = row.groups()
            name = path.removeprefix(f"{self._root}/")
            if is_safe(name):
                found[name] = None if kind == "d" else Stored(int(size), " ".join(time.split()))
        return found

    def _run(self, lines: list[str], folder: Path) -> str:
        given = "".join(f"{line}\n" for line in lines)
        code, said, complaint = run_program(self._command, folder=folder, given=given)
        if code != 0:
            raise failure(code, complaint, self._address)
        return said


def _parents(path: str) -> list[str]:
    """Return the folders above a path that may have to be made."""
    found = []
    while (path := dirname(path)) not in ("", "/", "."):
        found.append(path)
    return found
