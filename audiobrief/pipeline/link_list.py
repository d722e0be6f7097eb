"""Addresses that are shared go into ``links.txt``, each article once."""

from __future__ import annotations

import codecs
import re
from contextlib import ExitStack, contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from audiobrief.errors import LockedError, SourceError, StoreError
from audiobrief.intake.address import canonical_url
from audiobrief.intake.exports import parse_export
from audiobrief.net.address import parse_url
from audiobrief.net.fault import Fault
from audiobrief.net.redact import redact
from audiobrief.pipeline.links import LINKS_NAME
from audiobrief.store.files import atomic_write, mapping_os_errors
from audiobrief.store.lock import locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from audiobrief.workspace.load import Workspace

#: What would end the address in a list, or be taken for the end of a sentence.
_BLANK = re.compile(r"[\s\"<>]")
_ENDING = re.compile(r"[.,;:!'*)\]]$")
#: Another process adds a line in some milliseconds.
_LOCK_S: Final = 5.0
_LOOK_S: Final = 0.02


def add_link(workspace: Workspace, url: str) -> bool:
    """Add an address to ``links.txt``, unless it names an article that is in it already.

    Args:
        workspace: Whose list it is; the file is made if it is missing.
        url: As somebody has sent it.

    Returns:
        Whether it was added; it is on the disk then.

    Raises:
        SourceError: It is no address that would be asked.
        LockedError: Another process writes the list, and does not end.
        StoreError: The list cannot be read or written.
    """
    wanted = _required(url.strip())
    path = workspace.root / LINKS_NAME
    with _alone(workspace.cache / "links.lock"):
        with mapping_os_errors("read", path):
            raw = path.read_bytes() if path.exists() else b""
        if wanted in _listed(raw):
            return False
        content = _appended(raw, _as_line(url.strip(), wanted))
        if wanted not in _listed(content):
            raise StoreError(
                "this file is no list of links that one more can be added to", str(path),
                remedy='give it another name, and add it to [[sources]] with kind = "list"',
            )  # fmt: skip
        atomic_write(path, content)
    return True


def refusal_of(url: str) -> SourceError | None:
    """Return why an address would never be asked; ``None``: it would."""
    try:
        _required(url.strip())
    except SourceError as error:
        return error
    return None


def _required(url: str) -> str:
    """Return the canonical form of an address that may be asked."""
    if any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in url):
        raise SourceError(
            "control characters are in the address", "the address", remedy="send it without them"
        )
    try:
        parse_url(url)
    except Fault as fault:
        raise SourceError(fault.problem, redact(url), remedy=fault.remedy) from fault
    return canonical_url(url)


def _as_line(url: str, wanted: str) -> str:
    """Return an address so that a list that holds it is read as it is meant."""
    line = _BLANK.sub(_encoded, url)
    if wanted in _listed(line.encode()):
        return line
    return _ENDING.sub(_encoded, line)


def _encoded(match: re.Match[str]) -> str:
    # Dots are unreserved, and left as they are by quote().
    return quote(match[0], safe="") if match[0] != "." else "%2E"


def _listed(raw: bytes) -> frozenset[str]:
    """Return the canonical addresses that a list holds; of what is none, nothing."""
    try:
        found = parse_export(raw, LINKS_NAME).items
    except SourceError:
        return frozenset()
    return frozenset(canonical_url(item.url) for item in found if item.url is not None)


def _appended(raw: bytes, line: str) -> bytes:
    """Return the file with a line more, in its own encoding and with its own line ends."""
    encoding = "utf-8"
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if raw.startswith(mark):
            encoding = name
    long_end, short_end = "\r\n".encode(encoding), "\n".encode(encoding)
    end = long_end if long_end in raw else short_end
    before = end if raw and not raw.endswith(short_end) else b""
    return raw + before + line.encode(encoding) + end


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock, and wait a little for it."""
    until_s = monotonic() + _LOCK_S
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locked(path, held=f"another program writes {LINKS_NAME}"))
                break
            except LockedError:
                if monotonic() > until_s:
                    raise
            sleep(_LOOK_S)
        yield
