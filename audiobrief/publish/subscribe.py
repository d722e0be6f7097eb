"""How to subscribe: links into apps, the feed's address, a QR code (pure; the room of segno)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class App:
    """An app that can be handed a feed by a link."""

    name: str
    #: ``{feed}`` is the address, percent-encoded; ``{bare}`` the same without its scheme, as it is.
    link: str


#: AntennaPod's link as its documentation for podcasters gives it (antennapod.org, "add on
#: AntennaPod"). The other schemes as podcast sites use them; no app was there to try them in.
_ANTENNAPOD = App("AntennaPod", "https://antennapod.org/deeplink/subscribe?url={feed}")
#: Without the app, the link above leads to a page of others, which would be told the address.
_ANTENNAPOD_ALONE = App("AntennaPod", "antennapod-subscribe://{bare}")
_OTHERS = (
    App("Apple Podcasts", "podcast://{bare}"),
    App("Overcast", "overcast://x-callback-url/add?url={feed}"),
    App("Pocket Casts", "pktc://subscribe/{bare}"),
    App("Podcast Addict", "podcastaddict://{bare}"),
)


def app_links(feed: str, *, is_private: bool) -> tuple[tuple[str, str], ...]:
    """Return name and link of each app.

    Args:
        feed: Its address, as `show_address` gives it.
        is_private: Nobody but the listener's own app may be told the address.

    >>> app_links("https://a.example/feed.xml", is_private=True)[0]
    ('AntennaPod', 'antennapod-subscribe://a.example/feed.xml')
    """
    bare = feed.partition("://")[2]
    apps = (_ANTENNAPOD_ALONE if is_private else _ANTENNAPOD, *_OTHERS)
    return tuple((a.name, a.link.format(feed=quote(feed, safe=""), bare=bare)) for a in apps)


# The same in every page of a show: drawn once.
@lru_cache(maxsize=64)
def render_subscription(feed: str, *, is_private: bool) -> str:
    """Return the part of a page that has the feed's address in it.

    Whoever gives a listener an address of their own can put another one in its place: the same
    feed gives the same text, and no text of an article can look like it.

    Args:
        feed: Its address.
        is_private: See `app_links`.

    Returns:
        HTML: a list of links, the address as code, the QR code with its words.
    """
    links = "\n".join(
        f'<li><a class="button" href="{escape(link)}">{escape(name)}</a></li>'
        for name, link in app_links(feed, is_private=is_private)
    )
    return f"""\
<div class="ways">
<div>
<ul class="apps" aria-label="Apps">
{links}
</ul>
<p class="copied"><code>{escape_text(feed)}</code>
<button type="button" data-copies="feed" hidden>Copy</button></p>
</div>
<figure class="code">
{_qr_code(feed)}
<figcaption class="soft">Scan it with a phone</figcaption>
</figure>
</div>"""


def escape_text(text: str) -> str:
    """Return text as Jinja2 escapes it between tags, but for double quotes."""
    return escape(text, quote=False).replace("'", "&#39;")


def _qr_code(text: str) -> str:
    import segno  # noqa: PLC0415 - only where a page is made

    # Error correction M (15 %): paper creases. The margin of 4 is ISO/IEC 18004's quiet zone.
    code = segno.make_qr(text, error="m")
    svg = code.svg_inline(border=4, omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    label = escape(f"QR code: address of the feed, {text}")
    return svg.replace("<svg", f'<svg role="img" aria-label="{label}"', 1)
