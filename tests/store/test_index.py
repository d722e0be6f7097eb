"""The index of episodes: never believed against a manifest, whatever becomes of either."""

import os
import random
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from audiobrief.model.card import card_of
from audiobrief.model.episode import State
from audiobrief.store.index import INDEX_NAME, read_index
from audiobrief.store.manifest import read_manifest, render_manifest
from audiobrief.store.mounts import is_remote


@pytest.fixture
def show(tmp_path, make_episode):
    """Return a folder with an index and the manifests of forty episodes, an hour old."""
    for number in range(40):
        episode = make_episode(n=number, article_id=f"{number:064}", url=f"https://x.test/{number}")
        put(tmp_path, replace(episode, directory=f"2024-{number:03}", title=f"News {number}"))
    assert read(tmp_path).read == 40
    return tmp_path


def put(folder, episode, *, age_s=3600.0):
    """Write a manifest, so long ago."""
    home = folder / "episodes" / episode.directory
    home.mkdir(parents=True, exist_ok=True)
    path = home / "episode.json"
    path.write_bytes(render_manifest(episode))
    then = path.stat().st_mtime - age_s
    os.utime(path, (then, then))
    os.utime(home, (then, then))
    return path


def read(folder, **more):
    """Return what the index says; it is written from the first change on."""
    return read_index(folder / INDEX_NAME, folder / "episodes", worth=1, **more)


def truth(folder):
    """Return the cards of the manifests."""
    paths = sorted((folder / "episodes").glob("*/episode.json"))
    return [card_of(read_manifest(path)) for path in paths]


def test_what_has_not_changed_is_not_read(show):
    """The rows say the same as the manifests."""
    drawer = read(show)
    assert drawer.read == 0
    assert [filed.card for filed in drawer.filed] == truth(show)
    assert all(filed.has("episode.json") for filed in drawer.filed)


def test_a_manifest_edited_by_hand_is_read_again(show):
    """Also one that is restored with an older time, and one of the same size."""
    path = show / "episodes" / "2024-007" / "episode.json"
    episode = replace(read_manifest(path), state=State.APPROVED, title="News X")
    put(show, episode, age_s=90_000.0)
    drawer = read(show)
    assert drawer.read == 1
    assert drawer.filed[7].card == card_of(episode)


def test_a_manifest_of_a_moment_ago_is_not_kept(show):
    """It may change again without another time."""
    path = show / "episodes" / "2024-007" / "episode.json"
    put(show, read_manifest(path), age_s=0.0)
    assert read(show).read == 1
    assert read(show).read == 1


def test_a_folder_that_goes_or_comes_is_noticed(show, make_episode):
    """Of a copy, the first one counts; the other one is named."""
    (show / "episodes" / "2024-003" / "episode.json").unlink()
    copy = replace(read_manifest(show / "episodes" / "2024-004" / "episode.json"), directory="3000")
    put(show, copy)
    drawer = read(show)
    assert [filed.card for filed in drawer.filed] == truth(show)[:-1]
    assert drawer.loose == ("2024-003",)
    assert 'a copy of the episode in "2024-004"' in drawer.damaged[0].problem


def test_files_that_come_into_a_folder_are_seen(show):
    """The manifest has not changed, but what lies beside it has."""
    (show / "episodes" / "2024-005" / "cover-1a2b3c4d.jpg").write_bytes(b"")
    assert read(show).filed[5].has("cover-1a2b3c4d.jpg")


def test_no_flipped_bit_of_the_index_is_believed(show):
    """Two hundred of them, anywhere in the file: rows are right, or made again."""
    path, expected = show / INDEX_NAME, truth(show)
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = path.read_bytes()
    dice = random.Random(9)
    for _ in range(200):
        damaged = bytearray(content)
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(damaged)
        drawer = read(show)
        assert [filed.card for filed in drawer.filed] == expected
        assert not drawer.damaged


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 90])
def test_an_index_that_is_none_is_made_anew(show, content):
    """The next reading needs no manifest."""
    (show / INDEX_NAME).write_bytes(content)
    assert [filed.card for filed in read(show).filed] == truth(show)
    assert read(show).read == 0


def test_an_index_of_another_version_is_made_anew(show):
    """Whatever its rows look like."""
    with closing(sqlite3.connect(show / INDEX_NAME)) as base:
        base.execute("PRAGMA user_version = 99")
    assert read(show).read == 40
    assert read(show).read == 0


def test_an_index_in_other_hands_is_done_without(show):
    """A build does not wait for another program for ever, and says the same."""
    with closing(sqlite3.connect(show / INDEX_NAME)) as base:
        base.execute("BEGIN EXCLUSIVE")
        put(show, read_manifest(show / "episodes" / "2024-007" / "episode.json"), age_s=7200.0)
        assert [filed.card for filed in read(show).filed] == truth(show)


def test_a_flipped_bit_of_a_manifest_is_told_and_read_as_it_was(show):
    """It is told until the manifest is written again."""
    path = show / "episodes" / "2024-009" / "episode.json"
    content, expected = bytearray(path.read_bytes()), truth(show)
    content[content.index(b"News 9") + 1] ^= 1
    path.write_bytes(content)
    for _ in range(2):
        drawer = read(show)
        assert [filed.card for filed in drawer.filed] == expected
        assert drawer.unsealed == ("2024-009",)
        assert "2024-009/episode.json had one bit flipped" in drawer.news[0]


def test_a_small_show_has_no_index(tmp_path, make_episode):
    """To write it for a few manifests would touch a file for nothing."""
    put(tmp_path, make_episode())
    assert read_index(tmp_path / INDEX_NAME, tmp_path / "episodes").read == 1
    assert not (tmp_path / INDEX_NAME).exists()


def test_disks_of_other_machines_are_known(tmp_path):
    """By the longest mount point; where nobody tells, a disk is taken for a local one."""
    mounts = tmp_path / "mounts"
    home = tmp_path.resolve()
    mounts.write_text(
        "/dev/sda / ext4 rw 0 0\n"
        f"server:/x {home}/far nfs4 rw 0 0\n"
        f"/dev/b {home}/far/near xfs rw 0 0\n",
        encoding="utf-8",
    )
    assert is_remote(home / "far" / "index.sqlite", mounts=mounts)
    assert not is_remote(home / "far" / "near" / "index.sqlite", mounts=mounts)
    assert not is_remote(home / "index.sqlite", mounts=mounts)
    assert not is_remote(home / "far" / "index.sqlite", mounts=tmp_path / "none")
