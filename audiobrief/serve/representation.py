"""What is sent of a file: its bytes or a compressed form, each with a strong tag of its own."""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from audiobrief.errors import StoreError
from audiobrief.serve.codings import codings
from audiobrief.serve.negotiate import choose_coding
from audiobrief.serve.readdress import KINDS

if TYPE_CHECKING:
    from audiobrief.serve.readdress import Edition
    from audiobrief.serve.shelf import Opened, Stamp

#: A larger text is sent as it is: to hold and compress it would take too much at once.
_MOST_TEXT_BYTES: Final = 16_000_000
#: All texts that are held, plain and compressed. A megabyte saves about 120 to 290 ms of computing
#: whenever it is asked for anew (brotli; plain ones next to nothing): 16 MB hold each form of a few
#: hundred pages and the feeds, as large as they get, of 90 listeners.
_MOST_HELD_BYTES: Final = 16_000_000
#: Beside a text: path, tag, place (770 bytes by tracemalloc, and what malloc adds). Each listener
#: has small ones, as chapters, of every episode.
_ENTRY_BYTES: Final = 1000
#: Digests that are kept of files that no manifest names.
_MOST_DIGESTS: Final = 2000
_LEAST_CODED_BYTES: Final = 500
_PIECE_BYTES: Final = 1_000_000
#: Texts that are prepared at once, each in some copies. With two, a large one stops nobody else's.
_MAKERS: Final = 2


@dataclass(frozen=True, slots=True)
class Representation:
    """Something that can be sent."""

    #: Strong, with its quotes.
    etag: str
    size: int
    #: ``None``: it is read from the file.
    body: bytes | None = None
    #: Its content coding; empty: none.
    coding: str = ""


#: The path of a file (as text: a fifth of what `Path` takes), whose edition of it (empty:
#: everybody's), and its coding.
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Text:
    stamp: Stamp
    form: Representation

    @property
    def held_bytes(self) -> int:
        return self.form.size + _ENTRY_BYTES


class Representations:
    """Makes and keeps them; used in one event loop."""

    def __init__(self) -> None:
        self._texts: OrderedDict[_Key, _Text] = OrderedDict()
        #: All that is held of a file, by its path; most have one.
        self._forms: dict[str, tuple[_Key, ...]] = {}
        self._digests: OrderedDict[str, tuple[Stamp, str]] = OrderedDict()
        self._makers = ThreadPoolExecutor(_MAKERS, thread_name_prefix="texts")
        self._locks: WeakValueDictionary[_Key, asyncio.Lock] = WeakValueDictionary()
        self._held_bytes = 0

    @property
    def held_bytes(self) -> int:
        """About so much memory is taken by all texts that are held."""
        return self._held_bytes

    async def of(
        self, file: Opened, accept_encoding: str | None, edition: Edition | None = None
    ) -> Representation:
        """Return what to send of an open file to whoever accepts these encodings.

        Args:
            file: To be sent.
            accept_encoding: The header.
            edition: Whose addresses are told; ``None``: everybody's.

        Raises:
            StoreError: There is no edition of it, since it is damaged.
        """
        if file.kind.is_text and file.size <= _MOST_TEXT_BYTES:
            has_own = edition is not None and file.kind.name in KINDS
            token = edition.token if edition is not None and has_own else ""
            # Of a short text, heads are longer than what is saved.
            is_short = file.size < _LEAST_CODED_BYTES
            coding = "" if is_short else choose_coding(accept_encoding, codings())
            key = (os.fspath(file.path), token, coding)
            text = self._known_text(file, key)
            if text is None:
                async with self._lock(key):
                    text = self._known_text(file, key) or await self._prepare(
                        file, key, edition if has_own else None
                    )
            return text.form
        digest = file.sha256 or self._known_digest(file)
        if not digest:
            async with self._lock((os.fspath(file.path), "", "")):
                digest = self._known_digest(file) or await self._digest(file)
        return Representation(f'"{digest}"', file.size)

    def _lock(self, key: _Key) -> asyncio.Lock:
        """Return the lock of a file: what many ask for at once is made once."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    def _known_text(self, file: Opened, key: _Key) -> _Text | None:
        text = self._texts.get(key)
        if text is None or text.stamp != file.stamp:
            return None
        self._texts.move_to_end(key)
        return text

    async def _prepare(self, file: Opened, key: _Key, edition: Edition | None) -> _Text:
        loop = asyncio.get_running_loop()
        text = await loop.run_in_executor(self._makers, _text_of, file, edition, key[2])
        # Nobody asks again for what was made of the file as it was before.
        for other in self._forms.get(key[0], ()):
            if other == key or self._texts[other].stamp != file.stamp:
                self._drop(other)
        self._texts[key] = text
        self._forms[key[0]] = (*self._forms.get(key[0], ()), key)
        self._held_bytes += text.held_bytes
        while self._held_bytes > _MOST_HELD_BYTES:
            self._drop(next(iter(self._texts)))
        return text

    def _drop(self, key: _Key) -> None:
        self._held_bytes -= self._texts.pop(key).held_bytes
        others = tuple(other for other in self._forms.pop(key[0]) if other != key)
        if others:
            self._forms[key[0]] = others

    def _known_digest(self, file: Opened) -> str:
        stamp, digest = self._digests.get(os.fspath(file.path), (None, ""))
        return digest if stamp == file.stamp else ""

    async def _digest(self, file: Opened) -> str:
        digest = await asyncio.to_thread(_digest_of, file)
        self._digests.pop(os.fspath(file.path), None)
        self._digests[os.fspath(file.path)] = file.stamp, digest
        while len(self._digests) > _MOST_DIGESTS:
            self._digests.popitem(last=False)
        return digest


def _text_of(file: Opened, edition: Edition | None, coding: str) -> _Text:
    file.stream.seek(0)
    content = file.stream.read(file.size)
    if edition is not None:
        try:
            content = edition.render(content, file.kind.name)
        except ValueError as error:
            raise StoreError(
                f"there are no addresses of listeners in this: {error}", str(file.path),
                remedy='run "audiobrief build" to mend it',
            ) from error  # fmt: skip
    if coding:
        content = codings()[coding](content)
    digest = sha256(content).hexdigest()
    return _Text(file.stamp, Representation(f'"{digest}"', len(content), content, coding))


def _digest_of(file: Opened) -> str:
    file.stream.seek(0)
    digest = sha256()
    while piece := file.stream.read(_PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()
