"""Which episode an article belongs to."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.model.episode import Programme
from audiobrief.store.finder import Finder

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
    assert Finder([episode]).find(moved) is episode


def test_an_edited_file_keeps_its_episode(make_episode):
    """One changed word is the same article."""
    episode = make_episode()
    edited = article(BODY.replace("Monday", "Tuesday"), headline="Ferry is back")
    assert Finder([episode]).find(edited) is episode


def test_a_new_article_under_an_old_name_is_a_new_episode(make_episode):
    """Nothing published is overwritten because a file name was used again."""
    assert Finder([make_episode()]).find(article(OTHER, headline="Budget")) is None


def test_the_same_page_fetched_again_is_the_same_episode(make_episode):
    """The address of a story with a related text or its headline, wherever the file lies."""
    url = "https://example.org/2026/ferry"
    episode = make_episode(url=url)
    edited = article(BODY.replace("Monday", "Tuesday"), headline="B", locator="x.html", url=url)
    assert Finder([episode]).find(edited) is episode
    rewritten = article(OTHER, locator="x.html", url=url)
    assert Finder([episode]).find(rewritten) is episode


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org/", "https://e.org/a"])
def test_an_address_alone_does_not_make_two_articles_one(make_episode, url):
    """Sites give every page the address of their home page, or of a section."""
    other = article(OTHER, headline="Budget", locator="x.html", url=url)
    assert Finder([make_episode(url=url)]).find(other) is None


def test_no_two_articles_of_a_run_get_one_episode(make_episode):
    """What another article has claimed is free for the same text only."""
    episode = make_episode()
    edited = article(BODY.replace("Monday", "Tuesday"))
    assert Finder([episode]).find(edited, claimed={episode.guid}) is None
    same = article()
    episode = make_episode(article_id=same.id)
    assert Finder([episode]).find(same, claimed={episode.guid}) is episode


def test_the_same_headline_over_another_text_is_a_new_episode(make_episode):
    """A daily file with a standing headline does not overwrite yesterday's episode."""
    assert Finder([make_episode()]).find(article(OTHER)) is None


def test_another_headline_of_another_day_is_a_new_episode(make_episode):
    """Reports that share most of their sentences are told apart by headline and date."""
    today = article(BODY, headline="Ferry report for Tuesday")
    edited = replace(today, blocks=(*today.blocks, Block(BlockKind.PARAGRAPH, "More.")))
    assert Finder([make_episode()]).find(edited) is not None
    dated = replace(edited, published=datetime(2026, 3, 3, tzinfo=UTC))
    assert Finder([make_episode()]).find(dated) is None


def test_related_text_in_another_file_is_a_new_episode(make_episode):
    """Also when the first file is gone: an inbox is emptied, and episodes stay."""
    other = article(BODY.replace("Monday", "Tuesday"), headline="Back", locator="new.txt")
    assert Finder([make_episode()]).find(other) is None


def test_from_standard_input_only_the_same_headline_is_an_edit(make_episode):
    """All articles from a pipe share one locator."""
    episode = make_episode(locator="stdin")
    edited = article(BODY.replace("Monday", "Tuesday"), locator="stdin")
    assert Finder([episode]).find(edited) is episode
    assert Finder([episode]).find(replace(edited, headline="Ferry sold")) is None


def test_a_programme_of_one_story_is_no_articles_episode(make_episode):
    """The article gets an episode of its own beside it."""
    told = article()
    programme = replace(
        make_episode(article_id=told.id), programme=Programme("brief", "2026-03-02", "")
    )
    assert Finder([programme]).find(told) is None


def test_another_state_of_an_episode_takes_the_place_of_the_first(make_episode):
    """It is found by what it is now alone."""
    first = make_episode(article_id=article().id)
    finder = Finder([first])
    edited = article(OTHER, locator="other.txt")
    ref = replace(first.articles[0], id=edited.id, locator="other.txt", url=None)
    second = replace(first, articles=(ref,))
    finder.put(second)
    assert finder.find(edited) is second
    assert finder.find(article(locator="third.txt")) is None
