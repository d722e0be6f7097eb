"""The builds behind the page: together, one after the other, again while somebody else builds."""

from dataclasses import dataclass
from queue import Queue
from threading import Event

import pytest

from audiobrief.errors import LockedError, SpeechError
from audiobrief.pipeline.events import Event as Step
from audiobrief.pipeline.events import Stage
from audiobrief.pipeline.review.builder import Builder


@dataclass(frozen=True)
class Spot:
    """Where an episode lies; here it has only a name."""

    id: str


class House:
    """A builder whose builds do what they are told to."""

    def __init__(self):
        self.told, self.reports, self.begun, self.results = Queue(), [], Queue(), []
        self.may_end = Event()
        self.may_end.set()
        self.builder = Builder(self.rebuild, self.told.put, self.reports.append)

    def rebuild(self, place, tell):
        """Build."""
        self.begun.put(place.id)
        tell(Step(Stage.SPEAK, place.id, 1, 2))
        assert self.may_end.wait(60)
        tell(Step(Stage.SPEAK, place.id, 2, 2))
        if self.results:
            result = self.results.pop(0)
            if result is not None:
                raise result

    def next(self, kind):
        """Return the next event of a kind."""
        while (event := self.told.get(timeout=60))["type"] != kind:
            pass
        return event


@pytest.fixture
def house():
    """Return a builder; it must end."""
    made = House()
    yield made
    made.may_end.set()
    made.builder.close()


def test_what_comes_together_is_built_once(house):
    """And what comes while it is built, once more."""
    house.may_end.clear()
    for _ in range(5):
        house.builder.want(Spot("a"))
    assert house.begun.get(timeout=60) == "a"
    for _ in range(5):
        house.builder.want(Spot("a"))
    house.may_end.set()
    house.next("built")
    assert house.builder.is_building("a")
    house.next("built")
    assert not house.builder.is_building("a")
    assert house.begun.qsize() == 1


def test_episodes_are_built_one_after_the_other(house):
    """In the order in which they were wanted."""
    for name in "abc":
        house.builder.want(Spot(name))
    assert [house.next("built")["episode"] for _ in "abc"] == ["a", "b", "c"]


def test_another_build_is_waited_for_and_told_of_once(house):
    """However long it takes."""
    house.results = [LockedError("held", "lock", remedy="wait")] * 2
    house.builder.want(Spot("a"))
    assert house.next("waiting")["text"] == "held"
    assert house.builder.is_building("a")
    house.next("built")
    assert house.begun.qsize() == 3
    assert not house.builder.is_building("a")


def test_a_failure_is_kept_until_it_is_wanted_again(house):
    """With what and where and how to mend it; a defect is reported, and the thread goes on."""
    house.results = [SpeechError("no sound", "a text", remedy="say less"), ZeroDivisionError()]
    house.builder.want(Spot("a"))
    told = {"problem": "no sound", "where": "a text", "fix": "say less"}
    assert house.next("failed")["error"] == told
    assert house.builder.failure("a") == told
    house.builder.want(Spot("a"))
    assert "defect" in house.next("failed")["text"]
    assert len(house.reports) == 1
    house.builder.want(Spot("a"))
    assert house.builder.failure("a") is None
    house.next("built")


def test_the_end_stops_a_build_between_two_steps(house):
    """As Ctrl-C does: nothing more is told of it."""
    house.may_end.clear()
    house.builder.want(Spot("a"))
    house.begun.get(timeout=60)
    house.builder._is_closed = True
    house.may_end.set()
    house.builder.close()
    assert "built" not in [event["type"] for event in list(house.told.queue)]
    assert house.reports == []
