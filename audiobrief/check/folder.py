"""The rule book applied to files: read each thing once, then ask every rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from audiobrief.check.book import RULES_OF_FEED, Findings
from audiobrief.check.document import MAX_BYTES
from audiobrief.check.facts import FeedFacts, ItemFacts, PageLink, parse_feed
from audiobrief.check.feed_rules import DOCUMENT_RULES
from audiobrief.check.files import folder_of, read_item, with_cover
from audiobrief.check.page import Totals
from audiobrief.check.urls import path_of
from audiobrief.errors import StoreError
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from audiobrief.check.clean import Clean
    from audiobrief.check.files import Folder
    from audiobrief.check.node import Node
    from audiobrief.check.page import Page
    from audiobrief.check.rule import Finding

    Progress = Callable[[int, int, str], None]

FEED_FILE = "feed.xml"
#: More pages are a mistake, or somebody's joke.
MOST_PAGES = 1000


def check_path(
    path: Path, *, now: datetime | None = None, progress: Progress | None = None
) -> list[Finding]:
    """Hold a folder with a feed, or a feed alone, against the rules.

    Args:
        path: A folder: the feed is ``feed.xml``, or the only XML file there. A file: only what the
            feed itself tells is checked.
        now: Aware; later dates are in the future. The clock's time when left out.
        progress: Called with episodes done, episodes in all and a title.

    Returns:
        What is broken, the feed first, then the items in the feed's order; empty: nothing.

    Raises:
        StoreError: There is no feed, or it cannot be read.
    """
    if path.is_dir():
        return check_folder(path, now=now, progress=progress)
    feed = parse_feed(_read(path), now=now or datetime.now(UTC))
    findings = Findings()
    pages = [(path.name, feed.page)]
    for item in _ask_feed(findings, feed, path.name, pages, progress):
        findings.ask_item(ItemFacts(feed, item), where_of(item, path.name))
    return findings.as_list(path.name)


def check_folder(
    episodes: Path,
    *,
    now: datetime | None = None,
    progress: Progress | None = None,
    clean: Clean | None = None,
) -> list[Finding]:
    """Hold the feed of a folder, its pages and every episode that it names against the rules.

    Files are found by URL: what comes after the folder of the feed's own link is the path below
    ``episodes``.

    Args:
        episodes: The folder.
        now: As for :func:`check_path`.
        progress: As for :func:`check_path`.
        clean: What need not be read again; then only what apps insist on is told of it. It is told
            what is without fault now.

    Raises:
        StoreError: There is no feed, or it cannot be read.
    """
    path = feed_in(episodes)
    feed = parse_feed(_read(path), now=now or datetime.now(UTC))
    folder = folder_of(feed, path.parent)
    pages, links = _pages(feed, folder, path.name)
    totals = Totals()
    for _, page in pages:
        totals.add_all(page.totals)
    feed = replace(feed, totals=totals, page_links=tuple(links))
    feed = with_cover(feed, replace(folder, has_sounds=False)) if feed.page.is_readable else feed
    findings = Findings()
    for node in _ask_feed(findings, feed, path.name, pages, progress):
        key = clean.key_of(feed, node, folder) if clean is not None else ""
        if clean is not None and clean.knows(key):
            continue
        before = findings.must_count
        findings.ask_item(read_item(feed, node, folder), where_of(node, path.name))
        if clean is not None and findings.must_count == before:
            clean.note(key)
    return findings.as_list(path.name)


def feed_in(folder: Path) -> Path:
    """Return the feed of a folder: ``feed.xml``, or the only one with a feed's ending.

    Raises:
        StoreError: There is none, or one cannot tell which.
    """
    if (folder / FEED_FILE).exists():
        return folder / FEED_FILE
    others = sorted(p for p in folder.glob("*") if p.suffix.lower() in {".xml", ".rss"})
    if len(others) == 1:
        return others[0]
    problem = "there is no feed" if not others else "there is no feed.xml, but several XML files"
    remedy = "audiobrief build ARTICLE" if not others else "name the one that is the feed"
    raise StoreError(problem, str(folder / FEED_FILE), remedy=remedy)


def where_of(item: Node, feed: str) -> str:
    """Return what to call an item: its title, else what names it."""
    title = item.text("title") or item.text("itunes:title")
    named = title or item.text("guid") or item.attribute("enclosure", "url") or feed
    return printable_line(named[:200]) or feed


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StoreError(
                "the feed is larger than 200 MB", str(path), remedy="divide it into pages"
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise StoreError(
            "there is no feed", str(path), remedy="audiobrief build ARTICLE"
        ) from error
    except OSError as error:
        raise StoreError(
            f"the feed cannot be read: {error.strerror}", str(path), remedy="check its permissions"
        ) from error


def _ask_feed(
    findings: Findings,
    feed: FeedFacts,
    where: str,
    pages: list[tuple[str, Page]],
    progress: Progress | None,
) -> Iterator[Node]:
    """Ask the rules of the feed and of each further page, then give the items of all pages."""
    findings.ask(DOCUMENT_RULES, feed, where)
    if feed.page.is_readable:
        findings.ask(RULES_OF_FEED, feed, where)
    for name, page in pages[1:]:
        findings.ask(DOCUMENT_RULES, replace(feed, page=page), name)
    done = 0
    for _, page in pages:
        for item in page.items():
            if progress is not None:
                progress(done, feed.totals.item_count, where_of(item, where))
            yield item
            done += 1


def _pages(
    feed: FeedFacts, folder: Folder, name: str
) -> tuple[list[tuple[str, Page]], list[PageLink]]:
    """Follow the links to next pages (RFC 5005) as far as they lead to files of the folder."""
    pages, links = [(name, feed.page)], []
    seen = {name}
    while (url := next_of(pages[-1][1])) and len(pages) < MOST_PAGES:
        where = pages[-1][0]
        path = folder.find(url)
        if path is None:
            is_ours_to_have = folder.expect(url) is not None and folder.has_sounds
            problem = "there is no such file" if is_ours_to_have else ""
            links.append(PageLink(where, path_of(url), problem))
            break
        if path.name in seen:
            links.append(PageLink(where, path_of(url), "it was read before, the pages are a ring"))
            break
        seen.add(path.name)
        pages.append((path.name, parse_feed(_read(path), now=feed.now).page))
        links.append(PageLink(where, path_of(url)))
    return pages, links


def next_of(page: Page) -> str:
    """Return the address of the page after this one; empty: there is none."""
    links = page.channel.links("next")
    return str(links[0].get("href", "")).strip() if links else ""
