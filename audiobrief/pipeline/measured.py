"""How long the sentences and stories of a programme really are, from its timeline (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.script.programme import SUMMARY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiobrief.brief.plan import Plan
    from audiobrief.model.audio import Timeline
    from audiobrief.model.script import Script


@dataclass(frozen=True, slots=True)
class Lengths:
    """What was measured, in seconds."""

    #: By the story's key and the sentence's index, the pause after it included.
    sentences: Mapping[tuple[str, int], float]
    #: What is heard around the sentences of a story, by its key.
    extra_s: Mapping[str, float]
    #: What is heard besides all stories.
    overhead_s: float


def measured(
    plan: Plan, script: Script, timeline: Timeline, rows: Sequence[Sequence[int]]
) -> Lengths:
    """Return how long everything is.

    Args:
        plan: What was told.
        script: Its script; every story begins a chapter, as does the opening.
        timeline: Where its segments lie.
        rows: Of every story, the ledger row of each of its sentences.
    """
    starts = [cue.start_frame for cue in timeline.cues] + [timeline.frame_count]
    begins = [n for n, segment in enumerate(script.segments) if segment.chapter is not None]
    bounds = [*begins[1:], _closing(script)]
    rate_hz = timeline.sample_rate_hz
    summaries = {a.segment for a in script.added if a.reason.startswith(SUMMARY)}
    sentences: dict[tuple[str, int], float] = {}
    extra_s: dict[str, float] = {}
    for part, own, first, end in zip(plan.parts, rows, bounds[:-1], bounds[1:], strict=True):
        key = part.telling.key
        index_of = {row: i for i, row in enumerate(own)}
        # A model's sentences have no rows; they come in the order in which they were kept.
        worded = iter(part.kept.indices)
        for n in range(first, end):
            row, end_row = script.segments[n].source
            index = index_of.get(row) if row < end_row else None
            if script.segments[n].id in summaries:
                index = next(worded)
            if index is not None:
                seconds = (starts[n + 1] - starts[n]) / rate_hz
                sentences[key, index] = sentences.get((key, index), 0.0) + seconds
        story_s = (starts[end] - starts[first]) / rate_hz
        extra_s[key] = story_s - sum(sentences.get((key, i), 0.0) for i in part.kept.indices)
    stories_s = (starts[bounds[-1]] - starts[bounds[0]]) / rate_hz
    return Lengths(sentences, extra_s, timeline.frame_count / rate_hz - stories_s)


def _closing(script: Script) -> int:
    """Return the first segment of the closing."""
    closing = {a.segment for a in script.added if a.reason.startswith("closing")}
    return next(n for n, segment in enumerate(script.segments) if segment.id in closing)
