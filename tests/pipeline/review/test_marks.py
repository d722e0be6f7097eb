"""Heard, needs fix, approved: by segment, as it sounds; and what becomes of the episode."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from audiobrief.errors import ConflictError, LockedError, SourceError, StoreError
from audiobrief.model.episode import State
from audiobrief.model.review import Mark, Played, Review, Verdict
from audiobrief.pipeline.review.gate import progress
from audiobrief.pipeline.review.marks import (
    approve,
    mark,
    played,
    progress_of,
    settle,
    verdict_of,
    withdraw,
)
from audiobrief.store.lock import locked
from audiobrief.store.manifest import render_manifest
from audiobrief.store.review import REVIEW_NAME, change_review
from tests.pipeline.review.marked import LATER, NOW, copied, put_workspace
from tests.support import snapshot

ANA = {"by": "Ana", "now": NOW}
BEN = {"by": "Ben", "now": LATER}
LONG_AGO = NOW.replace(year=2000)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a workspace with a draft; it is to be copied, not changed."""
    return put_workspace(tmp_path_factory.mktemp("marks") / "pod")


@pytest.fixture
def desk(built, tmp_path):
    """Return a desk for a copy of it."""
    return copied(built, tmp_path / "pod")


def pair(segment):
    """Return what a client sends of a segment that it has heard."""
    return (segment.id, segment.clip)


def length_ms(segment):
    """Return how long a segment is heard."""
    return segment.end_ms - segment.start_ms


# -- heard ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ranges", "verdict"),
    [
        ([(0.0, 1.0)], Verdict.HEARD),
        ([(0.0, 0.91)], Verdict.HEARD),
        ([(0.0, 0.89)], Verdict.NOT_HEARD),
        ([(0.5, 1.0), (0.0, 0.5)], Verdict.HEARD),
        # The same half twice, and what lies beyond the end, make no whole.
        ([(0.0, 0.5), (0.0, 0.5)], Verdict.NOT_HEARD),
        ([(0.2, 5.0)], Verdict.NOT_HEARD),
        ([(-3.0, 0.5)], Verdict.NOT_HEARD),
        ([], Verdict.NOT_HEARD),
    ],
)
def test_ninety_percent_really_played_are_heard(desk, ranges, verdict):
    """In any order and any number of pieces."""
    segment = desk.segment("first boat")
    pieces = [(round(a * length_ms(segment)), round(b * length_ms(segment))) for a, b in ranges]
    for piece in pieces:
        played(desk.show, desk.episode, segment.clip, [piece], **ANA)
    assert verdict_of(desk.review, segment) is verdict
    assert desk.episode.state is State.DRAFT
    told = desk.review.told_by(segment)
    assert (told is not None and told.by == "Ana") is (verdict is Verdict.HEARD)


def test_what_was_played_never_lowers_what_was_said(desk):
    """An approved segment that is heard again stays approved, a broken one broken."""
    first, second = desk.episode.segments[:2]
    mark(desk.show, desk.episode, [pair(first)], Verdict.APPROVED, **ANA)
    mark(desk.show, desk.episode, [pair(second)], Verdict.NEEDS_FIX, **ANA, note="a name")
    for segment in (first, second):
        played(desk.show, desk.episode, segment.clip, [(0, length_ms(segment))], **BEN)
    assert desk.verdicts[:2] == ["approved", "needs fix"]
    assert desk.review.mark_of(second).note == "a name"


@pytest.mark.parametrize("clip", ["", "x", "../../etc/passwd", "C" * 64, "c" * 65])
def test_what_is_no_clip_is_not_kept(desk, clip):
    """A client sends anything."""
    with pytest.raises(SourceError, match="no key of a clip"):
        played(desk.show, desk.episode, clip, [(0, 100)], **ANA)
    assert not (desk.folder / REVIEW_NAME).exists()


def test_a_clip_that_a_build_is_about_to_put_in_is_heard_already(desk):
    """The page plays it before the episode has it."""
    episode, segment = desk.episode, desk.segment("first boat")
    desk.rewrite("six in the morning", "seven in the morning")
    new = desk.segment("first boat")
    shutil.rmtree(desk.root)
    desk = copied_back(desk, episode)
    assert new.clip not in {s.clip for s in desk.episode.segments}
    played(desk.show, desk.episode, new.clip, [(0, length_ms(new))], **ANA)
    assert verdict_of(desk.review, new) is Verdict.HEARD
    assert verdict_of(desk.review, segment) is Verdict.NOT_HEARD


def copied_back(desk, episode):
    """Return the desk with nothing but an earlier manifest."""
    folder = desk.root / "episodes" / episode.directory
    folder.mkdir(parents=True)
    (folder / "episode.json").write_bytes(render_manifest(episode))
    return desk


def test_heard_and_not_heard_take_back_what_was_said(desk):
    """To "heard": as far as it was played. To "not heard": it must be played again."""
    first, second = desk.episode.segments[:2]
    played(desk.show, desk.episode, first.clip, [(0, length_ms(first))], **ANA)
    both = [pair(first), pair(second)]
    mark(desk.show, desk.episode, both, Verdict.APPROVED, **ANA)
    mark(desk.show, desk.episode, both, Verdict.HEARD, **ANA)
    assert desk.verdicts[:2] == ["heard", "not heard"]
    mark(desk.show, desk.episode, both, Verdict.NOT_HEARD, **ANA)
    assert desk.verdicts[:2] == ["not heard", "not heard"]


# -- marks ---------------------------------------------------------------------------------------


def test_a_mark_of_another_clip_is_a_conflict_and_marks_nothing(desk):
    """Somebody has had it spoken otherwise in the meantime."""
    first, second = desk.episode.segments[:2]
    with pytest.raises(ConflictError, match="sounds otherwise by now") as caught:
        mark(
            *(desk.show, desk.episode, [pair(first), (second.id, "d" * 64)]),
            Verdict.APPROVED, **ANA,
        )  # fmt: skip
    assert (caught.value.mine, caught.value.theirs) == ("approved", second.text)
    with pytest.raises(ConflictError, match="the segment is gone"):
        mark(desk.show, desk.episode, [("nowhere", first.clip)], Verdict.APPROVED, **ANA)
    assert desk.verdicts == ["not heard"] * len(desk.verdicts)


def test_saying_it_twice_is_as_good_as_once(desk):
    """Who said it first stays, and no file is touched."""
    segment = desk.episode.segments[0]
    mark(desk.show, desk.episode, [pair(segment)], Verdict.APPROVED, **ANA)
    before = snapshot(desk.folder)
    mark(desk.show, desk.episode, [pair(segment)], Verdict.APPROVED, **BEN)
    assert snapshot(desk.folder) == before
    assert desk.review.mark_of(segment).by == "Ana"


def test_another_note_is_news(desk):
    """The same verdict with other words."""
    segment = desk.episode.segments[0]
    for note in ("a name", "a name, and a date"):
        mark(desk.show, desk.episode, [pair(segment)], Verdict.NEEDS_FIX, **ANA, note=note)
    assert desk.review.mark_of(segment).note == "a name, and a date"


def test_what_is_spoken_otherwise_is_not_heard_and_undo_brings_its_mark_back(desk):
    """A mark is about the sound, and that of the old words is kept."""
    approve(desk.show, desk.episode, **ANA)
    number = desk.episode.segments.index(desk.segment("first boat"))
    desk.rewrite("six in the morning", "seven in the morning")
    assert desk.verdicts[number] == "not heard"
    assert desk.verdicts.count("approved") == len(desk.verdicts) - 1
    desk.rewrite("seven in the morning", "six in the morning")
    assert desk.verdicts == ["approved"] * len(desk.verdicts)


def test_a_word_said_otherwise_leaves_the_id_and_takes_the_mark(desk):
    """The text stays as printed; only the sound is another."""
    approve(desk.show, desk.episode, **ANA)
    before = desk.segment("first boat")
    lexicon = desk.root / "voices" / "lexicon" / "words.toml"
    lexicon.parent.mkdir()
    lexicon.write_text('[words]\nboat = "bote"\n', encoding="utf-8")
    desk.build()
    after = desk.segment("first boat")
    assert after.id == before.id
    assert verdict_of(desk.review, after) is Verdict.NOT_HEARD


def test_a_segment_that_moves_keeps_its_mark(desk):
    """Nothing is spoken for it."""
    segment = desk.segment("first boat")
    mark(desk.show, desk.episode, [pair(segment)], Verdict.APPROVED, **ANA)
    path = desk.folder / "script.md"
    lines = path.read_text(encoding="utf-8").split("\n")
    where = next(n for n, line in enumerate(lines) if "first boat" in line)
    moved = lines.pop(where)
    where = next(n for n, line in enumerate(lines) if "eleven months" in line)
    path.write_text("\n".join([*lines[:where], moved, "", *lines[where:]]), encoding="utf-8")
    report = desk.build()
    assert report.outcomes[0].synthesized == 0
    texts = [s.text for s in desk.episode.segments]
    assert texts.index(segment.text) < next(i for i, t in enumerate(texts) if "eleven" in t)
    assert verdict_of(desk.review, desk.segment("first boat")) is Verdict.APPROVED


def test_marks_outlive_the_cache(desk):
    """Everything is spoken again, and is what it was."""
    approve(desk.show, desk.episode, **ANA)
    shutil.rmtree(desk.root / ".audiobrief")
    desk.build(force=True)
    assert desk.verdicts == ["approved"] * len(desk.verdicts)
    assert desk.episode.state is State.APPROVED


@pytest.mark.parametrize("old", [0, 999, 1000, 1007])
def test_old_marks_are_kept_for_undo_and_bounded(desk, old):
    """The newest thousand; what is said of the episode as it is now never goes."""

    def change(review):
        when = [NOW + timedelta(minutes=n) for n in range(old)]
        marks = {
            (f"old{n}", f"{n:064}"): Mark(f"{n:064}", Verdict.APPROVED, "Ana", at)
            for n, at in enumerate(when)
        }
        heard = {f"{n:064}": Played(((0, 9),), "Ana", at) for n, at in enumerate(when)}
        return replace(review, marks={**review.marks, **marks}, played={**review.played, **heard})

    first, second = desk.episode.segments[:2]
    mark(desk.show, desk.episode, [pair(first)], Verdict.APPROVED, by="Ana", now=LONG_AGO)
    change_review(desk.folder / REVIEW_NAME, desk.show.cache, change)
    mark(desk.show, desk.episode, [pair(second)], Verdict.APPROVED, **ANA)
    kept = desk.review
    names = sorted(int(clip) for segment, clip in kept.marks if segment.startswith("old"))
    assert names == list(range(old))[-1000:]
    assert sorted(map(int, kept.played)) == names
    assert desk.verdicts[:2] == ["approved", "approved"]


# -- the episode ---------------------------------------------------------------------------------


def test_with_its_last_segment_the_episode_is_approved(desk):
    """Not before; then its manifest says so, and the review by whom and when."""
    *others, last = desk.episode.segments
    mark(desk.show, desk.episode, [pair(s) for s in others], Verdict.APPROVED, **ANA)
    assert desk.episode.state is State.DRAFT
    found = progress_of(desk.show, desk.episode)
    assert found.reasons == ("1 segment still needs approval",)
    mark(desk.show, desk.episode, [pair(last)], Verdict.APPROVED, **BEN)
    assert desk.episode.state is State.APPROVED
    found = progress_of(desk.show, desk.episode)
    assert (found.reasons, found.approval.by, found.approval.at) == ((), "Ben", LATER)


def test_with_one_segment_less_it_is_a_draft_again(desk):
    """Whoever finds a mistake later stops it."""
    approve(desk.show, desk.episode, **ANA)
    mark(desk.show, desk.episode, [pair(desk.episode.segments[2])], Verdict.NEEDS_FIX, **BEN)
    assert desk.episode.state is State.DRAFT
    assert progress_of(desk.show, desk.episode).reasons == ("1 segment needs a fix",)
    mark(desk.show, desk.episode, [pair(desk.episode.segments[3])], Verdict.HEARD, **BEN)
    assert progress_of(desk.show, desk.episode).reasons == (
        "1 segment still needs approval",
        "1 segment needs a fix",
    )


def test_a_rebuild_to_the_same_sound_keeps_the_approval(desk):
    """Nothing of it is another."""
    approve(desk.show, desk.episode, **ANA)
    before = desk.episode.enclosure.sha256
    desk.build(force=True)
    assert desk.episode.enclosure.sha256 == before
    assert desk.episode.state is State.APPROVED


def test_a_change_of_sound_makes_it_a_draft_and_undo_an_approved_one(desk):
    """What was approved once as it sounds is approved."""
    approve(desk.show, desk.episode, **ANA)
    desk.rewrite("six in the morning", "seven in the morning")
    assert desk.episode.state is State.DRAFT
    assert progress_of(desk.show, desk.episode).reasons == ("1 segment still needs approval",)
    desk.rewrite("seven in the morning", "six in the morning")
    assert desk.episode.state is State.APPROVED
    assert progress_of(desk.show, desk.episode).approval.by == "Ana"


def test_another_mastering_must_be_approved_though_no_word_has_changed(desk):
    """Nobody has heard it so; one command says it is well."""
    approve(desk.show, desk.episode, **ANA)
    path = desk.root / "audiobrief.toml"
    path.write_text(path.read_text("utf-8") + "[sound]\nloudness_lufs = -20.0\n", encoding="utf-8")
    desk.build()
    assert desk.episode.state is State.DRAFT
    assert progress_of(desk.show, desk.episode).reasons == (
        "its sound has changed since it was approved",
    )
    segment = desk.episode.segments[0]
    played(desk.show, desk.episode, segment.clip, [(0, 100)], **BEN)
    assert desk.episode.state is State.DRAFT
    assert approve(desk.show, desk.episode, **BEN).state is State.APPROVED
    assert desk.episode.state is State.APPROVED


def test_what_is_approved_before_it_is_built_in_counts_with_the_build(desk):
    """The page has played the new clip, and its author approves it while the build runs."""
    approve(desk.show, desk.episode, **ANA)
    old = desk.episode
    path = desk.folder / "script.md"
    desk.rewrite("six in the morning", "seven in the morning")
    new = desk.segment("first boat")
    text = path.read_text(encoding="utf-8")
    desk.rewrite("seven in the morning", "six in the morning")
    assert new.clip not in {s.clip for s in old.segments}
    with pytest.raises(ConflictError):
        mark(desk.show, desk.episode, [pair(new)], Verdict.APPROVED, **BEN)
    mark(desk.show, desk.episode, [pair(new)], Verdict.APPROVED, **BEN, coming={pair(new)})
    path.write_text(text, encoding="utf-8")
    desk.build()
    assert pair(desk.segment("first boat")) == pair(new)
    assert desk.episode.state is State.APPROVED
    assert progress_of(desk.show, desk.episode).approval.by == "Ben"


def test_approved_while_a_build_runs_it_is_approved_when_that_ends(desk):
    """The build has read the manifest before, and asks the review at its end."""
    done = []

    def tell(_event):
        if not done:
            done.append(approve(desk.show, desk.episode, **ANA))
            assert desk.episode.state is State.DRAFT
            assert progress_of(desk.show, desk.episode).is_approved

    desk.build(force=True, tell=tell)
    assert done[0].state is State.APPROVED
    assert desk.episode.state is State.APPROVED


def test_taken_back_while_a_build_runs_it_is_a_draft_at_once(desk):
    """Whatever the manifest still says."""
    approve(desk.show, desk.episode, **ANA)
    segment = desk.episode.segments[0]
    with locked(desk.show.cache / "lock"):
        mark(desk.show, desk.episode, [pair(segment)], Verdict.HEARD, **BEN)
        assert desk.episode.state is State.APPROVED
        assert progress_of(desk.show, desk.episode).reasons == ("1 segment still needs approval",)
        with pytest.raises(LockedError):
            withdraw(desk.show, desk.episode)
    settle(desk.show, desk.episode)
    assert desk.episode.state is State.DRAFT
    # A person who then writes it into the manifest by hand is believed.
    approved = replace(desk.episode, state=State.APPROVED)
    (desk.folder / "episode.json").write_bytes(render_manifest(approved))
    assert progress_of(desk.show, desk.episode).is_approved


def test_approved_by_hand_is_approved(desk):
    """As it was before there was a review; what needs a fix stops it all the same."""
    approved = replace(desk.episode, state=State.APPROVED)
    (desk.folder / "episode.json").write_bytes(render_manifest(approved))
    found = progress_of(desk.show, desk.episode)
    assert (found.is_approved, found.reasons, found.approval) == (True, (), None)
    segment = desk.episode.segments[0]
    played(desk.show, desk.episode, segment.clip, [(0, length_ms(segment))], **ANA)
    assert progress_of(desk.show, desk.episode).is_approved
    mark(desk.show, desk.episode, [pair(segment)], Verdict.NEEDS_FIX, **ANA)
    assert "1 segment needs a fix" in progress_of(desk.show, desk.episode).reasons


def test_what_is_published_stays_so_until_its_sound_changes(desk):
    """It is out; to mark a segment calls nothing back."""
    published = replace(desk.episode, state=State.PUBLISHED)
    (desk.folder / "episode.json").write_bytes(render_manifest(published))
    mark(desk.show, desk.episode, [pair(desk.episode.segments[0])], Verdict.NEEDS_FIX, **ANA)
    assert desk.episode.state is State.PUBLISHED
    assert progress_of(desk.show, desk.episode).reasons == ()
    desk.rewrite("six in the morning", "seven in the morning")
    assert desk.episode.state is State.DRAFT


# -- all at once ---------------------------------------------------------------------------------


def test_what_was_heard_is_approved_and_what_needs_a_fix_is_left(desk):
    """By name of who did it; with force, all."""
    first, second, third = desk.episode.segments[:3]
    for segment in (first, second):
        played(desk.show, desk.episode, segment.clip, [(0, length_ms(segment))], **ANA)
    mark(desk.show, desk.episode, [pair(second), pair(third)], Verdict.NEEDS_FIX, **ANA)
    planned = approve(desk.show, desk.episode, **BEN, only_heard=True, dry_run=True)
    assert planned.segments == 1
    assert desk.verdicts[0] == "heard"
    assert approve(desk.show, desk.episode, **BEN, only_heard=True) == planned
    assert desk.review.mark_of(first).by == "Ben"
    done = approve(desk.show, desk.episode, **BEN)
    assert (done.segments, done.state) == (len(desk.verdicts) - 3, State.DRAFT)
    assert done.progress.reasons == ("2 segments need a fix",)
    assert approve(desk.show, desk.episode, **BEN, force=True).state is State.APPROVED


def test_an_approval_is_taken_back_whole(desk):
    """What needs a fix stays so, and what was heard."""
    first, second = desk.episode.segments[:2]
    played(desk.show, desk.episode, first.clip, [(0, length_ms(first))], **ANA)
    approve(desk.show, desk.episode, **ANA)
    mark(desk.show, desk.episode, [pair(second)], Verdict.NEEDS_FIX, **ANA)
    planned = withdraw(desk.show, desk.episode, dry_run=True)
    assert desk.verdicts.count("approved") == len(desk.verdicts) - 1
    assert withdraw(desk.show, desk.episode) == planned
    assert desk.verdicts[:3] == ["heard", "needs fix", "not heard"]
    assert desk.episode.state is State.DRAFT


def test_a_damaged_review_stops_no_build_and_no_approval_is_made_up(desk):
    """The build keeps what the manifest says; who asks for the review is told."""
    approve(desk.show, desk.episode, **ANA)
    (desk.folder / REVIEW_NAME).write_text("{", encoding="utf-8")
    desk.build(force=True)
    assert desk.episode.state is State.APPROVED
    with pytest.raises(StoreError, match="review is damaged"):
        progress_of(desk.show, desk.episode)
    desk.rewrite("six in the morning", "seven in the morning")
    assert desk.episode.state is State.DRAFT
    assert (desk.folder / REVIEW_NAME).read_text(encoding="utf-8") == "{"


def test_counts_have_all_four_verdicts(desk):
    """Also those that no segment has."""
    found = progress(desk.episode, Review())
    assert set(found.counts) == set(Verdict)
    assert found.total == len(desk.episode.segments)
    assert found.reasons == (f"{found.total} segments still need approval",)


def test_a_reader_of_the_file_meets_no_half_state(desk):
    """A change is one file: the marks and the approval of the episode come together."""
    approve(desk.show, desk.episode, **ANA)
    before, after = change_review(desk.folder / REVIEW_NAME, desk.show.cache, lambda review: review)
    assert before == after
    assert len(after.marks) == len(desk.episode.segments)
    assert set(after.approvals) == {desk.episode.enclosure.sha256}
