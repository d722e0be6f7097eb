"""A show, episodes and whole folders for tests of tag, publish and check."""

from __future__ import annotations

import math
from array import array
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import lameenc

from audiobrief.model.audio import Loudness
from audiobrief.model.episode import (
    ArticleRef,
    BuildRecord,
    Chapter,
    Enclosure,
    Episode,
    State,
    TimedSegment,
)
from audiobrief.model.script import LedgerRow, Role
from audiobrief.model.show import Show
from audiobrief.publish.cover import draw_cover, thumbnail
from audiobrief.publish.feed import render_feed
from audiobrief.publish.pages import render_episode_page, render_index_page
from audiobrief.store.manifest import render_manifest
from audiobrief.tag.chapters import render_chapters_json
from audiobrief.tag.id3 import Tags, write_tags
from audiobrief.tag.transcript import render_srt, render_transcript_json, render_vtt
from audiobrief.tag.transcript_page import render_transcript_html

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RATE_HZ = 44_100
DURATION_MS = 12_000

SENTENCES = (
    (Role.HOST, None, "Ferry returns to Harbor Island", 0),
    (Role.HOST, None, "This article is read by a synthetic voice.", 0),
    (Role.NARRATOR, None, "The ferry to Harbor Island sails again after nine weeks.", 1),
    (Role.QUOTE, "Mara Quist", "We missed three things: bread, mail & a way home.", 2),
    (Role.NARRATOR, None, "Captain Jonas Aldermere-Wolfenbüttel said at 10:30 that fares stay.", 3),
    (Role.QUOTE, "Jonas Aldermere", "Nobody pays more <for now> -- that is a promise.", 3),
)

#: Without a quotation.
NARRATED = tuple(row for row in SENTENCES if row[1] is None)


def make_show(**changes: Any) -> Show:
    """Return a show with everything set."""
    show = Show(
        title="Harbor Brief",
        description="News from the island, read aloud.",
        author="Ada Marsh",
        email="ada@example.org",
        base_url="https://example.org/pod/",
        guid="9b024349-ccf0-5f69-a609-6b82873eab3c",
        category="News > Daily News",
    )
    return replace(show, **changes)


def make_segments(sentences: Sequence[tuple[Role, str | None, str, int]] = SENTENCES) -> Any:
    """Return segments of 1.5 s, one every 2 s from half a second on."""
    return tuple(
        TimedSegment(
            id=f"seg{number}",
            role=role,
            speaker=speaker,
            voice="anchor",
            text=text,
            spoken=text,
            start_ms=500 + number * 2000 - (500 if number == 4 else 0),
            end_ms=2000 + number * 2000 - (500 if number == 4 else 0),
            source=(number, number + 1),
            paragraph=paragraph,
        )
        for number, (role, speaker, text, paragraph) in enumerate(sentences)
    )


def make_cast(**voices: str) -> Any:
    """Return these segments with a voice for each speaker: ``Mara="guest-1"``."""
    return tuple(
        replace(s, voice=voices.get((s.speaker or "").partition(" ")[0], s.voice))
        for s in make_segments()
    )


def make_episode(**changes: Any) -> Episode:
    """Return an episode of 12 seconds."""
    segments = make_segments()
    episode = Episode(
        guid="5f0c7e0e-8f5a-4c39-9f0e-3c1c2f6b7d11",
        title="Ferry returns to Harbor Island",
        published=datetime(2024, 5, 17, 6, 30, tzinfo=UTC),
        state=State.PUBLISHED,
        directory="2024-05-17-ferry-returns-to-harbor-island",
        language="en",
        articles=(
            ArticleRef(
                id="a" * 64,
                locator="articles/ferry.txt",
                headline="Ferry returns to Harbor Island",
                byline="Lena Ode",
                outlet="The Echo",
                url="https://echo.example/ferry?id=7&page=1",
            ),
        ),
        enclosure=Enclosure("ferry-1a2b3c4d.mp3", 145_000, "audio/mpeg", DURATION_MS, "0" * 64),
        loudness=Loudness(-16.0, -1.5),
        segments=segments,
        ledger=tuple(LedgerRow(0, s.text, (s.id,), None) for s in segments),
        chapters=(
            Chapter("Introduction", 0),
            Chapter("Bread & mail", 4000),
            Chapter("Fares", 8000),
        ),
        build=BuildRecord(6, 0, (("tone", "1"),), "d" * 64),
    )
    return replace(episode, **changes)


def make_tags(show: Show, episode: Episode, **changes: Any) -> Tags:
    """Return the tags of an episode as a build makes them."""
    tags = Tags(
        title=episode.title,
        artist=show.author,
        album=show.title,
        published=episode.published,
        language=episode.language,
        duration_ms=episode.enclosure.duration_ms,
        chapters=episode.chapters,
        cover=thumbnail(cover_bytes(show.title)),
        lyrics="\n".join(s.text for s in episode.segments),
        comment=episode.summary,
        source_url=episode.articles[0].url or "",
        feed_url=f"{show.base_url}feed.xml",
        guid=episode.guid,
        publisher=episode.articles[0].outlet or "",
        ai_disclosure="Read by a synthetic voice",
    )
    return replace(tags, **changes)


@cache
def cover_bytes(title: str) -> bytes:
    """Return a drawn cover, once for all tests."""
    return draw_cover(title, "Ada Marsh", size_px=1400)


@cache
def mp3_bytes(duration_ms: int = DURATION_MS, bitrate_kbps: int = 96) -> bytes:
    """Return a mono tone at about -16 LUFS as heard, without tags."""
    period = [
        round(32767 * 0.1585 * math.sin(2 * math.pi * n * 997 / RATE_HZ)) for n in range(RATE_HZ)
    ]
    pcm = array("h", (period * (duration_ms // 1000 + 1))[: RATE_HZ * duration_ms // 1000])
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(bitrate_kbps)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_quality(7)
    encoder.silence()
    return bytes(encoder.encode(pcm.tobytes()) + encoder.flush())


def write_folder(episodes_folder: Path, show: Show, episodes: Sequence[Episode]) -> list[Episode]:
    """Write all that a build leaves below ``episodes/``; return the episodes as published."""
    episodes_folder.mkdir(parents=True, exist_ok=True)
    (episodes_folder / show.cover_file).write_bytes(cover_bytes(show.title))
    published = [write_episode(episodes_folder, show, episode) for episode in episodes]
    page = render_index_page(show, published)
    (episodes_folder / "index.html").write_text(page, encoding="utf-8", newline="\n")
    (episodes_folder / "feed.xml").write_bytes(render_feed(show, published))
    return published


def write_episode(episodes_folder: Path, show: Show, episode: Episode) -> Episode:
    """Write the files of one episode; return it with the facts of its MP3."""
    folder = episodes_folder / episode.directory
    folder.mkdir(parents=True, exist_ok=True)
    mp3 = folder / episode.enclosure.file
    mp3.write_bytes(mp3_bytes(episode.enclosure.duration_ms))
    write_tags(mp3, make_tags(show, episode))
    content = mp3.read_bytes()
    enclosure = replace(episode.enclosure, bytes=len(content), sha256=sha256(content).hexdigest())
    episode = replace(episode, enclosure=enclosure)
    texts = {
        "transcript.vtt": render_vtt(episode.segments, enclosure.duration_ms),
        "transcript.srt": render_srt(episode.segments, enclosure.duration_ms),
        "transcript.json": render_transcript_json(episode.segments, enclosure.duration_ms),
        "chapters.json": render_chapters_json(episode.chapters),
        "transcript.html": render_transcript_html(
            episode.segments, title=episode.title, language=episode.language
        ),
        "index.html": render_episode_page(show, episode),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    (folder / "episode.json").write_bytes(render_manifest(episode))
    return episode
