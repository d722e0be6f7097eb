"""Change one segment of an episode: its script file, what was done, and the sound of that segment.

The history is written first, then the script: killed in between, the change has not happened, and
the next one finds that by the digest of the script.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import sha256
from typing import TYPE_CHECKING

from audiobrief.errors import ConflictError, SourceError, SpeechError, StoreError
from audiobrief.model.change import (
    Change,
    Fix,
    Join,
    LeaveOut,
    Move,
    Recast,
    Restore,
    Reword,
    Seen,
    Split,
    Undo,
)
from audiobrief.model.script import Role
from audiobrief.pipeline.edited import decoded, script_lock
from audiobrief.pipeline.recipe import casting_of
from audiobrief.pipeline.review.redraft import script_path, voices_of, where_of
from audiobrief.script.cast import cast_voices
from audiobrief.script.revise import restore, revise
from audiobrief.script.sheet import conflict, is_as_seen, read_sheet, rendered, standing
from audiobrief.script.take_back import difference, undo
from audiobrief.store.files import mapping_os_errors, write_beside_builds
from audiobrief.store.history import (
    HISTORY_NAME,
    append,
    became,
    effective,
    key_of_id,
    last_change,
    next_number,
    read_history,
)
from audiobrief.workspace.episode_words import WORDS_NAME, moved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.model.script import Script
    from audiobrief.pipeline.review.bench import Workbench
    from audiobrief.script.sheet import Revision, Sheet
    from audiobrief.store.history import History
    from audiobrief.workspace.load import Workspace

__all__ = [
    "Fix",
    "Fixed",
    "Join",
    "LeaveOut",
    "Move",
    "Recast",
    "Restore",
    "Reword",
    "Seen",
    "Split",
    "Undo",
    "fix",
    "history_of",
]


@dataclass(frozen=True, slots=True)
class Fixed:
    """What became of a change."""

    #: Ids of the segments now; none where one was left out.
    segments: tuple[str, ...]
    #: Key of the first one's clip; ``None``: there is none.
    clip: str | None
    duration_ms: int
    #: How many clips were made now.
    was_spoken: int
    #: What the editor should know.
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Draft:
    """A change that is decided, and not written yet."""

    what: str
    revision: Revision
    #: Number of the change that it takes back.
    undoes: int | None = None


def fix(
    bench: Workbench, episode: Episode, fix: Fix, seen: Seen | None, *, by: str, now: datetime
) -> Fixed:
    """Change a segment in the script file, and speak what is new of it.

    Args:
        bench: Of the show.
        episode: As it was built last.
        fix: What is to be changed.
        seen: The segment as the editor saw it; ``None``: whatever it is.
        by: Who changes it.
        now: Aware.

    Returns:
        What has changed; a clip that could not be made is told in the notes, and the change kept.

    Raises:
        ConflictError: Somebody else has changed the segment; nothing was done.
        SourceError: What is asked for cannot be said, or there is no such voice.
        LockedError: Another program does not let go of the script.
        StoreError: A file cannot be read or written.
    """
    workspace = bench.workspace
    before = bench.redraft(episode).script
    fix = _with_known_voice(bench, episode, before, fix)
    with script_lock(workspace, episode.directory):
        segments = _written(workspace, episode, before, fix, seen, by, now)
    return _heard(bench, episode, segments)


def history_of(workspace: Workspace, episode: Episode) -> History:
    """Return what was changed in an episode's script; none if the history is damaged or gone."""
    with suppress(StoreError, OSError):
        path = script_path(workspace, episode)
        content = path.read_bytes() if path.exists() else b""
        return effective(read_history(path.with_name(HISTORY_NAME)), sha256(content).hexdigest())
    return ()


def _written(
    workspace: Workspace,
    episode: Episode,
    before: Script,
    fix: Fix,
    seen: Seen | None,
    by: str,
    now: datetime,
) -> tuple[str, ...]:
    """Write a change; return the ids of the segments that it has made."""
    path = script_path(workspace, episode)
    content = _read(path)
    digest = sha256(content).hexdigest()
    where = where_of(workspace, episode)
    sheet = read_sheet(decoded(content, where), where=where)
    history = effective(read_history(path.with_name(HISTORY_NAME)), digest)
    draft = _drafted(sheet, episode, before, history, fix, seen)
    revision = draft.revision
    new = revision.text.encode()
    if new == content:
        return revision.after
    change = Change(
        number=next_number(history),
        at=now,
        by=by,
        what=draft.what,
        segments_before=revision.before,
        segments_after=revision.after,
        lines_before=revision.lines_before,
        lines_after=revision.lines_after,
        hunks=revision.hunks,
        file_before=digest,
        file_after=sha256(new).hexdigest(),
        undoes=draft.undoes,
    )
    words = path.with_name(WORDS_NAME)
    keys = _moved_keys(sheet, revision)
    _move_words(words, keys, is_kept=True)
    append(path.with_name(HISTORY_NAME), history, change)
    if _read(path) != content:
        # An editor program knows of no lock; the change is found undone by its digest.
        raise conflict(sheet.where, " ".join(revision.lines_after), "")
    write_beside_builds(path, new)
    _move_words(words, keys, is_kept=False)
    return revision.after


def _read(path: Path) -> bytes:
    with mapping_os_errors("read", path):
        return path.read_bytes()


def _drafted(
    sheet: Sheet,
    episode: Episode,
    before: Script,
    history: History,
    fix: Fix,
    seen: Seen | None,
) -> _Draft:
    """Decide what the script file will be."""
    if isinstance(fix, Restore):
        hosts = frozenset(s.id for s in before.segments if s.role is Role.HOST)
        voice = voices_of(before)[""]
        made = restore(sheet, before.ledger, fix.row, voice=voice, hosts=hosts)
        return _Draft("restore", made)
    known = _known(episode, history, fix.segment)
    if isinstance(fix, Undo):
        return _undone(sheet, history, fix.segment, seen, known)
    try:
        return _Draft(_NAMES[type(fix)], revise(sheet, fix, seen, known=known))
    except ConflictError as error:
        raise _told(error, sheet, history, fix.segment) from error


_NAMES = {
    Reword: "reword",
    Recast: "recast",
    Split: "split",
    Join: "join",
    Move: "move",
    LeaveOut: "leave out",
}


def _known(episode: Episode, history: History, segment: str) -> Sequence[str]:
    """Return the ids of the segments as whoever knows this one may have seen them."""
    known = [one.id for one in episode.segments]
    if segment in known:
        return known
    for change in history:
        places = [known.index(one) for one in change.segments_before if one in known]
        if places:
            known[places[0] : places[-1] + 1] = change.segments_after
        if segment in known:
            break
    return known


def _told(error: ConflictError, sheet: Sheet, history: History, segment: str) -> ConflictError:
    """Return a conflict with the words that a segment has got, where that is known."""
    now = became(history, segment)
    spots = [spot for name in now or () if (spot := sheet.spot(name)) is not None]
    if not spots or sheet.spot(segment) is not None:
        return error
    return conflict(
        f"{sheet.where}:{spots[0].line.number}",
        error.mine,
        " ".join(spot.line.text for spot in spots),
    )


def _undone(
    sheet: Sheet, history: History, segment: str, seen: Seen | None, known: Sequence[str]
) -> _Draft:
    """Take the last change of a segment back."""
    change = last_change(history, segment)
    if change is None:
        raise SourceError(
            "nothing of this segment was changed here", sheet.where, remedy="load the page again"
        )
    mine = " ".join(change.lines_before)
    spots = [spot for name in change.segments_after if (spot := sheet.spot(name)) is not None]
    if len(spots) < len(change.segments_after):
        theirs = standing(sheet, segment, known)
        raise _told(conflict(sheet.where, mine, theirs), sheet, history, segment)
    spot = sheet.spot(segment)
    if seen is not None and spot is not None and not is_as_seen(spot.line, seen):
        raise conflict(f"{sheet.where}:{spot.line.number}", mine, rendered(spot.line))
    new = undo(sheet, change.hunks, mine=mine)
    return _Draft("undo", difference(sheet, new, change), change.number)


# -- voices ---------------------------------------------------------------------------------------


def _with_known_voice(bench: Workbench, episode: Episode, before: Script, fix: Fix) -> Fix:
    """Return a change whose voice there is; a speaker has the one that the speaker had."""
    if not isinstance(fix, Recast):
        return fix
    if fix.voice is not None:
        _require_voice(bench, fix.voice)
        return fix
    if fix.speaker is None:
        return fix
    speaker = " ".join(fix.speaker.split())
    voices: Mapping[str, str] = voices_of(before)
    if speaker not in voices:
        casting = casting_of(bench.cast, episode, ())
        known = {**casting.known, **voices}
        voices = cast_voices([*filter(None, voices), speaker], replace(casting, known=known))
    return replace(fix, voice=voices[speaker])


def _require_voice(bench: Workbench, name: str) -> None:
    known = sorted({*bench.cast.profiles, *bench.cast.voices})
    if name not in known:
        close = get_close_matches(name, known, n=1)
        suggestion = f'did you mean "{close[0]}"? ' if close else ""
        raise SourceError(
            f'there is no voice "{name[:60]}"',
            "voices/",
            remedy=f'{suggestion}run "audiobrief voices" to see all',
        )


# -- words that are said otherwise ----------------------------------------------------------------


def _moved_keys(sheet: Sheet, revision: Revision) -> dict[str, tuple[str, ...]]:
    """Return what became of the keys of changed lines; those that still stand elsewhere stay."""
    after = tuple(dict.fromkeys(map(key_of_id, revision.after)))
    counts: dict[str, int] = {}
    for spot in sheet.spots:
        counts[spot.line.key] = counts.get(spot.line.key, 0) + 1
    keys = {}
    for key in dict.fromkeys(map(key_of_id, revision.before)):
        gone = sum(key_of_id(one) == key for one in revision.before)
        still = (key,) if counts.get(key, 0) > gone else ()
        if after and key not in after:
            keys[key] = (*still, *after)
    return keys


def _move_words(path: Path, keys: Mapping[str, Sequence[str]], *, is_kept: bool) -> None:
    """Let entries for single lines follow their lines."""
    if not keys or not path.exists():
        return
    old = decoded(_read(path), path.name)
    new = moved(old, keys, where=path.name, is_kept=is_kept)
    if new != old:
        write_beside_builds(path, new.encode())


# -- sound ----------------------------------------------------------------------------------------


def _heard(bench: Workbench, episode: Episode, segments: Sequence[str]) -> Fixed:
    """Speak what has changed; the change is kept whatever comes of it."""
    made = {s.id: s for s in bench.redraft(episode).script.segments}
    present = [made[name] for name in segments if name in made]
    try:
        clips = [bench.speak(s.spoken, bench.voice(s.voice), s.phonemes) for s in present]
    except SpeechError as error:
        told = f"it is saved, and cannot be heard: {error.problem} ({error.remedy})"
        return Fixed(tuple(segments), None, 0, 0, (told,))
    if not clips:
        return Fixed(tuple(segments), None, 0, 0)
    first = clips[0]
    return Fixed(tuple(segments), first.key, first.duration_ms, sum(c.is_new for c in clips))
