"""What stays at hand while a show is reviewed: settings, warm voices, what was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import TYPE_CHECKING, TypeVar

from audiobrief import plugins
from audiobrief.errors import StoreError
from audiobrief.pipeline.companions import SCRIPT_NAME
from audiobrief.pipeline.review.redraft import Redraft, redraft
from audiobrief.pipeline.voices import choose_cast, fingerprints
from audiobrief.script.finish import Forms
from audiobrief.speak.key import clip_key
from audiobrief.speak.run import ready_session, speak_one
from audiobrief.store.clips import ClipCache
from audiobrief.store.history import HISTORY_NAME
from audiobrief.store.stamps import Stamps
from audiobrief.workspace.episode_words import WORDS_NAME
from audiobrief.workspace.load import SETTINGS_NAME, load_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobrief.model.article import Article
    from audiobrief.model.episode import Episode
    from audiobrief.model.script import Segment
    from audiobrief.model.voice import Voice
    from audiobrief.pipeline.voices import Cast
    from audiobrief.speak.engine import Session
    from audiobrief.text.speech.lexicon import Entry
    from audiobrief.workspace.load import Workspace

_T = TypeVar("_T")
#: So many episodes and articles are kept at hand.
_MOST_HELD = 8
#: A build that begins sweeps away what is half written, clips too: then it is written again.
_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class SpokenClip:
    """Where the sound of a text is."""

    #: Key of the clip.
    key: str
    duration_ms: int
    #: It was made now.
    is_new: bool


@dataclass(slots=True)
class _Settings:
    """A workspace as its files were at some moment."""

    stamp: str
    workspace: Workspace
    cast: Cast | None = None
    prints: dict[str, str] = field(default_factory=dict)


class Workbench:
    """One show under review; its methods may be called in several threads.

    Args:
        workspace: As the show sees it.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.clips = ClipCache(workspace.cache / "clips")
        self._root, self._show = workspace.root, workspace.show
        self._settings = _Settings(_stamp_of(workspace.root), workspace)
        self._guard = RLock()
        self._sessions: dict[str, tuple[Session, Lock]] = {}
        self._redrafts: dict[str, tuple[object, Redraft]] = {}
        self._articles: dict[str, tuple[object, Article]] = {}
        self._forms = Forms()
        self._is_closed = False

    # -- settings ---------------------------------------------------------------------------------

    @property
    def workspace(self) -> Workspace:
        """The workspace as the show sees it, its settings and lexicons as they are now.

        Raises:
            WorkspaceError: They are wrong.
        """
        return self._fresh().workspace

    @property
    def cast(self) -> Cast:
        """The voices of the show as they are now.

        Raises:
            WorkspaceError: A profile is wrong.
            EngineUnavailableError: An engine is missing.
        """
        with self._guard:
            settings = self._fresh()
            if settings.cast is None:
                settings.cast = choose_cast(settings.workspace)
            return settings.cast

    def _fresh(self) -> _Settings:
        with self._guard:
            stamp = _stamp_of(self._root)
            if stamp != self._settings.stamp:
                workspace = load_workspace(self._root)
                workspace = workspace.of_show(self._show) if self._show else workspace
                self._settings = _Settings(stamp, workspace)
            return self._settings

    def voice(self, name: str) -> Voice:
        """Return a voice by its name.

        Raises:
            WorkspaceError: There is none.
        """
        cast = self.cast
        known = {**cast.profiles, **cast.voices}
        return known[name] if name in known else self.workspace.voice(name, wanted_by=name)

    # -- scripts ----------------------------------------------------------------------------------

    def redraft(self, episode: Episode) -> Redraft:
        """Return what an episode's script file and words say now; see `redraft.redraft`."""
        state = self.state_of(episode)
        with self._guard:
            held = self._redrafts.get(episode.guid)
        if held is not None and held[0] == state:
            return held[1]
        made = redraft(self.workspace, self.cast, episode, self._forms)
        with self._guard:
            _hold(self._redrafts, episode.guid, (state, made))
        return made

    def state_of(self, episode: Episode) -> object:
        """Return what changes whenever an episode's script, words or settings do."""
        folder = self.workspace.episodes / episode.directory
        stamps = Stamps()
        for name in (SCRIPT_NAME, WORDS_NAME, HISTORY_NAME):
            stamps.add(folder / name)
        return self._fresh().stamp, stamps.digest(), episode.build.digest, episode.enclosure.sha256

    def article(self, key: str, state: object, read: Callable[[], Article]) -> Article:
        """Return an article, read again only if its file has changed."""
        with self._guard:
            held = self._articles.get(key)
        if held is not None and held[0] == state:
            return held[1]
        article = read()
        with self._guard:
            _hold(self._articles, key, (state, article))
        return article

    # -- sound ------------------------------------------------------------------------------------

    def key_of(self, segment: Segment) -> str:
        """Return the key of a segment's clip."""
        return self.key(segment.spoken, self.voice(segment.voice), segment.phonemes)

    def key(self, spoken: str, voice: Voice, phonemes: tuple[tuple[int, int, str], ...]) -> str:
        """Return the key of the clip of a text."""
        prints = self._fresh().prints
        if voice.name not in prints:
            prints.update(fingerprints([voice]))
        return clip_key(spoken, voice, prints[voice.name], phonemes)

    def speak(
        self, spoken: str, voice: Voice, phonemes: tuple[tuple[int, int, str], ...] = ()
    ) -> SpokenClip:
        """Make sure that there is a clip of a text.

        Raises:
            SpeechError: It could not be spoken whole.
            StoreError: The clip cannot be kept.
        """
        key = self.key(spoken, voice, phonemes)
        if (length_ms := self.length_ms(key)) is not None:
            return SpokenClip(key, length_ms, is_new=False)
        session, lock = self._session(voice.engine)
        with lock:
            # Another thread may have been as quick.
            if (length_ms := self.length_ms(key)) is not None:
                return SpokenClip(key, length_ms, is_new=False)
            clip = speak_one(spoken, voice, session, phonemes)
            patiently(lambda: self.clips.put(key, clip))
        return SpokenClip(key, clip.duration_ms, is_new=True)

    def unheard(self, entry: Entry, voice: str) -> tuple[str, ...]:
        """Return a note where a voice cannot say a word as an entry has it."""
        if entry.ipa is None or entry.say is not None or self.cast.can_say(voice, entry.ipa):
            return ()
        told = f'the voice "{voice}" does not take this IPA: "{entry.word}" is said as printed'
        return (f"{told}; respell it instead",)

    def length_ms(self, key: str) -> int | None:
        """Return how long a clip is; ``None``: there is none."""
        facts = self.clips.glance(key)
        return None if facts is None else round(1000 * facts.frame_count / facts.sample_rate_hz)

    def warm(self) -> None:
        """Let the engines of the show start, so that the first fix waits for none."""
        for engine in {voice.engine for voice in self.cast.voices.values()}:
            self._session(engine)

    def _session(self, engine: str) -> tuple[Session, Lock]:
        with self._guard:
            if self._is_closed:
                raise StoreError("the review has ended", engine, remedy="start it again")
            if engine not in self._sessions:
                self._sessions[engine] = ready_session(plugins.engine(engine)), Lock()
            return self._sessions[engine]

    def close(self) -> None:
        """End the engines; a text in hand fails."""
        with self._guard:
            self._is_closed = True
            sessions = [session for session, _ in self._sessions.values()]
            self._sessions.clear()
        for session in sessions:
            session.close()


def _hold(shelf: dict[str, _T], key: str, row: _T) -> None:
    """Put something on a shelf from which the oldest falls."""
    shelf.pop(key, None)
    shelf[key] = row
    while len(shelf) > _MOST_HELD:
        del shelf[next(iter(shelf))]


def redraft_of(at: Workspace | Workbench, episode: Episode) -> Redraft:
    """Return what an episode's script file and words say now; a bench remembers it."""
    if isinstance(at, Workbench):
        return at.redraft(episode)
    return redraft(at, choose_cast(at), episode)


def workspace_of(at: Workspace | Workbench) -> Workspace:
    """Return the workspace as its show sees it."""
    return at.workspace if isinstance(at, Workbench) else at


def patiently(write: Callable[[], object]) -> None:
    """Write a file, again if a build that begins has swept it away unfinished.

    Raises:
        StoreError: It cannot be written.
    """
    for attempt in range(_ATTEMPTS):
        try:
            write()
        except StoreError as error:
            if not isinstance(error.__cause__, FileNotFoundError) or attempt + 1 == _ATTEMPTS:
                raise
        else:
            return


def _stamp_of(root: Path) -> str:
    """Return what changes whenever settings, voices or lexicons of a workspace do."""
    stamps = Stamps()
    stamps.add(root / SETTINGS_NAME)
    stamps.add_tree(root / "voices")
    return stamps.digest()
