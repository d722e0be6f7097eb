"""Which episode an article belongs to, and what new ones are called."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import StoreError
from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.store.library import (
    find_episode,
    new_directory,
    new_guid,
    read_identity,
    read_shelf,
    slug,
)
from audiobrief.store.manifest import render_manifest

BODY = "The ferry will run again from Monday, the harbor master said on Friday."
OTHER = "Parliament passed the budget after a debate that lasted until midnight on Thursday."


def article(body=BODY, *, headline="Ferry returns", locator="articles/ferry.txt", url=None):
    """Return an article of one sentence."""
    blocks = (Block(BlockKind.HEADLINE, headline), Block(BlockKind.PARAGRAPH, body))
    return Article(headline, blocks, locator, url=url)


def test_the_same_text_is_the_same_episode_wherever_it_lies(make_episode):
    """A renamed file keeps its episode."""
    moved = article(locator="elsewhere.txt")
    episode = make_episode(article_id=moved.id)
    assert find_episode(moved, [episode]) is episode


def test_an_edited_file_keeps_its_episode(make_episode):
    """One changed word is the same article."""
    episode = make_episode()
    edited = article(BODY.replace("Monday", "Tuesday"), headline="Ferry is back")
    assert find_episode(edited, [episode]) is episode


def test_a_new_article_under_an_old_name_is_a_new_episode(make_episode):
    """Nothing published is overwritten because a file name was used again."""
    assert find_episode(article(OTHER, headline="Budget"), [make_episode()]) is None


def test_the_same_page_fetched_again_is_the_same_episode(make_episode):
    """The address of a story with a related text or its headline, wherever the file lies."""
    url = "https://example.org/2026/ferry"
    episode = make_episode(url=url)
    edited = article(BODY.replace("Monday", "Tuesday"), headline="B", locator="x.html", url=url)
    assert find_episode(edited, [episode]) is episode
    rewritten = article(OTHER, locator="x.html", url=url)
    assert find_episode(rewritten, [episode]) is episode


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org/", "https://e.org/a"])
def test_an_address_alone_does_not_make_two_articles_one(make_episode, url):
    """Sites give every page the address of their home page, or of a section."""
    other = article(OTHER, headline="Budget", locator="x.html", url=url)
    assert find_episode(other, [make_episode(url=url)]) is None


def test_no_two_articles_of_a_run_get_one_episode(make_episode):
    """What another article has claimed is free for the same text only."""
    episode = make_episode()
    edited = article(BODY.replace("Monday", "Tuesday"))
    assert find_episode(edited, [episode], claimed={episode.guid}) is None
    same = article()
    episode = make_episode(article_id=same.id)
    assert find_episode(same, [episode], claimed={episode.guid}) is episode


def test_the_same_headline_over_another_text_is_a_new_episode(make_episode):
    """A daily file with a standing headline does not overwrite yesterday's episode."""
    assert find_episode(article(OTHER), [make_episode()]) is None


def test_another_headline_of_another_day_is_a_new_episode(make_episode):
    """Reports that share most of their sentences are told apart by headline and date."""
    today = article(BODY, headline="Ferry report for Tuesday")
    edited = replace(today, blocks=(*today.blocks, Block(BlockKind.PARAGRAPH, "More.")))
    assert find_episode(edited, [make_episode()]) is not None
    dated = replace(edited, published=datetime(2026, 3, 3, tzinfo=UTC))
    assert find_episode(dated, [make_episode()]) is None


def test_related_text_in_another_file_is_a_new_episode(make_episode):
    """Also when the first file is gone: an inbox is emptied, and episodes stay."""
    other = article(BODY.replace("Monday", "Tuesday"), headline="Back", locator="new.txt")
    assert find_episode(other, [make_episode()]) is None


def test_from_standard_input_only_the_same_headline_is_an_edit(make_episode):
    """All articles from a pipe share one locator."""
    episode = make_episode(locator="stdin")
    edited = article(BODY.replace("Monday", "Tuesday"), locator="stdin")
    assert find_episode(edited, [episode]) is episode
    assert find_episode(replace(edited, headline="Ferry sold"), [episode]) is None


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
