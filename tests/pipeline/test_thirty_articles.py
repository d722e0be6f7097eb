"""Thirty articles of five topics, and copies of fifteen of them: through inbox and programme."""

import random
from dataclasses import replace

import pytest

from audiobrief.assemble.probe import decoded_frame_count
from audiobrief.pipeline.brief import brief
from audiobrief.pipeline.briefing import BriefOptions
from audiobrief.pipeline.fetch import fetch
from audiobrief.pipeline.inbox import refresh
from audiobrief.pipeline.selection import Wanted, select
from audiobrief.store.catalogue import CATALOGUE_NAME, Catalogue
from audiobrief.store.library import read_shelf
from tests.brief.writing import TOPICS, cut, reordered, reworded
from tests.pipeline.press import NOW, piece, put_up, workspace_of
from tests.pipeline.test_fetch import articles_of

PAPERS = ("post.example", "echo.example", "wire.example")
COPIER = "copier.example"
WAYS = {"cut": cut, "reordered": reordered, "reworded": reworded}


def originals(sentences):
    """Return the articles: six of each topic, two of each in each paper."""
    return {
        paper: [
            titled(piece(topic, 100 * number + n, hours_ago=1 + n, sentences=sentences))
            for topic in TOPICS
            for n in (1, 2)
        ]
        for number, paper in enumerate(PAPERS)
    }


def titled(told):
    """Return an article under its own first words: no two headlines are made alike."""
    return replace(told, title=" ".join(told.text.split()[:6]).rstrip(".,;"))


def copies(pieces):
    """Return a copy of one article of each topic in each way."""
    made = []
    for number, way in enumerate(WAYS):
        for told in pieces[PAPERS[number]][::2]:
            text = WAYS[way](told.text, random.Random(f"{way}/{told.path}"))
            lines = text.replace(". ", ".\n", 2)
            made.append(replace(told, text=lines, path=f"/{way}{told.path}"))
    return made


def fill(internet, workspace, sentences=20):
    """Put everything up and fetch it."""
    pieces = originals(sentences)
    for paper, own in pieces.items():
        put_up(internet, paper, own, title=paper)
    put_up(internet, COPIER, copies(pieces), title="Copier")
    return pieces, fetch(workspace, now=NOW, world=internet.world).sources


@pytest.mark.parametrize("order", [(*PAPERS, COPIER), (COPIER, *PAPERS)], ids=["last", "first"])
def test_every_copy_is_found_and_no_two_stories_are_one(internet, tmp_path, order):
    """Whichever comes first: thirty articles in the inbox, thirty stories to tell."""
    workspace = workspace_of(tmp_path, order)
    pieces, _ = fill(internet, workspace)
    found = articles_of(workspace)
    assert len(found) == 30
    # Where a cut copy came first, the whole has taken its place.
    words = [len(p.text.split()) for own in pieces.values() for p in own]
    assert min(a.word_count for a in found) >= 0.95 * min(words)
    with Catalogue(workspace.cache / CATALOGUE_NAME) as catalogue:
        refresh(workspace, catalogue, now=NOW)
        selection = select(catalogue, (), Wanted(since=NOW.replace(day=1), now=NOW, language="en"))
    merged = [[a.title for a in s.articles] for s in selection.stories if len(s.articles) > 1]
    assert (merged, len(selection.stories)) == ([], 30)
    # Every copy stands beside the article whose text it has.
    others = [o for names in selection.others.values() for o in names]
    assert len(others) == 15


def test_the_time_is_kept_and_every_sentence_is_of_a_source(internet, tmp_path):
    """Three, five, ten and twenty minutes within 5 %; then all thirty, whole."""
    workspace = workspace_of(tmp_path, (*PAPERS, COPIER))
    # Together a little more than the longest programme has room for.
    fill(internet, workspace, sentences=13)
    texts = {
        a.id: " ".join((a.headline, *(b.text for b in a.body))) for a in articles_of(workspace)
    }
    options = BriefOptions(engine="tone", most=30)
    for minutes in (3, 5, 10, 20):
        brief(workspace, now=NOW, options=replace(options, minutes=float(minutes)))
        episode = only_episode(workspace)
        sound = workspace.episodes / episode.directory / episode.enclosure.file
        seconds = decoded_frame_count(sound) / 44100
        assert seconds == pytest.approx(60 * minutes, rel=0.05)
        require_sources(episode, texts)
    brief(workspace, now=NOW, options=replace(options, full=True))
    episode = only_episode(workspace)
    assert {ref.id for ref in episode.articles} == set(texts)
    require_sources(episode, texts)


def only_episode(workspace):
    """Return the one episode that there is."""
    (episode,) = read_shelf(workspace.episodes).episodes
    return episode


def require_sources(episode, texts):
    """Require that every segment but our own words is a sentence of its article, verbatim."""
    added = {a.segment for a in episode.added}
    spoken = [s for s in episode.segments if s.id not in added]
    assert spoken
    for segment in spoken:
        row = episode.ledger[segment.source[0]]
        assert segment.text in texts[episode.articles[row.article].id]
        assert segment.text in row.text
