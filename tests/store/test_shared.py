"""Every shared store gives back what was put, or nothing."""

import random
import string
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiobrief.errors import StoreError, WorkspaceError
from audiobrief.store.shared import open_store, require_name, sealed, unsealed
from tests.store.places import files_of, folder_place, keyed, named_by

NAME = keyed("clips", 1)
LETTERS = string.ascii_letters + string.digits
PART = st.builds(
    lambda first, rest: first + rest.replace("..", "--"),
    st.sampled_from(LETTERS),
    st.text(LETTERS + "._=+-", max_size=30),
)
NAMES = st.lists(PART, min_size=1, max_size=8).map("/".join)


def test_what_was_put_comes_back_and_the_first_one_stays(place):
    """Names are made of what is in them: a second put changes nothing."""
    store = place.open()
    assert (store.get(NAME), store.has(NAME)) == (None, False)
    store.put(NAME, b"sound")
    store.put(NAME, b"noise")
    assert (store.get(NAME), store.has(NAME)) == (b"sound", True)
    store.replace(NAME, b"other sound")
    assert place.open().get(NAME) == b"other sound"
    assert list(store.names("")) == list(store.names("clips/")) == [NAME]
    assert list(store.names("encoded/")) == []
    store.remove(NAME)
    store.remove(NAME)
    assert (store.get(NAME), list(store.names("")), store.damaged) == (None, [], [])


@given(name=NAMES, content=st.binary())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_name_and_content_comes_back_from_a_bucket(bucket, name, content):
    """Over the wire, with any name that is one."""
    store = bucket.open()
    store.replace(name, content)
    assert store.get(name) == content
    assert [entry.name for entry in store.entries("") if entry.name == name] == [name]
    store.remove(name)


@given(name=NAMES, content=st.binary())
@settings(max_examples=50, deadline=None)
def test_every_name_and_content_comes_back_from_a_folder(tmp_path_factory, name, content):
    """Through the file system, with any name that is one."""
    store = folder_place(tmp_path_factory.mktemp("place") / "shared").open()
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
        "a\n",
        "é",
        "a/" * 9,
    ],
)
def test_a_name_that_could_leave_the_store_is_refused(place, name):
    """It is a mistake of the program, whatever made it."""
    store = place.open()
    tries = (
        lambda: require_name(name),
        lambda: store.get(name),
        lambda: store.put(name, b""),
        lambda: store.remove(name),
    )
    for attempt in tries:
        with pytest.raises(ValueError, match="no name"):
            attempt()
    assert place.raw() == {}


@pytest.mark.parametrize("kind", ["folder_store", "bucket"])
def test_no_flipped_bit_is_silent(request, kind, tmp_path):
    """A hundred bits each at random places of blobs and files: all are found, the blobs gone."""
    place = request.getfixturevalue(kind)
    store = place.open()
    rng = random.Random(9)
    content = rng.randbytes(3000)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    silent = 0
    for n in range(100):
        is_file = n % 4 == 0
        name = named_by(content) if is_file else keyed("encoded", n)
        store.put_file(name, source) if is_file else store.put(name, content)
        ((path, blob),) = place.raw().items()
        damaged = bytearray(blob)
        bit = rng.randrange(len(blob) * 8)
        damaged[bit // 8] ^= 1 << bit % 8
        place.plant(path, bytes(damaged))
        if is_file:
            digest = sha256(content).hexdigest()
            silent += store.fetch_file(name, target, sha256=digest) or target.exists()
        else:
            silent += store.get(name) is not None
        assert place.raw() == {}
    assert (silent, len(store.damaged)) == (0, 100)


@given(st.binary(), st.integers(0, 40))
def test_a_cut_blob_and_one_of_another_name_are_damaged(content, length):
    """Whatever is left of it."""
    blob = sealed("clips/a", content)
    assert unsealed("clips/a", blob) == content
    assert unsealed("clips/b", blob) is None
    assert unsealed("clips/a", blob[: min(length, len(blob) - 1)]) is None


def test_a_blob_that_was_cut_off_is_replaced_by_the_next_put(place):
    """Nobody has to read it first."""
    store = place.open()
    store.put(NAME, b"sound")
    (path,) = place.raw()
    place.plant(path, b"")
    store.put(NAME, b"sound")
    assert store.get(NAME) == b"sound"


@pytest.mark.parametrize("size", [0, 1000, 8_000_000, 17_000_001])
def test_a_file_comes_back_and_nothing_is_left_beside(place, tmp_path, size):
    """A short one at once, a long one in parts."""
    content = random.Random(size).randbytes(size)
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(content)
    name, digest = named_by(content), sha256(content).hexdigest()
    store = place.open()
    assert not store.fetch_file(name, target, sha256=digest)
    store.put_file(name, source)
    store.put_file(name, source)
    assert store.fetch_file(name, target, sha256=digest)
    assert target.read_bytes() == content
    assert (store.get(name) == content, store.damaged) == (True, [])
    assert not [path for path in files_of(tmp_path) if path.name.startswith(".")]


def test_a_file_that_is_not_what_it_should_be_is_not_handed_over(place, tmp_path):
    """The target stays as it was."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"sound")
    target.write_bytes(b"before")
    store = place.open()
    store.put_file(named_by(b"sound"), source)
    assert not store.fetch_file(named_by(b"sound"), target, sha256="0" * 64)
    assert target.read_bytes() == b"before"


def test_a_file_that_is_not_there_is_not_the_fault_of_the_store(place, tmp_path):
    """The error names the file."""
    with pytest.raises(StoreError) as caught:
        place.open().put_file(named_by(b"x"), tmp_path / "absent")
    assert caught.value.subject == str(tmp_path / "absent")
    assert type(caught.value) is StoreError


def test_sixteen_writers_of_one_name_leave_one_whole_blob(place):
    """Each puts something else, as no program of ours does; the store has one of them whole."""
    store = place.open()
    contents = [bytes([n]) * 50_000 for n in range(16)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda content: store.put(NAME, content), contents))
    assert store.get(NAME) in contents
    assert (len(place.raw()), store.damaged) == (1, [])


@pytest.mark.parametrize(
    "address",
    ["relative/folder", "", "http://host.example/x", "ftp://x/y", "s3://", "s3://key:secret@pod/a"],
)
def test_an_address_that_is_no_store_is_refused(address):
    """With what can be written, and without what may be a secret."""
    with pytest.raises(WorkspaceError) as caught:
        open_store(address)
    assert "secret" not in str(caught.value)
