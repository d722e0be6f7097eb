"""What is kept only so that it need not be made again."""

import os

from audiobrief.errors import StoreError
from audiobrief.model.report import Outcome, Result
from audiobrief.pipeline.caches import caches_in, keep_limit, swept_in, take_room
from audiobrief.store.files import sweep_temporary
from audiobrief.store.private_name import private_beside


def test_what_a_killed_build_has_left_in_any_cache_goes_with_the_next(tmp_path):
    """Each cache that there is counts: its unfinished files have names of their own."""
    left = []
    for number, cache in enumerate(caches_in(tmp_path)):
        key = f"{number:064x}"
        path = private_beside(cache.path_of(key))
        path.parent.mkdir(parents=True)
        path.write_bytes(b"half")
        left.append(path)
    sweep_temporary(*swept_in(tmp_path))
    assert [path for path in left if path.exists()] == []


LIMIT = 1_000_000


def fill(folder, count, *, size=100_000):
    """Keep so many files, the first one unused for longest."""
    cache = caches_in(folder).clips
    for number in range(count):
        key = f"{number:064x}"
        cache.write(key, bytes(size))
        os.utime(cache.path_of(key), (1_000 + number, 1_000 + number))
    return cache


def built(length_ms, *, synthesized=1, error=None):
    """Return the outcome of an article of such a length."""
    result = Result.FAILED if error else Result.BUILT
    return Outcome("a.txt", result, synthesized=synthesized, duration_ms=length_ms, error=error)


def test_what_nobody_has_counted_is_counted(tmp_path):
    """Whatever was used last stays; from then on it is known how much may still come."""
    cache = fill(tmp_path, 12)
    room = take_room(tmp_path, LIMIT)
    assert room is None
    keep_limit(tmp_path, LIMIT, room, [])
    assert sorted(cache.keys()) == [f"{number:064x}" for number in range(2, 12)]
    assert take_room(tmp_path, LIMIT) == 0


def test_caches_that_cannot_be_full_are_not_counted(tmp_path):
    """A run that makes little takes no look at them; what it has made is taken off."""
    keep_limit(tmp_path, LIMIT, 900_000, [built(1_000), built(9_999, synthesized=0)])
    assert take_room(tmp_path, LIMIT) == 700_000


def test_the_limit_is_kept_however_much_comes(tmp_path):
    """Run by run, the room that is noted is never more than there is."""
    cache = fill(tmp_path, 0)
    for number in range(40):
        room = take_room(tmp_path, LIMIT)
        # Of the most that a second leaves.
        cache.write(f"{number:064x}", bytes(200_000))
        keep_limit(tmp_path, LIMIT, room, [built(1_000)])
        assert cache.usage().bytes <= LIMIT


def test_a_run_that_was_cut_off_makes_the_next_one_count(tmp_path):
    """So does another limit, a note that is torn, and an article that failed in the middle."""
    keep_limit(tmp_path, LIMIT, None, [])
    assert take_room(tmp_path, LIMIT) == LIMIT
    assert take_room(tmp_path, LIMIT) is None
    keep_limit(tmp_path, LIMIT, None, [])
    assert take_room(tmp_path, LIMIT - 1) is None
    (tmp_path / "room.txt").write_text("1000000", encoding="ascii")
    assert take_room(tmp_path, LIMIT) is None
    fill(tmp_path, 12)
    keep_limit(tmp_path, LIMIT, LIMIT, [built(0, error=StoreError("x", "y", remedy="z"))])
    assert caches_in(tmp_path).clips.usage().bytes == LIMIT
