"""Several shows from one workspace, through the command: folders, feeds, casts, days."""

import json
import shutil

import feedparser
import pytest

from tests.support import ARTICLE, OTHER, invariant, run_audiobrief, snapshot

SETTINGS = """
[show]
title = "Harbor Post"
base_url = "https://pod.example/"
time_zone = "UTC"

[shows.sport]
tags = ["Sport"]
cast.narrator = "guest-1"

[shows.morning]
title = "Morning Brief"
makes = "brief"
days = ["mon", "tue"]
brief.minutes = 3

[shows.weekly]
makes = "brief"
days = ["sat"]
brief = { full = true, most = 1, since_hours = 168 }
"""
MATCH = """---
title: Harbor City win the cup
tags: [sport]
date: 2026-03-02T07:00:00Z
---

Harbor City won the cup for the first time in thirty years on Sunday evening.

Ines Vale scored both goals, the second of them a minute before the end of the match.
"""
#: A Monday and the Saturday after it, as SOURCE_DATE_EPOCH.
MONDAY, SATURDAY = {"SOURCE_DATE_EPOCH": "1772450000"}, {"SOURCE_DATE_EPOCH": "1772880000"}


def dated(text):
    """Return an article that appeared on the Monday."""
    return f"---\ndate: 2026-03-02T06:00:00Z\n---\n\n{text}"


def audiobrief(*arguments, cwd, day=MONDAY):
    """Run a command with the engine for tests, as JSON."""
    return run_audiobrief(*arguments, "--engine", "tone", "--json", cwd=cwd, env=day)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return a workspace with four shows, built on a Monday, and what the build said."""
    folder = tmp_path_factory.mktemp("shows")
    (folder / "audiobrief.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "articles").mkdir()
    for name, text in (("ferry", dated(ARTICLE)), ("library", dated(OTHER)), ("match", MATCH)):
        (folder / "articles" / f"{name}.md").write_text(text, encoding="utf-8")
    return folder, audiobrief("build", cwd=folder)


@pytest.fixture
def workspace(finished, tmp_path):
    """Return a copy of it."""
    return shutil.copytree(finished[0], tmp_path / "copy", symlinks=True)


def manifests(folder):
    """Return the manifests of a show."""
    return [json.loads(p.read_bytes()) for p in sorted(folder.glob("*/episode.json"))]


def test_one_build_makes_what_each_show_has_today(finished):
    """Articles by themselves, those with a tag again, and a programme of them; no weekly."""
    folder, run = finished
    assert run.code == 0, run.stderr
    rows = [(e["show"], e["locator"], e["outcome"]) for e in run.json["episodes"]]
    assert rows == [
        (None, "articles/ferry.md", "built"),
        (None, "articles/library.md", "built"),
        (None, "articles/match.md", "built"),
        ("morning", "brief", "built"),
        ("sport", "articles/match.md", "built"),
    ]
    assert run.json["feed"] == "episodes/feed.xml"
    assert {s["show"]: s["feed"] for s in run.json["shows"]} == {
        None: "episodes/feed.xml",
        "morning": "episodes/morning/feed.xml",
        "sport": "episodes/sport/feed.xml",
    }
    assert not (folder / "episodes" / "weekly").exists()


def test_each_show_has_a_feed_of_its_own(finished):
    """Title, addresses and podcast:guid; no GUID stands in two of them."""
    folder, _ = finished
    guids, links = [], []
    for name, title in (("", "Harbor Post"), ("sport/", "Sport"), ("morning/", "Morning Brief")):
        assert invariant(folder / "episodes" / name) == []
        feed = feedparser.parse((folder / "episodes" / name / "feed.xml").read_bytes())
        assert feed.feed.title == title
        guids += [entry.id for entry in feed.entries]
        links += [entry.enclosures[0].href for entry in feed.entries]
        assert all(link.startswith(f"https://pod.example/{name}2026-03-02-") for link in links[-1:])
        (cover,) = (folder / "episodes" / name).glob("cover-*.jpg")
        assert feed.feed.image.href == f"https://pod.example/{name}{cover.name}"
    assert len(guids) == len(set(guids)) == 5
    ids = {json.loads(p.read_bytes())["guid"] for p in (folder / "episodes").rglob("show.json")}
    assert len(ids) == 3


def test_each_show_has_its_cast(finished):
    """The same article, another narrator."""
    folder, _ = finished
    (sport,) = manifests(folder / "episodes" / "sport")
    (first,) = [e for e in manifests(folder / "episodes") if e["title"] == sport["title"]]
    assert {s["voice"] for s in first["segments"] if s["role"] == "narrator"} == {"anchor"}
    assert {s["voice"] for s in sport["segments"] if s["role"] == "narrator"} == {"guest-1"}


def test_the_first_shows_page_leads_to_the_others(finished):
    """Those that have one."""
    folder, _ = finished
    page = (folder / "episodes" / "index.html").read_text("utf-8")
    assert '<a href="sport/index.html">Sport</a>' in page
    assert '<a href="morning/index.html">Morning Brief</a>' in page
    assert "weekly" not in page
    assert "Other shows" not in (folder / "episodes" / "sport" / "index.html").read_text("utf-8")


def test_a_second_build_touches_nothing(workspace):
    """In any show."""
    before = snapshot(workspace / "episodes")
    run = audiobrief("build", cwd=workspace)
    assert {e["outcome"] for e in run.json["episodes"]} == {"unchanged"}
    assert snapshot(workspace / "episodes") == before


def test_an_edit_reaches_every_show_that_has_the_article(workspace):
    """Under the GUIDs that they had."""
    before = {e["guid"] for e in manifests(workspace / "episodes" / "sport")}
    path = workspace / "articles" / "match.md"
    path.write_text(MATCH.replace("both goals", "both of the goals"), encoding="utf-8")
    run = audiobrief("build", cwd=workspace)
    built = [(e["show"], e["locator"]) for e in run.json["episodes"] if e["outcome"] == "built"]
    assert built == [
        (None, "articles/match.md"),
        ("morning", "brief"),
        ("sport", "articles/match.md"),
    ]
    assert {e["guid"] for e in manifests(workspace / "episodes" / "sport")} == before


def test_another_day_has_another_programme(workspace):
    """The weekly one, and not the morning's."""
    run = audiobrief("brief", cwd=workspace, day=SATURDAY)
    assert [(e["show"], e["outcome"]) for e in run.json["episodes"]] == [("weekly", "built")]
    (weekly,) = manifests(workspace / "episodes" / "weekly")
    assert len(weekly["articles"]) == 1
    assert weekly["title"].startswith("Weekly, Saturday 7 March 2026") or weekly["title"]


def test_a_show_that_is_named_is_made_on_any_day(workspace):
    """And no other."""
    run = audiobrief("build", "--show", "weekly", cwd=workspace)
    assert [(e["show"], e["outcome"]) for e in run.json["episodes"]] == [("weekly", "built")]


def test_an_article_that_is_named_goes_into_the_show_that_is_named(workspace):
    """Whatever its tags are."""
    path = workspace / "articles" / "ferry.md"
    run = audiobrief("build", path, "--show", "sport", cwd=workspace)
    assert [(e["show"], e["outcome"]) for e in run.json["episodes"]] == [("sport", "built")]
    run = audiobrief("build", path, cwd=workspace)
    assert [(e["show"], e["outcome"]) for e in run.json["episodes"]] == [(None, "unchanged")]


def test_the_commands_that_look_know_all_shows(finished):
    """status, verify by folder, check."""
    folder, _ = finished
    status = run_audiobrief("status", "--json", cwd=folder).json
    assert {e["show"] for e in status["episodes"]} == {None, "sport", "morning"}
    (sport,) = (e["directory"] for e in status["episodes"] if e["show"] == "sport")
    assert sport.startswith("episodes/sport/2026-03-02-")
    verified = run_audiobrief("verify", sport, "--json", cwd=folder)
    assert verified.code == 0, verified.stdout
    assert [e["whole"] for e in verified.json["episodes"]] == [True]
    check = run_audiobrief("check", "--json", cwd=folder)
    assert [f for f in check.json["findings"] if f["level"] == "must"] == []
    plain = run_audiobrief("status", cwd=folder).stdout
    assert "show        Sport: episodes/sport/" in plain


def test_a_show_that_there_is_not_is_an_error(workspace):
    """With those that there are."""
    run = audiobrief("build", "--show", "sprot", cwd=workspace)
    assert run.code == 2
    assert "sport, morning, weekly" in run.stderr


def test_a_show_that_only_gives_defaults_makes_nothing(workspace):
    """Its feed is not written, and the others are made."""
    text = SETTINGS.replace("[show]\n", '[show]\nmakes = "nothing"\n')
    (workspace / "audiobrief.toml").write_text(text, encoding="utf-8")
    run = audiobrief("build", cwd=workspace)
    assert {e["show"] for e in run.json["episodes"]} == {"sport", "morning"}
