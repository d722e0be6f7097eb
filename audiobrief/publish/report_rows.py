"""What the report of a build says of one article (pure)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from audiobrief.model.report import Levels, Result, Step
from audiobrief.publish.address import PAGE_FILE
from audiobrief.publish.caption import signed
from audiobrief.publish.level_picture import render_levels, render_wave
from audiobrief.publish.report_view import Details, Dropped, Line, Row, Share, Voice
from audiobrief.publish.report_words import (
    counted,
    heading_of,
    in_words,
    length,
    percent,
    shares_of,
    shortened_text,
)
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.model.audio import SoundSpec
    from audiobrief.model.report import Made, Outcome, VoiceLevel
    from audiobrief.model.script import LedgerRow

SCRIPT_FILE = "script.md"

#: Sentences that are shown as left out, in all: a report of a thousand articles stays readable.
_MOST_ROWS, _LEAST_ROWS_EACH = 3000, 3
_LONGEST_TEXT, _LONGEST_TEXT_OF_MANY = 600, 160
#: From so many articles on less is shown of each.
_MANY = 100

DOING = {
    Step.READ: "Reading",
    Step.SCRIPT: "Writing the script",
    Step.SPEAK: "Speaking",
    Step.ASSEMBLE: "Mastering and encoding",
    Step.WRITE: "Writing the files",
}
OUTCOMES = {
    Result.BUILT: "Built",
    Result.UNCHANGED: "Unchanged",
    Result.FAILED: "Failed",
    Result.NOTHING: "Nothing to tell",
}


class Limits(NamedTuple):
    """How much of each article is shown."""

    #: Sentences, and letters of each.
    rows: int
    letters: int
    #: Sentences instead of tables.
    is_short: bool


def limits_of(count: int) -> Limits:
    """Return what is shown of each of so many articles."""
    rows = max(_LEAST_ROWS_EACH, _MOST_ROWS // max(count, 1))
    letters = _LONGEST_TEXT if count <= _MANY else _LONGEST_TEXT_OF_MANY
    return Limits(rows, letters, count > _MANY)


def seconds_of(outcome: Outcome) -> float:
    """Return how long an article took."""
    return sum(seconds for _, seconds in outcome.times_s)


def row_of(
    number: int,
    outcome: Outcome,
    sound: SoundSpec,
    root: str | None,
    limits: Limits,
    *,
    is_slow: bool,
) -> Row:
    """Return an article with which something was done."""
    seconds, made = seconds_of(outcome), outcome.made
    shares = shares_of([(DOING[step], spent) for step, spent in outcome.times_s])
    return Row(
        number=number,
        line=line_of(outcome, root),
        outcome=OUTCOMES[outcome.result],
        is_failed=outcome.error is not None,
        language=made.language if made else "",
        words=f"{made.word_count:,}" if made else "",
        left_out=_left_out(made) if made else "",
        clips=f"{outcome.synthesized:,} spoken, {outcome.cached:,} cached" if made else "",
        took=in_words(seconds) if outcome.times_s else "",
        seconds=seconds,
        mostly=next((share.label.lower() for share in shares if share.is_most), ""),
        is_slow=is_slow,
        before=_before(made.levels) if made else "",
        after=signed(made.levels.after.integrated_lufs) if made else "",
        notes=tuple(shortened_text(note, _LONGEST_TEXT) for note in outcome.notes),
        doubtful=tuple(printable_line(word) for word in outcome.doubtful_words),
        details=_details(made, shares, sound, limits) if made else None,
    )


def line_of(outcome: Outcome, root: str | None) -> Line:
    """Return what is told of every article."""
    folder = ""
    if root is not None and outcome.directory is not None:
        folder = f"{root}{quote(outcome.directory)}/"
    title, locator = printable_line(outcome.title), printable_line(outcome.locator)
    return Line(
        title=title or locator,
        locator=locator if title else "",
        length=length(outcome.duration_ms) if outcome.duration_ms else "",
        page=f"{folder}{PAGE_FILE}" if folder else "",
        script=f"{folder}{SCRIPT_FILE}" if folder else "",
    )


def _left_out(made: Made) -> str:
    if not made.dropped:
        return "nothing"
    words = sum(len(row.text.split()) for row in made.dropped)
    return f"{percent(words, made.source_word_count)}, {counted(len(made.dropped), 'sentence')}"


def _before(levels: Levels) -> str:
    r"""Return the levels of the voices, from the softest one to the loudest.

    >>> from audiobrief.model.audio import Loudness
    >>> from audiobrief.model.report import VoiceLevel
    >>> voices = (VoiceLevel("a", 2, -16.0, -17.0, -15.0), VoiceLevel("b", 1, -30.5, -30.5, -30.5))
    >>> _before(Levels(voices, Loudness(-16.0, -1.2), b""))
    '\u221230.5 to \u221216'
    """
    if not levels.before:
        return "not known"
    means = sorted(voice.mean_lufs for voice in levels.before)
    softest, loudest = signed(means[0]), signed(means[-1])
    return softest if softest == loudest else f"{softest} to {loudest}"


def _details(made: Made, shares: tuple[Share, ...], sound: SoundSpec, limits: Limits) -> Details:
    levels, after = made.levels, made.levels.after
    shown = made.dropped[: limits.rows]
    sentences = counted(made.source_sentence_count, "sentence")
    return Details(
        shares=shares,
        wave=render_wave(levels.wave[:: 2 if limits.is_short else 1]),
        levels="" if limits.is_short else render_levels(levels, sound.loudness_lufs),
        voices=tuple(_voice(voice) for voice in levels.before),
        after=signed(after.integrated_lufs),
        target=signed(sound.loudness_lufs),
        peak=signed(after.true_peak_dbtp),
        ceiling=signed(sound.true_peak_dbtp),
        range=f"{after.range_lu:.1f}" if after.range_lu is not None else "",
        source=f"{sentences}, {counted(made.source_word_count, 'word')}",
        dropped=tuple(_dropped(shown, made.articles, limits.letters)),
        not_shown=len(made.dropped) - len(shown),
        added=tuple(
            (shortened_text(text, limits.letters), printable_line(reason))
            for text, reason in made.added[: limits.rows]
        ),
        encoded=f"{made.encoded_count:,} of {counted(made.part_count, 'piece')}",
        is_short=limits.is_short,
    )


def _voice(level: VoiceLevel) -> Voice:
    return Voice(
        printable_line(level.voice),
        f"{level.clip_count:,}",
        signed(level.mean_lufs),
        signed(level.softest_lufs),
        signed(level.loudest_lufs),
    )


def _dropped(rows: Iterable[LedgerRow], articles: Sequence[str], letters: int) -> Iterable[Dropped]:
    """Yield what was left out, grouped by reason, and in a programme by article."""

    def key(row: LedgerRow) -> tuple[int, str]:
        return row.article, row.reason or ""

    for (article, reason), group in groupby(sorted(rows, key=key), key=key):
        headline = printable_line(articles[article]) if len(articles) > 1 else ""
        yield Dropped(
            heading_of(reason), headline, tuple(shortened_text(row.text, letters) for row in group)
        )
