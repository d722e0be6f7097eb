"""Copies of articles are found, all of them, and nothing else is taken for one."""

import random
from itertools import combinations

import pytest

from audiobrief.brief.copies import compare, find_copies
from audiobrief.brief.fingerprints import Fingerprints
from audiobrief.text.shingles import Relation
from audiobrief.text.sketch import sketch
from tests.brief.events import reports
from tests.brief.writing import TOPICS, article, cut, reordered, reworded


def planted(seed):
    """Return 30 articles of five topics and 4 copies of every second one, shuffled, and whose."""
    rng = random.Random(seed)
    rows = []
    for n in range(30):
        text = article(list(TOPICS)[n % 5], f"{seed}/{n}", rng.randrange(10, 40))
        rows.append((n, text))
        if n % 2:
            both = reworded(reordered(text, rng), rng)
            rows += [(n, c) for c in (cut(text, rng), reordered(text, rng), reworded(text, rng))]
            rows.append((n, both))
    rng.shuffle(rows)
    return [text for _, text in rows], [n for n, _ in rows]


@pytest.mark.parametrize("seed", range(5))
def test_all_planted_copies_are_found_and_no_two_articles_merged(seed) -> None:
    """30 articles of 5 topics; copies cut, in another order, 8 % reworded, and all of it."""
    texts, origin = planted(seed)
    groups = find_copies(texts)
    assert [sorted({origin[i] for i in group}) for group in groups] == [
        [origin[group[0]]] for group in groups
    ]
    assert sorted(len(group) for group in groups) == [5] * 15


def test_groups_do_not_depend_on_the_order_of_the_texts() -> None:
    """The same texts stand together however they come."""
    texts, _ = planted(7)
    order = random.Random(1).sample(range(len(texts)), len(texts))
    again = find_copies([texts[i] for i in order])
    assert sorted(sorted(order[i] for i in group) for group in again) == find_copies(texts)


def test_a_round_up_joins_no_two_stories() -> None:
    """It holds both, word for word; a copy of it is its copy all the same."""
    text_of = {c.key: c.text for _, c in reports("events.txt")}
    one, two = text_of["match-1/12"], text_of["phone-2/22"]
    both = f"{one}\n{two}"
    assert find_copies([one, both, two]) == []
    assert find_copies([one, both, two, reworded(both, random.Random(3))]) == [[1, 3]]


def test_few_round_ups_of_short_reports_join_their_stories() -> None:
    """Some do (1 in 7), where both name the same town; a limit that must not grow."""
    rows = [(event.split("-")[0], c.text) for event, c in reports("events.txt")]
    pairs = [(a, b) for (x, a), (y, b) in combinations(rows, 2) if x != y]
    joined = [
        any({0, 2} <= set(group) for group in find_copies([a, f"{a}\n{b}", b])) for a, b in pairs
    ]
    assert sum(joined) < 0.15 * len(joined)


def test_two_parts_of_one_article_stay_with_it() -> None:
    """They share no sentence, but what they are about."""
    text = article("orchard", 5, 30)
    lines = text.split("\n")
    assert find_copies(["\n".join(lines[:4]), text, "\n".join(lines[6:])]) == [[0, 1, 2]]


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["One.", "Two."], ["One.", ""]])
def test_texts_with_nothing_in_common_make_no_group(texts) -> None:
    """Empty ones neither."""
    assert find_copies(texts) == []


def test_an_update_is_told_from_an_independent_article() -> None:
    """Some corrected sentences leave most of both; an article on the same topic does not."""
    text = article("railway", 3, 24)
    lines = text.split("\n")
    lines[2] = article("railway", 9, 3)
    update = compare("\n".join(lines), text)
    assert update.relation is Relation.UPDATE
    assert min(update.first_in_second, update.second_in_first, update.shared) > 0.7
    assert compare(article("railway", 4, 24), text).relation is Relation.INDEPENDENT


def test_copies_are_found_among_thousands_of_known_texts() -> None:
    """Every copy of every kind, nothing else, and no likeness lost by sampling."""
    rng = random.Random(11)
    known = {f"{t}/{n}": article(t, n, rng.randrange(8, 50)) for t in TOPICS for n in range(200)}
    prints = Fingerprints({key: sketch(text) for key, text in known.items()})
    assert len(prints) == 1000
    for key in rng.sample(sorted(known), 40):
        for change in (cut, reordered, reworded):
            matches = prints.find(sketch(change(known[key], rng)))
            assert [m.key for m in matches if m.likeness.is_copy] == [key]
    for topic in TOPICS:
        matches = prints.find(sketch(article(topic, "new", 30)))
        assert not any(m.likeness.is_copy for m in matches)


def test_nothing_is_like_anything_where_nothing_is_known() -> None:
    """An empty catalogue, and a text without words."""
    assert Fingerprints({}).find(sketch("It rained in Rye all day.")) == []
    assert Fingerprints({"a": sketch("It rained in Rye.")}).find(sketch("")) == []


def test_the_likest_known_text_comes_first() -> None:
    """The whole before the half."""
    text = article("school", 1, 24)
    half = "\n".join(text.split("\n")[:4])
    prints = Fingerprints({"half": sketch(half), "whole": sketch(text)})
    assert [m.key for m in prints.find(sketch(text))] == ["whole", "half"]
