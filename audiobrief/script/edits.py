"""A person's edits of a script file, carried over to the script of today; pure.

Three versions meet: what the file was made from, the file as it is, and what the article gives
now. What only one side has changed is taken; where both have, somebody must decide.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

from audiobrief.errors import ScriptConflictError, SourceError
from audiobrief.model.article import BlockKind
from audiobrief.model.script import Generated, GeneratedLine, Role
from audiobrief.script.draft import Draft, Line, Row, key_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from audiobrief.script.scriptfile import Written, WrittenLine

LEFT_OUT = "left out by hand in script.md"
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Edits:
    """An edited script file, and what it was made from."""

    #: What the file was before somebody edited it.
    base: Generated
    written: Written
    #: The file's path, for errors.
    where: str
    #: Voice profiles that there are.
    voices: Collection[str]
    #: Follow the file where the article has changed the same lines.
    keep: bool = False


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Lines that belong to each other in the three versions."""

    base: tuple[GeneratedLine, ...]
    written: tuple[WrittenLine, ...]
    now: tuple[Line, ...]


def with_edits(draft: Draft, edits: Edits) -> Draft:
    """Return the draft with a person's edits.

    Args:
        draft: What the article gives now.
        edits: The script file.

    Raises:
        ScriptConflictError: The article has changed lines that the person has changed too.
        SourceError: The file names a voice that does not exist.
    """
    _require_voices(edits)
    merge = _Merge(draft, edits)
    for chunk in _chunks(edits.base.lines, edits.written.lines, draft.lines):
        merge.add(chunk)
    return merge.result()


def _require_voices(edits: Edits) -> None:
    for line in edits.written.lines:
        if line.voice is not None and line.voice not in edits.voices:
            close = get_close_matches(line.voice, edits.voices, n=1)
            suggestion = f'did you mean "{close[0]}"? ' if close else ""
            raise SourceError(
                f'there is no voice "{line.voice}"',
                f"{edits.where}:{line.number}",
                remedy=f'{suggestion}run "audiobrief voices" to see all',
            )


def _key(line: WrittenLine) -> str:
    return key_of(line.role, line.speaker, line.text)


def _chunks(
    base: Sequence[GeneratedLine], written: Sequence[WrittenLine], now: Sequence[Line]
) -> Iterator[_Chunk]:
    """Divide the three versions where all agree: each such line is a chunk of its own."""
    keys = [line.key for line in base]
    in_written = _matches(keys, [_key(line) for line in written])
    in_now = _matches(keys, [key_of(x.role, x.speaker, x.text) for x in now])
    a = b = c = 0
    for i in sorted(in_written.keys() & in_now.keys()):
        j, k = in_written[i], in_now[i]
        if (a, b, c) != (i, j, k):
            yield _Chunk(tuple(base[a:i]), tuple(written[b:j]), tuple(now[c:k]))
        yield _Chunk((base[i],), (written[j],), (now[k],))
        a, b, c = i + 1, j + 1, k + 1
    if (a, b, c) != (len(base), len(written), len(now)):
        yield _Chunk(tuple(base[a:]), tuple(written[b:]), tuple(now[c:]))


def _matches(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {b.a + n: b.b + n for b in blocks for n in range(b.size)}


class _Merge:
    """Collects the lines of the edited script."""

    def __init__(self, draft: Draft, edits: Edits) -> None:
        self._draft = draft
        self._edits = edits
        self._lines: list[tuple[Line, bool]] = []
        self._chapters: list[str | None] = []
        self._base: list[GeneratedLine] = []
        self._own = 0
        self._previous: int | None = None
        self._dropped = {r.text: n for n, r in enumerate(draft.rows) if r.reason is not None}

    def add(self, chunk: _Chunk) -> None:
        keys = [line.key for line in chunk.base]
        written = [_key(line) for line in chunk.written]
        now = [key_of(x.role, x.speaker, x.text) for x in chunk.now]
        self._base += chunk.base
        if written in (keys, now):
            self._take_article(chunk, same=written == now)
        elif now == keys:
            self._take_person(chunk)
        elif len(keys) == len(written) == len(now) > 1:
            del self._base[len(self._base) - len(keys) :]
            for base, line, own in zip(chunk.base, chunk.written, chunk.now, strict=True):
                self.add(_Chunk((base,), (line,), (own,)))
        elif self._edits.keep:
            del self._base[len(self._base) - len(keys) :]
            self._base += [
                GeneratedLine(key, line.voice, None)
                for key, line in zip(now, chunk.now, strict=True)
            ]
            self._take_person(chunk)
        else:
            raise self._conflict(chunk)

    def _take_article(self, chunk: _Chunk, *, same: bool) -> None:
        """Take what the article gives; voices that the person has chosen stay."""
        chosen = _chosen_voices(chunk)
        if any(chosen) and len(chosen) != len(chunk.now):
            raise self._conflict(chunk)
        self._own += sum(voice is not None for voice in chosen)
        for n, line in enumerate(chunk.now):
            starts, chapter = line.paragraph != self._previous, None
            self._previous = line.paragraph
            if same:
                starts, chapter = chunk.written[n].starts, chunk.written[n].chapter
            voice = (chosen[n] if any(chosen) else None) or line.voice
            self._append(replace(line, voice=voice), starts=starts, chapter=chapter)

    def _take_person(self, chunk: _Chunk) -> None:
        """Take what the person wrote: it stands for the sentences that it replaces."""
        self._own += max(len(chunk.written), len(chunk.now))
        self._previous = chunk.now[-1].paragraph if chunk.now else self._previous
        sources = _sources(chunk)
        for line, old in zip(chunk.written, sources, strict=True):
            self._append(self._line(line, old), starts=line.starts, chapter=line.chapter)

    def _line(self, line: WrittenLine, old: Line | None) -> Line:
        row = self._dropped.get(line.text)
        source = (row, row + 1) if row is not None else old.source if old else self._here()
        narrator = self._draft.lines[0].voice
        own = source[0] == source[1]
        return Line(
            role=line.role,
            text=line.text,
            source=source,
            paragraph=0,
            voice=line.voice or narrator,
            kind=old.kind if old else BlockKind.PARAGRAPH,
            speaker=line.speaker if line.role is Role.QUOTE else None,
            added=((old.added if old else None) or "by hand in script.md") if own else None,
        )

    def _here(self) -> tuple[int, int]:
        """Return the empty range of rows behind the last line."""
        end = self._lines[-1][0].source[1] if self._lines else 0
        return (end, end)

    def _append(self, line: Line, *, starts: bool, chapter: str | None) -> None:
        self._lines.append((line, starts))
        self._chapters.append(chapter)

    def _conflict(self, chunk: _Chunk) -> ScriptConflictError:
        number = chunk.written[0].number if chunk.written else self._line_number()
        said = _shown(line.text for line in chunk.written) or "nothing"
        now = _shown(line.text for line in chunk.now) or "nothing"
        return ScriptConflictError(
            f"script.md was edited where the article has changed: it says {said}, "
            f"the article now says {now}",
            f"{self._edits.where}:{number}",
            remedy="write the article's words there, or build with --keep-script to follow "
            "script.md, or with --force to give up all edits of it",
        )

    def _line_number(self) -> int:
        return self._edits.written.lines[min(len(self._lines), len(self._edits.written.lines) - 1)
                                         ].number  # fmt: skip

    def result(self) -> Draft:
        paragraph = -1
        lines: list[Line] = []
        for line, starts in self._lines:
            paragraph += 1 if starts or not lines else 0
            lines.append(replace(line, paragraph=paragraph))
        base, written = self._edits.base, self._edits.written
        note = f"{self._own} line{'s' if self._own != 1 else ''} as edited in {self._edits.where}"
        return replace(
            self._draft,
            title=self._draft.title if written.title == base.title else written.title,
            lines=tuple(lines),
            rows=_rows(self._draft.rows, lines),
            notes=(*self._draft.notes, note),
            chapters=self._own_chapters(lines),
            generated=Generated(base.title, tuple(self._base)),
        )

    def _own_chapters(self, lines: Sequence[Line]) -> tuple[tuple[int, str], ...] | None:
        """Return the chapters of the file, if the person has changed any."""
        before = [line.chapter for line in self._edits.base.lines if line.chapter]
        titles = [line.chapter for line in self._edits.written.lines if line.chapter]
        if titles == before or not lines:
            return None
        found = {n: title for n, title in enumerate(self._chapters) if title}
        return tuple(({0: titles[0] if titles else self._draft.title} | found).items())


def _chosen_voices(chunk: _Chunk) -> list[str | None]:
    """Return for each written line the voice that the person has given it, if another one."""
    made = {line.key: line.voice for line in chunk.base}
    return [
        line.voice if line.voice not in (None, made.get(_key(line), line.voice)) else None
        for line in chunk.written
    ]


def _sources(chunk: _Chunk) -> list[Line | None]:
    """Return the line of the article that each written line stands for.

    Lines that are the same stand for themselves, those between them for what they replace: one
    for one where the numbers agree, else each for all of it.
    """
    keys = [key_of(x.role, x.speaker, x.text) for x in chunk.now]
    written = [_key(line) for line in chunk.written]
    sources: list[Line | None] = [None] * len(written)
    for tag, a, b, c, d in SequenceMatcher(None, keys, written, autojunk=False).get_opcodes():
        if tag in ("equal", "replace") and b - a == d - c:
            sources[c:d] = chunk.now[a:b]
        elif tag == "replace":
            low = min(line.source[0] for line in chunk.now[a:b])
            high = max(line.source[1] for line in chunk.now[a:b])
            sources[c:d] = [replace(chunk.now[a], source=(low, high))] * (d - c)
    return sources


def _rows(rows: Sequence[Row], lines: Sequence[Line]) -> tuple[Row, ...]:
    """Return the rows with a reason for exactly those that no line speaks any more."""
    spoken = {n for line in lines for n in range(*line.source)}
    return tuple(
        Row(row.text, None if n in spoken else row.reason or LEFT_OUT) for n, row in enumerate(rows)
    )


def _shown(texts: Iterator[str]) -> str:
    text = " ".join(texts)
    if not text:
        return ""
    cut = text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "\u2026"
    return f'"{cut}"'
