"""Which episode an article belongs to, and what new ones are called."""

import errno
import os
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import StoreError
from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.store.library import (
    has_sound,
    new_directory,
    new_guid,
    read_identity,
    read_shelf,
    seems_heard,
    slug,
)
from audiobrief.store.manifest import render_manifest

BODY = "The ferry will run again from Monday, the harbor master said on Friday."
OTHER = "Parliament passed the budget after a debate that lasted until midnight on Thursday."


def article(body=BODY, *, headline="Ferry returns", locator="articles/ferry.txt", url=None):
    """Return an article of one sentence."""
    blocks = (Block(BlockKind.HEADLINE, headline), Block(BlockKind.PARAGRAPH, body))
    return Article(headline, blocks, locator, url=url)


def test_a_guid_is_made_of_the_text_and_never_given_twice():
    """The same first text gives the same GUID, unless an edited episode has it already."""
    first = new_guid(article(), set())
    assert new_guid(article(), set()) == first
    second = new_guid(article(), {first})
    assert second != first
    assert second == new_guid(article(), {first})


def test_two_episodes_of_one_day_and_title_get_two_directories():
    """The second one carries a part of its GUID."""
    day = datetime(2026, 3, 2, tzinfo=UTC)
    name = new_directory("Ferry returns", day, "1234567890", set())
    assert name == "2026-03-02-ferry-returns"
    assert new_directory("Ferry returns", day, "1234567890", {name}) == f"{name}-12345678"


@given(st.text())
def test_every_title_becomes_a_safe_name(title):
    """Whatever a title holds, no path, no reserved character and no empty name comes of it."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(title))
    assert len(slug(title)) <= 80


def test_a_damaged_manifest_is_reported_and_the_others_are_read(tmp_path, make_episode):
    """One bad file costs one episode."""
    good = make_episode()
    (tmp_path / good.directory).mkdir()
    (tmp_path / good.directory / "episode.json").write_bytes(render_manifest(good))
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "episode.json").write_bytes(b"{")
    shelf = read_shelf(tmp_path)
    assert shelf.episodes == (good,)
    assert [e.subject for e in shelf.damaged] == [str(tmp_path / "bad" / "episode.json")]


def test_a_copied_folder_is_reported_and_the_first_one_counts(tmp_path, make_episode):
    """Two folders with one GUID: nothing is chosen silently."""
    for name in ("a", "a-backup"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "episode.json").write_bytes(render_manifest(make_episode()))
    shelf = read_shelf(tmp_path)
    assert [e.directory for e in shelf.episodes] == ["a"]
    assert [e.problem for e in shelf.damaged] == ['a copy of the episode in "a"']


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"guid": "x"}'])
def test_a_damaged_identity_is_an_error_not_a_new_show(tmp_path, content):
    """A new podcast:guid would cost the show its subscribers."""
    path = tmp_path / "show.json"
    assert read_identity(path) is None
    path.write_bytes(content)
    with pytest.raises(StoreError, match="identity"):
        read_identity(path)


def test_a_disk_that_does_not_say_is_no_missing_sound(tmp_path, make_episode, monkeypatch):
    """Else a moment's fault would take an episode from the feed; lists show what they can."""
    episode = make_episode()
    path = tmp_path / episode.directory / episode.enclosure.file
    assert not has_sound(tmp_path, episode)
    path.parent.mkdir()
    path.write_bytes(bytes(episode.enclosure.bytes))
    assert has_sound(tmp_path, episode)
    look = os.stat

    def fail(asked, *rest, **more):
        if os.fspath(asked) == str(path):
            raise OSError(errno.EIO, os.strerror(errno.EIO), asked)
        return look(asked, *rest, **more)

    monkeypatch.setattr(os, "stat", fail)
    with pytest.raises(StoreError, match="cannot read") as told:
        has_sound(tmp_path, episode)
    assert told.value.subject == str(path)
    assert not seems_heard(tmp_path, episode)
