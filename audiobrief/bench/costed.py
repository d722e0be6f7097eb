"""What an episode of 600 words takes on this machine: the inputs of the model of costs."""

from __future__ import annotations

import json
import shutil
import sys
from itertools import count
from typing import TYPE_CHECKING, Final

from audiobrief.bench.costs import DAY_S, EpisodeCost
from audiobrief.bench.figure import Figure
from audiobrief.bench.texts import sentence
from audiobrief.bench.tree import run_tree
from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_GROUP: Final = "costs"
WORDS: Final = 600
#: What both have in common, the start of Python above all, is taken away: an article more costs
#: the difference by their number.
FEW, MANY = 2, 10
#: Planning is short: it is told by more articles.
PLANNED: Final = 60
#: Sentences of an article, so that no two articles share one.
_APART: Final = 100


class CostBench:
    """Measures what an article more costs a build.

    Args:
        folder: Empty; where the articles are built.
        tell: Called with what is done at the moment.
        few: Articles of the smaller build.
        many: Articles of the larger one.
        planned: Articles of the larger one that is planned alone.
    """

    def __init__(
        self,
        folder: Path,
        tell: Callable[[str], None],
        few: int = FEW,
        many: int = MANY,
        planned: int = PLANNED,
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._few = few
        self._many = many
        self._planned = planned

    def measure(self) -> Iterator[Figure]:
        """Yield the figures of an episode, and what a day of 100,000 needs at full load.

        Raises:
            AudiobriefError: A build fails, or the system does not tell what programs take.
        """
        cost = self.cost()
        yield Figure(_GROUP, "length of an episode of 600 words", cost.sound_s, "s")
        yield Figure(_GROUP, "planning, CPU an article", cost.plan_cpu_s, "s")
        yield Figure(_GROUP, "speaking, CPU an article", cost.speak_cpu_s, "s")
        yield Figure(_GROUP, "making the MP3 and pages, CPU an article", cost.make_cpu_s, "s")
        yield Figure(_GROUP, "MP3", cost.mp3_bytes / 1e6, "MB")
        yield Figure(_GROUP, "pages, transcripts, manifest", cost.beside_bytes / 1e6, "MB")
        yield Figure(
            _GROUP, "clips and encoded pieces, if all are kept", cost.clip_bytes / 1e6, "MB"
        )
        cores = 100_000 * (cost.plan_cpu_s + cost.work_cpu_s) / DAY_S
        yield Figure(_GROUP, "100,000 such articles a day: cores, never idle", cores, "")

    def cost(self) -> EpisodeCost:
        """Build twice, with few and with many articles, and return what one more takes."""
        few, many = (self._builds(number) for number in (self._few, self._many))
        more = self._many - self._few
        cold, again = ((b - a) / more for a, b in zip(few, many, strict=True))
        plans = [self._plan(number) for number in (self._few, self._planned)]
        plan = (plans[1] - plans[0]) / (self._planned - self._few)
        folder = self._folder / f"cold-{self._many}"
        manifests = [json.loads(p.read_bytes()) for p in folder.glob("episodes/*/episode.json")]
        mp3 = _bytes_below(folder / "episodes", "*.mp3")
        return EpisodeCost(
            voice="the default voice",
            words=WORDS,
            sound_s=sum(m["enclosure"]["duration_ms"] for m in manifests) / 1000 / self._many,
            plan_cpu_s=max(plan, 0.001),
            speak_cpu_s=max(cold - again, 0.0),
            make_cpu_s=max(again - plan, 0.0),
            mp3_bytes=mp3 / self._many,
            beside_bytes=(_bytes_below(folder / "episodes") - mp3) / self._many,
            clip_bytes=(
                _bytes_below(folder / ".audiobrief" / "clips")
                + _bytes_below(folder / ".audiobrief" / "encoded")
            )
            / self._many,
        )

    def _plan(self, articles: int) -> float:
        """Return the CPU of deciding what would be built."""
        self._tell(f"{articles} articles: planned")
        return _cpu_of("build", "-q", "--dry-run", folder=self._workspace("planned", articles))

    def _builds(self, articles: int) -> tuple[float, float]:
        """Return the CPU of a cold build, and of one that has the clips."""
        self._tell(f"{articles} articles: built, and built again from their clips")
        folder = self._workspace("cold", articles)
        cold = _cpu_of("build", "-q", folder=folder)
        # Another workspace with the same clips: all but speaking is done again.
        again = self._workspace("again", articles)
        shutil.copytree(folder / ".audiobrief" / "clips", again / ".audiobrief" / "clips")
        return cold, _cpu_of("build", "-q", folder=again)

    def _workspace(self, name: str, articles: int) -> Path:
        folder = self._folder / f"{name}-{articles}"
        (folder / "articles").mkdir(parents=True)
        for number in range(articles):
            path = folder / "articles" / f"{number}.txt"
            path.write_text(_article(number), encoding="utf-8")
        return folder


def _article(number: int) -> str:
    """Return an article of 600 words or a few more."""
    words, sentences = 0, []
    for which in count(number * _APART):
        sentences.append(sentence(which))
        words += len(sentences[-1].split())
        if words >= WORDS:
            break
    paragraphs = [" ".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4)]
    return f"What the harbor towns did, part {number + 1}\n\n" + "\n\n".join(paragraphs) + "\n"


def _cpu_of(*arguments: str, folder: Path) -> float:
    taken = run_tree([[sys.executable, "-m", "audiobrief", *arguments]], folder)
    if taken.failure or taken.cpu_s is None:
        raise AudiobriefError(
            f"nothing to measure: {taken.failure or 'this system does not tell the CPU time'}",
            f"audiobrief {arguments[0]}",
            remedy="run 'audiobrief doctor'",
        )
    return taken.cpu_s


def _bytes_below(folder: Path, pattern: str = "*") -> int:
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file())
