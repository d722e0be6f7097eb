"""Three versions of a script to one: what it was made from, the file, and the article now; pure.

What only one side has changed is taken; where both have, somebody must decide.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from audiobrief.errors import ScriptConflictError
from audiobrief.model.script import Role
from audiobrief.script.draft import key_of
from audiobrief.script.written import WrittenLine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiobrief.model.script import GeneratedLine
    from audiobrief.script.draft import Line

_SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Merged:
    """The lines of a script after article and person have met."""

    lines: tuple[WrittenLine, ...]
    #: How many lines of the article were taken over, or taken out with it.
    taken: int


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines that belong to each other in the three versions."""

    base: tuple[GeneratedLine, ...]
    written: tuple[WrittenLine, ...]
    now: tuple[WrittenLine, ...]

    @property
    def keys(self) -> tuple[list[str], list[str], list[str]]:
        return [x.key for x in self.base], [x.key for x in self.written], [x.key for x in self.now]


def merge(
    base: Sequence[GeneratedLine],
    written: Sequence[WrittenLine],
    now: Sequence[Line],
    *,
    where: str,
    keep: bool = False,
) -> Merged:
    """Return what is to be spoken: the article of now with a person's changes.

    Args:
        base: What the file was made from.
        written: The lines of the file; a voice stands only where it was chosen.
        now: What the article gives now.
        where: The file's path, for errors.
        keep: Follow the file where both have changed the same lines.

    Raises:
        ScriptConflictError: The article has changed lines that the person has changed too; all
            of them are named.
    """
    lines: list[WrittenLine] = []
    conflicts: list[tuple[int, _Chunk]] = []
    taken, place, title = 0, written[0].number, None
    for chunk in _chunks(base, written, tuple(_as_written(now))):
        place = chunk.written[0].number if chunk.written else place
        before, own, new = chunk.keys
        chosen = any(line.voice for line in chunk.written)
        is_articles = own == before != new and (not chosen or len(own) == len(new))
        if is_articles:
            taken += max(len(new), len(own))
        elif own != new != before:
            conflicts.append((place, chunk))
        added, title = _titled(_articles(chunk) if is_articles else chunk.written, title, chunk)
        lines += added
    if conflicts and not keep:
        raise _conflict(conflicts, where)
    return Merged(tuple(lines), taken)


def _as_written(now: Sequence[Line]) -> Iterator[WrittenLine]:
    paragraph = None
    for line in now:
        yield WrittenLine(
            0, line.role, None, line.speaker, line.text, line.paragraph != paragraph, None
        )
        paragraph = line.paragraph


def _chunks(
    base: Sequence[GeneratedLine], written: Sequence[WrittenLine], now: Sequence[WrittenLine]
) -> Iterator[_Chunk]:
    """Divide the three versions where all agree, and between where they have equally many lines."""
    keys = [line.key for line in base]
    in_written = _matches(keys, [line.key for line in written])
    in_now = _matches(keys, [line.key for line in now])
    a = b = c = 0
    for i in sorted(in_written.keys() & in_now.keys()):
        j, k = in_written[i], in_now[i]
        yield from _single(base[a:i], written[b:j], now[c:k])
        yield _Chunk((base[i],), (written[j],), (now[k],))
        a, b, c = i + 1, j + 1, k + 1
    yield from _single(base[a:], written[b:], now[c:])


def _single(
    base: Sequence[GeneratedLine], written: Sequence[WrittenLine], now: Sequence[WrittenLine]
) -> Iterator[_Chunk]:
    chunk = _Chunk(tuple(base), tuple(written), tuple(now))
    before, own, new = chunk.keys
    if len(before) == len(own) == len(new) and before not in (own, new):
        for lines in zip(base, written, now, strict=True):
            yield _Chunk(*((line,) for line in lines))  # type: ignore[arg-type]
    elif base or written or now:
        yield chunk


def _matches(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {b.a + n: b.b + n for b in blocks for n in range(b.size)}


def _articles(chunk: _Chunk) -> tuple[WrittenLine, ...]:
    """Return what the article gives; where it is line for line, in the file's voices and breaks."""
    if len(chunk.now) != len(chunk.written):
        return chunk.now
    return tuple(
        replace(new, number=own.number, voice=own.voice, starts=own.starts, chapter=own.chapter)
        for own, new in zip(chunk.written, chunk.now, strict=True)
    )


def _titled(
    lines: Sequence[WrittenLine], waiting: str | None, chunk: _Chunk
) -> tuple[Sequence[WrittenLine], str | None]:
    """Let a chapter begin at the next line that is left when its first line is gone.

    Args:
        lines: What is taken of the chunk.
        waiting: The title of a chapter whose first line is gone.
        chunk: The chunk.

    Returns:
        The lines, and the title that still waits.
    """
    had = [line.chapter for line in chunk.written if line.chapter]
    if had and not any(line.chapter for line in lines):
        waiting = had[-1]
    if waiting is None or not lines:
        return lines, waiting
    first = replace(lines[0], chapter=lines[0].chapter or waiting, starts=True)
    return (first, *lines[1:]), None


def _conflict(conflicts: Sequence[tuple[int, _Chunk]], where: str) -> ScriptConflictError:
    told = [
        f"it says {_shown(line.text for line in chunk.written)}, "
        f"the article now says {_shown(line.text for line in chunk.now)}"
        for _, chunk in conflicts
    ]
    head = "script.md was edited where the article has changed"
    if len(told) > 1:
        told = [f"line {n}: {text}" for (n, _), text in zip(conflicts, told, strict=True)]
        head += f", in {len(told)} places"
    return ScriptConflictError(
        f"{head}: {'; '.join(told)}",
        f"{where}:{conflicts[0][0]}",
        remedy="write the article's words there, or build with --keep-script to follow "
        "script.md, or with --force to give up all edits of it",
    )


def _shown(texts: Iterable[str]) -> str:
    text = " ".join(texts)
    if not text:
        return "nothing"
    cut = text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "\u2026"
    return f'"{cut}"'


def with_chosen_voices(
    base: Sequence[GeneratedLine], written: Sequence[WrittenLine], now: Sequence[Line]
) -> tuple[WrittenLine, ...]:
    """Return the lines of a file with a voice only where a person has chosen it.

    A voice that the line had already, or that such lines had, is nobody's choice: it follows the
    settings.

    Args:
        base: What the file was made from.
        written: The lines of the file.
        now: What the article gives now, in the voices of now.
    """
    made = {line.key: line.voice for line in base}
    renamed = {
        made[key]: line.voice
        for line in now
        if (key := key_of(line.role, line.speaker, line.text)) in made
    }
    usual: dict[str | None, set[str]] = defaultdict(set)
    for line in written:
        if line.key in made:
            usual[person_of(line.role, line.speaker)].add(made[line.key])
    replaced = _replaced(base, written)

    def chosen(number: int, line: WrittenLine) -> str | None:
        if line.key in made:
            return None if line.voice == made[line.key] else line.voice
        if line.voice in usual[person_of(line.role, line.speaker)]:
            return None
        old = replaced.get(number)
        if line.voice is not None and old is not None and old.voice == line.voice:
            return renamed.get(line.voice, line.voice)
        return line.voice

    return tuple(replace(line, voice=chosen(n, line)) for n, line in enumerate(written))


def person_of(role: Role, speaker: str | None) -> str | None:
    """Return who is heard: a quoted person, or ``None`` for the narrator and host."""
    return (speaker or "") if role is Role.QUOTE else None


def _replaced(
    base: Sequence[GeneratedLine], written: Sequence[WrittenLine]
) -> dict[int, GeneratedLine]:
    """Return which line of the base an edited one stands for, where they are one for one."""
    matcher = SequenceMatcher(None, [x.key for x in base], [x.key for x in written], autojunk=False)
    return {
        c + n: base[a + n]
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag == "replace" and b - a == d - c
        for n in range(b - a)
    }
