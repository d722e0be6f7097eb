"""Fetching from an internet on loopback: new is new, once, and nothing is lost."""

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from audiobrief.ingest.source import gather, read
from audiobrief.pipeline.fetch import fetch
from audiobrief.pipeline.recipe import read_article
from tests.internet import traps
from tests.internet.page import Page, redirect
from tests.pipeline.press import NOW, inbox, page, piece, put_up, rss, workspace_of

POST, ECHO = "post.example", "echo.example"


@pytest.fixture
def run(internet):
    """Return a fetch over that internet."""

    def fetched(workspace, *, hours=0.0, **options):
        now = NOW + timedelta(hours=hours)
        return fetch(workspace, now=now, world=internet.world, **options).sources

    return fetched


def articles_of(workspace):
    """Return what the inbox holds, as a build reads it."""
    found = gather([workspace.articles], root=workspace.root)
    return [read_article(read(candidate), "en") for candidate in found]


def test_new_articles_come_into_the_inbox_with_what_their_feed_says(internet, run, tmp_path):
    """Each is a file that a build reads: text, address, date, source and tags."""
    pieces = [piece("harbor", n) for n in range(3)]
    put_up(internet, POST, pieces)
    workspace = workspace_of(tmp_path, [POST])
    (outcome,) = run(workspace)
    assert (len(outcome.new), outcome.error) == (3, None)
    assert sorted(outcome.new) == inbox(tmp_path)
    found = {a.headline: a for a in articles_of(workspace)}
    for told in pieces:
        made = found[told.title]
        assert [b.text for b in made.body] == told.text.split("\n")
        assert made.url == f"https://{POST}{told.path}"
        assert made.published == told.published
        assert (made.source, made.tags) == (POST, ("post",))


def test_the_second_run_downloads_nothing_new(internet, run, tmp_path):
    """The feed is asked whether it has changed; no page is asked at all."""
    put_up(internet, POST, [piece("harbor", n) for n in range(3)])
    workspace = workspace_of(tmp_path, [POST])
    run(workspace)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.glob("articles/*")}
    internet.requests.clear()
    (outcome,) = run(workspace, hours=1)
    assert (outcome.new, outcome.updated) == ((), ())
    assert internet.asked(POST) == ["/feed.xml"]
    assert {p: p.stat().st_mtime_ns for p in tmp_path.glob("articles/*")} == before


def test_a_lost_catalogue_costs_questions_and_no_article(internet, run, tmp_path):
    """It is made again of the inbox: the same pages are recognised by their addresses."""
    put_up(internet, POST, [piece("harbor", n) for n in range(3)])
    workspace = workspace_of(tmp_path, [POST])
    run(workspace)
    shutil.rmtree(workspace.cache)
    internet.requests.clear()
    (outcome,) = run(workspace, hours=1)
    assert (outcome.new, outcome.known) == ((), 3)
    assert internet.asked(POST) == ["/feed.xml"]
    assert len(inbox(tmp_path)) == 3


def test_one_story_of_two_feeds_comes_once(internet, run, tmp_path):
    """By its address, with a tracking parameter; by its text, at another address."""
    told = piece("clinic", 1)
    put_up(internet, POST, [told])
    copy = replace(told, title="Clinic: the days", path="/other/77")
    put_up(internet, ECHO, [copy])
    wire = "wire.example"
    internet.site(wire, {"/feed.xml": rss(POST, [told], query="?utm_source=wire")})
    workspace = workspace_of(tmp_path, [POST, ECHO, wire])
    post, echo, third = run(workspace)
    assert (len(post.new), len(echo.new), len(third.new)) == (1, 0, 0)
    assert (echo.copies, third.known) == (1, 1)
    assert len(inbox(tmp_path)) == 1
    again = run(workspace, hours=1)
    assert [(o.new, o.copies) for o in again] == [((), 0)] * 3


def test_a_correction_takes_the_place_of_what_was_there(internet, run, tmp_path):
    """The feed tells of a change: the same file, with the new words."""
    told = piece("railway", 1)
    site = put_up(internet, POST, [told])
    workspace = workspace_of(tmp_path, [POST])
    (first,) = run(workspace)
    words = told.text.split()
    corrected = replace(told, text=told.text.replace(words[3], "corrected", 1))
    site.pages[told.path] = page(corrected)
    site.pages["/feed.xml"] = rss(POST, [replace(corrected, title=told.title)], etag='"2"')
    (second,) = run(workspace, hours=2)
    assert (second.new, second.updated) == ((), first.new)
    (article,) = articles_of(workspace)
    assert "corrected" in " ".join(b.text for b in article.body)
    assert len(inbox(tmp_path)) == 1


def test_a_broken_source_stops_no_other_and_rests(internet, run, tmp_path):
    """It is named with its fault, asked ever less often, and taken up again."""
    put_up(internet, POST, [piece("school", 1)])
    internet.site(ECHO, {"/feed.xml": Page("out of order", status=404)})
    workspace = workspace_of(tmp_path, [ECHO, POST])
    echo, post = run(workspace)
    assert "404" in echo.error.problem
    assert len(post.new) == 1
    internet.requests.clear()
    echo, _ = run(workspace, hours=0.05)
    assert echo.error is None
    assert echo.rests_until is not None
    assert not internet.asked(ECHO)
    put_up(internet, ECHO, [piece("orchard", 2)])
    echo, _ = run(workspace, hours=1)
    assert len(echo.new) == 1


def test_a_file_that_is_missing_is_looked_for_the_next_time(run, tmp_path):
    """No host was troubled, so that nothing has to rest."""
    more = '[[sources]]\nname = "saved"\nkind = "list"\npath = "saved.txt"\n'
    workspace = workspace_of(tmp_path, [], more=more)
    for _ in range(2):
        (saved,) = run(workspace)
        assert "no such file" in saved.error.problem
        assert saved.rests_until is None


def test_an_article_that_is_not_there_now_is_taken_later(internet, run, tmp_path):
    """Though the feed has not changed since."""
    pieces = [piece("school", n) for n in range(2)]
    site = put_up(internet, POST, pieces)
    busy = Page("later", status=503, headers={"Retry-After": "60"})
    site.pages[pieces[0].path] = busy
    workspace = workspace_of(tmp_path, [POST])
    (outcome,) = run(workspace)
    assert outcome.postponed >= 1
    assert any(pieces[0].title in note for note in outcome.notes)
    site.pages[pieces[0].path] = page(pieces[0])
    run(workspace, hours=2)
    assert {a.headline for a in articles_of(workspace)} == {p.title for p in pieces}


@pytest.mark.parametrize(
    "trap",
    [
        Page("<p>Log in to read on.</p>"),
        Page("gone", status=410),
        Page(b"\x89PNG", "image/png"),
        redirect("http://169.254.169.254/latest/"),
        redirect("file:///etc/passwd"),
        traps.gzip_bomb(),
        traps.endless(),
    ],
    ids=["wall", "gone", "picture", "metadata", "file", "bomb", "endless"],
)
def test_a_page_that_is_no_article_costs_no_other(internet, run, tmp_path, trap):
    """It is told by name; what else the feed has comes in; nothing private is contacted."""
    bad, good = piece("school", 1), piece("school", 2)
    site = put_up(internet, POST, [bad, good])
    site.pages[bad.path] = trap
    workspace = workspace_of(tmp_path, [POST])
    (outcome,) = run(workspace)
    assert [a.headline for a in articles_of(workspace)] == [good.title]
    assert any(bad.title in note for note in outcome.notes)
    assert internet.private_connections == []


def test_a_feed_that_has_the_whole_text_needs_no_page(internet, run, tmp_path):
    """Its content is kept as it came."""
    told = piece("orchard", 5)
    body = "".join(f"<p>{p}</p>" for p in told.text.split("\n"))
    feed = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>P</title><item><title>{told.title}</title><link>https://{POST}/a</link>"
        f"<content:encoded><![CDATA[{body}]]></content:encoded></item></channel></rss>"
    )
    internet.site(POST, {"/feed.xml": Page(feed, "application/rss+xml")})
    workspace = workspace_of(tmp_path, [POST])
    run(workspace)
    (article,) = articles_of(workspace)
    assert [b.text for b in article.body] == told.text.split("\n")
    assert internet.asked(POST) == ["/feed.xml"]


def test_no_more_than_asked_for_comes_at_once(internet, run, tmp_path):
    """The latest of a long feed."""
    put_up(internet, POST, [piece("harbor", n, sentences=8) for n in range(6)])
    workspace = workspace_of(tmp_path, [])
    text = (tmp_path / "audiobrief.toml").read_text()
    source = f'[[sources]]\nname = "P"\nurl = "https://{POST}/feed.xml"\nmost = 2\n'
    (tmp_path / "audiobrief.toml").write_text(text + source)
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    (outcome,) = run(load_workspace(workspace.root))
    assert len(outcome.new) == 2
