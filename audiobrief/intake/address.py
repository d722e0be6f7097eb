"""Addresses of articles: which can be followed, and which two mean the same article (pure).

courlan, which comes with trafilatura, has functions for it that do not fit: version 1.4 takes
every parameter for tracking that is called "cid", "eid", "uid", "source" or "session", so that two
articles with different ids become one; it drops empty parameters, and keeps http and https apart.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

_WEB = ("http", "https")
#: What browsers take out of an address before they read it (WHATWG URL, "basic URL parser").
_SURROUNDING = "".join(map(chr, range(0x21)))
_INSIDE = str.maketrans("", "", "\t\r\n")

#: Parameters that only say how a reader came here: each is documented by the service that adds it,
#: and no content system uses it to choose a page. "ref", "source", "s", "share" and "cmp" are not
#: among them: somewhere they do.
_TRACKING_NAMES: Final = (
    # Clicks: Google, Facebook and Instagram, Microsoft, Yandex, Twitter, TikTok, LinkedIn, Reddit.
    "gclid gclsrc dclid wbraid gbraid gad_source gad_campaignid fbclid igshid igsh msclkid yclid "
    "ysclid _openstat twclid __twitter_impression ttclid li_fat_id rdt_cid epik srsltid "
    # Sessions that are carried between hosts: Google Analytics, HubSpot.
    "_ga _gl __hstc __hssc __hsfp _hsenc _hsmi hsctatracking "
    # Newsletters and campaigns: Mailchimp, Marketo, Omeda, Vero, MailerLite, Matomo, AT Internet,
    # Webtrends, Adobe, Comscore, Yahoo.
    "mc_cid mc_eid mkt_tok oly_anon_id oly_enc_id vero_id vero_conv ml_subscriber "
    "ml_subscriber_hash pk_campaign pk_kwd pk_source pk_medium pk_content pk_cid piwik_campaign "
    "piwik_kwd xtor at_medium at_campaign at_link_id at_link_origin at_link_type at_format "
    "at_ptr_name at_bbc_team wt.mc_id wt_mc wt_zmc s_cid cmpid cmp_id cmpcid ns_mchannel ns_source "
    "ns_campaign ns_linkname ns_fee guccounter guce_referrer guce_referrer_sig soc_src soc_trk "
    "wickedid rb_clickid sc_cid ss_email_id sb_referer_host"
)
_TRACKING: Final = frozenset(_TRACKING_NAMES.split())
_TRACKING_STARTS = ("utm_", "mtm_", "hsa_", "at_custom")
#: Parameters that are certain with some values alone: Twitter's referrer, and AMP as a rendition.
_TRACKING_VALUES = {
    "ref_src": re.compile("twsrc.*", re.DOTALL),
    "ref_url": re.compile("https?(:|%3a).*", re.IGNORECASE | re.DOTALL),
    "amp": re.compile("|=|=1|=true"),
}
#: Addresses of AMP caches have the publisher's address in them.
_AMP_VIEWER = re.compile(r"/amp/(?P<tls>s/)?(?P<rest>[^/?#]+\.[^/?#]+/.*)", re.DOTALL)
_AMP_CACHE = re.compile(r"/(?:c|v|wp)/(?P<tls>s/)?(?P<rest>[^/?#]+\.[^/?#]+/.*)", re.DOTALL)

#: Can be written to no file.
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
#: Letters that IDNA 2003, which is Python's, takes for others, and today's registries do not.
_DEVIATING = re.compile("[\u00df\u03c2\u200c\u200d]")


def web_address(written: str | None, *, base: str | None = None) -> str | None:
    r"""Return the absolute address of a link; ``None``: nothing that can be fetched.

    Other schemes than http and https, and addresses with a name or password in them, are nothing
    of an article's.

    Args:
        written: As it stands in a feed or a page.
        base: What relative links are relative to.

    >>> web_address(" /news/1\n", base="https://example.org/feed.xml")
    'https://example.org/news/1'
    >>> web_address("javascript:alert(1)", base="https://example.org/") is None
    True
    """
    if not written or not (text := written.strip(_SURROUNDING).translate(_INSIDE)):
        return None
    try:
        url = urljoin(base, text) if base else text
        parts = urlsplit(url)
        usable = parts.scheme in _WEB and parts.hostname and parts.port != 0
    except ValueError:  # no host, or no port, that there could be
        return None
    if not usable or "@" in parts.netloc or any(c in parts.netloc for c in ' <>"\\^`{|}'):
        return None
    return _SURROGATE.sub("\ufffd", url).replace(" ", "%20")


def canonical_url(url: str) -> str:
    """Return an address by which two links to one article can be recognized.

    It is for comparing, not for fetching. The same become: http and https; upper and lower case of
    the host; Unicode and punycode; default ports; the ways of percent-encoding; the order of
    parameters; a slash at the end or none; and addresses that differ in a fragment, or in
    parameters that only tell where a reader came from. Google's copies of AMP pages are what they
    are a copy of. Kept apart are hosts with and without "www.", "m." and "amp.", paths that end in
    "/amp", and fragments that begin with "!" or "/", since these may be other articles.

    Args:
        url: Absolute. What is no web address is returned as it is, without blanks around it.

    >>> canonical_url("HTTP://Example.org:80/a/?utm_source=feed&id=7#top")
    'https://example.org/a?id=7'
    """
    stripped = url.strip(_SURROUNDING).translate(_INSIDE)
    try:
        parts = urlsplit(stripped)
        port = parts.port
    except ValueError:
        return stripped
    if parts.scheme not in _WEB or not parts.hostname:
        return stripped
    host = _host(parts.hostname)
    original = _behind_amp(host, parts)
    if original is not None:
        return canonical_url(original)
    # Both are default ports, since both schemes are one.
    netloc = host if port in {None, 80, 443} else f"{host}:{port}"
    path = _without_dots(_encoded(parts.path, "/!$&'()*+,;=:@")).rstrip("/") or "/"
    query = "&".join(_query(parts.query))
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(("https", netloc, path, query, _encoded(fragment, "/!$&'()*+,;=:@?")))


def _query(query: str) -> list[str]:
    """Return the parameters that choose a page, by name; those of one name keep their order."""
    found = [_encoded(each, "!$'()*+,;=:@/?") for each in query.split("&") if each]
    kept = [each for each in found if not _is_tracking(each)]
    return sorted(kept, key=lambda each: each.partition("=")[0])


def _is_tracking(parameter: str) -> bool:
    name, equals, value = parameter.partition("=")
    name = name.lower()
    if name in _TRACKING or name.startswith(_TRACKING_STARTS):
        return True
    certain = _TRACKING_VALUES.get(name)
    # The value of "amp" is compared with its sign, since there it may be missing.
    return certain is not None and bool(
        certain.fullmatch(f"{equals}{value}" if name == "amp" else value)
    )


def _behind_amp(host: str, parts: SplitResult) -> str | None:
    """Return what a copy in an AMP cache is a copy of; ``None``: it is none."""
    if re.fullmatch(r"www\.google(\.[a-z]{2,3}){1,2}", host):
        found = _AMP_VIEWER.fullmatch(parts.path)
    elif host.endswith(".cdn.ampproject.org"):
        found = _AMP_CACHE.fullmatch(parts.path)
    else:
        return None
    if found is None:
        return None
    return f"https://{found['rest']}?{parts.query}"


def _host(host: str) -> str:
    host = host.lower().rstrip(".")
    try:
        return f"[{ip_address(host).compressed}]" if ":" in host else host.encode("ascii").decode()
    except UnicodeEncodeError:
        return ".".join(map(_label, re.split("[.\u3002\uff0e\uff61]", host)))
    except ValueError:  # an address of IPv6 with a zone
        return f"[{host}]"


def _label(label: str) -> str:
    if _DEVIATING.search(label):
        return "xn--" + label.encode("punycode").decode("ascii")
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:  # longer than a name can be, or of letters that no name has
        return quote(label, safe="", errors="replace").lower()


def _encoded(text: str, safe: str) -> str:
    """Return text with no more characters percent-encoded than must be (RFC 3986, 6.2.2)."""
    text = _LONE_PERCENT.sub("%25", text)
    text = _ESCAPE.sub(_unescaped, text)
    return quote(text, safe=safe + "%~", errors="replace")


def _unescaped(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _without_dots(path: str) -> str:
    """Resolve "." and ".." (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            # The first is the empty one before the first slash.
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)
