"""Make the pictures of the README: a real build in a terminal, and the waveform of its episode.

Usage: .venv/bin/python .ci/pictures.py
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from array import array
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
from rich.console import Console
from rich.text import Text

from audiobrief.model.audio import Curve, SoundSpec
from audiobrief.publish.picture import render_picture
from audiobrief.sound.filters import k_weighting
from audiobrief.sound.loudness import energy_of_rows
from audiobrief.store.manifest import read_manifest

if TYPE_CHECKING:
    import numpy.typing as npt

HERE = Path(__file__).resolve().parent
PICTURES = HERE / "pictures"
#: An MP3 frame (MPEG-1).
STEP_FRAMES = 1152


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
    episode = read_manifest(manifest)
    samples, rate = soundfile.read(manifest.parent / episode.enclosure.file)
    svg = render_picture(
        _curve(samples, rate),
        episode.segments,
        episode.chapters,
        duration_ms=episode.enclosure.duration_ms,
        loudness_lufs=SoundSpec().loudness_lufs,
    )
    (PICTURES / "episode.svg").write_text(svg, encoding="utf-8", newline="\n")


def _curve(samples: npt.NDArray[np.float64], rate: int) -> Curve:
    """Return the curve of a decoded mono file."""
    weighted, _ = k_weighting(rate).run(samples)
    shape = (-(-samples.size // STEP_FRAMES), STEP_FRAMES)
    padding = (0, -samples.size % STEP_FRAMES)
    peaks = np.abs(np.pad(samples, padding)).reshape(shape).max(axis=1)
    # Mono is heard from two loudspeakers.
    energies = 2.0 * energy_of_rows(np.pad(weighted, padding).reshape(shape))
    return Curve(
        step_frames=STEP_FRAMES,
        sample_rate_hz=rate,
        peaks=np.rint(255 * np.minimum(peaks, 1.0)).astype(np.uint8).tobytes(),
        energies=array("f", energies.tolist()),
    )


if __name__ == "__main__":
    main()
