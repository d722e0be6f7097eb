"""A watch over several shows: each by its hour, its days and what is its own."""

from datetime import timedelta

import pytest

from audiobrief.errors import WorkspaceError
from audiobrief.model.report import Result
from audiobrief.pipeline.happening import Built, Fetched, Trouble
from audiobrief.pipeline.watch import WatchOptions
from audiobrief.workspace.load import load_workspace
from tests.pipeline.press import NOW
from tests.pipeline.watched import Clock, follow, put
from tests.support import ARTICLE, OTHER

OPTIONS = WatchOptions(engine="tone", settle_s=0.05)
#: NOW is a Monday noon.
NOON_UTC = '[show]\ntime_zone = "UTC"\n'


def dated(text, tags=""):
    """Return an article that appeared an hour before NOW."""
    return (
        f"---\ndate: {NOW - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}\ntags: [{tags}]\n---\n\n{text}"
    )


@pytest.fixture
def inbox(tmp_path):
    """Return an inbox with one article."""
    (tmp_path / "articles").mkdir()
    put(tmp_path / "articles", "ferry.md", dated(ARTICLE))
    return tmp_path / "articles"


def workspace_of(inbox, settings):
    """Return the workspace with these settings."""
    (inbox.parent / "audiobrief.toml").write_text(NOON_UTC + settings, encoding="utf-8")
    return load_workspace(inbox.parent)


def made(happening):
    """Return the show that was made, and what became of what."""
    assert isinstance(happening, Built), happening
    outcomes = {o.locator: str(o.result) for o in happening.report.outcomes}
    return happening.show.show, outcomes


MORNING = '[shows.morning]\nmakes = "brief"\nat = "12:30"\nbrief.minutes = 2\n'


def test_a_programme_is_made_at_its_hour_and_once_a_day(inbox):
    """The sources are asked just before; what arrives later is the next day's."""
    clock = Clock()

    def script():
        yield
        assert made((yield)) == ("", {"articles/ferry.md": "built"})
        clock.time += timedelta(minutes=29, seconds=59)
        put(inbox, "library.md", dated(OTHER))
        assert made((yield)) == ("", {"articles/library.md": "built"})
        clock.time += timedelta(seconds=1)
        assert isinstance((yield), Fetched)
        happening = yield
        assert made(happening) == ("morning", {"brief": "built"})
        assert len(happening.report.stories) == 2
        clock.time += timedelta(hours=5)
        put(inbox, "late.md", dated(OTHER.replace("library", "swimming pool")))
        assert made((yield)) == ("", {"articles/late.md": "built"})
        clock.time += timedelta(hours=19)
        assert isinstance((yield), Fetched)
        show, outcomes = made((yield))
        assert (show, set(outcomes)) == ("morning", {"brief"})

    follow(workspace_of(inbox, MORNING), script(), clock=clock)


def test_an_hour_that_has_come_at_the_start_asks_the_sources_once(inbox):
    """Though their own schedule wants it, too."""
    clock = Clock()
    clock.time += timedelta(hours=1)

    def script():
        yield
        assert isinstance((yield), Fetched)
        assert made((yield))[0] == "morning"
        assert made((yield))[0] == ""
        put(inbox, "library.md", dated(OTHER))
        assert made((yield)) == ("", {"articles/library.md": "built"})

    options = WatchOptions(every_s=3600, engine="tone", settle_s=0.05)
    follow(workspace_of(inbox, MORNING), script(), options=options, clock=clock)


def test_a_restart_makes_no_programme_twice(inbox):
    """The manifests know what was made today."""
    clock = Clock()
    clock.time += timedelta(hours=1)

    def first():
        yield
        happening = yield
        while not isinstance(happening, Built) or not happening.show.show:
            happening = yield
        assert made(happening)[0] == "morning"

    def second():
        yield
        # The first watch was ended before it came to the first show.
        assert made((yield)) == ("", {"articles/ferry.md": "built"})
        put(inbox, "library.md", dated(OTHER))
        assert made((yield)) == ("", {"articles/library.md": "built"})

    follow(workspace_of(inbox, MORNING), first(), clock=clock)
    follow(workspace_of(inbox, MORNING), second(), clock=clock)


def test_a_machine_that_slept_makes_up_for_it_on_the_same_day(inbox):
    """At once, and not for days before."""
    clock = Clock()

    def script():
        yield
        assert made((yield))[0] == ""
        clock.time += timedelta(days=3, hours=9)
        assert isinstance((yield), Fetched)
        happening = yield
        assert made(happening)[0] == "morning"
        assert happening.report.outcomes[0].result is Result.NOTHING
        put(inbox, "library.md", OTHER)
        assert made((yield))[0] == ""

    follow(workspace_of(inbox, MORNING), script(), clock=clock)


def test_what_arrives_on_other_days_is_kept_for_the_day_of_the_show(inbox):
    """Nothing is lost that came meanwhile."""
    clock = Clock()
    put(inbox, "match.md", dated(OTHER, "sport"))

    def script():
        yield
        show, outcomes = made((yield))
        assert (show, set(outcomes)) == ("", {"articles/ferry.md", "articles/match.md"})
        clock.time += timedelta(days=1)
        put(inbox, "more.md", dated(OTHER.replace("library", "stadium"), "sport"))
        both = {"articles/match.md": "built", "articles/more.md": "built"}
        assert made((yield)) == ("sport", both)
        assert made((yield)) == ("", {"articles/more.md": "built"})

    settings = '[shows.sport]\ntags = ["sport"]\ndays = ["tue"]\n'
    follow(workspace_of(inbox, settings), script(), clock=clock)


def test_a_show_that_is_added_has_what_came_before(inbox):
    """Without a restart, with the next that arrives."""

    def script():
        yield
        assert made((yield)) == ("", {"articles/ferry.md": "built"})
        text = NOON_UTC + "[shows.second]\n"
        (inbox.parent / "audiobrief.toml").write_text(text, encoding="utf-8")
        put(inbox, "library.md", dated(OTHER))
        both = {"articles/ferry.md": "built", "articles/library.md": "built"}
        assert made((yield)) == ("second", both)
        assert made((yield)) == ("", {"articles/library.md": "built"})

    follow(workspace_of(inbox, ""), script())


def test_a_show_that_fails_stops_no_other(inbox):
    """It is told, and the others are made."""
    clock = Clock()

    def script():
        yield
        assert made((yield))[0] == "sport"
        assert made((yield))[0] == ""
        text = NOON_UTC + '[shows.sport]\ncast.narrator = "nobody"\n'
        (inbox.parent / "audiobrief.toml").write_text(text, encoding="utf-8")
        put(inbox, "library.md", dated(OTHER))
        trouble = yield
        assert isinstance(trouble, Trouble)
        assert isinstance(trouble.error, WorkspaceError)
        assert "nobody" in trouble.error.problem
        assert made((yield)) == ("", {"articles/library.md": "built"})

    follow(workspace_of(inbox, "[shows.sport]\n"), script(), clock=clock)


def test_the_flag_lets_the_first_show_be_a_programme(inbox):
    """The others are as the settings say."""

    def script():
        yield
        assert made((yield)) == ("sport", {"articles/ferry.md": "built"})
        assert made((yield)) == ("", {"brief": "built"})

    options = WatchOptions(engine="tone", settle_s=0.05, programme=True)
    follow(workspace_of(inbox, "[shows.sport]\n"), script(), options=options)


def test_an_hour_that_is_changed_is_heard_of(inbox):
    """Without a restart, with the next that arrives."""
    clock = Clock()

    def script():
        yield
        assert made((yield))[0] == ""
        text = NOON_UTC + MORNING.replace("12:30", "11:00")
        (inbox.parent / "audiobrief.toml").write_text(text, encoding="utf-8")
        put(inbox, "library.md", dated(OTHER))
        assert made((yield))[0] == ""
        assert isinstance((yield), Fetched)
        assert made((yield)) == ("morning", {"brief": "built"})

    follow(workspace_of(inbox, MORNING), script(), clock=clock)
