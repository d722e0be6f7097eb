"""Hosts that are busy or fail are asked again when they want to be, and not for ever."""

from datetime import timedelta

import pytest

from audiobrief.errors import NetworkError, TryLaterError
from audiobrief.net.answer import FEED
from tests.internet import Page, busy
from tests.internet.clock import BEGIN

URL = "https://news.example/"


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
