"""A shared store in a folder gives back what was put, or nothing."""

import os
import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.errors import SharedStoreError, StoreError, WorkspaceError
from audiobrief.store.shared import open_store, require_name, sealed, unsealed
from tests.store.stores import files_of, keyed, named_by

NAME = keyed("clips", 1)


@pytest.fixture
def folder(tmp_path):
    """The folder of a store."""
    path = tmp_path / "shared"
    path.mkdir()
    return path


@pytest.fixture
def store(folder):
    """A store in a folder."""
    return open_store(str(folder))


def test_what_was_put_comes_back_and_the_first_one_stays(store):
    """Names are made of what is in them: a second put changes nothing."""
    assert (store.get(NAME), store.has(NAME)) == (None, False)
    store.put(NAME, b"sound")
    store.put(NAME, b"noise")
    assert (store.get(NAME), store.has(NAME)) == (b"sound", True)
    store.replace(NAME, b"other sound")
    assert store.get(NAME) == b"other sound"
    assert list(store.names("")) == list(store.names("clips/")) == [NAME]
    assert list(store.names("encoded/")) == []
    store.remove(NAME)
    store.remove(NAME)
    assert (store.get(NAME), list(store.names("")), store.damaged) == (None, [], [])


@given(
    st.from_regex(r"[a-z]{1,8}(/[A-Za-z0-9][A-Za-z0-9._-]{0,20}){1,3}", fullmatch=True), st.binary()
)
def test_every_name_and_content_comes_back(tmp_path_factory, name, content):
    """Through the file system, with any name that is one."""
    if ".." in name:
        name = name.replace("..", "--")
    folder = tmp_path_factory.mktemp("shared")
    store = open_store(str(folder))
    store.put(name, content)
    assert store.get(name) == content
    assert [entry.name for entry in store.entries("")] == [name]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../out",
        "a/../b",
        "a//b",
        "a/.hidden",
        "a b",
        "a\\b",
        "a\nb",
        "é",
        "a/" * 9 + "a",
    ],
)
def test_a_name_that_could_leave_the_store_is_refused(store, name):
    """It is a mistake of the program, whatever made it."""
    with pytest.raises(ValueError, match="no name"):
        require_name(name)
    with pytest.raises(ValueError, match="no name"):
        store.get(name)


def test_no_flipped_bit_is_silent(store, folder):
    """Two hundred bits at random places of blobs and files: each is found, and the blob is gone."""
    rng = random.Random(9)
    content = rng.randbytes(3000)
    digest = sha256(content).hexdigest()
    source = folder.parent / "source"
    source.write_bytes(content)
    target = folder.parent / "target"
    silent = 0
    for n in range(200):
        is_file = n % 2 == 0
        name = named_by(content) if is_file else keyed("encoded", n)
        store.put_file(name, source) if is_file else store.put(name, content)
        (path,) = files_of(folder)
        blob = bytearray(path.read_bytes())
        place = rng.randrange(len(blob) * 8)
        blob[place // 8] ^= 1 << place % 8
        path.write_bytes(bytes(blob))
        if is_file:
            silent += store.fetch_file(name, target, sha256=digest)
            assert not target.exists()
        else:
            silent += store.get(name) is not None
        assert files_of(folder) == []
    assert (silent, len(store.damaged)) == (0, 200)


@given(st.binary(), st.integers(0, 40))
def test_a_cut_blob_and_one_of_another_name_are_damaged(content, length):
    """Whatever is left of it."""
    blob = sealed("clips/a", content)
    assert unsealed("clips/a", blob) == content
    assert unsealed("clips/b", blob) is None
    assert unsealed("clips/a", blob[: min(length, len(blob) - 1)]) is None


def test_a_blob_that_a_power_cut_has_torn_is_replaced_by_the_next_put(store, folder):
    """Nobody has to read it first."""
    store.put(NAME, b"sound")
    (path,) = files_of(folder)
    path.write_bytes(b"")
    store.put(NAME, b"sound")
    assert store.get(NAME) == b"sound"


@pytest.mark.parametrize("spare", [False, True])
@pytest.mark.parametrize("last", [False, True])
def test_a_file_comes_back_and_nothing_is_left_beside(store, folder, tmp_path, spare, last):
    """Copied or moved, on both ways."""
    content = bytes(range(256)) * 5000
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    name, digest = named_by(content), sha256(content).hexdigest()
    assert not store.fetch_file(name, target, sha256=digest)
    store.put_file(name, source, spare=spare)
    assert source.exists() is not spare
    assert store.get(name) == content
    assert store.fetch_file(name, target, sha256=digest, last=last)
    assert target.read_bytes() == content
    assert store.has(name) is not last
    assert not [path for path in files_of(tmp_path) if path.name.startswith(".")]


def test_a_file_that_is_not_what_it_should_be_is_not_handed_over(store, tmp_path):
    """The target stays as it was."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"sound")
    target.write_bytes(b"before")
    store.put_file(named_by(b"sound"), source)
    assert not store.fetch_file(named_by(b"sound"), target, sha256="0" * 64)
    assert target.read_bytes() == b"before"


def test_a_drive_that_is_not_mounted_is_an_error_and_is_not_made(tmp_path):
    """Otherwise what is meant for all machines would lie on the disk of one."""
    store = open_store(str(tmp_path / "absent"))
    source = tmp_path / "source"
    source.write_bytes(b"sound")
    tries = [
        lambda: store.get(NAME),
        lambda: store.put(NAME, b""),
        lambda: store.has(NAME),
        lambda: list(store.names("")),
        lambda: store.put_file(named_by(b"sound"), source),
        lambda: store.fetch_file(named_by(b"sound"), tmp_path / "t", sha256="0" * 64),
        store.sweep,
    ]
    for attempt in tries:
        with pytest.raises(SharedStoreError) as caught:
            attempt()
        assert str(tmp_path / "absent") in caught.value.subject
    assert not (tmp_path / "absent").exists()


def test_what_stands_in_the_way_is_named(store, folder, tmp_path):
    """A file where a folder should be; a target that cannot be written is not the store's fault."""
    (folder / "clips").write_bytes(b"")
    with pytest.raises(SharedStoreError) as caught:
        store.put(NAME, b"sound")
    assert str(folder / "clips") in caught.value.subject
    (tmp_path / "source").write_bytes(b"sound")
    store.put_file(named_by(b"sound"), tmp_path / "source")
    digest = sha256(b"sound").hexdigest()
    with pytest.raises(StoreError) as caught:
        store.fetch_file(named_by(b"sound"), tmp_path / "no" / "target", sha256=digest)
    assert not isinstance(caught.value, SharedStoreError)


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


def test_a_blob_that_is_used_counts_as_used_once_a_day(store, folder):
    """What was not used for longest goes first, when there is too much."""
    store.put(NAME, b"sound")
    (path,) = files_of(folder)
    put_s = path.stat().st_mtime
    for age_s, is_marked in ((3_600, False), (200_000, True)):
        os.utime(path, (put_s - age_s,) * 2)
        store.get(NAME)
        assert (path.stat().st_mtime > put_s - 60) is is_marked


@pytest.mark.parametrize("address", ["relative/folder", "", "http://host.example/x", "ftp://x/y"])
def test_an_address_that_is_no_store_is_refused(address):
    """With what can be written."""
    with pytest.raises(WorkspaceError, match="no shared store"):
        open_store(address)
