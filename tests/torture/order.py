"""Part 3: the order of writing, checked in the calls that a run has made.

For whatever is served: its bytes are synced before it gets its name; its folder is synced before
anything is written that names it; nothing is written in place; what no feed names any more goes
after the new feed is on the disk; and at the end nothing waits to be synced.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from tests.torture.house import Part, gone, may_trace
from tests.torture.scenes import SCENES
from tests.torture.trace import is_writing, traced

ORDER = ("cold", "edit", "publish", "release", "approve", "script", "brief")
#: These names, and only these, are different whenever their bytes are.
_OWN_NAME = re.compile(r"-[0-9a-f]{8}\.\w+$")
_SYNCS = frozenset({"fsync", "fdatasync"})
_WRITES = frozenset({"write", "pwrite64", "ftruncate", "sendfile", "copy_file_range", "fallocate"})
#: Open for as long as a run lasts, and empty.
_LOCK = re.compile(r"(^|/)(\.publishing\.lock|lock|.*\.lock)$")


@dataclass
class Seen:
    """What is known of the calls so far."""

    #: Path to the number of the call that wrote to it last, while that is not synced.
    unsynced: dict = field(default_factory=dict)
    #: Folders to names that were given in them since they were synced.
    unsettled: dict = field(default_factory=lambda: defaultdict(set))
    #: Names that were given in this run, and those that are on the disk.
    given: set = field(default_factory=set)
    #: Folder of old sounds to the bytes of the feed that is on the disk.
    writes: dict = field(default_factory=lambda: defaultdict(bytearray))


def run(place, *, most=None, seed=0):
    """Look at ``most`` scenes, or all of them; say which calls stand in the wrong order."""
    del seed
    part = Part(3, "order of fsync and rename")
    reason = may_trace()
    if reason:
        part.notes.append(f"not run: {reason}; nothing else sees the calls of a program")
        return part
    for name in ORDER[:most]:
        look(SCENES[name].stage(place), place, part)
    return part


def look(stage, place, part):
    """Record a scene's run, and look at the order of its calls."""
    name, house = stage.scene.name, stage.house.copy(place)
    log = house.root.parent / "log"
    done, calls = traced(house, *stage.scene.command, log=log)
    if done.returncode:
        message = f"{name}: exit code {done.returncode}: {done.stderr[-500:]}"
        raise RuntimeError(message)
    served = [str(house.episodes), str(house.www)]
    part.points += sum(call.name == "rename" and _is_in(call.paths[1], served) for call in calls)
    part.facts[f"fsyncs in {name}"] = sum(call.name in _SYNCS for call in calls)
    part.wrong(*(f"{name}: {line}" for line in lint(calls, served)))
    gone(house)


def _is_in(path, folders):
    return any(path.startswith(f"{folder}/") for folder in folders)


def lint(calls, folders):
    """Return what stands in the wrong order.

    Args:
        calls: As they ended.
        folders: What is served: only names below these count.
    """
    seen = Seen()
    for call in calls:
        if call.result >= 0:
            yield from _next(seen, call, folders)
    for folder, names in seen.unsettled.items():
        if names:
            yield f"{folder} is not synced at the end: {', '.join(sorted(names))}"


def _next(seen, call, folders):
    """Return what is wrong with one call, after those before it."""
    is_served = _is_in(call.path, folders)
    if call.name in _SYNCS:
        _synced(seen, call)
    elif call.name in _WRITES:
        yield from _written(seen, call, folders)
    elif call.name.startswith("rename"):
        yield from _renamed(seen, call, folders)
    elif is_served and call.name.startswith("mkdir"):
        _name_given(seen, call.path)
    elif is_served and call.name.startswith("unlink"):
        yield from _removed(seen, call, folders)
    elif is_served and is_writing(call):
        yield from _opened(call)


def _parent(path):
    folder, _, name = path.rpartition("/")
    return folder, name


def _name_given(seen, path):
    folder, name = _parent(path)
    seen.unsettled[folder].add(name)
    seen.given.add(path)


def _synced(seen, call):
    # What was written while it synced is not covered: a call ends after it has begun.
    if seen.unsynced.get(call.path, -1) < call.start:
        seen.unsynced.pop(call.path, None)
    seen.unsettled[call.path].clear()


def _written(seen, call, folders):
    seen.unsynced[call.path] = call.end
    seen.writes[call.path] += call.content
    if not _is_in(call.path, folders):
        return
    own = _parent(call.path)[1]
    for folder, names in seen.unsettled.items():
        for name in names:
            if _names(call.content, folder, name, folders) and name not in own:
                yield f"{own} names {name}, which is not on the disk yet"


def _names(content, folder, name, folders):
    """Tell whether bytes name a file: by a name of its own, or by that of its folder, too."""
    told = name if folder in folders or _OWN_NAME.search(name) else f"{_parent(folder)[1]}/{name}"
    if "." not in told:
        told += "/"
    return len(told) > len("index.html") and told.encode() in content


def _renamed(seen, call, folders):
    source, target = call.paths[:2]
    if source in seen.unsynced:
        number = seen.unsynced.pop(source)
        if _is_in(target, folders) and not _parent(target)[1].startswith("."):
            yield f"{_parent(target)[1]} gets its name before its bytes are synced"
        # It keeps its bytes under the new name.
        seen.unsynced[target] = number
    seen.writes[target] = seen.writes.pop(source, bytearray())
    for path in (source, target):
        folder, name = _parent(path)
        if path == target and _is_in(path, folders):
            _name_given(seen, path)
        else:
            seen.unsettled[folder].discard(name)


def _removed(seen, call, folders):
    folder, name = _parent(call.path)
    seen.unsettled[folder].discard(name)
    if not _OWN_NAME.search(name) or name.startswith("."):
        return
    feeds = [f"{root}/feed.xml" for root in folders if call.path.startswith(f"{root}/")]
    for feed in feeds:
        if feed in seen.given and "feed.xml" in seen.unsettled[_parent(feed)[0]]:
            yield f"{name} goes before the feed that lacks it is on the disk"
        if name.encode() in seen.writes[feed]:
            yield f"{name} goes, and the feed names it"


def _opened(call):
    name = _parent(call.path)[1]
    if not name.startswith(".") and not _LOCK.search(call.path):
        yield f"{name} is written in place"
