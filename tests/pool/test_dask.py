"""Jobs over a real scheduler and real workers: done, failed, killed, lost."""

import os
import signal
import sys
import time
from concurrent.futures import CancelledError
from pathlib import Path

import distributed
import pytest

from audiobrief.errors import (
    AudiobriefError,
    PoisonedError,
    PoolError,
    PoolUnavailableError,
    SpeechError,
)
from audiobrief.pool.dask_pool import make_pool
from tests.scale.cluster import Cluster
from tests.scale.deeds import job, starts

PERFORM = "tests.scale.deeds:perform"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Return a scheduler with two workers."""
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        made.scheduler()
        made.worker("one")
        made.worker("two")
        yield made
    finally:
        made.close()


@pytest.fixture
def doomed(tmp_path):
    """Return a scheduler of which anything may be killed."""
    made = Cluster(tmp_path / "cluster")
    try:
        made.scheduler()
        yield made
    finally:
        made.close()


@pytest.fixture
def pool(cluster):
    """Return a pool over both workers."""
    made = make_pool(cluster.address, perform=PERFORM)
    yield made
    made.close()


@pytest.fixture
def store(tmp_path):
    """Return a folder that the driver and its workers see."""
    folder = tmp_path / "store"
    folder.mkdir()
    return folder


def _settled(pool, futures, limit_s=60):
    assert set(pool.as_completed(futures, limit_s)) == set(futures)


def test_jobs_come_back_as_manifests(pool, store):
    """Each is done once, and a second time it is found."""
    jobs = [job(n, "fine", store) for n in range(30)]
    for _ in range(2):
        futures = [pool.submit(one) for one in jobs]
        _settled(pool, futures)
        assert [f.result().key for f in futures] == [one.key for one in jobs]
    assert [starts(store, n) for n in range(30)] == [1] * 30
    assert pool.worker_count == 2


def test_a_job_at_fault_is_told_as_it_is_and_not_tried_again(pool, store):
    """An error of ours keeps its kind and its parts; another one is a defect with its place."""
    futures = [pool.submit(job(n, deed, store)) for n, deed in enumerate(["wrong", "defect"])]
    _settled(pool, futures)
    wrong, defect = (future.exception() for future in futures)
    assert isinstance(wrong, SpeechError)
    assert (wrong.problem, wrong.subject, wrong.remedy) == (
        *("no voice for it", "wrong 0"),
        "choose another",
    )
    assert isinstance(defect, AudiobriefError)
    assert "ZeroDivisionError" in defect.problem
    assert [starts(store, n) for n in range(2)] == [1, 1]


def test_a_job_that_kills_its_workers_costs_itself_alone(pool, store):
    """Four tries, then its error names it; all others are done, each of them once."""
    jobs = [job(n, "poison" if n == 7 else "fine", store) for n in range(20)]
    futures = [pool.submit(one) for one in jobs]
    _settled(pool, futures, 120)
    error = futures[7].exception()
    assert isinstance(error, PoisonedError)
    assert error.subject == "poison 7"
    assert "4 workers have died of it" in error.problem
    assert [f.result().key for f in futures if f is not futures[7]] == [
        one.key for n, one in enumerate(jobs) if n != 7
    ]
    assert [starts(store, n) for n in range(20)] == [4 if n == 7 else 1 for n in range(20)]


def test_cancelling_settles_every_future(cluster, store):
    """Those that wait and those that run; what runs comes to its end in the store."""
    pool = make_pool(cluster.address, perform=PERFORM)
    futures = [pool.submit(job(n, "slow1", store)) for n in range(10)]
    pool.cancel()
    _settled(pool, futures, 5)
    assert all(isinstance(_error(f), CancelledError) for f in futures)
    with pytest.raises(PoolError, match="closed"):
        pool.submit(job(99, "fine", store))
    pool.close()


def _error(future):
    try:
        return future.exception()
    except CancelledError as error:
        return error


def test_cancelling_asks_nobody_who_is_gone(doomed, store):
    """Scheduler and workers are killed: the futures are settled all the same."""
    doomed.worker("one")
    pool = make_pool(doomed.address, perform=PERFORM)
    futures = [pool.submit(job(n, "slow60", store)) for n in range(4)]
    doomed.close()
    pool.cancel()
    _settled(pool, futures, 5)
    pool.close()


def test_a_killed_scheduler_is_told_with_its_address(doomed, store):
    """Every future has the error; the next pool finds in the store what was finished."""
    doomed.worker("one")
    pool = make_pool(doomed.address, perform=PERFORM)
    futures = [pool.submit(job(n, "fine", store)) for n in range(3)]
    _settled(pool, futures)
    later = [pool.submit(job(n, "slow30", store)) for n in range(3, 6)]
    doomed.kill("scheduler")
    _settled(pool, later)
    pool.close()
    for future in later:
        error = future.exception()
        assert isinstance(error, PoolError)
        assert error.subject == doomed.url
        assert "run the same again" in error.remedy
    assert error.exit_code == 1


def test_without_any_worker_left_nobody_waits_for_ever(doomed, store):
    """A worker without a nanny dies of its job; Dask itself would wait."""
    from audiobrief.pool import dask_pool  # noqa: PLC0415 - beside the pool that it makes
    from audiobrief.pool.dask_cluster import Cluster as Connection  # noqa: PLC0415

    doomed.worker("one", nanny=False)
    connection = Connection(doomed.address, {})
    connection.prepare(wait_s=30)
    pool = dask_pool.DaskPool(connection, PERFORM, thread_count=1, no_workers_s=1)
    futures = [pool.submit(job(n, "poison", store)) for n in range(3)]
    _settled(pool, futures)
    pool.close()
    assert all("no worker is left" in f.exception().problem for f in futures)


def test_a_killed_worker_costs_no_job(cluster, pool, store):
    """Its job is done by another one; nothing that was finished is begun again."""
    jobs = [job(n, "slow0.2", store) for n in range(12)]
    futures = [pool.submit(one) for one in jobs]
    done = pool.as_completed(futures, 60)
    for _ in range(3):
        next(done)
    os.kill(cluster.victim("one"), signal.SIGKILL)
    assert {f.result().key for f in futures} == {one.key for one in jobs}
    begun = [starts(store, n) for n in range(12)]
    assert sum(begun) in {12, 13}


def test_nobody_at_the_address_is_told_in_seconds(tmp_path):
    """The error names the address, and how a scheduler is started."""
    began_s = time.monotonic()
    with pytest.raises(PoolError, match="no scheduler answers") as caught:
        make_pool("dask://127.0.0.1:9", perform=PERFORM)
    assert caught.value.subject == "tcp://127.0.0.1:9"
    assert "dask scheduler" in caught.value.remedy
    assert time.monotonic() - began_s < 60


def test_a_scheduler_without_workers_is_told(doomed, monkeypatch):
    """Nobody waits for workers that never come."""
    monkeypatch.setattr("audiobrief.pool.dask_pool.NO_WORKERS_S", 0.5)
    with pytest.raises(PoolError, match="has no workers") as caught:
        make_pool(doomed.address, perform=PERFORM)
    assert "dask worker" in caught.value.remedy


def test_workers_of_another_version_are_told_by_address(cluster, monkeypatch):
    """Before anything is made."""
    monkeypatch.setattr(
        "audiobrief.pool.dask_cluster._own_versions", lambda: {"audiobrief": "99.0"}
    )
    with pytest.raises(PoolUnavailableError, match="another audiobrief: ") as caught:
        make_pool(cluster.address, perform=PERFORM)
    assert caught.value.subject.startswith("tcp://127.0.0.1:")
    assert caught.value.exit_code == 4


def _bare_worker(cluster, folder):
    """Start a worker with all packages of this machine but ours."""
    packages = folder / "packages"
    packages.mkdir()
    for path in Path(distributed.__file__).parents[1].iterdir():
        if "audiobrief" not in path.name:
            (packages / path.name).symlink_to(path)
    python = (sys.executable, "-S")
    cluster.worker("bare", env={"PYTHONPATH": str(packages)}, python=python)


def test_a_worker_without_audiobrief_is_told_by_address(doomed, tmp_path):
    """Before anything is made, with the command that mends it."""
    _bare_worker(doomed, tmp_path)
    with pytest.raises(PoolUnavailableError, match="a worker has no audiobrief") as caught:
        make_pool(doomed.address, perform=PERFORM)
    assert caught.value.subject.startswith("tcp://127.0.0.1:")
    assert 'pip install "audiobrief[dask]' in caught.value.remedy


def test_such_a_worker_that_comes_later_is_told_by_its_job(doomed, tmp_path, store):
    """It joins when the others were asked already: no job waits for ever."""
    doomed.worker("one")
    pool = make_pool(doomed.address, perform=PERFORM)
    doomed.kill("one")
    future = pool.submit(job(1, "fine", store))
    _bare_worker(doomed, tmp_path)
    _settled(pool, [future])
    pool.close()
    assert isinstance(future.exception(), PoolUnavailableError)
    assert "audiobrief" in future.exception().problem


def test_a_scheduler_that_tries_too_often_is_refused(tmp_path):
    """More than four workers for one article are more than it may cost."""
    made = Cluster(tmp_path, settings={"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "9"})
    try:
        made.scheduler()
        made.worker("one")
        with pytest.raises(PoolUnavailableError, match="one job end 10 workers") as caught:
            make_pool(made.address, perform=PERFORM)
    finally:
        made.close()
    assert "ALLOWED_FAILURES=1" in caught.value.remedy
