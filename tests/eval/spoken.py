"""Spoken form, held against lines of our own and a public set's development half."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.text.speech.spoken import speak_out
from tests.eval.figure import DATA, SHARED, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Of our own wording; whatever a listener would take for right is an answer.
_OWN = DATA / "spoken.json"
_LINES = SHARED / "eval" / "text_normalization"
#: They test punctuation itself: compared as they are.
_EXACT = frozenset(("punctuation", "punctuation_match_input"))
#: Markup and phonemes in brackets: passed through there, taken out here. An engine obeys them.
_REFUSED = "special_text"
_TARGET = 0.9
_IGNORED = re.compile(r"[-,.]")


@dataclass(frozen=True, slots=True)
class Case:
    """One printed line and the spoken forms that are right."""

    kind: str
    printed: str
    expected: tuple[str, ...]

    def is_right(self, spoken: str) -> bool:
        """Tell whether a spoken form is one of those expected, under the set's own rule."""
        if self.kind in _EXACT:
            return spoken in self.expected
        return _folded(spoken) in map(_folded, self.expected)


def measure() -> list[Figure]:
    """Return the share of right lines, by class and of all: our own, and the public set's."""
    return [*_own_figures(), *_public_figures()]


def _own_figures() -> list[Figure]:
    right: dict[str, list[bool]] = {}
    for case in own_cases():
        right.setdefault(case.kind, []).append(case.is_right(speak_out(case.printed).text))
    both = [hit for found in right.values() for hit in found]
    return [
        Figure(f"spoken {kind}, own lines", sum(found) / len(found), len(found))
        for kind, found in (*right.items(), ("all", both))
    ]


def own_cases() -> Iterator[Case]:
    """Yield the lines of our own."""
    for row in json.loads(_OWN.read_text("utf-8")):
        yield Case(row["kind"], row["printed"], tuple(row["expected"]))


def _public_figures() -> list[Figure]:
    right: dict[str, list[bool]] = {}
    for case in cases():
        right.setdefault(case.kind, []).append(case.is_right(speak_out(case.printed).text))
    if not right:
        return []
    figures = [
        Figure(f"spoken {kind}", sum(found) / len(found), len(found), f"{sum(found)} right")
        for kind, found in right.items()
    ]
    both = [hit for found in right.values() for hit in found]
    news = [hit for kind, found in right.items() if kind != _REFUSED for hit in found]
    return [
        *figures,
        Figure(
            "spoken without markup", sum(news) / len(news), len(news), "engine commands left out"
        ),
        Figure("spoken all lines", sum(both) / len(both), len(both), f"{sum(both)} right", _TARGET),
    ]


def cases(folder: Path = _LINES) -> Iterator[Case]:
    """Yield all lines of the set, none where it is absent."""
    for path in sorted(folder.glob("test_cases_*.txt")):
        kind = path.stem.removeprefix("test_cases_")
        lines = path.read_text("utf-8").split("\n")
        if kind == "normalize_with_audio":
            yield from _blocks(kind, lines)
        else:
            for line in filter(None, lines):
                printed, _, expected = line.partition("~")
                yield Case(kind, printed, (expected,))


def _blocks(kind: str, lines: list[str]) -> Iterator[Case]:
    printed, answers = "", []
    for line in [*lines, "~"]:
        if not line.startswith("~"):
            answers.append(line)
            continue
        if printed:
            yield Case(kind, printed, tuple(filter(None, answers)))
        printed, answers = line.replace("~", ""), []


def failures(kind: str | None = None) -> Iterator[tuple[Case, str]]:
    """Yield the lines that are not right, with what is spoken instead."""
    for case in (*own_cases(), *cases()):
        spoken = speak_out(case.printed).text
        if (kind is None or case.kind == kind) and not case.is_right(spoken):
            yield case, spoken


def _folded(text: str) -> str:
    return " ".join(_IGNORED.sub(" ", text.lower()).split())


def main() -> None:
    """List the failures: ``python -m tests.eval.spoken [class]``."""
    for case, spoken in failures(*sys.argv[1:2]):
        wanted = " | ".join(case.expected)
        sys.stdout.write(f"{case.kind}: {case.printed!r}\n  want {wanted!r}\n  have {spoken!r}\n")


if __name__ == "__main__":
    main()
