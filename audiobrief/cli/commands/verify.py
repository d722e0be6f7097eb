"""``audiobrief verify``: prove that a finished episode holds all that it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import print_json
from audiobrief.cli.progress import telling
from audiobrief.errors import AudiobriefError, WorkspaceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.model.episode import Episode
    from audiobrief.pipeline.hear import Heard
    from audiobrief.pipeline.verify import Verdict
    from audiobrief.workspace.load import Workspace

EXAMPLES = """
audiobrief verify                      every episode
audiobrief verify 2015-10-26-free      the one whose folder begins so
audiobrief verify --asr                also listen: is it the right text?
audiobrief verify --json
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("episode", required=False)
@click.option(
    "asr", "--asr", is_flag=True, help="Let a speech recognizer hear it too (the extra [asr])."
)
@common_flags()
def command(episode: str | None, asr: bool, common: Common) -> int:
    """Decode the MP3 of an EPISODE and look for every spoken segment in it.

    Each is compared with its clip: it must be there, at its place, at its level. Length, loudness,
    true peak and silence are measured anew. Clips that are no longer in the cache are spoken again.

    With --asr a recognizer that knows the words of the text hears the sound. It alone notices a
    segment that says something else than it should; it takes a fifth of the time of the episode.
    """
    from audiobrief.pipeline.caches import tier_of  # noqa: PLC0415 - keeps --help fast
    from audiobrief.pipeline.verify import verify  # noqa: PLC0415
    from audiobrief.store.clips import ClipCache  # noqa: PLC0415
    from audiobrief.store.library import read_shelf  # noqa: PLC0415
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    if asr:
        from audiobrief.speak.recognize import require_recognizer  # noqa: PLC0415 - an extra

        require_recognizer()
    workspace = load_workspace(common.root)
    shelves = [(show, read_shelf(show.episodes)) for show in workspace.shows]
    chosen = _chosen(episode, [(show, e) for show, shelf in shelves for e in shelf.episodes])
    tier = tier_of(workspace)
    clips = ClipCache(workspace.cache / "clips", tier)
    failed = False
    rows: list[dict[str, Any]] = []
    with telling(common) as tell:
        for show, one in chosen:
            try:
                verdict = verify(show, one, clips, tell, asr=asr)
            except AudiobriefError as error:
                failed = True
                rows.append({"directory": _place(show, one), "error": as_json(error)})
                print_error(error)
                continue
            failed = failed or bool(verdict.problems or verdict.unproven)
            rows.append(_row(verdict, _place(show, one)))
            if not common.json and not common.quiet:
                _print(verdict, _place(show, one))
    if tier is not None:
        tier.close()
        for warning in tier.warnings():
            click.echo(f"warning: {warning}", err=True)
    damaged = [error for _, shelf in shelves for error in shelf.damaged]
    for damage in damaged if episode is None else ():
        print_error(damage)
        failed = True
    if common.json:
        print_json({"episodes": rows})
    return 1 if failed else 0


def _chosen(
    name: str | None, episodes: Sequence[tuple[Workspace, Episode]]
) -> Sequence[tuple[Workspace, Episode]]:
    """Return the episodes that are meant, each with its show.

    Raises:
        WorkspaceError: There is none, or the name fits several.
    """
    if name is None:
        if not episodes:
            raise WorkspaceError(
                "there are no episodes", "episodes/", remedy='"audiobrief build" makes one'
            )
        return episodes
    wanted = name.rstrip("/").removeprefix("episodes/")
    exact = [(s, e) for s, e in episodes if wanted in (_place(s, e), e.directory, e.guid)]
    found = exact or [
        (s, e)
        for s, e in episodes
        if _place(s, e).startswith(wanted) or e.directory.startswith(wanted)
    ]
    if len(found) != 1:
        problem = f"{len(found)} episodes begin so" if found else "there is no such episode"
        raise WorkspaceError(problem, name, remedy='"audiobrief status --json" lists the folders')
    return found


def _place(show: Workspace, episode: Episode) -> str:
    """Return the folder of an episode below ``episodes/``."""
    return show.directory_of(episode).removeprefix("episodes/")


def _row(verdict: Verdict, place: str) -> dict[str, Any]:
    return {
        "directory": place,
        "whole": not verdict.problems,
        "problems": list(verdict.problems),
        "segments": len(verdict.episode.segments),
        "lowest_score": round(verdict.lowest_score, 3),
        "integrated_lufs": round(verdict.loudness.integrated_lufs, 2),
        "true_peak_dbtp": round(verdict.loudness.true_peak_dbtp, 2),
        "duration_ms": verdict.duration_ms,
        "spoken_again": verdict.spoken_again,
        "unproven": verdict.unproven,
    } | ({"heard": _heard_row(verdict.heard)} if verdict.heard else {})


def _heard_row(heard: Heard) -> dict[str, Any]:
    return {
        "passages": len(heard.recalls),
        "lowest_recall": round(min(heard.recalls, default=1.0), 3),
        "unknown_words": list(heard.unknown_words),
        "strange_voices": list(heard.strange_voices),
        "unjudged_segments": heard.unjudged,
    }


def _print(verdict: Verdict, place: str) -> None:
    state = "NOT WHOLE" if verdict.problems else "not proven" if verdict.unproven else "whole"
    click.echo(
        f"{state:<10}  {place}\n"
        f"           {len(verdict.episode.segments)} segments, the worst matches to"
        f" {verdict.lowest_score:.2f}; {verdict.loudness.integrated_lufs:.1f} LUFS,"
        f" {verdict.loudness.true_peak_dbtp:.1f} dBTP, {verdict.duration_ms / 1000:.2f} s"
    )
    if verdict.spoken_again:
        click.echo(
            f"           {verdict.spoken_again} clips are no longer in the cache and were spoken"
            " again: these are compared more loosely"
        )
    if verdict.heard:
        _print_heard(verdict.heard)
    if verdict.unproven:
        click.echo(
            f"            {verdict.unproven} segments cannot be compared: their clips are gone, and"
            " their voices have changed; build again to have both"
        )
    for problem in verdict.problems:
        click.echo(f"           {problem}")


def _print_heard(heard: Heard) -> None:
    lowest = min(heard.recalls, default=1.0)
    count = len(heard.recalls)
    lines = [f"the recognizer heard {count} passages, {lowest:.0%} of the words of the worst"]
    if heard.unknown_words:
        lines.append(f"words it cannot know: {', '.join(heard.unknown_words)}")
    if heard.strange_voices:
        lines.append(f"voices it does not understand: {', '.join(heard.strange_voices)}")
    if heard.unjudged:
        lines.append(f"segments it could not judge: {heard.unjudged}")
    for line in lines:
        click.echo(f"           {line}")
