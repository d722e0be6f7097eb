"""Score headline, byline, date and outlet against labelled pages; list what went wrong."""

from __future__ import annotations

import gzip
import json
import re
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import normalize
from urllib.parse import urlsplit

from audiobrief.ingest.source import DocumentKind
from tests.eval.figure import DATA, SHARED, Figure, is_held_out
from tests.eval.pages import OWN, article_of

PAGES = SHARED / "eval" / "articles" / "articles-dev.jsonl.gz"
#: Field of the labelled page, what the figures call it, kind of document, wanted share of titles.
FORMS = (
    ("form_a", "form A", DocumentKind.TEXT, 0.60),
    ("html", "HTML", DocumentKind.HTML, 0.75),
)
_BYLINE_TARGET = 0.98


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of one page, beside its labels."""

    page_id: str
    url: str
    headline: str
    byline: str | None
    date: str | None
    outlet: str | None
    title_label: str
    author_label: str
    date_label: str

    @property
    def is_title_right(self) -> bool:
        """The headline has the words of the label, no more and no fewer."""
        return tokens(self.headline) == tokens(self.title_label)

    @property
    def is_byline_right(self) -> bool:
        """All words of the labelled author are in the byline."""
        return set(tokens(self.author_label)) <= set(tokens(self.byline or ""))

    @property
    def is_byline_theirs(self) -> bool:
        """The byline names nobody else: some labels say more than the name ("Jane Roe, Expert")."""
        said, label = set(tokens(self.byline or "")) - {"and"}, set(tokens(self.author_label))
        return label <= said or said <= label

    @property
    def is_outlet_sane(self) -> bool:
        """The outlet's letters or initials stand in the page's address."""
        words = [w for w in tokens(self.outlet or "") if w != "the"]
        host = re.sub(r"[^a-z0-9]", "", (urlsplit(self.url).hostname or "").lower())
        return "".join(words) in host or "".join(w[0] for w in words) in host


def tokens(text: str) -> list[str]:
    """Return the words as the labels' authors compare them.

    >>> tokens("Caf\u00e9 Nord")
    ['cafe', 'nord']
    """
    plain = "".join(c for c in normalize("NFKD", text) if not "\u0300" <= c <= "\u036f")
    return re.findall(r"\w+", plain.lower())


def measure() -> list[Figure]:
    """Return the figures of our own pages, and of every form over training and held-out pages."""
    return [
        *_own_figures(),
        *_labelled_figures(),
    ]


def _own_figures() -> list[Figure]:
    """Return title, byline and date together: eight pages are too few for more."""
    read = read_own()
    parts = (
        ("title exact", [r.is_title_right for r in read]),
        ("byline as labelled", [tokens(r.byline or "") == tokens(r.author_label) for r in read]),
        ("date as labelled", [(r.date or "") == r.date_label for r in read]),
    )
    return [
        Figure(f"metadata: {what}, own pages", sum(hits) / len(hits), len(hits))
        for what, hits in parts
    ]


def read_own() -> list[Read]:
    """Read our own pages; their labels say what is printed on them."""
    rows = json.loads((DATA / "metadata.json").read_text("utf-8"))
    read = []
    for row in rows:
        path = OWN / row["page"]
        kind = DocumentKind.HTML if path.suffix == ".html" else DocumentKind.TEXT
        page = {**row, "id": row["page"], "url": "", "text": path.read_text("utf-8")}
        read.append(_read(page, "text", kind))
    return read


def _labelled_figures() -> list[Figure]:
    return [
        figure
        for form in FORMS
        for part, held_out in (("train", False), ("held out", True))
        for figure in _figures(form, part, held_out=held_out)
    ]


def _figures(
    form: tuple[str, str, DocumentKind, float], part: str, *, held_out: bool
) -> list[Figure]:
    name, label, _, target = form
    read = [r for r in read_pages(name) if is_held_out(r.page_id) == held_out]
    titled = [r for r in read if r.title_label]
    authored = [r for r in read if r.author_label]
    spoken = [r for r in authored if r.byline]
    dated = [r for r in read if r.date_label]
    given = [r for r in dated if r.date]
    named = [r for r in read if r.outlet]
    if not read:
        return []
    unlabelled = sum(1 for r in read if r.byline and not r.author_label)
    wanted = (target, _BYLINE_TARGET) if held_out else (None, None)
    right = sum(r.is_byline_right for r in spoken)
    same_day = sum(r.date == r.date_label for r in given)
    parts = (
        ("title exact", sum(r.is_title_right for r in titled), len(titled), "", wanted[0]),
        ("byline precision", right, len(spoken), f"and {unlabelled} without a label", wanted[1]),
        ("byline of nobody else", sum(r.is_byline_theirs for r in spoken), len(spoken), "", None),
        ("byline recall", right, len(authored), "", None),
        ("date precision", same_day, len(given), "", None),
        ("date recall", same_day, len(dated), "", None),
        ("outlet in the address", sum(r.is_outlet_sane for r in named), len(named), "", None),
    )
    return [
        Figure(f"metadata: {what}, {label}, {part}", hits / count, count, note, goal)
        for what, hits, count, note, goal in parts
        if count
    ]


@cache
def read_pages(form: str) -> tuple[Read, ...]:
    """Read all labelled pages in one form; nothing where they do not lie beside the project."""
    if not PAGES.is_file():
        return ()
    kind = next(kind for name, _, kind, _ in FORMS if name == form)
    with gzip.open(PAGES, "rt", encoding="utf-8") as stream:
        return tuple(_read(json.loads(line), form, kind) for line in stream)


def _read(row: dict[str, Any], form: str, kind: DocumentKind) -> Read:
    labels = (row["title"] or "", row["author"] or "", (row["publish_date"] or "")[:10])
    article = article_of(row[form], kind)
    if article is None:
        return Read(row["id"], row["url"], "", None, None, None, *labels)
    day = article.local_day or (article.published.date() if article.published else None)
    date = day.isoformat() if day else None
    return Read(
        row["id"], row["url"], article.headline, article.byline, date, article.outlet, *labels
    )


def failures(form: str, *, held_out: bool = False) -> list[str]:
    """Return one row for each thing that was read wrongly or not at all, for developers."""
    rows = []
    for r in read_pages(form):
        if is_held_out(r.page_id) != held_out:
            continue
        if not r.is_title_right:
            rows.append(f"{r.page_id} title   {r.headline!r}\n{'':13}wanted {r.title_label!r}")
        if r.byline and not (r.author_label and r.is_byline_right):
            rows.append(f"{r.page_id} byline  {r.byline!r} wanted {r.author_label!r}")
        if not r.byline and r.author_label:
            rows.append(f"{r.page_id} silent  wanted {r.author_label!r}")
        if r.date and r.date_label and r.date != r.date_label:
            rows.append(f"{r.page_id} date    {r.date} wanted {r.date_label}")
        if r.outlet and not r.is_outlet_sane:
            rows.append(f"{r.page_id} outlet  {r.outlet!r} of {r.url}")
    return rows


if __name__ == "__main__":
    sys.stdout.write("\n".join(failures(sys.argv[1] if len(sys.argv) > 1 else "form_a")) + "\n")
