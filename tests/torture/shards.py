"""Part 14: shares of the articles, killed at random and run again; their union is the whole.

Bars: every manifest comes, nothing that was finished is made again, and what is published is byte
for byte what one build makes, for 1, 2, 3 and 7 shares; a poison article costs itself alone.
"""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

from tests.scale.newsroom import (
    article,
    audiobrief,
    command,
    differences,
    environment,
    newsroom,
)
from tests.torture.house import Part

EPISODES = 6
KILLS = 50
UNIONS = (1, 2, 3, 7)
#: With the default voices, whose clips are never the same twice: the store has them for all.
REAL = """\
[show]
title = "Newsroom"
base_url = "https://pod.example/"
"""


def run(place, *, most=None, seed=0):
    """Unions of several counts, then kills."""
    part = Part(14, "shards")
    rng = random.Random(seed)
    whole = newsroom(place / "whole", EPISODES)
    audiobrief(whole, "build", "--pool", "here")
    for count in UNIONS if most is None else UNIONS[:most]:
        _union(part, place / f"union-{count}", count, whole)
    _real_voices(part, place / "voices")
    for point in range(KILLS if most is None else most):
        _kill_a_share(part, place / f"kill-{point}", whole, rng)
    return part


def _machine(place, name, texts=None):
    (place / "store").mkdir(parents=True, exist_ok=True)
    settings = f'[store]\nurl = "{place / "store"}"\n'
    texts = texts or {f"boat-{n:03}.txt": article(n) for n in range(EPISODES)}
    return newsroom(place / name, 0, settings=settings, articles=texts)


def _union(part, place, count, whole):
    part.points += 1
    for index in range(count):
        root = _machine(place, f"machine-{index}")
        audiobrief(root, "build", "--shard", f"{index}/{count}", "--pool", "here")
        if (root / "episodes").exists():
            part.violations.append(f"share {index}/{count} has touched episodes/")
    _published(part, f"union of {count}", place, count, whole)


def _published(part, where, place, count, whole):
    root = _machine(place, "publisher")
    told = audiobrief(root, "publish", "--shards", count, codes=(0, 1, 2, 75))
    wrong = differences(whole / "episodes", root / "episodes")
    if told.returncode or wrong:
        part.violations.append(f"{where}: {told.returncode}, {wrong[:5]}, {told.stderr[-300:]}")


def _real_voices(part, place):
    """The same with espeak-ng, by the clips that one build has left in the store."""
    part.points += 1
    (place / "store").mkdir(parents=True)
    settings = f'{REAL}[store]\nurl = "{place / "store"}"\n'
    texts = {f"boat-{n:03}.txt": article(n) for n in range(3)}
    roots = []
    for name in ("whole", "zero", "one", "publisher"):
        root = newsroom(place / name, 0, articles=texts)
        (root / "audiobrief.toml").write_text(settings, encoding="utf-8")
        roots.append(root)
    whole, zero, one, publisher = roots
    audiobrief(whole, "build", "--pool", "here")
    audiobrief(zero, "build", "--shard", "0/2", "--pool", "here")
    audiobrief(one, "build", "--shard", "1/2", "--pool", "here")
    audiobrief(publisher, "publish", "--shards", 2)
    wrong = differences(whole / "episodes", publisher / "episodes")
    if wrong:
        part.violations.append(f"espeak-ng: {wrong[:5]}")


def _manifests(place):
    # A name that begins with a point is one in the writing.
    found = (place / "store" / "manifests").rglob("[0-9a-f]*")
    return {p: p.read_bytes() for p in found if p.is_file()}


def _kill_a_share(part, place, whole, rng):
    part.points += 1
    where = f"share killed at point {part.points}"
    root = _machine(place, "machine-0")
    wanted = rng.randrange(EPISODES)
    with subprocess.Popen(
        command(root, "build", "--shard", "0/1", "--pool", rng.choice(["here", "local:2"])),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        while process.poll() is None and len(_manifests(place)) < wanted:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.5))
        part.count("alive at the kill", process.poll() is None)
        os.killpg(process.pid, signal.SIGKILL)
    finished = _manifests(place)
    part.count("finished before the kill", len(finished))
    told = audiobrief(root, "build", "--shard", "0/1", "--pool", "here", codes=(0, 1, 2, 75))
    if told.returncode:
        part.violations.append(f"{where}: run again: {told.returncode}, {told.stderr[-300:]}")
        return
    for path, content in finished.items():
        if not Path(path).exists() or path.read_bytes() != content:
            part.violations.append(f"{where}: {path.name} was finished, and is made again")
    _published(part, where, place, 1, whole)
