"""The list of all shows, as another library reads it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from audiobrief.intake.opml import parse_opml
from audiobrief.publish.opml import Listed, render_opml

SHOWS = (
    Listed("Morning <Brief> & more", "https://example.org/pod/", "en"),
    Listed("M\u00fcnchen", "https://m\u00fcller.example/a b/", "de"),
    Listed("Nowhere", "ftp://example.org/", "en"),
)


def outlines(content):
    """Return the outlines of a list."""
    root = etree.fromstring(content)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    return [dict(e.attrib) for e in root.findall("body/outline")]


def test_a_list_has_every_show_that_can_be_reached():
    """By OPML 2.0, section Subscription lists: type, text and xmlUrl."""
    content = render_opml("All & more", SHOWS)
    assert etree.fromstring(content).findtext("head/title") == "All & more"
    first, second = outlines(content)
    assert first == {
        "type": "rss",
        "text": "Morning <Brief> & more",
        "title": "Morning <Brief> & more",
        "xmlUrl": "https://example.org/pod/feed.xml",
        "htmlUrl": "https://example.org/pod/index.html",
        "language": "en",
    }
    assert second["xmlUrl"] == "https://xn--mller-kva.example/a%20b/feed.xml"


def test_our_own_reader_subscribes_to_every_show():
    """The list that one workspace writes is a source of another."""
    feeds = parse_opml(render_opml("All", SHOWS), url="https://example.org/feeds.opml").feeds
    assert [(feed.title, feed.url) for feed in feeds] == [
        ("Morning <Brief> & more", "https://example.org/pod/feed.xml"),
        ("M\u00fcnchen", "https://xn--mller-kva.example/a%20b/feed.xml"),
    ]


@given(st.text(st.characters(exclude_categories=()), max_size=60))
@settings(deadline=None, max_examples=60)
def test_any_title_gives_a_list_that_parses(title):
    """Lone surrogates, controls, markup, quotes."""
    assert len(outlines(render_opml(title, [Listed(title, "https://a.example/", "en")]))) == 1
