"""Podcast apps of other people, as programs: each subscribes, lists and downloads."""

import os
import pty
import select
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tests.support import tool

_LIMIT_S = 60


@dataclass(frozen=True)
class Heard:
    """What came of a subscription."""

    #: What the app shows of each episode before it is loaded, by GUID; ``None``: it shows none.
    listed: dict | None
    #: Bytes of each download.
    downloads: list


def run(*command, home, **env):
    """Run a program with a home folder of its own; return all that it says."""
    done = subprocess.run(
        [*map(str, command)],
        env={"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", **env},
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_LIMIT_S,
        check=False,
    )
    said = done.stdout.decode(errors="replace")
    assert done.returncode == 0, said
    return said


def bytes_below(folder: Path):
    """Return the bytes of every MP3 below a folder."""
    return [path.read_bytes() for path in folder.rglob("*.mp3")]


def gpo_subscribe(url, home):
    """Subscribe with gPodder's command line; its parser is podcastparser."""
    gpo("subscribe", url, home=home)
    gpo("update", home=home)


def gpo(*arguments, home):
    """Run gPodder's command line."""
    return run(tool("gpo"), *arguments, home=home, GPODDER_HOME=str(home / "gpodder"))


def gpodder_folder(home):
    """Return where gPodder puts the sound of its one subscription."""
    ((name,),) = _rows(home / "gpodder" / "Database", "SELECT download_folder FROM podcast")
    folder = home / "gpodder" / "Downloads" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def gpodder(url, home):
    """gPodder, from subscription to download."""
    gpo_subscribe(url, home)
    pending = gpo("pending", home=home)
    gpo("download", home=home)
    listed = _listed(
        home / "gpodder" / "Database",
        "SELECT guid, title, file_size AS bytes, total_time AS seconds, url FROM episode",
    )
    assert all(each["title"] in pending for each in listed.values())
    return Heard(listed, bytes_below(home))


def newsboat(url, home):
    """newsboat, whose parser is strict and in C++, and podboat, which downloads."""
    program, loader = tool("newsboat"), tool("podboat")
    folder = home / ".newsboat"
    folder.mkdir()
    (folder / "urls").write_text(f"{url}\n", encoding="utf-8")
    config = f'download-path "{home}/sound"\npodcast-auto-enqueue yes\nmax-downloads 3\n'
    (folder / "config").write_text(config, encoding="utf-8")
    # It says nothing where all is well.
    assert run(program, "-x", "reload", home=home) == ""
    listed = _listed(
        home / ".newsboat" / "cache.db",
        "SELECT guid, title, enclosure_url AS url, enclosure_type AS kind FROM rss_item",
    )
    _load(loader, home, len(listed))
    return Heard(listed, bytes_below(home))


def _load(loader, home, count):
    """Let podboat, which wants a terminal, download all that is queued, and quit."""
    pid, terminal = pty.fork()
    if pid == 0:
        env = {"HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm", "LANG": "C.UTF-8"}
        os.execve(loader, [loader, "-a"], env)
    shown, is_asked, end_s = b"", False, time.monotonic() + _LIMIT_S
    while True:
        left_s = end_s - time.monotonic()
        assert left_s > 0, shown
        if select.select([terminal], [], [], min(left_s, 0.2))[0]:
            try:
                shown += os.read(terminal, 65536)
            except OSError:
                # Linux says so when the program on the other side has gone.
                break
        if not is_asked and len(list((home / "sound").rglob("*.mp3"))) == count:
            # It asks back where its list is not yet as far as the files are.
            os.write(terminal, b"qy")
            is_asked = True
    os.close(terminal)
    assert os.waitpid(pid, 0)[1] == 0, shown


def podget(url, home):
    """podget: bash, grep and wget."""
    program = tool("podget")
    for name in ("conf", "session", "sound"):
        (home / name).mkdir()
    (home / "conf" / "serverlist").write_text(f"{url} News Show\n", encoding="utf-8")
    folders = ("-d", home / "conf", "--dir_session", home / "session", "-l", home / "sound")
    # The first session writes its settings, and tries them with a single episode.
    for _ in range(2):
        run(program, *folders, "-s", home=home)
    return Heard(None, bytes_below(home / "sound"))


def _listed(database, query):
    """Return the rows of a table by GUID."""
    rows = [dict(row) for row in _rows(database, query)]
    return {row.pop("guid"): row for row in rows}


def _rows(database, query):
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    try:
        return [*connection.execute(query)]
    finally:
        connection.close()
