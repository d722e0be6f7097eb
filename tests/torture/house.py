"""What all parts of the torture share: workspaces, the command under faults, and the report.

Each part is a module with a function ``run(place, *, most=None, seed=0) -> Part``: it works below
the empty folder ``place``, on ``most`` points (``None``: all of them), and returns what came of it.
`tests.torture.invariant` says what must hold after each fault, and after the run that recovers.
"""

import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from tests.support import ARTICLE, EDITED, OTHER, run_audiobrief
from tests.torture.invariant import (
    deep_violations,
    leftovers,
    manifests,
    released_guids,
    touched,
    tree,
    violations,
)

#: A build that takes well under a second: the engine for tests, and one small article each.
BUILD = ("build", "--engine", "tone", "--json")
ESPEAK = ("build", "--engine", "espeak", "--json")
SETTINGS = """\
[show]
title = "Torture"
[publish]
to = ["folder:../www"]
"""


def dated(text, day):
    """Return an article that tells its day, so that no clock decides what is made of it."""
    headline, _, rest = text.partition("\n")
    return f"{headline}\n\nPublished {day}\n{rest}"


FERRY = dated(ARTICLE, "2026-03-14")
#: One word is another.
FERRY_EDITED = dated(EDITED, "2026-03-14")
LIBRARY = dated(OTHER, "2026-03-15")
STORM = """\
Storm warning for the coast

Published 2026-03-16

Forecasters expect gales on the coast tonight, and ferries stay in port until Thursday.

"Stay away from the sea wall," said Ben Okafor, the harbor's pilot.
"""


#: The process that forks commands answers one request at a time.
_ONE_AT_A_TIME = Lock()


@dataclass
class Part:
    """What came of one part: of how many points, and what was wrong."""

    number: int
    name: str
    points: int = 0
    #: One line each, that names the point: how it was hit, and what did not hold.
    violations: list[str] = field(default_factory=list)
    #: What was hit, measured or counted, by name.
    facts: dict[str, object] = field(default_factory=dict)
    #: What could not be tried here, and what was done in its stead.
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def wrong(self, *lines):
        """Note what did not hold, and say it at once: a part may take an hour."""
        self.violations += lines
        sys.stderr.writelines(f"  {' '.join(line.split())[:600]}\n" for line in lines)

    def count(self, name, by=1):
        """Count something that was seen."""
        self.facts[name] = self.facts.get(name, 0) + by


@dataclass(frozen=True)
class House:
    """A workspace, and what an article of it must come to."""

    root: Path

    @property
    def episodes(self):
        """The folder that is served."""
        return self.root / "episodes"

    @property
    def cache(self):
        """What may be lost."""
        return self.root / ".audiobrief"

    @property
    def www(self):
        """Where ``publish`` brings the show: a folder beside the workspace."""
        return self.root.parent / "www"

    def write(self, name, text, *, age_s=3600):
        """Write an article as if some time ago: what has just changed is looked at again."""
        path = self.root / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        then = path.stat().st_mtime - age_s
        os.utime(path, (then, then))
        return path

    def run(self, *arguments, env=None, limit_s=120):
        """Run the real command here."""
        with _ONE_AT_A_TIME:
            return run_audiobrief(*arguments, cwd=self.root, env=env, limit_s=limit_s)

    def copy(self, place):
        """Return a copy of workspace and ``www`` in a new folder; times and links stay."""
        target = fresh(place) / self.root.name
        copy_tree(self.root, target)
        if self.www.exists():
            copy_tree(self.www, target.parent / "www")
        return House(target)


def fresh(place):
    """Return a new, empty folder in a folder."""
    place.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=place))


def copy_tree(source, target):
    """Copy a folder with times; hard links between files are kept, as a restart keeps them."""
    shutil.copytree(source, target, symlinks=True)


def gone(house):
    """Remove a house and what is beside it."""
    shutil.rmtree(house.root.parent, ignore_errors=True)


def new_house(place, articles=None, settings=SETTINGS):
    """Return a workspace with some articles of which nothing is built.

    Args:
        place: Where a folder for it is made.
        articles: Texts by file name; default: one short article.
        settings: Its ``audiobrief.toml``.
    """
    house = House(fresh(place) / "pod")
    house.root.mkdir()
    (house.root / "audiobrief.toml").write_text(settings, encoding="utf-8")
    for name, text in (articles or {"ferry.txt": FERRY}).items():
        house.write(name, text)
    return house


def cold(place, settings=SETTINGS):
    """Return a house with three articles and nothing built."""
    return new_house(
        place, {"ferry.txt": FERRY, "library.txt": LIBRARY, "storm.txt": STORM}, settings
    )


def edited(place, command=BUILD, settings=SETTINGS):
    """Return a house in a good state whose first article was edited since, and one is new."""
    house = new_house(place, {"ferry.txt": FERRY, "library.txt": LIBRARY}, settings)
    require(house.run(*command))
    house.write("ferry.txt", FERRY_EDITED)
    house.write("storm.txt", STORM)
    return house


def require(run, *codes):
    """Return a run that must have succeeded."""
    if run.code not in (codes or (0,)):
        message = f"exit code {run.code}: {run.stderr[-2000:]}"
        raise RuntimeError(message)
    return run


def recovered(house, command=BUILD, *, guids=None, publish=False, told=None):
    """Run the command again after a fault, and return what does not hold then.

    One rerun must recover; all of `tests.torture.invariant` must hold, no temporary file be left,
    and one more run must find nothing to do and touch nothing.

    Args:
        house: As the fault has left it.
        command: What is run again.
        guids: Of the feed before the fault, by directory: they stay.
        publish: Whether ``publish`` is run, too, and what it published is looked at.
        told: A list that the finished rerun is added to.
    """
    again = house.run(*command)
    if told is not None:
        told.append(again)
    if again.code != 0:
        return [f"the rerun ends with {again.code}: {again.stderr[-600:]}"]
    wrong = [*deep_violations(house.episodes, house.cache, guids), *leftovers(house.root)]
    wrong += unmade(house)
    if publish:
        sent = house.run("publish")
        if sent.code != 0:
            wrong.append(f"publish ends with {sent.code}: {sent.stderr[-600:]}")
        wrong += [f"published: {w}" for w in (*violations(house.www), *leftovers(house.www))]
    return [*wrong, *not_idle(house, command)]


def unmade(house):
    """Return which articles of the inbox have no episode in the feed."""
    sources = {a["locator"] for m in manifests(house.episodes).values() for a in m["articles"]}
    inbox = {f"articles/{p.name}" for p in (house.root / "articles").glob("*.txt")}
    told = set(released_guids(house.episodes))
    wrong = [f"{name} has no episode" for name in sorted(inbox - sources)]
    public = {n for n, m in manifests(house.episodes).items() if m["state"] == "published"}
    return [*wrong, *(f"{name} is published, but not in the feed" for name in public - told)]


def not_idle(house, command=BUILD):
    """Return what a build does although nothing has changed."""
    before = tree(house.episodes)
    idle = house.run(*command)
    if idle.code != 0:
        return [f"a second build ends with {idle.code}: {idle.stderr[-600:]}"]
    wrong = [f"a second build {line}" for line in touched(before, tree(house.episodes))]
    if "--json" in command:
        wrong += [
            f"a second build: {e['locator']} is {e['outcome']}"
            for e in idle.json["episodes"]
            if e["outcome"] != "unchanged"
        ]
    return wrong


def command_line(*arguments):
    """Return the command as another program starts it."""
    # Without -P Python looks for modules in the workspace, as no installed command does.
    return [sys.executable, "-P", "-m", "audiobrief", *map(str, arguments)]


def environment(**more):
    """Return the environment of a run that is not asked to be colorful."""
    return {**os.environ, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1", **more}


@contextmanager
def started(house, *arguments, env=None, before=()):
    """Run the command in a session of its own; on leaving, all of it is dead.

    Args:
        house: Where.
        arguments: Of the command.
        env: Added to the environment.
        before: A program that runs it, with its arguments.
    """
    process = subprocess.Popen(
        [*map(str, before), *command_line(*arguments)],
        cwd=house.root,
        env=environment(**(env or {})),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        kill_session(process)
        process.communicate()


def kill_session(process):
    """Kill a program and whatever it has started; return whether it was alive."""
    alive = process.poll() is None
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return alive
    return alive


@functools.cache
def may_trace():
    """Say why strace cannot be used; ``None``: it can."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed (Debian: strace)"
    tried = subprocess.run(
        [strace, "-f", "--seccomp-bpf", "-qq", "-o", os.devnull, "-e", "trace=getppid", "true"],
        capture_output=True,
        check=False,
    )
    if tried.returncode:
        return f"ptrace is not allowed: {tried.stderr.decode(errors='replace').strip()[:200]}"
    return None
