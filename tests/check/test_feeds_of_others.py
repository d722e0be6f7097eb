"""Feeds as they are: ten shapes, and what five common hosts and generators write.

All of them are invented, in the structure of the real ones.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiobrief.check.folder import check_path
from audiobrief.check.rule import Level

NOW = datetime(2025, 1, 1, tzinfo=UTC)
FEEDS = Path(__file__).parent / "feeds"
MUST, SHOULD = Level.MUST, Level.SHOULD

#: What is to be said of each, and nothing else.
SHAPES = {
    "video": set(),
    "serial": set(),
    "private": set(),
    "paged": set(),
    "trailer": set(),
    "languages": set(),
    "cdata": set(),
    "no-itunes": {
        *((number, MUST) for number in ("F2", "F3", "F5", "F6", "F7")),
        *((number, SHOULD) for number in ("F8", "F10", "I8", "S1")),
    },
    "atom": {("F2", MUST)},
    "atom-links": {("F4", MUST)},
    "huge": {("I10", MUST)},
}
GENERATORS = {
    "powerpress": {"I8", "I10", "S1"},
    "libsyn": {"F10", "I8"},
    "buzzsprout": {"P2", "S1"},
    "castopod": {"F7"},
    "spotify": {"F6", "F10", "I7", "I8", "S6"},
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_has_its_findings_and_no_others(name):
    """Number and level of each."""
    found = {(f.rule, f.level) for f in check_path(FEEDS / f"{name}.xml", now=NOW)}
    assert found == SHAPES[name]


@pytest.mark.parametrize("name", GENERATORS)
def test_what_common_generators_write_breaks_no_must(name):
    """Millions subscribe to such feeds; what could be better is a should."""
    found = check_path(FEEDS / f"{name}.xml", now=NOW)
    assert {f.rule for f in found} == GENERATORS[name]
    assert {f.level for f in found} == {SHOULD}


@pytest.mark.parametrize(
    ("generator", "level"), [("Libsyn WebEngine 2.0", SHOULD), ("audiobrief", MUST)]
)
def test_the_level_depends_on_who_has_made_the_feed(tmp_path, generator, level):
    """A clock for a duration is a promise broken in ours, and usual in others."""
    written = (FEEDS / "libsyn.xml").read_text(encoding="utf-8")
    path = tmp_path / "feed.xml"
    path.write_text(written.replace("Libsyn WebEngine 2.0", generator), encoding="utf-8")
    assert {f.level for f in check_path(path, now=NOW) if f.rule == "I8"} == {level}
