"""Ways to compress a text: gzip, and those that a library is there for."""

from __future__ import annotations

import gzip
import sys
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Each text is compressed once and kept, so more is done than a server does that packs each answer.
_GZIP_LEVEL: Final = 6
_BROTLI_QUALITY: Final = 7
_ZSTD_LEVEL: Final = 12


@cache
def codings() -> Mapping[str, Callable[[bytes], bytes]]:
    """Return what compresses, by the name of the content coding; the preferred one first."""
    found: dict[str, Callable[[bytes], bytes]] = {}
    if find_spec("brotli") is not None:
        found["br"] = _by_brotli
    if sys.version_info >= (3, 14):
        found["zstd"] = _by_zstd
    # Without a time in it, the same content always gives the same bytes.
    return found | {"gzip": lambda content: gzip.compress(content, _GZIP_LEVEL, mtime=0)}


def _by_brotli(content: bytes) -> bytes:
    import brotli  # noqa: PLC0415 - an extra

    packed: bytes = brotli.compress(content, quality=_BROTLI_QUALITY)
    return packed


def _by_zstd(content: bytes) -> bytes:
    from compression import zstd  # noqa: PLC0415 - since 3.14; a wheel for older ones has 24 MB

    packed: bytes = zstd.compress(content, level=_ZSTD_LEVEL)
    return packed
