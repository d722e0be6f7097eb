"""How long commands take in a show of many episodes, with many articles in the inbox.

Each is run as a program, and beside it, in the same round, one that imports the same modules and
ends: what the command takes above that is told. What else the machine does only adds to what both
take: so it is the difference of the shortest runs.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from audiobrief.bench import programs
from audiobrief.bench.figure import Figure
from audiobrief.bench.large_show import ENGINE, add_article, make_large_show
from audiobrief.bench.tree import run_tree
from audiobrief.errors import AudiobriefError
from audiobrief.store.manifest import MANIFEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from audiobrief.bench.tree import Taken

_GROUP: Final = "scale"
#: So often at least all commands take turns: the shortest run of few says little.
_LEAST_ROUNDS: Final = 5
#: Of so many articles one has become an episode: the others are none of the show's.
ARTICLES_PER_EPISODE: Final = 10
#: The most that a build in which nothing is new takes above its imports, by articles.
MOST_UNCHANGED_S: Final = {1_000: 0.3, 10_000: 0.6, 100_000: 4.0}
#: So for one article that is published into a show, up to 100,000 articles.
MOST_ONE_NEW_S: Final = {100_000: 1.0}
_IMPORTS: Final = Path(programs.__file__).with_name("imports.py")
_BUILD: Final = ("build", "-q", "--engine", ENGINE)


@dataclass(frozen=True, slots=True)
class _Deed:
    """A command that is measured."""

    name: str
    #: A new article's path is put in place of `_NEW`.
    command: tuple[str, ...]
    #: How many episodes there are more afterwards.
    more: int = 0
    #: Yardsticks by articles.
    most_s: Mapping[int, float] | None = None


_NEW: Final = "NEW"
#: In this order: each build leaves the show so that the next deed finds what it is about.
DEEDS: Final = (
    _Deed("build, nothing new", _BUILD, most_s=MOST_UNCHANGED_S),
    _Deed("build ARTICLE, a new one", (*_BUILD, _NEW), 1, MOST_ONE_NEW_S),
    _Deed("build, one new in the inbox", _BUILD, 1),
    _Deed("status", ("status",)),
    _Deed("status --limit 20", ("status", "--limit", "20")),
    _Deed("search", ("search", "planks", "tower")),
)


class CatalogueBench:
    """Measures what depends on how many articles and episodes there are.

    Args:
        folder: Empty; where the shows are.
        tell: Called with what is done at the moment.
        rounds: So often all commands take turns, at least five times.
        keeps: The shows stay there.
    """

    def __init__(
        self, folder: Path, tell: Callable[[str], None], rounds: int, *, keeps: bool = False
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._rounds = max(rounds, _LEAST_ROUNDS)
        self._keeps = keeps

    def measure(self, sizes: Sequence[int]) -> Iterator[Figure]:
        """Yield the figures of each size, then what the imports take.

        Args:
            sizes: Articles in the inbox.

        Raises:
            AudiobriefError: A command fails, or does not do what it should.
        """
        imports: list[Figure] = []
        for articles in sizes:
            episodes = max(1, articles // ARTICLES_PER_EPISODE)
            show = self._folder / f"articles-{articles}"
            self._tell(f"{articles:,} articles: making the show")
            make_large_show(show, episodes=episodes, articles=articles, tell=self._tell)
            size = _Size(self._folder, show, articles, self._tell)
            size.take_turns(self._rounds)
            yield from size.figures()
            imports = imports or list(size.imports())
            if not self._keeps:
                shutil.rmtree(show, ignore_errors=True)
        yield from imports


class _Size:
    """Measures one show."""

    def __init__(
        self, folder: Path, show: Path, articles: int, tell: Callable[[str], None]
    ) -> None:
        self._folder = folder
        self._show = show
        self._articles = articles
        self._next_article = articles
        self._tell = tell
        self._episodes = self._count()
        #: Runs of each deed, and of its imports, round by round.
        self._whole: dict[str, list[Taken]] = {deed.name: [] for deed in DEEDS}
        self._alone: dict[str, list[Taken]] = {deed.name: [] for deed in DEEDS}

    def take_turns(self, rounds: int) -> None:
        name = f"{self._articles:,} articles"
        # A first time, which does not count, shows what each imports; the first search reads all.
        self._tell(f"{name}: each command for the first time")
        notes = {deed.name: self._noted(deed, number) for number, deed in enumerate(DEEDS)}
        for turn in range(rounds):
            for deed in DEEDS:
                self._tell(f"{name}, round {turn + 1} of {rounds}: {deed.name}")
                load = [sys.executable, str(_IMPORTS), "load", str(notes[deed.name])]
                self._alone[deed.name].append(self._run(load))
                whole = self._done(deed, [sys.executable, "-m", "audiobrief"])
                self._whole[deed.name].append(whole)

    def figures(self) -> Iterator[Figure]:
        """Yield what each deed takes above its imports."""
        for deed in DEEDS:
            whole, alone = self._whole[deed.name], self._alone[deed.name]
            name = f"{self._articles:,} articles: {deed.name}"
            most = yardstick(deed.most_s or {}, self._articles)
            wall_s = min(run.wall_s for run in whole) - min(run.wall_s for run in alone)
            yield Figure(_GROUP, name, wall_s, "s", most, is_limit=most is not None)
            cpu_s = [run.cpu_s for run in whole if run.cpu_s is not None]
            imports_s = [run.cpu_s for run in alone if run.cpu_s is not None]
            if cpu_s and imports_s:
                yield Figure(_GROUP, f"{name}, CPU", min(cpu_s) - min(imports_s), "s")

    def imports(self) -> Iterator[Figure]:
        """Yield what was taken off."""
        for deed in DEEDS:
            taken_s = min(run.wall_s for run in self._alone[deed.name])
            yield Figure(_GROUP, f"{deed.name}: imports, taken off", taken_s, "s")

    def _noted(self, deed: _Deed, number: int) -> Path:
        """Do it, and return the file that says what it imports."""
        note = self._folder / f"imports-{number}.txt"
        self._done(deed, [sys.executable, str(_IMPORTS), "note", str(note)])
        return note

    def _done(self, deed: _Deed, program: list[str]) -> Taken:
        """Do it, and see that it is done."""
        command = list(deed.command)
        if deed.more:
            article = add_article(self._show, self._next_article)
            self._next_article += 1
            command = [article if word == _NEW else word for word in command]
        taken = self._run([*program, *command])
        wanted = self._episodes + deed.more
        self._episodes = self._count()
        if self._episodes != wanted:
            raise AudiobriefError(
                f"nothing to measure: {self._episodes} episodes instead of {wanted}",
                f"audiobrief {' '.join(command)}",
                remedy="run 'audiobrief doctor'",
            )
        return taken

    def _run(self, command: list[str]) -> Taken:
        taken = run_tree([command], self._show, errors=self._folder / "errors.txt")
        if taken.failure:
            raise AudiobriefError(
                f"nothing to measure: {taken.failure}",
                " ".join(command[1:]),
                remedy="run 'audiobrief doctor'",
            )
        return taken

    def _count(self) -> int:
        return sum(1 for _ in self._show.glob(f"episodes/*/{MANIFEST_NAME}"))


def yardstick(most_s: Mapping[int, float], articles: int) -> float | None:
    """Return the yardstick of the next larger size; ``None``: there is none.

    >>> [yardstick(MOST_UNCHANGED_S, n) for n in (10, 1_000, 5_000, 200_000)]
    [0.3, 0.3, 0.6, None]
    """
    larger = [size for size in most_s if size >= articles]
    return most_s[min(larger)] if larger else None
