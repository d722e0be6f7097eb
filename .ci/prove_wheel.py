"""Prove that the wheel does the main job alone: no ffmpeg, no espeak-ng, no network.

Runs ``audiobrief init`` and ``build`` with an empty PATH, in a network namespace of its own where
the system allows it, and reads from /proc which espeak-ng library the speaking process has mapped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    """Run the proof in the folder given as the only argument."""
    work = Path(sys.argv[1])
    (work / "bin").mkdir()
    env = {"PATH": str(work / "bin"), "HOME": str(work)}
    assert shutil.which("ffmpeg", path=env["PATH"]) is None
    assert shutil.which("espeak-ng", path=env["PATH"]) is None
    audiobrief = [str(Path(sys.executable).with_name("audiobrief"))]
    subprocess.run([*audiobrief, "init", "show"], cwd=work, env=env, check=True)
    command = [*_offline(), *audiobrief, "build", "--json"]
    libraries: set[str] = set()
    told = work / "report.json"
    with (
        told.open("wb") as out,
        subprocess.Popen(
            command, cwd=work / "show", env=env, stdout=out, stderr=subprocess.DEVNULL
        ) as build,
    ):
        while build.poll() is None:
            libraries |= _espeak_libraries(build.pid)
            time.sleep(0.01)
    report = json.loads(told.read_bytes())
    assert build.returncode == 0, report
    (episode,) = report["episodes"]
    assert episode["outcome"] == "built", episode
    assert libraries, "no process with espeak-ng was seen"
    home = str(Path(sys.prefix).resolve())
    assert all(str(Path(p).resolve()).startswith(home) for p in libraries), libraries
    for path in sorted(libraries):
        print("espeak-ng used:", Path(path).resolve().relative_to(home))
    check = subprocess.run([*audiobrief, "check"], cwd=work / "show", env=env, check=False)
    assert check.returncode == 0
    doctor = subprocess.run([*audiobrief, "doctor"], cwd=work / "show", env=env, check=False)
    assert doctor.returncode == 0


def _offline() -> list[str]:
    """Return the prefix that takes the network away, where the system lets us."""
    unshare = shutil.which("unshare")
    if unshare and not subprocess.run([unshare, "-n", "true"], check=False).returncode:
        print("network: none (a namespace of its own)")
        return [unshare, "-n"]
    print("network: not taken away, the system does not allow it")
    return []


def _espeak_libraries(ancestor: int) -> set[str]:
    """Return the espeak libraries that a process and its descendants have mapped."""
    found: set[str] = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _descends(int(entry.name), ancestor):
            try:
                maps = (entry / "maps").read_text()
            except OSError:
                continue  # it has ended meanwhile
            found |= set(re.findall(r"\S*libespeak\S*", maps))
    return found


def _descends(pid: int, ancestor: int) -> bool:
    while pid > 1:
        if pid == ancestor:
            return True
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return False  # it has ended meanwhile
        pid = int(stat.rpartition(")")[2].split()[1])
    return False


if __name__ == "__main__":
    os.environ.pop("PYTHONPATH", None)
    main()
