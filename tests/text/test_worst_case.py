"""No text costs more than linear time: every pattern and every stage gets 1 MB of the worst."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Repeated to a megabyte, each is the worst that some kind of pattern can meet.
UNITS = (
    "a", "A", "1", " ", ".", ",", "-", "'", '"', "(", "[", "<", "&", "|", "=", "$", "%", "/", ":",
    "\u201c", "\u2018", "\u2019", "\u00ab", "\u2013", "\u2026", "\u0301", "\u200d", "\n", "\t",
    "a ", "A ", "1 ", "1,", "1.", "1-", "a.", "A.", "A. ", "a-", "a/", "a@", "a.a@", "$1", "1%",
    " .", " ,", " -", " a", '" ', '."', '. "', "\u201ca", "\u201ca\u201d ", "((", "[a](",
    "http://", "www.a.", "#a", "I", "IV ", "Mr. ", "By A ", "By A and ", "said ", "he said ",
    "A said ", "al-A ", "de A ", "May 1 ", "1 May ", "1:1", "12:30 ", "+1 ", "1st ", "1970s ",
    "\u00bd", "e.g. ", "Share ", "\u00a9 ", "published ", "1 min read ", "<a ", "<p>", "<!--",
    "---\n", "# ", "- a\n", "1. ", "| ", "the ", "The A ", "of ", "U.S. ", "No. ", "10th ",
    "(on) ", "CO\u2082 ", "A's ",
)  # fmt: skip
MEGABYTE = 1_000_000
#: Seconds of patience. Linear work of this size is done in a fraction of it; a pattern that takes
#: a step for every pair of characters would need days.
PATIENCE_S = 1200

#: Finds every compiled pattern in the package, wherever it is kept, and names those that are
#: slower than linear: a tenfold text that costs fiftyfold time is no matter of a busy machine.
PATTERNS = """
import importlib, pkgutil, re, sys, time
from dataclasses import fields, is_dataclass
import audiobrief.{room} as room
from tests.text.test_worst_case import MEGABYTE, UNITS

def patterns(value, depth=0):
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4 and isinstance(value, (tuple, list, frozenset, set)):
        for one in value:
            yield from patterns(one, depth + 1)
    elif depth < 4 and isinstance(value, dict):
        yield from patterns([*value, *value.values()], depth + 1)
    elif depth < 4 and is_dataclass(value) and not isinstance(value, type):
        yield from patterns([getattr(value, f.name) for f in fields(value)], depth + 1)

def seconds(pattern, text):
    started = time.process_time()
    if isinstance(pattern.pattern, bytes):
        text = text.encode()
    sum(1 for _ in pattern.finditer(text))
    return time.process_time() - started

def best(pattern, text):
    # What else the machine does can only slow it: a pattern that is too slow is so each time.
    return min(seconds(pattern, text) for _ in range(3))

found = {{}}
for info in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
    if ".engines" in info.name:
        continue
    module = importlib.import_module(info.name)
    for name, value in vars(module).items():
        if name in {{"rules", "_removed"}} and callable(value):
            value = value()
        for pattern in patterns(value):
            found.setdefault(pattern, f"{{info.name}}.{{name}}")
slow = []
for pattern, name in found.items():
    short = {{u: seconds(pattern, (u * 2000)[:2000]) for u in UNITS}}
    worst = sorted(UNITS, key=lambda u: short[u])[-2:]
    for unit in worst:
        small = max(best(pattern, (unit * 10000)[:10000]), 2e-4)
        if best(pattern, (unit * 100000)[:100000]) > 50 * small:
            slow.append(f"{{name}}: {{pattern.pattern[:60]!r}} on {{unit!r}}")
            break
    else:
        seconds(pattern, (worst[-1] * MEGABYTE)[:MEGABYTE])
print(len(found), "patterns")
print(*slow, sep=chr(10))
sys.exit(bool(slow))
"""


@pytest.mark.parametrize("room", ["text", "script", "ingest"])
def test_no_pattern_is_slower_than_linear(room: str) -> None:
    """Each compiled pattern of a room gets a megabyte of the unit that costs it most."""
    run = subprocess.run(
        [sys.executable, "-c", PATTERNS.format(room=room)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    assert int(run.stdout.split()[0]) > 0
