"""A short round of the parts 5 to 11; ``python -m tests.torture`` runs the whole."""

import shutil

import pytest

from tests.torture import clocks, engines, flips, full_disk, limits, together, truncated
from tests.torture.flips import BY_NAME
from tests.torture.house import Part
from tests.torture.mounts import may_mount


@pytest.mark.parametrize(
    "names",
    [
        ("clip", "encoded part", "sound", "manifest", "identity", "transcript"),
        ("feed", "what was published", "standing note", "review"),
    ],
)
def test_a_flipped_bit_is_mended_or_named_and_never_published(tmp_path, names):
    """Of one file of each kind."""
    part = Part(8, "flips")
    flips.strike_kinds(part, tmp_path, [BY_NAME[name] for name in names], 1, seed=1)
    assert part.violations == []
    assert part.points == len(names)
    assert part.facts.get("silent", 0) == 0


def test_a_sound_cut_short_is_never_published(tmp_path):
    """Whether it is built again before, published at once, or cut where it was published."""
    part = truncated.run(tmp_path, most=3)
    assert part.violations == []
    assert part.points == 6


def test_a_full_disk_is_told_and_one_rerun_recovers(tmp_path):
    """On disks of their own; where none may be mounted, the part says what it did instead."""
    part = full_disk.run(tmp_path, most=3)
    assert part.violations == []
    assert part.points >= 3
    assert part.facts["failed"] > 0
    assert bool(part.notes) is (may_mount() is not None)


def test_limits_of_the_system_are_told_and_one_rerun_recovers(tmp_path):
    """Long files, open files, and a workspace that may only be read."""
    part = limits.run(tmp_path, most=5)
    assert part.violations == []
    assert part.points >= 3
    assert part.facts["failed"] > 0


def test_of_builds_at_once_one_works(tmp_path):
    """The others leave with 75; one that is killed frees the lock."""
    part = together.run(tmp_path, most=4)
    assert part.violations == []
    assert part.points == 5


def test_a_clock_that_goes_back_changes_no_episode(tmp_path):
    """Neither its GUID nor its date, and nothing is made again."""
    part = clocks.run(tmp_path, most=1)
    assert part.violations == []
    assert bool(part.notes) is (shutil.which("faketime") is None)


def test_an_engine_that_misbehaves_costs_one_article(tmp_path):
    """A plugin, in the build and in a worker of its pool, a program, a server; none is left."""
    part = engines.run(tmp_path, most=5)
    assert part.violations == []
    assert part.points == 5
