"""The whole of ``publish`` to every kind of target."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from audiobrief.errors import OvertakenError, UploadError
from tests.pipeline.published import NOW, broken_feed, only, run, write_show, write_workspace
from tests.upload.conftest import Place, upload
from tests.upload.plain_store import PlainStore


def settings_for(place):
    """Return the settings that lead to a place."""
    endpoint = f'\nendpoint = "{place.endpoint}"' if place.endpoint else ""
    return f'to = "{place.address}"{endpoint}'


def problems(place):
    """Return what is wrong with the feed at a place."""
    files = place.files()
    return broken_feed(files["feed.xml"], files.get)


def test_a_show_is_published_changed_and_cleared(place, tmp_path):
    """First all of it, then only what is new, at last without what is old."""
    root = write_workspace(tmp_path / "work", settings_for(place))
    write_show(root, {"ferry": "one"})
    assert len(only(run(root)).plan.sent) == 10
    assert problems(place) == []
    assert only(run(root)).plan.is_empty
    write_show(root, {"ferry": "corrected"})
    assert len(only(run(root, now=NOW + timedelta(1))).plan.sent) == 8
    assert problems(place) == []
    (old,) = only(run(root, now=NOW + timedelta(9))).plan.removed
    assert old.endswith(".mp3")
    assert old not in place.files()
    assert problems(place) == []


def test_of_two_publishers_at_once_one_wins_and_the_other_says_so(s3_place, tmp_path):
    """Whatever the order of their requests, one feed is there, whole; the loser may run again."""
    roots = []
    for name in ("one", "two"):
        root = write_workspace(tmp_path / name, settings_for(s3_place))
        write_show(root, {name: name})
        roots.append(root)
    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(run, roots))
    errors = [report.deliveries[0].error for report in reports]
    lost = [n for n, error in enumerate(errors) if error is not None]
    assert len(lost) == 1
    assert isinstance(errors[lost[0]], OvertakenError)
    assert problems(s3_place) == []
    winner = ("one", "two")[1 - lost[0]]
    assert f"About {winner}".encode() in s3_place.files()["feed.xml"]
    only(run(roots[lost[0]]))
    assert problems(s3_place) == []


def test_another_show_is_not_overwritten(folder_place, tmp_path):
    """Its files would be taken for old ones of ours."""
    first = write_workspace(tmp_path / "first", settings_for(folder_place))
    write_show(first, {"ferry": "one"})
    only(run(first))
    before = folder_place.files()
    second = write_workspace(tmp_path / "second", settings_for(folder_place))
    write_show(second, {"walk": "two"})
    show = second / "episodes" / "show.json"
    show.write_text('{"guid": "9b024349-ccf0-5f69-a609-6b82873eab3d"}', encoding="utf-8")
    (delivery,) = run(second).deliveries
    assert isinstance(delivery.error, UploadError)
    assert "another show is published there" in str(delivery.error)
    assert folder_place.files() == before


def test_a_store_that_takes_no_conditions_is_looked_at_first(tmp_path, keys):
    """Published all the same; what was changed in between is found where it can be."""
    store = PlainStore()
    root = write_workspace(tmp_path / "work", f'to = "s3://pod"\nendpoint = "{store.endpoint}"')
    write_show(root, {"ferry": "one"})
    only(run(root))
    assert broken_feed(store.files["feed.xml"], store.files.get) == []
    assert only(run(root)).plan.is_empty
    place = Place("s3://pod", dict, print, store.endpoint)
    with place.open() as target, pytest.raises(OvertakenError):
        target.replace(upload("feed.xml", b"mine"), None)
    store.close()
