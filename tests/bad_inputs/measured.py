"""Runs a command and writes down what it took: ``python measured.py TALLY COMMAND...``.

A process of its own, and a small one: the kernel counts the memory of who starts a program as that
of the program, too, up to the moment at which it is loaded.
"""

import json
import os
import subprocess
import sys


def main():
    """Run it, and leave with its exit code."""
    tally, *command = sys.argv[1:]
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    code = process.returncode = os.waitstatus_to_exitcode(status)
    per_mb = 1_000 if sys.platform == "linux" else 1_000_000
    told = {
        "code": code,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / per_mb,
    }
    with open(tally, "w", encoding="utf-8") as stream:  # noqa: PTH123 - pathlib is not needed here
        json.dump(told, stream)


if __name__ == "__main__":
    main()
