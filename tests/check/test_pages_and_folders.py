"""Feeds of several pages, and folders with feeds that are not ours."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audiobrief.check.folder import check_folder, check_path
from audiobrief.check.rule import Level
from audiobrief.errors import StoreError
from audiobrief.publish.feed import render_pages
from tests.publish.shows import make_episode, make_show, write_folder

NOW = datetime(2025, 1, 1, tzinfo=UTC)
FEEDS = Path(__file__).parent / "feeds"


@pytest.fixture(scope="module")
def paged(tmp_path_factory):
    """Return a folder of ours with five episodes on three pages."""
    folder = tmp_path_factory.mktemp("paged") / "episodes"
    first = make_episode()
    episodes = [
        replace(
            first,
            guid=f"guid-{number}",
            title=f"Ferry number {'abcde'[number]}",
            directory=f"2024-05-{17 + number}-ferry",
            published=first.published + timedelta(days=number),
        )
        for number in range(5)
    ]
    published = write_folder(folder, make_show(), episodes)
    for name, content in render_pages(make_show(), published, 2).items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def folder(paged, tmp_path):
    """Return a copy of it, which a test may break."""
    return shutil.copytree(paged, tmp_path / "episodes")


def test_all_pages_of_a_good_feed_are_read_and_good(folder):
    """Every episode is asked for once."""
    seen = []
    findings = check_folder(folder, now=NOW, progress=lambda *event: seen.append(event))
    assert findings == []
    assert [event[:2] for event in seen] == [(number, 5) for number in range(5)]


def test_a_guid_that_comes_again_on_another_page_is_found(folder):
    """Apps would show one of the two."""
    page = folder / "feed-2.xml"
    page.write_text(page.read_text(encoding="utf-8").replace("guid-0", "guid-4"), encoding="utf-8")
    found = check_folder(folder, now=NOW)
    assert ("I5", "feed.xml") in {(f.rule, f.where) for f in found}


def test_a_page_that_is_not_there_is_a_must(folder):
    """Its episodes are lost to everybody."""
    (folder / "feed-2.xml").unlink()
    (finding,) = check_folder(folder, now=NOW)
    assert (finding.rule, finding.level) == ("S5", Level.MUST)
    assert "feed-2.xml" in finding.message


def test_a_broken_page_is_named(folder):
    """Not the first one."""
    (folder / "feed-2.xml").write_bytes(b"<rss")
    found = check_folder(folder, now=NOW)
    assert ("F1", "feed-2.xml") in {(f.rule, f.where) for f in found}


def test_a_sound_of_a_later_page_is_looked_at(folder):
    """As those of the first."""
    next(folder.glob("2024-05-17-ferry/*.mp3")).unlink()
    assert {(f.rule, f.where) for f in check_folder(folder, now=NOW)} == {("I2", "Ferry number a")}


def test_a_feed_alone_tells_only_what_it_has(paged, tmp_path):
    """Neither its files nor its further pages are missed."""
    path = shutil.copy(paged / "feed.xml", tmp_path / "any-name.rss")
    assert check_path(Path(path), now=NOW) == []


def test_a_folder_with_nothing_but_a_feed_of_others_misses_no_files(tmp_path):
    """Its sounds are somewhere on the web."""
    shutil.copy(FEEDS / "good.xml", tmp_path / "feed.xml")
    assert check_folder(tmp_path, now=NOW) == []


def test_files_of_others_are_found_by_the_end_of_their_addresses(tmp_path):
    """Two of the three sounds are there: the lengths of both are wrong, the third is missing."""
    shutil.copy(FEEDS / "good.xml", tmp_path / "podcast.xml")
    feed = tmp_path / "podcast.xml"
    moved = feed.read_text(encoding="utf-8").replace("media.pier.example/", "pier.example/audio/")
    feed.write_text(moved, encoding="utf-8")
    (tmp_path / "audio").mkdir()
    for name in ("night-ferry.mp3", "buoys.mp3"):
        (tmp_path / "audio" / name).write_bytes(b"no sound")
    found = {(f.rule, f.where) for f in check_folder(tmp_path, now=NOW)}
    assert {("I3", "The night ferry"), ("I3", "Who paints the buoys")} <= found
    assert ("I2", "Salt & iron") in found


def test_files_on_another_host_are_not_missed(tmp_path):
    """Some of the sounds are here, others are on a host of their own."""
    shutil.copy(FEEDS / "good.xml", tmp_path / "feed.xml")
    (tmp_path / "buoys.mp3").write_bytes(b"no sound")
    found = {(f.rule, f.where) for f in check_folder(tmp_path, now=NOW)}
    assert ("I3", "Who paints the buoys") in found
    assert "I2" not in {rule for rule, _ in found}


def test_of_several_feeds_none_is_guessed(tmp_path):
    """The one to check has to be named."""
    for name in ("a.xml", "b.rss"):
        shutil.copy(FEEDS / "good.xml", tmp_path / name)
    with pytest.raises(StoreError, match="several XML files"):
        check_folder(tmp_path, now=NOW)


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_the_command_prints_the_book(audiobrief, arguments):
    """Every number with its level, what it asks for and who asks for it."""
    run = audiobrief("check", "--rules", *arguments)
    assert run.code == 0
    if arguments:
        assert {"number", "level", "title", "source", "needs"} <= run.json["rules"][0].keys()
        assert len({row["number"] for row in run.json["rules"]}) == 62
    else:
        assert run.stdout.startswith("F1   must")


def test_the_command_groups_by_rule_and_tells_the_musts_first(audiobrief):
    """And says what is more than a few."""
    run = audiobrief("check", str(FEEDS / "no-itunes.xml"))
    heads = [line.split()[:2] for line in run.stdout.splitlines() if not line.startswith(" ")]
    assert heads[:2] == [["F2", "must"], ["F3", "must"]]
    assert [level for _, level in heads[:-1]] == ["must"] * 5 + ["should"] * 4
    assert run.stdout.splitlines()[-1].startswith("5 must, 6 should: ")
    assert run.code == 1


def test_the_command_succeeds_where_nothing_must_be_mended(audiobrief):
    """Advice is no failure."""
    run = audiobrief("check", str(FEEDS / "castopod.xml"), "--json")
    assert run.code == 0
    assert [f["level"] for f in run.json["findings"]] == ["should"]


def test_the_command_says_what_is_not_there(audiobrief):
    """A path that leads nowhere."""
    run = audiobrief("check", "nowhere")
    assert run.code == 1
    assert "no such file or folder" in run.stderr


def test_the_command_takes_a_workspace_for_its_episodes(audiobrief, paged):
    """Whoever names the folder above means what is in it."""
    run = audiobrief("check", str(paged.parent))
    assert run.code == 0
    assert run.stdout.splitlines()[-1] == f"0 must, 0 should: {paged}"
