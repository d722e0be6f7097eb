"""A short round of every target: what is kept, some new inputs, and what twice as much costs."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.by_hypothesis import inputs
from tests.fuzz.steps import MOST_GROWTH, growth
from tests.fuzz.targets import TARGETS

ALL = [pytest.param(target, id=target.name) for target in TARGETS.values()]


@pytest.mark.parametrize("target", ALL)
def test_what_is_kept_breaks_nothing(target):
    """Seeds, and all that has ever broken something; none is longer than a page."""
    assert target.seeds
    run = target.load()
    for path in target.seeds:
        raw = path.read_bytes()
        assert len(raw) <= 8192, path
        run(raw)


@pytest.mark.parametrize("target", ALL)
def test_new_inputs_break_nothing(target):
    """A few of those that hypothesis makes of the corpus."""
    run = target.load()
    seeds = [path.read_bytes() for path in target.seeds]

    @settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
    @given(inputs(seeds))
    def once(raw):
        run(raw)

    once()


@pytest.mark.parametrize("target", [p for p in ALL if p.values[0].is_linear])
def test_twice_as_much_takes_twice_the_steps(target):
    """Counted in lines that are run, for the longest seed."""
    run = target.load()
    raw = max((path.read_bytes() for path in target.seeds), key=len)
    assert growth(run, raw) < MOST_GROWTH


@given(st.lists(st.integers(0, 9), min_size=50, max_size=60))
@settings(max_examples=5, deadline=None)
def test_steps_of_a_square_would_be_seen(numbers):
    """The counter itself tells a loop in a loop from a loop."""
    raw = bytes(numbers)

    def square(content):
        namespace = {}
        code = "def go(c):\n for a in c:\n  for b in c:\n   a\n"
        exec(compile(code, "audiobrief/square.py", "exec"), namespace)
        namespace["go"](content)

    assert growth(square, raw, times=4) > 3.5
