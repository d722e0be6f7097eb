"""Rules of the server: H1 to H6, T5, and what P1 and S4 ask of it (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiobrief.check.facts import ServedFacts, name_in
from audiobrief.check.rule import Entry, Level, Needs, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.net.probe import Seen

_NO_ENTRY = frozenset({401, 403, 407})
_XML_TYPES = frozenset({"application/rss+xml", "application/xml", "text/xml"})
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)")
_RELATION = re.compile(r"rel=\"?([^\";,=]{0,200})")
#: Headers that HEAD and GET must agree on.
_SAME = ("content-type", "etag", "last-modified")
FIRST_TWO, LAST_ONE, PAST_END, STALE = "bytes=0-1", "bytes=-1", "past the end", "If-Range"


def check_status(served: ServedFacts) -> Iterator[str]:
    """H1: the feed is there, and is XML."""
    if served.kind != "feed" or served.get.status in _NO_ENTRY:
        return
    if served.get.status != 200:
        yield f"the server answers HTTP {served.get.status} for the feed: it has to be 200"
        return
    if served.get.body_problem:
        yield f"the feed cannot be read to its end: {served.get.body_problem}: mend the server"
    kind = type_of(served.get)
    if kind not in _XML_TYPES and not kind.endswith("+xml"):
        yield f"the feed comes as {kind or 'no type'}: send application/rss+xml; charset=utf-8"


def check_feed_headers(served: ServedFacts) -> Iterator[str]:
    """H1: type, and marks by which apps need not load it again."""
    if served.kind != "feed" or served.get.status != 200:
        return
    kind, said = type_of(served.get), served.get.header("content-type")
    if kind in _XML_TYPES - {"application/rss+xml"}:
        yield f"the feed comes as {said[:80]}: send application/rss+xml; charset=utf-8"
    elif kind == "application/rss+xml" and "utf-8" not in said.lower():
        yield "the type of the feed names no charset: send application/rss+xml; charset=utf-8"
    for name in ("etag", "last-modified"):
        if not served.get.header(name):
            yield f"the feed comes without {name.title()}: apps load all of it every time, send it"
    if served.again is not None and served.again.status != 304:
        status = served.again.status
        yield f"asked whether it has changed, the server answers {status}: answer 304, no body"


def check_head(served: ServedFacts) -> Iterator[str]:
    """H2: HEAD works."""
    if served.head is not None and served.head.status >= 400:
        yield f"HEAD is answered by HTTP {served.head.status}: answer it like GET, without a body"


def check_head_is_get(served: ServedFacts) -> Iterator[str]:
    """H2: HEAD has the headers of GET."""
    if served.head is None or served.head.status != 200 or served.get.status not in {200, 206}:
        return
    for name in _SAME:
        get, head = served.get.header(name), served.head.header(name)
        if get != head:
            yield f"HEAD says {name}: {head[:80] or 'nothing'}, GET {get[:80]}: send the same"
    size, said = size_of(served.get), served.head.header("content-length")
    is_plain = served.kind != "feed" and not served.head.header("content-encoding")
    if is_plain and size is not None and said and said != str(size):
        yield f"HEAD says content-length: {said[:20]}, the file has {size} bytes: send the same"


def check_ranges(served: ServedFacts) -> Iterator[str]:
    """H3: parts of a sound."""
    two = served.parts.get(FIRST_TWO)
    if two is None:
        return
    if two.status != 206:
        yield (
            f"asked for two bytes of the sound, the server answers HTTP {two.status}: answer 206; "
            "without ranges apps cannot seek, and Apple refuses the feed"
        )
        return
    found = _RANGE.fullmatch(two.header("content-range"))
    if len(two.body) != 2 or found is None or found[1] != "0" or found[2] != "1":
        said = two.header("content-range")[:80]
        yield f"asked for bytes 0-1, the server sends {len(two.body)}, Content-Range {said!r}"


def check_all_ranges(served: ServedFacts) -> Iterator[str]:
    """H3: parts from the end, past the end, and of another version."""
    if served.parts.get(FIRST_TWO) is None or served.parts[FIRST_TWO].status != 206:
        return
    size = size_of(served.parts[FIRST_TWO])
    last, past, stale = (served.parts.get(name) for name in (LAST_ONE, PAST_END, STALE))
    if last is not None and (last.status != 206 or len(last.body) != 1):
        yield f"asked for the last byte, the server answers HTTP {last.status}: send 206 and it"
    if past is not None and past.status != 416:
        yield f"asked for a part past the end, the server answers HTTP {past.status}: answer 416"
    elif past is not None and past.header("content-range") != f"bytes */{size}":
        yield f"416 without Content-Range: bytes */{size}: send it, so that apps can recover"
    if stale is not None and stale.status == 206:
        yield "If-Range of an old version is answered by a part: send 200 and the whole file"
    if served.get.header("accept-ranges").lower() != "bytes":
        yield "no Accept-Ranges: bytes: send it with every sound"


def check_redirects(served: ServedFacts) -> Iterator[str]:
    """H4: redirects that all apps follow."""
    hops = served.get.hops
    if served.kind == "feed" and len(hops) > 3:
        yield f"the feed is {len(hops)} redirects away: give out its last address"
    if any(hop.url.startswith("http://") for hop in hops[1:]) or (
        served.get.url.startswith("http://") and any(h.url.startswith("https://") for h in hops)
    ):
        yield "a redirect leads from https:// to http://: some apps stop there"


def check_public(served: ServedFacts) -> Iterator[str]:
    """H5: a public feed, and sounds as they are."""
    if served.kind == "feed" and served.get.status in _NO_ENTRY:
        yield (
            f"the server wants a password (HTTP {served.get.status}): directories have none; "
            "a private feed has a secret address instead"
        )
    if served.kind == "sound":
        encodings = {
            seen.header("content-encoding").lower()
            for seen in (served.get, served.head)
            if seen is not None
        } - {"", "identity"}
        if encodings:
            yield f"the sound comes compressed ({', '.join(sorted(encodings))}): send it as it is"


def check_zipped(served: ServedFacts) -> Iterator[str]:
    """H5: a feed that is small on its way."""
    is_large = served.kind == "feed" and len(served.get.body) > 10_000
    if is_large and served.get.status == 200 and not served.get.header("content-encoding"):
        yield "the feed comes uncompressed: send it with gzip to those who ask for it"


def check_software(served: ServedFacts) -> Iterator[str]:
    """H6: a server that knows ranges."""
    if served.kind == "feed" and "simplehttp" in served.get.header("server").lower():
        yield "python -m http.server knows no ranges: use audiobrief serve, nginx or a host"


def check_cors(served: ServedFacts) -> Iterator[str]:
    """T5: players on the web may read it."""
    if served.kind in {"transcript", "chapters"} and served.get.status == 200:
        said = served.get.header("access-control-allow-origin")
        if said != "*":
            what = f"{name_in(served.get.url)}: Access-Control-Allow-Origin is {said or 'missing'}"
            yield f"{what[:200]}: send *, or players on the web show nothing"


def check_served_type(served: ServedFacts) -> Iterator[str]:
    """P1: served with the type that the feed names."""
    wanted = served.declared_type.partition(";")[0].strip().lower()
    if served.kind in {"transcript", "chapters"} and served.get.status == 200 and wanted:
        kind = type_of(served.get)
        if kind != wanted:
            yield f"{name_in(served.get.url)} comes as {kind or 'no type'}: send {wanted}"


def check_sound_type(served: ServedFacts) -> Iterator[str]:
    """I4: served with the type that the feed names."""
    wanted, kind = served.declared_type.lower(), type_of(served.get)
    if served.kind == "sound" and served.get.status in {200, 206} and kind.startswith("text/"):
        yield f"the enclosure leads to {kind}, not to {wanted[:80] or 'a sound'}: mend its address"


def check_hub_link(served: ServedFacts) -> Iterator[str]:
    """S4: the hub is named in a header, too."""
    if served.kind == "feed" and served.hubs and served.get.status == 200:
        relations = _RELATION.findall(served.get.header("link").lower())
        if not any("hub" in relation.split() for relation in relations):
            yield 'the feed names a hub, the server does not: send Link: <hub>; rel="hub" as well'


def type_of(seen: Seen) -> str:
    """Return the media type of an answer, in lower case, without parameters."""
    return seen.header("content-type").partition(";")[0].strip().lower()


def size_of(seen: Seen) -> int | None:
    """Return how large a file is, by the answer to a question for it or for a part."""
    if seen.status == 206:
        found = _RANGE.fullmatch(seen.header("content-range"))
        return int(found[3]) if found and found[3] != "*" else None
    length = seen.header("content-length")
    is_whole = seen.status == 200 and not seen.header("content-encoding")
    return int(length) if is_whole and re.fullmatch(r"\d{1,15}", length) else None


def _entry(
    number: str, title: str, source: str, level: Level = Level.MUST, *, is_lenient: bool = False
) -> Entry:
    return Entry(number, level, title, source, Needs.SERVER, is_lenient=is_lenient)


_SHOULD = Level.SHOULD
SERVED_RULES: tuple[Rule[ServedFacts], ...] = (
    Rule(_entry("H1", "the feed is there, as XML", "measured"), check_status),
    Rule(
        _entry("H1", "application/rss+xml, ETag, Last-Modified, 304", "measured", is_lenient=True),
        check_feed_headers,
    ),
    Rule(_entry("H2", "HEAD works", "PSP-1"), check_head),
    Rule(_entry("H2", "HEAD has GET's headers", "PSP-1", is_lenient=True), check_head_is_get),
    Rule(_entry("H3", "parts of a sound: 206", "Apple (PRX)"), check_ranges),
    Rule(
        _entry("H3", "from the end, past the end, If-Range", "Apple (PRX)", is_lenient=True),
        check_all_ranges,
    ),
    Rule(_entry("H4", "redirects that apps follow", "measured", is_lenient=True), check_redirects),
    Rule(_entry("H5", "no password, no compressed sound", "Apple, measured"), check_public),
    Rule(_entry("H5", "gzip for the feed", "measured", _SHOULD), check_zipped),
    Rule(_entry("H6", "no python -m http.server", "measured"), check_software),
    Rule(_entry("T5", "Access-Control-Allow-Origin: *", "NS", is_lenient=True), check_cors),
    Rule(_entry("P1", "served with its type", "NS", is_lenient=True), check_served_type),
    Rule(_entry("I4", "a sound is served", "PSP-1"), check_sound_type),
    Rule(_entry("S4", "the hub in a Link header", "WebSub", _SHOULD), check_hub_link),
)
