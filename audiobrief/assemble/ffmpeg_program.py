"""AAC and Opus by a program ``ffmpeg`` on the PATH: PCM goes in by a pipe, a file comes out."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from audiobrief.errors import AudioError
from audiobrief.text.printable import printable_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiobrief.assemble.lossy import Codec, Lossy

#: It takes a block of 3 s within 20 ms: by then it hangs.
STALL_S = 60.0
#: After the last block it moves the index to the front: once through the file.
FINISH_S = 300.0
_WATCH_S = 0.05


def program_name(codec: Codec) -> str | None:
    """Return what will encode, with its version; ``None``: no ffmpeg, or one without the encoder.

    It is asked once a process, and again when it was updated.
    """
    path = _found()
    if path is None:
        return None
    try:
        facts = path.stat()
        version, encoders = _described(path, facts.st_size, facts.st_mtime_ns)
    except (OSError, subprocess.SubprocessError):
        return None
    return f"ffmpeg {version}" if codec.encoder in encoders else None


def _found() -> Path | None:
    found = shutil.which("ffmpeg")
    return None if found is None else Path(found).resolve()


@lru_cache(maxsize=8)
def _described(path: Path, _size_bytes: int, _time_ns: int) -> tuple[str, frozenset[str]]:
    """Return version and audio encoders of an ffmpeg."""
    version = re.search(r"^ffmpeg version (\S+)", _told(path, "-version"), re.MULTILINE)
    # " A....D aac     AAC (Advanced Audio Coding)"; X at the fourth place: experimental.
    encoders = re.findall(r"^ A..[^X]\S* (\S+)", _told(path, "-encoders"), re.MULTILINE)
    return version[1] if version else "of unknown version", frozenset(encoders)


def _told(path: Path, flag: str) -> str:
    command = [str(path), "-hide_banner", flag]
    done = subprocess.run(  # noqa: S603 - a found program, no shell
        command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False
    )
    return done.stdout.decode("utf-8", "replace")


def encode_by_program(job: Lossy) -> None:
    """Write one file; the program is ended, whatever happens.

    Raises:
        AudioError: It failed, or took too long; its own last line is told.
        OSError: It cannot be started, or the files beside the target cannot be written.
    """
    chapters = job.target.with_name(f"{job.target.name}.chapters")
    with tempfile.TemporaryFile() as complaints:
        try:
            if job.chapters:
                chapters.write_text(_chapter_file(job), encoding="utf-8")
            process = _start(_command(job, chapters), complaints)
            try:
                _feed(process, job)
            finally:
                _end(process)
        except (BrokenPipeError, subprocess.TimeoutExpired) as error:
            raise _failed(process, complaints, stalled=not isinstance(error, OSError)) from error
        finally:
            chapters.unlink(missing_ok=True)
        if process.returncode != 0:
            raise _failed(process, complaints, stalled=False)


def _command(job: Lossy, chapters: Path) -> list[str]:
    """Return the command; nothing that it writes depends on the moment."""
    codec = job.codec
    pcm = ["-f", "f32le", "-ar", str(job.sample_rate_hz), "-ac", str(job.channels), "-i", "pipe:0"]
    told = ["-f", "ffmetadata", "-i", f"file:{chapters}"] if job.chapters else []
    # Without ":g" the titles of the chapters go, too.
    plain = ["-map", "0:a", "-map_metadata:g", "-1"]
    plain += ["-map_chapters", "1" if job.chapters else "-1"]
    own = ["-metadata:s:a:0", f"language={job.language}"]
    exact = ["-fflags", "+bitexact", "-flags:a", "+bitexact"]
    sound = ["-c:a", codec.encoder, "-b:a", str(job.bitrate_bps)]
    options = {**codec.options, **codec.muxing}
    more = [part for key, value in options.items() for part in (f"-{key}", value)]
    target = ["-f", codec.container, "-y", f"file:{job.target}"]
    quiet = ["-hide_banner", "-loglevel", "error"]
    program = str(_found() or "ffmpeg")
    return [program, *quiet, *pcm, *told, *plain, *own, *exact, *sound, *more, *target]


def _chapter_file(job: Lossy) -> str:
    """Return the chapters as ffmpeg reads them."""
    lines = [";FFMETADATA1"]
    for chapter, end_ms in zip(job.chapters, job.chapter_ends_ms, strict=True):
        # ffmpeg 5.1 takes even an escaped backslash at the end as one before the next line.
        plain = printable_line(chapter.title).rstrip("\\")
        title = re.sub(r"([=;#\\])", r"\\\1", plain)
        times = f"TIMEBASE=1/1000\nSTART={chapter.start_ms}\nEND={end_ms}"
        lines.append(f"[CHAPTER]\n{times}\ntitle={title}")
    return "\n".join(lines) + "\n"


def _start(command: list[str], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - a found program, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=complaints,
        **_own_group(),
    )


def _own_group() -> dict[str, Any]:
    """Keep a Ctrl-C in the terminal from it: who stops it is its parent."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}


def _feed(process: subprocess.Popen[bytes], job: Lossy) -> None:
    """Give it all of the sound, and let it finish."""
    pipe = process.stdin
    assert pipe is not None  # noqa: S101 - Popen was asked for it
    watch = _Watch(process)
    for block in job.blocks:
        content = np.repeat(block, job.channels).astype("<f4", copy=False).tobytes()
        with watch.limit(STALL_S):
            pipe.write(content)
    with watch.limit(STALL_S):
        pipe.close()
    process.wait(FINISH_S)


class _Watch:
    """Ends a program that takes nothing for too long; the time that the sound takes is free."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._deadline: float | None = None
        Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while self._process.poll() is None:
            deadline = self._deadline
            if deadline is not None and monotonic() > deadline:
                self._process.kill()
            sleep(_WATCH_S)

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Give it so long.

        Raises:
            TimeoutExpired: It took longer.
        """
        self._deadline = started = monotonic() + seconds
        try:
            yield
        except BrokenPipeError as error:
            if monotonic() > started:
                raise subprocess.TimeoutExpired("ffmpeg", seconds) from error
            raise
        finally:
            self._deadline = None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End what may still run, without leaving a zombie."""
    if process.poll() is None:
        process.kill()
    if process.stdin is not None:
        # What is left in the buffer has nobody to go to.
        with suppress(OSError):
            process.stdin.close()
    process.wait()


def _failed(
    process: subprocess.Popen[bytes], complaints: IO[bytes], *, stalled: bool
) -> AudioError | OSError:
    """Make an error of the program's last words."""
    complaints.seek(0)
    lines = complaints.read().decode("utf-8", "replace").strip().splitlines()
    last = lines[-1].strip()[:300] if lines else f"no word, exit code {process.returncode}"
    if any("No space left on device" in line for line in lines):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return AudioError(
        "ffmpeg hangs" if stalled else f"ffmpeg cannot encode: {last}",
        str(process.args[0] if isinstance(process.args, list) else process.args),
        remedy="pip install 'audiobrief[formats]', or mend that ffmpeg",
    )
