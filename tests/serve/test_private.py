"""Private shows over HTTP: who is let in, what they see, what nobody else learns."""

import errno
import gzip
import json
from base64 import b64encode
from html import escape
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.publish.subscribe import render_subscription
from audiobrief.serve.readdress import Edition
from audiobrief.serve.request import without_tokens
from audiobrief.store.listened import Heard, read_listened
from audiobrief.store.listeners import (
    LISTENERS_NAME,
    digest_of,
    render_listeners,
    write_listeners,
)
from tests.serve.private_house import (
    ANA,
    BASE,
    BEN,
    GONE,
    NOBODY,
    OPEN,
    TRAP,
    hosting,
    listeners,
    put_workspace,
)
from tests.serve.wire import ask

NOTHING = b"There is nothing here.\n"
DAY = "2024-05-17-ferry"
MP3 = f"{DAY}/ferry-1a2b3c4d.mp3"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Return a workspace that no test changes."""
    root = tmp_path_factory.mktemp("private")
    put_workspace(root)
    return root


@pytest.fixture(scope="module")
def server(workspace):
    """Return a server of it."""
    with hosting(workspace) as run:
        yield run


@pytest.fixture
def run(server):
    """Return the server a day later: with full buckets, and nothing asked for yet."""
    server.clock.now_s += 86_400
    server.served.clear()
    return server


def basic(name, token):
    """Return the header of HTTP Basic."""
    return {"Authorization": "Basic " + b64encode(f"{name}:{token}".encode()).decode()}


def shape(got):
    """Return an answer without its time."""
    return got.status, {k: v for k, v in got.headers.items() if k != "date"}, got.body


def addresses_in(feed):
    """Return all addresses of ours that a feed reader finds in a feed."""
    found = {feed.feed.image.href, feed.feed.link, feed.feed.links[0].href}
    for link in feed.feed.links:
        found.add(link.href)
    for entry in feed.entries:
        found |= {link.href for link in entry.links} | {entry.link}
    return {address for address in found if address.startswith(BASE)}


def test_a_reader_finds_every_file_through_the_token_and_none_without(run):
    """Feed, sound, transcripts, chapters, cover and pages: 200 with the token, 404 without."""
    got = ask(run.port, "GET", f"/l/{ANA}/feed.xml")
    feed = feedparser.parse(got.body)
    found = addresses_in(feed)
    # A feed reader keeps the last of several transcripts; the markup has them all.
    found |= {piece.split(b'"')[0].decode() for piece in got.body.split(b'url="')[1:]}
    found = {address for address in found if address.startswith(BASE) and "/y" not in address}
    assert not feed.bozo
    assert len(found) >= 9
    for address in sorted(found):
        assert address.startswith(f"{BASE}l/{ANA}/")
        path = urlsplit(address).path
        assert ask(run.port, "GET", path).status == 200, path
        assert ask(run.port, "GET", path.replace(f"/l/{ANA}", "")).status == 404
        assert ask(run.port, "GET", path.replace(ANA, NOBODY)).status in {404, 429}


def test_nothing_but_addresses_changes(run, workspace):
    """Texts that look like addresses and like markup stay, byte for byte; guids, too."""
    public = (workspace / "episodes" / "feed.xml").read_bytes()
    got = ask(run.port, "GET", f"/l/{ANA}/feed.xml")
    assert got.body.replace(f"l/{ANA}/".encode(), b"") == public
    one, other = feedparser.parse(public), feedparser.parse(got.body)
    assert other.feed.description == one.feed.description
    assert ET.fromstring(got.body).findtext("channel/description") == TRAP
    assert [e.id for e in other.entries] == [e.id for e in one.entries]
    assert [e.title for e in other.entries] == [e.title for e in one.entries]
    assert ask(run.port, "GET", f"/l/{BEN}/feed.xml").body == got.body.replace(
        ANA.encode(), BEN.encode()
    )


def test_each_edition_has_tags_of_its_own(run):
    """Two listeners and two codings are four representations, each with its strong tag."""
    zipped = {"Accept-Encoding": "gzip"}
    answers = [
        ask(run.port, "GET", f"/l/{token}/feed.xml", fields)
        for token in (ANA, BEN)
        for fields in ({}, zipped)
    ]
    tags = [got.headers["etag"] for got in answers]
    assert len(set(tags)) == 4
    assert not any(tag.startswith("W/") for tag in tags)
    assert gzip.decompress(answers[1].body) == answers[0].body
    again = ask(run.port, "GET", f"/l/{ANA}/feed.xml", {"If-None-Match": tags[0]})
    assert (again.status, again.body) == (304, b"")
    assert ask(run.port, "GET", f"/l/{BEN}/feed.xml", {"If-None-Match": tags[0]}).status == 200


@pytest.mark.parametrize("path", ["", f"{DAY}/"])
def test_a_page_tells_the_listeners_address_and_text_stays(run, workspace, path):
    """What is for apps has the token: as text, as links, as a picture; words of others have not."""
    page = ask(run.port, "GET", f"/l/{ANA}/{path}").body.decode()
    public = (workspace / "episodes" / path / "index.html").read_text("utf-8")
    feeds = [f"{BASE}feed.xml", f"{BASE}l/{ANA}/feed.xml"]
    plain, own = (render_subscription(feed, is_private=True) for feed in feeds)
    assert page == public.replace(plain, own)
    assert own in page
    assert f"<code>{feeds[1]}</code>" in own
    assert page.count(ANA) == own.count(ANA)
    # The picture is another one, too.
    assert page.count("<svg") == 1
    assert plain.partition("<svg")[2].partition("</svg>")[0] not in page


def test_a_page_of_an_earlier_version_tells_the_address_as_text():
    """Until a build renders it again."""
    page = f"<p>{escape(TRAP)}<code>{BASE}feed.xml</code></p>".encode()
    own = Edition(BASE, "T").render(page, "page")
    assert own == page.replace(b"/feed.xml</code>", b"/l/T/feed.xml</code>")


def test_a_private_page_is_shown_in_no_frame(run):
    """Its address would stand in a page of others."""
    policy = ask(run.port, "GET", f"/l/{ANA}/{DAY}/").headers["content-security-policy"]
    assert policy.endswith("; frame-ancestors 'none'")
    policy = ask(run.port, "GET", f"/open/{DAY}/").headers["content-security-policy"]
    assert "frame-ancestors" not in policy


@pytest.mark.parametrize("path", ["feed.xml", MP3, f"{DAY}/transcript.vtt", "", "cover.jpg"])
def test_no_cache_and_no_search_engine_keeps_what_is_private(run, path):
    """All headers of rule 4 are with every file; ranges, too."""
    got = ask(run.port, "GET", f"/l/{ANA}/{path}", {"Range": "bytes=0-9"})
    assert got.status == 206
    assert got.headers["cache-control"].startswith("private")
    assert got.headers["x-robots-tag"] == "noindex"
    assert got.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("path", ["feed.xml", MP3, f"{DAY}/nothing.mp3", "index.html", ""])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_wrong_and_revoked_tokens_are_one_answer_after_the_same_work(run, path, method):
    """The same as to what is not there; and each costs as many comparisons as there are tokens."""
    answers, work = [], []
    for start in ("", f"l/{NOBODY}/", f"l/{GONE}/", f"l/{'%C3%A9' * 40}/", "l//"):
        before = run.compared.count
        answers.append(shape(ask(run.port, method, f"/{start}{path}")))
        work.append(run.compared.count - before)
    missing = shape(ask(run.port, method, "/open/nothing-of-this-name"))
    assert [missing] * 5 == answers
    assert [len(listeners())] * 5 == work
    before = run.compared.count
    assert ask(run.port, method, f"/l/{ANA}/transcript-of-nothing").status == 404
    assert run.compared.count - before == len(listeners())


HOSTILE = [
    ANA[:-1], f"{ANA}a", ANA.upper(), f"{ANA}%00", f"%20{ANA}", f"{ANA}%2f", f"..%2f{ANA}",
    f"{ANA}/..", f"x/../l/{ANA}", "*", "%2a", digest_of(ANA), "null", "%ff" * 40, "0" * 5000,
    f"{ANA};x", f"{ANA},{BEN}", f'"{ANA}"', "'%20or%201=1", ".", "..", "{{7*7}}",
]  # fmt: skip


@pytest.mark.parametrize("token", HOSTILE)
def test_hostile_tokens_open_nothing(run, token):
    """Nothing that is not a token, letter for letter, is taken for one."""
    got = ask(run.port, "GET", f"/l/{token}/feed.xml")
    assert (got.status, got.body) == (404, NOTHING)


@pytest.mark.parametrize(
    "fields",
    [
        {"Authorization": f"Bearer {ANA}"},
        {"Authorization": f"Basic {ANA}"},
        {"Authorization": "Basic ===="},
        {"Authorization": "Basic"},
        {"Authorization": "Basic " + b64encode(b"\xff\xfe:" + ANA.encode()).decode()},
        basic("Ana", BEN),
        basic("", ANA),
        basic("ana", ANA),
        basic("Cleo", GONE),
        basic("Ana", ""),
        basic("Ana", digest_of(ANA)),
    ],
)
def test_hostile_credentials_open_nothing(run, fields):
    """Name and token must both be right; without a challenge, it is the 404 of all."""
    got = ask(run.port, "GET", "/feed.xml", fields)
    assert (got.status, got.body) == (404, NOTHING)


def test_an_encoded_token_is_the_same_token(run):
    """RFC 3986: it is decoded before it is compared."""
    encoded = "".join(f"%{ord(each):02x}" for each in ANA)
    assert ask(run.port, "GET", f"/%6c/{encoded}/feed.xml").status == 200
    ask(run.port, "GET", "/health")
    assert run.served[0].target == "/%6c/***/feed.xml"
    assert ANA not in repr(run.served)
    assert encoded not in repr(run.served)


def test_name_and_password_open_the_plain_addresses(run):
    """The feed leads through the token: apps send no password for the sound that it names."""
    got = ask(run.port, "GET", "/feed.xml", basic("Ana", ANA))
    assert got.body == ask(run.port, "GET", f"/l/{ANA}/feed.xml").body
    assert f'url="{BASE}l/{ANA}/{MP3}"'.encode() in got.body
    assert got.headers["cache-control"].startswith("private")
    assert ask(run.port, "GET", f"/{MP3}", basic("Ben", BEN)).status == 200
    assert "www-authenticate" not in ask(run.port, "GET", "/feed.xml").headers


def test_apps_are_asked_for_a_password_where_the_owner_wants_it(workspace):
    """401 for no, wrong and revoked credentials alike; tokens in paths still get 404."""
    with hosting(workspace, asks=True) as run:
        answers = [
            shape(ask(run.port, "GET", "/feed.xml", fields))
            for fields in ({}, basic("Ana", NOBODY), basic("Cleo", GONE))
        ]
        assert answers[0] == answers[1] == answers[2]
        assert answers[0][0] == 401
        assert answers[0][1]["www-authenticate"].startswith("Basic realm=")
        assert ask(run.port, "GET", f"/{DAY}/nothing").status == 401
        assert ask(run.port, "GET", f"/l/{NOBODY}/feed.xml").status == 404
        assert ask(run.port, "GET", "/open/feed.xml").status == 200


def test_a_public_show_beside_a_private_one_is_for_everybody(run, workspace):
    """It needs no token, tells no other addresses, and hides from nobody's cache."""
    got = ask(run.port, "GET", "/open/feed.xml", basic("Ana", NOBODY))
    assert got.body == (workspace / "episodes" / "open" / "feed.xml").read_bytes()
    assert got.headers["cache-control"].startswith("public")
    assert "x-robots-tag" not in got.headers
    assert ask(run.port, "GET", f"/open/{MP3}").status == 200


def test_a_private_show_below_a_public_one_needs_tokens_of_its_own(workspace):
    """The token stands behind the show's folder; another show's opens nothing, nor do tricks."""
    with hosting(workspace, first_private=False, open_private=True) as run:
        assert ask(run.port, "GET", "/feed.xml").status == 200
        for path in (
            "/open/feed.xml", "/open/", "/open", f"/open/{MP3}", f"/open/l/{ANA}/feed.xml",
            f"/l/{ANA}/open/feed.xml", "/OPEN/feed.xml", "/open%2ffeed.xml", "//open/feed.xml",
            "/./open/feed.xml", "/x/../open/feed.xml", "/%6fpen/feed.xml",
        ):  # fmt: skip
            assert ask(run.port, "GET", path).status in {302, 404}, path
        own = (*listeners(), *_one_of_open())
        write_listeners(workspace / LISTENERS_NAME, own)
        try:
            got = ask(run.port, "GET", f"/open/l/{NOBODY}/feed.xml")
            assert got.status == 200
            assert f'url="{OPEN}l/{NOBODY}/{MP3}"'.encode() in got.body
            assert ask(run.port, "GET", f"/open/l/{NOBODY}/{MP3}").status == 200
            assert ask(run.port, "GET", f"/l/{NOBODY}/feed.xml").status == 404
        finally:
            write_listeners(workspace / LISTENERS_NAME, listeners())


def _one_of_open():
    (ana, *_) = listeners()
    return (type(ana)("Dora", digest_of(NOBODY), ana.added, show="open"),)


def test_a_folder_that_the_settings_do_not_know_is_nobodys(workspace):
    """A show that was taken out of the settings might have been private."""
    folder = workspace / "episodes" / "was-private"
    folder.mkdir(exist_ok=True)
    (folder / "show.json").write_text("{}", encoding="utf-8")
    (folder / "feed.xml").write_text("<rss/>", encoding="utf-8")
    with hosting(workspace, first_private=False, open_private=True) as run:
        assert ask(run.port, "GET", "/was-private/feed.xml").status == 404
    with hosting(workspace, first_private=False) as run:
        assert ask(run.port, "GET", "/was-private/feed.xml").status == 200


def test_the_page_of_the_first_show_leads_to_the_others(run):
    """Its relative links leave the listener's path again, without the token."""
    got = ask(run.port, "GET", f"/l/{ANA}/open/index.html")
    assert (got.status, got.headers["location"]) == (302, "../../../open/index.html")
    got = ask(run.port, "GET", f"/l/{ANA}")
    assert (got.status, got.headers["location"]) == (308, f"{ANA}/")
    got = ask(run.port, "GET", f"/l/{ANA}/{DAY}")
    assert (got.status, got.headers["location"]) == (308, f"{DAY}/")


@pytest.mark.parametrize("name", ["%0D%0AX-More%3A%201", "%E2%82%AC", "a%3Fb%23c%2Fd"])
def test_a_way_out_has_in_it_what_was_asked_for(run, name):
    """Line ends of a path make no header, nor do its letters a defect."""
    got = ask(run.port, "GET", f"/l/{ANA}/open/{name}")
    assert (got.status, got.headers["location"]) == (302, f"../../../open/{name}")


def test_only_the_header_for_caches_is_changed(tmp_path):
    """An address that has the word in it stays as it is."""
    put_workspace(tmp_path)
    home = tmp_path / "episodes" / DAY
    home.rename(home.with_name("2024-05-17-public-library"))
    with hosting(tmp_path) as run:
        got = ask(run.port, "GET", f"/l/{ANA}/2024-05-17-public-library")
        assert (got.status, got.headers["location"]) == (308, "2024-05-17-public-library/")


def test_revoking_one_counts_at_once_and_for_nobody_else(tmp_path):
    """The server runs on; the next request of that listener finds nothing."""
    put_workspace(tmp_path)
    with hosting(tmp_path) as run:
        paths = [f"/l/{token}/{path}" for path in ("feed.xml", MP3) for token in (ANA, BEN)]
        assert [ask(run.port, "GET", path).status for path in paths] == [200] * 4
        ana, *others = listeners()
        revoked = type(ana)(ana.name, ana.sha256, ana.added, revoked=ana.added)
        write_listeners(tmp_path / LISTENERS_NAME, (revoked, *others))
        assert [ask(run.port, "GET", path).status for path in paths] == [404, 200] * 2


def test_what_cannot_be_read_for_a_moment_is_read_again(tmp_path, monkeypatch):
    """With no file handle left, list and manifest are there all the same; it is told once.

    Nobody is told that there is nothing: apps would forget their feed.
    """
    put_workspace(tmp_path)
    plain, failing = Path.read_bytes, {LISTENERS_NAME, "episode.json"}

    def read(path):
        """Read a file, unless the system has no handle for it."""
        if path.name in failing:
            raise OSError(errno.EMFILE, "Too many open files", str(path))
        return plain(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    with hosting(tmp_path) as run:
        for now_readable in (None, LISTENERS_NAME, "episode.json"):
            failing.discard(now_readable)
            got = [ask(run.port, "GET", f"/l/{ANA}/{MP3}") for _ in range(3)]
            assert [each.status for each in got] == [503 if failing else 200] * 3
            assert all(each.headers.get("retry-after") == "60" for each in got) is bool(failing)
        assert ["Too many open files" in error.problem for error in run.troubles] == [True, True]
        run.troubles.clear()


DAMAGED = [
    b"", b"{", b"[]", b"null", b'{"version": 2, "listeners": []}', b"\xff\xfe", b"[" * 100_000,
    b'{"version": 1, "listeners": [{"name": "Ana"}]}', render_listeners(listeners())[:-9],
    render_listeners(listeners()).replace(b"revoked", b"revokd"),
    render_listeners(listeners()).replace(b'"show"', b'"more": 1, "show"'),
    render_listeners(listeners()).replace(b'"is_static": false', b'"is_static": 0'),
    render_listeners(listeners()).replace(b"2024-05-17T06:30:00Z", b"2024-05-17T06:30:00"),
    render_listeners((listeners()[0], *listeners())),
]  # fmt: skip


def test_a_damaged_list_opens_nothing_and_is_told_once(tmp_path):
    """Neither to those who were in it nor to everybody; mended, it counts again."""
    put_workspace(tmp_path)
    path = tmp_path / LISTENERS_NAME
    with hosting(tmp_path) as run:
        for content in DAMAGED:
            path.write_bytes(content)
            for start in (f"/l/{ANA}", f"/l/{NOBODY}", ""):
                assert ask(run.port, "GET", f"{start}/feed.xml").status == 404
            (error,) = run.told
            assert "nobody is let in" in error.problem
            run.told.clear()
            path.unlink()
            assert ask(run.port, "GET", f"/l/{ANA}/feed.xml").status == 404
            write_listeners(path, listeners())
            run.clock.now_s += 60
            assert ask(run.port, "GET", f"/l/{ANA}/feed.xml").status == 200


def test_guesses_are_limited_by_address_and_the_limit_says_when(run):
    """Ten at once, then none is looked at, right or wrong, until it is time again."""
    for number in range(10):
        assert ask(run.port, "GET", f"/l/{number:040}/feed.xml").status == 404
    before = run.compared.count
    got = ask(run.port, "GET", f"/l/{ANA}/feed.xml")
    assert (got.status, got.headers["retry-after"]) == (429, "6")
    assert run.compared.count == before
    assert ask(run.port, "GET", "/feed.xml", basic("Ana", ANA)).status == 429
    # Whoever guesses nothing is not held up.
    assert ask(run.port, "GET", "/open/feed.xml").status == 200
    other = {"X-Forwarded-For": "203.0.113.9"}
    assert ask(run.port, "GET", f"/l/{ANA}/feed.xml", other).status == 200
    run.clock.now_s += 6
    assert ask(run.port, "GET", f"/l/{ANA}/feed.xml").status == 200


def test_the_feed_has_a_limit_by_listener_and_sound_has_none(run):
    """Ten at once, then one a minute; another listener, and players that seek, are not held up."""
    for _ in range(10):
        assert ask(run.port, "GET", f"/l/{ANA}/feed.xml").status == 200
    got = ask(run.port, "GET", f"/l/{ANA}/feed.xml")
    assert (got.status, got.headers["retry-after"]) == (429, "60")
    # By name and password it is the same listener.
    assert ask(run.port, "GET", "/feed.xml", basic("Ana", ANA)).status == 429
    assert ask(run.port, "GET", f"/l/{BEN}/feed.xml").status == 200
    for start in range(30):
        fields = {"Range": f"bytes={start}-{start}"}
        assert ask(run.port, "GET", f"/l/{ANA}/{MP3}", fields).status == 206
    run.clock.now_s += 60
    assert ask(run.port, "GET", f"/l/{ANA}/feed.xml").status == 200
    assert ask(run.port, "GET", f"/l/{ANA}/feed.xml").status == 429


def test_an_hour_has_room_for_sixty(run):
    """Whoever asks every minute is never held up."""
    for _ in range(60):
        run.clock.now_s += 60
        assert ask(run.port, "HEAD", f"/l/{ANA}/feed.xml").status == 200


def test_what_was_asked_for_is_counted_as_numbers(run, workspace):
    """Feeds, and sound that came to its end or by half; nothing of who, when and what."""
    size = (workspace / "episodes" / MP3).stat().st_size
    path = workspace / ".audiobrief" / "listened.json"
    run.tally.close()
    before = read_listened(path)
    for token, times in ((ANA, 3), (BEN, 1)):
        for _ in range(times):
            ask(run.port, "GET", f"/l/{token}/feed.xml")
    etag = ask(run.port, "HEAD", f"/l/{ANA}/feed.xml").headers["etag"]
    assert ask(run.port, "GET", f"/l/{ANA}/feed.xml", {"If-None-Match": etag}).status == 304
    for fields in (
        {},
        {"Range": f"bytes={size - 100}-"},
        {"Range": f"bytes=0-{size // 2}"},
        {"Range": "bytes=0-99"},
        {"Range": f"bytes={size}-"},
    ):
        ask(run.port, "GET", f"/l/{BEN}/{MP3}", fields)
    ask(run.port, "HEAD", f"/l/{BEN}/{MP3}")
    ask(run.port, "GET", f"/{MP3}", basic("Ben", BEN))
    # When this is answered, those before are counted.
    ask(run.port, "GET", "/health")
    run.tally.close()
    counted = read_listened(path)
    new = {
        token: (
            counted[digest_of(token)].feeds - before.get(digest_of(token), Heard()).feeds,
            counted[digest_of(token)].downloads - before.get(digest_of(token), Heard()).downloads,
        )
        for token in (ANA, BEN)
    }
    assert new == {ANA: (4, 0), BEN: (1, 4)}
    assert set(json.loads(path.read_bytes())) <= {each.sha256 for each in listeners()}


def test_a_token_is_in_no_line_number_and_error(run):
    """What is logged and counted names no token, wherever in a request somebody has put it."""
    paths = [f"/l/{ANA}/feed.xml", f"/l/{ANA}/nothing", f"/feed.xml/{ANA}", f"/L/{ANA}/", f"/{ANA}"]
    paths += [f"/feed.xml?token={ANA}", f"/open/l/{ANA}/x", f"/l//{ANA}/", f"/%2561{ANA}/x"]
    bodies = [ask(run.port, "GET", path).body for path in paths[1:]]
    ask(run.port, "GET", paths[0])
    ask(run.port, "POST", f"/l/{ANA}/feed.xml", body=b"x")
    ask(run.port, "GET", f"http://pod.example/l/{ANA}/feed.xml")
    bodies.append(ask(run.port, "GET", "/metrics").body)
    assert b"audiobrief_requests_total" in bodies[-1]
    # When this is answered, those before are logged.
    ask(run.port, "GET", "/health")
    assert len(run.served) >= len(paths) + 3
    assert ANA not in repr(run.served)
    assert ANA.encode() not in b"".join(bodies)


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        (f"/pod/l/{ANA}/{MP3}", f"/pod/l/***/{MP3}"),
        ("/l/short/feed.xml", "/l/***/feed.xml"),
        (f"/open/{ANA.upper()}x/y", "/open/***/y"),
        ("/2024-05-17-all-l/feed.xml", "/2024-05-17-all-l/feed.xml"),
        ("", ""),
    ],
)
def test_paths_are_shown_without_tokens(target, shown):
    """Everything else of them stays readable."""
    assert without_tokens(target) == shown


def test_a_feed_that_is_damaged_is_told_and_not_sent(tmp_path):
    """Half of its addresses might have no token; whoever runs the server is told how to mend it."""
    put_workspace(tmp_path)
    (tmp_path / "episodes" / "feed.xml").write_bytes(b"<rss><channel>")
    with hosting(tmp_path) as run:
        got = ask(run.port, "GET", f"/l/{ANA}/feed.xml")
        (error,) = run.troubles
        run.troubles.clear()
    assert got.status == 500
    assert "audiobrief build" in error.remedy
    assert ANA not in str(error)


@pytest.mark.parametrize(
    ("xml", "changed"),
    [
        ('<a href="B/x?a=1&amp;b=2"/>', '<a href="B/l/T/x?a=1&amp;b=2"/>'),
        ("<a  url = 'B/x'>B/x</a>", "<a  url = 'B/l/T/x'>B/x</a>"),
        ("<a title='href=\"B/x\"'>B/x</a>", "<a title='href=\"B/x\"'>B/x</a>"),
        ('<a title=\'>\' href="B/x"/>', '<a title=\'>\' href="B/l/T/x"/>'),
        ("<r><link>B/x</link><link>B.evil/x</link></r>",) * 2,
        ("<r><!-- <link>B/x</link> --><![CDATA[<link>B/x</link>]]></r>",) * 2,
        ("<link><![CDATA[B/x]]></link>",) * 2,
        ('<link href="C/x">B/other/x</link>',) * 2,
        ('<é:link xmlns:é="u">é</é:link>',) * 2,
    ],
)  # fmt: skip
def test_addresses_are_changed_where_markup_has_them(xml, changed):
    """In attributes and elements for addresses; not in text, in comments, in what looks like it."""
    names = {"B": "https://b.example", "C": "https://c.example"}
    if changed == "<r><link>B/x</link><link>B.evil/x</link></r>":
        changed = "<r><link>B/l/T/x</link><link>B.evil/x</link></r>"
    for letter, address in names.items():
        xml, changed = xml.replace(letter, address), changed.replace(letter, address)
    xml = xml.replace("<![https://c.exampleDATA[", "<![CDATA[")
    changed = changed.replace("<![https://c.exampleDATA[", "<![CDATA[")
    edition = Edition("https://b.example/", "T", ("https://b.example/other/",))
    assert edition.render(xml.encode(), "feed").decode() == changed


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_whatever_the_document_only_addresses_change(data):
    """As a tree it is the same but for addresses; without the way to the door, byte for byte."""
    base, token = "https://b.example/a&b/", "7f7f7f"
    texts = st.sampled_from(
        [base, f"{base}x.mp3", f" {base}x\n", "https://b.example/", f'href="{base}"', "", "<é>&'"]
    )
    root = ET.Element("rss")
    places = [root]
    for _ in range(data.draw(st.integers(1, 8))):
        parent = data.draw(st.sampled_from(places))
        names = ["link", "url", "item", "{urn:x}new-feed-url", "description"]
        child = ET.SubElement(parent, data.draw(st.sampled_from(names)))
        child.text, child.tail = data.draw(texts), data.draw(texts)
        for name in data.draw(st.sets(st.sampled_from(["href", "url", "{urn:y}img", "title"]))):
            child.set(name, data.draw(texts))
        places.append(child)
    xml = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    edition = Edition(base, token)
    changed = edition.render(xml, "feed")
    assert changed.replace(f"l/{token}/".encode(), b"") == xml
    for before, after in zip(root.iter(), ET.fromstring(changed).iter(), strict=True):
        is_address = before.tag in {"link", "url", "{urn:x}new-feed-url"} and not len(before)
        text = before.text or ""
        moved = text.replace(base, f"{base}l/{token}/", 1)
        is_ours = is_address and text.strip().startswith(base)
        assert (after.text or "") == (moved if is_ours else text)
        assert (after.tail or "") == (before.tail or "")
        assert after.attrib.keys() == before.attrib.keys()
        for name, value in before.attrib.items():
            is_ours = name != "title" and value.strip().startswith(base)
            moved = value.replace(base, f"{base}l/{token}/", 1) if is_ours else value
            assert after.attrib[name] == moved


def test_chapters_and_lists_of_feeds_have_the_token_too():
    """Pictures of chapters, and this show in a list of all; the others' own doors are not ours."""
    edition = Edition(BASE, "T", (OPEN,))
    chapters = {"version": "1.2.0", "chapters": [{"title": f"{BASE}a", "img": f"{BASE}a.jpg"}, 7]}
    new = json.loads(edition.render(json.dumps(chapters).encode(), "chapters"))
    assert new["chapters"][0] == {"title": f"{BASE}a", "img": f"{BASE}l/T/a.jpg"}
    same = b'{"chapters":   "x"}'
    assert edition.render(same, "chapters") is same
    opml = (
        f'<opml><outline text="{BASE}" xmlUrl="{BASE}feed.xml"/><outline xmlUrl="{OPEN}f"/></opml>'
    )
    assert edition.render(opml.encode(), "feed").decode() == opml.replace(
        f'xmlUrl="{BASE}feed', f'xmlUrl="{BASE}l/T/feed'
    )
