"""One recipe to one episode on disk: speak, assemble, tag, write; the manifest last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from threading import Lock
from typing import TYPE_CHECKING

from audiobrief import plugins
from audiobrief.errors import StoreError
from audiobrief.model.episode import (
    ArticleRef,
    BuildRecord,
    Chapter,
    Enclosure,
    Episode,
    State,
    TimedSegment,
    summarize,
)
from audiobrief.pipeline.edited import SCRIPT_NAME, base_of, write_back
from audiobrief.pipeline.events import Event, Stage, Tell
from audiobrief.store.files import (
    atomic_write,
    commit_file,
    fresh_folder,
    make_folder,
    mapping_os_errors,
    remove_if_there,
    temporary_beside,
    write_if_changed,
)
from audiobrief.store.library import has_sound, slug
from audiobrief.store.manifest import MANIFEST_NAME, render_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from audiobrief.assemble.render import Assembled
    from audiobrief.model.article import Article
    from audiobrief.model.audio import Clip, Curve
    from audiobrief.model.show import Show
    from audiobrief.pipeline.recipe import Recipe
    from audiobrief.speak.run import Spoken
    from audiobrief.store.clips import ClipCache
    from audiobrief.store.encoded import EncodedCache
    from audiobrief.workspace.load import Workspace

PAGE_NAME = "index.html"
PICTURE_NAME = "waveform.svg"
AI_DISCLOSURE = "Read by a synthetic voice."
#: What lies beside the sound of every episode.
COMPANIONS = (
    "transcript.vtt",
    "transcript.srt",
    "transcript.json",
    "chapters.json",
    PAGE_NAME,
    SCRIPT_NAME,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """What an episode is assigned once and keeps."""

    guid: str
    #: Name of its directory below ``episodes/``.
    directory: str
    published: datetime
    #: The episode as it was before, if there was one.
    before: Episode | None = None


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the making of every episode of a run shares."""

    workspace: Workspace
    show: Show
    clips: ClipCache
    encoded: EncodedCache
    #: The show's cover, as JPEG or PNG.
    cover: bytes
    #: Overwrite even a script that a person has edited.
    force: bool
    tell: Tell


def produce(recipe: Recipe, slot: Slot, shop: Workshop) -> tuple[Episode, tuple[str, ...]]:
    """Make an episode's files; return it, and notes for the user.

    The manifest is written last: until then the old one, if any, names the old sound.
    """
    spoken = _speak(recipe, shop)
    folder = shop.workspace.episodes / slot.directory
    make_folder(folder)
    sound = temporary_beside(folder / "sound.mp3")
    try:
        assembled = _assemble(recipe, shop, spoken, sound)
        segments = tuple(_timed(recipe, assembled, spoken))
        duration_ms = assembled.timeline.ms(assembled.timeline.frame_count)
        _tag(sound, recipe, slot, shop, segments, assembled.chapters, duration_ms)
        enclosure = _name_sound(sound, folder, recipe.script.title, duration_ms)
    except BaseException:
        remove_if_there(sound)
        raise
    episode = Episode(
        guid=slot.guid,
        title=recipe.script.title,
        published=slot.published,
        state=_state(slot, shop, enclosure),
        directory=slot.directory,
        language=recipe.script.language,
        articles=(_reference(recipe.article),),
        enclosure=enclosure,
        loudness=assembled.loudness,
        segments=segments,
        ledger=recipe.script.ledger,
        added=recipe.script.added,
        generated=recipe.script.generated,
        chapters=assembled.chapters,
        build=BuildRecord(spoken.synthesized, spoken.cached, spoken.engine_versions, recipe.digest),
    )
    episode = _write_companions(folder, recipe, shop, episode, slot.before, assembled.curve)
    atomic_write(folder / MANIFEST_NAME, render_manifest(episode))
    return episode, (
        *recipe.article.notes,
        *recipe.script.notes,
        *recipe.script.news,
        *spoken.notes,
        *assembled.notes,
    )


def _speak(recipe: Recipe, shop: Workshop) -> Spoken:
    from audiobrief.speak.run import speak  # noqa: PLC0415 - only when something must be made

    def progress(done: int, total: int, text: str) -> None:
        shop.tell(Event(Stage.SPEAK, recipe.article.locator, done, total, text))

    return speak(recipe.script.segments, recipe.voices, plugins.engine, shop.clips, progress)


def _assemble(recipe: Recipe, shop: Workshop, spoken: Spoken, target: Path) -> Assembled:
    from audiobrief.assemble.render import assemble  # noqa: PLC0415 - numpy, soxr, lameenc

    def progress(done: int, total: int, doing: str) -> None:
        shop.tell(Event(Stage.ASSEMBLE, recipe.article.locator, done, total, doing))

    work = fresh_folder(shop.workspace.cache / "work")
    return assemble(
        recipe.script.segments,
        _Clips(recipe, shop, spoken),
        shop.workspace.sound,
        target,
        encoded=shop.encoded,
        work=work,
        progress=progress,
        music=shop.workspace.music,
        music_folder=shop.workspace.cache / "music",
    )


class _Clips:
    """The clips of an episode; see :class:`audiobrief.assemble.part.ClipSource`."""

    def __init__(self, recipe: Recipe, shop: Workshop, spoken: Spoken) -> None:
        self._recipe = recipe
        self._shop = shop
        self._keys = spoken.keys
        self._digests = dict(spoken.digests)
        self._segments = {segment.id: segment for segment in recipe.script.segments}
        self._lock = Lock()

    def digest(self, segment_id: str) -> str:
        """Return the digest of a segment's clip."""
        return self._digests[self._keys[segment_id]]

    def clip(self, segment_id: str) -> Clip:
        """Return a segment's clip; one that is damaged is spoken again."""
        clip = self._shop.clips.get(self._keys[segment_id])
        if clip is None:
            self._speak_again(segment_id)
            clip = self._shop.clips.get(self._keys[segment_id])
        if clip is None:
            raise self._vanished(segment_id)
        return clip

    def _speak_again(self, segment_id: str) -> None:
        from audiobrief.speak.run import speak  # noqa: PLC0415 - only when a clip is damaged

        segment, voices = self._segments[segment_id], self._recipe.voices
        # Several threads may find damaged clips.
        with self._lock:
            clips = self._shop.clips
            spoken = speak([segment], voices, plugins.engine, clips, lambda *_told: None)
            self._digests |= spoken.digests

    def _vanished(self, segment_id: str) -> StoreError:
        return StoreError(
            "a clip vanished while the episode was assembled",
            str(self._shop.clips.path_of(self._keys[segment_id])),
            remedy="run the same command again; only that clip is spoken again",
        )


def _timed(recipe: Recipe, assembled: Assembled, spoken: Spoken) -> Iterator[TimedSegment]:
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
            phonemes=segment.phonemes,
        )


def _reference(article: Article) -> ArticleRef:
    return ArticleRef(
        id=article.id,
        locator=article.locator,
        headline=article.headline,
        byline=article.byline,
        outlet=article.outlet,
        url=article.url,
    )


def _tag(
    sound: Path,
    recipe: Recipe,
    slot: Slot,
    shop: Workshop,
    segments: tuple[TimedSegment, ...],
    chapters: tuple[Chapter, ...],
    duration_ms: int,
) -> None:
    """Write the ID3 tag.

    Nothing in it depends on where the feed is served: a new host must not make every
    listener download every episode again.
    """
    from audiobrief.publish.cover import thumbnail  # noqa: PLC0415 - Pillow
    from audiobrief.tag.id3 import Tags, write_tags  # noqa: PLC0415 - mutagen

    tags = Tags(
        title=recipe.script.title,
        artist=shop.show.author,
        album=shop.show.title,
        published=slot.published,
        language=recipe.script.language,
        duration_ms=duration_ms,
        chapters=chapters,
        cover=thumbnail(shop.cover),
        lyrics="\n".join(s.text for s in segments),
        comment=summarize(segments),
        source_url=recipe.article.url or "",
        guid=slot.guid,
        publisher=recipe.article.outlet or "",
        ai_disclosure=AI_DISCLOSURE if shop.show.ai_disclosure else "",
    )
    write_tags(sound, tags)


def _name_sound(sound: Path, folder: Path, title: str, duration_ms: int) -> Enclosure:
    """Give the tagged file its name, made of its digest."""
    with mapping_os_errors("read", sound), sound.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
        size = stream.tell()
    name = f"{slug(title)}-{digest[:8]}.mp3"
    commit_file(sound, folder / name)
    return Enclosure(name, size, "audio/mpeg", duration_ms, digest)


def _state(slot: Slot, shop: Workshop, enclosure: Enclosure) -> State:
    """Return how far an episode has come; a rebuild to the same sound takes nothing back."""
    if not shop.workspace.settings.publish.require_approval:
        return State.PUBLISHED
    before = slot.before
    if before is not None and before.enclosure.sha256 == enclosure.sha256:
        return before.state
    return State.DRAFT


def _write_companions(
    folder: Path,
    recipe: Recipe,
    shop: Workshop,
    episode: Episode,
    before: Episode | None,
    curve: Curve,
) -> Episode:
    """Write what lies beside the sound, and return the episode with the digests of its files.

    A script that was edited while the build ran is left alone, and its edits are heard after the
    next one: for that it is held against what it was made from then.
    """
    picture = _picture(episode, curve, shop).encode()
    # The page shows the picture that the episode has.
    episode = replace(episode, files=((PICTURE_NAME, sha256(picture).hexdigest()),))
    texts = {n: t.encode() for n, t in render_companions(shop.show, episode).items()}
    texts[PICTURE_NAME] = picture
    for name, content in texts.items():
        write_if_changed(folder / name, content)
    # The page changes with the show, not only with the episode.
    digests = {n: sha256(c).hexdigest() for n, c in texts.items() if n != PAGE_NAME}
    path = folder / SCRIPT_NAME
    if not write_back(
        path, recipe.script, recipe.article, digest=recipe.script_file, force=shop.force
    ):
        generated = base_of(before) if before else episode.generated
        episode = replace(episode, generated=generated)
    return replace(episode, files=tuple(sorted(digests.items())))


def _picture(episode: Episode, curve: Curve, shop: Workshop) -> str:
    from audiobrief.publish.picture import render_picture  # noqa: PLC0415 - only for what is made

    return render_picture(
        curve,
        episode.segments,
        episode.chapters,
        duration_ms=episode.enclosure.duration_ms,
        loudness_lufs=shop.workspace.sound.loudness_lufs,
    )


def directory_of(episode: Episode) -> str:
    """Return an episode's directory relative to the workspace, POSIX separators."""
    return f"episodes/{episode.directory}"


def render_companions(show: Show, episode: Episode) -> dict[str, str]:
    """Return all text files of an episode but the script and the manifest, by name."""
    from audiobrief.publish.pages import render_episode_page  # noqa: PLC0415 - Jinja2
    from audiobrief.tag.chapters import render_chapters_json  # noqa: PLC0415
    from audiobrief.tag.transcript import (  # noqa: PLC0415
        render_srt,
        render_transcript_json,
        render_vtt,
    )

    duration_ms = episode.enclosure.duration_ms
    # Episodes of earlier versions have none.
    picture = PICTURE_NAME if any(name == PICTURE_NAME for name, _ in episode.files) else None
    return {
        "transcript.vtt": render_vtt(episode.segments, duration_ms),
        "transcript.srt": render_srt(episode.segments, duration_ms),
        "transcript.json": render_transcript_json(episode.segments, duration_ms),
        "chapters.json": render_chapters_json(episode.chapters),
        PAGE_NAME: render_episode_page(show, episode, picture=picture),
    }


def is_whole(workspace: Workspace, episode: Episode) -> bool:
    """Say whether every file of an episode is there, and its sound what the manifest says."""
    folder = workspace.episodes / episode.directory
    if not all((folder / name).is_file() for name in COMPANIONS):
        return False
    # A run that was killed between its files and its manifest leaves newer ones than this.
    for name, digest in episode.files:
        path = folder / name
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != digest:
            return False
    if not has_sound(workspace.episodes, episode):
        return False
    path = folder / episode.enclosure.file
    with mapping_os_errors("read", path), path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest() == episode.enclosure.sha256
