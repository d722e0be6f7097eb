"""Servers of a folder of episodes, as processes: ours, and nginx."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from audiobrief.errors import AudiobriefError

if TYPE_CHECKING:
    from collections.abc import Iterator

NGINX: Final = "nginx"
#: One process, as ours; what its tuning guides say, and texts compressed as ours are.
_NGINX_CONF: Final = """\
daemon off; master_process off; pid nginx.pid; error_log error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  gzip on; gzip_types text/xml; gzip_min_length 500; gzip_comp_level 6;
  types {{ text/xml xml; audio/mpeg mp3; }}
  client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d;
  scgi_temp_path e;
  server {{ listen 127.0.0.1:{port}; root "{root}"; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server that runs."""

    name: str
    #: With its closing slash.
    url: str
    pid: int

    def cpu_s(self) -> float | None:
        """Return what it has taken so far, user and system; ``None``: this system does not tell."""
        try:
            told = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return None
        # Behind the name, which may have blanks in it (proc(5)).
        fields = told.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_mb(self) -> float | None:
        """Return the most memory that it has had, in millions of bytes; ``None``: not told."""
        try:
            told = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        except OSError:
            return None
        lines = [line for line in told.splitlines() if line.startswith("VmHWM:")]
        return int(lines[0].split()[1]) * 1024 / 1e6 if lines else None


@contextmanager
def ours(workspace: Path) -> Iterator[Contestant]:
    """Run ``audiobrief serve`` until the block ends.

    Raises:
        AudiobriefError: It does not start.
    """
    command = [sys.executable, "-m", "audiobrief", "serve", "--json", "--port", "0"]
    with _running(command, workspace, "serve.txt") as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe, tell the type checker
        line = process.stdout.readline()
        if not line:
            raise _unstarted("audiobrief serve", workspace / "serve.txt")
        yield Contestant("audiobrief serve", json.loads(line)["url"], process.pid)


@contextmanager
def reviewing(workspace: Path) -> Iterator[str]:
    """Run ``audiobrief review`` until the block ends; give its address, with a closing slash.

    Raises:
        AudiobriefError: It does not start.
    """
    command = [sys.executable, "-m", "audiobrief", "review", "--no-open", "--json", "--port", "0"]
    with _running(command, workspace, "review.txt") as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe, tell the type checker
        line = process.stdout.readline()
        if not line:
            raise _unstarted("audiobrief review", workspace / "review.txt")
        yield json.loads(line)["url"]


@contextmanager
def nginx(episodes: Path, folder: Path) -> Iterator[Contestant]:
    """Run nginx over a folder until the block ends.

    Args:
        episodes: What it serves.
        folder: Where it keeps its own files.

    Raises:
        AudiobriefError: It does not start.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "nginx.conf").write_text(
        _NGINX_CONF.format(port=port, root=episodes.as_posix()), encoding="utf-8"
    )
    command = [NGINX, "-p", f"{folder}/", "-c", "nginx.conf", "-e", "error.log"]
    with _running(command, folder, "nginx.txt") as process:
        while not _is_open(port):
            if process.poll() is not None:
                raise _unstarted(NGINX, folder / "nginx.txt")
        yield Contestant(NGINX, f"http://127.0.0.1:{port}/", process.pid)


def has_nginx() -> bool:
    """Tell whether nginx is installed."""
    return shutil.which(NGINX) is not None


@contextmanager
def _running(command: list[str], folder: Path, errors: str) -> Iterator[subprocess.Popen[str]]:
    with (
        (folder / errors).open("wb") as complaints,
        subprocess.Popen(  # noqa: S603 - no shell; our own interpreter, or nginx
            command, cwd=folder, stdout=subprocess.PIPE, stderr=complaints, text=True
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _unstarted(name: str, errors: Path) -> AudiobriefError:
    said = errors.read_text("utf-8", errors="replace").strip().splitlines() or ["without a word"]
    return AudiobriefError(
        f"a server does not start: {said[-1]}", name, remedy="see whether it starts by itself"
    )
