"""A folder as a target: links, rights, full disks."""

import ctypes
import os
import shutil
import subprocess
import sys

import pytest

from audiobrief.errors import LockedError, UploadError
from tests.upload.conftest import upload


@pytest.fixture
def www(tmp_path, folder_place):
    """Return the folder and its target."""
    return tmp_path / "srv" / "a pod", folder_place


def test_a_link_out_of_the_folder_is_not_followed(www, tmp_path):
    """Neither for a folder on the way nor for the file itself, nor when it is listed."""
    folder, place = www
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "key.html").write_bytes(b"private")
    folder.mkdir(parents=True)
    (folder / "a").symlink_to(tmp_path / "private")
    (folder / "index.html").symlink_to(tmp_path / "private" / "key.html")
    (folder / ".feed.xml.audiobrief-tmp").symlink_to(tmp_path / "private" / "key.html")
    with place.open() as target:
        assert target.listing() == {}
        for change in (
            lambda: target.send([upload("a/key.html")], print),
            lambda: target.delete(["a/key.html"]),
            lambda: target.read("a/key.html", 100),
        ):
            with pytest.raises(UploadError, match="a link stands"):
                change()
        target.send([upload("index.html", b"page"), upload("feed.xml", b"feed")], lambda _: None)
    assert (tmp_path / "private" / "key.html").read_bytes() == b"private"
    assert not (folder / "index.html").is_symlink()
    assert (folder / "feed.xml").read_bytes() == b"feed"


def test_a_name_that_is_no_name_is_a_mistake_of_ours(www):
    """The folder never leaves itself, whoever calls it."""
    _, place = www
    with place.open() as target:
        for name in ("../x", "/etc/passwd", "a/../../x", "-x", ""):
            with pytest.raises(ValueError, match="no name for a target"):
                target.send([upload(name)], lambda _: None)


def test_a_web_server_may_read_what_is_sent(www):
    """As the umask of who runs it says, whatever the rights of the source."""
    folder, place = www
    with place.open() as target:
        target.send([upload("a/index.html")], lambda _: None)
    mask = os.umask(0)
    os.umask(mask)
    assert (folder / "a" / "index.html").stat().st_mode & 0o777 == 0o666 & ~mask


def test_one_publisher_at_a_time_writes(www):
    """The second one is told at once; what it would have swept is the first one's."""
    _, place = www
    with place.open() as first, place.open() as second:
        first.send([upload("index.html")], lambda _: None)
        with pytest.raises(LockedError, match="another publisher"):
            second.send([upload("index.html")], lambda _: None)


def test_what_a_kill_has_left_is_swept(www):
    """Half a file has another name, and goes with the next change."""
    folder, place = www
    (folder / "a").mkdir(parents=True)
    half = folder / "a" / ".one.mp3.audiobrief-tmp"
    half.write_bytes(b"half")
    with place.open() as target:
        assert target.listing() == {}
        target.send([upload("index.html")], lambda _: None)
    assert not half.exists()


def test_a_source_that_shrinks_is_not_published(www, tmp_path):
    """What is announced in the feed with its length must have it."""
    folder, place = www
    (tmp_path / "sound").write_bytes(b"short")
    file = upload("a/one.mp3", b"long enough")
    file = type(file)(file.name, "audio/mpeg", "", file.size_bytes, tmp_path / "sound")
    with place.open() as target, pytest.raises(UploadError, match="has changed"):
        target.send([file], lambda _: None)
    assert list(folder.rglob("*mp3*")) == []


_WRITE = """
import sys
from pathlib import Path
from audiobrief.errors import AudiobriefError
from audiobrief.upload.address import parse_address
from audiobrief.upload.target import Upload
from audiobrief.upload.targets import open_target
try:
    with open_target(parse_address("folder:" + sys.argv[1], where=""), root=Path("/")) as target:
        target.listing()
        target.send([Upload("feed.xml", "", "", 3, b"new")], print)
except AudiobriefError as error:
    print(type(error).__name__, error)
"""


def _without_override():
    """Give up root's right to write where permissions forbid it (PR_CAPBSET_DROP)."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


@pytest.mark.skipif(os.name == "nt", reason="rights are others on Windows")
def test_missing_rights_are_told_by_name(www):
    """What is there stays as it is, and the remedy speaks of the folder."""
    folder, _ = www
    folder.mkdir(parents=True)
    (folder / "feed.xml").write_bytes(b"old")
    folder.chmod(0o555)
    said = subprocess.run(
        [sys.executable, "-c", _WRITE, str(folder)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=_without_override,
    ).stdout
    folder.chmod(0o755)
    assert "UploadError" in said
    assert "Permission denied" in said
    assert "let the user who runs audiobrief write there" in said
    assert (folder / "feed.xml").read_bytes() == b"old"


@pytest.fixture
def small_disk(tmp_path):
    """Return a disk of 64 kB, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.call(command, stderr=subprocess.DEVNULL):
        pytest.skip("mounting a small disk needs more rights")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_and_tears_nothing(small_disk):
    """The old file is whole, and no half one lies about."""
    from tests.upload.conftest import _below  # noqa: PLC0415 - a place of our own

    place = _below(small_disk, f"folder:{small_disk}")
    with place.open() as target:
        target.send([upload("feed.xml", b"old")], lambda _: None)
        with pytest.raises(UploadError, match="No space left on device") as caught:
            target.send([upload("feed.xml", b"x" * 200_000)], lambda _: None)
    assert "free some disk space" in caught.value.remedy
    assert place.files() == {"feed.xml": b"old"}
