"""Covers that tell whether they are what was drawn."""

from io import BytesIO

import pytest
from PIL import Image

from audiobrief.publish.cover import draw_cover, draw_episode_cover
from audiobrief.publish.cover_seal import SEAL_BYTES, is_intact, sealed


def test_every_bit_of_a_sealed_picture_is_held_against_its_seal():
    """The bits of the seal, too; and it is a picture for everybody else."""
    plain = BytesIO()
    Image.new("RGB", (16, 16), (10, 90, 160)).save(plain, "JPEG")
    whole = sealed(plain.getvalue())
    assert len(whole) == len(plain.getvalue()) + SEAL_BYTES
    assert is_intact(whole)
    assert is_intact(plain.getvalue())
    for place in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            assert not is_intact(bytes(changed)), (place, bit)
    opened, before = Image.open(BytesIO(whole)), Image.open(plain)
    assert opened.tobytes() == before.tobytes()


@pytest.mark.parametrize("content", [b"", b"\xff\xd8", bytes(range(90))])
def test_what_has_no_seal_is_not_judged(content):
    """Covers of earlier versions, and pictures of the user's."""
    assert is_intact(content)


def test_drawn_covers_are_sealed():
    """The show's and an episode's."""
    for content in (draw_cover("Brief", "Ada"), draw_episode_cover("Brief", "Ferry")):
        assert is_intact(content)
        assert not is_intact(content[:-1] + b"\x00")
