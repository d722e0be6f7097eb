"""A hundred segments through a server that fails: all delivered, little asked for twice."""

from collections import Counter
from contextlib import contextmanager

import pytest

from audiobrief.errors import (
    EngineUnavailableError,
)
from tests.speak.openai_desk import FAULTS, QUICK, SLOW
from tests.speak.scripted_engine import MemoryStore
from tests.speak.test_run import many, run, segments_of

MIXED = ["429 1", "500", "cut", "half, placeholder", "wrong rate", "reset", "503", "html", "stall"]


@contextmanager
def hundred(desk, share, **kwargs):
    """Give a desk whose server does to each text, at its first request, what ``share`` says."""
    texts = many(100)
    seen = Counter()

    def plan(_number, request):
        text = request["input"]
        seen[text] += 1
        return share(texts.index(text)) if seen[text] == 1 else "good"

    yield desk(plan=plan, **kwargs), texts


@pytest.mark.parametrize("deed", FAULTS)
def test_ten_percent_of_a_fault_cost_ten_percent_of_requests(desk, deed):
    """All 100 delivered, 1.1 requests a segment: nothing is asked for in vain."""
    with hundred(desk, lambda n: deed if n % 10 == 3 else "good") as (here, texts):
        voices = {"anchor": here.voice()}
        result = run(segments_of(*texts), here.engine, MemoryStore(), voices=voices)
    assert (result.synthesized, here.server.deeds[deed]) == (100, 10)
    assert len(here.server.requests) == 110


@pytest.mark.parametrize("deed", SLOW)
def test_ten_percent_of_slow_answers_cost_little_more(desk, deed):
    """All 100 delivered; on a busy machine another answer may count as slow, too."""
    with hundred(desk, lambda n: deed if n % 10 == 3 else "good", patience=QUICK) as (here, texts):
        voices = {"anchor": here.voice()}
        result = run(segments_of(*texts), here.engine, MemoryStore(), voices=voices)
    assert (result.synthesized, here.server.deeds[deed]) == (100, 10)
    assert len(here.server.requests) <= 130


def test_three_faults_at_once_at_ten_percent_each(desk):
    """A limit, an error and a cut answer: each costs one request and no more."""
    deeds = {1: "429 1", 4: "500", 7: "cut"}
    with hundred(desk, lambda n: deeds.get(n % 10, "good")) as (here, texts):
        voices = {"anchor": here.voice()}
        result = run(segments_of(*texts), here.engine, MemoryStore(), voices=voices)
    assert result.synthesized == 100
    assert len(here.server.requests) == 130


def test_nine_faults_at_once_at_ten_percent_each(desk):
    """Nine texts of ten fail at first: still all are delivered, one more request for each."""
    with hundred(desk, lambda n: [*MIXED, "good"][n % 10], patience=QUICK) as (here, texts):
        voices = {"anchor": here.voice()}
        result = run(segments_of(*texts), here.engine, MemoryStore(), voices=voices)
    assert result.synthesized == 100
    assert len(here.server.requests) <= 200


def test_a_locked_account_stops_a_run_of_a_hundred(desk):
    """No more requests than there are sessions."""
    here = desk(plan=lambda _number, _request: "401")
    with pytest.raises(EngineUnavailableError):
        run(segments_of(*many(100)), here.engine, MemoryStore(), voices={"anchor": here.voice()})
    assert len(here.server.requests) <= 4
