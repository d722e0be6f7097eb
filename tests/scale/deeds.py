"""What workers do in tests of pools: the job's locator says what becomes of it."""

import os
import signal
import time
from pathlib import Path

from audiobrief.errors import SpeechError
from audiobrief.model.job import EpisodeJob, JobManifest
from audiobrief.store.shared import open_store


def job(number, deed, store):
    """Return a job that comes to what a deed says."""
    return EpisodeJob(f"{number:064x}", f"{deed} {number}", "0" * 64, str(store))


def starts(store, number):
    """Return how often a job was begun."""
    path = Path(store) / "starts" / f"{number:064x}"
    return len(path.read_text().splitlines()) if path.exists() else 0


def perform(asked, tell=None):
    """Do a job: look into the store, note that it was begun, come to what it says."""
    store = open_store(asked.store)
    known = store.get(f"manifests/{asked.key}")
    if known is not None:
        return JobManifest.from_json(known)
    log = Path(asked.store) / "starts"
    log.mkdir(exist_ok=True)
    with (log / asked.key).open("a") as file:
        file.write(f"{os.getpid()}\n")
    deed = asked.locator.split()[0]
    if deed == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    if deed == "wrong":
        problem = "no voice for it"
        raise SpeechError(problem, asked.locator, remedy="choose another")
    if deed == "defect":
        raise ZeroDivisionError
    if deed.startswith("slow"):
        time.sleep(float(deed[4:]))
    made = JobManifest(asked.key, "1" * 64, (), 1, 0, worker=str(os.getpid()))
    store.put(f"manifests/{asked.key}", made.to_json())
    return made
