"""The script as a Markdown file that a person reads and edits; pure.

Each segment is one line, ``[role · voice · speaker] text``; an empty line ends a paragraph, ``##``
begins a chapter. Below the rule stands what is only told: dropped sentences, words of our own,
notes. The last line seals the file, so that an edit is noticed; one with edits has no seal.
"""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.script.draft import tag_safe
from audiobrief.script.written import BETWEEN, RULE, rows_above_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiobrief.model.article import Article
    from audiobrief.model.episode import Episode
    from audiobrief.model.script import Script, Segment

_SEAL = re.compile(r"<!-- audiobrief: ([0-9a-f]{64}) -->\n?\Z")
#: Stands in the seal's place once a person has edited the file.
_EDITED = "<!-- audiobrief: edited by hand -->"


def render_script(script: Script, *articles: Article) -> str:
    """Return the script as Markdown: what is spoken by whom, and what is not, and why.

    Deterministic: the same script gives the same bytes.

    Args:
        script: What is spoken.
        articles: What it was made of, in the order of the ledger.
    """
    about = (row for article in articles for row in ("", *_about(article)))
    lines = [f"# {_flat(script.title)}", *about]
    paragraph = -1
    for segment in script.segments:
        if segment.chapter is not None:
            lines += ["", f"## {_flat(segment.chapter)}"]
        if segment.chapter is not None or segment.paragraph != paragraph:
            lines.append("")
        paragraph = segment.paragraph
        lines.append(f"[{_tag(segment)}] {_flat(segment.text)}")
    lines += ["", RULE, *_told(script, articles)]
    above = "\n".join((*lines, "", ""))
    if script.generated is not None:
        return f"{above}{_EDITED}\n"
    return f"{above}<!-- audiobrief: {_digest(above)} -->\n"


def _about(article: Article) -> list[str]:
    about = (
        ("Source", article.locator),
        ("By", article.byline),
        ("Outlet", article.outlet),
        ("Published", article.published.isoformat() if article.published else None),
        ("URL", article.url),
    )
    return [f"- {name}: {_flat(value)}" for name, value in about if value]


def rows_told_of(episode: Episode, articles: Sequence[Article]) -> frozenset[str]:
    """Return the rows that only tell something, as the file of a built episode may hold them.

    Args:
        episode: As it was built last.
        articles: As they are now: what an article says of itself may have changed since.
    """
    before = [
        replace(
            article,
            locator=reference.locator,
            byline=reference.byline,
            outlet=reference.outlet,
            url=reference.url,
            published=episode.published,
        )
        for article, reference in zip(articles, episode.articles, strict=False)
    ]
    text_of = {segment.id: segment.text for segment in episode.segments}
    dropped = [(row.reason or "", row.text) for row in episode.ledger]
    added = [(addition.reason, text_of.get(addition.segment, "")) for addition in episode.added]
    told = (f"- [{tag_safe(reason)}] {_flat(text)}" for reason, text in (*dropped, *added))
    about = (row for article in (*articles, *before) for row in _about(article))
    return frozenset((*about, *told))


def _told(script: Script, articles: Sequence[Article]) -> Iterator[str]:
    """Yield what stands below the rule."""
    text_of = {segment.id: segment.text for segment in script.segments}
    dropped = [(row.reason, row.text) for row in script.ledger if row.reason is not None]
    added = [(addition.reason, text_of[addition.segment]) for addition in script.added]
    for title, rows in (("Not spoken", dropped), ("Added", added)):
        if rows:
            yield from ("", f"## {title}", "")
            yield from (f"- [{tag_safe(reason)}] {_flat(text)}" for reason, text in rows)
    notes = (*article_notes(articles), *script.notes)
    if notes:
        yield from ("", "## Notes", "")
        yield from (f"- {_flat(note)}" for note in notes)


def article_notes(articles: Sequence[Article]) -> tuple[str, ...]:
    """Return what was uncertain in articles; of several, with the headline of each."""
    about = {a.id: f"{_flat(a.headline)}: " if len(articles) > 1 else "" for a in articles}
    return tuple(f"{about[a.id]}{note}" for a in articles for note in a.notes)


def is_untouched(text: str) -> bool:
    """Tell whether a script file is as ``render_script`` wrote it.

    Line ends do not count: an editor or a checkout may have changed them.
    """
    text = text.replace("\r\n", "\n")
    match = _SEAL.search(text)
    return match is not None and match[1] == _digest(text[: match.start()])


def with_comments(new: str, old: str) -> str:
    """Return a script file with the comments that a person has written between the spoken lines.

    Each stands above the line above which it stood, by the words of that line; at the end of what
    is spoken where that line is gone.

    Args:
        new: As ``render_script`` returned it.
        old: The file with the comments.
    """
    held: list[str] = []
    by_words: dict[str, list[str]] = {}
    inside = False
    for row in rows_above_rule(old):
        inside = inside or row.lstrip().startswith("<!--")
        if inside:
            held.append(row)
            inside = not row.rstrip().endswith("-->")
        elif held and row.strip():
            by_words.setdefault(_words_of(row), []).extend(held)
            held = []
    if not (by_words or held):
        return new
    above = rows_above_rule(new)
    below = new.split("\n")[len(above) :]
    rows = [r for row in above for r in (*by_words.pop(_words_of(row), ()), row)]
    left = [*(r for rest in by_words.values() for r in rest), *held]
    return "\n".join((*rows, *left, *([""] if left else []), *below))


def _words_of(row: str) -> str:
    row = _flat(row)
    return row.partition("] ")[2] if row.startswith("[") else row


def _tag(segment: Segment) -> str:
    parts = (segment.role.value, segment.voice, segment.speaker)
    return BETWEEN.join(tag_safe(part) for part in parts if part)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()
