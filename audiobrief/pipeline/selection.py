"""Which articles of the inbox a programme may tell, as stories in their order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from audiobrief.brief.cluster import cluster
from audiobrief.brief.rank import Interest, rank
from audiobrief.brief.story import Candidate, Story
from audiobrief.text.sketch import likeness, sketch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from audiobrief.model.episode import Episode
    from audiobrief.store.catalogue import Catalogue, Entry

#: So many of the latest are looked at closely; each costs some milliseconds.
_MOST_CANDIDATES = 300
#: What was told longer ago may be told again.
_REMEMBERED = timedelta(days=7)
#: So much of a text must be new for a story to be told a second time.
_NEWS = 0.2
#: A word of the query in a headline counts so many times.
_HEADLINE = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a programme is to be made of."""

    #: Aware: articles that appeared from then on.
    since: datetime
    now: datetime
    #: RFC 5646: only articles in this language.
    language: str
    #: Names of sources, the preferred one first, and tags: of any of them; none: all.
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    query: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """What was found."""

    #: The first one is told first.
    stories: tuple[Story, ...]
    #: Where each article lies, by its id.
    locators: dict[str, str]
    #: The other outlets that tell each story, by the id of the article that is told.
    others: dict[str, tuple[str, ...]]
    #: What was passed over, in words for the user.
    notes: tuple[str, ...]


def select(catalogue: Catalogue, told: Iterable[Episode], wanted: Wanted) -> Selection:
    """Choose what a programme can be made of, and order it.

    Args:
        catalogue: The inbox.
        told: Programmes of before; a story of theirs is taken only if it has news.
        wanted: What is asked for.
    """
    entries = list(_fitting(catalogue.entries(since=wanted.since), wanted))
    notes = _notes(catalogue, wanted)
    sketches = list(_told(told, wanted.now))
    fresh = [e for e in entries if not _is_told(e, sketches)]
    if len(fresh) < len(entries):
        count = len(entries) - len(fresh)
        notes.append(f"{count} told in an earlier programme, without news since")
    near = _nearest(fresh, wanted.query)
    candidates = [_candidate(e, wanted) for e in near]
    stories = rank(cluster(candidates), wanted.now, Interest(wanted.query, wanted.tags))
    if wanted.query:
        stories = [s for s in stories if s.score > 0.0]
    locators = {e.id: e.locator for e in near}
    others = {s.told.key: _others(s, locators, catalogue) for s in stories}
    return Selection(tuple(stories), locators, others, tuple(notes))


def _others(story: Story, locators: dict[str, str], catalogue: Catalogue) -> tuple[str, ...]:
    """Return the other outlets of a story, those too whose copy was not taken in."""
    copies = (c for a in story.articles for c in catalogue.copies_of(locators[a.key]))
    outlets = dict.fromkeys((*story.also_reported_by, *(c.outlet for c in copies)))
    return tuple(o for o in outlets if o and o != story.told.outlet)


def _fitting(entries: Iterable[Entry], wanted: Wanted) -> Iterator[Entry]:
    """Yield the articles that fit, each text once."""
    seen: set[str] = set()
    tags = {tag.casefold() for tag in wanted.tags}
    for entry in entries:
        if entry.id in seen or not _speaks(entry.language, wanted.language):
            continue
        moment = entry.moment
        if moment is not None and moment > wanted.now:
            continue
        is_from = not wanted.sources or entry.source in wanted.sources
        if is_from and (not tags or tags & {tag.casefold() for tag in entry.tags}):
            seen.add(entry.id)
            yield entry


def _speaks(tag: str, language: str) -> bool:
    return tag.partition("-")[0].lower() == language.partition("-")[0].lower()


def _notes(catalogue: Catalogue, wanted: Wanted) -> list[str]:
    others = {
        e.language
        for e in catalogue.entries(since=wanted.since)
        if not _speaks(e.language, wanted.language)
    }
    if not others:
        return []
    return [f"articles in other languages are left out: {', '.join(sorted(others))}"]


def _told(episodes: Iterable[Episode], now: datetime) -> Iterator[tuple[str, bytes]]:
    """Yield id and sketch of every article that was told lately."""
    for episode in episodes:
        if episode.programme is None or episode.published < now - _REMEMBERED:
            continue
        texts: dict[int, list[str]] = {}
        for row in episode.ledger:
            texts.setdefault(row.article, []).append(row.text)
        for number, ref in enumerate(episode.articles):
            yield ref.id, sketch("\n".join(texts.get(number, ())))


def _is_told(entry: Entry, told: Sequence[tuple[str, bytes]]) -> bool:
    """Tell whether an article says nothing that was not told."""
    for article_id, before in told:
        if entry.id == article_id:
            return True
        alike = likeness(entry.sketch, before)
        if alike.is_copy and alike.first_in_second > 1.0 - _NEWS:
            return True
    return False


def _nearest(entries: list[Entry], query: str) -> list[Entry]:
    """Return the latest, or those with most words of a query."""
    words = query.casefold().split()

    def hits(entry: Entry) -> int:
        headline, body = entry.headline.casefold(), entry.body.casefold()
        return sum(_HEADLINE * headline.count(w) + body.count(w) for w in words)

    return sorted(entries, key=lambda e: -hits(e))[:_MOST_CANDIDATES]


def _candidate(entry: Entry, wanted: Wanted) -> Candidate:
    place = wanted.sources.index(entry.source) if entry.source in wanted.sources else None
    priority = 0.5 if place is None else 1.0 - 0.5 * place / max(1, len(wanted.sources))
    return Candidate(
        key=entry.id,
        title=entry.headline,
        text=entry.body,
        outlet=entry.outlet or None,
        published=entry.moment,
        tags=entry.tags,
        priority=priority,
    )
