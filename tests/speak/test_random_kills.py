"""Workers killed at random moments of a build: no clip lost, none made twice, nothing left."""

import random
import tempfile
from collections import Counter
from itertools import count
from threading import Event, Thread

import pytest

from audiobrief.errors import SpeechError
from audiobrief.model.script import Role, Segment
from audiobrief.model.voice import Voice
from audiobrief.speak import bundle
from audiobrief.speak.check import find_flaw
from audiobrief.speak.engines.espeak import EspeakEngine
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.run import speak
from audiobrief.speak.worker import Worker
from audiobrief.store.clips import ClipCache

TEXTS = [f"The vote of room {n} was counted on Friday; {n * 7} people came." for n in range(30)]


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """Return where the workers' folders are made, a place of the test's own."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def workers(monkeypatch):
    """Return all workers that were ever started, the latest last."""
    started = []

    class Known(Worker):
        def __init__(self, *arguments, **more):
            super().__init__(*arguments, **more)
            started.append(self)

    monkeypatch.setattr(bundle, "Worker", Known)
    return started


class CountingCache(ClipCache):
    """Counts how often each clip is put."""

    def __init__(self, folder):
        super().__init__(folder)
        self.puts = Counter()

    def put(self, key, clip):
        """Count, and keep."""
        self.puts[key] += 1
        super().put(key, clip)


class Killer(Thread):
    """Kills one of the latest workers again and again, until it is told to end."""

    def __init__(self, workers, seed):
        super().__init__()
        self._workers, self._random, self._end = workers, random.Random(seed), Event()
        self.kills = 0

    def run(self):
        """Kill at random moments; a kill counts when the worker was alive."""
        while not self._end.wait(self._random.uniform(0.0, 0.4)):
            alive = [w._process for w in self._workers[-2:] if w._process.poll() is None]
            if alive:
                self._random.choice(alive).kill()
                self.kills += 1

    def end(self):
        """Let it end."""
        self._end.set()
        self.join()


def build(engine, cache):
    """Speak all texts as one build; return the keys, or the error that ended it."""
    voices = {"anchor": Voice("anchor", engine.name, "en-us+f2")}
    segments = [
        Segment(str(n), Role.NARRATOR, text, text, "anchor", 300, (n, n + 1), n)
        for n, text in enumerate(TEXTS)
    ]
    try:
        spoken = speak(segments, voices, lambda _name: engine, cache, lambda *_told: None)
    except SpeechError as error:
        return error
    return spoken.keys


@pytest.mark.parametrize(("engine", "kills"), [(EspeakEngine(), 25), (Pyttsx3Engine(), 15)])
def test_no_clip_is_lost_to_a_killed_worker(engine, kills, tmp_path, temporary, workers):
    """A build that two kills in a row have ended names its text, and the next one goes on."""
    killer = Killer(workers, seed=kills)
    killer.start()
    try:
        for number in count():
            cache = CountingCache(tmp_path / "clips" / str(number))
            while isinstance(ended := build(engine, cache), SpeechError):
                assert ended.subject in TEXTS
            assert set(cache.puts) == set(ended.values())
            assert set(cache.puts.values()) == {1}
            files = list((tmp_path / "clips" / str(number)).rglob("*.*"))
            assert {path.stem for path in files} == set(ended.values())
            assert len(files) == len(TEXTS)
            if killer.kills >= kills:
                break
    finally:
        killer.end()
    for index, text in enumerate(TEXTS):
        voice = Voice("anchor", engine.name, "en-us+f2")
        assert find_flaw(cache.get(ended[str(index)]), text, voice) == ""
    assert cache.damaged == []
    assert [w for w in workers if w._process.returncode is None] == []
    assert list(temporary.iterdir()) == []
