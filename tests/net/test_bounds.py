"""Whatever a host sends, a request ends: by time, by size, by what was asked for."""

import socket
import tracemalloc
from dataclasses import replace

import pytest

from audiobrief.errors import NetworkError, TryLaterError
from audiobrief.net.answer import FEED, PAGE, ROBOTS
from tests.internet import Page, traps

URL = "https://news.example/"
SMALL = replace(FEED, most_bytes=1_000_000)


@pytest.fixture
def fetch(internet, client):
    """Return a function that fetches a page."""

    def fetch(page, limit=FEED):
        internet.site("news.example", {"/": page})
        return client.get(URL, limit=limit)

    return fetch


@pytest.mark.parametrize(
    "page",
    [traps.gzip_bomb(), traps.endless(), Page(bytes(20_000_000))],
    ids=["gzip bomb", "endless chunks", "20 MB"],
)
def test_a_body_ends_at_the_limit(fetch, page):
    """The error names the limit, and memory stays near it."""
    tracemalloc.start()
    try:
        with pytest.raises(NetworkError, match="longer than 10,000,000 bytes"):
            fetch(page, replace(FEED, most_bytes=10_000_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # The body, what growing it needs once more, pieces; and the server in the same process.
    assert peak < 30_000_000


def test_an_announced_length_is_enough(internet, client):
    """What is announced as too long is not read."""
    head = {"Content-Type": "text/html", "Content-Length": "9" * 19}
    internet.site("news.example", {"/": traps.of(traps.head(200, head))})
    with pytest.raises(NetworkError, match="longer than"):
        client.get(URL, limit=FEED)
    assert internet.asked() == ["/"]


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 999_999, 1_000_000])
@pytest.mark.parametrize("encoding", [None, "gzip", "deflate", "raw deflate"])
def test_a_body_up_to_the_limit_comes_whole(fetch, size, encoding):
    """In every encoding that is asked for."""
    body = (bytes(range(256)) * 4000)[:size]
    assert fetch(Page(body, encoding=encoding), SMALL).body == body


def test_gzip_members_in_a_row_are_one_body(fetch):
    """Also with padding behind the last one."""
    members = traps.gzip.compress(b"<p>Rain ") + traps.gzip.compress(b"and wind.") + bytes(50)
    page = Page(members, headers={"Content-Encoding": "gzip"})
    assert fetch(page).body == b"<p>Rain and wind."


def test_gzip_members_have_an_end(fetch):
    """Empty ones without end come to nothing, and would be opened one by one."""
    with pytest.raises(NetworkError, match="more than 1,000 parts"):
        fetch(traps.empty_members())


@pytest.mark.parametrize("name", ["br", "zstd", "compress", "gzip, gzip", "aes128gcm"])
def test_other_encodings_are_refused(fetch, internet, name):
    """They were not asked for, so that a bomb of that kind is never opened."""
    with pytest.raises(NetworkError, match="not asked for"):
        fetch(traps.unasked_encoding(name))
    assert internet.requests[0].headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize("page", [traps.drip(), traps.drip_head()], ids=["body", "head"])
def test_a_drip_ends_with_the_deadline(fetch, internet, page):
    """Bytes that come in time, one by one, do not extend it."""
    internet.clock.tick_s = 0.25
    with pytest.raises(TryLaterError, match="within 30 s"):
        fetch(page)
    assert internet.asked() == ["/"]


@pytest.mark.parametrize("page", [traps.mute(), traps.endless_hints()], ids=["mute", "100s"])
def test_who_does_not_answer_is_left(internet, client_of, page):
    """A host that says nothing, or always "continue", ends with the deadline or the head."""
    internet.site("news.example", {"/": page})
    with pytest.raises(NetworkError, match=r"within 0\.3 s|headers are longer"):
        _impatient(client_of).get(URL, limit=FEED)


def test_a_handshake_that_does_not_end_is_left(internet, client_of):
    """A host that takes connections and then says nothing."""
    internet.site("news.example")
    ours, theirs = socket.socketpair()
    internet.connect = lambda *_place: ours
    with theirs, pytest.raises(TryLaterError, match=r"within 0\.3 s"):
        _impatient(client_of).get(URL, limit=FEED)


def test_a_resolver_that_does_not_answer_is_left(internet, client_of):
    """Though the system's call cannot be interrupted."""

    def hang(_host, _port):
        internet.released.wait(timeout=60)
        return []

    internet.resolve = hang
    with pytest.raises(TryLaterError, match=r"within 0\.3 s"):
        _impatient(client_of).get(URL, limit=FEED)


@pytest.mark.parametrize(
    "page",
    [traps.huge_headers(), traps.endless_headers(), traps.huge_headers(70_000)],
    ids=["1 MB", "endless", "70 kB"],
)
def test_headers_have_an_end(fetch, internet, page):
    """They are not read on, and not asked for again."""
    with pytest.raises(NetworkError, match="headers are longer"):
        fetch(page)
    assert internet.asked() == ["/"]


def test_ordinary_long_headers_are_read(fetch):
    """Cookies and policies take some kilobytes."""
    assert fetch(Page("<p>Rain.", headers={"X-Policy": "a" * 20_000})).body == b"<p>Rain."


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "text/css", "IMAGE/SVG+xml", "x"])
def test_other_types_are_refused_by_name(fetch, kind):
    """Before the body is read."""
    with pytest.raises(NetworkError, match=kind.lower().replace("+", r"\+")):
        fetch(traps.of(traps.head(200, {"Content-Type": kind, "Content-Length": "9"})), PAGE)


@pytest.mark.parametrize(
    "kind",
    ["text/html", "Text/HTML;charset=utf-8", "application/pdf", None, "application/epub+zip"],
)
def test_the_types_of_articles_are_taken(fetch, kind):
    """In any case, with parameters, and when the host names none."""
    assert fetch(Page("<p>Rain.", kind), PAGE).body == b"<p>Rain."


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (traps.short_body(), "cut off"),
        (traps.cut_gzip(), "cut off"),
        (traps.cut_chunks(), "cut off"),
        (traps.of(), "cut off"),
        (traps.of(b"HTTP/1.1 200 OK\r\nContent-"), "cut off|no proper HTTP"),
    ],
    ids=["short body", "half a gzip", "chunks without end", "nothing", "half a head"],
)
def test_what_is_cut_off_is_no_answer(fetch, internet, page, reason):
    """It is asked for twice more, as it may have been an accident; then it is an error."""
    with pytest.raises(NetworkError, match=reason):
        fetch(page)
    assert internet.asked() == ["/"] * 3


@pytest.mark.parametrize(
    "page",
    [
        traps.broken_chunks(),
        traps.no_http(),
        traps.of(b"HTTP/1.1 200 OK\r\nSet-Cookie\x00: hunter2\r\n\r\n"),
        Page(b"no gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["broken chunks", "SMTP", "broken header", "no gzip"],
)
def test_what_is_broken_is_not_asked_for_again(fetch, internet, page):
    """And nothing of it is quoted."""
    with pytest.raises(NetworkError, match=r"no proper HTTP|not encoded as it says") as caught:
        fetch(page)
    assert internet.asked() == ["/"]
    assert "hunter2" not in str(caught.value)


def test_a_long_robots_txt_is_cut(fetch):
    """Its first 500 kB count (RFC 9309)."""
    assert len(fetch(Page("a" * 600_000, "text/plain"), ROBOTS).body) == 512_000


@pytest.mark.parametrize(
    ("named", "charset"),
    [
        ("utf-8", "utf-8"),
        ('"Windows-1252"', "cp1252"),
        ("utf-16", "utf-16"),
        ("utf-7", None),
        ("klingon", None),
        ("hex", None),
        ("unicode_escape", None),
        ("\xff\xfe", None),
        ("x" * 5000, None),
        (";" * 5000, None),
    ],
)
def test_a_charset_is_one_that_can_be_used(fetch, named, charset):
    """What Python lacks, and what hides markup, is none."""
    assert fetch(Page("<p>Rain.", f"text/html; charset={named}")).charset == charset


def _impatient(client_of):
    return client_of(deadline_s=0.3)
