"""What is under way when a fault strikes: a good state, a command, and what must come of it."""

import json
from dataclasses import dataclass
from functools import cached_property

from tests.torture.house import (
    BUILD,
    FERRY,
    FERRY_EDITED,
    LIBRARY,
    SETTINGS,
    STORM,
    House,
    cold,
    edited,
    new_house,
    recovered,
    require,
)
from tests.torture.invariant import (
    UNFINISHED,
    content,
    deep_violations,
    leftovers,
    released_guids,
    violations,
)

APPROVAL = SETTINGS + "require_approval = true\n"
SHARED = (
    SETTINGS
    + """\
[store]
url = "store"
"""
)
CAST = """\
[cast]
narrator = "reader"
quotes = ["guest"]
"""
SILENT = ("--engine", "tone", "--json")


@dataclass(frozen=True)
class Scene:
    """A state of a workspace, and the command that a fault strikes in."""

    name: str
    #: A function of a folder, that returns the house as it is before.
    prepare: object
    command: tuple[str, ...]
    #: Whether the inbox is built by it, as `recovered` expects.
    is_build: bool = True

    def stage(self, place):
        """Prepare it: once as it is before, once as it is after an undisturbed run."""
        house = self.prepare(place)
        undisturbed = house.copy(place)
        require(undisturbed.run(*self.command))
        return Stage(self, house, undisturbed)


@dataclass(frozen=True)
class Stage:
    """A scene that is prepared: copies of its house are struck."""

    scene: Scene
    house: House
    undisturbed: House

    @cached_property
    def guids(self):
        """Of the feed before the fault."""
        return released_guids(self.house.episodes)

    @cached_property
    def expected(self):
        """What is served after an undisturbed run, and after any that recovers."""
        return _served(self.undisturbed)

    def at_once(self, house):
        """Return what does not hold the moment after the fault, before anything recovers."""
        wrong = violations(house.episodes)
        if house.www.exists():
            wrong += [f"published: {line}" for line in violations(house.www)]
        written, before, after = (_written(each) for each in (house, self.house, self.undisturbed))
        return wrong + [
            f"{name}, which people write, is neither as before nor as after"
            for name in sorted(before.keys() | written.keys())
            if written.get(name) not in (before.get(name), after.get(name))
        ]

    def after(self, house, told=None):
        """Run the command again, and return what does not hold then.

        Args:
            house: As the fault has left it.
            told: A list that the finished rerun is added to.
        """
        command = self.scene.command
        if self.scene.is_build:
            return [*recovered(house, command, guids=self.guids, told=told), *self.other(house)]
        again = house.run(*command)
        if told is not None:
            told.append(again)
        if again.code != 0:
            return [f"the rerun ends with {again.code}: {again.stderr[-600:]}"]
        return self.when_done(house)

    def when_done(self, house):
        """Return what is wrong with a house in which the command has succeeded."""
        wrong = [*deep_violations(house.episodes, house.cache, self.guids), *leftovers(house.root)]
        if house.www.exists():
            wrong += [f"published: {w}" for w in (*violations(house.www), *leftovers(house.www))]
        return [*wrong, *self.other(house)]

    def other(self, house):
        """Return what is served that an undisturbed run would not have made.

        Sound of an earlier state that no feed names any more may lie there: it goes with the next
        change of the feed.
        """
        before = {n for n in _served(self.house) if n.endswith(".mp3")} - self.expected.keys()
        is_now = {n: told for n, told in _served(house).items() if n not in before}
        return [
            f"{name} is not as after an undisturbed run"
            for name in sorted(is_now.keys() | self.expected.keys())
            if is_now.get(name) != self.expected.get(name)
        ]


def _written(house):
    """Return what people may have written by hand, beside the articles."""
    found = content(house.root / "voices").items()
    return {f"voices/{name}": told for name, told in found if not name.endswith(UNFINISHED)}


def _served(house):
    found = content(house.episodes) | _written(house)
    if house.www.exists():
        found |= {f"published: {name}": told for name, told in content(house.www).items()}
    return found


def _built(place, settings=SETTINGS):
    house = new_house(place, {"ferry.txt": FERRY, "library.txt": LIBRARY}, settings)
    require(house.run(*BUILD))
    return house


def _published(place):
    """Return a house that was published, edited, built, and is to be published again."""
    house = _built(place)
    require(house.run("publish"))
    house.write("ferry.txt", FERRY_EDITED)
    house.write("storm.txt", STORM)
    require(house.run(*BUILD))
    return house


def _waiting(place):
    """Return a house with two episodes that wait for approval."""
    return _built(place, APPROVAL)


def _approved(place):
    house = _waiting(place)
    require(house.run("approve", "--all", "--by", "Ana"))
    return house


def _fixed(place):
    """Return a house in which one segment of an episode is marked to be spoken otherwise."""
    house = _waiting(place)
    directory = next(p.parent for p in house.episodes.glob("*ferry*/episode.json"))
    script = directory / "script.md"
    text = script.read_text(encoding="utf-8")
    script.write_text(text.replace("eleven months", "twelve months"), encoding="utf-8")
    return house


def _crowded(place):
    """Return a house that makes one programme of its articles, and had one of two of them."""
    house = _built(place)
    require(house.run("brief", *SILENT))
    house.write("storm.txt", STORM)
    return house


def _with_store(place, articles, settings=SHARED):
    house = new_house(place, articles, settings)
    (house.root / "store").mkdir()
    return house


def _sharing(place):
    """Return a house with a shared store, of whose three articles one is built."""
    house = _with_store(place, {"ferry.txt": FERRY})
    require(house.run(*BUILD))
    house.write("library.txt", LIBRARY)
    house.write("storm.txt", STORM)
    return house


def _shares_made(place):
    """Return a house whose articles were made by a share, and wait in the store to be published."""
    articles = {"ferry.txt": FERRY, "library.txt": LIBRARY, "storm.txt": STORM}
    house = _with_store(place, articles, SHARED + CAST)
    (house.root / "voices").mkdir()
    for name in ("reader", "guest"):
        profile = house.root / "voices" / f"{name}.toml"
        profile.write_text('engine = "tone"\nengine_voice = "tone"\n', encoding="utf-8")
    require(house.run("build", "--shard", "0/1", "--pool", "here"))
    return house


def _damaged(place):
    """Return a house with half a page and no feed."""
    house = _built(place)
    (house.episodes / "feed.xml").unlink()
    (page,) = house.episodes.glob("*ferry*/index.html")
    page.write_bytes(page.read_bytes()[:500])
    return house


def _worded(place):
    """Return a house whose lexicon has a word."""
    house = _built(place)
    require(house.run("lexicon", "add", "Dyett", "DYE-it"))
    return house


COLD = Scene("cold", cold, BUILD)
EDIT = Scene("edit", edited, BUILD)
PUBLISH = Scene("publish", _published, ("publish",), is_build=False)
APPROVE = Scene("approve", _waiting, ("approve", "--all", "--by", "Ana"), is_build=False)
RELEASE = Scene("release", _approved, ("publish",), is_build=False)
SCRIPT = Scene("script", _fixed, BUILD)
BRIEF = Scene("brief", _crowded, ("brief", *SILENT), is_build=False)
STORE = Scene("store", _sharing, BUILD)
UNION = Scene("union", _shares_made, ("publish", "--shards", "1"), is_build=False)
REPAIR = Scene("repair", _damaged, ("repair",), is_build=False)
PRUNE = Scene("prune", _built, ("cache", "prune", "--max-mb", "0"), is_build=False)
LEXICON = Scene("lexicon", _worded, ("lexicon", "add", "Aldermere", "AWL-der-meer"), is_build=False)
#: By name.
SCENES = {
    scene.name: scene
    for scene in (
        *(COLD, EDIT, PUBLISH, APPROVE, RELEASE, SCRIPT, BRIEF),
        *(STORE, UNION, REPAIR, PRUNE, LEXICON),
    )
}


def synthesized(run):
    """Return how many clips a run has made; ``None``: it tells nothing about that."""
    found = outcomes(run)
    return None if found is None else sum(outcome["synthesized"] for outcome in found)


def outcomes(run):
    """Return the outcomes of a build's report; ``None``: it was not printed."""
    try:
        return json.loads(run.stdout)["episodes"]
    except (ValueError, KeyError):
        return None
