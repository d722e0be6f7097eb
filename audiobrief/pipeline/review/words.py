"""How words are said: where one stands, and what is entered here, in an episode, for all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from audiobrief.errors import SourceError, SpeechError, StoreError, WorkspaceError
from audiobrief.pipeline.edited import script_lock
from audiobrief.pipeline.recipe import words_in
from audiobrief.pipeline.review.bench import redraft_of, workspace_of
from audiobrief.pipeline.review.redraft import lexicon_of_refs, where_of
from audiobrief.store.files import make_folder, mapping_os_errors, write_beside_builds
from audiobrief.store.history import key_of_id
from audiobrief.store.lock import briefly_locked
from audiobrief.store.manifest import MANIFEST_NAME, parse_manifest
from audiobrief.text.speech.lexicon import Entry, Lexicon
from audiobrief.workspace.episode_words import (
    WORDS_NAME,
    PlacedEntry,
    read_episode_words,
    with_words,
)
from audiobrief.workspace.lexicon_file import with_entry, without_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from audiobrief.model.episode import Episode
    from audiobrief.model.script import Segment
    from audiobrief.pipeline.review.bench import Workbench
    from audiobrief.workspace.episode_words import EpisodeWords
    from audiobrief.workspace.load import Workspace

Scope = Literal["here", "episode", "show"]
#: The lexicon file of words for all, as ``lexicon add`` has it.
_SHARED_NAME = "words.toml"


@dataclass(frozen=True, slots=True)
class Counts:
    """In how many segments a word is said as an entry would have it."""

    here: int
    episode: int
    #: In all episodes of the workspace, which share the lexicon.
    show_segments: int
    show_episodes: int

    def of(self, scope: Scope) -> int:
        """Return the number of segments of a scope."""
        return {"here": self.here, "episode": self.episode, "show": self.show_segments}[scope]


@dataclass(frozen=True, slots=True)
class ScopedEntry:
    """How a word is said, and where that counts."""

    entry: Entry
    scope: Scope
    #: Ids of the segments, with "here".
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Worded:
    """What came of an entry."""

    #: In how many segments the word is.
    changed: int
    #: Directories of the episodes that are another sound now.
    episodes: tuple[str, ...]
    #: Key of the segment's clip; ``None``: it could not be spoken, or there is no segment.
    clip: str | None = None
    duration_ms: int = 0
    notes: tuple[str, ...] = ()


def count(show: Workspace | Workbench, episode: Episode, word: str, segment: str | None) -> Counts:
    """Return how many segments an entry for a word would change, by scope.

    Where the word has a narrower entry, or one of the article's own, a wider one changes nothing;
    but the place from which it is entered gives its narrower ones up.

    Args:
        show: The workspace as the show sees it, or its bench.
        episode: As it was built last.
        word: As printed; its capitals count as those of an entry.
        segment: Id of the segment where it is to be said otherwise.

    Raises:
        SourceError: It is no word.
    """
    workspace = workspace_of(show)
    probe = _probe(word, where_of(workspace, episode))
    own = redraft_of(show, episode).script.segments
    key = key_of_id(segment or "")
    placed = {k for one in words_in(workspace, episode, "").of(word) for k in one.here} - {key}
    inside = sum(probe(s.text) and key_of_id(s.id) not in placed for s in own)
    shared = 0 if _is_articles_own(episode, word) else inside
    here = next((s for s in own if s.id == segment), None)
    others = dict(_others(workspace, episode, word, probe))
    return Counts(
        here=int(here is not None and probe(here.text)),
        episode=inside,
        show_segments=shared + sum(others.values()),
        show_episodes=len(others) + bool(shared),
    )


def _is_articles_own(episode: Episode, word: str) -> bool:
    """Tell whether the front matter of an article says how a word is said."""
    return any(word == own for ref in episode.articles for own, _ in ref.lexicon)


def _probe(word: str, where: str) -> Callable[[str], bool]:
    """Return what tells whether a word stands in a text."""
    lexicon = Lexicon((_entry(word, where),))
    return lambda text: bool(lexicon.find(text))


def _entry(word: str, where: str) -> Entry:
    try:
        return Entry(word, letters=True)
    except ValueError as error:
        raise SourceError(str(error), where, remedy="name a word of the text") from error


def _others(
    workspace: Workspace, episode: Episode, word: str, probe: Callable[[str], bool]
) -> Iterator[tuple[str, int]]:
    """Yield the folders of other episodes with a word, and how many segments it would change there.

    Of all shows, which share the lexicon. Most manifests need not be understood.
    """
    own = workspace.episodes / episode.directory / MANIFEST_NAME
    first = _first_word(word)
    root = workspace.root / "episodes"
    for path in sorted((*root.glob(f"*/{MANIFEST_NAME}"), *root.glob(f"*/*/{MANIFEST_NAME}"))):
        if path == own:
            continue
        with mapping_os_errors("read the manifest", path):
            content = path.read_bytes()
        if first not in content.decode("utf-8", "replace").casefold():
            continue
        try:
            other = parse_manifest(content, where=str(path), directory=path.parent.name)
            words = read_episode_words(path.with_name(WORDS_NAME), where=str(path)).of(word)
        except (StoreError, WorkspaceError):  # told where episodes are listed, and built
            continue
        if _is_articles_own(other, word) or any(not one.here for one in words):
            continue
        placed = {key for one in words for key in one.here}
        number = sum(probe(s.text) and key_of_id(s.id) not in placed for s in other.segments)
        if number:
            yield path.parent.relative_to(root).as_posix(), number


def _first_word(word: str) -> str:
    letters = "".join(c if c.isalnum() else " " for c in word).split()
    return letters[0].casefold()


# -- entries --------------------------------------------------------------------------------------


def words_of(show: Workspace | Workbench, episode: Episode) -> tuple[ScopedEntry, ...]:
    """Return the entries that count in an episode, the strongest first."""
    workspace = workspace_of(show)
    segments = redraft_of(show, episode).script.segments
    words = words_in(workspace, episode, episode.language)
    ids: dict[str, list[str]] = {}
    for segment in segments:
        ids.setdefault(key_of_id(segment.id), []).append(segment.id)
    own = [
        ScopedEntry(
            one.entry,
            "here" if one.here else "episode",
            tuple(name for key in one.here for name in ids.get(key, ())),
        )
        for one in sorted(words.entries, key=lambda one: not one.here)
    ]
    shared = lexicon_of_refs(episode.articles, episode.language, workspace)
    found = {hit.entry.word: hit.entry for s in segments for hit in shared.find(s.text)}
    return (*own, *(ScopedEntry(entry, "show") for entry in found.values()))


def add_word(
    bench: Workbench, episode: Episode, entry: Entry, scope: Scope, segment: str | None
) -> Worded:
    """Have a word said so: in one segment, in an episode, or everywhere.

    What was said of it more narrowly at this place gives way.

    Args:
        bench: Of the show.
        episode: As it was built last.
        entry: How it is said.
        scope: Where.
        segment: Id of the segment from which it is entered; it is spoken.

    Raises:
        SourceError: There is no such segment, or the word is not in it.
        WorkspaceError: A file is wrong, or has the word in a form that only a person can change.
        StoreError: A file cannot be read or written.
    """
    workspace = bench.workspace
    counts = count(bench, episode, entry.word, segment)
    key = _key(bench, episode, segment, scope)
    if scope == "here" and not counts.here:
        raise SourceError(
            f'"{entry.word}" is not in this segment',
            where_of(workspace, episode),
            remedy="write the word as it is printed",
        )

    def changed(words: EpisodeWords) -> tuple[PlacedEntry, ...]:
        rows = _narrowed(words.of(entry.word), key, scope)
        if scope == "here":
            same = next((one for one in rows if one.here and one.entry == entry), None)
            if same is not None:
                return tuple(
                    replace(one, here=(*one.here, key)) if one is same else one for one in rows
                )
            return (*rows, PlacedEntry(entry, (key,)))
        return (*rows, PlacedEntry(entry)) if scope == "episode" else rows

    _change_own(workspace, episode, entry.word, changed)
    if scope == "show":
        _change_shared(workspace, lambda text: with_entry(text, entry))
    done = _heard(bench, episode, entry.word, segment, counts.of(scope), scope)
    voice = next((s.voice for s in bench.redraft(episode).script.segments if s.id == segment), None)
    unheard = bench.unheard(entry, voice) if voice is not None else ()
    return replace(done, notes=(*done.notes, *unheard))


def remove_word(
    bench: Workbench, episode: Episode, word: str, scope: Scope, segment: str | None
) -> Worded:
    """Have a word said as without its entry in a scope; see `add_word`.

    Raises:
        SourceError: There is no such entry.
    """
    workspace = bench.workspace
    counts = count(bench, episode, word, segment)
    key = _key(bench, episode, segment, scope)
    where = where_of(workspace, episode)
    if scope == "show":
        if not _change_shared(workspace, lambda text: without_entry(text, word)):
            raise _no_entry(word, f"{workspace.lexicon_folder.name}/{_SHARED_NAME}")
        return _heard(bench, episode, word, segment, counts.of(scope), scope)

    def changed(words: EpisodeWords) -> tuple[PlacedEntry, ...]:
        old = words.of(word)
        if scope == "episode":
            new = tuple(one for one in old if one.here)
        else:
            new = _narrowed(old, key, "here")
        if new == old:
            raise _no_entry(word, where)
        return new

    _change_own(workspace, episode, word, changed)
    return _heard(bench, episode, word, segment, counts.of(scope), scope)


def _no_entry(word: str, where: str) -> SourceError:
    return SourceError(f'"{word}" has no entry there', where, remedy="load the page again")


def _narrowed(rows: Sequence[PlacedEntry], key: str, scope: Scope) -> tuple[PlacedEntry, ...]:
    """Return what is left of a word's entries where one of a scope takes a place."""
    kept = []
    for one in rows:
        if not one.here:
            if scope == "here":
                kept.append(one)
            continue
        here = tuple(k for k in one.here if k != key)
        if here:
            kept.append(replace(one, here=here))
    return tuple(kept)


def _key(bench: Workbench, episode: Episode, segment: str | None, scope: Scope) -> str:
    known = {s.id for s in bench.redraft(episode).script.segments}
    if segment in known:
        return key_of_id(str(segment))
    if segment is None and scope != "here":
        return ""
    raise SourceError(
        "the segment is not there any more",
        where_of(bench.workspace, episode),
        remedy="load the page again",
    )


def _change_own(
    workspace: Workspace,
    episode: Episode,
    word: str,
    changed: Callable[[EpisodeWords], tuple[PlacedEntry, ...]],
) -> None:
    """Change the entries of a word in an episode's own file."""
    path = workspace.episodes / episode.directory / WORDS_NAME
    where = f"{workspace.directory_of(episode)}/{WORDS_NAME}"
    with script_lock(workspace, episode.directory):
        text = _text(path)
        words = words_in(workspace, episode, "")
        new = changed(words)
        if new == words.of(word):
            return
        content = with_words(text, word, new, where=where).encode()
        write_beside_builds(path, content)


def _change_shared(workspace: Workspace, changed: Callable[[str], str]) -> bool:
    """Change the workspace's own lexicon file; tell whether it is another now."""
    path = workspace.lexicon_folder / _SHARED_NAME
    with briefly_locked(workspace.cache / "scripts" / "lexicon.lock"):
        text = _text(path)
        new = changed(text)
        if new != text:
            make_folder(path.parent)
            write_beside_builds(path, new.encode())
        return new != text


def _text(path: Path) -> str:
    with mapping_os_errors("read", path):
        return path.read_bytes().decode("utf-8-sig") if path.exists() else ""


def _heard(
    bench: Workbench, episode: Episode, word: str, segment: str | None, number: int, scope: Scope
) -> Worded:
    """Speak the segment as it is said now."""
    workspace = bench.workspace
    own = workspace.directory_of(episode).removeprefix("episodes/")
    others: tuple[str, ...] = ()
    if scope == "show":
        probe = _probe(word, where_of(workspace, episode))
        others = tuple(folder for folder, _ in _others(workspace, episode, word, probe))
    here: Segment | None = next(
        (s for s in bench.redraft(episode).script.segments if s.id == segment), None
    )
    if here is None:
        return Worded(number, (own, *others))
    try:
        clip = bench.speak(here.spoken, bench.voice(here.voice), here.phonemes)
    except SpeechError as error:
        told = f"it is saved, and cannot be heard: {error.problem} ({error.remedy})"
        return Worded(number, (own, *others), notes=(told,))
    return Worded(number, (own, *others), clip.key, clip.duration_ms)
