"""Hosts are asked seldom, one request at a time, and for what is new alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest

from audiobrief import __version__
from audiobrief.errors import NetworkError, TryLaterError
from audiobrief.net.answer import FEED, Known
from audiobrief.net.rules import HostRule
from tests.internet import Page, Raw, busy, redirect, traps
from tests.internet.clock import BEGIN

URL = "https://news.example/"


def test_the_host_learns_who_asks(internet, client_of):
    """Name, version and an address to complain to."""
    internet.site("news.example", {"/": "<p>Rain."})
    client_of(contact_url="https://me.example/bot").get(URL, limit=FEED)
    headers = internet.requests[0].headers
    assert headers["user-agent"] == f"audiobrief/{__version__} (+https://me.example/bot)"
    assert headers["accept"].startswith("application/rss+xml, ")


def test_between_two_requests_is_a_pause(internet, client):
    """The second is a second later; another host is asked at once."""
    internet.site("news.example", {"/a": "<p>A.", "/b": "<p>B."})
    internet.site("other.example", {"/": "<p>C."})
    client.get(f"{URL}a", limit=FEED)
    client.get("https://other.example/", limit=FEED)
    assert internet.clock.waits == []
    client.get(f"{URL}b", limit=FEED)
    assert internet.clock.waits == [1.0]


def test_redirects_are_requests_too(internet, client_of):
    """From http to https of the same host there is a pause, by the host's own rule."""
    internet.site("news.example", {"/": lambda a: redirect(URL) if a.scheme == "http" else "<p>A."})
    client = client_of(hosts=(HostRule("news.example", delay_s=7.0),))
    assert client.get("http://news.example/", limit=FEED).url == URL
    assert internet.clock.waits == [7.0]


def test_threads_ask_a_host_one_by_one(internet, client):
    """Eight at once are eight in a row; each waits its second."""
    internet.site("news.example", {f"/{n}": f"<p>{n}." for n in range(8)})
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: client.get(f"{URL}{n}", limit=FEED), range(8)))
    assert [a.body for a in answers] == [f"<p>{n}.".encode() for n in range(8)]
    assert internet.most_busy["news.example"] == 1
    assert internet.clock.waits == [1.0] * 7
    assert len(internet.connections) == 1


def test_threads_ask_many_hosts_at_once(internet, client):
    """Turns are those of a host: others need not wait."""
    hosts = [f"n{n}.example" for n in range(8)]
    for host in hosts:
        internet.site(host, {"/": f"<p>{host}"})
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda host: client.get(f"https://{host}/", limit=FEED).body, hosts)
    assert list(answers) == [f"<p>{host}".encode() for host in hosts]
    assert internet.clock.waits == []


def test_waiting_for_a_turn_is_not_counted(internet, client_of):
    """A long queue is no slow host."""
    internet.site("news.example", {"/": "<p>Rain."})
    client = client_of(delay_s=100.0, deadline_s=5.0)
    for _ in range(3):
        assert client.get(URL, limit=FEED).body == b"<p>Rain."
    assert internet.clock.waits == [100.0, 100.0]


class TestKnown:
    """What has not changed does not come again."""

    def test_marks_go_to_their_own_address(self, internet, client):
        """After a move, the marks of the old address say nothing about the new one."""
        internet.site("old.example", {"/feed": redirect("https://news.example/feed", 301)})
        internet.site("news.example", {"/feed": Page("<rss/>", "text/xml", etag='"1"')})
        answer = client.get(
            "https://old.example/feed",
            known=Known('"1"', url="https://old.example/feed"),
            limit=FEED,
        )
        assert answer.body == b"<rss/>"
        again = client.get("https://old.example/feed", known=answer.known, limit=FEED)
        assert again.body is None
        assert "if-none-match" not in internet.requests[2].headers

    def test_new_marks_replace_old_ones(self, internet, client):
        """An unchanged page may still have new ones."""
        unchanged = Page(status=304, headers={"ETag": '"2"'}, kind=None)
        internet.site("news.example", {"/": unchanged})
        known = client.get(URL, known=Known('"1"', "Thu, 01 Jan 2026"), limit=FEED).known
        assert known == Known('"2"', "Thu, 01 Jan 2026", URL)

    def test_nothing_new_needs_a_question(self, internet, client):
        """Who was not asked whether something has changed cannot say that it has not."""
        internet.site("news.example", {"/": Page(status=304)})
        with pytest.raises(NetworkError, match="it was not asked that"):
            client.get(URL, limit=FEED)

    def test_a_huge_mark_is_forgotten(self, internet, client):
        """It would make the next request too long."""
        internet.site("news.example", {"/": Page("<p>Rain.", etag="a" * 5000)})
        assert client.get(URL, limit=FEED).known == Known(None, None, URL)

    @pytest.mark.parametrize(
        ("said", "seconds"),
        [
            ("max-age=600", 600),
            ("public, Max-Age = 60", 60),
            ("max-age=99999999", 86_400),
            ("max-age=600, no-cache", None),
            ("s-maxage=600", None),
            ("max-age=0", None),
            ("", None),
        ],
    )
    def test_the_host_says_how_long(self, internet, client, said, seconds):
        """At most a day."""
        internet.site("news.example", {"/": Page("<p>Rain.", headers={"Cache-Control": said})})
        expected = None if seconds is None else BEGIN + timedelta(seconds=seconds)
        assert client.get(URL, limit=FEED).not_before == expected


class TestPost:
    """What is sent is sent once."""

    def test_a_form_and_json_arrive(self, internet, client):
        """And the answer is JSON."""
        internet.site("api.example", {"/": Page('{"ok": 1}', "application/json")})
        assert client.post("https://api.example/", json={"a": "ä"}).body == b'{"ok": 1}'
        client.post("https://api.example/", form={"grant": "a b&c"})
        first, second = internet.requests
        assert (first.method, first.headers["content-type"]) == ("POST", "application/json")
        assert first.body == '{"a":"ä"}'.encode()
        assert second.body == b"grant=a+b%26c"
        assert second.headers["content-type"] == "application/x-www-form-urlencoded"

    @pytest.mark.parametrize(
        "page", [busy(500), busy(429, Retry_After="2"), traps.of(), Raw(traps.short_body().make)]
    )
    def test_what_may_have_arrived_is_not_sent_again(self, internet, client, page):
        """The caller decides."""
        internet.site("api.example", {"/": page})
        with pytest.raises(TryLaterError):
            client.post("https://api.example/", json={}, limit=FEED)
        assert internet.asked() == ["/"]

    def test_what_has_not_arrived_is(self, internet, client):
        """No connection, nothing sent."""
        internet.site("api.example", is_dead=True)
        with pytest.raises(TryLaterError, match="no connection"):
            client.post("https://api.example/", json={})
        assert len(internet.connections) == 3

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_told_and_not_followed(self, internet, client, status):
        """The remedy is to write the other address into the settings."""
        internet.site("api.example", {"/": redirect("https://api.example/v2", status)})
        with pytest.raises(NetworkError, match=r"redirects to https://api\.example/v2"):
            client.post("https://api.example/", json={"password": "hunter2"})
        assert internet.asked() == ["/"]


def test_times_between_requests_never_fall_below_the_delay(internet, client):
    """Whoever asks, and for what: robots.txt, pages, feeds, redirects."""
    moments = []

    def page(_asked):
        moments.append(internet.clock.now())
        return redirect("/b") if len(moments) == 2 else Page("<p>A.")

    internet.site("news.example", {"/robots.txt": page, "/a": page, "/b": page, "/feed": page})
    client.get(f"{URL}a")
    client.get(f"{URL}feed", limit=FEED)
    assert len(moments) == 4
    assert all(b - a >= timedelta(seconds=1) for a, b in pairwise(moments))
