"""What fsync costs a real build: with it, and with a library before libc's that does nothing.

The product has no switch for that. Debian's package ``eatmydata`` has the library. Builds with and
without take turns, because a machine is never the same twice.
"""

import shutil
import statistics
import subprocess
import time
from pathlib import Path

import audiobrief
from tests.torture.house import Part, command_line, environment, gone, new_house

#: Of a real build, at most.
BAR = 0.20
ROUNDS = 10
#: A build as people run it: the sample article, with a voice.
REAL = ("build", "--engine", "espeak", "--json")
LONG = 4


def library():
    """Return the library that lets fsync do nothing, or ``None``."""
    for folder in (Path("/usr/lib"), Path("/usr/local/lib"), Path("/lib")):
        for found in sorted(folder.glob("**/libeatmydata.so*")):
            return found
    return None


def run(place, *, most=None, seed=0):
    """Build ``most`` times (10) with fsync and without; say what it costs."""
    del seed
    part = Part(16, "what fsync costs")
    preload, espeak = library(), shutil.which("espeak-ng")
    if preload is None or espeak is None:
        part.notes.append("not measured: Debian's packages eatmydata and espeak-ng are needed")
        return part
    sample = Path(audiobrief.__file__).parent / "samples" / "harbor-ferry.txt"
    text = sample.read_text(encoding="utf-8")
    for name, texts in {
        "one article": {"ferry.txt": text},
        f"{LONG} articles": {f"ferry-{n}.txt": _other(text, n) for n in range(LONG)},
    }.items():
        took = {"with": [], "without": []}
        for _ in range(most or ROUNDS):
            for how, env in (("with", {}), ("without", {"LD_PRELOAD": str(preload)})):
                house = new_house(place, texts)
                took[how].append(_took_s(house, env))
                part.points += 1
                gone(house)
        part.facts |= _told(name, took)
        share = part.facts[f"{name}: cost"]
        if share > BAR:
            part.violations.append(f"{name}: fsync costs {share:.0%}, the bar is {BAR:.0%}")
    return part


def _other(text, number):
    """Return another article of the same length, of which no sentence is spoken already."""
    return text.replace("Tarrow", f"Tarrow{'abcdefgh'[number]}").replace(" the ", f" the {number} ")


def _took_s(house, env):
    begun = time.perf_counter()
    subprocess.run(
        command_line(*REAL),
        cwd=house.root,
        env=environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return time.perf_counter() - begun


def _told(name, took):
    with_s, without_s = (statistics.median(took[how]) for how in ("with", "without"))
    return {
        f"{name}: with (s, median)": round(with_s, 3),
        f"{name}: without (s, median)": round(without_s, 3),
        f"{name}: fastest with and without (s)": (
            round(min(took["with"]), 3),
            round(min(took["without"]), 3),
        ),
        f"{name}: cost": round(with_s / without_s - 1, 3),
    }
