"""The inbox as the catalogue knows it: only files that are new or have changed are read."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import AudiobriefError
from audiobrief.ingest.document import KIND_OF_SUFFIX
from audiobrief.ingest.source import expand, gather, read
from audiobrief.intake.address import canonical_url
from audiobrief.pipeline.events import Event, Stage, Tell, say_nothing
from audiobrief.pipeline.recipe import read_article
from audiobrief.store.catalogue import Entry
from audiobrief.text.sketch import sketch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from audiobrief.ingest.source import Candidate
    from audiobrief.model.article import Article
    from audiobrief.store.catalogue import Catalogue
    from audiobrief.workspace.load import Workspace

#: Entries kept at once: a kill costs that many readings, and nothing else.
_BATCH = 50
#: How a locator names a part of a book, see `audiobrief.ingest.source.expand`.
_PART = re.compile(r"(?<=\.epub)#chapter-\d+$", re.IGNORECASE)


def refresh(
    workspace: Workspace, catalogue: Catalogue, *, now: datetime, tell: Tell = say_nothing
) -> None:
    """Bring the catalogue up to date with the inbox.

    Args:
        workspace: Where the inbox is.
        catalogue: What is known of it.
        now: Aware: when new files are first seen.
        tell: Called with every file that is read.
    """
    stamps = catalogue.stamps()
    if {file_of(locator): stamp for locator, stamp in stamps.items()} == _stamps_in(workspace):
        return
    files = gather([workspace.articles], root=workspace.root)
    found = {part.locator: part for file in files for part in expand(file)}
    with catalogue.at_once():
        for locator in stamps.keys() - found.keys():
            catalogue.forget_entry(locator)
    changed = [c for c in found.values() if stamps.get(c.locator) != stamp_of(c)]
    for number, batch in _batches(changed):
        with catalogue.at_once():
            for n, candidate in enumerate(batch, number):
                tell(Event(Stage.READ, candidate.locator, n, len(changed)))
                catalogue.put_entry(_entry(candidate, workspace, now))


def file_of(locator: str) -> str:
    """Return the file of an article, which may be a part of a book.

    >>> file_of("articles/book.epub#chapter-3"), file_of("articles/a.txt")
    ('articles/book.epub', 'articles/a.txt')
    """
    return _PART.sub("", locator)


def _stamps_in(workspace: Workspace) -> dict[str, tuple[int, int]] | None:
    """Return size and time of the files of the inbox, by locator; ``None``: it cannot be told.

    It is much faster than to gather them, with their links and parts. Where it says the same as the
    catalogue, nothing has changed; where it does not, gathering tells what.
    """
    found: dict[str, tuple[int, int]] = {}
    folders = [(workspace.articles, workspace.articles.relative_to(workspace.root).as_posix())]
    while folders:
        folder, name = folders.pop()
        try:
            with os.scandir(folder) as files:
                for file in files:
                    locator = f"{name}/{file.name}"
                    if file.name.startswith((".", "~$")):
                        continue
                    if file.is_dir(follow_symlinks=False):
                        folders.append((Path(file.path), locator))
                    elif os.path.splitext(file.name)[1].lower() in KIND_OF_SUFFIX:  # noqa: PTH122 - thousands of them
                        facts = os.stat(file.path)  # noqa: PTH116 - as above
                        found[locator] = facts.st_size, facts.st_mtime_ns
        except OSError:  # vanished, or not to be read: gathering says it
            return None
    return found


def stamp_of(candidate: Candidate) -> tuple[int, int]:
    """Return size and time of a file; of one that vanished meanwhile, nothing."""
    try:
        facts = candidate.path.stat()
    except OSError:
        return 0, 0
    return facts.st_size, facts.st_mtime_ns


def text_of(article: Article) -> str:
    """Return the spoken body, paragraphs as lines."""
    return "\n".join(block.text for block in article.body)


def _batches(changed: list[Candidate]) -> Iterator[tuple[int, Iterable[Candidate]]]:
    for first in range(0, len(changed), _BATCH):
        yield first, changed[first : first + _BATCH]


def _entry(candidate: Candidate, workspace: Workspace, now: datetime) -> Entry:
    size, mtime_ns = stamp_of(candidate)
    try:
        article = read_article(read(candidate), workspace.settings.show.language)
    except AudiobriefError as error:
        return Entry(
            candidate.locator,
            size,
            mtime_ns,
            first_seen=now,
            problem=f"{error.problem}: {error.remedy}",
        )
    return entry_of(article, (size, mtime_ns), now)


def entry_of(article: Article, stamp: tuple[int, int], now: datetime) -> Entry:
    """Return what the catalogue says of an article.

    Args:
        article: As it was read.
        stamp: Size and time of its file.
        now: When it is first seen.
    """
    text = text_of(article)
    return Entry(
        article.locator,
        *stamp,
        id=article.id,
        address=canonical_url(article.url) if article.url else "",
        source=article.source or "",
        tags=article.tags,
        headline=article.headline,
        body=text,
        outlet=article.outlet or "",
        language=article.language,
        published=article.published,
        first_seen=now,
        word_count=article.word_count,
        sketch=sketch(text),
    )
