"""A served show for the tests of a module, and what judges it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.show import served


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    """Return a show of three episodes with chapters, served by a process."""
    with served(tmp_path_factory.mktemp("show") / "workspace") as show:
        yield show


@pytest.fixture(scope="module")
def private_show(tmp_path_factory):
    """Return the same show, which is for listeners alone."""
    folder = tmp_path_factory.mktemp("private") / "workspace"
    with served(folder, "private = true\nbasic = true\n") as show:
        yield show


@pytest.fixture(scope="session")
def from_npm(tmp_path_factory):
    """Return a folder with the parsers of npm, in the versions of the lock file."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("there is no node with npm here")
    folder = tmp_path_factory.mktemp("npm")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(Path(__file__).parent / name, folder)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm cannot fetch the parsers: {done.stderr.strip()[:200]}")
    return folder
