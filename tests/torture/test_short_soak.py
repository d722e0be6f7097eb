"""Three hours of the soak: the same invariants, without judging growth."""

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from tests.support import OTHER
from tests.torture.house import environment, new_house
from tests.torture.invariant import manifests
from tests.torture.soak import run
from tests.torture.soak.press import Site, piece
from tests.torture.soak.samples import Held, Sample, growth, held_too_long, plot, table
from tests.torture.soak.stage import INSIDE, TESTS

HELD = Held(100_000, 90_000, 80_000, 8, 3, 0, 0)


def day(**last):
    """Return samples of a day in whose last quarter the watch holds something else."""
    other = replace(HELD, **last)
    return [
        Sample(n / 4, other if n > 72 else HELD, HELD, n, 100, 0, 0, 10.0, 1.0)
        for n in range(1, 97)
    ]


def test_three_hours_lose_nothing(tmp_path):
    """Sources fall ill, files are broken, the engine fails, fifty listeners hear all of it."""
    part = run(tmp_path / "soak", seed=3, hours=3, an_hour=1, report=tmp_path / "soak.md")
    assert part.violations == []
    if part.points:
        assert part.points == 3
        assert part.facts["episodes"] == part.facts["articles that came"] > 3
        assert part.facts["heard"] > 100
        assert ET.fromstring((tmp_path / "soak.svg").read_bytes()).tag.endswith("svg")
        assert len((tmp_path / "soak.csv").read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("last", "told"),
    [
        ({}, []),
        ({"rss_kb": 104_000}, []),
        (
            {"rss_kb": 106_000},
            ["watch: 106000 kB in the last quarter, 100000 in the second: +6.0%"],
        ),
        ({"descriptors": 9}, ["watch: 9 descriptors in the last quarter, 8 before"]),
        ({"threads": 4}, ["watch: 4 threads in the last quarter, 3 before"]),
        ({"zombies": 1}, ["watch: 1 zombies"]),
        ({"children": 1}, ["watch: a child is left at the end"]),
    ],
)
def test_what_grows_is_told(last, told):
    """And what is within five per cent is not."""
    assert held_too_long(day(**last), is_whole=True) == told


def test_the_report_has_every_sample():
    """As a table and as a line in a plot."""
    samples = day(rss_kb=106_000)
    lines = table(samples).splitlines()
    assert len(lines) == 97
    assert lines[0].startswith("hour,watch_rss_kb,")
    assert lines[-1].startswith("24.0,106000,")
    (watch, serve) = re.findall(r'points="([^"]*)"', plot(samples))
    assert len(watch.split()) == len(serve.split()) == 96
    assert growth(samples, "watch") == (100_000, 106_000, pytest.approx(0.06))


def test_a_paper_is_ill_in_many_ways_and_says_what_it_told():
    """What was sent whole counts as told; what was not, does not."""
    site = Site("paper", "127.0.0.1")
    try:
        site.put(piece(7, datetime(2026, 3, 2, 12, tzinfo=UTC), "paper"))
        for mode, status in (("500", 500), ("429", 429), ("garbage", 200), ("well", 200)):
            site.be(mode)
            told = site.answer("/feed.xml")
            assert (told.status, told.numbers) == (status, (7,) if mode == "well" else ())
        site.be("gone")
        site.be("well")
        assert site.failures == []
    finally:
        site.close()


def test_where_there_is_no_faketime_the_command_takes_the_time_of_the_file(tmp_path):
    """What is built then has the file's date, not the machine's."""
    house = new_house(tmp_path, {"library.txt": OTHER})
    (tmp_path / "clock").write_text("+864000")
    env = environment(SOAK_CLOCK=str(tmp_path / "clock"), PYTHONPATH=str(TESTS.parent))
    began = datetime.now(UTC)
    done = subprocess.run(
        [*INSIDE, "build", "--engine", "tone", "--json"],
        cwd=house.root, env=env, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (told,) = manifests(house.episodes).values()
    ahead = datetime.fromisoformat(told["published"]) - began
    assert timedelta(days=10, seconds=-1) <= ahead < timedelta(days=11)
