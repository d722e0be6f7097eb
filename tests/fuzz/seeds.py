"""Writes the first corpus: small inputs of our own making, one for each shape that matters.

``python -m tests.fuzz.seeds`` writes those that are missing; what is there stays.
"""
# ruff: noqa: E501 - samples

import json
from datetime import UTC, datetime
from pathlib import Path

from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.model.audio import Clip, WordMark
from audiobrief.pipeline.order import CODEC
from audiobrief.store.clips import render_clip
from tests.fuzz.target import CORPUS
from tests.ingest.books import epub, nav, page

NEWS = (
    "Ferry returns to the old harbor\n\nBy Jane Roe\n\nThe ferry will run again from Monday, eleven "
    'months after a storm. "We tested every plank of the pier," said Ana Ruiz, 54, the harbor '
    "master. It cost $4.5 million.\n\nShare\nSign up for our newsletter\n\nThe first boat leaves at "
    "6:30 a.m., and \u201ctickets cost the same as before,\u201d she said.\n"
)
HTML = (
    "<!doctype html><html lang=en><head><title>Ferry</title><meta name=author content='Jane Roe'>"
    '<script type=\'application/ld+json\'>{"@type":"NewsArticle","datePublished":"2026-01-02"}'
    "</script></head><body><nav>Home</nav><article><h1>Ferry returns to the old harbor</h1>"
    "<p>The ferry will run again from Monday &amp;amp; later, eleven months after a storm sank it.</p>"
    "<table><tr><td>1</td></tr></table><ul><li>One</li></ul><pre>x = 1</pre></article></body></html>"
)
MARKDOWN = (
    "---\ntitle: Ferry\nauthor: Jane Roe\ndate: 2026-01-02\nlexicon:\n  Dyett: DYE-it\n---\n\n# Ferry\n"
    "\nThe ferry will *run again* from Monday, [eleven](https://a.example) months after a storm.[^1]\n"
    "\n> We tested every plank of it.\n\n```\ncode\n```\n\n[^1]: A note.\n"
)
RSS = (
    '<?xml version="1.0"?><!DOCTYPE rss><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/'
    'modules/content/"><channel><title>News</title><link>https://a.example/</link><item><title>Rain'
    " &amp;amp; wind</title><link>/1</link><guid>1</guid><pubDate>Fri, 02 Jan 2026 12:00:00 GMT"
    "</pubDate><content:encoded><![CDATA[<p>Rain.</p>]]></content:encoded></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><id>urn:1</id><title type="html">'
    '&lt;b&gt;Rain</title><link href="https://a.example/1"/><updated>2026-01-02T12:00:00Z</updated>'
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Rain.</div></content></entry></feed>'
)
PODCAST = (
    '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast='
    '"https://podcastindex.org/namespace/1.0"><channel><title>A</title><link>https://a.example/</link>'
    '<description>x</description><language>en</language><itunes:image href="https://a.example/c.jpg"/>'
    '<itunes:category text="News"/><itunes:explicit>false</itunes:explicit><item><title>One</title>'
    '<guid isPermaLink="false">1</guid><pubDate>Fri, 02 Jan 2026 12:00:00 +0000</pubDate><enclosure '
    'url="https://a.example/1.mp3" length="1" type="audio/mpeg"/><itunes:duration>1:02</itunes:duration>'
    '<podcast:transcript url="https://a.example/1.vtt" type="text/vtt"/></item></channel></rss>'
)
OPML = (
    '<opml version="2.0"><head><title>Mine</title></head><body><outline text="News"><outline text="A" '
    'type="rss" xmlUrl="https://a.example/feed.xml" htmlUrl="https://a.example/"/></outline></body></opml>'
)
MAIL = (
    "From: Jane Roe <jane@a.example>\r\nSubject: =?utf-8?q?Ferry_=E2=80=93_news?=\r\nDate: Fri, 02 Jan "
    "2026 12:00:00 +0000\r\nMessage-ID: <1@a.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/"
    'alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nRain. '
    "https://a.example/1\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "PHA+UmFpbi48L3A+\r\n--b--\r\n"
)
SETTINGS = (
    '[show]\ntitle = "Morning Brief"\nemail = "jo@example.org"\ncategory = "News > Daily News"\n'
    '[cast]\nquotes = ["guest-1"]\n[sound]\nbitrate_kbps = 96\n[[sources]]\nname = "A"\nurl = '
    '"https://a.example/feed.xml"\ntags = ["x"]\n[shows.long]\ntitle = "Long"\nbrief = { full = true }\n'
)
PROFILE = (
    'engine = "espeak"\nengine_voice = "en-us"\nlanguage = "en"\nrate_wpm = 170\nvolume = 0.6\n'
)
SCRIPT = (
    "# Ferry returns\n\nSource: a.txt\n\n[host \u00b7 anchor] Ferry returns.\n\n## The pier\n\n[narrator "
    "\u00b7 anchor] The ferry runs again.\n[quote \u00b7 guest-1 \u00b7 Ana Ruiz] We tested it.\n\n---\n\n"
    "Not spoken:\n\n- Share\n\n<!-- audiobrief: edited by hand -->\n"
)
LISTS = {
    "links": "https://a.example/1\nread this: https://a.example/2 (later)\n",
    "csv": "url,title,time_added\nhttps://a.example/1,Rain,1767355200\n",
    "bookmarks": '<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><DT><A HREF="https://a.example/1">A</A></DL>',
    "json": '{"items": [{"url": "https://a.example/1", "title": "Rain"}]}',
    "opml": OPML,
    "mbox": f"From a Fri Jan  2 12:00:00 2026\n{MAIL}",
}


def seeds():
    """Return target -> name -> bytes."""
    clip = Clip(bytes(range(200)), 22_050, (WordMark(0, 4, 0), WordMark(5, 9, 40)))
    blocks = (Block(BlockKind.HEADLINE, "Rain"), Block(BlockKind.PARAGRAPH, "It rains."))
    article = Article("Rain", blocks, "a.txt", published=datetime(2026, 1, 2, tzinfo=UTC))
    job = {"key": "0" * 64, "locator": "a.txt", "recipe": "1" * 64, "store": "s3://a", "cache": ""}
    made = {"key": "0" * 64, "made": "2" * 64, "files": [["a.mp3", "3" * 64, 9]], "synthesized": 1}
    return {
        "cleaner": {"text": f"0{NEWS}", "markdown": f"1{MARKDOWN}", "html": f"2{HTML}"},
        "book": {
            "pages": page(f"<h1>One</h1><p>{NEWS}</p>"),
            "whole": epub({"a.xhtml": page("<p>Rain.</p>")}, contents=nav([("One", "a.xhtml")])),
        },
        "quotations": {"news": NEWS},
        "script": {"news": NEWS},
        "script_file": {"script": SCRIPT},
        "settings": {"settings": f"s{SETTINGS}", "profile": f"v{PROFILE}"},
        "checker": {"podcast": PODCAST, "rss": RSS},
        "ranges": {"two": b"\0\0\x64bytes=0-4, -2, 7-", "items": b"\0\1\0items=0-4"},
        "feeds": {
            "rss": RSS,
            "atom": ATOM,
            "json": '{"version":"https://jsonfeed.org/version/1.1","title":"A","items":[{"id":"1",'
            '"url":"https://a.example/1","content_html":"<p>Rain.</p>"}]}',
        },
        "lists": LISTS,
        "mails": {"mail": MAIL, "mbox": LISTS["mbox"]},
        "manifests": {},
        "jobs": {
            "job": json.dumps(job),
            "made": json.dumps(made),
            "article": CODEC.encode(article),
        },
        "clips": {"words": render_clip(clip), "plain": render_clip(Clip(bytes(8), 16_000))},
        "addresses": {
            "login": "https://jo:pw@news.example:443/a?token=abcdef0123456789#x",
            "odd": "http://[::ffff:127.0.0.1]/\\@x",
        },
        "seals": {"short": b"abcdefgh"},
    }


def main():
    """Write what is missing."""
    for target, named in seeds().items():
        folder = Path(CORPUS / target)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in named.items():
            if not (folder / name).exists():
                raw = content if isinstance(content, bytes) else content.encode()
                (folder / name).write_bytes(raw)


if __name__ == "__main__":
    main()
