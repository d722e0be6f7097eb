"""Hold the license of everything that is installed against what is accepted.

Usage: TOOLS/bin/python .ci/licenses.py PYTHON [--write]

PYTHON is that of the environment with the extra `dev`. The table .ci/licenses.md says what each
package has and who brings it; it is compared (--write: written). An unknown license, one that is
not accepted, and a table that is out of date end with 1. The table is that of Python 3.11; on
another one, which needs other packages, licenses are judged and the table is left alone.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from license_expression import ExpressionError, get_spdx_licensing
from packaging.requirements import Requirement

HERE = Path(__file__).resolve().parent
RULES, TABLE = HERE / "licenses.toml", HERE / "licenses.md"
OURS, DEV, ALONE = "audiobrief", "dev", "the package"
TABLE_OF = (3, 11)
SPDX = get_spdx_licensing()


@dataclass
class Package:
    """One installed package."""

    name: str
    license: str
    #: Which extras bring it; the package itself is `ALONE`.
    brought_by: list[str] = field(default_factory=list)


def main() -> int:
    """Judge every package; compare the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("python")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rules = tomllib.loads(RULES.read_text(encoding="utf-8"))
    packages = _packages(asked.python, rules)
    problems = [p for package in packages for p in _judge(package, rules)]
    table = _table(packages)
    if sys.version_info[:2] != TABLE_OF:
        print("licenses: the table is not compared: it is that of another Python")
    elif asked.write:
        TABLE.write_text(table, encoding="utf-8", newline="\n")
    elif not TABLE.exists() or TABLE.read_text(encoding="utf-8") != table:
        kept = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
        problems += [f"{TABLE.name}: not there now: {x}" for x in kept if x not in table]
        problems += [f"{TABLE.name}: new: {x}" for x in table.splitlines() if x not in kept]
        problems.append("look at each, then write the table again: .ci/supply --write")
    shipped = sum(package.brought_by != [DEV] for package in packages)
    print(f"licenses: {len(packages)} packages, {shipped} of them not for tests alone")
    for problem in problems:
        print(f"  {problem}")
    return 1 if problems else 0


def _packages(python: str, rules: dict[str, Any]) -> list[Package]:
    command = [
        str(Path(sys.executable).with_name("pip-licenses")),
        *("--python", python, "--from", "mixed", "--format", "json", "--with-system"),
    ]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    licenses = {_plain(row["Name"]): row["License"] for row in json.loads(told.stdout)}
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
    installed = {_plain(d.name): d for d in distributions(path=[found.stdout.strip()])}
    packages: dict[str, Package] = {}
    extras = installed[OURS].metadata.get_all("Provides-Extra") or []
    ways = ["", *sorted(extra for extra in extras if extra != DEV), DEV]
    for extra in ways:
        for name in _reached(installed, extra):
            license_ = _spelled(rules["read"].get(name) or licenses[name], rules)
            package = packages.setdefault(name, Package(name, license_))
            if ALONE not in package.brought_by and (extra != DEV or not package.brought_by):
                package.brought_by.append(extra or ALONE)
    return sorted(packages.values(), key=lambda package: package.name)


def _reached(installed: dict[str, Distribution], extra: str) -> set[str]:
    """Return the names of all that the project needs with an extra, as far as it is installed."""
    seen: set[tuple[str, str]] = set()
    todo = [(OURS, extra)]
    while todo:
        name, with_extra = todo.pop()
        if (name, with_extra) in seen or name not in installed:
            continue  # for another system, or another Python
        seen.add((name, with_extra))
        for line in installed[name].requires or []:
            need = Requirement(line)
            if need.marker is None or need.marker.evaluate({"extra": with_extra}):
                todo += [(_plain(need.name), each) for each in ("", *need.extras)]
    return {name for name, _ in seen} - {OURS}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _spelled(told: str, rules: dict[str, Any]) -> str:
    """Return an SPDX expression. Several classifiers hold at once, as long as nobody says else."""
    parts = [rules["spelled"].get(part.strip(), part.strip()) for part in told.split(";")]
    return " AND ".join(dict.fromkeys(parts))


def _judge(package: Package, rules: dict[str, Any]) -> list[str]:
    named = rules["named"].get(package.name, "").partition(":")[0]
    try:
        parsed = SPDX.parse(package.license, validate=True)
    except ExpressionError:
        return [f"{package.name}: unknown license: {package.license!r} (see {RULES.name})"]
    accepted = {*rules["accepted"], named}
    if _holds(parsed, accepted):
        return []
    return [f"{package.name}: not accepted: {package.license} (see {RULES.name})"]


def _holds(expression: Any, accepted: set[str]) -> bool:
    if isinstance(expression, SPDX.OR):
        return any(_holds(part, accepted) for part in expression.args)
    if isinstance(expression, SPDX.AND):
        return all(_holds(part, accepted) for part in expression.args)
    return str(expression) in accepted


def _table(packages: list[Package]) -> str:
    rows = [
        f"| {package.name} | {package.license} | {', '.join(package.brought_by)} |"
        for package in packages
    ]
    head = [
        "# Licenses of what is installed",
        "",
        "Written by `.ci/supply --write` from the packages of the lock, on Linux.",
        "What is accepted, and why, stands in `licenses.toml`.",
        "",
        "| package | license | brought by |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
