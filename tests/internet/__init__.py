"""An internet on loopback: many sites by name, over http and https, and all that goes wrong there.

In a folder's ``conftest.py``::

    from tests.internet.fixture import internet_fixture  # noqa: F401 - `internet`

In a test::

    internet.site("news.example", {"/": Page("<p>Rain."), "/feed.xml": Page(RSS, "text/xml")})
    with Client(ClientRules(), internet.world) as client:
        client.get("https://news.example/feed.xml", limit=FEED)
    assert internet.asked("news.example") == ["/feed.xml"]
    assert internet.private_connections == []

Sites get addresses that look public; the world's ``connect`` leads them to servers on loopback, so
that the client's guard judges them as it judges real ones. Nobody waits: the world's clock goes
forward when somebody would. Programs in a process of their own reach the sites at
``internet.port("http")`` of 127.0.0.1, as a site called ``127.0.0.1``.
"""

from tests.internet.net import Internet, Site
from tests.internet.page import Page, Raw, busy, redirect

__all__ = ["Internet", "Page", "Raw", "Site", "busy", "redirect"]
