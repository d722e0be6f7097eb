"""What tests of the whole product share: the command as users run it, and what must always hold."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import feedparser
import pytest

from tests.warm import client

#: Under which name the workspaces of finished builds hold their article.
ARTICLE_NAME = "article.txt"
SHARED = Path(__file__).resolve().parents[1].parent / "shared"

ARTICLE = """\
Ferry returns to the old harbor

Ferry returns to the old harbor

The ferry across the bay will run again from Monday, eleven months after a storm sank its pier.

Harbor master Ana Ruiz announced the date at a meeting of the town council on Friday evening.

"We tested every plank and every bolt of the new pier, and we are sure that it will hold," \
Ana Ruiz said.

The first boat leaves at six in the morning, and tickets cost the same as before.

Share
Sign up for our newsletter
"""


EDITED = ARTICLE.replace("six in the morning", "seven in the morning")
OTHER = """\
Council approves a new library

The town council approved a library beside the market on Tuesday, after two years of debate.

Building begins in spring, and the doors open in the autumn of next year, the mayor promised.
"""


@dataclass(frozen=True)
class Run:
    """A finished command."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self):
        """The one document on stdout."""
        return json.loads(self.stdout)


def run_audiobrief(*arguments, cwd, env=None, stdin="", limit_s=120):
    """Run the command in a process of its own, as a user does."""
    arguments = [*map(str, arguments)]
    env = {**os.environ, "NO_COLOR": "1", **(env or {})}
    stdin = stdin.encode() if isinstance(stdin, str) else stdin
    if client.is_possible(env):
        code, *told = client.run(arguments, cwd=cwd, env=env, stdin=stdin, limit_s=limit_s)
    else:
        done = subprocess.run(
            [sys.executable, "-m", "audiobrief", *arguments],
            cwd=cwd,
            env=env,
            input=stdin,
            capture_output=True,
            timeout=limit_s,
            check=False,
        )
        code, told = done.returncode, [done.stdout, done.stderr]
    return Run(code, *(text.decode(errors="replace") for text in told))


def invariant(episodes: Path) -> list[str]:
    """Return what is wrong with a folder of episodes: nothing, after whatever happened.

    The feed parses, and every enclosure that it names is there with its length and digest.
    """
    feed = episodes / "feed.xml"
    if not feed.exists():
        return []
    parsed = feedparser.parse(feed.read_bytes())
    wrong = ["the feed does not parse"] if parsed.bozo or not parsed.entries else []
    manifests = {}
    for path in episodes.glob("*/episode.json"):
        data = json.loads(path.read_bytes())
        manifests[data["guid"]] = (path.parent, data["enclosure"])
    for entry in parsed.entries:
        (enclosure,) = entry.enclosures
        path = episodes.joinpath(*enclosure.href.split("/")[-2:])
        if not path.is_file():
            wrong.append(f"{path.name} is named by the feed but missing")
            continue
        content = path.read_bytes()
        if len(content) != int(enclosure.length):
            wrong.append(f"{path.name} has {len(content)} bytes, the feed says {enclosure.length}")
        if hashlib.sha256(content).hexdigest()[:8] != path.stem[-8:]:
            wrong.append(f"{path.name} is not what its name says")
    return wrong


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return every file below a folder with its time of change and its bytes."""
    return {
        p.relative_to(folder).as_posix(): (p.stat().st_mtime_ns, p.read_bytes())
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def manifest(workspace: Path) -> dict:
    """Return the one manifest of a workspace."""
    (path,) = workspace.glob("episodes/*/episode.json")
    return json.loads(path.read_bytes())


def tool(name):
    """Return a program that judges from outside; without it the test is skipped."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def only(run):
    """Return the one episode of a build's report."""
    assert run.code == 0, run.stderr
    (episode,) = run.json["episodes"]
    return episode
