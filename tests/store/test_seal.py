"""A sealed file tells of every bit that has changed."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from audiobrief.errors import StoreError
from audiobrief.store.seal import SEAL, is_intact, require_intact, sealed

DOCUMENT = '{\n "title": "Fähre",\n "rows": [\n  1,\n  2\n ]\n}\n'.encode()


def test_a_seal_is_one_more_field():
    """What reads JSON reads the same, and the seal."""
    told = json.loads(sealed(DOCUMENT))
    assert len(told.pop(SEAL)) == 64
    assert told == json.loads(DOCUMENT)


def test_every_flipped_bit_is_noticed():
    """Of what the file says; one in the seal itself may cost the seal alone."""
    whole = sealed(DOCUMENT)
    end = whole.index(f',\n "{SEAL}"'.encode())
    for place in range(8 * len(whole)):
        content = bytearray(whole)
        content[place // 8] ^= 1 << place % 8
        assert bytes(content[:end]) == whole[:end] or not is_intact(bytes(content))


@given(st.text())
@example('",\n "sha256_of_the_rest": "')
def test_whatever_is_said_can_be_sealed(text):
    """Even what looks like a seal."""
    document = f"{{\n {json.dumps('x')}: {json.dumps(text)}\n}}\n".encode()
    assert is_intact(sealed(document))
    assert is_intact(document)


def test_what_is_no_such_document_is_not_sealed():
    """Its seal could not be found again."""
    with pytest.raises(ValueError, match="closing brace"):
        sealed(b'{"a": 1}')


def test_damage_is_told_with_what_mends_it():
    """And with what somebody does who has changed it by hand."""
    content = sealed(DOCUMENT).replace(b"title", b"titlf")
    with pytest.raises(StoreError, match="the file is damaged") as caught:
        require_intact(content, "the file", "x.json", remedy="restore it")
    assert caught.value.subject == "x.json"
    assert "restore it" in caught.value.remedy
    assert SEAL in caught.value.remedy
    require_intact(
        content.replace(content[content.index(b',\n "sha') :], b"\n}\n"), "x", "", remedy=""
    )
