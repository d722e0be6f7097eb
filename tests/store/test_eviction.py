"""The limit of a shared store: what was not used for longest goes first, what is needed stays."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from audiobrief.store.cache_folder import Usage
from audiobrief.store.eviction import evict, tend, usage_of
from tests.store.places import keyed, named_by

DAY_S = 86_400
#: Of a blob of 968 bytes with its digest.
SIZE = 1000


@pytest.fixture
def store(folder_store):
    """A store in a folder."""
    return folder_store.open()


def put_aged(store, name, days):
    """Keep a blob that was last used so many days ago."""
    store.put(name, bytes(SIZE - 32))
    path = store._path_of(name)
    used_s = time.time() - days * DAY_S
    os.utime(path, (used_s, used_s))


def test_what_was_not_used_for_longest_goes_first(store):
    """Whatever it is a cache of; a read counts as use."""
    names = [keyed(kind, n) for n, kind in enumerate(["clips", "encoded", "clips", "encoded"])]
    for days, name in zip((9, 8, 5, 3), names, strict=True):
        put_aged(store, name, days)
    store.get(names[0])
    planned = evict(store, 2 * SIZE, dry_run=True)
    assert planned.removed == Usage(2, 2 * SIZE)
    assert set(store.names("")) == set(names)
    assert evict(store, 2 * SIZE) == planned == (Usage(2, 2 * SIZE), Usage(2, 2 * SIZE))
    assert [store.has(name) for name in names] == [True, False, False, True]


def test_what_jobs_have_made_lately_stays(store):
    """An unfinished set of shards needs it, whatever the limit; older ones go, a manifest first."""
    kinds = ("recipes", "made", "artefacts", "manifests", "shards")
    young = [keyed(kind, "young") for kind in kinds]
    old = [keyed(kind, "old") for kind in kinds]
    for name in young:
        put_aged(store, name, 6)
    for name in old:
        put_aged(store, name, 8)
    put_aged(store, keyed("clips", 1), 0)
    assert evict(store, 10 * SIZE).removed.count == 1
    assert not store.has(keyed("manifests", "old"))
    assert evict(store, 0).left == Usage(5, 5 * SIZE)
    assert all(store.has(name) for name in young)


def test_a_store_is_tended_by_whoever_comes_first_and_then_left_alone(store):
    """To list a large one takes a while."""
    put_aged(store, keyed("clips", 1), 3)
    assert tend(store, 0).removed == Usage(1, SIZE)
    put_aged(store, keyed("clips", 1), 3)
    assert tend(store, 0) is None
    put_aged_stamp(store, 1)
    assert tend(store, 0).removed == Usage(1, SIZE)


def put_aged_stamp(store, days):
    """Let it be so many days since it was tended."""
    path = store._path_of("state/tended")
    used_s = time.time() - days * DAY_S
    os.utime(path, (used_s, used_s))


def test_machines_that_evict_at_once_do_no_harm(place):
    """None fails because another was faster; what is put meanwhile is whole or gone."""
    names = [keyed("clips", n) for n in range(30)]
    store = place.open()
    for name in names:
        store.put(name, b"sound")
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(evict, place.open(), 0) for _ in range(3)]
        again = pool.submit(lambda: [place.open().put(name, b"sound") for name in names])
        for future in (*done, again):
            future.result()
    assert {store.get(name) for name in names} <= {b"sound", None}
    assert store.damaged == []
    evict(store, 0)
    assert list(store.names("clips/")) == []


def test_a_store_is_counted_by_kind(place, tmp_path):
    """Its own notes are not."""
    store = place.open()
    (tmp_path / "source").write_bytes(b"sound")
    store.put_file(named_by(b"sound"), tmp_path / "source")
    for n in range(3):
        store.put(keyed("clips", n), b"sound")
    evict(store, 10**9)
    assert usage_of(store) == {"artefacts": Usage(1, 5), "clips": Usage(3, 3 * 37)}
