"""Part 9: sound files that end too early, at 20 lengths: never published, made whole again."""

from tests.torture.flips import COMMANDS, PUBLISH, SETTINGS, good_house, said
from tests.torture.heard import contents, differing, published_wrongly
from tests.torture.house import BUILD, Part, gone
from tests.torture.invariant import leftovers, violations

LENGTHS = 20
#: Which file is cut, and what runs then.
ORDERS = {
    "built again": ("pod/episodes/20*/*.mp3", COMMANDS),
    "published at once": ("pod/episodes/20*/*.mp3", (PUBLISH,)),
    "at the target": ("www/20*/*.mp3", (PUBLISH,)),
}


def run(place, *, most=None, seed=0):
    """Cut each file at 20 lengths; build and publish, or publish at once."""
    del seed
    part = Part(9, "sound cut short")
    count = LENGTHS if most is None else max(2, most // len(ORDERS))
    good = good_house(place, SETTINGS)
    house = good.copy(place)
    for order, (pattern, commands) in ORDERS.items():
        paths = sorted(good.root.parent.glob(pattern))
        for number in range(count):
            path = paths[number % len(paths)]
            name = path.relative_to(good.root.parent).as_posix()
            size = path.stat().st_size
            # From nothing to all but one byte.
            length = min(size - 1, round(size * number / (count - 1)))
            wrong = _cut(part, house, name, length, commands)
            part.points += 1
            if wrong:
                part.violations.append(f"{name} cut at {length}, {order}: {'; '.join(wrong)}")
                gone(house)
                house = good.copy(place)
    return part


def _cut(part, house, name, length, commands):
    before = {folder: contents(folder) for folder in (house.episodes, house.www)}
    path = house.root.parent / name
    path.write_bytes(path.read_bytes()[:length])
    runs = [house.run(*command) for command in commands]
    output = said(*runs)
    wrong = [f"a traceback: {run.stderr[-300:]}" for run in runs if "Traceback" in run.stderr]
    wrong += published_wrongly(before[house.www], contents(house.www))
    wrong += violations(house.www)
    is_whole = not differing(before[house.episodes], contents(house.episodes))
    if not is_whole and path.parent.name not in output and path.name not in output:
        wrong.append(f"silent: {output[-300:]}")
    if any(run.code == 0 for run in runs[-1:]) and not is_whole:
        wrong.append("publish succeeds although the sound is cut")
    part.count("named" if output else "repaired without a word")
    for command in (*COMMANDS, BUILD):
        run = house.run(*command)
        if run.code:
            wrong.append(
                f"after the recovery: {command[0]} ends with {run.code}: {run.stderr[-300:]}"
            )
    for folder, files in before.items():
        names = [n for n in differing(files, contents(folder)) if n != "published.json"]
        if names:
            wrong.append(f"after the recovery: {folder.name}/ has another {', '.join(names[:4])}")
    return [*wrong, *violations(house.episodes), *violations(house.www), *leftovers(house.root)]
