"""What was shared, read out of a request's body: JSON, a form, or plain text (pure)."""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from audiobrief.model.intake import ContentKind
from audiobrief.serve.shared import SharedLink, SharedText

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIELDS: Final = ("url", "title", "text", "html")
#: A form has four fields; share menus add some of their own.
_MOST_FIELDS: Final = 50
_MOST_HEAD_BYTES: Final = 4096
#: Others have no place in a form; some of Python's take very long.
_CHARSETS: Final = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    # What is labelled Latin-1 is read by browsers as Windows-1252, which has all of its letters.
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252", "cp1252"), "cp1252"),
    "utf-16": "utf-16",
}
#: What is shorter in both is no article, but what stands beside an address.
_FEWEST_WORDS: Final = 20
_FEWEST_LETTERS: Final = 200
_TRAILING: Final = ".,;:!?'\"\u201d)]>"
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_PARAMETER = re.compile(r';[ \t]*([\w-]+)[ \t]*=[ \t]*(?:"([^"]*)"|([^\s;"]+))')
_FIELD_NAME = re.compile(
    rb'content-disposition[ \t]*:[^\r\n]*?[; \t]name="([^"\r\n]*)"', re.IGNORECASE
)


class SharingError(Exception):
    """A body of which nothing can be taken.

    Args:
        problem: What is wrong with it.
        fix: How it is written.
        status: HTTP's number.
    """

    def __init__(self, problem: str, fix: str, status: int = 400) -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix
        self.status = status


def parse_sharing(content_type: str, body: bytes) -> SharedLink | SharedText:
    r"""Return what a body shares.

    Args:
        content_type: As its header says; empty: plain text.
        body: At most some megabytes.

    Raises:
        SharingError: Neither an address nor a text is in it.

    >>> parse_sharing("application/json", b'{"url": "https://news.example/1"}')
    SharedLink(url='https://news.example/1')
    >>> parse_sharing("text/plain", b"https://news.example/1\n")
    SharedLink(url='https://news.example/1')
    """
    kind = content_type.partition(";")[0].strip().lower() or "text/plain"
    parameters = {m[1].lower(): m[2] or m[3] or "" for m in _PARAMETER.finditer(content_type)}
    if kind == "multipart/form-data":
        return _shared(_parts(body, parameters.get("boundary", "")))
    text = _decoded(body, parameters.get("charset") or "utf-8")
    if kind == "application/x-www-form-urlencoded":
        return _shared(_form(text))
    if kind == "application/json" or kind.endswith("+json"):
        return _shared(_json(text))
    if kind in {"text/plain", "text/html"}:
        return _shared({"html" if kind == "text/html" else "text": text})
    raise SharingError(
        f"{kind} is not taken", "send JSON, a form, or plain text", status=415
    )  # fmt: skip


def _shared(fields: Mapping[str, str]) -> SharedLink | SharedText:
    """Return what the fields say: with a text it is an article, without one a link."""
    url, title = (fields.get(name, "").strip() for name in ("url", "title"))
    # A form keeps CR LF, JSON does not.
    text = fields.get("text", "").replace("\r\n", "\n")
    html = fields.get("html", "")
    link = "" if html.strip() else _link_in(text, url)
    if link:
        return SharedLink(link)
    if html.strip():
        return SharedText(html, ContentKind.HTML, title, url)
    if text.strip():
        return SharedText(text, ContentKind.TEXT, title, url)
    raise SharingError(
        "there is neither an address nor a text", 'send {"url": "https://..."} or {"text": "..."}'
    )


def _link_in(text: str, url: str) -> str:
    """Return the address that is meant; empty: the text is an article.

    Share menus put a headline, the address, or both into the field for text.
    """
    words = [word for word in text.split() if not _LINK.fullmatch(word)]
    if len(words) >= _FEWEST_WORDS or sum(map(len, words)) >= _FEWEST_LETTERS:
        return ""
    links = {match.rstrip(_TRAILING) for match in _LINK.findall(text)}
    return url or (links.pop() if len(links) == 1 else "")


def _json(text: str) -> dict[str, str]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SharingError("it is no JSON", 'send {"url": "https://..."}') from error
    if not isinstance(document, dict):
        raise SharingError("it is no JSON object", 'send {"url": "https://..."}')
    found = {name: document[name] for name in _FIELDS if document.get(name) is not None}
    for name, value in found.items():
        if not isinstance(value, str):
            raise SharingError(f'"{name}" is no text', f'write "{name}" as a string')
    return found


def _form(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise SharingError("the form has too many fields", "send url, title and text") from error
    return {name: value for name, value in pairs if name in _FIELDS}


def _parts(body: bytes, boundary: str) -> dict[str, str]:
    """Return the fields of a multipart form (RFC 7578); files in it are left alone."""
    if not 0 < len(boundary) <= 70:
        raise SharingError("the form names no boundary", "send JSON: it is simpler")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1", "replace"), _MOST_FIELDS)
    found: dict[str, str] = {}
    for piece in pieces[1:]:
        head, blank, value = piece.partition(b"\r\n\r\n")
        match = _FIELD_NAME.search(head[:_MOST_HEAD_BYTES])
        name = match[1].decode("latin-1") if match is not None else ""
        if blank and name in _FIELDS:
            found[name] = _decoded(value, "utf-8")
    return found


def _decoded(body: bytes, charset: str) -> str:
    try:
        name = _CHARSETS[charset.lower()]
        return body.removeprefix(codecs.BOM_UTF8).decode(name)
    except (LookupError, ValueError) as error:
        raise SharingError(f"it is not written in {charset[:40]}", "send it as UTF-8") from error
