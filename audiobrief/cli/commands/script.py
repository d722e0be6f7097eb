"""``audiobrief script``: the words without the sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from audiobrief.cli.failure import as_json, print_error
from audiobrief.cli.inputs import gather_inputs, show_option
from audiobrief.cli.options import Command, Common, common_flags
from audiobrief.cli.output import doubtful_lines, print_json
from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from audiobrief.model.script import Script
    from audiobrief.pipeline.preview import Preview

EXAMPLES = """
audiobrief script article.txt
audiobrief script article.txt -v       with the spoken form where it differs
audiobrief script article.txt --json
"""


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@show_option
@click.option("--voice", metavar="NAME", help="This voice narrates.")
@common_flags()
def command(paths: tuple[str, ...], show: str | None, voice: str | None, common: Common) -> int:
    """Show what would be spoken by whom, and each dropped line with its reason; no sound."""
    from audiobrief.pipeline.preview import preview  # noqa: PLC0415 - keeps --help fast
    from audiobrief.workspace.load import load_workspace  # noqa: PLC0415

    workspace = load_workspace(common.root)
    workspace = workspace.of_show(show) if show else workspace
    shown: list[dict[str, Any]] = []
    code = 0
    for item in gather_inputs(paths, workspace):
        try:
            shown_one = preview(workspace, item, voice=voice)
        except AudiobriefError as error:
            print_error(error, about=item.locator)
            shown.append({"locator": item.locator, "error": as_json(error)})
            code = max(code, error.exit_code)
            continue
        shown.append(_as_json(shown_one))
        if not common.json:
            _print(shown_one, verbose=bool(common.verbose))
    if common.json:
        print_json({"scripts": shown})
    return code


def _print(shown: Preview, *, verbose: bool) -> None:
    article, script = shown.article, shown.script
    click.echo(f"{article.headline}\n{article.locator}")
    by = " · ".join(p for p in (article.byline, article.outlet) if p)
    if by:
        click.echo(by)
    for fact in article.facts if verbose else ():
        click.echo(f"{fact.name:<8}  {fact.confidence:.2f}  {fact.value}  ({fact.source})")
    _print_segments(script, verbose=verbose)
    _print_told(shown)


def _print_segments(script: Script, *, verbose: bool) -> None:
    width = max(len(s.voice) for s in script.segments)
    paragraph = -1
    for segment in script.segments:
        if segment.paragraph != paragraph:
            click.echo()
            paragraph = segment.paragraph
        who = f"{segment.speaker}: " if segment.speaker else ""
        click.echo(f"{segment.role:<8}  {segment.voice:<{width}}  {who}{segment.text}")
        if verbose and segment.spoken != segment.text:
            click.echo(f"{'':<8}  {'':<{width}}  spoken: {segment.spoken}")


def _print_told(shown: Preview) -> None:
    """Print what is not spoken, what is added, and what a person should hear."""
    article, script = shown.article, shown.script
    dropped = [row for row in script.ledger if row.reason is not None]
    click.echo(f"\nNot spoken: {len(dropped)} of {len(script.ledger)} sentences")
    for row in dropped:
        click.echo(f"  [{row.reason}]  {row.text}")
    text_of = {s.id: s.text for s in script.segments}
    click.echo(f"\nAdded: {len(script.added)}")
    for addition in script.added:
        click.echo(f"  [{addition.reason}]  {text_of[addition.segment]}")
    for line in doubtful_lines(shown.doubtful_words):
        click.echo(line)
    for note in (*article.notes, *script.notes, *script.news):
        click.echo(f"note: {note}")


def _as_json(shown: Preview) -> dict[str, Any]:
    article, script = shown.article, shown.script
    return {
        "locator": article.locator,
        "headline": article.headline,
        "byline": article.byline,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "language": article.language,
        "url": article.url,
        "words": article.word_count,
        "facts": [
            {"name": f.name, "value": f.value, "confidence": f.confidence, "source": f.source}
            for f in article.facts
        ],
        "doubtful_words": list(shown.doubtful_words),
        "segments": [
            {
                "id": s.id,
                "role": s.role,
                "speaker": s.speaker,
                "voice": s.voice,
                "text": s.text,
                "spoken": s.spoken,
                "pause_after_ms": s.pause_after_ms,
                "paragraph": s.paragraph,
                "chapter": s.chapter,
                "source": list(s.source),
            }
            for s in script.segments
        ],
        "ledger": [
            {
                "article": r.article,
                "text": r.text,
                "spoken": bool(r.segments),
                "segments": list(r.segments),
                "reason": r.reason,
            }
            for r in script.ledger
        ],
        "added": [{"segment": a.segment, "reason": a.reason} for a in script.added],
        "notes": [*article.notes, *script.notes, *script.news],
    }
