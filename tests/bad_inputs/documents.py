"""Rows 31 to 45: feeds, pages and books that are made to do harm."""

import io
import stat
import struct
import zipfile

from tests.bad_inputs.case import row
from tests.bad_inputs.place import GOOD, OUTSIDE, PARAGRAPHS, TITLE
from tests.ingest.books import epub, pack, page

ITEM = (
    f"<item><title>{TITLE}</title><guid>1</guid><link>https://news.example/1</link>"
    f"<content:encoded><![CDATA[{PARAGRAPHS * 2}]]></content:encoded></item>"
)
#: Written into a document to see whether it is ever opened up.
LAUGH = "ha" * 16


def rss(items=ITEM, *, before="", after="</channel></rss>", declared="utf-8"):
    """Return a feed, with definitions before it."""
    return (
        f'<?xml version="1.0" encoding="{declared}"?>{before}'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:xi="http://www.w3.org/2001/XInclude"><channel><title>News</title>'
        f"<link>https://news.example/</link><description>x</description>{items}{after}"
    )


def book(before, text):
    """Return an EPUB whose package begins with definitions and names something by them."""
    whole = epub({"a.xhtml": page(PARAGRAPHS * 3)}, metadata=f"<dc:title>{text}</dc:title>")
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["OEBPS/book.opf"] = before.encode() + files["OEBPS/book.opf"]
    return pack(files)


def _both(definitions, use, *, also=""):
    """Return what puts a feed and a book with definitions into a place."""

    def make(place):
        before = definitions.replace("OUTSIDE", (place.outside / "secret.txt").as_uri())
        text = use + also
        place.feed(rss(ITEM.replace(TITLE, text), before=before))
        place.article("book.epub", book(before, text))

    return make


def _unread(ran):
    """Nothing outside was opened, as the kernel saw it."""
    outside = str(ran.place.outside)
    for line in (ran.trace or "").splitlines():
        if outside in line and "open" in line:
            yield f"strace saw {line}"
    hosts = [host for host in ran.place.internet.lookups if host != "news.example"]
    yield from (f"{host} was looked up" for host in hosts)


def _refused(number, what, definitions, use, *, reason, errors=2, episodes=1, **more):
    return row(
        *(number, what, "R"),
        make=_both(definitions, use),
        code=1,
        errors=errors,
        episodes=episodes,
        seen=(reason,),
        check=_unread,
        **more,
    )


def _laughs():
    lines = [f'<!ENTITY a0 "{LAUGH}">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    return f"<!DOCTYPE r [{''.join(lines)}]>"


def _nested(place):
    depth = 100_000
    deep = "<b>" * depth + "deep" + "</b>" * depth
    place.feed(rss(ITEM.replace(f"<title>{TITLE}</title>", f"<title>{deep}</title>")))
    whole = f"<html><head><title>{TITLE}</title></head><body>{{}}</body></html>"
    place.article("deep.html", whole.format("<div>" * depth + PARAGRAPHS + "</div>" * depth))
    place.article("deep.epub", epub({"a.xhtml": page(deep)}))


def _lying(place):
    """A feed that says UTF-7, where a title has markup in it; pages that say other encodings."""
    hidden = "+ADw-script+AD4-alert(1)+ADw-/script+AD4-"
    place.feed(rss(ITEM.replace(TITLE, f"{TITLE} {hidden}"), declared="utf-7"))
    for name in ("utf-7", "utf-16"):
        place.article(
            f"{name}.html",
            f'<html><head><meta charset="{name}"><title>Says {name} {hidden}</title></head><body>'
            f"<h1>The school that says {name}</h1>{PARAGRAPHS.replace('library', name)}"
            "</body></html>",
        )


def _many(place):
    items = (
        ITEM.replace("1</guid>", f"{n}</guid>").replace("example/1", f"example/{n}")
        for n in range(100_000)
    )
    short = "".join(items).replace(PARAGRAPHS * 2, "<p>Rain.</p>")
    place.feed(rss(short))


def _check_many(ran):
    asked = [r.path for r in ran.place.internet.requests]
    if not 1 < len(asked) < 40:
        yield f"{len(asked)} pages were asked for"


def _included(place):
    secret = (place.outside / "secret.txt").as_uri()
    wanted = f'<xi:include href="{secret}" parse="text"/>'
    place.feed(rss(ITEM.replace(f"<title>{TITLE}", f"<title>{TITLE}{wanted}")))
    text = (
        f"<p>{GOOD.partition('pier.')[2].strip()} They sang.</p>"
        "<p>Forty models of boats stand in its hall of glass.</p>"
    )
    inside = f'<div xmlns:xi="http://www.w3.org/2001/XInclude">{wanted}{text}</div>'
    place.article("book.epub", epub({"a.xhtml": page(inside)}))


def _bomb(place):
    place.article("bomb.epub", epub({"a.xhtml": page("<p>" + " " * 200_000_000 + "</p>")}))


def _climbing(place):
    place.article(
        "climb.epub",
        epub(
            {"../../../../outside/planted.xhtml": page(PARAGRAPHS)},
            more={"../../../../outside/planted.txt": b"planted", "/planted.txt": b"planted"},
        ),
    )


def _linked(place):
    stream = io.BytesIO(epub({"a.xhtml": page(PARAGRAPHS)}))
    link = zipfile.ZipInfo("OEBPS/b.xhtml")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(link, str(place.outside / "secret.txt"))
    place.article("link.epub", stream.getvalue())


def _crowded(place):
    """A ZIP archive of a million entries, each of them named in its directory."""
    count = 1_000_000
    common = struct.pack(
        "<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 7, *[0] * 6
    )
    directory = b"".join(common + b"%07d" % n for n in range(count))
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), 0)
    where = struct.pack("<4sLQL", b"PK\6\7", 0, len(directory), 1)
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    place.article("crowd.epub", directory + end + where + last)


def _encrypted(place):
    whole = bytearray(epub({"a.xhtml": page(PARAGRAPHS)}))
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = whole.find(mark)
        while start >= 0:
            whole[start + offset] |= 1
            start = whole.find(mark, start + 4)
    place.article("locked.epub", bytes(whole))


def _inbox(number, what, expected, make, **more):
    return row(number, what, expected, make=make, **{"code": 1, "errors": 1, **more})


#: The external subset of a package; books of EPUB 2 name one, and it is not fetched.
_ELSEWHERE = '<!DOCTYPE rss SYSTEM "http://169.254.169.254/evil.dtd">'

ROWS = (
    _refused(
        31,
        "an entity that is a file",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "OUTSIDE">]>',
        "A &x; b",
        reason="entities",
        unseen=(OUTSIDE,),
        errors=1,
        episodes=2,
    ),
    _refused(
        32,
        "an entity that is an address",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "http://169.254.169.254/">]>',
        "A &x; b",
        reason="entities",
        errors=1,
        episodes=2,
    ),
    _refused(33, "a billion laughs", _laughs(), "A &a9; b", reason="entities", unseen=(LAUGH * 2,)),
    _refused(
        34,
        "an entity of 100 kB, 10,000 times",
        f'<!DOCTYPE r [<!ENTITY x "{"ha" * 50_000}">]>',
        "&x;" * 10_000,
        reason="entities",
    ),
    _refused(
        35,
        "definitions from elsewhere",
        _ELSEWHERE,
        TITLE,
        reason="definitions from elsewhere",
        errors=1,
        episodes=2,
    ),
    _inbox(36, "100,000 elements in each other", "R", _nested, errors=3, seen=("nested",)),
    _inbox(37, "encodings that are not what is said", "R", _lying, seen=("News",), episodes=3),
    row(
        38,
        "a feed that breaks off",
        "Q",
        make=lambda place: place.feed(rss(ITEM + ITEM.replace("1<", "2<")[:300], after="")),
        episodes=2,
        seen=("breaks off",),
    ),
    row(
        39,
        "a feed of 100,000 items",
        "S",
        make=_many,
        episodes=2,
        check=_check_many,
        seen=("left out|beyond",),
    ),
    row(40, "XInclude", "S", make=_included, episodes=3, check=_unread),
    _inbox(
        41, "an EPUB of 200 MB, packed into 200 kB", "R", _bomb, seen=("packed|too large|larger",)
    ),
    _inbox(42, "members of an EPUB that climb out", "R", _climbing, seen=("climb.epub",)),
    _inbox(43, "a member that is a link", "R", _linked, seen=("link",)),
    _inbox(
        44, "a ZIP archive of a million entries", "R", _crowded, seen=("members|entries|files",)
    ),
    _inbox(
        45,
        "an encrypted ZIP archive",
        "R",
        _encrypted,
        seen=("encrypted",),
        deviation="E was proposed; it is one article among others: exit code 1, they are published",
    ),
)
