"""Loaded by Python as it starts: writes down what a command does, and gives it the test's net.

What is looked at stands in ``AUDIOBRIEF_WITNESS``, a file to which a line of JSON is added for each
connection, look-up, program and file that is written; children inherit it. With
``AUDIOBRIEF_INTERNET`` (a port of loopback) names and addresses are those of the internet in
`tests.internet`: the product's own client asks for a name and connects to the address that it has
judged, and only there the way leads to loopback. ``AUDIOBRIEF_SPEED`` makes the client's clock go
faster, so that a deadline of 30 s is a real one of 1.5 s. ``AUDIOBRIEF_MOST_ADDRESSES`` is the
address space in bytes that a process may have.
"""

# ruff: noqa: PLC0415, PTH100 - loaded before every command: what is not needed is not imported

import json
import os
import socket
import sys
import threading
import time

_own = threading.local()


def _watch(place):
    target = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def hook(event, arguments):
        seer = _SEERS.get(event)
        found = seer and seer(*arguments)
        if found:
            line = json.dumps(found) + "\n"
            os.write(target, line.encode("utf-8", "backslashreplace"))

    sys.addaudithook(hook)


def _path(written):
    return os.path.abspath(os.fsdecode(written))


def _connection(connection, address):
    if connection.family not in (socket.AF_INET, socket.AF_INET6):
        return None
    is_ours = getattr(_own, "is_ours", False)
    return ["way" if is_ours else "socket.connect", *map(str, address[:2])]


def _look_up(host, *_):
    return None if getattr(_own, "is_ours", False) else ["socket.getaddrinfo", str(host)]


def _opened(path, _mode, flags):
    is_written = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    return ["write", _path(path)] if is_written and isinstance(path, (str, bytes)) else None


def _changed(path, *_):
    return None if isinstance(path, int) else ["write", _path(path)]


def _renamed(_old, new, *_):
    return ["write", _path(new)]


def _program(program, *_):
    return ["program", os.fsdecode(program or "")]


def _shell(command):
    return ["shell", os.fsdecode(command)]


_SEERS = {
    "socket.connect": _connection,
    "socket.getaddrinfo": _look_up,
    "open": _opened,
    "os.rename": _renamed,
    "os.link": _renamed,
    "os.symlink": _renamed,
    "os.mkdir": _changed,
    "os.truncate": _changed,
    "subprocess.Popen": _program,
    "os.exec": _program,
    "os.posix_spawn": _program,
    "os.system": _shell,
}


def _lead(port, speed, authority):
    import ssl

    from audiobrief.net.world import World, now

    def ask(*question):
        _own.is_ours = True
        try:
            with socket.create_connection(("127.0.0.1", port), 60) as channel:
                channel.sendall(json.dumps(question).encode() + b"\n")
                answer = json.loads(channel.makefile("rb").readline())
        finally:
            _own.is_ours = False
        if answer[0] == "error":
            raise {"gaierror": socket.gaierror, "refused": ConnectionRefusedError}[answer[1]](
                answer[2], answer[3]
            )
        return answer[1]

    def resolve(host, number):
        return ask("resolve", host, number)

    def connect(address, number, timeout_s):
        place = tuple(ask("connect", address, number))
        _own.is_ours = True
        try:
            return socket.create_connection(place, max(timeout_s / speed, 0.01))
        finally:
            _own.is_ours = False

    def clock():
        return time.monotonic() * speed

    def wait(seconds):
        time.sleep(seconds / speed)

    def trust():
        return ssl.create_default_context(cafile=authority)

    World.__init__.__defaults__ = (resolve, connect, clock, now, wait, trust)


def _limit(most_bytes):
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


if "AUDIOBRIEF_MOST_ADDRESSES" in os.environ:
    _limit(int(os.environ["AUDIOBRIEF_MOST_ADDRESSES"]))
if "AUDIOBRIEF_WITNESS" in os.environ:
    _watch(os.environ["AUDIOBRIEF_WITNESS"])
if "AUDIOBRIEF_INTERNET" in os.environ:
    _lead(
        int(os.environ["AUDIOBRIEF_INTERNET"]),
        float(os.environ["AUDIOBRIEF_SPEED"]),
        os.environ["AUDIOBRIEF_AUTHORITY"],
    )
