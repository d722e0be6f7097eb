"""What a host asks of robots is done: its rules are read first, kept, and believed."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from audiobrief.errors import RobotsError, TryLaterError
from audiobrief.net.answer import FEED
from tests.internet import Page, busy, redirect, traps

URL = "https://news.example/"


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
