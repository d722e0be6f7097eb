"""No text costs more than linear time: every pattern gets the worst that there is for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Repeated, each is the worst that some kind of pattern can meet.
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
#: Seconds of patience. Linear work of this size is done in a fraction of it; a pattern that takes
#: a step for every pair of characters would need hours.
PATIENCE_S = 1200

#: Finds every compiled pattern in the package, wherever it is kept, and names those that are
#: slower than linear. A first look at a short text finds the three units that cost a pattern most;
#: then it gets a longer text of each. A step for every pair of its 20,000 characters, the cheapest
#: that there is (1 ns), makes 10 us a character: what takes less than 2 is no matter of pairs, and
#: done with. What takes more, for whatever reason, is measured with care: a fivefold text that
#: costs more than twelvefold time each time is no matter of a busy machine.
PATTERNS = """
import importlib, pkgutil, re, sys, time
from dataclasses import fields, is_dataclass
import audiobrief.{room} as room
from tests.text.test_worst_case import UNITS

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

def text_of(unit, length):
    return (unit * length)[:length]

def seconds(pattern, text):
    if isinstance(pattern.pattern, bytes):
        text = text.encode()
    started = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - started

def best(pattern, text):
    # What else the machine does can only slow it: a pattern that is too slow is so each time.
    return min(seconds(pattern, text) for _ in range(3))

def is_slow(pattern, unit):
    if seconds(pattern, text_of(unit, 20_000)) < 2e-6 * 20_000:
        return False
    small = max(best(pattern, text_of(unit, 4_000)), 2e-4)
    return best(pattern, text_of(unit, 20_000)) > 12 * small

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
short = {{unit: text_of(unit, 1000) for unit in UNITS}}
slow = []
for pattern, name in found.items():
    costs = {{unit: seconds(pattern, short[unit]) for unit in UNITS}}
    worst = sorted(UNITS, key=costs.get)[-3:]
    bad = [unit for unit in worst if is_slow(pattern, unit)]
    if bad:
        slow.append(f"{{name}}: {{pattern.pattern[:60]!r}} on {{bad[0]!r}}")
print(len(found), "patterns")
print(*slow, sep=chr(10))
sys.exit(bool(slow))
"""


@pytest.mark.parametrize(
    "room",
    [
        "text",
        "script",
        "ingest",
        "intake",
        "brief",
        "net",
        "check",
        "serve",
        "publish",
        "upload",
    ],
)
def test_no_pattern_is_slower_than_linear(room: str) -> None:
    """Each compiled pattern of a room gets a long text of the units that cost it most."""
    run = subprocess.run(
        [sys.executable, "-c", PATTERNS.format(room=room)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    assert int(run.stdout.split()[0]) > 0
