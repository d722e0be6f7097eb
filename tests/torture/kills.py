"""Part 1: killed at random moments, whatever is under way; one rerun recovers.

Nothing that was spoken is spoken again: the rerun makes exactly the clips that were not whole.
"""

import contextlib
import os
import random
import signal
import statistics
import subprocess
import time
from pathlib import Path

from tests.torture.house import (
    BUILD,
    ESPEAK,
    SETTINGS,
    Part,
    cold,
    edited,
    gone,
    kill_session,
    started,
)
from tests.torture.invariant import needed_clips, shared_clips, whole_clips
from tests.torture.scenes import SCENES, Scene, synthesized

#: How many of 200 kills strike in which scene.
SHARES = {
    "cold": 40,
    "edit": 45,
    "espeak": 10,
    "pool": 15,
    "driver": 15,
    "worker": 15,
    "publish": 15,
    "release": 15,
    "approve": 10,
    "script": 10,
    "brief": 10,
}
ALL = sum(SHARES.values())
POOL = (*BUILD, "--pool", "local:2")
KILLED = {
    **SCENES,
    "espeak": Scene("espeak", lambda p: edited(p, ESPEAK, SETTINGS), ESPEAK),
    # Driver and workers at once; the driver alone; one of its workers, which costs nothing.
    "pool": Scene("pool", cold, POOL),
    "driver": Scene("driver", cold, POOL),
    "worker": Scene("worker", cold, POOL),
}
#: Workers that have lost their driver end by themselves within this time.
ORPHANS_S = 30


def run(place, *, most=None, seed=0):
    """Kill the command at ``most`` moments (200), and say what did not hold."""
    part = Part(1, "kills at random moments")
    chance = random.Random(f"kills {seed}")
    for name, count in _shares(most or ALL):
        strike(KILLED[name].stage(place), place, part, chance, count)
    return part


def _shares(most):
    """Return how many of all kills each scene has: at least one, while they last."""
    left = most
    for name, share in SHARES.items():
        count = min(left, max(1, round(share * most / ALL)))
        left -= count
        if count:
            yield name, count


def strike(stage, place, part, chance, count):
    """Kill the command of a scene so many times; the moments are spread over its whole life."""
    scene = stage.scene
    first_s, whole_s = _lengths_s(stage, place)
    for number in range(count):
        # One in each stretch of equal length, so that a few kills see all of it, too.
        share = (number + chance.random()) / count
        moment_s = first_s + (whole_s - first_s) * share
        house = stage.house.copy(place)
        alive, wrong = _killed_at(moment_s, house, scene, chance)
        part.points += 1
        part.count("hit alive", int(alive))
        part.count(f"alive in {scene.name}", int(alive))
        for line in (*wrong, *_judged(stage, house)):
            part.wrong(f"{scene.name} killed at {moment_s:.3f} s: {line}")
        gone(house)


def _lengths_s(stage, place):
    """Return when the command begins to work, and when it ends."""
    starts, ends = [], []
    for _ in range(2):
        house = stage.house.copy(place)
        with started(house, "--version") as process:
            begun = time.perf_counter()
            process.communicate()
            starts.append(time.perf_counter() - begun)
        with started(house, *stage.scene.command) as process:
            begun = time.perf_counter()
            process.communicate()
            ends.append(time.perf_counter() - begun)
        gone(house)
    return 0.8 * min(starts), statistics.fmean(ends)


def _killed_at(moment_s, house, scene, chance):
    """Kill a command after so long, or a part of it.

    Returns:
        Whether what was to be killed was still alive, and what did not hold.
    """
    with started(house, *scene.command) as process:
        try:
            process.communicate(timeout=moment_s)
        except subprocess.TimeoutExpired:
            if scene.name == "worker":
                return _without_worker(process, chance)
            family = _family(process.pid)
            if scene.name == "driver":
                process.kill()
                return True, _orphans(process, family)
            kill_session(process)
            for pid in family:
                # What it has started may be in sessions of their own.
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.communicate()
        return process.returncode == -signal.SIGKILL, []


def _without_worker(process, chance):
    """Kill one worker; the build goes on as if nothing had been."""
    workers = _family(process.pid)
    if workers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(chance.choice(workers), signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    if process.returncode == 0:
        return bool(workers), []
    told = (out + err).decode(errors="replace")[-600:]
    return bool(workers), [f"with a worker killed, exit code {process.returncode}: {told}"]


def _orphans(process, family):
    """Wait until the workers of a driver that was killed have ended; tell whether they do not."""
    process.communicate()
    end = time.monotonic() + ORPHANS_S
    while time.monotonic() < end:
        left = [pid for pid in family if Path(f"/proc/{pid}").exists()]
        if not left:
            return []
        time.sleep(0.05)
    return [f"{len(left)} workers outlive their driver by {ORPHANS_S} s"]


def _family(first):
    """Return the processes that a process has started, and those that these have started."""
    children = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(path.parent.name))
    found, waiting = [], [first]
    while waiting:
        inner = children.get(waiting.pop(), [])
        found += inner
        waiting += inner
    return found


def _judged(stage, house):
    """Return what does not hold after a kill: at once, and after the rerun."""
    yield from stage.at_once(house)
    missing = needed_clips(stage.undisturbed.episodes) - whole_clips(house.cache)
    told = []
    yield from stage.after(house, told)
    made = synthesized(told[0])
    most = len(missing)
    if "--pool" in stage.scene.command:
        # What several episodes share, two workers may make at the same time.
        most += len(shared_clips(stage.undisturbed.episodes) & missing)
    if made is not None and not len(missing) <= made <= most:
        yield f"{len(missing)} clips were missing, the rerun made {made}"
