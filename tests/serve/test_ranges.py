"""The parser of ranges, on headers that nobody has thought of."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from audiobrief.serve.ranges import MOST_PARTS, Selection, select

NUMBERS = st.integers(0, 300).map(str) | st.sampled_from(["", "00", "9" * 23, "-1", "x"])
SPECS = st.tuples(NUMBERS, NUMBERS).map("-".join)
HEADERS = st.lists(SPECS, max_size=60).map(lambda specs: f"bytes={','.join(specs)}")


@given(HEADERS | st.text(max_size=80), st.integers(0, 250))
def test_what_is_selected_lies_in_the_file_and_no_byte_is_selected_twice(header, size):
    """Whatever the header: bounded, in the file, apart from one another."""
    found = select(header, size)
    if isinstance(found, Selection):
        return
    assert 0 < len(found) <= MOST_PARTS
    assert all(0 <= start < end <= size for start, end in found)
    ordered = sorted(found)
    for (_, end), (start, _) in pairwise(ordered):
        assert end < start or len(found) == header.count(",") + 1


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 120)), min_size=1, max_size=8))
def test_exactly_the_bytes_that_were_asked_for_are_selected(wanted):
    """Compared with a set of places, for ranges that are well formed."""
    wanted = [(start, start + more) for start, more in wanted]
    header = "bytes=" + ", ".join(f"{start}-{last}" for start, last in wanted)
    found = select(header, 100)
    assert not isinstance(found, Selection)
    places = {place for start, end in found for place in range(start, end)}
    assert places == {p for start, last in wanted for p in range(start, min(last + 1, 100))}


@given(st.text(alphabet="0123456789-, =bytesBYTES", max_size=30))
def test_what_is_no_list_of_ranges_is_ignored(header):
    """Held against the grammar of RFC 9110, 14.1.1."""
    spec = r"(?:[0-9]+-[0-9]*|-[0-9]+)"
    grammar = rf"(?i:bytes)=(?:[ ]*,)*[ ]*{spec}(?:[ ]*,(?:[ ]*{spec})?)*[ ]*"
    if re.fullmatch(grammar, header.strip()) is None and " =" not in header:
        assert select(header, 10) is Selection.WHOLE
