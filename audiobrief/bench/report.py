"""What was measured: as lines for a terminal, as a document, as tables for the README (pure)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from audiobrief.bench.contenders import STANDARD
from audiobrief.bench.figure import Figure
from audiobrief.bench.parts import length_in_words

if TYPE_CHECKING:
    from audiobrief.bench.figure import Spread
    from audiobrief.bench.machine import Machine
    from audiobrief.bench.rounds import Row

TABLE_HEAD = """\
| episode | from | way | CPU s | against concat | wall s | against concat | peak MB, largest process | all together | MP3 |
|---|---|---|--:|--:|--:|--:|--:|--:|--:|
"""  # noqa: E501 - a table
_FIGURES_HEAD = """\
| figure | measured | yardstick |
|---|--:|---|
"""
_NOTES = (
    "Medians of rounds in which all took turns; ratios are taken within a round, with the lowest "
    "and the highest. CPU is user and system time of all processes, memory the peak of the largest "
    "one, and of all together as seen every 20 ms. Every way encodes 96 kbit/s, 44.1 kHz mono at "
    "LAME quality 7. From text: synthesis is part of it. Edited: one word, after a full run."
)


@dataclass(slots=True)
class Report:
    """All that was measured."""

    machine: Machine
    figures: list[Figure] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    #: What could not be measured, and why.
    left_out: list[str] = field(default_factory=list)

    def add(self, measured: Row | Figure) -> None:
        """Take a result in."""
        if isinstance(measured, Figure):
            self.figures.append(measured)
        else:
            self.rows.append(measured)

    @property
    def is_good(self) -> bool:
        """Whether every yardstick is reached."""
        return all(figure.is_good for figure in self.figures)

    def as_document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "machine": self.machine.as_row(),
            "figures": [figure.as_row() for figure in self.figures],
            "sound": [row.as_row() for row in self.rows],
            "left_out": self.left_out,
        }

    def as_markdown(self) -> str:
        """Return it as the README has it."""
        parts = [f"{self.machine}\n"]
        if self.rows:
            parts += [TABLE_HEAD + "".join(map(_table_row, self.rows)), f"{_NOTES}\n"]
        if self.figures:
            parts.append(_FIGURES_HEAD + "".join(map(_figure_row, self.figures)))
        if self.left_out:
            parts.append("".join(f"- left out: {what}\n" for what in self.left_out))
        return "\n".join(parts)


# -- a terminal ----------------------------------------------------------------------------------


def line_of(measured: Row | Figure) -> str:
    """Return a result as a line."""
    return _figure_line(measured) if isinstance(measured, Figure) else _row_line(measured)


def _figure_line(figure: Figure) -> str:
    told = f"{figure.group:<8}  {figure.name:<56}  {figure.value:8.2f} {figure.unit}"
    if figure.yardstick is None:
        return told.rstrip()
    verdict = "ok" if figure.is_good else "MISSED"
    return f"{told:<80}  {figure.bound}: {verdict}"


def _row_line(row: Row) -> str:
    length = length_in_words(row.length_s)
    start = f"{'sound':<8}  {length:>6} from {row.contender.source:<5}  {row.contender.name:<29}"
    if not row.runs:
        return f"{start}  {row.failure}"
    memory = row.spread("tree_mb") or row.spread("largest_mb")
    cells = (
        f"{_median(row.spread('cpu_s'))} s CPU",
        f"{_ratio(row.against_standard('cpu_s')):>18}",
        f"{_median(row.spread('wall_s'))} s",
        f"{_median(memory, 0)} MB" if memory else "",
        row.failure or "",
    )
    return "  ".join((start, *cells)).rstrip()


# -- Markdown ------------------------------------------------------------------------------------


def _table_row(row: Row) -> str:
    cells: tuple[str, ...]
    if row.runs:
        cells = (
            _median(row.spread("cpu_s")),
            _ratio(row.against_standard("cpu_s")),
            _median(row.spread("wall_s")),
            _ratio(row.against_standard("wall_s")),
            _median(row.spread("largest_mb"), 0),
            _median(row.spread("tree_mb"), 0),
            _clock(row.spread("sound_s")),
        )
    else:
        cells = (row.failure or "", *[""] * 6)
    if row.contender.key == STANDARD:
        cells = tuple("1" if at in {1, 3} and row.runs else c for at, c in enumerate(cells))
    name = row.contender.name.replace("|", "\\|")
    start = (length_in_words(row.length_s), row.contender.source, name)
    return f"| {' | '.join(cell.strip() for cell in (*start, *cells))} |\n"


def _figure_row(figure: Figure) -> str:
    value = f"{figure.value:.2f} {figure.unit}".strip()
    if figure.low is not None and figure.high is not None:
        value += f" ({figure.low:.2f} to {figure.high:.2f})"
    verdict = ("" if figure.is_good else ", missed") if figure.yardstick is not None else ""
    return f"| {figure.name} | {value} | {figure.bound}{verdict} |\n"


def _median(value: Spread | None, digits: int = 2) -> str:
    return "not told" if value is None else f"{value.median:8.{digits}f}"


def _ratio(value: Spread | None) -> str:
    """Return a ratio with its spread.

    >>> from audiobrief.bench.figure import Spread
    >>> _ratio(Spread(1.0, 0.9, 1.234))
    '1.00 (0.90 to 1.23)'
    """
    return "" if value is None else f"{value.median:.2f} ({value.low:.2f} to {value.high:.2f})"


def _clock(value: Spread | None) -> str:
    """Return a length as minutes and seconds."""
    if value is None:
        return ""
    minutes, seconds = divmod(round(value.median), 60)
    return f"{minutes}:{seconds:02}"
