"""Judge what a page says of itself: what its sources agree on, and how far each fact is sure."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from audiobrief.ingest.author import find_author
from audiobrief.ingest.declared import Declared, absolute, plain, read_declared
from audiobrief.ingest.stated import NOTHING_STATED, Stated
from audiobrief.ingest.title import (
    DISSENT,
    SEPARATOR,
    agreement,
    find_title,
    letters,
    publishers,
    site_names,
)
from audiobrief.model.article import Fact
from audiobrief.text.language import tell_language
from audiobrief.text.page.dateline import parse_date
from audiobrief.text.page.headline import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: From here on a fact is used; a byline is read aloud, so it must be surer.
TITLE_CONFIDENCE = 0.5
BYLINE_CONFIDENCE = 0.8
DATE_CONFIDENCE = 0.5
OUTLET_CONFIDENCE = 0.8
#: Address and date that a page was kept with: whoever fetched it knows the one, and a feed says
#: when it published it, while pages print the day of the last change, or of their neighbors.
_KEPT_CONFIDENCE = 0.99
#: The outlet: feeds name the site, or one of its sections.
_KEPT_OUTLET_CONFIDENCE = 0.8
_KEPT = "kept with the page"
_LANGUAGE_CONFIDENCE = 0.5
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}")
_WORD = re.compile(r"[^\W_]+")
#: In an outlet's name: then it is an address or an account.
_NO_NAME = re.compile(r"[|@/%]|\w\.\w{2,}|\w{30}")
_DATE_METAS = (
    "article:published_time", "datepublished", "parsely-pub-date", "citation_publication_date",
    "dc.date.issued", "dcterms.created", "dc.date", "sailthru.date", "publish-date",
    "publication_date", "pubdate", "date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is certain enough to be used, and all that was read."""

    headline: str | None = None
    byline: str | None = None
    outlet: str | None = None
    #: As the page writes it, ISO 8601 where the extractor understood it.
    date: str | None = None
    language: str | None = None
    url: str | None = None
    picture: str | None = None
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()


def read_metadata(
    tree: Any, found: Any, lines: Sequence[str], stated: Stated = NOTHING_STATED
) -> Metadata:
    """Read a parsed page's metadata.

    Args:
        tree: The root element of the page.
        found: What trafilatura extracted, with its own reading of the metadata; may be ``None``.
        lines: The visible lines.
        stated: What the page was kept with: its address and date win, its title and author are
            one more voice beside the page's own, outlet and language fill gaps.
    """
    declared = read_declared(tree)
    kept = _kept_facts(stated)
    url = kept.get("url") or _url(declared, getattr(found, "url", None))
    host = (urlsplit(url.value).hostname or "") if url else ""
    outlet = _outlet(declared, host, getattr(found, "sitename", None))
    outlet = outlet if used(outlet, OUTLET_CONFIDENCE) else kept.get("outlet", outlet)
    site = outlet.value if outlet else ""
    article = _main_article(declared)
    sites = site_names(declared, host)
    told = getattr(found, "title", None)
    title = find_title(declared, article, sites, told, lines, kept=stated.title)
    author = find_author(declared, article, lines, site, kept=stated.byline)
    date = _date(declared, article, getattr(found, "date", None))
    text = getattr(found, "text", None) or "\n".join(lines)
    language, notes = _language(declared, text, stated.language)
    picture = _picture(declared, article)
    facts = (title, author, kept.get("date"), date, outlet, language, picture, url)
    return Metadata(
        headline=used(title, TITLE_CONFIDENCE),
        byline=used(author, BYLINE_CONFIDENCE),
        outlet=used(outlet, OUTLET_CONFIDENCE),
        date=used(kept.get("date", date), DATE_CONFIDENCE),
        language=used(language, _LANGUAGE_CONFIDENCE),
        url=used(url, 0.5),
        picture=used(picture, 0.5),
        facts=tuple(fact for fact in facts if fact),
        notes=notes,
    )


def _kept_facts(stated: Stated) -> dict[str, Fact]:
    """Return what a page was kept with and its own words do not outvote."""
    told = {
        "url": (absolute(stated.url or "", None), _KEPT_CONFIDENCE),
        "date": (stated.published and stated.published.isoformat(), _KEPT_CONFIDENCE),
        "outlet": (plain(stated.outlet or ""), _KEPT_OUTLET_CONFIDENCE),
    }
    return {name: Fact(name, value, sure, _KEPT) for name, (value, sure) in told.items() if value}


def used(fact: Fact | None, threshold: float) -> str | None:
    """Return what a fact says when it is sure enough."""
    return fact.value if fact and fact.confidence >= threshold else None


def _main_article(declared: Declared) -> Mapping[str, Any]:
    """Return the described article that the page is about: pages describe related ones too."""
    titles = (declared.title, *declared.headings[:3], *declared.values("og:title")[:1])
    named = set(words_of(" ".join(titles)))

    def likeness(article: Mapping[str, Any]) -> float:
        words = set(words_of(plain(str(article.get("headline") or article.get("name") or ""))))
        return len(words & named) / max(1, len(words))

    best = max(declared.articles, key=likeness, default={})
    alike = not named or likeness(best) >= 0.5 or not best.get("headline")
    return best if best and alike else {}


def _date(declared: Declared, article: Mapping[str, Any], extracted: str | None) -> Fact | None:
    """Return the day of publication; several sources that agree on it are sure of it."""
    published = plain(str(article.get("datePublished") or ""))
    told = [("structured data", published)]
    told += [("meta elements", value) for value in declared.values(*_DATE_METAS)[:5]]
    told += [("a time element", value) for value in declared.times[:1]]
    told += [("the text", extracted or "")]
    sources: defaultdict[str, set[str]] = defaultdict(set)
    first: dict[str, str] = {}
    for source, value in told:
        date = parse_date(value)
        if date is not None:
            day = date.date().isoformat()
            first.setdefault(day, date.isoformat())
            sources[day].add(source)
    if not first:
        return None
    rank = list(first)
    best = max(first, key=lambda day: (len(sources[day]) > 1, -rank.index(day)))
    confidence = agreement(sources[best]) - (DISSENT / 3 if len(first) > 1 else 0.0)
    if sources[best] == {"the text"} and best.endswith("-01-01"):
        confidence = 0.3  # A year alone, as in a copyright line.
    return Fact("date", first[best], round(confidence, 2), ", ".join(sorted(sources[best])))


def _outlet(declared: Declared, host: str, extracted: str | None) -> Fact | None:
    """Return the site's name; sure when its address or its publisher confirms it."""
    told = [("meta elements", name) for name in declared.values("og:site_name")]
    told += [("structured data", n) for a in declared.articles[:3] for n in publishers(a, declared)]
    told += [("meta elements", name) for name in declared.values("application-name")]
    told += [("the text", plain(extracted or ""))]
    sources: defaultdict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for source, text in told:
        name = re.sub(r"[\u00ae\u2122]", "", SEPARATOR.split(text)[0]).strip(" :")
        if letters(name) and len(name.split()) <= 5 and not _NO_NAME.search(name):
            names.setdefault(letters(name), name)
            sources[letters(name)].add(source)
    if not names:
        return None
    best = max(names, key=lambda key: (_is_of_host(names[key], host), len(sources[key])))
    confirmed = _is_of_host(names[best], host)
    confidence = 0.95 if confirmed else min(0.85, agreement(sources[best] - {"the text"}))
    confidence = confidence if confirmed or len(sources[best] - {"the text"}) > 1 else 0.5
    about = ", ".join(sorted(sources[best])) + (", its address" if confirmed else "")
    return Fact("outlet", names[best], confidence, about)


def _is_of_host(name: str, host: str) -> bool:
    """Tell whether a name is written in an address, whole, shortened or by its initials."""
    written = letters(name)
    initials = "".join(word[0] for word in _WORD.findall(name.lower()))
    labels = re.sub(r"[^a-z0-9.]", "", host.lower()).split(".")[:-1]
    return any(
        label in {written, f"the{written}", initials}
        or (len(label) >= 4 and written.startswith(label))
        or (len(written) >= 4 and label.startswith(written))
        for label in labels
    )


def _url(declared: Declared, extracted: str | None) -> Fact | None:
    """Return the page's own address; a canonical link to the front page is a mistake."""
    told = [("canonical link", declared.canonical)]
    told += [("meta elements", declared.address(u)) for u in declared.values("og:url")]
    told += [("the text", declared.address(extracted or ""))]
    known = [(source, url) for source, url in told if url]
    if not known:
        return None
    deep = [(s, u) for s, u in known if urlsplit(u).path.strip("/")] or known
    source, url = deep[0]
    agreeing = {s for s, u in known if u.rstrip("/") == url.rstrip("/")}
    confidence = max(0.8, agreement(agreeing)) if source == "canonical link" else 0.7
    return Fact("url", url, confidence, ", ".join(sorted(agreeing)))


def _picture(declared: Declared, article: Mapping[str, Any]) -> Fact | None:
    image = article.get("image")
    image = image[0] if isinstance(image, list) and image else image
    image = image.get("url") if isinstance(image, dict) else image
    told = [("meta elements", v) for v in declared.values("og:image", "og:image:url")]
    told += [("structured data", image)] if isinstance(image, str) else []
    told += [("meta elements", v) for v in declared.values("twitter:image", "twitter:image:src")]
    for source, value in told:
        if url := declared.address(value):
            return Fact("picture", url, 0.9, source)
    return None


def _language(
    declared: Declared, text: str, kept: str | None
) -> tuple[Fact | None, tuple[str, ...]]:
    """Return the declared language unless the text clearly is in another one."""
    values = (declared.language or "", *declared.values("og:locale", "content-language"))
    values = values if any(map(_LANGUAGE.fullmatch, values)) else (kept or "",)
    told = [_tag(v) for v in values if _LANGUAGE.fullmatch(v)]
    read, sure = tell_language(text)
    if not told:
        return (Fact("language", read, sure, "the text") if sure > 0.5 else None), ()
    tag = told[0]
    if sure >= 0.8 and not _is_same_language(read, tag):
        note = f"the page says that it is in {tag}, but its text is in {read}"
        return Fact("language", read, sure, "the text, against the page"), (note,)
    agreed = {t.split("-")[0] for t in told} == {tag.split("-")[0]}
    return Fact("language", tag, 0.95 if agreed else 0.8, "the page"), ()


def _is_same_language(a: str, b: str) -> bool:
    norwegian = {"no", "nb", "nn"}
    codes = {a.split("-", maxsplit=1)[0].lower(), b.split("-", maxsplit=1)[0].lower()}
    return len(codes) == 1 or codes <= norwegian


def _tag(value: str) -> str:
    """Return a language tag as it is usually written: ``en_gb`` is ``en-GB``."""
    head, *rest = value.replace("_", "-").split("-")
    return "-".join([head.lower(), *(r.upper() if len(r) == 2 else r for r in rest)])
