"""``audiobrief check``: feed and episodes against the numbered rules."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.inputs import is_address
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.progress import telling
from audiobrief.errors import PublishError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from audiobrief.check.rule import Finding
    from audiobrief.net.rules import ClientRules

EXAMPLES = """
audiobrief check                       every show of the workspace
audiobrief check path/to/feed.xml      a folder with a feed, or a feed alone
audiobrief check https://example.org/feed.xml
audiobrief check --rules               the rule book
"""
#: Between two questions to one host: podcast apps ask faster.
_DELAY_S = 0.2
_HOME_DOMAINS = (".localhost", ".local", ".lan", ".home", ".internal", ".home.arpa")
#: Without -v so many places of a rule are printed.
_SHOWN = 5


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("place", required=False, metavar="[PATH | ADDRESS]")
@click.option(
    "--most",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Of a feed on the web: ask for the files of so many of its newest items.",
)
@click.option("--rules", is_flag=True, help="Print the rule book, and check nothing.")
@common_flags()
def command(place: str | None, most: int, rules: bool, common: Common) -> int:
    """Hold the feed and every episode against the rules that podcast apps enforce.

    PATH is a folder with a feed, or a feed's file; an ADDRESS is a feed on the web, anybody's. Each
    finding names its rule and what mends it; a broken "must" rule gives exit code 1.
    """
    if rules:
        return _print_book(common)
    with telling(common) as tell:
        from audiobrief.pipeline.events import Event, Stage  # noqa: PLC0415 - keeps --help fast

        def progress(done: int, total: int, title: str) -> None:
            tell(Event(Stage.CHECK, title, done, total))

        if place is not None and is_address(place):
            findings, names = _of_address(place, most, common, progress), place
        else:
            findings, names = _of_disk(place, common, progress)
    if common.json:
        print_json({"findings": [_as_row(finding) for finding in findings]})
    elif not common.quiet:
        _print(findings, names, common)
    return 1 if any(finding.level == "must" for finding in findings) else 0


def _of_disk(
    place: str | None, common: Common, progress: Callable[[int, int, str], None]
) -> tuple[list[Finding], str]:
    """Return what is wrong with a path, or else with all shows, and what was looked at."""
    from audiobrief.check.folder import check_path  # noqa: PLC0415 - lxml

    start = Path(place) if place else common.root / "episodes"
    is_workspace = not place
    if (start / "episodes" / "feed.xml").exists() and not (start / "feed.xml").exists():
        start, is_workspace = start / "episodes", True
    paths = _shows_below(start) if is_workspace else [start]
    if not start.exists() or (not place and not start.is_dir()):
        raise PublishError(
            "there is no folder of episodes" if not place else "there is no such file or folder",
            str(start),
            remedy='build one first: "audiobrief build article.txt"',
        )
    findings: list[Finding] = []
    for one in paths:
        below = "" if one == start else f"{one.name}/"
        found = check_path(one, progress=progress)
        findings += [replace(f, where=f"{below}{f.where}") for f in found]
    return findings, ", ".join(map(str, paths))


def _of_address(
    url: str, most: int, common: Common, progress: Callable[[int, int, str], None]
) -> list[Finding]:
    from audiobrief.check.web import check_url  # noqa: PLC0415 - httpx
    from audiobrief.net.probe import Prober  # noqa: PLC0415

    with Prober(_network_rules(url, common)) as prober:
        return check_url(url, prober, most=most, progress=progress)


def _network_rules(url: str, common: Common) -> ClientRules:
    """Return how to ask: as the workspace says, where there is one.

    The host of the address may be at home, whatever the settings say, if that is what it is called:
    then the user means it. A name that looks public and leads home is another matter.
    """
    from audiobrief.check.urls import is_at_home, split_url  # noqa: PLC0415
    from audiobrief.net.rules import ClientRules, HostRule  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import SETTINGS_NAME, load_workspace  # noqa: PLC0415

    parts = split_url(url)
    host = (parts.hostname or "") if parts else ""
    named = (host,) if host and _is_called_home(host) else ()
    # Nobody is disturbed on this machine.
    delay_s = 0.0 if is_at_home(url) else _DELAY_S
    if not (common.root / SETTINGS_NAME).is_file():
        return ClientRules(delay_s=delay_s, allowed_hosts=named)
    network = load_workspace(common.root).settings.network
    return ClientRules(
        contact_url=network.contact or "",
        delay_s=delay_s,
        allowed_hosts=(*network.allow, *named),
        hosts=tuple(
            HostRule(name, headers=rule.headers, cookies=rule.cookies)
            for name, rule in network.hosts.items()
        ),
    )


def _is_called_home(host: str) -> bool:
    """Return whether a host is named as those of a house are: by number, or without a domain.

    >>> [_is_called_home(host) for host in ("127.0.0.1", "nas", "nas.local", "pod.example.org")]
    [True, True, True, False]
    """
    is_number = ":" in host or host.replace(".", "").isdigit()
    return is_number or "." not in host or host.endswith(_HOME_DOMAINS)


def _shows_below(folder: Path) -> list[Path]:
    """Return the folders with a feed: of the first show, and of those below it."""
    others = sorted(feed.parent for feed in folder.glob("*/feed.xml"))
    # Without any, the first one is asked, and says what is missing.
    return [folder, *others] if not others or (folder / "feed.xml").exists() else others


def _as_row(finding: Finding) -> dict[str, Any]:
    return {
        "number": finding.rule,
        # As it was called before; scripts read it.
        "rule": finding.rule,
        "level": finding.level,
        "where": finding.where,
        "message": finding.message,
        "source": finding.source,
        "count": finding.count,
    }


def _print(findings: Sequence[Finding], names: str, common: Common) -> None:
    """Print what was found by rule, those that must be mended first."""
    from audiobrief.check.book import order_of  # noqa: PLC0415 - lxml

    def group(finding: Finding) -> tuple[bool, tuple[int, int], str]:
        return finding.level != "must", order_of(finding.rule), finding.level

    for _, found in groupby(sorted(findings, key=group), key=group):
        rows = list(found)
        source = rows[0].source
        click.echo(f"{rows[0].rule} {rows[0].level}" + (f"  ({source})" if source else ""))
        shown = rows if common.verbose else rows[:_SHOWN]
        for finding in shown:
            click.echo(f"  {finding.where}: {finding.message}")
        if len(shown) < len(rows):
            click.echo(f"  and {sum(row.count for row in rows[_SHOWN:])} more: -v lists them")
    must, should = (
        sum(finding.count for finding in findings if finding.level == level)
        for level in ("must", "should")
    )
    click.echo(f"{must} must, {should} should: {names}")


def _print_book(common: Common) -> int:
    from audiobrief.check.book import entries  # noqa: PLC0415 - lxml

    rows = [
        {
            "number": entry.number,
            "level": entry.level,
            "elsewhere": "should" if entry.is_lenient else entry.level,
            "title": entry.title,
            "source": entry.source,
            "needs": entry.needs,
        }
        for entry in entries()
    ]
    if common.json:
        print_json({"rules": rows})
        return 0
    for row in rows:
        level = row["level"] if row["level"] == row["elsewhere"] else "must*"
        line = f"{row['number']:<4} {level:<7} {row['title']}"
        click.echo(f"{line}  ({row['source']}; {row['needs']})")
    click.echo('* in feeds that audiobrief has not made, a "should": apps put up with it')
    return 0
