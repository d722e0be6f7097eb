"""Rows of a page of a PDF, made of the pieces of text that are placed on it."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audiobrief.ingest.flatten import raised

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Widths of letters as shares of their height, as fonts of text have them on average: pypdf tells
#: where a piece starts, not where it ends.
_WIDTHS = (("iljtf.,;:'|!I()[]-\u2019", 0.3), ("mwMW@\u2014%", 0.85), (" ", 0.26))
_WIDTH_OF = {letter: width for letters, width in _WIDTHS for letter in letters}
_CAPITAL_WIDTH = 0.68
_LETTER_WIDTH = 0.48
#: A gap of so many heights parts columns: between words it is a third, justified twice that.
_COLUMN_GAP = 1.6
#: A piece that starts so far before the end of the last, in shares of its width, is another row.
_OVERLAP = 0.5
#: Pieces within so much of a row's height are on it: raised marks are a third above.
_SAME_ROW = 0.5
#: A mark of a footnote is so much smaller than its row.
_MARK_SIZE = 0.8
_MARK = re.compile(r"\s{0,9}(?:\d{1,3}(?:\s?,\s?\d{1,3}){0,9}|[*\u2020\u2021\u00a7]{1,3})\s{0,9}")
_LIGATURES = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
        "\u00a0": " ",
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of print: what stands side by side and was written in one go."""

    #: Counted from 0.
    page: int
    text: str
    #: Where it starts, in points from the left and from the bottom of the page as it is read.
    x: float
    y: float
    #: Height of its letters, in points.
    size: float
    is_bold: bool = False
    #: It runs across the page, as notes in the margin do.
    is_turned: bool = False

    @property
    def end(self) -> float:
        """Where it ends, in points from the left, as estimated from its letters."""
        return self.x + width_of(self.text, self.size)


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is, in points."""
    return size * sum(
        _WIDTH_OF.get(c, _CAPITAL_WIDTH if c.isupper() else _LETTER_WIDTH) for c in text
    )


@dataclass(slots=True)
class _Piece:
    text: str
    x: float
    y: float
    size: float
    is_bold: bool
    angle: int
    #: Where it ends along its row, as estimated.
    pen: float = 0.0


@dataclass(slots=True)
class RowMaker:
    """Takes the pieces of one page in the order in which they are written."""

    page: int
    _rows: list[list[_Piece]] = field(default_factory=list)
    _is_open: bool = False

    def take(self, text: str, matrix: Sequence[float], is_bold: bool, size: float) -> None:
        """Take a piece.

        Args:
            text: May end its row with a line feed.
            matrix: Of its beginning, six numbers (ISO 32000-2, 8.3.3).
            is_bold: Of its font.
            size: Of its font, before the matrix.
        """
        a, b, c, d, x, y = matrix
        height = abs(size) * math.hypot(c, d)
        if not text.strip() or not all(map(math.isfinite, (x, y, height))) or height <= 0:
            self._is_open = self._is_open and not text.endswith("\n")
            return
        angle = round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360
        for number, line in enumerate(text.rstrip("\n").split("\n")):
            piece = _Piece(
                line.translate(_LIGATURES), x, y - number * height, height, is_bold, angle
            )
            along, _ = _turned(piece.x, piece.y, angle)
            piece.pen = along + width_of(piece.text, height)
            on_row = self._is_open and number == 0 and _joined(self._rows[-1], piece)
            if line.strip() and not on_row:
                self._rows.append([piece])
            self._is_open = True
        self._is_open = not text.endswith("\n")

    def rows(self) -> list[Row]:
        """Return the rows, turned as the page is read."""
        letters: Counter[int] = Counter()
        for pieces in self._rows:
            letters[pieces[0].angle] += sum(len(p.text) for p in pieces)
        upright = letters.most_common(1)[0][0] if letters else 0
        rows = (self._row(pieces, upright) for pieces in self._rows)
        # Some programs print a row twice, a hair apart, to make it bold.
        once = {(row.text, round(row.x / 2), round(row.y / 2)): row for row in rows if row.text}
        return list(once.values())

    def _row(self, pieces: list[_Piece], upright: int) -> Row:
        main = max(pieces, key=lambda p: (len(p.text.strip()), p.size))
        text = ""
        for piece in pieces:
            small = piece.size < _MARK_SIZE * main.size and piece is not main
            if small and _MARK.fullmatch(piece.text) and text.strip():
                # After a figure it is an exponent, else the mark of a footnote.
                text += raised(piece.text.strip()) if text[-1:].isdigit() else " "
            else:
                text += piece.text
        bold = sum(len(p.text) for p in pieces if p.is_bold)
        x, _ = _turned(pieces[0].x, pieces[0].y, upright)
        _, y = _turned(main.x, main.y, upright)
        row = Row(self.page, " ".join(text.split()), x, y, max(0.1, round(main.size, 1)))
        return replace(
            row,
            is_bold=2 * bold > sum(len(p.text) for p in pieces),
            is_turned=pieces[0].angle != upright,
        )


def _joined(row: list[_Piece], piece: _Piece) -> bool:
    """Add a piece to a row if it stands on it, behind its end and not in another column."""
    first, last = row[0], row[-1]
    if piece.angle != first.angle:
        return False
    (_, base), (start, y) = (_turned(p.x, p.y, p.angle) for p in (first, piece))
    size = max(piece.size, first.size)
    if abs(y - base) > _SAME_ROW * size:
        return False
    if (piece.x, piece.y) == (last.x, last.y):
        # pypdf does not move on behind what it has shown: the piece stands at the row's end.
        piece.pen = last.pen + width_of(piece.text, piece.size)
        row.append(piece)
        return True
    gap = start - last.pen
    if -_OVERLAP * width_of(last.text, last.size) - size <= gap <= _COLUMN_GAP * size:
        row.append(piece)
        return True
    return False


def _turned(x: float, y: float, angle: int) -> tuple[float, float]:
    """Return a place on the page as it is read: its text runs to the right there."""
    return {0: (x, y), 90: (y, -x), 180: (-x, -y), 270: (-y, x)}[angle]
