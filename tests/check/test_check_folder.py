"""The rule book on whole folders: what a user's `audiobrief check` rests on."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from mutagen.id3 import ID3

from audiobrief.check.facts import parse_feed
from audiobrief.check.files import folder_of
from audiobrief.check.folder import check_folder
from audiobrief.check.rule import Finding, Level
from audiobrief.errors import StoreError
from tests.publish.shows import make_episode, make_show, write_folder

NOW = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a good folder with two episodes, for all tests."""
    first = make_episode()
    second = replace(
        first,
        guid="second",
        title="Fares stay as they are",
        directory="2024-05-18-fares",
        published=first.published + timedelta(days=1),
        enclosure=replace(first.enclosure, file="fares-00000000.mp3"),
    )
    episodes = tmp_path_factory.mktemp("built") / "episodes"
    write_folder(episodes, make_show(), [first, second])
    return episodes


@pytest.fixture
def folder(built, tmp_path):
    """Return a copy of it, which a test may break."""
    return shutil.copytree(built, tmp_path / "episodes")


def test_a_good_folder_has_no_findings(folder):
    """Two episodes, every file in place."""
    assert check_folder(folder, now=NOW) == []


def test_progress_names_each_episode_before_it_is_read(folder):
    """The newest first, as in the feed."""
    seen = []
    check_folder(folder, now=NOW, progress=lambda *event: seen.append(event))
    assert seen == [
        (0, 2, "Fares stay as they are"),
        (1, 2, "Ferry returns to Harbor Island"),
    ]


def test_a_missing_sound_is_named_by_its_episode(folder):
    """Only the episode without its MP3 is reported."""
    next(folder.glob("*/fares-*.mp3")).unlink()
    findings = check_folder(folder, now=NOW)
    assert {f.where for f in findings} == {"Fares stay as they are"}
    assert ("I2", Level.MUST) in {(f.rule, f.level) for f in findings}


def test_a_truncated_sound_breaks_length_and_hash(folder):
    """The MP3 is shorter than feed and manifest say."""
    path = next(folder.glob("*/fares-*.mp3"))
    path.write_bytes(path.read_bytes()[:-4000])
    assert {"I3", "I6"} <= {f.rule for f in check_folder(folder, now=NOW)}


def test_a_sound_without_tags_breaks_a5(folder):
    """The tags are read from the file itself."""
    ID3(next(folder.glob("*/fares-*.mp3"))).delete()
    assert "A5" in {f.rule for f in check_folder(folder, now=NOW)}


def test_noise_in_place_of_the_sound_is_reported_not_raised(folder):
    """A file that no library can read."""
    next(folder.glob("*/fares-*.mp3")).write_bytes(b"\x00noise" * 1000)
    assert {"A1", "A5", "I3", "I6"} <= {f.rule for f in check_folder(folder, now=NOW)}


def test_a_damaged_manifest_is_reported_not_raised(folder):
    """The manifest cannot be parsed."""
    next(folder.glob("*fares*/episode.json")).write_text("{", encoding="utf-8")
    assert [f.rule for f in check_folder(folder, now=NOW)] == ["I6"]


def test_a_transcript_in_another_encoding_is_reported_not_raised(folder):
    """Bytes that are no UTF-8."""
    next(folder.glob("*fares*/transcript.vtt")).write_bytes(b"WEBVTT\n\n\xff\xfe")
    assert [f.rule for f in check_folder(folder, now=NOW)] == ["T1"]


def test_a_missing_cover_breaks_f7(folder):
    """The cover's URL names no file."""
    (folder / "cover.jpg").unlink()
    findings = check_folder(folder, now=NOW)
    assert [(f.rule, f.where) for f in findings] == [("F7", "feed.xml")]


def test_a_feed_that_is_no_xml_has_one_finding(folder):
    """Nothing else can be said about it."""
    (folder / "feed.xml").write_bytes(b"<?xml version='1.0' encoding='UTF-8'?><rss>")
    findings = check_folder(folder, now=NOW)
    assert [(f.rule, f.level, f.where) for f in findings] == [("F1", Level.MUST, "feed.xml")]


DAMAGES = {
    "emptied": lambda _: b"",
    "cut in half": lambda content: content[: len(content) // 2],
    "noise": lambda content: bytes(255 - byte for byte in content),
    "infinite": lambda content: content.replace(b": 8", b": 1e999").replace(b"2.0", b"1e999"),
}
FILES = [
    "feed.xml",
    "cover.jpg",
    "*fares*/*.mp3",
    "*fares*/episode.json",
    "*fares*/transcript.vtt",
    "*fares*/transcript.srt",
    "*fares*/transcript.json",
    "*fares*/chapters.json",
]


@pytest.mark.parametrize("damage", ["emptied", "cut in half", "noise"])
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_found_and_never_raised(folder, name, damage):
    """Whatever is wrong with whatever file."""
    path = next(folder.glob(name))
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    assert any(f.level is Level.MUST for f in check_folder(folder, now=NOW))


@pytest.mark.parametrize("name", ["*fares*/transcript.json", "*fares*/chapters.json"])
def test_infinite_times_are_found_and_never_raised(folder, name):
    """Valid JSON that no clock can show."""
    path = next(folder.glob(name))
    path.write_bytes(DAMAGES["infinite"](path.read_bytes()))
    assert any(f.level is Level.MUST for f in check_folder(folder, now=NOW))


def test_an_absent_feed_is_an_error_with_a_remedy(tmp_path):
    """There is nothing to check."""
    with pytest.raises(StoreError, match="there is no feed") as caught:
        check_folder(tmp_path)
    assert caught.value.remedy == "audiobrief build ARTICLE"


def test_the_clock_decides_what_is_in_the_future(folder):
    """The same folder, seen the day before."""
    early = datetime(2024, 5, 17, 12, tzinfo=UTC)
    assert {f.rule for f in check_folder(folder, now=early)} == {"I7"}


def test_an_episode_that_says_nothing_of_its_voice_breaks_a6(tmp_path):
    """The feed declares a synthetic voice, the opening does not."""
    episode = make_episode()
    silent = tuple(s for s in episode.segments if "synthetic" not in s.text)
    write_folder(tmp_path, make_show(), [replace(episode, segments=silent)])
    assert [f.rule for f in check_folder(tmp_path, now=NOW)] == ["A6"]


def test_urls_never_lead_out_of_the_folder(folder):
    """Dots, NUL and foreign hosts' paths find no file."""
    feed = parse_feed((folder / "feed.xml").read_bytes(), now=NOW)
    base = "https://example.org/pod/"
    urls = ["../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "a%00b", ""]
    found = [folder_of(feed, folder).find(base + url if url else "") for url in urls]
    assert found == [None] * 4


def test_a_feed_without_channel_is_reported_not_raised(tmp_path):
    """XML, but no podcast."""
    (tmp_path / "feed.xml").write_bytes(b"<?xml version='1.0' encoding='UTF-8'?><show/>")
    findings = check_folder(tmp_path, now=NOW)
    assert {"F2", "F3", "F4", "F5", "F8"} <= {f.rule for f in findings}
    assert all(isinstance(f, Finding) for f in findings)


def test_parsing_a_feed_needs_no_disk():
    """Facts about bytes alone."""
    assert list(parse_feed(b"<rss/>", now=NOW).page.items()) == []
