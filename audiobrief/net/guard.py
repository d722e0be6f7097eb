"""Connections go to addresses that were judged, and nowhere else."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

import httpcore

from audiobrief.net.address import Places, judge, judge_port
from audiobrief.net.allowance import Deadline, current
from audiobrief.net.fault import Fault, PassingFault, UnsafeFault, cause_of
from audiobrief.net.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.net.address import Allowed
    from audiobrief.net.world import World

#: For one address of a host, while there are others: dead IPv6 must not use up the whole request.
_CONNECT_S = 8.0


class Guard(httpcore.NetworkBackend):
    """Makes the connections of a pool.

    A name is resolved once for each connection, every address of the answer is judged, and the
    connection goes to an address of that same answer: a second answer, which may be another one
    (DNS rebinding), is never asked for. Every connection comes through here, so a redirect is
    judged like the first address. Host header and TLS name are not touched.

    Args:
        allowed: What the user has opened.
        world: Names and sockets.
    """

    def __init__(self, allowed: Allowed, world: World) -> None:
        self._allowed = allowed
        self._world = world
        # Grows by the hosts that the user has opened; adding is atomic.
        self._homes: set[str] = set()

    def is_home(self, host: str) -> bool:
        """Tell whether a host is known to be at home."""
        return host in self._homes or self._allowed.names_host(host)

    def judge_way(self, host: str) -> None:
        """Refuse a host at home to requests that come from outside.

        The pool may still have a connection to it, which would not be made anew.

        Raises:
            UnsafeFault: A page out there has led here.
        """
        if host in self._homes and not current().may_go_home:
            raise _way_fault()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the request's deadline counts
        local_address: str | None = None,  # noqa: ARG002 - never given
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - never given
    ) -> httpcore.NetworkStream:
        """Connect to a host.

        Raises:
            UnsafeFault: It is not on the public internet, nor opened by the user.
            PassingFault: It is not there, or does not answer.
        """
        allowance = current()
        judge_port(host, port, self._allowed)
        found = self._resolve(host, port, allowance.deadline)
        places = judge(host, port, found, self._allowed)
        if places.is_home:
            if not allowance.may_go_home:
                raise _way_fault()
            self._homes.add(host)
        return self._connect(places, port, allowance.deadline)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002 - never used
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - never used
    ) -> httpcore.NetworkStream:
        """Refuse: no address leads to a socket in the file system."""
        raise UnsafeFault("it is a socket of this machine", f"leave {path} alone")

    def _connect(self, places: Places, port: int, deadline: Deadline) -> Stream:
        reason = "it has no address"
        for number, address in enumerate(places.addresses, start=1):
            left_s = deadline.left_s()
            is_last = number == len(places.addresses)
            try:
                limit_s = left_s if is_last else min(left_s, _CONNECT_S)
                return Stream(self._world.connect(address, port, limit_s))
            except OSError as error:
                reason = cause_of(error)
        raise PassingFault(
            f"no connection: {reason}",
            "check the address and the connection to the internet",
            is_of_host=True,
            is_unsent=True,
        )

    def _resolve(self, host: str, port: int, deadline: Deadline) -> Sequence[str]:
        """Ask for a host's addresses, once. The system's call knows no time limit of its own."""
        answers: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._world.resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        Thread(target=ask, daemon=True, name=f"resolve {host}").start()
        try:
            answer = answers.get(timeout=deadline.left_s())
        except Empty as error:
            raise deadline.fault() from error
        if isinstance(answer, UnicodeError):
            raise Fault("no host can have this name", "check the address") from answer
        if isinstance(answer, OSError):
            raise PassingFault(
                f"the host is not found: {cause_of(answer)}",
                "check the address and the connection to the internet",
                is_of_host=True,
                is_unsent=True,
            ) from answer
        return answer


def _way_fault() -> UnsafeFault:
    return UnsafeFault(
        "a page from outside leads to a host at home",
        "if you trust it, give the host's address yourself",
    )
