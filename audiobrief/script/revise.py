"""Change single lines of a script file, as the review does; all other rows stay as they are; pure.

A line is found by the id of its segment: the digest of its words, and which of its repeats it is.
Whatever a client sends is one line of words here, taken literally.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import SourceError
from audiobrief.model.change import Hunk, Join, LeaveOut, Move, Recast, Reword, Seen, Split
from audiobrief.model.script import Role
from audiobrief.script.sheet import (
    LINE_END,
    Revision,
    Sheet,
    Spot,
    apart,
    bare,
    conflict,
    filled_above,
    filled_below,
    is_as_seen,
    plain_line,
    plain_name,
    read_sheet,
    render_row,
    rendered,
    standing,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.script import LedgerRow
    from audiobrief.script.written import WrittenLine

LineFix = Reword | Recast | Split | Join | Move | LeaveOut


@dataclass(frozen=True, slots=True)
class _Edit:
    """Rows from ``start`` to ``end`` give way to others."""

    start: int
    end: int
    rows: tuple[str, ...] = ()


# -- changes --------------------------------------------------------------------------------------


def revise(
    sheet: Sheet, fix: LineFix, seen: Seen | None = None, *, known: Sequence[str] = ()
) -> Revision:
    """Change one line of a script file.

    Args:
        sheet: The file.
        fix: What is to be changed; a new speaker comes with a voice.
        seen: The line as the editor saw it; ``None``: whatever it is.
        known: Ids of all segments in the order in which the editor saw them: by them what has
            taken a line's place is found.

    Returns:
        The new file; the same one, without hunks, where it says so already.

    Raises:
        ConflictError: Somebody else has changed the line.
        SourceError: What is asked for cannot be said, or not be written.
    """
    match fix:
        case Reword(segment, text):
            new = plain_line(text, sheet.where)
            spot = _found(sheet, segment, seen, known, mine=new)
            return _replaced(sheet, [spot], [_with(spot.line, text=new)])
        case Recast(segment):
            spot = _found(sheet, segment, seen, known, mine=fix.speaker or fix.voice or "")
            return _replaced(sheet, [spot], [_recast(sheet, spot.line, fix)])
        case Split(segment, at):
            return _split(sheet, _found(sheet, segment, seen, known), at)
        case Join(segment):
            return _joined(sheet, _found(sheet, segment, seen, known))
        case Move(segment, before):
            spot = _found(sheet, segment, seen, known)
            place = None if before is None else _found(sheet, before, None, known)
            return _moved(sheet, spot, place)
        case LeaveOut(segment):
            spot = _found(sheet, segment, seen, known)
            if len(sheet.spots) == 1:
                raise SourceError(
                    "nothing would be left to speak", sheet.where, remedy="reword it instead"
                )
            return _revision(sheet, [spot], [], [_without(sheet, spot)])


def _found(
    sheet: Sheet, segment: str, seen: Seen | None, known: Sequence[str], *, mine: str = ""
) -> Spot:
    """Return the line of a segment as the editor saw it.

    Raises:
        ConflictError: It is not there any more, or not so.
    """
    spot = sheet.spot(segment)
    mine = mine or (seen.text if seen else "")
    if spot is None:
        raise conflict(sheet.where, mine, standing(sheet, segment, known))
    if seen is not None and not is_as_seen(spot.line, seen):
        raise conflict(f"{sheet.where}:{spot.line.number}", mine, rendered(spot.line))
    return spot


def _with(line: WrittenLine, *, text: str) -> str:
    return render_row(line.role, line.voice, line.speaker, text)


def _recast(sheet: Sheet, line: WrittenLine, fix: Recast) -> str:
    """Return a line in another voice, or of another speaker."""
    role, voice, speaker = line.role, line.voice, line.speaker
    if fix.voice is not None:
        voice = plain_name(fix.voice, sheet.where, "voice")
    if fix.speaker is not None and not fix.speaker.strip():
        role, speaker = (Role.NARRATOR if role is Role.QUOTE else role), None
    elif fix.speaker is not None:
        role, speaker = Role.QUOTE, plain_name(fix.speaker, sheet.where, "speaker")
    if speaker and not voice:
        raise SourceError(
            "a quotation needs a voice", sheet.where, remedy="choose a voice for the speaker"
        )
    return render_row(role, voice, speaker, line.text)


def _split(sheet: Sheet, spot: Spot, at: int) -> Revision:
    text = spot.line.text
    head, tail = text[: max(0, at)].strip(), text[max(0, at) :].strip()
    if not all(any(map(str.isalnum, part)) for part in (head, tail)):
        raise SourceError(
            "one of the two parts would say nothing",
            sheet.where,
            remedy="split it between two words",
        )
    return _replaced(sheet, [spot], [_with(spot.line, text=part) for part in (head, tail)])


def _joined(sheet: Sheet, spot: Spot) -> Revision:
    index = sheet.spots.index(spot)
    if index + 1 == len(sheet.spots):
        raise SourceError(
            "nothing follows that it could be joined with",
            sheet.where,
            remedy="join the one before it with this one",
        )
    other = sheet.spots[index + 1]
    ours, theirs = spot.line, other.line
    if (ours.role, ours.voice, ours.speaker) != (theirs.role, theirs.voice, theirs.speaker):
        raise SourceError(
            "two lines that are not said by the same voice cannot be one",
            sheet.where,
            remedy="give both the same voice and speaker first",
        )
    text = plain_line(f"{ours.text} {theirs.text}", sheet.where)
    new = _Edit(spot.row, spot.row + 1, (_ended(sheet, spot, _with(ours, text=text)),))
    return _revision(sheet, [spot, other], [text], [new, _without(sheet, other)])


def _moved(sheet: Sheet, spot: Spot, place: Spot | None) -> Revision:
    index = sheet.spots.index(spot)
    following = sheet.spots[index + 1] if index + 1 < len(sheet.spots) else None
    if place in (spot, following):
        return Revision(sheet.text, (spot.id,), (spot.id,), (), (), ())
    row = sheet.spots[-1].row + 1 if place is None else place.row
    moved = _Edit(row, row, (sheet.rows[spot.row],))
    edits = sorted((moved, _without(sheet, spot)), key=lambda edit: edit.start)
    return _revision(sheet, [spot], [spot.line.text], edits)


def restore(
    sheet: Sheet,
    ledger: Sequence[LedgerRow],
    number: int,
    *,
    voice: str,
    hosts: frozenset[str] = frozenset(),
) -> Revision:
    """Speak a sentence of the source that is not spoken, beside its neighbors in the source.

    Args:
        sheet: The file.
        ledger: All sentences of the source, with the ids of the segments that speak them.
        number: Which of them.
        voice: The narrator's.
        hosts: Ids of segments of the opening and the like, which are no neighbors.

    Raises:
        ConflictError: It is spoken already.
        SourceError: There is no such sentence, or nothing can be said of it.
    """
    if not 0 <= number < len(ledger):
        raise SourceError(
            "there is no such sentence in the source", sheet.where, remedy="load the page again"
        )
    text = plain_line(ledger[number].text, sheet.where)
    spoken = [spot for name in ledger[number].segments if (spot := sheet.spot(name)) is not None]
    if spoken:
        theirs = " ".join(spot.line.text for spot in spoken)
        raise conflict(f"{sheet.where}:{spoken[0].line.number}", text, theirs)
    place, is_below = _neighbor(sheet, ledger, number, hosts)
    row = place.row + 1 if is_below else place.row
    new = _Edit(row, row, (_ended(sheet, place, render_row(Role.NARRATOR, voice, None, text)),))
    return _revision(sheet, [], [text], [new])


def _neighbor(
    sheet: Sheet, ledger: Sequence[LedgerRow], number: int, hosts: frozenset[str]
) -> tuple[Spot, bool]:
    """Return the line beside which a sentence belongs, and whether it belongs below it."""
    spots = {spot.id: spot for spot in sheet.spots}
    own = ledger[number].article
    for left_out in (hosts, frozenset[str]()):
        found: list[tuple[int, bool, Spot]] = []
        for distance, row in ((n - number, ledger[n]) for n in range(len(ledger))):
            names = [name for name in row.segments if name in spots and name not in left_out]
            if row.article == own and names and distance:
                spot = spots[names[-1] if distance < 0 else names[0]]
                found.append((abs(distance), distance < 0, spot))
        if found:
            # Of two that are as near, the one before it: what is told there leads to it.
            _, is_below, spot = min(found, key=lambda one: (one[0], not one[1]))
            return spot, is_below
    return sheet.spots[-1], True


# -- rows -----------------------------------------------------------------------------------------


def _replaced(sheet: Sheet, spots: Sequence[Spot], rows: Sequence[str]) -> Revision:
    """Let neighboring lines, one row after the other, give way to others."""
    start, end = spots[0].row, spots[-1].row + 1
    texts = [row.partition("] ")[2] for row in rows]
    same = len(rows) == len(spots) and all(
        rendered(spot.line) == row for spot, row in zip(spots, rows, strict=True)
    )
    if same:
        ids = tuple(spot.id for spot in spots)
        return Revision(sheet.text, ids, ids, (), (), ())
    new = tuple(_ended(sheet, spots[0], row) for row in rows)
    return _revision(sheet, spots, texts, [_Edit(start, end, new)])


def _ended(sheet: Sheet, spot: Spot, row: str) -> str:
    """Return a row with the line end that others of the file have."""
    return f"{row}{LINE_END}" if sheet.rows[spot.row].endswith(LINE_END) else row


def _without(sheet: Sheet, spot: Spot) -> _Edit:
    """Take a line out; with the empty row after it, and its heading, if these had it alone."""
    rows = sheet.rows
    start, end = spot.row, spot.row + 1
    above, below = (rows[n].strip() if 0 <= n < len(rows) else "" for n in (start - 1, end))
    if (above and not above.startswith("##")) or below:
        return _Edit(start, end)
    heading = next((n for n in reversed(range(start)) if rows[n].strip()), -1)
    following = next((one.row for one in sheet.spots if one.row > start), len(rows))
    is_last = following == len(rows) or any(map(_is_heading, rows[end:following]))
    if heading >= 0 and _is_heading(rows[heading]) and is_last:
        start = heading
    if end < len(rows):
        end += 1
    return _Edit(start, end)


def _is_heading(row: str) -> bool:
    return " ".join(row.split()).startswith("## ")


def _revision(
    sheet: Sheet, spots: Sequence[Spot], texts: Sequence[str], edits: Sequence[_Edit]
) -> Revision:
    """Apply edits, which are in order and apart; prove that they say what was meant."""
    rows: list[str] = []
    hunks: list[tuple[int, _Edit]] = []
    position = 0
    for edit in edits:
        rows += sheet.rows[position : edit.start]
        hunks.append((len(rows), edit))
        rows += edit.rows
        position = edit.end
    rows += sheet.rows[position:]
    new = read_sheet("\n".join(rows), where=sheet.where)
    places = {at + n for at, edit in hunks for n in range(len(edit.rows))}
    made = [spot for spot in new.spots if spot.row in places]
    _prove(sheet, new, spots, made, texts)
    if new.rows == sheet.rows:  # as where two equal lines change places
        hunks = []
    return Revision(
        text=new.text,
        before=tuple(spot.id for spot in spots),
        after=tuple(spot.id for spot in made),
        lines_before=tuple(spot.line.text for spot in spots),
        lines_after=tuple(spot.line.text for spot in made),
        hunks=tuple(_hunk(sheet.rows, rows, at, edit) for at, edit in hunks),
    )


def _prove(
    old: Sheet, new: Sheet, gone: Sequence[Spot], made: Sequence[Spot], texts: Sequence[str]
) -> None:
    """Refuse a file that does not say exactly what was meant, or anything else otherwise."""
    left = [_said(spot) for spot in old.spots if spot not in gone]
    kept = [_said(spot) for spot in new.spots if spot not in made]
    if left == kept and [spot.line.text for spot in made] == list(texts):
        return
    raise SourceError(
        "the text cannot be written as a line of the script",
        old.where,
        remedy="write it in plain words",
    )


def _said(spot: Spot) -> tuple[object, ...]:
    line = spot.line
    return line.role, line.voice, line.speaker, line.text


def _hunk(old: Sequence[str], new: Sequence[str], at: int, edit: _Edit) -> Hunk:
    return Hunk(
        at,
        tuple(map(bare, old[edit.start : edit.end])),
        tuple(map(bare, edit.rows)),
        filled_above(new, at),
        filled_below(new, at + len(edit.rows)),
        apart(new, at, at + len(edit.rows)),
    )
