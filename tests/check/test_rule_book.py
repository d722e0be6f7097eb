"""The rule book by its examples: each number has one that keeps it and one that breaks it.

An example is a folder `NUMBER-pass` or `NUMBER-fail` with a feed that shows nothing else, and where
the rule needs more: the files that the feed names, `sound.json` (what was measured of the MP3, and
what its manifest says), `server.json` (how a server has answered).
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audiobrief.assemble.probe import Mp3Facts
from audiobrief.check.book import RULES_OF_FEED, RULES_OF_ITEM, entries, order_of
from audiobrief.check.facts import ItemFacts, ServedFacts, parse_feed
from audiobrief.check.feed_rules import DOCUMENT_RULES
from audiobrief.check.rule import Level, Needs
from audiobrief.check.server_rules import SERVED_RULES
from audiobrief.model.audio import Loudness
from audiobrief.model.script import Role
from audiobrief.net.probe import Hop, Seen
from tests.publish.shows import make_episode, make_segments, make_show, make_tags

NOW = datetime(2025, 1, 1, tzinfo=UTC)
EXAMPLES = sorted(Path(__file__).with_name("rules").iterdir())
CHECKED = {entry.number for entry in entries() if entry.needs is not Needs.NOTHING}


def read_sound(path):
    """Return what an example says of the MP3, as the reader of files would."""
    if not path.exists():
        return {}
    written = json.loads(path.read_text(encoding="utf-8"))
    facts = {"mp3_bytes": written.get("bytes"), "problems": written.get("problems", {})}
    if "sha256" in written:
        facts["mp3_sha256"] = written["sha256"]
    if "frames" in written:
        facts["mp3"] = Mp3Facts(**written["frames"])
    if "loudness" in written:
        facts["loudness"] = Loudness(*written["loudness"])
    if "tags" in written:
        facts["tags"] = make_tags(make_show(), make_episode(), **written["tags"])
        facts["tag_version"] = tuple(written["tag_version"])
    if "manifest" in written:
        facts["manifest"] = read_manifest(**written["manifest"])
    return facts


def read_manifest(sha256="0" * 64, sentences=()):
    """Return a manifest that says what an example needs."""
    episode = make_episode()
    rows = [(Role.NARRATOR, None, sentence, number) for number, sentence in enumerate(sentences)]
    return replace(
        episode,
        enclosure=replace(episode.enclosure, sha256=sha256),
        segments=make_segments(rows) if rows else episode.segments,
    )


def read_answer(written):
    """Return an answer of a server."""
    return Seen(
        written["url"],
        written["status"],
        written["headers"],
        written["body"].encode(),
        tuple(Hop(*hop) for hop in written["hops"]),
    )


def read_served(path):
    """Return how a server has answered."""
    if not path.exists():
        return
    for written in json.loads(path.read_text(encoding="utf-8")):
        parts = {name: read_answer(seen) for name, seen in written.get("parts", {}).items()}
        single = {n: read_answer(written[n]) for n in ("get", "head", "again") if n in written}
        yield ServedFacts(written["kind"], is_ours=False, parts=parts, **single)


def broken_in(folder):
    """Return all findings in an example."""
    feed = parse_feed((folder / "feed.xml").read_bytes(), now=NOW)
    found = [f for rule in DOCUMENT_RULES for f in rule.findings(feed, "feed.xml")]
    if feed.page.is_readable:
        found += [f for rule in RULES_OF_FEED for f in rule.findings(feed, "feed.xml")]
    base = "https://tide.example/"
    files = [path for path in folder.iterdir() if path.name not in {"feed.xml", "server.json"}]
    texts = {f"{base}{path.name}": path.read_text(encoding="utf-8") for path in files}
    for node in feed.page.items():
        item = ItemFacts(feed, node, texts=texts, **read_sound(folder / "sound.json"))
        found += [f for rule in RULES_OF_ITEM for f in rule.findings(item, "item")]
    for served in read_served(folder / "server.json"):
        found += [f for rule in SERVED_RULES for f in rule.findings(served, "server")]
    return found


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_an_example_keeps_or_breaks_its_rule(folder):
    """As its name says; what else is wrong with so short a feed does not count."""
    number, _, verdict = folder.name.partition("-")
    messages = [f.message for f in broken_in(folder) if f.rule == number]
    assert bool(messages) == (verdict == "fail"), messages


def test_every_rule_that_can_be_checked_has_both_examples():
    """And no example is of a rule that the book does not have."""
    names = {folder.name for folder in EXAMPLES}
    assert names == {f"{number}-{verdict}" for number in CHECKED for verdict in ("pass", "fail")}


def test_the_book_has_every_number_of_the_reference():
    """F1 to F10, I1 to I10, P1 to P10, T1 to T5, C1 to C4, A1 to A6, H1 to H6, S1 to S11."""
    counts = {"F": 10, "I": 10, "P": 10, "T": 5, "C": 4, "A": 6, "H": 6, "S": 11}
    numbers = {f"{letter}{n}" for letter, count in counts.items() for n in range(1, count + 1)}
    assert {entry.number for entry in entries()} == numbers


def test_the_book_stands_in_the_order_of_the_reference():
    """And every line says what, how grave, where from."""
    book = entries()
    assert [e.number for e in book] == sorted((e.number for e in book), key=order_of)
    assert all(entry.title and entry.source and entry.level in Level for entry in book)


def test_what_breaks_a_rule_says_what_mends_it():
    """Each message of an example has a problem, a colon and a remedy."""
    messages = [f.message for folder in EXAMPLES for f in broken_in(folder)]
    assert [m for m in messages if not all(part.strip() for part in m.rpartition(": "))] == []
