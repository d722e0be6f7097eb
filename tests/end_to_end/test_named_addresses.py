"""Addresses on the command line: fetched, listed, built; those of standard input, too."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.support import run_audiobrief

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body>
<nav>Home News Sport</nav><article><h1>{title}</h1>{text}</article></body></html>"""
TEXTS = {
    "Holm": """
<p>The ferry to Holm came back on Monday, after nine months in the dock of the northern yard.</p>
<p>The harbor master, Ada Moss, said that it would sail four times a day until autumn.</p>
<p>Tickets cost four crowns, and children travel for nothing on Sundays.</p>""",
    "Lund": """
<p>A new boat with electric engines takes people across the lake at Lund from this week on.</p>
<p>Its captain, Piet Brand, spent the winter in a shipyard to learn how its batteries are kept.</p>
<p>The old steamer becomes a museum, where visitors may look into its boiler.</p>""",
}


class _Site(BaseHTTPRequestHandler):
    def do_GET(self):
        """Answer with the page of a place; nothing else is there."""
        place = self.path.removeprefix("/ferry-to-").capitalize()
        found = place in TEXTS
        body = PAGE.format(title=f"Ferry returns to {place}", text=TEXTS.get(place)).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body) if found else 0))
        self.end_headers()
        if found:
            self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""


@pytest.fixture(scope="module")
def site():
    """Return the address of a site with a page for each place."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def workspace(tmp_path):
    """Return a workspace without sources that may reach the site."""
    (tmp_path / "audiobrief.toml").write_text('[network]\nallow = ["127.0.0.1"]\n', "utf-8")
    return tmp_path


def test_an_address_is_fetched_and_listed_once(workspace, site):
    """A second time there is nothing new."""
    first = run_audiobrief("fetch", f"{site}/ferry-to-holm", "--json", cwd=workspace)
    assert first.code == 0, first.stderr
    (source,) = first.json["sources"]
    assert (source["name"], len(source["new"])) == ("links", 1)
    assert (workspace / "links.txt").read_text("utf-8") == f"{site}/ferry-to-holm\n"
    second = run_audiobrief("fetch", f"{site}/ferry-to-holm", "--json", cwd=workspace)
    assert [s["new"] for s in second.json["sources"]] == [[]]


def test_an_address_that_gives_no_article_is_an_error_each_time(workspace, site):
    """Not "nothing new", though it is not asked again; what else was named has come."""
    for new in (1, 0):
        addresses = (f"{site}/nothing", f"{site}/ferry-to-holm")
        run = run_audiobrief("fetch", *addresses, "--json", cwd=workspace)
        assert run.code == 1
        assert [len(s["new"]) for s in run.json["sources"]] == [new]
        (error,) = run.json["errors"]
        assert error["subject"] == addresses[0]
        assert "fetch --force" in error["remedy"]
        assert "no article came of this address" in run.stderr


def test_addresses_come_by_standard_input(workspace, site):
    """A line each; the rest of a line is no matter."""
    lines = f"{site}/ferry-to-holm\n\nread this: {site}/ferry-to-lund\n"
    run = run_audiobrief("fetch", "-", "--json", cwd=workspace, stdin=lines)
    assert [len(s["new"]) for s in run.json["sources"]] == [2]


def test_standard_input_without_an_address_is_refused(workspace):
    """It says what was expected."""
    run = run_audiobrief("fetch", "-", cwd=workspace, stdin="hello\n")
    assert run.code != 0
    assert "address" in run.stderr


def test_an_address_is_built(workspace, site):
    """It alone; again, nothing has changed."""
    address = f"{site}/ferry-to-holm"
    first = run_audiobrief("build", address, "--engine", "tone", "--json", cwd=workspace)
    assert first.code == 0, first.stderr
    (row,) = first.json["episodes"]
    assert (row["outcome"], "ferry-returns-to-holm" in row["directory"]) == ("built", True)
    run_audiobrief("fetch", f"{site}/ferry-to-lund", cwd=workspace)
    second = run_audiobrief("build", address, "--engine", "tone", "--json", cwd=workspace)
    assert [e["outcome"] for e in second.json["episodes"]] == ["unchanged"]


def test_an_address_without_a_page_is_told_and_stops_no_other(workspace, site):
    """By the address, with what to do."""
    wrong, right = f"{site}/nothing", f"{site}/ferry-to-holm"
    run = run_audiobrief("build", wrong, right, "--engine", "tone", "--json", cwd=workspace)
    assert run.code == 1
    failed, built = run.json["episodes"]
    assert (failed["locator"], failed["outcome"]) == (wrong, "failed")
    assert built["outcome"] == "built"
    assert "no article came of this address" in run.stderr


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:9", "Connection refused"),
        ("http://10.0.0.1/a", "not on the public internet"),
        ("https://", "no host can have this name"),
    ],
)
def test_an_address_out_of_reach_says_why(workspace, address, words):
    """In three lines, with an exit code."""
    run = run_audiobrief("fetch", address, cwd=workspace)
    assert run.code == 1
    assert words in run.stdout + run.stderr
    assert len(run.stderr.splitlines()) == 3


@pytest.mark.parametrize("command", ["fetch", "build"])
@pytest.mark.parametrize("address", ["ftp://post.example/a", "file:///etc/hostname"])
def test_an_address_of_another_kind_is_refused_as_such(workspace, command, address):
    """Nothing is listed or read."""
    run = run_audiobrief(command, address, cwd=workspace)
    assert run.code == 1
    assert address.partition(":")[0] in run.stderr
    assert "http" in run.stderr
    assert not (workspace / "links.txt").exists()


@pytest.mark.parametrize("command", ["fetch", "build"])
def test_an_address_that_is_never_asked_costs_no_other(workspace, site, command):
    """It is told in three lines, and what else was named has come."""
    good, bad = f"{site}/ferry-to-holm", "file:///etc/hostname"
    more = ["--engine", "tone"] if command == "build" else []
    run = run_audiobrief(command, bad, good, *more, "--json", cwd=workspace)
    assert run.code == 1
    assert (workspace / "links.txt").read_text("utf-8") == f"{good}\n"
    assert "error: file is not asked\n  file:///etc/hostname\n  fix: " in run.stderr
    if command == "build":
        assert [e["outcome"] for e in run.json["episodes"]] == ["failed", "built"]
    else:
        assert [len(s["new"]) for s in run.json["sources"]] == [1]
        assert [e["problem"] for e in run.json["errors"]] == ["file is not asked"]


def test_a_token_in_an_address_is_not_shown(workspace, site):
    """Neither in the error nor in the report of the build."""
    address = f"{site}/nothing?token=hunter2hunter2"
    run = run_audiobrief("build", address, "--engine", "tone", "--json", cwd=workspace)
    assert run.code == 1
    assert "token=***" in run.stderr
    told = [run.stdout, run.stderr, *(p.read_text() for p in workspace.rglob("*.html"))]
    assert not [text for text in told if "hunter2" in text]
