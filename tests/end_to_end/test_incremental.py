"""Only what changed is done again."""

import shutil

from tests.support import (
    ARTICLE,
    EDITED,
    OTHER,
    invariant,
    manifest,
    only,
    snapshot,
)


def test_a_first_build_makes_an_episode_and_a_feed(build, workspace):
    """The report tells what was done, and the folder holds it."""
    episode = only(build())
    assert episode["outcome"] == "built"
    assert episode["cached"] == 0
    assert episode["synthesized"] == len(manifest(workspace)["segments"])
    assert invariant(workspace / "episodes") == []


def test_a_second_build_touches_no_file(build, workspace):
    """Nothing changed: no synthesis, and no time of change moves."""
    build()
    before = snapshot(workspace / "episodes")
    episode = only(build())
    assert (episode["outcome"], episode["synthesized"]) == ("unchanged", 0)
    assert snapshot(workspace / "episodes") == before


def test_one_changed_word_costs_one_clip(build, workspace):
    """The sound gets a new name, the episode keeps its GUID and its directory."""
    first = only(build())
    old = manifest(workspace)
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    second = only(build())
    assert second["synthesized"] == 1
    assert (second["guid"], second["directory"]) == (first["guid"], first["directory"])
    assert manifest(workspace)["enclosure"]["file"] != old["enclosure"]["file"]
    assert len(list(workspace.glob("episodes/*/*.mp3"))) == 1
    assert invariant(workspace / "episodes") == []


def test_another_order_costs_no_clip(build, workspace):
    """Sentences are found again wherever they stand."""
    build()
    lines = ARTICLE.split("\n\n")
    lines[3], lines[5] = lines[5], lines[3]
    (workspace / "articles" / "ferry.txt").write_text("\n\n".join(lines), encoding="utf-8")
    episode = only(build())
    assert (episode["outcome"], episode["synthesized"]) == ("built", 0)


def test_changed_furniture_costs_no_clip(build, workspace):
    """What is not spoken changes the ledger, not the sound."""
    build()
    name = manifest(workspace)["enclosure"]["file"]
    text = ARTICLE.replace("Sign up for our newsletter", "Subscribe to our newsletter today")
    (workspace / "articles" / "ferry.txt").write_text(text, encoding="utf-8")
    assert only(build())["synthesized"] == 0
    assert manifest(workspace)["enclosure"]["file"] == name


def test_a_second_article_leaves_the_first_episode_alone(build, workspace):
    """Its files keep their bytes and times; the feed names both."""
    first = only(build())
    directory = workspace / first["directory"]
    before = snapshot(directory)
    text = ARTICLE.replace("Ferry", "Tram").replace("ferry", "tram").replace("Ana Ruiz", "Lee Ong")
    (workspace / "articles" / "tram.txt").write_text(text, encoding="utf-8")
    run = build()
    assert [e["outcome"] for e in run.json["episodes"]] == ["unchanged", "built"]
    assert snapshot(directory) == before
    assert invariant(workspace / "episodes") == []


def test_a_build_from_nothing_gives_the_same_bytes(build, workspace):
    """Same article, settings and date: the same, however sets are ordered."""
    env = {"SOURCE_DATE_EPOCH": "1767225600"}
    build(env={**env, "PYTHONHASHSEED": "1"})
    first = {k: v[1] for k, v in snapshot(workspace / "episodes").items()}
    shutil.rmtree(workspace / "episodes")
    shutil.rmtree(workspace / ".audiobrief")
    build(env={**env, "PYTHONHASHSEED": "2"})
    assert {k: v[1] for k, v in snapshot(workspace / "episodes").items()} == first


def test_a_dry_run_changes_nothing(build, workspace):
    """It says how many clips are there and how many would be made."""
    planned = only(build("--dry-run"))
    assert planned["synthesized"] > 0
    assert not (workspace / "episodes").exists()
    made = only(build())
    assert made["synthesized"] == planned["synthesized"]
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    before = snapshot(workspace / "episodes")
    assert only(build("--dry-run"))["synthesized"] == 1
    assert snapshot(workspace / "episodes") == before


def test_damage_is_mended_by_the_next_build(build, workspace):
    """A flipped bit, a missing transcript: made again from the clips, byte for byte."""
    build()
    before = snapshot(workspace / "episodes")
    (sound,) = workspace.glob("episodes/*/*.mp3")
    content = bytearray(sound.read_bytes())
    content[len(content) // 2] ^= 1
    sound.write_bytes(content)
    next(workspace.glob("episodes/*/transcript.vtt")).unlink()
    episode = only(build())
    assert (episode["outcome"], episode["synthesized"]) == ("built", 0)
    after = snapshot(workspace / "episodes")
    skip = {k for k in before if k.endswith("episode.json")}
    assert {k: v[1] for k, v in after.items() if k not in skip} == {
        k: v[1] for k, v in before.items() if k not in skip
    }


def test_standard_input_is_an_article(build):
    """Two different texts from a pipe are two episodes, the same one twice is one."""
    first = only(build("-", stdin=ARTICLE))
    second = only(build("-", stdin=OTHER))
    again = only(build("-", stdin=ARTICLE))
    assert first["guid"] != second["guid"]
    assert (again["guid"], again["outcome"]) == (first["guid"], "unchanged")


def test_an_episode_that_was_removed_leaves_the_feed(build, workspace):
    """Its folder is the truth; a feed without any episode is withdrawn, and said so."""
    build()
    (workspace / "two.txt").write_text(OTHER, encoding="utf-8")
    build("two.txt")
    (folder,) = (workspace / "episodes").glob("*library*")
    shutil.rmtree(folder)
    build("articles")
    assert invariant(workspace / "episodes") == []
    shutil.rmtree(workspace / "episodes" / only(build("articles"))["directory"].split("/")[1])
    (workspace / "articles" / "ferry.txt").write_text("Gone", encoding="utf-8")
    run = build()
    assert run.json["feed"] is None
    assert run.json["warnings"] == ["no episode is left to publish: feed.xml was removed"]
    assert not (workspace / "episodes" / "feed.xml").exists()


def test_a_damaged_feed_is_mended_by_any_build(build, workspace):
    """Also by one that has nothing else to do."""
    build()
    feed = workspace / "episodes" / "feed.xml"
    content = feed.read_bytes()
    feed.write_bytes(content[:-100])
    assert only(build())["outcome"] == "unchanged"
    assert feed.read_bytes() == content


def test_files_of_a_killed_run_are_replaced(build, workspace):
    """Transcripts newer than their manifest, text restored: the next build mends them."""
    build()
    before = {k: v[1] for k, v in snapshot(workspace / "episodes").items()}
    (path,) = workspace.glob("episodes/*/transcript.vtt")
    path.write_text("WEBVTT\n\n00:00.500 --> 00:01.000\nOther\n", encoding="utf-8")
    build()
    after = {k: v[1] for k, v in snapshot(workspace / "episodes").items()}
    skip = {k for k in before if k.endswith("episode.json")}
    assert {k: v for k, v in after.items() if k not in skip} == {
        k: v for k, v in before.items() if k not in skip
    }


def test_a_missing_transcript_of_an_untouched_episode_is_rendered(build, workspace):
    """Also when a build is about another article, the feed names nothing that is missing."""
    build()
    (path,) = workspace.glob("episodes/*/transcript.vtt")
    content = path.read_bytes()
    path.unlink()
    (workspace / "two.txt").write_text(OTHER, encoding="utf-8")
    build("two.txt")
    assert path.read_bytes() == content


def test_other_peoples_sound_is_left_alone(build, workspace):
    """Garbage is what audiobrief made itself."""
    build()
    (folder,) = (p.parent for p in workspace.glob("episodes/*/episode.json"))
    (folder / "interview.mp3").write_bytes(b"mine")
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    build()
    assert len(list(folder.glob("*.mp3"))) == 2
    assert (folder / "interview.mp3").read_bytes() == b"mine"
