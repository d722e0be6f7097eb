"""What was changed in a script: kept whole, counted, and taken back in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import StoreError
from audiobrief.model.change import Change, Hunk
from audiobrief.store.history import (
    append,
    became,
    can_undo,
    effective,
    last_change,
    literal_keys,
    next_number,
    read_history,
    standing_changes,
    versions_of,
)

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
rows = st.lists(texts, max_size=3).map(tuple)
hunks = st.builds(Hunk, st.integers(0, 999), rows, rows, texts, texts)
changes = st.builds(
    Change,
    number=st.integers(1, 99),
    at=st.datetimes(timezones=st.just(UTC)).map(lambda t: t.replace(microsecond=0)),
    by=texts,
    what=texts,
    segments_before=rows,
    segments_after=rows,
    lines_before=rows,
    lines_after=rows,
    hunks=st.lists(hunks, max_size=2).map(tuple),
    file_before=texts,
    file_after=texts,
    undoes=st.none() | st.integers(1, 99),
)


def change(number, before, after, *, undoes=None):
    ids = (tuple(before.split()), tuple(after.split()))
    return Change(number, MOMENT, "ana", "reword", *ids, *ids, undoes=undoes)


@given(st.lists(changes, max_size=4))
def test_changes_are_read_as_they_were_written(tmp_path_factory, history):
    """Whatever people have typed."""
    path = tmp_path_factory.mktemp("history") / "history.json"
    written = ()
    for one in history:
        written = append(path, written, one)
    assert read_history(path) == tuple(history)


def test_so_many_changes_are_kept_and_numbers_go_on(tmp_path):
    """The oldest are forgotten."""
    path, many = tmp_path / "history.json", tuple(change(n, "a", "b") for n in range(1, 1001))
    history = append(path, many, change(1001, "b", "c"))
    assert (len(history), history[0].number, next_number(history)) == (1000, 2, 1002)
    assert read_history(path) == history


@pytest.mark.parametrize(
    "content",
    ["", "{}", "[]", '{"changes": 1}', '{"changes": [{"number": 1}]}', "[" * 100_000, "\x00"],
)
def test_a_damaged_history_is_told_with_its_file(tmp_path, content):
    """And what is lost without it."""
    path = tmp_path / "history.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        read_history(path)
    assert (caught.value.subject, "only undo is lost" in caught.value.remedy) == (str(path), True)


def test_a_change_that_a_kill_has_kept_from_the_script_has_not_happened():
    """Told by the digest of the file: it is still the one of before."""
    one = replace(change(1, "a", "b"), file_before="x", file_after="y")
    assert effective((one,), "x") == ()
    assert effective((one,), "y") == effective((one,), "rebuilt since") == (one,)
    assert effective((), "x") == ()


def test_versions_follow_a_segment_through_its_changes():
    """A part counts the changes of the whole; what was taken back does not count."""
    history = (change(1, "a", "b"), change(2, "b", "c d"), change(3, "x", "y"))
    assert [versions_of(history, name) for name in "abcdxyz"] == [1, 2, 3, 3, 1, 2, 1]
    assert last_change(history, "d") == history[1]
    undone = (*history, change(4, "c d", "b", undoes=2))
    assert [versions_of(undone, name) for name in "bc"] == [2, 1]
    assert (last_change(undone, "b"), can_undo(undone, "a")) == (history[0], False)
    assert standing_changes(undone) == (history[0], history[2])


def test_what_was_left_out_can_be_asked_for_and_is_no_version_of_anything():
    """By the id that it had."""
    history = (change(1, "a", "b"), change(2, "b", ""))
    assert last_change(history, "b") == history[1]
    assert not can_undo(history, "b")


def test_what_a_segment_has_become():
    """Through all changes, undone ones too."""
    history = (change(1, "a", "b"), change(2, "b", "c d"))
    assert became(history, "a") == became(history, "b") == ("c", "d")
    assert became(history, "c") is None
    assert became((*history, change(3, "c d", "b", undoes=2)), "a") == ("b",)
    assert became((*history, change(3, "c d", "b", undoes=2)), "b") is None


def test_the_number_of_a_repeat_is_no_part_of_what_was_typed():
    """The words are."""
    assert literal_keys((change(1, "a", "b-2 c"),)) == {"b", "c"}
