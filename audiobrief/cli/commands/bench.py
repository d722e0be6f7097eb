"""``audiobrief bench``: the measured figures of this installation against the yardsticks."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from audiobrief.bench.parts import MOST_ROUNDS, PROOFS, Part, parse_parts
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from audiobrief.bench.figure import Figure
    from audiobrief.bench.report import Report
    from audiobrief.bench.rounds import Row

#: Sentences are changed so often at least.
LEAST_REVIEWED = 5

EXAMPLES = """
audiobrief bench                                   speech, and sound of 3 minutes
audiobrief bench --sound 3m,30m --rounds 5         episodes of other lengths
audiobrief bench --sound all --markdown            hours: all that the README shows
audiobrief bench --asr                             how well the voices are understood
audiobrief bench --serve                           how much the server answers
audiobrief bench --review                          how soon a changed sentence is heard
audiobrief bench --costs                           what an article takes, for plans of many
audiobrief bench --catalogue                       shows of 1,000 and 10,000 articles
audiobrief bench --catalogue --articles 100000     minutes, and a gigabyte of disk
audiobrief bench --json
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.option(
    "asr", "--asr", is_flag=True,
    help="Instead let a speech recognizer hear the shipped voices (the extra [asr]).",
)  # fmt: skip
@click.option(
    "serve", "--serve", is_flag=True,
    help="Instead let wrk ask the server; beside nginx, where that is installed.",
)  # fmt: skip
@click.option(
    "review", "--review", is_flag=True,
    help="Instead change sentences of an hour on the review page, in Chromium if it is installed.",
)  # fmt: skip
@click.option(
    "costs", "--costs", is_flag=True,
    help="Instead measure what an article of 600 words takes: CPU, storage.",
)  # fmt: skip
@click.option(
    "catalogue", "--catalogue", is_flag=True,
    help="Instead let commands find their way among thousands of articles and episodes.",
)  # fmt: skip
@click.option(
    "articles", "--articles", metavar="N", type=click.IntRange(1, 1_000_000), multiple=True,
    default=(1_000, 10_000), show_default=True,
    help="With --catalogue: so many, a tenth of them episodes; may be repeated.",
)  # fmt: skip
@click.option(
    "sound", "--sound", metavar="PARTS", default="3m", show_default=True,
    help="Lengths, and cores, segments, edit; each with :ROUNDS if it has its own; or all.",
)  # fmt: skip
@click.option(
    "rounds", "--rounds", metavar="N", type=click.IntRange(1, MOST_ROUNDS), default=3,
    show_default=True, help="So often the ways to an MP3 take turns.",
)  # fmt: skip
@click.option(
    "keep", "--keep", metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
    help="Work in this folder, and leave clips and MP3s there.",
)  # fmt: skip
@click.option("markdown", "--markdown", is_flag=True, help="Print tables, as the README has them.")
@common_flags()
def command(  # noqa: PLR0913 - one for each flag
    *,
    asr: bool,
    serve: bool,
    review: bool,
    costs: bool,
    catalogue: bool,
    articles: tuple[int, ...],
    sound: str,
    rounds: int,
    keep: Path | None,
    markdown: bool,
    common: Common,
) -> int:
    """Measure how fast things are here, against the yardsticks; takes a minute or two.

    Sound: the ways from clips or from text to an MP3 take turns, and are compared with ffmpeg's
    concat. cores: the assembly on two cores and on one. segments: 1,000 and 250. edit: one word
    changed in an hour. What is not installed is left out, and named. 10 hours take 10 GB of disk.

    With --asr: of the words of the shipped sample, how many a recognizer gets right, voice by
    voice. It knows the text; some ten seconds a voice.

    With --serve: answers of "audiobrief serve" a second of its CPU, for a feed of 100 episodes and
    for pieces of sound; then 2,000 connections at once.

    With --review: an hour is spoken, which takes half a minute or more; then five sentences are
    changed, each from the click to its sound, and to the MP3 that has it.

    With --costs: twelve articles are built, cold and from their clips; half a minute or more. The
    figures are the inputs of recipes/newsroom.md.

    With --catalogue: shows are made whose episodes share one sound; then a build that finds nothing
    new, one new article, status and search take turns. What is told is above the imports: a program
    that imports the same modules and ends is run beside each, and its time is taken off.

    Exit code 1: a figure misses its yardstick.
    """
    from audiobrief.bench.machine import this_machine  # noqa: PLC0415 - keeps --help fast
    from audiobrief.bench.report import Report, line_of  # noqa: PLC0415

    report = Report(this_machine())
    flags = (
        *((_hearing, asr), (_serving, serve), (_reviewing, review), (_costing, costs)),
        (_finding, catalogue),
    )
    alone = tuple(measure for measure, is_wanted in flags if is_wanted)
    if len(alone) > 1:
        message = "--asr, --serve, --review, --costs and --catalogue are measured one at a time"
        raise click.UsageError(message)
    parts = _parts(sound, rounds)
    groups = alone or GROUPS
    with _folder(keep) as folder, _printed_at_last(report, wanted=markdown):
        teller = _teller(common)
        job = Job(parts, rounds, folder, report, teller, keeps=keep is not None, articles=articles)
        for measure in groups:
            for measured in measure(job):
                report.add(measured)
                if _is_shown(measured, common) and not markdown:
                    click.echo(line_of(measured))
    if common.json:
        print_json(report.as_document())
    elif not (markdown or common.quiet):
        for what in report.left_out:
            click.echo(f"left out  {what}")
    return 0 if report.is_good else 1


class Job(NamedTuple):
    """What a group of measurements gets."""

    #: Of the sound.
    parts: list[Part]
    rounds: int
    folder: Path
    report: Report
    #: Called with what is done at the moment.
    tell: Callable[[str], None]
    #: The sounds that are made stay in the folder.
    keeps: bool
    #: Of the catalogue, one number for each of its sizes.
    articles: tuple[int, ...]


def _parts(sound: str, rounds: int) -> list[Part]:
    """Return what of the sound is measured."""
    try:
        return parse_parts(sound, rounds)
    except ValueError as error:
        message = f"'{error}' is no length (3m, 10h), none of {', '.join(PROOFS)}, and not all"
        raise click.BadParameter(message, param_hint="--sound") from error


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Give the folder that was asked for, else one that vanishes."""
    if keep is not None:
        from audiobrief.store.files import make_folder  # noqa: PLC0415 - keeps --help fast

        make_folder(keep)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="audiobrief-bench-") as folder:
        yield Path(folder).resolve()


@contextmanager
def _printed_at_last(report: Report, *, wanted: bool) -> Iterator[None]:
    """Print the tables, also when hours of measuring are interrupted."""
    try:
        yield
    finally:
        if wanted:
            click.echo(report.as_markdown(), nl=False)


def _teller(common: Common) -> Callable[[str], None]:
    """Return what says on stderr what is done, to somebody who waits."""

    def tell(doing: str) -> None:
        if not common.quiet and (common.verbose or sys.stderr.isatty()):
            click.echo(f"bench: {doing}", err=True)

    return tell


def _is_shown(measured: Row | Figure, common: Common) -> bool:
    """Tell whether a result is shown as a line at once: quietly, only what is missed."""
    return not common.json and not (common.quiet and getattr(measured, "is_good", True))


def _speech(_job: Job) -> Iterator[Figure]:
    """Speed of the embedded voice: alone, and through its worker."""
    from audiobrief.bench.figure import Figure  # noqa: PLC0415 - fast --help
    from audiobrief.speak.bench import LEAST_SHARE, measure_speech  # noqa: PLC0415

    for speed in measure_speech():
        name = speed.engine
        yield Figure("speech", f"{name}, bare loop", speed.bare_x, "x real time")
        yield Figure("speech", f"{name}, worker", speed.worker_x, "x real time")
        yield Figure("speech", f"{name}, worker / bare loop", speed.share, "", LEAST_SHARE)


def _heard(_job: Job) -> Iterator[Figure]:
    """How soon a corrected name is heard."""
    from audiobrief.bench.heard import measure_heard  # noqa: PLC0415 - fast --help

    return measure_heard()


def _sound(job: Job) -> Iterator[Row | Figure]:
    """From clips, and from text, to an MP3."""
    from audiobrief.bench.sound import SoundBench  # noqa: PLC0415 - fast --help

    bench = SoundBench(job.folder, job.tell, keeps_sound=job.keeps)
    yield from bench.measure(job.parts)
    job.report.left_out += bench.left_out


def _serving(job: Job) -> Iterator[Figure]:
    """How much the server answers."""
    from audiobrief.bench.served import ServeBench  # noqa: PLC0415 - fast --help

    bench = ServeBench(job.folder, job.tell, job.rounds)
    yield from bench.measure()
    job.report.left_out += bench.left_out


def _reviewing(job: Job) -> Iterator[Figure]:
    """How soon a changed sentence is heard."""
    from audiobrief.bench.reviewed import ReviewBench  # noqa: PLC0415 - fast --help

    bench = ReviewBench(job.folder, job.tell, max(job.rounds, LEAST_REVIEWED))
    yield from bench.measure()
    job.report.left_out += bench.left_out


def _costing(job: Job) -> Iterator[Figure]:
    """What an article takes."""
    from audiobrief.bench.costed import CostBench  # noqa: PLC0415 - fast --help

    return CostBench(job.folder, job.tell).measure()


def _finding(job: Job) -> Iterator[Figure]:
    """How commands find their way in large shows."""
    from audiobrief.bench.catalogued import CatalogueBench  # noqa: PLC0415 - fast --help

    bench = CatalogueBench(job.folder, job.tell, job.rounds, keeps=job.keeps)
    return bench.measure(job.articles)


def _hearing(_job: Job) -> Iterator[Figure]:
    """How well the shipped voices are understood."""
    from audiobrief.bench.figure import Figure  # noqa: PLC0415 - fast --help
    from audiobrief.pipeline.audition import (  # noqa: PLC0415
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
GROUPS: tuple[Callable[[Job], Iterator[Row | Figure]], ...] = (_speech, _heard, _sound)
