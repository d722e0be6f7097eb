"""A person's edits of a script file, laid over the script that the article gives; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.model.article import BlockKind
from audiobrief.model.script import Generated, GeneratedLine, Role
from audiobrief.script.cast import cast_voices
from audiobrief.script.chapters import FIRST_TITLE
from audiobrief.script.draft import Draft, Line, Row, key_of
from audiobrief.script.markup import plain_words
from audiobrief.script.merge import merge, person_of, with_chosen_voices
from audiobrief.text.sentences import MAX_CHARACTERS, split_sentences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from audiobrief.script.cast import Casting
    from audiobrief.script.written import Written, WrittenLine

LEFT_OUT = "left out by hand in script.md"
#: Why a line is spoken that nobody but a person has asked for.
BY_HAND = "by hand in script.md"


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
    #: Keys of the lines that were spoken last: what looks like Markdown in them is none.
    spoken: Collection[str] = ()


def with_edits(draft: Draft, edits: Edits, casting: Casting) -> Draft:
    """Return the draft with a person's edits; the same draft where nothing is left of them.

    Args:
        draft: What the article gives now.
        edits: The script file.
        casting: The voices at hand, for people whom only the file names.

    Raises:
        ScriptConflictError: The article has changed lines that the person has changed too.
        SourceError: The file names a voice that does not exist, or a line of it cannot be spoken.
    """
    known = {*(x.key for x in edits.base.lines), *map(_key, draft.lines), *edits.spoken}
    written = tuple(_understood(edits, known, draft.language))
    written = with_chosen_voices(edits.base.lines, written, draft.lines)
    _require_voices(written, edits)
    merged = merge(edits.base.lines, written, draft.lines, where=edits.where, keep=edits.keep)
    return _laid_over(draft, edits, merged.lines, merged.taken, casting)


def _key(line: Line) -> str:
    return key_of(line.role, line.speaker, line.text)


# -- what the person means ------------------------------------------------------------------------


def _understood(edits: Edits, known: Collection[str], language: str) -> Iterator[WrittenLine]:
    """Yield the lines as they are meant: plain words, a sentence each where somebody has typed.

    What stands there as it was made is left alone: an article may have stars in it.
    """
    made = {line.voice for line in edits.base.lines}
    for line in edits.written.lines:
        is_literal = line.key in known
        if _is_name(line, edits.voices) and line.voice not in made:
            line = replace(line, voice=None, speaker=line.voice)  # noqa: PLW2901
        if is_literal:
            yield line
            continue
        text = plain_words(line.text, f"{edits.where}:{line.number}")
        whole = line.tagged and len(text) <= MAX_CHARACTERS
        sentences = [text] if whole else split_sentences(text, language)
        starts, chapter = line.starts, line.chapter
        for sentence in sentences:
            if any(map(str.isalnum, sentence)):
                yield replace(line, text=sentence, starts=starts, chapter=chapter)
                starts, chapter = False, None


def _is_name(line: WrittenLine, voices: Collection[str]) -> bool:
    """Tell whether a name stands where a voice is wanted: ``[quote · Ana Ruiz]``."""
    name = line.voice
    if line.role is not Role.QUOTE or name is None or line.speaker or name in voices:
        return False
    return any(map(str.isupper, name)) and not get_close_matches(name.lower(), voices, n=1)


def _require_voices(written: Sequence[WrittenLine], edits: Edits) -> None:
    for line in written:
        if line.voice is not None and line.voice not in edits.voices:
            close = get_close_matches(line.voice, edits.voices, n=1)
            suggestion = f'did you mean "{close[0]}"? ' if close else ""
            form = ""
            if line.role is Role.QUOTE and line.speaker is None:
                form = ", or name the speaker as in [quote \u00b7 VOICE \u00b7 SPEAKER]"
            raise SourceError(
                f'there is no voice "{line.voice}"',
                f"{edits.where}:{line.number}",
                remedy=f'{suggestion}run "audiobrief voices" to see all{form}',
            )


# -- what becomes of the draft --------------------------------------------------------------------


def _laid_over(
    draft: Draft,
    edits: Edits,
    written: Sequence[WrittenLine],
    taken: int,
    casting: Casting,
) -> Draft:
    places = _places(draft.lines, written)
    lines = tuple(_lines(draft, written, places, _Voices(draft, written, casting)))
    own_chapters = _own_chapters(edits, written)
    chapters = (
        own_chapters if own_chapters is not None else _carried_chapters(draft, written, places)
    )
    title = draft.title if edits.written.title == edits.base.title else edits.written.title
    own = _count_own(draft.lines, written)
    breaks = _paragraphs(lines) != _paragraphs(draft.lines)
    if not own and not breaks and own_chapters is None and title == draft.title:
        return draft
    before = [title for _, title in draft.chapters or ()]
    if own_chapters is not None:
        before = [x.chapter for x in edits.base.lines if x.chapter]
    note = f"{own} line{'s' if own != 1 else ''} as edited in {edits.where}"
    return replace(
        draft,
        title=title,
        lines=lines,
        rows=_rows(draft.rows, lines),
        notes=(*draft.notes, note),
        news=(*draft.news, *_news(own, taken, edits.where)),
        chapters=chapters,
        generated=_generated(draft, before),
    )


def _news(own: int, taken: int, where: str) -> tuple[str, ...]:
    if not taken:
        return ()
    lines = f"{own} line{'s' if own != 1 else ''} of yours kept"
    changes = f"{taken} change{'s' if taken != 1 else ''}"
    return (f"{where}: {lines}, {changes} of the article taken over",)


def _generated(draft: Draft, titles: Sequence[str]) -> Generated:
    """Return what the file is made from now; of chapters, the titles alone count, in order."""
    marks = [*titles, *[None] * len(draft.lines)]
    made = (GeneratedLine(_key(x), x.voice, t) for x, t in zip(draft.lines, marks, strict=False))
    return Generated(draft.title, tuple(made))


def _own_chapters(
    edits: Edits, written: Sequence[WrittenLine]
) -> tuple[tuple[int, str], ...] | None:
    """Return the chapters of the file, if the person has changed any."""
    before = [line.chapter for line in edits.base.lines if line.chapter]
    if before == [line.chapter for line in edits.written.lines if line.chapter]:
        return None
    found = {n: line.chapter for n, line in enumerate(written) if line.chapter}
    return tuple(({0: FIRST_TITLE} | found).items()) if found else ()


def _carried_chapters(
    draft: Draft, written: Sequence[WrittenLine], places: Sequence[Line | None]
) -> tuple[tuple[int, str], ...] | None:
    """Return where the chapters of a draft that sets its own begin now."""
    if draft.chapters is None:
        return None
    shown = tuple((n, line.chapter) for n, line in enumerate(written) if line.chapter)
    if [title for _, title in shown] == [title for _, title in draft.chapters]:
        # The same ones, where the file has them: lines may have been moved from one to another.
        return shown
    index = {id(line): n for n, line in enumerate(draft.lines)}
    now = [-1 if old is None else index.get(id(old), -1) for old in places]
    begun = ((next((n for n, i in enumerate(now) if i >= s), None), t) for s, t in draft.chapters)
    return tuple({n: title for n, title in begun if n is not None}.items())


def _paragraphs(lines: Sequence[Line]) -> list[int]:
    return [line.paragraph for line in lines]


def _count_own(now: Sequence[Line], written: Sequence[WrittenLine]) -> int:
    """Return how many lines a person has changed, taken out, added, or given another voice."""
    keys, own = [_key(x) for x in now], [line.key for line in written]
    opcodes = SequenceMatcher(None, keys, own, autojunk=False).get_opcodes()
    changed = sum(max(b - a, d - c) for tag, a, b, c, d in opcodes if tag != "equal")
    same = [n for tag, _, _, c, d in opcodes if tag == "equal" for n in range(c, d)]
    return changed + sum(written[n].voice is not None for n in same)


class _Voices:
    """Whose voice a line without one gets."""

    def __init__(self, draft: Draft, written: Sequence[WrittenLine], casting: Casting) -> None:
        self._narrator = draft.lines[0].voice
        named = {x.speaker: x.voice for x in draft.lines if x.role is Role.QUOTE and x.speaker}
        said = [x.speaker for x in written if x.role is Role.QUOTE and x.speaker]
        known: Mapping[str, str] = {**casting.known, **named}
        self._cast = cast_voices([*named, *said], replace(casting, known=known)) | named

    def of(self, line: WrittenLine, old: Line | None) -> str:
        """Return the voice of a line that stands for a line of the article, or for none."""
        if line.voice is not None:
            return line.voice
        person = person_of(line.role, line.speaker)
        if old is not None and person_of(old.role, old.speaker) == person:
            return old.voice
        return self._cast.get(person or "", self._narrator)


def _lines(
    draft: Draft,
    written: Sequence[WrittenLine],
    places: Sequence[Line | None],
    voices: _Voices,
) -> Iterator[Line]:
    unspoken: dict[str, list[int]] = {}
    for number, dropped in enumerate(draft.rows):
        if dropped.reason is not None:
            unspoken.setdefault(" ".join(dropped.text.split()), []).append(number)
    paragraph, end = -1, 0
    for line, old in zip(written, places, strict=True):
        paragraph += 1 if line.starts or paragraph < 0 else 0
        source = old.source if old else (end, end)
        if (old is None or _key(old) != line.key) and unspoken.get(line.text):
            row = unspoken[line.text].pop(0)
            source = (row, row + 1)
        end = source[1]
        why = (old.added if old else None) or BY_HAND
        yield Line(
            role=line.role,
            text=line.text,
            source=source,
            paragraph=paragraph,
            voice=voices.of(line, old),
            kind=old.kind if old else BlockKind.PARAGRAPH,
            speaker=line.speaker if line.role is Role.QUOTE else None,
            added=why if source[0] == source[1] else None,
        )


def _places(now: Sequence[Line], written: Sequence[WrittenLine]) -> list[Line | None]:
    """Return the line of the article that each written line stands for.

    Lines that are the same stand for themselves, also where they have been moved; those between
    them for what they replace: one for one where the numbers agree, else each for all of it.
    """
    keys, own = [_key(x) for x in now], [line.key for line in written]
    opcodes = SequenceMatcher(None, keys, own, autojunk=False).get_opcodes()
    places: list[Line | None] = [None] * len(written)
    gone: dict[str, list[int]] = {}
    for tag, a, b, c, d in opcodes:
        if tag == "equal":
            places[c:d] = now[a:b]
        else:
            for n in range(a, b):
                gone.setdefault(keys[n], []).append(n)
    moved: set[int] = set()
    for n, key in enumerate(own):
        if places[n] is None and gone.get(key):
            moved.add(gone[key][0])
            places[n] = now[gone[key].pop(0)]
    for tag, a, b, c, d in opcodes:
        if tag == "replace":
            left = [now[n] for n in range(a, b) if n not in moved]
            new = [n for n in range(c, d) if places[n] is None]
            for n, old in zip(new, _shared(left, len(new)), strict=True):
                places[n] = old
    return places


def _shared(left: Sequence[Line], count: int) -> Sequence[Line | None]:
    """Return which replaced line each of so many new ones stands for."""
    if len(left) == count:
        return left
    if not left:
        return [None] * count
    low = min(line.source[0] for line in left)
    high = max(line.source[1] for line in left)
    return [replace(left[0], source=(low, high))] * count


def _rows(rows: Sequence[Row], lines: Sequence[Line]) -> tuple[Row, ...]:
    """Return the rows with a reason for exactly those that no line speaks any more."""
    spoken = {n for line in lines for n in range(*line.source)}
    return tuple(
        replace(row, reason=None if n in spoken else row.reason or LEFT_OUT)
        for n, row in enumerate(rows)
    )
