"""What CI installs is locked: by hashes, completely, and whatever an index has meanwhile."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[2]
LOCKED = PROJECT / ".ci" / "locked"
WHEELHOUSE = PROJECT / ".ci" / "wheelhouse.sh"

pytestmark = pytest.mark.skipif(
    not LOCKED.is_dir(), reason="the locks are in the checkout, not with the wheel"
)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def releases(name: str) -> dict[str, list[str]]:
    """Return the versions that a lock names, by package; every one must have hashes."""
    found: dict[str, list[str]] = {}
    text = (LOCKED / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            pin, *hashes = line.split("--hash=")
            assert hashes, line
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h.strip()) for h in hashes), line
            package, _, version = pin.partition(";")[0].strip().partition("==")
            found.setdefault(plain(package), []).append(version)
    return found


@pytest.mark.parametrize("name", ["build", "tests", "tools", "uv", "wheel"])
def test_every_line_is_one_release_with_hashes_and_no_host(name: str) -> None:
    """A lock names releases and hashes; where they come from is the machine's own affair."""
    assert releases(name)
    assert "://" not in (LOCKED / f"{name}.txt").read_text(encoding="utf-8")


def test_what_the_project_asks_for_is_locked() -> None:
    """Each requirement of the project, its extras and its build has a release that it accepts."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    asked = [*project["project"]["dependencies"], *(r for rs in extras.values() for r in rs)]
    for lock, lines in (("tests", asked), ("build", project["build-system"]["requires"])):
        locked = releases(lock)
        for line in lines:
            need = Requirement(line)
            if need.name != "audiobrief":
                versions = locked.get(plain(need.name), [])
                assert any(need.specifier.contains(v) for v in versions), f"{line}: .ci/lock"


def wheel(version: str) -> bytes:
    """Return a wheel of the package `bread`."""
    made = io.BytesIO()
    info = f"bread-{version}.dist-info"
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("bread.py", f"VERSION = {version!r}\n")
        packed.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: bread\nVersion: {version}\n"
        )
        packed.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        packed.writestr(f"{info}/RECORD", "")
    return made.getvalue()


@contextmanager
def index(folder: Path, *versions: str) -> Iterator[str]:
    """Serve an index that has these releases."""
    for version in versions:
        place = folder / "bread"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"bread-{version}-py3-none-any.whl").write_bytes(wheel(version))

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_arguments: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def pip_at(address: str) -> dict[str, str]:
    """Return the environment in which pip knows this index alone."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    alone = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": address, "PIP_NO_CACHE_DIR": "1"}
    return {**kept, **alone, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "NO_PROXY": "127.0.0.1"}


def test_the_locked_release_is_fetched_and_a_changed_file_ends_the_run(tmp_path: Path) -> None:
    """A newer release changes nothing; a file whose hash is another one fails, by its name."""
    bash = shutil.which("bash")
    assert bash
    folder, fetched = tmp_path / "index", tmp_path / "wheels"
    (tmp_path / "build.txt").write_text("")
    lock = tmp_path / "tests.txt"
    command = [bash, str(WHEELHOUSE), sys.executable, str(fetched), str(tmp_path / "build.txt")]
    with index(folder, "1.0", "1.1") as address:
        served = folder / "bread" / "bread-1.0-py3-none-any.whl"
        digest = hashlib.sha256(served.read_bytes()).hexdigest()
        lock.write_text(f"bread==1.0 --hash=sha256:{digest}\n")
        run = partial(
            subprocess.run,
            [*command, str(lock)],
            env=pip_at(address),
            capture_output=True,
            text=True,
            check=False,
        )
        done = run()
        assert done.returncode == 0, done.stderr
        assert [path.name for path in fetched.iterdir()] == ["bread-1.0-py3-none-any.whl"]

        shutil.rmtree(fetched)
        served.write_bytes(served.read_bytes() + b"changed")
        done = run()
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert "bread" in done.stderr
    assert not list(fetched.glob("*.whl"))
