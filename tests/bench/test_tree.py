"""What programs take is counted whole: every process, and nothing of the bench itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audiobrief.bench.tree import Taken, one_after_another, run_tree
from audiobrief.errors import AudiobriefError

#: Where the system tells all of it.
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells all of it")
BURN = "import time\nwhile time.process_time() < {}: pass"


def python(code):
    """Return the command that runs some code."""
    return [sys.executable, "-I", "-S", "-c", code]


def test_programs_are_joined_by_pipes_and_the_last_one_is_kept(tmp_path):
    """As a shell would."""
    pipeline = [python("print('abc')"), python("import sys; print(sys.stdin.read().upper())")]
    taken = run_tree(pipeline, tmp_path, errors=tmp_path / "out.txt")
    assert taken.failure is None
    assert (tmp_path / "out.txt").read_text().strip() == "ABC"


@linux
def test_memory_is_that_of_the_programs(tmp_path):
    """80 MB in a grandchild are seen, and of the bench's own memory nothing."""
    ballast = bytearray(150_000_000)
    large = "x = b'x' * 80_000_000; import time; time.sleep(0.3)"
    nested = f"import subprocess, sys; subprocess.run({python(large)!r}, check=True)"
    taken = run_tree([python(nested)], tmp_path)
    small = run_tree([python("pass")], tmp_path)
    assert len(ballast) > 80_000_000
    assert 80 < taken.largest_mb <= taken.tree_mb < 130
    assert small.largest_mb < 30


@linux
def test_orphans_are_counted(tmp_path):
    """A process that outlives its parent has taken its CPU all the same."""
    orphan = python(BURN.format(0.3))
    leaves = f"import subprocess; subprocess.Popen({orphan!r}, start_new_session=True)"
    taken = run_tree([python(leaves)], tmp_path)
    assert taken.cpu_s >= 0.3


@linux
def test_programs_can_be_given_one_core(tmp_path):
    """And those of the bench stay as they were."""
    before = os.sched_getaffinity(0)
    code = "import os; print(len(os.sched_getaffinity(0)))"
    run_tree([python(code)], tmp_path, cores=1, errors=tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text().strip() == "1"
    assert os.sched_getaffinity(0) == before


def test_a_time_limit_ends_all_of_them(tmp_path):
    """A grandchild, too."""
    mark = tmp_path / "mark"
    endless = f"while True: open({str(mark)!r}, 'a').write('x')"
    nested = f"import subprocess; subprocess.run({python(endless)!r})"
    taken = run_tree([python(nested)], tmp_path, limit_s=0.8)
    assert taken.failure == "not finished in 0.8 s"
    size = mark.stat().st_size if mark.exists() else 0
    time.sleep(0.1)
    assert size == (mark.stat().st_size if mark.exists() else 0)


@linux
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_programs_end_with_the_one_who_measures(tmp_path, sign):
    """Whoever stops an hour of measuring does not leave it running."""
    mark = tmp_path / "pid"
    endless = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    code = (
        "import signal\nfrom pathlib import Path\nfrom audiobrief.bench.tree import run_tree\n"
        # Ignored where the tests run in the background of a shell.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"run_tree([{python(endless)!r}], Path({str(tmp_path)!r}))"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=root, stderr=subprocess.DEVNULL
    ) as bench:
        assert until(lambda: mark.exists() and mark.read_text())
        bench.send_signal(sign)
    assert until(lambda: not Path(f"/proc/{mark.read_text()}").exists())


def until(holds, limit_s=20.0):
    """Wait until something holds; tell whether it came to that."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


def test_a_failure_is_told_with_the_last_complaint(tmp_path):
    """Whichever of the programs it was."""
    taken = run_tree([python("raise SystemExit('no such voice')"), python("pass")], tmp_path)
    assert taken.failure == "failed: no such voice"


def test_a_program_that_is_not_there_is_an_error(tmp_path):
    """No measurement of nothing."""
    with pytest.raises(AudiobriefError, match="cannot be run") as caught:
        run_tree([["no-such-program"]], tmp_path)
    assert caught.value.subject == "no-such-program"


def test_two_runs_add_up():
    """Seconds add, memory is the larger, what is unknown stays unknown."""
    first = Taken(1.0, 0.5, 30.0, 40.0)
    second = Taken(2.0, 1.5, 20.0, 50.0, sound_s=9.0)
    assert one_after_another(first, second) == Taken(3.0, 2.0, 30.0, 50.0, sound_s=9.0)
    blind = Taken(2.0, None, None, None, failure="failed: x")
    assert one_after_another(first, blind) == Taken(3.0, None, None, None, failure="failed: x")


def test_the_warden_needs_the_standard_library_alone():
    """It is small on purpose: what it imports would count as memory of each program."""
    from audiobrief.bench.programs import warden  # noqa: PLC0415 - as a file it is run

    assert "audiobrief" not in Path(warden.__file__).read_text(encoding="utf-8").split('"""')[2]
