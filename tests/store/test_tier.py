"""Caches with a shared store behind them: asked ahead, written behind, missed without harm."""

from hashlib import sha256
from threading import Barrier, Event, Lock, Thread

import pytest

from audiobrief.errors import SharedStoreError
from audiobrief.model.audio import Clip
from audiobrief.store.clips import ClipCache, render_clip
from audiobrief.store.encoded import EncodedCache
from audiobrief.store.tier import Tier

KEYS = [sha256(bytes([n])).hexdigest() for n in range(40)]


def clip(number):
    """Return a clip of its own."""
    return Clip(bytes([number, 0]) * 100, 22050)


class Watched:
    """A store that is watched, and can be put out of reach."""

    def __init__(self, store):
        self._store = store
        self.asked = []
        self.is_gone = False
        self._lock = Lock()
        #: What every request waits for.
        self.gate = lambda: None

    def __getattr__(self, name):
        return getattr(self._store, name)

    def _do(self, what, *arguments):
        with self._lock:
            self.asked.append((what, arguments[0]))
        self.gate()
        if self.is_gone:
            raise SharedStoreError("out of reach", arguments[0], remedy="wait")
        return getattr(self._store, what)(*arguments)

    def get(self, name):
        """Ask the store."""
        return self._do("get", name)

    def put(self, name, content):
        """Ask the store."""
        self._do("put", name, content)


@pytest.fixture
def store(folder_store):
    """A store in a folder, watched."""
    return Watched(folder_store.open())


def test_what_one_machine_has_made_another_has_without_making_it(place, tmp_path):
    """Clips when they are shared, encoded ones at once; in folders and buckets."""
    with Tier(place.open()) as tier:
        clips, encoded = ClipCache(tmp_path / "a", tier), EncodedCache(tmp_path / "a", tier)
        for n, key in enumerate(KEYS):
            clips.put(key, clip(n))
            encoded.put(key, bytes([n]))
        clips.share(KEYS[:30])
    with Tier(place.open()) as tier:
        clips, encoded = ClipCache(tmp_path / "b", tier), EncodedCache(tmp_path / "b", tier)
        clips.expect(KEYS[:10])
        found = [clips.get(key) for key in KEYS]
        assert found == [clip(n) if n < 30 else None for n in range(40)]
        assert clips.glance(KEYS[5]) == ClipCache(tmp_path / "a").glance(KEYS[5])
        encoded.expect(KEYS)
        assert [encoded.get(key) for key in KEYS] == [bytes([n]) for n in range(40)]
        assert tier.warnings() == ()


def test_a_clip_that_nobody_has_judged_is_not_shared(store, tmp_path):
    """It may be spoken again, and the store keeps what comes first."""
    with Tier(store) as tier:
        ClipCache(tmp_path / "a", tier).put(KEYS[0], clip(1))
    assert list(store.names("")) == []


def test_what_is_expected_is_asked_for_at_the_same_time_and_once(store, tmp_path):
    """Sixteen requests are under way together: none waits for the answer of another."""
    together = Barrier(16)
    store.gate = lambda: together.wait(20)
    with Tier(store) as tier:
        clips = ClipCache(tmp_path / "a", tier)
        clips.expect(KEYS[:32])
        store.gate = lambda: None
        assert [clips.glance(key) for key in KEYS[:32]] == [None] * 32
        assert [clips.get(key) for key in KEYS[:32]] == [None] * 32
    assert len(store.asked) == 32


def test_what_is_here_is_not_asked_for(store, tmp_path):
    """A build with warm caches does not wait for the net."""
    clips = ClipCache(tmp_path / "a", Tier(store))
    clips.put(KEYS[0], clip(0))
    clips.expect(KEYS[:1])
    assert clips.get(KEYS[0]) == clip(0)
    assert store.asked == []


def test_a_store_out_of_reach_is_left_alone_and_told_once(store, tmp_path):
    """The build goes on; after a pause it is asked again, after a longer one if that fails."""
    now_s = [0.0]
    store.is_gone = True
    tier = Tier(store, clock=lambda: now_s[0])
    clips = ClipCache(tmp_path / "a", tier)
    for key in KEYS[:5]:
        assert clips.get(key) is None
        clips.put(key, clip(1))
        assert clips.get(key) == clip(1)
    assert len(store.asked) == 1
    now_s[0] = 61.0
    assert clips.get(KEYS[5]) is None
    now_s[0] = 130.0
    assert clips.get(KEYS[6]) is None
    assert len(store.asked) == 2
    now_s[0] = 182.0
    store.is_gone = False
    store.put(f"clips/{KEYS[7]}", render_clip(clip(7)))
    assert clips.get(KEYS[7]) == clip(7)
    tier.close()
    (told,) = tier.warnings()
    assert told == f"out of reach: {store.place}: 7 clips were not looked up there (wait)"


def test_what_cannot_be_kept_is_told(store, tmp_path):
    """With how much it was; the clips are here all the same."""
    store.is_gone = True
    with Tier(store) as tier:
        clips = ClipCache(tmp_path / "a", tier)
        for n in range(3):
            clips.put(KEYS[n], clip(n))
        clips.share(KEYS[:3])
    (told,) = tier.warnings()
    assert "3 clips were not kept there" in told
    assert [ClipCache(tmp_path / "a").get(KEYS[n]) for n in range(3)] == [clip(n) for n in range(3)]


def test_whoever_waits_is_told_how_far_it_is(store, tmp_path):
    """A slow line may take minutes for what is left."""
    told = []
    tier = Tier(store)
    clips = ClipCache(tmp_path / "a", tier)
    for n, key in enumerate(KEYS):
        clips.put(key, clip(n))
    clips.share(KEYS)
    tier.close(tell=lambda *step: told.append(step))
    assert told[-1] == (40, 40)


def test_a_defect_in_a_thread_is_told(store, tmp_path):
    """It is not lost with the thread."""
    with Tier(store) as tier:
        tier.put(f"clips/{KEYS[0]}", lambda: 1 / 0)
    (told,) = tier.warnings()
    assert "ZeroDivisionError" in told


def test_an_interrupted_build_does_not_wait_for_what_is_not_on_its_way(store, tmp_path):
    """What was made is here; only others have to make it themselves."""
    is_open = Event()
    store.gate = lambda: is_open.wait(20)
    tier = Tier(store)
    clips = ClipCache(tmp_path / "a", tier)
    for n, key in enumerate(KEYS):
        clips.put(key, clip(n))

    def open_when_abandoned():
        while not tier._is_abandoned:
            is_open.wait(0.001)
        is_open.set()

    opener = Thread(target=open_when_abandoned)

    def interrupted():
        with tier:
            clips.share(KEYS)
            while len(store.asked) < 4:
                is_open.wait(0.001)
            opener.start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    opener.join()
    assert len(store.asked) == 4


def test_what_is_damaged_here_is_not_given_to_others(store, tmp_path):
    """A clip whose file has changed since it was made."""
    with Tier(store) as tier:
        clips = ClipCache(tmp_path / "a", tier)
        clips.put(KEYS[0], clip(0))
        path = clips.path_of(KEYS[0])
        path.write_bytes(path.read_bytes()[:-1])
        clips.share(KEYS[:1])
    assert list(store.names("")) == []


@pytest.mark.parametrize("blob", [b"", b"no clip", render_clip(clip(1))[:-1]])
def test_what_is_whole_and_no_clip_is_removed_and_told(store, tmp_path, blob):
    """A program that was not right has put it there."""
    store.put(f"clips/{KEYS[0]}", blob)
    with Tier(store) as tier:
        assert ClipCache(tmp_path / "a", tier).get(KEYS[0]) is None
    assert list(store.names("")) == []
    assert tier.warnings() == ("1 clip was damaged in the shared store, and made again",)


def test_a_damaged_clip_here_is_taken_from_the_shared_store(store, tmp_path):
    """It need not be spoken again."""
    with Tier(store) as tier:
        clips = ClipCache(tmp_path / "a", tier)
        clips.put(KEYS[0], clip(0))
        clips.share(KEYS[:1])
    path = clips.path_of(KEYS[0])
    path.write_bytes(path.read_bytes()[:-2])
    clips = ClipCache(tmp_path / "a", Tier(store))
    assert clips.get(KEYS[0]) == clip(0)
    assert clips.damaged == [KEYS[0]]


def test_a_cache_of_an_earlier_version_goes_on_working(store, tmp_path):
    """Files that lie there are read as they are, with a shared store behind and without."""
    clips = ClipCache(tmp_path / "a")
    clips.put(KEYS[0], clip(0))
    assert ClipCache(tmp_path / "a", Tier(store)).get(KEYS[0]) == clip(0)
