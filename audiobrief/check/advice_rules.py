"""What makes a feed better than it must be: S1 to S9 (pure)."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from audiobrief.check.dates import parse_date
from audiobrief.check.rule import Entry, Level, Rule
from audiobrief.check.urls import is_absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.check.facts import FeedFacts, ItemFacts

#: Feed reference, "Cap the main feed": readers take seconds to minutes for thousands of items.
MOST_ON_A_PAGE = 300
_MARKUP = re.compile(r"<[a-zA-Z]")
_COPYRIGHT_SIGN = re.compile(r"\u00a9|\(c\)|&copy;|\b(?:19|20)\d\d\b", re.IGNORECASE)


def check_niceties(feed: FeedFacts) -> Iterator[str]:
    """S1: picture, owner, type, and a copyright without what apps add."""
    if not any(True for image in feed.node.all("image") for _ in image.iterchildren("url")):
        yield "no RSS <image> with url: readers that do not know itunes:image show it"
    owners = [child for owner in feed.node.all("itunes:owner") for child in owner.iterchildren("*")]
    if not any("@" in (child.text or "") for child in owners):
        yield "no itunes:owner with itunes:email: directories write there to prove whose it is"
    if not feed.node.text("itunes:type"):
        yield "no itunes:type: write episodic, or serial if the order matters"
    if _COPYRIGHT_SIGN.search(feed.node.text("copyright")):
        yield "the copyright has its sign or a year: name the owner only, apps add the sign"


def check_build_date(feed: FeedFacts) -> Iterator[str]:
    """S2: a feed that has not changed has the same bytes."""
    written = feed.node.text("lastBuildDate")
    if not written and feed.is_ours:
        yield "no lastBuildDate: write that of the newest episode"
    if not written:
        return
    date = parse_date(written)
    if date is None:
        yield f"lastBuildDate is no date of RFC 2822: {written[:80]!r}: mend or remove it"
    elif feed.is_ours and feed.totals.dates_s and date.timestamp() != max(feed.totals.dates_s):
        yield f"lastBuildDate is {written}: write the newest episode's, so that rebuilds are equal"


def check_order(feed: FeedFacts) -> Iterator[str]:
    """S3: the newest first."""
    if feed.node.text("itunes:type").lower() == "serial":
        return
    wrong = sum(after > before for before, after in pairwise(feed.totals.dates_s))
    if wrong:
        yield f"{wrong} items are newer than the one before them: put the newest first"


def check_hub(feed: FeedFacts) -> Iterator[str]:
    """S4: a hub that can be asked."""
    for link in feed.node.links("hub"):
        if not is_absolute(link.get("href", "")):
            yield 'atom:link rel="hub" has no absolute address: write the hub\'s'


def check_pages(feed: FeedFacts) -> Iterator[str]:
    """S5: pages that are there."""
    for link in feed.page_links:
        if link.problem:
            yield f"{link.where} names a next page, {link.url[:200]}: {link.problem}: publish it"


def check_length_of_page(feed: FeedFacts) -> Iterator[str]:
    """S5: pages that apps can read at once."""
    count = feed.page.totals.item_count
    if feed.page.has_too_many_items:
        yield f"more than {count - 1} items in one file: the rest was not looked at; make pages"
    elif count > MOST_ON_A_PAGE:
        yield (
            f"{count} items in one file: apps take seconds to minutes for thousands; leave the "
            f'newest {MOST_ON_A_PAGE} here and link the others with atom:link rel="next"'
        )


def check_escaped_titles(feed: FeedFacts) -> Iterator[str]:
    """S9: titles that old readers do not show as markup."""
    count = feed.page.escaped_title_count
    if count:
        yield f"{count} titles have &amp; or &lt;: write &#x26; and &#x3C;, or CDATA"


def check_moved(feed: FeedFacts) -> Iterator[str]:
    """S8: where the feed has moved to."""
    for element in feed.node.all("itunes:new-feed-url"):
        if not is_absolute((element.text or "").strip()):
            yield "itunes:new-feed-url is no absolute address: write the new feed's"


def check_notes(item: ItemFacts) -> Iterator[str]:
    """S6: notes with markup, and a short plain description."""
    description = item.node.text("description")
    if item.node.text("content:encoded"):
        return
    if not description and not item.node.text("itunes:summary"):
        yield "no description: say in a sentence what the episode is about"
    elif _MARKUP.search(description):
        yield "the only notes are a description with markup: put them into content:encoded as well"


def check_item_cover(item: ItemFacts) -> Iterator[str]:
    """S7: a picture of the episode's own that apps can load."""
    for image in item.node.all("itunes:image"):
        if not is_absolute(image.get("href", "")):
            yield "an item's itunes:image has no absolute href: write the picture's address"


def check_declared_on_items(item: ItemFacts) -> Iterator[str]:
    """P7: what the channel declares of synthetic voices, its items do too."""
    said = [_declared(facts.node) for facts in (item.feed, item)]
    if "true" in said[0] and not said[1]:
        yield 'the channel has podcast:txt purpose="ai-content", the item has not: add it'


def _declared(node: object) -> list[str]:
    return [
        (element.text or "").strip()
        for element in node.all("podcast:txt")  # type: ignore[attr-defined]
        if element.get("purpose") == "ai-content"
    ]


def _entry(number: str, title: str, source: str, level: Level = Level.SHOULD) -> Entry:
    return Entry(number, level, title, source)


ADVICE_RULES: tuple[Rule[FeedFacts], ...] = (
    Rule(_entry("S1", "RSS image, owner, type, plain copyright", "Apple"), check_niceties),
    Rule(_entry("S2", "lastBuildDate is the newest episode's", "ours"), check_build_date),
    Rule(_entry("S3", "the newest first", "RSS 2.0"), check_order),
    Rule(_entry("S4", "a WebSub hub has an address", "WebSub"), check_hub),
    Rule(_entry("S5", "linked pages are there", "RFC 5005", Level.MUST), check_pages),
    Rule(_entry("S5", "at most 300 items a page", "RFC 5005"), check_length_of_page),
    Rule(_entry("S8", "itunes:new-feed-url is an address", "Apple"), check_moved),
    Rule(_entry("S9", "& and < in titles as hex references", "W3C"), check_escaped_titles),
)
ITEM_ADVICE_RULES: tuple[Rule[ItemFacts], ...] = (
    Rule(_entry("P7", "ai-content on channel and items", "NS 9cb5a4c"), check_declared_on_items),
    Rule(_entry("S6", "notes with markup in content:encoded", "RSS 2.0"), check_notes),
    Rule(_entry("S7", "an item's picture has an address", "Apple"), check_item_cover),
)
