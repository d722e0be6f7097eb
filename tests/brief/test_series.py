"""Series and round-ups: what looks alike by its form is not one event, and hides none."""

import random
from dataclasses import replace
from itertools import combinations

import pytest

from audiobrief.brief.cluster import cluster
from audiobrief.brief.copies import find_copies
from audiobrief.brief.series import has_label, has_standing_text_alone
from tests.brief.events import START, reports
from tests.brief.writing import article, cut, reordered, reworded

#: Pairs of a series and pairs of one event in the words of two outlets. The rules are of the first
#: file; the second was written when they stood.
FILES = ("series.txt", "series_held.txt")
DESK = (
    "Good morning. Here is what you need to know today from the desk of Hilda Marsh in Kelby.\n"
    "{}\nThis column comes out every weekday. Write to Hilda Marsh if you know more, or call the "
    "desk in Kelby."
)


def pairs(name):
    """Return pairs of reports that look alike, and whether they tell of one event."""
    rows = reports(name)
    return [
        (one, other, first == second)
        for (first, one), (second, other) in combinations(rows, 2)
        if first.split("-")[0] == second.split("-")[0]
    ]


def are_joined(one, other):
    """Tell whether two articles become one story."""
    return len(cluster([one, other])) == 1


def plainly(candidate, **changes):
    """Return an article from the inbox, without an outlet."""
    return replace(candidate, outlet=None, **changes)


@pytest.mark.parametrize("name", FILES)
def test_of_a_series_every_article_is_a_story(name):
    """One match is not the other, whether they come alone, together, undated or without outlets."""
    different = [(one, other) for one, other, is_one in pairs(name) if not is_one]
    assert len(different) >= 6
    for one, other in different:
        assert not are_joined(one, other)
        assert not are_joined(plainly(one, published=START), plainly(other, published=START))
        assert not are_joined(plainly(one, published=None), plainly(other, published=None))
        assert not are_joined(one, replace(other, title=one.title))
    event_of = {c.key: event for event, c in reports(name)}
    for story in cluster([c for _, c in reports(name)]):
        assert len({event_of[a.key] for a in story.articles}) == 1


@pytest.mark.parametrize(("name", "most_missed"), [("series.txt", 1), ("series_held.txt", 0)])
def test_one_event_in_the_words_of_two_outlets_is_one_story(name, most_missed):
    """What is missed has two names in common, where three are asked: better twice than mixed."""
    same = [are_joined(one, other) for one, other, is_one in pairs(name) if is_one]
    assert len(same) >= 3
    assert same.count(False) <= most_missed


@pytest.mark.parametrize("name", [*FILES, "events.txt", "events_more.txt"])
def test_a_text_that_stands_in_each_article_makes_no_copies(name):
    """It is longer here than most articles; where one has 14 words besides, two are joined."""
    dressed = [
        (replace(one, text=DESK.format(one.text)), replace(other, text=DESK.format(other.text)))
        for one, other, is_one in pairs(name)
        if not is_one
    ]
    assert sum(are_joined(*both) for both in dressed) <= (name in FILES)


@pytest.mark.parametrize("change", [cut, reordered, reworded])
def test_no_copy_is_taken_for_a_series(change):
    """What a copy has alone is a word here and there."""
    rng = random.Random(6)
    for n in range(12):
        text = article("harbor", n, 16)
        assert not has_standing_text_alone(text, change(text, rng))


@pytest.mark.parametrize(
    ("first", "second", "is_label"),
    [
        ("Morning update: council", "Morning update: schools", True),
        ("Tolva Open, day three: Petrov out", "Tolva Open, day four: rain", True),
        ("Weather for Monday", "Weather for Tuesday", False),
        ("Police log of the week", "Police log of the month", True),
        ("Fire destroys warehouse", "Three hurt in warehouse fire", False),
        ("Storm Berta cuts power", "Storm Berta kills one", False),
        ("", "", False),
    ],
)
def test_titles_of_a_series_are_told(first, second, is_label):
    """By the words before a colon, or two that are no names at one end."""
    assert has_label(first, second, {"storm", "berta", "tolva"}) is is_label


def round_up(rng, name, title):
    """Return a round-up of the texts of three events of a file, and the single reports of them."""
    texts = {}
    for event, candidate in reports(name):
        texts.setdefault(event, []).append(candidate)
    chosen = rng.sample([rows for rows in texts.values() if len(rows) > 1], 3)
    items = "\n".join(rows[0].text for rows in chosen)
    brief = replace(chosen[0][0], key="brief", title=title, text=items, outlet="Brief")
    return brief, [rows[0] for rows in chosen], [rows[1] for rows in chosen]


@pytest.mark.parametrize(
    ("name", "most"),
    [("series.txt", 0.0), ("series_held.txt", 0.0), ("events.txt", 0.1), ("events_more.txt", 0.1)],
)
def test_a_round_up_swallows_hardly_a_story(name, most):
    """Alone with one of its stories, word for word or in other words: it stays beside it.

    Events with the same people in the same towns are the worst that there is, and have a limit that
    must not grow.
    """
    rng = random.Random(8)
    swallowed = []
    for _ in range(15):
        brief, same, other = round_up(rng, name, "The day in brief")
        swallowed += [are_joined(brief, same[1]), are_joined(brief, other[1])]
    assert sum(swallowed) <= most * len(swallowed)


def test_every_story_of_a_round_up_is_a_story():
    """With all of them there, the round-up is one more, and a copy of it is its copy."""
    rng = random.Random(2)
    brief, same, _ = round_up(rng, "series.txt", "The day in brief")
    copy = replace(brief, key="copy", text=reworded(brief.text, rng))
    stories = cluster([brief, *same, copy])
    assert sorted(len(s.articles) for s in stories) == [1, 1, 1, 2]
    assert find_copies([brief.text, copy.text]) == [[0, 1]]
