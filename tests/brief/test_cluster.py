"""Reports of one event become one story; of two that look alike, two."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from audiobrief.brief.cluster import cluster
from audiobrief.brief.story import Candidate, Story
from tests.brief.events import START, reports
from tests.brief.writing import article, cut, reworded


@pytest.mark.parametrize("name", ["events.txt", "events_more.txt"])
def test_every_event_is_one_story_and_every_story_one_event(name) -> None:
    """The rules are of the first file; it passes with any least cosine from 0.3 to 0.45."""
    rows = reports(name)
    event_of = {c.key: event for event, c in rows}
    stories = cluster([c for _, c in rows])
    found = [tuple(event_of[a.key] for a in story.articles) for story in stories]
    events = [event for event, _ in rows]
    assert sorted(found) == sorted((e,) * events.count(e) for e in set(events))


def test_stories_do_not_depend_on_the_order_of_the_articles() -> None:
    """The same reports stand together however they come."""
    candidates = [c for _, c in reports("events.txt")]
    shuffled = random.Random(4).sample(candidates, len(candidates))
    one, other = (
        {frozenset(a.key for a in story.articles) for story in cluster(rows)}
        for rows in (candidates, shuffled)
    )
    assert one == other


def test_what_comes_after_72_hours_is_another_story() -> None:
    """However alike it is; unless it is a copy."""
    (one, other), *_ = _pairs()
    assert len(cluster([one, other])) == 1
    late = replace(other, published=one.published + timedelta(hours=73))
    assert len(cluster([one, late])) == 2
    copy = replace(one, key="copy", outlet="Other", published=one.published + timedelta(days=9))
    assert len(cluster([one, copy])) == 1


def test_one_outlet_tells_two_stories() -> None:
    """What it writes twice in two ways it means twice."""
    (one, other), *_ = _pairs()
    assert len(cluster([one, replace(other, outlet=one.outlet)])) == 2


def _pairs():
    rows = reports("events.txt")
    return [
        (a, b)
        for (first, a), (second, b) in pairwise(rows)
        if first == second and a.outlet != b.outlet
    ]


def test_the_preferred_source_is_told_then_the_latest_then_the_longest() -> None:
    """The others are named."""
    text = article("harbor", 1)
    rng = random.Random(2)
    old = Candidate("old", "Pier", text, "Old", START - timedelta(days=2))
    new = Candidate("new", "Pier", reworded(text, rng), "New", START)
    short = Candidate("short", "Pier", cut(text, rng), "Short", START)
    (story,) = cluster([old, short, new])
    assert [a.key for a in story.articles] == ["new", "short", "old"]
    assert (story.copies, story.also_reported_by) == (2, ("Short", "Old"))
    (story,) = cluster([old, short, replace(new, priority=0.1)])
    assert story.told.key == "short"


def test_copies_stand_before_relatives() -> None:
    """A copy of what is told adds nothing; a relative may."""
    (one, other), *_ = _pairs()
    told = replace(one, priority=1.0)
    copy = replace(one, key="copy", outlet="Copier", priority=0.0)
    (story,) = cluster([other, copy, told])
    assert [a.key for a in story.articles] == [told.key, "copy", other.key]
    assert story.copies == 1


def test_nothing_makes_no_story() -> None:
    """And a story without an article is refused."""
    assert cluster([]) == []
    with pytest.raises(ValueError, match="a story has an article"):
        Story(())
    with pytest.raises(ValueError, match="copies of it"):
        Story((Candidate("a", "A", "Text."),), copies=1)


def test_a_candidate_has_a_moment_that_can_be_compared() -> None:
    """And a priority within its range."""
    with pytest.raises(ValueError, match="aware"):
        Candidate("a", "A", "Text.", published=START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="between 0 and 1"):
        Candidate("a", "A", "Text.", priority=2.0)
