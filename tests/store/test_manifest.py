"""A manifest says all of an episode, and damage is named."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiobrief.errors import StoreError
from audiobrief.store.manifest import parse_manifest, read_manifest, render_manifest


def parse(content, episode):
    """Parse as the store does."""
    return parse_manifest(content, where="episode.json", directory=episode.directory)


def test_an_episode_comes_back_as_it_was(make_episode):
    """Rendering and parsing are inverse."""
    episode = make_episode()
    assert parse(render_manifest(episode), episode) == episode


def test_the_fields_are_those_that_scripts_rely_on(make_episode):
    """Names and shapes of the documented manifest."""
    data = json.loads(render_manifest(make_episode()))
    assert data["published"] == "2026-03-02T08:30:00Z"
    assert data["segments"][1]["source"] == [1, 2]
    assert data["ledger"][2] == {
        "article": 0,
        "text": "Share",
        "segments": [],
        "reason": "page furniture: sharing",
        "spoken": False,
    }
    assert data["build"]["engine_versions"] == {"tone": "tone 1"}
    assert data["enclosure"]["mime_type"] == "audio/mpeg"


def test_numbers_come_back_and_may_be_missing(make_episode):
    """A serial show's episodes have them; no other manifest names them."""
    episode = make_episode()
    assert b'"number"' not in render_manifest(episode)
    counted = replace(episode, number=12, season=3)
    assert parse(render_manifest(counted), episode) == counted


@pytest.mark.parametrize("value", [0, -1, True, "7", 1.5])
def test_a_number_that_cannot_be_is_damage(make_episode, value):
    """It counts from 1."""
    data = json.loads(render_manifest(make_episode()))
    with pytest.raises(StoreError, match="number cannot be"):
        parse(json.dumps({**data, "number": value}).encode(), make_episode())


def test_fields_of_later_versions_are_left_alone(make_episode):
    """More fields are free."""
    episode = make_episode()
    data = json.loads(render_manifest(episode))
    data["later"] = 1
    data["segments"][0]["later"] = 1
    assert parse(json.dumps(data).encode(), episode) == episode


@pytest.mark.parametrize("range_lu", [None, 0.0, 2.5])
def test_the_loudness_range_may_be_missing(make_episode, range_lu):
    """It comes back; of manifests of earlier versions, which have none, as not measured."""
    episode = make_episode()
    measured = replace(episode, loudness=replace(episode.loudness, range_lu=range_lu))
    data = json.loads(render_manifest(measured))
    assert data["loudness"]["range_lu"] == range_lu
    assert parse(json.dumps(data).encode(), episode) == measured
    del data["loudness"]["range_lu"]
    assert parse(json.dumps(data).encode(), episode) == episode


@pytest.mark.parametrize(
    "field", ["guid", "title", "published", "state", "articles", "enclosure", "ledger", "build"]
)
def test_a_missing_field_is_named(make_episode, field):
    """The error says which field, in which file."""
    episode = make_episode()
    data = json.loads(render_manifest(episode))
    del data[field]
    with pytest.raises(StoreError, match=field) as caught:
        parse(json.dumps(data).encode(), episode)
    assert caught.value.subject == "episode.json"


def test_a_manifest_cut_anywhere_is_an_error(make_episode):
    """No torn manifest passes for an episode."""
    episode = make_episode()
    content = render_manifest(episode)
    for end in range(0, len(content) - 2, 7):
        with pytest.raises(StoreError):
            parse(content[:end], episode)


def test_an_unreadable_manifest_is_an_error(tmp_path: Path):
    """A manifest that is not there is named with its path."""
    with pytest.raises(StoreError, match="cannot read"):
        read_manifest(tmp_path / "episode.json")


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("enclosure", "duration_ms", None),
        ("enclosure", "bytes", "9"),
        ("loudness", "integrated_lufs", "loud"),
        ("loudness", "range_lu", "wide"),
        ("chapters", "title", 5),
        ("segments", "text", 7),
        ("segments", "source", ["a", "b"]),
        ("segments", "paragraph", True),
        ("ledger", "segments", [1]),
        ("articles", "byline", 3),
    ],
)
def test_a_field_of_another_type_is_named(make_episode, table, field, value):
    """A value that no later stage could use is damage, told as such."""
    episode = make_episode()
    data = json.loads(render_manifest(episode))
    rows = data[table] if isinstance(data[table], list) else [data[table]]
    rows[0][field] = value
    with pytest.raises(StoreError, match="damaged"):
        parse(json.dumps(data).encode(), episode)


def test_a_date_of_the_first_century_comes_back(make_episode):
    """Years are written with four digits on every system."""
    episode = replace(make_episode(), published=datetime(33, 4, 3, tzinfo=UTC))
    assert parse(render_manifest(episode), episode) == episode
