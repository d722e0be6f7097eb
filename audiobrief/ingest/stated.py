"""What a file's head states of its article: read from front matter, and written as such."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from audiobrief.ingest.encoding import decode
from audiobrief.ingest.front_matter import list_of
from audiobrief.text.page.dateline import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: May stand in front matter as it is, for every reader of YAML.
_PLAIN = re.compile(r"[^\W_](?:[^\n\"'\\<>\[\]{}#:]|:(?=[^\s])|#(?<=\S#)){0,500}")
_PLAIN_ENTRY = re.compile(r"[^\W_](?:[\w .&+/-]{0,98}\w)?")
#: A date with its time of day and its zone; shorter ones are read as they are printed.
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})\s*", re.DOTALL)
_ADDRESS = ("http://", "https://")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-\w{1,8})*")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a source states of an article, as it writes it; empty values count as none."""

    url: str | None = None
    title: str | None = None
    #: Aware.
    published: datetime | None = None
    #: One or several, as they are to be read.
    byline: str | None = None
    outlet: str | None = None
    #: RFC 5646.
    language: str | None = None
    tags: tuple[str, ...] = ()
    #: The name of what it came in with: a feed, a list, a mailbox.
    source: str | None = None
    #: Its address.
    picture: str | None = None

    def __post_init__(self) -> None:
        """Refuse a moment that nobody could place."""
        if self.published is not None and self.published.tzinfo is None:
            message = "published must be aware"
            raise ValueError(message)


NOTHING_STATED = Stated()


def stated_of(front: Mapping[str, str]) -> Stated:
    """Return what front matter states, under the names that blogs and clippers use.

    Args:
        front: Keys in lower case.
    """

    def first(*keys: str) -> str | None:
        return next((front[k] for k in keys if front.get(k, "").strip()), None)

    source = first("source")
    url = first("url", "canonical", "canonical_url", "link")
    language = first("language", "lang")
    outlet = first("outlet", "site", "publisher")
    # Where the outlet is told, if only as empty, source is what it says; else people mean both.
    if source and "outlet" not in front:
        if source.startswith(_ADDRESS):  # Clippers file the page's address under it.
            url, source = url or source, None
        else:
            outlet = source
    return Stated(
        url=url if url and url.startswith(_ADDRESS) else None,
        title=first("title", "headline"),
        published=read_date(first("date", "published", "created") or ""),
        byline=_names(first("byline", "author", "authors")),
        outlet=outlet,
        language=language if language and _LANGUAGE.fullmatch(language) else None,
        tags=_tags(first("tags", "keywords", "categories")),
        source=source,
        picture=first("picture", "image", "cover"),
    )


def render_head(stated: Stated) -> str:
    r"""Return front matter of which ``stated_of`` gives back the same, row by row.

    Nothing in it ends a comment of HTML. Without anything to state it is one row all the same, so
    that a text never has its own first lines taken for it.

    >>> print(render_head(Stated(title="Rain", tags=("weather", "a, b"), outlet="x")), end="")
    title: Rain
    outlet: x
    tags: ["weather", "a, b"]
    """
    date = stated.published.isoformat() if stated.published else None
    rows = [
        ("url", stated.url),
        ("title", stated.title),
        ("date", date),
        ("author", stated.byline),
        ("outlet", stated.outlet),
        ("language", stated.language),
        ("source", stated.source),
        ("picture", stated.picture),
    ]
    told = [(key, _scalar(key, value)) for key, value in rows if value]
    if stated.byline and stated.byline.strip().startswith("["):  # else it would be a list
        told = [(k, _list((stated.byline,)) if k == "author" else v) for k, v in told]
    if stated.outlet is None:
        told.append(("outlet", '""'))
    if stated.tags:
        told.append(("tags", _list(stated.tags)))
    return "".join(f"{key}: {value}\n" for key, value in told)


def read_date(text: str) -> datetime | None:
    """Return a date as front matter has it: to the second where it tells time and zone."""
    if _INSTANT.fullmatch(text):
        try:
            return datetime.fromisoformat(text.strip())
        except ValueError:  # a form of its own, or a day that does not exist
            return parse_date(text)
    return parse_date(text)


def _names(value: str | None) -> str | None:
    """Return the authors of front matter as they are read: a list as an enumeration."""
    names = list_of(value) if value else []
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:]))) or None


def _tags(value: str | None) -> tuple[str, ...]:
    tags = list_of(value) if value else []
    if len(tags) == 1 and value and not value.strip().startswith("["):
        tags = value.split(",")
    return tuple(dict.fromkeys(tag for tag in (t.strip() for t in tags) if tag))


def _list(values: Iterable[str]) -> str:
    values = tuple(values)
    if all(_PLAIN_ENTRY.fullmatch(value) and value.isascii() for value in values):
        return f"[{', '.join(values)}]"
    return f"[{', '.join(_quoted('', value) for value in values)}]"


def _scalar(key: str, value: str) -> str:
    plain = _PLAIN.fullmatch(value) and " ".join(value.split()) == value
    return value if plain and _is_stable(f"{key}: {value}") else _quoted(key, value)


def _quoted(key: str, value: str) -> str:
    """Quote a value as JSON and YAML do; what ends a comment of HTML is written by its number."""
    text = json.dumps(value, ensure_ascii=False)
    if not _is_stable(f"{key}: {text}"):
        text = json.dumps(value)
    return text.replace("<", r"\u003c").replace(">", r"\u003e")


def _is_stable(row: str) -> bool:
    """Tell whether a row is read as it is written: not taken for damage, and mended."""
    try:
        raw = row.encode()
    except UnicodeEncodeError:
        return False
    return decode(raw).text == row
