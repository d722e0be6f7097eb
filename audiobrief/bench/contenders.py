"""The ways to an MP3 that are compared, each with the same format and encoder quality.

Two groups: those that get clips of speech and make an MP3 of them, and those that get the text, so
that synthesis is part of what they take. Every one is timed with the start of its programs.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.bench import programs
from audiobrief.bench.tree import Taken, one_after_another, run_tree
from audiobrief.model.audio import SoundSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from audiobrief.bench.material import Course

FROM_CLIPS, FROM_TEXT = "clips", "text"
#: Its time grows with the square of the length: three hours were not finished after 499 s.
NAIVE_LIMIT_S = 600.0

_SPEC = SoundSpec()
#: That of `audiobrief.assemble.lame.QUALITY`, which is not imported: LAME would come with it.
_LAME_QUALITY = 7
_BITRATE = f"{_SPEC.bitrate_kbps}k"
_FORMAT = (
    *("-ar", str(_SPEC.sample_rate_hz), "-ac", str(_SPEC.channels)),
    *("-compression_level", str(_LAME_QUALITY)),
)
_MP3 = ("-c:a", "libmp3lame", "-b:a", _BITRATE, *_FORMAT)
_FFMPEG = ("ffmpeg", "-nostdin", "-hide_banner", "-nostats", "-y")
_CONCAT = ("-f", "concat", "-safe", "0", "-i", "concat.txt")
#: As heard, like ours: a mono file is played on two speakers.
_LOUDNORM = f"loudnorm=I={_SPEC.loudness_lufs}:TP={_SPEC.true_peak_dbtp}:LRA=11:dual_mono=true"


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to an MP3."""

    key: str
    name: str
    #: What it starts with: `FROM_CLIPS` or `FROM_TEXT`.
    source: str
    #: Runs it once. The turn is the number of the round: each edits another word.
    run: Callable[[Course, int], Taken]
    #: Programs that must be installed.
    needs: tuple[str, ...] = ()


def naive(course: Course, _turn: int) -> Taken:
    """Join with pydub's ``+`` and export."""
    program = Path(programs.__file__).with_name("naive_pydub.py")
    target = course.file("naive.mp3")
    command = [sys.executable, str(program), "paths.txt", str(target), _BITRATE, *_FORMAT]
    return _finished(course, run_tree([command], course.folder, limit_s=NAIVE_LIMIT_S), target)


def piped(course: Course, _turn: int) -> Taken:
    """Let espeak-ng speak into ffmpeg: one voice, no pauses of ours."""
    target = course.file("piped.mp3")
    voice = ("-v", "en-us+f2", "-s", "170")
    pipeline = [
        ["espeak-ng", *voice, "-f", "text.txt", "--stdout"],
        [*(word for word in _FFMPEG if word != "-nostdin"), "-i", "-", *_MP3, str(target)],
    ]
    return _finished(course, run_tree(pipeline, course.folder), target)


def concat(course: Course, _turn: int) -> Taken:
    """Join and encode with ffmpeg in one pass."""
    target = course.file("concat.mp3")
    command = [*_FFMPEG, *_CONCAT, *_MP3, str(target)]
    return _finished(course, run_tree([command], course.folder), target)


def loudnorm(course: Course, _turn: int) -> Taken:
    """Measure with ffmpeg's loudnorm, then join, correct and encode."""
    target, told = course.file("loudnorm.mp3"), course.file("loudnorm.txt")
    first = [*_FFMPEG, *_CONCAT, "-af", f"{_LOUDNORM}:print_format=json", "-f", "null", "-"]
    measured = run_tree([first], course.folder, errors=told)
    if measured.failure:
        return measured
    second = [*_FFMPEG, *_CONCAT, "-af", _with_measured(told), *_MP3, str(target)]
    corrected = run_tree([second], course.folder)
    return _finished(course, one_after_another(measured, corrected), target)


def _with_measured(told: Path) -> str:
    """Return the filter of the second pass, from what the first one printed last."""
    text = told.read_text("utf-8", errors="replace")
    found = json.loads(text[text.rindex("{") : text.rindex("}") + 1])
    names = {"I": "input_i", "TP": "input_tp", "LRA": "input_lra", "thresh": "input_thresh"}
    measured = "".join(f":measured_{name}={found[key]}" for name, key in names.items())
    return f"{_LOUDNORM}{measured}:offset={found['target_offset']}:linear=true"


def assemble_cold(course: Course, _turn: int, *, cores: int | None = None) -> Taken:
    """Let audiobrief's assembly make the episode, nothing of it there yet."""
    course.clear()
    return _assembled(course, course.write_segments(), cores)


def assemble_warm(course: Course, turn: int) -> Taken:
    """Let it make the same episode with one clip changed."""
    return _assembled(course, course.write_segments(turn), None)


def _assembled(course: Course, segments: Path, cores: int | None) -> Taken:
    program = "audiobrief.bench.programs.assemble_clips"
    target = course.file("audiobrief.mp3")
    course.state.mkdir(exist_ok=True)
    command = [
        *(sys.executable, "-m", program, str(segments)),
        *(str(course.clips.folder), str(course.state), str(target)),
    ]
    return _finished(course, run_tree([command], course.folder, cores=cores), target)


def build_cold(course: Course, _turn: int) -> Taken:
    """Run ``audiobrief build`` in an empty workspace: script, synthesis, assembly, feed."""
    course.clear()
    course.write_article()
    return _built(course)


def build_warm(course: Course, turn: int) -> Taken:
    """Change one word of the article and run it again."""
    course.write_article(turn)
    return _built(course)


def _built(course: Course) -> Taken:
    command = [sys.executable, "-m", "audiobrief", "build", "-q", "article.txt"]
    errors = course.file("build.txt")
    taken = run_tree([command], course.show, errors=errors)
    if taken.failure:
        return taken
    (sound,) = course.show.glob("episodes/*/*.mp3")
    return replace(taken, sound_s=_length_s(sound))


def _finished(course: Course, taken: Taken, target: Path) -> Taken:
    """Add how long the sound is that was made."""
    if not taken.failure:
        taken = replace(taken, sound_s=_length_s(target))
    if not course.keeps_sound:
        target.unlink(missing_ok=True)
    return taken


def _length_s(sound: Path) -> float:
    """Return the length of an MP3 of our constant bit rate."""
    return sound.stat().st_size / (_SPEC.bitrate_kbps * 125)


#: The one that the others are compared with.
STANDARD = "concat"
CONTENDERS = (
    Contender("naive", "pydub, + and export", FROM_CLIPS, naive, ("ffmpeg",)),
    Contender("piped", "espeak-ng | ffmpeg, one pass", FROM_TEXT, piped, ("espeak-ng", "ffmpeg")),
    Contender("concat", "ffmpeg concat, one pass", FROM_CLIPS, concat, ("ffmpeg",)),
    Contender("loudnorm", "ffmpeg loudnorm, two passes", FROM_CLIPS, loudnorm, ("ffmpeg",)),
    Contender("assembly", "audiobrief assembly", FROM_CLIPS, assemble_cold),
    Contender("assembly-edit", "audiobrief assembly, edited", FROM_CLIPS, assemble_warm),
    Contender("build", "audiobrief build", FROM_TEXT, build_cold),
    Contender("build-edit", "audiobrief build, edited", FROM_TEXT, build_warm),
)
