"""What lies beside the sound of an episode: transcripts, chapters, page and picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiobrief.model.episode import Episode
    from audiobrief.model.show import Show

PAGE_NAME = "index.html"
SCRIPT_NAME = "script.md"
PICTURE_NAME = "waveform.svg"
#: What lies beside the sound of every episode.
COMPANIONS = (
    "transcript.vtt",
    "transcript.srt",
    "transcript.json",
    "chapters.json",
    PAGE_NAME,
    SCRIPT_NAME,
    "transcript.html",
)
#: Those of them that episodes of earlier versions lack: no reason to make these again, since the
#: release renders whatever is missing.
NEWER = frozenset({"transcript.html"})


def render_companions(show: Show, episode: Episode) -> dict[str, str]:
    """Return all text files of an episode but the script and the manifest, by name."""
    from audiobrief.tag.chapters import render_chapters_json  # noqa: PLC0415
    from audiobrief.tag.transcript import (  # noqa: PLC0415
        render_srt,
        render_transcript_json,
        render_vtt,
    )
    from audiobrief.tag.transcript_page import render_transcript_html  # noqa: PLC0415

    duration_ms = episode.enclosure.duration_ms
    return {
        "transcript.vtt": render_vtt(episode.segments, duration_ms),
        "transcript.srt": render_srt(episode.segments, duration_ms),
        "transcript.json": render_transcript_json(episode.segments, duration_ms),
        "transcript.html": render_transcript_html(
            episode.segments, title=episode.title, language=episode.language
        ),
        "chapters.json": render_chapters_json(episode.chapters),
        PAGE_NAME: render_page(show, episode),
    }


def render_page(show: Show, episode: Episode) -> str:
    """Return an episode's page."""
    from audiobrief.publish.pages import render_episode_page  # noqa: PLC0415 - Jinja2

    # Episodes of earlier versions have none.
    picture = PICTURE_NAME if any(name == PICTURE_NAME for name, _ in episode.files) else None
    return render_episode_page(show, episode, picture=picture)
