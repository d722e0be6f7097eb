"""The program that has flite in it: found, described, and how it is called."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.errors import EngineUnavailableError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Words a minute at which each voice reads news by itself (measured on 35 sentences); the program
#: takes a rate only relative to it.
NATURAL_WPM = {"awb": 172, "kal": 164, "kal16": 164, "rms": 153, "slt": 174}

#: Files in the folder in which it runs.
TEXT_NAME, SOUND_NAME = "text.txt", "clip.wav"

#: How the name of such a folder begins; then comes the id of the process that owns it.
_FOLDER_PREFIX = "audiobrief-flite-"


@dataclass(frozen=True, slots=True)
class FliteProgram:
    """What runs flite."""

    path: Path
    #: Whether it is ffmpeg, with flite inside.
    is_ffmpeg: bool

    def command(self, engine_voice: str, rate_wpm: int) -> list[str]:
        """Return the command that speaks the text in the current folder.

        The program stretches every sound; ffmpeg changes the tempo of the finished speech.

        >>> FliteProgram(Path("flite"), is_ffmpeg=False).command("rms", 306)[3:5]
        ['--setf', 'duration_stretch=0.500']
        """
        tempo = rate_wpm / NATURAL_WPM[engine_voice]
        if not self.is_ffmpeg:
            stretch = f"duration_stretch={1 / tempo:.3f}"
            own = ["-voice", engine_voice, "--setf", stretch, "-f", TEXT_NAME, "-o", SOUND_NAME]
            return [str(self.path), *own]
        # From 2 on atempo leaves samples out, below 0.5 it refuses: two in a row do neither.
        steps = [tempo] if 0.5 <= tempo <= 2.0 else [sqrt(tempo)] * 2
        source = f"flite=textfile={TEXT_NAME}:voice={engine_voice}"
        filters = ",".join(f"atempo={step:.4f}" for step in steps)
        quiet = ["-hide_banner", "-nostdin", "-loglevel", "error"]
        plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-c:a", "pcm_s16le", "-ac", "1"]
        sound = ["-f", "lavfi", "-i", source, "-af", filters, *plain, "-y", SOUND_NAME]
        return [str(self.path), *quiet, *sound]

    def require_flite(self) -> None:
        """Make sure that it is flite, or an ffmpeg that has it.

        An ffmpeg is asked once a process, and again when it was updated.

        Raises:
            EngineUnavailableError: It cannot be started, or is an ffmpeg without flite.
        """
        if not self.is_ffmpeg:
            return
        try:
            facts = self.path.stat()
        except OSError as error:
            raise unavailable("ffmpeg cannot be read", str(self.path)) from error
        if not _has_flite(self.path, facts.st_size, facts.st_mtime_ns):
            raise unavailable("this ffmpeg is built without flite", str(self.path))

    def version(self) -> str:
        """Ask it what it is.

        Raises:
            EngineUnavailableError: It cannot be started, or is an ffmpeg without flite.
        """
        self.require_flite()
        flag = "-version" if self.is_ffmpeg else "--version"
        lines = [line.strip() for line in _told([str(self.path), flag]).splitlines()]
        named = (line for line in lines if line.startswith(("ffmpeg version", "version:")))
        return next(named, "unknown")


def find_program(path: str | None = None) -> FliteProgram:
    """Find flite on the PATH, else ffmpeg; starts nothing.

    Raises:
        EngineUnavailableError: Neither is there.
    """
    for name in ("flite", "ffmpeg"):
        found = shutil.which(name, path=path)
        if found is not None:
            return FliteProgram(Path(found).resolve(), is_ffmpeg=name == "ffmpeg")
    raise unavailable("neither flite nor ffmpeg is installed", "flite")


@lru_cache(maxsize=8)
def _has_flite(ffmpeg: Path, _size_bytes: int, _time_ns: int) -> bool:
    return "Unknown filter" not in _told([str(ffmpeg), "-hide_banner", "-h", "filter=flite"])


def private_folder() -> tempfile.TemporaryDirectory[str]:
    """Make a folder for one text; its name tells whose it is."""
    return tempfile.TemporaryDirectory(
        prefix=f"{_FOLDER_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True
    )


def sweep_folders() -> None:
    """Remove the folders of processes that were killed before they could.

    Should one be taken from a process in another container, which has ids of its own, that text
    is spoken once more. Windows has no such question without ending the process: nothing is done.
    """
    if sys.platform == "win32":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER_PREFIX}*"):
        owner = re.match(r"[0-9]{1,9}(?=-)", folder.name.removeprefix(_FOLDER_PREFIX))
        if owner is not None and not _is_alive(int(owner[0])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # It is somebody else's.
        return True
    return True


def _told(command: Sequence[str]) -> str:
    """Return what a program says of itself.

    Raises:
        EngineUnavailableError: It cannot be started.
    """
    try:
        done = subprocess.run(  # noqa: S603 - a found program, no shell
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise unavailable(f"the program for flite does not run: {error}", command[0]) from error
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def unavailable(problem: str, subject: str) -> EngineUnavailableError:
    """Make the error for a machine without flite."""
    remedy = "apt-get install flite, or on macOS: brew install flite"
    return EngineUnavailableError(problem, subject, remedy=remedy)
