"""Part 4: a power cut, simulated: what was not synced may be lost, in each way that is legal.

A run's calls are recorded by strace and replayed into a model of the disk (`tests.torture.disk`);
the model is held against the real disk at the end of the run. Then the power is cut at random
moments: the disk is written out as it may be left, and the real command recovers on it.
"""

import random

from tests.torture.disk import Disk, same
from tests.torture.house import BUILD, House, Part, fresh, gone, may_trace
from tests.torture.scenes import SCENES
from tests.torture.trace import traced

SHARES = {"edit": 70, "cold": 50, "publish": 30, "release": 20, "brief": 15, "script": 15}
#: How lines of the invariant begin that are about caches.
TORN = ("the clip ", "the encoded clip ")
ALL = sum(SHARES.values())


def run(place, *, most=None, seed=0):
    """Cut the power ``most`` times (200), and say what did not hold."""
    part = Part(4, "simulated power cuts")
    reason = may_trace()
    if reason:
        part.notes.append(f"not run: {reason}; part 1 kills programs, which loses nothing written")
        return part
    chance = random.Random(f"power {seed}")
    left = most or ALL
    for name, share in SHARES.items():
        count = min(left, max(1, round(share * (most or ALL) / ALL)))
        left -= count
        if count:
            strike(SCENES[name].stage(place), place, part, chance, count)
    return part


def strike(stage, place, part, chance, count):
    """Record a scene's run once, and cut the power so many times in it."""
    scene = stage.scene
    house = stage.house.copy(place)
    # The model begins with what is there, all of it durable.
    start = stage.house.copy(place)
    world = house.root.parent
    log = place / f"{scene.name}.log"
    run, calls = traced(house, *scene.command, log=log)
    calls = [call for call in calls if str(world) in call.path or len(call.paths) > 1]
    if run.returncode:
        message = f"{scene.name}: exit code {run.returncode}: {run.stderr[-500:]}"
        raise RuntimeError(message)
    model = _model(start, world)
    for call in calls:
        model.apply(call)
    differences = same(model, world)
    if differences:
        message = f"{scene.name}: the model is not the disk: {differences[:5]}"
        raise RuntimeError(message)
    changing = [n for n, call in enumerate(calls) if call.name not in {"lseek", "read"}]
    for moment in sorted(chance.sample(changing, min(count, len(changing)))):
        _cut(stage, place, part, chance, calls[: moment + 1], _model(start, world))
    part.facts[f"calls in {scene.name}"] = len(changing)
    for each in (house, start):
        gone(each)
    log.unlink()


def _model(start, world):
    """Return the disk before the run, under the paths that the run had."""
    model = Disk(start.root.parent)
    model.root = world
    return model


def _recovered(stage, left, part):
    """Recover, and return what does not hold then.

    Caches are not synced, since all in them is held to its digest whenever it is read: what a cut
    has torn there may lie until then. So everything is made again of what is left, and must be what
    an undisturbed run makes.
    """
    wrong = stage.after(left)
    torn = [line for line in wrong if line.startswith(TORN)]
    if torn:
        part.count("with a torn cache")
        left.run(*BUILD, "--force")
        wrong += stage.other(left)
    return [line for line in wrong if line not in torn]


def _cut(stage, place, part, chance, calls, model):
    for call in calls:
        model.apply(call)
    left = House(fresh(place) / stage.house.root.name)
    how, pending = model.cut(chance, left.root.parent)
    part.points += 1
    part.count(f"names {how}")
    part.count("with changes of names pending", int(pending > 0))
    wrong = [
        *stage.at_once(left),
        *(f"after the rerun, {w}" for w in _recovered(stage, left, part)),
    ]
    last = calls[-1]
    where = f"{stage.scene.name}: cut after call {len(calls)}, {last.name} {last.path[-60:]}"
    part.wrong(*(f"{where}, names {how}: {line}" for line in wrong))
    gone(left)
