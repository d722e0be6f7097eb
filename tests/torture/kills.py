"""Part 1: killed at random moments, whatever is under way; one rerun recovers.

Nothing that was spoken is spoken again: the rerun makes exactly the clips that were not whole.
"""

import random
import signal
import statistics
import subprocess
import time

from tests.torture.house import ESPEAK, SETTINGS, Part, edited, gone, kill_session, started
from tests.torture.invariant import needed_clips, whole_clips
from tests.torture.scenes import SCENES, Scene, synthesized

#: How many of 200 kills strike in which scene.
SHARES = {
    "cold": 55,
    "edit": 55,
    "espeak": 10,
    "publish": 20,
    "release": 15,
    "approve": 15,
    "script": 15,
    "brief": 15,
}
ALL = sum(SHARES.values())
KILLED = {**SCENES, "espeak": Scene("espeak", lambda p: edited(p, ESPEAK, SETTINGS), ESPEAK)}


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
        alive = _killed_at(moment_s, house, scene.command)
        part.points += 1
        part.count("hit alive", int(alive))
        part.count(f"alive in {scene.name}", int(alive))
        for line in _judged(stage, house):
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


def _killed_at(moment_s, house, command):
    """Kill a command after so long; return whether it was still alive."""
    with started(house, *command) as process:
        try:
            process.communicate(timeout=moment_s)
        except subprocess.TimeoutExpired:
            kill_session(process)
            process.communicate()
        return process.returncode == -signal.SIGKILL


def _judged(stage, house):
    """Return what does not hold after a kill: at once, and after the rerun."""
    yield from stage.at_once(house)
    missing = needed_clips(stage.undisturbed.episodes) - whole_clips(house.cache)
    told = []
    yield from stage.after(house, told)
    made = synthesized(told[0])
    if made is not None and made != len(missing):
        yield f"{len(missing)} clips were missing, the rerun made {made}"
