"""The flags that every command has, before or after the command's name."""

from __future__ import annotations

import sys
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Callable

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Common(NamedTuple):
    """What the common flags say."""

    directory: Path | None = None
    quiet: bool = False
    verbose: int = 0
    json: bool = False
    color: bool = True

    @property
    def root(self) -> Path:
        """The workspace's folder."""
        return self.directory or Path()


_FLAGS = {
    "directory": click.option(
        "directory", "-C", metavar="DIR", type=click.Path(path_type=Path),
        help="Work in this workspace.",
    ),
    "quiet": click.option(
        "quiet", "-q", is_flag=True, help="Print errors only, and what was asked for."
    ),
    "verbose": click.option("verbose", "-v", count=True, help="Say more; -vv adds tracebacks."),
    "json": click.option("json", "--json", is_flag=True, help="One JSON document on stdout."),
    "color": click.option(
        "color", "--no-color", is_flag=True, flag_value=False, default=True,
        help="No colors; NO_COLOR does the same.",
    ),
}  # fmt: skip


def common_flags(*, without: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the common flags; the function gets them as one argument ``common``.

    A flag given to the command wins over the same flag given to ``audiobrief`` itself.

    Args:
        without: A flag whose letter the command needs for something else.
    """
    flags = {name: flag for name, flag in _FLAGS.items() if name != without}

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            here = Common(**{name: kwargs.pop(name) for name in flags})
            before = click.get_current_context().find_object(Common) or Common()
            merged = Common(
                here.directory or before.directory,
                here.quiet or before.quiet,
                here.verbose or before.verbose,
                here.json or before.json,
                here.color and before.color,
            )
            return function(*args, common=merged, **kwargs)

        run = update_wrapper(run, function)
        for flag in reversed(flags.values()):
            run = flag(run)
        return run

    return decorate


class _WithExamples(click.Command):
    """A command whose help leads with examples."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("context_settings", CONTEXT)
        super().__init__(*args, **kwargs)
        self._examples = examples

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; what is wrong with them is told of this command."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            # The parser itself does not know where it is.
            error.ctx = error.ctx or ctx
            raise

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples first, then usage, text and options."""
        if self._examples:
            with formatter.section("Examples"):
                for line in self._examples.strip().splitlines():
                    formatter.write(f"  {line.strip()}\n")
            formatter.write("\n")
        super().format_help(ctx, formatter)


class Command(_WithExamples):
    """A command."""


class Group(_WithExamples, click.Group):
    """A command with commands of its own."""


def wants_json(arguments: list[str] | None = None) -> bool:
    """Say whether ``--json`` was asked for, even where the command line could not be parsed."""
    return "--json" in (sys.argv[1:] if arguments is None else arguments)
