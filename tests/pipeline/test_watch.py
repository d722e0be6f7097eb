"""Watching an inbox: real files and a real watcher; what happens drives what comes next."""

import gc
import shutil
import weakref
from contextlib import ExitStack, nullcontext

import pytest

from audiobrief.errors import StoreError, WorkspaceError
from audiobrief.pipeline.events import Stage
from audiobrief.pipeline.happening import Trouble, Waiting, Watching
from audiobrief.pipeline.stop import Stop
from audiobrief.pipeline.watch import WatchOptions
from audiobrief.store.lock import locked
from audiobrief.workspace.load import load_workspace
from tests.pipeline.watched import (
    follow,
    inbox_fixture,  # noqa: F401 - `inbox`
    numbered,
    put,
    results,
)
from tests.support import ARTICLE, OTHER, invariant, run_audiobrief


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


def test_what_a_run_leaves_in_circles_is_gone_before_the_next(inbox):
    """Python itself would look for it after a day: it does not look at all here."""
    left = []

    def script():
        yield
        circle = Stop()
        circle.itself = circle
        left.append(weakref.ref(circle))
        del circle
        yield
        put(inbox, "library.txt", OTHER)
        assert results((yield)) == {"articles/library.txt": "built"}
        assert left[0]() is None

    gc.disable()
    try:
        follow(load_workspace(inbox.parent), script())
    finally:
        gc.enable()


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
