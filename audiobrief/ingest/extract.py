"""Document to Article: decode, flatten, clean, and refuse what is no article."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.ingest.flattened import Flattened, flatten_document, too_many_lines
from audiobrief.ingest.gate import refuse_non_article, tell_cut
from audiobrief.model.article import Article, Block, BlockKind, Fact
from audiobrief.text.language import NAMES, tell_language
from audiobrief.text.page.furniture import clean
from audiobrief.text.page.headline import HEADLINE_CHARACTERS, shorten, words_of
from audiobrief.text.speech.british import is_british

if TYPE_CHECKING:
    from datetime import date, datetime

    from audiobrief.ingest.source import Document

#: The longest of 150 web pages has 1,011 lines, menus included; each costs 0.2 ms.
_MAX_LINES = 10_000
#: Log-odds that a line is text, before it is looked at.
_TRUST_FOREIGN = 2.0
#: Below, the words of a text do not tell its language.
_CLEAR_LANGUAGE = 0.5


def extract(document: Document, *, language: str | None = None) -> Article:
    """Return the article in a document, every line of the source accounted for.

    Args:
        document: A source as it came.
        language: What to take it for where neither it nor its words tell; else English.

    Raises:
        SourceError: It holds no article: nothing but white space, fewer than ``gate.MIN_WORDS``
            words of text, a login or error page and the like, or a page too deeply nested.
    """
    flat = flatten_document(document)
    if len(flat.lines) > _MAX_LINES:
        raise too_many_lines(_MAX_LINES, document.locator)
    if not any(line.dropped is None for line in flat.lines):
        raise SourceError(
            "there is no text in it", document.locator, remedy="put the article's text in it"
        )
    language, shown, about = _language(flat, language)
    # What tells text from furniture are English words: elsewhere more is given in advance.
    trust = flat.trust if language.startswith("en") else max(flat.trust, _TRUST_FOREIGN)
    cleaned = clean(flat.lines, headline=_usable(flat.headline), trust=trust)
    refuse_non_article(cleaned.blocks, document.locator)
    region, of_region = _region(language, cleaned.blocks)
    published, local_day = _in_utc(flat.published or cleaned.published or flat.issued)
    byline = flat.byline or cleaned.byline
    if flat.is_declared:
        byline = _agreed_byline(flat.byline, cleaned.byline)
    return Article(
        headline=cleaned.headline,
        blocks=tuple(_spoken_byline(block, byline) for block in cleaned.blocks),
        locator=document.locator,
        byline=byline,
        outlet=flat.outlet or cleaned.outlet,
        published=published,
        local_day=local_day,
        language=region,
        url=flat.url,
        notes=flat.notes + about + tell_cut(cleaned.blocks),
        facts=_sorted_facts(flat.facts + shown + of_region + cleaned.facts),
        lexicon=flat.lexicon,
        tags=flat.tags,
        source=flat.source,
    )


def _in_utc(told: datetime | None) -> tuple[datetime | None, date | None]:
    """Return a moment in UTC, and the day where it was told when that is another one."""
    if told is None:
        return None, None
    try:
        moment = told.astimezone(UTC)
    except OverflowError:  # the first and the last day that there is
        return told.replace(tzinfo=UTC), None
    return moment, told.date() if told.date() != moment.date() else None


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


def _language(
    flat: Flattened, otherwise: str | None
) -> tuple[str, tuple[Fact, ...], tuple[str, ...]]:
    """Return the language declared, else the likeliest, what shows it, and what to say of it."""
    facts: tuple[Fact, ...] = ()
    language = flat.language
    if language is None:
        text = "\n".join(line.text for line in flat.lines if line.dropped is None)
        language, confidence = tell_language(text)
        facts = (Fact("language", language, confidence, "the words of the text"),)
        if otherwise and confidence < _CLEAR_LANGUAGE:
            return otherwise, facts, ()
    code = language.split("-")[0].lower()
    if code == "en":
        return language, facts, ()
    name = f"{NAMES[code]} ({code})" if code in NAMES else f"in the language {code}"
    verb = "is" if flat.language else "seems to be"
    return language, facts, (f"the text {verb} {name}",)


def _region(language: str, blocks: tuple[Block, ...]) -> tuple[str, tuple[Fact, ...]]:
    """Return the language with the region that decides how dates are read, and what shows it."""
    if language.lower() != "en":
        return language, ()
    text = " ".join(block.text for block in blocks if block.dropped is None)
    if not is_british(text):
        return language, ()
    return "en-GB", (Fact("language", "en-GB", 0.8, "spelling, money and dates of the text"),)


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
