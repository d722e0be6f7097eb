"""Fit the weights that find headlines, and write them: ``python -m tests.eval.train_headline``.

Only pages outside the held-out third are read. Each page is seen in five forms: whole; without its
first line (where browsers put the page's title); its main element; without every line that holds
the headline, and its paragraphs alone (here the right answer is mostly "none"); and as people save
articles, headline and paragraphs, also with a headline of three words.
"""

from __future__ import annotations

import gzip
import json
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audiobrief.ingest.plaintext import parse_text
from audiobrief.text.page import headline_weights
from audiobrief.text.page.furniture import split_copies
from audiobrief.text.page.headline import MIN_CONFIDENCE, candidates
from audiobrief.text.page.headline_weights import NO_HEADLINE
from audiobrief.text.page.neighbors import describe_page
from audiobrief.text.page.region import find_regions
from audiobrief.text.plain_words import STOP_WORDS
from tests.eval.figure import is_held_out
from tests.eval.metadata import PAGES, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

TARGET = Path(headline_weights.__file__)
#: Strength of the pull towards zero; 0.3 to 3 differ by less than a page in cross-validation.
_PENALTY = 1.0
_FOLDS = 5
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Sample:
    """One page in one form: what may be its headline, and which of them is."""

    page_id: str
    form: str
    features: tuple[Mapping[str, float], ...]
    #: Sums to 1; the last candidate is "none of these".
    right: NDArray[np.float64]


def read_rows() -> tuple[list[dict[str, Any]], str]:
    """Return the training pages and a digest of what is used of them."""
    with gzip.open(PAGES, "rt", encoding="utf-8") as stream:
        rows = [row for line in stream if not is_held_out((row := json.loads(line))["id"])]
    keys = ("id", "title", "form_a", "form_b", "main_content")
    used = json.dumps([{key: row[key] for key in keys} for row in rows], ensure_ascii=False)
    return rows, sha256(used.encode()).hexdigest()


def samples_of(row: Mapping[str, Any]) -> list[Sample]:
    """Return one page in its forms."""
    lines = row["form_a"].strip().split("\n")
    title = tokens(row["title"] or "")
    joined = " ".join(title)
    forms = {
        "whole": row["form_a"],
        "no title": "\n".join(lines[1:]),
        "main": row["form_b"] or "",
        "no headline": "\n".join(x for x in lines[1:] if joined not in " ".join(tokens(x))),
        "paragraphs": row["main_content"],
        "clean": f"{row['title']}\n\n{row['main_content']}",
        "clean, short title": f"{_shortened(row['title'])}\n\n{row['main_content']}",
    }
    titles = {"clean, short title": tokens(_shortened(row["title"] or ""))}
    return [
        _sample(row["id"], form, text, titles.get(form, title))
        for form, text in forms.items()
        if text.strip()
    ]


def _shortened(title: str | None) -> str:
    """Return the first three words that carry meaning, as briefs are headed."""
    words = [w for w in (title or "").split() if w.lower() not in STOP_WORDS and w.isalpha()]
    return " ".join(words[:3]) if len(words) >= 3 else title or ""


def _sample(page_id: str, form: str, text: str, title: Sequence[str]) -> Sample:
    lines = [copy for line in parse_text(text) for copy in split_copies(line.text)]
    facts = describe_page(lines)
    found = candidates(lines, facts, find_regions(facts))
    right = np.array([tokens(c.text) == title for c in found] + [False], float)
    if form == "no headline" or not right.any():
        right[:] = 0.0
        right[-1] = 1.0
    features = (*(c.features for c in found), {NO_HEADLINE: 1.0})
    return Sample(page_id, form, features, right / right.sum())


def fit(samples: Sequence[Sample], penalty: float = _PENALTY) -> dict[str, float]:
    """Return the weights under which the right candidates are likeliest (damped Newton steps)."""
    names = sorted({name for s in samples for f in s.features for name in f})
    matrices = [_matrix(sample, names) for sample in samples]
    weights = np.zeros(len(names))
    loss = _loss(weights, matrices, samples, penalty)
    for _ in range(_STEPS):
        slope, curvature = -penalty * weights, penalty * np.eye(len(names))
        for x, sample in zip(matrices, samples, strict=True):
            chance = _softmax(x @ weights)
            mean = x.T @ chance
            slope += x.T @ (sample.right - chance)
            curvature += (x * chance[:, None]).T @ x - np.outer(mean, mean)
        step = np.linalg.solve(curvature, slope)
        length = 1.0
        while (
            new := _loss(weights + length * step, matrices, samples, penalty)
        ) > loss and length > 1e-6:
            length /= 2
        weights, gain, loss = weights + length * step, loss - new, new
        if gain < 1e-7:
            break
    return {name: round(float(w), 2) for name, w in zip(names, weights, strict=True)}


def _matrix(sample: Sample, names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[f.get(name, 0.0) for name in names] for f in sample.features])


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    chance = np.exp(scores - scores.max())
    return np.asarray(chance / chance.sum())


def _loss(
    weights: NDArray[np.float64],
    matrices: Sequence[NDArray[np.float64]],
    samples: Sequence[Sample],
    penalty: float,
) -> float:
    total = 0.5 * penalty * float(weights @ weights)
    for x, sample in zip(matrices, samples, strict=True):
        scores = x @ weights
        top = scores.max()
        total += float(np.log(np.exp(scores - top).sum()) + top - sample.right @ scores)
    return total


def cross_validate(samples: Sequence[Sample], penalty: float = _PENALTY) -> dict[str, list[float]]:
    """Return by form: pages, right ones, spoken ones, right ones among these, at a confidence."""
    pages = sorted({s.page_id for s in samples})
    fold_of = {page: i % _FOLDS for i, page in enumerate(pages)}
    table: dict[str, list[float]] = {}
    for fold in range(_FOLDS):
        weights = fit([s for s in samples if fold_of[s.page_id] != fold], penalty)
        for sample in samples:
            if fold_of[sample.page_id] != fold:
                continue
            names = list(weights)
            chance = _softmax(_matrix(sample, names) @ np.array([weights[n] for n in names]))
            best = int(chance[:-1].argmax()) if len(chance) > 1 else 0
            is_right = float(sample.right[best] > 0 and len(chance) > 1)
            is_spoken = float(chance[best] >= MIN_CONFIDENCE and len(chance) > 1)
            row = table.setdefault(sample.form, [0.0, 0.0, 0.0, 0.0])
            for i, value in enumerate((1.0, is_right, is_spoken, is_right * is_spoken)):
                row[i] += value
    return table


def render(weights: Mapping[str, float], digest: str, pages: int, samples: int) -> str:
    """Return the generated module."""
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    rows = "\n".join(f'    "{name}": {value:.2f},' for name, value in ordered)
    return f'''"""Weights of what speaks for and against a headline; generated, do not edit.

Written by ``python -m tests.eval.train_headline`` from {pages} labelled pages in {samples} forms.
SHA-256 of the training data:
{digest}
"""

from __future__ import annotations

#: The alternative that none of the lines is the headline.
NO_HEADLINE = "{NO_HEADLINE}"
#: Log-odds for one unit of a feature.
WEIGHTS = {{
{rows}
}}
'''


def main() -> int:
    """Fit, cross-validate and write."""
    rows, digest = read_rows()
    samples = [sample for row in rows for sample in samples_of(row)]
    for form, (count, right, spoken, both) in cross_validate(samples).items():
        sys.stdout.write(
            f"{form:<20} {right:.0f} of {count:.0f} right; {both:.0f} of {spoken:.0f} spoken\n"
        )
    TARGET.write_text(render(fit(samples), digest, len(rows), len(samples)), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
