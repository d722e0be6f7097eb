"""Where the command line starts.

Importing click takes four times as long as starting Python, so that the most common call of all,
``audiobrief --help``, prints a text rendered beforehand; a test holds it against what click says.
"""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

HELP_NAME = "help.txt"
#: Made since the last search for cycles before there is another one; 700 is Python's own. An hour
#: of sound is edited with half as many.
_NEW_OBJECTS = 200_000


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] in (["--help"], ["-h"]):
        with open(f"{__file__[: -len('main.py')]}{HELP_NAME}", encoding="utf-8") as stream:  # noqa: PTH123 - pathlib costs a quarter of the start
            sys.stdout.write(stream.read())
        sys.exit(0)
    # A command lives for seconds and makes hardly a cycle: it took 3 % to look for them.
    gc.set_threshold(_NEW_OBJECTS)
    try:
        from audiobrief.cli.root import run  # noqa: PLC0415 - see above
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: nothing was done\n")
        sys.exit(130)  # INTERRUPTED, whose module needs click
    code = run()
    # Or Python looks at every object again, several times, to end: 75 ms after a build of an hour.
    gc.freeze()
    sys.exit(code)
