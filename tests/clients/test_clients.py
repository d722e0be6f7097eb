"""Podcast apps and parsers of other people take our feed, from our server, as we mean it."""

import json
import subprocess
from pathlib import Path
from secrets import token_hex
from urllib.request import urlopen
from xml.etree.ElementTree import fromstring

import feedparser
import podcastparser
import pytest

from tests.clients import apps
from tests.clients.show import TITLE, listeners_feed, public_feed

APPS = (apps.gpodder, apps.newsboat, apps.podget)
FEEDS = ("public", "private", "basic")


@pytest.fixture(params=FEEDS)
def feed(request):
    """Return a feed of each kind: for everybody, for a listener by a path, and by a password."""
    if request.param == "public":
        return public_feed(request.getfixturevalue("show"))
    name = f"Mara{token_hex(4)}"
    show = request.getfixturevalue("private_show")
    return listeners_feed(show, name, is_basic=request.param == "basic")


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.__name__)
def test_apps_subscribe_list_and_download(feed, app, tmp_path):
    """What an app shows of an episode is what we say of it, and it gets the very bytes."""
    heard = app(feed.url, tmp_path)
    assert sorted(heard.downloads) == sorted(feed.show.sounds.values())
    if heard.listed is not None:
        wanted = {each["guid"]: facts_of(feed.base_url, each) for each in feed.show.episodes}
        assert heard.listed == {
            guid: {name: wanted[guid][name] for name in facts}
            for guid, facts in heard.listed.items()
        }
        assert set(heard.listed) == set(wanted)


def test_gpodder_that_asks_again_gets_an_empty_answer(show, tmp_path):
    """The second look at a feed that has not changed is answered by 304."""
    apps.gpo_subscribe(show.feed_url, tmp_path)
    before = show.count("feed", 304)
    apps.gpo("update", home=tmp_path)
    assert show.count("feed", 304) == before + 1


def test_gpodder_goes_on_where_a_download_ended(show, tmp_path):
    """It asks for the rest of each file alone, and has the very bytes."""
    apps.gpo_subscribe(show.feed_url, tmp_path)
    folder = apps.gpodder_folder(tmp_path)
    for name, sound in show.sounds.items():
        (folder / f"{name}.partial").write_bytes(sound[:300_000])
    whole, parts = show.count("audio", 200), show.count("audio", 206)
    apps.gpo("download", home=tmp_path)
    assert sorted(apps.bytes_below(tmp_path)) == sorted(show.sounds.values())
    assert show.count("audio", 200) == whole
    assert show.count("audio", 206) == parts + len(show.sounds)


def test_feedparser_agrees(show):
    """No fault, our titles, GUIDs and enclosures; with the tag it gets 304."""
    parsed = feedparser.parse(show.feed_url)
    assert (parsed.bozo, parsed.status, parsed.feed.title) == (False, 200, TITLE)
    for each, mine in zip(parsed.entries, show.episodes, strict=True):
        facts, (sound,) = facts_of(show.base_url, mine), each.enclosures
        assert (each.id, each.title) == (mine["guid"], facts["title"])
        assert (sound.href, int(sound.length)) == (facts["url"], facts["bytes"])
        assert int(each.itunes_duration) == facts["seconds"]
    again = feedparser.parse(show.feed_url, etag=parsed.etag)
    assert (again.status, again.entries) == (304, [])


def test_all_that_a_feed_names_is_served(feed):
    """Pages, covers, sound, transcripts and chapters, each as what the feed says that it is."""
    with urlopen(f"{feed.base_url}feed.xml") as answer:
        read = fromstring(answer.read())
    named = [(each.get("url") or each.get("href") or each.text, each) for each in read.iter()]
    ours = [(url, e.get("type")) for url, e in named if (url or "").startswith(feed.base_url)]
    assert len(ours) > 20
    for url, kind in ours:
        with urlopen(url) as answer:
            assert answer.status == 200
            assert kind in {None, answer.headers.get_content_type()}


def test_podcastparser_agrees(show):
    """The parser of gPodder reads titles, lengths, durations, links and notes."""
    with urlopen(show.feed_url) as answer:
        parsed = podcastparser.parse(show.feed_url, answer)
    assert parsed["title"] == TITLE
    for each, mine in zip(parsed["episodes"], show.episodes, strict=True):
        facts, (sound,) = facts_of(show.base_url, mine), each["enclosures"]
        assert (each["guid"], each["title"]) == (mine["guid"], facts["title"])
        assert (each["total_time"], each["link"]) == (facts["seconds"], facts["page"])
        assert (sound["url"], sound["file_size"]) == (facts["url"], facts["bytes"])
        assert sound["mime_type"] == "audio/mpeg"
        assert "Ana Ruiz" in each["description_html"]


@pytest.fixture(scope="module")
def partytime(show, from_npm):
    """Return what podcast-partytime makes of the feed."""
    with urlopen(show.feed_url) as answer:
        feed = answer.read()
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("partytime.mjs"))],
        cwd=from_npm,
        input=feed,
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_partytime_reads_the_podcast_namespace(show, partytime):
    """Transcripts, chapters, people and the moment to quote, at addresses that are served."""
    assert partytime["title"] == TITLE
    for item, mine in zip(partytime["items"], show.episodes, strict=True):
        facts, sound = facts_of(show.base_url, mine), item["enclosure"]
        assert (item["guid"], item["title"]) == (mine["guid"], facts["title"])
        assert (sound["url"], sound["length"]) == (facts["url"], facts["bytes"])
        assert (item["duration"], item["link"]) == (facts["seconds"], facts["page"])
        folder = f"{show.base_url}{mine['directory']}/"
        assert {(each["url"], each["language"]) for each in item["podcastTranscripts"]} == {
            (f"{folder}transcript.{kind}", "en") for kind in ("vtt", "srt", "json", "html")
        }
        assert {"name": "Ana Ruiz", "role": "Guest", "group": "Cast"} in item["podcastPeople"]
        (bite,) = item["podcastSoundbites"]
        end_s = bite["startTime"] + bite["duration"]
        assert 0 < bite["startTime"] < end_s <= mine["enclosure"]["duration_ms"] / 1000
    seen = {tag for tags in partytime["pc20support"].values() for tag in tags}
    assert seen >= {"transcript", "chapters", "person", "soundbite", "guid", "medium"}


def test_partytime_leads_to_the_chapters_and_transcripts_that_we_wrote(show, partytime):
    """What lies at the addresses is what lies in the folder, under the type that is told."""
    for item, mine in zip(partytime["items"], show.episodes, strict=True):
        for told in (item["podcastChapters"], *item["podcastTranscripts"]):
            with urlopen(told["url"]) as answer:
                # partytime calls SubRip by its other name.
                kind = answer.headers.get_content_type().replace("x-subrip", "srt")
                content = answer.read()
            written = show.root / mine["directory"] / told["url"].rpartition("/")[2]
            assert (kind, content) == (told["type"], written.read_bytes())


def test_the_chapters_that_are_told_are_those_of_the_manifest(show, partytime):
    """A chapter for each part of the article, where it begins."""
    for item, mine in zip(partytime["items"], show.episodes, strict=True):
        with urlopen(item["podcastChapters"]["url"]) as answer:
            told = json.load(answer)["chapters"]
        starts = [(each["title"], round(each["startTime"] * 1000)) for each in told]
        assert starts == [(each["title"], each["start_ms"]) for each in mine["chapters"]]
        assert [title for title, _ in starts][1:] == ["What was built", "What it costs"]


def facts_of(base_url, episode):
    """Return what apps may show of an episode of the feed whose addresses begin so."""
    sound = episode["enclosure"]
    folder = f"{base_url}{episode['directory']}/"
    return {
        "title": episode["title"],
        "url": f"{folder}{sound['file']}",
        "kind": "audio/mpeg",
        "bytes": sound["bytes"],
        "seconds": round(sound["duration_ms"] / 1000),
        "page": f"{folder}index.html",
    }
