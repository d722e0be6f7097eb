"""Plans, and how they are carried out: killed anywhere, overtaken anywhere."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.errors import OvertakenError
from audiobrief.upload.plan import Local, Step, make_plan
from audiobrief.upload.run import carry_out
from audiobrief.upload.state import STATE_NAME, Published, Sent, parse_state, render_state
from audiobrief.upload.target import Stored

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, 8, tzinfo=UTC)
KEEP = 7 * DAY


class KilledError(BaseException):
    """Nothing of ours catches it."""


class Memory:
    """A target that keeps all in memory, and dies before the n-th change.

    Args:
        die_at: Which change is not done any more; 0: all are done.
    """

    place = "memory"

    def __init__(self):
        self.files = {}
        self.die_at = 0
        self.changes = 0
        self.versions = {}
        self.before_feed = lambda: None

    def _change(self, name, content):
        self.changes += 1
        if self.changes == self.die_at:
            raise KilledError
        self.versions[name] = self.versions.get(name, 0) + 1
        if content is None:
            self.files.pop(name, None)
        else:
            self.files[name] = content

    def _stored(self, name):
        return Stored(len(self.files[name]), str(self.versions[name]))

    def listing(self):
        """As the seam says."""
        return {name: self._stored(name) for name in self.files}

    def read(self, name, limit):
        """As the seam says."""
        return self.files[name][:limit]

    def send(self, files, done):
        """One change a file."""
        for file in files:
            self._change(file.name, file.read())
            done(file.name)

    def replace(self, file, expected):
        """Compare and change."""
        if file.name == "feed.xml":
            self.before_feed()
        there = self._stored(file.name) if file.name in self.files else None
        if there != expected:
            raise OvertakenError("overtaken", file.name, remedy="again")
        self._change(file.name, file.read())
        return self._stored(file.name)

    def delete(self, names):
        """One change a file."""
        for name in names:
            self._change(name, None)


class Shop:
    """A folder of files with a feed that names them."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def files(self, sounds, note=""):
        """Return what is to be at the target, for a feed with these sounds."""
        contents = {}
        for sound in sounds:
            content = f"sound {sound}".encode()
            contents[f"{sound}/{sound}-{sha256(content).hexdigest()[:8]}.mp3"] = content
            contents[f"{sound}/chapters.json"] = f"{{{note}}}".encode()
        feed = "".join(f"<file>{n}</file>" for n in sorted(contents)).join(("<rss>", "</rss>"))
        contents["index.html"] = f"page {note}".encode()
        contents["feed.xml"] = feed.encode()
        return [self._local(name, content) for name, content in contents.items()]

    def _local(self, name, content):
        path = self.folder / sha256(name.encode() + content).hexdigest()
        path.write_bytes(content)
        steps = {"mp3": Step.SOUND, "json": Step.TEXT, "html": Step.PAGE, "xml": Step.FEED}
        step = steps[name.rpartition(".")[2]]
        return Local(name, path, step, "x/y", "", len(content), sha256(content).hexdigest())


def plan_for(target, files, now=START):
    """Plan as a run does."""
    listing = target.listing()
    known = parse_state(target.read(STATE_NAME, 10**6)) if STATE_NAME in listing else Published({})
    return make_plan(files, listing, known, now=now, keep=KEEP)


def publish(target, files, now=START, run="run"):
    """Publish as a run does; return the plan."""
    plan = plan_for(target, files, now)
    assert carry_out(plan, target, run=run, progress=lambda *_: None)
    return plan


def broken(target):
    """Return what the feed at a target names, and is not there."""
    feed = target.files.get("feed.xml", b"").decode()
    return [n for n in re.findall(r"<file>(.*?)</file>", feed) if n not in target.files]


@pytest.fixture
def shop(tmp_path):
    """Return a maker of files."""
    return Shop(tmp_path / "shop")


def test_only_what_has_changed_is_sent(shop):
    """The feed is the last; a run without news does not even note anything."""
    target = Memory()
    assert [u.name for u in publish(target, shop.files("ab")).sent][-1] == "feed.xml"
    changes = target.changes
    assert publish(target, shop.files("ab")).is_empty
    assert target.changes == changes
    assert [u.name for u in publish(target, shop.files("ab", "new")).sent] == [
        "a/chapters.json",
        "b/chapters.json",
        "index.html",
    ]


def test_without_its_state_only_what_is_small_is_sent_again(shop):
    """The name of a sound says what is in it; a deleted state costs time alone."""
    target = Memory()
    publish(target, shop.files("a"))
    del target.files[STATE_NAME]
    sent = [u.name for u in publish(target, shop.files("a")).sent]
    assert sent == ["a/chapters.json", "index.html", "feed.xml"]
    target.files[STATE_NAME] = b"[damaged"
    assert [u.name for u in publish(target, shop.files("a")).sent] == sent


def test_a_file_that_left_the_feed_goes_after_its_days(shop):
    """Neither before, nor while the feed has it again; other people's files stay for good."""
    target = Memory()
    target.files["theirs.html"] = b"1"
    target.versions["theirs.html"] = 1
    publish(target, shop.files("ab"))
    plan = publish(target, shop.files("b"), START + DAY)
    assert (plan.removed, len(plan.kept)) == ((), 2)
    assert publish(target, shop.files("b"), START + 7 * DAY).is_empty
    publish(target, shop.files("ab"), START + 7 * DAY)
    publish(target, shop.files("b"), START + 9 * DAY)
    assert publish(target, shop.files("b"), START + 15 * DAY).removed == ()
    plan = publish(target, shop.files("b"), START + 16 * DAY)
    assert sorted(name[0] for name in plan.removed) == ["a", "a"]
    assert not [name for name in target.files if name.startswith("a/")]
    assert target.files["theirs.html"] == b"1"
    assert publish(target, shop.files("b"), START + 99 * DAY).is_empty


def test_no_grace_still_waits_for_the_next_feed(shop):
    """What the feed had until now stays once more, whatever the settings."""
    target = Memory()
    publish(target, shop.files("ab"))
    listing, state = target.listing(), parse_state(target.files[STATE_NAME])
    plan = make_plan(shop.files("b"), listing, state, now=START, keep=timedelta())
    assert plan.removed == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_killed_anywhere_the_feed_names_only_what_is_there(tmp_path_factory, data):
    """Any history of publishes, each killed or not; the run after a kill ends as if without it."""
    shop, target = Shop(tmp_path_factory.mktemp("shop")), Memory()
    now = START
    for _ in range(data.draw(st.integers(1, 5))):
        sounds = data.draw(st.sets(st.sampled_from("abcd"), min_size=1))
        files = shop.files(sorted(sounds), data.draw(st.sampled_from(["", "x", "y"])))
        now += data.draw(st.sampled_from([timedelta(), DAY, 8 * DAY]))
        target.die_at = target.changes + data.draw(st.integers(1, 14))
        try:
            publish(target, files, now)
        except KilledError:
            assert broken(target) == []
        target.die_at = 0
    publish(target, files, now)
    assert broken(target) == []
    assert {f.name: target.files[f.name] for f in files} == {
        f.name: f.path.read_bytes() for f in files
    }
    assert publish(target, files, now).is_empty
    publish(target, files, now + 8 * DAY)
    assert set(target.files) == {f.name for f in files} | {STATE_NAME}


def test_of_two_that_planned_at_once_the_second_stops_before_it_changes_anything(shop):
    """It is told, and the same run again is well."""
    target = Memory()
    publish(target, shop.files("a"))
    first, second = (plan_for(target, shop.files(s)) for s in ("ab", "ac"))
    carry_out(first, target, run="1", progress=lambda *_: None)
    before = dict(target.files)
    with pytest.raises(OvertakenError):
        carry_out(second, target, run="2", progress=lambda *_: None)
    assert target.files == before
    publish(target, shop.files("ac"), run="2")
    assert broken(target) == []


def test_one_that_is_overtaken_while_it_sends_leaves_the_other_feed(shop):
    """The second starts after the first; one feed is there, whole, and the first one is told."""
    target = Memory()
    publish(target, shop.files("a"))

    def second():
        target.before_feed = lambda: None
        publish(target, shop.files("ac"), run="2")

    target.before_feed = second
    with pytest.raises(OvertakenError):
        carry_out(plan_for(target, shop.files("ab")), target, run="1", progress=lambda *_: None)
    assert b"c/c-" in target.files["feed.xml"]
    assert broken(target) == []
    publish(target, shop.files("ab"), run="1")
    assert b"b/b-" in target.files["feed.xml"]
    assert broken(target) == []


def test_one_that_is_overtaken_after_its_feed_removes_nothing(shop):
    """What is old by its own feed may be what the other one wants."""
    target = Memory()
    publish(target, shop.files("ab"))
    publish(target, shop.files("b"), START + DAY)
    plan = plan_for(target, shop.files("bc"), START + 10 * DAY)
    assert len(plan.removed) == 2

    def other():
        target.versions[STATE_NAME] += 1

    target.before_feed = other
    assert not carry_out(plan, target, run="1", progress=lambda *_: None)
    assert [n for n in target.files if n.startswith("a/")]
    assert broken(target) == []


def test_progress_counts_to_the_end(shop):
    """Every file once."""
    seen = []
    plan = plan_for(Memory(), shop.files("ab"))
    carry_out(plan, Memory(), run="1", progress=lambda *event: seen.append(event))
    assert [(done, total) for done, total, _ in seen] == [(n, 6) for n in range(1, 7)]
    assert seen[-1][2] == "feed.xml"


@given(st.binary(max_size=200))
def test_no_state_is_an_error(content):
    """It lies on the web, where anybody may have put anything."""
    assert isinstance(parse_state(content), Published)


def test_a_flipped_bit_of_the_state_is_taken_back():
    """It would have another file sent again, or removed."""
    state = Published({"a.mp3": Sent(7, "f0")}, "guid")
    assert parse_state(render_state(state, "run").replace(b"a.mp3", b"c.mp3")) == state


@pytest.mark.parametrize(
    "content",
    [
        b'{"version": 1, "files": {"../x": {"bytes": 1, "sha256": ""}}}',
        b'{"version": 1, "files": {"a": {"bytes": 1, "sha256": "", "left": "2026-01-01"}}}',
        b'{"version": 2, "files": {"a": {"bytes": 1, "sha256": ""}}}',
        b'{"version": 1, "files": []}',
        b"[" * 100_000,
        render_state(Published({"a.mp3": Sent(7, "f0")}), "run").replace(b"f0", b"e3"),
    ],
)
def test_a_state_of_somebody_else_says_nothing(content):
    """Neither a way out, nor a time that cannot be compared; nor what was changed by hand."""
    assert parse_state(content) == Published({})
