"""The sound part of the bench: the ways to an MP3 at several lengths, and single proofs."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from audiobrief.bench import bars
from audiobrief.bench.contenders import CONTENDERS, assemble_cold
from audiobrief.bench.material import Clips, Course, lay_out
from audiobrief.bench.parts import Part, length_in_words
from audiobrief.bench.rounds import Row, missing_of, take_turns
from audiobrief.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobrief.bench.contenders import Contender
    from audiobrief.bench.figure import Figure
    from audiobrief.bench.material import SpokenSentence
    from audiobrief.bench.tree import Taken

_BY_KEY = {contender.key: contender for contender in CONTENDERS}
_ASSEMBLY = _BY_KEY["assembly"]


class SoundBench:
    """Measures what is asked for, in a folder.

    Args:
        folder: Where all of it lies.
        tell: Called with what is done at the moment.
        keeps_sound: The finished sounds stay there.
    """

    def __init__(
        self, folder: Path, tell: Callable[[str], None], *, keeps_sound: bool = False
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._keeps_sound = keeps_sound
        self._clips = Clips(folder / "clips")
        self._rows: bars.Rows = {}
        #: What could not be measured here, and why.
        self.left_out: list[str] = []

    def measure(self, parts: Sequence[Part]) -> Iterator[Row | Figure]:
        """Yield what is measured, part by part, then the figures that compare several lengths.

        A part for which the disk has no room is left out: those before it may have taken hours.

        Raises:
            SpeechError: The clips could not be spoken.
        """
        proofs = {"cores": self._cores, "segments": self._segments, "edit": self._edit}
        for part in parts:
            try:
                yield from proofs[part.proof](part) if part.proof else self._length(part)
            except StoreError as error:
                where = part.proof or length_in_words(part.seconds)
                self._leave_out(f"{where}: {error.problem}: {error.subject}: {error.remedy}")
        yield from bars.memory_figures(self._rows)

    def _length(self, part: Part) -> Iterator[Row | Figure]:
        """Let all contenders make an episode of one length."""
        rows = self._turns(CONTENDERS, part, self._lasting(part.seconds))
        self._rows |= {(part.seconds, row.contender.key): row for row in rows}
        yield from rows
        yield from bars.cpu_figures(self._rows, part.seconds)

    def _cores(self, part: Part) -> Iterator[Figure]:
        """Compare the assembly on one core and on two."""
        if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
            self._leave_out("cores: needs two cores, and Linux to choose among them")
            return
        few = [
            replace(_ASSEMBLY, key=str(cores), run=partial(assemble_cold, cores=cores))
            for cores in (1, 2)
        ]
        yield from bars.cores_figures(*self._turns(few, part, self._lasting(bars.HALF_HOUR_S)))

    def _segments(self, part: Part) -> Iterator[Figure]:
        """Compare the assembly of 1,000 segments and of 250."""
        courses = [self._laid_out(self._clips.first(n), f"segments-{n}") for n in (1000, 250)]
        sizes = [
            replace(_ASSEMBLY, key=course.folder.name, run=partial(_elsewhere, course))
            for course in courses
        ]
        yield from bars.segment_figures(*self._turns(sizes, part, *courses))

    def _edit(self, part: Part) -> Iterator[Figure]:
        """Build an hour, change one word, build again."""
        builds = (_BY_KEY["build"], _BY_KEY["build-edit"])
        yield from bars.edit_figures(*self._turns(builds, part, self._lasting(bars.HOUR_S)))

    def _lasting(self, seconds: int) -> Course:
        """Return the course of an episode of some length."""
        self._tell(f"{length_in_words(seconds)}: speaking the clips")
        return self._laid_out(self._clips.lasting(seconds), f"seconds-{seconds}")

    def _laid_out(self, spoken: Sequence[SpokenSentence], name: str) -> Course:
        folder = self._folder / name
        return lay_out(self._clips, spoken, folder, keeps_sound=self._keeps_sound)

    def _turns(self, contenders: Sequence[Contender], part: Part, *courses: Course) -> list[Row]:
        where = part.proof or length_in_words(part.seconds)
        rows = take_turns(
            contenders, courses[0], part.rounds, lambda doing: self._tell(f"{where}, {doing}")
        )
        for row in rows:
            if row.failure:
                told = f"{row.contender.name}: {row.failure}"
                self._leave_out(told if missing_of(row.contender) else f"{where}: {told}")
        if not self._keeps_sound:
            for course in courses:
                shutil.rmtree(course.folder, ignore_errors=True)
        return rows

    def _leave_out(self, what: str) -> None:
        """Say it once: what is not installed is not there at any length."""
        if what not in self.left_out:
            self.left_out.append(what)


def _elsewhere(course: Course, _given: Course, turn: int) -> Taken:
    """Assemble what lies in another place than the others get."""
    return assemble_cold(course, turn)
