"""Who was heard in which voice: kept up to date, and the same as by looking through everything."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.model.card import Card
from audiobrief.model.episode import State
from audiobrief.pipeline.heard import Voices

START = datetime(2024, 1, 1, tzinfo=UTC)
VOICES = ("narrator", "guest-1", "guest-2", "guest-3")
PAIRS = st.lists(
    st.tuples(st.sampled_from(["Ana", "Ben", 'Cleo "C"', "D\x1fE"]), st.sampled_from(VOICES)),
    max_size=4,
    unique=True,
)


def card(number, hours, pairs):
    """Return an episode with these speakers."""
    return Card(
        *(f"guid-{number}", "News", START + timedelta(hours=hours), State.PUBLISHED, f"d{number}"),
        *("a.mp3", 1, "audio/mpeg", 1, "0", "", "d", "t", "h", -16.0, 1),
        *(json.dumps(pairs) if pairs else "", "", "", "", "", None, None),
    )


def looked_through(cards, guests):
    """Return the same by going through all of them, the latest last."""
    known = {}
    for one in sorted(cards, key=lambda c: (c.published, c.guid)):
        known |= one.voices_among(guests)
    return known


@given(
    before=st.lists(st.tuples(st.integers(0, 3), PAIRS), max_size=6),
    puts=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3), PAIRS), max_size=6),
    guests=st.lists(st.frozensets(st.sampled_from(VOICES)), min_size=1, max_size=3),
)
@settings(deadline=None)
def test_voices_are_those_of_the_latest_episode(before, puts, guests):
    """However cards come, and whoever is asked about between."""
    cards = {n: card(n, hours, pairs) for n, (hours, pairs) in enumerate(before)}
    voices = Voices(cards.values())
    for number, hours, pairs in [*puts, (0, 0, [])]:
        for wanted in guests:
            assert voices.among(wanted) == looked_through(cards.values(), wanted)
        cards[number] = card(number, hours, pairs)
        voices.put(cards[number])
