"""Tags of the files that an episode is delivered in besides MP3: M4A, Opus, FLAC, WAV."""

# mutagen says that it is typed, but most of it is not.
# mypy: allow-untyped-calls

from __future__ import annotations

from base64 import b64encode
from datetime import UTC
from typing import TYPE_CHECKING, Any

from mutagen import MutagenError
from mutagen.flac import FLAC, Picture
from mutagen.mp4 import MP4, AtomDataType, MP4Cover, MP4FreeForm
from mutagen.oggopus import OggOpus
from mutagen.wave import WAVE, _WaveID3

from audiobrief.errors import StoreError
from audiobrief.model.audio import Format
from audiobrief.tag.id3 import ChaptersInOrder, explained, frames_of
from audiobrief.tag.language import three_letters
from audiobrief.text.printable import printable, printable_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiobrief.tag.id3 import Tags

_FRONT_COVER = 3
_AI_DISCLOSURE = "AI-DISCLOSURE"
#: "Podcast" in iTunes' table of media kinds.
_PODCAST = 21


def write_delivery_tags(path: Path, kind: Format, tags: Tags) -> None:
    """Put the tags into a file as its format has them, in place of any that are there.

    The same tags give the same bytes, and the sound stays as it is. Tag before measuring length or
    hash. The chapters of an M4A are tracks and atoms that the encoder wrote: they stay.

    Args:
        path: A file of that format.
        kind: The format.
        tags: As for the MP3.

    Raises:
        StoreError: The file is missing or cannot be written.
        AudioError: It is not of that format, or the tags do not fit into it.
    """
    if not path.is_file():
        raise StoreError("no such sound file", str(path), remedy="build the episode first")
    try:
        _WRITERS[kind](path, tags)
    except (MutagenError, OSError) as error:
        raise explained(error, path, "its tags cannot be written") from error


def _no_padding(_: Any) -> int:
    """Leave no room: nobody edits in place, since the file's name holds its hash."""
    return 0


def _write_mp4(path: Path, tags: Tags) -> None:
    file: Any = MP4(path)
    if file.tags is None:
        file.add_tags()
    file.tags.clear()
    comment, lyrics = printable(tags.comment), printable(tags.lyrics)
    artist = printable_line(tags.artist)
    texts = {
        "\xa9nam": printable_line(tags.title),
        "\xa9ART": artist,
        "aART": artist,
        "\xa9alb": printable_line(tags.album),
        "\xa9day": _date(tags),
        "\xa9gen": "Podcast",
        "\xa9cmt": comment,
        "desc": comment,
        "\xa9lyr": lyrics,
    }
    for name, text in texts.items():
        if text:
            file.tags[name] = [text]
    file.tags["pcst"] = True
    file.tags["stik"] = [_PODCAST]
    if guid := printable_line(tags.guid):
        file.tags["egid"] = [guid]
    if disclosure := printable_line(tags.ai_disclosure):
        told = MP4FreeForm(disclosure.encode(), dataformat=AtomDataType.UTF8)
        file.tags[f"----:com.apple.iTunes:{_AI_DISCLOSURE}"] = [told]
    if tags.cover:
        file.tags["covr"] = [MP4Cover(tags.cover, imageformat=MP4Cover.FORMAT_JPEG)]
    file.save(padding=_no_padding)


def _write_opus(path: Path, tags: Tags) -> None:
    file: Any = OggOpus(path)
    file.tags.clear()
    file.tags.extend(_comments(tags))
    if tags.cover:
        # RFC 7845, section 5.2.1.2 points to this field of FLAC's picture block.
        picture = b64encode(_picture(tags).write()).decode("ascii")
        file.tags.append(("METADATA_BLOCK_PICTURE", picture))
    file.save(padding=_no_padding)


def _write_flac(path: Path, tags: Tags) -> None:
    file: Any = FLAC(path)
    if file.tags is None:
        file.add_tags()
    file.tags.clear()
    file.tags.extend(_comments(tags))
    file.clear_pictures()
    if tags.cover:
        file.add_picture(_picture(tags))
    file.save(padding=_no_padding)


class _OrderedWaveID3(ChaptersInOrder, _WaveID3):
    """The ID3 tag of a WAV file, its chapters in order."""


def _write_wav(path: Path, tags: Tags) -> None:
    file: Any = WAVE(path)
    if file.tags is not None:
        file.tags.delete(path)
    tag = _OrderedWaveID3()
    for frame in frames_of(tags):
        tag.add(frame)
    tag.save(path, v2_version=3, padding=_no_padding)


_WRITERS: dict[Format, Callable[[Path, Tags], None]] = {
    Format.M4A: _write_mp4,
    Format.OPUS: _write_opus,
    Format.FLAC: _write_flac,
    Format.WAV: _write_wav,
}


def _comments(tags: Tags) -> list[tuple[str, str]]:
    """Return Vorbis comments, chapters as ``CHAPTER001`` and ``CHAPTER001NAME``."""
    language = three_letters(tags.language)
    texts = [
        ("TITLE", printable_line(tags.title)),
        ("ARTIST", printable_line(tags.artist)),
        ("ALBUM", printable_line(tags.album)),
        ("DATE", _date(tags)),
        ("GENRE", "Podcast"),
        ("LANGUAGE", "" if language == "und" else language),
        ("ORGANIZATION", printable_line(tags.publisher)),
        ("DESCRIPTION", printable(tags.comment)),
        ("LYRICS", printable(tags.lyrics)),
        ("CONTACT", printable_line(tags.source_url)),
        ("PODCAST_GUID", printable_line(tags.guid)),
        (_AI_DISCLOSURE, printable_line(tags.ai_disclosure)),
    ]
    for number, chapter in enumerate(tags.chapters, 1):
        name = f"CHAPTER{number:03d}"
        texts += [(name, _clock(chapter.start_ms)), (f"{name}NAME", printable_line(chapter.title))]
    return [(name, text) for name, text in texts if text]


def _clock(ms: int) -> str:
    """Return a position as chapters of Vorbis comments have it.

    >>> _clock(3_725_040)
    '01:02:05.040'
    """
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


def _date(tags: Tags) -> str:
    return tags.published.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _picture(tags: Tags) -> Picture:
    picture = Picture()
    picture.type = _FRONT_COVER
    picture.mime = "image/jpeg"
    picture.data = tags.cover
    return picture
