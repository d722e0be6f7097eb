"""A sealed file tells of every bit that has changed, and takes it back; edits are edits."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiobrief.store.seal import SEAL, Condition, opened, sealed

DOCUMENT = '{\n "title": "Fähre",\n "state": "draft",\n "rows": [\n  1,\n  2\n ]\n}\n'.encode()


def test_a_seal_is_one_more_field():
    """What reads JSON reads the same, and the seal."""
    told = json.loads(sealed(DOCUMENT))
    assert told.pop(SEAL).startswith("crc32 ")
    assert told == json.loads(DOCUMENT)


def test_every_flipped_bit_is_taken_back():
    """Wherever it lies: in what the file says, in the seal, in a bracket."""
    whole = sealed(DOCUMENT)
    assert opened(whole).condition is Condition.INTACT
    for place in range(8 * len(whole)):
        content = bytearray(whole)
        content[place // 8] ^= 1 << place % 8
        found = opened(bytes(content))
        assert (found.content, found.condition) == (whole, Condition.MENDED)
        assert found.news


@given(st.binary(max_size=3000), st.data())
def test_a_flipped_bit_of_any_file_is_taken_back(body, data):
    """However long it is."""
    whole = sealed(body + b"\n}\n")
    place = data.draw(st.integers(0, 8 * len(whole) - 1))
    content = bytearray(whole)
    content[place // 8] ^= 1 << place % 8
    assert opened(bytes(content)).content == whole


@given(st.lists(st.integers(0, 8 * len(DOCUMENT) - 25), min_size=2, max_size=4, unique=True))
def test_two_flipped_bits_are_never_taken_for_one(places):
    """Nothing is mended without proof."""
    content = bytearray(sealed(DOCUMENT))
    for place in places:
        content[place // 8] ^= 1 << place % 8
    assert opened(bytes(content)) == opened(bytes(content))
    assert opened(bytes(content)).content == bytes(content)
    assert opened(bytes(content)).condition is Condition.EDITED


@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize("is_sorted", [True, False])
def test_what_a_script_writes_counts_as_what_it_says(indent, is_sorted):
    """Loaded, changed and dumped as JSON, in whatever shape."""
    told = json.loads(sealed(DOCUMENT))
    told["state"] = "approved"
    content = json.dumps(told, indent=indent, sort_keys=is_sorted).encode()
    found = opened(content)
    assert (found.content, found.condition) == (content, Condition.EDITED)
    assert "changed by hand" in found.news


def test_what_a_person_types_counts_as_what_it_says():
    """In an editor, which leaves the rest as it is."""
    content = sealed(DOCUMENT).replace(b"draft", b"approved")
    assert opened(content).condition is Condition.EDITED


@given(st.binary())
@example(b"")
@example(DOCUMENT)
def test_a_file_of_an_earlier_version_is_read_as_it_is(content):
    """Of what never had a seal nothing is said."""
    found = opened(content)
    assert (found.content, found.condition, found.news) == (content, Condition.UNSEALED, "")


@given(st.text())
@example('",\n "seal": "crc32 ')
def test_whatever_is_said_can_be_sealed(text):
    """Even what looks like a seal."""
    document = f"{{\n {json.dumps('x')}: {json.dumps(text)}\n}}\n".encode()
    assert opened(sealed(document)).condition is Condition.INTACT


def test_what_is_no_such_document_is_not_sealed():
    """Its seal could not be found again."""
    with pytest.raises(ValueError, match="closing brace"):
        sealed(b'{"a": 1}')
