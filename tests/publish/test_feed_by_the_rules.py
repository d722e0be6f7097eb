"""The feed held against the rule book, whatever stands in articles and settings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiobrief.check.folder import check_path
from audiobrief.check.rule import Level
from audiobrief.model.episode import ArticleRef, Chapter, Enclosure, Programme
from audiobrief.publish.feed import render_pages
from tests.publish.shows import make_episode, make_segments, make_show

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=200)
NAMES = TEXTS.filter(lambda text: len(text) < 60)


@st.composite
def shows(draw):
    """Give a show of which every text is anything."""
    return make_show(
        title="Brief " + draw(TEXTS),
        description=draw(TEXTS) * draw(st.integers(0, 40)),
        author=draw(TEXTS),
        is_serial=draw(st.booleans()),
        ai_disclosure=draw(st.booleans()),
        explicit=draw(st.booleans()),
        update_rule=draw(st.sampled_from(["", "FREQ=WEEKLY;BYDAY=MO"])),
        update_words=draw(TEXTS),
        funding_url=draw(st.sampled_from(["", "https://tip.example/"])),
        funding_words="Support " + draw(TEXTS),
        hub_url=draw(st.sampled_from(["", "https://hub.example/"])),
    )


@st.composite
def episodes(draw, number):
    """Give an episode of which every text is anything."""
    segments = tuple(
        replace(segment, text=draw(TEXTS), speaker=draw(st.none() | TEXTS), voice=draw(NAMES))
        for segment in make_segments()
    )
    articles = tuple(
        ArticleRef(str(n), "a", draw(TEXTS), draw(TEXTS), draw(TEXTS), draw(st.none() | TEXTS))
        for n in range(draw(st.integers(1, 3)))
    )
    opus = Enclosure(f"s{number}.opus", 9, "audio/ogg", draw(st.integers(0, 10**7)), "ab" * 32)
    return make_episode(
        guid=f"g{number}",
        directory=f"2024-{number}",
        title="Ferry " + draw(TEXTS),
        published=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=number),
        segments=segments,
        articles=articles,
        enclosure=replace(make_episode().enclosure, file=f"s{number}-1a2b3c4d.mp3"),
        deliveries=draw(st.sampled_from([(), (opus,)])),
        chapters=tuple(Chapter(draw(TEXTS), n * 1000) for n in range(draw(st.integers(0, 4)))),
        programme=draw(st.sampled_from([None, Programme("brief", "2024-01-01", "d")])),
        number=number + 1,
        season=draw(st.sampled_from([None, 1])),
        cover_file=draw(st.sampled_from(["", "cover-1a2b3c4d.jpg"])),
    )


@given(shows(), st.tuples(*(episodes(n) for n in range(3))))
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_makes_a_feed_that_apps_refuse(tmp_path, show, told):
    """Titles, names, addresses and words of any characters, on every page of the feed."""
    for name, content in render_pages(show, told, 2).items():
        path = tmp_path / name
        path.write_bytes(content)
        found = [f for f in check_path(path, now=NOW) if f.level is Level.MUST]
        assert [(f.rule, f.message) for f in found] == []
