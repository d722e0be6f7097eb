"""Two sample pages, the shipped one and one beside the project: what must be heard, counted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import audiobrief
from audiobrief.ingest.extract import extract
from audiobrief.ingest.source import Document, DocumentKind
from audiobrief.model.script import Role
from audiobrief.script.cast import Casting
from audiobrief.script.plan import plan
from tests.eval.figure import SHARED, Figure

if TYPE_CHECKING:
    from audiobrief.model.article import Article
    from audiobrief.model.script import Script


@dataclass(frozen=True, slots=True)
class Sample:
    """A page, and what a listener must hear of it."""

    path: Path
    #: Who says the long quotations, in their order.
    speakers: tuple[str, ...]
    paragraphs: int
    words: int
    #: Stands behind the names of its figures.
    label: str = ""


SAMPLES = (
    Sample(
        SHARED / "articles" / "free-syrian-army.txt",
        (
            "Sergei Lavrov",
            "Issam al-Reis",
            "Sergei Gavrilov",
            "Issam al-Reis",
            "Louay Al-Safi",
        ),
        22,
        649,
    ),
    Sample(
        Path(audiobrief.__file__).parent / "samples" / "harbor-ferry.txt",
        ("Tomas Adeyemi", "Ilse Marchetti", "Ravi Lindqvist", "Oona Brandt"),
        20,
        489,
        ", own page",
    ),
)


def measure() -> list[Figure]:
    """Return the share of the samples' expectations that hold; without the shared one, ours."""
    return [figure for s in SAMPLES if s.path.exists() for figure in _figures(s)]


def _figures(sample: Sample) -> list[Figure]:
    raw = sample.path.read_bytes()
    article = extract(Document(sample.path.name, DocumentKind.TEXT, raw))
    script = plan(article, Casting("anchor", ("guest-1", "guest-2", "guest-3")))
    said = _speakers(script)
    right = sum(a == b for a, b in zip(said, sample.speakers, strict=False))
    exact = (len(article.body), article.word_count) == (sample.paragraphs, sample.words)
    long_quotes = right / max(len(sample.speakers), len(said))
    return [
        Figure(f"sample: long quotes{sample.label}", long_quotes, len(sample.speakers),
               ", ".join(said), 1.0),
        Figure(f"sample: paragraphs and words{sample.label}", float(exact), sample.paragraphs,
               "", 1.0),
        Figure(f"sample: dropped lines with a reason{sample.label}", _reasons(article),
               len(article.blocks), "", 1.0),
    ]  # fmt: skip


def _speakers(script: Script) -> list[str]:
    """Return the speakers of the quotations, one for each paragraph that holds some."""
    paragraphs = {s.paragraph: s.speaker for s in script.segments if s.role is Role.QUOTE}
    return [speaker for speaker in paragraphs.values() if speaker]


def _reasons(article: Article) -> float:
    named = [b for b in article.blocks if b.dropped is None or b.dropped.strip()]
    return len(named) / len(article.blocks)
