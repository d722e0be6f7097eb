"""A build without a path asks the sources first."""

import pytest

from tests.support import run_audiobrief

MAIL = """From: Harbor Letter <letter@harbor.example>
Subject: Ferry returns to the old harbor
Date: Mon, 02 Mar 2026 08:00:00 +0000
Message-ID: <1@harbor.example>
Content-Type: text/plain; charset=utf-8

The ferry came back on Monday, after nine months in the dock of Holm. A small crowd waited for it.

The harbor master, Ada Moss, said that it would sail four times a day until the end of the summer.

Tickets cost four crowns, and children travel for nothing on Sundays, the town council has decided.
"""
SOURCE = '[[sources]]\nname = "letters"\nkind = "list"\npath = "saved.eml"\n'


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace whose one source is a saved mail."""
    (tmp_path / "audiobrief.toml").write_text(SOURCE, encoding="utf-8")
    (tmp_path / "saved.eml").write_text(MAIL, encoding="utf-8")
    return tmp_path


def build(workspace, *arguments):
    """Return a build with the engine for tests."""
    return run_audiobrief("build", "--engine", "tone", "--json", *arguments, cwd=workspace)


def test_what_the_sources_have_is_built(workspace):
    """Once; the second build asks again and changes nothing."""
    (workspace / "articles").mkdir()
    first = build(workspace)
    assert first.code == 0, first.stderr
    assert [len(s["new"]) for s in first.json["sources"]] == [1]
    assert [e["outcome"] for e in first.json["episodes"]] == ["built"]
    second = build(workspace)
    assert [len(s["new"]) for s in second.json["sources"]] == [0]
    assert [e["outcome"] for e in second.json["episodes"]] == ["unchanged"]


def test_a_source_that_fails_stops_no_build(workspace):
    """What is in the inbox is built; the exit code tells of the source."""
    build(workspace)
    (workspace / "saved.eml").unlink()
    run = build(workspace)
    assert run.code == 1
    assert "letters" in run.stderr
    assert [e["outcome"] for e in run.json["episodes"]] == ["unchanged"]


def test_no_fetch_asks_nobody(workspace):
    """Nor does a build of a path."""
    (workspace / "articles").mkdir()
    run = build(workspace, "--no-fetch")
    assert "sources" not in run.json
    assert not list((workspace / "articles").iterdir())
