"""Faults without ptrace: Python's own calls fail, inside of the command.

A stand-in for strace: it sees what Python asks of the system, which is all that the one module for
atomic writes does, but not what libraries in C do by themselves.
"""

import json
import tempfile
from pathlib import Path

#: Python reads it as it starts.
FAULTS = """
import builtins, errno, io, json, os, signal
from pathlib import Path

LEFT = [int(os.environ["FAULT_AT"])]
ROOT = os.environ["FAULT_IN"]
KIND = os.environ["FAULT"]
SEEN = Path(os.environ["FAULT_LOG"])


def strike(call, path):
    if isinstance(path, int):
        path = os.readlink(f"/proc/self/fd/{path}") if os.path.exists("/proc/self/fd") else ROOT
    path = os.fsdecode(path)
    if not path.startswith(ROOT):
        return
    LEFT[0] -= 1
    if KIND == "COUNT":
        real_open(SEEN, "a").write("x")
    if LEFT[0] or KIND == "COUNT":
        return
    with real_open(SEEN, "w") as log:
        log.write(json.dumps([call, path]))
    if KIND == "KILL":
        os.kill(os.getpid(), signal.SIGKILL)
    number = getattr(errno, KIND)
    raise OSError(number, os.strerror(number), path)


def struck(call, real):
    def run(path, *rest, **named):
        strike(call, path)
        return real(path, *rest, **named)

    return run


real_open = io.open
real_os_open = os.open


def open_struck(file, mode="r", *rest, **named):
    if isinstance(file, int) or not isinstance(mode, str):
        return real_open(file, mode, *rest, **named)
    strike("open", file)
    if "w" in mode or "a" in mode or "x" in mode or "+" in mode:
        strike("write", file)
    return real_open(file, mode, *rest, **named)


for name in ("rename", "replace", "mkdir", "rmdir", "unlink", "remove", "link", "truncate"):
    setattr(os, name, struck({"replace": "rename"}.get(name, name), getattr(os, name)))
os.fsync = struck("fsync", os.fsync)
builtins.open = io.open = open_struck
"""


def count(house, command):
    """Return how many calls of Python's a run makes on the workspace and beside it."""
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "log"
        house.run(*command, env=_environment(place, house, 0, "COUNT", log))
        return log.stat().st_size if log.exists() else 0


def struck(house, command, number, fault):
    """Let one call fail; return the run, and what was hit: call and path, or ``None``."""
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "log"
        run = house.run(*command, env=_environment(place, house, number, fault, log))
        hit = log.read_text(encoding="utf-8") if log.exists() else ""
        return run, tuple(json.loads(hit)) if hit else None


def _environment(place, house, number, fault, log):
    (Path(place) / "sitecustomize.py").write_text(FAULTS, encoding="utf-8")
    return {
        "PYTHONPATH": str(place),
        "FAULT_AT": str(number),
        "FAULT_IN": str(house.root.parent),
        "FAULT": fault,
        "FAULT_LOG": str(log),
    }
