"""The rule book applied to an address: any feed on the web, and the server that has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from heapq import nlargest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from audiobrief.check.book import RULES_OF_FEED, Findings
from audiobrief.check.dates import parse_date
from audiobrief.check.facts import (
    FeedFacts,
    ItemFacts,
    PageLink,
    ServedFacts,
    name_in,
    parse_feed,
)
from audiobrief.check.feed_rules import DOCUMENT_RULES
from audiobrief.check.files import judge_cover, text_urls
from audiobrief.check.folder import next_of, where_of
from audiobrief.check.page import Totals
from audiobrief.check.rule import Finding, Level
from audiobrief.check.server_rules import (
    FIRST_TWO,
    LAST_ONE,
    PAST_END,
    SERVED_RULES,
    STALE,
    size_of,
)
from audiobrief.check.urls import is_absolute, is_at_home
from audiobrief.errors import NetworkError, TryLaterError

if TYPE_CHECKING:
    from audiobrief.check.folder import Progress
    from audiobrief.check.page import Page
    from audiobrief.net.probe import Prober, Seen

#: Items whose files are asked for, when nothing else is said.
USUAL_MOST: Final = 10
_MOST_FEED_BYTES: Final = 60_000_000
_MOST_COVER_BYTES: Final = 33_000_000
_MOST_TEXT_BYTES: Final = 5_000_000
_MOST_PAGES: Final = 20
_FIRST_KB = "bytes=0-1023"
#: Some servers answer the question of T5 only to a page on the web.
_ORIGIN = {"Origin": "https://player.example"}


def check_url(
    url: str,
    prober: Prober,
    *,
    most: int = USUAL_MOST,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> list[Finding]:
    """Hold a feed on the web, its server, and the files of its newest items against the rules.

    Sounds are not downloaded: the server is asked for their first bytes. All items, of up to 20
    pages, are held against the rules that the feed alone decides.

    Args:
        url: http or https.
        prober: Asks; it decides which addresses are safe.
        most: How many of the newest items are looked at closely; 0: none.
        now: Aware; later dates are in the future. The clock's time when left out.
        progress: Called with items done, items in all and a title.

    Returns:
        What is broken, the feed first; empty: nothing.

    Raises:
        NetworkError: The server of the feed cannot be asked.
    """
    return _Visit(url, prober, most, now or datetime.now(UTC), progress).findings()


class _Visit:
    """One feed, looked at once."""

    def __init__(
        self, url: str, prober: Prober, most: int, now: datetime, progress: Progress | None
    ) -> None:
        self._prober = prober
        self._url = url
        self._most = most
        self._now = now
        self._progress = progress
        self._found = Findings()
        self._is_server_asked = False
        #: Hosts that did not answer: nothing more is asked of them.
        self._silent: dict[str, str] = {}

    def findings(self) -> list[Finding]:
        seen = self._prober.ask(
            self._url, headers={"Accept-Encoding": "gzip"}, most_bytes=_MOST_FEED_BYTES + 1
        )
        where = name_in(seen.url)
        if seen.status != 200 or len(seen.body) > _MOST_FEED_BYTES:
            self._ask_server(ServedFacts("feed", False, seen), where)
            if seen.status == 200:
                message = "the feed is larger than 60 MB: no app reads that, divide it into pages"
                self._found.add(Finding("F1", Level.MUST, where, message, "measured"))
            return self._found.as_list(where)
        feed = parse_feed(seen.body, now=self._now, url=seen.url)
        self._ask_server(self._served_feed(feed, seen), where)
        pages, links = self._pages(feed, where)
        totals = Totals()
        for _, page in pages:
            totals.add_all(page.totals)
        feed = replace(feed, totals=totals, page_links=tuple(links))
        if feed.page.is_readable and self._most:
            feed = self._with_cover(feed, where)
        self._found.ask(DOCUMENT_RULES, feed, where)
        if feed.page.is_readable:
            self._found.ask(RULES_OF_FEED, feed, where)
            self._compare_address(feed, where)
        for name, page in pages[1:]:
            self._found.ask(DOCUMENT_RULES, replace(feed, page=page), name)
        self._items(feed, pages, where)
        return self._found.as_list(where)

    def _ask_server(self, served: ServedFacts, where: str) -> None:
        self._found.ask(SERVED_RULES, served, where)

    def _served_feed(self, feed: FeedFacts, seen: Seen) -> ServedFacts:
        asked = {"Accept-Encoding": "gzip"}
        marks = {"If-None-Match": seen.header("etag")} if seen.header("etag") else {}
        if not marks and seen.header("last-modified"):
            marks = {"If-Modified-Since": seen.header("last-modified")}
        return ServedFacts(
            "feed",
            feed.is_ours,
            seen,
            head=self._try(seen.url, method="HEAD", headers=asked),
            again=self._try(seen.url, headers=asked | marks) if marks else None,
            hubs=tuple(link.get("href", "") for link in feed.node.links("hub")),
        )

    def _try(
        self, url: str, *, method: str = "GET", headers: dict[str, str] | None = None
    ) -> Seen | None:
        """Ask what may be refused: ``None``: there was no answer."""
        try:
            return self._prober.ask(url, method=method, headers=headers, found_on=self._url)
        except NetworkError:
            return None

    def _fetch(self, url: str, most_bytes: int, headers: dict[str, str]) -> Seen | str:
        """Return an answer, or why there is none."""
        host = url.partition("://")[2].partition("/")[0]
        if host in self._silent:
            return self._silent[host]
        try:
            seen = self._prober.ask(url, headers=headers, most_bytes=most_bytes, found_on=self._url)
        except TryLaterError as error:
            self._silent[host] = error.problem
            return error.problem
        except NetworkError as error:
            return error.problem
        return f"HTTP {seen.status}" if seen.status >= 400 and seen.status != 416 else seen

    def _compare_address(self, feed: FeedFacts, where: str) -> None:
        links = feed.node.links("self")
        said = links[0].get("href", "") if links else ""
        is_elsewhere = said and said not in {feed.url, self._url}
        if is_elsewhere and not is_at_home(feed.url) and is_absolute(said):
            message = f'atom:link rel="self" names {said[:200]}: it should be this very address'
            self._found.add(Finding("F3", Level.SHOULD, where, message, "PSP-1"))

    def _pages(self, feed: FeedFacts, where: str) -> tuple[list[tuple[str, Page]], list[PageLink]]:
        """Follow the links to next pages (RFC 5005)."""
        pages, links = [(where, feed.page)], []
        at, seen_urls = feed.url, {feed.url}
        while (url := next_of(pages[-1][1])) and len(pages) < _MOST_PAGES:
            name, url = pages[-1][0], urljoin(at, url)
            if url in seen_urls:
                links.append(PageLink(name, url, "it was read before, the pages are a ring"))
                break
            seen_urls.add(url)
            answer = self._fetch(url, _MOST_FEED_BYTES, {"Accept-Encoding": "gzip"})
            if isinstance(answer, str):
                links.append(PageLink(name, url, f"it cannot be fetched ({answer})"))
                break
            at = answer.url
            pages.append((name_in(url), parse_feed(answer.body, now=self._now).page))
            links.append(PageLink(name, url))
        return pages, links

    def _with_cover(self, feed: FeedFacts, where: str) -> FeedFacts:
        url = feed.node.attribute("itunes:image", "href")
        if not is_absolute(url):
            return feed
        answer = self._fetch(url, _MOST_COVER_BYTES, {})
        if isinstance(answer, str):
            problem = f"the cover cannot be fetched ({answer}): mend its address or its server"
            return replace(feed, cover_problem=problem)
        head = self._try(answer.url, method="HEAD")
        self._ask_server(ServedFacts("cover", feed.is_ours, answer, head=head), where)
        with TemporaryDirectory() as folder:
            path = Path(folder, "cover")
            path.write_bytes(answer.body)
            return judge_cover(feed, path)

    def _items(self, feed: FeedFacts, pages: list[tuple[str, Page]], where: str) -> None:
        newest = nlargest(self._most, feed.totals.dates_s)
        least_s = newest[-1] if newest else 0.0
        close = done = 0
        for _, page in pages:
            for node in page.items():
                name = where_of(node, where)
                if self._progress is not None:
                    self._progress(done, feed.totals.item_count, name)
                date = parse_date(node.text("pubDate"))
                is_new = date is None or date.timestamp() >= least_s
                item = ItemFacts(feed, node)
                if close < self._most and is_new:
                    item = self._looked_at(item, name)
                    close += 1
                self._found.ask_item(item, name)
                done += 1

    def _looked_at(self, item: ItemFacts, name: str) -> ItemFacts:
        """Return the item with what servers say of its files."""
        problems: dict[str, str] = {}
        texts: dict[str, str] = {}
        size = None
        if is_absolute(item.enclosure_url):
            headers = {"Range": _FIRST_KB}
            answer = self._fetch(item.enclosure_url, 1024, headers)
            if isinstance(answer, str):
                problems["mp3"] = f"the MP3 cannot be fetched ({answer})"
            else:
                size = size_of(answer)
                self._ask_server(self._served_sound(item, answer), name)
        types = {
            element.get("url"): element.get("type", "")
            for kind in ("podcast:transcript", "podcast:chapters")
            for element in item.node.all(kind)
        }
        chapters = item.node.attribute("podcast:chapters", "url")
        for url in filter(is_absolute, text_urls(item.node)):
            answer = self._fetch(url, _MOST_TEXT_BYTES, _ORIGIN)
            if isinstance(answer, str):
                problems[url] = f"it cannot be fetched ({answer})"
                continue
            kind = "chapters" if url == chapters else "transcript"
            served = ServedFacts(kind, item.is_ours, answer, declared_type=types.get(url, ""))
            self._ask_server(served, name)
            texts[url] = answer.body.decode("utf-8", errors="replace")
        return replace(item, problems=problems, texts=texts, mp3_bytes=size)

    def _served_sound(self, item: ItemFacts, answer: Seen) -> ServedFacts:
        served = ServedFacts(
            "sound",
            item.is_ours,
            answer,
            declared_type=item.node.attribute("enclosure", "type"),
        )
        if self._is_server_asked:
            return served
        # One sound tells how the server treats them all.
        self._is_server_asked = True
        size = size_of(answer)
        asked = {FIRST_TWO: {"Range": FIRST_TWO}, LAST_ONE: {"Range": LAST_ONE}}
        if size is not None:
            asked[PAST_END] = {"Range": f"bytes={size}-"}
        if answer.header("etag"):
            asked[STALE] = {"Range": FIRST_TWO, "If-Range": '"an-old-version"'}
        answers = {name: self._try(answer.url, headers=headers) for name, headers in asked.items()}
        return replace(
            served,
            head=self._try(answer.url, method="HEAD", headers={"Accept-Encoding": "gzip"}),
            parts={name: seen for name, seen in answers.items() if seen is not None},
        )
