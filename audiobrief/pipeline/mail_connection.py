"""Connections to mail servers, as guarded as those to pages: only to addresses that were judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiobrief.errors import UnsafeAddressError
from audiobrief.net.address import judge
from audiobrief.net.fault import UnsafeFault

if TYPE_CHECKING:
    import socket

    from audiobrief.net.address import Allowed
    from audiobrief.net.world import World

#: A public host is judged as one of pages is; that it is asked on a port of mails is the user's
#: word, since no page or feed can name a mail server.
_JUDGED_PORT = 443


@dataclass(frozen=True, slots=True)
class MailConnection:
    """Connects to mail servers; see :class:`audiobrief.intake.seam.Connect`.

    Like the guard of pages it asks for a name once, judges every address of the answer, and
    connects to one of that same answer.
    """

    allowed: Allowed
    world: World

    def __call__(self, host: str, port: int, *, timeout_s: float) -> socket.socket:
        """Return a connected socket on which TLS is ready.

        Raises:
            UnsafeAddressError: The server is neither on the public internet nor opened by the user.
            OSError: There is no connection, or the certificate is wrong.
        """
        until_s = self.world.clock() + timeout_s
        addresses = self.world.resolve(host, port)
        try:
            places = judge(host, _JUDGED_PORT, addresses, self.allowed)
        except UnsafeFault as fault:
            raise UnsafeAddressError(fault.problem, host, remedy=fault.remedy) from fault
        plain = self._connected(places.addresses, port, until_s)
        try:
            plain.settimeout(self._left_s(until_s))
            return self.world.trust().wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def _connected(self, addresses: tuple[str, ...], port: int, until_s: float) -> socket.socket:
        refused: OSError = OSError("the host has no address")
        for address in addresses:
            try:
                return self.world.connect(address, port, self._left_s(until_s))
            except OSError as error:
                refused = error
        raise refused

    def _left_s(self, until_s: float) -> float:
        left_s = until_s - self.world.clock()
        if left_s <= 0:
            message = "the server took too long"
            raise TimeoutError(message)
        return left_s
