"""A programme lasts as long as was asked for, by estimates and then by real clips."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.brief.fit import adjust, fit
from audiobrief.brief.pace import default_pace
from audiobrief.brief.plan import TOLERANCE, Telling
from audiobrief.brief.sentence import Sentence, sentences_of
from audiobrief.brief.ties import needs_of
from audiobrief.model.article import Article, Block, BlockKind
from tests.brief.writing import TOPICS, article

PACE = default_pace()


def telling(key, size, topic="harbor", extra_s=4.0):
    """Return a story of so many sentences."""
    blocks = [Block(BlockKind.PARAGRAPH, p) for p in article(topic, key, size).split("\n")]
    source = Article(f"News of the {topic}", tuple(blocks), "a")
    rows = sentences_of(source, lambda text: PACE.seconds(text) + 0.3)
    return Telling(key, source.headline, rows, extra_s)


def whole_s(tellings, overhead_s=0.0):
    """Return how long everything is."""
    return overhead_s + sum(t.extra_s + sum(s.seconds for s in t.sentences) for t in tellings)


def require_sound(plan, tellings):
    """Check what holds for every plan: nothing lost, order kept, nothing left hanging."""
    keys = [t.key for t in tellings]
    told = [p.telling.key for p in plan.parts]
    assert sorted([*told, *(t.key for t in plan.dropped)]) == sorted(keys)
    assert [t.key for t in plan.dropped] == [k for k in keys if k not in told]
    for part in plan.parts:
        needs = needs_of(part.telling.sentences, part.telling.language)
        kept = set(part.kept.indices)
        assert list(part.kept.indices) == sorted(kept)
        assert all(needs[i] <= kept for i in kept)
        assert kept
        assert part.kept.seconds == pytest.approx(
            sum(part.telling.sentences[i].seconds for i in kept)
        )
    assert bool(plan.notes) is not plan.is_met


programmes = st.lists(
    st.tuples(st.integers(3, 45), st.sampled_from(sorted(TOPICS))), min_size=1, max_size=9
).map(lambda rows: [telling(f"{n}", size, topic) for n, (size, topic) in enumerate(rows)])


@settings(max_examples=25, deadline=None)
@given(programmes, st.floats(0.15, 0.97))
def test_the_time_is_kept_wherever_the_sentences_allow_it(tellings, share) -> None:
    """With 90 seconds or more, a sentence is less than a tenth of it: always within 5 %."""
    budget_s = max(90.0, share * whole_s(tellings, 15.0))
    plan = fit(tellings, budget_s, overhead_s=15.0)
    require_sound(plan, tellings)
    if whole_s(tellings, 15.0) >= budget_s:
        assert plan.is_met
    assert fit(tellings, budget_s, overhead_s=15.0) == plan


@settings(max_examples=25, deadline=None)
@given(programmes, st.floats(0.2, 0.9), st.floats(0.75, 1.35), st.integers(0, 9))
def test_real_clips_bring_the_time_back(tellings, share, speed, seed) -> None:
    """A voice a third slower or faster than guessed, and every sentence off by some percent."""
    rng = random.Random(seed)
    budget_s = max(120.0, share * whole_s(tellings, 15.0))
    plan = fit(tellings, budget_s, overhead_s=15.0)
    real_s = {
        (t.key, i): s.seconds * speed * rng.uniform(0.9, 1.1)
        for t in tellings
        for i, s in enumerate(t.sentences)
    }
    spoken = {}
    for _ in range(6):
        new = {
            (p.telling.key, i): real_s[p.telling.key, i] for p in plan.parts for i in p.kept.indices
        }
        if new.keys() <= spoken.keys():
            break
        spoken |= new
        plan = adjust(plan, new)
        require_sound(plan, tellings)
    else:
        pytest.fail("it never came to rest")
    extra_s = sum(t.extra_s for t in tellings)
    if 15.0 + extra_s + sum(real_s.values()) >= budget_s:
        assert plan.is_met
    assert adjust(plan, {}) == plan


def test_the_longest_are_shortened_first() -> None:
    """A short story is told whole beside two long ones that share the rest."""
    tellings = [telling("a", 40), telling("b", 6), telling("c", 36)]
    plan = fit(tellings, 240.0)
    lengths = [p.kept.seconds for p in plan.parts]
    assert plan.parts[1].kept.seconds == pytest.approx(whole_s([tellings[1]]) - 4.0)
    assert lengths[0] == pytest.approx(lengths[2], abs=15.0)


def test_the_last_are_dropped_where_not_all_fit() -> None:
    """Each of those told has its first sentence and one more at least, and 20 seconds."""
    tellings = [telling(f"{n}", 12) for n in range(10)]
    plan = fit(tellings, 120.0, overhead_s=10.0)
    told = [p.telling.key for p in plan.parts]
    assert told == [t.key for t in tellings[: len(told)]]
    assert 2 <= len(told) <= 5
    assert all(len(p.kept.indices) >= 2 for p in plan.parts)
    assert len(fit(tellings, 120.0, overhead_s=10.0, least_s=1.0).parts) > len(told)


def test_too_much_time_tells_everything_and_says_so() -> None:
    """The listener is not kept waiting."""
    tellings = [telling("a", 6), telling("b", 9)]
    plan = fit(tellings, 1000.0)
    assert [len(p.kept.indices) for p in plan.parts] == [len(t.sentences) for t in tellings]
    (note,) = plan.notes
    assert note.startswith("all there is to tell lasts")
    assert note.endswith("1000 s were asked for")


def test_too_little_time_tells_the_first_sentence_and_says_so() -> None:
    """Of the first story."""
    plan = fit([telling("a", 6), telling("b", 9)], 2.0)
    assert [p.kept.indices for p in plan.parts] == [(0,)]
    assert [t.key for t in plan.dropped] == ["b"]
    assert plan.notes[0].startswith("the least that can be told lasts")


def test_a_story_without_text_is_dropped_and_none_makes_an_empty_programme() -> None:
    """A heading is no story."""
    silent = Telling("s", "Silent", (Sentence("Read on", 0, 1.0, BlockKind.HEADING),))
    plan = fit([silent, telling("a", 6)], 30.0)
    assert [p.telling.key for p in plan.parts] == ["a"]
    assert [t.key for t in adjust(plan, {}).dropped] == ["s"]
    empty = fit([], 60.0, overhead_s=5.0)
    assert (empty.parts, empty.total_s) == ((), 5.0)


def test_a_plan_that_keeps_its_time_is_not_changed() -> None:
    """Only its lengths are."""
    tellings = [telling("a", 30), telling("b", 20)]
    plan = fit(tellings, 150.0)
    real_s = {
        (p.telling.key, i): p.telling.sentences[i].seconds * 1.03
        for p in plan.parts
        for i in p.kept.indices
    }
    again = adjust(plan, real_s)
    assert [p.kept.indices for p in again.parts] == [p.kept.indices for p in plan.parts]
    assert again.total_s > plan.total_s
    assert again.real_s == real_s


def test_real_lengths_around_the_stories_count_too() -> None:
    """A longer opening or headline takes the time of sentences."""
    tellings = [telling("a", 30), telling("b", 20)]
    plan = adjust(fit(tellings, 150.0), {}, overhead_s=30.0, extra_s={"a": 12.0})
    assert (plan.overhead_s, plan.parts[0].telling.extra_s) == (30.0, 12.0)
    assert abs(plan.total_s - 150.0) <= TOLERANCE * 150.0


@pytest.mark.parametrize("budget_s", [0.0, -1.0, float("nan")])
def test_no_time_is_no_programme(budget_s) -> None:
    """A mistake of the caller."""
    with pytest.raises(ValueError, match="more than 0 seconds"):
        fit([], budget_s)


def test_two_stories_with_one_key_are_refused() -> None:
    """Real lengths would be mixed up."""
    with pytest.raises(ValueError, match="key of its own"):
        fit([telling("a", 3), telling("a", 4)], 60.0)
