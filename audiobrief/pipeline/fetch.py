"""``fetch``: what sources have that is new goes into the inbox, each article once."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import (
    AudiobriefError,
    NetworkError,
    StoreError,
    UnsafeAddressError,
    defect,
)
from audiobrief.model.report import FetchReport, SourceOutcome
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.inbox import refresh
from audiobrief.pipeline.links import sources_of
from audiobrief.pipeline.network import Network, client_for, source_of
from audiobrief.pipeline.take import Taker
from audiobrief.pipeline.tally import Tally
from audiobrief.store.catalogue import CATALOGUE_NAME, Catalogue, Health
from audiobrief.store.files import sweep_temporary
from audiobrief.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from audiobrief.net.client import Client
    from audiobrief.net.world import World
    from audiobrief.workspace.load import Workspace
    from audiobrief.workspace.settings import SourceSettings

#: After so many failures in a row a source is asked ever less often, at most once a day.
_FIRST_REST, _LONGEST_REST = timedelta(minutes=5), timedelta(days=1)


def fetch(
    workspace: Workspace,
    *,
    now: datetime,
    only: Collection[str] = (),
    force: bool = False,
    tell: Tell = say_nothing,
    world: World | None = None,
) -> FetchReport:
    """Take what is new from the sources in the settings, and from the list of shared links.

    Args:
        workspace: Settings and inbox.
        now: Aware.
        only: Names of sources; none: all.
        force: Ask sources that rest after a failure, too, and for pages that were no article.
        tell: Called with every step.
        world: What tests replace of the network.

    Returns:
        What became of each source; one that fails never stops the others.

    Raises:
        LockedError: Another run holds the workspace.
        WorkspaceError: A network setting is wrong.
        StoreError: The inbox or the catalogue cannot be written.
    """
    chosen = [s for s in sources_of(workspace) if not only or s.name in only]
    with (
        locked(workspace.cache / "lock"),
        Catalogue(workspace.cache / CATALOGUE_NAME) as catalogue,
        client_for(workspace, world) as client,
    ):
        sweep_temporary(workspace.cache, *_folders(workspace.articles))
        refresh(workspace, catalogue, now=now, tell=tell)
        fetching = _Fetching(workspace, catalogue, client, now, tell, force=force, world=world)
        outcomes = []
        for number, settings in enumerate(chosen):
            tell(Event(Stage.FETCH, settings.name, number, len(chosen)))
            outcomes.append(fetching.source(settings))
    return FetchReport(tuple(outcomes))


def _folders(inbox: Path) -> list[Path]:
    """Return a folder and all below it."""
    return [Path(folder) for folder, _, _ in os.walk(inbox)]


class _Fetching:
    """One run over all sources."""

    def __init__(
        self,
        workspace: Workspace,
        catalogue: Catalogue,
        client: Client,
        now: datetime,
        tell: Tell,
        *,
        force: bool,
        world: World | None,
    ) -> None:
        self._workspace = workspace
        self._catalogue = catalogue
        self._client = client
        self._now = now
        self._force = force
        self._world = world
        self._taker = Taker(workspace, catalogue, client, now, tell, force=force)

    def source(self, settings: SourceSettings) -> SourceOutcome:
        """Take what one source has; its failure is a value, whatever it is."""
        health = self._catalogue.health(settings.name)
        if health.not_before is not None and self._now < health.not_before and not self._force:
            return SourceOutcome(settings.name, rests_until=health.not_before)
        try:
            source = source_of(settings, self._workspace, self._world)
            listing = source.items(Network(self._client), {} if self._force else health.known)
            tally = Tally(notes=list(listing.notes))
            self._taker.take_all(settings, listing.items, tally)
        except StoreError:
            raise
        except AudiobriefError as error:
            return self._failed(settings, health, error)
        except Exception as error:  # noqa: BLE001 - a defect costs one source, not the run
            return self._failed(settings, health, defect(error))
        # What is still to be taken must be told again by the next answer.
        known = health.known if tally.postponed else listing.known
        self._catalogue.put_health(
            Health(settings.name, known, tried=self._now, succeeded=self._now)
        )
        return SourceOutcome(
            settings.name, tuple(tally.new), tuple(tally.updated), tally.known, tally.copies,
            tally.postponed, tuple(tally.notes),
        )  # fmt: skip

    def _failed(
        self, settings: SourceSettings, health: Health, error: AudiobriefError
    ) -> SourceOutcome:
        failures = health.failures + 1
        not_before = None
        if _has_asked(settings, error):
            rest = min(_FIRST_REST * 2 ** min(failures - 1, 10), _LONGEST_REST)
            asked = error.not_before if isinstance(error, NetworkError) else None
            not_before = max(filter(None, (self._now + rest, asked)))
        self._catalogue.put_health(
            replace(
                health, tried=self._now, failures=failures, problem=str(error.problem),
                not_before=not_before,
            )
        )  # fmt: skip
        return SourceOutcome(health.name, error=error, rests_until=not_before)


def _has_asked(settings: SourceSettings, error: AudiobriefError) -> bool:
    """Tell whether a host was troubled, not only the user has something to mend."""
    named = (
        settings.user_env,
        settings.password_env,
        settings.client_id_env,
        settings.client_secret_env,
        settings.token_env,
    )
    lacks_secret = any(name and not os.environ.get(name) for name in named)
    is_of_host = settings.url is not None and not isinstance(error, UnsafeAddressError)
    return is_of_host and not lacks_secret
