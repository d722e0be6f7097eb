"""Machines that share a store: what one has spoken, no other speaks; a failing one costs time."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from audiobrief.store.shared import unsealed
from tests.store.places import KEYS, bucket_place, files_of, folder_place
from tests.support import ARTICLE, run_audiobrief
from tests.upload.peers import s3_server
from tests.upload.plain_store import PlainStore


@pytest.fixture(scope="module")
def s3():
    """Return the address of a server that speaks S3."""
    pytest.importorskip("moto", reason="moto, of the extra dev, is not installed")
    pytest.importorskip("obstore", reason="obstore, of the extra s3, is not installed")
    with s3_server() as endpoint:
        yield endpoint


@pytest.fixture(params=["folder", "bucket"])
def place(request, tmp_path, monkeypatch):
    """Return an empty store of each kind."""
    if request.param == "folder":
        return folder_place(tmp_path / "shared")
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return bucket_place(
        request.getfixturevalue("s3"), "b-" + tmp_path.name.replace("_", "-").lower()[-60:]
    )


def machine(folder, address, endpoint=None):
    """Return the workspace of a show on another machine."""
    folder.mkdir()
    (folder / "articles").mkdir()
    # With a date: otherwise an episode has that of its build.
    text = f"---\ndate: 2026-03-14\n---\n\n{ARTICLE}"
    (folder / "articles" / "ferry.md").write_text(text, encoding="utf-8")
    more = f'endpoint = "{endpoint}"\n' if endpoint else ""
    (folder / "audiobrief.toml").write_text(
        f'[show]\ntitle = "Harbor News"\n[store]\nurl = "{address}"\n{more}', encoding="utf-8"
    )
    return folder


def built(workspace, *arguments, env=None):
    """Return what a build says of its one episode, and its warnings."""
    run = run_audiobrief("build", "--json", *arguments, cwd=workspace, env=env)
    assert run.code == 0, run.stderr
    (episode,) = run.json["episodes"]
    return episode["synthesized"], episode["cached"], run.json["warnings"]


def published(workspace):
    """Return all that listeners get."""
    folder = workspace / "episodes"
    # The manifest tells how many clips were made.
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in files_of(folder)
        if path.name != "episode.json"
    }


@pytest.mark.parametrize(
    ("place", "engine"), [("bucket", "tone"), ("folder", "espeak")], indirect=["place"]
)
def test_a_second_machine_speaks_nothing_and_publishes_the_same(place, tmp_path, engine):
    """Byte for byte: sound, feed, pages, transcripts."""
    first = machine(tmp_path / "first", place.address, place.endpoint)
    count, _, warnings = built(first, "--engine", engine)
    assert (count > 0, warnings) == (True, [])
    second = machine(tmp_path / "second", place.address, place.endpoint)
    assert built(second, "--engine", engine) == (0, count, [])
    assert sum(path.endswith(".mp3") for path in published(second)) == 1
    assert "feed.xml" in published(second)
    assert published(second) == published(first)


def test_damaged_clips_are_made_again_and_told(tmp_path):
    """Whatever bit has changed, nobody hears it."""
    place = folder_place(tmp_path / "shared")
    first = machine(tmp_path / "first", place.address)
    count, _, _ = built(first, "--engine", "tone")
    rng = random.Random(9)
    for path, content in place.raw().items():
        damaged = bytearray(content)
        if damaged:
            damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        place.plant(path, bytes(damaged))
    second = machine(tmp_path / "second", place.address)
    synthesized, cached, (warning,) = built(second, "--engine", "tone")
    assert (synthesized, cached) == (count, 0)
    assert "damaged in the shared store" in warning
    assert published(second) == published(first)
    third = machine(tmp_path / "third", place.address)
    assert built(third, "--engine", "tone") == (0, count, [])


def test_a_store_out_of_reach_costs_a_warning_and_no_episode(tmp_path):
    """A drive that is not mounted: everything is made here, and told once."""
    workspace = machine(tmp_path / "here", tmp_path / "absent")
    count, cached, (warning,) = built(workspace, "--engine", "tone")
    assert (count > 0, cached) == (True, 0)
    assert "not there" in warning
    assert str(tmp_path / "absent") in warning
    assert not (tmp_path / "absent").exists()
    doctor = run_audiobrief("doctor", "--json", cwd=workspace)
    (check,) = [check for check in doctor.json["checks"] if check["name"] == "shared store"]
    assert check["status"] == "fail"
    for command in ("cache", "cache prune"):
        run = run_audiobrief(*command.split(), cwd=workspace)
        assert run.code == 1
        assert "shared store is not there" in run.stderr


def test_a_server_out_of_reach_costs_a_warning_and_no_episode(tmp_path, monkeypatch):
    """It is asked once, not at each clip, and the build goes on."""
    pytest.importorskip("obstore", reason="obstore, of the extra s3, is not installed")
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    workspace = machine(tmp_path / "here", "s3://pod/x", "http://127.0.0.1:9")
    count, cached, (warning,) = built(workspace, "--engine", "tone")
    assert (count > 0, cached) == (True, 0)
    assert f"out of reach: s3://pod/x: {2 * count} clips were not looked up there" in warning
    assert f"{2 * count} clips were not kept there" in warning


def test_a_server_that_dies_in_the_middle_costs_a_warning_and_no_episode(tmp_path, monkeypatch):
    """What it has taken by then is whole, and what others make of it is the same."""
    pytest.importorskip("obstore", reason="obstore, of the extra s3, is not installed")
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    mortal = PlainStore(most=45)
    try:
        workspace = machine(tmp_path / "first", "s3://pod", mortal.endpoint)
        count, _, (warning,) = built(workspace, "--engine", "tone")
        assert count > 0
        assert "not kept there" in warning
        assert 0 < len(mortal.files) < 2 * count
        assert all(unsealed(name, blob) is not None for name, blob in mortal.files.items())
    finally:
        mortal.close()
    reference = machine(tmp_path / "second", tmp_path / "shared")
    (tmp_path / "shared").mkdir()
    built(reference, "--engine", "tone")
    assert published(workspace) == published(reference)


@pytest.mark.parametrize("place", ["bucket"], indirect=True)
def test_two_machines_at_once_publish_the_same(place, tmp_path):
    """They race for every clip; whoever comes second finds it or keeps its own."""
    both = [machine(tmp_path / name, place.address, place.endpoint) for name in "ab"]
    # Started by themselves: the server of warm ones answers one at a time.
    env = {"PYTHONUTF8": "1"}
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda one: built(one, "--engine", "tone", env=env), both))
    assert {sum(counts[:2]) for counts in done} == {done[0][0] + done[0][1]}
    assert [warnings for _, _, warnings in done] == [[], []]
    assert published(both[0]) == published(both[1])


def test_an_address_that_is_no_store_is_told_with_its_line(tmp_path):
    """Before anything is spoken."""
    workspace = machine(tmp_path / "here", "ftp://host.example/x")
    run = run_audiobrief("build", "--engine", "tone", cwd=workspace)
    assert run.code == 2
    assert "audiobrief.toml:4" in run.stderr


def test_a_missing_key_ends_a_build_before_anything_is_spoken(tmp_path, monkeypatch):
    """As a missing engine does: what the settings ask for cannot be had."""
    pytest.importorskip("obstore", reason="obstore, of the extra s3, is not installed")
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    workspace = machine(tmp_path / "here", "s3://pod/x")
    run = run_audiobrief("build", "--engine", "tone", cwd=workspace)
    assert run.code == 4
    assert "AWS_ACCESS_KEY_ID" in run.stderr
    assert not (workspace / ".audiobrief" / "clips").exists()


def test_what_was_made_before_there_was_a_store_is_shared_by_the_command(tmp_path):
    """And nothing a second time; without a store it is told how to name one."""
    workspace = machine(tmp_path / "first", tmp_path / "shared")
    settings = (workspace / "audiobrief.toml").read_text(encoding="utf-8")
    without = settings.partition("[store]")[0]
    (workspace / "audiobrief.toml").write_text(without, encoding="utf-8")
    count, _, _ = built(workspace, "--engine", "tone")
    run = run_audiobrief("cache", "share", cwd=workspace)
    assert run.code == 2
    assert "[store] url" in run.stderr
    place = folder_place(tmp_path / "shared")
    (workspace / "audiobrief.toml").write_text(settings, encoding="utf-8")
    run = run_audiobrief("cache", "share", "--json", cwd=workspace)
    assert (run.code, run.json["clips"], run.json["warnings"]) == (0, count, [])
    run = run_audiobrief("cache", "share", cwd=workspace)
    assert run.stdout == f"0 clips and 0 of them encoded went to {place.address}\n"
    second = machine(tmp_path / "second", place.address)
    assert built(second, "--engine", "tone") == (0, count, [])


@pytest.mark.parametrize("place", ["bucket"], indirect=True)
def test_the_store_is_shown_and_pruned_by_the_command(place, tmp_path):
    """And examined by doctor, which leaves nothing there."""
    workspace = machine(tmp_path / "here", place.address, place.endpoint)
    count, _, _ = built(workspace, "--engine", "tone")
    doctor = run_audiobrief("doctor", "--json", cwd=workspace)
    (check,) = [check for check in doctor.json["checks"] if check["name"] == "shared store"]
    assert check["status"] == "ok", check
    shown = run_audiobrief("cache", "--json", cwd=workspace).json["store"]
    assert shown["kinds"]["clips"]["files"] == count
    assert shown["place"] == place.address
    command = ("cache", "prune", "--store-max-mb", "0", "--json")
    planned = run_audiobrief(*command, "--dry-run", cwd=workspace).json["store"]
    assert planned["removed"] == shown["files"]
    assert run_audiobrief(*command, cwd=workspace).json["store"] == planned
    assert set(place.raw()) == {"state/tended"}
    assert run_audiobrief("cache", "--json", cwd=workspace).json["clips"] == count
