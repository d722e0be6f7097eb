"""What is offered again: changed, moved, under another address, or after something was lost."""

import shutil
import socket
import ssl
import textwrap
from dataclasses import replace

import pytest

from audiobrief.pipeline.fetch import fetch
from audiobrief.store.catalogue import CATALOGUE_NAME, Catalogue
from audiobrief.workspace.load import load_workspace
from tests.brief.writing import article
from tests.ingest.books import epub, nav
from tests.ingest.pdfs import column, pdf
from tests.intake.imap_server import ImapServer
from tests.internet.page import Page
from tests.internet.server import authority
from tests.pipeline.press import NOW, inbox, page, piece, put_up, rss, workspace_of
from tests.pipeline.test_fetch import ECHO, POST, articles_of, run

__all__ = ["run"]

FROST = """\
Growers in the upper valley lost a third of their apple blossom to a late frost this week, and \
many fear that the cider presses will stand idle in autumn.
Small fires were lit between the rows of trees through the night, but the cold air stayed in the \
hollows, where the oldest orchards are.
Beekeepers had brought their hives only days earlier. Without blossom there is no nectar, and \
colonies will have to be fed sugar until the lime trees flower.
The growers' union wants an emergency fund, and cheaper insurance for those who plant hardier \
varieties of pear and plum."""
FERRY = """\
A ferry that runs after midnight will link both shores of the bay from June, the port authority \
announced, so that hospital staff and bakers no longer need to drive around the water.
The ship carries two hundred passengers and forty bicycles. Tickets cost as much as by day, and \
season passes are valid.
Captains were trained on a simulator for fog and strong currents, since the lighthouse on the \
northern cape was switched off last year.
Residents near the pier had objected to engine noise; electric motors and a speed limit close to \
the quay persuaded most of them."""


def mail(number, text):
    """Return a newsletter without an address."""
    head = f"From: A <a@a.example>\r\nSubject: Letter {number}\r\nMessage-ID: <{number}@a.example>"
    date = f"Date: Mon, {number:02} Jan 2026 08:00:00 +0000\r\nContent-Type: text/plain"
    return f"{head}\r\n{date}\r\n\r\n{text}\r\n".encode()


def settings(folder, text):
    """Return a workspace with these settings."""
    (folder / "audiobrief.toml").write_text(text, encoding="utf-8")
    return load_workspace(folder)


@pytest.fixture
def letters(monkeypatch):
    """Return a mail server with three newsletters, over TLS."""
    monkeypatch.setenv("MAIL_USER", "dora")
    monkeypatch.setenv("MAIL_PASSWORD", "hush-password")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert("mail.example").configure_cert(context)
    mails = {n: mail(n, article("school", n).replace("\n", "\r\n\r\n")) for n in (1, 2, 3)}
    with ImapServer(mails, context=context) as server:
        yield server


def test_mails_come_once_also_after_the_catalogue_was_lost(internet, run, letters, tmp_path):
    """They have no address: their files are known by name, wherever they were moved."""
    internet.site("mail.example", {}, addresses=["127.0.0.1"])
    source = (
        '[network]\nallow = ["127.0.0.1"]\n[[sources]]\nname = "M"\nkind = "imap"\n'
        'host = "mail.example"\nuser_env = "MAIL_USER"\npassword_env = "MAIL_PASSWORD"\n'
    )
    workspace = settings(tmp_path, source)
    world = replace(
        internet.world,
        connect=lambda address, _port, limit_s: socket.create_connection(
            (address, letters.port), limit_s
        ),
    )
    (first,) = fetch(workspace, now=NOW, world=world).sources
    assert (len(first.new), first.error) == (3, None)
    shutil.rmtree(workspace.cache)
    moved = tmp_path / first.new[0]
    (moved.parent / "read").mkdir()
    moved.rename(moved.parent / "read" / moved.name)
    (second,) = fetch(workspace, now=NOW, world=world).sources
    assert (second.new, second.updated, second.known) == ((), (), 3)
    assert len(articles_of(workspace)) == 3


def test_a_mail_server_at_home_is_asked_only_if_it_is_allowed(internet, run, letters, tmp_path):
    """Its port is opened by the settings; its address is judged like any."""
    internet.site("mail.example", {}, addresses=["127.0.0.1"])
    source = '[[sources]]\nname = "M"\nkind = "imap"\nhost = "mail.example"\n'
    secrets = 'user_env = "MAIL_USER"\npassword_env = "MAIL_PASSWORD"\n'
    (outcome,) = run(settings(tmp_path, source + secrets))
    assert "not on the public internet" in outcome.error.problem
    assert outcome.rests_until is None
    assert letters.commands == []


def test_a_page_that_is_no_article_is_not_asked_again(internet, run, tmp_path):
    """Not before its feed says something new of it, or it is forced; other sources do not ask."""
    told = piece("school", 1)
    site = put_up(internet, POST, [told])
    site.pages[told.path] = Page("<p>Log in to read on.</p>")
    internet.site(ECHO, {"/feed.xml": rss(POST, [told])})
    workspace = workspace_of(tmp_path, [POST, ECHO])
    run(workspace)
    assert internet.asked(POST).count(told.path) == 1
    site.pages["/feed.xml"] = rss(POST, [told, piece("school", 2)], etag='"2"')
    run(workspace, hours=1)
    assert internet.asked(POST).count(told.path) == 1
    site.pages[told.path] = page(told)
    post, _ = run(workspace, hours=2, force=True)
    assert len(post.new) == 1


def test_a_page_that_is_never_there_is_given_up_after_days(internet, run, tmp_path):
    """So that its feed is not read anew for ever."""
    told = piece("school", 1)
    site = put_up(internet, POST, [told])
    site.pages[told.path] = Page("later", status=502)
    workspace = workspace_of(tmp_path, [POST])
    for hours in (0, 24, 48):
        (outcome,) = run(workspace, hours=hours)
        assert outcome.postponed == 1
    (outcome,) = run(workspace, hours=80)
    assert outcome.postponed == 0
    internet.requests.clear()
    (outcome,) = run(workspace, hours=81)
    assert internet.asked(POST) == ["/feed.xml"]


def test_what_is_only_said_to_have_changed_costs_one_question(internet, run, tmp_path):
    """The page says that it is the same: the file stays, byte for byte."""
    told = piece("railway", 1)
    site = put_up(internet, POST, [told])
    site.pages[told.path] = replace(page(told), etag='"page"')
    workspace = workspace_of(tmp_path, [POST])
    run(workspace)
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in tmp_path.glob("articles/*")}
    feed = rss(POST, [told], etag='"2"')
    said = feed.body.replace("<description>", "<description>Updated: ")
    site.pages["/feed.xml"] = replace(feed, body=said)
    internet.requests.clear()
    (outcome,) = run(workspace, hours=1)
    assert (outcome.new, outcome.updated, outcome.known) == ((), (), 1)
    (asked,) = [r for r in internet.requests if r.path == told.path]
    assert asked.headers["if-none-match"] == '"page"'
    after = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in tmp_path.glob("articles/*")}
    assert after == before


def test_a_correction_under_a_new_address_takes_the_old_place(internet, run, tmp_path):
    """The same file; the old address, still in the feed, brings the old text not back."""
    told = piece("railway", 1, hours_ago=3)
    put_up(internet, POST, [told])
    workspace = workspace_of(tmp_path, [POST])
    (first,) = run(workspace)
    words = told.text.split()
    text = told.text.replace(words[3], "corrected", 1)
    corrected = replace(told, text=text, path="/railway/1-corrected", hours_ago=1)
    put_up(internet, POST, [corrected, told], etag='"2"')
    (second,) = run(workspace, hours=1)
    assert (second.new, second.updated) == ((), first.new)
    (found,) = articles_of(workspace)
    assert found.url.endswith("-corrected")
    assert "corrected" in found.body[0].text
    shutil.rmtree(workspace.cache)
    (third,) = run(workspace, hours=2)
    assert (third.new, third.updated) == ((), ())
    assert "corrected" in articles_of(workspace)[0].body[0].text


def test_the_whole_takes_the_place_of_a_part(internet, run, tmp_path):
    """Nothing is lost because a part of it came first; the other outlet is remembered."""
    whole = piece("clinic", 3)
    part = replace(whole, text="\n".join(whole.text.split("\n")[:3]), path="/part")
    put_up(internet, POST, [part])
    put_up(internet, ECHO, [whole])
    workspace = workspace_of(tmp_path, [POST, ECHO])
    post, echo = run(workspace)
    assert (len(post.new), echo.updated) == (1, post.new)
    (found,) = articles_of(workspace)
    assert [b.text for b in found.body] == whole.text.split("\n")
    with Catalogue(workspace.cache / CATALOGUE_NAME) as catalogue:
        assert [c.source for c in catalogue.copies_of(post.new[0])] == [POST]


def test_a_round_up_swallows_no_story(internet, run, tmp_path):
    """Whether it comes first or last, each of its stories stays an article."""
    stories = [
        replace(piece("orchard", 4), title="Late frost", text=FROST),
        replace(piece("clinic", 4), title="Night ferry", text=FERRY),
    ]
    text = "\n".join(s.text for s in stories)
    both = replace(stories[0], title="The day", path="/day", text=text)
    for hosts in ([POST, ECHO], [ECHO, POST]):
        folder = tmp_path / hosts[0]
        folder.mkdir()
        put_up(internet, POST, [both])
        put_up(internet, ECHO, stories)
        workspace = workspace_of(folder, hosts)
        run(workspace)
        titles = {a.headline for a in articles_of(workspace)}
        assert titles == {both.title, *(s.title for s in stories)}


def test_what_a_column_says_each_time_makes_no_copy(internet, run, tmp_path):
    """Two weeks of it are two articles, although half of each stands in both."""
    standing = (
        "Good morning from the desk of our weekly letter, which tells what people in small towns "
        "are talking about and what it means for those who live there.\n{}\n"
        "If you have a question or a tip for next week, write to the editors, who read everything "
        "and answer most of it by hand. You can leave the list at any time."
    )
    weeks = [
        replace(piece(topic, 4), title=f"The letter, {n}", text=standing.format("\n".join(lines)))
        for n, (topic, lines) in enumerate(
            [("orchard", FROST.split("\n")[:2]), ("clinic", FERRY.split("\n")[:2])]
        )
    ]
    put_up(internet, POST, weeks)
    workspace = workspace_of(tmp_path, [POST])
    (outcome,) = run(workspace)
    assert (len(outcome.new), outcome.copies) == (2, 0)


def test_what_somebody_has_edited_stays_edited(internet, run, tmp_path):
    """The source's correction is told, and left out."""
    told = piece("harbor", 1)
    site = put_up(internet, POST, [told])
    workspace = workspace_of(tmp_path, [POST])
    (first,) = run(workspace)
    path = tmp_path / first.new[0]
    edited = path.read_bytes().replace(b"<footer>", b"<p>By hand.</p><footer>")
    path.write_bytes(edited)
    changed = replace(told, text=told.text.replace(told.text.split()[2], "corrected", 1))
    site.pages[told.path] = page(changed)
    site.pages["/feed.xml"] = rss(POST, [changed], etag='"2"')
    (second,) = run(workspace, hours=1)
    assert path.read_bytes() == edited
    assert any("by hand" in note for note in second.notes)


def test_what_somebody_has_taken_out_stays_out(internet, run, tmp_path):
    """Also when its source changes it."""
    told = piece("harbor", 1)
    site = put_up(internet, POST, [told])
    workspace = workspace_of(tmp_path, [POST])
    (first,) = run(workspace)
    (tmp_path / first.new[0]).unlink()
    site.pages["/feed.xml"] = rss(POST, [replace(told, text="New words. " + told.text)], etag='"2"')
    (second,) = run(workspace, hours=1)
    assert (second.new, second.updated) == ((), ())
    assert inbox(tmp_path) == []


def test_of_a_list_everything_comes_though_not_at_once(internet, run, tmp_path):
    """Its user has chosen each article."""
    pieces = [piece("harbor", n, sentences=8) for n in range(5)]
    put_up(internet, POST, pieces)
    (tmp_path / "later.txt").write_text(
        "\n".join(f"https://{POST}{p.path}" for p in pieces), encoding="utf-8"
    )
    source = '[[sources]]\nname = "L"\nkind = "list"\npath = "later.txt"\nmost = 2\n'
    workspace = settings(tmp_path, source)
    assert [len(run(workspace, hours=h)[0].new) for h in range(4)] == [2, 2, 1, 0]
    internet.requests.clear()
    run(workspace, hours=5)
    assert internet.requests == []


def test_the_latest_of_a_feed_are_taken_whatever_its_order(internet, run, tmp_path):
    """Some have the oldest first."""
    pieces = [piece("harbor", n, hours_ago=10 - n) for n in range(5)]
    put_up(internet, POST, pieces)
    source = f'[[sources]]\nname = "P"\nurl = "https://{POST}/feed.xml"\nmost = 2\n'
    workspace = settings(tmp_path, source)
    run(workspace)
    assert {a.headline for a in articles_of(workspace)} == {p.title for p in pieces[3:]}


def test_of_every_feed_of_a_list_so_many_are_taken(internet, run, tmp_path):
    """Not of all together: the last feeds would never come."""
    for host in (POST, ECHO):
        put_up(internet, host, [piece("harbor" if host == POST else "clinic", n) for n in range(3)])
    feeds = "".join(f'<outline xmlUrl="https://{h}/feed.xml" text="{h}"/>' for h in (POST, ECHO))
    (tmp_path / "feeds.opml").write_text(
        f"<opml version='2.0'><head/><body>{feeds}</body></opml>", encoding="utf-8"
    )
    source = '[[sources]]\nname = "O"\nkind = "opml"\npath = "feeds.opml"\nmost = 2\n'
    (outcome,) = run(settings(tmp_path, source))
    assert len(outcome.new) == 4


def test_a_page_in_another_charset_is_read_as_it_is_written(internet, run, tmp_path):
    """Where only the answer's head tells, the file tells it from then on."""
    told = piece("school", 1)
    words = f"Der Bürgermeister grüßte. {told.text}"
    odd = replace(told, text=words)
    site = put_up(internet, POST, [odd])
    raw = page(odd).body.encode("cp437", "replace")
    site.pages[odd.path] = Page(raw, "text/html; charset=cp437")
    workspace = workspace_of(tmp_path, [POST])
    run(workspace)
    (found,) = articles_of(workspace)
    assert found.body[0].text.startswith("Der Bürgermeister grüßte.")


def test_a_missing_secret_is_tried_again_at_once(internet, run, monkeypatch, tmp_path):
    """Nobody was troubled."""
    monkeypatch.delenv("NO_TOKEN", raising=False)
    source = '[[sources]]\nname = "R"\nkind = "readeck"\nurl = "https://read.example"\n'
    workspace = settings(tmp_path, f'{source}token_env = "NO_TOKEN"\n')
    (first,) = run(workspace)
    assert "NO_TOKEN" in str(first.error)
    (second,) = run(workspace)
    assert second.error is not None


def test_documents_are_kept_as_what_they_are(internet, run, tmp_path):
    """A PDF and a book; the second run asks for neither."""
    letter, volume = piece("harbor", 1), piece("clinic", 2)
    site = put_up(internet, POST, [letter, volume])
    rows = [f"\t{line}" for line in letter.text.split("\n")]
    wrapped = [part for row in rows for part in textwrap.wrap(row, 90, drop_whitespace=False)]
    site.pages[letter.path] = Page(pdf([column(wrapped[:45])]), "application/pdf")
    chapters = {
        f"{n}.xhtml": "<html xmlns='http://www.w3.org/1999/xhtml'><body>"
        f"<h1>Chapter {n}</h1><p>{article('clinic', n, 200)}</p></body></html>"
        for n in (1, 2)
    }
    contents = nav([(f"Chapter {n}", f"{n}.xhtml") for n in (1, 2)])
    site.pages[volume.path] = Page(epub(chapters, contents=contents), "application/epub+zip")
    workspace = workspace_of(tmp_path, [POST])
    (first,) = run(workspace)
    assert sorted(p.rpartition(".")[2] for p in first.new) == ["epub", "pdf"]
    with Catalogue(workspace.cache / CATALOGUE_NAME) as catalogue:
        entries = list(catalogue.entries())
    assert {e.source for e in entries} == {POST}
    assert len(entries) == 3
    internet.requests.clear()
    (second,) = run(workspace, hours=1)
    assert (second.new, second.updated) == ((), ())
    shutil.rmtree(workspace.cache)
    (third,) = run(workspace, hours=2)
    assert (third.new, third.known) == ((), 2)
    assert internet.asked() == ["/feed.xml"] * 2
    assert not list(tmp_path.rglob("incoming*"))


def test_a_damaged_book_does_not_come_into_the_inbox(internet, run, tmp_path):
    """It is told, and not asked again."""
    told = piece("harbor", 1)
    site = put_up(internet, POST, [told])
    site.pages[told.path] = Page(b"PK\x03\x04 no book", "application/epub+zip")
    workspace = workspace_of(tmp_path, [POST])
    (outcome,) = run(workspace)
    assert any(told.title in note for note in outcome.notes)
    assert inbox(tmp_path) == []
    run(workspace, hours=1)
    assert internet.asked(POST).count(told.path) == 1
