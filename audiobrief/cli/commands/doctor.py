"""``audiobrief doctor``: every requirement with ok, warn or fail."""

from __future__ import annotations

import click

from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json

EXAMPLES = """
audiobrief doctor
audiobrief doctor --json
"""
_COLORS = {"ok": "green", "warn": "yellow", "fail": "red"}
_SOMETHING_MISSING = 4


@click.command(cls=Command, examples=EXAMPLES)
@common_flags()
def command(common: Common) -> int:
    """Test whether everything works on this machine: speaks and encodes for real."""
    from audiobrief.doctor import Status, examine  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    checks = []
    for check in examine(load_workspace(common.root)):
        checks.append(check)
        if common.json or (common.quiet and check.status is Status.OK):
            continue
        status = f"{check.status:<4}"
        if common.color:
            status = click.style(status, fg=_COLORS[check.status])
        click.echo(f"{status}  {check.name:<12}  {check.detail}")
        if check.fix:
            click.echo(f"{'':<18}  fix: {check.fix}")
    if common.json:
        rows = [
            {"name": c.name, "status": c.status, "detail": c.detail, "fix": c.fix or None}
            for c in checks
        ]
        print_json({"checks": rows})
    failed = any(c.status is Status.FAIL for c in checks)
    return _SOMETHING_MISSING if failed else 0
