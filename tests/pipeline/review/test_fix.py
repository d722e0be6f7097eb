"""An editor changes a segment: in the script, in the sound, and back again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from audiobrief.errors import ConflictError, LockedError, SourceError, SpeechError, StoreError
from audiobrief.model.change import (
    Join,
    LeaveOut,
    Move,
    Recast,
    Restore,
    Reword,
    Seen,
    Split,
    Undo,
)
from audiobrief.pipeline.review.fix import fix
from audiobrief.store.history import can_undo, versions_of
from audiobrief.store.lock import locked
from tests.pipeline.review.fixed import copied, seen
from tests.pipeline.review.marked import NOW, put_workspace
from tests.support import snapshot

BOAT = "The first boat leaves"
COUNCIL = "Harbor master Ana Ruiz announced"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a workspace with one episode that nobody changes."""
    return put_workspace(tmp_path_factory.mktemp("built") / "show")


@pytest.fixture
def desk(built, tmp_path):
    """Return a desk with a copy of it."""
    desk = copied(built, tmp_path / "show")
    yield desk
    desk.bench.close()


def change_of(kind, desk):
    """Return a change of a kind, of the segment about the boat."""
    boat = desk.find(BOAT)
    after = desk.now[[s.id for s in desk.now].index(desk.find("The ferry across").id) + 1].id
    changes = {
        "reword": Reword(boat.id, "The first boat leaves at dawn, and it is free."),
        "voice": Recast(boat.id, "high"),
        "speaker": Recast(boat.id, None, "Ana Ruiz"),
        "split": Split(boat.id, boat.text.index(", and") + 1),
        "move": Move(boat.id, after),
        "leave out": LeaveOut(boat.id),
        "restore": Restore(next(n for n, r in enumerate(desk.episode.ledger) if r.reason)),
    }
    return changes[kind]


SPOKEN = {
    "reword": 1,
    "voice": 1,
    "speaker": 1,
    "split": 2,
    "move": 0,
    "leave out": 0,
    "restore": 1,
}


@pytest.mark.parametrize("kind", SPOKEN)
def test_a_change_is_heard_at_once_and_then_in_the_episode(desk, kind):
    """Only what is new is spoken, once; all other clips stay; a build then has nothing to do."""
    before = {s.id: s.clip for s in desk.episode.segments}
    done = desk.fix(change_of(kind, desk))
    assert done.was_spoken == SPOKEN[kind]
    assert desk.is_stale
    told = desk.now
    built = desk.rebuild()
    assert built.build.synthesized == 0
    assert [s.clip for s in built.segments] == [s.clip for s in told]
    assert [s.id for s in built.segments] == [s.id for s in told]
    fresh = {s.id: s for s in built.segments if before.get(s.id) != s.clip}
    assert set(fresh) == (set(done.segments) if SPOKEN[kind] else set())
    if done.segments:
        assert done.clip == next(s.clip for s in built.segments if s.id == done.segments[0])
    assert not desk.is_stale
    files = snapshot(desk.root / "episodes")
    assert desk.is_unchanged()
    assert snapshot(desk.root / "episodes") == files


@pytest.mark.parametrize("is_built", [False, True], ids=["at once", "after a build"])
@pytest.mark.parametrize("kind", SPOKEN)
def test_a_change_is_taken_back_without_being_spoken(desk, kind, is_built):
    """The script has the bytes of before, and the sound is the same file again."""
    change = change_of(kind, desk)
    script, sound = desk.script, desk.episode.enclosure
    done = desk.fix(change)
    if is_built:
        desk.rebuild()
    back = desk.fix(Undo(done.segments[0] if done.segments else change.segment))
    assert back.was_spoken == 0
    if not is_built:
        assert desk.script == script
    built = desk.rebuild()
    assert built.enclosure == sound
    assert built.build.synthesized == (0 if is_built else desk.spoken_at_first)
    assert desk.script == script
    assert desk.is_unchanged()


def test_parts_are_joined_again(desk):
    """The words are those of before, spoken once."""
    boat = desk.find(BOAT)
    parts = desk.fix(Split(boat.id, 10)).segments
    done = desk.fix(Join(parts[0]))
    assert (done.segments, done.was_spoken) == ((boat.id,), 0)
    assert desk.rebuild().segments[-2].id == boat.id


def test_versions_are_counted_and_taken_back_one_by_one(desk):
    """Each undo leads to the version before; at the first one there is nothing to undo."""
    first = desk.find(BOAT)
    second = desk.fix(Reword(first.id, "The boat leaves at dawn.")).segments[0]
    third = desk.fix(Reword(second, "The boat leaves at noon.")).segments[0]
    assert [versions_of(desk.history, x) for x in (first.id, second, third)] == [1, 2, 3]
    assert desk.fix(Undo(third)).segments == (second,)
    assert (versions_of(desk.history, second), can_undo(desk.history, second)) == (2, True)
    assert desk.fix(Undo(second)).segments == (first.id,)
    assert not can_undo(desk.history, first.id)
    with pytest.raises(SourceError, match="nothing of this segment"):
        desk.fix(Undo(first.id))
    assert [change.by for change in desk.history] == ["ana"] * 4


@pytest.mark.parametrize(
    "text",
    [
        "**Tickets** cost [more](now) <b>than</b> before.",
        "## Tickets --- cost * more",
        "[narrator \u00b7 low] Tickets cost more.",
        "Tickets \u00b7 cost \u00b7 more",
        "\u05db\u05e8\u05d8\u05d9\u05e1\u05d9\u05dd cost \U0001f680 more",
        "Tickets cost more. " * 200,
    ],
)
def test_what_is_typed_is_one_segment_as_it_was_typed(desk, text):
    """Through script, build, and another build by hand."""
    count = len(desk.now)
    flat = " ".join(text.split())
    done = desk.fix(Reword(desk.find(BOAT).id, text))
    assert desk.find(flat).id == done.segments[0]
    built = desk.rebuild()
    assert (len(built.segments), flat in [s.text for s in built.segments]) == (count, True)
    assert desk.is_unchanged()


def test_the_shell_builds_what_was_typed_in_the_review(desk):
    """Markdown that was typed there is meant, also if the review has ended."""
    desk.fix(Reword(desk.find(BOAT).id, "A *star* and a [link](x) leave."))
    desk.build()
    assert "A *star* and a [link](x) leave." in [s.text for s in desk.episode.segments]


# -- two editors ----------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_shown_both_versions(desk):
    """Nothing of the first one's is lost, and the file stays."""
    boat = desk.find(BOAT)
    desk.fix(Reword(boat.id, "It leaves at dawn."), seen(boat), by="ben")
    script = desk.script
    with pytest.raises(ConflictError) as caught:
        desk.fix(Reword(boat.id, "It leaves at noon."), seen(boat))
    assert (caught.value.mine, caught.value.theirs) == ("It leaves at noon.", "It leaves at dawn.")
    assert (desk.script, len(desk.history)) == (script, 1)


def test_what_a_text_editor_has_changed_meanwhile_is_a_conflict_too(desk):
    """It is found by its place."""
    boat = desk.find(BOAT)
    desk.type(BOAT, "The last boat leaves")
    with pytest.raises(ConflictError) as caught:
        desk.fix(Reword(boat.id, "It leaves at noon."), seen(boat))
    assert caught.value.theirs.startswith("The last boat leaves")


def test_changes_in_other_lines_are_none(desk):
    """By a text editor, and by another editor at the page."""
    boat, council = desk.find(BOAT), desk.find(COUNCIL)
    desk.type("The ferry across the bay", "The boat across the bay")
    desk.fix(Reword(council.id, "Ana Ruiz said so."), seen(council), by="ben")
    desk.fix(Reword(boat.id, "It leaves at noon."), seen(boat))
    texts = [s.text for s in desk.rebuild().segments]
    assert {"It leaves at noon.", "Ana Ruiz said so."} <= set(texts)
    assert any(text.startswith("The boat across") for text in texts)


@pytest.mark.parametrize("how", ["the page", "a text editor"])
def test_a_change_is_not_taken_back_over_somebody_elses(desk, how):
    """The later words are shown, and stay."""
    boat = desk.find(BOAT)
    mine = desk.fix(Reword(boat.id, "It leaves at dawn.")).segments[0]
    if how == "the page":
        desk.fix(Reword(mine, "It leaves at noon."), by="ben")
    else:
        desk.type("It leaves at dawn.", "It leaves at noon.")
    with pytest.raises(ConflictError) as caught:
        desk.fix(Undo(mine), Seen("It leaves at dawn.", boat.voice))
    assert caught.value.theirs == "It leaves at noon."
    assert "It leaves at noon." in desk.texts


def test_a_line_that_was_left_out_twice_is_gone(desk):
    """The second editor is told so."""
    boat = desk.find(BOAT)
    desk.fix(LeaveOut(boat.id), seen(boat), by="ben")
    with pytest.raises(ConflictError, match="gone"):
        desk.fix(LeaveOut(boat.id), seen(boat))


def test_many_threads_change_many_segments(desk):
    """Nothing is lost: neither a line nor a row of the history."""
    chosen = [s for s in desk.now if len(s.text) > 20]
    episode = desk.episode

    def change(number):
        one = chosen[number]
        wanted = Reword(one.id, f"Sentence number {number} is another one now.")
        return fix(desk.bench, episode, wanted, seen(one), by=f"editor {number}", now=NOW)

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(change, range(len(chosen))))
    assert sum("is another one now." in text for text in desk.texts) == len(chosen)
    assert {c.by for c in desk.history} == {f"editor {n}" for n in range(len(chosen))}
    assert sorted(c.number for c in desk.history) == list(range(1, len(chosen) + 1))
    assert all(one.clip for one in done)
    assert desk.rebuild().build.synthesized == 0


def test_while_a_build_holds_the_workspace_a_fix_is_done_and_the_sound_waits(desk):
    """Whoever calls for the sound is told, and tries again."""
    with locked(desk.root / ".audiobrief" / "lock"):
        assert desk.fix(Reword(desk.find(BOAT).id, "It leaves at dawn.")).was_spoken == 1
        with pytest.raises(LockedError):
            desk.rebuild()
    assert "It leaves at dawn." in [s.text for s in desk.rebuild().segments]


# -- what cannot be done --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda s: Reword(s.id, " \n "), "nothing to say"),
        (lambda s: Reword(s.id, "a\x00b"), "control characters"),
        (lambda s: Recast(s.id, "hi"), 'no voice "hi"'),
        (lambda s: Recast(s.id, "../../etc/passwd"), "no voice"),
        (lambda s: Split(s.id, 0), "say nothing"),
        (lambda s: Split(s.id, -5), "say nothing"),
        (lambda s: Split(s.id, 10**9), "say nothing"),
        (lambda _: Restore(10**6), "no such sentence"),
        (lambda _: Undo("nothing"), "nothing of this segment"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_written(desk, change, problem):
    """With what is wrong, before any file is touched."""
    files = snapshot(desk.root / "episodes")
    with pytest.raises(SourceError, match=problem):
        desk.fix(change(desk.find(BOAT)))
    assert snapshot(desk.root / "episodes") == files


@pytest.mark.parametrize("name", ["", "nothing", "../x", "x" * 10_000, "\x00"])
def test_a_segment_that_never_was_is_a_conflict(desk, name):
    """As one that is gone."""
    with pytest.raises(ConflictError):
        desk.fix(Reword(name, "It leaves at dawn."))


def test_a_new_speaker_gets_a_voice_and_keeps_it(desk):
    """As in the script; somebody who is quoted no more is the narrator's."""
    boat = desk.find(BOAT)
    said = desk.fix(Recast(boat.id, None, "Bea [MP] Moss")).segments[0]
    (segment,) = [s for s in desk.rebuild().segments if s.id == said]
    assert (segment.role, segment.speaker, segment.voice) == ("quote", "Bea (MP) Moss", "high")
    desk.fix(Recast(said, None, ""))
    assert desk.find(BOAT).voice == "low"
    assert desk.rebuild().segments[-2].id == boat.id


def test_a_damaged_history_is_told_and_the_script_stays(desk):
    """Only undo is lost when it is moved away, and a build goes on without it."""
    path = desk.folder / "history.json"
    path.write_text('{"changes": [{}]}', encoding="utf-8")
    script = desk.script
    with pytest.raises(StoreError, match="history"):
        desk.fix(Reword(desk.find(BOAT).id, "It leaves at dawn."))
    assert (desk.script, desk.history) == (script, ())
    assert desk.is_unchanged()


def test_the_comments_of_people_stay(desk):
    """Where they are, through fix and build."""
    desk.type("[narrator", "<!-- ask Ana -->\n[narrator")
    desk.fix(Reword(desk.find(BOAT).id, "It leaves at dawn."))
    desk.rebuild()
    desk.fix(Reword(desk.find("It leaves at dawn").id, "It leaves at noon."))
    count = desk.script.count(b"<!-- ask Ana -->")
    desk.rebuild()
    assert desk.script.count(b"<!-- ask Ana -->") == count > 1


def test_fixes_while_the_sound_is_built_again_and_again(desk):
    """Builds write the script back, and take no line of an editor's away."""
    chosen = [s for s in desk.now if len(s.text) > 20]
    is_over = Event()

    def build():
        while not is_over.is_set():
            desk.rebuild()

    with ThreadPoolExecutor(1) as pool:
        building = pool.submit(build)
        try:
            for number, one in enumerate(chosen):
                desk.fix(Reword(one.id, f"Sentence number {number} is another one now."), seen(one))
        finally:
            is_over.set()
        building.result()
    built = desk.rebuild()
    assert sum("is another one now." in s.text for s in built.segments) == len(chosen)
    assert not desk.is_stale
    assert desk.is_unchanged()


def test_what_no_engine_speaks_is_saved_and_told(desk):
    """With the reason; the change can be taken back."""
    profile = 'engine = "tone"\nengine_voice = "no-such-voice"\n'
    (desk.root / "voices" / "broken.toml").write_text(profile, encoding="utf-8")
    boat = desk.find(BOAT)
    done = desk.fix(Recast(boat.id, "broken"), seen(boat))
    assert (done.clip, done.segments, done.was_spoken) == (None, (boat.id,), 0)
    assert "it is saved" in done.notes[0]
    with pytest.raises(SpeechError):
        desk.rebuild()
    assert desk.fix(Undo(boat.id)).clip == boat.clip
    assert not desk.is_stale
