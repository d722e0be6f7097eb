"""Orders cross borders as plain JSON: they come back equal, and nothing else is ever made of it."""

import json
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from types import UnionType
from typing import Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.model.codec import Codec, CodecError
from audiobrief.model.job import EpisodeJob, JobManifest
from audiobrief.pipeline.order import CODEC, Parcel, Sealed, key_of
from audiobrief.pipeline.workshop import Slot

TEXT = st.text(st.characters(exclude_categories=()), max_size=12)
DIGEST = st.text("0123456789abcdef", min_size=64, max_size=64)
SLOW = settings(
    max_examples=40,
    deadline=None,
    # What fails is large: to make it small takes minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def values_of(hint):  # noqa: PLR0911 - one for each kind
    """Return a strategy for what an annotation says."""
    plain = {
        str: TEXT,
        int: st.integers(-(2**40), 2**40),
        float: st.floats(allow_nan=False),
        bool: st.booleans(),
        bytes: st.binary(max_size=20),
        datetime: st.datetimes(timezones=st.just(UTC)),
        date: st.dates(),
        type(None): st.none(),
    }
    if hint in plain:
        return plain[hint]
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of(*map(values_of, inner))
    if origin is tuple and inner[1:] == (...,):
        return st.lists(values_of(inner[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values_of, inner))
    if origin is not None:
        return st.dictionaries(*map(values_of, inner), max_size=2)
    if is_dataclass(hint):
        return made(hint)
    return st.sampled_from(hint)


@st.composite
def made(draw, kind):
    """Return a value of a class of the model, whatever its fields may hold."""
    values = {name: draw(values_of(hint)) for name, hint in CODEC._hints_of(kind).items()}
    if kind is Article:
        values["headline"] = "Ferry returns"
        values["blocks"] = (*values["blocks"], Block(BlockKind.PARAGRAPH, "It runs again."))
    if kind is Slot:
        values["before"] = None
    values |= {"confidence": 0.5} if "confidence" in values else {}
    if kind.__name__ == "LedgerRow":
        values["reason"] = None if values["segments"] else "page furniture"
    return kind(**values)


@SLOW
@given(made(Sealed))
def test_an_order_comes_back_equal(sealed):
    """With every class that it can hold; equal orders are equal bytes, and have one key."""
    content = CODEC.encode(sealed)
    back = CODEC.decode(content, Sealed)
    assert back == sealed
    assert CODEC.encode(back) == content
    assert key_of(back) == key_of(sealed)


@SLOW
@given(made(Parcel))
def test_what_was_made_comes_back_equal(parcel):
    """Files and figures included."""
    assert CODEC.decode(CODEC.encode(parcel), Parcel) == parcel


def test_every_class_of_the_list_is_of_use():
    """None is in it that neither an order nor a parcel can hold."""
    seen, left = set(), [Sealed, Parcel]
    while left:
        hint = left.pop()
        left += get_args(hint)
        if isinstance(hint, type) and hint not in seen:
            seen.add(hint)
            left += CODEC._hints_of(hint).values() if is_dataclass(hint) else ()
    assert set(CODEC._classes.values()) == seen & set(CODEC._classes.values())


@SLOW
@given(made(Sealed), st.data())
def test_where_files_lie_is_no_part_of_the_key(sealed, data):
    """Two machines give one order the same key; what is in the files changes it."""
    recipe = sealed.order.recipe
    voices = {name: replace(v, folder=data.draw(TEXT)) for name, v in recipe.voices.items()}
    music = replace(recipe.music, intro=data.draw(TEXT))
    order = replace(sealed.order, recipe=replace(recipe, voices=voices, music=music))
    assert key_of(replace(sealed, order=order)) == key_of(sealed)
    assert key_of(replace(sealed, music=(*sealed.music, "0"))) != key_of(sealed)


def test_only_classes_of_the_list_are_made():
    """Whatever else is named, by whatever name."""
    for name in ("Path", "Popen", "os.system", "Exception", "Sealed.__init__", "", None, 5, []):
        content = json.dumps({"$": name, "v": "x", "args": ["x"]}).encode()
        with pytest.raises(CodecError, match="no class of the model"):
            CODEC.decode(content, Sealed)


class _Tempting:
    """Would do something if it were made of a pickle."""

    def __reduce__(self):
        return print, ("made",)


def test_what_is_no_value_of_the_model_is_not_sent():
    """A class that is not in the list, a list where a tuple belongs, an enumeration of others."""
    for value in (_Tempting(), [1], {1, 2}, object, _Tempting):
        with pytest.raises(CodecError, match="no class of the model"):
            CODEC.encode(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["$", "v", "order", "recipe", "guid", "segments"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_hostile_bytes_are_refused(content):
    """By an error of ours, whatever they are."""
    with pytest.raises(CodecError):
        CODEC.decode(content, Sealed)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"$":"float","v":"1e999"}',
        b'{"$":"bytes","v":"?"}',
        b'{"$":"datetime","v":"yesterday"}',
        b'{"$":"map","v":[[{"$":"map","v":[]},1]]}',
        b'{"$":"State","v":"ready"}',
        b'{"$":"map"}',
        b"1" * 5_000,
        b'{"$":"Slot","guid":"g","directory":5,"published":null,"before":null}',
        b'{"$":"Slot","guid":"g"}',
    ],
)
def test_broken_values_are_refused(content):
    """Too deep, of no number, of no date, not hashable, of another type."""
    with pytest.raises(CodecError):
        CODEC.decode(content, Slot)


@SLOW
@given(made(Sealed), st.data())
def test_a_changed_value_is_refused_or_another_order(sealed, data):
    """Any part of an order replaced by any other JSON: an error, or another order."""
    document = json.loads(CODEC.encode(sealed))
    place, key = document, "order"
    for _ in range(data.draw(st.integers(0, 4))):
        inner = place[key]
        keys = (
            list(inner if isinstance(inner, dict) else range(len(inner)))
            if isinstance(inner, dict | list)
            else []
        )
        if not keys:
            break
        place, key = inner, data.draw(st.sampled_from(keys))
    place[key] = data.draw(JSON)
    try:
        back = CODEC.decode(json.dumps(document).encode(), Sealed)
    except CodecError:
        return
    assert CODEC.decode(CODEC.encode(back), Sealed) == back


def test_names_are_told_apart_by_their_classes():
    """A second class of the same name is none of the list."""
    other = type("Slot", (), {})
    with pytest.raises(CodecError):
        Codec([Slot]).encode(other())


@given(
    st.builds(EpisodeJob, DIGEST, TEXT, DIGEST, TEXT, TEXT, TEXT, TEXT),
    st.builds(
        JobManifest,
        DIGEST,
        DIGEST,
        st.lists(
            st.tuples(
                st.text("abc.-", min_size=3, max_size=9).filter(lambda n: n[0] != "."),
                DIGEST,
                st.integers(0, 2**40),
            ),
            max_size=3,
        ).map(tuple),
        st.integers(0, 2**30),
        st.integers(0, 2**30),
        st.booleans(),
        TEXT,
    ),
)
def test_jobs_and_manifests_come_back_equal(job, manifest):
    """As small JSON."""
    assert EpisodeJob.from_json(job.to_json()) == job
    assert JobManifest.from_json(manifest.to_json()) == manifest


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps(value).encode()))
def test_what_is_no_job_is_refused(content):
    """Nor is it a manifest."""
    for kind in (EpisodeJob, JobManifest):
        with pytest.raises(ValueError):  # noqa: PT011 - of ours or of JSON's
            kind.from_json(content)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a\\b", "c:x", "a\0b", 'a"b'])
def test_names_that_lead_out_of_a_folder_are_refused(name):
    """Whoever writes into the store does not choose where we write."""
    with pytest.raises(ValueError, match="no name of a file"):
        JobManifest("0" * 64, "0" * 64, ((name, "0" * 64, 1),), 0, 0)


def test_a_job_is_small():
    """64 kB at most, a manifest 4 kB."""
    with pytest.raises(ValueError, match="at most 64000"):
        EpisodeJob("0" * 64, "x" * 70_000, "0" * 64, "/store").to_json()
    files = tuple((f"{n}.mp3", "0" * 64, 1) for n in range(100))
    with pytest.raises(ValueError, match="at most 4000"):
        JobManifest("0" * 64, "0" * 64, files, 0, 0).to_json()


def test_all_fields_of_an_order_are_held_to_their_types():
    """So that what comes from elsewhere fails here, and not in the midst of the making."""
    for kind in CODEC._classes.values():
        if is_dataclass(kind):
            assert CODEC._hints_of(kind).keys() == {field.name for field in fields(kind)}
