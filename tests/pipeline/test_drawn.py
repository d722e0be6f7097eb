"""Covers that were drawn beside the sound wait for the release, which decides whose there are."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.pipeline.drawn import DrawnCovers, FirstPage
from audiobrief.pipeline.job import PERFORM

PICTURE = b"a picture"
DIGEST = sha256(PICTURE).hexdigest()


@pytest.fixture
def drawn(tmp_path):
    """Return covers, one of them drawn."""
    covers = DrawnCovers(tmp_path / "drawn")
    covers.place_for("ferry", "cover-01234567.jpg", DIGEST).write_bytes(PICTURE)
    return covers


def test_a_cover_is_taken_once(drawn, tmp_path):
    """By its episode and its name; then nothing of it is left."""
    assert drawn.take("ferry", "cover-76543210.jpg") is None
    assert drawn.take("tram", "cover-01234567.jpg") is None
    assert drawn.take("ferry", "cover-01234567.jpg") == PICTURE
    assert drawn.take("ferry", "cover-01234567.jpg") is None
    assert list((tmp_path / "drawn").iterdir()) == []


def test_one_picture_may_be_that_of_two_names(drawn):
    """Whoever comes second is told that there is none, and draws it."""
    drawn.place_for("tram", "cover-01234567.jpg", DIGEST)
    assert drawn.take("tram", "cover-01234567.jpg") == PICTURE
    assert drawn.take("ferry", "cover-01234567.jpg") is None


def test_what_has_changed_since_is_no_cover(drawn, tmp_path):
    """It is drawn again instead."""
    (tmp_path / "drawn" / DIGEST).write_bytes(b"another one")
    assert drawn.take("ferry", "cover-01234567.jpg") is None


def test_what_an_earlier_run_has_left_is_no_cover(drawn, tmp_path):
    """What was drawn counts for its run alone; and all of it goes at the end."""
    later = DrawnCovers(tmp_path / "drawn")
    assert later.take("ferry", "cover-01234567.jpg") is None
    later.close()
    assert not (tmp_path / "drawn").exists()
    later.close()


@given(
    st.lists(st.integers(0, 9), max_size=6, unique=True),
    st.lists(st.integers(0, 9), max_size=9),
    st.integers(1, 5),
)
def test_the_first_page_has_the_newest(known, more, most):
    """Whatever comes in which order: an episode has room if it is among the newest so far."""

    def row(number):
        # Two of one date are told apart by their GUIDs.
        return datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=number // 2), f"guid {number}"

    page = FirstPage(map(row, known), most)
    seen = set(known)
    for number in more:
        seen.add(number)
        newest = sorted(seen, key=row)[-most:]
        assert page.takes(*row(number)) is (number in newest)


def test_a_worker_starts_without_what_reads_and_plans_articles():
    """It is told what was decided: to import all that takes four times as long as the rest."""
    module = PERFORM.partition(":")[0]
    rooms = ("ingest", "script", "brief", "text", "workspace")
    names = tuple(f"audiobrief.{room}" for room in rooms)
    code = f"import sys, {module}; print([n for n in sys.modules if n.startswith({names})])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
