"""The process that has read the whole package already, and becomes a command in each fork.

Run as a file by `tests.warm.client`. What a fork does from here on is what ``python -m audiobrief``
does: its own process with its own environment, folder and streams, which ends as Python ends.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import runpy
import socket
import sys
from pathlib import Path

#: Not of the command: what its workers run.
NOT_READ = ("audiobrief.__main__", "audiobrief.speak.workers.", "audiobrief.bench.programs.")
#: What a build takes besides, when it comes to it.
ALSO_READ = ("sentencex", "PIL.JpegImagePlugin", "PIL.PngImagePlugin", "encodings.idna")
#: A request is shorter.
LONGEST = 1_000_000


def read_everything():
    """Import all that a command may import."""
    import audiobrief  # noqa: PLC0415 - first of all the path must be what it is for a command

    found = [module.name for module in pkgutil.walk_packages(audiobrief.__path__, "audiobrief.")]
    for name in (*found, *ALSO_READ):
        # A module that is broken breaks the command that needs it, and no other.
        if not name.startswith(NOT_READ):
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def serve(channel):
    """Answer requests; return in the fork, with what is asked of it."""
    while True:
        raw, streams, _, _ = socket.recv_fds(channel, LONGEST, 3)
        if not raw:
            sys.exit(0)
        pid = os.fork()
        if pid == 0:
            channel.close()
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            return json.loads(raw)
        for stream in streams:
            os.close(stream)
        channel.send(str(pid).encode())
        _, status = os.waitpid(pid, 0)
        channel.send(str(os.waitstatus_to_exitcode(status)).encode())


def become(request):
    """Take over folder, environment and arguments."""
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    added = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    sys.path[:0] = [request["cwd"], *added]
    if any((Path(entry) / "sitecustomize.py").is_file() for entry in added):
        importlib.import_module("sitecustomize")
    sys.argv = ["audiobrief", *request["arguments"]]


if __name__ == "__main__":
    # The folder of this file, in which a command would not look for modules.
    del sys.path[0]
    read_everything()
    # What is there now stays as it is: forks share it.
    gc.collect()
    gc.freeze()
    become(serve(socket.socket(fileno=int(sys.argv[1]))))
    runpy.run_module("audiobrief", run_name="__main__", alter_sys=True)
