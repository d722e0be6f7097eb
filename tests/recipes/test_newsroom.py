"""The page of costs is what the model gives; ``UPDATE_GOLDEN=1`` writes its tables again."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import audiobrief
from audiobrief.bench.costed import CostBench
from audiobrief.bench.costs import (
    EpisodeCost,
    most_articles,
    most_shards,
    need_of_day,
    planning_share,
)
from audiobrief.bench.costs_page import ASSUMED, MEASURED, fill, render_blocks

PAGE = Path(audiobrief.__file__).parent / "recipes" / "newsroom.md"

seconds = st.floats(0.001, 1000)
costs = st.builds(
    EpisodeCost, st.just("any"), st.just(600), seconds, seconds, seconds, seconds,
    st.floats(1, 1e8), st.floats(1, 1e8), st.floats(1, 1e8),
)  # fmt: skip


def test_the_page_is_what_the_model_gives() -> None:
    """Each table stands between its marks, and none is left out."""
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("UPDATE_GOLDEN"):
        page = fill(page, render_blocks())
        PAGE.write_text(page, encoding="utf-8", newline="\n")
    assert set(re.findall(r"<!-- costs: (\w+) -->", page)) == set(render_blocks())
    assert fill(page, render_blocks()) == page


@given(costs, st.integers(1, 10**6), st.integers(1, 1000))
def test_a_day_is_the_sum_of_its_articles(cost: EpisodeCost, articles: int, shards: int) -> None:
    """Twice the articles need twice of everything; another shard costs the planning once more."""
    one, two = (need_of_day(cost, n * articles, ASSUMED, shards) for n in (1, 2))
    for name in ("cores", "core_hours", "sound_bytes", "clip_bytes"):
        assert getattr(two, name) == pytest.approx(2 * getattr(one, name))
    more = need_of_day(cost, articles, ASSUMED, shards + 1)
    planned_h = articles * cost.plan_cpu_s / 3600 / ASSUMED.busy
    assert more.core_hours - one.core_hours == pytest.approx(planned_h, rel=1e-4, abs=1e-6)


@given(costs, st.integers(1, 128))
def test_a_machine_that_is_just_enough_is_busy(cost: EpisodeCost, cores: int) -> None:
    """The articles that it can make in a day need no more than its cores, one more does."""
    most = most_articles(cost, cores, ASSUMED)
    assert need_of_day(cost, most, ASSUMED).cores <= cores * (1 + 1e-9)
    assert need_of_day(cost, most + 1, ASSUMED).cores >= cores * (1 - 1e-9)


@given(costs)
def test_planning_again_stays_below_the_share_asked_for(cost: EpisodeCost) -> None:
    """The number of shards that the page names keeps its promise, and the next one breaks it."""
    most = most_shards(cost, 0.2)
    assert planning_share(cost, most) <= 0.2 + 1e-9
    assert planning_share(cost, most + 1) >= 0.2 - 1e-9


def test_a_slower_voice_costs_more_of_speaking_alone() -> None:
    """Real time by the speed, a core."""
    neural = MEASURED.spoken_at("neural", 5.0)
    assert neural.speak_cpu_s == MEASURED.sound_s / 5
    assert replace(neural, voice=MEASURED.voice, speak_cpu_s=MEASURED.speak_cpu_s) == MEASURED


def test_the_bench_measures_the_inputs_of_the_model(tmp_path: Path) -> None:
    """An article of 600 words: its length, its bytes, and CPU that was really spent."""
    cost = CostBench(tmp_path, lambda _doing: None, few=1, many=2, planned=3).cost()
    assert 150 < cost.sound_s < 320
    # 96 kbit/s, and cover and tags.
    assert cost.mp3_bytes == pytest.approx(12_000 * cost.sound_s, rel=0.1)
    assert cost.clip_bytes > cost.mp3_bytes
    assert cost.speak_cpu_s + cost.make_cpu_s > 0
