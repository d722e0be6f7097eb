"""Hosts of their own on one machine: a bridge, and a network namespace for each (iproute2, root).

    driver (this side)   10.77.N.1   on the bridge
    store                10.77.N.2   moto's S3
    scheduler            10.77.N.3
    one, two             10.77.N.4, 10.77.N.5

Where namespaces are not allowed, the hosts are addresses of loopback, 127.0.N.2 and on: no borders,
but the same programs, and `why_not` says so.
"""

import os
import shutil
import subprocess
from contextlib import suppress

NAMES = ("store", "scheduler", "one", "two")


class Hosts:
    """Four hosts; `close` removes all of them, whatever has become of them.

    Args:
        number: 1..250, of this house: two may stand at once.
        loopback: Only addresses, no namespaces.
    """

    def __init__(self, number=None, *, loopback=False):
        self.number = os.getpid() % 250 + 1 if number is None else number
        self.tag = f"ab{self.number}"
        self.why_not = "asked for" if loopback else why_not()
        self._made = []
        if self.why_not is None:
            try:
                self._build()
            except BaseException:
                self.close()
                raise

    @property
    def driver(self):
        """Address of this side."""
        return self._address(1)

    def address(self, name):
        """Return the address of a host."""
        return self._address(NAMES.index(name) + 2)

    def _address(self, host):
        return f"{'127.0' if self.why_not else '10.77'}.{self.number}.{host}"

    def within(self, name):
        """Return the words before a command that is to run on a host."""
        return () if self.why_not else ("ip", "netns", "exec", f"{self.tag}-{name}")

    def _build(self):
        bridge = f"{self.tag}br"
        self._made.append(("link", "del", bridge))
        _ip("link", "add", bridge, "type", "bridge")
        _ip("addr", "add", f"{self.driver}/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        for n, name in enumerate(NAMES):
            space, near, far = f"{self.tag}-{name}", f"{self.tag}v{n}", f"{self.tag}w{n}"
            self._made.append(("netns", "del", space))
            _ip("netns", "add", space)
            _ip("link", "add", near, "type", "veth", "peer", "name", far)
            self._made.append(("link", "del", near))
            _ip("link", "set", far, "netns", space)
            _ip("link", "set", near, "master", bridge)
            _ip("link", "set", near, "up")
            _ip("-n", space, "addr", "add", f"{self.address(name)}/24", "dev", far)
            _ip("-n", space, "link", "set", far, "up")
            _ip("-n", space, "link", "set", "lo", "up")

    def cut(self, name):
        """Pull a host's cable."""
        _ip("link", "set", f"{self.tag}v{NAMES.index(name)}", "down")

    def close(self):
        """Remove whatever was made."""
        while self._made:
            with suppress(subprocess.CalledProcessError):
                _ip(*self._made.pop())


def why_not():
    """Return why there can be no namespaces here; `None`: there can."""
    if shutil.which("ip") is None:
        return "the program ip is not installed (Debian: iproute2)"
    if os.geteuid() != 0:
        return "network namespaces need root"
    try:
        _ip("netns", "add", f"abtry{os.getpid()}")
        _ip("netns", "del", f"abtry{os.getpid()}")
        bridge = f"abt{os.getpid()}"[:14]
        _ip("link", "add", bridge, "type", "bridge")
        _ip("link", "del", bridge)
    except subprocess.CalledProcessError as error:
        return f"network namespaces are not allowed here: {error.stderr.decode().strip()}"
    return None


def _ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True, stdin=subprocess.DEVNULL)
