"""Which lines are the article: word F1 of text and HTML pages, labelled and of our own."""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from audiobrief.errors import SourceError
from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import Document, DocumentKind
from tests.eval.figure import SHARED, Figure, is_held_out

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LABELLED = SHARED / "eval" / "articles" / "articles-dev.jsonl.gz"
_FORMS = {"html": DocumentKind.HTML, "form_a": DocumentKind.TEXT, "form_b": DocumentKind.TEXT}
#: Asked for on pages that no weight was fitted on: mean, median.
_TARGETS = {"html": (0.955, 0.987), "form_a": (0.94, 0.98)}
_WORD = re.compile(r"\w+")


def labelled_pages() -> list[dict[str, Any]]:
    """Return the labelled pages beside the project; none where they are absent."""
    if not LABELLED.is_file():
        return []
    with gzip.open(LABELLED, "rt", encoding="utf-8") as stream:
        return [json.loads(row) for row in stream]


def word_f1(found: str, wanted: str) -> float:
    """Return the F1 of the words of two texts as multisets, in lower case."""
    first, second = (Counter(_WORD.findall(text.lower())) for text in (found, wanted))
    common = (first & second).total()
    return 2 * common / (first.total() + second.total()) if common else 0.0


def body_of(text: str, kind: DocumentKind) -> str:
    """Return the spoken body of a document; nothing when it is refused."""
    try:
        article = extract(Document("page", kind, text.encode()))
    except SourceError:
        return ""
    return "\n".join(block.text for block in article.body)
