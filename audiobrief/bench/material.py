"""What the contenders work on: clips of real speech, the same text as an article, and their lists.

Clips lie in a clip cache, whose files are WAV: audiobrief, ffmpeg and pydub read the same ones. No
two are alike. Those of a short episode are the first ones of a long one: each is spoken once.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from audiobrief import plugins
from audiobrief.bench.texts import article, edited_sentence, sentence
from audiobrief.errors import StoreError
from audiobrief.model.script import Role, Segment
from audiobrief.speak.run import speak
from audiobrief.store.clips import ClipCache
from audiobrief.workspace.load import SHIPPED_VOICES, load_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: The shipped voices, all spoken by this engine: the fastest one.
_ENGINE = "espeak"
#: As many sentences in a row have one voice.
_PARAGRAPH = 5
_PAUSE_MS, _PARAGRAPH_PAUSE_MS = 250, 550
#: Clips twice (ours, and those of the measured command), PCM at 44.1 kHz, a few MP3s.
_BYTES_PER_SECOND = 300_000
#: Nothing may be pruned between the cold build and the next one.
_SETTINGS = '[show]\ntitle = "Bench"\n[cache]\nmax_mb = 100000\n'


class SpokenSentence(NamedTuple):
    """A sentence and where its sound is."""

    number: int
    text: str
    voice: str
    key: str
    seconds: float


class Clips:
    """Spoken sentences in a folder, as many as are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cache = ClipCache(folder)
        shipped = load_workspace(SHIPPED_VOICES).voices
        self._voices = {name: replace(voice, engine=_ENGINE) for name, voice in shipped.items()}
        self._names = tuple(self._voices)
        self._spoken: list[SpokenSentence] = []

    def lasting(self, seconds: float) -> list[SpokenSentence]:
        """Return as many sentences as last so long."""
        taken, total = 0, 0.0
        while total < seconds:
            if taken == len(self._spoken):
                # Seven seconds is a little more than they have: nothing is spoken in vain.
                self._speak_on(max(1, int((seconds - total) / 7)))
            total += self._spoken[taken].seconds
            taken += 1
        return self._spoken[:taken]

    def first(self, count: int) -> list[SpokenSentence]:
        """Return so many sentences."""
        if count > len(self._spoken):
            self._speak_on(count - len(self._spoken))
        return self._spoken[:count]

    def edited(self, old: SpokenSentence, turn: int) -> SpokenSentence:
        """Return a sentence with one word changed, spoken by the same voice."""
        return self._said([(old.number, edited_sentence(old.number, turn))])[0]

    def path_of(self, spoken: SpokenSentence) -> Path:
        """Return the WAV file of a sentence."""
        return self._cache.path_of(spoken.key)

    def _speak_on(self, count: int) -> None:
        start = len(self._spoken)
        texts = [(number, sentence(number)) for number in range(start, start + count)]
        self._spoken += self._said(texts)

    def _said(self, texts: Sequence[tuple[int, str]]) -> list[SpokenSentence]:
        segments = [self._segment(number, text) for number, text in texts]
        keys = speak(
            segments, self._voices, plugins.engine, self._cache, lambda _done, _all, _text: None
        ).keys
        said = []
        for (number, text), segment in zip(texts, segments, strict=True):
            key = keys[segment.id]
            clip = self._cache.get(key)
            assert clip is not None  # noqa: S101 - it was kept a moment ago
            seconds = clip.frame_count / clip.sample_rate_hz
            said.append(SpokenSentence(number, text, segment.voice, key, seconds))
        return said

    def _segment(self, number: int, text: str) -> Segment:
        return Segment(
            id=str(number),
            role=Role.NARRATOR,
            text=text,
            spoken=text,
            voice=self._names[number // _PARAGRAPH % len(self._names)],
            pause_after_ms=_PAUSE_MS,
            source=(number, number + 1),
            paragraph=number // _PARAGRAPH,
        )


@dataclass(frozen=True, slots=True)
class Course:
    """An episode's material, written out for every contender."""

    folder: Path
    clips: Clips
    spoken: tuple[SpokenSentence, ...]
    #: Leave the finished sound where it is.
    keeps_sound: bool = False

    @property
    def middle(self) -> int:
        """Place of the sentence that is edited."""
        return len(self.spoken) // 2

    @property
    def show(self) -> Path:
        """The workspace in which the command builds."""
        return self.folder / "show"

    @property
    def state(self) -> Path:
        """Where the assembly keeps what it wants to keep between two runs."""
        return self.folder / "assembly"

    def file(self, name: str) -> Path:
        """Return the path of a file of the course."""
        return self.folder / name

    def write_segments(self, turn: int | None = None) -> Path:
        """Write the list for the assembly; with a turn, one sentence is edited."""
        spoken = list(self.spoken)
        if turn is not None:
            spoken[self.middle] = self.clips.edited(spoken[self.middle], turn)
        path = self.file("segments.json")
        path.write_text(json.dumps([_row(one) for one in spoken]), encoding="utf-8")
        return path

    def write_article(self, turn: int | None = None) -> Path:
        """Write the article for the command; with a turn, one word is changed."""
        self.show.mkdir(exist_ok=True)
        (self.show / "audiobrief.toml").write_text(_SETTINGS, encoding="utf-8")
        path = self.show / "article.txt"
        edit = None if turn is None else (self.middle, turn)
        path.write_text(article(len(self.spoken), edit=edit), encoding="utf-8")
        return path

    def clear(self) -> None:
        """Remove what the contenders left."""
        for folder in (self.show, self.state):
            shutil.rmtree(folder, ignore_errors=True)


def _row(spoken: SpokenSentence) -> dict[str, str | int]:
    is_last = spoken.number % _PARAGRAPH == _PARAGRAPH - 1
    return {
        "id": str(spoken.number),
        "text": spoken.text,
        "voice": spoken.voice,
        "key": spoken.key,
        "pause_after_ms": _PARAGRAPH_PAUSE_MS if is_last else _PAUSE_MS,
        "paragraph": spoken.number // _PARAGRAPH,
    }


def lay_out(
    clips: Clips, spoken: Sequence[SpokenSentence], folder: Path, *, keeps_sound: bool = False
) -> Course:
    """Write the lists of a course.

    Raises:
        StoreError: The disk has not the room that an episode of this length takes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _require_room(folder, sum(one.seconds for one in spoken))
    paths = [clips.path_of(one).resolve() for one in spoken]
    names = {
        "paths.txt": "".join(f"{path}\n" for path in paths),
        "concat.txt": "".join(_as_concat(path) for path in paths),
        "text.txt": "".join(f"{one.text}\n" for one in spoken),
    }
    for name, text in names.items():
        (folder / name).write_text(text, encoding="utf-8")
    return Course(folder, clips, tuple(spoken), keeps_sound)


def _as_concat(path: Path) -> str:
    """Return a path as a line of a list for ffmpeg's concat."""
    quoted = path.as_posix().replace("'", r"'\''")
    return f"file '{quoted}'\n"


def _require_room(folder: Path, seconds: float) -> None:
    needed, free = seconds * _BYTES_PER_SECOND, shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(
            f"the bench needs {needed / 1e9:.1f} GB for an episode of {seconds / 3600:.1f} h, "
            f"and {free / 1e9:.1f} GB are free",
            str(folder),
            remedy="give it a folder on a larger disk: --keep DIR",
        )
