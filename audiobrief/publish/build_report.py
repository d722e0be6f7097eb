"""The report of a build: what was made of which article, what it took, what was left out.

One file that asks nothing of the network and runs no script.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from audiobrief.model.report import BriefReport, Result, Step
from audiobrief.publish.report_page import render_page
from audiobrief.publish.report_rows import DOING, OUTCOMES, limits_of, line_of, row_of, seconds_of
from audiobrief.publish.report_view import Counted, Share, Story, Total, Trouble, View
from audiobrief.publish.report_words import (
    counted,
    heading_of,
    in_words,
    length,
    percent,
    shares_of,
)
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from audiobrief.errors import AudiobriefError
    from audiobrief.model.audio import SoundSpec
    from audiobrief.model.report import BuildReport, Outcome, ToldStory
    from audiobrief.publish.report_view import Row

#: Articles whose details stand open.
_MOST_OPEN = 3
#: Unchanged and failed articles that are listed.
_MOST_LISTED = 2000
_MOST_REASONS = 8
_MOST_SLOWEST = 5
#: An article stands out if it took so many times as long for a minute of sound as the middle one.
_SLOW_TIMES, _SLOW_S, _FEWEST_PEERS = 3.0, 1.0, 4


@dataclass(frozen=True, slots=True)
class ShowReport:
    """What a run did for one show."""

    title: str
    report: BuildReport
    #: What its sound must be.
    sound: SoundSpec


def render_build_report(
    shows: Sequence[ShowReport],
    *,
    heading: str,
    when: datetime,
    elapsed_s: float,
    root: str | None,
) -> str:
    """Return the report of a run over shows as an HTML page.

    Every word of an article, a file name or an error is escaped. What is dropped is shown whole in
    a report of a few articles, and cut in one of many; the script file has all of it.

    Args:
        shows: In the order in which they were made.
        heading: What was run, for people.
        when: It began; aware, as clocks show it where the show is at home.
        elapsed_s: How long all of it took.
        root: Address of the workspace as seen from the report, ending in a slash; ``None``: the
            report links to nothing.
    """
    outcomes = [outcome for show in shows for outcome in show.report.outcomes]
    made = [outcome for outcome in outcomes if outcome.result is not Result.UNCHANGED]
    unchanged = [outcome for outcome in outcomes if outcome.result is Result.UNCHANGED]
    slow = _slow_ones(made)
    made_count = sum(outcome.made is not None for outcome in made)
    limits = limits_of(made_count)
    rows = tuple(
        row_of(number, outcome, show.sound, root, limits, is_slow=id(outcome) in slow)
        for number, (show, outcome) in enumerate(_made_by_show(shows), 1)
    )
    offset = f"{when:%z}"
    view = View(
        heading=heading,
        shows=", ".join(printable_line(show.title) for show in shows),
        when=f"{when:%Y-%m-%d, %H:%M:%S} ({offset[:3]}:{offset[3:5]})",
        moment=when.isoformat(timespec="seconds"),
        took=in_words(elapsed_s),
        totals=_totals(outcomes, elapsed_s),
        troubles=tuple(_troubles(shows)),
        warnings=tuple(printable_line(w) for show in shows for w in show.report.warnings),
        stories=tuple(_stories(shows)),
        rows=rows,
        steps=_steps_of_all(made, elapsed_s),
        slowest=_slowest(rows),
        # Of a single article they stand below anyway.
        reasons=_reasons(made) if made_count > 1 else (),
        unchanged=tuple(line_of(outcome, root) for outcome in unchanged[:_MOST_LISTED]),
        unchanged_count=len(unchanged),
        is_open=made_count <= _MOST_OPEN,
    )
    return render_page(view)


def _made_by_show(shows: Sequence[ShowReport]) -> Iterable[tuple[ShowReport, Outcome]]:
    for show in shows:
        for outcome in show.report.outcomes:
            if outcome.result is not Result.UNCHANGED:
                yield show, outcome


def _totals(outcomes: Sequence[Outcome], elapsed_s: float) -> tuple[Total, ...]:
    results = Counter(outcome.result for outcome in outcomes)
    spoken = sum(outcome.synthesized for outcome in outcomes)
    cached = sum(outcome.cached for outcome in outcomes)
    made = [outcome.made for outcome in outcomes if outcome.made]
    made_ms = sum(one.duration_ms for one in made)
    all_ms = sum(outcome.duration_ms for outcome in outcomes)
    pieces, encoded = sum(m.part_count for m in made), sum(m.encoded_count for m in made)
    by_result = ", ".join(f"{results[r]:,} {OUTCOMES[r].lower()}" for r in Result if results[r])
    speed = f"{made_ms / 1000 / elapsed_s:.0f} times real time" if made_ms and elapsed_s else ""
    of_all = f"of {length(all_ms)} in all" if all_ms > made_ms else ""
    from_cache = f"{cached:,} from the cache ({percent(cached, spoken + cached)})"
    were_there = f"{pieces - encoded:,} were there ({percent(pieces - encoded, pieces)})"
    return (
        Total("Articles", f"{len(outcomes):,}", by_result),
        Total("Sound made", length(made_ms), of_all),
        Total("Time", in_words(elapsed_s), speed),
        Total("Clips spoken", f"{spoken:,}", from_cache),
        Total("Pieces encoded", f"{encoded:,}", were_there),
    )


def _troubles(shows: Sequence[ShowReport]) -> Iterable[Trouble]:
    for show in shows:
        for outcome in show.report.outcomes:
            if outcome.error is not None:
                yield _trouble(outcome.error, outcome.locator)
        report = show.report
        for error in (*report.damaged, report.error, report.unannounced):
            if error is not None:
                yield _trouble(error, "")


def _trouble(error: AudiobriefError, locator: str) -> Trouble:
    subject, about = printable_line(error.subject), printable_line(locator)
    more = "" if about in {subject, ""} else subject
    remedy = printable_line(error.remedy or "")
    return Trouble(about or subject, printable_line(error.problem), more, remedy)


def _steps_of_all(outcomes: Sequence[Outcome], elapsed_s: float) -> tuple[Share, ...]:
    """Return where the time of the run went; the rest is start, feed and pages."""
    spent = dict.fromkeys(Step, 0.0)
    for outcome in outcomes:
        for step, seconds in outcome.times_s:
            spent[step] += seconds
    rest = max(0.0, elapsed_s - sum(spent.values()))
    named = [(DOING[step], seconds) for step, seconds in spent.items()]
    return shares_of([*named, ("Feed, pages and all else", rest)])


def _slow_ones(outcomes: Sequence[Outcome]) -> set[int]:
    """Return the ids of what took far longer for its length than the others."""
    pace = {
        id(outcome): seconds_of(outcome) / max(outcome.made.duration_ms, 1)
        for outcome in outcomes
        if outcome.made
    }
    if len(pace) < _FEWEST_PEERS:
        return set()
    limit = _SLOW_TIMES * median(pace.values())
    return {
        id(outcome)
        for outcome in outcomes
        if pace.get(id(outcome), 0.0) > limit and seconds_of(outcome) > _SLOW_S
    }


def _slowest(rows: Sequence[Row]) -> tuple[Row, ...]:
    if len(rows) <= _FEWEST_PEERS:
        return ()
    return tuple(sorted(rows, key=lambda row: -row.seconds)[:_MOST_SLOWEST])


def _reasons(outcomes: Sequence[Outcome]) -> tuple[Counted, ...]:
    """Return why things were left out, the most frequent reason first."""
    rows = [row for outcome in outcomes if outcome.made for row in outcome.made.dropped]
    named = Counter(heading_of(row.reason or "") for row in rows).most_common(_MOST_REASONS)
    others = len(rows) - sum(count for _, count in named)
    return tuple(
        Counted(reason, f"{count:,}", percent(count, len(rows)))
        for reason, count in (*named, *([("Other reasons", others)] if others else []))
    )


def _stories(shows: Sequence[ShowReport]) -> Iterable[Story]:
    for show in shows:
        if isinstance(show.report, BriefReport):
            yield from map(_story, show.report.stories)


def _story(story: ToldStory) -> Story:
    return Story(
        headline=printable_line(story.headline),
        locator=printable_line(story.locator),
        length=length(round(1000 * story.seconds)),
        told=f"{story.told_sentences} of {counted(story.all_sentences, 'sentence')}",
        reasons="; ".join(printable_line(reason) for reason in story.reasons),
        others=", ".join(printable_line(other) for other in story.others),
    )
