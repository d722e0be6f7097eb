"""What is never asked: not directly, not after a redirect, not by a name that changes its mind."""

import re

import pytest

from audiobrief.errors import NetworkError, UnsafeAddressError, WorkspaceError
from audiobrief.net.answer import FEED
from audiobrief.net.client import Client
from audiobrief.net.rules import ClientRules
from audiobrief.workspace.settings import Settings
from tests.internet import Page, redirect

NOT_PUBLIC = "not on the public internet"
DIRECT = [
    ("file:///etc/passwd", "file is not asked"),
    ("http://127.0.0.1/", NOT_PUBLIC),
    ("http://localhost:22/", "port 22"),
    ("http://localhost/", NOT_PUBLIC),
    ("http://169.254.169.254/latest/", NOT_PUBLIC),
    ("http://[::1]/", NOT_PUBLIC),
    ("http://[::ffff:127.0.0.1]/", NOT_PUBLIC),
    ("http://2130706433/", NOT_PUBLIC),
    ("http://0x7f.1/", NOT_PUBLIC),
    ("http://0177.0.0.1/", "no address"),
    ("http://127.1/", NOT_PUBLIC),
    ("http://[64:ff9b::7f00:1]/", NOT_PUBLIC),
    ("http://[2002:7f00:1::]/", NOT_PUBLIC),
    ("http://100.64.0.1/", NOT_PUBLIC),
    ("http://224.0.0.1/", NOT_PUBLIC),
    ("http://0.0.0.0/", NOT_PUBLIC),
    ("http://10.0.0.1/", NOT_PUBLIC),
    ("http://192.168.1.1/", NOT_PUBLIC),
    ("http://192.0.0.8/", NOT_PUBLIC),
    ("http://[fec0::1]/", NOT_PUBLIC),
    ("http://[fe80::1]/", NOT_PUBLIC),
    ("http://[fd00::1]/", NOT_PUBLIC),
    ("http://[::]/", NOT_PUBLIC),
    ("https://user:hunter2@news.example/", "user name or password"),
    ("http://news.example\\@127.0.0.1/", "user name or password"),
    ("ftp://news.example/", "ftp is not asked"),
    ("gopher://news.example/", "gopher is not asked"),
    ("data:text/html,hello", "data is not asked"),
    ("javascript:alert(1)", "javascript is not asked"),
    ("//news.example/", "without a scheme is not asked"),
    ("news.example", "without a scheme is not asked"),
    ("http://news.example:25/", "port 25"),
    ("http://news.example:6379/", "port 6379"),
    ("http://news.example:0/", "no host can have this name"),
    ("http://\u2460\u2461\u2466.0.0.1/", "only look like"),
    ("http://\uff11\uff12\uff17.0.0.1/", "only look like"),
    ("http://127\u30020\u30020\u30021/", "only look like"),
    ("http://news.example/\r\nX-Evil: 1", "control character"),
    ("http://news.example/\x00", "control character"),
    ("http://news.exa\tmple/", "control character"),
    ("http://news.example/" + "a" * 100_000, "100,020 characters"),
    ("http:///path", "no host can have this name"),
    ("http://%31%32%37.0.0.1/", "no host can have this name"),
    ("http://a..example/", "no host can have this name"),
    ("http://news.example:99999/", "no host can have this name"),
    ("http://[::1/", "no address|no host"),
    ("http://news.example:port/", "no address"),
]


@pytest.mark.parametrize(("url", "reason"), DIRECT, ids=[url[:40] for url, _ in DIRECT])
def test_it_is_refused_by_name(internet, client, url, reason):
    """No connection is tried, and the error says why."""
    internet.site("news.example", {"/": "<p>Rain."})
    with pytest.raises(NetworkError, match=reason) as caught:
        client.get(url, limit=FEED)
    assert internet.connections == []
    assert "hunter2" not in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", NOT_PUBLIC),
        ("http://localhost/", NOT_PUBLIC),
        ("//127.0.0.1/", NOT_PUBLIC),
        ("file:///etc/passwd", "file is not asked"),
        ("javascript:alert(1)", "javascript is not asked"),
        ("https://user:hunter2@other.example/", "user name or password"),
        ("http://other.example:6379/", "port 6379"),
        ("https://\u2460\u2461\u2466.0.0.1/", "only look like"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_judged_like_the_first_address(internet, client, status, target, reason):
    """The page that redirects is the only one that is asked."""
    encoded = target.encode().decode("latin-1")  # as servers send it
    internet.site("news.example", {"/": redirect(encoded, status)})
    internet.site("other.example", {"/": "<p>Rain."})
    with pytest.raises(UnsafeAddressError, match=reason) as caught:
        client.get("https://news.example/", limit=FEED)
    assert caught.value.subject.startswith("https://news.example/ -> ")
    assert "hunter2" not in str(caught.value)
    assert {host for host, _ in internet.connections} == {"11.0.0.2"}
    assert internet.private_connections == []


def test_every_address_of_a_name_is_judged(internet, client):
    """One private address among public ones is enough to refuse."""
    internet.site("news.example", {"/": "<p>Rain."}, addresses=["11.0.0.9", "10.0.0.9"])
    with pytest.raises(UnsafeAddressError, match=r"leads to 10\.0\.0\.9"):
        client.get("http://news.example/", limit=FEED)
    assert internet.connections == []


def test_a_name_is_resolved_once_a_connection(internet, client_of):
    """A second answer that leads home (DNS rebinding) is not asked for, so not followed."""
    site = internet.site("news.example", {"/": "<p>Rain."}, answers=[["11.0.0.9"], ["127.0.0.1"]])
    client = client_of()
    assert client.get(site.url(), limit=FEED).body == b"<p>Rain."
    assert client.get(site.url(), limit=FEED).body == b"<p>Rain."
    assert internet.lookups == ["news.example"]
    assert internet.connections == [("11.0.0.9", 443)]


def test_a_new_connection_is_judged_anew(internet, client):
    """When the first connection has ended, the second answer counts, and is refused."""
    page = Page("<p>Rain.", headers={"Connection": "close"})
    site = internet.site("news.example", {"/": page}, answers=[["11.0.0.9"], ["127.0.0.1"]])
    client.get(site.url(), limit=FEED)
    with pytest.raises(UnsafeAddressError, match=NOT_PUBLIC):
        client.get(site.url(), limit=FEED)
    assert internet.lookups == ["news.example", "news.example"]
    assert internet.connections == [("11.0.0.9", 443)]


def test_mapped_addresses_are_taken_for_what_they_are(internet, client):
    """IPv6's form of a public IPv4 address is public, and is connected to as such."""
    site = internet.site(
        "news.example", {"/": "<p>Rain."}, answers=[["::ffff:11.0.0.9"], ["11.0.0.9"]]
    )
    client.get(site.url(), limit=FEED)
    assert internet.connections == [("11.0.0.9", 443)]


def test_redirects_in_a_circle_end(internet, client):
    """The circle is named."""
    pages = {"/a": redirect("/b"), "/b": redirect("/a")}
    internet.site("news.example", pages)
    with pytest.raises(NetworkError, match="round in a circle"):
        client.get("https://news.example/a", limit=FEED)
    assert internet.asked() == ["/a", "/b"]


def test_redirects_without_end_end(internet, client):
    """After five, none is followed; five are."""
    pages = {f"/{n}": redirect(f"/{n + 1}") for n in range(9)}
    internet.site("news.example", {**pages, "/9": "<p>Rain."})
    with pytest.raises(NetworkError, match="more than 5 times"):
        client.get("https://news.example/0", limit=FEED)
    assert internet.asked() == [f"/{n}" for n in range(6)]
    assert client.get("https://news.example/4", limit=FEED).url == "https://news.example/9"


def test_a_page_may_set_a_cookie_and_lead_to_itself(internet, client):
    """That is no circle; the next request begins without the cookie."""

    def page(asked):
        if "seen=1" in asked.headers.get("cookie", ""):
            return Page("<p>Rain.")
        return redirect("/", Set_Cookie="seen=1; Path=/")

    internet.site("news.example", {"/": page})
    assert client.get("https://news.example/", limit=FEED).body == b"<p>Rain."
    assert client.get("https://news.example/", limit=FEED).body == b"<p>Rain."
    assert len(internet.requests) == 4


def test_a_proxy_in_the_environment_is_ignored(internet, monkeypatch):
    """Connections go to the judged address, whatever the environment says."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    internet.site("news.example", {"/": "<p>Rain."})
    with Client(ClientRules(), internet.world) as client:
        assert client.get("http://news.example/", limit=FEED).body == b"<p>Rain."
        assert client.get("https://news.example/", limit=FEED).body == b"<p>Rain."
    assert internet.connections == [("11.0.0.2", 80), ("11.0.0.2", 443)]


def test_an_entity_is_not_fetched(internet, client):
    """A feed that names files and hosts inside of it is bytes, and nothing else is asked."""
    feed = '<!DOCTYPE r [<!ENTITY x SYSTEM "http://169.254.169.254/">]><rss>&x;</rss>'
    internet.site("news.example", {"/feed": Page(feed, "text/xml")})
    assert client.get("https://news.example/feed", limit=FEED).body == feed.encode()
    assert internet.lookups == ["news.example"]


def test_a_certificate_of_another_host_is_refused(internet, client):
    """The TLS name stays the name in the address, though an address is connected to."""
    internet.site("bank.example", {"/": "<p>Money."}, certificate="other.example")
    with pytest.raises(NetworkError, match="certificate is not trusted"):
        client.get("https://bank.example/", limit=FEED)
    assert internet.requests == []


def test_a_port_without_encryption_is_told(internet, client):
    """Speaking TLS to a server without is no passing fault."""
    internet.site("news.example", {"/": "<p>Rain."}, ports={443: "http"})
    with pytest.raises(NetworkError, match="without proper encryption"):
        client.get("https://news.example/", limit=FEED)


class TestAtHome:
    """Hosts that the user has opened, on any port, and nobody else."""

    @pytest.fixture
    def shelf(self, internet):
        """Return a service on the home network."""
        return internet.site(
            "shelf.home", {"/": "<p>Mine."}, addresses=["192.168.1.5"], ports={8080: "http"}
        )

    @pytest.mark.parametrize("allowed", ["shelf.home", "192.168.1.5", "192.168.1.0/24"])
    @pytest.mark.usefixtures("shelf")
    def test_an_opened_host_is_reached(self, internet, client_of, allowed):
        """By its name, its address, or the network that it is in."""
        client = client_of(allowed_hosts=(allowed,))
        assert client.get("http://shelf.home:8080/", limit=FEED).body == b"<p>Mine."
        assert internet.connections == [("192.168.1.5", 8080)]

    @pytest.mark.parametrize("allowed", ["other.home", "home", "192.168.1.6", "192.168.2.0/24"])
    @pytest.mark.usefixtures("shelf")
    def test_others_are_not(self, internet, client_of, allowed):
        """What is opened is exactly what is named."""
        client = client_of(allowed_hosts=(allowed,))
        with pytest.raises(UnsafeAddressError):
            client.get("http://shelf.home/", limit=FEED)
        with pytest.raises(UnsafeAddressError):
            client.get("http://shelf.home:8080/", limit=FEED)
        assert internet.connections == []

    @pytest.mark.parametrize("address", ["169.254.169.254", "224.0.0.1", "fe80::1", "0.0.0.0"])
    def test_an_opened_name_is_no_way_to_everything(self, internet, client_of, address):
        """A name may be that of a home network, but not of a cloud's credentials."""
        internet.site("shelf.home", {"/": "<p>Mine."}, addresses=[address])
        with pytest.raises(UnsafeAddressError, match=NOT_PUBLIC):
            client_of(allowed_hosts=("shelf.home",)).get("http://shelf.home/", limit=FEED)
        assert internet.connections == []

    def test_an_opened_network_leaves_ports_of_others_closed(self, internet, client_of):
        """Public hosts have the ports of web pages, whatever is opened at home."""
        internet.site("news.example", {"/": "<p>Rain."}, ports={8080: "http"})
        with pytest.raises(UnsafeAddressError, match="port 8080") as caught:
            client_of(allowed_hosts=("192.168.1.0/24",)).get("http://news.example:8080/")
        table, key = re.search(r"\[(\w+)\] (\w+)$", caught.value.remedy).groups()
        assert key in type(getattr(Settings(), table)).model_fields
        assert internet.connections == []

    @pytest.mark.usefixtures("shelf")
    def test_a_page_outside_does_not_lead_home(self, internet, client_of):
        """Neither by redirect nor by link, with or without an open connection to the host."""
        internet.site("news.example", {"/": redirect("http://shelf.home:8080/delete")})
        client = client_of(allowed_hosts=("shelf.home",))
        for _ in range(2):
            with pytest.raises(UnsafeAddressError, match="from outside"):
                client.get("https://news.example/")
            with pytest.raises(UnsafeAddressError, match="from outside"):
                client.get("http://shelf.home:8080/", found_on="https://news.example/feed")
            client.get("http://shelf.home:8080/")
        assert set(internet.asked("shelf.home")) == {"/"}
        assert [c for c in internet.connections if c[0] == "192.168.1.5"] == [("192.168.1.5", 8080)]

    def test_a_page_at_home_leads_home(self, shelf, client_of):
        """Links and redirects of an opened host may lead to it."""
        shelf.pages["/old"] = redirect("/")
        client = client_of(allowed_hosts=("shelf.home",))
        feed = "http://shelf.home:8080/feed"
        assert client.get("http://shelf.home:8080/old", found_on=feed).body == b"<p>Mine."

    def test_what_is_no_host_is_told(self, client_of):
        """A mistake in the settings is one of the settings."""
        with pytest.raises(WorkspaceError, match="neither a host name"):
            client_of(allowed_hosts=("http://shelf.home/",))
