"""What changes around an article: its name, the settings, the voices, the host."""

import json
import shutil

import pytest

from audiobrief.pipeline.voices import choose_cast
from audiobrief.workspace.load import load_workspace
from tests.support import (
    ARTICLE,
    EDITED,
    OTHER,
    invariant,
    manifest,
    only,
    run_audiobrief,
)


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
        # It is said in the opening and in the closing.
        ('[show]\ntitle = "New"\n', 2),
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
