"""Several shows from one workspace: what each inherits, what is its own, what is refused."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import WorkspaceError
from audiobrief.pipeline.shows import is_due, is_wanted, local_time
from audiobrief.workspace.load import load_workspace
from audiobrief.workspace.start import start_workspace

SETTINGS = """
[show]
title = "Harbor Post"
author = "Jo Example"
base_url = "https://example.org/pod"
cover = "cover.jpg"
category = "Sports"

[cast]
narrator = "guest-1"
quote_voices = false

[brief]
title = "Morning Brief"
minutes = 7
most = 3

[[sources]]
name = "Post"
url = "https://post.example/feed.xml"

[shows.long-read]
makes = "brief"
sources = ["Post"]
cast.narrator = "guest-2"
brief = { full = true, most = 1 }
sound.bitrate_kbps = 64

[shows.early]
title = "Early"
author = "Ana"
base_url = "https://early.example/"
"""


def workspace_of(folder, text=SETTINGS):
    """Return a workspace with these settings."""
    (folder / "audiobrief.toml").write_text(text, encoding="utf-8")
    return load_workspace(folder)


def test_a_show_has_its_own_and_the_first_ones_settings(tmp_path):
    """Key by key; what names a show is not inherited."""
    show = workspace_of(tmp_path).of_show("long-read")
    settings = show.settings
    assert (show.show_title, settings.show.author) == ("Long Read", "Jo Example")
    assert (settings.show.cover, settings.show.category) == (None, "Sports")
    assert settings.show.base_url == "https://example.org/pod/long-read/"
    assert (settings.cast.narrator, settings.cast.quote_voices) == ("guest-2", False)
    assert (settings.brief.title, settings.brief.minutes) == (None, 7.0)
    assert (settings.brief.full, settings.brief.most) == (True, 1)
    assert (settings.sound.bitrate_kbps, settings.sound.channels) == (64, 1)
    assert show.episodes == tmp_path / "episodes" / "long-read"
    assert show.articles == tmp_path / "articles"


def test_what_a_show_says_itself_wins(tmp_path):
    """Author and address."""
    show = workspace_of(tmp_path).of_show("early").settings.show
    assert (show.title, show.author, show.base_url) == ("Early", "Ana", "https://early.example/")


def test_the_first_show_is_as_without_others(tmp_path):
    """Its settings, its folder."""
    workspace = workspace_of(tmp_path)
    assert [s.show for s in workspace.shows] == ["", "long-read", "early"]
    assert workspace.settings.cast.narrator == "guest-1"
    assert workspace.episodes == tmp_path / "episodes"


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("cast.narrator", 25),
        ("show.sources", 24),
        ("brief.full", 26),
        ("cast.quote_voices", 11),
        ("brief.minutes", 15),
    ],
)
def test_an_error_names_the_line_that_counts(tmp_path, key, line):
    """The show's own, or the one that it inherits from."""
    show = workspace_of(tmp_path).of_show("long-read")
    assert show.place_of(key).startswith(f"audiobrief.toml:{line} ")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[shows.a]\nsources = ["Post"]', 2, 'no source "Post"'),
        ('[[sources]]\nname = "Post"\nurl = "https://x.example/"\n[brief]\nsources = ["Pots"]', 5,
         'no source "Pots"'),
        ('[shows.a.brief]\nsources = ["b"]', 2, 'no source "b"'),
        ('[show]\ntime_zone = "Europe/Nowhere"', 2, 'no time zone "Europe/Nowhere"'),
        ('[shows.a]\ntime_zone = "../etc"', 2, "no time zone"),
        ('[shows.a]\nat = "25:00"', 2, "at cannot be '25:00'"),
        ('[shows.a]\nat = "7:00"', 2, "at cannot be '7:00'"),
        ('[shows.a]\ndays = ["monday"]', 2, "days cannot be 'monday'"),
        ('[shows.a]\nmakes = "briefs"', 2, "makes cannot be 'briefs'"),
        ('[shows.a]\ntitel = "A"', 2, 'unknown key "titel"'),
        ('[shows.a.cast]\nnarator = "A"', 2, 'unknown key "narator"'),
        ('[shows."2026-01-01-a"]\ntitle = "A"', 1, "2026-01-01-a"),
        ('[shows."../b"]\ntitle = "A"', 1, "../b"),
        ('[shows.Long]\ntitle = "A"', 1, "Long"),
        ('[show]\nbase_url = "https://x.example"\n[shows.a]\nbase_url = "https://x.example/"', 4,
         "two shows have the address"),
        ('[shows.a]\nbase_url = "https://x.example/"\n[shows.b]\nbase_url = "https://x.example/"',
         4, "two shows have the address"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path, text, line, words):
    """And how to mend it."""
    with pytest.raises(WorkspaceError) as caught:
        workspace_of(tmp_path, text)
    error = caught.value
    assert words in f"{error.problem} {error.subject}"
    assert error.subject.startswith(f"audiobrief.toml:{line} ")
    assert error.remedy


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("l", "private feeds are there"),
        ("inbox", "what is shared goes there"),
        ("nul", "Windows has no such folder"),
        ("com1", "Windows has no such folder"),
    ],
)
def test_a_name_that_a_show_cannot_have_is_refused(tmp_path, name, reason):
    """It is a folder on any machine, and a path on the web."""
    with pytest.raises(WorkspaceError) as caught:
        workspace_of(tmp_path, f"[shows.{name}]\n")
    assert f'no show can be called "{name}": {reason}' in caught.value.remedy


def test_a_show_may_have_the_address_of_one_that_makes_nothing(tmp_path):
    """The first one only lends its settings then."""
    text = '[show]\nmakes = "nothing"\n[shows.a]\nbase_url = "http://127.0.0.1:8000/"\n'
    show = workspace_of(tmp_path, text).of_show("a")
    assert show.settings.show.base_url == "http://127.0.0.1:8000/"


def test_a_source_that_is_mistyped_is_suggested(tmp_path):
    """So that a programme of nothing is not made in silence."""
    text = '[[sources]]\nname = "Post"\nurl = "https://x.example/"\n[brief]\nsources = ["Pots"]'
    with pytest.raises(WorkspaceError) as caught:
        workspace_of(tmp_path, text)
    assert caught.value.remedy == 'did you mean "Post"?'


def test_a_show_that_there_is_not_is_refused_with_those_that_there_are(tmp_path):
    """In the remedy."""
    with pytest.raises(WorkspaceError) as caught:
        workspace_of(tmp_path).of_show("lon-read")
    assert "long-read, early" in caught.value.remedy


def test_the_templates_example_is_a_show(tmp_path):
    """Uncommented, it is understood."""
    start_workspace(tmp_path)
    path = tmp_path / "audiobrief.toml"
    text = path.read_text(encoding="utf-8")
    example = text[text.index("# [shows.long-read]") :]
    show = workspace_of(tmp_path, re.sub(r"^# ", "", example, flags=re.MULTILINE)).of_show(
        "long-read"
    )
    assert (show.show_title, show.settings.show.at) == ("The Long Read", "08:00")
    assert (show.settings.brief.full, show.settings.cast.narrator) == (True, "guest-2")


#: A Friday; 23:30 in London is the Saturday in Berlin.
FRIDAY = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('time_zone = "Europe/Berlin"\ndays = ["sat"]', True),
        ('time_zone = "Europe/London"\ndays = ["sat"]', False),
        ('time_zone = "Europe/Berlin"\nat = "00:30"', True),
        ('time_zone = "Europe/Berlin"\nat = "00:31"', False),
        ('time_zone = "America/New_York"\nat = "18:30"', True),
        ('time_zone = "America/New_York"\nat = "18:31"', False),
        ('time_zone = "Asia/Kolkata"\ndays = ["sat", "sun"]\nat = "05:00"', True),
        ('time_zone = "UTC"', True),
    ],
)
def test_a_show_is_due_by_its_own_clock_and_calendar(tmp_path, keys, expected):
    """Whatever zone the machine is in."""
    show = workspace_of(tmp_path, f"[shows.a]\n{keys}\n").of_show("a")
    assert is_due(show, FRIDAY) is expected


def test_the_time_zone_is_inherited(tmp_path):
    """It is where the people are, for all shows alike."""
    text = '[show]\ntime_zone = "Asia/Tokyo"\n[shows.a]\ntitle = "A"\n'
    show = workspace_of(tmp_path, text).of_show("a")
    assert f"{local_time(show, FRIDAY):%a %H:%M}" == "Sat 08:30"


class Filed:
    """What articles and entries have in common."""

    def __init__(self, source, tags):
        self.source = source
        self.tags = tags


NAMES = st.lists(st.sampled_from(["Post", "News", "Wire"]), max_size=3)
TAGS = st.lists(st.sampled_from(["Local", "local", "Sport", "food"]), max_size=3)


@given(st.sampled_from(["Post", "News", "", None]), TAGS, NAMES, TAGS)
def test_what_is_a_shows_is_told_by_source_and_tag(source, tags, sources, wanted):
    """Both must fit; an empty list asks for nothing."""
    result = is_wanted(Filed(source, tuple(tags)), sources, wanted)
    by_source = not sources or source in sources
    by_tag = not wanted or bool({t.lower() for t in tags} & {t.lower() for t in wanted})
    assert result is (by_source and by_tag)
