"""How much ``audiobrief serve`` answers: feeds, ranges of sound, many connections; beside nginx.

A rate is told for a second of the server's own CPU: what else the machine does, wrk among it, does
not count. nginx takes turns with it, and their ratio is taken within a round.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING, Final
from urllib.request import Request, urlopen

from audiobrief.bench import wrk
from audiobrief.bench.contestant import NGINX, Contestant, has_nginx, nginx, ours
from audiobrief.bench.figure import Figure, figure_of
from audiobrief.bench.tree import run_tree
from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_GROUP: Final = "serve"
#: Answers a second of CPU.
LEAST_UNCHANGED, LEAST_PACKED = 2000.0, 1500.0
#: While so many connections are open, and none may fail.
CROWD, MOST_MEMORY_MB = 2000, 200.0
#: Feeds of the bench have so many episodes.
_EPISODES: Final = 100
_CONNECTIONS: Final = 100
_OPEN_FILES: Final = 4096
_RANGE: Final = "bytes=65536-131071"


@dataclass(frozen=True, slots=True)
class _Course:
    """One thing that is asked for."""

    name: str
    #: Below the server's address.
    path: str
    fields: Mapping[str, str]
    least: float | None = None
    #: The server's own tag of the feed is sent along.
    is_known: bool = False


class ServeBench:
    """Measures the server.

    Args:
        folder: Empty; where a show is built.
        tell: Called with what is done at the moment.
        rounds: So often the servers take turns.
        seconds: So long each thing is asked for.
    """

    def __init__(
        self, folder: Path, tell: Callable[[str], None], rounds: int, seconds: int = 2
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._rounds = rounds
        self._seconds = seconds
        #: What could not be measured, and why.
        self.left_out: list[str] = []

    def measure(self) -> Iterator[Figure]:
        """Yield what was measured.

        Raises:
            AudiobriefError: A server or wrk does not run, or nothing can be built.
        """
        if not wrk.is_here():
            self.left_out.append("the server: wrk: not installed")
            return
        self._tell("building a show")
        courses = _courses(_build(self._folder))
        _open_more_files()
        with ExitStack() as running:
            servers = [running.enter_context(ours(self._folder))]
            if has_nginx():
                beside = self._folder / NGINX
                beside.mkdir()
                episodes = self._folder / "episodes"
                servers.append(running.enter_context(nginx(episodes, beside)))
            else:
                self.left_out.append("nginx beside it: not installed")
            for course in courses:
                yield from self._compare(course, servers)
            yield from self._crowd(servers[0])

    def _compare(self, course: _Course, servers: list[Contestant]) -> Iterator[Figure]:
        rates: dict[str, list[float]] = {server.name: [] for server in servers}
        unit, least = "/s of CPU", course.least
        for turn in range(self._rounds):
            for server in servers:
                self._tell(f"round {turn + 1} of {self._rounds}: {course.name}, {server.name}")
                before = server.cpu_s()
                answered = wrk.ask(_load(course, server, self._seconds))
                if answered.error_count:
                    raise AudiobriefError(
                        f"{answered.error_count} of {answered.count} requests failed",
                        f"{server.name}, {course.name}",
                        remedy="run it again when the machine is idle",
                    )
                rate = answered.per_s
                if before is not None and (after := server.cpu_s()) is not None:
                    rate = answered.count / max(after - before, 0.01)
                else:
                    # Of a second of a machine that does other things, nothing can be asked.
                    unit, least = "/s", None
                rates[server.name].append(rate)
        mine, *others = rates.values()
        for figure in figure_of(_GROUP, course.name, mine, unit=unit):
            yield replace(figure, yardstick=least)
        for its in others:
            shares = [mine_s / its_s for mine_s, its_s in zip(mine, its, strict=True)]
            yield from figure_of(_GROUP, f"{course.name}: serve / nginx", shares)

    def _crowd(self, server: Contestant) -> Iterator[Figure]:
        self._tell(f"{CROWD:,} connections")
        fields = {"Accept-Encoding": "gzip"}
        load = wrk.Load(f"{server.url}feed.xml", fields, CROWD, max(3, self._seconds))
        answered = wrk.ask(load)
        name = f"{CROWD:,} connections, "
        yield from figure_of(_GROUP, f"{name}errors", [answered.error_count], most=0)
        peak = server.peak_mb()
        peaks = [] if peak is None else [peak]
        yield from figure_of(_GROUP, f"{name}peak memory", peaks, unit="MB", most=MOST_MEMORY_MB)


def _build(folder: Path) -> str:
    """Build a show of one episode, whose feed then names it a hundred times.

    Returns:
        The path of its sound, below the server's address.
    """
    sample = resources.files("audiobrief") / "samples" / "harbor-ferry.txt"
    (folder / "articles").mkdir()
    (folder / "articles" / "sample.txt").write_bytes(sample.read_bytes())
    build = [sys.executable, "-m", "audiobrief", "build", "--engine", "tone", "-q"]
    taken = run_tree([build], folder)
    sounds = sorted(folder.glob("episodes/*/*.mp3"))
    if taken.failure or not sounds:
        raise AudiobriefError(
            f"nothing to serve: {taken.failure or 'no sound'}",
            "audiobrief build",
            remedy="run 'audiobrief doctor'",
        )
    feed = folder / "episodes" / "feed.xml"
    head, item, tail = _parted(feed.read_text(encoding="utf-8"))
    guid = item.partition("<guid")[2].partition(">")[2].partition("<")[0]
    items = [item.replace(guid, f"{guid}-{number}") for number in range(_EPISODES)]
    feed.write_text("".join((head, *items, tail)), encoding="utf-8")
    return sounds[0].relative_to(folder / "episodes").as_posix()


def _parted(feed: str) -> tuple[str, str, str]:
    """Return what stands before the one item of a feed, the item, and the rest.

    >>> _parted("<rss><item>1</item></rss>")
    ('<rss>', '<item>1</item>', '</rss>')
    """
    begin, end = feed.index("<item>"), feed.rindex("</item>") + len("</item>")
    return feed[:begin], feed[begin:end], feed[end:]


def _courses(sound: str) -> tuple[_Course, ...]:
    return (
        _Course("feed, unchanged", "feed.xml", {}, LEAST_UNCHANGED, is_known=True),
        _Course("feed, compressed", "feed.xml", {"Accept-Encoding": "gzip"}, LEAST_PACKED),
        _Course("64 kB of sound", sound, {"Range": _RANGE}),
    )


def _load(course: _Course, server: Contestant, seconds: int) -> wrk.Load:
    """Return what wrk is to do; the first request shows that there is an answer."""
    url = f"{server.url}{course.path}"
    fields = dict(course.fields)
    with urlopen(Request(url, headers=fields)) as answer:  # noqa: S310 - our own server, by http
        if course.is_known:
            fields["If-None-Match"] = answer.headers["etag"]
        answer.read()
    return wrk.Load(url, fields, _CONNECTIONS, seconds)


def _open_more_files() -> None:
    """Let wrk and the servers hold as many connections as are asked for; they inherit the limit."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY not in {soft, hard} and soft < _OPEN_FILES <= hard:
        # macOS may allow fewer than it says; then it stays as it is.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, hard))
