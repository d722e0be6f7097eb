"""Part 6: limits of the system: the size of files, open files, folders that may only be read."""

import os
import stat
import subprocess

from tests.support import Run
from tests.torture.flips import said
from tests.torture.house import (
    BUILD,
    ESPEAK,
    Part,
    command_line,
    edited,
    environment,
    gone,
    recovered,
)
from tests.torture.invariant import released_guids, violations
from tests.torture.mounts import may_mount, read_only

SIZES = [2**n * 1024 for n in range(11)] + [48 * 1024, 96 * 1024, 300_000, 400_000]
OPEN_FILES = [*range(4, 40, 2), 48, 64]
#: What may only be read: the workspace, and folders in it.
FOLDERS = (
    ".",
    "episodes",
    "episodes/2026-03-14*",
    ".audiobrief",
    ".audiobrief/clips",
    ".audiobrief/encoded",
    "articles",
    "../www",
)


def run(place, *, most=None, seed=0):
    """Build under each limit, then without it."""
    del seed
    part = Part(6, "limits")
    good = edited(place)
    guids = released_guids(good.episodes)
    points = [
        *(("files of", size, BUILD, {"fsize": size}) for size in SIZES),
        *(("with espeak, files of", size, ESPEAK, {"fsize": size}) for size in SIZES[::4]),
        *(("open files:", count, BUILD, {"nofile": count}) for count in OPEN_FILES),
        *(("with espeak, open files:", n, ESPEAK, {"nofile": n}) for n in OPEN_FILES[6::4]),
    ]
    if most is not None:
        points = points[:: max(1, 2 * len(points) // most)]
    for name, limit, command, limits in points:
        house = good.copy(place)
        wrong = _of_run(part, house, limited(house, command, **limits), limits)
        wrong += violations(house.episodes)
        wrong += [f"after the recovery: {w}" for w in recovered(house, command, guids=guids)]
        _note(part, f"{name} {limit}", wrong)
        gone(house)
    for name in FOLDERS if most is None else FOLDERS[: max(1, most // 4)]:
        house = good.copy(place)
        house.www.mkdir(exist_ok=True)
        _note(part, f"{name} may only be read", _read_only(part, house, name, guids))
        gone(house)
    return part


def _note(part, name, wrong):
    part.points += 1
    if wrong:
        part.violations.append(f"{name}: {'; '.join(wrong)}")


def limited(house, command, *, fsize=None, nofile=None):
    """Run a command that may write no longer files, or open no more, than so."""
    import resource  # noqa: PLC0415 - Windows has none

    def limit():
        if fsize is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (fsize, fsize))
        if nofile is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (nofile, nofile))

    done = subprocess.run(
        command_line(*command),
        cwd=house.root,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        preexec_fn=limit,
        timeout=300,
        check=False,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))


def _of_run(part, house, run, limits):
    part.count("built" if run.code == 0 else "failed")
    # With so few files open Python itself does not start.
    is_started = "audiobrief" in run.stderr or "error:" in run.stderr or run.code == 0
    if not is_started and limits.get("nofile", 99) < 32:
        part.count("Python did not start")
        return [] if run.code else ["exit code 0, and nothing was done"]
    if run.code not in {0, 1, 4}:
        return [f"exit code {run.code}: {run.stderr[-300:]}"]
    output = said(run)
    if "Traceback" in output:
        return [f"a traceback: {output[-500:]}"]
    if run.code and not any(str(p) in output for p in (house.root, house.root.resolve(), "error:")):
        return [f"the error names nothing: {output[-300:]}"]
    return []


def _read_only(part, house, name, guids):
    own = {".": [house.root], "../www": [house.www]}
    folders = own[name] if name in own else list(house.root.glob(name))
    reason = may_mount()
    if reason is not None and os.geteuid() == 0:
        part.notes.append(f"{name}: {reason}, and root may write everywhere")
        return []
    wrong = []
    command = ("publish",) if name == "../www" else BUILD
    for folder in folders:
        if reason is None:
            with read_only(folder):
                run = house.run(*command)
        else:
            mode = stat.S_IMODE(folder.stat().st_mode)
            folder.chmod(0o555)
            run = house.run(*command)
            folder.chmod(mode)
        part.count("built" if run.code == 0 else "failed")
        output = said(run)
        wrong += [f"a traceback: {output[-300:]}"] if "Traceback" in output else []
        if run.code not in {0, 1}:
            wrong.append(f"exit code {run.code}: {output[-300:]}")
        if run.code and folder.resolve().name not in output:
            wrong.append(f"the error does not name the folder: {output[-300:]}")
        if name in {".", "episodes", "../www"} and run.code == 0:
            wrong.append("nothing could be written, and the exit code is 0")
        wrong += violations(house.episodes)
    return [*wrong, *(f"after the recovery: {w}" for w in recovered(house, BUILD, guids=guids))]
