"""Hold what is installed against the published advisories, with pip-audit.

Usage: python .ci/audit.py PIP_AUDIT SITE_PACKAGES [--service NAME]... [--report FILE]

pip-audit itself ends with 0 and "No known vulnerabilities found" where its service answers that it
knows none of the packages, as a mirror without PyPI's JSON API does. So its report is read, and
what was not audited is never taken for clean. Exit codes: 0 every package was audited, and nothing
found; 1 something was found, or some packages were left out; 3 no service could be asked.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLEAN, FOUND, NOT_MADE = 0, 1, 3
#: PyPI's own advisories, and the database that they come from.
SERVICES = ("pypi", "osv")
#: The project itself is on no index.
OURS = "audiobrief"
#: Findings that were looked into: a line each, "ADVISORY: why it does no harm here".
ACCEPTED = Path(__file__).with_name("advisories-accepted.txt")


@dataclass(frozen=True, slots=True)
class Audit:
    """What one service said."""

    service: str
    #: Names of the packages that it knew.
    audited: tuple[str, ...]
    #: Names of those that it did not know.
    left_out: tuple[str, ...]
    #: One line for each finding.
    findings: tuple[str, ...]
    #: Why there is no report; empty: there is one.
    problem: str = ""


def main() -> int:
    """Ask one service after another until one answers; tell what it said."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pip_audit")
    parser.add_argument("site_packages")
    parser.add_argument("--service", action="append", choices=SERVICES)
    parser.add_argument("--report", type=Path)
    asked = parser.parse_args()
    audits = []
    for service in asked.service or SERVICES:
        audit, text = _ask(service, asked.pip_audit, asked.site_packages)
        audits.append(audit)
        if audit.audited:
            if asked.report:
                asked.report.write_text(text, encoding="utf-8")
            return _tell(audit)
    print(
        "AUDIT NOT MADE: the advisories could not be reached; nothing is known of vulnerabilities"
    )
    for audit in audits:
        problem = audit.problem or f"it knows none of {len(audit.left_out)} packages"
        print(f"  {audit.service}: {problem}")
    return NOT_MADE


def _ask(service: str, pip_audit: str, site_packages: str) -> tuple[Audit, str]:
    command = [
        *(pip_audit, "--path", site_packages, "--vulnerability-service", service),
        *("--format", "json", "--progress-spinner", "off", "--timeout", "20", "--desc", "off"),
    ]
    for advisory in _accepted():
        command += ["--ignore-vuln", advisory]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        said = done.stderr.strip().splitlines() or [f"pip-audit ended with {done.returncode}"]
        return Audit(service, (), (), (), said[-1]), ""
    audited, left_out, findings = [], [], []
    for package in report["dependencies"]:
        if package["name"] == OURS:
            continue
        if "skip_reason" in package:
            left_out.append(package["name"])
            continue
        audited.append(package["name"])
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no release"
            names = " ".join([found["id"], *found.get("aliases", [])])
            findings.append(f"{package['name']} {package['version']}: {names}; mended in {mended}")
    return Audit(service, tuple(audited), tuple(left_out), tuple(findings)), done.stdout


def _accepted() -> list[str]:
    lines = ACCEPTED.read_text(encoding="utf-8").splitlines()
    accepted = []
    for line in lines:
        if not line or line.startswith("#"):
            continue
        advisory, _, reason = line.partition(":")
        if not reason.strip():
            sys.exit(f"{ACCEPTED.name}: {advisory}: the reason is missing")
        accepted.append(advisory.strip())
    return accepted


def _tell(audit: Audit) -> int:
    print(
        f"{audit.service}: {len(audit.audited)} packages audited, {len(audit.findings)} findings, "
        f"{len(audit.left_out)} packages not known there"
    )
    for finding in audit.findings:
        print(f"  {finding}")
    if audit.left_out:
        print(f"  not audited: {', '.join(audit.left_out)}")
    return FOUND if audit.findings or audit.left_out else CLEAN


if __name__ == "__main__":
    sys.exit(main())
