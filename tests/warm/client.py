"""Commands in processes of their own that need not import first: half the time of a short one."""

import atexit
import functools
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread

#: These are read as Python starts, and nothing can be done about them later.
READ_AT_THE_START = ("PYTHON", "LC_", "LANG", "LD_", "TZ", "MALLOC_", "OMP_", "OPENBLAS_")


def is_possible(env):
    """Tell whether a command with this environment can be forked from one that has started.

    Elsewhere than on Linux a process with threads of the system in it is not safe to fork.
    """
    changed = {name for name, _ in os.environ.items() ^ env.items()}
    if "PYTHONPATH" not in os.environ:
        # The server does what Python does with it.
        changed.discard("PYTHONPATH")
    at_the_start = any(name.startswith(READ_AT_THE_START) for name in changed)
    return sys.platform == "linux" and not at_the_start


def run(arguments, *, cwd, env, stdin, limit_s):
    """Run a command; as `subprocess.run` does with pipes.

    Returns:
        Its exit code, and all that it and its children wrote to standard output and error.

    Raises:
        TimeoutExpired: It took longer than the limit, and was killed.
    """
    channel = _server()
    pipes = [os.pipe() for _ in range(3)]
    (for_stdin, to_stdin), (from_stdout, for_stdout), (from_stderr, for_stderr) = pipes
    request = {"arguments": arguments, "cwd": str(cwd), "env": env}
    theirs = [for_stdin, for_stdout, for_stderr]
    socket.send_fds(channel, [json.dumps(request).encode()], theirs)
    for stream in theirs:
        os.close(stream)
    pid = _told(channel)
    told = {}
    threads = [
        Thread(target=_write, args=(to_stdin, stdin)),
        Thread(target=_read, args=(from_stdout, told, "stdout")),
        Thread(target=_read, args=(from_stderr, told, "stderr")),
    ]
    for thread in threads:
        thread.start()
    try:
        channel.settimeout(limit_s)
        code = _told(channel)
    except TimeoutError as error:
        os.kill(pid, signal.SIGKILL)
        channel.settimeout(None)
        _told(channel)
        raise subprocess.TimeoutExpired(arguments, limit_s) from error
    finally:
        channel.settimeout(None)
        for thread in threads:
            thread.join()
    return code, told["stdout"], told["stderr"]


@functools.cache
def _server():
    """Return the channel to the one server of this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    # Room for the longest request.
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1_000_000)
    program = Path(__file__).with_name("server.py")
    process = subprocess.Popen(
        [sys.executable, program, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        # A process of one thread is safe to fork; numpy would start more.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        # Python asks what its streams are as it starts: pipes, like those of the commands.
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    theirs.close()

    def end():
        ours.close()
        _, told = process.communicate()
        # Only if it has failed.
        sys.stderr.buffer.write(told)

    atexit.register(end)
    return ours


def _told(channel):
    """Return a number that the server tells."""
    number = channel.recv(100)
    if not number:
        raise RuntimeError("tests/warm/server.py has ended")
    return int(number)


def _write(stream, content):
    try:
        with os.fdopen(stream, "wb") as file:
            file.write(content)
    except BrokenPipeError:
        # It ended without reading all, as it may.
        return


def _read(stream, told, name):
    with os.fdopen(stream, "rb") as file:
        told[name] = file.read()
