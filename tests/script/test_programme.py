"""Programmes: every sentence is a source's, what is left out is told, edits are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.model.article import Article, Block, BlockKind
from audiobrief.model.script import Generated, GeneratedLine, Role, Script
from audiobrief.pipeline.recipe import require_whole_ledger
from audiobrief.script import Casting, Edits, parse_script, render_script
from audiobrief.script.programme import (
    LEFT_OUT,
    Billing,
    Told,
    plan_programme,
    told_whole,
)

CASTING = Casting("anchor", ("guest-1", "guest-2"))
BILLING = Billing("The day", date(2026, 3, 1), "en", "Morning Brief", ai_disclosure=True)
FERRY = (
    "The ferry came back on Monday. It had been away for nine months.",
    '"We have missed her every single night," said Ada Moss, the harbor master. Nobody disagreed.',
)


def article(headline: str, *paragraphs: str, outlet: str | None = None) -> Article:
    """Return an article whose source prints its headline."""
    blocks = [Block(BlockKind.HEADLINE, headline)]
    blocks += [Block(BlockKind.PARAGRAPH, p) for p in paragraphs]
    name = headline.lower().replace(" ", "-")
    return Article(headline, (*blocks,), f"articles/{name}.txt", outlet=outlet)


ARTICLES = (
    article("Ferry returns", *FERRY, outlet="The Harbor Post"),
    article("Bridge closes", "The bridge closes on Friday. Cars go by way of Holm."),
    article("Library opens", "The library opens on Sundays. Children read for free."),
)


def programme(*articles: Article, left_out: dict[int, set[int]] | None = None) -> Script:
    """Return a programme; of an article, the sentences of these numbers are left out."""
    stories = [told_whole(a, CASTING) for a in articles]
    for number, out in (left_out or {}).items():
        rows = [r for n, r in enumerate(stories[number].draft.body_rows) if n not in out]
        stories[number] = replace(stories[number], rows=frozenset(rows))
    return plan_programme(stories, BILLING, CASTING)


def texts(script: Script) -> list[str]:
    """Return what is said, in order."""
    return [segment.text for segment in script.segments]


def test_it_opens_with_the_headlines_tells_the_stories_and_closes():
    """Show and date, headlines, each story behind its source and headline, disclosure, the end."""
    said = texts(programme(*ARTICLES))
    assert said[:5] == [
        "Morning Brief, March 1, 2026.",
        "The headlines.",
        *(a.headline for a in ARTICLES),
    ]
    assert said[5:9] == [
        "First, from The Harbor Post.",
        "Ferry returns",
        "The ferry came back on Monday.",
        "It had been away for nine months.",
    ]
    assert said[-2:] == [
        "This programme is read by a synthetic voice.",
        "That was Morning Brief.",
    ]


def test_every_story_is_a_chapter():
    """Players list them by their headlines."""
    chapters = [s.chapter for s in programme(*ARTICLES).segments if s.chapter]
    assert chapters == ["Introduction", *(a.headline for a in ARTICLES)]


def test_people_who_are_quoted_have_their_voices():
    """A programme casts like an episode of one article."""
    (quote,) = (s for s in programme(*ARTICLES).segments if s.role is Role.QUOTE)
    assert (quote.speaker, quote.voice) == ("Ada Moss", "guest-1")


def test_what_is_left_out_stands_in_the_ledger_with_its_reason():
    """Nothing is lost in silence: the ledger is the whole of every source."""
    script = programme(*ARTICLES, left_out={0: {1}, 2: {1}})
    require_whole_ledger(script, *ARTICLES)
    dropped = [(r.article, r.text) for r in script.ledger if r.reason == LEFT_OUT]
    assert dropped == [
        (0, "It had been away for nine months."),
        (2, "Children read for free."),
    ]
    assert "It had been away for nine months." not in texts(script)


def test_other_sources_of_a_story_are_named():
    """After it, by their names."""
    story = replace(told_whole(ARTICLES[0], CASTING), others=("The Echo", "Port News", "Rye Times"))
    script = plan_programme([story], BILLING, CASTING)
    assert "Also reported by The Echo, Port News and Rye Times." in texts(script)
    assert "The headlines." not in texts(script)


@given(
    left_out=st.dictionaries(st.integers(0, 2), st.sets(st.integers(0, 3), max_size=4), max_size=3),
    order=st.permutations(range(3)),
)
def test_nothing_is_said_that_no_source_says(left_out, order):
    """All but the words of our own, which are listed, are sentences of the ledger, verbatim."""
    articles = [ARTICLES[n] for n in order]
    script = programme(*articles, left_out=left_out)
    require_whole_ledger(script, *articles)
    added = {addition.segment for addition in script.added}
    for segment in script.segments:
        if segment.id not in added:
            rows = script.ledger[slice(*segment.source)]
            assert segment.text in " ".join(row.text for row in rows)
            assert all(segment.id in row.segments for row in rows)
    assert len({segment.id for segment in script.segments}) == len(script.segments)


def edited(change, stories: list[Told], now: list[Told] | None = None) -> Script:
    """Return a programme after somebody has changed its script file."""
    first = plan_programme(stories, BILLING, CASTING)
    text = change(render_script(first, *(s.article for s in stories)))
    lines = (GeneratedLine(s.id.partition("-")[0], s.voice, s.chapter) for s in first.segments)
    edits = Edits(
        Generated(first.title, tuple(lines)),
        parse_script(text, where="script.md"),
        "script.md",
        frozenset(("anchor", "guest-1", "guest-2")),
        keep=False,
    )
    return plan_programme(now or stories, BILLING, CASTING, edits=edits)


def test_an_edit_is_heard_and_the_chapters_stay():
    """A changed word, and a line taken out; the story still begins its chapter."""
    stories = [told_whole(a, CASTING) for a in ARTICLES]

    def change(text: str) -> str:
        gone = "[narrator \u00b7 anchor] Cars go by way of Holm.\n"
        assert gone in text
        return text.replace(gone, "").replace("came back on Monday", "came home on Monday")

    script = edited(change, stories)
    assert "The ferry came home on Monday." in texts(script)
    assert "Cars go by way of Holm." not in texts(script)
    chapters = [s.chapter for s in script.segments if s.chapter]
    assert chapters == ["Introduction", *(a.headline for a in ARTICLES)]
    rows = {row.text: (row.article, row.reason) for row in script.ledger}
    assert rows["Cars go by way of Holm."] == (1, "left out by hand in script.md")


def test_a_chapter_that_a_person_names_is_kept():
    """Titles of chapters can be edited like everything else."""
    stories = [told_whole(a, CASTING) for a in ARTICLES]
    script = edited(lambda text: text.replace("## Bridge closes", "## Holm"), stories)
    chapters = [s.chapter for s in script.segments if s.chapter]
    assert chapters == ["Introduction", "Ferry returns", "Holm", "Library opens"]


@pytest.mark.parametrize(
    "language", ["en", "en-GB", "de", "fr", "es", "it", "nl", "pt", "sv", "fi"]
)
def test_every_language_has_words_around_the_stories(language):
    """None is without an end; where we know no words, they are English."""
    articles = [replace(a, language=language) for a in ARTICLES]
    stories = [told_whole(a, CASTING) for a in articles]
    script = plan_programme(stories, replace(BILLING, language=language), CASTING)
    assert "Morning Brief" in texts(script)[-1]
    assert len(texts(script)) == len(texts(programme(*ARTICLES)))


def test_what_is_uncertain_is_told_with_the_story_it_is_of():
    """Of ten stories nobody would find it; of one, there is nothing to tell apart."""
    doubt = "the narrator reads a quotation whose speaker is not certain"
    unsure = article("Rain", '"We shall not pay for any of it," the council said.')
    unsure = replace(unsure, notes=("the page ends at a paywall",))
    bridge = ARTICLES[1]
    both = programme(bridge, unsure)
    assert both.notes == (f"Rain: {doubt}",)
    assert "- Rain: the page ends at a paywall\n" in render_script(both, bridge, unsure)
    assert programme(unsure).notes == (doubt,)
