"""The review page as an editor has it: a workspace that was really built, a server, a browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.support import run_audiobrief

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
SETTINGS = """
[show]
title = "Harbor News"

[publish]
require_approval = true
"""
#: How many episodes there are that a test may change as it likes.
SPARE = 20
FERRY = """\
# Ferry news {number}

Ferry news {number}

The ferry across the bay will run again from Monday.

Sergei Lavrov, who owns the old boat, will be on the first crossing.

"My father took this boat in 1961," Sergei Lavrov said.

The first boat leaves at six in the morning.

Share

Sign up for our newsletter
"""
#: A name that stands in these two alone, in three segments.
COUNCIL = """\
# Council {title}

Mayor Zyrianov opened the meeting of the council on Tuesday with a short speech about the winter.

{more}
"""
BRIDGE = """\
# A bridge for the valley

The valley will have its bridge after all, the county decided on Wednesday.

Engineer Olena Brandt opened the meeting with a model that was as long as the table.

"This bridge carries a train, a bus and a hundred bicycles at the same time," Olena Brandt said.

## Why the old one fell

The old bridge stood for ninety years before a flood took two of its three pillars.

Nobody was hurt, because a night watchman named Peter Holm had closed it an hour earlier.

"I heard the stones move, and I did not ask anybody," Peter Holm said.

## What comes next

Work begins in April, and the first train is expected in the autumn of the following year.

Tickets will cost the same as before, the county promised.
"""
#: Text that would be code wherever it is put without care.
HOSTILE = """\
# Storm </script><img src=x onerror=alert(1)> over the bay

The storm </script><script>alert(1)</script> broke <b onmouseover=alert(2)>nothing</b> of the pier.

The harbor master looked at every plank and every bolt of it on the morning after the storm.
"""


def build_workspace(root: Path) -> None:
    """Build all episodes with the default engine."""
    articles = root / "articles"
    articles.mkdir(parents=True)
    (root / "audiobrief.toml").write_text(SETTINGS, encoding="utf-8")
    texts = {f"ferry-{n:02}": FERRY.format(number=n) for n in range(1, SPARE + 1)}
    texts["bridge"] = BRIDGE
    texts["council-budget"] = COUNCIL.format(
        title="budget", more="Nobody but Zyrianov spoke, and all agreed."
    )
    texts["council-library"] = COUNCIL.format(title="library", more="The doors open in spring.")
    texts["storm"] = HOSTILE
    for name, text in texts.items():
        (articles / f"{name}.md").write_text(text, encoding="utf-8")
    done = run_audiobrief("build", "--json", cwd=root)
    assert done.code == 0, done.stderr


@dataclass
class Desk:
    """A workspace, and the server that shows it."""

    #: The workspace as it was built, which is left alone.
    built: Path
    root: Path
    process: subprocess.Popen | None = None
    url: str = ""
    spare: int = 0

    def start(self, port: int = 0) -> None:
        """Start the server, as a user does."""
        command = ["review", "--no-open", "--json", "--by", "Ana", "--port", str(port)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "audiobrief", *command],
            cwd=self.root,
            env={**os.environ, "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        line = self.process.stdout.readline()
        assert line.startswith('{"event": "reviewing"'), line + self.process.communicate()[0]
        self.url = json.loads(line)["url"].rstrip("/")

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def renew(self) -> None:
        """Begin with all episodes as they were built."""
        if self.process is not None:
            self.kill()
            shutil.rmtree(self.root)
        shutil.copytree(self.built, self.root)
        self.spare = 0
        self.start()

    def take(self) -> str:
        """Return the id of an episode that no other test has changed."""
        if self.spare == SPARE:
            self.renew()
        self.spare += 1
        return self.id_of(f"ferry-news-{self.spare}")

    def id_of(self, slug: str) -> str:
        """Return the id of an episode by the end of its folder's name."""
        (folder,) = self.root.glob(f"episodes/*-{slug}")
        return folder.name

    def folder(self, episode: str) -> Path:
        """Return where an episode lies."""
        return self.root / "episodes" / episode

    def manifest(self, episode: str) -> dict:
        """Return an episode's manifest."""
        return json.loads((self.folder(episode) / "episode.json").read_bytes())

    def bytes(self, path: str) -> bytes:
        """Return what an address of the server has."""
        with urllib.request.urlopen(self.url + path) as answer:
            return answer.read()

    def document(self, episode: str) -> dict:
        """Return what the server tells of an episode."""
        return json.loads(self.bytes(f"/api/episodes/{episode}"))

    def post(self, path: str, body: dict) -> dict:
        """Ask for a change as another page would."""
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "X-Audiobrief": "review"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())


@contextmanager
def building_elsewhere(root: Path):
    """Hold the workspace as another build does: nothing is built again meanwhile."""
    code = (
        "import sys; from pathlib import Path; from audiobrief.store.lock import briefly_locked\n"
        # The server may still build what an earlier test has changed.
        "with briefly_locked(Path('.audiobrief/lock'), patience_s=60):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.stdin.close()


@dataclass
class Sheet:
    """An episode's page, open in a browser."""

    page: Page
    desk: Desk
    id: str
    complaints: list[str] = field(default_factory=list)

    @property
    def api(self) -> str:
        """The address of the episode for programs."""
        return f"/api/episodes/{self.id}"

    def open(self, hash: str = "") -> Sheet:  # noqa: A002 - its name
        """Open or reload it, and wait until all is shown."""
        self.page.goto(f"{self.desk.url}/episode/{self.id}{hash}")
        self.ready()
        return self

    def reload(self) -> None:
        """Load it again."""
        self.page.reload()
        self.ready()

    def ready(self) -> None:
        """Wait until all segments are shown."""
        expect(self.page.locator("#cards[aria-busy=false] > .card").first).to_be_visible()

    def __getitem__(self, selector: str):
        """Return the elements of a selector."""
        return self.page.locator(selector)

    def card(self, number: int):
        """Return a segment's card by its number."""
        return self.page.locator(f"#cards > .card:nth-child({number})")

    def act(self, number: int, name: str):
        """Return a button of a card."""
        return self.card(number).locator(f"[data-act={name}]")

    def js(self, expression: str):
        """Return the value of an expression; `sound`, `clip` and `ear` are the audio elements."""
        names = ", ".join(f"{n} = document.getElementById('{n}')" for n in ("sound", "clip", "ear"))
        return self.page.evaluate(f"() => {{ const {names}; return ({expression}); }}")

    def when(self, condition: str, limit_ms: int = 15_000):
        """Wait until a condition holds, looked at in every frame; return its value."""
        names = ", ".join(f"{n} = document.getElementById('{n}')" for n in ("sound", "clip", "ear"))
        # Not page.wait_for_function, which needs what the page's policy forbids.
        return self.page.evaluate(
            f"""() => new Promise((done, fail) => {{
                const {names}, end = Date.now() + {limit_ms};
                const look = () => {{
                    const value = ({condition});
                    if (value) done(value);
                    else if (Date.now() > end) fail(new Error({json.dumps(condition)}));
                    else setTimeout(look, 8);
                }};
                look();
            }})"""
        )

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def says(self, words: str) -> None:
        """Expect that the live region says something."""
        expect(self["#say"]).to_contain_text(words)

    def built(self) -> None:
        """Wait until the sound is what the script says."""
        expect(self["#building"]).to_be_hidden()
        self.when("!document.querySelector('#building:not([hidden])')")

    def type(self, number: int, text: str) -> None:
        """Open a segment's editor and write other words."""
        self.act(number, "edit").click()
        self.card(number).locator("textarea").fill(text)

    def rewrite(self, number: int, text: str) -> None:
        """Change a segment's words, and save them."""
        self.type(number, text)
        self.press("Control+Enter")
        expect(self.card(number).locator(".text")).to_have_text(text)
        expect(self.act(number, "approve")).to_be_focused()
