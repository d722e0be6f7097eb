"""The author of a web page: declared by the page, and sure only when the page also prints it."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from audiobrief.ingest.declared import Declared, names_of, plain
from audiobrief.ingest.title import letters
from audiobrief.model.article import Fact
from audiobrief.text.page.byline import find_byline, is_person, join_names, split_names
from audiobrief.text.page.headline import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_AUTHOR_OPENER = re.compile(r"^(?:written by|posted by|by|author)\s*:?\s+", re.IGNORECASE)
#: Where a page's own text names its author: short lines, no paragraphs.
_SIGNED_CHARACTERS = 120
_AUTHOR_METAS = (
    "author", "article:author", "parsely-author", "dc.creator", "dcterms.creator",
    "citation_author", "sailthru.author", "cxenseparse:author", "article.author", "byl",
)  # fmt: skip


def find_author(
    declared: Declared,
    article: Mapping[str, Any],
    lines: Sequence[str],
    outlet: str,
    *,
    kept: str | None = None,
) -> Fact | None:
    """Return the author: sure when declared and printed.

    What two elements declare is no proof: systems fill both with whoever typed the page in. Nor is
    what a feed says (``kept``), which the same systems write.
    """
    told = {
        "structured data": names_of(article.get("author"), declared.by_id, persons=True),
        "meta elements": list(declared.values(*_AUTHOR_METAS)),
        "an author link": list(declared.signed),
        "kept with the page": [plain(kept)] if kept else [],
    }
    sources: defaultdict[str, set[str]] = defaultdict(set)
    spelled: dict[str, str] = {}
    for source, values in told.items():
        names = _persons(values, outlet)
        if names:
            spelled.setdefault(names.casefold(), names)
            sources[names.casefold()].add(source)
    if not spelled:
        return None
    short = [line for line in lines if len(line) <= _SIGNED_CHARACTERS]
    where = {key: printed_as_author(spelled[key], short) for key in spelled}
    best = max(spelled, key=lambda key: (where[key], len(sources[key]), len(key)))
    rivals = [k for k in spelled if k != best and not set(words_of(k)) <= set(words_of(best))]
    confidence = (0.5, 0.8, 0.95)[where[best]]
    if where[best] == 0 and len(sources[best]) > 1:
        confidence = 0.7
    if any(where[r] >= where[best] for r in rivals):
        confidence = 0.4
    source = ", ".join(sorted(sources[best])) + (", printed on the page" if where[best] else "")
    return Fact("author", spelled[best], confidence, source)


def _persons(values: Sequence[str], outlet: str) -> str | None:
    """Return the persons among declared authors as one byline; ``None`` when one is none."""
    names: dict[str, str] = {}
    for value in values[:10]:
        for name in split_names(_AUTHOR_OPENER.sub("", value)):
            if is_person(name.partition(", ")[0]) and letters(name) != letters(outlet):
                names.setdefault(name.casefold(), name)
    return join_names(names.values()) if 0 < len(names) <= 4 else None


def printed_as_author(names: str, lines: Sequence[str]) -> int:
    """Return 2 when a line says that all of them wrote it, 1 when one is their name, else 0."""
    wanted = [words_of(name) for name in re.split(r", | and ", names)]
    best = 0
    for line in lines:
        words = words_of(line)
        if not all(set(name) <= set(words) for name in wanted):
            continue
        said = find_byline(line)
        if said and all(set(name) <= set(words_of(said)) for name in wanted):
            return 2
        if words[: len(wanted[0])] == wanted[0] and len(words) <= 8 + 3 * len(wanted):
            best = 1
    return best
