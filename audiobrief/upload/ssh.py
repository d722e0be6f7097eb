"""The system's programs for SSH: run without a shell, and without a question to anybody."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from audiobrief.errors import TargetUnavailableError, UploadError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import ExitStack

    from audiobrief.upload.address import Address
    from audiobrief.upload.target import Upload

#: No password is asked for; a host that is silent is given up.
OPTIONS: Final = (
    *("-o", "BatchMode=yes"),
    *("-o", "ConnectTimeout=20"),
    *("-o", "ServerAliveInterval=15"),
    *("-o", "ServerAliveCountMax=4"),
)
_SHOWN_CHARACTERS: Final = 300
#: What a program says: pattern, what mends it, whether a credential is missing.
_REMEDIES: Final = (
    (r"host key verification failed", 'run "ssh {host}" once by hand to accept its key', True),
    (r"permission denied \(", "give it your key: ssh-copy-id {host}", True),
    (r"permission denied", "let that user write there", False),
    (r"no space left|quota", "free some space there, then run the same command again", False),
    (r"resolve|timed out|refused|unreachable|no route", "check the host's name and the net", False),
    (r"rsync.*not found|remote command not found", "install rsync there, or use sftp://", True),
)  # fmt: skip


def find_program(name: str, address: Address) -> str:
    """Return the path of a program.

    Raises:
        TargetUnavailableError: It is not installed.
    """
    path = shutil.which(name)
    if path is None:
        raise TargetUnavailableError(
            f'the program "{name}" is not installed',
            address.place,
            remedy=f"install {name}, or set [publish] to otherwise",
        )
    return path


def share_connection(address: Address, held: ExitStack) -> tuple[str, ...]:
    """Connect once for all programs of a run: logging in takes longest.

    Whatever comes of it: where it fails, each program connects by itself, and tells what is wrong.

    Args:
        address: Of the machine.
        held: What lasts as long as the connection.

    Returns:
        What programs are to give to ``ssh``.
    """
    if os.name == "nt":
        # OpenSSH cannot do it there.
        return ()
    folder = held.enter_context(TemporaryDirectory(prefix="audiobrief-"))
    if " " in folder:
        return ()
    ssh, path = find_program("ssh", address), f"{folder}/c"
    # If we are killed, it ends by itself.
    options = (*OPTIONS, "-o", "ControlPersist=60", *port_of(address, "-p"))
    _run_in_silence((ssh, "-f", "-N", "-M", "-S", path, *options, address.login))
    held.callback(_run_in_silence, (ssh, "-S", path, "-O", "exit", address.login))
    return ("-o", f"ControlPath={path}")


def port_of(address: Address, flag: str) -> tuple[str, ...]:
    """Return the arguments that name the port, if the address does."""
    return () if address.port is None else (flag, str(address.port))


def _run_in_silence(command: Sequence[str]) -> None:
    nothing = subprocess.DEVNULL
    subprocess.run(command, check=False, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603 - as below


def run_program(arguments: Sequence[str], *, folder: Path, given: str = "") -> tuple[int, str, str]:
    """Run a program to its end.

    Args:
        arguments: The program and what it gets.
        folder: Where it runs.
        given: What it reads.

    Returns:
        Its exit code, what it says, and what it complains of.
    """
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and every argument is checked
            [*arguments],
            cwd=folder,
            # The same words and the same form of a listing everywhere.
            env={**os.environ, "LC_ALL": "C"},
            input=given.encode(),
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise TargetUnavailableError(
            f"a program cannot be started: {error.strerror or error}",
            arguments[0],
            remedy="install it again",
        ) from error
    said, complaint = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    return done.returncode, said, complaint


def failure(code: int, complaint: str, address: Address) -> UploadError:
    """Return the error for a program that failed."""
    lines = [line.strip() for line in complaint.splitlines() if line.strip()]
    for pattern, remedy, is_missing in _REMEDIES:
        said = next((x for x in lines if re.search(pattern, x, re.IGNORECASE)), "")
        if said:
            kind = TargetUnavailableError if is_missing else UploadError
            return _failed(kind, said, address, remedy.format(host=address.login))
    # What comes later is mostly that it ends.
    said = lines[0] if lines else f"exit code {code}"
    return _failed(UploadError, said, address, "run the same command again")


def _failed(kind: type[UploadError], said: str, address: Address, remedy: str) -> UploadError:
    problem = f"the upload failed: {said[:_SHOWN_CHARACTERS]}"
    return kind(problem, address.place, remedy=remedy)


@contextmanager
def staged(files: Sequence[Upload]) -> Iterator[Path]:
    """Give a folder in which each file has its name, so that no other path is told to a program."""
    with TemporaryDirectory(prefix="audiobrief-") as name:
        folder = Path(name)
        for file in files:
            path = folder / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(file.source, bytes):
                path.write_bytes(file.source)
                continue
            try:
                path.symlink_to(file.source.absolute())
            except OSError:
                # Windows lets not everybody make links.
                shutil.copyfile(file.source, path)
        yield folder
