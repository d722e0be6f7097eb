"""What a day of articles needs in cores, storage and money (pure).

A small model: what one episode takes, measured by ``audiobrief bench --costs``, times the articles
of a day. Prices, and the speed of a neural voice, are assumptions with a range: they are nobody's
offer, and whoever plans puts in their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

DAY_S: Final = 86_400
GB: Final = 1e9


class Range(NamedTuple):
    """An assumption: what is usual, and how far off it may be."""

    low: float
    usual: float
    high: float

    def times(self, factor: float) -> Range:
        """Return the range of what costs so many times as much."""
        return Range(*(factor * value for value in self))


@dataclass(frozen=True, slots=True)
class EpisodeCost:
    """What one episode takes. CPU is user and system time of all processes, on one core."""

    voice: str
    words: int
    #: Length of the episode.
    sound_s: float
    #: Read, find the article, decide what is said by whom: paid again by every shard.
    plan_cpu_s: float
    speak_cpu_s: float
    #: Assemble, master, encode, tag, write pages.
    make_cpu_s: float
    mp3_bytes: float
    #: Pages, transcripts, manifest.
    beside_bytes: float
    #: Spoken clips, and encoded pieces: caches, which may be bounded or thrown away.
    clip_bytes: float

    @property
    def work_cpu_s(self) -> float:
        """Return what is paid once, whoever does it."""
        return self.speak_cpu_s + self.make_cpu_s

    def spoken_at(self, voice: str, speed: float) -> EpisodeCost:
        """Return the cost with a voice that speaks so many times faster than real time, a core."""
        return replace(self, voice=voice, speak_cpu_s=self.sound_s / speed)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is not measured, in US dollars of the date."""

    date: str
    #: A core for an hour: rented for long, on demand, on demand with much memory.
    core_hour_usd: Range
    #: A GB in an object store for a month.
    gb_month_usd: Range
    #: A GB sent to listeners: from a house without such fees, by a network for that, by a cloud.
    gb_sent_usd: Range
    #: How much of the time cores are busy.
    busy: float
    #: The busiest hour against the mean.
    peak: float
    #: Of a neural voice, a core: so many times real time.
    neural_speed: Range


@dataclass(frozen=True, slots=True)
class DayNeed:
    """What a day of articles needs."""

    articles: int
    #: With idle time; for the mean of the day, and for its busiest hour.
    cores: float
    peak_cores: float
    core_hours: float
    sound_bytes: float
    clip_bytes: float
    compute_usd: Range
    #: To keep the sound and the pages of this day for a month.
    month_usd: Range
    #: To send every episode to one listener.
    sent_usd: Range


def need_of_day(cost: EpisodeCost, articles: int, assumed: Assumptions, shards: int = 1) -> DayNeed:
    """Return what a day of so many articles needs.

    Args:
        cost: Of one episode.
        articles: Each becomes an episode.
        assumed: Prices and the like.
        shards: Each decides for all articles: planning is paid so often.
    """
    cpu_s = articles * (shards * cost.plan_cpu_s + cost.work_cpu_s)
    cores = cpu_s / DAY_S / assumed.busy
    core_hours = 24 * cores
    kept = articles * (cost.mp3_bytes + cost.beside_bytes)
    return DayNeed(
        articles,
        cores,
        cores * assumed.peak,
        core_hours,
        kept,
        articles * cost.clip_bytes,
        assumed.core_hour_usd.times(core_hours),
        assumed.gb_month_usd.times(kept / GB),
        assumed.gb_sent_usd.times(articles * cost.mp3_bytes / GB),
    )


def most_articles(cost: EpisodeCost, cores: int, assumed: Assumptions) -> int:
    """Return how many articles a day one machine makes: with more, it is no longer enough."""
    return int(cores * assumed.busy * DAY_S / (cost.plan_cpu_s + cost.work_cpu_s))


def planning_share(cost: EpisodeCost, shards: int) -> float:
    """Return how much of all that N shards do is planning what others make, 0.0..1.0.

    >>> round(planning_share(EpisodeCost("", 600, 200, 1.0, 4.0, 5.0, 0, 0, 0), 2), 3)
    0.091
    """
    repeated = (shards - 1) * cost.plan_cpu_s
    return repeated / (repeated + cost.plan_cpu_s + cost.work_cpu_s)


def most_shards(cost: EpisodeCost, share: float = 0.2) -> int:
    """Return for how many shards repeated planning stays below a share of the work.

    >>> most_shards(EpisodeCost("", 600, 200, 1.0, 4.0, 5.0, 0, 0, 0))
    3
    """
    once = cost.plan_cpu_s + cost.work_cpu_s
    return 1 + int(share / (1 - share) * once / cost.plan_cpu_s)
