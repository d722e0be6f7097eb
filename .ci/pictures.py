"""Make the pictures of the README: a real build in a terminal, and the waveform of its episode.

Usage: .venv/bin/python .ci/pictures.py
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

import numpy as np
import soundfile
from rich.console import Console
from rich.text import Text

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
#: One color a voice, told apart in gray too (Okabe and Ito's palette, darkened for white paper).
COLORS = {
    "anchor": "#33658a",
    "guest-1": "#b4540a",
    "guest-2": "#0b7a5c",
    "guest-3": "#a13d78",
    "guest-4": "#7a6a00",
    "guest-5": "#5b4a9e",
    "guest-6": "#6b6b6b",
}
WIDTH, HEIGHT, TOP = 960, 150, 34


def main() -> None:
    """Build the sample in an empty workspace and draw what came of it."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "morning-brief"
        env = {**os.environ, "SOURCE_DATE_EPOCH": "1773532800"}

        def run(*arguments: str, cwd: Path = workspace) -> str:
            command = [sys.executable, "-m", "audiobrief", *arguments]
            return subprocess.run(
                command, cwd=cwd, env=env, capture_output=True, text=True, check=True
            ).stdout

        made = run("init", "morning-brief", cwd=workspace.parent)
        script = run("script", "articles/harbor-ferry.txt")
        built = run("build")
        checked = run("check")
        status = run("status")
        (manifest,) = workspace.glob("episodes/*/episode.json")
        _terminal(made, script, built, checked, status)
        _waveform(manifest)


def _terminal(made: str, script: str, built: str, checked: str, status: str) -> None:
    console = Console(record=True, width=96, file=io.StringIO(), force_terminal=True)
    body, _, dropped = script.partition("\nNot spoken")

    def prompt(command: str) -> None:
        console.print(Text("$ ", style="bold green") + Text(command, style="bold"))

    def show(text: str, lines: int) -> None:
        for line in text.strip().splitlines()[:lines]:
            shown = line if len(line) <= 94 else line[:93] + "…"
            console.print(Text(shown))
        if len(text.strip().splitlines()) > lines:
            console.print(Text("…", style="dim"))

    prompt("audiobrief init morning-brief && cd morning-brief")
    show(made.replace("morning-brief/", ""), 0)
    prompt("audiobrief script articles/harbor-ferry.txt")
    show(body, 14)
    show("Not spoken" + dropped, 6)
    prompt("audiobrief build")
    show(built, 9)
    prompt("audiobrief check")
    show(re.sub(r": \S*episodes", ": episodes", checked), 4)
    prompt("audiobrief status")
    show(status, 3)
    svg = console.export_svg(title="audiobrief")
    # The exported picture would fetch a font from the web.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
    (PICTURES / "terminal.svg").write_text(svg, encoding="utf-8")


def _waveform(manifest: Path) -> None:
    episode = json.loads(manifest.read_bytes())
    samples, rate = soundfile.read(manifest.parent / episode["enclosure"]["file"])
    length_ms = 1000 * len(samples) / rate
    middle = TOP + HEIGHT / 2
    bars = []
    for x in range(0, WIDTH, 3):
        first, end = (len(samples) * n // WIDTH for n in (x, x + 3))
        level = float(np.max(np.abs(samples[first:end]), initial=0.0))
        at_ms = length_ms * x / WIDTH
        voice = next(
            (s["voice"] for s in episode["segments"] if s["start_ms"] <= at_ms < s["end_ms"]), None
        )
        color = COLORS.get(voice or "", "#9aa0a6")
        half = max(1.0, level * HEIGHT / 2)
        bars.append(
            f'<rect x="{x}" y="{middle - half:.1f}" width="2" height="{2 * half:.1f}"'
            f' fill="{color}"/>'
        )
    seen: dict[str, str] = {}
    for segment in episode["segments"]:
        seen.setdefault(segment["voice"], segment["speaker"] or "Narrator")
    legend = "".join(
        f'<rect x="{n * 180}" y="8" width="12" height="12" fill="{COLORS[voice]}"/>'
        f'<text x="{n * 180 + 18}" y="19">{escape(who)}</text>'
        for n, (voice, who) in enumerate(seen.items())
    )
    ticks = "".join(
        f'<text x="{WIDTH * c["start_ms"] / length_ms:.0f}" y="{TOP + HEIGHT + 18}">'
        f"▲ {escape(c['title'])}</text>"
        for c in episode["chapters"]
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {TOP + HEIGHT + 26}" '
        'font-family="system-ui, sans-serif" font-size="13" fill="#333">'
        f'<rect width="100%" height="100%" fill="#fff"/>{legend}{"".join(bars)}{ticks}</svg>\n'
    )
    (PICTURES / "episode.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
