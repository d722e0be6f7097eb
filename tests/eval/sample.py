"""The sample page beside the project: what a listener must hear of it, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.model.script import Role
from audiobrief.script.cast import Casting
from audiobrief.script.plan import plan
from tests.eval.figure import SHARED, Figure

if TYPE_CHECKING:
    from audiobrief.model.article import Article
    from audiobrief.model.script import Script

PAGE = SHARED / "articles" / "free-syrian-army.txt"
#: Who says the long quotations, in their order.
SPEAKERS = (
    "Sergei Lavrov",
    "Issam al-Reis",
    "Sergei Gavrilov",
    "Issam al-Reis",
    "Louay Al-Safi",
)
PARAGRAPHS = 22
WORDS = 649


def measure() -> list[Figure]:
    """Return the share of the sample's expectations that hold; nothing without the sample."""
    if not PAGE.exists():
        return []
    article = extract(Document("free-syrian-army.txt", DocumentKind.TEXT, PAGE.read_bytes()))
    script = plan(article, Casting("anchor", ("guest-1", "guest-2", "guest-3")))
    said = _speakers(script)
    right = sum(a == b for a, b in zip(said, SPEAKERS, strict=False))
    return [
        Figure("sample: long quotes", right / max(len(SPEAKERS), len(said)), len(SPEAKERS),
               ", ".join(said), 1.0),
        Figure("sample: paragraphs and words", _body(article), PARAGRAPHS, "", 1.0),
        Figure("sample: dropped lines with a reason", _reasons(article), len(article.blocks),
               "", 1.0),
    ]  # fmt: skip


def _speakers(script: Script) -> list[str]:
    """Return the speakers of the quotations, one for each paragraph that holds some."""
    paragraphs = {s.paragraph: s.speaker for s in script.segments if s.role is Role.QUOTE}
    return [speaker for speaker in paragraphs.values() if speaker]


def _body(article: Article) -> float:
    exact = (len(article.body), article.word_count) == (PARAGRAPHS, WORDS)
    return 1.0 if exact else 0.0


def _reasons(article: Article) -> float:
    named = [b for b in article.blocks if b.dropped is None or b.dropped.strip()]
    return len(named) / len(article.blocks)
