"""Addresses: which can be followed, and which mean the same article."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audiobrief.intake import canonical_url, web_address

SAME = [
    ("http://example.org/a", "https://example.org/a"),
    ("HTTPS://EXAMPLE.org./a", "https://example.org/a"),
    ("https://example.org:443/a", "http://example.org:80/a"),
    ("https://example.org", "https://example.org/"),
    ("https://example.org/a/", "https://example.org/a"),
    ("https://example.org/a/?id=1", "https://example.org/a?id=1"),
    ("https://example.org/a#part", "https://example.org/a"),
    ("https://example.org/a?", "https://example.org/a"),
    ("https://example.org/a?b=2&a=1", "https://example.org/a?a=1&b=2"),
    ("https://example.org/./x/../a", "https://example.org/a"),
    ("https://example.org/%7Eana/%c3%bc", "https://example.org/~ana/ü"),
    ("https://müller.example/", "https://xn--mller-kva.example/"),
    ("https://user:pw@example.org/a", "https://example.org/a"),
    ("https://[2001:DB8:0:0::1]/a", "https://[2001:db8::1]/a"),
    (" https://example.org/a\n", "https://example.org/a"),
    ("https://example.org/a?utm_source=x&UTM_Medium=y", "https://example.org/a"),
    ("https://example.org/a?fbclid=1&mc_cid=2&mc_eid=3&igshid=4", "https://example.org/a"),
    ("https://example.org/a?gclid=1&cmpid=2&xtor=RSS-1", "https://example.org/a"),
    ("https://example.org/a?ref_src=twsrc%5Etfw", "https://example.org/a"),
    ("https://example.org/a?amp", "https://example.org/a?amp=1"),
    ("https://www.google.com/amp/s/example.org/a", "https://example.org/a"),
    ("https://example-org.cdn.ampproject.org/c/s/example.org/a?x=1", "https://example.org/a?x=1"),
]
DIFFERENT = [
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/?p=17", "https://example.org/?p=18"),
    ("https://example.org/a?cid=1", "https://example.org/a?cid=2"),
    ("https://example.org/a?source=1", "https://example.org/a?source=2"),
    ("https://example.org/a?ref=1", "https://example.org/a"),
    ("https://example.org/a?ref_src=book", "https://example.org/a"),
    ("https://example.org/a?amp=2", "https://example.org/a"),
    ("https://example.org/a?x=", "https://example.org/a"),
    ("https://example.org/a?x=1&x=2", "https://example.org/a?x=2&x=1"),
    ("https://www.example.org/a", "https://example.org/a"),
    ("https://m.example.org/a", "https://example.org/a"),
    ("https://example.org/a/amp", "https://example.org/a"),
    ("https://example.org/#!/a", "https://example.org/#!/b"),
    ("https://example.org:8080/a", "https://example.org/a"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("https://example.org/a?q=%26", "https://example.org/a?q=&"),
    ("https://straße.example/", "https://strasse.example/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_article_has_one_address(one: str, other: str) -> None:
    """What says only how a reader came, or how somebody writes it, makes no difference."""
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_may_be_another_article_stays_apart(one: str, other: str) -> None:
    """A story told twice is a smaller mistake than one that is lost."""
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("url", ["", "no address", "mailto:a@example.org", "http://[::1", "//x/y"])
def test_what_is_no_web_address_is_returned_as_it_is(url: str) -> None:
    """It is still something to compare by."""
    assert canonical_url(f" {url} ") == url


NAMES = st.text("abcdefghij", min_size=1, max_size=5)
VALUES = st.text(min_size=0, max_size=8).map(lambda text: quote(text, errors="replace"))
PATHS = st.lists(st.text(max_size=6).map(lambda text: quote(text, safe="", errors="replace")))
TRACKING = st.sampled_from(
    ["utm_source=a", "utm_id=7", "fbclid=b", "gclid=c", "mc_eid=d", "cmpid=e", "xtor=f", "amp=1"]
)


@given(
    scheme=st.sampled_from(["http", "https", "HTTP"]),
    host=st.sampled_from(["example.org", "EXAMPLE.org:80", "münchen.example", "[::1]:8000"]),
    path=PATHS,
    query=st.text(max_size=30),
    fragment=st.text(max_size=10),
)
def test_once_is_enough(scheme: str, host: str, path: list[str], query: str, fragment: str) -> None:
    """A canonical address is its own."""
    url = f"{scheme}://{host}/{'/'.join(path)}?{query}#{fragment}"
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(st.text(max_size=60))
def test_any_text_has_an_address(text: str) -> None:
    """Nothing is ever raised, and once is enough here, too."""
    for url in (text, f"https://{text}"):
        once = canonical_url(url)
        assert canonical_url(once) == once


@given(
    path=PATHS,
    own=st.lists(st.tuples(NAMES, VALUES), max_size=4),
    tracking=st.lists(TRACKING, max_size=5, unique=True),
    data=st.data(),
)
def test_tracking_in_any_order_makes_no_difference(
    path: list[str], own: list[tuple[str, str]], tracking: list[str], data: st.DataObject
) -> None:
    """Wherever the parameters stand between those that choose the page."""
    base = f"https://example.org/{'/'.join(path)}"
    kept = [f"{name}={value}" for name, value in own]
    mixed = list(kept)
    for each in tracking:
        mixed.insert(data.draw(st.integers(0, len(mixed))), each)
    assert canonical_url(f"{base}?{'&'.join(mixed)}") == canonical_url(f"{base}?{'&'.join(kept)}")


@given(
    name=st.sampled_from(
        ["id", "p", "article", "cid", "eid", "uid", "source", "ref", "s", "v", "story_fbid", "sid"]
    ),
    one=st.text(min_size=1, max_size=10),
    other=st.text(min_size=1, max_size=10),
)
def test_two_ids_are_two_articles(name: str, one: str, other: str) -> None:
    """Whatever a site calls the parameter that chooses its articles."""
    first, second = (quote(each, safe="", errors="replace") for each in (one, other))
    assume(first != second)
    base = f"https://example.org/a?{name}="
    assert canonical_url(base + first) != canonical_url(base + second)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("/b", "https://example.org/b"),
        ("//other.example/b", "https://other.example/b"),
        ("?p=2", "https://example.org/a/?p=2"),
        ("https://b.example/x y", "https://b.example/x%20y"),
        ("http://b.example/\ud800", "http://b.example/\ufffd"),
        ("http:///b", None),
        ("https://b.example:0/", None),
        ("https://a b.example/", None),
        ("https://name@b.example/", None),
        ("\x00javascript:alert(1)", None),
        ("tel:123", None),
        ("", None),
        (None, None),
    ],
)
def test_links_are_absolute_or_nothing(written: str | None, address: str | None) -> None:
    """Only what can be fetched is an address."""
    assert web_address(written, base="https://example.org/a/") == address
