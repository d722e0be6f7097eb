"""Run a row through the real command, measure it, and hold it against what must always hold.

The limits are for safety, not for speed: CPU seconds of the command and all its children, and the
peak of resident memory of any one of them, both as the kernel counts them (``wait4``). A busy
machine makes neither grow. ``RLIMIT_AS`` and a kill after two minutes stand behind them, for what
would never end.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser

from audiobrief.pipeline.events import Stage
from tests.bad_inputs.place import GOOD_TITLE, OUTSIDE, SECRET, Place
from tests.support import invariant

MOST_CPU_S = 10.0
MOST_WALL_S = 120.0
_PROGRESS = re.compile(rf"(?:{'|'.join(Stage)})(?: \d+/\d+)?(?:  |$)")
_MEASURED = str(Path(__file__).with_name("measured.py"))
_TRACED = "connect,open,openat,execve"


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    place: Place
    code: int
    stdout: str
    stderr: str
    cpu_s: float
    wall_s: float
    peak_mb: float
    #: What strace saw; ``None``: there is none here, or it may not trace.
    trace: str | None

    @property
    def printed(self):
        """Everything that was said."""
        return f"{self.stdout}\n{self.stderr}"

    def manifests(self):
        """Return the manifests of all episodes, by title."""
        found = self.place.workspace.glob("episodes/*/episode.json")
        read = [json.loads(path.read_bytes()) for path in found]
        return {each["title"]: each for each in read}

    def other(self):
        """Return the manifest of the one episode beside the good one."""
        (found,) = [m for title, m in self.manifests().items() if title != GOOD_TITLE]
        return found

    def spoken(self):
        """Return all that the other episode says, as the engine was given it."""
        return " ".join(segment["spoken"] for segment in self.other()["segments"])


@cache
def tracer():
    """Return how to run a command under strace; empty: it is not here, or may not trace."""
    program = shutil.which("strace")
    if program is None:
        return ()
    command = (program, "-f", "--seccomp-bpf", "-qq", "-s", "300", "-e", f"trace={_TRACED}")
    probe = subprocess.run([*command, "-o", os.devnull, "true"], capture_output=True, check=False)
    return command if probe.returncode == 0 else ()


def run(attempt, place):
    """Run a try in a place where its input is already, and return how it went."""
    first = attempt.command[:1]
    arguments = list(attempt.command)
    if not first or first[0] not in ("fetch", "check", "script", "brief"):
        arguments = ["build", "--engine", attempt.engine, *arguments]
    command = [sys.executable, "-m", "audiobrief", *arguments]
    return measured(command, place, place.environment(attempt.speed) | attempt.environment)


def measured(command, place, environment):
    """Run any command in a place, under strace if it may trace, and return how it went."""
    trace = place.root / "trace.txt"
    if tracer():
        command = [*tracer(), "-o", str(trace), *command]
    out, err, tally = (place.root / name for name in ("stdout.txt", "stderr.txt", "tally.json"))
    with out.open("wb") as stdout, err.open("wb") as stderr:
        began = time.monotonic()
        # -I -S: the witness is for the command, not for who measures it.
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", _MEASURED, str(tally), *command],
            cwd=place.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
        try:
            process.wait(MOST_WALL_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        wall_s = time.monotonic() - began
    killed = {"code": -signal.SIGKILL, "cpu_s": 0.0, "peak_mb": 0.0}
    took = json.loads(tally.read_bytes()) if tally.exists() else killed
    return Ran(
        place,
        took["code"],
        out.read_text(encoding="utf-8", errors="replace"),
        err.read_text(encoding="utf-8", errors="replace"),
        took["cpu_s"],
        wall_s,
        took["peak_mb"],
        trace.read_text(encoding="utf-8", errors="replace") if trace.exists() else None,
    )


def faults(attempt, ran, before):
    """Return what is not as it must be; nothing if all is.

    Args:
        attempt: What was tried.
        ran: How it went.
        before: What lay outside of the workspace, from `outside_of`.
    """
    return [
        *_faults_of_limits(attempt, ran),
        *_faults_of_words(attempt, ran),
        *_faults_of_feed(attempt, ran),
        *_faults_outside(ran, before),
        *_faults_of_net(ran),
        *_secrets(attempt, ran),
    ]


def _faults_of_limits(attempt, ran):
    if ran.code == -signal.SIGKILL:
        yield f"it was killed after {ran.wall_s:.0f} s"
    if ran.cpu_s >= MOST_CPU_S:
        yield f"it took {ran.cpu_s:.1f} CPU seconds"
    if ran.peak_mb >= attempt.most_mb:
        yield f"it took {ran.peak_mb:.0f} MB of memory"


def _faults_of_words(attempt, ran):
    """The exit code, errors of three lines, and what a case wants to be said."""
    if ran.code != attempt.code:
        yield f"exit code {ran.code}, not {attempt.code}: {ran.stderr[-800:]}"
    if "Traceback" in ran.printed or "a defect in audiobrief" in ran.printed:
        yield f"a defect is told: {ran.stderr[-800:]}"
    # On a busy machine a line of progress comes every five seconds.
    lines = [line for line in ran.stderr.split("\n")[:-1] if not _PROGRESS.match(line)]
    starts = [n for n, line in enumerate(lines) if line.startswith("error: ")]
    if len(starts) != attempt.errors:
        yield f"{len(starts)} errors, not {attempt.errors}: {ran.stderr[-800:]}"
    expected = [n for start in starts for n in range(start, start + 3)]
    if expected != [*range(len(lines))]:
        yield f"stderr is not made of errors of three lines: {ran.stderr[-800:]}"
    for start in starts:
        problem, where, *fix = lines[start : start + 3]
        if not (where.startswith("  ") and fix and fix[0].startswith("  fix: ")):
            yield f"an error without place or remedy: {problem}"
        if max(map(len, (problem, where))) > 1000:
            yield f"an error of {len(problem)} characters"
    for pattern in attempt.seen:
        if not re.search(pattern, ran.printed):
            yield f"{pattern!r} is not said: {ran.printed[-800:]}"


def _faults_of_feed(attempt, ran):
    episodes = ran.place.workspace / "episodes"
    feed = episodes / "feed.xml"
    if attempt.episodes is None:
        if [p for p in episodes.rglob("*") if p.suffix in (".xml", ".mp3", ".json")]:
            yield "something was begun"
        return
    if not feed.is_file():
        yield f"there is no feed: {ran.printed[-800:]}"
        return
    yield from invariant(episodes)
    ET.fromstring(feed.read_bytes())  # our own file: a fault in it is an error here
    titles = [entry.title for entry in feedparser.parse(feed.read_bytes()).entries]
    if len(titles) != attempt.episodes:
        yield f"{len(titles)} episodes, not {attempt.episodes}: {titles}: {ran.printed[-800:]}"
    if GOOD_TITLE not in titles:
        yield f"the good article of the same run is not published: {titles}"
    left = [p for p in ran.place.workspace.rglob("*") if p.name.endswith("audiobrief-tmp")]
    if left:
        yield f"temporary files are left: {left}"


def outside_of(place):
    """Return what lies outside of the workspace: names and bytes."""
    found = {}
    for folder in (place.outside, place.home, place.scratch):
        for path in sorted(folder.rglob("*")):
            is_text = path.is_file() and not path.is_symlink()
            found[path] = path.read_bytes() if is_text else b""
    return found


def _faults_outside(ran, before):
    place = ran.place
    after = outside_of(place)
    if after != before:
        changed = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
        yield f"outside of the workspace was changed: {sorted(map(str, changed))}"
    inside = (place.workspace, place.scratch, place.home, Path(os.devnull))
    own_programs = {Path(sys.executable).name, "python", "python3"}
    for event, *what in place.events():
        if event == "write":
            path = Path(os.path.realpath(what[0]))
            # Python keeps what it has compiled beside the program.
            if path.parent.name == "__pycache__" or path.name == "__pycache__":
                continue
            if not any(path == f or f in path.parents for f in map(Path.resolve, inside)):
                yield f"{path} was opened to be written"
        elif event == "shell" or (event == "program" and Path(what[0]).name not in own_programs):
            yield f"a program was run: {what}"


def _faults_of_net(ran):
    """No connection but by the client, to an address that it has judged; and that one is public.

    strace sees libraries in C, too; where it may not trace, the audit hook has seen Python's own.
    """
    place = ran.place
    if place.has_internet:
        for address, port in place.internet.private_connections:
            yield f"a private address was connected to: {address}:{port}"
        if place.internet.failures:
            yield f"the test's own servers failed: {place.internet.failures}"
    for event, *what in place.events():
        if event == "socket.connect":
            yield f"a connection past the guard: {what}"
        if event == "socket.getaddrinfo":
            yield f"a look-up past the guard: {what}"
    ports = place.local_ports()
    for line in (ran.trace or "").splitlines():
        if " connect(" in line and "AF_INET" in line:
            found = re.search(r"sin6?_port=htons\((\d+)\)", line)
            if found is None or int(found[1]) not in ports:
                yield f"strace saw a connection elsewhere: {line}"


def _secrets(attempt, ran):
    """Look for what must not be seen in all that was printed and written."""
    texts = (SECRET, OUTSIDE, str(ran.place.outside), *attempt.unseen)
    for text in texts:
        if text in ran.printed:
            yield f"{text!r} is printed"
    wanted = [(text, text.encode()) for text in texts]
    for path in sorted(ran.place.workspace.rglob("*")):
        if ran.place.articles in path.parents or path.is_symlink() or not path.is_file():
            continue
        if path.name in ("audiobrief.toml", *attempt.kept):
            continue
        content = path.read_bytes()
        for text, raw in wanted:
            if raw in content:
                yield f"{text!r} stands in {path.relative_to(ran.place.workspace)}"


def attempted(attempt, root):
    """Make a place, run a try in it, and return how it went and what is not as it must be."""
    place = Place(root)
    try:
        attempt.make(place)
        before = outside_of(place)
        ran = run(attempt, place)
        wrong = faults(attempt, ran, before)
        if attempt.check is not None and not wrong:
            wrong += attempt.check(ran) or []
        return ran, wrong
    finally:
        place.close()
