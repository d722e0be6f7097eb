"""What sources offer, as items: feeds, lists, exports, mails, read-later services."""

from audiobrief.intake.address import canonical_url, web_address
from audiobrief.intake.discover import FeedLink, find_feeds
from audiobrief.intake.exports import Export, ExportKind, parse_export, sniff
from audiobrief.intake.feed import parse_feed
from audiobrief.intake.feed_source import FeedSource, OpmlSource
from audiobrief.intake.imap import ImapSource
from audiobrief.intake.list_source import ListSource
from audiobrief.intake.mail import Mails, parse_mail, parse_mails
from audiobrief.intake.offer import Feed
from audiobrief.intake.opml import Outline, Subscription, parse_opml
from audiobrief.intake.readeck import ReadeckSource
from audiobrief.intake.seam import Connect, Fetch, Fetched, Known, Listing, Source, Wanted
from audiobrief.intake.wallabag import WallabagSource

__all__ = [
    "Connect",
    "Export",
    "ExportKind",
    "Feed",
    "FeedLink",
    "FeedSource",
    "Fetch",
    "Fetched",
    "ImapSource",
    "Known",
    "ListSource",
    "Listing",
    "Mails",
    "OpmlSource",
    "Outline",
    "ReadeckSource",
    "Source",
    "Subscription",
    "WallabagSource",
    "Wanted",
    "canonical_url",
    "find_feeds",
    "parse_export",
    "parse_feed",
    "parse_mail",
    "parse_mails",
    "parse_opml",
    "sniff",
    "web_address",
]
