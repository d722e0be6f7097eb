"""Which episodes a pool is given, and when: the longest first of those that are decided."""

from concurrent.futures import Future
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread

import pytest

from audiobrief.ingest.source import gather, read
from audiobrief.pipeline.build import Input, build
from audiobrief.pipeline.events import Stage
from audiobrief.pipeline.job import perform
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pool.seam import WorkPool
from audiobrief.workspace.load import load_workspace

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
#: Each article has so many sentences and four; the pool has three before it does anything.
LENGTHS = (1, 2, 1, 3, 6, 2, 5, 4, 1)


class Reluctant(WorkPool):
    """A pool of one worker that does nothing until it is told to, and then one after the other."""

    worker_count = 1

    def __init__(self):
        self.begin = Flag()
        self.given = []
        self._waiting = SimpleQueue()
        Thread(target=self._do, daemon=True).start()

    def submit(self, job):
        """Take a job."""
        future = Future()
        self.given.append(job.locator)
        self._waiting.put((job, future))
        return future

    def _do(self):
        self.begin.wait(60)
        while (job := self._waiting.get()) is not None:
            one, future = job
            try:
                future.set_result(perform(one))
            except Exception as error:  # noqa: BLE001 - told by the future, as by any pool
                future.set_exception(error)

    def cancel(self):
        """End when all is done."""
        self._waiting.put(None)
        self.begin.set()

    def close(self):
        """End when all is done."""
        self.cancel()


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace with articles of all lengths."""
    (tmp_path / "audiobrief.toml").write_text('[show]\ntitle = "Harbor"\n', encoding="utf-8")
    (tmp_path / "articles").mkdir()
    for number, length in enumerate(LENGTHS):
        lines = " ".join(f"Ferry {number} stops at pier {n}." for n in range(length + 4))
        path = tmp_path / "articles" / f"{number}-{length}.md"
        path.write_text(f"---\ntitle: Ferry number {number}\n---\n\n{lines}\n", encoding="utf-8")
    return load_workspace(tmp_path)


def test_the_longest_of_what_is_decided_is_made_first(workspace):
    """So that no worker is left with a long one in the end; the report keeps the given order."""
    pool = Reluctant()

    def tell(event):
        # The last one is a short one: it does not matter whether it is decided in time.
        if event.stage is Stage.READ and event.done == event.total - 1:
            pool.begin.set()

    articles = gather([workspace.articles], root=workspace.root)
    inputs = [Input(one.locator, lambda one=one: read(one)) for one in articles]
    options = BuildOptions(engine="tone", pool="local")
    report = build(workspace, inputs, now=NOW, options=options, pool=pool, tell=tell)
    assert [one.error for one in report.outcomes] == [None] * len(LENGTHS)
    assert [one.locator for one in report.outcomes] == [one.locator for one in inputs]
    given = [int(locator.rpartition("-")[2].partition(".")[0]) for locator in pool.given]
    assert given[:3] == list(LENGTHS[:3])
    assert given[3:] == sorted(LENGTHS[3:], reverse=True)
