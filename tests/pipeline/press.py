"""A press on the loopback internet: sites with articles and feeds, and who reads them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from audiobrief.workspace.load import load_workspace
from tests.brief.writing import article
from tests.internet.page import Page

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Piece:
    """An article as a site has it."""

    title: str
    text: str
    path: str
    hours_ago: float = 1.0

    @property
    def published(self):
        """When it appeared."""
        return NOW - timedelta(hours=self.hours_ago)


def piece(topic, seed, *, title=None, hours_ago=1.0, path=None, sentences=24):
    """Return an article of a topic; no two seeds share a sentence."""
    name = title or f"The {topic} and its {seed} days"
    path = path or f"/{topic}/{seed}"
    return Piece(name, article(topic, seed, sentences), path, hours_ago)


def page(told, *, menu="Home News Sport"):
    """Return a piece as a page of HTML, with furniture around it."""
    paragraphs = "".join(f"<p>{escape(p)}</p>" for p in told.text.split("\n"))
    return Page(
        f"<!doctype html><html lang='en'><head><title>{escape(told.title)}</title></head><body>"
        f"<nav>{menu}</nav><article><h1>{escape(told.title)}</h1>{paragraphs}</article>"
        "<footer>Copyright. All rights reserved.</footer></body></html>"
    )


def rss(host, pieces, *, title="A paper", etag='"1"', query="", whole=False):
    """Return a feed of pieces."""
    items = "".join(
        f"<item><title>{escape(p.title)}</title><link>https://{host}{p.path}{escape(query)}</link>"
        f"<guid>{host}{p.path}</guid><pubDate>{p.published:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        f"<description>{escape(p.text if whole else p.text[:120])}</description></item>"
        for p in pieces
    )
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://{host}/</link><description>x</description>{items}</channel></rss>"
    )
    return Page(body, "application/rss+xml", etag=etag)


def put_up(internet, host, pieces, **options):
    """Put a site up with its articles and its feed."""
    pages = {p.path: page(p) for p in pieces}
    query = options.get("query", "")
    pages |= {p.path + query: page(p) for p in pieces}
    return internet.site(host, pages | {"/feed.xml": rss(host, pieces, **options)})


def workspace_of(folder, hosts, *, more=""):
    """Return a workspace whose sources are the feeds of some hosts."""
    sources = "".join(
        f'\n[[sources]]\nname = "{host}"\nurl = "https://{host}/feed.xml"\ntags = ["{host[:4]}"]\n'
        for host in hosts
    )
    text = f'[show]\ntitle = "Morning Brief"\n{more}{sources}'
    (folder / "audiobrief.toml").write_text(text, encoding="utf-8")
    return load_workspace(folder)


def inbox(folder):
    """Return the files of the inbox."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.glob("articles/**/*.*"))
