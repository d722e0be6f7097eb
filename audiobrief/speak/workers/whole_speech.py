"""Every word of a text from a voice of espeak-ng that loses some (standard library only).

The fourth of equal letters in a row is lost, and all that follow ("x. x. x. x. x."), and so are
some words of two scripts. The word events show it, and the text is then spoken in parts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from audiobrief.speak.utterance import divide, without_mark, words_of
from audiobrief.speak.workers.serve import UnspeakableError
from audiobrief.speak.workers.word_events import Mark, marks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Most words that a dictionary of espeak-ng takes for one, as "out of the"; longer runs of words
#: without an event are lost.
_LONGEST_ENTRY = 4

#: After a lost word the rest is spoken in parts of so many characters, a line or two: a list of
#: initials loses every fourth, and would be spoken anew to its end each time.
_LONGEST_REST = 160


class EventfulVoice(Protocol):
    """What a text is spoken by."""

    def synthesize(self, text: str) -> tuple[bytes, Sequence[tuple[int, int]]]:
        """Return frames of 16 bits, native order, and the word events.

        An event is the position of a character, from 1 on, and a frame.
        """
        ...

    def phonemes(self, text: str) -> str:
        """Return the phonemes of the first clause of a text, as espeak-ng writes them."""
        ...


class Part(NamedTuple):
    """A part of a text, all of whose words are heard."""

    start: int
    sound: bytes
    marks: list[Mark]


class Utterance(NamedTuple):
    """The sound of a whole text."""

    sound: bytes
    #: Start, end and frame of each word mark.
    words: list[tuple[int, int, int]]


class WholeSpeech:
    """Speaks whole texts with one voice; `forget` when that becomes another one."""

    def __init__(self, voice: EventfulVoice) -> None:
        self._voice = voice
        #: Words, and whether they are one entry of the voice's dictionary.
        self._entries: dict[str, bool] = {}

    def forget(self) -> None:
        """Learn anew which words are one entry: another voice has another dictionary."""
        self._entries.clear()

    def speak(self, text: str) -> Utterance:
        """Return the sound of a text with the first frame of every word.

        Raises:
            UnspeakableError: A single character has no sound.
        """
        parts = self._parts(text)
        words: list[tuple[int, int, int]] = []
        frames = 0
        for part in parts:
            for mark in part.marks:
                first, end = mark.start + part.start, mark.end + part.start
                if words and " " not in text[words[-1][1] : first]:  # a word in parts
                    words[-1] = (words[-1][0], end, words[-1][2])
                else:
                    words.append((first, end, mark.frame + frames))
            frames += len(part.sound) // 2
        return Utterance(b"".join(part.sound for part in parts), words)

    def _parts(self, text: str) -> list[Part]:
        """Speak a text whole; where words were lost, in parts that are whole."""
        done = []
        waiting = [(0, text)]
        while waiting:
            start, part = waiting.pop()
            sound, marks, lost = self._attempt(part)
            if lost is None:
                done.append(Part(start, sound, marks))
                continue
            words = words_of(part)
            if len(part) == 1:
                raise UnspeakableError(part)
            if len(words) == 1:
                cut = skip = len(part) // 2
            else:
                # The lost word begins a part; if it began this one, it becomes a part alone.
                cut = words[max(lost, 1) - 1].stop
                skip = cut + 1
            waiting += [*reversed(_in_lines(part[skip:], start + skip)), (start, part[:cut])]
        return done

    def _attempt(self, text: str) -> tuple[bytes, list[Mark], int | None]:
        """Speak a text; return sound, marks, and the first word that was lost, if one was."""
        words = words_of(text)
        sound, events = self._voice.synthesize(text)
        marks = marks_of(words, events)
        while lost := without_mark(words, [(mark.start, mark.end) for mark in marks]):
            begun = [at for at, mark in enumerate(marks) if mark.start < words[lost[0]].start]
            if not begun:
                return sound, marks, lost[0]
            mark = marks[begun[-1]]
            end = words[lost[0]].end
            if not self._is_one_entry(text[mark.start : end]):
                return sound, marks, lost[0]
            marks[begun[-1]] = Mark(mark.start, end, mark.frame)
        return sound, marks, None

    def _is_one_entry(self, words: str) -> bool:
        """Tell whether espeak-ng says these words as one, as it does with "of the".

        Then they have one event even when they stand alone, and more phonemes than without the
        last of them. (More sound proves nothing: a word that is dropped leaves 1 ms. Phonemes
        alone do not either: "such as" is one entry and written as two words.)
        """
        if words.count(" ") >= _LONGEST_ENTRY:
            return False
        known = self._entries.get(words)
        if known is None:
            _sound, events = self._voice.synthesize(words)
            shorter = self._sounds(words.rpartition(" ")[0])
            is_one = len(marks_of(words_of(words), events)) == 1
            known = is_one and len(self._sounds(words)) > len(shorter)
            self._entries[words] = known
        return known

    def _sounds(self, text: str) -> str:
        """Return the phonemes of the first clause of a text, without stress and pauses."""
        return re.sub("[',%=_| ]", "", self._voice.phonemes(text))


def _in_lines(text: str, start: int) -> list[tuple[int, str]]:
    """Divide what follows a lost word; return each part with its first character.

    Args:
        text: The rest of a text.
        start: Its first character.
    """
    lines = []
    at = 0
    for line in divide(text, _LONGEST_REST):
        at = text.index(line, at)
        lines.append((start + at, line))
        at += len(line)
    return lines
