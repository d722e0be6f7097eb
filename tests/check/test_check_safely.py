"""A feed from anywhere leads the check nowhere: neither home, nor past what is bounded."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiobrief.check.web import check_url
from audiobrief.errors import NetworkError, UnsafeAddressError
from audiobrief.net.probe import Prober
from audiobrief.net.rules import ClientRules, HostRule
from tests.internet.page import Page

NOW = datetime(2025, 1, 1, tzinfo=UTC)
GOOD = (Path(__file__).parent / "feeds" / "good.xml").read_text(encoding="utf-8")
SOUND = "https://media.pier.example/night-ferry.mp3"
RSS = "application/rss+xml; charset=utf-8"


def ask(internet, content, rules=None):
    """Return what is found at an address out there that has this feed."""
    internet.site("pier.example", {"/feed.xml": Page(content, RSS)})
    with Prober(rules or ClientRules(delay_s=0.0), internet.world) as prober:
        return check_url("https://pier.example/feed.xml", prober, now=NOW, most=1)


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/night-ferry.mp3",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/a.mp3",
        "http://0x7f.1/a.mp3",
        "http://10.0.0.7/a.mp3",
        "https://pier.example:22/a.mp3",
        "http://nas.home/a.mp3",
    ],
)
def test_a_sound_at_home_is_never_asked_for(internet, target):
    """It is a finding, and no connection."""
    internet.site("nas.home", {"/a.mp3": "secret"}, addresses=["192.168.1.5"])
    rules = ClientRules(delay_s=0.0, allowed_hosts=("nas.home", "10.0.0.7"))
    found = ask(internet, GOOD.replace(SOUND, target), rules)
    assert "I2" in {f.rule for f in found}
    assert {address for address, _ in internet.connections} <= {"11.0.0.2", "11.0.0.3"}
    assert not internet.asked("nas.home")


def test_a_redirect_home_is_never_followed(internet):
    """A server out there that sends us to this machine."""
    home = Page("", status=302, headers={"Location": "http://127.0.0.1/a.mp3"})
    internet.site("media.pier.example", {"/night-ferry.mp3": home})
    found = ask(internet, GOOD)
    assert "I2" in {f.rule for f in found}
    assert "127.0.0.1" not in {address for address, _ in internet.connections}


def test_redirects_without_end_are_a_finding(internet):
    """As counters of listeners that point to each other."""
    circle = Page("", status=302, headers={"Location": SOUND})
    internet.site("media.pier.example", {"/night-ferry.mp3": circle})
    found = ask(internet, GOOD)
    assert "more than 10 times" in " ".join(f.message for f in found if f.rule == "I2")


def test_a_sound_behind_counters_is_reached(internet):
    """Four redirects, as many hosts have."""
    way = [f"https://count{number}.example/a.mp3" for number in range(4)]
    for here, there in zip(way, [*way[1:], SOUND], strict=True):
        site = here.split("/")[2]
        internet.site(site, {"/a.mp3": Page("", status=302, headers={"Location": there})})
    internet.site("media.pier.example", {"/night-ferry.mp3": Page("ID3" * 400, "audio/mpeg")})
    found = ask(internet, GOOD.replace(SOUND, way[0], 1))
    assert "I2" not in {f.rule for f in found}
    assert internet.asked("media.pier.example")


def test_a_host_that_is_silent_is_asked_once(internet):
    """Not for each of its files."""
    site = internet.site("media.pier.example", is_dead=True)
    internet.site("pier.example", {"/feed.xml": Page(GOOD, RSS)})
    with Prober(ClientRules(delay_s=0.0), internet.world) as prober:
        found = check_url("https://pier.example/feed.xml", prober, now=NOW, most=3)
    assert len([f for f in found if f.rule == "I2"]) == 3
    (place,) = site.places
    assert [address for address, _ in internet.connections].count(place) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1/feed.xml", "https://user@pier.example:99/f"])
def test_an_address_that_is_never_asked_is_an_error(internet, url):
    """There is nothing to check."""
    with Prober(ClientRules(), internet.world) as prober, pytest.raises(UnsafeAddressError):
        check_url(url, prober, now=NOW)


def test_an_error_hides_what_is_secret_in_the_address(internet):
    """A private feed's token is not printed."""
    token = "7f3a9c0d1e2b4a5f8c6d7e8f9a0b1c2d"
    with Prober(ClientRules(), internet.world) as prober, pytest.raises(NetworkError) as caught:
        check_url(f"https://nobody.example/m/{token}/feed.xml", prober, now=NOW)
    assert token not in str(caught.value)


def test_a_password_goes_to_its_own_host_alone(internet, monkeypatch):
    """As for the client that fetches."""
    monkeypatch.setenv("PIER_KEY", "s3cret")
    internet.site("media.pier.example", {"/night-ferry.mp3": Page("ID3" * 400, "audio/mpeg")})
    host = HostRule("pier.example", headers={"Authorization": "PIER_KEY"}, delay_s=0.0)
    ask(internet, GOOD, ClientRules(delay_s=0.0, hosts=(host,)))
    told = {r.host for r in internet.requests if "authorization" in r.headers}
    assert told == {"pier.example"}
