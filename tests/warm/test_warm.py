"""A command forked from a process that has imported all does what one does that has started."""

import os
import subprocess
import sys

import pytest

from tests.support import ARTICLE
from tests.warm import client

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["frobnicate"],
        ["build", "missing.txt"],
        ["script", "-"],
    ],
)
def test_exit_code_and_streams_are_those_of_a_start(tmp_path, arguments):
    """With an article on standard input, read or not."""
    stdin = ARTICLE.encode()
    started = subprocess.run(
        [sys.executable, "-m", "audiobrief", *arguments],
        cwd=tmp_path,
        input=stdin,
        capture_output=True,
        check=False,
    )
    forked = client.run(arguments, cwd=tmp_path, env=dict(os.environ), stdin=stdin, limit_s=60)
    assert forked == (started.returncode, started.stdout, started.stderr)


def test_one_that_takes_too_long_is_killed(tmp_path):
    """Nobody waits for it, and the next one comes as ever."""
    (tmp_path / "articles").mkdir()
    env = dict(os.environ)
    with pytest.raises(subprocess.TimeoutExpired):
        client.run(["watch", "-q"], cwd=tmp_path, env=env, stdin=b"", limit_s=0.1)
    assert client.run(["--version"], cwd=tmp_path, env=env, stdin=b"", limit_s=60)[0] == 0


def test_what_python_reads_as_it_starts_takes_a_start():
    """The order of sets, for one; a folder of modules does not."""
    assert client.is_possible({**os.environ, "HOME": "/nowhere"})
    assert client.is_possible({**os.environ, "PYTHONPATH": "/nowhere"})
    assert not client.is_possible({**os.environ, "PYTHONHASHSEED": "1"})
    assert not client.is_possible({**os.environ, "LC_ALL": "C"})
