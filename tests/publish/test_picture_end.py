"""What stands behind a picture is found, whatever the picture is like."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from audiobrief.errors import WorkspaceError
from audiobrief.publish.cover import load_cover
from audiobrief.publish.picture_end import picture_end


def _picture(kind, size=1400, **options):
    image = Image.effect_noise((size, size), 60).convert("RGB")
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


KINDS = {
    "jpeg": ("JPEG", {}),
    "progressive": ("JPEG", {"progressive": True}),
    "restarts": ("JPEG", {"restart_marker_rows": 1}),
    "thumbnail": ("JPEG", {"exif": b"Exif\0\0" + b"\xff\xd8\xff\xd9" * 9, "comment": b"\xff\xd9"}),
    "png": ("PNG", {}),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_picture_ends_where_its_file_does(name):
    """Restarts, several scans, and ends of other pictures in its head are no end."""
    kind, options = KINDS[name]
    content = _picture(kind, 64, **options)
    assert picture_end(content) == len(content)
    assert picture_end(content + b"PK\3\4 and more \xff\xd9") == len(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_cover_with_something_behind_it_is_refused(tmp_path, kind):
    """A page under a picture's name; zeros do no harm."""
    content = _picture(kind)
    path = tmp_path / "cover"
    path.write_bytes(content + bytes(512))
    assert load_cover(path).size_px == 1400
    path.write_bytes(content + b"<script>alert(1)</script>")
    with pytest.raises(WorkspaceError, match="behind the picture"):
        load_cover(path)


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n"]))
def test_any_bytes_have_an_end(content, start):
    """Within them."""
    assert 0 <= picture_end(start + content) <= len(start + content)
