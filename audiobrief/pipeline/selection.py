"""Which articles of the inbox a programme may tell, as stories in their order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from heapq import nsmallest
from itertools import islice
from typing import TYPE_CHECKING

from audiobrief.brief.cluster import cluster
from audiobrief.brief.fingerprints import Fingerprints
from audiobrief.brief.rank import Interest, rank
from audiobrief.brief.story import Candidate, Story
from audiobrief.pipeline.shows import is_wanted
from audiobrief.text.sketch import sketch

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from audiobrief.model.episode import Episode
    from audiobrief.store.catalogue import Catalogue, Entry

#: So many of the latest are looked at closely; each costs some milliseconds.
_MOST_CANDIDATES = 200
#: What was told longer ago may be told again.
REMEMBERED = timedelta(days=7)
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
    sifted = _Sifted(wanted, _Told(told, wanted.now, catalogue))
    near = sifted.nearest(catalogue.entries(since=wanted.since))
    notes = sifted.notes()
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


class _Sifted:
    """The articles that fit, each text once, and what was passed over; all in one reading."""

    def __init__(self, wanted: Wanted, told: _Told) -> None:
        self._wanted = wanted
        self._told = told
        self._seen: set[str] = set()
        self._words = wanted.query.casefold().split()
        self._languages: set[str] = set()
        self._old = 0

    def nearest(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the latest, or those with most words of a query.

        Args:
            entries: The latest first; no more are held at once than are returned.
        """
        fresh = filter(self._is_fresh, entries)
        if not self._words:
            return list(islice(fresh, _MOST_CANDIDATES))
        return nsmallest(_MOST_CANDIDATES, fresh, key=lambda entry: -self._hits(entry))

    def notes(self) -> list[str]:
        """Return what was passed over, in words for the user."""
        notes = []
        if self._languages:
            left_out = ", ".join(sorted(self._languages))
            notes.append(f"articles in other languages are left out: {left_out}")
        if self._old:
            notes.append(f"{self._old} told in an earlier programme, without news since")
        return notes

    def _is_fresh(self, entry: Entry) -> bool:
        if not _speaks(entry.language, self._wanted.language):
            self._languages.add(entry.language)
            return False
        if entry.id in self._seen or not self._is_wanted(entry):
            return False
        self._seen.add(entry.id)
        is_old = self._told.has(entry)
        self._old += is_old
        return not is_old

    def _is_wanted(self, entry: Entry) -> bool:
        moment = entry.moment
        if moment is not None and moment > self._wanted.now:
            return False
        return is_wanted(entry, self._wanted.sources, self._wanted.tags)

    def _hits(self, entry: Entry) -> int:
        headline, body = entry.headline.casefold(), entry.body.casefold()
        return sum(_HEADLINE * headline.count(word) + body.count(word) for word in self._words)


def _speaks(tag: str, language: str) -> bool:
    return tag.partition("-")[0].lower() == language.partition("-")[0].lower()


class _Told:
    """What programmes have told lately."""

    def __init__(self, episodes: Iterable[Episode], now: datetime, catalogue: Catalogue) -> None:
        self._sketches: dict[str, bytes] = {}
        for episode in episodes:
            if episode.programme is not None and episode.published >= now - REMEMBERED:
                self._take(episode, catalogue)
        self._known = Fingerprints(self._sketches) if self._sketches else None

    def has(self, entry: Entry) -> bool:
        """Tell whether an article says nothing that was not told."""
        if entry.id in self._sketches:
            return True
        if self._known is None:
            return False
        return any(
            match.likeness.is_copy and match.likeness.first_in_second > 1.0 - _NEWS
            for match in self._known.find(entry.sketch, at_least=1.0 - _NEWS)
        )

    def _take(self, episode: Episode, catalogue: Catalogue) -> None:
        texts: dict[int, list[str]] | None = None
        for number, ref in enumerate(episode.articles):
            if ref.id in self._sketches:
                continue
            known = catalogue.sketch_of(ref.id)
            if known is None:
                texts = texts or _texts_of(episode)
                known = sketch("\n".join(texts.get(number, ())))
            self._sketches[ref.id] = known


def _texts_of(episode: Episode) -> dict[int, list[str]]:
    """Return the rows of each article of an episode, by its number."""
    texts: dict[int, list[str]] = {}
    for row in episode.ledger:
        texts.setdefault(row.article, []).append(row.text)
    return texts


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
