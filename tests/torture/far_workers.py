"""Part 13: workers of Dask killed, a poison article among many, scheduler and driver killed.

Bars: every manifest comes, nothing that was finished is spoken again; a poison article costs itself
alone and four tries at most; feed and sound are those of one process.
"""

import json
import os
import random
import signal
import subprocess
import time
from contextlib import contextmanager

import trustme

from audiobrief.errors import PoolError
from audiobrief.pool.dask_pool import make_pool
from tests.scale.cluster import Cluster
from tests.scale.deeds import job
from tests.scale.hosts import Hosts
from tests.scale.newsroom import article, audiobrief, command, differences, environment, newsroom
from tests.torture.house import Part

#: Episodes of each round with a kill.
EPISODES = 4
KILLS = 50
#: Good articles beside the poison one.
GOOD = 199


def run(place, *, most=None, seed=0):
    """Kill workers at random moments; then poison, scheduler, driver."""
    part = Part(13, "far_workers")
    rng = random.Random(seed)
    whole = newsroom(place / "whole", EPISODES)
    audiobrief(whole, "build", "--pool", "here")
    with _cluster(place / "cluster") as cluster:
        for point in range(KILLS if most is None else most):
            _kill_a_worker(part, place / f"kill-{point}", cluster, whole, rng)
    _poison(part, place / "poison", GOOD if most is None else min(most, GOOD))
    _kill_the_scheduler(part, place / "scheduler", whole)
    _kill_the_driver(part, place / "driver", whole)
    _pull_cables(part, place / "cables")
    return part


@contextmanager
def _cluster(folder, **env):
    made = Cluster(folder, env=env)
    try:
        made.scheduler()
        made.worker("one")
        made.worker("two")
        yield made
    finally:
        made.close()


def _newsroom(place, count, texts=None):
    (place / "store").mkdir(parents=True)
    settings = f'[store]\nurl = "{place / "store"}"\n'
    return newsroom(place / "pod", count, settings=settings, articles=texts)


@contextmanager
def _driver(root, cluster):
    process = subprocess.Popen(
        command(root, "build", "--json", "--pool", cluster.address),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _made(place):
    """Return what is finished: manifest by name, with the bytes of each."""
    # A name that begins with a point is one in the writing.
    found = (place / "store" / "manifests").rglob("[0-9a-f]*")
    return {p: p.read_bytes() for p in found if p.is_file()}


def _await_made(place, count, process, limit_s=120):
    """Wait until so many manifests are there, or the driver is at its end."""
    end_s = time.monotonic() + limit_s
    while len(_made(place)) < count and process.poll() is None and time.monotonic() < end_s:
        time.sleep(0.01)
    return _made(place)


def _kill_a_worker(part, place, cluster, whole, rng):
    part.points += 1
    where = f"worker killed at point {part.points}"
    root = _newsroom(place, EPISODES)
    with _driver(root, cluster) as process:
        finished = _await_made(place, rng.randrange(EPISODES), process)
        time.sleep(rng.uniform(0, 0.3))
        victim = cluster.victim(rng.choice(["one", "two"]))
        if victim is not None:
            os.kill(victim, signal.SIGKILL)
            part.count("workers killed", process.poll() is None)
        told = _ended(part, where, process)
    if told is None:
        return
    part.count("finished before the kill", len(finished))
    _same_as_before(part, where, finished)
    if process.returncode or differences(whole / "episodes", root / "episodes"):
        wrong = differences(whole / "episodes", root / "episodes")
        why = f"exit code {process.returncode}, differs: {wrong[:5]}, {told[1][-400:]}"
        part.violations.append(f"{where}: {why}")


def _ended(part, where, process, limit_s=300):
    try:
        return process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        part.violations.append(f"{where}: the driver hangs")
        return None


def _same_as_before(part, where, finished):
    """What was finished is not made again: its manifest, which names who made it, stays."""
    for path, content in finished.items():
        now = path.read_bytes() if path.exists() else None
        if now != content:
            part.count("finished and made again")
            part.violations.append(f"{where}: {path.name} was finished, and is made again")


#: As a plugin would: the article with this headline ends whoever makes it.
POISON = """\
import os, signal
from pathlib import Path
from audiobrief.pipeline import job as ours

def perform(job, tell=lambda step: None):
    with (Path(os.environ["AUDIOBRIEF_TRIES"]) / job.key).open("a") as file:
        file.write("x")
    if "poison" in job.locator:
        os.kill(os.getpid(), signal.SIGKILL)
    return ours.perform(job, tell)
"""
#: The command, with that in place of what workers do.
DRIVER = """\
import sys
from audiobrief.pipeline import by_workers
by_workers.PERFORM = "poisoned:perform"
from audiobrief.cli.main import main
sys.exit(main())
"""


def _poison(part, place, good):
    """Have one article among many kill whoever makes it."""
    part.points += 1
    texts = {f"boat-{n:03}.txt": article(n) for n in range(good)}
    texts[f"boat-{good // 2:03}-poison.txt"] = article(900)
    root = _newsroom(place, 0, texts)
    tries = place / "tries"
    tries.mkdir()
    (place / "poisoned.py").write_text(POISON)
    (place / "driver.py").write_text(DRIVER)
    paths = os.pathsep.join([str(place), environment()["PYTHONPATH"]])
    began_s = time.monotonic()
    with _cluster(place / "cluster", PYTHONPATH=paths, AUDIOBRIEF_TRIES=str(tries)) as cluster:
        words = command(root, "build", "--json", "--pool", cluster.address)
        words[1:3] = [str(place / "driver.py")]
        done = subprocess.run(
            words,
            env=environment(PYTHONPATH=paths),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=3600,
            check=False,
        )
    part.facts["poison: seconds"] = round(time.monotonic() - began_s, 1)
    begun = sorted(len(path.read_text()) for path in tries.iterdir())
    failed = [r for r in json.loads(done.stdout)["episodes"] if r["outcome"] == "failed"]
    made = len(list(root.glob("episodes/*/episode.json")))
    part.facts |= {"poison: tries": begun[-1], "poison: good ones": made}
    # Such a one was finished, and its worker died before that was told: the store has it.
    part.facts["poison: good ones asked for again"] = sum(begun[:-1]) - good
    if [r["locator"].count("poison") for r in failed] != [1] or made != good or begun[-1] > 4:
        part.violations.append(f"poison: failed {failed}, {made} of {good} made, tries {begun[-1]}")


def _kill_the_scheduler(part, place, whole):
    part.points += 1
    root = _newsroom(place, EPISODES)
    with _cluster(place / "first") as cluster, _driver(root, cluster) as process:
        finished = _await_made(place, 2, process)
        cluster.kill("scheduler")
        told = _ended(part, "scheduler killed", process)
        if told is not None and (process.returncode != 1 or cluster.url.encode() not in told[1]):
            part.violations.append(f"scheduler killed: {process.returncode}, {told[1][-400:]}")
    _resumed(part, "scheduler killed", place, root, finished, whole)


def _kill_the_driver(part, place, whole):
    part.points += 1
    root = _newsroom(place, EPISODES)
    with _cluster(place / "first") as cluster, _driver(root, cluster) as process:
        finished = _await_made(place, 2, process)
        os.killpg(process.pid, signal.SIGKILL)
    _resumed(part, "driver killed", place, root, finished, whole)


def _resumed(part, where, place, root, finished, whole):
    """Run it again with another scheduler: nothing that was finished is made again."""
    with _cluster(place / "second") as cluster:
        audiobrief(root, "build", "--pool", cluster.address)
    part.count(f"{where}: finished before", len(finished))
    _same_as_before(part, where, finished)
    wrong = differences(whole / "episodes", root / "episodes")
    if wrong:
        part.violations.append(f"{where}: differs: {wrong[:5]}")


def _pull_cables(part, place):
    """Hosts that vanish say nothing: no process ends, no connection is closed."""
    hosts = Hosts()
    if hosts.why_not is not None:
        part.notes.append(f"no cable was pulled: {hosts.why_not}; killed processes stand for it")
        return
    place.mkdir()
    files = _certificates(place)
    within = {name: hosts.within(name) for name in ("scheduler", "one", "two")}
    cluster = Cluster(place / "c", host=hosts.address("scheduler"), tls=files, within=within)
    store = place / "store"
    store.mkdir()
    try:
        cluster.scheduler()
        for name in ("one", "two"):
            cluster.worker(name, host=hosts.address(name))
        options = dict(zip(("tls_ca", "tls_cert", "tls_key"), map(str, files), strict=True))
        pool = make_pool(cluster.address, perform="tests.scale.deeds:perform", options=options)
        futures = [pool.submit(job(n, "slow0.5", store)) for n in range(20)]
        done = pool.as_completed(futures, 300)
        for _ in range(3):
            next(done)
        _pull(part, hosts, "one", futures, pool)
        part.violations += [f"cable: {f.exception()}" for f in futures if f.exception()]
        futures = [pool.submit(job(n, "slow0.5", store)) for n in range(100, 105)]
        _pull(part, hosts, "scheduler", futures, pool)
        errors = [f.exception() for f in futures]
        if not any(isinstance(error, PoolError) for error in errors):
            part.violations.append(f"cable of the scheduler: {errors}")
        pool.close()
    finally:
        cluster.close()
        hosts.close()


def _pull(part, hosts, name, futures, pool):
    """Pull a cable, and wait until all is settled."""
    part.points += 1
    hosts.cut(name)
    began_s = time.monotonic()
    for _ in pool.as_completed(futures, 300):
        pass
    part.facts[f"cable of {name}: seconds"] = round(time.monotonic() - began_s, 1)


def _certificates(folder):
    authority = trustme.CA(organization_name="torture")
    one = authority.issue_cert("torture.example")
    files = [folder / f"{part}.pem" for part in ("ca", "cert", "key")]
    authority.cert_pem.write_to_path(files[0])
    one.cert_chain_pems[0].write_to_path(files[1])
    one.private_key_pem.write_to_path(files[2])
    return files
