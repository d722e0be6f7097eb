"""A whole press on the loopback internet: six feeds and seven sites, of which some work."""

from dataclasses import replace

import pytest

from audiobrief.model.report import Result
from audiobrief.pipeline.brief import brief
from audiobrief.pipeline.briefing import BriefOptions
from audiobrief.pipeline.fetch import fetch
from tests.internet import traps
from tests.internet.page import Page, redirect
from tests.pipeline.press import NOW, inbox, page, piece, put_up, rss, workspace_of
from tests.pipeline.test_fetch import articles_of, run

__all__ = ["run"]

#: The feeds; pages of theirs lie on other sites, too.
POST, ECHO, WIRE, STAR, BUSY, BROKEN = (
    *("post.example", "echo.example", "wire.example"),
    *("star.example", "busy.example", "broken.example"),
)
FEEDS = (POST, ECHO, WIRE, STAR, BUSY, BROKEN)


@pytest.fixture
def press(internet, tmp_path):
    """Return the workspace that reads it, and the titles that are to be had."""
    good = [piece("harbor", 1), piece("clinic", 2), piece("school", 3), piece("orchard", 4)]
    # 1: pages, one of them moved to 2; the feed says 304 the second time.
    site = put_up(internet, POST, good[:2])
    site.pages[good[1].path] = redirect("https://moved.example/new/place")
    internet.site("moved.example", {"/new/place": page(good[1])})
    # 3: a page in another charset than its bytes say; 4: a copy of what the first has.
    odd = replace(good[2], text=f"Die Bürgermeisterin grüßte. {good[2].text}")
    echo = put_up(internet, ECHO, [odd])
    echo.pages[odd.path] = Page(page(odd).body.encode("latin-1"), "text/html; charset=iso-8859-1")
    put_up(internet, WIRE, [replace(good[0], path="/copy", title="A copy"), good[3]])
    # 5: links to 6 slow, 7 huge, 8 packed, 9 dead, 10 at home, 11 cut off.
    internet.site("slow.example", {"/a": ticking(internet, 0.5, traps.drip())})
    internet.site("huge.example", {"/a": ticking(internet, 0.0, traps.endless())})
    internet.site("packed.example", {"/a": traps.gzip_bomb()})
    internet.site("dead.example", {}, is_dead=True)
    internet.site("home.example", {"/a": "<p>Secrets."}, addresses=["10.0.0.7"])
    internet.site("cut.example", {"/a": traps.cut_chunks()})
    traps_of = ("slow", "huge", "packed", "dead", "home", "cut")
    links = "".join(
        f"<item><title>{name}</title><link>https://{name}.example/a</link></item>"
        for name in traps_of
    )
    text = f"<rss version='2.0'><channel><title>Star</title>{links}</channel></rss>"
    internet.site(STAR, {"/feed.xml": Page(text, "application/rss+xml", etag='"s"')})
    # 12: busy, once; 13: a feed that breaks off before its first item.
    told = piece("railway", 5)
    answers = [Page("later", status=429, headers={"Retry-After": "3600"}), rss(BUSY, [told])]
    internet.site(BUSY, {"/feed.xml": answers, told.path: page(told)})
    internet.site(BROKEN, {"/feed.xml": Page("<rss><channel><item>", "application/rss+xml")})
    workspace = workspace_of(tmp_path, FEEDS)
    return workspace, {p.title for p in good}, told.title


def ticking(internet, tick_s, answer):
    """Return an answer from whose begin on every look at the clock takes so long."""

    def make(_asked):
        internet.clock.tick_s = tick_s
        return answer

    return make


def test_the_right_articles_come_and_the_right_programme_is_made(internet, run, press):
    """Whatever is wrong with the others, and nobody at home is asked."""
    workspace, titles, busy_title = press
    outcomes = {o.name: o for o in run(workspace)}
    assert {a.headline for a in articles_of(workspace)} == titles
    texts = [a.body[0].text for a in articles_of(workspace)]
    assert any(text.startswith("Die Bürgermeisterin grüßte.") for text in texts)
    assert outcomes[WIRE].copies == 1
    assert "429" in outcomes[BUSY].error.problem
    assert outcomes[BUSY].rests_until is not None
    notes = " ".join(outcomes[STAR].notes)
    assert all(f"{name}:" in notes for name in ("slow", "huge", "packed", "dead", "home", "cut"))
    assert internet.private_connections == []
    # The second run: what is there is not asked for, what rests is left alone.
    internet.requests.clear()
    files = {p: p.stat().st_mtime_ns for p in workspace.articles.rglob("*")}
    run(workspace, hours=0.05)
    asked = {(r.host, r.path) for r in internet.requests if r.path != "/robots.txt"}
    # What could not be had for the moment is asked for again, and nothing else.
    later = {(f"{name}.example", "/a") for name in ("slow", "dead", "cut")}
    assert asked <= {(host, "/feed.xml") for host in FEEDS} | later
    assert (BUSY, "/feed.xml") not in asked
    assert {p: p.stat().st_mtime_ns for p in workspace.articles.rglob("*")} == files
    # When it is over, the last one comes.
    run(workspace, hours=2)
    assert {a.headline for a in articles_of(workspace)} == {*titles, busy_title}
    assert not list(workspace.root.rglob("*audiobrief-tmp"))


def test_the_second_programme_speaks_nothing(internet, run, press):
    """The first tells each story once, the second nothing is made for."""
    workspace, titles, _ = press
    run(workspace)
    options = BriefOptions(engine="tone", minutes=4.0)
    first = brief(workspace, now=NOW, options=options)
    assert {s.headline for s in first.stories} == titles
    before = {p: p.stat().st_mtime_ns for p in workspace.episodes.rglob("*")}
    fetch(workspace, now=NOW, world=internet.world)
    second = brief(workspace, now=NOW, options=options)
    assert [o.result for o in second.outcomes] == [Result.UNCHANGED]
    assert second.outcomes[0].synthesized == 0
    assert {p: p.stat().st_mtime_ns for p in workspace.episodes.rglob("*")} == before
    assert len(inbox(workspace.root)) == len(titles)
