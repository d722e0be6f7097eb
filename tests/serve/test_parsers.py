"""What reads headers and bodies, on what nobody has thought of."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.serve.conditions import judge, range_holds
from audiobrief.serve.moment import parse_http_date, render_http_date
from audiobrief.serve.negotiate import choose_coding
from audiobrief.serve.request import request_of
from audiobrief.serve.shared import SharedLink, SharedText
from audiobrief.serve.sharing import SharingError, parse_sharing

KINDS = st.sampled_from(
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "text/plain; charset=utf-16",
        "text/html",
        "",
    ]
)
PIECES = st.sampled_from(
    [
        *(b"--b\r\n", b'Content-Disposition: form-data; name="url"', b"\r\n\r\n", b"--b--"),
        *(b"url=", b"&", b'{"text": "', b'"}', b"[", b"https://a.example/", b"%", b"\\ud800"),
        *(b"\xff", b"\x00", b" x" * 30),
    ]
)
LONG = "The ferry across the bay will run again from Monday, eleven months after a storm. " * 3
SHORT_LINK = "Ferry returns to the old harbor https://a.example/1"


@given(KINDS | st.text(max_size=40), st.binary(max_size=60) | st.lists(PIECES).map(b"".join))
def test_a_body_gives_something_or_says_what_is_wrong(kind, body):
    """Whatever it is: an address, a text, or an error of ours."""
    try:
        found = parse_sharing(kind, body)
    except SharingError as error:
        found = error
    match found:
        case SharedLink(url):
            assert url
        case SharedText(text):
            assert text.strip()
        case SharingError():
            assert 400 <= found.status < 500
            assert found.problem
            assert found.fix


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"url": "https://a.example/1", "text": "Ferry returns"}, "https://a.example/1"),
        ({"url": "https://a.example/1", "text": LONG}, None),
        ({"text": SHORT_LINK}, "https://a.example/1"),
        ({"text": "“Ferry returns” https://a.example/1."}, "https://a.example/1"),
        ({"text": f"{LONG} https://a.example/1"}, None),
        ({"text": "https://a.example/1 or https://b.example/2"}, None),
        ({"text": "渡船" * 150 + " https://a.example/1"}, None),
        ({"text": "A headline alone"}, None),
        ({"title": "Ferry", "text": "https://a.example/1"}, "https://a.example/1"),
        ({"url": "https://a.example/1", "html": "<p>x</p>"}, None),
    ],
)
def test_what_stands_beside_an_address_is_no_article(fields, url):
    """Share menus send headlines as text; whole texts stay articles."""
    found = parse_sharing("application/json", json.dumps(fields).encode())
    assert (found.url if isinstance(found, SharedLink) else None) == url


@given(st.integers(0, 4_000_000_000))
def test_dates_are_read_as_they_are_written(seconds):
    """All that HTTP can write."""
    assert parse_http_date(render_http_date(seconds)) == seconds


@given(st.text(max_size=40))
def test_headers_of_nonsense_let_everything_through(text):
    """No condition, no compression, no error."""
    assert choose_coding(text, ["br", "zstd", "gzip"]) in {"", "br", "zstd", "gzip"}
    judge({"if-modified-since": text, "if-none-match": text, "if-match": text}, '"a"', 0)
    assert range_holds(text, '"a"', -1) == (text.strip(" \t") == '"a"')


@given(st.binary(max_size=30).map(lambda raw: b"/" + raw.replace(b"?", b"")))
def test_a_path_is_taken_apart_as_it_came(raw):
    """A segment for each slash, whatever is between; decoding makes no new ones."""
    scope = {"method": "GET", "raw_path": raw, "http_version": "1.1", "headers": []}
    assert len(request_of(scope).segments) == raw.count(b"/")
