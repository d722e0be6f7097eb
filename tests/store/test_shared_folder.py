"""A shared store in a folder: files that move, drives that are not there, what is left behind."""

import errno
import os
from hashlib import sha256

import pytest

from audiobrief.errors import SharedStoreError, StoreError
from audiobrief.store import shared_folder
from audiobrief.store.shared import open_store
from tests.store.places import files_of, keyed, named_by

NAME = keyed("clips", 1)


@pytest.fixture
def folder(folder_store, tmp_path):
    """The folder of a store."""
    return tmp_path / "shared"


@pytest.fixture
def store(folder_store):
    """A store in a folder."""
    return folder_store.open()


@pytest.mark.parametrize("spare", [False, True])
@pytest.mark.parametrize("last", [False, True])
def test_a_file_is_moved_where_nobody_needs_it_any_more(store, folder, tmp_path, spare, last):
    """Into the store and out of it."""
    content = bytes(range(256)) * 5000
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    node = source.stat().st_ino
    name, digest = named_by(content), sha256(content).hexdigest()
    store.put_file(name, source, spare=spare)
    assert source.exists() is not spare
    assert store.fetch_file(name, target, sha256=digest, last=last)
    assert target.read_bytes() == content
    assert store.has(name) is not last
    assert (target.stat().st_ino == node) is (spare and last)


@pytest.mark.parametrize("spare", [False, True])
def test_a_file_goes_to_another_drive_and_back(store, tmp_path, monkeypatch, spare):
    """Where it cannot be renamed, it is copied."""
    content = b"sound" * 1000
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    name, digest = named_by(content), sha256(content).hexdigest()
    rename = shared_folder.Path.replace

    def refuse(path, to):
        if path.parent != shared_folder.Path(to).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(path, to)

    monkeypatch.setattr(shared_folder.Path, "replace", refuse)
    store.put_file(name, source, spare=spare)
    assert store.fetch_file(name, target, sha256=digest, last=True)
    assert (target.read_bytes(), store.has(name)) == (content, False)


def test_a_drive_that_is_not_mounted_is_an_error_and_is_not_made(tmp_path):
    """Otherwise what is meant for all machines would lie on the disk of one."""
    absent = tmp_path / "absent"
    store = open_store(str(absent))
    source = tmp_path / "source"
    source.write_bytes(b"sound")
    tries = [
        lambda: store.get(NAME),
        lambda: store.put(NAME, b""),
        lambda: store.replace(NAME, b""),
        lambda: store.has(NAME),
        lambda: list(store.names("")),
        lambda: store.put_file(named_by(b"sound"), source),
        lambda: store.put_file(named_by(b"sound"), source, spare=True),
        lambda: store.fetch_file(named_by(b"sound"), tmp_path / "t", sha256="0" * 64),
        store.sweep,
    ]
    for attempt in tries:
        with pytest.raises(SharedStoreError) as caught:
            attempt()
        assert str(absent) in caught.value.subject
    assert (absent.exists(), source.read_bytes()) == (False, b"sound")


def test_what_stands_in_the_way_is_named(store, folder, tmp_path):
    """A file where a folder should be; a target that cannot be written is not the store's fault."""
    (folder / "clips").write_bytes(b"")
    with pytest.raises(SharedStoreError) as caught:
        store.put(NAME, b"sound")
    assert str(folder / "clips") in caught.value.subject
    (tmp_path / "source").write_bytes(b"sound")
    store.put_file(named_by(b"sound"), tmp_path / "source")
    digest = sha256(b"sound").hexdigest()
    with pytest.raises(StoreError) as other:
        store.fetch_file(named_by(b"sound"), tmp_path / "no" / "target", sha256=digest)
    assert type(other.value) is StoreError


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EDQUOT, "free some space"),
        (errno.EACCES, "let this user"),
        (errno.EROFS, "let this user"),
        (errno.EIO, "check the drive"),
    ],
)
def test_a_full_or_closed_drive_is_told_and_leaves_nothing_behind(
    store, folder, monkeypatch, number, remedy
):
    """What was there before stays; the error says what mends it."""
    store.put(NAME, b"sound")
    before = files_of(folder)

    def fail(path, blob):
        path.write_bytes(blob[:1])
        raise OSError(number, os.strerror(number), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(shared_folder, "write_new", fail)
        with pytest.raises(SharedStoreError, match=os.strerror(number)) as caught:
            store.replace(NAME, b"other")
    assert remedy in caught.value.remedy
    assert (files_of(folder), store.get(NAME)) == (before, b"sound")


def test_unfinished_files_of_others_are_swept_when_they_are_old(store, folder):
    """A young one may be in the making on another machine."""
    store.put(NAME, b"sound")
    parent = files_of(folder)[0].parent
    young, old = parent / ".x.host-1-aa.part", parent / ".x.host-2-bb.part"
    for path in (young, old):
        path.write_bytes(b"half")
    facts = old.stat()
    os.utime(old, (facts.st_mtime - 100_000,) * 2)
    assert list(store.names("")) == [NAME]
    assert store.sweep() == 1
    assert (young.exists(), old.exists(), store.get(NAME)) == (True, False, b"sound")


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.get(NAME),
        lambda store: store.has(NAME),
        lambda store: store.put(NAME, b"sound"),
    ],
)
def test_a_blob_that_is_used_counts_as_used_once_a_day(store, folder, use):
    """What was not used for longest goes first, when there is too much."""
    store.put(NAME, b"sound")
    (path,) = files_of(folder)
    put_s = path.stat().st_mtime
    for age_s, is_marked in ((3_600, False), (200_000, True)):
        os.utime(path, (put_s - age_s,) * 2)
        use(store)
        assert (path.stat().st_mtime > put_s - 60) is is_marked
