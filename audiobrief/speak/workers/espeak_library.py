"""What the workers on espeak-ng ask of the C library itself (standard library only)."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any


def is_in_effect(current: str, voice: str) -> bool:
    """Tell whether base voice and variant are what was asked for.

    espeak-ng says nothing of an unknown variant, and takes a variant alone for a voice, which
    then speaks no language.

    Args:
        current: Identifier of the voice that espeak-ng has now.
        voice: What it was given, with ``+variant`` or without.

    >>> [is_in_effect("gmw/en-US+f2", v) for v in ("en-us+f2", "en-us", "en-us+f22", "en-us+")]
    [True, True, False, False]
    """
    _, plus, variant = voice.partition("+")
    has_variant = bool(variant) and current.endswith(f"+{variant}")
    return not current.startswith("!v") and (has_variant or not plus)


class _Symbol(ctypes.Structure):
    """``Dl_info`` of dlfcn.h."""

    _fields_ = (
        ("file", ctypes.c_char_p),
        ("base", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("address", ctypes.c_void_p),
    )


def path_of(function: Any) -> str:
    """Return the file from which a C function was loaded, as the dynamic linker has it."""
    if sys.platform == "win32":
        return "unknown"
    symbol = _Symbol()
    address = ctypes.cast(function, ctypes.c_void_p)
    if not ctypes.CDLL(None).dladdr(address, ctypes.byref(symbol)):
        return "unknown"
    return os.fsdecode(symbol.file)
