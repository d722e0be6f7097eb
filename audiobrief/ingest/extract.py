"""Document to Article: decode, flatten, clean, and refuse what is no article."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.ingest.encoding import decode
from audiobrief.ingest.markdown import parse_markdown
from audiobrief.ingest.plaintext import parse_text
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.model.article import Article, Block, BlockKind, Fact
from audiobrief.text.language import NAMES, count_words, tell_language
from audiobrief.text.page.dateline import parse_date
from audiobrief.text.page.furniture import Cleaned, Line, clean
from audiobrief.text.page.headline import HEADLINE_CHARACTERS, shorten, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

#: The shortest news brief of 612 English pages has 50 words; a notice or a menu has fewer than 20.
MIN_WORDS = 20
#: The longest of 150 web pages has 1,011 lines, menus included; each costs 0.2 ms.
_MAX_LINES = 10_000
#: The largest file that is read has about as many rows of 50 characters.
_MAX_ROWS = 40_000
#: Log-odds that a line is text, before it is looked at: people write Markdown, not scrapers.
_TRUST_MARKDOWN = 3.0
_TRUST_FOREIGN = 2.0

#: What pages say to a reader who is to do something first. Only short pages are asked.
_GATE_WORDS = 120
_GATES = {
    "a login page": r"(?:log|sign) ?in to (?:continue|read|view|your|access)|must be logged in"
    r"|forgot(?:ten)? (?:your )?password|enter your (?:password|username)",
    "a paywall": r"subscribe to (?:continue|read|keep|unlock)|to continue reading"
    r"|(?:article|content|story) is (?:only )?(?:for|available to) (?:subscribers|members)",
    "an error page": r"page (?:could )?not (?:be )?found|\b404\b.{0,40}(?:error|not found|page)"
    r"|(?:error|not found).{0,10}\b404\b|page you (?:are|were) looking for|access denied"
    r"|internal server error|don['\u2019]t have permission",
    "a cookie notice": r"accept (?:all|cookies)|manage (?:cookie|your) (?:preferences|choices)"
    r"|we (?:and our partners )?use cookies",
    "a robot check": r"verify (?:that )?you are (?:a )?human|are (?:you )?(?:not )?a robot|captcha"
    r"|(?:enable|requires) javascript",
}


@dataclass(frozen=True, slots=True)
class Flattened:
    """A source as lines, with what it says about itself."""

    lines: tuple[Line, ...]
    headline: str | None = None
    byline: str | None = None
    outlet: str | None = None
    published: datetime | None = None
    language: str | None = None
    url: str | None = None
    trust: float = 0.0
    facts: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()
    lexicon: tuple[tuple[str, str], ...] = ()


def extract(document: Document) -> Article:
    """Return the article in a document, every line of the source accounted for.

    Raises:
        SourceError: It holds no article: nothing but white space, fewer than ``MIN_WORDS``
            words of text, a login or error page and the like, or a page too deeply nested.
    """
    decoded = decode(document.raw)
    if document.kind is not DocumentKind.HTML and decoded.text.count("\n") > _MAX_ROWS:
        raise _too_many_lines(_MAX_ROWS, document.locator)
    flat = _flatten(document, decoded.text)
    if len(flat.lines) > _MAX_LINES:
        raise _too_many_lines(_MAX_LINES, document.locator)
    if not any(line.dropped is None for line in flat.lines):
        raise SourceError(
            "there is no text in it", document.locator, remedy="put the article's text in it"
        )
    language, shown, about = _language(flat)
    # What tells text from furniture are English words: elsewhere more is given in advance.
    trust = flat.trust if language.startswith("en") else max(flat.trust, _TRUST_FOREIGN)
    cleaned = clean(flat.lines, headline=_usable(flat.headline), trust=trust)
    _refuse_non_article(cleaned, document.locator)
    byline = flat.byline or cleaned.byline
    if document.kind is DocumentKind.HTML:
        byline = _agreed_byline(flat.byline, cleaned.byline)
    return Article(
        headline=cleaned.headline,
        blocks=tuple(_spoken_byline(block, byline) for block in cleaned.blocks),
        locator=document.locator,
        byline=byline,
        outlet=flat.outlet or cleaned.outlet,
        published=flat.published or cleaned.published,
        language=language,
        url=flat.url,
        notes=decoded.notes + flat.notes + about,
        facts=_sorted_facts(flat.facts + shown + cleaned.facts),
        lexicon=flat.lexicon,
    )


def _agreed_byline(declared: str | None, printed: str | None) -> str | None:
    """Return the byline that a page declares, unless its text names somebody else."""
    if declared and printed:
        said, read = set(words_of(declared)), set(words_of(printed))
        if not (said <= read or read <= said):
            return None
        return declared if read <= said else printed
    return declared or printed


def _sorted_facts(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Return the facts by name, the surest first."""
    return tuple(sorted(facts, key=lambda fact: (fact.name, -fact.confidence)))


def _language(flat: Flattened) -> tuple[str, tuple[Fact, ...], tuple[str, ...]]:
    """Return the language declared, else the likeliest, what shows it, and what to say of it."""
    facts: tuple[Fact, ...] = ()
    language = flat.language
    if language is None:
        text = "\n".join(line.text for line in flat.lines if line.dropped is None)
        language, confidence = tell_language(text)
        facts = (Fact("language", language, confidence, "the words of the text"),)
    code = language.split("-")[0].lower()
    if code == "en":
        return language, facts, ()
    name = f"{NAMES[code]} ({code})" if code in NAMES else f"in the language {code}"
    verb = "is" if flat.language else "seems to be"
    return language, facts, (f"the text {verb} {name}",)


def _too_many_lines(limit: int, locator: str) -> SourceError:
    return SourceError(
        f"it has more than {limit} lines: a list or a log, no article",
        locator,
        remedy="save the article alone, without the rest",
    )


def _flatten(document: Document, text: str) -> Flattened:
    if document.kind is DocumentKind.HTML:
        # Here, not above: lxml and trafilatura take 0.5 s to import, and text needs neither.
        from audiobrief.ingest.page import parse_page  # noqa: PLC0415

        page = parse_page(text, document.locator)
        return Flattened(
            page.lines,
            headline=page.metadata.headline,
            byline=page.metadata.byline,
            outlet=page.metadata.outlet,
            published=parse_date(page.metadata.date or ""),
            language=page.metadata.language,
            url=page.metadata.url,
            facts=page.metadata.facts,
            notes=page.metadata.notes + page.notes,
        )
    if document.kind is DocumentKind.MARKDOWN:
        markdown = parse_markdown(text, where=document.locator)
        described = _described(markdown.front_matter)
        return replace(described, lines=markdown.lines, lexicon=markdown.lexicon)
    return Flattened(parse_text(text))


def _described(front: Mapping[str, str]) -> Flattened:
    """Read the front matter's keys, as blogs and clippers name them."""

    def first(*keys: str) -> str | None:
        return next((" ".join(front[k].split()) for k in keys if front.get(k, "").strip()), None)

    language = first("language", "lang")
    url = first("url", "canonical", "canonical_url", "link")
    told = {
        "title": first("title", "headline"),
        "author": first("byline", "author", "authors"),
        "date": first("date", "published", "created"),
        "outlet": first("outlet", "source", "site", "publisher"),
        "language": language,
        "picture": first("picture", "image", "cover"),
        "url": url,
    }
    return Flattened(
        lines=(),
        facts=tuple(Fact(name, v, 1.0, "the front matter") for name, v in told.items() if v),
        headline=told["title"],
        byline=told["author"],
        outlet=told["outlet"],
        published=parse_date(told["date"] or ""),
        language=language
        if language and re.fullmatch(r"[A-Za-z]{2,3}(-\w{1,8})*", language)
        else None,
        url=url if url and url.startswith(("http://", "https://")) else None,
        trust=_TRUST_MARKDOWN,
    )


def _usable(headline: str | None) -> str | None:
    """Return a headline that can be said and shown; ``None``: one is made of the text."""
    if headline is None or not any(c.isalnum() for c in headline):
        return None
    return shorten(headline, HEADLINE_CHARACTERS)


def _spoken_byline(block: Block, byline: str | None) -> Block:
    """Drop a byline line that names others than the byline that is read."""
    spoken = block.kind is BlockKind.BYLINE and block.dropped is None
    if spoken and (
        byline is None or not set(words_of(byline)) - {"and"} <= set(words_of(block.text))
    ):
        return replace(block, dropped="a byline, but not surely of this article")
    return block


def _refuse_non_article(cleaned: Cleaned, locator: str) -> None:
    kept = [b.text for b in cleaned.blocks if b.dropped is None and b.kind is not BlockKind.BYLINE]
    body = [
        b.text
        for b in cleaned.blocks
        if b.dropped is None and b.kind not in (BlockKind.HEADLINE, BlockKind.BYLINE)
    ]
    count = sum(map(count_words, body))
    remedy = "save the page of the article itself, opened and readable"
    if count < _GATE_WORDS:
        text = " ".join(kept).lower()
        for name, pattern in _GATES.items():
            if re.search(pattern, text):
                raise SourceError(f"this looks like {name}, not an article", locator, remedy=remedy)
    if count < MIN_WORDS:
        raise SourceError(
            f"no article found: {count} words of text, an article has {MIN_WORDS} or more",
            locator,
            remedy=remedy,
        )
