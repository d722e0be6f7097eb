"""What is kept only so that it need not be made again."""

from audiobrief.pipeline.caches import caches_in, swept_in
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
