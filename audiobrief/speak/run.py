"""Segments through the engines into the clip store: each distinct text once, each clip proven."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from math import ceil
from queue import Empty, SimpleQueue
from threading import Thread
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from audiobrief.speak.check import find_flaw
from audiobrief.speak.doubt import Said, forget_doubted, refused_twice, spoken_again
from audiobrief.speak.engine import (
    ParallelEngine,
    PatientSession,
    PreparableSession,
    TellingEngine,
    fingerprint_of,
    refuse_unusable,
)
from audiobrief.speak.job import Job, spoken
from audiobrief.speak.key import clip_key

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence

    from audiobrief.model.audio import Clip, ClipFacts
    from audiobrief.model.script import Segment
    from audiobrief.model.voice import Voice
    from audiobrief.speak.engine import Engine, Session

_T = TypeVar("_T")


class ClipStore(Protocol):
    """Where clips are kept between builds; called from one thread only."""

    def get(self, key: str) -> Clip | None:
        """Return the clip of a key; ``None``: not there, or not whole."""
        ...

    def glance(self, key: str) -> ClipFacts | None:
        """Return what is known of a clip without reading its sound; ``None``: not there."""
        ...

    def put(self, key: str, clip: Clip) -> None:
        """Keep a clip, so that it survives a kill the moment after; one that is there may stay."""
        ...

    def discard(self, key: str) -> None:
        """Forget a clip."""
        ...


@runtime_checkable
class SharedClipStore(ClipStore, Protocol):
    """One with a store behind it that other machines use, too."""

    def expect(self, keys: Sequence[str]) -> None:
        """Bring here what is there of these clips: all will be asked for."""
        ...

    def share(self, keys: Iterable[str]) -> None:
        """Let others have these clips, which are as they stay."""
        ...


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where the sound of every segment is, and what it took."""

    #: Segment id to clip key; segments of the same text and voice share one.
    keys: Mapping[str, str]
    #: Clip key to the digest of its sound, rate and word marks.
    digests: Mapping[str, str]
    #: Distinct clips that were made now.
    synthesized: int
    #: Distinct clips that were there.
    cached: int
    #: Engine name and fingerprint, for every engine of the script, sorted.
    engine_versions: tuple[tuple[str, str], ...]
    #: What the engines had to say, each once.
    notes: tuple[str, ...] = ()


def speak(
    segments: Sequence[Segment],
    voices: Mapping[str, Voice],
    engine_of: Callable[[str], Engine],
    clips: ClipStore,
    progress: Callable[[int, int, str], None],
    *,
    share: float = 1.0,
) -> Spoken:
    """Make sure that the store holds a sound clip for every segment.

    A clip is stored as soon as it is made: whatever ends the run, finished clips are kept. An
    engine that has nothing to do is asked for its fingerprint, and not opened. At the end every new
    clip is held to what its voice has spoken otherwise, see `doubt`.

    Args:
        segments: The script.
        voices: Profiles by name; every segment's is in it.
        engine_of: Gives the engine of a name; called once a name.
        clips: Where clips are looked for and kept.
        progress: Told after each clip, in the caller's thread: distinct clips there by now, in
            all, and the text of this one.
        share: How much of the sessions that an engine may have at once, since other processes have
            the rest: 0..1.

    Raises:
        SpeechError: A text could not be spoken whole; the subject names it.
        VoiceNotFoundError: An engine lacks a voice.
        EngineUnavailableError: An engine is not installed whole.
        WorkspaceError: A voice profile is out of range.
    """
    used = {segment.voice: voices[segment.voice] for segment in segments}
    for voice in used.values():
        refuse_unusable(voice)
    engines = {name: engine_of(name) for name in sorted({v.engine for v in used.values()})}
    versions = {name: engine.fingerprint() for name, engine in engines.items()}
    prints = {name: fingerprint_of(engines[v.engine], v) for name, v in used.items()}
    jobs = [_job_of(s, used[s.voice], prints[s.voice]) for s in segments]
    distinct = {job.key: job for job in jobs}
    if isinstance(clips, SharedClipStore):
        clips.expect(list(distinct))
    facts = {key: clips.glance(key) for key in distinct}
    said = {key: Said.of(job, facts[key]) for key, job in distinct.items()}
    missing = [job for job in distinct.values() if not said[job.key].is_there]
    cached = len(distinct) - len(missing)
    # The sessions tell in threads of their own.
    told: SimpleQueue[str] = SimpleQueue()
    for engine in engines.values():
        if isinstance(engine, TellingEngine):
            engine.listen(told.put)
    made: list[str] = []
    try:
        with closing(_clips_of_all(engines, missing, share)) as finished:
            for job, clip in finished:
                clips.put(job.key, clip)
                said[job.key] = Said.of(job, clip)
                made.append(job.key)
                progress(cached + len(made), len(distinct), job.text)
    except BaseException:
        # The next run must not take for judged what this one leaves unjudged.
        forget_doubted(list(said.values()), made, clips.discard)
        raise
    for key, clip in spoken_again(list(said.values()), made, engines, clips.discard, told.put):
        # What is there stays otherwise.
        clips.discard(key)
        clips.put(key, clip)
    if isinstance(clips, SharedClipStore):
        # Not before: one that does not fit its voice was replaced only now.
        clips.share(made)
    keys = {segment.id: job.key for segment, job in zip(segments, jobs, strict=True)}
    facts |= {key: clips.glance(key) for key in made}
    digests = {key: one.digest for key, one in facts.items() if one is not None}
    return Spoken(
        keys=MappingProxyType(keys),
        digests=MappingProxyType(digests),
        synthesized=len(made),
        cached=cached,
        engine_versions=tuple(versions.items()),
        notes=tuple(dict.fromkeys(_drain(told))),
    )


def speak_one(
    text: str,
    voice: Voice,
    session: Session,
    phonemes: tuple[tuple[int, int, str], ...] = (),
) -> Clip:
    """Return the sound of one text, proven like every clip, without keeping it.

    Args:
        text: As sent to the engine.
        voice: A voice of the session's engine.
        session: See `ready_session`.
        phonemes: Start, end and IPA of words whose sounds are known; the engine `can_say` each.

    Raises:
        SpeechError: It could not be spoken whole.
        VoiceNotFoundError: The engine lacks the voice.
        EngineUnavailableError: The engine is not installed whole.
        WorkspaceError: The voice profile is out of range.
    """
    refuse_unusable(voice)
    return _proven_clip(session, Job("", text, voice, phonemes))


def ready_session(engine: Engine) -> Session:
    """Open a session that starts while its first text is still being made."""
    session = engine.open()
    if isinstance(session, PreparableSession):
        session.prepare()
    return session


def _job_of(segment: Segment, voice: Voice, fingerprint: str) -> Job:
    text, phonemes = segment.spoken, segment.phonemes
    return Job(clip_key(text, voice, fingerprint, phonemes), text, voice, phonemes)


def _clips_of_all(
    engines: Mapping[str, Engine], jobs: Sequence[Job], share: float
) -> Generator[tuple[Job, Clip], None, None]:
    """Yield every job with its clip, one engine after the other."""
    for name, engine in engines.items():
        own = [job for job in jobs if job.voice.engine == name]
        yield from _clips_of(engine, own, share)


def _clips_of(
    engine: Engine, jobs: Sequence[Job], share: float
) -> Generator[tuple[Job, Clip], None, None]:
    """Yield every job with its clip, as they are finished."""
    session_count = 1
    if isinstance(engine, ParallelEngine):
        most = max(1, ceil(share * engine.max_sessions))
        session_count = min(most, -(-len(jobs) // engine.clips_per_session))
    if session_count > 1:
        yield from _spoken_at_once(engine, jobs, session_count)
    elif jobs:
        with engine.open() as session:
            for job in jobs:
                yield job, _proven_clip(session, job)


def _proven_clip(session: Session, job: Job) -> Clip:
    """Speak a text until the clip passes the check, twice at most."""
    flaw = ""
    for _attempt in range(2):
        clip = spoken(session, job)
        flaw = find_flaw(clip, job.text, job.voice)
        if not flaw:
            return clip
    raise refused_twice(job.text, flaw)


def _spoken_at_once(
    engine: Engine, jobs: Sequence[Job], session_count: int
) -> Generator[tuple[Job, Clip], None, None]:
    """Speak with several sessions, each in a thread; yield in the thread of the caller."""
    waiting: SimpleQueue[Job] = SimpleQueue()
    for job in jobs:
        waiting.put(job)
    finished: SimpleQueue[tuple[Job, Clip] | BaseException] = SimpleQueue()
    with ExitStack() as stack:
        sessions = [stack.enter_context(engine.open()) for _ in range(session_count)]
        threads = [Thread(target=_serve, args=(s, waiting, finished)) for s in sessions]
        # Backwards through the stack: the sessions are closed, which ends what is in hand and lets
        # the next text fail, and only then are the threads waited for.
        for thread in threads:
            stack.callback(thread.join)
            thread.start()
        for session in sessions:
            stack.callback(session.close)
        for _ in jobs:
            result = _next(finished)
            if isinstance(result, BaseException):
                _drain(waiting)
                # What is under way is waited for and kept; what waits to be repeated is not.
                for session in sessions:
                    if isinstance(session, PatientSession):
                        session.wind_down()
                for thread in threads:
                    thread.join()
                yield from (rest for rest in _drain(finished) if isinstance(rest, tuple))
                raise result
            yield result


def _serve(
    session: Session,
    waiting: SimpleQueue[Job],
    finished: SimpleQueue[tuple[Job, Clip] | BaseException],
) -> None:
    """Speak what is waiting until nothing is, or one fails."""
    for job in _taken(waiting):
        try:
            finished.put((job, _proven_clip(session, job)))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            finished.put(error)
            return


def _taken(queue: SimpleQueue[_T]) -> Iterator[_T]:
    """Yield what is in a queue, until it is empty."""
    while True:
        try:
            yield queue.get_nowait()
        except Empty:
            return


def _drain(queue: SimpleQueue[_T]) -> list[_T]:
    return list(_taken(queue))


def _next(queue: SimpleQueue[_T]) -> _T:
    """Wait for the next one; on Windows a wait without limit cannot be interrupted."""
    while True:
        try:
            return queue.get(timeout=0.5)
        except Empty:
            continue
