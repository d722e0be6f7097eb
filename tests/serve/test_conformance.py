"""What RFC 9110 and 9112 ask for, case by case, over raw sockets; each case names its section."""

import gzip
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256

import pytest

from audiobrief.serve.codings import codings
from tests.serve.house import DAY, FEED, MP3, SOUND, WRITTEN_S
from tests.serve.wire import Wire, ask, head_of

SOUND_PATH = f"/{DAY}/{MP3}"
TAG = f'"{sha256(SOUND).hexdigest()}"'
FEED_TAG = f'"{sha256(FEED).hexdigest()}"'
AT = "Fri, 17 May 2024 06:30:00 GMT"
BEFORE = "Thu, 16 May 2024 06:30:00 GMT"
AFTER = "Sat, 18 May 2024 06:30:00 GMT"
SIZE = len(SOUND)
#: No file has as many.
HUGE = "9" * 23


def _by_brotli(content):
    import brotli  # noqa: PLC0415 - where it is there

    return brotli.decompress(content)


def _by_zstd(content):
    from compression import zstd  # noqa: PLC0415 - since Python 3.14

    return zstd.decompress(content)


UNPACKED = {None: bytes, "gzip": gzip.decompress, "br": _by_brotli, "zstd": _by_zstd}


@dataclass(frozen=True)
class Case:
    """A request, and what must come of it."""

    section: str
    name: str
    fields: dict = field(default_factory=dict)
    status: int = 200
    #: Half-open, of the sound.
    part: tuple | None = None
    method: str = "GET"
    path: str = SOUND_PATH


def ranged(value, **more):
    return {"Range": value, **more}


CASES = [
    # A single range.
    Case("14.1.2", "the first byte", ranged("bytes=0-0"), 206, (0, 1)),
    Case("14.1.2", "from the first byte on", ranged("bytes=0-"), 206, (0, SIZE)),
    Case("14.1.2", "the last byte", ranged(f"bytes={SIZE - 1}-"), 206, (SIZE - 1, SIZE)),
    Case("14.1.2", "a suffix of one", ranged("bytes=-1"), 206, (SIZE - 1, SIZE)),
    Case("14.1.2", "a suffix", ranged("bytes=-500"), 206, (SIZE - 500, SIZE)),
    Case("14.1.2", "a suffix that is too long", ranged("bytes=-99999"), 206, (0, SIZE)),
    Case("14.1.2", "an end behind the end", ranged(f"bytes=10-{SIZE + 5}"), 206, (10, SIZE)),
    Case("14.1.2", "an end of 23 digits", ranged(f"bytes=10-{HUGE}"), 206, (10, SIZE)),
    Case("14.1.2", "the middle", ranged("bytes=4000-5999"), 206, (4000, 6000)),
    Case("14.1", "a unit in another case", ranged("Bytes=0-4"), 206, (0, 5)),
    Case("14.1.1", "blanks around a range", ranged("bytes= 0-4 "), 206, (0, 5)),
    Case("14.1.1", "leading zeros", ranged("bytes=000-004"), 206, (0, 5)),
    # Nothing of the file.
    Case("15.5.17", "a suffix of none", ranged("bytes=-0"), 416),
    Case("15.5.17", "a start at the end", ranged(f"bytes={SIZE}-"), 416),
    Case("15.5.17", "a start behind the end", ranged("bytes=20000-20001"), 416),
    Case("15.5.17", "a start of 23 digits", ranged(f"bytes={HUGE}-"), 416),
    Case("15.5.17", "several, all behind the end", ranged("bytes=20000-,30000-30001"), 416),
    # What is no range is ignored.
    Case("14.2", "an end before its start", ranged("bytes=5-2")),
    Case("14.2", "letters", ranged("bytes=abc")),
    Case("14.2", "no range", ranged("bytes=")),
    Case("14.2", "two dashes", ranged("bytes=--5")),
    Case("14.2", "no dash", ranged("bytes=5")),
    Case("14.2", "a dash alone", ranged("bytes=-")),
    Case("14.2", "a sign", ranged("bytes=+1-2")),
    Case("14.2", "digits of another script", ranged("bytes=\xb2-\xb3")),
    Case("14.2", "one of two is malformed", ranged("bytes=0-4,x")),
    Case("14.2", "an unknown unit", ranged("items=0-5")),
    Case("14.2", "no unit", ranged("0-5")),
    Case("14.2", "HEAD with a range", ranged("bytes=0-4"), method="HEAD"),
    # Several, of which one is left.
    Case("15.3.7.2", "one of two is satisfiable", ranged("bytes=0-4,20000-"), 206, (0, 5)),
    Case("15.3.7.2", "overlapping ones", ranged("bytes=0-99,50-149"), 206, (0, 150)),
    Case("17.15", "200 overlapping", ranged("bytes=" + ",".join(["0-"] * 200)), 206, (0, SIZE)),
    Case(
        "17.15",
        "1,000 tiny, side by side",
        ranged("bytes=" + ",".join(f"{n}-{n}" for n in range(1000))),
        206,
        (0, 1000),
    ),
    Case(
        "17.15",
        "1,000 tiny, apart",
        ranged("bytes=" + ",".join(f"{n}-{n}" for n in range(0, 2000, 2))),
    ),
    # If-Range.
    Case("13.1.5", "If-Range: its tag", ranged("bytes=0-4", **{"If-Range": TAG}), 206, (0, 5)),
    Case("13.1.5", "If-Range: its date", ranged("bytes=0-4", **{"If-Range": AT}), 206, (0, 5)),
    Case("13.1.5", "If-Range: another tag", ranged("bytes=0-4", **{"If-Range": '"other"'})),
    Case("13.1.5", "If-Range: a weak tag", ranged("bytes=0-4", **{"If-Range": f"W/{TAG}"})),
    Case("13.1.5", "If-Range: an older date", ranged("bytes=0-4", **{"If-Range": BEFORE})),
    Case("13.1.5", "If-Range: a later date", ranged("bytes=0-4", **{"If-Range": AFTER})),
    Case("13.1.5", "If-Range: no date", ranged("bytes=0-4", **{"If-Range": "soon"})),
    Case("13.1.5", "If-Range without a range", {"If-Range": TAG}),
    # If-None-Match.
    Case("13.1.2", "its tag", {"If-None-Match": TAG}, 304),
    Case("13.1.2", "any", {"If-None-Match": "*"}, 304),
    Case("13.1.2", "a list with its tag", {"If-None-Match": f'"a", {TAG} , "b"'}, 304),
    Case("13.1.2", "its tag, weakly", {"If-None-Match": f"W/{TAG}"}, 304),
    Case("13.1.2", "a list without it", {"If-None-Match": '"a", W/"b"'}),
    Case("13.1.2", "the beginning of its tag", {"If-None-Match": f'{TAG[:20]}"'}),
    Case("13.1.2", "its tag without quotes", {"If-None-Match": TAG.strip('"')}),
    Case("13.1.2", "HEAD with its tag", {"If-None-Match": TAG}, 304, method="HEAD"),
    # If-Modified-Since.
    Case("13.1.3", "its date", {"If-Modified-Since": AT}, 304),
    Case("13.1.3", "a later date", {"If-Modified-Since": AFTER}, 304),
    Case("13.1.3", "an older date", {"If-Modified-Since": BEFORE}),
    Case("13.1.3", "no date", {"If-Modified-Since": "yesterday"}),
    Case("13.1.3", "a day that is none", {"If-Modified-Since": AT.replace("17", "32")}),
    Case("5.6.7", "as RFC 850", {"If-Modified-Since": "Friday, 17-May-24 06:30:00 GMT"}, 304),
    Case("5.6.7", "the form of asctime", {"If-Modified-Since": "Fri May 17 06:30:00 2024"}, 304),
    # If-Match, If-Unmodified-Since.
    Case("13.1.1", "If-Match: its tag", {"If-Match": TAG}),
    Case("13.1.1", "If-Match: any", {"If-Match": "*"}),
    Case("13.1.1", "If-Match: a list", {"If-Match": f'"a", {TAG}'}),
    Case("13.1.1", "If-Match: another", {"If-Match": '"other"'}, 412),
    Case("13.1.1", "If-Match: weakly", {"If-Match": f"W/{TAG}"}, 412),
    Case("13.1.4", "If-Unmodified-Since: older", {"If-Unmodified-Since": BEFORE}, 412),
    Case("13.1.4", "If-Unmodified-Since: its date", {"If-Unmodified-Since": AT}),
    Case("13.1.4", "If-Unmodified-Since: no date", {"If-Unmodified-Since": "never"}),
    # What comes first.
    Case("13.2.2", "tags before dates", {"If-None-Match": '"a"', "If-Modified-Since": AFTER}),
    Case("13.2.2", "If-Match before the date", {"If-Match": TAG, "If-Unmodified-Since": BEFORE}),
    Case("13.2.2", "If-Match before If-None-Match", {"If-Match": '"a"', "If-None-Match": TAG}, 412),
    Case("13.2.2", "tags before ranges", ranged("bytes=0-4", **{"If-None-Match": TAG}), 304),
    Case("13.2.2", "If-Match before ranges", ranged("bytes=0-4", **{"If-Match": '"a"'}), 412),
    # Methods.
    Case("15.5.6", "POST", method="POST", status=405),
    Case("15.5.6", "PUT", method="PUT", status=405),
    Case("15.5.6", "DELETE", method="DELETE", status=405),
    Case("15.5.6", "one that nobody knows", method="FERRY", status=405),
    # Paths.
    Case("15.5.5", "nothing there", status=404, path="/nothing.mp3"),
    Case("15.5.5", "a name of 300 letters", status=404, path=f"/{DAY}/{'a' * 300}.mp3"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.section}-{case.name}")
def test_requests_for_a_sound_are_answered_as_the_standard_says(server, case):
    """Status, headers that belong to it, and exactly the bytes that were asked for."""
    got = ask(server.port, case.method, case.path, case.fields)
    assert got.status == case.status
    assert "date" in got.headers
    if case.status in {200, 206, 304}:
        assert got.headers["etag"] == TAG
        assert got.headers["last-modified"] == AT
        assert got.headers["accept-ranges"] == "bytes"
    if case.status == 200 and case.method == "GET":
        assert got.body == SOUND
    if case.part is not None:
        start, end = case.part
        assert got.body == SOUND[start:end]
        assert got.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    else:
        assert got.headers.get("content-range") == (
            f"bytes */{SIZE}" if case.status == 416 else None
        )
    if case.status == 405:
        assert got.headers["allow"] == "GET, HEAD, OPTIONS"
    if case.status == 304:
        assert (got.body, "content-length" in got.headers) == (b"", False)


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/feed.xml", "application/rss+xml; charset=utf-8"),
        ("/feed-2.xml", "application/rss+xml; charset=utf-8"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        (f"/{DAY}/transcript.html", "text/html; charset=utf-8"),
        ("/cover.jpg", "image/jpeg"),
        (SOUND_PATH, "audio/mpeg"),
        (f"/{DAY}/", "text/html; charset=utf-8"),
        (f"/{DAY}/transcript.vtt", "text/vtt; charset=utf-8"),
        (f"/{DAY}/transcript.json", "application/json"),
        (f"/{DAY}/chapters.json", "application/json+chapters"),
        ("/long-read/feed.xml", "application/rss+xml; charset=utf-8"),
        (f"/long-read/{DAY}/{MP3}", "audio/mpeg"),
    ],
)
def test_head_says_what_get_says(server, path, content_type):
    """RFC 9110, 9.3.2: the same headers, the length of the body, and no body."""
    get, head = (ask(server.port, method, path) for method in ("GET", "HEAD"))
    assert (get.status, head.status) == (200, 200)
    assert {**get.headers, "date": ""} == {**head.headers, "date": ""}
    assert get.headers["content-type"] == content_type
    assert int(head.headers["content-length"]) == len(get.body) > 0
    assert get.headers["etag"] == f'"{sha256(get.body).hexdigest()}"'
    assert get.headers["x-content-type-options"] == "nosniff"
    assert get.headers["referrer-policy"] == "no-referrer"


def test_several_ranges_come_as_parts(server):
    """RFC 9110, 14.6: in the order in which they were asked for, each with its place."""
    got = ask(server.port, "GET", SOUND_PATH, ranged("bytes=500-509, 0-4, -3"))
    assert got.status == 206
    assert "content-range" not in got.headers
    kind, _, boundary = got.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    first, *parts, last = got.body.split(f"\r\n--{boundary}".encode())
    assert (first, last) == (b"", b"--\r\n")
    wanted = [(500, 510), (0, 5), (SIZE - 3, SIZE)]
    assert parts == [
        b"\r\nContent-Type: audio/mpeg\r\n"
        + f"Content-Range: bytes {start}-{end - 1}/{SIZE}\r\n\r\n".encode()
        + SOUND[start:end]
        for start, end in wanted
    ]


@pytest.mark.parametrize(
    ("accepted", "wanted"),
    [
        ("gzip", "gzip"),
        ("deflate, gzip;q=0.8, br", "br gzip"),
        ("br;q=0.8, gzip", "gzip"),
        ("zstd, gzip;q=0.9", "zstd gzip"),
        ("x-gzip", "gzip"),
        ("*", "br zstd gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=0", ""),
        ("gzip; q=0.000", ""),
        ("identity", ""),
        ("identity;q=1, gzip;q=0.5", ""),
        ("*;q=0, identity;q=1", ""),
        ("br", "br"),
        ("", ""),
        (None, ""),
    ],
)
def test_the_feed_is_compressed_for_whoever_wants_that(server, accepted, wanted):
    """RFC 9110, 12.5.3: each form with its own tag and length, all named by Vary.

    Of the codings that are wanted the first counts that a library is there for.
    """
    coding = next((each for each in wanted.split() if each in codings()), None)
    fields = {} if accepted is None else {"Accept-Encoding": accepted}
    got = ask(server.port, "GET", "/feed.xml", fields)
    assert (got.status, got.headers["vary"]) == (200, "Accept-Encoding")
    assert got.headers.get("content-encoding") == coding
    assert UNPACKED[coding](got.body) == FEED
    assert (got.headers["etag"] != FEED_TAG) == (coding is not None)
    again = ask(server.port, "GET", "/feed.xml", {**fields, "If-None-Match": got.headers["etag"]})
    assert (again.status, again.headers["etag"]) == (304, got.headers["etag"])
    assert again.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", [SOUND_PATH, "/cover.jpg"])
def test_sound_and_pictures_are_never_compressed(server, path):
    """They are by themselves, and a range of theirs must mean the same to everybody."""
    got = ask(server.port, "GET", path, {"Accept-Encoding": "gzip"})
    assert "content-encoding" not in got.headers
    assert "vary" not in got.headers


def test_a_range_is_of_the_form_whose_tag_it_has(server):
    """RFC 9110, 14.2: never a piece of the other form."""
    packed = ask(server.port, "GET", "/feed.xml", {"Accept-Encoding": "gzip"})
    tag = packed.headers["etag"]
    asked = {"Accept-Encoding": "gzip", "Range": "bytes=10-19", "If-Range": tag}
    got = ask(server.port, "GET", "/feed.xml", asked)
    assert (got.status, got.headers["etag"], got.body) == (206, tag, packed.body[10:20])
    assert got.headers["content-encoding"] == "gzip"
    plain = ask(server.port, "GET", "/feed.xml", {"Range": "bytes=10-19", "If-Range": tag})
    assert (plain.status, plain.headers["etag"], plain.body) == (200, FEED_TAG, FEED)
    got = ask(server.port, "GET", "/feed.xml", {"Range": "bytes=10-19", "If-Range": FEED_TAG})
    assert (got.status, got.headers["etag"], got.body) == (206, FEED_TAG, FEED[10:20])


def test_answers_to_requests_in_a_row_have_no_stray_bytes(server):
    """RFC 9112, 9.3.2: sent at once, answered in turn, each exactly as long as it says."""
    asked = [
        ("GET", ranged("bytes=0-4"), 206),
        ("GET", {"If-None-Match": TAG}, 304),
        ("HEAD", {}, 200),
        ("GET", ranged("bytes=20000-"), 416),
        ("GET", {"If-Match": '"a"'}, 412),
        ("POST", {"Content-Length": "0"}, 405),
        ("GET", ranged("bytes=0-4,9-9"), 206),
        ("GET", {"Connection": "close"}, 200),
    ]
    with closing(Wire(server.port)) as wire:
        wire.send(b"".join(head_of(method, SOUND_PATH, fields) for method, fields, _ in asked))
        got = [wire.answer(is_head=method == "HEAD") for method, _, _ in asked]
        assert wire.is_over()
    assert [each.status for each in got] == [status for _, _, status in asked]
    assert got[-1].body == SOUND


def test_http_1_1_without_a_host_is_refused(server):
    """RFC 9112, 3.2."""
    assert ask(server.port, "GET", "/feed.xml", host=None).status == 400


def test_http_1_0_needs_no_host(server):
    """RFC 9112, 2.3."""
    assert ask(server.port, "GET", "/feed.xml", host=None, version="1.0").body == FEED


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/feed.xml", "HTTP://other.example:80/feed.xml?x=1"]
)
def test_a_whole_address_is_a_path_too(server, target):
    """RFC 9112, 3.2.2: servers must take the absolute form."""
    assert ask(server.port, "GET", target).body == FEED


def test_what_may_be_read_from_other_sites_says_so(server):
    """Players in a browser ask for transcripts and ranges; before that, the browser asks."""
    for path in ("/feed.xml", SOUND_PATH, f"/{DAY}/transcript.vtt", f"/{DAY}/chapters.json"):
        got = ask(server.port, "GET", path, {"Origin": "https://player.example"})
        assert got.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in ask(server.port, "GET", "/").headers
    got = ask(server.port, "OPTIONS", SOUND_PATH, {"Access-Control-Request-Method": "GET"})
    assert (got.status, got.body) == (204, b"")
    assert "Range" in got.headers["access-control-allow-headers"]


def test_only_what_has_its_digest_in_its_name_is_kept_for_good(server):
    """Another sound has another name; a feed changes."""
    kept = {
        p: ask(server.port, "GET", p).headers["cache-control"] for p in (SOUND_PATH, "/feed.xml")
    }
    assert kept[SOUND_PATH] == "public, max-age=31536000, immutable"
    assert "immutable" not in kept["/feed.xml"]


def test_pages_take_nothing_from_elsewhere(server):
    """Whatever gets into a page, it cannot send anything away."""
    policy = ask(server.port, "GET", f"/{DAY}/").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert not any("http" in value or "*" in value for value in rules.values())


def test_a_folder_without_its_slash_leads_to_its_page(server):
    """Relative links in the page would go astray."""
    got = ask(server.port, "GET", f"/{DAY}")
    assert (got.status, got.headers["location"]) == (308, f"{DAY}/")


def test_dates_are_those_of_the_files(server):
    """The time of the last change, in whole seconds."""
    assert (server.root / "feed.xml").stat().st_mtime == WRITTEN_S
    assert ask(server.port, "GET", "/feed.xml").headers["last-modified"] == AT
