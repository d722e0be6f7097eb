"""Files are whole or not there."""

import errno
import os

import pytest

from audiobrief.errors import StoreError
from audiobrief.store.files import (
    TEMPORARY_SUFFIX,
    atomic_write,
    make_lasting_folder,
    sweep_temporary,
    syncing,
    write_if_changed,
)


def test_a_written_file_holds_the_bytes_and_leaves_nothing_beside(tmp_path):
    """The temporary file takes the name of the real one."""
    atomic_write(tmp_path / "a.txt", b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a.txt": b"new"}


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
def test_a_fault_before_the_rename_keeps_the_old_file(tmp_path, monkeypatch, fault):
    """A disk that fails to sync costs the new state, never the old one."""
    path = tmp_path / "feed.xml"
    path.write_bytes(b"old")

    def fail(_handle):
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreError, match=os.strerror(fault)) as caught:
        atomic_write(path, b"new")
    assert caught.value.subject == str(path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"feed.xml": b"old"}


def test_the_same_bytes_do_not_touch_the_file(tmp_path):
    """An unchanged file keeps its time of change, on which sync tools rely."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"same")
    os.utime(path, ns=(1, 1))
    assert write_if_changed(path, b"same") is False
    assert path.stat().st_mtime_ns == 1
    assert write_if_changed(path, b"other") is True
    assert path.read_bytes() == b"other"


def test_a_missing_folder_is_an_error_with_its_path(tmp_path):
    """The error names what could not be written."""
    with pytest.raises(StoreError) as caught:
        atomic_write(tmp_path / "missing" / "a.txt", b"")
    assert str(tmp_path / "missing") in caught.value.subject


def test_sweeping_removes_only_unfinished_files(tmp_path):
    """Temporary files of a killed run go, also one folder down; everything else stays."""
    (tmp_path / "episode").mkdir()
    keep = [tmp_path / "a.txt", tmp_path / ".hidden", tmp_path / "episode" / "b.mp3"]
    drop = [tmp_path / f".x{TEMPORARY_SUFFIX}", tmp_path / "episode" / f".y{TEMPORARY_SUFFIX}"]
    for path in keep + drop:
        path.write_bytes(b"")
    sweep_temporary(tmp_path)
    assert [p.exists() for p in keep] == [True] * 3
    assert [p.exists() for p in drop] == [False] * 2


def test_a_fault_while_the_disk_takes_a_file_is_told(tmp_path, monkeypatch):
    """A system tells it once: whoever asks again hears that all is well."""
    path = tmp_path / "sound.mp3"
    path.write_bytes(b"sound")
    told = []

    def fail_once(_handle):
        if not told:
            told.append(errno.EIO)
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail_once)
    with (
        path.open("rb+") as stream,
        pytest.raises(StoreError, match=os.strerror(errno.EIO)) as caught,
        syncing(stream),
    ):
        stream.read()
    assert caught.value.subject == str(path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no handle for a folder and needs none")
def test_a_lasting_folder_is_synced_into_each_folder_above_that_is_new(tmp_path, monkeypatch):
    """From the top down; what was there already is not synced again."""
    synced = []
    fsync = os.fsync

    def note(handle):
        synced.append(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)
    make_lasting_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    assert synced == [tmp_path.stat().st_ino, (tmp_path / "a").stat().st_ino]
    make_lasting_folder(tmp_path / "a" / "b")
    assert len(synced) == 2
