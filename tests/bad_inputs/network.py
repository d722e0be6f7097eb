"""Rows 1 to 30: addresses, redirects, answers. Each goes through the product's own client."""

from tests.bad_inputs.case import row
from tests.bad_inputs.place import PAGE, SECRET
from tests.internet import Page, redirect, traps

ROBOTS = "User-agent: *\nAllow: /\n"
NOT_PUBLIC = "not on the public internet"


def _refused(number, what, *addresses, reason=NOT_PUBLIC, sites=None, **more):
    """Return a row of addresses that are given on the command line and never asked."""

    def make(place):
        for host, pages in (sites or {}).items():
            place.internet.site(host, pages)
        assert place.internet is not None

    def check(ran):
        asked = [] if sites else ran.place.internet.connections
        yield from (f"a connection was made to {where}" for where in asked)
        yield from (more.get("check") or (lambda _ran: ()))(ran)

    return row(
        *(number, what, "R"),
        make=make,
        command=(*addresses, "articles"),
        code=1,
        errors=more.get("errors", len(addresses)),
        seen=(reason, *more.get("seen", ())),
        unseen=more.get("unseen", ()),
        kept=more.get("kept", ()),
        check=check,
        episodes=more.get("episodes", 1),
    )


def _answered(number, what, expected, page, *, path="/ferry", **more):
    """Return a row of a page that a public host answers with."""

    def make(place):
        place.internet.site("news.example", {path: page() if callable(page) else page})

    return row(
        *(number, what, expected),
        make=make,
        **{
            "command": (f"https://news.example{path}", "articles"),
            "code": 1,
            "errors": 1,
            **more,
        },
    )


def _rebinding():
    steady, closing = "steady.example", "rebind.example"

    def make(place):
        rest = {"headers": {"Connection": "close"}}
        closed = Page(PAGE.body.replace("library", "school"), **rest)
        none = Page(ROBOTS, "text/plain", **rest)
        place.internet.site(
            closing,
            {"/ferry": closed, "/robots.txt": none},
            answers=[["11.0.0.9"], ["127.0.0.1"]],
        )
        place.internet.site(
            steady, {"/ferry": PAGE}, robots=ROBOTS, answers=[["11.0.0.8"], ["10.0.0.8"]]
        )

    def check(ran):
        net = ran.place.internet
        if net.lookups.count(steady) != 1 or net.lookups.count(closing) != 2:
            yield f"not one look-up a connection: {net.lookups}"
        if sorted(net.connections) != [("11.0.0.8", 443), ("11.0.0.9", 443)]:
            yield f"other connections than two: {net.connections}"

    return row(
        17,
        "DNS rebinding: public first, private second; with and without a second connection",
        "R",
        make=make,
        command=(f"https://{closing}/ferry", f"https://{steady}/ferry", "articles"),
        code=1,
        errors=1,
        episodes=2,
        seen=(NOT_PUBLIC,),
        check=check,
    )


def _proxied():
    def make(place):
        place.internet.site("news.example", {"/ferry": PAGE}, robots=ROBOTS)

    def check(ran):
        if ran.place.internet.connections != [("11.0.0.2", 443)]:
            yield f"other connections: {ran.place.internet.connections}"

    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
    return row(
        30,
        "a proxy in the environment",
        "S",
        make=make,
        command=("https://news.example/ferry", "articles"),
        episodes=2,
        environment=dict.fromkeys(names, "http://127.0.0.1:9/"),
        check=check,
        deviation="ignored, as proposed: the page is published, and nothing asks the proxy",
    )


def _login():
    return _refused(
        18,
        "a login in the address",
        f"https://jo:{SECRET}@news.example/a",
        f"https://news.example/a?token={SECRET}",
        sites={"news.example": {}},
        reason=r"user name or password",
        seen=(r"https://\*\*\*@news\.example", r"token=\*\*\*"),
        kept=("links.txt", "catalogue.sqlite"),
    )


def _circle():
    pages = {"/a": redirect("/b"), "/b": redirect("/a")}
    return _refused(
        16,
        "redirects in a circle",
        "https://news.example/a",
        sites={"news.example": pages},
        reason="round in a circle",
    )


def _leading(number, what, target, reason):
    return _refused(
        number,
        what,
        "https://news.example/a",
        sites={"news.example": {"/a": redirect(target)}},
        reason=reason,
    )


ROWS = (
    _refused(1, "a file's address", "file:///etc/passwd", reason="file is not asked"),
    _refused(2, "this machine by its number", "http://127.0.0.1/"),
    _refused(3, "this machine by its name, ssh's port", "http://localhost:22/", reason="port 22"),
    _refused(4, "a cloud's credentials", "http://169.254.169.254/latest/"),
    _refused(5, "this machine by IPv6", "http://[::1]/"),
    _refused(6, "IPv4 in IPv6", "http://[::ffff:127.0.0.1]/"),
    _refused(7, "one decimal number", "http://2130706433/"),
    _refused(8, "hexadecimal", "http://0x7f.1/"),
    _refused(9, "octal", "http://0177.0.0.1/", reason="no address|no host|" + NOT_PUBLIC),
    _refused(10, "NAT64", "http://[64:ff9b::7f00:1]/"),
    _refused(11, "6to4", "http://[2002:7f00:1::]/"),
    _refused(12, "a carrier's network", "http://100.64.0.1/"),
    _refused(13, "multicast", "http://224.0.0.1/"),
    _leading(14, "a redirect to a cloud's credentials", "http://169.254.169.254/", NOT_PUBLIC),
    _leading(15, "a redirect to a file", "file:///etc/passwd", "file is not asked"),
    _circle(),
    _rebinding(),
    _login(),
    _refused(
        19,
        "other schemes",
        "ftp://news.example/a",
        "gopher://news.example/a",
        "data:text/html,hello",
        "javascript:alert(1)",
        reason="ftp is not asked",
        seen=("gopher is not asked", "no such file"),
    ),
    _refused(
        20,
        "ports of mail and of a database",
        "http://news.example:25/",
        "http://news.example:6379/",
        sites={"news.example": {"/": PAGE}},
        reason="port 25",
        seen=("port 6379",),
        check=lambda ran: [str(c) for c in ran.place.internet.connections],
    ),
    _refused(
        21,
        "digits that only look like some",
        "http://\u2460\u2461\u2466.0.0.1/",
        "http://\uff11\uff12\uff17.0.0.1/",
        reason="only look like",
    ),
    _refused(
        22,
        "a line end in the address",
        "http://news.example/\r\nX-Evil: 1",
        reason="control character",
    ),
    _answered(23, "gzip, 1:1000", "R", traps.gzip_bomb, seen=("longer than 10,000,000 bytes",)),
    _answered(
        24,
        "brotli, and zstd",
        "R",
        traps.unasked_encoding("br"),
        seen=("not asked for",),
        check=lambda ran: [
            f"asked for {r.headers.get('accept-encoding')}"
            for r in ran.place.internet.requests
            if r.headers.get("accept-encoding") != "gzip, deflate"
        ],
    ),
    _answered(25, "chunks without end", "R", traps.endless(), seen=("longer than 10,000,000",)),
    _answered(
        26,
        "a byte at a time, without end",
        "R",
        traps.drip(),
        seen=("within 30 s",),
        deviation="the client's clock goes 20 times as fast: its 30 s are 1.5 s of a real drip",
    ),
    _answered(27, "headers of 1 MB", "R", traps.huge_headers(), seen=("headers are longer",)),
    _answered(28, "a picture's type", "R", Page(PAGE.body, "image/png"), seen=("image/png",)),
    _answered(29, "less than was announced", "Q", traps.short_body(), seen=("cut off",)),
    _proxied(),
)
