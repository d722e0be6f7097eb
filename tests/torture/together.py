"""Part 7: builds at the same time: one does the work, the others leave at once and break nothing.

The one that works is held at a gate in its engine until the others have ended: so no clock and no
load decides who meets whom.
"""

import os
import select
import signal
import time

from tests.torture.house import House, Part, edited, fresh, gone, recovered, started
from tests.torture.invariant import released_guids, violations
from tests.torture.plugin import install

BUILD = ("build", "--engine", "torture", "--json")
SETTINGS = """\
[show]
title = "Torture"
[publish]
to = ["folder:../www"]
"""
#: What a person does meanwhile, and with which codes it may end: 75 is "another build".
BESIDE = {
    ("publish",): {0, 75},
    ("approve",): {0, 3},
    ("approve", "--all", "--by", "Ana"): {0, 75},
    ("status",): {0},
    ("check",): {0, 1},
    ("cache",): {0},
    ("cache", "prune"): {0, 75},
    ("script", "articles/ferry.txt"): {0},
    ("verify",): {0, 1, 75},
    ("lexicon", "list"): {0},
    ("build", "--dry-run", "--engine", "torture"): {0},
    ("fetch",): {0, 2, 75},
    ("brief", "--engine", "torture"): {0, 1, 2, 75},
    ("doctor",): {0, 1, 4},
}
#: After so long a command hangs.
LIMIT_S = 120


def run(place, *, most=None, seed=0):
    """Two and five builds at once, 50 times each; killed holders of the lock; commands beside."""
    del seed
    part = Part(7, "builds at once")
    plugin = install(place / "plugin")
    rounds = 50 if most is None else max(1, most // 4)
    good = edited(place)
    for count in (2, 5):
        for number in range(rounds):
            _hit(part, f"{count} at once, round {number}", good, place, plugin, _race, count)
    for number in range(10 if most is None else max(1, most // 8)):
        _hit(part, f"holder killed, round {number}", good, place, plugin, _killed, None)
    commands = list(BESIDE) if most is None else list(BESIDE)[: max(1, most // 4)]
    for command in commands:
        _hit(part, f"{' '.join(command)} beside a build", good, place, plugin, _beside, command)
    _hit(part, "watch beside a build", good, place, plugin, _watched, None)
    return part


def _hit(part, name, good, place, plugin, strike, what):
    house = good.copy(place)
    gate = fresh(place)
    env = {**plugin, "TORTURE_PLACE": str(gate), "TORTURE_DEED": "gate", "TORTURE_WORD": "gales"}
    guids = released_guids(house.episodes)
    wrong = strike(part, house, gate, env, what)
    wrong += violations(house.episodes)
    (gate / "open").touch()
    wrong += _of_recovery(house, env, guids)
    part.points += 1
    if wrong:
        part.violations.append(f"{name}: {'; '.join(wrong)}")
    gone(house)


def _of_recovery(house, env, guids):
    command = _Env(house.root, env)
    return [f"after the recovery: {line}" for line in recovered(command, BUILD, guids=guids)]


class _Env(House):
    """A house whose commands have an environment of their own."""

    def __init__(self, root, env):
        super().__init__(root)
        object.__setattr__(self, "env", env)

    def run(self, *arguments, env=None, limit_s=LIMIT_S):
        return super().run(*arguments, env={**self.env, **(env or {})}, limit_s=limit_s)


def _race(part, house, gate, env, count):
    """Start builds at once: exactly one works, and the others leave before it has ended."""
    wrong, running = [], []
    stack = [started(house, *BUILD, env=env) for _ in range(count)]
    begun = time.monotonic()
    try:
        running = [one.__enter__() for one in stack]
        left = _wait(lambda: sum(p.poll() is not None for p in running) >= count - 1)
        part.facts["longest until 75, s"] = round(
            max(part.facts.get("longest until 75, s", 0), time.monotonic() - begun), 2
        )
        codes = [p.poll() for p in running]
        if not left or sorted(codes, key=str) != [75] * (count - 1) + [None]:
            wrong.append(f"exit codes {codes} while one works")
        wrong += violations(house.episodes)
        (gate / "open").touch()
        for process in running:
            _, told = process.communicate(timeout=LIMIT_S)
            if process.returncode not in {0, 75}:
                wrong.append(f"exit code {process.returncode}: {told[-300:]}")
            if process.returncode == 75 and b"another build holds this workspace" not in told:
                wrong.append(f"75 without its reason: {told[-300:]}")
        codes = [p.returncode for p in running]
        if codes.count(0) != 1:
            wrong.append(f"exit codes {codes}")
    finally:
        for one in stack[: len(running)]:
            one.__exit__(None, None, None)
    return wrong


def _killed(part, house, gate, env, _what):
    """Kill the build that holds the lock: the next one gets it."""
    with started(house, *BUILD, env=env) as process:
        if not _wait(lambda: any(gate.glob("here-*")) or process.poll() is not None):
            return ["the build never came to its engine"]
        wrong = [] if _is_refused(house, env) else ["a second build is let in"]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    part.count("holders killed")
    (gate / "open").touch()
    after = _Env(house.root, env).run(*BUILD)
    if after.code:
        wrong.append(f"the next build ends with {after.code}: {after.stderr[-300:]}")
    return wrong


def _is_refused(house, env):
    return _Env(house.root, env).run(*BUILD).code == 75


def _beside(part, house, gate, env, command):
    """Run a command while a build works."""
    with started(house, *BUILD, env=env) as process:
        if not _wait(lambda: any(gate.glob("here-*")) or process.poll() is not None):
            return ["the build never came to its engine"]
        beside = _Env(house.root, env).run(*command)
        wrong = violations(house.episodes)
        part.count(f"{command[0]} ended with {beside.code}")
        if beside.code not in BESIDE[command] or "Traceback" in beside.stderr:
            wrong.append(f"exit code {beside.code}: {beside.stderr[-400:]}")
        (gate / "open").touch()
        _, told = process.communicate(timeout=LIMIT_S)
        if process.returncode:
            wrong.append(f"the build ends with {process.returncode}: {told[-300:]}")
    return wrong


def _watched(part, house, gate, env, _what):
    """Let ``watch`` start while a build works: it waits, and builds what comes after."""
    with started(house, *BUILD, env=env) as process:
        if not _wait(lambda: any(gate.glob("here-*")) or process.poll() is not None):
            return ["the build never came to its engine"]
        with started(house, "watch", "--engine", "torture", env=env) as watching:
            # A Ctrl-C while Python starts may be lost in a callback of its own: it must have begun.
            _wait(lambda: select.select([watching.stdout], [], [], 0)[0])
            wrong = violations(house.episodes)
            if watching.poll() not in {None, 75}:
                wrong.append(f"watch ends with {watching.returncode}")
            (gate / "open").touch()
            _, told = process.communicate(timeout=LIMIT_S)
            if process.returncode:
                wrong.append(f"the build ends with {process.returncode}: {told[-300:]}")
            part.count("watch was there" if watching.poll() is None else "watch left with 75")
            watching.send_signal(signal.SIGINT)
            if not _wait(lambda: watching.poll() is not None):
                wrong.append("watch does not stop")
    return wrong


def _wait(is_so, limit_s=LIMIT_S):
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.02)
    return is_so()
