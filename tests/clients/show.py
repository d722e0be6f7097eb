"""A show as listeners find it: built by the pipeline, served by the command, on loopback."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tests.support import run_audiobrief

TITLE = "Harbor & Bay: the Post"
_SETTINGS = '[show]\ntitle = "{title}"\nbase_url = "{base_url}"\n'
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


@contextmanager
def served(folder):
    """Build a show in an empty folder, and serve it until the block ends."""
    (folder / "articles").mkdir(parents=True)
    for day, title in _TITLES.items():
        text = _ARTICLE.format(title=json.dumps(title, ensure_ascii=False), day=day)
        (folder / "articles" / f"{day}.md").write_text(text, encoding="utf-8")
    _set(folder, "http://127.0.0.1/")
    with serving(folder) as base_url:
        # Only now it is known where the feed says that it is.
        _set(folder, base_url)
        run = run_audiobrief("build", "--engine", "tone", "--json", cwd=folder)
        assert run.code == 0, run.stderr
        yield Show(base_url, folder / "episodes")


def _set(folder, base_url):
    text = _SETTINGS.format(title=TITLE, base_url=base_url)
    (folder / "audiobrief.toml").write_text(text, encoding="utf-8")


@contextmanager
def serving(folder, *arguments):
    """Run ``audiobrief serve`` at any free port; yield its address; it must have met no trouble."""
    command = [sys.executable, "-m", "audiobrief", "serve", "--json", "--port", "0", *arguments]
    with (
        (folder / "serve.err").open("wb") as err,
        subprocess.Popen(
            command, cwd=folder, env={**os.environ}, stdout=subprocess.PIPE, stderr=err, text=True
        ) as process,
    ):
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()
            out, _ = process.communicate(timeout=20)
    assert '"failed"' not in out
    assert process.returncode == 0
