"""Part 8: one bit of a file is not what it was: repaired or named, never published, never silent.

Each point flips one bit in a workspace that was built and published, builds and publishes again,
and holds all that listeners could get against what they had before. Then what was named is
restored, as a person would do it, and one more run must make all as it was.
"""

import random
from dataclasses import dataclass

from tests.support import OTHER
from tests.torture.heard import contents, differing, published_wrongly
from tests.torture.house import BUILD, FERRY, STORM, Part, copy_tree, gone, new_house, require
from tests.torture.invariant import leftovers, violations

SETTINGS = """\
[show]
title = "Harbor Brief"
base_url = "https://pod.example/"
[publish]
to = "folder:../www"
"""
REVIEWED = f"{SETTINGS}require_approval = true\n"
#: What several machines share; below, this one has lost its own caches.
SHARING = f'{SETTINGS}[store]\nurl = "../shared"\n'
#: With fewer episodes there is no index.
MANY = f"{SETTINGS}feed_items = 40\n"
MANY_COUNT = 33
PUBLISH = ("publish", "--json")
REPAIR = ("repair",)
COMMANDS = (BUILD, PUBLISH)
FORCED = ((*BUILD, "--force"), PUBLISH)
BY_POOL = ((*BUILD, "--force", "--pool", "local:2"), PUBLISH)
EPISODE = "pod/episodes/20*/"


@dataclass(frozen=True)
class Kind:
    """Files of one kind, and what makes the product read them."""

    name: str
    #: Relative to the folder of workspace and target.
    pattern: str
    commands: tuple = COMMANDS
    #: What must be gone, so that the damaged file is needed: a pattern as above.
    without: str = ""
    settings: str = SETTINGS


KINDS = (
    Kind("clip", "pod/.audiobrief/clips/??/*.wav", FORCED, "pod/.audiobrief/encoded/??/*"),
    Kind("clip, encoded before", "pod/.audiobrief/clips/??/*.wav", FORCED),
    Kind("encoded part", "pod/.audiobrief/encoded/??/*.mp3part", FORCED),
    Kind("sound", f"{EPISODE}*.mp3"),
    Kind("manifest", f"{EPISODE}episode.json"),
    Kind("index", "pod/.audiobrief/index.sqlite", settings=MANY),
    Kind("shared clip", "shared/clips/**/*", FORCED, "pod/.audiobrief/[ce][ln]*/??/*", SHARING),
    Kind("shared part", "shared/encoded/**/*", FORCED, "pod/.audiobrief/[ce][ln]*/??/*", SHARING),
    Kind("clip of workers", "pod/.audiobrief/clips/??/*.wav", BY_POOL, "pod/.audiobrief/enc*/??/*"),
    Kind("feed", "pod/episodes/feed.xml"),
    Kind("transcript", f"{EPISODE}transcript.*"),
    Kind("transcript, nothing built", f"{EPISODE}transcript.vtt", (PUBLISH,), "www/20*/*.vtt"),
    Kind("sound, nothing built", f"{EPISODE}*.mp3", (PUBLISH,), "www/20*/*.mp3"),
    Kind("chapters", f"{EPISODE}chapters.json"),
    Kind("picture", f"{EPISODE}waveform.svg"),
    Kind("identity", "pod/episodes/show.json"),
    # What was approved and is out is asked again by nothing else.
    Kind("review", f"{EPISODE}review.json", (*COMMANDS, REPAIR), settings=REVIEWED),
    Kind("what was published", "www/published.json"),
    Kind("standing note", "pod/.audiobrief/standing.json"),
    Kind("known pages", "pod/.audiobrief/pages.json"),
    Kind("peaks", "pod/.audiobrief/peaks/??/*.peaks"),
    Kind("page of an episode", f"{EPISODE}index.html"),
    Kind("list", "pod/episodes/index.html"),
    Kind("cover", "pod/episodes/cover*.jpg"),
    Kind("cover of an episode", f"{EPISODE}cover-*.jpg"),
    Kind("page, nothing built", f"{EPISODE}index.html", (PUBLISH,)),
    Kind("list, nothing built", "pod/episodes/index.html", (PUBLISH,)),
    Kind("cover, nothing built", "pod/episodes/cover*.jpg", (PUBLISH,)),
    Kind("its cover, nothing built", f"{EPISODE}cover-*.jpg", (PUBLISH,)),
)
BY_NAME = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True)
class Flip:
    """One bit."""

    path: str
    byte: int
    bit: int

    def __str__(self):
        """Name file, byte and bit."""
        return f"{self.path}, byte {self.byte}, bit {self.bit}"


def good_house(place, settings):
    """Return a house that was built and published; with approval, one episode waits for it."""
    articles = {"ferry.txt": FERRY, "library.txt": OTHER}
    if settings == MANY:
        articles |= {f"{n}.txt": _short_article(n) for n in range(MANY_COUNT - len(articles))}
    house = new_house(place, articles, settings)
    if settings == SHARING:
        (house.root.parent / "shared").mkdir()
    require(house.run(*BUILD))
    if settings == REVIEWED:
        require(house.run("approve", "--all", "--by", "Ana"))
        require(house.run(*PUBLISH))
        house.write("storm.txt", STORM)
        require(house.run(*BUILD))
        storm = next(house.episodes.glob("*storm*")).name
        require(house.run("approve", "--by", "Ana", storm))
        require(house.run("approve", "--by", "Ana", "--undo", storm))
    require(house.run(*PUBLISH), 3 if settings == REVIEWED else 0)
    # The first that finds so many episodes writes the index.
    require(house.run("status"))
    return house


def _short_article(number):
    """Return an article that is long enough to be one."""
    return (
        f"Notice number {number} of the harbor\n\nPublished 2026-02-{number % 28 + 1:02}\n\n"
        f"Notice number {number} says that berth {number} of the harbor stays closed to all boats "
        "until the crane beside it has been moved to the other side.\n"
    )


def flips_in(house, kind, count, seed):
    """Return flips, the files of the kind in turn, each at a place of its own."""
    made = random.Random(f"{seed} {kind.name}")
    place = house.root.parent
    paths = sorted(p for p in place.glob(kind.pattern) if p.is_file() and p.stat().st_size)
    flips = []
    for number in range(count if paths else 0):
        path = paths[number % len(paths)]
        byte = made.randrange(path.stat().st_size)
        flips.append(Flip(path.relative_to(place).as_posix(), byte, made.randrange(8)))
    return flips


def strike(house, kind, one, part):
    """Flip a bit, let the product meet it, recover; return what is wrong."""
    place = house.root.parent
    good = {folder: contents(folder) for folder in (house.episodes, house.www)}
    whole = (place / one.path).read_bytes()
    removed = list(place.glob(kind.without)) if kind.without else []
    for path in removed:
        path.unlink()
    content = bytearray(whole)
    content[one.byte] ^= 1 << one.bit
    (place / one.path).write_bytes(content)
    told = [house.run(*command) for command in kind.commands]
    ours = {path.name for path in removed}
    if BUILD not in kind.commands:
        ours.add((place / one.path).name)  # nothing has looked at it but to publish it
    wrong = _after(house, one, good, told, part, ours)
    path = place / one.path
    if kind.pattern.startswith("pod/episodes/") and path.exists() and path.read_bytes() != whole:
        # What was named is restored, as the error says.
        path.write_bytes(whole)
    wrong += [f"after the recovery: {line}" for line in _recovered(house, good, kind)]
    return [f"{kind.name}: {one}: {'; '.join(wrong)}"] if wrong else []


def _after(house, one, good, told, part, ours):
    """Return what is wrong after the commands, and count what became of the flip.

    Files of ``ours`` were removed or damaged by us: if nothing was published, they still are.
    """
    output = said(*told)
    folder, _, name = one.path.rpartition("/")
    is_named = "damaged" in output or name in output or folder.rpartition("/")[2] in output
    wrong = [f"a traceback: {run.stderr[-300:]}" for run in told if "Traceback" in run.stderr]
    wrong += [f"exit code {r.code}: {r.stderr[-300:]}" for r in told if r.code not in {0, 1, 3}]
    if any(run.code == 1 for run in told) and not is_named:
        wrong.append(f"failed without naming it: {output[-400:]}")
    wrong += published_wrongly(good[house.www], contents(house.www))
    found = [*violations(house.episodes), *violations(house.www)]
    is_refused = any(run.code == 1 for run in told)
    wrong += [line for line in found if not (is_refused and any(name in line for name in ours))]
    changed = differing(good[house.episodes], contents(house.episodes))
    if changed and not is_named:
        wrong.append(f"silent: {', '.join(changed[:4])} changed, and nothing was said")
    part.count("named" if is_named else "repaired without a word" if not changed else "silent")
    return wrong


def said(*runs):
    """Return what commands said to a person: errors, warnings and notes, but no progress."""
    told = [run.stderr if run.stdout.startswith("{") else run.stdout + run.stderr for run in runs]
    lines = [line for text in told for line in text.splitlines()]
    return "\n".join(line for line in lines if not line.startswith("{"))


def _recovered(house, good, kind):
    """Build and publish; return what is not as it was, or not quiet."""
    wrong = []
    for command in COMMANDS:
        run = house.run(*command)
        if run.code != (3 if kind.settings == REVIEWED and command == PUBLISH else 0):
            wrong.append(f"{command[0]} exits {run.code}: {run.stderr[-400:]}")
    for folder, before in good.items():
        names = [n for n in differing(before, contents(folder)) if n != "published.json"]
        if names:
            wrong.append(f"{folder.name}/ is not what it was: {', '.join(names[:4])}")
    second = house.run(*BUILD)
    if second.code or any(e["outcome"] != "unchanged" for e in second.json["episodes"]):
        wrong.append("the second build is no no-op")
    return [*wrong, *leftovers(house.root), *violations(house.episodes), *violations(house.www)]


def run(place, *, most=None, seed=0):
    """Flip bits: of each kind 50, or of as many kinds as ``most`` allows one."""
    part = Part(8, "one bit flipped")
    each = 50 if most is None else max(1, most // len(KINDS))
    strike_kinds(part, place, KINDS[: most or len(KINDS)], each, seed)
    return part


def strike_kinds(part, place, kinds, each, seed):
    """Flip so many bits of each kind of files."""
    names = dict.fromkeys(kind.settings for kind in kinds)
    good = {settings: good_house(place, settings) for settings in names}
    struck = {settings: _again(house, place) for settings, house in good.items()}
    for kind in kinds:
        flips = flips_in(good[kind.settings], kind, each, seed)
        if not flips:
            part.notes.append(f"{kind.name}: there is no such file")
        for one in flips:
            wrong = strike(struck[kind.settings], kind, one, part)
            part.points += 1
            part.count(f"points of kind {kind.name}")
            part.violations += wrong
            if wrong:
                gone(struck[kind.settings])
                struck[kind.settings] = _again(good[kind.settings], place)


def _again(house, place):
    """Return a copy of a house and of all that lies beside it."""
    copy = house.copy(place)
    shared = house.root.parent / "shared"
    if shared.exists():
        copy_tree(shared, copy.root.parent / "shared")
    return copy
