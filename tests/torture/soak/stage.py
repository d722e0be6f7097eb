"""The workspace of the soak, its clock, and the programs that run in it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from tests.torture.house import House, environment

TESTS = Path(__file__).parents[2]
INSIDE = [sys.executable, "-m", "tests.torture.soak.inside"]
#: Where Debian and others put the library that shows programs another time.
FAKETIME = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/local/lib/faketime")

SETTINGS = """\
[show]
title = "Soak"
description = "{description}"
base_url = "http://127.0.0.1:{port}/"
time_zone = "UTC"
[cast]
narrator = "anchor"
quotes = ["guest-1", "guest-2"]
[sound]
bitrate_kbps = 32
[publish]
to = ["folder:../www"]
[brief]
minutes = 2
[network]
allow = ["127.0.0.0/8"]
[shows.members]
title = "Members"
tags = ["members"]
publish.private = true
[shows.checked]
title = "Checked"
tags = ["checked"]
publish.require_approval = true
[shows.evening]
title = "Evening"
makes = "brief"
at = "{at}"
"""
SOURCE = """
[[sources]]
name = "{name}"
url = "{url}/feed.xml"
tags = {tags}
"""
LIST = """
[[sources]]
name = "list"
kind = "list"
path = "list.txt"
"""
VOICE = 'engine = "{engine}"\nengine_voice = "{voice}"\nlanguage = "en"\nrate_wpm = {rate}\n'
#: Speaks like ``tone``; while a file says that it is out of order, not what has an odd length.
ENGINE = """
import os
from pathlib import Path

from audiobrief.errors import SpeechError
from audiobrief.speak.engines.tone import ToneEngine, ToneSession


class Session(ToneSession):
    def speak(self, text, voice):
        if len(text) % 2 and Path(os.environ["SOAK_DOWN"]).exists():
            raise SpeechError("out of order", text, remedy="wait")
        return super().speak(text, voice)


class Engine(ToneEngine):
    name = "soak"

    def fingerprint(self):
        return "soak 1"

    def open(self):
        return Session()


def make_engine(settings):
    return Engine()
"""
HOLDER = """
import sys, pathlib, time
from audiobrief.store.lock import locked
while True:
    try:
        with locked(pathlib.Path(".audiobrief/lock")):
            time.sleep(2)
        break
    except Exception:
        time.sleep(0.05)
"""


def faketime():
    """Return libfaketime for programs with threads; ``None``: it is not installed."""
    for place in FAKETIME:
        for path in sorted(Path("/").glob(f"{place[1:]}/libfaketimeMT.so.1")):
            return path
    return None


class Clock:
    """A time of day that goes as time does, and jumps ahead when it is told to."""

    def __init__(self, place):
        self.ahead_s = 0
        self._file = place / "clock"
        self._set()
        library = faketime()
        self.is_faked = library is not None
        self.env = {"SOAK_CLOCK": str(self._file)}
        if library is not None:
            self.env |= {
                "LD_PRELOAD": str(library),
                "FAKETIME_TIMESTAMP_FILE": str(self._file),
                "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                "DONT_FAKE_MONOTONIC": "1",
                "NO_FAKE_STAT": "1",
            }

    def __call__(self):
        """Return the time, aware."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead_s)

    def jump(self, seconds):
        """Go ahead."""
        self.ahead_s += seconds
        self._set()

    def _set(self):
        new = self._file.with_suffix(".new")
        new.write_text(f"+{self.ahead_s}")
        new.replace(self._file)


@dataclass
class Program:
    """A program that goes on, and what it prints."""

    process: subprocess.Popen
    errors: Path
    #: The documents on its stdout, with the monotonic moment at which each came.
    events: list = field(default_factory=list)

    def __post_init__(self):
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.events.append({**json.loads(line), "moment": time.monotonic()})

    def end(self):
        """Ask it to stop; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self._reader.join()
        self.process.stdout.close()
        self.forget()
        return code

    def forget(self):
        """Remove what libfaketime leaves of a process that has ended by a signal."""
        for name in ("faketime_shm", "sem.faketime_sem"):
            Path(f"/dev/shm/{name}_{self.process.pid}").unlink(missing_ok=True)

    def trouble(self):
        """Return what it said of defects."""
        text = self.errors.read_text(errors="replace")
        return [
            line
            for line in text.splitlines()
            if "Traceback" in line or "defect in audiobrief" in line or "ResourceWarning" in line
        ]


class Stage:
    """A workspace in which a watch and a server run."""

    def __init__(self, place, sites, *, programme_at, trace=False):
        place = place.resolve()
        self.house = House(place / "pod")
        self.place, self.trace = place, trace
        self.down = place / "out-of-order"
        self.temporary = place / "tmp"
        self.temporary.mkdir(parents=True)
        self.house.root.mkdir()
        (self.house.root / "articles").mkdir()
        self.clock = Clock(place)
        self.port = _free_port()
        self.at = programme_at
        self.sites = sites
        self.description = "A day."
        self.write_settings()
        (self.house.root / "list.txt").write_text("# addresses\n")
        self._write_voices()
        self.env = environment(
            **self.clock.env,
            SOAK_DOWN=str(self.down),
            TMPDIR=str(self.temporary),
            PATH=f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}",
            PYTHONPATH=os.pathsep.join([str(place / "plugin"), str(TESTS.parent)]),
        )
        self.env.pop("PYTHONWARNINGS", None)

    def write_settings(self):
        """Write the settings for the sources that there are now."""
        text = SETTINGS.format(description=self.description, port=self.port, at=self.at)
        for site in self.sites:
            tags = json.dumps(site.tags)
            text += SOURCE.format(name=site.name, url=site.url, tags=tags)
        new = self.house.root / "audiobrief.toml.new"
        new.write_text(text + LIST)
        new.replace(self.house.root / "audiobrief.toml")

    def _write_voices(self):
        voices, folder = self.house.root / "voices", self.place / "plugin"
        voices.mkdir()
        for name, engine, voice, rate in (
            ("anchor", "soak", "tone-1", 400),
            ("guest-1", "flite", "slt", 170),
            ("guest-2", "soak", "tone-2", 400),
        ):
            text = VOICE.format(engine=engine, voice=voice, rate=rate)
            (voices / f"{name}.toml").write_text(text)
        program = self.place / "bin" / "flite"
        program.parent.mkdir()
        stand_in = (TESTS / "torture" / "flite_stand_in.py").read_text()
        program.write_text(f"#!{sys.executable} -IS\n{stand_in}")
        program.chmod(0o755)
        (program.parent / "word").write_text("\x01")
        (program.parent / "deed").write_text("good")
        folder.mkdir()
        (folder / "soak_engine.py").write_text(ENGINE)
        info = folder / "soak_engine-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: soak_engine\nVersion: 1.0\n")
        points = "[audiobrief.engines]\nsoak=soak_engine:make_engine\n"
        (info / "entry_points.txt").write_text(points)

    def start(self, name, *arguments):
        """Start a command that goes on."""
        errors = self.place / f"{name}.err"
        env = dict(self.env)
        if self.trace and name == "watch":
            env["SOAK_TRACE"] = str(self.place / "trace")
        with errors.open("wb") as stderr:
            process = subprocess.Popen(
                [*INSIDE, *arguments], cwd=self.house.root, env=env, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
            )  # fmt: skip
        return Program(process, errors)

    def run(self, *arguments, limit_s=600):
        """Run a command to its end, at the time of the stage."""
        return subprocess.run(
            [*INSIDE, *map(str, arguments)], cwd=self.house.root, env=self.env, text=True,
            stdin=subprocess.DEVNULL, capture_output=True, timeout=limit_s, check=False,
        )  # fmt: skip

    def hold(self):
        """Let another process hold the workspace for two seconds."""
        env = {k: v for k, v in self.env.items() if k != "LD_PRELOAD"}
        return subprocess.Popen(
            [sys.executable, "-c", HOLDER], cwd=self.house.root, env=env,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def is_held(self):
        """Tell whether a command holds the workspace, without holding it."""
        lock = self.house.cache / "lock"
        if not lock.exists():
            return False
        number = f":{lock.stat().st_ino} "
        return any(number in line for line in Path("/proc/locks").read_text().splitlines())


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


__all__ = ["Clock", "Program", "Stage", "faketime"]
