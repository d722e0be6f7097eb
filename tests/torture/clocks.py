"""Part 10: clocks that are wrong, that jump, and that go back between two builds.

faketime shows the command another time of day. Times of files stay those of the kernel; where a
scene says so, they are set to the wrong clock afterwards, as that clock would have set them.
"""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

from tests.support import OTHER, Run
from tests.torture.flips import said
from tests.torture.house import (
    BUILD,
    FERRY,
    FERRY_EDITED,
    LIBRARY,
    Part,
    command_line,
    environment,
    gone,
    new_house,
)
from tests.torture.invariant import leftovers, touched, tree, violations

SETTINGS = """\
[show]
title = "Torture"
base_url = "https://pod.example/"
[publish]
to = ["folder:../www"]
"""
KEEPING = f"{SETTINGS}keep_audio_days = 30\n"
NEW = {
    "storm.txt": """\
Storm warning for the coast

Forecasters expect gales on the coast tonight, and all of the ferries stay in port until Thursday.

Walkers should keep away from the sea wall, the harbor's pilot told reporters in the evening.
""",
    "tram.txt": """\
Tram line to the airport opens

The tram to the airport runs from Sunday on, and takes eleven minutes from the market square.

A ticket costs the same as one for the bus, which will leave every hour, the operator promised.
""",
}
NOW = datetime.now(UTC).replace(microsecond=0)
BERLIN = "Europe/Berlin"


@dataclass(frozen=True)
class Scene:
    """What the clock says at three visits."""

    name: str
    first: datetime
    second: datetime
    third: datetime
    zone: str = "UTC"
    settings: str = SETTINGS
    #: Files have the times of the wrong clock, too.
    files_too: bool = False


def _moved(name, delta, **more):
    return Scene(name, NOW, NOW + delta, NOW + timedelta(minutes=5), **more)


def _utc(*parts):
    return datetime(*parts, tzinfo=UTC)


SCENES = (
    _moved("a day back", timedelta(days=-1)),
    _moved("ten years ahead", timedelta(days=3653)),
    Scene("summer time begins", _utc(2026, 3, 29, 0, 59, 55), _utc(2026, 3, 29, 1, 0, 10),
          _utc(2026, 3, 29, 3), BERLIN),
    Scene("summer time ends", _utc(2026, 10, 25, 0, 30), _utc(2026, 10, 25, 1, 15),
          _utc(2026, 10, 25, 3), BERLIN),
    Scene("summer time ends, across the equator", _utc(2026, 4, 4, 15, 30),
          _utc(2026, 4, 4, 16, 15), _utc(2026, 4, 4, 18), "Australia/Sydney"),
    _moved("a second back", timedelta(seconds=-1)),
    _moved("three hours back", timedelta(hours=-3)),
    _moved("a year back", timedelta(days=-365)),
    _moved("a day back, files too", timedelta(days=-1), files_too=True),
    _moved("ten years ahead, files too", timedelta(days=3653), files_too=True),
    Scene("an empty battery, then the right time", _utc(1970, 1, 1, 0, 5), NOW, NOW),
    _moved("an empty battery in between", _utc(1970, 1, 1, 0, 5) - NOW),
    _moved("after 2038", _utc(2040, 2, 29, 12) - NOW),
    _moved("ten years ahead, old sound leaves", timedelta(days=3653), settings=KEEPING),
    _moved("the other side of the date line", timedelta(0), zone="Pacific/Kiritimati"),
)  # fmt: skip


def run(place, *, most=None, seed=0):
    """Build and publish under each clock."""
    del seed
    part = Part(10, "clocks")
    faketime = shutil.which("faketime")
    if faketime is None:
        part.notes.append(
            "faketime is not installed (Debian: faketime): SOURCE_DATE_EPOCH stands in, which the "
            "command takes for the time of day, but the times of files do not follow"
        )
    scenes = SCENES if most is None else SCENES[: max(1, most)]
    for scene in scenes:
        wrong = _played(part, place, scene, faketime, is_short=most == 1)
        part.points += 1
        if wrong:
            part.violations.append(f"{scene.name}: {'; '.join(wrong)}")
    return part


def _at(house, scene, moment, faketime, *command):
    """Run a command while the clock says another time."""
    offset_s = round((moment - datetime.now(UTC)).total_seconds())
    env = environment(TZ=scene.zone, NO_FAKE_STAT="1", FAKETIME_DONT_FAKE_MONOTONIC="1")
    env["DONT_FAKE_MONOTONIC"] = "1"
    before = time.time()
    if faketime is None:
        env["SOURCE_DATE_EPOCH"] = str(max(0, round(moment.timestamp())))
        line = command_line(*command)
    else:
        line = [faketime, "-f", f"{offset_s:+d}s", *command_line(*command)]
    done = subprocess.run(
        line, cwd=house.root, env=env, stdin=subprocess.DEVNULL, capture_output=True,
        timeout=300, check=False,
    )  # fmt: skip
    if scene.files_too:
        for path in house.root.rglob("*"):
            if path.is_file() and path.stat().st_mtime >= before - 1:
                then = path.stat().st_mtime + offset_s
                os.utime(path, (then, then))
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))


def _played(part, place, scene, faketime, *, is_short=False):
    """Visit three times: build; nothing new, then something new; nothing new again."""
    articles = {"ferry.txt": FERRY, "library.txt": OTHER, "council.txt": _dated_library()}
    house = new_house(place, articles, scene.settings)
    wrong = []
    changed = {"ferry.txt": FERRY_EDITED, **NEW}
    # When, what is written before, and how the visit is called; then whether a short round has it.
    visits = (
        (scene.first, articles, "at first", True),
        (scene.second, {}, "at another time", False),
        (scene.second, changed, "with something new", True),
        (scene.second, {}, "at the same time", False),
        (scene.third, {}, "at last", True),
        (scene.third, {}, "once more", False),
    )
    for moment, texts, name, is_always in visits:
        if is_short and not is_always:
            continue
        for locator, text in texts.items():
            house.write(locator, text)
        told = _built(part, house, scene, moment, faketime, set(texts))
        if not is_short or name == "at last":
            told += _published(part, house, scene, moment, faketime)
        wrong += [f"{name}: {line}" for line in told]
    if scene.settings == KEEPING and len(_items(house)) < len(articles):
        wrong.append("what left the feed by the wrong clock has not come back")
    wrong += leftovers(house.root)
    gone(house)
    return wrong


def _built(part, house, scene, moment, faketime, expected):
    """Build; hold outcomes and feed to what is expected and to what was there before."""
    before, files = _items(house), tree(house.episodes)
    run = _at(house, scene, moment, faketime, *BUILD)
    if run.code:
        return [f"build ends with {run.code}: {said(run)[-300:]}"]
    outcomes = {e["locator"].removeprefix("articles/"): e for e in run.json["episodes"]}
    wrong = [
        f"{locator} is {outcome['outcome']}"
        for locator, outcome in outcomes.items()
        if (outcome["outcome"] == "built") != (locator in expected)
    ]
    wrong += [*violations(house.episodes), *_compared(part, before, _items(house), scene)]
    if not expected and scene.settings != KEEPING:
        wrong += touched(files, tree(house.episodes))
    return wrong


def _published(part, house, scene, moment, faketime):
    """Publish; a date in the future breaks a rule of apps, and who publishes is told."""
    sent = _at(house, scene, moment, faketime, "publish")
    part.count(f"publish ended with {sent.code}")
    wrong = []
    if sent.code and not (sent.code == 1 and "future" in said(sent)):
        wrong.append(f"publish ends with {sent.code}: {said(sent)[-300:]}")
    if house.www.exists():
        wrong += [f"published: {line}" for line in violations(house.www)]
    return wrong


def _dated_library():
    return LIBRARY.replace("library", "swimming hall").replace("market", "station")


def _items(house):
    """Return date and order of the items of the feed, by GUID."""
    feed = house.episodes / "feed.xml"
    if not feed.exists():
        return {}
    items = ET.fromstring(feed.read_bytes()).iter("item")
    return {i.findtext("guid"): parsedate_to_datetime(i.findtext("pubDate")) for i in items}


def _compared(part, before, now, scene):
    """Return what is wrong with the dates of a feed, given those of before."""
    wrong = []
    dates = list(now.values())
    if dates != sorted(dates, reverse=True):
        wrong.append(f"the dates of the feed are out of order: {dates}")
    for guid, date in before.items():
        if guid in now and now[guid] != date:
            wrong.append(f"{guid} was of {date}, and is of {now[guid]}")
        if guid not in now and scene.settings != KEEPING:
            wrong.append(f"{guid} is gone")
    fresh = [now[guid] for guid in now.keys() - before.keys()]
    if before and fresh and min(fresh) < max(before.values()):
        part.count("scenes with a new episode before an older one, as its clock said")
    return wrong
