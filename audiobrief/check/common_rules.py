"""Rules of a channel and of an item alike: F6 and F9 (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiobrief.check.urls import is_absolute, is_at_home

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_EXPLICIT = frozenset({"true", "false"})
#: What Apple has written before 2019, and still takes.
_OLD_EXPLICIT = frozenset({"yes", "no", "clean", "explicit"})

#: What apps fetch by themselves.
_FETCHED = {
    "enclosure": "url",
    "itunes:image": "href",
    "atom:link": "href",
    "podcast:transcript": "url",
    "podcast:chapters": "url",
}
#: What a person may open.
_OPENED = {
    "link": None,
    "url": None,
    "comments": None,
    "docs": None,
    "podcast:funding": "url",
    "podcast:person": "href",
    "podcast:license": "url",
    "podcast:image": "href",
}


def check_fetched_urls(facts: Any) -> Iterator[str]:
    """F9: what apps fetch has an absolute, percent-encoded address."""
    yield from _bad_urls(facts.node, _FETCHED)


def check_opened_urls(facts: Any) -> Iterator[str]:
    """F9: what people open has one too."""
    yield from _bad_urls(facts.node, _OPENED)


def check_secure_pages(facts: Any) -> Iterator[str]:
    """F9: pages that the podcast namespace names are encrypted."""
    for name, attribute in (("podcast:funding", "url"), ("podcast:person", "href")):
        for element in facts.node.all(name):
            url = element.get(attribute, "")
            if url.startswith("http://") and not is_at_home(url):
                yield f"{name} leads to a page without encryption: write https:// in {url[:200]!a}"


def _bad_urls(node: Any, places: Mapping[str, str | None]) -> Iterator[str]:
    for name, attribute in places.items():
        seen = set()
        for element in node.everywhere(name):
            text = element.text if attribute is None else element.get(attribute)
            url = (text or "").strip()
            if url and url not in seen and not is_absolute(url):
                yield (
                    f"{name} has no absolute, percent-encoded http(s) URL: {url[:200]!a}: "
                    "write it out, blanks as %20"
                )
            seen.add(url)


def unknown_explicit(facts: Any) -> Iterator[str]:
    """F6: a value that no app knows."""
    for element in facts.node.all("itunes:explicit"):
        if (element.text or "").strip().lower() not in _EXPLICIT | _OLD_EXPLICIT:
            yield f"itunes:explicit is {(element.text or '')[:80]!r}: write true or false"


def old_explicit(facts: Any) -> Iterator[str]:
    """F6: true or false, as it has been since 2019."""
    for element in facts.node.all("itunes:explicit"):
        value = element.text or ""
        if value not in _EXPLICIT and value.strip().lower() in _EXPLICIT | _OLD_EXPLICIT:
            yield f"itunes:explicit is {value[:80]!r}: write true or false"
