"""Prove .ci/audit.py with the real pip-audit, against a server that answers like PyPI.

Usage: .venv/bin/python .ci/prove_audit.py PIP_AUDIT

pip-audit always asks pypi.org. So it is sent through a proxy on the loopback, which connects that
name with a server of ours, over TLS with an authority of ours.
"""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from collections.abc import Iterator

AUDIT = Path(__file__).with_name("audit.py")
HOST = "pypi.org"
VULNERABILITY = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-1"],
    "details": "Made up.",
    "summary": None,
    "link": "https://osv.example/PYSEC-2026-1",
    "source": "osv",
    "fixed_in": ["1.3"],
    "withdrawn": None,
}


def main() -> None:
    """Ask about two packages, of which one, both or none are known, and one is vulnerable."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name, version in (("bread", "2.0"), ("butter", "1.2")):
            info = work / "site" / f"{name}-{version}.dist-info"
            info.mkdir(parents=True)
            (info / "METADATA").write_text(
                f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            )
            (info / "INSTALLER").write_text("pip\n")
        clean: dict[str, list[dict[str, object]]] = {"bread": [], "butter": []}
        bad: dict[str, list[dict[str, object]]] = {"bread": [], "butter": [VULNERABILITY]}
        cases = (
            (clean, 0, "pypi: 2 packages audited, 0 findings"),
            (bad, 1, "butter 1.2: PYSEC-2026-1 CVE-2026-1; mended in 1.3"),
            ({"bread": []}, 1, "not audited: butter"),
            ({}, 3, "AUDIT NOT MADE"),
            (None, 3, "AUDIT NOT MADE"),
        )
        for number, (known, code, said) in enumerate(cases):
            done = _audit(work, known, work / f"cache-{number}")
            if done.returncode != code or said not in done.stdout:
                sys.exit(
                    f"the audit is not what it should be: {known}: {code}: {said!r}\n"
                    f"{done.returncode}: {done.stdout}{done.stderr}"
                )
    print(f"the audit itself: {len(cases)} cases against a server of ours, each as expected")


def _audit(
    work: Path, known: dict[str, list[dict[str, object]]] | None, cache: Path
) -> subprocess.CompletedProcess[str]:
    """Run the audit where the server knows these packages; ``None``: where there is no server."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(work / "authority.pem"))
    command = [sys.executable, str(AUDIT), sys.argv[1], str(work / "site"), "--service", "pypi"]
    with _index(authority, known or {}) as index, _proxy(index) as proxy:
        # Nobody listens where a port is bound, but not listened to.
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            closed = nobody.getsockname()[1]
        env = {
            **{k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")},
            "HTTPS_PROXY": f"http://127.0.0.1:{closed if known is None else proxy}",
            "REQUESTS_CA_BUNDLE": str(work / "authority.pem"),
            "XDG_CACHE_HOME": str(cache),
            "PIP_CACHE_DIR": str(cache),
        }
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@contextmanager
def _index(authority: trustme.CA, known: dict[str, list[dict[str, object]]]) -> Iterator[int]:
    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = re.fullmatch(r"/pypi/([^/]+)/([^/]+)/json", self.path)
            found = known.get(path[1]) if path else None
            body = json.dumps(
                {"message": "Not Found"}
                if found is None or path is None
                else {"info": {"name": path[1], "version": path[2]}, "vulnerabilities": found}
            ).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def _proxy(index: int) -> Iterator[int]:
    """Connect whoever asks for the index with ours; nobody else with anything."""

    class Proxy(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            if self.path != f"{HOST}:443":
                self.send_error(403)
                return
            with socket.create_connection(("127.0.0.1", index)) as other:
                self.send_response(200)
                self.end_headers()
                back = Thread(target=_pump, args=(other, self.connection), daemon=True)
                back.start()
                _pump(self.connection, other)
                back.join()

        def log_message(self, *_arguments: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return  # the other side has closed the connection


if __name__ == "__main__":
    main()
