"""Which lines are the article: word F1 of labelled pages and of our own, as text and as HTML.

``python -m tests.eval.pages`` lists the training pages, worst first, with precision and recall.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from audiobrief.errors import SourceError
from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import Document, DocumentKind
from tests.eval.figure import SHARED, Figure, is_held_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobrief.model.article import Article


LABELLED = SHARED / "eval" / "articles" / "articles-dev.jsonl.gz"
#: NAME.txt or NAME.html, and its spoken body as NAME.body.txt.
OWN = Path(__file__).resolve().parent / "own_pages"
_FORMS = {"form_a": "whole page as text", "form_b": "main element as text", "html": "html"}
#: Asked for on pages that no weight was fitted on: mean, median.
_TARGETS = {"form_a": (0.94, 0.98), "html": (0.955, 0.987)}
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Scored:
    """How much of a page's body was found, and how much else."""

    page: str
    form: str
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean; 0 for a page of which nothing was found."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def labelled_pages() -> list[dict[str, Any]]:
    """Return the labelled pages beside the project; none where they are absent."""
    if not LABELLED.is_file():
        return []
    with gzip.open(LABELLED, "rt", encoding="utf-8") as stream:
        return [json.loads(row) for row in stream]


def score(page: str, form: str, found: str, wanted: str) -> Scored:
    """Compare the words of two texts as multisets, in lower case."""
    first, second = (Counter(_WORD.findall(text.lower())) for text in (found, wanted))
    common = (first & second).total()
    precision = common / first.total() if first else 0.0
    return Scored(page, form, precision, common / second.total() if second else 0.0)


@cache
def article_of(text: str, kind: DocumentKind) -> Article | None:
    """Return the article of a document, read once; ``None``: it is refused."""
    try:
        return extract(Document("page", kind, text.encode()))
    except SourceError:
        return None


def body_of(text: str, kind: DocumentKind) -> str:
    """Return the spoken body of a document; nothing when it is refused."""
    article = article_of(text, kind)
    return "\n".join(block.text for block in article.body) if article else ""


def score_labelled(pages: Iterable[dict[str, Any]]) -> Iterator[Scored]:
    """Score labelled pages in every form they have."""
    for page in pages:
        for form in _FORMS:
            if page[form]:
                kind = DocumentKind.HTML if form == "html" else DocumentKind.TEXT
                yield score(page["id"], form, body_of(page[form], kind), page["main_content"])


def score_own() -> Iterator[Scored]:
    """Score the project's own pages."""
    for path in sorted(OWN.glob("*")):
        if path.suffix == ".html" or (path.suffix == ".txt" and ".body" not in path.suffixes):
            kind = DocumentKind.HTML if path.suffix == ".html" else DocumentKind.TEXT
            wanted = path.with_suffix(".body.txt").read_text("utf-8")
            found = body_of(path.read_text("utf-8"), kind)
            yield score(path.name, "html" if path.suffix == ".html" else "text", found, wanted)


def measure() -> list[Figure]:
    """Return mean and median word F1 by form over training, held-out and own pages."""
    scored = list(score_labelled(labelled_pages()))
    figures: list[Figure] = []
    for form, name in _FORMS.items():
        of_form = [s for s in scored if s.form == form]
        held = [s for s in of_form if is_held_out(s.page)]
        figures += _figures(f"{name}, held-out pages", held, _TARGETS.get(form))
        figures += _figures(f"{name}, training pages", [s for s in of_form if s not in held])
    own = list(score_own())
    for form in ("text", "html"):
        figures += _figures(f"{form}, own pages", [s for s in own if s.form == form])
    return figures


def _figures(
    name: str, scored: Sequence[Scored], targets: tuple[float, float] | None = None
) -> list[Figure]:
    if not scored:
        return []
    values = [s.f1 for s in scored]
    mean, middle = targets or (None, None)
    count, good = len(values), sum(v > 0.95 for v in values)
    found = sum(v > 0 for v in values) / count
    return [
        Figure(f"body {name}: mean", fmean(values), count, f"{good} above .95", mean),
        Figure(f"body {name}: median", median(values), count, "word F1", middle),
        Figure(f"body {name}: found", found, count, "pages with any body", 1.0),
    ]


def render_table(scored: Iterable[Scored]) -> str:
    """Return the pages as rows, worst first."""
    rows = sorted(scored, key=lambda s: s.f1)
    return "\n".join(
        f"{s.f1:.3f}  p {s.precision:.3f}  r {s.recall:.3f}  {s.form:6}  {s.page}" for s in rows
    )


if __name__ == "__main__":
    training = (page for page in labelled_pages() if not is_held_out(page["id"]))
    sys.stdout.write(render_table([*score_own(), *score_labelled(training)]) + "\n")
