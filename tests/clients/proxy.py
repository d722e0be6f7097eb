"""nginx with the configuration that people are given, on ports of its own."""

import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

_TEMPLATE = Path(__file__).with_name("nginx.conf.template")
#: What stands around it in a system's configuration. Who is root stays so: others may not read our
#: folders.
_AROUND = """\
{user}
daemon off;
pid nginx.pid;
error_log error.log warn;
events {{ worker_connections {connections}; }}
http {{
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    include site.conf;
}}
"""


@dataclass(frozen=True)
class Site:
    """nginx as it runs."""

    #: Files alone; and in front of ``audiobrief serve``.
    public_port: int
    private_port: int
    #: Where it writes.
    folder: Path

    @property
    def logged(self):
        """All that it has written into logs."""
        logs = [*self.folder.glob("*.log"), *self.folder.glob("*.err")]
        return "".join(path.read_text(encoding="utf-8") for path in logs)


def program():
    """Return nginx; without it the test is skipped."""
    path = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if path is None:
        pytest.skip("nginx is not installed")
    return path


@contextmanager
def fronted(folder, episodes, serve_port, *, connections=512):
    """Run nginx over a folder of files and before a server until the block ends.

    Args:
        folder: Empty, for its configuration and logs.
        episodes: What the public server serves.
        serve_port: Of ``audiobrief serve``, on loopback.
        connections: How many it may have.
    """
    nginx = program()
    with (
        socket.create_server(("127.0.0.1", 0)) as public,
        socket.create_server(("127.0.0.1", 0)) as private,
    ):
        ports = [each.getsockname()[1] for each in (public, private)]
        words = {
            "PUBLIC": f"127.0.0.1:{ports[0]}", "PRIVATE": f"127.0.0.1:{ports[1]}",
            "FOLDER": episodes, "LOGS": folder, "SERVE": f"127.0.0.1:{serve_port}",
        }  # fmt: skip
        site = _TEMPLATE.read_text(encoding="utf-8")
        for name, value in words.items():
            site = site.replace(f"@{name}@", str(value))
        (folder / "site.conf").write_text(site, encoding="utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        around = _AROUND.format(connections=connections, user=user)
        (folder / "nginx.conf").write_text(around, encoding="utf-8")
        command = [nginx, "-p", f"{folder}/", "-c", "nginx.conf", "-e", "error.log"]
        # It takes over sockets that listen already, as when it is replaced by a newer one: nobody
        # else can take the ports, and nobody has to wait for it.
        handed = [each.fileno() for each in (public, private)]
        env = {**os.environ, "NGINX": "".join(f"{number};" for number in handed)}
        process = subprocess.Popen(command, env=env, pass_fds=handed, stderr=subprocess.PIPE)
    try:
        yield Site(*ports, folder)
    finally:
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, b"")


def tested(site):
    """Return what nginx says of its configuration."""
    command = [program(), "-t", "-p", f"{site.folder}/", "-c", "nginx.conf", "-e", "error.log"]
    return subprocess.run(command, capture_output=True, text=True, check=False)
