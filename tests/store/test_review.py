"""``review.json``: what it keeps, how it breaks, and that nobody's marks are lost."""

import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.errors import StoreError
from audiobrief.model.review import Approval, Mark, Played, Review, Verdict, merged
from audiobrief.store.files import sweep_temporary
from audiobrief.store.review import (
    REVIEW_NAME,
    change_review,
    mend_review,
    parse_review,
    read_review,
    render_review,
)
from tests.dying import dying_python

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CLIP = "c" * 64

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - see below
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
)
texts = st.text(max_size=20)
mores = st.dictionaries(st.sampled_from(["x", "later"]), st.integers() | texts, max_size=2)
ranges = st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 9000)), max_size=5).map(merged)
verdicts = st.sampled_from([Verdict.APPROVED, Verdict.NEEDS_FIX])
marks = st.builds(Mark, texts, verdicts, texts, moments, texts, mores)
reviews = st.builds(
    Review,
    st.lists(st.tuples(texts, marks), max_size=5).map(
        lambda rows: {(segment, mark.clip): mark for segment, mark in rows}
    ),
    st.dictionaries(texts, st.builds(Played, ranges, texts, moments, mores), max_size=4),
    st.dictionaries(texts, st.builds(Approval, texts, moments, st.booleans(), mores), max_size=3),
    mores,
)


def approved(n, clip=CLIP):
    """Return a change that approves one more segment."""
    mark = Mark(clip, Verdict.APPROVED, "Ana", NOW)
    return lambda review: replace(review, marks={**review.marks, (f"s{n}", clip): mark})


@settings(deadline=None)
@given(reviews)
def test_what_is_written_is_read_again(review):
    """Names in any script, notes with line breaks, fields of later versions."""
    content = render_review(review)
    assert parse_review(content, where="review.json") == review
    assert render_review(parse_review(content, where="")) == content


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
def test_merged_ranges_hold_the_same_milliseconds(pieces):
    """In order, apart from each other, none empty."""
    found = merged(pieces)
    held = {ms for start, end in pieces for ms in range(start, end)}
    assert {ms for start, end in found for ms in range(start, end)} == held
    assert all(start < end for start, end in found)
    assert all(a[1] < b[0] for a, b in pairwise(found))


def test_without_a_file_nothing_is_heard(tmp_path):
    """An episode of before has none."""
    assert read_review(tmp_path / REVIEW_NAME) == Review()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Expecting value"),
        (b"[]", "review is damaged"),
        (b'{"marks": []}', "no field 'version'"),
        (b'{"version": 2}', "version 2 is not known"),
        (b'{"version": 1, "marks": [{"segment": "a"}]}', "no field 'verdict'"),
        (b'{"version": 1, "marks": 7}', "not iterable"),
        (
            (
                b'{"version": 1, "marks": [{"segment": "a", "clip": "b", "verdict": "heard",'
                b' "by": "x", "at": "2026-03-02T08:30:00Z"}]}'
            ),
            "verdict cannot be 'heard'",
        ),
        (
            (
                b'{"version": 1, "played": [{"clip": "b", "ranges_ms": [[0, -1]], "by": "x",'
                b' "at": "2026-03-02T08:30:00Z"}]}'
            ),
            "ranges_ms cannot have -1",
        ),
        (
            b'{"version": 1, "approvals": [{"sound": "b", "by": "x", "at": "2026-03-02"}]}',
            "at has no time zone",
        ),
        (b'{"version": 1, "approvals": [{"sound": 1, "by": "x", "at": ""}]}', "sound cannot be 1"),
        (b"[" * 100_000, "damaged"),
    ],
)
def test_a_damaged_file_is_named_with_its_field(tmp_path, content, said):
    """Nothing counts as approved by it, and the error says what mends it."""
    path = tmp_path / REVIEW_NAME
    path.write_bytes(content)
    with pytest.raises(StoreError, match=said) as caught:
        read_review(path)
    assert caught.value.subject == str(path)
    assert "restore it from a backup" in caught.value.remedy


def test_a_change_leaves_what_it_does_not_know(tmp_path):
    """A later version may have written more, into the file and into its rows."""
    path = tmp_path / REVIEW_NAME
    row = {"segment": "a", "clip": CLIP, "verdict": "approved", "by": "Ana"}
    row |= {"at": "2026-03-02T08:30:00Z", "mood": "calm"}
    path.write_text(json.dumps({"version": 1, "marks": [row], "weather": ["fog"]}), "utf-8")
    change_review(path, tmp_path / "locks", approved(1))
    written = json.loads(path.read_bytes())
    assert written["weather"] == ["fog"]
    assert [mark.get("mood") for mark in written["marks"]] == ["calm", None]


def test_a_change_that_fails_or_changes_nothing_leaves_the_file(tmp_path):
    """Sync tools see no new time."""
    path = tmp_path / REVIEW_NAME
    change_review(path, tmp_path / "locks", approved(1))
    before = (path.stat().st_mtime_ns, path.read_bytes())
    change_review(path, tmp_path / "locks", lambda review: review)
    with pytest.raises(ZeroDivisionError):
        change_review(path, tmp_path / "locks", lambda _review: 1 // 0)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == [REVIEW_NAME]


MARKING = """
import sys
from pathlib import Path
from audiobrief.store.review import change_review
from tests.store.test_review import approved
for n in range(int(sys.argv[2]), int(sys.argv[2]) + 20):
    change_review(Path(sys.argv[1]) / "review.json", Path(sys.argv[1]) / "locks", approved(n))
"""


def test_processes_and_threads_lose_none_of_their_marks(tmp_path):
    """Two shells and a server with four threads mark at once."""
    shells = [
        subprocess.Popen([sys.executable, "-c", MARKING, str(tmp_path), str(first)])
        for first in (100, 200)
    ]
    with ThreadPoolExecutor(4) as pool:
        for n in range(40):
            pool.submit(change_review, tmp_path / REVIEW_NAME, tmp_path / "locks", approved(n))
    assert [shell.wait(60) for shell in shells] == [0, 0]
    assert len(read_review(tmp_path / REVIEW_NAME).marks) == 80


def test_a_build_that_sweeps_takes_no_file_from_under_a_change(tmp_path):
    """It removes the unfinished files of killed builds, also while somebody marks."""
    folder = tmp_path / "2026-03-02-ferry"
    folder.mkdir()

    def change(review):
        (folder / f".{REVIEW_NAME}.new").write_bytes(b"half")
        sweep_temporary(tmp_path)
        assert (folder / f".{REVIEW_NAME}.new").exists()
        return approved(1)(review)

    change_review(folder / REVIEW_NAME, tmp_path / "locks", change)
    assert len(read_review(folder / REVIEW_NAME).marks) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_at_every_file_operation_old_or_new_is_there(tmp_path, tmp_path_factory):
    """And the next change goes on from it."""
    env = dying_python(tmp_path_factory.mktemp("dying"), tmp_path)
    path, states = tmp_path / REVIEW_NAME, set()
    change_review(path, tmp_path / "locks", approved(0))
    for k in range(1, 10):
        before = len(read_review(path).marks)
        command = [sys.executable, "-c", MARKING.replace("+ 20", "+ 1"), str(tmp_path), str(k)]
        paths = f"{env['PYTHONPATH']}:."
        done = subprocess.run(
            command, env={**env, "PYTHONPATH": paths, "DIE_AT": str(k)}, check=False
        )
        states.add(done.returncode)
        assert len(read_review(path).marks) - before in {0, 1}
    assert states == {0, -signal.SIGKILL}


def test_a_mark_is_about_a_clip():
    """The same segment spoken otherwise is not heard, and the old mark comes back with its clip."""
    review = approved(1)(Review())
    assert review.marks["s1", CLIP].verdict is Verdict.APPROVED
    assert ("s1", "d" * 64) not in review.marks


def test_times_keep_their_milliseconds():
    """Of two approvals within a second, the later one is known."""
    late = NOW + timedelta(milliseconds=7)
    review = Review(approvals={"a" * 64: Approval("Ana", late)})
    assert parse_review(render_review(review), where="").approvals["a" * 64].at == late


def test_a_flipped_bit_approves_nothing(tmp_path):
    """A field's name with another letter in it would have been one of a later version."""
    path = tmp_path / REVIEW_NAME
    review = Review(approvals={CLIP: Approval("Ana", NOW, is_withdrawn=True)})
    path.write_bytes(render_review(review))
    path.write_bytes(path.read_bytes().replace(b"is_withdrawn", b"is_withdrawf"))
    assert read_review(path) == review


@pytest.mark.parametrize(
    ("damage", "says"),
    [((b"Ana", b"Ane"), "one bit flipped"), ((b"Ana", b"Bob"), "changed by hand")],
)
def test_what_has_become_of_a_file_is_told_once(tmp_path, damage, says):
    """A flipped bit is taken back, an edit is kept; the file is sealed anew."""
    path = tmp_path / REVIEW_NAME
    whole = render_review(Review(approvals={CLIP: Approval("Ana", NOW)}))
    path.write_bytes(whole.replace(*damage))
    assert says in mend_review(path, tmp_path)
    assert mend_review(path, tmp_path) == ""
    by = {approval.by for approval in read_review(path).approvals.values()}
    assert by == ({"Bob"} if damage[1] == b"Bob" else {"Ana"})
    assert (path.read_bytes() == whole) is (by == {"Ana"})


def test_without_a_file_nothing_is_told(tmp_path):
    """Nor is one made."""
    assert mend_review(tmp_path / REVIEW_NAME, tmp_path) == ""
    assert list(tmp_path.iterdir()) == []
