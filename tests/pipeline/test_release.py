"""Episodes to feed, list and covers: of finished episodes, without a word being spoken."""

import errno
import itertools
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from lxml import etree
from PIL import Image

from audiobrief.errors import WorkspaceError
from audiobrief.model.episode import State
from audiobrief.pipeline.covers import cover_notes
from audiobrief.pipeline.events import say_nothing
from audiobrief.pipeline.frequency import frequency_of
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.run import Run
from audiobrief.pipeline.voices import choose_cast
from audiobrief.store.manifest import read_manifest, render_manifest
from audiobrief.workspace.load import load_workspace
from audiobrief.workspace.settings import ShowSettings
from tests.publish.shows import make_episode, make_segments, make_show
from tests.support import snapshot

NOW = datetime(2026, 3, 2, tzinfo=UTC)
START = datetime(2024, 1, 1, tzinfo=UTC)
SETTINGS = """[show]
title = "Harbor Brief"
base_url = "https://pod.example/"
[publish]
feed_items = 10
"""
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


def put(folder, number, *, show="", **changes):
    """Write an episode as a build leaves it; its sound is bytes of no meaning."""
    sound = f"sound of {show}{number}".encode()
    directory = f"2024-{number:03}"
    enclosure = replace(make_episode().enclosure, bytes=len(sound))
    episode = make_episode(
        guid=f"{show}{number:03}", directory=directory, title=f"News of day {number}",
        published=START + timedelta(days=number), enclosure=enclosure, **changes,
    )  # fmt: skip
    home = folder / "episodes" / show / directory
    home.mkdir(parents=True)
    (home / enclosure.file).write_bytes(sound)
    (home / "episode.json").write_bytes(render_manifest(episode))
    return home


def release(folder, show="", told=say_nothing):
    """Publish what is there."""
    workspace = load_workspace(folder)
    workspace = workspace.of_show(show) if show else workspace
    options = BuildOptions(engine="tone")
    run = Run(workspace, choose_cast(workspace, engine="tone"), options, NOW, told)
    feed, error, warnings = run.release()
    assert error is None, error
    return feed, warnings


def released_with(folder):
    """Try to publish what is there; return why it failed."""
    workspace = load_workspace(folder)
    options = BuildOptions(engine="tone")
    run = Run(workspace, choose_cast(workspace, engine="tone"), options, NOW, say_nothing)
    return run.release()[1]


def settle(folder, settings=SETTINGS):
    """Write the settings."""
    folder.mkdir(exist_ok=True)
    (folder / "audiobrief.toml").write_text(settings, encoding="utf-8")
    return folder


def named_files(episodes):
    """Return the files that the pages of a feed name, the first page first, as they are linked."""
    files, page = [], "feed.xml"
    while page:
        files.append(page)
        root = etree.fromstring((episodes / page).read_bytes())
        links = {
            e.get("rel"): e.get("href") for e in root.iter("{http://www.w3.org/2005/Atom}link")
        }
        urls = [
            v for e in root.iter("*") for k, v in e.attrib.items() if k in {"url", "href", "uri"}
        ]
        files += [
            u.removeprefix("https://pod.example/") for u in urls if u.startswith("https://pod")
        ]
        page = links.get("next", "").removeprefix("https://pod.example/")
    return files


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """Return a workspace of 25 episodes after its first release."""
    folder = settle(tmp_path_factory.mktemp("released"))
    for number in range(25):
        put(folder, number)
    assert release(folder) == ("episodes/feed.xml", ())
    return folder


@pytest.fixture
def workspace(released, tmp_path):
    """Return a copy of it."""
    return shutil.copytree(released, tmp_path / "copy")


def test_a_long_feed_names_nothing_that_is_missing(released):
    """All its pages, transcripts, covers and sounds."""
    episodes = released / "episodes"
    files = named_files(episodes)
    assert {"feed.xml", "feed-3.xml", "feed-2.xml"} <= set(files)
    assert [f for f in files if not (episodes / f).is_file()] == []
    guids = [e.id for n in ("", "-3", "-2") for e in feedparser.parse(
        (episodes / f"feed{n}.xml").read_bytes()).entries]  # fmt: skip
    assert guids == [f"{n:03}" for n in reversed(range(25))]


def test_nothing_changed_and_no_file_is_touched(workspace):
    """Not the cache's either."""
    before = snapshot(workspace)
    release(workspace)
    assert snapshot(workspace) == before


def test_a_new_episode_changes_the_feed_and_one_page_of_it(workspace):
    """What fell out of feed.xml went to the page that was not full."""
    before = snapshot(workspace / "episodes")
    put(workspace, 25)
    release(workspace)
    after = snapshot(workspace / "episodes")
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"feed.xml", "feed-3.xml", "index.html", "show.json"}


def test_a_page_that_was_damaged_or_is_gone_is_mended(workspace):
    """By any run, byte for byte."""
    before = {k: v[1] for k, v in snapshot(workspace / "episodes").items()}
    (workspace / "episodes" / "feed-2.xml").write_bytes(b"<rss/>")
    (workspace / "episodes" / "feed-3.xml").unlink()
    release(workspace)
    assert {k: v[1] for k, v in snapshot(workspace / "episodes").items()} == before


@pytest.mark.parametrize("note", [None, b"", b"[1]", b'{"feed-2.xml": 1}'])
def test_what_is_known_of_pages_may_be_lost(workspace, note):
    """Then all are rendered, and found to be what they were."""
    path = workspace / ".audiobrief" / "pages.json"
    path.unlink()
    if note is not None:
        path.write_bytes(note)
    put(workspace, 25)
    release(workspace)
    assert [f for f in named_files(workspace / "episodes") if "feed" in f]


class Disk:
    """Renames that fail from one of them on, as on a disk that has filled up."""

    def __init__(self, works_for):
        self.left = works_for
        self._rename = os.replace

    def __call__(self, source, target, **kwargs):
        """Give a file its name, if there is room."""
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fspath(target))
        return self._rename(source, target, **kwargs)


def test_at_whatever_file_a_release_stops_the_feed_names_nothing_missing(
    released, tmp_path, monkeypatch
):
    """A page is added, another one changes, covers come and go; the next run completes it."""
    start = shutil.copytree(released, tmp_path / "start")
    for number in range(25, 31):
        home = put(start, number)
        for path in (start / "episodes" / "2024-000").iterdir():
            if path.suffix in {".vtt", ".srt", ".json", ".html"} and path.name != "episode.json":
                shutil.copy(path, home)
    clean = shutil.copytree(start, tmp_path / "clean")
    release(clean)
    wanted = {k: v[1] for k, v in snapshot(clean / "episodes").items()}
    assert "episodes/feed-4.xml" in {p.relative_to(clean).as_posix() for p in clean.rglob("*.xml")}
    for works_for in itertools.count(step=2):
        folder = shutil.copytree(start, tmp_path / f"stopped-{works_for}")
        with monkeypatch.context() as patch:
            disk = Disk(works_for)
            patch.setattr(os, "replace", disk)
            error = released_with(folder)
        episodes = folder / "episodes"
        assert [f for f in named_files(episodes) if not (episodes / f).is_file()] == []
        if error is None:
            break
        assert "free some disk space" in error.remedy
        release(folder)
        assert {k: v[1] for k, v in snapshot(episodes).items()} == wanted
        shutil.rmtree(folder)
    assert works_for > 10


def test_pages_that_no_feed_names_any_more_are_removed(workspace):
    """Other people's files stay."""
    (workspace / "episodes" / "feed-old.xml").write_bytes(b"mine")
    for number in range(12):
        shutil.rmtree(workspace / "episodes" / f"2024-{number:03}")
    release(workspace)
    assert {p.name for p in (workspace / "episodes").glob("feed*")} == {
        "feed.xml", "feed-2.xml", "feed-old.xml",
    }  # fmt: skip


def test_a_feed_is_withdrawn_with_its_pages(workspace):
    """When no episode is left."""
    for home in (workspace / "episodes").glob("2024-*"):
        shutil.rmtree(home)
    feed, warnings = release(workspace)
    assert feed is None
    assert warnings == ("no episode is left to publish: feed.xml was removed",)
    assert list((workspace / "episodes").glob("feed*")) == []


def test_covers_are_drawn_for_the_first_page_and_once(released):
    """25 episodes, ten of which are in feed.xml."""
    covers = list((released / "episodes").glob("*/cover-*.jpg"))
    assert {path.parent.name for path in covers} == {f"2024-{n:03}" for n in range(15, 25)}
    with Image.open(covers[0]) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (3000, 3000))
    (cover,) = (released / "episodes").glob("cover-*")
    with Image.open(cover) as image:
        assert image.size == (3000, 3000)
    assert (released / "episodes" / "cover.jpg").read_bytes() == cover.read_bytes()
    assert cover.stat().st_size <= 512 * 1024


def test_an_episode_that_leaves_the_first_page_keeps_its_cover(workspace):
    """Its item names it on the other page."""
    put(workspace, 25)
    release(workspace)
    root = etree.fromstring((workspace / "episodes" / "feed-3.xml").read_bytes())
    shown = [item.find(f"{ITUNES}image") is not None for item in root.iter("item")]
    assert shown == [True, *[False] * 5]


def test_another_title_is_another_cover(workspace):
    """Under a name of its own; the old one goes when no feed names it any more (S10)."""
    home = workspace / "episodes" / "2024-024"
    (old,) = home.glob("cover-*.jpg")
    shows = set((workspace / "episodes").glob("cover-*"))
    manifest = home / "episode.json"
    episode = replace(read_manifest(manifest), title="Ferry sails again")
    manifest.write_bytes(render_manifest(episode))
    release(workspace)
    (new,) = home.glob("cover-*.jpg")
    assert new.name != old.name
    assert f'{home.name}/{new.name}"' in (workspace / "episodes" / "feed.xml").read_text("utf-8")
    settle(workspace, SETTINGS.replace("Harbor Brief", "Evening Brief"))
    release(workspace)
    (show,) = (workspace / "episodes").glob("cover-*")
    assert show not in shows
    assert (workspace / "episodes" / "cover.jpg").read_bytes() == show.read_bytes()
    assert len(list((workspace / "episodes").glob("*/cover-*.jpg"))) == 10


@pytest.mark.parametrize("place", ["my.jpeg", "episodes/cover.jpg"])
def test_a_users_cover_is_shown_as_it_is(workspace, place):
    """Whatever it is called; wherever it lies, it is not taken for garbage; no other is drawn."""
    Image.new("RGB", (1400, 1400), "navy").save(workspace / place, "JPEG")
    settle(workspace, SETTINGS.replace("[publish]", f'cover = "{place}"\n[publish]'))
    release(workspace)
    assert (workspace / place).is_file()
    feed = feedparser.parse((workspace / "episodes" / "feed.xml").read_bytes())
    name = feed.feed.image.href.rpartition("/")[2]
    assert name.endswith(".jpg")
    assert (workspace / "episodes" / name).read_bytes() == (workspace / place).read_bytes()
    assert list((workspace / "episodes").glob("*/cover-*")) == []
    assert all("image" not in entry for entry in feed.entries)


def test_a_cover_with_a_query_is_no_file(workspace):
    """An address is not what the setting asks for."""
    settle(workspace, SETTINGS.replace("[publish]", 'cover = "cover.jpeg?v=2"\n[publish]'))
    with pytest.raises(WorkspaceError, match="there is no cover"):
        release(workspace)


def test_a_title_that_no_cover_can_show_is_told_when_the_episode_is_made():
    """Not where the show's own title cannot be drawn either, of which the user knows."""
    show = make_show(is_cover_drawn=True)
    assert cover_notes(show, make_episode()) == ()
    (note,) = cover_notes(show, make_episode(title="\u6771\u4eac"))
    assert "\u6771\u4eac" in note
    assert cover_notes(replace(show, title="\u6771\u4eac"), make_episode(title="\u6771")) == ()
    assert cover_notes(make_show(), make_episode(title="\u6771\u4eac")) == ()


def test_a_serial_show_counts_once_and_keeps_the_numbers(tmp_path):
    """In the order of dates; what comes later, of whatever date, is counted on; a season begins."""
    serial = SETTINGS.replace("[publish]", 'type = "serial"\n[publish]')
    folder = settle(tmp_path, serial)
    homes = [put(folder, number) for number in (3, 1, 2)]
    release(folder)
    assert [read_manifest(home / "episode.json").number for home in homes] == [3, 1, 2]
    late = put(folder, 0)
    release(folder)
    assert read_manifest(late / "episode.json").number == 4
    settle(folder, serial.replace("[publish]", "season = 2\n[publish]"))
    new = put(folder, 5)
    release(folder)
    found = read_manifest(new / "episode.json")
    assert (found.season, found.number) == (2, 1)
    root = etree.fromstring((folder / "episodes" / "feed.xml").read_bytes())
    told = [
        (i.findtext(f"{ITUNES}season"), i.findtext(f"{ITUNES}episode")) for i in root.iter("item")
    ]
    assert told == [("2", "1"), (None, "3"), (None, "2"), (None, "1"), (None, "4")]
    for home in (*homes, late, new):
        number = read_manifest(home / "episode.json").number
        assert f'"episodeNumber": {number}' in (home / "index.html").read_text(encoding="utf-8")
    before = snapshot(folder)
    release(folder)
    assert snapshot(folder) == before


def test_what_waits_for_approval_has_no_number(tmp_path):
    """It may never be published."""
    text = SETTINGS.replace("[publish]", 'type = "serial"\n[publish]\nrequire_approval = true')
    folder = settle(tmp_path, text)
    draft = put(folder, 0, state=State.DRAFT)
    out = put(folder, 1)
    release(folder)
    assert read_manifest(draft / "episode.json").number is None
    assert read_manifest(out / "episode.json").number == 1


SHOWS = (
    SETTINGS
    + """
[shows.sport]
title = "Sport & Play"
[shows.evening]
title = "Evening"
"""
)


def test_the_list_of_shows_has_those_that_have_a_feed(tmp_path):
    """It stands beside the first show's page, which names it."""
    folder = settle(tmp_path, SHOWS)
    put(folder, 0)
    release(folder)
    path = folder / "episodes" / "feeds.opml"
    assert not path.exists()
    put(folder, 0, show="sport")
    release(folder, "sport")
    release(folder)
    urls = [e.get("xmlUrl") for e in etree.fromstring(path.read_bytes()).iter("outline")]
    assert urls == ["https://pod.example/feed.xml", "https://pod.example/sport/feed.xml"]
    assert 'href="feeds.opml"' in (folder / "episodes" / "index.html").read_text("utf-8")
    before = snapshot(folder)
    release(folder, "sport")
    release(folder)
    assert snapshot(folder) == before
    path.unlink()
    release(folder)
    assert path.is_file()


def test_the_list_of_shows_follows_every_show(tmp_path):
    """Where another one has moved to, and that it has no feed any more."""
    folder = settle(tmp_path, SHOWS)
    for show in ("sport", "evening", ""):
        put(folder, 0, show=show)
        release(folder, show)
    path = folder / "episodes" / "feeds.opml"
    moved = 'title = "Evening"\nbase_url = "https://late.example/"\nlanguage = "de"'
    settle(tmp_path, SHOWS.replace('title = "Evening"', moved))
    release(folder, "evening")
    release(folder)
    last = etree.fromstring(path.read_bytes()).findall("body/outline")[-1]
    assert last.get("xmlUrl") == "https://late.example/feed.xml"
    assert last.get("language") == "de"
    for home in (folder / "episodes" / "evening").glob("*/"):
        shutil.rmtree(home)
    release(folder, "evening")
    release(folder)
    assert b"late.example" not in path.read_bytes()
    page = (folder / "episodes" / "index.html").read_text("utf-8")
    assert "Sport" in page
    assert "Evening" not in page


def test_a_private_show_is_on_no_list(tmp_path):
    """Whoever reads the first show's page learns nothing of it."""
    private = SHOWS.replace('title = "Evening"', 'title = "Evening"\npublish.private = true')
    folder = settle(tmp_path, private)
    for show in ("sport", "evening", ""):
        put(folder, 0, show=show)
        release(folder, show)
    for name in ("feeds.opml", "index.html"):
        text = (folder / "episodes" / name).read_text("utf-8")
        assert "Sport &amp; Play" in text
        assert "Evening" not in text


def test_without_a_first_show_the_others_write_the_list(tmp_path):
    """It has the defaults of all and makes nothing."""
    folder = settle(tmp_path, SHOWS.replace("[publish]", 'makes = "nothing"\n[publish]'))
    for show in ("sport", "evening"):
        put(folder, 0, show=show)
        release(folder, show)
    content = (folder / "episodes" / "feeds.opml").read_bytes()
    titles = [e.get("text") for e in etree.fromstring(content).iter("outline")]
    assert titles == ["Sport & Play", "Evening"]


def test_settings_of_the_show_reach_the_feed(tmp_path):
    """Frequency, funding, hub, new address."""
    more = (
        'days = ["mon", "wed"]\nfunding = "https://tip.example/"\n'
        'new_feed_url = "https://new.example/feed.xml"\n[publish]\nhub = "https://hub.example/"'
    )
    folder = settle(tmp_path, SETTINGS.replace("[publish]", more))
    put(folder, 0)
    release(folder)
    channel = etree.fromstring((folder / "episodes" / "feed.xml").read_bytes()).find("channel")
    frequency = channel.find(f"{PODCAST}updateFrequency")
    assert frequency.get("rrule") == "FREQ=WEEKLY;BYDAY=MO,WE"
    assert frequency.text == "Every Monday and Wednesday"
    assert channel.findtext(f"{PODCAST}funding") == "Support the show"
    assert channel.findtext(f"{ITUNES}new-feed-url") == "https://new.example/feed.xml"
    hubs = [e for e in channel if e.get("rel") == "hub"]
    assert [e.get("href") for e in hubs] == ["https://hub.example/"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ("", "")),
        ({"days": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]}, ("FREQ=DAILY", "Every day")),
        ({"days": ["sat"]}, ("FREQ=WEEKLY;BYDAY=SA", "Every Saturday")),
        ({"days": ["sat"], "update_frequency": "FREQ=MONTHLY"}, ("FREQ=MONTHLY", "Every month")),
        ({"update_frequency": "FREQ=DAILY;INTERVAL=3"}, ("FREQ=DAILY;INTERVAL=3", "")),
        (
            {"update_frequency": "FREQ=WEEKLY;BYDAY=FR,MO"},
            ("FREQ=WEEKLY;BYDAY=FR,MO", "Every Monday and Friday"),
        ),
        (
            {"update_frequency": "FREQ=WEEKLY;BYDAY=2FR"},
            ("FREQ=WEEKLY;BYDAY=2FR", ""),
        ),
    ],
)
def test_how_often_there_is_something_new(settings, expected):
    """What is set, else what the days say, else nothing is promised."""
    assert frequency_of(ShowSettings(**settings)) == expected


def test_transcripts_of_earlier_versions_are_completed(tmp_path):
    """The page that they lacked is rendered; nothing else is made again."""
    folder = settle(tmp_path)
    home = put(folder, 0)
    release(folder)
    page = home / "transcript.html"
    content = page.read_bytes()
    assert make_segments()[2].text in content.decode()
    page.unlink()
    release(folder)
    assert page.read_bytes() == content


@pytest.mark.parametrize(
    ("keys", "count"), [("keep_episodes = 3", 3), ("keep_audio_days = 1", 1), ("keep_days = 1", 25)]
)
def test_what_is_kept_for_a_while_leaves_the_feed_and_stays_here(workspace, keys, count):
    """With its GUID: when it is wanted again, it is the same episode."""
    before = {p: p.read_bytes() for p in workspace.glob("episodes/*/*.mp3")}
    settle(workspace, SETTINGS.replace("feed_items = 10", f"feed_items = 50\n{keys}"))
    release(workspace)
    feed = feedparser.parse((workspace / "episodes" / "feed.xml").read_bytes())
    assert len(feed.entries) == count
    assert {p: p.read_bytes() for p in workspace.glob("episodes/*/*.mp3")} == before
    guids = {entry.id for entry in feed.entries}
    settle(workspace, SETTINGS.replace("feed_items = 10", "feed_items = 50"))
    release(workspace)
    again = feedparser.parse((workspace / "episodes" / "feed.xml").read_bytes())
    assert len(again.entries) == 25
    assert guids <= {entry.id for entry in again.entries}
