"""Part 15: workers of this machine killed, and their driver, while they make real episodes.

Bars: all episodes are made, byte by byte those of a build that nobody has disturbed; what was
finished is not spoken again; nothing is left behind.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tests.scale.newsroom import audiobrief, command, differences, environment, newsroom
from tests.torture.house import Part

EPISODES = 5
KILLS = 50
BUILD = ("build", "--json", "--pool", "local:2")


def run(place, *, most=None, seed=0):
    """Kill a worker, every fifth time the driver, at a random moment of a build."""
    part = Part(15, "near_workers")
    rng = random.Random(seed)
    whole = newsroom(place / "whole" / "pod", EPISODES)
    audiobrief(whole, "build", "--pool", "here")
    for point in range(KILLS if most is None else most):
        part.points += 1
        _kill(part, place / f"kill-{point}", whole, rng, is_driver=point % 5 == 4)
        shutil.rmtree(place / f"kill-{point}", ignore_errors=True)
    return part


def _kill(part, place, whole, rng, *, is_driver):
    root = newsroom(place / "pod", EPISODES)
    where = f"{'driver' if is_driver else 'worker'} killed at point {part.points}"
    process = subprocess.Popen(
        command(root, *BUILD),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wanted = rng.randrange(EPISODES)
    while len(_manifests(root)) < wanted and process.poll() is None:
        time.sleep(0.01)
    time.sleep(rng.uniform(0, 0.5))
    workers = _children(process.pid)
    if is_driver:
        process.kill()
        part.count("drivers killed")
    elif workers:
        with suppress(ProcessLookupError):
            os.kill(rng.choice(workers), signal.SIGKILL)
            part.count("workers killed")
    try:
        process.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        part.wrong(f"{where}: the driver hangs")
        return
    _hold(part, where, root, whole, process.returncode, workers, is_driver=is_driver)


def _hold(part, where, root, whole, code, workers, *, is_driver):
    """Note what is not as it must be; after a driver's death, as the next run leaves it."""
    finished = {path: path.read_bytes() for path in _manifests(root)}
    if not is_driver and code:
        part.wrong(f"{where}: exit code {code}")
    if _outlived(workers):
        part.wrong(f"{where}: a worker runs on")
    again = json.loads(audiobrief(root, *BUILD, codes=(0, 1)).stdout)["episodes"]
    built = [row["locator"] for row in again if row["outcome"] != "unchanged"]
    if not is_driver and built:
        part.wrong(f"{where}: the next run has something to do: {built}")
    if any(path.read_bytes() != content for path, content in finished.items()):
        part.wrong(f"{where}: a finished episode is made again")
    wrong = differences(whole / "episodes", root / "episodes")
    if wrong:
        part.wrong(f"{where}: differs: {wrong[:5]}")
    names = ("store", "jobs")
    left = [str(p) for name in names for p in (root / ".audiobrief" / name).rglob("*")]
    left += [str(p) for p in root.rglob("*audiobrief-tmp")]
    if left:
        part.wrong(f"{where}: left behind: {left[:3]}")


def _manifests(root):
    return list(root.glob("episodes/*/episode.json"))


def _children(pid):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def _outlived(workers, limit_s=20):
    end_s = time.monotonic() + limit_s
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        if time.monotonic() > end_s:
            return True
        time.sleep(0.05)
    return False
