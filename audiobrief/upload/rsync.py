"""A folder of another machine, by rsync over SSH."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from time import localtime, strftime
from typing import TYPE_CHECKING

from audiobrief.errors import OvertakenError, UploadError
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

#: "-rw-r--r--  1,234 2026/11/29 16:00:00 dir/name"
_ROW = re.compile(r"\A(\S)\S+\s+([0-9,]+)\s+(\S+ \S+)\s(.+)")
_TIME = "%Y/%m/%d %H:%M:%S"
#: Sizes and times tell nothing: what is sent has changed. The folders' own times are left alone.
_ALWAYS = ("--recursive", "--copy-links", "--ignore-times", "--omit-dir-times", "--chmod=D755,F644")
#: Some files could not be transferred; rsync's way to say that a file is not there.
_PARTIAL = 23
#: A file that was to be removed is gone already.
_VANISHED = 24


class Rsync:
    """A folder that rsync reaches. It writes each file beside and renames it, by itself.

    Whether another publisher was faster shows by size and second alone.

    Args:
        address: The folder.
        held: What lasts as long as the target is used.
    """

    def __init__(self, address: Address, held: ExitStack) -> None:
        self._address = address
        self._program = find_program("rsync", address)
        find_program("ssh", address)
        options = (*OPTIONS, *share_connection(address, held), *port_of(address, "-p"))
        # rsync takes this apart at its blanks: none of the parts has one.
        self._shell = " ".join(("ssh", *options))

    @property
    def place(self) -> str:
        """The address."""
        return self._address.place

    def listing(self) -> dict[str, Stored]:
        """Return all files below the folder."""
        return self._listed("")

    def read(self, name: str, limit: int) -> bytes:
        """Return the content of a file."""
        with TemporaryDirectory(prefix="audiobrief-") as folder:
            path = Path(folder) / "read"
            self._run(f"--max-size={limit}", self._remote(name), "read", folder=path.parent)
            if not path.is_file():
                raise UploadError("a file is too long", f"{self.place}/{name}", remedy="remove it")
            return path.read_bytes()

    def send(self, files: Sequence[Upload], done: Done) -> None:
        """Send files at once."""
        with staged(files) as folder:
            self._run(*_ALWAYS, "./", self._remote(""), folder=folder)
        for file in files:
            done(file.name)

    def replace(self, file: Upload, expected: Stored | None) -> Stored:
        """Send one file, if the old one looks as it was listed."""
        if self._listed(file.name).get(file.name) != expected:
            raise OvertakenError(
                "another publisher has written here in the meantime",
                f"{self.place}/{file.name}",
                remedy="run the same command again",
            )
        with staged((file,)) as folder:
            # With its time, by which it is known again.
            self._run("--times", *_ALWAYS, "./", self._remote(""), folder=folder)
            changed_s = (folder / file.name).stat().st_mtime
        return Stored(file.size_bytes, strftime(_TIME, localtime(int(changed_s))))

    def delete(self, names: Sequence[str]) -> None:
        """Remove files at once."""
        with TemporaryDirectory(prefix="audiobrief-") as folder:
            # All of them are missing here; the folders that they are missing in must be there.
            for parent in {Path(folder, name).parent for name in names}:
                parent.mkdir(parents=True, exist_ok=True)
            code, _, complaint = self._call(
                *("--recursive", "--delete-missing-args", "--files-from=-"),
                *("./", self._remote("")),
                folder=Path(folder),
                given="".join(f"{name}\n" for name in names),
            )
        if code not in (0, _VANISHED):
            raise failure(code, complaint, self._address)

    def _listed(self, name: str) -> dict[str, Stored]:
        flags = ("--list-only", "--recursive", "--no-human-readable", "--exclude=.*")
        code, said, complaint = self._call(*flags, self._remote(name), folder=Path.cwd())
        if code == _PARTIAL and "No such file or directory" in complaint:
            return {}
        if code != 0:
            raise failure(code, complaint, self._address)
        found = {}
        for row in filter(None, map(_ROW.fullmatch, said.splitlines())):
            kind, size, time, path = row.groups()
            # A single file is listed without its folders.
            path = name or path
            if kind == "-" and is_safe(path):
                found[path] = Stored(int(size.replace(",", "")), time)
        return found

    def _remote(self, name: str) -> str:
        return f"{self._address.login}:{self._address.remote_path}/{name}"

    def _run(self, *arguments: str, folder: Path, given: str = "") -> str:
        code, said, complaint = self._call(*arguments, folder=folder, given=given)
        if code != 0:
            raise failure(code, complaint, self._address)
        return said

    def _call(self, *arguments: str, folder: Path, given: str = "") -> tuple[int, str, str]:
        command = (self._program, "-e", self._shell, *arguments)
        return run_program(command, folder=folder, given=given)
