"""Fuzz for some minutes, and tell what came of it.

    python -m tests.fuzz [TARGET]... [--minutes N] [--report FILE] [--by atheris|hypothesis]

Each target runs in a process of its own, one after another, for an equal share of the time. What
breaks something is kept in `corpus/TARGET/`, and is the next test.
"""
# ruff: noqa: T201 - it is a command

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.targets import TARGETS


def main():
    """Run what is asked for; the exit code is 1 if something was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", help=f"none: all of {', '.join(TARGETS)}")
    parser.add_argument("--minutes", type=float, default=5.0, help="for all of them together")
    parser.add_argument("--report", type=Path, help="a Markdown file, written after each target")
    parser.add_argument("--by", choices=("atheris", "hypothesis"), default=_usual())
    asked = parser.parse_args()
    if unknown := set(asked.targets) - TARGETS.keys():
        parser.error(f"no target: {', '.join(sorted(unknown))}")
    names = asked.targets or list(TARGETS)
    share_s = asked.minutes * 60 / len(names)
    lines = [
        f"Fuzzing with {asked.by}, {asked.minutes:g} minutes for {len(names)} targets.",
        "",
        "| target | minutes | inputs | per second | broken |",
        "|-|--:|--:|--:|-|",
    ]
    broken = 0
    for name in names:
        told = _run(name, share_s, asked.by)
        broken += len(told["broken"])
        took_s = max(told["seconds"], 0.001)
        count = told["inputs"]
        found = "; ".join(told["broken"]).replace("|", "\\|")
        figures = f"{took_s / 60:.1f} | {count:,} | {count / took_s:.0f}"
        lines.append(f"| {name} | {figures} | {found or 'nothing'} |")
        print(lines[-1], flush=True)
        if asked.report:
            load = " ".join(f"{value:.1f}" for value in os.getloadavg())
            text = "\n".join([*lines, "", f"Load of the machine at the end: {load}."])
            asked.report.write_text(f"{text}\n", encoding="utf-8")
    sys.exit(broken > 0)


def _usual():
    return "atheris" if importlib.util.find_spec("atheris") else "hypothesis"


def _run(name, seconds, by):
    """Run one target, and return what its process wrote down, whatever became of it."""
    with tempfile.TemporaryDirectory(prefix=f"audiobrief-fuzz-{name}-") as folder:
        tally = Path(folder) / "tally.json"
        command = [sys.executable, "-m", f"tests.fuzz.by_{by}", name, str(seconds), str(tally)]
        started = time.monotonic()
        environment = {**os.environ, "TMPDIR": folder}
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
        told = {"inputs": 0, "broken": []}
        if tally.exists():
            told = json.loads(tally.read_text(encoding="utf-8"))
        if done.returncode:
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            told["broken"].append(f"the process ended with {done.returncode}: {' '.join(last)}")
        return told | {"seconds": time.monotonic() - started}


if __name__ == "__main__":
    main()
