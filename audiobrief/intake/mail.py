"""Newsletters to items: single mails and mailboxes (pure)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.utils import parseaddr
from typing import TYPE_CHECKING, Final

from audiobrief.errors import SourceError
from audiobrief.intake.address import web_address
from audiobrief.intake.item import byline_of, content_of, key_of, language_of
from audiobrief.intake.mail_part import field, find_text, leaves
from audiobrief.intake.markup import line_of, parse_html
from audiobrief.intake.moment import parse_moment
from audiobrief.model.intake import Item

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

#: Of one mail. Newsletters have 0.1 MB; what is larger has attachments, which are no text.
MAX_MAIL_BYTES: Final = 30_000_000
MAX_MAILS: Final = 2000
#: The time that the parser takes is lines times levels.
_MOST_BOUNDARIES: Final = 200
#: Mails that are attached to mails that are attached to mails.
_MOST_NESTED: Final = 5

#: Mail programs put that before the subject of what they pass on; nothing else begins so.
_FORWARDED = re.compile(r"(?:fwd?\s*:\s*)+", re.IGNORECASE)
_BRACKETED = re.compile(r"\[([^\[\]]{1,80})\]\s*(?=\S)")
_ANGLE = re.compile(r"<\s*(https?://[^>\s]+)\s*>", re.IGNORECASE)
#: What newsletters call the link to their own page. Other links in them lead to anything.
_IN_BROWSER = re.compile(
    r"\b(?:in|im|on|dans|nel|no|el|your|votre|ton|tu|seu|je|de)\s+(?:web\s?)?"
    r"(?:browser|navigateur|navegador)\b"
    r"|\b(?:view|read|open|see)\s+(?:(?:this|the|it|e-?mail|newsletter|message|issue)\s+)*"
    r"(?:online|on the web|as a web ?page)\b"
    r"|^(?:web|online|browser) ?(?:version|ansicht|ansehen)$|^version en ligne$",
    re.IGNORECASE,
)
#: Fields of what goes to many; "Precedence" is that of older programs.
_SENT_TO_MANY: Final = ("List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID", "Precedence")
_MOST_LINK_TEXT: Final = 80
_ENVELOPE = re.compile(rb"^From \S[^\r\n]*\d{4}[^\r\n]*\r?\n", re.MULTILINE)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_FIELD = re.compile(rb"^[!-9;-~]{1,80}:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mails:
    """What mails hold."""

    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()


def is_mail(raw: bytes) -> bool:
    r"""Tell whether a file is a mail or a mailbox: it begins with fields that mails have.

    >>> is_mail(b"From: a@example.org\nSubject: x\n\ny"), is_mail(b"Note: to read\n\ny")
    (True, False)
    """
    if raw.startswith(b"From "):
        return _ENVELOPE.match(raw) is not None
    head = re.split(rb"\r?\n\r?\n", raw[:50_000], maxsplit=1)[0].lower()
    names = {match[0][:-1] for match in _FIELD.finditer(head)}
    return (
        _FIELD.match(head) is not None
        and b"from" in names
        and bool(names & {b"date", b"subject", b"message-id", b"received"})
    )


def parse_mails(raw: bytes, where: str) -> Mails:
    """Return the newsletters in a mail (``.eml``) or a mailbox (``mbox``).

    A mail that carries other mails as attachments, as forwarding programs make it, is those.

    Args:
        raw: The whole file; the caller has limited its size.
        where: Its name, for errors.

    Raises:
        SourceError: It is no mail, or none of its mails has a text.
    """
    if not is_mail(raw):
        raise SourceError(
            "this is no mail", where, remedy="save the mail as .eml, or the folder as mbox"
        )
    items: dict[str, Item] = {}
    notes: list[str] = []
    read = 0
    for number, each in enumerate(_messages(raw), start=1):
        if number > MAX_MAILS:
            notes.append(f"mails beyond the first {MAX_MAILS} were left out")
            break
        read = number
        try:
            found = parse_mail(
                each, f"{where}, mail {number}" if raw.startswith(b"From ") else where
            )
        except SourceError as error:
            notes.append(f"mail {number}: {error.problem}")
        else:
            items |= {item.key: item for item in found.items if item.key not in items}
            notes += [f"mail {number}: {note}" for note in found.notes]
    if not items:
        reason = notes[0] if read == 1 and notes else f"none of its {read} mails has a text"
        raise SourceError(reason.removeprefix("mail 1: "), where, remedy="give a mail with a text")
    return Mails(tuple(items.values()), tuple(notes))


def parse_mail(raw: bytes, where: str) -> Mails:
    """Return the newsletter that one mail is, or those that it carries.

    Raises:
        SourceError: It is larger than ``MAX_MAIL_BYTES``, broken, or has no text.
    """
    if len(raw) > MAX_MAIL_BYTES:
        raise SourceError(
            f"the mail is larger than {MAX_MAIL_BYTES // 1_000_000} MB",
            where,
            remedy="save it without its attachments",
        )
    if raw.count(b"boundary=") > _MOST_BOUNDARIES:
        raise SourceError("the mail has too many parts", where, remedy="leave it out")
    try:
        # The older policy: it takes fields as they are, where the newer one raises on a dozen
        # things that mails have.
        items = list(_items(message_from_bytes(raw, policy=policy.compat32)))
    except (MessageError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise SourceError(
            f"the mail is broken ({type(error).__name__})",
            where,
            remedy="save it again from your mail program",
        ) from error
    if not items:
        raise SourceError("the mail has no text", where, remedy="give a mail with a text")
    return Mails(tuple(items))


def _messages(raw: bytes) -> Iterator[bytes]:
    """Yield the mails of a mailbox, or the one that it is."""
    if not raw.startswith(b"From "):
        yield raw
        return
    starts = [
        match
        for match in _ENVELOPE.finditer(raw)
        # Texts have lines that begin with "From ", too; an envelope follows an empty line, and
        # fields follow it.
        if match.start() == 0
        or (
            raw.endswith((b"\n\n", b"\r\n\r\n"), 0, match.start())
            and _FIELD.match(raw, match.end())
        )
    ]
    ends = [match.start() for match in starts[1:]] + [len(raw)]
    for match, end in zip(starts, ends, strict=True):
        yield _QUOTED_FROM.sub(rb"\1", raw[match.end() : end])


def _items(message: Message, depth: int = 0) -> Iterator[Item]:
    carried = [
        inner
        for part in leaves(message)
        if part.get_content_type() == "message/rfc822" and depth < _MOST_NESTED
        for inner in part.get_payload()
        if not isinstance(inner, str)
    ]
    made = [item for inner in carried for item in _items(inner, depth + 1)]
    item = None if made else _item(message)
    yield from made if item is None else [item]


def _item(message: Message) -> Item | None:
    found = find_text(message)
    if found is None:
        return None
    text, is_html = found
    url = _page(message, text if is_html else "")
    content = content_of(text, base=url, is_content=True, has_address=False, is_html=is_html)
    if content is None:
        return None
    subject = field(message, "Subject")
    name, mailbox = parseaddr(field(message, "From") or "")
    sender = line_of(name) or line_of(mailbox.rpartition("@")[2])
    is_list = any(field(message, each) for each in _SENT_TO_MANY)
    return Item(
        key=key_of((field(message, "Message-ID") or "").strip("<> "), None, subject, content.text),
        url=url,
        title=_title(message, subject),
        published=parse_moment(field(message, "Date")),
        # A list is an outlet, whoever signs for it; others write for themselves.
        byline=None if is_list else byline_of([name]),
        outlet=sender if is_list or not name else None,
        language=language_of(field(message, "Content-Language")),
        content=content,
    )


def _title(message: Message, subject: str | None) -> str | None:
    """Return the subject without what programs on the way have put before it."""
    line = line_of(subject)
    if line is None:
        return None
    line = _FORWARDED.sub("", line, count=1) if _FORWARDED.match(line) else line
    bracketed = _BRACKETED.match(line)
    # Only the name of the list that it came by; other brackets are the author's.
    if bracketed and bracketed[1].casefold() in _names_of_list(message):
        line = line[bracketed.end() :]
    return line or None


def _names_of_list(message: Message) -> set[str]:
    # RFC 2919: 'Harbor Weekly <harbor.lists.example.org>'.
    phrase, _, identifier = (field(message, "List-Id") or "").rpartition("<")
    post = re.search(r"mailto:([^@>\s]+)@", field(message, "List-Post") or "")
    names = {phrase.strip(' "'), identifier.partition(".")[0], post[1] if post else ""}
    return {name.casefold() for name in names if name}


def _page(message: Message, markup: str) -> str | None:
    """Return the address of the mail's own page; ``None``: none is certain."""
    archived = _ANGLE.search(field(message, "Archived-At") or "")  # RFC 5064: of this one mail
    if archived:
        return web_address(archived[1])
    return (_linked_page(markup) if markup else None) or _archive(message)


def _linked_page(markup: str) -> str | None:
    body = parse_html(markup)
    for link in body.iter("a") if body is not None else ():
        text = line_of("".join(link.itertext())) or ""
        if len(text) <= _MOST_LINK_TEXT and _IN_BROWSER.search(text):
            url = web_address(link.get("href"))
            if url is not None:
                return url
    return None


def _archive(message: Message) -> str | None:
    """Return what a list's fields say of this mail's page.

    RFC 2369 means the whole archive by List-Archive: the same for all mails, which would then
    pass for one article. Senders of newsletters put the page of one mail there, with a query; their
    lists take no mail, so that List-Post is no address of mail.
    """
    post = field(message, "List-Post") or ""
    if "mailto:" in post.lower():
        return None
    for written in (post, field(message, "List-Archive") or ""):
        found = _ANGLE.search(written)
        if found and (written == post or "?" in found[1]):
            return web_address(found[1])
    return None
