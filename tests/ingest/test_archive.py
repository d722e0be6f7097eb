"""ZIP archives are read member by member, and refused whole when one of them means harm."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import SourceError
from audiobrief.ingest.archive import MAX_MEMBERS, MAX_RATIO, open_archive
from tests.ingest.books import pack


def refused(raw: bytes) -> str:
    with pytest.raises(SourceError) as caught, open_archive(io.BytesIO(raw), "a.epub"):
        pass
    assert caught.value.subject == "a.epub"
    assert caught.value.remedy
    return caught.value.problem


def member(name: str, content: bytes = b"text", **fields: int) -> bytes:
    stream = io.BytesIO()
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    for field, value in fields.items():
        setattr(info, field, value)
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(info, content)
    return stream.getvalue()


def test_members_are_read() -> None:
    """As they were packed."""
    with open_archive(io.BytesIO(pack({"a/b.txt": b"one", "c": b""})), "a.epub") as archive:
        assert archive.names == ("a/b.txt", "c")
        assert archive.read("a/b.txt") == b"one"
        assert "c" in archive
        assert "d" not in archive
        with pytest.raises(SourceError, match="has no d"):
            archive.read("d")


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/passwd", "C:\\x", "..\\x", "a/..", "\\x"]
)
def test_members_that_lead_out_are_refused(name: str) -> None:
    """Whichever way the slash leans."""
    raw = member(name.replace("\\", "/"))
    if "\\" in name:
        raw = raw.replace(name.replace("\\", "/").encode(), name.encode())
    assert "leads out" in refused(raw)


def test_links_are_refused() -> None:
    """They are not followed; nothing is unpacked anyway."""
    raw = member("x", b"/etc/passwd", create_system=3, external_attr=(stat.S_IFLNK | 0o777) << 16)
    assert "is a link" in refused(raw)


def test_encrypted_members_are_named() -> None:
    """The flag says it before any password is asked for."""
    raw = bytearray(member("secret.xhtml"))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    assert refused(bytes(raw)) == "secret.xhtml is encrypted"


def test_bombs_are_refused_unread() -> None:
    """By what the directory says; what it conceals is not read, either."""
    assert f"more than {MAX_RATIO} times" in refused(member("a", bytes(5_000_000)))


def test_a_directory_that_lies_gives_no_more_than_it_says() -> None:
    """The size in it bounds what is read."""
    content = bytes(5_000_000)
    raw = bytearray(member("a", content))
    packed = len(zlib.compress(content))
    assert packed < 10_000
    entry = raw.index(b"PK\x01\x02")
    struct.pack_into("<L", raw, entry + 24, 1000)
    with (
        open_archive(io.BytesIO(bytes(raw)), "a.epub") as archive,
        pytest.raises(SourceError, match="a is damaged"),
    ):
        archive.read("a")


def test_too_many_members_are_refused_before_they_are_listed() -> None:
    """A hundred thousand entries that all mean one member, and counters that say one."""
    raw = member("a")
    entry = raw[raw.index(b"PK\x01\x02") : raw.index(b"PK\x05\x06")]
    end = bytearray(raw[raw.index(b"PK\x05\x06") :])
    struct.pack_into("<L", end, 12, 100_000 * len(entry))
    crowd = raw[: raw.index(b"PK\x01\x02")] + 100_000 * entry + bytes(end)
    with zipfile.ZipFile(io.BytesIO(crowd)) as listed:
        assert len(listed.infolist()) == 100_000
    assert refused(crowd) == f"the archive has more than {MAX_MEMBERS:,} members"


def test_a_member_beyond_its_limit_is_refused() -> None:
    """After no more than the limit was read of it."""
    with open_archive(io.BytesIO(pack({"a": bytes(1000)})), "a.epub") as archive:
        assert len(archive.read("a", limit_bytes=1000)) == 1000
        with pytest.raises(SourceError, match="a is too large"):
            archive.read("a", limit_bytes=999)


@given(st.binary(max_size=300), st.integers(0, 10_000), st.integers(0, 255))
def test_damage_is_an_error_of_ours(noise: bytes, where: int, value: int) -> None:
    """Noise, and archives with one byte changed or their end cut off, raise nothing else."""
    good = bytearray(pack({"a": b"text" * 50, "b/c": b"more"}))
    cut = bytes(good[: where % len(good)])
    good[where % len(good)] = value
    for raw in (noise, b"PK\x03\x04" + noise, cut, bytes(good)):
        with suppress(SourceError), open_archive(io.BytesIO(raw), "a.epub") as archive:
            for name in archive.names:
                archive.read(name)
