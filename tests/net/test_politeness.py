"""Hosts are asked seldom, one request at a time, and left alone when they want to be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest

from audiobrief import __version__
from audiobrief.errors import NetworkError, RobotsError, TryLaterError
from audiobrief.net.answer import FEED, Known
from audiobrief.net.rules import HostRule
from tests.internet import Page, Raw, redirect, traps
from tests.internet.clock import BEGIN

URL = "https://news.example/"


def busy(status=503, **headers):
    """Return an answer that asks for patience."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page("Busy.", status=status, headers=fields)


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


class TestAgain:
    """What may be an accident is asked for again, what may not is not."""

    @pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 522])
    def test_passing_faults_pass(self, internet, client, status):
        """After one and two seconds."""
        pages = [busy(status), busy(status), Page("<p>Rain.")]
        internet.site("news.example", {"/": pages})
        assert client.get(URL, limit=FEED).body == b"<p>Rain."
        assert internet.clock.waits == [1.0, 2.0]

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 451, 501, 206, 300, 999])
    def test_others_are_told_at_once(self, internet, client, status):
        """With their number."""
        internet.site("news.example", {"/": busy(status)})
        with pytest.raises(NetworkError, match=f"HTTP {status}") as caught:
            client.get(URL, limit=FEED)
        assert (caught.value.status, caught.value.not_before) == (status, None)
        assert not isinstance(caught.value, TryLaterError)
        assert internet.asked() == ["/"]

    def test_two_repetitions_are_all(self, internet, client):
        """Then the error says when to ask next."""
        internet.site("news.example", {"/": busy(500)})
        with pytest.raises(TryLaterError, match="HTTP 500") as caught:
            client.get(URL, limit=FEED)
        assert internet.asked() == ["/"] * 3
        assert caught.value.not_before == internet.clock.now() + timedelta(seconds=300)

    @pytest.mark.parametrize("after", ["7", "Fri, 02 Jan 2026 12:00:07 GMT"])
    @pytest.mark.parametrize("status", [429, 503])
    def test_a_short_wait_is_kept(self, internet, client, after, status):
        """Seconds or a date."""
        internet.site("news.example", {"/": [busy(status, Retry_After=after), Page("<p>Rain.")]})
        assert client.get(URL, limit=FEED).body == b"<p>Rain."
        assert internet.clock.waits == [7.0]

    @pytest.mark.parametrize(
        ("after", "seconds"),
        [
            ("3600", 3600),
            ("Fri, 02 Jan 2026 13:00:00 GMT", 3600),
            ("99999999999", 86_400),
            ("Fri, 02 Jan 2099 13:00:00 GMT", 86_400),
        ],
    )
    def test_a_long_wait_is_left_to_the_caller(self, internet, client, after, seconds):
        """The host is not asked again meanwhile, by nobody; afterwards it is."""
        internet.site("news.example", {"/": busy(429, Retry_After=after), "/b": "<p>B."})
        with pytest.raises(TryLaterError, match="HTTP 429") as caught:
            client.get(URL, limit=FEED)
        assert caught.value.not_before == BEGIN + timedelta(seconds=seconds)
        internet.clock.wait(seconds - 10)
        with pytest.raises(TryLaterError, match="HTTP 429") as caught:
            client.get(f"{URL}b", limit=FEED)
        assert caught.value.not_before == BEGIN + timedelta(seconds=seconds)
        assert caught.value.status == 429
        assert internet.asked() == ["/"]
        internet.clock.wait(10)
        assert client.get(f"{URL}b", limit=FEED).body == b"<p>B."

    @pytest.mark.parametrize("after", ["soon", "-1", "", "Fri, 32 Jan 2026", "\xff"])
    def test_what_is_no_time_is_none(self, internet, client, after):
        """The usual pauses hold."""
        internet.site("news.example", {"/": [busy(503, Retry_After=after), Page("<p>Rain.")]})
        assert client.get(URL, limit=FEED).body == b"<p>Rain."
        assert internet.clock.waits == [1.0]

    @pytest.mark.parametrize("after", ["0", "Thu, 01 Jan 2026 12:00:00 GMT"])
    def test_a_host_that_is_busy_for_no_time_has_the_usual_pauses(self, internet, client, after):
        """However often it says so, it is asked three times, and not at once."""
        internet.site("news.example", {"/": busy(429, Retry_After=after)})
        with pytest.raises(TryLaterError, match="HTTP 429"):
            client.get(URL, limit=FEED)
        assert internet.asked() == ["/"] * 3
        assert internet.clock.waits == [1.0, 2.0]

    def test_pauses_count_for_the_deadline(self, internet, client):
        """Twice 20 seconds are more than 30."""
        internet.site("news.example", {"/": busy(503, Retry_After="20")})
        with pytest.raises(TryLaterError, match="HTTP 503"):
            client.get(URL, limit=FEED)
        assert internet.asked() == ["/", "/"]
        assert internet.clock.waits == [20.0]

    def test_a_fault_of_a_page_is_none_of_the_host(self, internet, client):
        """Other pages are still asked for."""
        internet.site("news.example", {"/": busy(500), "/b": "<p>B."})
        with pytest.raises(TryLaterError):
            client.get(URL, limit=FEED)
        assert client.get(f"{URL}b", limit=FEED).body == b"<p>B."

    def test_a_dead_host_is_tried_three_times(self, internet, client):
        """And its other pages not at all, until some minutes have gone."""
        internet.site("news.example", {"/b": "<p>B."}, is_dead=True)
        for path in ("a", "b"):
            with pytest.raises(TryLaterError, match="no connection: Connection refused"):
                client.get(f"{URL}{path}", limit=FEED)
        assert len(internet.connections) == 3
        internet.site("news.example", {"/b": "<p>B."})
        internet.clock.wait(300)
        assert client.get(f"{URL}b", limit=FEED).body == b"<p>B."

    def test_a_name_that_nobody_has(self, client):
        """It is told as such."""
        with pytest.raises(TryLaterError, match="the host is not found"):
            client.get("https://no-such.example/", limit=FEED)

    def test_another_address_of_the_host_is_tried(self, internet, client):
        """When the first does not take connections."""
        internet.site("dead.example", addresses=["11.0.9.1"], is_dead=True)
        internet.site("news.example", {"/": "<p>Rain."}, addresses=["11.0.9.1", "2a00::9"])
        assert client.get(URL, limit=FEED).body == b"<p>Rain."
        assert internet.connections == [("11.0.9.1", 443), ("2a00::9", 443)]
        assert internet.clock.waits == []


class TestRobots:
    """Pages that a host wants to be left alone are; feeds were named by the user."""

    RULES = "User-agent: *\nDisallow: /private\n\nUser-agent: AudioBrief\nDisallow: /mine\n"

    def test_a_page_that_is_forbidden(self, internet, client):
        """It is not asked for; others are; robots.txt is, once."""
        internet.site("news.example", {"/a": "<p>A.", "/b": "<p>B."}, robots=self.RULES)
        with pytest.raises(RobotsError, match=r"robots\.txt"):
            client.get(f"{URL}mine/1")
        assert client.get(f"{URL}a").body == b"<p>A."
        assert client.get(f"{URL}b").body == b"<p>B."
        paths = [r.path for r in internet.requests]
        assert paths == ["/robots.txt", "/a", "/b"]

    def test_the_rules_for_us_replace_those_for_all(self, internet, client):
        """As RFC 9309 has it."""
        internet.site("news.example", {"/private": "<p>P."}, robots=self.RULES)
        assert client.get(f"{URL}private").body == b"<p>P."

    def test_a_feed_is_not_asked_about(self, internet, client):
        """Nor is anything, when the user wants it so."""
        internet.site("news.example", {"/mine": "<p>M."}, robots=self.RULES)
        assert client.get(f"{URL}mine", limit=FEED).body == b"<p>M."
        assert [r.path for r in internet.requests] == ["/mine"]

    def test_the_user_can_turn_it_off(self, internet, client_of):
        """Then robots.txt is not read."""
        internet.site("news.example", {"/mine": "<p>M."}, robots=self.RULES)
        assert client_of(heeds_robots=False).get(f"{URL}mine").body == b"<p>M."
        assert [r.path for r in internet.requests] == ["/mine"]

    def test_a_redirect_asks_the_other_host(self, internet, client):
        """Every host's own rules hold."""
        internet.site("short.example", {"/x": redirect(f"{URL}mine")})
        internet.site("news.example", {"/mine": "<p>M."}, robots=self.RULES)
        with pytest.raises(RobotsError):
            client.get("https://short.example/x")
        assert internet.asked("news.example") == []

    @pytest.mark.parametrize(("asked", "waited"), [("3", 3.0), ("0.1", 1.0), ("500", 30.0)])
    def test_a_crawl_delay_is_kept(self, internet, client, asked, waited):
        """Not below our own, and up to a limit; for feeds, too, once it is known."""
        rules = f"User-agent: *\nCrawl-delay: {asked}"
        internet.site("news.example", {"/a": "<p>A.", "/b": "<p>B."}, robots=rules)
        client.get(f"{URL}a")
        client.get(f"{URL}b", limit=FEED)
        assert internet.clock.waits == [1.0, waited]

    @pytest.mark.parametrize("status", [401, 403, 404, 410])
    def test_a_host_without_rules_forbids_nothing(self, internet, client, status):
        """RFC 9309, 2.3.1.3."""
        internet.site("news.example", {"/a": "<p>A.", "/robots.txt": busy(status)})
        assert client.get(f"{URL}a").body == b"<p>A."

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_a_host_that_cannot_tell_forbids_all(self, internet, client, status):
        """RFC 9309, 2.3.1.4; until it can."""
        site = internet.site("news.example", {"/a": "<p>A.", "/robots.txt": busy(status)})
        for _ in range(2):
            with pytest.raises(TryLaterError, match=r"robots\.txt cannot be read") as caught:
                client.get(f"{URL}a")
        assert len(internet.requests) == 3
        assert caught.value.subject == f"{URL}a"
        site.pages["/robots.txt"] = Page("", "text/plain")
        internet.clock.wait(301)
        assert client.get(f"{URL}a").body == b"<p>A."

    @pytest.mark.parametrize(
        "robots",
        [
            redirect("/robots.txt"),
            redirect("http://169.254.169.254/robots.txt"),
            traps.broken_chunks(),
            Page("<html>No such page", "text/html"),
            Page(bytes(range(256)) * 9000, "image/png"),
            Page("Disallow: /\n" * 100_000, "text/plain"),
        ],
        ids=["circle", "private", "broken", "html", "picture", "without a name"],
    )
    def test_what_is_no_rules_forbids_nothing(self, internet, client, robots):
        """The page's own request says what is wrong with the host."""
        internet.site("news.example", {"/a": "<p>A.", "/robots.txt": robots})
        assert client.get(f"{URL}a").body == b"<p>A."
        assert internet.private_connections == []

    def test_slow_rules_end_with_the_request(self, internet, client):
        """They have no time of their own."""
        internet.clock.tick_s = 0.25
        internet.site("news.example", {"/a": "<p>A.", "/robots.txt": traps.drip()})
        with pytest.raises(TryLaterError, match="within 30 s"):
            client.get(f"{URL}a")
        assert internet.asked() == []

    def test_threads_read_the_rules_once(self, internet, client):
        """The others wait for who reads them."""
        internet.site("news.example", {f"/{n}": "<p>A." for n in range(6)}, robots=self.RULES)
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda n: client.get(f"{URL}{n}"), range(6)))
        assert [r.path for r in internet.requests].count("/robots.txt") == 1

    def test_rules_are_read_again_after_a_day(self, internet, client):
        """RFC 9309, 2.4."""
        site = internet.site("news.example", {"/mine": "<p>M."}, robots=self.RULES)
        with pytest.raises(RobotsError):
            client.get(f"{URL}mine")
        site.pages["/robots.txt"] = Page("", "text/plain")
        internet.clock.wait(86_400)
        assert client.get(f"{URL}mine").body == b"<p>M."


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
