"""Part 5: a disk that is full, at every size: what fails is told, and one rerun after is enough.

Each point has a file system of its own (tmpfs). Where nothing may be mounted, the stand-in is a
limit of the size of files (RLIMIT_FSIZE), which hits the same writes, but with another error.
"""

import shutil
import tempfile
from pathlib import Path

from tests.torture.flips import SHARING, said
from tests.torture.house import BUILD, House, Part, cold, copy_tree, edited, recovered
from tests.torture.invariant import released_guids, violations
from tests.torture.limits import limited
from tests.torture.mounts import may_mount, small_disk, used_kb

SIZES_KB = range(512, 4096 + 64, 64)
#: Enough for everything.
LARGE_KB = 65_536


def run(place, *, most=None, seed=0):
    """Build on disks of each size: from nothing, on top of a good state, and to a full target."""
    del seed
    part = Part(5, "full disk")
    reason = may_mount()
    if reason is not None:
        part.notes.append(f"{reason}: RLIMIT_FSIZE stands in for a full disk")
        return _without_mounts(part, place, most)
    first, second = cold(place / "cold"), edited(place / "edited")
    used = used_kb(second.root)
    published = edited(place / "published")
    published.run(*BUILD)
    need = used_kb(published.episodes)
    sharing = cold(place / "sharing", SHARING)
    kinds = {
        "a first build": (first, SIZES_KB, _build),
        "a build on top": (second, range(used, used + 2048, 64), _build),
        "a full target": (published, range(64, need + 512, 128), _publish),
        "a first build by workers": (first, range(512, 4096, 512), _build_by_workers),
        "a full shared store": (sharing, range(64, 1024, 128), _share),
    }
    for name, (good, sizes, strike) in kinds.items():
        for size_kb in _some(sizes, most, len(kinds)):
            wrong = strike(part, good, size_kb)
            part.points += 1
            if wrong:
                part.violations.append(f"{name} on a disk of {size_kb} kB: {'; '.join(wrong)}")
    return part


def _some(points, most, kinds):
    """Return as many of the points as are asked for, over the whole range."""
    points = list(points)
    count = len(points) if most is None else max(1, min(len(points), most // kinds))
    return [points[number * len(points) // count] for number in range(count)]


def _build_by_workers(part, good, size_kb):
    """Let workers build on a disk of that size."""
    return _build(part, good, size_kb, (*BUILD, "--pool", "local:2"))


def _share(part, good, size_kb):
    """Build with a shared store that takes no more: the build does without, and says so."""
    with tempfile.TemporaryDirectory() as name:
        house = House(Path(name) / "pod")
        copy_tree(good.root, house.root)
        with small_disk(house.root.parent / "shared", size_kb) as resize:
            run = house.run(*BUILD)
            part.count("built" if run.code == 0 else "failed")
            wrong = [f"exit code {run.code}: {said(run)[-300:]}"] if run.code else []
            if "shared" not in said(run):
                wrong.append(f"silent: {said(run)[-300:]}")
            wrong += violations(house.episodes)
            resize(LARGE_KB)
            return [*wrong, *(f"after the recovery: {w}" for w in recovered(house, BUILD))]


def _build(part, good, size_kb, command=BUILD):
    """Build on a disk of that size, then free space and build again."""
    guids = released_guids(good.episodes)
    with tempfile.TemporaryDirectory() as name, small_disk(Path(name), size_kb) as resize:
        house = House(Path(name) / "pod")
        copy_tree(good.root, house.root)
        wrong = _of_failure(part, house.run(*command), house.root)
        wrong += violations(house.episodes)
        resize(LARGE_KB)
        wrong += [f"after the recovery: {w}" for w in recovered(house, command, guids=guids)]
        return wrong


def _publish(part, good, size_kb):
    """Publish to a disk of that size, then free space and publish again."""
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as other:
        house = House(Path(other) / "pod")
        copy_tree(good.root, house.root)
        with small_disk(Path(name), size_kb) as resize:
            house.www.symlink_to(name)
            wrong = _of_failure(part, house.run("publish"), house.www)
            wrong += violations(house.www)
            resize(LARGE_KB)
            again = house.run("publish")
            if again.code:
                wrong.append(f"after the recovery: publish ends with {again.code}")
            wrong += [f"after the recovery: {w}" for w in violations(house.www)]
            left = [p.name for p in Path(name).rglob("*-tmp")]
            wrong += [f"after the recovery: {n} is left" for n in left]
            if not (house.www / "feed.xml").exists():
                wrong.append("after the recovery: there is no feed")
        return wrong


def _of_failure(part, run, place):
    """Return what is wrong with how a run has told of a full disk."""
    part.count("built" if run.code == 0 else "failed")
    if "Traceback" in run.stderr:
        return [f"a traceback: {run.stderr[-300:]}"]
    if run.code not in {0, 1}:
        return [f"exit code {run.code}: {run.stderr[-300:]}"]
    output = said(run)
    names_it = str(place) in output or str(place.resolve()) in output
    if run.code == 1 and not ("No space left" in output and names_it):
        return [f"the error names no path: {output[-300:]}"]
    return []


def _without_mounts(part, place, most):
    good = edited(place / "edited")
    guids = released_guids(good.episodes)
    for size_kb in _some(range(4, 516, 8), most, 1):
        house = good.copy(place)
        run = limited(house, BUILD, fsize=size_kb * 1024)
        part.count("built" if run.code == 0 else "failed")
        wrong = [f"exit code {run.code}: {run.stderr[-300:]}"] if run.code not in {0, 1} else []
        wrong += violations(house.episodes)
        wrong += [f"after the recovery: {w}" for w in recovered(house, BUILD, guids=guids)]
        part.points += 1
        if wrong:
            part.violations.append(f"files of {size_kb} kB at most: {'; '.join(wrong)}")
        shutil.rmtree(house.root.parent)
    return part
