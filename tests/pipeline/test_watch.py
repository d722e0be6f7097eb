"""Watching an inbox: real files and a real watcher; what happens drives what comes next."""

import json
import shutil
from contextlib import ExitStack, nullcontext
from datetime import timedelta
from threading import Timer

import pytest

from audiobrief.errors import StoreError, WorkspaceError
from audiobrief.model.report import Result
from audiobrief.pipeline.events import Stage
from audiobrief.pipeline.happening import Built, Fetched, Trouble, Waiting, Watching
from audiobrief.pipeline.stop import Stop
from audiobrief.pipeline.watch import WatchOptions, watch
from audiobrief.store.lock import locked
from audiobrief.workspace.load import load_workspace
from tests.pipeline.press import NOW, piece, put_up, workspace_of
from tests.support import ARTICLE, OTHER, invariant, run_audiobrief, snapshot

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
    """Watch, and hand each event to a generator; when it ends, so does the watch.

    Returns:
        Every event, in order.
    """
    stop, events = stop or Stop(), []
    timer = Timer(LIMIT_S, lambda: stop.ask(LATE))

    def report(happening):
        events.append(happening)
        try:
            script.send(happening)
        except StopIteration:
            stop.ask(1)

    next(script)
    timer.start()
    try:
        clock = clock or Clock()
        watch(workspace, options=options, stop=stop, now=clock, report=report, **more)
    finally:
        timer.cancel()
        timer.join()
    assert stop.signal != LATE, events
    return events


@pytest.fixture
def inbox(tmp_path):
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


def test_what_is_there_is_built_and_then_what_arrives_or_changes(inbox):
    """Each time only that."""

    def script():
        assert (yield) == Watching("articles")
        assert results((yield)) == {"articles/ferry.txt": "built"}
        put(inbox, "library.txt", OTHER)
        assert results((yield)) == {"articles/library.txt": "built"}
        put(inbox, "ferry.txt", ARTICLE.replace("six", "seven"))
        built = yield
        assert results(built) == {"articles/ferry.txt": "built"}
        assert built.report.outcomes[0].synthesized == 1
        (inbox / "library.txt").rename(inbox / "council.txt")
        assert results((yield)) == {"articles/council.txt": "unchanged"}

    follow(load_workspace(inbox.parent), script())


def test_an_inbox_that_is_not_there_is_made(tmp_path):
    """So that something can arrive in it."""

    def script():
        yield
        assert results((yield)) == {}
        put(tmp_path / "articles", "ferry.txt", ARTICLE)
        assert results((yield)) == {"articles/ferry.txt": "built"}

    follow(load_workspace(tmp_path), script())


def test_an_inbox_that_was_replaced_is_watched_again(inbox):
    """It has the same name, and is another folder."""

    def script():
        yield
        yield
        shutil.rmtree(inbox)
        inbox.mkdir()
        put(inbox, "library.txt", OTHER)
        assert results((yield)) == {"articles/library.txt": "built"}
        put(inbox, "more.txt", numbered(7))
        assert results((yield)) == {"articles/more.txt": "built"}

    follow(load_workspace(inbox.parent), script())


def test_polling_sees_what_arrives(inbox):
    """For drives that do not tell."""

    def script():
        yield
        yield
        put(inbox, "library.txt", OTHER)
        assert results((yield)) == {"articles/library.txt": "built"}

    options = WatchOptions(engine="tone", settle_s=0.05, poll=True)
    follow(load_workspace(inbox.parent), script(), options=options)


class Writer(Stop):
    """Somebody who writes between two looks."""

    def __init__(self, steps):
        super().__init__()
        self._steps = iter(steps)

    def wait(self, _seconds):
        """Write the next piece, and wait no longer."""
        for step in self._steps:
            step()
            break
        return super().wait(0.01)


def appending(path, text):
    """Return what adds to a file."""

    def append():
        with path.open("a", encoding="utf-8") as stream:
            stream.write(text)

    return append


def test_a_file_that_is_being_written_is_built_once_and_whole(inbox):
    """However often it pauses between two pieces."""
    (inbox / "ferry.txt").unlink()
    path = inbox / "slow.txt"
    path.touch()
    pieces = ARTICLE.splitlines(keepends=True)
    stop = Writer([appending(path, piece) for piece in pieces])

    def script():
        yield
        assert results((yield)) == {"articles/slow.txt": "built"}

    follow(load_workspace(inbox.parent), script(), stop=stop)
    (manifest,) = inbox.parent.glob("episodes/*/episode.json")
    texts = [row["text"] for row in json.loads(manifest.read_bytes())["ledger"]]
    assert any("tickets cost the same as before" in text for text in texts)


def test_a_burst_of_files_is_one_build(inbox):
    """The last come while the first are looked at."""
    later = [lambda n=n: put(inbox, f"{n}.txt", numbered(n)) for n in (3, 4)]

    def script():
        yield
        built = results((yield))
        assert set(built) == {f"articles/{name}.txt" for name in ("ferry", 1, 2, 3, 4)}
        assert set(built.values()) == {"built"}

    put(inbox, "1.txt", numbered(1))
    put(inbox, "2.txt", numbered(2))
    follow(load_workspace(inbox.parent), script(), stop=Writer(later))


def test_a_file_that_never_ends_holds_up_no_other(inbox):
    """It is built when it has ended."""
    path = inbox / "endless.txt"
    path.write_text(OTHER, encoding="utf-8")
    stop = Writer([appending(path, "\nAnd so it went on for a while.\n")] * 20)

    def script():
        yield
        assert results((yield)) == {"articles/ferry.txt": "built"}
        assert results((yield)) == {"articles/endless.txt": "built"}

    follow(load_workspace(inbox.parent), script(), stop=stop)


def test_a_broken_article_stops_no_other_and_is_tried_when_it_has_changed(inbox):
    """Not before."""

    def script():
        yield
        yield
        put(inbox, "broken.txt", "\0")
        put(inbox, "library.txt", OTHER)
        both = {"articles/broken.txt": "failed", "articles/library.txt": "built"}
        assert results((yield)) == both
        put(inbox, "more.txt", numbered(8))
        assert results((yield)) == {"articles/more.txt": "built"}
        put(inbox, "broken.txt", numbered(9))
        assert results((yield)) == {"articles/broken.txt": "built"}

    follow(load_workspace(inbox.parent), script())


def test_settings_that_are_broken_meanwhile_are_told_and_read_again(inbox):
    """What arrived then is built with what arrives after they were mended."""
    settings = inbox.parent / "audiobrief.toml"

    def script():
        yield
        yield
        settings.write_text("[shwo]\n", encoding="utf-8")
        put(inbox, "library.txt", OTHER)
        happening = yield
        assert isinstance(happening, Trouble)
        assert isinstance(happening.error, WorkspaceError)
        settings.write_text('[show]\ntitle = "Harbor News"\n', encoding="utf-8")
        put(inbox, "more.txt", numbered(5))
        built = {"articles/library.txt": "built", "articles/more.txt": "built"}
        assert results((yield)) == built

    follow(load_workspace(inbox.parent), script())
    assert "Harbor News" in (inbox.parent / "episodes" / "feed.xml").read_text("utf-8")


def test_a_voice_that_is_not_there_ends_it_at_once(inbox):
    """Nothing could ever be built."""

    def script():
        yield
        yield

    options = WatchOptions(voice="nobody", settle_s=0.05)
    with pytest.raises(WorkspaceError, match="nobody"):
        follow(load_workspace(inbox.parent), script(), options=options)


def test_what_stands_in_the_way_of_an_inbox_is_named(tmp_path):
    """A file of its name, for example."""
    (tmp_path / "articles").touch()

    def script():
        yield
        yield

    with pytest.raises(StoreError, match="create the folder"):
        follow(load_workspace(tmp_path), script())


def test_a_workspace_that_is_held_is_waited_for(inbox):
    """Said once; then the build comes."""
    workspace = load_workspace(inbox.parent)

    def script():
        yield
        assert (yield) == Waiting()
        held.close()
        assert results((yield)) == {"articles/ferry.txt": "built"}

    with ExitStack() as held:
        held.enter_context(locked(workspace.cache / "lock"))
        follow(workspace, script())


def test_a_stop_while_waiting_for_the_workspace_is_heard(inbox):
    """Nobody has to let go first."""
    workspace = load_workspace(inbox.parent)

    def script():
        yield
        assert (yield) == Waiting()

    with locked(workspace.cache / "lock"):
        events = follow(workspace, script())
    assert len(events) == 2


def test_a_stop_in_the_middle_keeps_what_is_finished(inbox):
    """The first article is published, the second goes on next time; no scrap is left."""
    put(inbox, "library.txt", OTHER)
    stop, spoken = Stop(), []

    def tell(event):
        if event.stage is Stage.SPEAK:
            spoken.append(event.locator)
            if len(set(spoken)) == 2:
                stop.ask(15)

    def script():
        yield
        yield

    workspace = load_workspace(inbox.parent)
    events = follow(workspace, script(), stop=stop, telling=lambda: nullcontext(tell))
    assert events == [Watching("articles")]
    assert (inbox.parent / "episodes" / "feed.xml").is_file()
    assert invariant(inbox.parent / "episodes") == []
    assert not list(inbox.parent.rglob("*audiobrief-tmp"))
    run = run_audiobrief("build", "--engine", "tone", "--json", cwd=inbox.parent)
    first, second = run.json["episodes"]
    assert (first["outcome"], second["outcome"]) == ("unchanged", "built")
    assert second["cached"] > 0


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
