"""The rule book applied to a folder: read each thing once, then ask every rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.check.facts import attribute, read_feed, read_item, text_of
from audiobrief.check.feed_rules import FEED_RULES, XML_RULE
from audiobrief.check.item_rules import ITEM_RULES
from audiobrief.check.podcast_rules import PODCAST_RULES
from audiobrief.check.sound_rules import SOUND_RULES
from audiobrief.check.transcript_rules import TRANSCRIPT_RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from audiobrief.check.facts import FeedFacts, ItemFacts
    from audiobrief.check.rule import Finding, Rule

#: Asked once for the whole feed.
RULES_OF_FEED: tuple[Rule[FeedFacts], ...] = (*FEED_RULES, *PODCAST_RULES)
#: Asked for every item.
RULES_OF_ITEM: tuple[Rule[ItemFacts], ...] = (*ITEM_RULES, *TRANSCRIPT_RULES, *SOUND_RULES)

_FEED = "feed.xml"


def check_folder(
    episodes: Path,
    *,
    now: datetime | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Finding]:
    """Hold the feed and every episode that it names against the rules.

    Files are found by URL: what comes after the folder of the feed's own link is the path below
    ``episodes``.

    Args:
        episodes: The folder with ``feed.xml``.
        now: Aware; later dates are in the future. The clock's time when left out.
        progress: Called with episodes done, episodes in all and a title.

    Returns:
        What is broken, the feed first, then the items in the feed's order; empty: nothing.

    Raises:
        StoreError: There is no feed, or it cannot be read.
    """
    feed = read_feed(episodes, now=now)
    findings = XML_RULE.findings(feed, _FEED)
    if feed.root is None:
        return findings
    for rule in RULES_OF_FEED:
        findings += rule.findings(feed, _FEED)
    for number, element in enumerate(feed.items):
        where = text_of(element, "title") or attribute(element, "enclosure", "url") or _FEED
        if progress is not None:
            progress(number, len(feed.items), where)
        item = read_item(feed, element, episodes)
        for item_rule in RULES_OF_ITEM:
            findings += item_rule.findings(item, where)
    return findings
