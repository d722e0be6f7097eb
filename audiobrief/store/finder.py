"""Which episode an article belongs to, however many there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from audiobrief.model.card import Card, key_of
from audiobrief.model.episode import Episode

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from audiobrief.model.article import Article

#: The locator of whatever comes by standard input; every such article shares it.
STDIN = "stdin"
#: Share of common three-word sequences from which two texts are the same article, edited.
#: Perturbed copies of 120 articles shared at least 0.4, unrelated pairs at most 0.24.
SAME_ARTICLE = 0.3


class Finder:
    """Episodes of single articles, by text, address and file.

    A programme is no article's, even if it tells one story.
    """

    def __init__(
        self,
        episodes: Iterable[Episode | Card] = (),
        whole: Callable[[Card], Episode] | None = None,
    ) -> None:
        """Take in episodes.

        Args:
            episodes: Whole, or their cards.
            whole: Returns the episode of a card.
        """
        self._whole = whole
        self._episodes: dict[str, Episode | Card] = {}
        #: Each key's GUIDs, in the order in which they came; a dict for want of an ordered set.
        self._by_key: dict[tuple[str, str], dict[str, None]] = {}
        for episode in episodes:
            self.put(episode)

    def put(self, episode: Episode | Card) -> None:
        """Take in an episode, or another state of it."""
        before = self._episodes.get(episode.guid)
        for key in _keys(before) if before is not None else ():
            self._by_key[key].pop(episode.guid, None)
        self._episodes[episode.guid] = episode
        for key in _keys(episode):
            self._by_key.setdefault(key, {})[episode.guid] = None

    def remove(self, episode: Episode | Card) -> None:
        """Forget an episode."""
        before = self._episodes.pop(episode.guid, None)
        for key in _keys(before) if before is not None else ():
            self._by_key[key].pop(episode.guid, None)

    def find(self, article: Article, *, claimed: Collection[str] = ()) -> Episode | None:
        """Return the episode that an article belongs to, if there is one.

        In this order: the same text; the same page; the same file with related text. Related text
        alone is not enough: yesterday's market report shares most of its sentences with today's.

        Args:
            article: The article as it is now.
            claimed: GUIDs that other articles of the run belong to; only the same text shares them.
        """
        for episode in self._at("text", article.id):
            return episode
        for episode in self._at("page", article.url or ""):
            if episode.guid not in claimed and _is_same_page(article, episode):
                return episode
        for episode in self._at("file", article.locator):
            if episode.guid not in claimed and _is_edit(article, episode):
                return episode
        return None

    def _at(self, kind: str, value: str) -> Iterator[Episode]:
        for guid in self._by_key.get((kind, value), ()):
            found = self._episodes[guid]
            if isinstance(found, Episode):
                yield found
            elif self._whole is not None:
                yield self._whole(found)


def _keys(episode: Episode | Card) -> tuple[tuple[str, str], ...]:
    if isinstance(episode, Card):
        text, page, file = episode.article_id, episode.article_url, episode.article_locator
    elif (article := key_of(episode)) is not None:
        text, page, file = article.id, article.url, article.locator
    else:
        return ()
    if not text:
        return ()
    own = (("text", text), ("file", file))
    return (*own, ("page", page)) if page else own


def _is_same_page(article: Article, episode: Episode) -> bool:
    """Say whether both come from one address, which is more than a home page."""
    ref = episode.articles[0]
    if article.url is None or not urlsplit(article.url).path.strip("/"):
        return False
    return ref.headline == article.headline or _is_related(article, episode)


def _is_edit(article: Article, episode: Episode) -> bool:
    """Say whether an episode was made of an earlier state of the article, not of another one."""
    same_headline = episode.articles[0].headline == article.headline
    same_date = article.published is None or article.published.date() == episode.published.date()
    if not same_headline and (not same_date or article.locator == STDIN):
        return False
    return _is_related(article, episode)


def _is_related(article: Article, episode: Episode) -> bool:
    spoken = " ".join(row.text for row in episode.ledger if row.segments)
    old, new = _shingles(spoken), _shingles(" ".join(b.text for b in article.body))
    return len(old & new) >= SAME_ARTICLE * max(1, min(len(old), len(new)))


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(words, words[1:], words[2:], strict=False))
