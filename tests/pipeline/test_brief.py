"""Programmes of articles that came from an internet on loopback: true, in time, once a day."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from audiobrief.assemble.probe import decoded_frame_count
from audiobrief.ingest.source import gather, read
from audiobrief.model.report import Result
from audiobrief.pipeline.brief import brief
from audiobrief.pipeline.briefing import BriefOptions
from audiobrief.pipeline.fetch import fetch
from audiobrief.pipeline.recipe import read_article
from audiobrief.script.programme import CREDITED, LEFT_OUT
from audiobrief.store.library import read_shelf
from tests.brief.writing import TOPICS
from tests.pipeline.press import NOW, inbox, page, piece, put_up, rss, workspace_of

PAPERS = ("post.example", "echo.example", "wire.example")
TONE = BriefOptions(engine="tone", minutes=3.0)


@pytest.fixture
def press(internet, tmp_path):
    """Return a workspace whose sources have ten stories of five topics."""
    for number, host in enumerate(PAPERS):
        topics = list(TOPICS)[number :: len(PAPERS)]
        pieces = [piece(t, n, hours_ago=1 + n + number) for t in topics for n in (10, 20)]
        put_up(internet, host, pieces)
    workspace = workspace_of(tmp_path, PAPERS)
    fetch(workspace, now=NOW, world=internet.world)
    return workspace


def made(workspace, options=TONE, *, hours=0.0):
    """Return the report of a programme."""
    return brief(workspace, now=NOW + timedelta(hours=hours), options=options)


def episode_of(workspace):
    """Return the one episode that there is."""
    (episode,) = read_shelf(workspace.episodes).episodes
    return episode


def texts_of(workspace):
    """Return every sentence-bearing text of the inbox."""
    found = gather([workspace.articles], root=workspace.root)
    articles = [read_article(read(candidate), "en") for candidate in found]
    return {a.id: " ".join((a.headline, *(b.text for b in a.body))) for a in articles}


@pytest.mark.parametrize("minutes", [3, 5, 10, 20])
def test_the_time_is_kept_by_real_clips(press, minutes):
    """Within 5 % of the sound that was made, from three minutes to twenty."""
    report = made(press, replace(TONE, minutes=float(minutes), most=10))
    (outcome,) = report.outcomes
    assert outcome.error is None
    episode = episode_of(press)
    sound = press.episodes / episode.directory / episode.enclosure.file
    seconds = decoded_frame_count(sound) / 44100
    assert seconds == pytest.approx(60 * minutes, rel=0.05)


def test_nothing_is_said_that_no_source_says(press):
    """All but our own words, which are listed, are sentences of the articles, verbatim."""
    made(press)
    episode = episode_of(press)
    texts = texts_of(press)
    added = {a.segment for a in episode.added}
    for segment in episode.segments:
        if segment.id not in added:
            row = episode.ledger[segment.source[0]]
            assert segment.text in texts[episode.articles[row.article].id]
    for number, ref in enumerate(episode.articles):
        rows = [r for r in episode.ledger if r.article == number]
        assert all(r.segments or r.reason for r in rows)
        assert any(r.reason == LEFT_OUT for r in rows) or all(r.segments for r in rows[1:])
        assert ref.url.startswith("https://")


def test_every_story_is_a_chapter_with_its_source(press):
    """Players and notes list the headlines; the notes link every source."""
    made(press)
    episode = episode_of(press)
    assert [c.title for c in episode.chapters][1:] == [a.headline for a in episode.articles]
    feed = (press.episodes / "feed.xml").read_text(encoding="utf-8")
    assert all(ref.url in feed for ref in episode.articles)
    data = json.loads((press.episodes / episode.directory / "episode.json").read_text("utf-8"))
    assert data["programme"]["day"] == "2026-03-02"


def test_the_second_run_asks_nothing_speaks_nothing_and_touches_nothing(internet, press):
    """The same articles and settings are the same programme."""
    made(press)
    before = {p: p.stat().st_mtime_ns for p in press.episodes.rglob("*")}
    internet.requests.clear()
    fetch(press, now=NOW + timedelta(hours=1), world=internet.world)
    report = made(press, hours=1)
    assert report.outcomes[0].result is Result.UNCHANGED
    assert set(internet.asked()) == {"/feed.xml"}
    assert {p: p.stat().st_mtime_ns for p in press.episodes.rglob("*")} == before


@pytest.mark.usefixtures("internet")
def test_a_page_in_which_a_bit_has_changed_is_rendered_again(press):
    """Also that of a programme; and it is told."""
    made(press)
    page = next(press.episodes.glob("20*/index.html"))
    whole = page.read_bytes()
    page.write_bytes(whole[:-20] + bytes([whole[-20] ^ 1]) + whole[-19:])
    report = made(press, hours=1)
    assert report.outcomes[0].result is Result.UNCHANGED
    assert any(f"{page.parent.name}/index.html was not what" in line for line in report.warnings)
    assert page.read_bytes() == whole
    assert not made(press, hours=1).warnings


def test_news_of_the_day_come_into_the_same_episode(internet, press):
    """Its GUID and folder stay; what was spoken is not spoken again."""
    first = made(press).outcomes[0]
    told = piece("harbor", 99, title="Harbor: fresh news", hours_ago=-1)
    host = PAPERS[0]
    site = put_up(internet, "late.example", [told])
    assert site
    late = workspace_of(press.root, (*PAPERS, "late.example"))
    fetch(late, now=NOW + timedelta(hours=2), world=internet.world)
    second = made(late, hours=2)
    assert (second.outcomes[0].guid, second.outcomes[0].directory) == (first.guid, first.directory)
    assert second.stories[0].headline == told.title
    assert second.outcomes[0].cached > 0
    assert host in PAPERS


def test_a_story_of_yesterday_is_told_again_only_with_news(internet, press):
    """The next day has none of it; a story that has grown is told anew."""
    made(press, replace(TONE, minutes=20.0))
    told = {a.headline for a in episode_of(press).articles}
    assert len(told) == 10
    nothing = made(press, replace(TONE, since_hours=72.0), hours=24)
    (empty,) = nothing.outcomes
    assert (empty.result, empty.error) == (Result.NOTHING, None)
    assert any("nothing to tell" in note for note in empty.notes)
    host = PAPERS[0]
    (old, *_rest) = [piece(t, 10) for t in list(TOPICS)[:1]]
    grown = replace(old, text=f"{piece('harbor', 777).text}\n{old.text}", hours_ago=-20)
    put_up(internet, host, [replace(grown, path=old.path)], etag='"2"')
    fetch(press, now=NOW + timedelta(hours=24), world=internet.world)
    again = made(press, replace(TONE, since_hours=72.0), hours=24)
    assert [s.headline for s in again.stories] == [old.title]


def test_copies_are_told_once_and_the_other_outlet_is_named(internet, tmp_path):
    """Reworded and cut, at another address, from another paper."""
    original = piece("clinic", 5)
    words = original.text.split()
    reworded = " ".join("indeed" if n % 13 == 6 else w for n, w in enumerate(words))
    paragraphs = reworded.replace(". ", ".\n", 3)
    put_up(internet, PAPERS[0], [original], title="The Post")
    put_up(internet, PAPERS[1], [replace(original, text=paragraphs, path="/copy")], title="Echo")
    workspace = workspace_of(tmp_path, PAPERS[:2])
    fetch(workspace, now=NOW, world=internet.world)
    assert len(inbox(tmp_path)) == 1
    report = made(workspace, replace(TONE, minutes=1.0))
    assert len(report.stories) == 1
    episode = episode_of(workspace)
    assert any("Also reported by" in s.text for s in episode.segments)


def test_full_reads_whole_articles(press):
    """Whatever the minutes; nothing is left out for time."""
    made(press, replace(TONE, full=True, most=2, minutes=1.0))
    episode = episode_of(press)
    assert len(episode.articles) == 2
    assert not [r for r in episode.ledger if r.reason == LEFT_OUT]


def test_a_query_tells_what_is_about_it(press):
    """And nothing else."""
    report = made(press, replace(TONE, query="orchard cider"))
    assert {s.headline.split()[1] for s in report.stories} == {"orchard"}
    (nothing,) = made(press, replace(TONE, query="zeppelin")).outcomes
    assert any('nothing to tell about "zeppelin" since' in note for note in nothing.notes)


def test_sources_and_tags_choose(press):
    """Only articles of them."""
    report = made(press, replace(TONE, sources=(PAPERS[1],)))
    hosts = {ref.url.split("/")[2] for ref in episode_of(press).articles}
    assert hosts == {PAPERS[1]}
    assert report.outcomes[0].error is None
    tagged = made(press, replace(TONE, tags=("wire",), dry_run=True))
    assert {s.locator for s in tagged.stories} <= set(inbox(press.root))
    assert len(tagged.stories) == 2


def test_an_edit_of_the_script_is_heard_and_kept(press):
    """Like that of any episode."""
    made(press)
    episode = episode_of(press)
    path = press.episodes / episode.directory / "script.md"
    line = next(s for s in episode.segments if s.source[0] < s.source[1] and s.role == "narrator")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(line.text, "The editor has spoken.", 1), encoding="utf-8")
    report = made(press)
    assert report.outcomes[0].synthesized == 1
    assert any(s.text == "The editor has spoken." for s in episode_of(press).segments)
    assert made(press).outcomes[0].synthesized == 0


@pytest.mark.parametrize("minutes", [2, 3, 5])
def test_edits_choose_no_other_sentences(press, minutes):
    """However much longer they make it: the same stories, no conflict, and then nothing to do."""
    options = replace(TONE, minutes=float(minutes))
    made(press, options)
    episode = episode_of(press)
    path = press.episodes / episode.directory / "script.md"
    text = path.read_text(encoding="utf-8")
    own = [s.text for s in episode.segments if s.source[0] < s.source[1] and s.role == "narrator"]
    for number, sentence in enumerate(own[1:9:2]):
        longer = (
            f"The editor says {number} things here, " + "one after the other, " * 9 + "and ends."
        )
        text = text.replace(sentence, longer, 1)
    path.write_text(text, encoding="utf-8")
    (outcome,) = made(press, options).outcomes
    assert outcome.error is None
    after = [s.text for s in episode_of(press).segments]
    assert sum(t.startswith("The editor says") for t in after) == 4
    assert len(after) == len(episode.segments)
    (again,) = made(press, options).outcomes
    assert (again.result, again.error) == (Result.UNCHANGED, None)


def test_a_dry_run_changes_nothing(press):
    """It says what would be told."""
    report = made(press, replace(TONE, dry_run=True))
    assert report.stories
    assert not press.episodes.exists()


def test_a_correction_costs_what_it_changes(internet, press):
    """Of 180 sentences, that one, and those that now keep the time."""
    made(press, replace(TONE, minutes=20.0))
    host = PAPERS[0]
    topics = list(TOPICS)[0 :: len(PAPERS)]
    pieces = [piece(t, n, hours_ago=1 + n) for t in topics for n in (10, 20)]
    word = pieces[0].text.split()[4]
    pieces[0] = replace(pieces[0], text=pieces[0].text.replace(word, f"{word} truly", 1))
    site = put_up(internet, host, pieces, etag='"2"')
    site.pages["/feed.xml"] = rss(host, pieces, etag='"3"')
    site.pages[pieces[0].path] = page(pieces[0])
    fetch(press, now=NOW + timedelta(hours=0.5), world=internet.world)
    report = made(press, replace(TONE, minutes=20.0), hours=0.5)
    assert 0 < report.outcomes[0].synthesized <= 10


def test_a_word_of_an_articles_own_lexicon_is_heard(tmp_path):
    """It changes no word of the text, and the programme all the same."""
    workspace = workspace_of(tmp_path, ())
    path = tmp_path / "articles" / "a.md"
    path.parent.mkdir()
    text = piece("harbor", 3).text.replace("\n", "\n\n")
    head = "---\ntitle: Dyett at sea\ndate: 2026-03-02\n"
    path.write_text(f"{head}---\n\nDyett sailed at dawn.\n\n{text}\n", encoding="utf-8")
    made(workspace)
    assert made(workspace).outcomes[0].result is Result.UNCHANGED
    path.write_text(
        f"{head}lexicon:\n  Dyett: DYE-it\n---\n\nDyett sailed at dawn.\n\n{text}\n",
        encoding="utf-8",
    )
    assert made(workspace).outcomes[0].result is Result.BUILT
    assert all("Dyett" not in s.spoken for s in episode_of(workspace).segments)


def test_a_time_that_cannot_be_kept_is_told_as_it_is_heard(tmp_path):
    """Two notes are too short, a third brings the headlines and is too long: no guess is told."""
    notes = {
        "Tickets for students": "The harbor council will meet again on Tuesday to talk about the"
        " price of tickets for students, who asked for half the price in a letter with 400 names.",
        "New boats": "The council met on Monday and decided to buy two new boats for the harbor,"
        " which cost 40,000 euros each and arrive in May. Nobody objected.",
        "Garden on the roof": "The library in Marlow opened a garden on its roof on Thursday, with"
        " room for 80 readers among herbs and pear trees and tall grass.",
    }
    workspace = workspace_of(tmp_path, ())
    (tmp_path / "articles").mkdir()
    for title, text in notes.items():
        path = tmp_path / "articles" / f"{title}.md"
        path.write_text(f"---\ntitle: {title}\ndate: 2026-03-02\n---\n\n{text}\n", encoding="utf-8")
    (outcome,) = made(workspace, replace(TONE, minutes=0.9)).outcomes
    (note,) = [n for n in outcome.notes if "54 s were asked for" in n]
    seconds = episode_of(workspace).enclosure.duration_ms / 1000
    assert float(re.search(r"(\d+) s, 54 s", note)[1]) == pytest.approx(seconds, abs=1.0)
    assert outcome.cached >= 0


def test_a_byline_is_not_left_out_for_time(tmp_path):
    """Who wrote it is said before the story, and the ledger says where it went."""
    workspace = workspace_of(tmp_path, ())
    (tmp_path / "articles").mkdir()
    text = piece("harbor", 3).text.replace("\n", "\n\n")
    (tmp_path / "articles" / "a.md").write_text(
        f"---\ndate: 2026-03-02\nauthor: Lee Grant\n---\n# At sea\n\nBy Lee Grant\n\n{text}\n",
        encoding="utf-8",
    )
    made(workspace, replace(TONE, full=True))
    episode = episode_of(workspace)
    (row,) = [r for r in episode.ledger if "Lee Grant" in r.text]
    assert row.reason == CREDITED
    assert any("by lee grant" in s.text.casefold() for s in episode.segments)
    assert not any(r.reason == LEFT_OUT for r in episode.ledger)
