"""Which story comes first, and the words that say why."""

import random
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.brief.rank import Interest, rank
from audiobrief.brief.story import Candidate, Story
from tests.brief.events import START
from tests.brief.writing import TOPICS, article


def story(key, *, topic="harbor", hours=1, outlets=("Post",), priority=0.5, tags=(), size=12):
    """Return a story of some outlets."""
    moment = None if hours is None else START - timedelta(hours=hours)
    return Story(
        tuple(
            Candidate(f"{key}{n}", f"About the {topic}", article(topic, key, size), outlet, moment,
                      tags, priority)
            for n, outlet in enumerate(outlets)
        )
    )  # fmt: skip


def order(stories, **interest):
    """Return the keys in the order of telling."""
    return [s.told.key[:-1] for s in rank(stories, START, Interest(**interest))]


def test_each_ground_alone_decides() -> None:
    """Newer, in more outlets, of a preferred source, longer, tagged: first."""
    for better in (
        story("b", hours=0),
        story("b", outlets=("Post", "Wire")),
        story("b", priority=0.9),
        story("b", size=36),
    ):
        assert order([story("a", hours=20, size=6), better]) == ["b", "a"]
    tagged = story("b", tags=("Boats",))
    assert order([story("a"), tagged], tags=("boats",)) == ["b", "a"]


def test_the_answer_to_a_query_comes_before_everything_else() -> None:
    """However old it is and whoever wrote it; the rest is told to have no word of it."""
    old = story("old", topic="orchard", hours=500, priority=0.0)
    new = story("new", topic="harbor", hours=0, priority=1.0, outlets=("A", "B", "C", "D"))
    first, second = rank([new, old], START, Interest(query="apple orchards"))
    assert (first.told.key, second.told.key) == ("old0", "new0")
    assert first.reasons[0] == 'matches "apple orchards"'
    assert second.reasons[0] == "no word of the query"
    assert second.score == 0.0 < first.score


def test_reasons_are_words_the_weightiest_first() -> None:
    """What decides is said; what gives nothing is not."""
    (told,) = rank([story("a", hours=3, outlets=("Post", "Wire", "Sun"), tags=("boats",))], START,
                   Interest(tags=("Boats",)))  # fmt: skip
    assert told.reasons[:3] == ("tagged Boats", "published 3 hours ago", "reported by 3 outlets")
    assert any(r.endswith("words") for r in told.reasons)
    (undated,) = rank([story("a", hours=None)], START)
    assert "without a date" in undated.reasons


def test_ties_keep_the_given_order() -> None:
    """The order of the sources."""
    same = [story("a"), story("a")]
    assert rank(same, START)[0].articles is same[0].articles


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(TOPICS)), st.integers(0, 300)), max_size=8))
def test_ranking_loses_nothing_and_is_repeatable(rows) -> None:
    """The same stories, by falling score."""
    stories = [story(f"s{n}", topic=t, hours=h) for n, (t, h) in enumerate(rows)]
    ranked = rank(stories, START)
    assert sorted(s.told.key for s in ranked) == sorted(s.told.key for s in stories)
    assert [s.score for s in ranked] == sorted((s.score for s in ranked), reverse=True)
    shuffled = random.Random(1).sample(stories, len(stories))
    assert {s.told.key: s.score for s in rank(shuffled, START)} == {
        s.told.key: s.score for s in ranked
    }


def test_a_story_from_the_future_is_new_and_no_more() -> None:
    """A wrong clock gives no prize."""
    ahead, now = rank([story("a", hours=-50), story("a", hours=0)], START)
    assert ahead.score == now.score
