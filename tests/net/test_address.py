"""Which addresses are public: by the registries, and by whatever is derived from a private one."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.net.address import Allowed, is_public, judge, parse_url
from audiobrief.net.fault import Fault, UnsafeFault
from audiobrief.net.redact import redact

#: IANA's special-purpose registries, and the rest of what is no place for a web server.
NOT_PUBLIC = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
    *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    *("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23"),
    *("2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10"),
    *("fec0::/10", "ff00::/8"),
]

networks = st.sampled_from([ip_network(n) for n in NOT_PUBLIC])
not_public = networks.flatmap(lambda n: st.integers(int(n[0]), int(n[-1])).map(type(n[0])))


@given(not_public)
def test_special_addresses_are_not_public(address):
    """Every address of every special network is refused."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return  # judged as what is in it: next test
    with pytest.raises(UnsafeFault, match="not on the public internet"):
        judge("a.example", 80, [str(address)], Allowed())


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_a_mapped_address_is_judged_by_what_is_in_it(address):
    """As the system connects to it."""
    mapped = f"::ffff:{address}"
    if is_public(address):
        assert judge("a.example", 80, [mapped], Allowed()).addresses == (str(address),)
    else:
        with pytest.raises(UnsafeFault):
            judge("a.example", 80, [mapped], Allowed())


@given(st.lists(st.just("11.0.0.1"), max_size=4), not_public, st.lists(st.just("11.0.0.2")))
def test_one_bad_address_is_enough(before, bad, after):
    """Wherever it stands in the answer."""
    if isinstance(bad, IPv6Address) and bad.ipv4_mapped is not None:
        return
    with pytest.raises(UnsafeFault):
        judge("a.example", 443, [*before, str(bad), *after], Allowed())


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "11.0.0.1", "193.0.0.1", "223.255.255.255", "2606:4700::1", "2a00::1"]
)
def test_ordinary_addresses_are_public(address):
    """Among them neighbors of special ones."""
    assert is_public(ip_address(address))


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_fault(text):
    """No other error, and what is taken has a host, a scheme of the web and no login."""
    for written in (text, f"http://{text}", f"https://news.example/{text}"):
        redact(written)
        try:
            url = parse_url(written)
        except Fault:
            continue
        assert url.scheme in {"http", "https"}
        assert url.raw_host
        assert not url.userinfo
        assert str(parse_url(str(url))) == str(url)


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("HTTPS://News.Example:443/", b"news.example"),
        ("https://bücher.example/", b"xn--bcher-kva.example"),
        ("https://三.example/", b"xn--ehq.example"),
        ("https://a_b.example/", b"a_b.example"),
        ("https://[2a00::1]/", b"2a00::1"),
    ],
)
def test_hosts_are_what_they_are_called(written, host):
    """In the form that is resolved."""
    assert parse_url(written).raw_host == host
