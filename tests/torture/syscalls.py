"""Part 2: a fault at every system call on the workspace, one at a time.

The loop of SQLite's ioerr.test: the calls of an undisturbed run are recorded; then, for each kind
of call and each path, the first, second, ... call on it is hit, until the run passes untouched.
strace lets a call fail (``-e inject``) or kills the program as it begins. Where ptrace is not
allowed, a shim inside of Python does it at Python's own calls (`tests.torture.shim`), and the
report says so.
"""

import contextlib
import os
import random
import re
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tests.torture import shim
from tests.torture.house import Part, gone, may_trace
from tests.torture.scenes import SCENES
from tests.torture.trace import is_writing, read_log, strace

#: Which faults make sense for which call.
WRITING = ("KILL", "ENOSPC", "EIO", "EDQUOT")
FAULTS = {
    "write": WRITING,
    "pwrite64": WRITING,
    "sendfile": WRITING,
    "copy_file_range": WRITING,
    "fallocate": WRITING,
    "ftruncate": ("KILL", "ENOSPC", "EIO"),
    "fsync": ("KILL", "EIO", "ENOSPC"),
    "fdatasync": ("KILL", "EIO", "ENOSPC"),
    "rename": ("KILL", "EIO", "ENOSPC", "EACCES"),
    "mkdir": ("KILL", "EIO", "ENOSPC", "EACCES"),
    "link": ("KILL", "EIO", "ENOSPC", "EACCES"),
    "symlink": ("KILL", "EIO", "ENOSPC", "EACCES"),
    "unlink": ("KILL", "EIO", "EACCES"),
    "unlinkat": ("KILL", "EIO", "EACCES"),
    "rmdir": ("KILL", "EIO", "EACCES"),
    "openat": ("EACCES", "EIO", "EMFILE", "ENOSPC", "KILL"),
    "read": ("EIO",),
    "pread64": ("EIO",),
    "getdents64": ("EIO",),
    "flock": ("EIO",),
    "utimensat": ("EIO",),
    "newfstatat": ("EIO", "EACCES"),
}
#: Without these the state on the disk is not what it seems: nothing that is served may lack them.
LASTING = ("write", "pwrite64", "fsync", "fdatasync", "rename", "ftruncate")
#: Where what is lost is made again.
NOT_SERVED = (".audiobrief", "store")
#: Calls that only look: each once on each path, with one fault.
LOOKING = ("read", "pread64", "getdents64", "newfstatat", "utimensat", "flock")
#: In these scenes each call gets each fault; in the others a kill, and one error in turn.
THOROUGH = ("edit", "publish", "approve")
#: Scenes, and which of their points the short round takes first.
ORDER = (
    *("edit", "publish", "release", "cold", "approve", "script", "brief"),
    *("store", "union", "repair", "prune", "lexicon"),
)
#: Names with a moment in them: the ones of the next seconds are waited for.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d{6}")
#: Names that nobody can know before: of `tempfile`, of threads, of one process alone.
_RANDOM = re.compile(r"/tmp[a-z0-9_]{8}(/|$)|/\d{12,}\.|\.[0-9a-f]+-[0-9a-f]{12}\.audiobrief-tmp$")
_WAIT_S = 30


@dataclass(frozen=True, slots=True)
class Point:
    """One call of a run, and the fault that it gets."""

    call: str
    #: Relative to the folder of the workspace, with ``..`` for what is beside it.
    path: str
    #: Which call of this kind on this path: 1, 2, ...
    number: int
    fault: str
    #: For names that nobody can know before: which call of this kind in its thread.
    in_thread: int = 0

    def __str__(self):
        return f"{self.fault} at {self.call} {self.number} of {self.path}"


def run(place, *, most=None, seed=0, scenes=ORDER):
    """Let ``most`` calls fail, those of all scenes, or each one; say what did not hold."""
    part = Part(2, "a fault at every system call")
    reason = may_trace()
    if reason:
        part.notes.append(f"{reason}: a shim inside of Python stands in, at Python's own calls")
    shares = _shares(most, scenes)
    for name in scenes:
        if shares[name] != 0:
            strike = strike_inside if reason else strike_calls
            strike(SCENES[name].stage(place), place, part, shares[name], f"{seed} {name}")
    return part


def _shares(most, scenes):
    if most is None:
        return dict.fromkeys(scenes)
    return {name: most // len(scenes) + (n < most % len(scenes)) for n, name in enumerate(scenes)}


def points_of(stage, place):
    """Record an undisturbed run; return the points in it."""
    house = stage.house.copy(place)
    log = house.root.parent / "log"
    calls = ",".join(FAULTS)
    strace(house, *stage.scene.command, options=["-e", f"trace={calls}"], log=log, size=4000)
    counts, threads, unknown = Counter(), Counter(), []
    for call in read_log(log):
        threads[call.pid, call.name] += 1
        named = _named(call, house)
        if named is None:
            continue
        changes = call.name not in LOOKING and (call.name != "openat" or is_writing(call))
        if _RANDOM.search(named):
            unknown.append((call.name, named, threads[call.pid, call.name], changes))
        else:
            counts[call.name, named, changes] += 1
    gone(house)
    is_thorough = stage.scene.name in THOROUGH
    points = [
        Point(call, path, number, fault)
        for turn, ((call, path, changes), count) in enumerate(sorted(counts.items()))
        for number in range(1, 1 + (count if changes else 1))
        for fault in _faults(call, changes, is_thorough, turn + number)
    ]
    points += [
        Point(call, path, 1, fault, in_thread)
        for turn, (call, path, in_thread, changes) in enumerate(unknown)
        if changes
        for fault in _faults(call, changes, is_thorough, turn)
    ]
    return points


def _named(call, house):
    """Return the path by which a call is hit, relative: strace looks only at a rename's old one."""
    path = os.path.relpath(call.path, house.root) if call.path else ""
    is_ours = bool(path) and not path.startswith("../..") and path != "../log"
    return _MOMENT.sub("MOMENT", path) if is_ours else None


def _faults(call, changes, is_thorough, turn):
    """Return which faults a call gets."""
    faults = FAULTS[call]
    if changes and is_thorough:
        return faults
    errors = [fault for fault in faults if fault != "KILL" and (changes or fault != "ENOSPC")]
    error = errors[turn % len(errors)]
    return ("KILL", error) if changes else (error,)


def strike_calls(stage, place, part, most, seed):
    """Let ``most`` calls of a scene fail, one in each run, by strace; ``None``: all."""
    points = points_of(stage, place)
    part.count("points there are", len(points))
    if most is not None and most < len(points):
        points = _spread(points, most, random.Random(seed))
    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda point: strike_one(stage, place, point), points):
            _note(part, stage, *found)


def _spread(points, most, chance):
    """Choose some points: of all kinds of calls and faults alike, not most of the commonest."""
    kinds = {}
    for point in points:
        kinds.setdefault((point.call, point.fault), []).append(point)
    for kind in kinds.values():
        chance.shuffle(kind)
    rounds = []
    while len(rounds) < most:
        waiting = [kind for kind in kinds.values() if kind]
        chance.shuffle(waiting)
        rounds += [kind.pop() for kind in waiting]
    return rounds[:most]


def _note(part, stage, point, how, wrong):
    part.points += 1
    part.count(how)
    part.count(f"{point.fault}")
    part.wrong(*(f"{stage.scene.name}: {point}: {line}" for line in wrong))


def strike_one(stage, place, point):
    """Let one call fail; return how the run ended, and what did not hold."""
    house = stage.house.copy(place)
    log = house.root.parent / "log"
    fault = "signal=KILL" if point.fault == "KILL" else f"error={point.fault}"
    options = ["-e", f"trace={point.call}"]
    options += ["-e", f"inject={point.call}:{fault}:when={point.in_thread or point.number}"]
    for path in () if point.in_thread else _names(house.root / point.path):
        options += ["-P", path]
    run = strace(house, *stage.scene.command, options=options, log=log, size=300)
    hit = [call for call in read_log(log) if call.injected]
    log.unlink()
    told = (run.stdout + run.stderr).decode(errors="replace")
    if point.in_thread and hit:
        # In another run another call may be the one of this number, and one of each thread is.
        paths = [_named(call, house) or "" for call in hit]
        point = replace(point, path=next((p for p in paths if p and _is_told(p, told)), paths[0]))
    is_killed = run.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    how, wrong = judged(
        *(stage, house, point),
        code=-signal.SIGKILL if is_killed else run.returncode,
        told=told,
        is_hit=bool(hit) or is_killed,
    )
    gone(house)
    return point, how, wrong


def _names(path):
    """Return the paths that a call may name: one, or those of the next seconds."""
    path = os.path.normpath(path)
    if "MOMENT" not in path:
        return [path]
    now = time.time()
    moments = [time.strftime("%Y-%m-%dT%H%M%S", time.gmtime(now + n)) for n in range(_WAIT_S)]
    return [path.replace("MOMENT", moment) for moment in moments]


def judged(stage, house, point, *, code, told, is_hit):
    """Judge a run that was struck; return how it ended, and what did not hold."""
    wrong = list(stage.at_once(house))
    if not is_hit:
        how = "passed untouched"
    elif code == -signal.SIGKILL:
        how = "killed"
    elif code == 0:
        # The fault did not matter: then all must be as if there had been none.
        how = "absorbed" if point.path else "hit elsewhere"
        wrong += [f"done, exit code 0, but {line}" for line in stage.when_done(house)]
        if point.call in LASTING and point.path and point.path.split("/")[0] not in NOT_SERVED:
            wrong.append("exit code 0, although what is served may not last")
    else:
        how = "told" if point.path else "hit elsewhere"
        wrong += _errors(point, code, told) if point.path else ()
    wrong += [f"after the rerun, {line}" for line in stage.after(house)]
    return how, wrong


def _errors(point, code, told):
    # Settings that cannot be read are told as settings.
    if code != (2 if point.path.endswith(".toml") else 1):
        yield f"exit code {code}: {told[-300:]}"
    if "Traceback" in told:
        yield f"a traceback: {told[-600:]}"
    if not _is_told(point.path, told):
        yield f"the error names no path: {told[-400:]}"


def _is_told(path, told):
    return any(name in told for name in _told_as(path))


def _told_as(path):
    """Return how an error may name what it is about: the file, its last name, or its folder."""
    path = Path(re.sub(r"-(wal|shm|journal)$", "", path.replace("../", "")))
    last = re.sub(r"(\.[0-9a-f]+-[0-9a-f]{12})?\.audiobrief-tmp$", "", path.name)
    last = last.removesuffix(".new").removeprefix(".")
    yield path.name.partition("MOMENT")[2] or path.name
    yield last.partition("MOMENT")[2] or last


def strike_inside(stage, place, part, most, seed):
    """Strike at Python's own calls, without ptrace; as above."""
    house = stage.house.copy(place)
    total = shim.count(house, stage.scene.command)
    gone(house)
    points = [
        Point("call", "", number, fault)
        for number in range(1, total + 1)
        for fault in ("KILL", "ENOSPC", "EIO", "EACCES")
    ]
    if most is not None and most < len(points):
        points = random.Random(seed).sample(points, most)
    for point in points:
        house = stage.house.copy(place)
        run, hit = shim.struck(house, stage.scene.command, point.number, point.fault)
        if hit is not None:
            call, path = hit
            with contextlib.suppress(ValueError):
                path = os.path.relpath(path, house.root)
            point = Point(call, path, point.number, point.fault)  # noqa: PLW2901 - it is known now
        how, wrong = judged(
            *(stage, house, point),
            code=run.code,
            told=run.stdout + run.stderr,
            is_hit=hit is not None,
        )
        _note(part, stage, point, how, wrong)
        gone(house)
