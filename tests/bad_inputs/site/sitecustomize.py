"""Loaded by Python as it starts: writes down what a command touches, and leads it to the test's net.

What is looked at stands in ``AUDIOBRIEF_WITNESS``, a file to which a line of JSON is added for each
connection, look-up, program and file that is written; children inherit it. With
``AUDIOBRIEF_INTERNET`` (a port of loopback) names and addresses are those of the internet in
`tests.internet`: the product's own client asks for a name and connects to the address that it has
judged, and only there the way leads to loopback. ``AUDIOBRIEF_SPEED`` makes the client's clock go
faster, so that a deadline of 30 s is a real one of 1.5 s.
"""

import json
import os
import socket
import sys
import threading
import time

_own = threading.local()


def _watch(place):
    target = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

    def told(event, *what):
        line = json.dumps([event, *map(str, what)]) + "\n"
        os.write(target, line.encode("utf-8", "backslashreplace"))

    def hook(event, arguments):
        if event == "socket.connect":
            connection, address = arguments
            if connection.family in (socket.AF_INET, socket.AF_INET6):
                told("way" if getattr(_own, "is_ours", False) else event, *address[:2])
        elif event == "socket.getaddrinfo":
            if not getattr(_own, "is_ours", False):
                told(event, arguments[0])
        elif event == "open":
            path, _, flags = arguments
            if isinstance(path, (str, bytes)) and flags & writing:
                told("write", os.path.abspath(os.fsdecode(path)))
        elif event in ("subprocess.Popen", "os.exec", "os.posix_spawn"):
            told("program", os.fsdecode(arguments[0] or ""))
        elif event == "os.system":
            told("shell", os.fsdecode(arguments[0]))
        elif event in ("os.rename", "os.link", "os.symlink"):
            told("write", os.path.abspath(os.fsdecode(arguments[1])))
        elif event in ("os.mkdir", "os.truncate"):
            if not isinstance(arguments[0], int):
                told("write", os.path.abspath(os.fsdecode(arguments[0])))

    sys.addaudithook(hook)


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


if "AUDIOBRIEF_WITNESS" in os.environ:
    _watch(os.environ["AUDIOBRIEF_WITNESS"])
if "AUDIOBRIEF_INTERNET" in os.environ:
    _lead(
        int(os.environ["AUDIOBRIEF_INTERNET"]),
        float(os.environ["AUDIOBRIEF_SPEED"]),
        os.environ["AUDIOBRIEF_AUTHORITY"],
    )
