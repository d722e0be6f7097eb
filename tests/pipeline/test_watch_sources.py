"""Watching with sources: asked on schedule, and a programme made of what they bring."""

from datetime import timedelta

from audiobrief.model.report import Result
from audiobrief.pipeline.happening import Fetched
from audiobrief.pipeline.watch import WatchOptions
from tests.pipeline.press import piece, put_up, workspace_of
from tests.pipeline.watched import (
    Clock,
    follow,
    inbox_fixture,  # noqa: F401 - `inbox`
    put,
    results,
)
from tests.support import ARTICLE, snapshot


def test_sources_are_asked_at_once_and_on_schedule(internet, tmp_path):
    """Not earlier; what is new is built, what is not is left alone."""
    host = "post.example"
    put_up(internet, host, [piece("harbor", 1)])
    workspace, clock = workspace_of(tmp_path, [host]), Clock()

    def script():
        yield
        fetched = yield
        assert isinstance(fetched, Fetched)
        (outcome,) = fetched.report.sources
        assert set(results((yield))) == set(outcome.new)
        clock.time += timedelta(minutes=59)
        put(tmp_path / "articles", "ferry.txt", ARTICLE)
        assert results((yield)) == {"articles/ferry.txt": "built"}
        before = snapshot(tmp_path / "episodes")
        clock.time += timedelta(minutes=1)
        assert [s.new for s in (yield).report.sources] == [()]
        assert snapshot(tmp_path / "episodes") == before
        put_up(internet, host, [piece("harbor", 1), piece("clinic", 2)], etag='"2"')
        clock.time += timedelta(hours=1)
        (outcome,) = (yield).report.sources
        assert len(outcome.new) == 1
        assert set(results((yield))) == set(outcome.new)

    options = WatchOptions(every_s=3600, engine="tone", settle_s=0.05)
    follow(workspace, script(), options=options, clock=clock, world=internet.world)


def test_a_source_that_fails_does_not_end_the_watch(internet, tmp_path):
    """It is told by name, and what lies in the inbox is built."""
    internet.site("echo.example", {})
    workspace = workspace_of(tmp_path, ["echo.example"])
    (tmp_path / "articles").mkdir()
    put(tmp_path / "articles", "ferry.txt", ARTICLE)

    def script():
        yield
        (outcome,) = (yield).report.sources
        assert "404" in outcome.error.problem
        assert results((yield)) == {"articles/ferry.txt": "built"}

    options = WatchOptions(every_s=3600, engine="tone", settle_s=0.05)
    follow(workspace, script(), options=options, world=internet.world)


def test_a_programme_takes_the_place_of_episodes(internet, tmp_path):
    """One a day, made anew with what has come in; that there is nothing to tell is said once."""
    host = "post.example"
    put_up(internet, host, [])
    workspace, clock = workspace_of(tmp_path, [host]), Clock()

    def script():
        yield
        yield
        (nothing,) = (yield).report.outcomes
        assert nothing.result is Result.NOTHING
        clock.time += timedelta(hours=1)
        assert isinstance((yield), Fetched)
        put_up(internet, host, [piece("harbor", 1)], etag='"2"')
        clock.time += timedelta(hours=1)
        assert isinstance((yield), Fetched)
        (first,) = (yield).report.outcomes
        assert first.result is Result.BUILT
        put_up(internet, host, [piece("harbor", 1), piece("clinic", 2)], etag='"3"')
        clock.time += timedelta(hours=1)
        assert isinstance((yield), Fetched)
        (second,) = (yield).report.outcomes
        assert (second.guid, second.result) == (first.guid, Result.BUILT)

    options = WatchOptions(every_s=3600, programme=True, engine="tone", settle_s=0.05)
    follow(workspace, script(), options=options, clock=clock, world=internet.world)
    assert len(list(tmp_path.glob("episodes/*/episode.json"))) == 1
