"""A day of ``watch`` and ``serve`` in compressed time: nothing grows, leaks, or is lost.

The real commands run in processes of their own. The time of day is real time and what the soak has
let it jump ahead: each step is as long as its work takes, then the clock jumps to the next one.
Waits that the monotonic clock measures are real: politeness, timeouts, files that stand still.
"""

import json
import os
import re
import sys
import time
import tracemalloc
from collections import Counter
from concurrent.futures import wait
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tests.torture.house import Part
from tests.torture.invariant import deep_violations, leftovers, violations
from tests.torture.soak import samples as of
from tests.torture.soak.crowd import Crowd
from tests.torture.soak.day import Day
from tests.torture.soak.press import NUMBER
from tests.torture.soak.stage import Stage

HOURS = 24
#: Whom the private show is for, at first; of a short day.
PRIVATE, FEW = 8, 2
#: Quiet is when for so long nobody holds the workspace and the watch says nothing: longer than it
#: waits for files to stand still.
QUIET_S = 2.8
#: A step that has not come to rest by then is noted; nothing is lost by it.
LONGEST_S = 240
#: Of an article, in the name of its file.
_IN_A_NAME = re.compile(r"(?:bulletin|note)-(\d+)\b")
#: A shorter day has its programme, too, but says nothing about growth.
WHOLE_H = 12


def run(place, *, most=None, seed=0, hours=HOURS, an_hour=4, report=None):
    """Let a day go by.

    Args:
        place: An empty folder.
        most: So many steps at most.
        seed: Of all that happens by chance.
        hours: How long the day is.
        an_hour: So many steps an hour has; between two of them, time jumps.
        report: Beside it, a table of all samples and a plot are written.
    """
    part = Part(17, "soak")
    if not Path("/proc/self/smaps_rollup").exists():
        part.notes.append(
            "this system has no /proc: memory and descriptors cannot be read; not run"
        )
        return part
    count = round(hours * an_hour)
    soak = _Soak(place, part, seed, count if most is None else min(most, count), an_hour, report)
    try:
        soak.go()
    finally:
        soak.close()
    return part


def _at_a_moment(folder):
    """Return what is wrong; a feed that was replaced while it was read says nothing."""
    feed = folder / "feed.xml"
    while True:
        before = feed.read_bytes() if feed.exists() else b""
        wrong = violations(folder)
        if not wrong or before == feed.read_bytes():
            return wrong


def _left(root):
    """Return the temporary files at a moment at which folders may come and go."""
    while True:
        with suppress(FileNotFoundError):
            return leftovers(root)


class _Soak:
    def __init__(self, place, part, seed, count, an_hour, report):
        self.part, self.count = part, count
        self.an_hour, self.step_s = an_hour, 3600 // an_hour
        self.day = Day(seed)
        self.samples, self.report = [], report
        self.guids = {}
        self.failed = Counter()
        self.programs = []
        # The hour of the programme is in the middle of whatever day it is.
        at = datetime.now(UTC) + timedelta(seconds=self.step_s * (count // 2) - 60)
        self.stage = Stage(
            place, self.day.sites, programme_at=f"{at:%H:%M}", trace="SOAK_TRACE" in os.environ
        )
        self.day.begin(self.stage)
        self.crowd = None
        if not self.stage.clock.is_faked:
            part.notes.append(
                "libfaketime is not installed (Debian: faketime): SOURCE_DATE_EPOCH stands in, "
                "which the commands take for the time of day"
            )

    @property
    def episodes(self):
        return self.stage.house.episodes

    @property
    def _is_whole(self):
        return self.count >= WHOLE_H * self.an_hour

    def go(self):
        """Let the whole day go by, and judge it."""
        self._begin()
        for number in range(self.count):
            self._quarter(number)
        self._end()

    def _begin(self):
        stage = self.stage
        self.watch = stage.start("watch", "watch", "--every", "15m", "--json", "-q")
        self.programs.append(self.watch)
        self._until(lambda: self._fetched(0), 180, "the watch does not begin")
        self.serve = stage.start("serve", "serve", "--json", "-q")
        self.programs.append(self.serve)
        self._until(lambda: self.serve.events, 60, "the server does not begin")
        self.alone = of.held(self.serve.process.pid)
        self.crowd = Crowd(stage.port, self.day.random.random())
        for number in range(PRIVATE if self._is_whole else FEW):
            # One has a folder of files, which is what can be published of a private show.
            self._let_in(f"Listener {number}", *(["--static"] if number == 0 else []))

    def _let_in(self, name, *flags):
        told = self._command("listeners", (), "add", name, "--show", "members", "--json", *flags)
        self.crowd.doors.append(urlsplit(json.loads(told)["address"]).path)

    def _until(self, is_so, limit_s, problem):
        end = time.monotonic() + limit_s
        while not is_so():
            if time.monotonic() > end or any(p.process.poll() is not None for p in self.programs):
                said = "".join(p.errors.read_text()[-600:] for p in self.programs)
                raise RuntimeError(f"{problem}: {said}")
            time.sleep(0.1)

    def _fetched(self, since):
        return any(
            e["event"] == "fetched" and e["name"] == "list" for e in self.watch.events[since:]
        )

    def _quarter(self, number):
        began, mark = time.monotonic(), len(self.watch.events)
        expected = set(self.day.quarter(number, self.count))
        visits = self.crowd.visit()
        self.stage.clock.jump(self.step_s)
        holder = self.stage.hold() if number % 10 == 7 else None
        if not self._rest(mark, expected):
            self.part.count("steps that did not come to rest")
        self._people(number)
        wait(visits)
        for visit in visits:
            visit.result()
        if holder is not None:
            holder.wait()
        self._look(number, time.monotonic() - began)

    def _rest(self, mark, expected):
        """Wait until all that was expected has come, and the watch is quiet."""
        end, busy_at = time.monotonic() + LONGEST_S, time.monotonic()
        while (now := time.monotonic()) < end:
            if self.watch.process.poll() is not None:
                raise RuntimeError(f"the watch has ended: {self.watch.errors.read_text()[-2000:]}")
            told = {e.get("locator") for e in self.watch.events[mark:]}
            if self.stage.is_held() or not self._fetched(mark) or not expected <= told:
                busy_at = now
            elif now - max(busy_at, self.watch.events[-1]["moment"]) > QUIET_S:
                return True
            time.sleep(0.1)
        missing = expected - {e.get("locator") for e in self.watch.events[mark:]}
        self.part.notes.append(f"no word of {', '.join(sorted(missing)) or 'the sources'} in time")
        return False

    def _people(self, number):
        """Do what people do now and then, with commands of their own."""
        is_last = number == self.count - 1
        # It measures all sound again each time.
        if number in {self.count // 4, self.count // 2} or (is_last and not self._is_whole):
            self._command("publish", (1, 3))
        if number % 8 == 5 or is_last:
            self._command("approve", (), "--all", "--by", "Ana", "--show", "checked")
        if number % 12 == 9 or is_last:
            self._edit_script()
            self._command("build", (1,))
        if number % 24 == 14:
            self._let_in(f"Guest {number}")
        if number % 48 == 40:
            self._command(
                "listeners", (), "revoke", f"Listener {1 + number // 48}", "--show", "members"
            )

    def _command(self, command, also, *arguments):
        """Run a command; one that finds the workspace held is run again."""
        for _ in range(20):
            done = self.stage.run(command, *arguments)
            if done.returncode != 75:
                break
            self.part.count("commands that found the workspace held")
            time.sleep(1)
        self.day.counts[f"{command} ended with {done.returncode}"] += 1
        if done.returncode in also:
            said = " ".join(done.stderr.split())[:300]
            self.part.notes.append(f"{command} ended with {done.returncode}: {said}")
        if done.returncode not in (0, *also) or "Traceback" in done.stderr:
            self.part.wrong(f"{command} ends with {done.returncode}: {done.stderr[-600:]}")
        return done.stdout

    def _edit_script(self):
        """Change a word of a script by hand, as its file invites people to do."""
        found = sorted(self.episodes.glob("*/script.md"))
        if found:
            path = self.day.random.choice(found)
            text = path.read_text()
            path.write_text(re.sub(r"(?m)^(\[narrator.*?) the ", r"\1 this ", text, count=1))
            self.day.counts["scripts edited"] += 1

    def _look(self, number, seconds):
        """Take a sample, and hold everything to what must always hold."""
        house, part = self.stage.house, self.part
        temporary = len(_left(house.root)) + len(list(self.stage.temporary.iterdir()))
        programs = [of.held(program.process.pid) for program in (self.watch, self.serve)]
        count = len(list(self.episodes.glob("*/episode.json")))
        of_disk = (*of.databases(house.cache), temporary)
        measured = (round(seconds, 1), round(os.getloadavg()[0], 1))
        hour = (number + 1) / self.an_hour
        self.samples.append(of.Sample(hour, *programs, count, *of_disk, *measured))
        part.points += 1
        folders = [self.episodes, self.episodes / "members", self.episodes / "checked"]
        folders += [self.episodes / "evening", house.www]
        hour = f"hour {self.samples[-1].hour}"
        for folder in folders:
            part.wrong(*(f"{hour}: {folder.name}: {line}" for line in _at_a_moment(folder)))
        if number % 8 == 7 and not self.stage.down.exists():
            self._deep(hour)
        self._same_guids(hour)
        if self.stage.trace and number in {self.count // 2, self.count - 1}:
            self.watch.process.send_signal(10)
        if self.report is not None:
            self.report.with_suffix(".csv").write_text(of.table(self.samples))
            self.report.with_suffix(".svg").write_text(of.plot(self.samples))
        sample = self.samples[-1]
        sys.stderr.write(
            f"  {sample.hour:5.2f} h: {sample.seconds:5.1f} s, load {sample.load}, "
            f"{sample.episodes} episodes, watch {sample.watch.rss_kb} kB "
            f"{sample.watch.descriptors} fd, serve {sample.serve.rss_kb} kB "
            f"{sample.serve.descriptors} fd, {len(part.violations) + len(self.crowd.wrong)} wrong\n"
        )

    def _deep(self, hour):
        cache = self.stage.house.cache
        for folder in (self.episodes, self.episodes / "members"):
            lines = deep_violations(folder, cache)
            # What was edited in the inbox since is not what the ledger is of.
            self.part.wrong(*(f"{hour}: {folder.name}: {line}" for line in lines))

    def _told(self):
        """Yield folder of the show, manifest, for all episodes of one article."""
        for show in (self.episodes, self.episodes / "members", self.episodes / "checked"):
            for path in show.glob("*/episode.json"):
                yield show, json.loads(path.read_bytes())

    def _same_guids(self, hour):
        now = {}
        for show, told in self._told():
            found = NUMBER.search(told["articles"][0]["headline"])
            if found is None:
                self.part.wrong(f"{hour}: an episode of nobody's article: {told['title']}")
                continue
            now.setdefault((show.name, int(found[1])), []).append(told["guid"])
        for key, guids in now.items():
            if len(guids) > 1:
                self.part.wrong(f"{hour}: article {key[1]} of {key[0]} has {len(guids)} episodes")
            before = self.guids.setdefault(key, guids[0])
            if before not in guids:
                self.part.wrong(f"{hour}: article {key[1]} had the GUID {before}, now {guids[0]}")
        for key in self.guids.keys() - now.keys():
            self.part.wrong(f"{hour}: the episode of article {key[1]} of {key[0]} has gone")

    def _end(self):
        part = self.part
        self._deep("at the end")
        self._hang_up()
        codes = [p.end() for p in reversed(self.programs)]
        if any(codes):
            part.wrong(f"serve and watch end with {codes}")
        for program in self.programs:
            part.wrong(*program.trouble()[:5])
        part.wrong(*(f"left at the end: {line}" for line in leftovers(self.stage.house.root)))
        self._lost()
        part.wrong(*of.held_too_long(self.samples, is_whole=self._is_whole))
        part.wrong(*self.crowd.wrong)
        part.wrong(*(f"a paper: {e!r}" for site in self.day.everybody for e in site.failures))
        self._facts()

    def _hang_up(self):
        """Let all listeners go: the server then holds no more than before they came."""
        self.crowd.close()
        end = time.monotonic() + 90
        while (now := of.held(self.serve.process.pid)).descriptors > self.alone.descriptors:
            if time.monotonic() > end:
                self.part.wrong(
                    f"serve: {now.descriptors} descriptors after its listeners have gone, "
                    f"{self.alone.descriptors} before they came"
                )
                break
            time.sleep(0.5)
        self.part.facts["serve's descriptors before and after its listeners"] = (
            f"{self.alone.descriptors}, {now.descriptors}"
        )

    def _lost(self):
        """Say which articles came and are no episode, without a reason that was told."""
        public = {number for show, number in self.guids if show == self.episodes.name}
        told = {number for site in self.day.everybody for number in site.told}
        self.part.facts["articles that came"] = len(told | self.day.put.keys())
        self.part.facts["episodes"] = len(public)
        reasons = self._reasons()
        for number in sorted((told | self.day.put.keys()) - public):
            name, reason = self.day.put.get(number), reasons.get(number)
            is_gone = name and not (self.stage.house.root / "articles" / name).exists()
            if reason and is_gone:
                self.part.count("taken out before they could be spoken, as was told")
            else:
                self.part.wrong(f"article {number} is no episode: {reason or 'nobody says why'}")
        named = {e["locator"] for e in self.watch.events if e["event"] == "failed"}
        for locator in sorted(self.day.broken - named):
            self.part.wrong(f"{locator} is no article, and nobody says so")

    def _reasons(self):
        """Return what the watch said last of each article that failed."""
        return {
            int(found[1]): f"{event['locator']}: {event['error']['problem']}"
            for event in self.watch.events
            if event["event"] == "failed" and event["locator"]
            for found in _IN_A_NAME.finditer(event["locator"])
        }

    def _facts(self):
        facts, events = self.part.facts, Counter(e["event"] for e in self.watch.events)
        facts["clock"] = "libfaketime" if self.stage.clock.is_faked else "SOURCE_DATE_EPOCH"
        facts |= dict(sorted(self.day.counts.items()))
        facts |= {f"watch says {name}": number for name, number in sorted(events.items())}
        facts |= {k: round(v, 1) for k, v in sorted(self.crowd.seen.items())}
        for program in ("watch", "serve"):
            for value in ("rss_kb", "private_kb", "descriptors", "threads"):
                second, last, more = of.growth(self.samples, program, value)
                facts[f"{program} {value}"] = f"{second:.0f} -> {last:.0f} ({more:+.1%})"
        facts["databases"] = f"{self.samples[-1].database_kb} kB, WAL {self.samples[-1].wal_kb} kB"
        loads = [s.load for s in self.samples]
        facts["load"] = f"{min(loads)} to {max(loads)}"
        if self.stage.trace:
            facts["allocated since noon"] = self._allocated()

    def _allocated(self):
        before, after = (
            tracemalloc.Snapshot.load(f"{self.stage.place / 'trace'}.{n}") for n in (0, 1)
        )
        found = after.compare_to(before, "filename")[:15]
        return [f"{s.size_diff / 1024:+.0f} kB {s.traceback[0].filename[-50:]}" for s in found]

    def close(self):
        """Let everything go."""
        for program in self.programs:
            if program.process.poll() is None:
                program.process.kill()
                program.process.wait()
                program.forget()
        if self.crowd is not None:
            self.crowd.close()
        self.day.close()
