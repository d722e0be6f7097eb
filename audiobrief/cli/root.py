"""The command line's root: commands by name, each loaded when it is called."""

from __future__ import annotations

import difflib
from importlib import import_module

import click

from audiobrief import __version__
from audiobrief.cli.options import CONTEXT, Common, common_flags
from audiobrief.cli.output import accept_any_text

#: Command -> what it does; each lives in the module of its name.
COMMANDS = {
    "init": "Make a workspace: settings, folders and a sample article.",
    "build": "Turn articles into episodes and a podcast feed.",
    "fetch": "Bring new articles from the sources in the settings.",
    "brief": "Make one programme of several articles.",
    "watch": "Build whatever arrives, until stopped.",
    "serve": "Serve feed, episodes and pages over HTTP, and an inbox to send to.",
    "listeners": "Give people private feeds of their own, and take them away.",
    "script": "Show what would be spoken by whom, and what is dropped and why.",
    "check": "Hold any feed, its files and its server against the rules of podcast apps.",
    "review": "Hear episodes, mend words, approve and publish, in your browser.",
    "approve": "Approve what was heard, or list what waits for approval.",
    "publish": "Bring feed, episodes and pages to where listeners get them.",
    "verify": "Prove that the sound of an episode holds all that it says.",
    "status": "List the episodes, and how the sources are.",
    "search": "Find what was said, in which episode and when.",
    "repair": "Make index, pages and feed anew from the manifests, and name what is lost.",
    "voices": "List the voices, or let one be heard.",
    "lexicon": "Say how names and acronyms are said, and hear them.",
    "cache": "Show how much room the spoken clips take, and prune them.",
    "doctor": "Test whether everything works on this machine.",
    "bench": "Measure this installation against its yardsticks.",
}

_EXAMPLES = """\
  audiobrief build article.txt          one article becomes an episode
  audiobrief build                      everything new in articles/
  audiobrief fetch                      new articles from the sources in the settings
  audiobrief brief                      the day's programme of them, in ten minutes
  audiobrief script article.txt         what would be spoken, without sound
"""


class _Commands(click.Group):
    """A group that knows its commands by name and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            close = difflib.get_close_matches(cmd_name, COMMANDS, n=1)
            raise click.exceptions.NoSuchCommand(cmd_name, possibilities=close or None, ctx=ctx)
        module = import_module(f"audiobrief.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write("Articles in, podcast episodes and a feed out.\n\n")
        formatter.write(f"Examples:\n{_EXAMPLES}\n")
        self.format_usage(ctx, formatter)
        self.format_options(ctx, formatter)


@click.group(cls=_Commands, context_settings=CONTEXT)
@click.version_option(__version__, "--version", prog_name="audiobrief")
@common_flags()
@click.pass_context
def cli(ctx: click.Context, common: Common) -> None:
    """Articles in, podcast episodes and a feed out."""
    ctx.obj = common


def run() -> int:
    """Run the command line; return its exit code, also for errors, which end here."""
    accept_any_text()
    try:
        code = cli.main(prog_name="audiobrief", standalone_mode=False)
    except BaseException as error:  # noqa: BLE001 - the one place where all errors end
        from audiobrief.cli.failure import report_failure  # noqa: PLC0415 - only on errors

        return report_failure(error)
    return code if isinstance(code, int) else 0
