"""What the workers of these tests do, by the first word of a job's locator."""

import os
import re
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

from audiobrief.errors import NetworkError, SpeechError
from audiobrief.model.job import EpisodeJob, JobManifest, JobProgress

PERFORM = "tests.pool.deeds_here:perform"


def job(number, deed, store):
    """Return a job: ``fine``, ``exit``, ``abort``, ``hang``, ``eat`` and so on."""
    key = sha256(f"{number} {deed}".encode()).hexdigest()
    return EpisodeJob(key, f"{deed} {number}", sha256(b"recipe").hexdigest(), str(store))


def starts(store, job):
    """Return how often a job was begun."""
    return len(list(Path(store).glob(f"{job.key}.*")))


def pids(store, job):
    """Return which processes have begun a job."""
    return [int(path.read_text()) for path in Path(store).glob(f"{job.key}.*")]


def perform(job, tell):
    """Note that it was begun, then do as the locator says."""
    started = Path(job.store, f"{job.key}.{os.urandom(6).hex()}")
    (started.with_name(f".{started.name}")).write_text(str(os.getpid()))
    started.with_name(f".{started.name}").rename(started)
    tell(JobProgress("speaking", 1, 2, "a sentence"))
    deed = globals()[f"_{job.locator.split()[0]}"]
    deed(job, tell)
    return JobManifest(job.key, job.recipe, (("a-0123abcd.mp3", job.recipe, 1),), 1, 0)


def _fine(job, tell):
    pass


def _slow(job, tell):
    time.sleep(0.05)


def _exit(job, tell):
    os._exit(3)


def _abort(job, tell):
    os.abort()


def _killed(job, tell):
    os.kill(os.getpid(), 9)


def _once(job, tell):
    """End the first worker alone."""
    if starts(job.store, job) == 1:
        os._exit(3)


def _hang(job, tell):
    """Hang with an engine beside it that has left for a session of its own."""
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True
    )
    Path(job.store, f"child.{child.pid}").touch()
    time.sleep(600)


def _keep_the_lock(job, tell):
    """Hang in a library that lets no other thread of Python run."""
    re.match("(a+)+b", "a" * 80)


def _long(job, tell):
    """Take longer than the patience, step by step."""
    for done in range(12):
        time.sleep(0.1)
        tell(JobProgress("speaking", done, 12))


def _eat(job, tell):
    eaten = []
    while True:
        eaten.append(bytearray(os.urandom(1)) * 20_000_000)
        time.sleep(0.05)


def _grow(job, tell):
    _grow.kept = bytearray(b"x") * 150_000_000


def _print(job, tell):
    sys.stdout.write("what an engine says on the way")
    os.write(1, b"or its library")
    subprocess.run([sys.executable, "-c", "print('or its program')"], check=True)
    sys.stdin.read()


def _refuse(job, tell):
    raise SpeechError("too hard to say", "a sentence", remedy="shorten it")


def _offline(job, tell):
    raise NetworkError("no answer", "a server", remedy="wait", status=503)


def _defect(job, tell):
    raise KeyError("a plugin's mistake")
