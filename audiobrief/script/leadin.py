"""Short words of the host before a quotation whose speaker the listener could not know; pure."""

from __future__ import annotations

import re
from itertools import groupby, takewhile
from typing import TYPE_CHECKING

from audiobrief.model.article import BlockKind
from audiobrief.model.script import Role
from audiobrief.script.draft import Line
from audiobrief.script.phrases import phrases_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_WORD = re.compile(r"[^\W_]+")


def with_lead_ins(
    lines: Iterable[Line], unsure: Collection[int], *, narrator: str, language: str
) -> list[Line]:
    """Let the host say before a quotation who speaks, where the listener cannot know.

    The name ("Issam al-Reis:"), where neither the sentence itself nor the one before it tells it;
    "Quote:", where a paragraph is nothing but the words of somebody who is not certain. Nothing
    where the same person just goes on.

    Args:
        lines: The body, sentence by sentence; the lines of one sentence have one source.
        unsure: Rows at which a quotation begins whose speaker is not certain, and which no word
            of narration accompanies.
        narrator: The narrator's voice, which is the host's.
        language: RFC 5646.
    """
    led: list[Line] = []
    for (row, _), group in groupby(lines, key=lambda line: line.source):
        sentence = list(group)
        text = why = None
        if row in unsure and not _is_announced(led):
            text, why = phrases_of(language).quote, "lead-in: a quotation"
        elif _hides_its_speaker(sentence, led):
            text, why = f"{sentence[0].speaker}:", "lead-in: names the speaker"
        if text:
            first = sentence[0]
            led.append(
                Line(
                    role=Role.HOST,
                    text=text,
                    source=(row, row),
                    paragraph=first.paragraph,
                    voice=narrator,
                    kind=BlockKind.PARAGRAPH,
                    added=why,
                )
            )
        led += sentence
    return led


def _hides_its_speaker(sentence: Sequence[Line], before: Sequence[Line]) -> bool:
    """Tell whether a sentence begins with words of somebody whom nothing near it names."""
    speaker = sentence[0].speaker
    if speaker is None or _goes_on(sentence[0], before):
        return False
    narration = [line.text for line in sentence if line.role is Role.NARRATOR]
    return not _is_named(speaker, [*narration, *_sentence_before(before)])


def _goes_on(quote: Line, before: Sequence[Line]) -> bool:
    """Tell whether the speaker was heard last: just now, or earlier in the same paragraph."""
    if before and before[-1].speaker == quote.speaker:
        return True
    paragraph = takewhile(lambda line: line.paragraph == quote.paragraph, reversed(before))
    return next((line.speaker for line in paragraph if line.speaker), None) == quote.speaker


def _sentence_before(before: Sequence[Line]) -> list[str]:
    """Return the narration of the last sentence of the article."""
    own = [line for line in before[-8:] if line.added is None]
    return [
        line.text for line in own if line.source == own[-1].source and line.role is not Role.QUOTE
    ]


def _is_named(speaker: str, texts: Iterable[str]) -> bool:
    """Tell whether some text has the last name of a speaker, or the only one."""
    last = _words(speaker)[-1:]
    return bool(last) and any(last[0] in _words(text) for text in texts)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _is_announced(before: Sequence[Line]) -> bool:
    return any(text.endswith(":") for text in _sentence_before(before)[-1:])
