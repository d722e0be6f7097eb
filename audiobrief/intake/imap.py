"""A folder of mails on a server as a source: read only, nothing is marked or deleted."""

from __future__ import annotations

import imaplib
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from audiobrief.errors import SourceError
from audiobrief.intake.imap_session import ImapSession, connect_tls, quoted
from audiobrief.intake.mail import MAX_MAIL_BYTES, parse_mail
from audiobrief.intake.seam import Listing
from audiobrief.intake.secret import secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiobrief.intake.seam import Connect, Fetch
    from audiobrief.model.intake import Item

_SIZE = re.compile(rb"\bUID (?P<uid>\d{1,10})\b.*?\bRFC822\.SIZE (?P<size>\d{1,12})\b", re.DOTALL)
_SIZE_FIRST = re.compile(
    rb"\bRFC822\.SIZE (?P<size>\d{1,12})\b.*?\bUID (?P<uid>\d{1,10})\b", re.DOTALL
)
_FAULTS: Final = (imaplib.IMAP4.error, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class ImapSource:
    """A folder on a mail server.

    ``known`` holds ``uidvalidity`` and ``uidnext`` of RFC 3501: from where on mails are new.
    """

    host: str
    user: str
    folder: str = "INBOX"
    #: The variable of the environment that holds the password.
    password_env: str = "IMAP_PASSWORD"  # noqa: S105 - the name of a variable
    port: int = 993
    #: So many mails are read at once; the first time the newest, then what has come since.
    most: int = 50
    #: For everything together.
    limit_s: float = 120.0
    connect: Connect = field(default=connect_tls, repr=False)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    @property
    def name(self) -> str:
        """Return whose folder on which server it is."""
        return f"{self.user} on {self.host}, {self.folder}"

    def items(self, fetch: Fetch, known: Mapping[str, str]) -> Listing:  # noqa: ARG002 - the seam
        """Return the mails that have come since.

        Where the connection is lost between two mails, those that were read are returned with a
        note, and ``known`` lets the next call go on with the rest.

        Raises:
            SourceError: No connection, no access, no such folder, no password; or not one mail
                could be read.
        """
        password = secret(self.environment, self.password_env, "mail password", self.name)
        try:
            session = ImapSession(
                self.host,
                self.port,
                self.connect,
                limit_s=self.limit_s,
                most_bytes=MAX_MAIL_BYTES,
            )
        except _FAULTS as error:
            raise self._failed("no connection to the mail server", error) from error
        try:
            return self._listing(session, password, known)
        finally:
            # Not logout: the server may be what does not answer, and nothing is left to be saved.
            session.shutdown()

    def _listing(self, session: ImapSession, password: str, known: Mapping[str, str]) -> Listing:
        self._log_in(session, password)
        validity = self._examine(session)
        notes: list[str] = []
        start = 0
        if known.get("uidvalidity") == validity:
            start = int(known["uidnext"]) if known.get("uidnext", "").isdecimal() else 0
        elif known:
            notes.append("the server has numbered its mails anew: the newest are read again")
        try:
            uids, left_out = self._chosen(session, start)
            sizes = _sizes(session, uids)
        except _FAULTS as error:
            raise self._failed("the mail server does not list its mails", error) from error
        if left_out:
            when = "mails come next time" if start else "older mails were left out"
            notes.append(f"{left_out} {when}")
        reading = _Reading(session, self.name, notes)
        following = reading.through(uids, sizes, start)
        if reading.fault is not None and following == start:
            raise self._failed("the mail server gives no mail", reading.fault) from reading.fault
        kept = {"uidvalidity": validity, "uidnext": str(following)}
        return Listing(tuple(reading.items.values()), kept, tuple(notes))

    def _log_in(self, session: ImapSession, password: str) -> None:
        try:
            if (self.user + password).isascii():
                session.login(self.user, password)
            else:
                # LOGIN is ASCII; PLAIN is UTF-8 (RFC 4616).
                session.authenticate("PLAIN", lambda _: f"\0{self.user}\0{password}".encode())
        except imaplib.IMAP4.abort as error:
            raise self._failed("the mail server breaks off at the login", error) from error
        except imaplib.IMAP4.error as error:
            raise SourceError(
                f"the mail server refuses the login ({_said(error, password)})",
                self.name,
                remedy=f"check the user and {self.password_env}; providers with a second factor "
                "want a password made for programs",
            ) from None  # the server may repeat the password
        except (OSError, ValueError) as error:
            raise self._failed("the mail server breaks off at the login", error) from error

    def _examine(self, session: ImapSession) -> str:
        """Open the folder for reading only; return the validity of its numbers."""
        try:
            answer, told = session.select(quoted(self.folder), readonly=True)
            _, validity = session.response("UIDVALIDITY")
        except _FAULTS as error:
            raise self._failed("the mail server does not open the folder", error) from error
        if answer != "OK":
            raise SourceError(
                f"there is no folder {self.folder!r} ({_text(told)})",
                self.name,
                remedy="check its name; servers write folders in folders as A/B or A.B",
            )
        return _text(validity) or "0"

    def _chosen(self, session: ImapSession, start: int) -> tuple[list[int], int]:
        """Return the numbers of the mails to read, ascending, and how many more there are."""
        wanted = f"UID {start}:*" if start else "ALL"
        _, found = session.uid("SEARCH", wanted)
        # "n:*" means the last mail, too, when its number is below n.
        uids = sorted({int(each) for each in _text(found).split() if int(each) >= start})
        chosen = uids[: self.most] if start else uids[-self.most :]
        return chosen, len(uids) - len(chosen)

    def _failed(self, problem: str, error: BaseException) -> SourceError:
        reason = _said(error, self.environment.get(self.password_env, ""))
        return SourceError(
            f"{problem} ({reason})", self.name, remedy="check host and port, or try again later"
        )


class _Reading:
    """The mails that are read one after another."""

    def __init__(self, session: ImapSession, where: str, notes: list[str]) -> None:
        self._session = session
        self._where = where
        self._notes = notes
        self.items: dict[str, Item] = {}
        self.fault: BaseException | None = None

    def through(self, uids: list[int], sizes: Mapping[int, int], start: int) -> int:
        """Read mails; return the number from which on the next call has to read."""
        following = start or 1
        for uid in uids:
            try:
                raw = self._raw(uid, sizes.get(uid, 0))
            except _FAULTS as error:
                self.fault = error
                self._notes.append(
                    f"the connection was lost before mail {uid}: the rest comes next"
                )
                return start if following == (start or 1) else following
            if raw is not None:
                self._take(raw, uid)
            following = uid + 1
        return following

    def _raw(self, uid: int, size: int) -> bytes | None:
        if size > MAX_MAIL_BYTES:
            self._notes.append(f"mail {uid} is larger than {MAX_MAIL_BYTES // 1_000_000} MB")
            return None
        # PEEK: the mail stays unread. The folder is open for reading only, besides.
        _, data = self._session.uid("FETCH", str(uid), "(UID BODY.PEEK[])")
        found = next((each[1] for each in data if isinstance(each, tuple)), None)
        if found is None:
            self._notes.append(f"mail {uid} is gone")
        return found

    def _take(self, raw: bytes, uid: int) -> None:
        try:
            found = parse_mail(raw, f"{self._where}, mail {uid}")
        except SourceError as error:
            self._notes.append(f"mail {uid}: {error.problem}")
        else:
            self.items |= {each.key: each for each in found.items if each.key not in self.items}


def _sizes(session: ImapSession, uids: list[int]) -> dict[int, int]:
    if not uids:
        return {}
    _, data = session.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
    lines = [each for each in data if isinstance(each, bytes)]
    found = [match for each in lines if (match := _SIZE.search(each) or _SIZE_FIRST.search(each))]
    return {int(match["uid"]): int(match["size"]) for match in found}


def _text(data: object) -> str:
    """Return what a server has answered as text."""
    pieces = _bytes_in(data if isinstance(data, list) else [])
    return b" ".join(pieces).decode("ascii", "replace")[:2_000_000]


def _bytes_in(data: list[object]) -> Iterator[bytes]:
    yield from (each for each in data if isinstance(each, bytes))


def _said(error: BaseException, password: str) -> str:
    """Return what an error says, without the password."""
    first = error.args[0] if error.args else ""
    text = first.decode("ascii", "replace") if isinstance(first, bytes) else str(error)
    text = text[:200] or type(error).__name__
    return text.replace(password, "***") if password else text
