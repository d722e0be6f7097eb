"""Pages come with what is known of them, and are asked for as gently as possible."""

import gc
import weakref
from dataclasses import replace

from audiobrief.net.answer import FEED
from audiobrief.net.client import Client
from audiobrief.net.rules import ClientRules
from tests.internet import Page
from tests.internet.server import trusting


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


def test_what_is_closed_lets_go_of_the_authorities(internet):
    """At once, also in a circle: a watch makes many clients, each with a megabyte of them."""
    internet.site("news.example", {"/a": Page("<p>Rain.")})
    contexts = []

    def trust():
        context = trusting()
        contexts.append(weakref.ref(context))
        return context

    gc.disable()
    try:
        client = Client(ClientRules(), replace(internet.world, trust=trust))
        with client:
            client.get("https://news.example/a")
        assert [context() for context in contexts] == [None]
    finally:
        gc.enable()
