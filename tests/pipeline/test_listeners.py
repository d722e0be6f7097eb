"""Private feeds: who is given one and who no longer, as the commands and a build leave it."""

import errno
import itertools
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from audiobrief.check.folder import check_path
from audiobrief.errors import LockedError, StoreError, WorkspaceError
from audiobrief.pipeline.events import say_nothing
from audiobrief.pipeline.options import BuildOptions
from audiobrief.pipeline.private import add, count_listeners, revoke
from audiobrief.pipeline.run import Run
from audiobrief.pipeline.voices import choose_cast
from audiobrief.store.listened import Heard, add_listened
from audiobrief.store.listeners import read_listeners
from audiobrief.store.lock import locked
from audiobrief.workspace.load import load_workspace
from tests.publish.shows import make_episode, make_show, write_episode
from tests.serve.wire import ask
from tests.support import snapshot

NOW = datetime(2026, 3, 2, tzinfo=UTC)
BASE = "https://pod.example/"
SETTINGS = f"""[show]
title = "Harbor Brief"
description = "Look at {BASE}feed.xml"
base_url = "{BASE}"
[publish]
private = true
feed_items = 10
[shows.open]
makes = "nothing"
publish.private = false
[shows.club]
makes = "nothing"
"""


def put(folder, number):
    """Write an episode as a build leaves it."""
    episode = make_episode(
        guid=f"5f0c7e0e-8f5a-4c39-9f0e-{number:012}", directory=f"2024-01-{number + 1:02}-news",
        title=f"News of day {number}", published=datetime(2024, 1, 1, tzinfo=UTC)
        + timedelta(days=number),
    )  # fmt: skip
    show = make_show(title="Harbor Brief", base_url=BASE)
    episode = write_episode(folder / "episodes", show, episode)
    # As our sound is called: by what it is.
    name = f"news-{episode.enclosure.sha256[:8]}.mp3"
    home = folder / "episodes" / episode.directory
    (home / episode.enclosure.file).rename(home / name)
    manifest = (home / "episode.json").read_text("utf-8")
    (home / "episode.json").write_text(manifest.replace(episode.enclosure.file, name), "utf-8")


def release(folder):
    """Publish what is there; return why it failed, and warnings."""
    workspace = load_workspace(folder)
    options = BuildOptions(engine="tone")
    run = Run(workspace, choose_cast(workspace, engine="tone"), options, NOW, say_nothing)
    _, error, warnings = run.release()
    return error, warnings


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return a workspace with a private show of three episodes."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "audiobrief.toml").write_text(SETTINGS, encoding="utf-8")
    for number in range(3):
        put(folder, number)
    assert release(folder) == (None, ())
    return folder


@pytest.fixture
def folder(built, tmp_path):
    """Return a copy of it."""
    return shutil.copytree(built, tmp_path / "copy")


def named_files(home, token):
    """Return the files that a listener's feed names, as they are linked."""
    root = ET.fromstring((home / "feed.xml").read_bytes())
    urls = [v for e in root.iter() for k, v in e.attrib.items() if k in {"url", "href", "uri"}]
    urls += [e.text for e in root.iter() if e.tag in {"link", "url"}]
    start = f"{BASE}l/{token}/"
    return {u.removeprefix(start) for u in urls if u.startswith(BASE)}


def test_an_address_is_shown_once_and_kept_as_its_digest(audiobrief, tmp_path):
    """The list has names and dates; nothing on the disk or on the screen has the token again."""
    (tmp_path / "audiobrief.toml").write_text(SETTINGS, encoding="utf-8")
    shown = audiobrief("listeners", "add", "Ana Ruiz", "--json").json
    token = shown["password"]
    assert shown["address"] == f"{BASE}l/{token}/feed.xml"
    assert int(token, 16).bit_length() > 128
    said = audiobrief("listeners", "add", "Ben")
    assert said.stdout.startswith(f"{BASE}l/")
    path = tmp_path / "listeners.json"
    rows = json.loads(path.read_bytes())["listeners"]
    assert rows[0]["sha256"] == sha256(token.encode()).hexdigest()
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    listed = audiobrief("listeners", "list")
    assert [line.split()[-1] for line in listed.stdout.splitlines()] == ["Ruiz", "Ben"]
    told = listed.stdout + audiobrief("listeners", "list", "--json").stdout
    files = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert token not in told
    assert token.encode() not in files


def test_the_list_outlives_the_cache_and_the_counts_do_not(audiobrief, folder):
    """Whoever deletes .audiobrief/ takes nothing away from listeners but their numbers."""
    added = add(load_workspace(folder), "Ana", NOW)
    known = {added.listener.sha256}
    path = folder / ".audiobrief" / "listened.json"
    add_listened(path, {added.listener.sha256: Heard(3, 2), "f" * 64: Heard(1, 1)}, known)
    add_listened(path, {added.listener.sha256: Heard(1, 0)}, known)
    (row,) = audiobrief("listeners", "list", "--json", cwd=folder).json["listeners"]
    assert (row["feeds"], row["downloads"]) == (4, 2)
    assert "f" * 64 not in path.read_text("utf-8")
    path.write_bytes(b"{damaged")
    assert count_listeners(load_workspace(folder))[0].heard == Heard()
    shutil.rmtree(folder / ".audiobrief")
    assert [c.listener for c in count_listeners(load_workspace(folder))] == [added.listener]


def test_a_name_is_given_once_at_a_time(folder):
    """In any case of letters; whoever was revoked may come back, with another token."""
    show = load_workspace(folder)
    first = add(show, " Ana ", NOW)
    with pytest.raises(WorkspaceError, match='listeners revoke "ANA"'):
        add(show, "ANA", NOW)
    add(show, "Ben", NOW)
    before = read_listeners(folder / "listeners.json")
    assert revoke(show, "aNA", NOW).name == "Ana"
    after = read_listeners(folder / "listeners.json")
    assert after == (replace(before[0], revoked=NOW), before[1])
    with pytest.raises(WorkspaceError, match="the listeners are: Ben"):
        revoke(show, "Ana", NOW)
    assert add(show, "Ana", NOW).token != first.token
    assert len(read_listeners(folder / "listeners.json")) == 3


def test_each_show_has_listeners_of_its_own(folder):
    """The token stands behind the address of the show; the same name is another listener."""
    first = load_workspace(folder)
    club = first.of_show("club")
    address = add(club, "Ana", NOW).address
    assert address.startswith(f"{BASE}club/l/")
    add(first, "Ana", NOW)
    revoke(club, "Ana", NOW)
    assert [e.is_active for e in read_listeners(folder / "listeners.json")] == [False, True]


def test_a_public_show_has_no_listeners(audiobrief, folder):
    """An address of one's own would be a promise that nobody keeps; the line to write is told."""
    run = audiobrief("listeners", "add", "Ana", "--show", "open", cwd=folder)
    assert run.code == 2
    assert "[shows.open.publish] private = true" in run.stderr
    assert not (folder / "listeners.json").exists()


@pytest.mark.parametrize("name", ["", "  ", "a:b", "a\nb", "\x00", "x" * 65, "\ud800", "\x9b31m"])
def test_names_that_no_app_could_send_are_refused(folder, name):
    """Of HTTP Basic a name has no colon; of a list, no control characters."""
    with pytest.raises(WorkspaceError, match="cannot be a listener's name"):
        add(load_workspace(folder), name, NOW)


def test_two_commands_do_not_change_the_list_at_once(folder):
    """The second one is told to wait; so is one that would write where a build is writing."""
    show = load_workspace(folder)
    add(show, "Ana", NOW)
    before = snapshot(folder)
    with locked(folder / ".audiobrief" / "listeners.lock"):
        with pytest.raises(LockedError, match="another command"):
            add(show, "Ben", NOW)
        with pytest.raises(LockedError, match="another command"):
            revoke(show, "Ana", NOW)
    with locked(folder / ".audiobrief" / "lock"):
        with pytest.raises(LockedError, match="another build"):
            add(show, "Ben", NOW, is_static=True)
        add(show, "Cleo", NOW)
    after = snapshot(folder)
    changed = {k for k in after if after[k] != before.get(k)}
    assert changed - {".audiobrief/lock"} == {"listeners.json"}


def test_a_damaged_list_is_an_error_of_every_command(audiobrief, folder):
    """Nobody is added to half a list, and nothing of it is overwritten."""
    path = folder / "listeners.json"
    path.write_bytes(b'{"version": 1, "listeners": [{"name": "Ana"')
    for arguments in (["add", "Ben"], ["list"], ["revoke", "Ana"]):
        run = audiobrief("listeners", *arguments, cwd=folder)
        assert run.code == 1
        assert "nobody is let in" in run.stderr
    assert audiobrief("serve", "--port", "0", cwd=folder).code == 1
    assert path.read_bytes() == b'{"version": 1, "listeners": [{"name": "Ana"'


def test_a_folder_for_plain_web_space_is_whole(folder):
    """Feed, pages and all files, through the token; sound takes no room twice; nothing to index."""
    public = (folder / "episodes" / "feed.xml").read_bytes()
    added = add(load_workspace(folder), "Ana", NOW, is_static=True)
    home = folder / "episodes" / "l" / added.token
    feed = (home / "feed.xml").read_bytes()
    assert feed.replace(f"l/{added.token}/".encode(), b"") == public
    named = named_files(home, added.token)
    assert len(named) > 20
    assert [f for f in named if not (home / (f or "index.html")).is_file()] == []
    sounds = list(home.rglob("*.mp3"))
    assert len(sounds) == 3
    for sound in sounds:
        assert sound.samefile(folder / "episodes" / sound.relative_to(home))
    pages = list(home.rglob("index.html"))
    assert len(pages) == 4
    assert all(b'<meta name="robots" content="noindex">' in p.read_bytes() for p in pages)
    assert not list(home.rglob("episode.json"))
    assert not list(home.rglob("*.md"))
    assert f"<code>{added.address}</code>" in (home / "index.html").read_text("utf-8")
    assert f"Look at {BASE}feed.xml" in (home / "index.html").read_text("utf-8")
    # Manifests are nobody's business, and missing on purpose.
    assert {f.rule for f in check_path(home, now=NOW) if f.level == "must"} <= {"I6"}


def test_a_build_keeps_folders_up_to_date_and_touches_nothing_else(folder):
    """A new episode is in every folder; a build that changes nothing changes nothing there."""
    show = load_workspace(folder)
    tokens = [add(show, name, NOW, is_static=True).token for name in ("Ana", "Ben")]
    before = snapshot(folder)
    assert release(folder) == (None, ())
    assert snapshot(folder) == before
    put(folder, 3)
    shutil.rmtree(folder / "episodes" / "2024-01-01-news")
    assert release(folder)[0] is None
    for token in tokens:
        home = folder / "episodes" / "l" / token
        assert b"News of day 3" in (home / "feed.xml").read_bytes()
        assert not (home / "2024-01-01-news").exists()
        named = named_files(home, token)
        assert [f for f in named if not (home / (f or "index.html")).is_file()] == []


def test_revoking_removes_the_folder_and_no_other(folder):
    """On plain web space, nothing else can take it away; the next build does not bring it back."""
    show = load_workspace(folder)
    ana, ben = (add(show, name, NOW, is_static=True) for name in ("Ana", "Ben"))
    door = folder / "episodes" / "l"
    kept = snapshot(door / ben.token)
    revoke(show, "Ana", NOW)
    assert [p.name for p in door.iterdir()] == [ben.token]
    release(folder)
    assert snapshot(door / ben.token) == kept
    # As a copy from a backup brings it back.
    shutil.copytree(door / ben.token, door / ana.token)
    release(folder)
    assert [p.name for p in door.iterdir()] == [ben.token]
    revoke(show, "Ben", NOW)
    assert not door.exists()


def test_a_folder_is_made_before_the_first_build_and_filled_by_it(tmp_path):
    """Whoever adds listeners first gets their folders with the first feed."""
    (tmp_path / "audiobrief.toml").write_text(SETTINGS, encoding="utf-8")
    added = add(load_workspace(tmp_path), "Ana", NOW, is_static=True)
    put(tmp_path, 0)
    assert release(tmp_path) == (None, ())
    home = tmp_path / "episodes" / "l" / added.token
    assert b"News of day 0" in (home / "feed.xml").read_bytes()


def test_a_folder_that_nobody_has_is_told_and_left_alone(folder):
    """It may be somebody's own; links are not followed, and the token is not told."""
    door = folder / "episodes" / "l"
    (door / ("e" * 40)).mkdir(parents=True)
    (door / "notes.txt").write_text("mine", encoding="utf-8")
    error, (warning,) = release(folder)
    assert error is None
    assert "nobody's folder" in warning
    assert "e" * 9 not in warning
    assert (door / "notes.txt").read_text("utf-8") == "mine"


def test_a_build_with_a_damaged_list_says_so_and_opens_nothing(folder):
    """The feed is written; the folders stay as they are until it is mended."""
    add(load_workspace(folder), "Ana", NOW, is_static=True)
    door = folder / "episodes" / "l"
    before = snapshot(door)
    (folder / "listeners.json").write_bytes(b"{")
    put(folder, 3)
    error, _ = release(folder)
    assert "list of listeners is damaged" in error.problem
    assert snapshot(door) == before


class Disk:
    """Renames that fail from one of them on, as on a disk that has filled up."""

    def __init__(self, works_for):
        self.left = works_for
        self._rename = os.replace

    def __call__(self, source, target, **kwargs):
        """Give a file its name, if there is room."""
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fspath(target))
        return self._rename(source, target, **kwargs)


def test_at_whatever_file_a_build_stops_a_folder_names_nothing_missing(
    folder, tmp_path, monkeypatch
):
    """Nor does an error name the token; the next build completes it."""
    added = add(load_workspace(folder), "Ana", NOW, is_static=True)
    put(folder, 3)
    for works_for in itertools.count(step=4):
        copy = shutil.copytree(folder, tmp_path / f"stopped-{works_for}")
        home = copy / "episodes" / "l" / added.token
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", Disk(works_for))
            error, _ = release(copy)
        named = named_files(home, added.token)
        assert [f for f in named if not (home / (f or "index.html")).is_file()] == []
        if error is None:
            break
        assert added.token not in f"{error} {error.__cause__}"
        assert release(copy) == (None, ())
        assert b"News of day 3" in (home / "feed.xml").read_bytes()
        assert not list(home.rglob(".*"))
        shutil.rmtree(copy)
    assert works_for > 10


def test_a_folder_that_cannot_be_written_adds_nobody(folder, monkeypatch):
    """What was begun is gone, and the error names no token."""
    monkeypatch.setattr(os, "replace", Disk(3))
    with pytest.raises(StoreError, match="free some disk space") as caught:
        add(load_workspace(folder), "Ana", NOW, is_static=True)
    assert "***" in str(caught.value)
    assert not list((folder / "episodes").glob("l/*"))
    assert read_listeners(folder / "listeners.json") == ()


def test_files_are_copied_where_there_are_no_links(folder, monkeypatch):
    """On such a file system the folder is as whole, and a second build copies nothing again."""

    def refuse(*_paths, **_options):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

    monkeypatch.setattr(os, "link", refuse)
    added = add(load_workspace(folder), "Ana", NOW, is_static=True)
    home = folder / "episodes" / "l" / added.token
    for sound in home.rglob("*.mp3"):
        assert sound.read_bytes() == (folder / "episodes" / sound.relative_to(home)).read_bytes()
    before = snapshot(home)
    assert release(folder) == (None, ())
    assert snapshot(home) == before


def test_the_feed_of_a_private_show_tells_directories_to_leave_it_out(folder):
    """On every page of it, and of no other show; no hub is told."""
    channel = ET.fromstring((folder / "episodes" / "feed.xml").read_bytes())[0]
    block = "{http://www.itunes.com/dtds/podcast-1.0.dtd}block"
    assert channel.findtext(block) == "Yes"
    text = SETTINGS.replace("private = true", 'hub = "https://hub.example/"')
    (folder / "audiobrief.toml").write_text(text, encoding="utf-8")
    release(folder)
    xml = (folder / "episodes" / "feed.xml").read_text("utf-8")
    assert "block" not in xml
    assert "hub.example" in xml
    (folder / "audiobrief.toml").write_text(
        SETTINGS.replace("private = true", 'private = true\nhub = "https://hub.example/"'),
        encoding="utf-8",
    )
    release(folder)
    assert "hub.example" not in (folder / "episodes" / "feed.xml").read_text("utf-8")


def test_a_show_is_not_called_as_the_door_is(audiobrief, tmp_path):
    """Its folder would be where the folders of listeners are."""
    (tmp_path / "audiobrief.toml").write_text("[shows.l]\n", encoding="utf-8")
    run = audiobrief("status")
    assert run.code == 2
    assert 'no show can be called "l"' in run.stderr


def test_a_server_that_runs_lets_in_whom_the_list_has_at_that_moment(audiobrief, folder):
    """Added and revoked meanwhile; tokens are in no line, and the counts are there at the end."""
    with subprocess.Popen(
        [sys.executable, "-m", "audiobrief", "serve", "--json", "-v", "--port", "0"],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            port = int(json.loads(process.stdout.readline())["url"].rpartition(":")[2].strip("/"))
            added = audiobrief("listeners", "add", "Ana", "--json", cwd=folder).json
            path, token = added["address"].removeprefix(BASE[:-1]), added["password"]
            sound = next(p for p in (folder / "episodes").rglob("*.mp3"))
            place = sound.relative_to(folder / "episodes").as_posix()
            assert ask(port, "GET", "/feed.xml").status == 404
            assert ask(port, "GET", path).status == 200
            assert ask(port, "GET", f"/l/{token}/{place}").body == sound.read_bytes()
            assert audiobrief("listeners", "revoke", "Ana", cwd=folder).code == 0
            assert ask(port, "GET", path).status == 404
            assert token.encode() not in ask(port, "GET", "/metrics").body
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    assert '"target": "/l/***/feed.xml"' in out
    assert token not in out + err
    (row,) = audiobrief("listeners", "list", "--json", cwd=folder).json["listeners"]
    assert (row["feeds"], row["downloads"]) == (1, 1)
    assert row["revoked"] is not None
    assert token not in "".join(p.read_text("utf-8") for p in Path(folder).glob("*.json"))
