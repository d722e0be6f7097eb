"""The fields and the text of one mail, whatever its program made of them (pure)."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.header import decode_header
from typing import TYPE_CHECKING, Final

from audiobrief.intake.charset import read_text
from audiobrief.intake.markup import text_of_html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

#: A newsletter has about 5.
_MOST_PARTS: Final = 500
#: A mail is a text; a book has 1 MB.
_MOST_BYTES: Final = 2_000_000


def field(message: Message, name: str) -> str | None:
    """Return a field as text, its encoded words decoded; ``None``: it is not there."""
    # From the raw fields: the parser of headers raises on a dozen things that mails have.
    for each, value in message.raw_items():
        if each.lower() == name.lower():
            return _decoded(str(value))
    return None


def leaves(message: Message) -> Iterator[Message]:
    """Yield the parts of a mail that have no parts, and the mails that it carries, in order."""
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        payload = part.get_payload()
        if isinstance(payload, list) and part.get_content_maintype() == "multipart":
            waiting += [each for each in reversed(payload) if not isinstance(each, str)]
        else:
            yield part


def find_text(message: Message) -> tuple[str, bool] | None:
    """Return the text of a mail and whether it is HTML; ``None``: it has none.

    HTML is what newsletters are made in; their plain text is often "Your program shows no HTML".
    Parts that a picture divides are one text.
    """
    found: dict[str, list[str]] = {"text/html": [], "text/plain": []}
    for part in leaves(message):
        texts = found.get(part.get_content_type())
        if texts is None or part.get_content_disposition() == "attachment":
            continue
        text = _text(part)
        if text.strip() and text not in texts:
            texts.append(text)
    html, plain = "\n".join(found["text/html"]), "\n\n".join(found["text/plain"])
    if html and (text_of_html(html) or not plain):
        return html, True
    return (plain, False) if plain else None


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    labels = [part.get_content_charset()]
    if part.get_content_type() == "text/html":
        declared = re.search(rb"""charset\s*=\s*["']?([\w.:-]{2,40})""", payload[:4096])
        labels.append(declared[1].decode("ascii", "replace") if declared else None)
    text = read_text(payload[:_MOST_BYTES], *labels).text.replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        text = _unfolded(text, str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _unfolded(text: str, delete_space: bool) -> str:
    """Join the lines that a program has broken: they end in a blank (RFC 3676)."""
    # The line "-- " divides the text from the signature.
    return re.sub(r"(?<!^--) \n(?!>|\n)", "" if delete_space else " ", text, flags=re.MULTILINE)


def _decoded(value: str) -> str:
    unfolded = re.sub(r"\r?\n[ \t]?", " ", value)
    try:
        pieces = decode_header(unfolded)
    except (HeaderParseError, ValueError):  # a word that is no base64
        pieces = [(unfolded, None)]
    return "".join(
        # What is no ASCII in a field stands there as surrogates.
        read_text(
            each.encode("utf-8", "surrogateescape") if isinstance(each, str) else each, name
        ).text
        for each, name in pieces
    ).strip()
