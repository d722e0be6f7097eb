"""A short round of the parts 1 to 4; ``python -m tests.torture`` runs the whole."""

import random

import pytest

from tests.torture import kills, order, power_cut, syscalls
from tests.torture.house import BUILD, Part, recovered, require
from tests.torture.invariant import needed_clips, whole_clips


@pytest.mark.parametrize(("scene", "count"), [("edit", 3), ("publish", 1)])
def test_killed_at_random_moments_one_rerun_recovers(staged, tmp_path, scene, count):
    """And it speaks exactly what was not spoken yet."""
    part = Part(1, "kills")
    kills.strike(staged(scene), tmp_path, part, random.Random(1), count)
    assert part.violations == []
    assert part.points == count


@pytest.mark.parametrize(("scene", "count"), [("edit", 6), ("publish", 3)])
@pytest.mark.usefixtures("ptrace")
def test_a_fault_at_a_system_call_is_told_and_recovered_from(staged, tmp_path, scene, count):
    """Whatever fails, what is served is whole, and the error names the path."""
    part = Part(2, "system calls")
    syscalls.strike_calls(staged(scene), tmp_path, part, count, f"short {scene}")
    assert part.violations == []
    assert part.points == count


@pytest.mark.parametrize("fault", ["EMFILE", "EIO", "EACCES"])
@pytest.mark.usefixtures("ptrace")
def test_what_the_disk_does_not_give_is_not_taken_for_damaged(staged, tmp_path, fault):
    """`repair` sets no manifest aside that it could not read: nothing is known of it."""
    stage = staged("repair")
    (path,) = stage.house.episodes.glob("*ferry*/episode.json")
    point = syscalls.Point("openat", str(path.relative_to(stage.house.root)), 1, fault)
    _, how, wrong = syscalls.strike_one(stage, tmp_path, point)
    assert (how, wrong) == ("told", [])


def test_a_fault_at_a_call_of_python_is_told_and_recovered_from(staged, tmp_path):
    """The stand-in where no program may be traced."""
    part = Part(2, "calls of Python")
    syscalls.strike_inside(staged("edit"), tmp_path, part, 6, "short")
    assert part.violations == []
    assert part.points == 6


@pytest.mark.parametrize("scene", ["edit", "publish"])
@pytest.mark.usefixtures("ptrace")
def test_nothing_is_named_before_it_is_on_the_disk(staged, tmp_path, scene):
    """Sync the file, rename it, sync the folder, and only then write what names it."""
    part = Part(3, "order")
    order.look(staged(scene), tmp_path, part)
    assert part.violations == []
    assert part.points > 10


@pytest.mark.usefixtures("ptrace")
def test_a_power_cut_leaves_what_one_rerun_mends(staged, tmp_path):
    """Whatever was not synced may be lost."""
    part = Part(4, "power cuts")
    power_cut.strike(staged("edit"), tmp_path, part, random.Random(4), 6)
    assert part.violations == []
    assert part.points == 6


@pytest.mark.parametrize("command", [BUILD, (*BUILD, "--force")])
def test_names_without_bytes_are_what_a_power_cut_leaves(staged, tmp_path, command):
    """Whatever may be lost is emptied: it is made again."""
    house = staged("edit").house.copy(tmp_path)
    emptied = [p for p in house.cache.rglob("*") if p.is_file() and p.stat().st_size]
    for path in emptied:
        path.write_bytes(b"")
    assert len(emptied) > 20
    require(house.run(*command))
    # What no episode is made of any more is not looked at again.
    assert [line for line in recovered(house) if "is not whole" not in line] == []
    require(house.run(*BUILD, "--force"))
    assert needed_clips(house.episodes) <= whole_clips(house.cache)
