"""What a process that goes on for months does otherwise than one that soon ends."""

from __future__ import annotations

import gc
import os
from contextlib import suppress

#: Made since the last search for circles before there is another one, as Python has it.
_NEW_OBJECTS = 700
#: ``M_ARENA_MAX`` of glibc's malloc.h.
_ARENA_MAX = -8


def hold_little() -> None:
    """Have the memory of this process follow what it holds; to be called before it has threads.

    Each connection leaves a circle (asyncio's transport), so these are looked for soon. And glibc
    gives each thread a heap of its own, in which up to twice the largest text stays that was ever
    let go of: of one heap, that is little.
    """
    gc.set_threshold(_NEW_OBJECTS)
    # What is there now stays, and is not to be looked at each time.
    gc.freeze()
    if os.name == "posix":
        import ctypes  # noqa: PLC0415 - for whoever serves

        # Neither macOS nor musl has it, nor needs it: their threads share one heap.
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
