"""A mail server that speaks as much IMAP4rev1 (RFC 3501) as reading a folder takes."""

from __future__ import annotations

import re
import socket
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import ssl
    from types import TracebackType


@dataclass
class ImapServer:
    """A server with one account; a context that yields itself."""

    mails: dict[int, bytes] = field(default_factory=dict)
    user: str = "dora"
    password: str = "hush-password"
    folder: bytes = b'"INBOX"'
    uidvalidity: int = 7
    #: Closes the connection when it is asked for this mail.
    breaks_at: int | None = None
    #: Says that a mail is so large.
    sizes: dict[int, int] = field(default_factory=dict)
    #: Announces so many bytes for every mail, and sends none of them.
    announces: int | None = None
    #: Sends these bytes for ever instead of a greeting.
    floods: bytes = b""
    #: Where TLS is wanted.
    context: ssl.SSLContext | None = None
    commands: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        # On Linux, closing alone does not wake the thread that waits.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def connect(self, _host: str, _port: int, *, timeout_s: float) -> socket.socket:
        """Connect to it without TLS, whatever host is named."""
        return socket.create_connection(("127.0.0.1", self.port), timeout_s)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            # A client that goes away, or distrusts the certificate, is no fault of the server's.
            with connection, suppress(OSError):
                if self.context is not None:
                    connection = self.context.wrap_socket(connection, server_side=True)
                with connection:
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        while self.floods:
            connection.sendall(self.floods)
        self._connection = connection
        stream = connection.makefile("rb")
        connection.sendall(b"* OK ready\r\n")
        with stream:
            while line := stream.readline():
                tag, _, command = line.decode().strip().partition(" ")
                self.commands.append(command)
                if not self._answer(tag, command, stream):
                    return

    def _answer(self, tag: str, command: str, stream: Any) -> bool:
        """Answer a command; tell whether the connection stays."""
        verb, _, rest = command.partition(" ")
        done = f"{tag} OK done"
        if verb == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1 AUTH=PLAIN", done)
        elif verb == "LOGIN":
            given = re.fullmatch(r'(\S+) "(.*)"', rest)
            self._admit(tag, given is not None and (given[1].strip('"'), given[2]), rest)
        elif verb == "AUTHENTICATE":
            self._say("+ ")
            _, user, password = b64decode(stream.readline()).decode().split("\0")
            self._admit(tag, (user, password), "")
        elif verb == "EXAMINE":
            if rest.encode() != self.folder:
                self._say(f"{tag} NO no such mailbox")
            else:
                self._say(
                    f"* {len(self.mails)} EXISTS",
                    f"* OK [UIDVALIDITY {self.uidvalidity}] valid",
                    f"* OK [UIDNEXT {max(self.mails, default=0) + 1}] next",
                    f"{tag} OK [READ-ONLY] opened",
                )
        elif rest.startswith("SEARCH"):
            start = re.search(r"UID (\d+):\*", rest)
            found = [uid for uid in self.mails if not start or uid >= int(start[1])]
            # RFC 3501, 6.4.8: the last mail is always in "n:*".
            found = sorted({*found, *([max(self.mails)] if self.mails else [])})
            self._say(f"* SEARCH {' '.join(map(str, found))}".rstrip(), done)
        elif rest.startswith("FETCH"):
            return self._fetch(rest, done)
        else:
            self._say(f"{tag} BAD unknown")
        return True

    def _admit(self, tag: str, given: object, said: str) -> None:
        if given == (self.user, self.password):
            self._say(f"{tag} OK welcome")
        else:
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] not with {said}")

    def _fetch(self, rest: str, done: str) -> bool:
        uids = [int(uid) for uid in rest.split()[1].split(",")]
        for uid in uids:
            if "RFC822.SIZE" in rest:
                size = self.sizes.get(uid, len(self.mails[uid]))
                self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {size})")
            elif uid == self.breaks_at:
                return False
            elif self.announces is not None:
                self._say(f"* {uid} FETCH (UID {uid} BODY[] {{{self.announces}}}")
            elif uid not in self.sizes or self.mails[uid]:
                content = self.mails[uid]
                self._say(f"* {uid} FETCH (UID {uid} BODY[] {{{len(content)}}}")
                self._connection.sendall(content + b")\r\n")
        self._say(done)
        return True

    def _say(self, *lines: str) -> None:
        self._connection.sendall("".join(f"{line}\r\n" for line in lines).encode())
