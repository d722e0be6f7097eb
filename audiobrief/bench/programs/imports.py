"""Run a command of audiobrief and note what it imports; or import that, and nothing else.

imports.py note FILE ARGUMENTS...   run audiobrief with the arguments, note its modules in the file
imports.py load FILE                import the modules of the file, in their order, and end

What the second takes is what the command takes until it has begun. So it imports nothing for itself
but what every command does.
"""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from importlib import import_module


def main(arguments: list[str]) -> None:
    """Do either."""
    deed, file, *command = arguments
    if deed == "load":
        _load(file)
    else:
        _note(file, command)


def _load(file: str) -> None:
    # As audiobrief does, which seldom looks for cycles, neither on its way nor at its end.
    gc.disable()
    with open(file, encoding="utf-8") as stream:  # noqa: PTH123 - pathlib would be an import
        names = stream.read().split()
    for name in names:
        # What a module has put there under a name of its own can only be had by that module.
        with suppress(ImportError):
            import_module(name)
    gc.freeze()


def _note(file: str, command: list[str]) -> None:
    import runpy  # noqa: PLC0415 - as above

    sys.argv = ["audiobrief", *command]
    try:
        runpy.run_module("audiobrief", run_name="__main__", alter_sys=True)
    finally:
        found = [name for name, module in sys.modules.items() if hasattr(module, "__spec__")]
        with open(file, "w", encoding="utf-8") as stream:  # noqa: PTH123 - as above
            stream.writelines(f"{name}\n" for name in found if "__main__" not in name)


if __name__ == "__main__":
    main(sys.argv[1:])
