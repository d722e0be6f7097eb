"""Run bandit over the package; every finding needs its reason.

Usage: .venv/bin/python .ci/bandit.py BANDIT

ruff's rules S are bandit's, so a line that ruff was told about with `noqa: S603 - reason` needs no
second reason here. What bandit alone finds stands in bandit.toml. A reason that nothing needs any
more is a failure, too.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

RULES = Path(__file__).with_suffix(".toml")


def main() -> int:
    """Judge the findings."""
    told = subprocess.run(
        [sys.argv[1], "--quiet", "--recursive", "audiobrief", "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(told.stdout)
    rules = tomllib.loads(RULES.read_text(encoding="utf-8"))
    unused = {**rules["rules"], **rules["found"]}
    bad = [f"bandit could not read {error['filename']}" for error in report["errors"]]
    by_ruff = 0
    for finding in report["results"]:
        rule, path = finding["test_id"], finding["filename"]
        if _ruff_was_told(finding):
            by_ruff += 1
        elif rule in rules["rules"] or f"{rule} {path}" in rules["found"]:
            unused.pop(rule, None)
            unused.pop(f"{rule} {path}", None)
        else:
            bad.append(f"{path}:{finding['line_number']}: {rule} {finding['issue_text']}")
    bad += [f"{RULES.name}: nothing needs the reason of {key}" for key in unused]
    found = len(report["results"])
    print(
        f"bandit: {found} findings, {by_ruff} with their reason in the line, {len(bad)} without one"
    )
    for line in bad:
        print(f"  {line}")
    return 1 if bad else 0


def _ruff_was_told(finding: dict[str, Any]) -> bool:
    lines = Path(finding["filename"]).read_text(encoding="utf-8").splitlines()
    first, last = min(finding["line_range"]), max(finding["line_range"])
    code = f"S{finding['test_id'].removeprefix('B')}"
    return any(
        code in re.split(r"[,\s]+", told.partition("noqa:")[2])
        for told in lines[first - 1 : last]
        if "noqa:" in told
    )


if __name__ == "__main__":
    sys.exit(main())
