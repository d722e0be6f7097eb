"""Pages come with what is known of them, and are asked for as gently as possible."""

from audiobrief.net.answer import FEED
from tests.internet import Page


def test_a_page_comes_whole(internet, client):
    """Body, type, character set and address are the host's."""
    internet.site("news.example", {"/a": Page("<p>Föhn.", "Text/HTML; charset=ISO-8859-1")})
    answer = client.get("https://news.example/a#top")
    assert "<p>Föhn.".encode() == answer.body
    assert (answer.content_type, answer.charset) == ("text/html", "iso8859-1")
    assert answer.url == "https://news.example/a"


def test_what_is_unchanged_does_not_come_again(internet, client):
    """The marks of the last answer are shown, and kept."""
    page = Page("<rss/>", "application/rss+xml", etag='"1"', last_modified="Thu, 01 Jan 2026")
    internet.site("news.example", {"/feed": page})
    first = client.get("https://news.example/feed", limit=FEED)
    second = client.get("https://news.example/feed", known=first.known, limit=FEED)
    assert first.body == b"<rss/>"
    assert second.body is None
    assert first.known == second.known
