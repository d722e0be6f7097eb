"""Fit the weights of the region model: ``python -m tests.eval.train_region`` writes a module.

The pages are two thirds of the labelled ones beside the project; the rest is never looked at. With
``--cv`` nothing is written: five-fold cross-validation over the same pages is printed instead.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from audiobrief.ingest.encoding import decode
from audiobrief.ingest.page import parse_page
from audiobrief.ingest.plaintext import parse_text
from audiobrief.text.page import weights as written
from audiobrief.text.page.furniture import describe_lines, split_copies
from audiobrief.text.page.region import Model, find_regions
from tests.eval.figure import is_held_out
from tests.eval.pages import labelled_pages, score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiobrief.text.page.furniture import Line
    from audiobrief.text.page.lines import LineFacts

TARGET = Path(written.__file__)
COMMAND = "python -m tests.eval.train_region"
#: Penalty of the squared weights, each scaled by how much its feature varies: the best of
#: 0.005, 0.02, 0.05, 0.1 and 0.2 by cross-validation.
_PENALTY = {"TEXT": 0.1, "PAGE": 0.02}
#: A feature that so few pages show says something of those pages.
_LEAST_PAGES = 6
#: A line is article text when so much of it stands in the label, and is not when so little.
_IN_LABEL, _NOT_IN_LABEL = 0.6, 0.25
_SEQUENCE_WORDS = 4
_FOLDS = 5
_WORD = re.compile(r"\w+")
_NEWTON_STEPS = 30


@dataclass(frozen=True, slots=True)
class Sample:
    """The lines of one page in one form, and which of them the label holds."""

    page: str
    lines: tuple[Line, ...]
    facts: list[LineFacts]
    #: 1 text, 0 not, -1 unsure; as long as ``facts``.
    labels: np.ndarray
    truth: str


def samples(model: str) -> list[Sample]:
    """Return the training pages: ``TEXT`` in both flat forms, ``PAGE`` as HTML."""
    found = []
    for page in labelled_pages():
        if is_held_out(page["id"]):
            continue
        for lines in _forms(page, model):
            copied = tuple(_with_copies(lines))
            live, facts, _ = describe_lines(copied)
            texts = [copied[i].text for i in live]
            labels = np.array(list(_labels(texts, page["main_content"])))
            found.append(Sample(page["id"], copied, facts, labels, page["main_content"]))
    return found


def _forms(page: Mapping[str, Any], model: str) -> Iterator[tuple[Line, ...]]:
    if model == "PAGE":
        yield parse_page(decode(page["html"].encode()).text, page["id"]).lines
        return
    for form in ("form_a", "form_b"):
        if page[form]:
            yield parse_text(decode(page[form].encode()).text)


def _with_copies(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        for text in split_copies(line.text):
            yield type(line)(text, line.kind, line.dropped, line.markup)


def _labels(texts: Sequence[str], truth: str) -> Iterator[int]:
    """Yield 1, 0 or -1 for each line by its four-word sequences; short ones must be whole."""
    sequences = set(_sequences(_WORD.findall(truth.lower())))
    whole = {tuple(_WORD.findall(row.lower())) for row in truth.split("\n")}
    for text in texts:
        words = tuple(_WORD.findall(text.lower()))
        if len(words) <= _SEQUENCE_WORDS:
            yield (1 if words in whole else 0) if words else -1
            continue
        own = list(_sequences(words))
        share = sum(s in sequences for s in own) / len(own)
        yield 1 if share >= _IN_LABEL else 0 if share <= _NOT_IN_LABEL else -1


def _sequences(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[i:] for i in range(_SEQUENCE_WORDS)), strict=False)


def fit(training: Sequence[Sample], penalty: float) -> Model:
    """Fit a logistic regression: each page counts alike, and in it long lines more."""
    pages = Counter((name, s.page) for s in training for f in s.facts for name in f.features)
    counts = Counter(name for name, _ in pages)
    names = sorted(name for name, count in counts.items() if count >= _LEAST_PAGES)
    column = {name: i for i, name in enumerate(names)}
    forms = Counter(s.page for s in training)
    rows = np.concatenate([_rows(s, column) for s in training])
    labels = np.concatenate([s.labels for s in training])
    shares = np.concatenate([_shares(s) / forms[s.page] for s in training])
    used = shares > 0
    found = _newton(rows[used], labels[used], shares[used] / shares.sum(), penalty)
    return Model(
        bias=round(float(found[-1]), 2),
        weights={n: w for n in names if (w := round(float(found[column[n]]), 2))},
    )


def _rows(sample: Sample, column: Mapping[str, int]) -> np.ndarray:
    rows = np.zeros((len(sample.facts), len(column) + 1))
    rows[:, -1] = 1.0
    for row, fact in zip(rows, sample.facts, strict=True):
        for name, value in fact.features.items():
            if name in column:
                row[column[name]] = value
    return rows


def _shares(sample: Sample) -> np.ndarray:
    shares = np.log1p([float(f.word_count) for f in sample.facts])
    shares[sample.labels < 0] = 0.0
    return shares / max(1e-9, float(shares.sum()))


def _newton(rows: np.ndarray, labels: np.ndarray, shares: np.ndarray, penalty: float) -> np.ndarray:
    """Return the weights that fit best, shape (features + 1,), the bias last."""
    variance = shares @ (rows - shares @ rows) ** 2
    ridge = penalty * np.maximum(variance, 0.0025)
    ridge[-1] = 1e-6
    found = np.zeros(rows.shape[1])
    for _ in range(_NEWTON_STEPS):
        guess = 1.0 / (1.0 + np.exp(-rows @ found))
        slope = rows.T @ (shares * (guess - labels)) + ridge * found
        curve = (rows * (shares * guess * (1.0 - guess))[:, None]).T @ rows + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-7:
            break
    return found


def _score(sample: Sample, model: Model) -> float:
    """Return the word F1 of the regions alone, without the rules that follow them."""
    live = [line.text for line in sample.lines if line.dropped is None]
    regions = find_regions(sample.facts, model=model)
    kept = [text for text, region in zip(live, regions, strict=True) if region == "body"]
    return score(sample.page, "lines", " ".join(kept), sample.truth).f1


def cross_validate(training: Sequence[Sample], penalty: float) -> list[float]:
    """Return the word F1 of each sample under the weights of the folds it is not in."""
    fold = {s.page: int(sha256(s.page.encode()).hexdigest(), 16) // 3 % _FOLDS for s in training}
    scores = []
    for f in range(_FOLDS):
        model = fit([s for s in training if fold[s.page] != f], penalty)
        scores += [_score(s, model) for s in training if fold[s.page] == f]
    return scores


def render(models: Mapping[str, Model], trained: Mapping[str, Sequence[Sample]]) -> str:
    """Return the module that holds the weights."""
    digest = sha256()
    for name in models:
        for s in trained[name]:
            features = [sorted((n, round(v, 6)) for n, v in f.features.items()) for f in s.facts]
            digest.update(json.dumps([s.page, s.labels.tolist(), features]).encode())
    rows = [
        '"""Weights of the two region models: generated, not to be edited."""',
        "",
        "from __future__ import annotations",
        "",
        f"#: The command that wrote this module: {COMMAND}.",
        "#: Trained on flattened pages of WCXB's development articles (Foley 2026, CC-BY-4.0).",
        f'TRAINED_ON = "sha256:{digest.hexdigest()}"',
    ]
    for name, model in models.items():
        pages, lines = (
            len({s.page for s in trained[name]}),
            sum(len(s.facts) for s in trained[name]),
        )
        ordered = sorted(model.weights.items(), key=lambda item: (-item[1], item[0]))
        rows += [
            "",
            f"#: {pages} pages, {lines} lines; log-odds.",
            f"{name}_BIAS = {model.bias}",
            f"{name} = {{",
            *(f'    "{feature}": {weight},' for feature, weight in ordered),
            "}",
        ]
    return "\n".join(rows) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the weights, or print the cross-validation."""
    trained = {name: samples(name) for name in _PENALTY}
    if "--cv" in arguments:
        for name, training in trained.items():
            scores = np.array(cross_validate(training, _PENALTY[name]))
            print(f"{name}: mean {scores.mean():.4f}, median {np.median(scores):.4f}")
        return 0
    models = {name: fit(trained[name], penalty) for name, penalty in _PENALTY.items()}
    TARGET.write_text(render(models, trained), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
