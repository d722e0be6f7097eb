"""Only what changed is done again, and GUIDs never change."""

import json
import shutil

import pytest

from audiobrief.pipeline.recipe import choose_cast
from audiobrief.workspace.load import load_workspace
from tests.support import ARTICLE, invariant, manifest, run_audiobrief, snapshot

OTHER = """\
Council approves a new library

The town council approved a library beside the market on Tuesday, after two years of debate.

Building begins in spring, and the doors open in the autumn of next year, the mayor promised.
"""
EDITED = ARTICLE.replace("six in the morning", "seven in the morning")


def only(run):
    """Return the one episode of a build's report."""
    assert run.code == 0, run.stderr
    (episode,) = run.json["episodes"]
    return episode


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


@pytest.mark.parametrize("change", ["edit", "rename", "lost cache", "new host", "new show"])
def test_the_guid_stays(build, workspace, change):
    """Whatever changes around an article, subscribers see one episode."""
    first = only(build())
    path = workspace / "articles" / "ferry.txt"
    if change == "edit":
        path.write_text(EDITED, encoding="utf-8")
    elif change == "rename":
        path.rename(path.with_name("boat.txt"))
    elif change == "lost cache":
        shutil.rmtree(workspace / ".audiobrief")
    else:
        line = 'title = "New"' if change == "new show" else 'base_url = "https://example.org/p/"'
        (workspace / "audiobrief.toml").write_text(f"[show]\n{line}\n", encoding="utf-8")
    assert only(build())["guid"] == first["guid"]
    assert len(list(workspace.glob("episodes/*/episode.json"))) == 1
    assert invariant(workspace / "episodes") == []


def test_a_renamed_file_can_be_edited_later(build, workspace):
    """The rename alone is remembered, so that the edit after it finds its episode."""
    first = only(build())
    path = workspace / "articles" / "ferry.txt"
    path = path.rename(path.with_name("boat.txt"))
    assert only(build())["outcome"] == "unchanged"
    path.write_text(EDITED, encoding="utf-8")
    assert only(build())["guid"] == first["guid"]


def test_a_new_host_changes_the_feed_and_no_sound(build, workspace):
    """Nobody downloads every episode again because the feed has moved."""
    build()
    name = manifest(workspace)["enclosure"]["file"]
    feed = (workspace / "episodes" / "feed.xml").read_bytes()
    (workspace / "audiobrief.toml").write_text(
        '[show]\nbase_url = "https://example.org/p/"\n', encoding="utf-8"
    )
    assert only(build())["outcome"] == "unchanged"
    assert manifest(workspace)["enclosure"]["file"] == name
    moved = (workspace / "episodes" / "feed.xml").read_bytes()
    assert b"https://example.org/p/" in moved
    assert b"127.0.0.1" not in moved

    def guid(content):
        return content.split(b"<podcast:guid>")[1].split(b"<")[0]

    assert guid(moved) == guid(feed)


def test_a_build_from_nothing_gives_the_same_bytes(build, workspace):
    """Same article, settings and date: same sound, same feed, same pages."""
    env = {"SOURCE_DATE_EPOCH": "1767225600"}
    build(env=env)
    first = {k: v[1] for k, v in snapshot(workspace / "episodes").items()}
    shutil.rmtree(workspace / "episodes")
    shutil.rmtree(workspace / ".audiobrief")
    build(env=env)
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


def test_a_script_that_a_person_edited_is_not_overwritten(build, workspace):
    """It is left, and the report says so; ``--force`` overwrites it."""
    build()
    (path,) = workspace.glob("episodes/*/script.md")
    path.write_text(path.read_text(encoding="utf-8") + "\nmine\n", encoding="utf-8")
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    assert any("edited by hand" in note for note in only(build())["notes"])
    assert path.read_text(encoding="utf-8").endswith("mine\n")
    only(build("--force"))
    assert not path.read_text(encoding="utf-8").endswith("mine\n")


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


def test_approval_keeps_an_episode_out_of_the_feed(build, workspace):
    """With ``require_approval`` a new episode is a draft; without it, it is published."""
    settings = workspace / "audiobrief.toml"
    settings.write_text("[publish]\nrequire_approval = true\n", encoding="utf-8")
    run = build()
    assert only(run)["outcome"] == "built"
    assert run.json["feed"] is None
    assert manifest(workspace)["state"] == "draft"
    settings.write_text("", encoding="utf-8")
    assert build().json["feed"] == "episodes/feed.xml"
    assert manifest(workspace)["state"] == "published"


def test_a_speaker_keeps_the_voice_in_later_episodes(build, workspace):
    """Who was heard in one episode sounds the same in the next, whatever the order there."""
    build()
    first = {s["speaker"]: s["voice"] for s in manifest(workspace)["segments"] if s["speaker"]}
    text = (
        "Pier passes its first winter\n\n"
        "The new pier has come through its first winter without damage, engineers reported.\n\n"
        '"There is not one loose plank on it, and I walked every metre of it myself," '
        "said Tom Hale.\n\n"
        '"It held in the storm of January, and it will hold in the next one as well," '
        "said Ana Ruiz.\n"
    )
    (workspace / "pier.txt").write_text(text, encoding="utf-8")
    folder = workspace / only(build("pier.txt"))["directory"]
    segments = json.loads((folder / "episode.json").read_bytes())["segments"]
    second = {s["speaker"]: s["voice"] for s in segments if s["speaker"]}
    assert set(second) == {"Tom Hale", "Ana Ruiz"}
    assert second["Ana Ruiz"] == first["Ana Ruiz"]
    assert second["Tom Hale"] != second["Ana Ruiz"]


@pytest.mark.parametrize(
    ("settings", "synthesized"),
    [
        ('[show]\ntitle = "New"\n', 0),
        ('[show]\nauthor = "Jo"\n', 0),
        ("[show]\nai_disclosure = false\n", 0),
        ("[sound]\nloudness_lufs = -18\n", 0),
        ("[sound]\nbitrate_kbps = 64\n", 0),
        ("[cast]\nquote_voices = false\n", 1),
        ('[cast]\nquotes = ["guest-3"]\n', 1),
    ],
)
def test_a_setting_that_is_heard_or_tagged_builds_again(build, workspace, settings, synthesized):
    """The sound gets a new name; only sentences in another voice are spoken again."""
    first = only(build())
    old = manifest(workspace)["enclosure"]["file"]
    (workspace / "audiobrief.toml").write_text(settings, encoding="utf-8")
    second = only(build())
    assert (second["outcome"], second["synthesized"]) == ("built", synthesized)
    assert second["guid"] == first["guid"]
    assert manifest(workspace)["enclosure"]["file"] != old
    assert run_audiobrief("check", cwd=workspace).code == 0
    assert only(build())["outcome"] == "unchanged"


@pytest.mark.parametrize(
    "settings",
    [
        '[show]\ndescription = "Other"\n',
        '[show]\nemail = "jo@example.org"\n',
        '[show]\ncategory = "Science"\n',
        "[show]\nexplicit = true\n",
    ],
)
def test_a_setting_of_the_feed_alone_touches_no_sound(build, workspace, settings):
    """The feed is written again, the episode is not."""
    build()
    feed = (workspace / "episodes" / "feed.xml").read_bytes()
    (workspace / "audiobrief.toml").write_text(settings, encoding="utf-8")
    assert only(build())["outcome"] == "unchanged"
    assert (workspace / "episodes" / "feed.xml").read_bytes() != feed


def test_a_changed_voice_profile_speaks_its_segments_again(build, workspace):
    """Only that voice's: the narrator's clips come from the cache."""
    build()
    voices = {s["voice"] for s in manifest(workspace)["segments"] if s["role"] == "quote"}
    (workspace / "voices").mkdir()
    (workspace / "voices" / f"{voices.pop()}.toml").write_text(
        'engine = "tone"\nengine_voice = "tone"\nrate_wpm = 150\n', encoding="utf-8"
    )
    assert only(build())["synthesized"] == 1


def test_changed_front_matter_builds_again(build, workspace):
    """A byline is heard; the body's clips are kept."""
    path = workspace / "a.md"
    body = ARTICLE.partition("\n\n")[2].partition("\n\n")[2]
    path.write_text(f"---\ntitle: Ferry returns\nauthor: Ana Bell\n---\n\n{body}", encoding="utf-8")
    first = only(build("a.md"))
    text = path.read_text(encoding="utf-8").replace("Ana Bell", "Bea Cole")
    path.write_text(text, encoding="utf-8")
    second = only(build("a.md"))
    assert (second["guid"], second["synthesized"]) == (first["guid"], 1)


def test_a_speaker_is_not_bound_to_a_voice_that_narrates(build, workspace):
    """Neither ``quote_voices = false`` nor ``--voice`` for one run poisons the memory."""
    settings = workspace / "audiobrief.toml"
    settings.write_text("[cast]\nquote_voices = false\n", encoding="utf-8")
    build()
    settings.write_text("", encoding="utf-8")
    build()
    segments = manifest(workspace)["segments"]
    (narrator,) = {s["voice"] for s in segments if s["role"] == "narrator"}
    (quoted,) = {s["voice"] for s in segments if s["role"] == "quote"}
    assert quoted != narrator
    build("--voice", quoted)
    segments = manifest(workspace)["segments"]
    assert quoted not in {s["voice"] for s in segments if s["role"] == "quote"}


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


def test_a_file_renamed_while_its_name_is_used_again_keeps_its_episode(build, workspace):
    """Yesterday's file is archived, today's takes its name, and yesterday's is edited."""
    first = only(build())
    path = workspace / "articles" / "ferry.txt"
    path.rename(path.with_name("archived.txt"))
    path.write_text(OTHER, encoding="utf-8")
    assert [e["outcome"] for e in build().json["episodes"]] == ["unchanged", "built"]
    path.with_name("archived.txt").write_text(EDITED, encoding="utf-8")
    edited, other = build().json["episodes"]
    assert (edited["guid"], other["outcome"]) == (first["guid"], "unchanged")


def test_a_published_episode_stays_published_when_its_sound_stays(build, workspace):
    """Approval is taken back by another sound, not by a mended transcript."""
    build()
    settings = workspace / "audiobrief.toml"
    settings.write_text("[publish]\nrequire_approval = true\n", encoding="utf-8")
    next(workspace.glob("episodes/*/transcript.srt")).unlink()
    run = build()
    assert run.json["feed"] == "episodes/feed.xml"
    assert manifest(workspace)["state"] == "published"
    (workspace / "articles" / "ferry.txt").write_text(EDITED, encoding="utf-8")
    build()
    assert manifest(workspace)["state"] == "draft"


def test_an_engine_for_one_run_brings_voices_of_the_language(workspace):
    """``--engine`` never lets a Vietnamese voice read English."""
    (workspace / "voices").mkdir()
    for name in ("anchor", "guest-1", "guest-2", "guest-3", "guest-4"):
        (workspace / "voices" / f"{name}.toml").write_text(
            'engine = "tone"\nengine_voice = "tone"\n', encoding="utf-8"
        )
    plan = choose_cast(load_workspace(workspace), engine="pyttsx3")
    assert all("en" in v.engine_voice.split("/")[-1] for v in plan.voices.values())
