"""A second process for what only looks, while this one does something else."""

from __future__ import annotations

import marshal
import os
import sys
import threading
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import NoReturn

#: From so many folders on, a second process is worth its start.
WORTH_TWO: Final = 1000
_DIGEST_BYTES: Final = 32

_Told = TypeVar("_Told")


@contextmanager
def beside(work: Callable[[], _Told], *, is_worth: bool) -> Iterator[Callable[[], _Told]]:
    """Let a process beside this one work; yield what gives its result.

    Threads would not do: they take turns at what Python does with each file. Where no process can
    be forked safely, or it fails, this one does the work, when it is asked for it.

    Args:
        work: It changes nothing, and returns numbers, texts, bytes, and tuples and lists of them.
        is_worth: It takes longer than to start a process.
    """
    is_alone = sys.platform == "linux" and threading.active_count() == 1
    if not is_worth or not is_alone:
        yield work
        return
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        # Else nobody would tell it that nobody reads any more.
        os.close(reader)
        _tell(work, writer)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        try:
            yield lambda: _heard(told.read(), work)
        finally:
            told.close()
            os.waitpid(child, 0)


def _tell(work: Callable[[], Any], writer: int) -> NoReturn:
    """Write a result to whoever has forked this process, and end it without any of its ends."""
    try:
        content = marshal.dumps(work())
        with os.fdopen(writer, "wb") as told:
            told.write(sha256(content).digest() + content)
    finally:
        os._exit(0)


def _heard(told: bytes, work: Callable[[], _Told]) -> _Told:
    """Return what the other process has told; if not all of it came, do it here."""
    digest, content = told[:_DIGEST_BYTES], told[_DIGEST_BYTES:]
    if sha256(content).digest() != digest:
        return work()
    result: _Told = marshal.loads(content)  # noqa: S302 - our own process
    return result
