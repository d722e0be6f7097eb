"""Speakers of quotations against labelled articles: precision, recall, coverage by rule."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass

from audiobrief.text.quotation.quotes import MIN_WORDS, Quotation, find_quotations
from tests.eval.figure import DATA, Figure


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled quotation, and what was found at its place."""

    article: str
    style: str
    paragraph: int
    quote: str
    #: ``None``: nobody can tell by name, so no name may be given.
    label: str | None
    found: Quotation | None
    #: The text has no fuller name than the surname that was given.
    is_surname_enough: bool

    @property
    def speaker(self) -> str | None:
        """Who was given as the speaker."""
        return self.found.speaker if self.found else None

    @property
    def is_right(self) -> bool:
        """Tell whether the speaker given is the labelled one; a surname where no more is known."""
        if self.speaker is None or self.label is None:
            return self.speaker == self.label
        given, label = self.speaker.casefold(), self.label.casefold()
        surname_only = " " not in given and given == label.split()[-1]
        return given == label or (surname_only and self.is_surname_enough)

    @property
    def rule(self) -> str:
        """Name the rule that decided."""
        return self.found.rule if self.found else "not found"


def cases() -> list[Case]:
    """Return all labelled quotations with what is found at their places."""
    found: list[Case] = []
    for path in sorted((DATA / "quotes").glob("*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        paragraphs = article["paragraphs"]
        quotations = find_quotations(paragraphs)
        text = " ".join(paragraphs)
        for label in article["quotes"]:
            quotation = _at(quotations, paragraphs, label["paragraph"], label["quote"])
            found.append(
                Case(
                    article=path.stem,
                    style=article["style"],
                    paragraph=label["paragraph"],
                    quote=label["quote"],
                    label=label["speaker"],
                    found=quotation,
                    is_surname_enough=(label["speaker"] or "") not in text,
                )
            )
    return found


def measure() -> list[Figure]:
    """Return precision and recall of speakers, together and by style, and precision by rule."""
    everything = cases()
    if not everything:
        return []
    styles = sorted({case.style for case in everything})
    figures = [*_two("quotes", everything, (0.98, 0.85))]
    for style in styles:
        figures += _two(f"quotes, {style}", [c for c in everything if c.style == style])
    named = [c for c in everything if c.speaker]
    for rule, count in sorted(Counter(c.rule for c in named).items()):
        right = sum(c.is_right for c in named if c.rule == rule)
        figures.append(Figure(f"quotes by rule: {rule}", right / count, count, "precision"))
    return figures


def _two(
    name: str, some: list[Case], targets: tuple[float | None, float | None] = (None, None)
) -> list[Figure]:
    """Return precision, and recall over quotations of five words or more with a label."""
    given = [c for c in some if c.speaker]
    due = [c for c in some if c.label and len(c.quote.split()) >= MIN_WORDS]
    figures = []
    if given:
        precision = sum(c.is_right for c in given) / len(given)
        figures.append(
            Figure(f"{name}: precision", precision, len(given), "speaker given", targets[0])
        )
    if due:
        recall = sum(c.is_right for c in due) / len(due)
        figures.append(Figure(f"{name}: recall", recall, len(due), "speaker labelled", targets[1]))
    return figures


def _at(
    quotations: tuple[Quotation, ...], paragraphs: list[str], paragraph: int, quote: str
) -> Quotation | None:
    """Return the quotation that begins like a labelled one, marks left out; else one around it."""
    head = quote.strip("\"'\u201c\u201d\u2018\u2019\u00ab\u00bb ")[:60]
    own = [q for q in quotations if q.paragraph == paragraph]
    for q in own:
        inner = paragraphs[paragraph][q.start : q.end].lstrip("\"'\u201c\u2018\u00ab\u201e\u201a ")
        if inner.startswith(head):
            return q
    place = paragraphs[paragraph].find(head)
    return next((q for q in own if q.start <= place < q.end), None)


def _list_failures() -> None:
    """Print the labelled quotations that are wrong or open: ``python -m tests.eval.quotes``."""
    for case in cases():
        if not case.is_right:
            kind = "WRONG" if case.speaker else "open"
            sys.stdout.write(
                f"{kind} {case.article}:{case.paragraph} {case.rule}: {case.speaker!r}, right"
                f" {case.label!r}\n    {case.quote}\n"
            )


if __name__ == "__main__":
    _list_failures()
