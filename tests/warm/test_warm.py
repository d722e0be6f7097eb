"""A command forked from a process that has imported all does what one does that has started."""

import os
import re
import subprocess
import sys

import pytest

from tests.support import ARTICLE
from tests.warm import client

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")


def without_time(output):
    return re.sub(rb"\d{4}-\d\d-\d\dT\d{6}", b"TIME", output)


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
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    started = subprocess.run(
        [sys.executable, "-m", "audiobrief", *arguments],
        cwd=one,
        input=stdin,
        capture_output=True,
        check=False,
    )
    forked = client.run(arguments, cwd=other, env=dict(os.environ), stdin=stdin, limit_s=60)
    # The report of a build is named by its second.
    assert [forked[0], *map(without_time, forked[1:])] == [
        started.returncode,
        *map(without_time, (started.stdout, started.stderr)),
    ]


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
