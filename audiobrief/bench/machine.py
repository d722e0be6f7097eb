"""On what the bench has run: a figure without its machine says nothing."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_PROGRAMS = {"ffmpeg": ("-version",), "espeak-ng": ("--version",)}


@dataclass(frozen=True, slots=True)
class Machine:
    """What the figures depend on."""

    cpu: str
    cores: int
    system: str
    python: str
    #: Name and version of the programs that are compared, as far as they are installed.
    programs: tuple[tuple[str, str], ...]
    #: ISO 8601, UTC.
    date: str
    #: Processes that wanted a core in the minute before; ``None``: this system does not tell.
    load: float | None

    def as_row(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self) | {"programs": dict(self.programs)}

    def __str__(self) -> str:
        """In a line."""
        versions = ", ".join(f"{name} {version}" for name, version in self.programs)
        parts = (
            self.cpu,
            f"{self.cores} core{'s' if self.cores > 1 else ''}",
            self.system,
            f"Python {self.python}",
            versions,
            "" if self.load is None else f"load before {self.load:.1f}",
            self.date,
        )
        return " · ".join(part for part in parts if part)


def this_machine() -> Machine:
    """Look where we are."""
    versions = ((name, _version_of(name, flags)) for name, flags in _PROGRAMS.items())
    return Machine(
        cpu=_cpu(),
        cores=_cores(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        programs=tuple((name, version) for name, version in versions if version),
        date=datetime.now(UTC).date().isoformat(),
        load=round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cpu() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8", errors="replace")
    except OSError:
        text = ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else platform.processor() or platform.machine()


def _version_of(name: str, flags: tuple[str, ...]) -> str | None:
    """Return the version of an installed program; ``None``: it is not there."""
    path = shutil.which(name)
    if path is None:
        return None
    done = subprocess.run([path, *flags], capture_output=True, check=False)  # noqa: S603 - no shell
    found = re.search(r"\d+\.\d+[\w.]*", done.stdout.decode(errors="replace"))
    return found[0] if found else "of unknown version"
