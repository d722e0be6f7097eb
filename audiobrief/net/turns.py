"""Hosts are asked one request at a time, with a pause in between, and not when they rest."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from audiobrief.net.fault import PassingFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.net.allowance import Deadline
    from audiobrief.net.fault import Fault
    from audiobrief.net.world import World


@dataclass(slots=True)
class _Host:
    turn: Lock = field(default_factory=Lock)
    #: By the client's clock: not asked before, neither by those who wait nor by those who do not.
    free_s: float = 0.0
    rests_until_s: float = 0.0
    reason: str = ""
    status: int | None = None


class Turns:
    """Who may ask which host when, among all threads of a client."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lock = Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def take(self, name: str, delay_s: float, deadline: Deadline) -> Iterator[None]:
        """Wait for a host, and keep others waiting until the end of the block.

        What is waited here is not counted: it is the price of politeness, not a slow answer.

        Raises:
            PassingFault: The host rests.
        """
        host = self._host(name)
        came_s = self._world.clock()
        with host.turn:
            self._refuse_resting(host)
            if (left_s := host.free_s - self._world.clock()) > 0:
                self._world.wait(left_s)
            deadline.move(self._world.clock() - came_s)
            try:
                yield
            finally:
                host.free_s = max(host.free_s, self._world.clock() + delay_s)

    def pause(self, name: str, seconds: float) -> None:
        """Let nobody ask a host for a while; who wants to waits."""
        host = self._host(name)
        host.free_s = max(host.free_s, self._world.clock() + seconds)

    def rest(self, name: str, seconds: float, fault: Fault) -> None:
        """Let nobody ask a host for long: who wants to is told the fault at once."""
        host = self._host(name)
        host.rests_until_s = max(host.rests_until_s, self._world.clock() + seconds)
        host.reason, host.status = fault.problem, fault.status

    def _refuse_resting(self, host: _Host) -> None:
        if (left_s := host.rests_until_s - self._world.clock()) > 0:
            raise PassingFault(
                host.reason, status=host.status, after_s=left_s, is_final=True, is_unsent=True
            )

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(name, _Host())
