"""A show as listeners find it: built by the pipeline, served by the command, on loopback."""

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tests.support import run_audiobrief

TITLE = "Harbor & Bay: the Post"
#: By day; what stands in feeds must be escaped, and what is not ASCII must survive.
_TITLES = {2: "The ferry is back", 3: 'Cafés < 100 % & "open"', 4: "Where the 8:15 train goes"}
#: So long that each part is a chapter.
_ARTICLE = """\
---
title: {title}
date: 2026-03-0{day}T06:00:00Z
---

The boat across the bay will run again from Monday, eleven months after a storm sank the pier on
the northern side. The town council had set aside money for a new one in the summer, and masons
worked on it through the autumn, on most days in the rain.

## What was built

The new pier stands on forty steel posts, and each of them reaches nine meters into the ground.
"We tested every plank and every bolt of the new pier, and we are sure that it will hold," Ana
Ruiz said. Lamps along the rail burn all night, so that boats find it in fog.

## What it costs

The first boat leaves at six in the morning, and tickets cost the same as before the storm. People
who live on the northern side pay half, children pay nothing, and bicycles travel without a ticket
on all boats but the first one, which has always been full.
"""


@dataclass(frozen=True)
class Show:
    """A show that is served."""

    #: With its closing slash.
    base_url: str
    root: Path

    @property
    def feed_url(self):
        """What is given to a podcast app."""
        return f"{self.base_url}feed.xml"

    @property
    def episodes(self):
        """Manifests, the newest first, each with its folder's name as ``directory``."""
        paths = sorted(self.root.glob("*/episode.json"), reverse=True)
        return [json.loads(p.read_bytes()) | {"directory": p.parent.name} for p in paths]

    @property
    def sounds(self):
        """All sound by the name of its file."""
        return {path.name: path.read_bytes() for path in self.root.glob("*/*.mp3")}

    def count(self, kind, status):
        """Return how often the server has answered so."""
        wanted = f'audiobrief_requests_total{{kind="{kind}",status="{status}"}} '
        with urlopen(f"{self.base_url}metrics") as answer:
            lines = answer.read().decode().splitlines()
        return sum(int(line.removeprefix(wanted)) for line in lines if line.startswith(wanted))


@dataclass(frozen=True)
class Feed:
    """A feed of a show, as it is given to somebody."""

    show: Show
    #: What is given to a podcast app.
    url: str
    #: What all its addresses begin with.
    base_url: str


def public_feed(show):
    """Return the feed for everybody."""
    return Feed(show, show.feed_url, show.base_url)


def listeners_feed(show, name, *, is_basic=False):
    """Return the feed of a new listener of a private show: by its token's path, or by Basic."""
    run = run_audiobrief("listeners", "add", name, "--json", cwd=show.root.parent)
    assert run.code == 0, run.stderr
    url = own = run.json["address"]
    if is_basic:
        url = show.feed_url.replace("http://", f"http://{name}:{run.json['password']}@")
    return Feed(show, url, own.removesuffix("feed.xml"))


@contextmanager
def served(folder, publishing=""):
    """Build a show in an empty folder, and serve it until the block ends.

    Args:
        folder: The workspace.
        publishing: What stands under ``[publish]``.
    """
    (folder / "articles").mkdir(parents=True)
    for day, title in _TITLES.items():
        text = _ARTICLE.format(title=json.dumps(title, ensure_ascii=False), day=day)
        (folder / "articles" / f"{day}.md").write_text(text, encoding="utf-8")
    with reserved_port() as port:
        base_url = f"http://127.0.0.1:{port}/"
        text = f'[show]\ntitle = "{TITLE}"\nbase_url = "{base_url}"\n[publish]\n{publishing}'
        (folder / "audiobrief.toml").write_text(text, encoding="utf-8")
        run = run_audiobrief("build", "--engine", "tone", "--json", cwd=folder)
        assert run.code == 0, run.stderr
        with serving(folder):
            yield Show(base_url, folder / "episodes")


@contextmanager
def reserved_port():
    """Yield a port that nobody else is given meanwhile: bound, and not listened at."""
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


@contextmanager
def serving(folder):
    """Run ``audiobrief serve`` where the settings say; it must have met no trouble."""
    command = [sys.executable, "-m", "audiobrief", "serve", "--json"]
    with (
        (folder / "serve.err").open("wb") as err,
        subprocess.Popen(
            command, cwd=folder, env={**os.environ}, stdout=subprocess.PIPE, stderr=err, text=True
        ) as process,
    ):
        try:
            assert json.loads(process.stdout.readline())["event"] == "serving"
            yield
        finally:
            process.terminate()
            out, _ = process.communicate(timeout=20)
    assert '"failed"' not in out
    assert process.returncode == 0
