"""A folder of mails, against a server that speaks IMAP."""

from __future__ import annotations

import imaplib
import ssl
from functools import partial
from itertools import count
from typing import Any

import pytest
import trustme

from audiobrief.errors import SourceError
from audiobrief.intake import ImapSource
from audiobrief.intake.imap_session import ImapSession, connect_tls
from tests.intake.imap_server import ImapServer
from tests.intake.plain_fetch import PlainFetch
from tests.intake.sample_files import sample

SECRETS = {"IMAP_PASSWORD": "hush-password"}


def mail(number: int) -> bytes:
    """Return a mail."""
    head = f"From: A <a@a.example>\r\nSubject: Letter {number}\r\nMessage-ID: <{number}@a.example>"
    return f"{head}\r\n\r\nText {number}.\r\n".encode()


def source(server: ImapServer, **settings: Any) -> ImapSource:
    """Return the folder of a server as a source."""
    given = {"connect": server.connect, "environment": SECRETS, **settings}
    return ImapSource("mail.example", given.pop("user", "dora"), **given)


def titles(listing: Any) -> list[str]:
    """Return the titles of what is listed."""
    return [item.title for item in listing.items]


def test_mails_are_read_and_stay_unread() -> None:
    """Text and HTML as they are; the folder is only examined, no flag is set, nothing deleted."""
    mails = {3: mail(3), 5: sample("newsletter.eml")}
    with ImapServer(mails) as server:
        listing = source(server).items(PlainFetch(), {})
    assert titles(listing) == ["Letter 3", "Fwd isn\u2019t a prefix: Übersee"]
    assert listing.known == {"uidvalidity": "7", "uidnext": "6"}
    assert listing.notes == ()
    said = " ".join(server.commands)
    assert "EXAMINE" in said
    assert not any(each in said for each in ("SELECT", "STORE", "EXPUNGE", "COPY", "BODY["))


def test_only_new_mails_are_read_next_time() -> None:
    """Although the server names its last one whatever is asked."""
    with ImapServer({1: mail(1), 2: mail(2)}) as server:
        first = source(server).items(PlainFetch(), {})
        second = source(server).items(PlainFetch(), first.known)
        server.mails[9] = mail(9)
        third = source(server).items(PlainFetch(), second.known)
    assert titles(first) == ["Letter 1", "Letter 2"]
    assert titles(second) == []
    assert second.known == first.known
    assert titles(third) == ["Letter 9"]


def test_a_folder_that_is_numbered_anew_is_read_anew() -> None:
    """Old numbers mean nothing then; it is told."""
    with ImapServer({1: mail(1), 2: mail(2)}) as server:
        first = source(server).items(PlainFetch(), {})
        server.uidvalidity = 8
        second = source(server).items(PlainFetch(), first.known)
    assert titles(second) == ["Letter 1", "Letter 2"]
    assert second.known == {"uidvalidity": "8", "uidnext": "3"}
    assert "numbered its mails anew" in second.notes[0]


def test_the_newest_first_and_then_all_that_follow() -> None:
    """What does not fit is older the first time, and comes next time later on."""
    with ImapServer({number: mail(number) for number in range(1, 6)}) as server:
        few = source(server, most=2)
        first = few.items(PlainFetch(), {})
        server.mails |= {number: mail(number) for number in range(6, 9)}
        second = few.items(PlainFetch(), first.known)
        third = few.items(PlainFetch(), second.known)
    assert titles(first) == ["Letter 4", "Letter 5"]
    assert first.notes == ("3 older mails were left out",)
    assert titles(second) == ["Letter 6", "Letter 7"]
    assert second.notes == ("1 mails come next time",)
    assert titles(third) == ["Letter 8"]


def test_an_empty_folder_offers_nothing() -> None:
    """And knows where to begin."""
    with ImapServer() as server:
        listing = source(server).items(PlainFetch(), {})
        server.mails[1] = mail(1)
        assert titles(source(server).items(PlainFetch(), listing.known)) == ["Letter 1"]
    assert listing.items == ()


@pytest.mark.parametrize("password", ["hush-wrong", "hush-wröng"])
def test_a_refused_login_is_told_without_the_password(password: str) -> None:
    """Although this server repeats it."""
    with ImapServer() as server, pytest.raises(SourceError, match="refuses the login") as caught:
        source(server, environment={"IMAP_PASSWORD": password}).items(PlainFetch(), {})
    assert "hush" not in str(caught.value)
    assert "AUTHENTICATIONFAILED" in caught.value.problem
    assert "IMAP_PASSWORD" in caught.value.remedy
    assert caught.value.subject == "dora on mail.example, INBOX"


def test_passwords_beyond_ascii_are_sent_in_utf8() -> None:
    """By another command, since LOGIN has no way for them."""
    with ImapServer({1: mail(1)}, password="hush-wört") as server:
        listing = source(server, environment={"IMAP_PASSWORD": "hush-wört"}).items(PlainFetch(), {})
    assert titles(listing) == ["Letter 1"]


def test_folders_have_any_name() -> None:
    """Quotes, blanks and letters as IMAP writes them."""
    folder = b'"Read \\"later\\" &- &ANw-bersee"'
    with ImapServer({1: mail(1)}, folder=folder) as server:
        listing = source(server, folder='Read "later" & Übersee').items(PlainFetch(), {})
    assert titles(listing) == ["Letter 1"]


def test_a_missing_folder_is_told() -> None:
    """By its name."""
    with ImapServer() as server, pytest.raises(SourceError, match="no folder 'News'") as caught:
        source(server, folder="News").items(PlainFetch(), {})
    assert "no such mailbox" in caught.value.problem


def test_a_missing_password_is_told() -> None:
    """Before anybody is asked."""
    with pytest.raises(SourceError, match="IMAP_PASSWORD"):
        ImapSource("mail.example", "dora", environment={}).items(PlainFetch(), {})


def test_a_lost_connection_keeps_what_was_read() -> None:
    """It is told, and the next call goes on from there."""
    with ImapServer({number: mail(number) for number in (1, 2, 3)}, breaks_at=2) as server:
        first = source(server).items(PlainFetch(), {})
        server.breaks_at = None
        second = source(server).items(PlainFetch(), first.known)
    assert titles(first) == ["Letter 1"]
    assert "connection was lost before mail 2" in first.notes[0]
    assert titles(second) == ["Letter 2", "Letter 3"]


def test_a_connection_lost_before_any_mail_is_an_error() -> None:
    """Nothing was read: that is no empty folder."""
    with ImapServer({1: mail(1)}, breaks_at=1) as server:
        with pytest.raises(SourceError, match="gives no mail"):
            source(server).items(PlainFetch(), {})
        with pytest.raises(SourceError, match="gives no mail"):
            source(server).items(PlainFetch(), {"uidvalidity": "7", "uidnext": "1"})


def test_large_and_broken_and_vanished_mails_are_told() -> None:
    """The others are read; none of them is asked for again."""
    mails = {1: b"", 2: mail(2), 3: mail(3), 4: b"Subject: x\r\n\r\n"}
    with ImapServer(mails, sizes={1: 10, 2: 31_000_000}) as server:
        listing = source(server).items(PlainFetch(), {})
    assert titles(listing) == ["Letter 3"]
    assert listing.notes == (
        "mail 1 is gone",
        "mail 2 is larger than 30 MB",
        "mail 4: the mail has no text",
    )
    assert listing.known["uidnext"] == "5"
    assert not any("FETCH 2 (UID BODY" in each for each in server.commands)


def test_a_mail_that_is_larger_than_it_was_said_to_be_is_not_taken() -> None:
    """The announcement of a gigabyte ends it."""
    with (
        ImapServer({1: mail(1)}, announces=1_000_000_000) as server,
        pytest.raises(SourceError, match="wants to send 1000000000 bytes"),
    ):
        source(server).items(PlainFetch(), {})


@pytest.mark.parametrize("floods", [b"x", b"* OK x\r\n"])
def test_a_server_that_talks_for_ever_is_left(floods: bytes) -> None:
    """However fast each byte comes: here a second passes with every look at the clock."""
    seconds = count()
    with (
        ImapServer(floods=floods) as server,
        pytest.raises((TimeoutError, imaplib.IMAP4.error), match=r"took too long|a line of more"),
    ):
        ImapSession(
            "mail.example",
            993,
            server.connect,
            limit_s=8,
            most_bytes=1000,
            clock=lambda: float(next(seconds)),
        )


def test_no_connection_is_told() -> None:
    """With the reason of the system."""
    with ImapServer() as server:
        nowhere = server.port
    away = ImapSource(
        "127.0.0.1", "dora", port=nowhere, connect=connect_tls, environment=SECRETS, limit_s=10
    )
    with pytest.raises(SourceError, match="no connection to the mail server") as caught:
        away.items(PlainFetch(), {})
    assert caught.value.remedy


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Return who signs certificates."""
    return trustme.CA()


def served_by(authority: trustme.CA, host: str) -> ssl.SSLContext:
    """Return what a server needs for TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


def test_mails_come_over_tls(authority: trustme.CA) -> None:
    """From a server whose certificate is trusted."""
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    with ImapServer({1: mail(1)}, context=served_by(authority, "127.0.0.1")) as server:
        listing = ImapSource(
            "127.0.0.1",
            "dora",
            port=server.port,
            connect=partial(connect_tls, context=trusting),
            environment=SECRETS,
        ).items(PlainFetch(), {})
    assert titles(listing) == ["Letter 1"]


def test_an_untrusted_server_gets_no_password(authority: trustme.CA) -> None:
    """It is refused before anything is said."""
    with ImapServer({1: mail(1)}, context=served_by(authority, "127.0.0.1")) as server:
        distrusting = ImapSource("127.0.0.1", "dora", port=server.port, environment=SECRETS)
        with pytest.raises(SourceError, match="CERTIFICATE_VERIFY_FAILED"):
            distrusting.items(PlainFetch(), {})
    assert server.commands == []
