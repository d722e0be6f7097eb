"""``python -m tests.torture``: all parts, or some, and a report of what they found.

Examples:
  python -m tests.torture                             everything: an hour or more
  python -m tests.torture kills power_cut --most 20   two parts, twenty points each
  python -m tests.torture 1 3 4 --report torture.md   by number; torture.json is written beside it
  python -m tests.torture soak --hours 24 --report soak.md   a day; soak.csv and soak.svg, too

Exit code 0: nothing was violated; 1: something was; 2: a part could not run.
"""

import argparse
import contextlib
import importlib
import json
import os
import platform
import sys
import tempfile
import time
import traceback
from dataclasses import asdict
from pathlib import Path

from tests.torture.house import Part

#: Modules with a function ``run(place, *, most=None, seed=0) -> Part``, and the parts' numbers.
PARTS = {
    "kills": 1,
    "syscalls": 2,
    "order": 3,
    "power_cut": 4,
    "full_disk": 5,
    "limits": 6,
    "together": 7,
    "flips": 8,
    "truncated": 9,
    "clocks": 10,
    "engines": 11,
    "far_workers": 13,
    "shards": 14,
    "near_workers": 15,
    "fsync_cost": 16,
    "soak": 17,
}
#: How many lines of one part's violations the Markdown has; the JSON has all.
SHOWN = 40


def main():
    """Run what is asked for; return the exit code."""
    asked = _asked()
    known = {**{name: name for name in PARTS}, **{str(n): name for name, n in PARTS.items()}}
    unknown = [name for name in asked.parts if name not in known]
    if unknown:
        sys.stderr.write(f"no part {', '.join(unknown)}; there are {', '.join(known)}\n")
        return 2
    names = [known[name] for name in asked.parts] or list(PARTS)
    done, broken = [], []
    with contextlib.ExitStack() as stack:
        place = asked.place or stack.enter_context(tempfile.TemporaryDirectory(prefix="torture-"))
        for name in dict.fromkeys(names):
            sys.stderr.write(f"{name} ...\n")
            started = time.perf_counter()
            try:
                part = _run(name, Path(place) / name, asked)
            except Exception:  # noqa: BLE001 - one part never stops the others
                traceback.print_exc()
                broken.append(name)
                continue
            part.seconds = round(time.perf_counter() - started, 1)
            sys.stderr.write(f"{_row(part)}\n")
            done.append(part)
            _write(asked.report, done, broken, asked)
    sys.stdout.write(rendered(done, broken, asked))
    return 2 if broken else int(any(part.violations for part in done))


def _asked():
    parser = argparse.ArgumentParser(
        prog="python -m tests.torture",
        description=__doc__.partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--most", "--rounds", type=int, help="points of each part at most")
    parser.add_argument("--seed", type=int, default=0, help="of all that is random (default: 0)")
    parser.add_argument("--report", type=Path, help="Markdown; a JSON file is written beside it")
    parser.add_argument("--hours", type=float, default=24, help="of the soak's day (default: 24)")
    parser.add_argument("--place", type=Path, help="where to work; default: a temporary folder")
    return parser.parse_args()


def _run(name, place, asked):
    place.mkdir(parents=True, exist_ok=True)
    part = importlib.import_module(f"tests.torture.{name}")
    more = {"hours": asked.hours, "report": asked.report} if name == "soak" else {}
    return part.run(place, most=asked.most, seed=asked.seed, **more)


def _write(report, parts, broken, asked):
    if report is None:
        return
    report.write_text(rendered(parts, broken, asked), encoding="utf-8")
    content = {**_machine(), "seed": asked.seed, "most": asked.most, "broken": broken}
    content["parts"] = [asdict(part) for part in parts]
    text = json.dumps(content, indent=1, default=str, ensure_ascii=False) + "\n"
    report.with_suffix(".json").write_text(text, encoding="utf-8")


def _machine():
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "cores": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
    }


def rendered(parts, broken, asked):
    """Return the report as Markdown."""
    machine = ", ".join(f"{name} {value}" for name, value in _machine().items())
    most = "" if asked.most is None else f", {asked.most} points of each part at most"
    lines = ["# Torture", "", f"{machine}; seed {asked.seed}{most}.", ""]
    lines += ["| part | name | points | violations | seconds | what was hit |"]
    lines += ["|---|---|---|---|---|---|", *map(_row, parts)]
    lines += [f"| {PARTS[name]} | {name} | could not run | | | |" for name in broken]
    for part in parts:
        if part.violations or part.notes:
            lines += ["", f"## {part.number} {part.name}", ""]
            lines += [f"- note: {note}" for note in part.notes]
            lines += [f"- **{line[:600]}**".replace("\n", " ") for line in part.violations[:SHOWN]]
            more = len(part.violations) - SHOWN
            lines += [f"- and {more} more, in the JSON file"] if more > 0 else []
    return "\n".join(lines) + "\n"


def _row(part: Part):
    facts = "; ".join(f"{name}: {value}" for name, value in part.facts.items())
    wrong = len(part.violations)
    cells = (part.number, part.name, part.points, wrong, part.seconds, facts)
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
