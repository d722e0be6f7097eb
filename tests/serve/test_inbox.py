"""What phones and browsers send: taken from whoever knows the token, refused with a reason else."""

import json
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from audiobrief.ingest.source import gather, read
from audiobrief.pipeline import share
from audiobrief.pipeline.recipe import read_article
from audiobrief.pipeline.share import Sharing
from audiobrief.serve import inbox as inbox_route
from audiobrief.serve.gate import Gate, Guesses
from audiobrief.serve.inbox import InboxRoute
from audiobrief.store.lock import locked
from audiobrief.workspace.load import load_workspace
from tests.brief.writing import article
from tests.internet.net import Internet
from tests.internet.page import Page
from tests.pipeline.press import piece, put_up
from tests.serve.house import put_house, running
from tests.serve.wire import Wire, ask, head_of

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TOKEN = "correct-horse-battery"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
TEXT = article("harbor", 1, 24)
NAMED = {"title": "Harbor", "url": "https://a.example/1"}
HTML = f"<article><h1>Harbor</h1><p>{'</p><p>'.join(TEXT.split(chr(10)))}</p></article>"


class Home:
    """A workspace with a server."""

    def __init__(self, root, port, troubles, outcomes, clock):
        self.root, self.port, self.troubles, self.outcomes = root, port, troubles, outcomes
        self.clock = clock

    def post(self, body, kind="application/json", path="/inbox", **fields):
        """Send something with the right token; return status and document."""
        raw = json.dumps(body).encode() if isinstance(body, dict) else body
        headers = {**BEARER, "Content-Type": kind} | {
            name.replace("_", "-"): value for name, value in fields.items()
        }
        host = headers.pop("Host", "127.0.0.1")
        sent = {name: value for name, value in headers.items() if value is not None}
        got = ask(self.port, "POST", path, sent, raw, host=host)
        return got.status, json.loads(got.body)

    @property
    def links(self):
        """The lines of links.txt."""
        path = self.root / "links.txt"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    @property
    def articles(self):
        """What the inbox holds, as a build reads it."""
        found = gather([self.root / "articles"], root=self.root)
        return [read_article(read(each), "en") for each in found]


@contextmanager
def home_of(root, world):
    """Run a server with an inbox for a workspace."""
    (root / "articles").mkdir(exist_ok=True)
    troubles, outcomes, clock = [], [], [0.0]
    sharing = Sharing(
        root, now=lambda: NOW, report=troubles.append, fetched=outcomes.append, world=world
    )
    names = frozenset({"localhost", "127.0.0.1", "::1", "show.example"})
    origins = frozenset({"https://show.example"})
    gate = Gate(TOKEN, names, origins, Guesses(lambda: clock[0]))
    route = InboxRoute(sharing, gate, troubles.append)
    try:
        with running(root / "episodes", inbox=route) as run:
            yield Home(root, run.port, troubles, outcomes, clock)
    finally:
        route.close()
        sharing.close()


@pytest.fixture
def home(tmp_path, internet):
    """Return a server for a fresh workspace, whose world is on loopback."""
    put_house(tmp_path / "episodes")
    with home_of(tmp_path, internet.world) as home:
        yield home


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """Return a server for tests that leave nothing behind."""
    root = tmp_path_factory.mktemp("standing")
    put_house(root / "episodes")
    internet = Internet()
    with home_of(root, internet.world) as home:
        yield home
    internet.close()


@pytest.fixture
def quiet(standing):
    """Return that server, with nobody's wrong guesses against it."""
    standing.clock[0] += 1000
    return standing


PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="url"\r\n\r\nhttps://a.example/1\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nzzz\r\n--x--\r\n'
)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"url": "https://a.example/1"}'),
        ("application/json; charset=utf-8", b'\xef\xbb\xbf{"url": " https://a.example/1\\n"}'),
        ("application/json", b'{"url": "https://a.example/1", "title": "A", "text": null}'),
        ("application/json", b'{"text": "https://a.example/1"}'),
        ("application/x-www-form-urlencoded", b"url=https%3A%2F%2Fa.example%2F1&title=A"),
        ("application/x-www-form-urlencoded", b"text=https%3A%2F%2Fa.example%2F1&url="),
        ("multipart/form-data; boundary=x", PARTS),
        ('multipart/form-data; boundary="x"', PARTS),
        ("text/plain", b"https://a.example/1\r\n"),
        ("text/plain;charset=iso-8859-1", b"https://a.example/1"),
        ("", b"https://a.example/1"),
    ],
)
def test_an_address_is_listed_before_it_is_answered(quiet, kind, body):
    """In whichever form a share menu sends it."""
    fresh = f"form-{len(quiet.links)}"
    url = f"https://a.example/{fresh}"
    sent = body.replace(b"example/1", f"example/{fresh}".encode())
    sent = sent.replace(b"example%2F1", f"example%2F{fresh}".encode())
    assert quiet.post(sent, kind) == (202, {"taken": "link", "known": False, "url": url})
    assert quiet.links[-1] == url


def test_the_same_article_is_listed_once(home):
    """Also with a tracking parameter; people's own lines stay as they are."""
    path = home.root / "links.txt"
    path.write_bytes(b"# to read\r\n- [One](https://a.example/1)")
    assert home.post({"url": "http://a.example/1/?utm_source=x"})[1]["known"] is True
    assert home.post({"url": "https://a.example/2"}) == (
        202,
        {"taken": "link", "known": False, "url": "https://a.example/2"},
    )
    assert home.post({"url": "https://a.example/2"})[0] == 200
    expected = b"# to read\r\n- [One](https://a.example/1)\r\nhttps://a.example/2\r\n"
    assert path.read_bytes() == expected


def test_a_shared_address_becomes_an_article(home, internet):
    """The server asks for it by itself; its page comes into the inbox with where it is from."""
    told = piece("harbor", 1)
    put_up(internet, "post.example", [told])
    url = f"https://post.example{told.path}"
    assert home.post({"url": url})[0] == 202
    while not home.outcomes:
        assert ask(home.port, "GET", "/health").status == 200
    (outcome,) = home.outcomes
    assert (outcome.name, len(outcome.new), outcome.error) == ("links", 1, None)
    (made,) = home.articles
    assert (made.url, made.source) == (url, "links")
    assert [block.text for block in made.body] == told.text.split("\n")
    assert home.troubles == []


def test_an_address_that_is_out_of_reach_stays_listed(home, internet):
    """What goes wrong is told by the run; the next one tries again."""
    internet.site("post.example", {"/1": Page("busy", status=503)})
    assert home.post({"url": "https://post.example/1"})[0] == 202
    while not home.outcomes:
        assert ask(home.port, "GET", "/health").status == 200
    assert home.outcomes[0].postponed == 1
    assert home.links == ["https://post.example/1"]


def test_an_address_at_home_is_never_asked(home, internet):
    """A stranger's link in a share menu does not open the router."""
    assert home.post({"url": "http://127.0.0.1:80/admin"})[0] == 202
    while not home.outcomes:
        assert ask(home.port, "GET", "/health").status == 200
    assert (home.outcomes[0].new, internet.private_connections) == ((), [])


@pytest.mark.parametrize(
    ("body", "kind", "suffix"),
    [
        ({**NAMED, "text": TEXT}, "application/json", "md"),
        ({**NAMED, "html": HTML}, "application/json", "html"),
        (urlencode({**NAMED, "text": TEXT}).encode(),
         "application/x-www-form-urlencoded", "md"),
        (TEXT.encode(), "text/plain", "md"),
        (HTML.encode(), "text/html", "html"),
    ],
)  # fmt: skip
def test_a_text_becomes_an_article(home, body, kind, suffix):
    """In the inbox, with its headline and address; sent again, it is known."""
    status, told = home.post(body, kind)
    assert (status, told["taken"], told["known"]) == (201, "article", False)
    assert told["file"].startswith("articles/2026-03-02-")
    assert told["file"].endswith(f".{suffix}")
    (made,) = home.articles
    assert made.locator == told["file"]
    assert made.source == "links"
    assert " ".join(block.text for block in made.body).count(TEXT.split("\n")[1]) == 1
    if isinstance(body, dict):
        assert (made.headline, made.url) == ("Harbor", "https://a.example/1")
    before = (home.root / told["file"]).read_bytes()
    assert home.post(body, kind) == (
        200,
        {"taken": "article", "known": True, "file": told["file"]},
    )
    assert (home.root / told["file"]).read_bytes() == before
    assert len(home.articles) == 1


def test_a_text_that_a_source_has_brought_is_known(home, internet):
    """Most of its words are there already, under another address."""
    told = piece("harbor", 1)
    put_up(internet, "post.example", [told])
    home.post({"url": f"https://post.example{told.path}"})
    while not home.outcomes:
        assert ask(home.port, "GET", "/health").status == 200
    (outcome,) = home.outcomes
    status, answer = home.post({"title": "Copied", "text": told.text})
    assert (status, answer["known"], answer["file"]) == (200, True, outcome.new[0])
    assert len(home.articles) == 1


def test_an_address_waits_for_a_build_that_holds_the_workspace(home, internet, monkeypatch):
    """It is listed at once, and fetched when the build is done."""
    monkeypatch.setattr(share, "_LOCK_S", 0.02)
    told = piece("harbor", 1)
    put_up(internet, "post.example", [told])
    with locked(home.root / ".audiobrief" / "lock"):
        assert home.post({"url": f"https://post.example{told.path}"})[0] == 202
        assert ask(home.port, "GET", "/health").status == 200
        assert (home.outcomes, home.articles) == ([], [])
    while not home.outcomes:
        assert ask(home.port, "GET", "/health").status == 200
    assert len(home.articles) == 1


def test_two_texts_of_one_page_are_two_articles(home):
    """Neither takes the other's place, and the page itself does not, either."""
    for seed in (1, 2):
        body = {"url": "https://a.example/1", "title": "Log", "text": article("harbor", seed, 24)}
        assert home.post(body)[0] == 201
    assert len(home.articles) == 2


def test_a_text_that_is_shared_during_a_build_is_written_at_once(home):
    """The build holds the workspace; the text does not wait, and stays the only one."""
    with locked(home.root / ".audiobrief" / "lock"):
        assert home.post({"title": "Harbor", "text": TEXT})[0] == 201
        assert home.post({"title": "Harbor", "text": TEXT})[0] == 200
    assert home.post({"title": "Harbor", "text": TEXT})[0] == 200
    assert len(home.articles) == 1


LONG = b"a" * 2_000_001


@pytest.mark.parametrize(
    ("body", "kind", "status", "problem"),
    [
        (b'{"url": ', "application/json", 400, "it is no JSON"),
        (b"[" * 100_000, "application/json", 400, "it is no JSON"),
        (b'["https://a.example/1"]', "application/json", 400, "it is no JSON object"),
        (b'{"url": 5}', "application/json", 400, '"url" is no text'),
        (b'{"ulr": "https://a.example/1"}', "application/json", 400, "neither an address"),
        (b'{"url": ""}', "application/json", 400, "neither an address"),
        (b"", "application/json", 400, "it is no JSON"),
        (b"", "text/plain", 400, "neither an address"),
        (b"\xff\xfe\xfd", "text/plain", 400, "not written in utf-8"),
        (b"x", "text/plain; charset=punycode", 400, "not written in punycode"),
        (b"&".join([b"a=1"] * 100), "application/x-www-form-urlencoded", 400, "too many fields"),
        (b"x", "multipart/form-data", 400, "no boundary"),
        (b"x", "multipart/form-data; boundary=y", 400, "neither an address"),
        (b"x", "application/pdf", 415, "application/pdf is not taken"),
        (b'{"url": "file:///etc/passwd"}', "application/json", 422, "file is not asked"),
        (b'{"url": "javascript:alert(1)"}', "application/json", 422, "not asked"),
        (b'{"url": "https://user:pw@a.example/"}', "application/json", 422, "user name"),
        (b'{"url": "https://a.example/\\u0007"}', "application/json", 422, "control"),
        (b'{"url": "https://a.example/\\nhttps://b.example/"}', "application/json", 422, "control"),
        (b'{"url": "https://a.example/\\ud800"}', "application/json", 422, "control"),
        (b'{"url": "nowhere"}', "application/json", 422, "scheme"),
        (b'{"text": "Too short."}', "application/json", 422, ""),
        (b'{"text": "A text of some words.", "url": "x"}', "application/json", 422, "address"),
        (LONG, "text/plain", 413, "larger than 2 MB"),
        (b'{"text": "' + LONG + b'"}', "application/json", 413, "larger than 2 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_with_what_mends_it(quiet, body, kind, status, problem):
    """Nothing of it is kept."""
    before = (quiet.links, quiet.articles, [])
    got, told = quiet.post(body, kind)
    assert (got, set(told)) == (status, {"problem", "fix"})
    assert problem in told["problem"]
    assert told["fix"]
    assert (quiet.links, quiet.articles, quiet.troubles) == before


def test_nobody_without_the_token_gets_anywhere(quiet):
    """Missing, wrong, in part, in another way: one answer for all, and it says nothing of which."""
    tries = [
        None,
        "Bearer ",
        "Bearer wrong",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN} x",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer \xe4",
    ]
    before = quiet.links
    answers = {
        json.dumps(quiet.post({"url": "https://a.example/1"}, Authorization=each)) for each in tries
    }
    assert len(answers) == 1
    assert '[401, {"problem": "the token is missing or wrong"' in answers.pop()
    assert quiet.links == before


def test_guessing_is_slowed_down(quiet):
    """After ten wrong ones not even the right one counts, for some seconds."""
    wanted = {"url": "https://a.example/1"}
    assert [quiet.post(wanted, Authorization="Bearer x")[0] for _ in range(11)] == [401] * 10 + [
        429
    ]
    got = ask(quiet.port, "POST", "/inbox", BEARER, b"https://a.example/1")
    assert (got.status, got.headers["retry-after"]) == (429, "6")
    quiet.clock[0] += 6
    assert quiet.post(wanted)[0] in {200, 202}
    quiet.clock[0] += 1
    assert quiet.post(wanted, Authorization="Bearer x")[0] == 401
    assert quiet.post(wanted)[0] == 429


def test_those_behind_a_proxy_are_told_apart(quiet):
    """A proxy on this machine says for whom it asks; one that guesses does not lock out others."""
    for _ in range(11):
        quiet.post({"url": "https://a.example/1"}, Authorization="x", X_Forwarded_For="203.0.113.7")
    others = {"X_Forwarded_For": "203.0.113.7, 2001:db8::5"}
    assert quiet.post({"url": "https://a.example/1"}, **others)[0] in {200, 202}


def test_whose_guesses_are_remembered_is_bounded():
    """A million addresses cost no memory; the last ones are known."""
    guesses = Guesses(lambda: 0.0)
    for number in range(6000):
        for _ in range(11 if number == 5999 else 1):
            guesses.count(str(number))
    assert len(guesses._full_at) <= 4096
    assert guesses.wait_s("5999") > 0
    assert guesses.wait_s("1") == 0


@pytest.mark.parametrize(
    ("host", "origin", "is_in"),
    [
        ("127.0.0.1", None, True),
        ("localhost:8000", None, True),
        ("[::1]:8000", None, True),
        ("SHOW.example", None, True),
        ("127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("show.example", "https://show.example", True),
        # A proxy that asks under another name than its own.
        ("127.0.0.1:8000", "https://show.example", True),
        ("evil.example", None, False),
        ("evil.example:8000", "http://evil.example:8000", False),
        ("127.0.0.1.evil.example", None, False),
        ("10.0.0.1", None, False),
        ("127.0.0.1", "https://evil.example", False),
        ("127.0.0.1:8000", "http://127.0.0.1:9000", False),
        ("127.0.0.1", "null", False),
    ],
)
def test_pages_of_other_sites_cannot_send(quiet, host, origin, is_in):
    """Neither under a name of theirs that leads here, nor from an origin of theirs."""
    got, told = quiet.post({"url": "https://a.example/1"}, Host=host, Origin=origin)
    assert got in ({200, 202} if is_in else {403})
    assert ("problem" in told) != is_in


def test_a_browser_that_says_that_the_page_is_foreign_is_believed(quiet):
    """Without an Origin, Sec-Fetch-Site tells."""
    assert quiet.post({"url": "https://a.example/1"}, Sec_Fetch_Site="cross-site")[0] == 403


def test_a_body_that_says_that_it_is_too_long_is_not_waited_for(quiet):
    """Whoever asks first is told at once."""
    with closing(Wire(quiet.port)) as wire:
        fields = {**BEARER, "Content-Length": 3_000_000, "Expect": "100-continue"}
        wire.send(head_of("POST", "/inbox", fields))
        assert wire.answer().status == 413


def test_a_body_without_its_length_is_cut_off_all_the_same(quiet):
    """It comes in chunks, and never ends."""
    with closing(Wire(quiet.port)) as wire:
        fields = {**BEARER, "Transfer-Encoding": "chunked", "Content-Type": "text/plain"}
        wire.send(head_of("POST", "/inbox", fields))
        chunk = b"%x\r\n%b\r\n" % (1_000_000, b"a" * 1_000_000)
        with pytest.raises(OSError, match=r"."):  # noqa: PT012 - any of them may be the last
            for _ in range(200):
                wire.send(chunk)
    assert quiet.articles == []


def test_a_body_that_does_not_come_is_not_waited_for(quiet, monkeypatch):
    """Half of it, and then nothing."""
    monkeypatch.setattr(inbox_route, "_BODY_S", 0.2)
    with closing(Wire(quiet.port)) as wire:
        wire.send(head_of("POST", "/inbox", {**BEARER, "Content-Length": 100}) + b"half")
        assert wire.answer().status == 408


def test_what_cannot_be_written_is_no_success(home):
    """The answer says that nothing is kept, and no more; the server says why."""
    (home.root / "links.txt").mkdir()
    status, told = home.post({"url": "https://a.example/1"})
    assert (status, told["problem"]) == (500, "it could not be kept")
    assert str(home.root) not in json.dumps(told)
    assert "links.txt" in home.troubles[0].subject


def test_other_ways_are_told_which_there_are(quiet):
    """405 with Allow; 404 for what is not there."""
    got = ask(quiet.port, "DELETE", "/inbox", BEARER)
    assert (got.status, got.headers["allow"]) == (405, "GET, HEAD, POST")
    assert ask(quiet.port, "POST", "/inbox/inbox.js", BEARER).status == 405
    assert ask(quiet.port, "GET", "/inbox/other").status == 404
    assert ask(quiet.port, "GET", "/inbox/inbox.js/x").status == 404


def test_links_are_fetched_with_the_sources(home, internet):
    """``fetch`` asks the list even if no server does; the settings may give it another name."""
    settings = '[[sources]]\nname = "Reading"\nkind = "list"\npath = "links.txt"\n'
    (home.root / "audiobrief.toml").write_text(settings, encoding="utf-8")
    told = piece("harbor", 1)
    put_up(internet, "post.example", [told])
    home.post({"url": f"https://post.example{told.path}"})
    while not home.outcomes:
        assert ask(home.port, "GET", "/health").status == 200
    assert home.outcomes[0].name == "Reading"
    assert load_workspace(home.root).settings.sources[0].name == "Reading"
