"""Sentence boundaries against labelled paragraphs."""

from __future__ import annotations

import json
import sys

from audiobrief.text.sentences import split_sentences
from tests.eval.figure import DATA, Figure


def failures() -> list[tuple[list[str], list[str]]]:
    """Return what was found and what is right, for each paragraph where they differ."""
    pairs = [(split_sentences(case["text"]), case["sentences"]) for case in _cases()]
    return [(found, right) for found, right in pairs if found != right]


def measure() -> list[Figure]:
    """Return the share of paragraphs in which every boundary is right."""
    count = len(_cases())
    if not count:
        return []
    value = 1 - len(failures()) / count
    return [Figure("sentences: paragraphs all right", value, count, "news paragraphs", 0.97)]


def _cases() -> list[dict]:
    path = DATA / "sentences.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def _list_failures() -> None:
    """Print every paragraph that is divided wrongly: ``python -m tests.eval.sentences``."""
    for found, right in failures():
        sys.stdout.write("found: " + " | ".join(found) + "\nright: " + " | ".join(right) + "\n\n")


if __name__ == "__main__":
    _list_failures()
