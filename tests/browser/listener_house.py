"""Shows as listeners find them: built by the pipeline, opened from a disk and from a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from audiobrief.model.audio import Loudness
from audiobrief.model.episode import TimedSegment
from audiobrief.model.script import Role
from audiobrief.publish.pages import render_episode_page
from tests.publish.shows import make_episode, make_show
from tests.support import run_audiobrief

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://pod.example/"
SETTINGS = f"""
[show]
title = "Harbor Brief"
description = "News from the island, read aloud."
author = "Ada Marsh"
base_url = "{BASE}"
"""
PARTS = (
    ("The pier", "engineers", "Ana Ruiz", "We tested every plank of the pier, and it will hold"),
    ("The boats", "captains", "Jonas Aldermere", "Both boats were painted while they lay idle"),
    ("The fares", "merchants", "Mara Quist", "A ticket costs what it cost before the storm"),
    ("The winter", "islanders", "Lee Ong", "We stayed in the dark café and told old stories"),
)
#: Ends what it stands in, wherever it is put without care.
HOSTILE = "Storm </script></style></textarea>\"'><img src=x onerror=alert(1)> {{7*7}} <!-- hits"


def article():
    """Return an article with headings and quotations, of about two minutes of tones."""
    lines = [
        "# Ferry returns to the old harbor",
        "The ferry across the bay will run again from Monday, eleven months after the storm.",
    ]
    for heading, people, name, words in PARTS:
        lines += [
            f"## {heading}",
            f"For eleven months the {people} of the island had waited for this day to come.",
            f'"{words}," {name} said on Friday. "Nobody will forget it."',
            f"The {people} will meet again in spring, when the days are longer than the nights.",
        ]
    return "\n\n".join(lines) + "\n"


@dataclass(frozen=True)
class Home:
    """Where a show is."""

    #: Of the episodes' folder, with a closing slash.
    url: str
    folder: Path

    @property
    def manifest(self):
        """What the episode of the ferry is."""
        (path,) = self.folder.glob("*ferry*/episode.json")
        return json.loads(path.read_bytes())

    def page(self, word="ferry", *, then=""):
        """Return the address of an episode's page."""
        (path,) = self.folder.glob(f"*{word}*/index.html")
        return f"{self.url}{path.parent.name}/index.html{then}"


@cache
def _workspace(home):
    # Once for all files of tests, which each have a fixture of their own.
    root = home / "listeners"
    root.mkdir()
    (root / "audiobrief.toml").write_text(SETTINGS, encoding="utf-8")
    inbox = root / "articles"
    inbox.mkdir()
    (inbox / "ferry.md").write_text(article(), encoding="utf-8")
    lines = (
        HOSTILE,
        f"The captain wrote {HOSTILE} on the wall of the harbor office on Friday morning.",
        f'"Somebody else wrote {HOSTILE} below it in the night," Ana Ruiz said after the storm.',
        "Nobody on the island knows what it means, and it will be painted over in spring.",
    )
    (inbox / "storm.txt").write_text("\n\n".join(lines), encoding="utf-8")
    run = run_audiobrief("build", "--engine", "tone", "--json", cwd=root)
    assert run.code == 0, run.stderr
    return root


@pytest.fixture(scope="session", name="workspace")
def workspace_fixture(tmp_path_factory):
    """Return a workspace with two episodes; the other one is hostile."""
    return _workspace(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session", name="on_disk")
def on_disk_fixture(workspace):
    """Return the show as a double click opens it."""
    folder = workspace / "episodes"
    return Home(f"{folder.as_uri()}/", folder)


@pytest.fixture(scope="module", name="served")
def served_fixture(workspace):
    """Return the show as the command serves it."""
    with serving(workspace) as url:
        yield Home(url, workspace / "episodes")


@pytest.fixture(params=["disk", "server"], name="home")
def home_fixture(request):
    """Return the show in both places, one after the other."""
    return request.getfixturevalue("on_disk" if request.param == "disk" else "served")


@contextmanager
def serving(folder):
    """Run ``audiobrief serve``; yield its address."""
    with subprocess.Popen(
        [sys.executable, "-m", "audiobrief", "serve", "--json", "--port", "0"],
        cwd=folder,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.kill()


class Tab:
    """A tab of a browser, and all that went wrong in it."""

    def __init__(self, context):
        self.page = context.new_page()
        self.troubles = []
        self.requests = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("dialog", self._refuse)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", self._judge)

    def _hear(self, message):
        if message.type in {"error", "warning"}:
            self.troubles.append(message.text)

    def _refuse(self, dialog):
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _judge(self, response):
        if response.status >= 400:
            self.troubles.append(f"{response.status} {response.url}")

    def until(self, condition):
        """Wait for a condition of JavaScript, in which ``audio`` is the player."""
        self.page.evaluate(
            f"""async () => {{
                const audio = document.querySelector("audio");
                const end = performance.now() + 10000;
                while (!({condition})) {{
                    if (performance.now() > end) throw new Error({json.dumps(condition)});
                    await new Promise((next) => setTimeout(next, 20));
                }}
            }}"""
        )

    def ask(self, expression):
        """Return what an expression of JavaScript is, in which ``audio`` is the player."""
        return self.page.evaluate(
            f'() => {{ const audio = document.querySelector("audio"); return {expression}; }}'
        )


@contextmanager
def tab_of(browser, **options):
    """Open a tab with a memory of its own; nothing may have gone wrong in it at the end."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.set_default_timeout(10_000)
    try:
        tab = Tab(context)
        yield tab
        assert not tab.troubles, tab.troubles
        elsewhere = ("file:", "http://127.0.0.1:", "http://localhost:", "about:", "blob:", "data:")
        away = [url for url in tab.requests if not url.startswith(elsewhere)]
        assert not away, away
    finally:
        context.close()


@pytest.fixture(name="tab")
def tab_fixture(browser):
    """Return a tab of 1280 x 800."""
    with tab_of(browser) as tab:
        yield tab


@pytest.fixture(name="clipboard")
def clipboard_fixture(browser):
    """Return a tab that may read what was copied."""
    allowed = ["clipboard-read", "clipboard-write"]
    with tab_of(browser, permissions=allowed) as tab:
        yield tab


def segments_of(count, *, language="en", texts=None):
    """Return an episode of many segments, a third of them quoted."""
    texts = texts or (
        "The ferry to Harbor Island sails again after nine weeks of repairs on the pier.",
        "Nobody in the harbor expected the work to be done before the autumn storms.",
        "We missed three things: bread, mail and a way home.",
    )
    segments = tuple(
        TimedSegment(
            id=f"s{number}",
            role=Role.QUOTE if number % 3 == 2 else Role.NARRATOR,
            speaker="Mara Quist" if number % 3 == 2 else None,
            voice="anchor",
            text=texts[number % len(texts)],
            spoken="",
            start_ms=4000 * number,
            end_ms=4000 * number + 3800,
            source=(number, number + 1),
            paragraph=number // 3,
        )
        for number in range(count)
    )
    plain = make_episode()
    return replace(
        plain,
        segments=segments,
        language=language,
        loudness=Loudness(-16.0, -1.5),
        enclosure=replace(plain.enclosure, duration_ms=4000 * count),
    )


def put_page(folder, episode, **show):
    """Write a page of an episode without its sound; return its address."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "index.html"
    page.write_text(render_episode_page(make_show(**show), episode), encoding="utf-8", newline="\n")
    return page.as_uri()
