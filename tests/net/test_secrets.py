"""Keys and cookies go to one host, encrypted, and are seen nowhere else."""

import logging
import pickle
import traceback

import pytest

from audiobrief.errors import NetworkError
from audiobrief.net.answer import FEED
from audiobrief.net.redact import redact
from audiobrief.net.rules import ClientRules, HostRule
from tests.internet import Page, redirect

SECRET = "Tr0ub4dor-and-3"
URL = "https://paper.example/"
RULE = HostRule("paper.example", {"X-Key": "PAPER_KEY"}, {"session": "PAPER_COOKIE"})


@pytest.fixture
def rules(monkeypatch):
    """Return the rules of a host whose key and cookie are in the environment."""
    monkeypatch.setenv("PAPER_KEY", f"Bearer {SECRET}\n")
    monkeypatch.setenv("PAPER_COOKIE", SECRET)
    return {"hosts": (RULE,)}


def seen(internet):
    """Return the hosts that have seen the secret, and how."""
    return [
        (r.scheme, r.host)
        for r in internet.requests
        if any(SECRET in value for value in r.headers.values()) or SECRET in r.path
    ]


def test_the_host_gets_what_is_its_own(internet, client_of, rules):
    """Header and cookie, for pages and for robots.txt."""
    internet.site("paper.example", {"/": "<p>Rain."})
    client_of(**rules).get(URL)
    headers = internet.requests[-1].headers
    assert headers["x-key"] == f"Bearer {SECRET}"
    assert headers["cookie"] == f"session={SECRET}"


def test_cookies_of_the_way_join_those_of_the_user(internet, client_of, rules):
    """Neither replaces the other."""
    pages = {"/": redirect("/b", Set_Cookie="way=1; Path=/"), "/b": "<p>Rain."}
    internet.site("paper.example", pages)
    client_of(**rules).get(URL, limit=FEED)
    assert internet.requests[-1].headers["cookie"] == f"session={SECRET}; way=1"


@pytest.mark.parametrize(
    "other",
    [
        "https://www.paper.example/",
        "https://paper.example.evil.example/",
        "https://evil.example/",
        "http://paper.example/plain",
    ],
)
def test_nobody_else_gets_it(internet, client_of, rules, other):
    """Not after a redirect, not a longer name, not without encryption."""
    for host in ("www.paper.example", "paper.example.evil.example", "evil.example"):
        internet.site(host, {"/": "<p>Mine."})
    internet.site("paper.example", {"/": redirect(other), "/plain": "<p>Plain."})
    client = client_of(**rules)
    client.get(URL, limit=FEED, secrets={"Authorization": SECRET})
    client.get(other, limit=FEED)
    assert seen(internet) == [("https", "paper.example")]
    assert len(internet.requests) == 3


def test_an_opened_host_gets_it_without_encryption(internet, client_of, monkeypatch):
    """At home there are no certificates."""
    monkeypatch.setenv("SHELF_KEY", SECRET)
    internet.site("shelf.home", {"/": Page("{}", "application/json")}, addresses=["192.168.1.5"])
    rule = HostRule("shelf.home", {"Authorization": "SHELF_KEY"})
    client = client_of(allowed_hosts=("shelf.home",), hosts=(rule,))
    client.post("http://shelf.home/", json={})
    client.post("http://shelf.home/", json={}, secrets={"X-Token": SECRET})
    assert seen(internet) == [("http", "shelf.home")] * 2
    assert internet.requests[1].headers["x-token"] == SECRET


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_given_key_is_not_sent_without_encryption(internet, client, method):
    """It is an error, before anything is sent."""
    internet.site("api.example", {"/": "<p>Rain."})
    with pytest.raises(NetworkError, match="not sent without encryption"):
        getattr(client, method)("http://api.example/", secrets={"Authorization": SECRET})
    assert seen(internet) == []


@pytest.mark.parametrize("variable", ["PAPER_KEY", "PAPER_COOKIE"])
@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_missing_variable_is_named(internet, client_of, rules, monkeypatch, variable, value):
    """And nothing is asked without it."""
    internet.site("paper.example", {"/": "<p>Rain."})
    monkeypatch.delenv(variable)
    if value is not None:
        monkeypatch.setenv(variable, value)
    with pytest.raises(NetworkError, match=f"environment variable {variable} is not set"):
        client_of(**rules).get(URL, limit=FEED)
    assert internet.requests == []


@pytest.mark.parametrize("value", [f"a\r\nX-Evil: {SECRET}", f"{SECRET}ü", f"{SECRET}\x01x"])
def test_a_value_that_cannot_be_sent_is_not_quoted(internet, client_of, rules, monkeypatch, value):
    """The variable is."""
    internet.site("paper.example", {"/": "<p>Rain."})
    monkeypatch.setenv("PAPER_KEY", value)
    with pytest.raises(NetworkError, match="PAPER_KEY has a character") as caught:
        client_of(**rules).get(URL, limit=FEED)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert internet.requests == []


@pytest.mark.parametrize(
    "page",
    [
        Page(status=404),
        Page(status=500),
        Page("", "image/png"),
        redirect(f"http://127.0.0.1/?token={SECRET}"),
        redirect(f"https://me:{SECRET}@paper.example/"),
        redirect(f"/again?session={SECRET}", Set_Cookie=f"a={SECRET}"),
        Page("<p>Rain."),
    ],
    ids=["404", "500", "picture", "home", "login", "redirect", "page"],
)
def test_no_error_and_no_log_has_it(internet, client_of, rules, caplog, page):
    """Neither in words nor in causes, whatever is logged."""
    caplog.set_level(logging.DEBUG)
    internet.site("paper.example", {"/": page, "/again": Page(status=404)})
    client = client_of(**rules)
    shown = [repr(client), repr(ClientRules(**rules))]
    try:
        answer = client.get(f"{URL}?key={SECRET}", limit=FEED, secrets={"Authorization": SECRET})
    except NetworkError as error:
        shown += traceback.format_exception(error)
        shown += [repr(error), error.subject, str(pickle.loads(pickle.dumps(error)))]
    else:
        shown += [repr(answer), ""]
    assert seen(internet)
    assert SECRET not in "".join(shown) + caplog.text
    assert "paper.example" in shown[-2]


def test_an_error_keeps_what_it_knows(internet, client):
    """Also from one process to another."""
    internet.site("news.example", {"/": Page(status=429, headers={"Retry-After": "600"})})
    with pytest.raises(NetworkError) as caught:
        client.get("https://news.example/", limit=FEED)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), str(copy)) == (type(caught.value), str(caught.value))
    assert (copy.status, copy.not_before) == (429, caught.value.not_before)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/b?page=2&q=rain", "https://a.example/b?page=2&q=rain"),
        ("https://a.example/b?access_token=x&p=1", "https://a.example/b?access_token=***&p=1"),
        ("https://a.example/?ID=9f8e7d6c5b4a39281706", "https://a.example/?ID=***"),
        ("https://a.example/?9f8e7d6c5b4a39281706", "https://a.example/?***"),
        ("https://a.example/#token=x", "https://a.example/"),
        ("//me:pw@a.example/", "//***@a.example/"),
        ("https://me:p@ss@a.example/", "https://***@a.example/"),
        ("https://me:p/ss@a.example/", "https://***"),
        ("https://me:p?ss@a.example/", "https://***"),
        ("https://[::1]:80/", "https://[::1]:80/"),
        ("https://social.example/@me", "https://social.example/@me"),
        (
            "https://a.example/private/123e4567-e89b-12d3-a456-426614174000.rss",
            "https://a.example/private/123e***.rss",
        ),
        (
            "https://a.example/2026/01/02/rain-and-wind-all-over-the-country-until-friday-42",
            "https://a.example/2026/01/02/rain-and-wind-all-over-the-country-until-friday-42",
        ),
        ("no address at all", "no address at all"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_secrets(url, shown):
    """What tells people which page it is stays."""
    assert redact(url) == shown
