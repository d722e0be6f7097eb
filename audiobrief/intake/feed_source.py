"""Feeds, and lists of feeds, as sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.errors import AudiobriefError
from audiobrief.intake.address import canonical_url, web_address
from audiobrief.intake.discover import find_feeds, is_html
from audiobrief.intake.feed import MAX_ITEMS, parse_feed
from audiobrief.intake.file import read_file
from audiobrief.intake.opml import parse_opml
from audiobrief.intake.seam import Fetch, Fetched, Known, Listing, Wanted, body_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audiobrief.intake.offer import Feed


@dataclass(frozen=True, slots=True)
class FeedSource:
    """A feed.

    ``known`` holds where the feed was found, and the version of it that was read. The address of a
    page will do as well, if it names a feed: the first one is read, from then on directly.
    """

    url: str
    most: int = MAX_ITEMS
    #: The list from elsewhere that names it; ``None``: the user does.
    found_on: str | None = None

    @property
    def name(self) -> str:
        """Return its address."""
        return self.url

    def items(self, fetch: Fetch, known: Mapping[str, str]) -> Listing:
        """Return what the feed offers; nothing if it is unchanged.

        Raises:
            SourceError: It cannot be read, or is no feed.
            AudiobriefError: There is no answer.
        """
        feed, listing = self.read(fetch, known)
        return listing if feed is None else replace(listing, items=feed.items)

    def read(self, fetch: Fetch, known: Mapping[str, str]) -> tuple[Feed | None, Listing]:
        """Return the feed, ``None`` if it is unchanged, and what goes with it but its items."""
        # What was known is of another feed if the settings name another address since.
        known = known if known.get("source") == self.url else {}
        address = known.get("feed", self.url)
        version = Known(known.get("etag"), known.get("last_modified"), known.get("found_at"))
        # A feed that a page has named is the page's, also the second time.
        origin = self.found_on if address == self.url else self.url
        fetched = fetch.get(address, wanted=Wanted.FEED, known=version, found_on=origin)
        if fetched.body is None and fetched.status in {200, 304}:
            return None, Listing((), known)
        notes: tuple[str, ...] = ()
        body = body_of(fetched)
        if is_html(body) and (links := find_feeds(body, url=fetched.url, charset=fetched.charset)):
            address = links[0].url
            notes = (f"the page {self.url} names the feed {address}",)
            fetched = fetch.get(address, wanted=Wanted.FEED, found_on=fetched.url)
            body = body_of(fetched)
        feed = parse_feed(body, url=fetched.url, charset=fetched.charset, most=self.most)
        return feed, Listing((), self._known(address, fetched), (*notes, *feed.notes))

    def _known(self, address: str, fetched: Fetched) -> dict[str, str]:
        found = {
            "source": self.url,
            "feed": address,
            "found_at": fetched.url,
            "etag": fetched.etag,
            "last_modified": fetched.last_modified,
        }
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class OpmlSource:
    """The feeds that an OPML document lists: a file, or an address where a reader publishes it.

    ``known`` holds that of every feed, under its address. A feed that cannot be read is a note; the
    others go on.
    """

    place: str | Path
    most: int = MAX_ITEMS

    @property
    def name(self) -> str:
        """Return its address or path."""
        return str(self.place)

    def items(self, fetch: Fetch, known: Mapping[str, str]) -> Listing:
        """Return what the feeds offer that have changed.

        Raises:
            SourceError: The list cannot be read, or none of its feeds.
        """
        outline = parse_opml(self._body(fetch), url=self.name)
        listings: dict[str, Listing] = {}
        notes = list(outline.notes)
        failed: list[AudiobriefError] = []
        kept: dict[str, str] = {}
        for feed in outline.feeds:
            mine = _within(feed.url, known)
            source = FeedSource(feed.url, self.most, found_on=self._address())
            try:
                listings[feed.url] = source.items(fetch, mine)
            except AudiobriefError as error:
                failed.append(error)
                notes.append(f"{feed.title or feed.url}: {error.problem}")
                # What is known of it still holds when it is back.
                kept |= _under(feed.url, mine)
        if failed and not listings:
            raise failed[0]
        for url, listing in listings.items():
            kept |= _under(url, listing.known)
            notes += [f"{url}: {note}" for note in listing.notes]
        items = tuple(item for listing in listings.values() for item in listing.items)
        return Listing(items, kept, tuple(notes))

    def _body(self, fetch: Fetch) -> bytes:
        address = self._address()
        if address is None:
            return read_file(self.place)
        return body_of(fetch.get(address, wanted=Wanted.FEED))

    def _address(self) -> str | None:
        """Return where the list is on the web; ``None``: it is a file."""
        return web_address(self.place) if isinstance(self.place, str) else None


def _within(url: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return what is known of one feed of a list."""
    prefix = f"{canonical_url(url)} "
    return {
        key.removeprefix(prefix): value for key, value in known.items() if key.startswith(prefix)
    }


def _under(url: str, known: Mapping[str, str]) -> dict[str, str]:
    return {f"{canonical_url(url)} {key}": value for key, value in known.items()}
