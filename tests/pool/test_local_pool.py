"""Supervised processes: done, killed, hung, grown, poisoned, cancelled; nothing is left behind."""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path

import pytest

from audiobrief.errors import (
    AudiobriefError,
    NetworkError,
    PoisonedError,
    PoolError,
    PoolUnavailableError,
    SpeechError,
    WorkspaceError,
)
from audiobrief.pool.limits import Limits, parse_local
from audiobrief.pool.local import LocalPool, make_pool
from audiobrief.store.lock import locked
from tests.pool.deeds_here import PERFORM, job, pids, starts

ROOT = str(Path(__file__).resolve().parents[2])


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Let workers find these tests, whatever is installed."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([ROOT, os.environ.get("PYTHONPATH", "")]))


@pytest.fixture
def pool():
    """Return a pool of two, closed in the end."""
    with LocalPool(PERFORM, worker_count=2) as made:
        yield made


def _settled(pool, futures, limit_s=240):
    assert set(pool.as_completed(futures, limit_s)) == set(futures)


def _until(found, limit_s=240):
    """Wait until something is so, and return it."""
    end = time.monotonic() + limit_s
    while not (value := found()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return value


def _is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        with suppress(ProcessLookupError):
            os.kill(pid, 0)
            return not Path("/proc/self").exists()
        return False
    return state != "Z"


def _children(store):
    """Return the processes that were started by jobs."""
    return [int(path.name.partition(".")[2]) for path in Path(store).glob("child.*")]


def test_jobs_come_back_as_manifests(pool, tmp_path):
    """Each is done once, by two workers, and is told step by step."""
    jobs = [job(n, "slow", tmp_path) for n in range(20)]
    futures = [pool.submit(one) for one in jobs]
    _settled(pool, futures)
    assert [f.result().key for f in futures] == [one.key for one in jobs]
    assert [starts(tmp_path, one) for one in jobs] == [1] * 20
    assert len({pid for one in jobs for pid in pids(tmp_path, one)}) == 2


def test_steps_are_told(tmp_path):
    """Each with its job."""
    told = []
    with LocalPool(PERFORM, worker_count=1, tell=lambda *step: told.append(step)) as pool:
        one = job(1, "fine", tmp_path)
        pool.submit(one).result(240)
    assert [(j, s.stage, s.done, s.total, s.detail) for j, s in told] == [
        (one, "speaking", 1, 2, "a sentence")
    ]


def test_a_job_at_fault_is_told_as_it_is_and_not_tried_again(pool, tmp_path):
    """An error of ours keeps its kind and its parts; another one is a defect with its place."""
    jobs = [job(n, deed, tmp_path) for n, deed in enumerate(["refuse", "offline", "defect"])]
    refused, offline, defect = (pool.submit(one) for one in jobs)
    with pytest.raises(SpeechError, match="too hard to say") as raised:
        refused.result(240)
    assert (raised.value.subject, raised.value.remedy) == ("a sentence", "shorten it")
    with pytest.raises(NetworkError, match="no answer"):
        offline.result(240)
    with pytest.raises(AudiobriefError, match=r"KeyError: \"a plugin's mistake\""):
        defect.result(240)
    assert [starts(tmp_path, one) for one in jobs] == [1, 1, 1]


def test_what_a_job_prints_disturbs_nobody(pool, tmp_path):
    """Nor does it find anything on its standard input."""
    one = job(1, "print", tmp_path)
    assert pool.submit(one).result(240).key == one.key


@pytest.mark.parametrize("deed", ["exit", "abort", "killed"])
def test_a_poison_job_costs_itself_alone(pool, tmp_path, deed):
    """It is tried four times, and named with what ended it; nobody else is tried twice."""
    jobs = [job(n, deed if n == 5 else "fine", tmp_path) for n in range(20)]
    futures = [pool.submit(one) for one in jobs]
    _settled(pool, futures)
    how = {"exit": "exit status 3", "abort": "SIGABRT", "killed": "SIGKILL"}[deed]
    with pytest.raises(PoisonedError, match=f"has ended 4 workers: .*{how}") as raised:
        futures[5].result()
    assert raised.value.subject == f"{deed} 5"
    assert [starts(tmp_path, one) for one in jobs] == [1] * 5 + [4] + [1] * 14
    assert len(set(pids(tmp_path, jobs[5]))) == 4
    assert all(f.result() for n, f in enumerate(futures) if n != 5)


def test_a_job_whose_worker_dies_once_is_done(pool, tmp_path):
    """By another worker."""
    one = job(1, "once", tmp_path)
    assert pool.submit(one).result(240).key == one.key
    assert starts(tmp_path, one) == 2


def test_a_job_without_a_sign_of_life_is_ended_with_its_children(tmp_path):
    """Four times; what its workers had started is gone, too."""
    limits = Limits(patience_s=0.6)
    with LocalPool(PERFORM, worker_count=2, limits=limits) as pool:
        futures = [pool.submit(job(n, d, tmp_path)) for n, d in enumerate(["hang", "fine", "fine"])]
        _settled(pool, futures)
        with pytest.raises(PoisonedError, match="no sign of life for 1 s"):
            futures[0].result()
        assert [bool(f.result()) for f in futures[1:]] == [True, True]
    children = _children(tmp_path)
    assert len(children) == 4
    assert not any(map(_is_alive, children))


def test_a_long_job_that_goes_on_is_left_alone(tmp_path):
    """However long it takes in all."""
    with LocalPool(PERFORM, worker_count=1, limits=Limits(patience_s=0.8)) as pool:
        one = job(1, "long", tmp_path)
        assert pool.submit(one).result(240).key == one.key
    assert starts(tmp_path, one) == 1


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not say")
def test_a_job_that_takes_all_memory_is_ended(tmp_path):
    """Before the system ends whatever it likes."""
    with LocalPool(PERFORM, worker_count=1, limits=Limits(most_bytes=300_000_000)) as pool:
        with pytest.raises(PoisonedError, match=r"it held \d+ MB of memory"):
            pool.submit(job(1, "eat", tmp_path)).result(240)
        assert pool.submit(job(2, "fine", tmp_path)).result(240)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not say")
def test_a_worker_that_has_grown_is_replaced_between_jobs(tmp_path):
    """Its job is done, and the next one has another worker."""
    with LocalPool(PERFORM, worker_count=1, limits=Limits(kept_bytes=120_000_000)) as pool:
        jobs = [job(1, "grow", tmp_path), job(2, "fine", tmp_path), job(3, "fine", tmp_path)]
        for one in jobs:
            assert pool.submit(one).result(240)
    grown, second, third = (pids(tmp_path, one) for one in jobs)
    assert grown != second == third


def test_workers_killed_at_random_cost_one_try_each(pool, tmp_path):
    """All manifests come; nothing is begun more often than workers were killed in the midst."""
    rng = random.Random(9)
    jobs = [job(n, "slow", tmp_path) for n in range(60)]
    futures = [pool.submit(one) for one in jobs]
    kills = 0
    while kills < 6:
        wanted = 5 + 8 * kills
        _until(lambda wanted=wanted: sum(f.done() for f in futures) >= wanted)
        workers = {pid for one in jobs for pid in pids(tmp_path, one)}
        alive = [pid for pid in workers if _is_alive(pid)]
        if alive:
            os.kill(rng.choice(sorted(alive)), signal.SIGKILL)
            kills += 1
    _settled(pool, futures)
    assert [f.result().key for f in futures] == [one.key for one in jobs]
    assert sum(starts(tmp_path, one) for one in jobs) <= 60 + kills


def test_cancel_settles_everything_and_leaves_no_process(tmp_path):
    """What hangs, what waits, and what is done: within five seconds, and engines go, too."""
    pool = LocalPool(PERFORM, worker_count=2)
    done = pool.submit(job(0, "fine", tmp_path))
    assert done.result(240)
    futures = [pool.submit(job(n, "hang", tmp_path)) for n in range(1, 30)]
    _until(lambda: len(_children(tmp_path)) == 2)
    # It waits for five seconds at most.
    pool.cancel()
    for future in futures:
        with pytest.raises(CancelledError):
            future.result(0)
    assert done.result(0)
    assert not any(map(_is_alive, _children(tmp_path)))
    for path in tmp_path.glob("?" * 64 + ".*"):
        # Not even as a zombie.
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.read_text()), 0)
    with pytest.raises(PoolError, match="the pool is closed"):
        pool.submit(job(99, "fine", tmp_path))


def test_a_driver_that_is_killed_leaves_no_worker_and_no_lock(tmp_path):
    """Its workers end with what they have started; the lock is free even while one is stopped."""
    driver = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("driver.py")), tmp_path, "hang", "hang"],
        env={**os.environ, "PYTHONPATH": ROOT},
    )
    try:
        _until(lambda: len(_children(tmp_path)) == 2)
        workers = [int(path.read_text()) for path in tmp_path.glob("?" * 64 + ".*")]
        os.kill(workers[0], signal.SIGSTOP)
    finally:
        driver.kill()
        driver.wait()
    with locked(tmp_path / "lock"):
        pass
    os.kill(workers[0], signal.SIGCONT)
    _until(lambda: not any(map(_is_alive, [*workers, *_children(tmp_path)])))


@pytest.mark.skipif(sys.platform != "linux", reason="another system has no such signal")
def test_a_worker_that_cannot_listen_ends_after_its_driver(tmp_path):
    """Even while a library keeps Python's lock for ever."""
    driver = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("driver.py")), tmp_path, "keep_the_lock"],
        env={**os.environ, "PYTHONPATH": ROOT},
    )
    try:
        _until(lambda: list(tmp_path.glob("?" * 64 + ".*")))
    finally:
        driver.kill()
        driver.wait()
    (worker,) = (int(path.read_text()) for path in tmp_path.glob("?" * 64 + ".*"))
    _until(lambda: not _is_alive(worker))


def test_workers_that_cannot_be_started_are_told_of(tmp_path):
    """Once, to all who wait."""
    with LocalPool("tests.pool.nowhere:perform", worker_count=2) as pool:
        futures = [pool.submit(job(n, "fine", tmp_path)) for n in range(5)]
        _settled(pool, futures)
        for future in futures:
            with pytest.raises(
                PoolUnavailableError, match=r"No module named 'tests\.pool\.nowhere'"
            ):
                future.result()


@pytest.mark.parametrize(
    "address",
    ["local:0", "local:x", "local:2000", "local://host", "local:2?patience_s=0", "local:2?color=1"],
)
def test_an_address_that_means_nothing_is_refused(address):
    """With what to write instead."""
    with pytest.raises(WorkspaceError, match="no pool is meant by"):
        make_pool(address, perform=PERFORM)


def test_addresses_say_how_many_and_how_patient():
    """What is given otherwise wins."""
    assert parse_local("local:3")[0] == 3
    assert parse_local("local:3", 5)[0] == 5
    assert parse_local("local")[0] >= 1
    limits = parse_local("local:2?patience_s=30&memory_mb=800")[1]
    assert (limits.patience_s, limits.kept_bytes, limits.most_bytes) == (
        30.0,
        400_000_000,
        800_000_000,
    )
