"""``fetch``: what sources have that is new goes into the inbox, each article once.

A file is written whole before the catalogue says that it was taken, and its name depends on what it
is: a kill between the two makes the next run write the same file again, and nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.brief.fingerprints import Fingerprints
from audiobrief.errors import AudiobriefError, NetworkError, SourceError, TryLaterError, defect
from audiobrief.ingest.kept import render_kept_page, render_kept_text
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.ingest.stated import Stated
from audiobrief.intake.address import canonical_url
from audiobrief.model.intake import ContentKind
from audiobrief.model.report import FetchReport, SourceOutcome
from audiobrief.net.answer import PAGE
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.inbox import entry_of, refresh
from audiobrief.pipeline.network import Network, client_for, source_of
from audiobrief.pipeline.recipe import read_article
from audiobrief.store.catalogue import CATALOGUE_NAME, Catalogue, Health, Taken
from audiobrief.store.files import atomic_write, make_folder
from audiobrief.store.library import slug
from audiobrief.store.lock import locked
from audiobrief.text.sketch import likeness

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from audiobrief.model.article import Article
    from audiobrief.model.intake import Item
    from audiobrief.net.client import Client
    from audiobrief.net.world import World
    from audiobrief.store.catalogue import Entry
    from audiobrief.workspace.load import Workspace
    from audiobrief.workspace.settings import SourceSettings

#: A copy of what is older is told as a new story.
_COMPARED = timedelta(days=30)
#: After so many failures in a row a source is asked ever less often, at most once a day.
_FIRST_REST, _LONGEST_REST = timedelta(minutes=5), timedelta(days=1)
_SUFFIXES = {DocumentKind.HTML: "html", DocumentKind.MARKDOWN: "md", DocumentKind.TEXT: "md"}


def fetch(
    workspace: Workspace,
    *,
    now: datetime,
    only: Collection[str] = (),
    force: bool = False,
    tell: Tell = say_nothing,
    world: World | None = None,
) -> FetchReport:
    """Take what is new from the sources in the settings.

    Args:
        workspace: Settings and inbox.
        now: Aware.
        only: Names of sources; none: all.
        force: Ask sources that rest after a failure, too.
        tell: Called with every step.
        world: What tests replace of the network.

    Returns:
        What became of each source; one that fails never stops the others.

    Raises:
        LockedError: Another run holds the workspace.
        WorkspaceError: A network setting is wrong.
        StoreError: The inbox or the catalogue cannot be written.
    """
    chosen = [s for s in workspace.settings.sources if not only or s.name in only]
    with (
        locked(workspace.cache / "lock"),
        Catalogue(workspace.cache / CATALOGUE_NAME) as catalogue,
        client_for(workspace, world) as client,
    ):
        refresh(workspace, catalogue, now=now, tell=tell)
        fetching = _Fetching(workspace, catalogue, client, now, tell)
        outcomes = []
        for number, settings in enumerate(chosen):
            tell(Event(Stage.FETCH, settings.name, number, len(chosen)))
            outcomes.append(fetching.source(settings, force=force))
    return FetchReport(tuple(outcomes))


@dataclass(slots=True)
class _Count:
    """What became of a source's items."""

    new: list[str]
    updated: list[str]
    known: int = 0
    copies: int = 0
    #: What could not be taken now, and will be tried again.
    postponed: int = 0
    problems: tuple[str, ...] = ()


class _Fetching:
    """One run over all sources."""

    def __init__(
        self, workspace: Workspace, catalogue: Catalogue, client: Client, now: datetime, tell: Tell
    ) -> None:
        self._workspace = workspace
        self._catalogue = catalogue
        self._client = client
        self._now = now
        self._tell = tell
        self._known = Fingerprints(
            {e.locator: e.sketch for e in catalogue.entries(since=now - _COMPARED)}
        )
        #: What has come in since.
        self._fresh: dict[str, bytes] = {}

    def source(self, settings: SourceSettings, *, force: bool) -> SourceOutcome:
        """Take what one source has; its failure is a value, whatever it is."""
        health = self._catalogue.health(settings.name)
        if health.not_before is not None and self._now < health.not_before and not force:
            return SourceOutcome(settings.name, rests_until=health.not_before)
        try:
            listing = source_of(settings, self._workspace).items(
                Network(self._client), health.known
            )
            count = _Count([], [])
            for item in listing.items[: settings.most]:
                self._take(settings, item, count)
        except AudiobriefError as error:
            return self._failed(health, error)
        except Exception as error:  # noqa: BLE001 - a defect costs one source, not the run
            return self._failed(health, defect(error))
        # What is still to be taken must be told again by the next answer.
        known = health.known if count.postponed else listing.known
        self._catalogue.put_health(
            Health(settings.name, known, tried=self._now, succeeded=self._now)
        )
        notes = (*listing.notes, *count.problems)
        return SourceOutcome(
            settings.name, tuple(count.new), tuple(count.updated), count.known, count.copies,
            count.postponed, notes,
        )  # fmt: skip

    def _failed(self, health: Health, error: AudiobriefError) -> SourceOutcome:
        failures = health.failures + 1
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

    def _take(self, settings: SourceSettings, item: Item, count: _Count) -> None:
        """Take one item; what is wrong with it costs no other."""
        address = canonical_url(item.url) if item.url else ""
        digest = sha256(repr(item).encode()).hexdigest()
        taken = Taken(settings.name, item.key, address, digest, outlet=item.outlet or "")
        before = self._catalogue.taken(settings.name, item.key, address)
        here = before.locator if before else self._catalogue.locator_of(address)
        if before is not None and before.source == settings.name and before.digest == digest:
            count.known += 1
            return
        if here and (before is None or before.source != settings.name):
            # Another source offers the same page, or the catalogue was lost.
            self._catalogue.put_taken(replace(taken, locator=here))
            count.known += 1
            return
        self._tell(Event(Stage.FETCH, settings.name, len(count.new), 0, item.title or item.key))
        try:
            document = self._document(settings, item, here)
            article = read_article(document, self._workspace.settings.show.language)
        except (TryLaterError, SourceError) as error:
            if _is_passing(error):
                count.postponed += 1
            else:
                self._catalogue.put_taken(taken)
            count.problems += (f"{item.title or item.key}: {error.problem}",)
            return
        self._keep(document, article, taken, count)

    def _document(self, settings: SourceSettings, item: Item, here: str) -> Document:
        """Return an item as a file of the inbox: what it brings, or what its address gives.

        Raises:
            SourceError: There is nothing at its address, or not now.
        """
        stated = Stated(
            item.url, item.title, item.published, item.byline, item.outlet, item.language,
            tuple(dict.fromkeys((*item.tags, *settings.tags))), settings.name,
        )  # fmt: skip
        content = item.content
        if content is not None and (content.is_whole or item.url is None):
            if content.kind is ContentKind.HTML:
                kind, raw = DocumentKind.HTML, render_kept_page(stated, _as_page(content.text))
            else:
                kind, raw = DocumentKind.MARKDOWN, render_kept_text(stated, content.text)
            return Document(here or self._locator(item, kind), kind, raw)
        assert item.url is not None  # noqa: S101 - an item has an address or content
        answer = self._client.get(item.url, limit=PAGE, found_on=settings.url)
        body = answer.body or b""
        if answer.content_type in ("text/plain", "text/markdown"):
            text = body.decode(answer.charset or "utf-8", "replace")
            kind, raw = DocumentKind.MARKDOWN, render_kept_text(stated, text)
        else:
            kind, raw = DocumentKind.HTML, render_kept_page(stated, body)
        return Document(here or self._locator(item, kind), kind, raw)

    def _locator(self, item: Item, kind: DocumentKind) -> str:
        """Return the name of a new file: the same for the same item, whenever it is taken."""
        known = canonical_url(item.url) if item.url else item.key
        digest = sha256(known.encode("utf-8", "replace")).hexdigest()[:8]
        day = f"{item.published:%Y-%m-%d}-" if item.published else ""
        return f"articles/{day}{slug(item.title or '', limit=60)}-{digest}.{_SUFFIXES[kind]}"

    def _keep(self, document: Document, article: Article, taken: Taken, count: _Count) -> None:
        """Write the file, unless the inbox has its text; then tell the catalogue."""
        path = self._workspace.root / document.locator
        is_update = path.is_file()
        entry = entry_of(article, (0, 0), self._now)
        copy = None if is_update else self._copy(entry)
        if copy is not None:
            self._catalogue.put_taken(replace(taken, copy_of=copy))
            count.copies += 1
            return
        if is_update and path.read_bytes() == document.raw:
            count.known += 1
        else:
            make_folder(path.parent)
            atomic_write(path, document.raw)
            (count.updated if is_update else count.new).append(document.locator)
        facts = path.stat()
        with self._catalogue.at_once():
            self._catalogue.put_entry(
                replace(entry, size=facts.st_size, mtime_ns=facts.st_mtime_ns)
            )
            self._catalogue.put_taken(replace(taken, locator=document.locator))
        self._fresh[document.locator] = entry.sketch

    def _copy(self, entry: Entry) -> str | None:
        """Return the file whose text this is, too."""
        found = [(m.likeness, m.key) for m in self._known.find(entry.sketch)]
        found += [(likeness(entry.sketch, s), locator) for locator, s in self._fresh.items()]
        copies = (locator for alike, locator in found if alike.is_copy)
        return next((locator for locator in copies if locator != entry.locator), None)


def _is_passing(error: AudiobriefError) -> bool:
    """Tell whether the same may be there later."""
    return isinstance(error, TryLaterError) or (
        isinstance(error, NetworkError) and (error.status is None or error.status >= 500)
    )


def _as_page(markup: str) -> bytes:
    """Return a piece of HTML as a page of its own."""
    if "<html" in markup[:1000].lower():
        return markup.encode("utf-8", "replace")
    page = f'<!doctype html>\n<html><head><meta charset="utf-8"></head><body><article>\n{markup}\n'
    return f"{page}</article></body></html>\n".encode("utf-8", "replace")
