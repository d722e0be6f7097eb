"""How the system's allocator treats the memory that mastering uses again and again."""

from __future__ import annotations

import ctypes
import platform

# <malloc.h> of the GNU C library; mallopt(3).
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
#: Arrays up to so many bytes come from the heap: those of a clip of two minutes, and the most
#: that `mallopt` takes.
_LARGEST_BYTES = 32 << 20
#: So much that was freed stays for the next array.
_KEPT_BYTES = 64 << 20


def keep_freed_memory() -> None:
    """Let freed memory stay with the process, where its C library is GNU's.

    Else it gives the memory of a clip back to the system after each step and asks for it anew for
    the next one, filled with zeros page by page: a tenth of the CPU of an assembly. A setting of
    the whole process; calling it again changes nothing.
    """
    library = _gnu_library()
    if library is not None:
        library.mallopt(_M_MMAP_THRESHOLD, _LARGEST_BYTES)
        library.mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)


def give_back_memory() -> None:
    """Give freed memory back to the system, of all threads: what comes next needs other memory."""
    library = _gnu_library()
    if library is not None:
        library.malloc_trim(0)


def _gnu_library() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
