"""Metadata inside the MP3: ID3v2.3, which every player reads (the room of mutagen)."""

# mutagen says that it is typed, but most of it is not.
# mypy: allow-untyped-calls

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mutagen import MutagenError, id3
from mutagen.id3._tags import save_frame

from audiobrief.errors import AudiobriefError, AudioError, StoreError
from audiobrief.model.episode import Chapter
from audiobrief.tag.language import short_tag, three_letters
from audiobrief.text.printable import printable, printable_line

if TYPE_CHECKING:
    from pathlib import Path

_AI_DISCLOSURE = "AI-DISCLOSURE"
# ID3v2.3: text is Latin-1 (0) or UTF-16 with a byte order mark (1); there is no UTF-8.
_LATIN_1, _UTF_16 = 0, 1
_FRONT_COVER = 3
# Not used: the chapter's place is given in milliseconds.
_NO_OFFSET = 0xFFFFFFFF
_TOP_LEVEL_ORDERED = 0b11


@dataclass(frozen=True, slots=True)
class Tags:
    """What an episode's MP3 says about itself; empty text means: no such frame."""

    title: str
    artist: str
    #: Title of the show.
    album: str
    #: Aware, UTC; ID3v2.3 keeps whole minutes.
    published: datetime
    #: RFC 5646 going in; coming out, the shortest tag of the primary language.
    language: str
    duration_ms: int
    chapters: tuple[Chapter, ...] = ()
    #: JPEG, about 600 px and below 100 kB: players load it whole before they start.
    cover: bytes = b""
    #: What is spoken, as printed.
    lyrics: str = ""
    #: A few sentences about the episode.
    comment: str = ""
    #: Where the article stands.
    source_url: str = ""
    feed_url: str = ""
    #: The episode's guid in the feed.
    guid: str = ""
    #: Outlet of the article.
    publisher: str = ""
    #: Who speaks, in words: ``Read by a synthetic voice``.
    ai_disclosure: str = ""


def write_tags(path: Path, tags: Tags) -> None:
    """Put the tags in front of the sound, in place of any that are there.

    The same tags give the same bytes. Tag before measuring length or hash.

    Args:
        path: An MP3 file.
        tags: Text of any kind; what ID3 cannot carry is taken out.

    Raises:
        StoreError: The file is missing or cannot be written.
        AudioError: The tags do not fit into ID3.
    """
    if not path.is_file():
        raise StoreError("no such MP3 file", str(path), remedy="encode the episode first")
    try:
        tag = _OrderedID3()
        for frame in frames_of(tags):
            tag.add(frame)
        # No padding: nobody edits in place, since the file's name holds its hash.
        tag.save(path, v1=0, v2_version=3, padding=lambda _: 0)
    except (MutagenError, OSError) as error:
        raise explained(error, path, "its tags cannot be written") from error


def read_tags(path: Path) -> Tags:
    """Read back what ``write_tags`` writes; what is missing in the file comes out empty.

    Chapters come in the order in which they stand in the file.

    Raises:
        StoreError: The file cannot be read.
        AudioError: There is no ID3v2 tag, or it is damaged.
    """
    tag = _load(path)
    text = _texts(tag)
    return Tags(
        title=text("TIT2"),
        artist=text("TPE1"),
        album=text("TALB"),
        published=_published(text("TYER"), text("TDAT"), text("TIME")),
        language=short_tag(text("TLAN")),
        duration_ms=int(text("TLEN")) if text("TLEN").isdigit() else 0,
        chapters=tuple(
            Chapter(title=str(frame.sub_frames.get("TIT2", "")), start_ms=frame.start_time)
            for frame in tag.getall("CHAP")
        ),
        cover=next((bytes(f.data) for f in tag.getall("APIC") if f.type == _FRONT_COVER), b""),
        lyrics=next((str(f) for f in tag.getall("USLT")), ""),
        comment=next((str(f) for f in tag.getall("COMM")), ""),
        source_url=text("WOAS"),
        feed_url=text("WFED"),
        guid=text("TGID"),
        publisher=text("TPUB"),
        ai_disclosure=text(f"TXXX:{_AI_DISCLOSURE}"),
    )


def read_tag_version(path: Path) -> tuple[int, ...]:
    """Return the version of the file's ID3v2 tag, ``(2, 3, 0)`` for ours.

    Raises:
        StoreError: The file cannot be read.
        AudioError: There is no ID3v2 tag, or it is damaged.
    """
    return tuple(_load(path).version)


class WFED(id3.TextFrame):
    """The feed's URL: by its name a URL frame, but TagLib and others read a text frame."""


def _load(path: Path) -> id3.ID3:
    frames = {**id3.Frames, "WFED": WFED}
    try:
        return id3.ID3(path, known_frames=frames, translate=False)
    except (MutagenError, OSError) as error:
        raise explained(error, path, "its tags cannot be read") from error


class ChaptersInOrder:
    """Before a class of mutagen's: it sorts CHAP frames by size, and players keep that order.

    ``_write`` is mutagen's own: the dependency is pinned below 1.49, and a test reads the
    order with ffprobe.
    """

    def _write(self, config: Any) -> bytes:
        tag: Any = self
        chapters = sorted(tag.getall("CHAP"), key=lambda frame: frame.start_time)
        last = [*chapters, *tag.getall("APIC")]
        for frame in last:
            del tag[frame.HashKey]
        written = bytes(super()._write(config))  # type: ignore[misc]
        for frame in last:
            tag.add(frame)
        return written + b"".join(save_frame(frame, config=config) for frame in last)


class _OrderedID3(ChaptersInOrder, id3.ID3):
    """The tag of an MP3."""


def frames_of(tags: Tags) -> list[Any]:
    """Return the frames of section 4 of the feed rules (A5)."""
    language = three_letters(tags.language)
    lyrics, comment = printable(tags.lyrics), printable(tags.comment)
    published = tags.published.astimezone(UTC)
    texts = {
        "TIT2": printable_line(tags.title),
        "TPE1": printable_line(tags.artist),
        "TALB": printable_line(tags.album),
        "TCON": "Podcast",
        "TYER": f"{published.year:04d}",
        "TDAT": f"{published.day:02d}{published.month:02d}",
        "TIME": f"{published.hour:02d}{published.minute:02d}",
        "TLEN": str(tags.duration_ms),
        "TLAN": language,
        "TPUB": printable_line(tags.publisher),
        "TGID": printable_line(tags.guid),
        "TDES": comment,
    }
    frames = [
        getattr(id3, name)(encoding=_encoding(text), text=[text])
        for name, text in texts.items()
        if text
    ]
    if disclosure := printable_line(tags.ai_disclosure):
        frames.append(
            id3.TXXX(encoding=_encoding(disclosure), desc=_AI_DISCLOSURE, text=[disclosure])
        )
    if comment:
        frames.append(id3.COMM(encoding=_encoding(comment), lang=language, desc="", text=[comment]))
    if lyrics:
        frames.append(id3.USLT(encoding=_encoding(lyrics), lang=language, desc="", text=lyrics))
    if tags.cover:
        frames.append(
            id3.APIC(
                encoding=_LATIN_1, mime="image/jpeg", type=_FRONT_COVER, desc="", data=tags.cover
            )
        )
    return [*frames, *_address_frames(tags), *_chapter_frames(tags)]


def _address_frames(tags: Tags) -> list[Any]:
    # "This is a podcast": four zero bytes, as TagLib writes it.
    frames: list[Any] = [id3.PCST(value=0)]
    if tags.source_url:
        frames.append(id3.WOAS(url=_address(tags.source_url)))
    if tags.feed_url:
        frames.append(WFED(encoding=_LATIN_1, text=[_address(tags.feed_url)]))
    return frames


def _chapter_frames(tags: Tags) -> list[Any]:
    if not tags.chapters:
        return []
    starts = [chapter.start_ms for chapter in tags.chapters]
    if starts != sorted(set(starts)) or starts[-1] >= tags.duration_ms:
        message = "chapters start one after another and before the end"
        raise ValueError(message)
    frames: list[Any] = []
    for number, (chapter, end_ms) in enumerate(
        zip(tags.chapters, [*starts[1:], tags.duration_ms], strict=True)
    ):
        title = printable_line(chapter.title)
        frames.append(
            id3.CHAP(
                element_id=f"chp{number}",
                start_time=chapter.start_ms,
                end_time=end_ms,
                start_offset=_NO_OFFSET,
                end_offset=_NO_OFFSET,
                sub_frames=[id3.TIT2(encoding=_encoding(title), text=[title])],
            )
        )
    ids = [frame.element_id for frame in frames]
    return [id3.CTOC(element_id="toc", flags=_TOP_LEVEL_ORDERED, child_element_ids=ids), *frames]


def _encoding(text: str) -> int:
    return _LATIN_1 if text.isascii() else _UTF_16


def _address(url: str) -> str:
    """Return a URL as URL frames carry it: Latin-1, one line; ours are ASCII before they come."""
    return printable_line(url).encode("latin-1", "ignore").decode("latin-1")


def _texts(tag: Any) -> Any:
    def text(name: str) -> str:
        frame = tag.get(name)
        return "" if frame is None else str(frame)

    return text


def _published(year: str, day_month: str, hour_minute: str) -> datetime:
    """Return the date of TYER, TDAT (DDMM) and TIME (HHMM); the epoch when they give none."""
    try:
        return datetime.strptime(f"{year}{day_month}{hour_minute}+0000", "%Y%d%m%H%M%z")
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def explained(error: Exception, path: Path, problem: str) -> AudiobriefError:
    """Tell disk from damage: mutagen wraps both in its own class."""
    causes = [error, error.__cause__, error.__context__, *error.args]
    if any(isinstance(cause, OSError) for cause in causes):
        return StoreError(
            f"{problem}: {error}", str(path), remedy="check the disk and the permissions"
        )
    return AudioError(f"{problem}: {error}", str(path), remedy="build the episode again")
