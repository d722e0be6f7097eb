"""Runs the command in this process as ``python -m audiobrief`` does, at a time that a file sets.

The time of day is libfaketime's where it is loaded. Elsewhere SOURCE_DATE_EPOCH stands in, which
the command takes for it: a thread sets it again and again to what the file says.

``SIGUSR1`` with SOAK_TRACE set: what is allocated is written to ``SOAK_TRACE.N`` (tracemalloc).
"""

import gc
import itertools
import os
import runpy
import select
import signal
import sys
import time
import tracemalloc
from pathlib import Path
from threading import Event, Thread

#: How often the stand-in looks at the clock's file.
LOOK_S = 0.2


def main():
    """Run it."""
    if "FAKETIME_TIMESTAMP_FILE" in os.environ:
        # libfaketime 0.9.10 that leaves the monotonic clock alone refuses clock_nanosleep.
        time.sleep = lambda seconds: select.select([], [], [], seconds)[0]
    else:
        clock = Path(os.environ["SOAK_CLOCK"])
        _set(clock)
        Thread(target=_keep, args=(clock,), daemon=True).start()
    if "SOAK_TRACE" in os.environ:
        numbers = itertools.count()
        tracemalloc.start()
        signal.signal(signal.SIGUSR1, lambda *_: _trace(next(numbers)))
    sys.argv[0] = "audiobrief"
    # Programs that it starts find packages by themselves.
    runpy.run_module("audiobrief", run_name="__main__", alter_sys=True)


def _set(clock):
    os.environ["SOURCE_DATE_EPOCH"] = str(int(time.time()) + int(clock.read_text() or 0))


def _keep(clock):
    never = Event()
    while not never.wait(LOOK_S):
        _set(clock)


def _trace(number):
    gc.collect()
    tracemalloc.take_snapshot().dump(f"{os.environ['SOAK_TRACE']}.{number}")


if __name__ == "__main__":
    main()
