"""The sound of an episode, on disk: assembled, tagged, named by its digest, in every format."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from threading import Lock
from typing import TYPE_CHECKING

from audiobrief import plugins
from audiobrief.errors import StoreError
from audiobrief.model.episode import Enclosure, TimedSegment, summarize
from audiobrief.model.report import Step
from audiobrief.pipeline.events import Event, Stage
from audiobrief.store.files import (
    commit_file,
    fresh_folder,
    mapping_os_errors,
    remove_if_there,
    syncing,
    temporary_beside,
)
from audiobrief.store.library import slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from audiobrief.assemble.render import Assembled
    from audiobrief.model.audio import Clip, Format, SoundSpec
    from audiobrief.pipeline.ingredients import Recipe
    from audiobrief.pipeline.order import Order
    from audiobrief.pipeline.workshop import Tools
    from audiobrief.speak.run import Spoken
    from audiobrief.tag.id3 import Tags

AI_DISCLOSURE = "Read by a synthetic voice."


@dataclass(frozen=True, slots=True)
class Sound:
    """The files of an episode's sound, and what is known of it."""

    assembled: Assembled
    segments: tuple[TimedSegment, ...]
    enclosure: Enclosure
    #: The same in other formats.
    deliveries: tuple[Enclosure, ...]


def make_sound(order: Order, cover: bytes, tools: Tools, spoken: Spoken, folder: Path) -> Sound:
    """Make all sound files of an episode; a file in the making is gone if anything fails.

    Args:
        order: What is made.
        cover: The show's.
        tools: With what.
        spoken: Where its clips are.
        folder: Where the files go.
    """
    recipe = order.recipe
    clips = _Clips(recipe, tools, spoken)
    making = temporary_beside(folder / "sound.mp3")
    try:
        assembled = _assembled(recipe, order.sound, tools, clips, making)
        segments = tuple(_timed(recipe, assembled, spoken, clips))
        tags = _tags(order, cover, segments, assembled)
        _tag(making, tags)
        title, duration_ms = recipe.script.title, tags.duration_ms
        enclosure = _named(making, folder, title, duration_ms, "mp3", "audio/mpeg")
    except BaseException:
        remove_if_there(making)
        raise
    deliveries = tuple(
        _delivered(kind, order, tools, clips, assembled, tags, folder) for kind in order.formats
    )
    return Sound(assembled, segments, enclosure, deliveries)


def _assembled(
    recipe: Recipe, sound: SoundSpec, tools: Tools, clips: _Clips, target: Path
) -> Assembled:
    from audiobrief.assemble.render import assemble  # noqa: PLC0415 - numpy, soxr, lameenc

    def progress(done: int, total: int, doing: str) -> None:
        tools.tell(Event(Stage.ASSEMBLE, recipe.locator, done, total, doing))

    work = fresh_folder(tools.work)
    return assemble(
        recipe.script.segments,
        clips,
        sound,
        target,
        encoded=tools.encoded,
        work=work,
        progress=progress,
        music=recipe.music,
        music_folder=tools.music,
        share=tools.share,
    )


def measure_sound(recipe: Recipe, sound: SoundSpec, tools: Tools, spoken: Spoken) -> Assembled:
    """Assemble an episode to know how long everything is; what is encoded is kept, the file not."""
    making = tools.work.with_name("measured.mp3")
    try:
        with tools.making.on(Step.ASSEMBLE):
            return _assembled(recipe, sound, tools, _Clips(recipe, tools, spoken), making)
    finally:
        remove_if_there(making)


def _delivered(
    kind: Format,
    order: Order,
    tools: Tools,
    clips: _Clips,
    assembled: Assembled,
    tags: Tags,
    folder: Path,
) -> Enclosure:
    """Write the episode in one more format, from the sound before it was encoded."""
    from audiobrief.assemble.delivery import deliver  # noqa: PLC0415 - soundfile, PyAV
    from audiobrief.assemble.render import sound_of  # noqa: PLC0415
    from audiobrief.tag.delivery import write_delivery_tags  # noqa: PLC0415 - mutagen
    from audiobrief.tag.language import three_letters  # noqa: PLC0415

    recipe, frame_count = order.recipe, assembled.timeline.frame_count
    tools.tell(Event(Stage.ASSEMBLE, recipe.locator, 0, 1, kind))
    blocks = sound_of(
        assembled,
        recipe.script.segments,
        clips,
        work=tools.work,
        music=recipe.music,
        music_folder=tools.music,
    )
    making = temporary_beside(folder / f"sound.{kind}")
    try:
        made = deliver(
            *(blocks, frame_count, order.sound, kind, making),
            chapters=assembled.chapters,
            language=three_letters(recipe.script.language),
        )
        write_delivery_tags(making, kind, tags)
        title = recipe.script.title
        return _named(making, folder, title, made.duration_ms, kind, made.mime_type)
    except BaseException:
        remove_if_there(making)
        raise


class _Clips:
    """The clips of an episode; see :class:`audiobrief.assemble.part.ClipSource`."""

    def __init__(self, recipe: Recipe, tools: Tools, spoken: Spoken) -> None:
        self._recipe = recipe
        self._store = tools.clips
        self._keys = spoken.keys
        self._digests = dict(spoken.digests)
        self._segments = {segment.id: segment for segment in recipe.script.segments}
        self._lock = Lock()

    def digest(self, segment_id: str) -> str:
        """Return the digest of a segment's clip."""
        digest = self._digests.get(self._keys[segment_id])
        if digest is None:
            raise self._vanished(segment_id)
        return digest

    def clip(self, segment_id: str) -> Clip:
        """Return a segment's clip; one that is damaged is spoken again."""
        clip = self._store.get(self._keys[segment_id])
        if clip is None:
            self._speak_again(segment_id)
            clip = self._store.get(self._keys[segment_id])
        if clip is None:
            raise self._vanished(segment_id)
        return clip

    def _speak_again(self, segment_id: str) -> None:
        from audiobrief.speak.run import speak  # noqa: PLC0415 - only when a clip is damaged

        segment, voices = self._segments[segment_id], self._recipe.voices
        # Several threads may find damaged clips.
        with self._lock:
            clips = self._store
            spoken = speak([segment], voices, plugins.engine, clips, lambda *_told: None)
            self._digests |= spoken.digests

    def _vanished(self, segment_id: str) -> StoreError:
        return StoreError(
            "a clip vanished while the episode was assembled",
            str(self._store.path_of(self._keys[segment_id])),
            remedy="run the same command again; only that clip is spoken again",
        )


def _timed(
    recipe: Recipe, assembled: Assembled, spoken: Spoken, clips: _Clips
) -> Iterator[TimedSegment]:
    from audiobrief.assemble.words import word_start_frames  # noqa: PLC0415 - with its room

    ms = assembled.timeline.ms
    for segment, cue in zip(recipe.script.segments, assembled.timeline.cues, strict=True):
        yield TimedSegment(
            id=segment.id,
            role=segment.role,
            speaker=segment.speaker,
            voice=segment.voice,
            text=segment.text,
            spoken=segment.spoken,
            start_ms=ms(cue.start_frame),
            end_ms=ms(cue.end_frame),
            source=segment.source,
            paragraph=segment.paragraph,
            chapter=segment.chapter,
            word_starts_ms=tuple(
                None if frame is None else ms(frame)
                for frame in word_start_frames(segment, cue.words)
            ),
            clip=spoken.keys[segment.id],
            clip_digest=clips.digest(segment.id),
            phonemes=segment.phonemes,
            kind=segment.kind,
        )


def _tags(
    order: Order,
    cover: bytes,
    segments: tuple[TimedSegment, ...],
    assembled: Assembled,
) -> Tags:
    """Return what every file says of itself.

    Nothing in it depends on where the feed is served: a new host must not make every
    listener download every episode again.
    """
    from audiobrief.publish.cover import thumbnail  # noqa: PLC0415 - Pillow
    from audiobrief.tag.id3 import Tags  # noqa: PLC0415 - mutagen

    recipe, slot, show = order.recipe, order.slot, order.show
    return Tags(
        title=recipe.script.title,
        artist=show.author,
        album=show.title,
        published=slot.published,
        language=recipe.script.language,
        duration_ms=assembled.timeline.ms(assembled.timeline.frame_count),
        chapters=assembled.chapters,
        cover=thumbnail(cover),
        lyrics="\n".join(s.text for s in segments),
        comment=summarize(segments),
        source_url=_of_one(article.url for article in recipe.articles),
        guid=slot.guid,
        publisher=_of_one(article.outlet for article in recipe.articles),
        ai_disclosure=AI_DISCLOSURE if show.ai_disclosure else "",
    )


def _of_one(values: Iterable[str | None]) -> str:
    """Return what all articles have in common; a programme of several sources has none."""
    known = set(values)
    return (known.pop() or "") if len(known) == 1 else ""


def _tag(sound: Path, tags: Tags) -> None:
    from audiobrief.tag.id3 import write_tags  # noqa: PLC0415 - mutagen

    write_tags(sound, tags)


def _named(
    sound: Path, folder: Path, title: str, duration_ms: int, suffix: str, mime_type: str
) -> Enclosure:
    """Give a tagged file its name, made of its digest."""
    with mapping_os_errors("read", sound), sound.open("rb+") as stream, syncing(stream):
        digest = file_digest(stream, "sha256").hexdigest()
        size = stream.tell()
    name = f"{slug(title)}-{digest[:8]}.{suffix}"
    commit_file(sound, folder / name)
    return Enclosure(name, size, mime_type, duration_ms, digest)
