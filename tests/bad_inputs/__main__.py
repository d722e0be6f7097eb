"""Run the table and print it with what was measured.

python -m tests.bad_inputs [NUMBER...] [--report FILE]
"""
# ruff: noqa: T201 - it is a command

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bad_inputs.run import attempted, tracer
from tests.bad_inputs.table import ROWS


def main():
    """Run what is asked for; the exit code is 1 if something is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.bad_inputs")
    parser.add_argument("numbers", nargs="*", type=int, help="of rows; none: all")
    parser.add_argument("--report", type=Path, help="a Markdown file")
    asked = parser.parse_args()
    lines = [
        "| # | input | expected | as it must be | CPU s | wall s | MB |",
        "|--:|-|-|-|--:|--:|--:|",
    ]
    worst = [0.0, 0.0, 0.0]
    wrong_count = 0
    for case in ROWS:
        if asked.numbers and case.number not in asked.numbers:
            continue
        figures = [0.0, 0.0, 0.0]
        wrong = []
        for number, attempt in enumerate(case.tries):
            root = Path(tempfile.mkdtemp(prefix=f"bad-{case.number}-{number}-"))
            ran, faults = attempted(attempt, root)
            wrong += faults[:8]
            figures = [*map(max, figures, (ran.cpu_s, ran.wall_s, ran.peak_mb))]
            if not faults:
                shutil.rmtree(root)
            else:
                print(f"{case.number}: kept in {root}", file=sys.stderr)
        for fault in wrong:
            print(f"{case.number}: {fault}", file=sys.stderr)
        worst = [*map(max, worst, figures)]
        wrong_count += bool(wrong)
        lines.append(
            f"| {case.number} | {case.what} | {case.expected.value} | {'NO' if wrong else 'yes'} "
            f"| {figures[0]:.1f} | {figures[1]:.1f} | {figures[2]:.0f} |"
        )
        print(lines[-1], flush=True)
    count = len(lines) - 2
    lines += ["", "Where this differs from what was proposed:", ""]
    lines += [f"- {case.number}: {case.deviation}" for case in ROWS if case.deviation]
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    traced = (
        "strace saw every process" if tracer() else "strace may not trace here: audit hooks alone"
    )
    lines += [
        "",
        (
            f"{count - wrong_count} of {count} as they must be. Worst: {worst[0]:.1f} CPU s, "
            f"{worst[1]:.1f} s of wall time, {worst[2]:.0f} MB. Load: {load}; {traced}."
        ),
    ]
    print(lines[-1])
    if asked.report:
        asked.report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(wrong_count > 0)


if __name__ == "__main__":
    main()
