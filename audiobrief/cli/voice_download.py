"""What ``audiobrief voices add`` does: find, fetch, prove, and write the profile."""

from __future__ import annotations

import json
import re
import sys
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from audiobrief import plugins
from audiobrief.cli.output import print_json
from audiobrief.errors import StoreError, WorkspaceError
from audiobrief.model.voice import Voice
from audiobrief.speak.catalog import find_offer, refuse_unlisted, render_profile
from audiobrief.speak.download import download, fetch_small
from audiobrief.speak.engine import ModelEngine
from audiobrief.store.files import atomic_write
from audiobrief.store.lock import locked
from audiobrief.workspace.load import load_workspace
from audiobrief.workspace.table import VOICE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from audiobrief.cli.options import Common
    from audiobrief.speak.catalog import Offer

#: A pipe or a log gets a line at most this often.
_LINE_EVERY_S = 5.0
_BAR_EVERY_S = 0.2


def add_voice(
    wanted: str, name: str | None, *, mirror: str | None, force: bool, dry_run: bool, common: Common
) -> int:
    """Add a voice to the workspace.

    Args:
        wanted: ``ENGINE:NAME``.
        name: Of the profile; ``None``: the voice's own.
        mirror: Where the files are, if not where they are published.
        force: Replace what is there.
        dry_run: Only say what would be done.
        common: The common flags.

    Raises:
        VoiceNotFoundError: There is no such voice.
        DownloadError: It cannot be fetched whole.
        StoreError: Something else is in its place.
        WorkspaceError: The name is none.
        LockedError: Another one is being added to the workspace.
    """
    workspace = load_workspace(common.root)
    folder = workspace.root / "voices"
    offer = find_offer(wanted, fetch_small, mirror=mirror)
    name = name or offer.name
    if not re.fullmatch(VOICE_NAME, name):
        raise WorkspaceError(
            "this is no name for a voice profile", name, remedy="use letters, digits, - and _"
        )
    profile = folder / f"{name}.toml"
    # Not the lock of a build: a download may take minutes, and is no business of it.
    lock = workspace.cache / "voices.lock"
    with nullcontext() if dry_run else locked(lock, held="a voice is being added already"):
        if profile.exists() and not force:
            raise StoreError(
                "there is a voice profile of this name",
                str(profile),
                remedy="add --as NAME, or --force",
            )
        if not dry_run:
            _fetch(offer, folder, force=force, common=common)
            _require_usable(offer, name, folder)
            atomic_write(profile, render_profile(offer).encode())
    _report(offer, name, profile, dry_run=dry_run, common=common)
    return 0


def _fetch(offer: Offer, folder: Path, *, force: bool, common: Common) -> None:
    for file in offer.files:
        meter = _Meter(file.name, file.size_bytes, common)
        download(file, folder, told=meter, force=force)
        meter.close()
        refuse_unlisted(offer, folder / file.name)


def _require_usable(offer: Offer, name: str, folder: Path) -> None:
    """Make sure that the files hold the voice, before a profile says so.

    Raises:
        VoiceNotFoundError: They do not.
    """
    engine = plugins.engine(offer.engine)
    assert isinstance(engine, ModelEngine)  # noqa: S101 - all that can be downloaded are
    engine.voice_fingerprint(
        Voice(name, offer.engine, offer.name, options=offer.options, folder=str(folder))
    )


def _report(offer: Offer, name: str, profile: Path, *, dry_run: bool, common: Common) -> None:
    if common.json:
        print_json(
            {
                "voice": name,
                "engine": offer.engine,
                "language": offer.language,
                "license": offer.license,
                "bytes": offer.size_bytes,
                "files": [file.name for file in offer.files],
                "profile": str(profile),
                "written": not dry_run,
            }
        )
    elif dry_run:
        click.echo(
            f"{offer.engine}:{offer.name}  {offer.language}  {offer.size_bytes / 1e6:.0f} MB"
        )
        for file in offer.files:
            click.echo(f"  {file.url}")
        click.echo(f"  license: {offer.license}")
    elif not common.quiet:
        click.echo(f"{profile}  {offer.language}, license: {offer.license}")
        click.echo(f'hear it: audiobrief voices say "Good morning." -v {name} -o hello.wav')


class _Meter:
    """How much of a file has come, on stderr: one changing line, or a line now and then."""

    def __init__(self, name: str, size_bytes: int, common: Common) -> None:
        self._name = name
        self._size_bytes = size_bytes
        self._common = common
        self._is_bar = sys.stderr.isatty() and not common.json
        self._last_s = time.monotonic()
        self._is_open = False

    def __call__(self, here_bytes: int) -> None:
        """Show how many bytes are there."""
        now_s = time.monotonic()
        pause_s = _BAR_EVERY_S if self._is_bar else _LINE_EVERY_S
        if self._common.quiet or now_s - self._last_s < pause_s:
            return
        self._last_s = now_s
        if self._common.json:
            fields = {
                "stage": "downloading",
                "locator": self._name,
                "done": here_bytes,
                "total": self._size_bytes,
            }
            click.echo(json.dumps(fields, ensure_ascii=False), err=True)
            return
        line = f"{self._name}  {here_bytes / 1e6:.1f} of {self._size_bytes / 1e6:.1f} MB"
        click.echo(f"\r{line}" if self._is_bar else line, err=True, nl=not self._is_bar)
        self._is_open = self._is_bar

    def close(self) -> None:
        """End the line."""
        if self._is_open:
            click.echo(err=True)
