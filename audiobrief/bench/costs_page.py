"""The tables of recipes/newsroom.md, from the model of costs (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from audiobrief.bench.costs import (
    GB,
    Assumptions,
    EpisodeCost,
    Range,
    most_articles,
    most_shards,
    need_of_day,
    planning_share,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

ARTICLES: Final = 100_000
#: Printed by ``audiobrief bench --costs``, on the machine that is named.
MEASURED: Final = EpisodeCost(
    voice="espeak-ng (`pyttsx3`, the default)",
    words=600,
    sound_s=227.5,
    plan_cpu_s=0.02,
    speak_cpu_s=0.96,
    make_cpu_s=1.15,
    mp3_bytes=2.77e6,
    beside_bytes=0.54e6,
    clip_bytes=11.89e6,
)
MEASURED_ON: Final = (
    "AMD EPYC, 2 cores, Linux x86_64, Python 3.11, load before 8 (others worked there), 2026-11-29"
)
ASSUMED: Final = Assumptions(
    date="2026-11",
    core_hour_usd=Range(0.01, 0.04, 0.10),
    gb_month_usd=Range(0.005, 0.02, 0.03),
    gb_sent_usd=Range(0.0, 0.02, 0.09),
    busy=0.7,
    peak=3.0,
    neural_speed=Range(2.0, 5.0, 15.0),
)
#: Machines that a house may have.
_CORES: Final = (2, 8, 32, 64)
_SHARDS: Final = (1, 4, 16, 64, 256)
_BLOCK: Final = re.compile(r"(<!-- costs: (\w+) -->\n).*?(<!-- /costs -->)", re.DOTALL)


def fill(page: str, blocks: dict[str, str]) -> str:
    r"""Return a page with the generated blocks between its marks.

    >>> fill("<!-- costs: a -->\nold\n<!-- /costs -->", {"a": "new\n"})
    '<!-- costs: a -->\nnew\n<!-- /costs -->'
    """
    return _BLOCK.sub(lambda mark: mark[1] + blocks[mark[2]] + mark[3], page)


def render_blocks(cost: EpisodeCost = MEASURED, assumed: Assumptions = ASSUMED) -> dict[str, str]:
    """Return the tables of the page, by name."""
    low, usual, high = assumed.neural_speed
    voices = (
        cost,
        cost.spoken_at(f"neural, {usual:g}x real time a core", usual),
        cost.spoken_at(f"neural, {low:g}x", low),
        cost.spoken_at(f"neural, {high:g}x", high),
    )
    return {
        "episode": _episode(cost),
        "day": _day(voices, assumed),
        "assumptions": _assumptions(assumed),
        "machines": _machines(voices, assumed),
        "shards": _shards(voices[:2]),
    }


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _episode(cost: EpisodeCost) -> str:
    rows = (
        ("length of the episode", f"{cost.sound_s:.0f} s"),
        ("planning (paid again by every shard), CPU", f"{cost.plan_cpu_s:.2f} s"),
        ("speaking, CPU", f"{cost.speak_cpu_s:.2f} s"),
        ("assembling, mastering, MP3, pages, CPU", f"{cost.make_cpu_s:.2f} s"),
        ("MP3, 96 kbit/s", f"{cost.mp3_bytes / 1e6:.2f} MB"),
        ("pages, transcripts, manifest", f"{cost.beside_bytes / 1e6:.2f} MB"),
        ("clips and encoded pieces, while they are kept", f"{cost.clip_bytes / 1e6:.1f} MB"),
    )
    note = f"\nMeasured by `audiobrief bench --costs`: {MEASURED_ON}.\n"
    return _table((f"an article of {cost.words} words", ""), rows) + note


def _day(voices: Iterable[EpisodeCost], assumed: Assumptions) -> str:
    rows = []
    for voice in voices:
        need = need_of_day(voice, ARTICLES, assumed)
        rows.append(
            (
                voice.voice,
                f"{need.cores:,.0f}" if need.cores >= 10 else f"{need.cores:.1f}",
                f"{need.peak_cores:,.0f}",
                f"{need.core_hours:,.0f}",
                _dollars(need.compute_usd),
            )
        )
    need = need_of_day(MEASURED, ARTICLES, assumed)
    kept = (
        ("MP3s and pages of a day", _size(need.sound_bytes), _dollars(need.month_usd, " a month")),
        (
            "of a year, all kept",
            _size(365 * need.sound_bytes),
            _dollars(_year(need.month_usd), " a month"),
        ),
        (
            "clips and encoded pieces of a day, if all were kept",
            _size(need.clip_bytes),
            "bound them: `max_mb`",
        ),
        (
            "every episode sent to one listener",
            _size(ARTICLES * MEASURED.mp3_bytes),
            _dollars(need.sent_usd),
        ),
    )
    head = ("voice", "cores, mean", "cores, busiest hour", "core-hours", "computing a day, USD")
    return _table(head, rows) + "\n" + _table(("storage and transfer", "", "USD"), kept)


def _year(day: Range) -> Range:
    return day.times(365)


def _assumptions(assumed: Assumptions) -> str:
    rows = (
        ("a core for an hour", *_three(assumed.core_hour_usd), "USD"),
        ("a GB in an object store for a month", *_three(assumed.gb_month_usd), "USD"),
        ("a GB sent to listeners", *_three(assumed.gb_sent_usd), "USD"),
        ("a neural voice, a core", *_three(assumed.neural_speed), "times real time"),
        ("cores are busy", "", f"{assumed.busy:.0%}", "", "of the time"),
        ("the busiest hour", "", f"{assumed.peak:g}", "", "times the mean"),
    )
    return _table((f"assumed, {assumed.date}", "low", "usual", "high", ""), rows)


def _three(value: Range) -> tuple[str, str, str]:
    low, usual, high = (f"{one:g}" for one in value)
    return low, usual, high


def _machines(voices: Iterable[EpisodeCost], assumed: Assumptions) -> str:
    head = ("articles a day, at most", *(f"{cores} cores" for cores in _CORES))
    rows = (
        (v.voice, *(f"{_round(most_articles(v, cores, assumed)):,}" for cores in _CORES))
        for v in voices
    )
    return _table(head, rows)


def _shards(voices: Iterable[EpisodeCost]) -> str:
    head = (
        "share of all work that is planning again",
        *(f"N = {n}" for n in _SHARDS),
        "N, for a fifth",
    )
    rows = (
        (v.voice, *(f"{planning_share(v, n):.1%}" for n in _SHARDS), f"{most_shards(v):,}")
        for v in voices
    )
    return _table(head, rows)


def _round(value: int) -> int:
    """Return two digits that count: the inputs have no more."""
    digits = max(len(str(value)) - 2, 0)
    return round(value, -digits)


def _dollars(value: Range, per: str = "") -> str:
    low, usual, high = (f"{one:,.2f}" if one < 10 else f"{one:,.0f}" for one in value)
    return f"{usual} ({low} to {high}){per}"


def _size(count: float) -> str:
    return f"{count / GB:,.0f} GB" if count < 1000 * GB else f"{count / GB / 1000:,.1f} TB"
