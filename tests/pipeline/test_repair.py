"""``repair`` and ``search``: what follows from manifests is made anew; what is lost is named."""

import json
import os
import random
import shutil

import pytest

from audiobrief.cli.inputs import gather_inputs
from audiobrief.model.report import Result
from audiobrief.pipeline.build import build
from audiobrief.pipeline.cut_off import begin_release
from audiobrief.pipeline.mend import SET_ASIDE
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.repair import repair
from audiobrief.pipeline.search import search
from audiobrief.store.said import SAID_NAME
from audiobrief.workspace.load import load_workspace
from tests.pipeline.press import NOW
from tests.support import ARTICLE, OTHER, snapshot

TONE = BuildOptions(engine="tone")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a show of two episodes."""
    folder = tmp_path_factory.mktemp("repair")
    (folder / "articles").mkdir()
    (folder / "audiobrief.toml").write_text('[show]\ntitle = "Post"\n', encoding="utf-8")
    (folder / "articles" / "ferry.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "articles" / "library.txt").write_text(OTHER, encoding="utf-8")
    report = rebuild(folder)
    assert {outcome.result for outcome in report.outcomes} == {Result.BUILT}
    return folder


@pytest.fixture
def show(built, tmp_path):
    """Return a copy of it that may be damaged."""
    return shutil.copytree(built, tmp_path / "show")


def rebuild(folder):
    """Build the inbox."""
    workspace = load_workspace(folder)
    return build(workspace, gather_inputs((), workspace), now=NOW, options=TONE)


def mend(folder, **more):
    """Repair the show."""
    return repair(load_workspace(folder), now=NOW, **more)


def episodes_of(folder):
    """Return the bytes of all that is served."""
    return {name: content for name, (_, content) in snapshot(folder / "episodes").items()}


def home_of(folder, word):
    """Return the folder of an episode."""
    (home,) = (folder / "episodes").glob(f"*{word}*/")
    return home


def test_a_whole_show_is_made_anew_byte_for_byte(show):
    """And nothing is said to be mended."""
    before = episodes_of(show)
    shutil.rmtree(show / ".audiobrief")
    report = mend(show)
    assert (report.episodes, report.mended, report.lost) == (2, (), ())
    assert report.feed == "episodes/feed.xml"
    assert episodes_of(show) == before


def test_what_can_be_rendered_is(show):
    """Pages, transcripts, feed, and who the show is; a dry run only says so."""
    before = episodes_of(show)
    home = home_of(show, "ferry")
    (home / "transcript.vtt").unlink()
    (home / "index.html").write_bytes(b"gone")
    (show / "episodes" / "show.json").write_bytes(b"{")
    (show / "episodes" / "index.html").unlink()
    damaged = episodes_of(show)
    told = mend(show, dry_run=True)
    assert episodes_of(show) == damaged
    report = mend(show)
    assert report.mended == told.mended
    assert len(report.mended) == 4
    assert report.lost == ()
    assert episodes_of(show) == before


@pytest.mark.parametrize("has_notes", [True, False])
def test_a_feed_that_was_cut_off_is_told_and_made_anew(show, has_notes):
    """With its size, and of how many episodes; also where the cache is gone."""
    before = episodes_of(show)
    feed = show / "episodes" / "feed.xml"
    feed.write_bytes(feed.read_bytes()[:300])
    if not has_notes:
        shutil.rmtree(show / ".audiobrief")
    told = mend(show, dry_run=True)
    assert len(feed.read_bytes()) == 300
    report = mend(show)
    assert report.mended == told.mended
    (line,) = report.mended
    assert line == (
        "episodes/feed.xml is cut off or damaged: 300 bytes without </rss>; "
        "made anew from the manifests of 2 episodes"
    )
    assert episodes_of(show) == before
    assert mend(show).mended == ()


@pytest.mark.parametrize("name", ["feed.xml", "index.html"])
def test_a_flipped_bit_of_the_feed_is_told(show, name):
    """It still ends as it should; what was written is known."""
    before = episodes_of(show)
    path = show / "episodes" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    told = mend(show, dry_run=True)
    (line,) = told.mended
    assert line == (
        f"episodes/{name} is another one than was written; "
        "made anew from the manifests of 2 episodes"
    )
    assert mend(show).mended == told.mended
    assert episodes_of(show) == before


def test_a_feed_of_a_release_that_was_cut_off_is_told(show):
    """It is whole, and the one of before."""
    workspace = load_workspace(show)
    feed = show / "episodes" / "feed.xml"
    old = feed.read_bytes()
    text = ARTICLE.replace("every bolt", "each bolt")
    (show / "articles" / "ferry.txt").write_text(text, encoding="utf-8")
    rebuild(show)
    new = feed.read_bytes()
    assert new != old
    feed.write_bytes(old)
    begin_release(workspace)
    (line,) = mend(show, dry_run=True).mended
    assert line.startswith("episodes/feed.xml is an old one: the last release was cut off; made")
    assert mend(show).mended == (line,)
    assert feed.read_bytes() == new


def test_a_feed_that_loses_an_episode_is_told(show):
    """It was whole, and tells of less now."""
    (sound,) = home_of(show, "ferry").glob("*.mp3")
    sound.unlink()
    report = mend(show)
    assert len(report.lost) == 1
    assert (
        "episodes/feed.xml is not what manifests and settings say; "
        "made anew from the manifests of 1 episode"
    ) in report.mended


def test_a_damaged_feed_of_a_show_without_a_name_is_lost(show):
    """Nothing can be made anew as long as nobody knows which show it is."""
    (show / "episodes" / "show.json").write_bytes(b"{")
    (show / "episodes" / "feed.xml").write_bytes(b"")
    report = mend(show)
    assert report.feed is None
    assert [error.subject.rpartition("/")[2] for error in report.lost] == ["show.json", "feed.xml"]
    assert "restore episodes/show.json" in report.lost[1].remedy
    assert (show / "episodes" / "feed.xml").read_bytes() == b""


def test_nothing_is_missed_where_nothing_is_published(show):
    """A show that waits for approval has no feed yet, and needs none."""
    for home in (home_of(show, "ferry"), home_of(show, "library")):
        shutil.rmtree(home)
    assert rebuild(show).outcomes
    with (show / "audiobrief.toml").open("a", encoding="utf-8") as settings:
        settings.write("[publish]\nrequire_approval = true\n")
    for home in (home_of(show, "ferry"), home_of(show, "library")):
        shutil.rmtree(home)
    rebuild(show)
    assert not (show / "episodes" / "feed.xml").exists()
    assert mend(show, dry_run=True).mended == ()
    assert mend(show).mended == ()


def test_a_sound_that_is_lost_is_named_and_its_article_brings_it_back(show):
    """The feed does without it meanwhile."""
    (sound,) = home_of(show, "ferry").glob("*.mp3")
    feed = (show / "episodes" / "feed.xml").read_bytes()
    content = sound.read_bytes()
    sound.write_bytes(content[:-1])
    (error,) = mend(show).lost
    assert error.subject.endswith(sound.name)
    assert "audiobrief build articles/ferry.txt" in error.remedy
    assert sound.name.encode() not in (show / "episodes" / "feed.xml").read_bytes()
    rebuild(show)
    assert sound.read_bytes() == content
    assert (show / "episodes" / "feed.xml").read_bytes() == feed


def test_a_sound_in_another_folder_is_found_by_its_digest(show):
    """Its name tells which manifest it belonged to."""
    (sound,) = home_of(show, "ferry").glob("*.mp3")
    content = sound.read_bytes()
    sound.rename(home_of(show, "library") / sound.name)
    report = mend(show)
    assert report.lost == ()
    assert "brought back" in report.mended[0]
    assert sound.read_bytes() == content


def test_a_manifest_that_is_lost_is_set_aside_and_built_under_its_guid(show):
    """Only where that is proven: a build makes that GUID of that text."""
    path = home_of(show, "ferry") / "episode.json"
    content = path.read_bytes()
    guid = json.loads(content)["guid"]
    path.write_bytes(content[: len(content) // 2])
    damaged = path.read_bytes()
    (error,) = mend(show).lost
    assert "audiobrief build articles/ferry.txt" in error.remedy
    assert (path.with_name(SET_ASIDE)).read_bytes() == damaged
    outcomes = {o.locator: o for o in rebuild(show).outcomes}
    assert outcomes["articles/ferry.txt"].guid == guid


def test_a_manifest_that_is_gone_is_named_and_its_article_brings_it_back(show):
    """No feed can tell of it; the sound beside it is not forgotten."""
    before = episodes_of(show)
    home = home_of(show, "ferry")
    (home / "episode.json").unlink()
    report = mend(show)
    (error,) = report.lost
    assert "the manifest is missing" in error.problem
    assert ".mp3" in error.problem
    assert error.subject == f"episodes/{home.name}/episode.json"
    rebuild(show)
    assert mend(show).lost == ()
    after = episodes_of(show)
    assert {n for n in after if n.endswith((".mp3", "feed.xml"))} == {
        n for n in before if n.endswith((".mp3", "feed.xml"))
    }


def test_an_article_is_not_built_twice_while_its_manifest_is_damaged(show):
    """Under another folder and date, listeners would get it again."""
    path = home_of(show, "ferry") / "episode.json"
    content = path.read_bytes()
    path.write_bytes(content[:-200])
    folders = sorted((show / "episodes").iterdir())
    outcomes = {o.locator: o for o in rebuild(show).outcomes}
    failed = outcomes["articles/ferry.txt"]
    assert failed.result is Result.FAILED
    assert failed.error.subject == str(path)
    assert sorted((show / "episodes").iterdir()) == folders
    path.write_bytes(content)
    outcomes = {o.locator: o for o in rebuild(show).outcomes}
    assert outcomes["articles/ferry.txt"].result is Result.UNCHANGED


def test_an_edited_article_is_not_built_twice_while_its_manifest_is_damaged(show):
    """Its text is another; its file is the one that the manifest names."""
    path = home_of(show, "ferry") / "episode.json"
    content = path.read_bytes()
    path.write_bytes(content[:-200])
    article = show / "articles" / "ferry.txt"
    article.write_text(article.read_text(encoding="utf-8") + "\nFares stay as they are.\n")
    folders = sorted((show / "episodes").iterdir())
    failed = {o.locator: o for o in rebuild(show).outcomes}["articles/ferry.txt"]
    assert (failed.result, failed.error.subject) == (Result.FAILED, str(path))
    assert sorted((show / "episodes").iterdir()) == folders
    path.write_bytes(content)
    built = {o.locator: o for o in rebuild(show).outcomes}["articles/ferry.txt"]
    assert (built.result, built.guid) == (Result.BUILT, json.loads(content)["guid"])
    assert sorted((show / "episodes").iterdir()) == folders


def test_a_flipped_bit_of_a_manifest_never_gets_into_the_feed(show):
    """It is taken back with proof, and told once."""
    before = episodes_of(show)
    path = home_of(show, "ferry") / "episode.json"
    content = path.read_bytes()
    dice = random.Random(4)
    for _ in range(12):
        damaged = bytearray(content)
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        path.write_bytes(damaged)
        told = [line for line in rebuild(show).warnings if "one bit flipped" in line]
        assert len(told) == 1
        assert episodes_of(show) == before
    assert not rebuild(show).warnings


def test_an_edit_by_hand_counts_and_is_told_once(show):
    """Unknown fields stay."""
    path = home_of(show, "ferry") / "episode.json"
    data = json.loads(path.read_bytes()) | {"title": "Ferry sails", "mine": [1]}
    path.write_text(json.dumps(data), encoding="utf-8")
    workspace = load_workspace(show)
    report = build(workspace, [], now=NOW, options=TONE)
    assert ["was changed by hand" in line for line in report.warnings] == [True]
    assert b"<title>Ferry sails</title>" in (show / "episodes" / "feed.xml").read_bytes()
    assert json.loads(path.read_bytes())["mine"] == [1]
    assert build(workspace, [], now=NOW, options=TONE).warnings == ()


def test_words_are_found_with_place_and_time(show):
    """All words in one line; the manifest tells what it says; changes are taken in."""
    workspace = load_workspace(show)
    found, damaged = search(workspace, ["TESTED", "plank"], limit=5)
    assert not damaged
    (line,) = found
    assert (line.speaker, line.episode.title) == ("Ana Ruiz", "Ferry returns to the old harbor")
    assert 0 < line.start_ms < line.episode.enclosure.duration_ms
    assert search(workspace, ["plank", "library"], limit=5)[0] == []
    path = home_of(show, "ferry") / "episode.json"
    path.write_bytes(path.read_bytes().replace(b"every plank", b"every beam"))
    assert search(workspace, ["plank"], limit=5)[0] == []
    assert len(search(workspace, ["beam"], limit=5)[0]) == 1


@pytest.mark.parametrize("limit", [3, 4, 50])
def test_lines_of_an_episode_are_in_the_order_in_which_they_are_heard(show, limit):
    """The newest episode comes first; beyond the limit are later lines of the last one."""
    found, _ = search(load_workspace(show), ["the"], limit=50)
    places = [(each.episode.published, each.episode.directory, each.start_ms) for each in found]
    directories = list(dict.fromkeys(directory for _, directory, _ in places))
    assert len(directories) == 2
    expected = sorted(places, key=lambda place: place[1:])
    expected.sort(key=lambda place: place[0], reverse=True)
    assert places == expected
    fewer, _ = search(load_workspace(show), ["the"], limit=limit)
    assert len(fewer) == min(limit, len(found))
    for directory in {each.episode.directory for each in fewer}:
        heard = [each.start_ms for each in fewer if each.episode.directory == directory]
        assert heard == [ms for _, one, ms in places if one == directory][: len(heard)]


def test_a_damaged_index_of_words_is_made_anew(show):
    """Whatever lies there."""
    workspace = load_workspace(show)
    (workspace.cache / SAID_NAME).write_bytes(os.urandom(5000))
    assert len(search(workspace, ["plank"], limit=5)[0]) == 1
