"""Make the screenshots of the README: review, a listener's page, the report of a build.

Of a workspace that it builds itself, of own articles, with the default voices.
Usage: .venv/bin/python .ci/screenshots.py [NAME...]
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PICTURES = Path(__file__).resolve().parent / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--autoplay-policy=no-user-gesture-required",
)
#: What GitHub shows beside text; more would make the README slow.
MOST_BYTES = 150_000
DESKTOP, PHONE = (1280, 800), (390, 844)
FERRY = "ferry"
SETTINGS = """\
[show]
title = "Harbor Brief"
description = "The news of the islands, read aloud every morning."
author = "Harbor Brief"
base_url = "https://pod.example/"

[publish]
require_approval = true
"""
ARTICLES = {
    "lighthouse.md": """\
---
date: 2026-03-12
---
# The keeper of Skerry Point turns off the light

The last lighthouse keeper of the coast will leave Skerry Point on Sunday, after 41 years.

Share this story

Ingrid Halvorsen came for one winter and stayed. "I had brought two books," Halvorsen said.

From Monday a computer in the capital will watch the lamp, the fog horn and the weather mast.

"It will not miss the sunsets," she said. "I shall."

Sign up for our newsletter
""",
    "school.md": """\
---
date: 2026-03-13
---
# Eleven pupils, one teacher, and a new roof

The smallest school of the county has its roof back, four months after the storm took it.

Parents carried 2,300 tiles from the quay to the hill in a single weekend.

"Nobody was asked, and everybody came," said Tomasz Bielak, who teaches all eleven pupils.

The council paid for the tiles, the baker for the soup.
""",
    "ferry.md": """\
---
date: 2026-03-14
---
# Ferry returns to Tarrow Harbor after eleven winters

The ferry to Tarrow Harbor will sail again from Monday, eleven winters after a storm broke the pier.

Harbor master Maren Lindqvist told the town council on Friday that the new pier had passed its last
test at 4:30 a.m., in a swell of 2.5 m.

"We hung 60 tonnes from every second bolt," Lindqvist said. "Nothing moved but the seagulls."

## What it cost

The pier took three years and €14.2m, of which the county paid two thirds.

Councillor Ade Okonjo, who voted against it in 2023, will be on the first boat.

"I was wrong about the money, and I was wrong about the winter," Okonjo said. "I was right about
the color."

## When it sails

The first boat leaves at six in the morning, and the crossing takes 38 minutes.

A ticket costs what it cost before the storm: £4, or £2.50 for those who bring a bicycle.

Share

Share this with family and friends

Sign up for our newsletter

Read more
""",
}


def main() -> None:
    """Build, open, photograph; with names, only those."""
    PICTURES.mkdir(exist_ok=True)
    wanted = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Path(folder) / "harbor-brief"
        report = _build(workspace)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        with _reviewing(workspace) as url:
            episode = next(workspace.glob(f"episodes/*{FERRY}*")).name
            _review(url, episode)
            page = f"{url}episode/{episode}"
            listener = (workspace / "episodes" / episode / "index.html").as_uri()
            shots = {
                "review": lambda: _shoot(browser, "review", page, DESKTOP, act=_editing),
                "review-dark": lambda: _shoot(browser, "review-dark", page, DESKTOP, scheme="dark"),
                "review-phone": lambda: _shoot(browser, "review-phone", page, PHONE),
                "queue": lambda: _shoot(browser, "queue", url, DESKTOP),
                "listener": lambda: _shoot(browser, "listener", listener, DESKTOP),
                "listener-phone": lambda: _shoot(browser, "listener-phone", listener, PHONE),
                "report": lambda: _shoot(browser, "report", report.as_uri(), DESKTOP),
            }
            for name, shoot in shots.items():
                if not wanted or name in wanted:
                    shoot()
        browser.close()


def _build(workspace: Path) -> Path:
    """Build the episodes; return the report of the build."""
    (workspace / "articles").mkdir(parents=True)
    (workspace / "audiobrief.toml").write_text(SETTINGS, encoding="utf-8")
    for name, text in ARTICLES.items():
        (workspace / "articles" / name).write_text(text, encoding="utf-8")
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1773532800"}
    command = [sys.executable, "-m", "audiobrief", "build", "--json"]
    done = subprocess.run(
        command, cwd=workspace, env=env, capture_output=True, text=True, check=True
    )
    report: str = json.loads(done.stdout)["report"]
    return workspace / report


@contextmanager
def _reviewing(workspace: Path) -> Iterator[str]:
    """Run the review; give its address, with its closing slash."""
    command = [sys.executable, "-m", "audiobrief", "review", "--no-open", "--json", "--port", "0"]
    command += ["--by", "Ada"]
    with subprocess.Popen(command, cwd=workspace, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def _review(url: str, episode: str) -> None:
    """Approve some segments, and mark one that needs a fix, as an editor in the middle of work."""
    api = f"{url}api/episodes/{episode}"
    segments = _ask(api)["segments"]
    _mark(api, segments[:6], "approved")
    for segment in segments[6:9]:
        whole = [[0, segment["end_ms"] - segment["start_ms"]]]
        _ask(f"{api}/played", {"segment": segment["id"], "clip": segment["clip"], "ranges": whole})
    doubtful = next(segment for segment in segments[9:] if "Okonjo" in segment["text"])
    _mark(api, [doubtful], "needs fix", note="Is it oh-KON-jo?")


def _mark(api: str, segments: list[dict[str, Any]], verdict: str, note: str = "") -> None:
    marked = [{"id": segment["id"], "clip": segment["clip"]} for segment in segments]
    _ask(f"{api}/mark", {"segments": marked, "verdict": verdict, "note": note})


def _ask(url: str, body: object = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    fields = {"Content-Type": "application/json", "X-Audiobrief": "review"} if content else {}
    with urllib.request.urlopen(urllib.request.Request(url, content, fields)) as answer:
        return json.loads(answer.read())


def _editing(page: Page) -> None:
    """Open the editor of the segment whose name is doubtful."""
    card = page.locator("#cards > .card", has_text="Okonjo").first
    card.locator("[data-act=edit]").click()
    card.scroll_into_view_if_needed()


def _shoot(
    browser: Browser,
    name: str,
    url: str,
    size: tuple[int, int],
    *,
    scheme: str = "light",
    act: Any = None,
) -> None:
    """Write what a screen shows of a page."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        device_scale_factor=2 if size == PHONE else 1.5,
        is_mobile=size == PHONE,
        has_touch=size == PHONE,
        # For the style below.
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(url)
    # The list of segments or of episodes; on a phone others are hidden.
    page.locator("main li").locator("visible=true").first.wait_for()
    # Where no scroll bar is photographed, none needs room.
    page.add_style_tag(content="html { scrollbar-gutter: auto !important }")
    # The waveform is drawn when its sound is known.
    page.wait_for_timeout(600)
    if act is not None:
        act(page)
        page.wait_for_timeout(200)
    _write(PICTURES / f"{name}.webp", page.screenshot())
    context.close()


def _write(path: Path, content: bytes) -> None:
    """Write a picture as small as it must be."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    for quality in (90, 80, 70, 60, 50):
        picture.save(path, quality=quality, method=6)
        if path.stat().st_size <= MOST_BYTES:
            break
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB, {picture.size}")


if __name__ == "__main__":
    main()
