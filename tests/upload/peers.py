"""Real peers on loopback: an SSH server of one user, and a server that speaks S3."""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from tests.support import tool

#: Where Debian and macOS put the server; it is on nobody's PATH.
_SERVERS = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
_LIMIT_S = 20


def free_port():
    """Return a port of loopback that nobody holds."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port, process):
    """Wait until a server takes connections."""
    end_s = time.monotonic() + _LIMIT_S
    while time.monotonic() < end_s and process.poll() is None:
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    message = f"the server did not start: exit code {process.poll()}"
    raise AssertionError(message)


@contextmanager
def ssh_server(folder: Path):
    """Run an SSH server; give its login, and a folder whose program ``ssh`` has the key for it."""
    for name in ("rsync", "sftp", "ssh-keygen"):
        tool(name)
    server = shutil.which("sshd", path=f"{os.environ['PATH']}:{_SERVERS}") or tool("sshd")
    for key in ("host", "user"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key]
        subprocess.run(command, check=True)
    port = free_port()
    if os.geteuid() == 0:
        # Where it locks itself in before somebody has proven who they are.
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    (folder / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/user.pub\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nPermitRootLogin prohibit-password\n"
        "Subsystem sftp internal-sftp\nMaxStartups 100\nKexAlgorithms curve25519-sha256\n",
        encoding="ascii",
    )
    known = (folder / "host.pub").read_text(encoding="ascii").split()[:2]
    (folder / "known").write_text(f"[127.0.0.1]:{port} {' '.join(known)}\n", encoding="ascii")
    (folder / "ssh_config").write_text(
        f"IdentityFile {folder}/user\nIdentitiesOnly yes\nUserKnownHostsFile {folder}/known\n"
        "StrictHostKeyChecking yes\nLogLevel ERROR\n",
        encoding="ascii",
    )
    programs = folder / "bin"
    programs.mkdir()
    (programs / "ssh").write_text(
        f'#!/bin/sh\nexec {tool("ssh")} -F {folder}/ssh_config "$@"\n', encoding="ascii"
    )
    (programs / "ssh").chmod(0o755)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [server, "-D", "-e", "-f", folder / "sshd_config"], stdout=log, stderr=log
        )
        try:
            wait_for(port, process)
            yield f"{getpass.getuser()}@127.0.0.1:{port}", programs
        finally:
            process.terminate()
            process.wait()


@contextmanager
def s3_server():
    """Run a server that speaks S3; give its address."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
