"""What a target costs, counted: lines of the product that were run, never seconds.

Steps inside of a pattern or a library in C are not seen here; tests/text/test_worst_case.py holds
each pattern against the worst text for it.
"""

import sys

from tests.fuzz.target import BrokenError

#: Twice the input may cost twice the steps; what is above is no longer linear.
MOST_GROWTH = 2.6
#: Of a start: what is done once, whatever comes.
_FREE = 2000


def steps(run, raw):
    """Return how many lines of audiobrief are run for an input."""
    count = 0

    def line(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return line

    def call(frame, _event, _argument):
        return line if "audiobrief" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        run(raw)
    finally:
        sys.settrace(before)
    return count


def require_linear(run, raw):
    """Raise if an input costs more than linear steps: it does so at two sizes in a row."""
    if all(growth(run, raw, times) > MOST_GROWTH for times in (8, 16)):
        raise BrokenError("twice the input takes far more than twice the steps")


def growth(run, raw, times=8):
    """Return how many times the steps are that an input costs when it comes twice as often.

    The first round fills caches, and is not counted.
    """
    once, twice = raw * times, raw * (2 * times)
    run(once)
    run(twice)
    return max(0, steps(run, twice) - _FREE) / max(1, steps(run, once))
