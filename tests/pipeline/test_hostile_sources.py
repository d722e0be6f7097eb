"""Hostile sources, each as the one source of the settings: refused by name, and nothing leaks."""

import gzip
import logging
import re
from itertools import repeat

import pytest

from audiobrief.errors import WorkspaceError
from audiobrief.pipeline.fetch import fetch
from audiobrief.workspace.load import load_workspace
from tests.internet import traps
from tests.internet.page import Page, Raw, head, redirect
from tests.pipeline.press import NOW, inbox, page, piece, rss

HOST = "news.example"
SECRET = "hunter2-of-the-test"
ACCOUNT = ("client_id", "client_secret", "user", "password")
XML = "application/rss+xml"
ITEM = "<item><title>Rain</title><link>https://news.example/a</link></item>"
REFUSED = "this document is refused"
#: One long entity, named often: 5,000 times 50 kB.
QUADRATIC = f"<!DOCTYPE r [<!ENTITY a '{'x' * 50_000}'>]>"
LURE = "<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"


def feed(inside, *, before="", declaration='<?xml version="1.0"?>'):
    """Return an RSS feed with something in it, and something before it."""
    return f"{declaration}{before}<rss version='2.0'><channel>{inside}</channel></rss>"


def workspace_with(folder, source, more=""):
    """Return a workspace with one source."""
    (folder / "audiobrief.toml").write_text(
        f'[[sources]]\nname = "S"\n{source}\n{more}', encoding="utf-8"
    )
    return load_workspace(folder)


@pytest.fixture
def fetched(internet, tmp_path, caplog):
    """Return a fetch of one source; whatever comes of it, nobody private is asked."""
    caplog.set_level(logging.DEBUG)

    def run(source, more=""):
        workspace = workspace_with(tmp_path, source, more)
        (outcome,) = fetch(workspace, now=NOW, world=internet.world).sources
        assert internet.private_connections == []
        said = f"{outcome.error} {outcome.notes} {caplog.text}"
        assert SECRET not in said
        return outcome

    yield run
    assert not list(tmp_path.rglob("*audiobrief-tmp"))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://news.example/feed",
        "gopher://news.example/",
        "data:text/xml,hello",
        "javascript:alert(1)",
        "http://\u2460\u2461\u2466.0.0.1/",
        "http://news.example/\\r\\nX-Evil: 1",
    ],
)
def test_what_is_no_address_is_a_mistake_in_the_settings(tmp_path, url):
    """Named with its line, before anything is asked."""
    with pytest.raises(WorkspaceError, match="sources"):
        workspace_with(tmp_path, f'url = "{url}"')


@pytest.mark.parametrize("kind", ["feed", "opml"])
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "not on the public internet"),
        ("http://localhost:22/", "port 22"),
        ("http://169.254.169.254/latest/", "not on the public internet"),
        ("http://[::1]/", "not on the public internet"),
        ("http://[::ffff:127.0.0.1]/", "not on the public internet"),
        ("http://2130706433/", "not on the public internet"),
        ("http://0x7f.1/", "not on the public internet"),
        ("http://0177.0.0.1/", "no address"),
        ("http://[64:ff9b::7f00:1]/", "not on the public internet"),
        ("http://[2002:7f00:1::]/", "not on the public internet"),
        ("http://100.64.0.1/", "not on the public internet"),
        ("http://224.0.0.1/", "not on the public internet"),
        (f"http://user:{SECRET}@news.example/", "user name or password"),
        ("http://news.example:25/", "port 25"),
        ("http://news.example:6379/", "port 6379"),
    ],
)
def test_no_private_address_is_asked(internet, fetched, kind, url, reason):
    """Not as a feed, and not as a list of feeds; the error says why."""
    internet.site(HOST, {"/": "<p>Rain."})
    outcome = fetched(f'kind = "{kind}"\nurl = "{url}"')
    assert reason in outcome.error.problem
    assert internet.connections == []


@pytest.mark.parametrize(
    ("service", "url"),
    [
        ('kind = "readeck"\ntoken_env = "T"', "http://127.0.0.1:8000/"),
        (
            "\n".join(['kind = "wallabag"', *(f'{each}_env = "T"' for each in ACCOUNT)]),
            "http://169.254.169.254/",
        ),
    ],
)
def test_no_service_is_at_a_private_address_unless_allowed(fetched, monkeypatch, service, url):
    """Its token goes nowhere."""
    monkeypatch.setenv("T", SECRET)
    outcome = fetched(f'{service}\nurl = "{url}"')
    assert outcome.error is not None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1"])
def test_no_mail_server_is_at_a_private_address_unless_allowed(
    internet, fetched, monkeypatch, host
):
    """The user's word opens the port of mails, not the house."""
    monkeypatch.setenv("MAIL_USER", "dora")
    monkeypatch.setenv("MAIL_PASSWORD", SECRET)
    outcome = fetched(
        f'kind = "imap"\nhost = "{host}"\nuser_env = "MAIL_USER"\npassword_env = "MAIL_PASSWORD"'
    )
    assert "not on the public internet" in outcome.error.problem
    assert internet.connections == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://169.254.169.254/latest/", "not on the public internet"),
        ("file:///etc/passwd", "file is not asked"),
        ("/feed.xml", "circle"),
    ],
)
def test_no_redirect_leads_there(internet, fetched, target, reason):
    """Nor round in a circle."""
    internet.site(HOST, {"/feed.xml": redirect(target)})
    outcome = fetched(f'url = "https://{HOST}/feed.xml"')
    assert reason in outcome.error.problem


def test_a_name_that_changes_its_mind_leads_nowhere(internet, fetched):
    """The address that was judged is the one that is asked; then it is private, and refused."""
    internet.site(
        HOST,
        {"/feed.xml": Page("gone", status=503, headers={"Connection": "close"})},
        answers=[["11.0.0.77"], ["127.0.0.1"]],
    )
    outcome = fetched(f'url = "https://{HOST}/feed.xml"')
    assert outcome.error is not None


@pytest.mark.parametrize(
    ("trap", "reason"),
    [
        (traps.gzip_bomb(), "larger|unpacks|bytes"),
        (traps.unasked_encoding("br"), "encod|packed|compress"),
        (traps.unasked_encoding("zstd"), "encod|packed|compress"),
        (traps.endless(), "larger|bytes|longer"),
        (traps.huge_headers(), "headers are longer"),
        (Page(b"\x89PNG", "image/png"), "image/png"),
        (traps.short_body(), "cut off"),
        (
            Page(feed(ITEM, before="<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"), XML),
            "",
        ),
        (Page(feed(ITEM, before="<!DOCTYPE r [<!ENTITY x SYSTEM 'http://10.0.0.1/'>]>"), XML), ""),
        (
            Page(
                feed(
                    "<title>&b;</title>",
                    before="<!DOCTYPE r [<!ENTITY a '"
                    + "lol" * 10
                    + "'><!ENTITY b '"
                    + "&a;" * 10
                    + "'>]>",
                ),
                XML,
            ),
            "",
        ),
        (Page(feed("<title>" + "&a;" * 5000 + "</title>" + ITEM, before=QUADRATIC), XML), REFUSED),
        (Page(feed(ITEM, before="<!DOCTYPE r SYSTEM 'http://10.0.0.1/x.dtd'>"), XML), ""),
        (Page(feed("<a>" * 100_000), XML), ""),
        (Page(feed(ITEM, declaration='<?xml version="1.0" encoding="utf-7"?>'), XML), ""),
    ],
    ids=[
        *("gzip", "brotli", "zstd", "endless", "headers", "picture", "short"),
        *("xxe-file", "xxe-http", "laughs", "quadratic", "dtd", "deep", "utf-7"),
    ],
)
def test_a_trap_is_refused_or_read_for_what_it_is(internet, fetched, trap, reason):
    """By name where it is nothing; what is quoted from elsewhere is never opened."""
    internet.site(HOST, {"/feed.xml": trap})
    outcome = fetched(f'url = "https://{HOST}/feed.xml"')
    if reason:
        assert re.search(reason, outcome.error.problem), outcome.error.problem
    assert outcome.new == ()
    assert set(internet.asked()) <= {"/feed.xml", "/a"}


@pytest.mark.parametrize("written", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "UTF-16LE"])
def test_no_encoding_hides_what_is_refused(internet, fetched, written, declared):
    """Whatever the document and its server say that its bytes are."""
    declaration = f'<?xml version="1.0" encoding="{declared}"?>'
    trap = feed(f"<title>&a;</title>{ITEM}", before=LURE, declaration=declaration)
    trap_page = Page(trap.encode(written), f"{XML}; charset={declared}")
    internet.site(HOST, {"/feed.xml": trap_page})
    outcome = fetched(f'url = "https://{HOST}/feed.xml"')
    assert REFUSED in outcome.error.problem
    assert internet.asked() == ["/feed.xml"]


@pytest.mark.parametrize("written", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_feed_that_lies_about_utf_16_is_read_for_what_it_is(internet, fetched, written):
    """Programs that write UTF-8 into a document that says UTF-16 are many; and that is told."""
    told = piece("harbor", 1)
    declared = "utf-16" if written == "utf-8" else "utf-8"
    body = rss(HOST, [told]).body
    text = f'<?xml version="1.0" encoding="{declared}"?>{body[body.index("<rss") :]}'
    site = {"/feed.xml": Page(text.encode(written), XML), told.path: page(told)}
    internet.site(HOST, site)
    outcome = fetched(f'url = "https://{HOST}/feed.xml"')
    assert len(outcome.new) == 1
    assert any("read as UTF-8" in note for note in outcome.notes) is (written == "utf-8")


def test_a_host_that_sends_a_byte_a_second_is_left(internet, fetched):
    """When the time of a request is over."""
    internet.clock.tick_s = 0.05
    internet.site(HOST, {"/feed.xml": traps.drip()})
    outcome = fetched(f'url = "https://{HOST}/feed.xml"')
    assert "within" in outcome.error.problem


def test_a_proxy_in_the_environment_is_not_used(internet, fetched, monkeypatch):
    """It would be asked for addresses that nobody has judged."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    told = piece("harbor", 1)
    internet.site(HOST, {"/feed.xml": rss(HOST, [told]), told.path: page(told)})
    assert len(fetched(f'url = "https://{HOST}/feed.xml"').new) == 1


def test_a_feed_that_breaks_off_gives_what_is_whole(internet, fetched):
    """With a note."""
    told = [piece("harbor", n) for n in range(2)]
    whole = rss(HOST, told).body
    cut = whole[: whole.rindex("<guid>")]
    internet.site(HOST, {"/feed.xml": Page(cut, XML), **{t.path: page(t) for t in told}})
    outcome = fetched(f'url = "https://{HOST}/feed.xml"')
    assert len(outcome.new) == 1
    assert outcome.notes


def test_of_a_hundred_thousand_items_the_first_are_read(internet, fetched):
    """The rest costs next to nothing."""
    told = piece("harbor", 1)
    items = "".join(
        f"<item><title>{n}</title><link>https://{HOST}{told.path if not n else '/none'}</link>"
        f"<guid>{n}</guid></item>"
        for n in range(100_000)
    )
    internet.site(HOST, {"/feed.xml": Page(feed(items), XML), told.path: page(told)})
    outcome = fetched(f'url = "https://{HOST}/feed.xml"\nmost = 1')
    assert len(outcome.new) == 1
    assert any("beyond the first" in note for note in outcome.notes)


def test_an_inclusion_is_not_followed(internet, fetched, tmp_path):
    """Neither a file nor an address comes into an article."""
    told = piece("harbor", 1)
    inclusion = (
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" '
        'parse="text"/>'
    )
    text = rss(HOST, [told], whole=True).body.replace("</channel>", f"{inclusion}</channel>")
    internet.site(HOST, {"/feed.xml": Page(text, XML), told.path: page(told)})
    fetched(f'url = "https://{HOST}/feed.xml"')
    assert len(inbox(tmp_path)) == 1
    assert b"root:" not in (tmp_path / inbox(tmp_path)[0]).read_bytes()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Raw(lambda _: iter([gzip.compress(b"x")])),
        lambda: Raw(lambda _: repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)),
        lambda: Raw(lambda _: iter([head(200, {"Set-Cookie": SECRET, "Content-Length": "0"})])),
    ],
    ids=["no-http", "hints", "cookie"],
)
def test_noise_is_refused(internet, fetched, make):
    """And not repeated in a message."""
    internet.site(HOST, {"/feed.xml": make()})
    assert fetched(f'url = "https://{HOST}/feed.xml"').error is not None


def test_secrets_for_one_host_are_in_no_message(internet, fetched, monkeypatch, tmp_path):
    """Nor in the catalogue, nor in the article."""
    monkeypatch.setenv("POST_SESSION", SECRET)
    told = piece("harbor", 1)
    internet.site(HOST, {"/feed.xml": rss(HOST, [told]), told.path: Page("no", status=403)})
    fetched(
        f'url = "https://{HOST}/feed.xml"',
        f'[network.hosts."{HOST}"]\ncookies = {{session = "POST_SESSION"}}\n',
    )
    assert any(SECRET in r.headers.get("cookie", "") for r in internet.requests)
    kept = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert not [p for p in kept if SECRET.encode() in p.read_bytes()]
