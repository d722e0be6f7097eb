"""What an app may play to show what an episode is about."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.model.episode import Chapter, Programme
from audiobrief.model.script import Role
from audiobrief.publish.soundbite import MAX_MS, MIN_MS, find_soundbite
from tests.publish.shows import make_episode, make_segments

OPENING, TOLD = make_segments()[0], make_segments()[2]


def episode_of(*lengths_ms, opening_ms=4000, chapters=(), **changes):
    """Return an episode of an opening and sentences of these lengths; chapters begin at these."""
    segments = [replace(OPENING, start_ms=0, end_ms=opening_ms, source=(0, 0))]
    for number, length_ms in enumerate(lengths_ms):
        start_ms = segments[-1].end_ms + 300
        chapter = f"Story {number}" if number in chapters else None
        end_ms = start_ms + length_ms
        segments.append(
            replace(TOLD, id=str(number), start_ms=start_ms, end_ms=end_ms, chapter=chapter)
        )
    enclosure = replace(make_episode().enclosure, duration_ms=segments[-1].end_ms)
    return make_episode(segments=tuple(segments), enclosure=enclosure, **changes)


@pytest.mark.parametrize(
    ("lengths_ms", "expected"),
    [
        ((20_000, 5_000), (4300, 20_000)),
        ((8_000, 8_000, 8_000), (4300, 16_300)),
        ((5_000, 5_000), None),
        ((14_000, 50_000), None),
        ((90_000,), (4300, 60_000)),
        ((), None),
    ],
)
def test_it_is_the_beginning_of_the_story(lengths_ms, expected):
    """Whole sentences of 15 s and more; one that is longer than 60 s is cut."""
    found = find_soundbite(episode_of(*lengths_ms))
    assert (found and (found.start_ms, found.duration_ms)) == expected


def test_it_is_never_of_two_stories():
    """A programme's second story begins with a chapter."""
    assert find_soundbite(episode_of(6_000, 20_000, chapters=(0, 1))) is None
    assert find_soundbite(episode_of(16_000, 20_000, chapters=(0, 1))).duration_ms == 16_000


def test_a_programmes_has_the_headline_of_its_story():
    """An article's is the episode's, which apps show anyway."""
    chapters = (
        Chapter("Introduction", 0),
        Chapter("Harbor reopens", 4000),
        Chapter("Later", 60_000),
    )
    programme = Programme("brief", "2026-03-14", "d")
    told = episode_of(20_000, programme=programme)
    assert find_soundbite(replace(told, chapters=chapters)).title == "Harbor reopens"
    assert find_soundbite(replace(told, chapters=chapters, programme=None)).title == ""
    assert find_soundbite(replace(told, chapters=())).title == ""


def test_an_episode_of_the_hosts_words_alone_has_none():
    """The opening is not what it is about."""
    episode = episode_of(20_000)
    hosts = tuple(replace(s, role=Role.HOST) for s in episode.segments)
    assert find_soundbite(replace(episode, segments=hosts)) is None


@given(st.lists(st.integers(300, 90_000), max_size=12))
@settings(deadline=None, max_examples=100)
def test_it_lies_in_the_sound_and_is_of_a_length_that_apps_like(lengths_ms):
    """Whatever the sentences are."""
    episode = episode_of(*lengths_ms)
    found = find_soundbite(episode)
    if found is not None:
        assert MIN_MS <= found.duration_ms <= MAX_MS
        assert found.start_ms + found.duration_ms <= episode.enclosure.duration_ms
