"""File systems of a test's own: a small one, one that is read only; where the kernel lets us."""

import functools
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path


def _run(*command):
    done = subprocess.run([*map(str, command)], capture_output=True, check=False)
    return done.returncode, done.stderr.decode(errors="replace").strip()


@functools.cache
def may_mount():
    """Say why nothing can be mounted; ``None``: it can."""
    if sys.platform != "linux":
        return "this is not Linux"
    with tempfile.TemporaryDirectory() as place:
        try:
            code, told = _run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place)
        except OSError as error:
            return f"mount cannot be started: {error}"
        if code:
            return f"mount is not allowed: {told[:200]}"
        _run("umount", place)
    return None


@contextmanager
def small_disk(place, size_kb):
    """Give a folder a disk of its own; yield what gives it another size."""
    place.mkdir(parents=True, exist_ok=True)
    _require("mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", place)

    def resize(size_kb):
        _require("mount", "-o", f"remount,size={size_kb}k", place)

    try:
        yield resize
    finally:
        _require("umount", "-l", place)


@contextmanager
def read_only(path):
    """Let a folder be read only, also by root."""
    _require("mount", "--bind", path, path)
    try:
        _require("mount", "-o", "remount,bind,ro", path)
        yield
    finally:
        _require("umount", "-l", path)


def _require(*command):
    code, told = _run(*command)
    if code:
        message = f"{' '.join(map(str, command))}: {told}"
        raise RuntimeError(message)


def used_kb(folder: Path):
    """Return how much room the files of a folder take on a disk of pages of 4 kB."""
    files = (path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return sum(-(-size // 4096) * 4 for size in files)
