"""A Dask scheduler and workers as the recipe starts them, in process groups of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What the recipe asks of a scheduler.
SETTINGS = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    "DASK_DISTRIBUTED__SCHEDULER__NO_WORKERS_TIMEOUT": "60s",
}


def free_port(host="127.0.0.1"):
    """Return a port at which nobody listens now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


class Cluster:
    """A scheduler and its workers; `close` ends whatever of them is left.

    Args:
        folder: For their logs and the workers' own files.
        host: Where the scheduler listens.
        tls: Files of authority, certificate and key; empty: none.
        settings: Environment of the scheduler.
        within: Words before every command, by name of the process: the namespace that it is in.
        env: More environment, for all.
    """

    def __init__(self, folder, *, host="127.0.0.1", tls=(), settings=None, within=None, env=None):
        self.folder = folder
        self.host, self.tls, self.within = host, tuple(map(str, tls)), within or {}
        self.port = 8786 if self.within else free_port(host)
        self.settings = SETTINGS if settings is None else settings
        self.env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("DASK_")},
            "PYTHONPATH": str(ROOT),
            **(env or {}),
        }
        self.processes = {}
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def address(self):
        """For `--pool`."""
        return f"dask://{self.host}:{self.port}"

    @property
    def url(self):
        """As Dask has it."""
        return f"{'tls' if self.tls else 'tcp'}://{self.host}:{self.port}"

    def scheduler(self):
        """Start the scheduler."""
        words = ["--host", self.host, "--port", str(self.port), "--no-dashboard", "--no-show"]
        self._start("scheduler", "dask_scheduler", words, self.settings)
        self.wait_for("scheduler", "Scheduler at:")

    def worker(self, name, *, nanny=True, host=None, env=None, python=(sys.executable,)):
        """Start a worker."""
        own = self.folder / name
        own.mkdir(exist_ok=True)
        flags = ["--nthreads", "1", "--no-dashboard", "--name", name, "--local-directory", str(own)]
        flags += ["--nanny" if nanny else "--no-nanny", "--host", host or self.host]
        env = {"TMPDIR": str(own), **(env or {})}
        self._start(name, "dask_worker", [self.url, *flags], env, python)
        self.wait_for(name, "Registered to:")

    def _start(self, name, module, words, env, python=(sys.executable,)):
        if self.tls:
            pairs = zip(("--tls-ca-file", "--tls-cert", "--tls-key"), self.tls, strict=True)
            words = [*words, *(word for pair in pairs for word in pair)]
        program = [*python, "-m", f"distributed.cli.{module}"]
        command = [*self.within.get(name, ()), *program, *words]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                env={**self.env, **env},
                # Not where our packages lie: -m would find them.
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def log(self, name):
        """Return what a process has told."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def wait_for(self, name, text, limit_s=60):
        """Wait until a process has told something."""
        end_s = time.monotonic() + limit_s
        while text not in self.log(name):
            assert time.monotonic() < end_s, self.log(name)
            assert self.processes[name].poll() is None, self.log(name)
            time.sleep(0.05)

    def kill(self, name):
        """End a process and all that it has started, without a word."""
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)

    def victim(self, name):
        """Return the process of a worker that does the work, below its nanny; `None`: none is."""
        parent = self.processes[name].pid
        for pid in _descendants(parent):
            words = Path(f"/proc/{pid}/cmdline").read_bytes() if _is_there(pid) else b""
            if b"spawn_main" in words:
                return pid
        return None

    def close(self):
        """End all."""
        for name in list(self.processes):
            self.kill(name)


def _is_there(pid):
    return Path(f"/proc/{pid}/cmdline").exists()


def _descendants(pid):
    # Whichever of its threads has started them.
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = listed.read_text().split()
        except OSError:
            continue
        for child in map(int, found):
            yield child
            yield from _descendants(child)
