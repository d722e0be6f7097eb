"""Whoever means harm gets a clean refusal on every route, and reaches nothing outside."""

import json
import random
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiobrief.review.guard import Guard
from audiobrief.review.routes import ROUTES
from tests.review.house import NAMES, OWN, Stream, running
from tests.serve.wire import Wire, ask, head_of
from tests.support import snapshot

SHA = "0" * 64
IDS = [
    "..", "%2e%2e", "..%2f..%2fsecret.txt", "%2e%2e%2fsecret.txt", "..%5csecret.txt", "%00",
    "a%00b",
    "%252e%252e", "%c0%ae%c0%ae", "%ff%fe", "%f0%9f%8e%89", "a" * 5000, ".", "~", "~~", "~x",
    "other~x", "%", "%zz", "con", "nul.json", ".audiobrief", "episode.json", "-", "_", "a b",
    "a%20b",
    "a%0d%0aX: y", "%E2%80%AE", "${x}", "{{7*7}}", "' OR 1=1 --", "<script>", "%3Cscript%3E",
    "show.json", "feed.xml", "review.json", "*", "?", "a;b", "a%3fb", "/etc/passwd", "file:///etc",
]  # fmt: skip
NUMBERS = ["1e999", "-1", "1" * 400, "9" * 5000, "NaN", "Infinity", "-0.0", "1.5", "true", "null"]
BODIES = [
    b"", b"null", b"[]", b"1", b'"x"', b"{", b'{"a":', b"\xff\xfe{}", b'{"op":"\xff"}',
    b"\x00" * 10,
    b"[" * 100_000, b'{"a":' * 50_000, b'{"a":' + b"[" * 30 + b"]" * 30 + b"}", b'{"a":NaN}',
    b'{"op":"words","op":"undo"}', b'{"\\ud800":1}', b'{"unknown":1}', b"{}" + b" " * 2_000_000,
    json.dumps({"x" * 100_000: 1}).encode(), "{“op”:1}".encode(), b"{}{}", b"// {}", b"%s",
]  # fmt: skip
#: For each field, what it cannot be; and what it can be but leads nowhere.
TEXTS = [
    "", " ", "\n\n", "\x00", "a\x00b", "\x1b[31m", "\ud800", "\u202e\u202d", "../../secret.txt",
    "<img src=x onerror=alert(1)>", "## heading", "---", "[narrator] x", "x · y", "{{x}}",
    "a" * 19_000,
    "a" * 30_000, "🎉" * 50, "مرحبا", "`rm -rf /`", "${HOME}", "\\", '"', "'", "\u2028", "\ufeff",
]  # fmt: skip
WRONG = [*TEXTS, 0, -1, 10**30, 1.5, True, False, None, [], {}, [[]], [{}], {"a": {"b": {"c": 1}}}]
#: A request that is done, for each route with a body.
BASES = {
    "say": {"segment": "SEGMENT", "text": "Hello.", "voice": "low"},
    "fix": {
        "op": "words", "segment": "SEGMENT", "text": "Hello.",
        "seen": {"text": "TEXT", "voice": "low", "speaker": None},
    },
    "word": {
        "word": "ferry", "say": "fairy", "scope": "episode", "segment": "SEGMENT", "expected": 1,
    },
    "remove": {"word": "ferry", "scope": "episode", "segment": "SEGMENT"},
    "mark": {"segments": [{"id": "SEGMENT", "clip": "CLIP"}], "verdict": "heard", "note": "x"},
    "played": {"clip": "CLIP", "segment": "SEGMENT", "ranges": [[0, 10]]},
    "approve": {"which": "heard"},
    "publish": {},
}  # fmt: skip
OPERATIONS = [
    {"op": "voice", "voice": "low"},
    {"op": "speaker", "speaker": "Ana", "voice": "high"},
    {"op": "split", "at": 3},
    {"op": "join"},
    {"op": "move", "before": None},
    {"op": "leave_out"},
    {"op": "restore", "row": 0},
    {"op": "undo"},
]


def path_of(route, identifier):
    """Return the path of a route with something in the place of each name."""
    parts = [
        {
            "{id}": identifier,
            "{sha256}.mp3": f"{SHA}.mp3",
            "{key}.wav": f"{SHA}.wav",
            "{name}": identifier,
        }.get(p, p)
        for p in route.pattern
    ]
    return "/" + "/".join(parts)


@pytest.fixture(scope="module")
def house(shared):
    """Return the server, an episode's id, and a segment of it; beside it lies a secret."""
    secret = shared.root.parent / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    return shared


def outside(house):
    """Return all that lies outside of what an editor may change."""
    files = snapshot(house.root.parent)
    inner = ("workspace/episodes/", "workspace/.audiobrief/", "workspace/voices/lexicon/")
    return {name: told for name, told in files.items() if not name.startswith(inner)}


def require_clean(got):
    """Hold an answer to what every refusal must be."""
    assert got.status < 500 or got.status in {503, 505}, got
    assert b"secret" not in got.body.replace(b"secret.txt", b"")
    assert b"Traceback" not in got.body
    if got.status >= 400 and got.headers["content-type"] == "application/json":
        told = json.loads(got.body)["error"]
        assert set(told) == {"problem", "where", "fix"}
        assert all(told.values()), told


def shown(route):
    """Return a route as the tests name it."""
    return f"{route.method} {'/'.join(route.pattern)}"


NAMING = [route for route in ROUTES if "{" in "".join(route.pattern)]
every_route = pytest.mark.parametrize("route", ROUTES, ids=shown)


@pytest.mark.parametrize("route", NAMING, ids=shown)
def test_no_name_leads_out(house, route):
    """Ways up, NUL, encodings of encodings, devices, other files of the workspace."""
    before = outside(house)
    # The page is the same for all names, and asks for its episode itself.
    allowed = {400, 404} | ({200} if route.pattern[0] == "episode" else set())
    for name in IDS:
        path = path_of(route, name).replace(" ", "%20")
        with closing(Wire(house.port)) as wire:
            wire.send(head_of(route.method, path, {**OWN, "Content-Length": 2}) + b"{}")
            got = wire.answer()
        require_clean(got)
        assert got.status in allowed, (path, got)
    assert outside(house) == before


@every_route
def test_other_methods_are_refused(house, route):
    """With what is allowed."""
    path = path_of(route, house.id_of("Ferry"))
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X"} - {
        route.method
    }:
        got = ask(house.port, method, path, OWN)
        require_clean(got)
        assert got.status in {405, 404}, (method, path, got)
        if got.status == 405:
            assert route.method in got.headers["allow"]


@every_route
@pytest.mark.parametrize(
    ("host", "fields", "status"),
    [
        ("evil.example", {}, 400),
        ("127.0.0.1.evil.example", {}, 400),
        ("", {}, 400),
        ("localhost@evil.example", {}, 400),
        ("[::2]", {}, 400),
        ("localhost", {"Origin": "http://evil.example"}, 403),
        ("localhost", {"Origin": "null"}, 403),
        ("localhost:1", {"Origin": "http://localhost:2"}, 403),
        ("localhost", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("localhost", {"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_other_sites_get_nothing(house, route, host, fields, status):
    """By a name of theirs, from a page of theirs, or as a part of it."""
    path = path_of(route, house.id_of("Ferry"))
    got = ask(house.port, route.method, path, {**OWN, **fields}, b"{}", host=host)
    assert got.status == status
    require_clean(got)


@pytest.mark.parametrize("name", BASES)
def test_changes_are_only_taken_from_our_page(house, name):
    """No form and no script of another site can send what ours does."""
    path = change_path(house, name)
    body = json.dumps(BASES[name]).encode()
    house.rest()
    before = snapshot(house.root / "episodes")
    for fields, status in (
        ({"Content-Type": "application/json"}, 403),
        ({"Content-Type": "application/json", "X-Audiobrief": "x"}, 403),
        ({"X-Audiobrief": "review"}, 415),
        ({"X-Audiobrief": "review", "Content-Type": "text/plain"}, 415),
        ({"X-Audiobrief": "review", "Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"X-Audiobrief": "review", "Content-Type": "multipart/form-data; boundary=x"}, 415),
    ):
        got = ask(house.port, "POST", path, fields, body)
        assert got.status == status
        require_clean(got)
    assert snapshot(house.root / "episodes") == before


def change_path(house, name, identifier=None):
    """Return the path of a change."""
    name = "word/remove" if name == "remove" else name
    return f"/api/episodes/{identifier or house.id_of('Ferry')}/{name}"


@pytest.mark.parametrize("name", BASES)
def test_bodies_that_are_no_json_object_are_refused(house, name):
    """Whatever they are instead; and nothing of the show has changed."""
    house.rest()
    before = shown(house.root)
    for body in BODIES:
        with closing(Wire(house.port)) as wire:
            head = head_of("POST", change_path(house, name), {**OWN, "Content-Length": len(body)})
            wire.send(head)
            wire.send(body)
            got = wire.answer()
        require_clean(got)
        assert got.status in {400, 413}, (body[:50], got)
    assert shown(house.root) == before


def shown(root):
    """Return all files of a show; the cache beside them is filled behind the page."""
    return snapshot(root / "episodes"), snapshot(root / "voices")


def test_a_body_that_is_too_long_or_does_not_come_is_refused(house):
    """By its length before it is read; nothing waits for the rest."""
    path = change_path(house, "mark")
    for length in ("99999999999", "9" * 30):
        with closing(Wire(house.port)) as wire:
            wire.send(head_of("POST", path, {**OWN, "Content-Length": length}))
            got = wire.answer()
        assert got.status in {400, 413}
    with closing(Wire(house.port)) as wire:
        wire.send(head_of("POST", path, {**OWN, "Content-Length": 100}) + b"{")
    assert house.get("/api/episodes").status == 200


@pytest.mark.parametrize("name", BASES)
def test_no_field_takes_what_it_cannot_be(house, name):
    """Every field, one after the other, is anything; the answer is never a defect."""
    document = house.document(house.id_of("Ferry"))
    bases = [BASES[name]]
    if name == "fix":
        bases += [{"segment": "SEGMENT", **operation} for operation in OPERATIONS]
    before = outside(house)
    for base in bases:
        for field in [*base, "unknown"]:
            for wrong in WRONG:
                segment = random.Random(0).choice(document["segments"])
                sent = filled({**base, field: wrong}, segment)
                body = json.dumps(sent).encode("utf-8", "surrogatepass")
                got = ask(house.port, "POST", change_path(house, name), OWN, body)
                require_clean(got)
                if field == "unknown" and wrong is not None:
                    assert got.status == 400
                    assert json.loads(got.body)["error"]["where"] == "unknown"
        for number in NUMBERS:
            body = json.dumps(filled(base, document["segments"][0]))
            got = ask(house.port, "POST", change_path(house, name), OWN,
                      body.replace("1}", f"{number}}}").encode())  # fmt: skip
            require_clean(got)
    assert outside(house) == before


def filled(document, segment):
    """Return a change with the names of a segment that there is."""
    text = json.dumps(document)
    for name, value in (("SEGMENT", segment["id"]), ("CLIP", segment["clip"] or SHA)):
        text = text.replace(f'"{name}"', json.dumps(value))
    return json.loads(text.replace('"TEXT"', json.dumps(segment["text"])))


def test_the_field_is_named(house):
    """In the answer to a change that cannot be done."""
    path = change_path(house, "mark")
    for document, where in (
        ({"segments": [], "verdict": "heard"}, "segments"),
        ({"segments": [1], "verdict": "heard"}, "segments[0]"),
        ({"segments": [{"id": 1, "clip": "x"}], "verdict": "heard"}, "segments[0].id"),
        ({"segments": [{"id": "a", "clip": "x", "y": 1}], "verdict": "heard"}, "segments[0].y"),
        ({"segments": [{"id": "a", "clip": "x"}], "verdict": "good"}, "verdict"),
        ({"segments": [{"id": "a", "clip": "x"}], "verdict": "heard", "note": 1}, "note"),
    ):
        status, got = house.post(path, document)
        assert (status, got["error"]["where"]) == (400, where)


@pytest.mark.parametrize(
    "query",
    [
        "word=ferry", "segment=x", "word=&segment=x", "word=%00&segment=x", "word=%ff&segment=x",
        "word=a&word=b&segment=x", "x=1", "word=" + "a" * 5000 + "&segment=x",
        "&".join(f"a{n}=1" for n in range(50)), "%00", "word=a&segment=x&unknown=1",
    ],
)  # fmt: skip
def test_queries_are_held_to_their_fields(house, query):
    """Missing, twice, unknown, too long, no text."""
    got = house.get(f"/api/episodes/{house.id_of('Ferry')}/count?{query}")
    require_clean(got)
    assert got.status in {400, 404, 409, 422}


@pytest.mark.parametrize(
    "ranges",
    [
        "bytes=0-0", "bytes=-1", "bytes=5-2", "bytes=abc", "bytes=0-" + "9" * 5000, "lines=0-1",
        "bytes=99999999-", "bytes=" + ",".join(f"{n}-{n}" for n in range(0, 4000, 2)),
        "bytes=0-10,5-20,-5", "bytes=--1", "bytes=\t0-5",
    ],
)  # fmt: skip
def test_ranges_cost_one_file_at_most(house, ranges):
    """Of sound and of clips."""
    document = house.document(house.id_of("Ferry"))
    urls = [document["sound"]["url"], next(s["clip_url"] for s in document["segments"])]
    for url in urls:
        whole = house.get(url)
        got = house.get(url, {"Range": ranges})
        assert got.status in {200, 206, 416}
        assert len(got.body) <= len(whole.body) + 10_000


def test_events_are_for_a_bounded_number_of_pages(house):
    """Each is let go when it goes; a strange number of a last event is no defect."""
    with closing(Stream(house.port)) as first:
        for last in ("x", "0", "a-b", "-", "9" * 400, "é", "zzzzzzzz-5", "1-1\t"):
            with closing(Stream(house.port, last)) as other:
                assert other.status == 200
        assert first.status == 200
    streams = []
    while (stream := Stream(house.port)).status == 200:
        streams.append(stream)
    assert (stream.status, 30 < len(streams) < 100) == (503, True)
    for each in [*streams, stream]:
        each.close()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from(sorted(BASES)),
    document=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["op", "segment", "text", "verdict", "segments", "word", "x"]),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    ),
)
def test_any_json_gets_an_answer(house, name, document):
    """Refused or done, and never a defect."""
    body = json.dumps(document).encode("utf-8", "surrogatepass")
    got = ask(house.port, "POST", change_path(house, name), OWN, body)
    require_clean(got)


def test_without_its_token_an_address_gives_nothing(built):
    """Listening to others: the first visit brings the token, the browser keeps it."""
    token = "kX-9_a-token-that-nobody-guesses"
    with running(built, guard=Guard(NAMES, token=token)) as run:
        for route in ROUTES:
            path = path_of(route, "x")
            for query in ("", "?token=", "?token=wrong", f"?token={token}x", f"?x={token}"):
                got = ask(run.port, route.method, f"{path}{query}", OWN, b"{}")
                assert got.status == 403
                assert token.encode() not in got.body
        got = run.get(f"/?token={token}")
        assert got.headers["refresh"] == "0; url=/"
        cookie = got.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert run.get("/api/episodes", {"Cookie": cookie.partition(";")[0]}).status == 200
        assert run.get("/api/episodes", {"Cookie": cookie.partition("=")[0] + "=x"}).status == 403
        assert all(token not in served.target for served in run.served)
