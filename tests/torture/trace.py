"""What a command does to the disk, call by call, as strace sees it."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.torture.house import command_line, environment

#: Calls that change what is on a disk, or make it last.
CHANGING = (
    "open,openat,creat,write,writev,pwrite64,pwritev,rename,renameat,renameat2,fsync,fdatasync,sync,"
    "syncfs,sync_file_range,unlink,unlinkat,rmdir,mkdir,mkdirat,link,linkat,symlink,symlinkat,"
    "truncate,ftruncate,fallocate,sendfile,copy_file_range"
)
#: Calls that move to another place in a file.
MOVING = "lseek,read"
_LINE = re.compile(r"^(\d+) +(.*)$")
_CALL = re.compile(r"^(\w+)\((.*)\) += (-?\d+|\?|0x[0-9a-f]+)(.*)$", re.DOTALL)
_RESUMED = re.compile(r"^<\.\.\. \w+ resumed>(.*)$", re.DOTALL)
_UNFINISHED = " <unfinished ...>"
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_FD = re.compile(r"(-?\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2}|[^>\\])*)>")


@dataclass(frozen=True, slots=True)
class Call:
    """One finished call."""

    pid: int
    name: str
    #: As strace writes them: strings in hexadecimal digits.
    arguments: str
    #: What it returned; below 0: it failed.
    result: int
    #: Numbers of the lines at which it began and ended.
    start: int
    end: int
    #: Whether strace has let it fail.
    injected: bool
    #: Paths in the order of the arguments, whole ones.
    paths: tuple[str, ...]
    #: The first string that is no path: what is written.
    content: bytes
    #: Number and path of the descriptor in the first place, if one is there.
    fd: int
    fd_path: str

    @property
    def path(self):
        """The file that it is about: of its descriptor, or the first one named."""
        return self.fd_path if self.fd >= 0 else (self.paths[0] if self.paths else "")


def traced(house, *arguments, calls=f"{CHANGING},{MOVING}", log, env=None):
    """Run a command under strace; return it and its log's calls in order of their ends."""
    run = strace(house, *arguments, options=["-e", f"trace={calls}"], log=log, env=env)
    return run, read_log(log)


def strace(house, *arguments, options, log, env=None, limit_s=300, size=16_000_000):
    """Run a command under strace with more options."""
    return subprocess.run(
        [
            *(
                shutil.which("strace"),
                "-f",
                *_speed(options),
                "-qq",
                "-y",
                "-xx",
                "-s",
                str(size),
                "-o",
                str(log),
            ),
            *("-e", "signal=none", "-e", "raw=read", *options),
            *command_line(*arguments),
        ],
        cwd=house.root,
        env=environment(**(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=limit_s,
        check=False,
    )


def _speed(options):
    """Let only the calls that are asked for stop the program, which takes half the time.

    With it strace 6.1 delivers no signals: the program would go on as if nothing were.
    """
    return () if any("signal=KILL" in option for option in options) else ("--seccomp-bpf",)


def read_log(log):
    """Return the finished calls of a log."""
    begun, calls = {}, []
    with Path(log).open(encoding="utf-8", errors="surrogateescape") as lines:
        for number, line in enumerate(lines):
            found = _LINE.match(line.rstrip("\n"))
            if not found:
                continue
            pid, text = found.groups()
            if text.endswith(_UNFINISHED):
                begun[pid] = (number, text[: -len(_UNFINISHED)])
                continue
            start = number
            resumed = _RESUMED.match(text)
            if resumed:
                start, head = begun.pop(pid, (number, ""))
                text = head + resumed[1]
            call = _parsed(int(pid), text, start, number)
            if call is not None:
                calls.append(call)
    return calls


def _parsed(pid, text, start, end):
    found = _CALL.match(text)
    if not found:
        return None
    name, arguments, result, rest = found.groups()
    fd, fd_path, folder = -1, "", str(Path.cwd())
    described = _FD.match(arguments)
    if described:
        folder = _plain(described[2])
        if described[1] != "AT_FDCWD" and not name.endswith("at"):
            fd, fd_path = int(described[1]), folder
    strings = [_bytes(match[1]) for match in _STRING.finditer(arguments)]
    is_written = name.startswith(("write", "pwrite"))
    folders = [_plain(match[2]) for match in _FD.finditer(arguments)] or [folder]
    paths = (
        ()
        if is_written
        else tuple(
            os.path.normpath(Path(folders[min(n, len(folders) - 1)], os.fsdecode(string)))
            for n, string in enumerate(strings)
        )
    )
    value = -1 if result == "?" else int(result, 0)
    return Call(
        *(pid, name, arguments, value, start, end, "(INJECTED)" in rest, paths),
        *(b"".join(strings) if is_written else b"", fd, fd_path),
    )


def _bytes(text):
    return bytes.fromhex(text.replace("\\x", ""))


def _plain(text):
    return os.fsdecode(_bytes(text)) if text.startswith("\\x") else text


def is_writing(call):
    """Tell whether a call opens a file to change it."""
    return call.name in {"open", "openat", "creat"} and bool(
        re.search(r"O_(WRONLY|RDWR|CREAT|TRUNC)", call.arguments)
    )
