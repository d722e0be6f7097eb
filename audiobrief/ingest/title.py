"""The title of a web page: what its headings, metadata and tab say, without the site's name."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from audiobrief.ingest.declared import Declared, names_of, plain
from audiobrief.model.article import Fact
from audiobrief.text.page.headline import HEADLINE_CHARACTERS, words_of
from audiobrief.text.plain_words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: What independent sources are worth when they agree: one, two, three, four.
_AGREEMENT = (0.0, 0.55, 0.85, 0.95, 0.98)
#: Taken off when other sources agree on something else.
DISSENT = 0.15
#: Between a title and the name of its site.
SEPARATOR = re.compile(r"(?<=\s)(?:[|\u2013\u2014\u00bb\u203a\u00b7\u2022:-]|::)\s")
_WORD = re.compile(r"[^\W_]+")
#: How far the sources of a title are to be trusted when they differ, most first.
#: The last three are mostly filled from one field, written for search engines.
_TITLE_SOURCES = {
    "heading": 3.6,
    "other headings": 1.5,
    "kept with the page": 1.4,
    "structured data": 1.3,
    "meta elements": 1.2,
    "page title": 1.0,
}
#: Taken off a title that no other is like: a menu's heading, the heading of a section.
_ALONE = 1.5
_TITLE_METAS = (
    "og:title", "twitter:title", "citation_title", "parsely-title", "dc.title", "headline",
)  # fmt: skip


def agreement(sources: Iterable[str]) -> float:
    """Return how sure it is what so many different sources say."""
    return _AGREEMENT[min(len(set(sources)), len(_AGREEMENT) - 1)]


def letters(name: str) -> str:
    """Return a name as addresses write it.

    >>> letters("The Valley Post")
    'valleypost'
    """
    return "".join(_WORD.findall(name.lower())).removeprefix("the")


def site_names(declared: Declared, host: str) -> frozenset[str]:
    """Return the names under which the site is known, letters only."""
    names = declared.values("og:site_name", "application-name", "apple-mobile-web-app-title")
    published = (n for a in declared.articles[:5] for n in publishers(a, declared))
    labels = host.lower().removeprefix("www.").split(".")
    whole = "".join(labels)
    return frozenset(letters(n) for n in (*names, *published, *labels[:-1], whole) if n) - {""}


def publishers(article: Mapping[str, Any], declared: Declared) -> list[str]:
    """Return the publishers that an article's description names."""
    return names_of(article.get("publisher"), declared.by_id, persons=False)


def _without_site(title: str, sites: frozenset[str]) -> str:
    """Take the site's name off the end or the beginning of a title."""
    while parts := list(SEPARATOR.finditer(title)):
        first, last = title[: parts[0].start()].strip(), title[parts[-1].end() :]
        if _is_site(last, sites):
            title = title[: parts[-1].start()].strip()
        elif _is_site(first, sites):
            title = title[parts[0].end() :]
        else:
            break
    return title


def _is_site(name: str, sites: frozenset[str]) -> bool:
    written = letters(name)
    return written in sites or any(
        len(site) >= 5 and len(name.split()) <= 6 and (site in written or written in site)
        for site in sites
        if len(written) >= 3
    )


def find_title(
    declared: Declared,
    article: Mapping[str, Any],
    sites: frozenset[str],
    extracted: str | None,
    lines: Sequence[str],
    *,
    kept: str | None = None,
) -> Fact | None:
    """Return the title that the page's sources agree on; where they differ, the printed one.

    Args:
        declared: What the page declares.
        article: What it declares of its article.
        sites: Names of the site, letters only.
        extracted: The extractor's title.
        lines: The visible lines.
        kept: The title under which the page came in.
    """
    printed = {words_of(line) for line in lines if len(line) <= HEADLINE_CHARACTERS}
    tail = _tail_offind_title(declared.title, printed)
    sites = sites | {letters(tail)} if tail else sites
    texts: dict[tuple[str, ...], str] = {}
    sources: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for source, text in _told_titles(declared, article, extracted, kept):
        short = _without_site(text, sites)
        words = words_of(short)
        if words and len(short) <= HEADLINE_CHARACTERS and letters(short) not in sites:
            texts.setdefault(words, short)
            sources[words].add(source)
    if not texts:
        return None
    best = max(texts, key=lambda words: _title_score(words, sources, printed))
    others = [s for words, s in sources.items() if words != best and not _overlap(words, best)]
    confidence = agreement(sources[best]) - (DISSENT if any(len(s) > 1 for s in others) else 0.0)
    confidence = min(0.99, confidence + (0.1 if best in printed else 0.0))
    return Fact("title", texts[best], round(confidence, 2), ", ".join(sorted(sources[best])))


def _told_titles(
    declared: Declared, article: Mapping[str, Any], extracted: str | None, kept: str | None
) -> Iterator[tuple[str, str]]:
    """Yield every title that the page gives itself or came in under, and where."""
    for i, heading in enumerate(declared.headings[:5]):
        yield ("other headings" if i else "heading"), heading
    yield "kept with the page", plain(kept or "")
    yield "structured data", plain(str(article.get("headline") or ""))
    for text in declared.values(*_TITLE_METAS):
        yield "meta elements", text
    yield "page title", declared.title
    yield "page title", plain(extracted or "")


def _tail_offind_title(title: str, printed: set[tuple[str, ...]]) -> str:
    """Return what stands in the page title behind a line of the page: it names the site."""
    for match in reversed(list(SEPARATOR.finditer(title))):
        if words_of(title[: match.start()]) in printed:
            return title[match.end() :]
    return ""


def _title_score(
    words: tuple[str, ...],
    sources: Mapping[tuple[str, ...], set[str]],
    printed: set[tuple[str, ...]],
) -> float:
    alike = [other for other in sources if other != words and _overlap(words, other)]
    score = sum(_TITLE_SOURCES[source] for source in sources[words])
    if not alike and len(sources) > 1:
        score -= _ALONE
        score -= _TITLE_SOURCES["heading"] / 2 if sources[words] == {"heading"} else 0.0
    for other in alike:
        score += 0.3 * sum(_TITLE_SOURCES[source] for source in sources[other])
    return score + (0.8 if words in printed else 0.0) - (0.8 if len(words) == 1 else 0.0)


def _overlap(a: Sequence[str], b: Sequence[str]) -> bool:
    """Tell whether two titles speak of the same: half of the words of one, endings apart."""
    ours, theirs = ({w[:5] for w in words if w not in STOP_WORDS} for words in (a, b))
    return len(ours & theirs) >= 0.5 * min(len(ours), len(theirs)) > 0
