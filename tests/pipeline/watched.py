"""A watch in this process, followed event by event: for the tests of watching."""

from threading import Timer

import pytest

from audiobrief.pipeline.happening import Built
from audiobrief.pipeline.stop import Stop
from audiobrief.pipeline.watch import WatchOptions, watch
from tests.pipeline.press import NOW
from tests.support import ARTICLE, OTHER

OPTIONS = WatchOptions(engine="tone", settle_s=0.05)
#: A test that has come no further by then fails.
LIMIT_S = 90
LATE = 99


class Clock:
    """A time of day that a test sets."""

    def __init__(self):
        self.time = NOW

    def __call__(self):
        """Return it."""
        return self.time


def follow(workspace, script, *, options=OPTIONS, stop=None, clock=None, **more):
    """Watch, and hand each event to a generator; when it ends or fails, so does the watch.

    Returns:
        Every event, in order.
    """
    stop, events, failed = stop or Stop(), [], []
    timer = Timer(LIMIT_S, lambda: stop.ask(LATE))

    def report(happening):
        events.append(happening)
        try:
            script.send(happening)
        except StopIteration:
            stop.ask(1)
        # A watch takes whatever is raised in it for a defect of one run, and goes on.
        except Exception as error:  # noqa: BLE001 - raised again when the watch has ended
            failed.append(error)
            stop.ask(1)

    next(script)
    timer.start()
    try:
        clock = clock or Clock()
        watch(workspace, options=options, stop=stop, now=clock, report=report, **more)
    finally:
        timer.cancel()
        timer.join()
    if failed:
        raise failed[0]
    assert stop.signal != LATE, events
    return events


@pytest.fixture(name="inbox")
def inbox_fixture(tmp_path):
    """Return an inbox with one article."""
    (tmp_path / "articles").mkdir()
    put(tmp_path / "articles", "ferry.txt", ARTICLE)
    return tmp_path / "articles"


def put(inbox, name, text):
    """Write a file."""
    (inbox / name).write_text(text, encoding="utf-8")


def results(happening):
    """Return of a build which file became what."""
    assert isinstance(happening, Built), happening
    return {o.locator: str(o.result) for o in happening.report.outcomes}


def numbered(number):
    """Return an article like no other."""
    return OTHER.replace("library", f"library number {number}").replace("Tuesday", f"{number} May")
