"""``audiobrief bench``: the measured figures of this installation against the yardsticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLES = """
audiobrief bench
audiobrief bench --asr             how well the voices are understood
audiobrief bench --json
"""


class Figure(NamedTuple):
    """One measured figure; the yardstick is what it should reach."""

    group: str
    name: str
    value: float
    unit: str
    #: The least that is good; ``None``: the figure is only told.
    yardstick: float | None = None

    @property
    def is_good(self) -> bool:
        """Whether it reaches its yardstick, if it has one."""
        return self.yardstick is None or self.value >= self.yardstick


@click.command(cls=Command, examples=EXAMPLES)
@click.option(
    "asr", "--asr", is_flag=True,
    help="Instead let a speech recognizer hear the shipped voices (the extra [asr]).",
)  # fmt: skip
@common_flags()
def command(asr: bool, common: Common) -> int:
    """Measure how fast things are here, against the yardsticks; takes about a minute.

    With --asr: of the words of the shipped sample, how many a recognizer gets right, voice by
    voice. It knows the text; some ten seconds a voice.

    Exit code 1: a figure misses its yardstick.
    """
    figures = []
    for measure in (_hearing,) if asr else GROUPS:
        for figure in measure():
            figures.append(figure)
            if not common.json and not (common.quiet and figure.is_good):
                click.echo(_line(figure))
    if common.json:
        rows = [figure._asdict() | {"good": figure.is_good} for figure in figures]
        print_json({"figures": rows})
    return 0 if all(figure.is_good for figure in figures) else 1


def _line(figure: Figure) -> str:
    told = f"{figure.group:<8}  {figure.name:<32}  {figure.value:8.2f} {figure.unit}"
    if figure.yardstick is None:
        return told.rstrip()
    verdict = "ok" if figure.is_good else "MISSED"
    return f"{told:<62}  at least {figure.yardstick:g}: {verdict}"


def _speech() -> Iterator[Figure]:
    """Speed of the embedded voice: alone, and through its worker."""
    from audiobrief.speak.bench import LEAST_SHARE, measure_speech  # noqa: PLC0415 - fast --help

    for speed in measure_speech():
        name = speed.engine
        yield Figure("speech", f"{name}, bare loop", speed.bare_x, "x real time")
        yield Figure("speech", f"{name}, worker", speed.worker_x, "x real time")
        yield Figure("speech", f"{name}, worker / bare loop", speed.share, "", LEAST_SHARE)


def _hearing() -> Iterator[Figure]:
    """How well the shipped voices are understood."""
    from audiobrief.pipeline.audition import (  # noqa: PLC0415 - fast --help
        LEAST_UNDERSTOOD,
        read_by,
        sample_texts,
        shipped_cast,
        word_error_rate,
    )

    texts = sample_texts()
    for voice in shipped_cast():
        rate = word_error_rate(read_by(voice, texts), texts)
        least = LEAST_UNDERSTOOD[voice.name == "anchor"]
        yield Figure("hearing", f"{voice.name}, words understood", 1 - rate, "", least)


#: One function for each group of figures of speed, in the order in which they are shown.
GROUPS: tuple[Callable[[], Iterator[Figure]], ...] = (_speech,)
