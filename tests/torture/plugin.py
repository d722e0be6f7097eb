"""An engine that misbehaves where it is told to, installed as a user installs one."""

import os
import sys
from pathlib import Path

#: It speaks like ``tone``. Where a text has the word, it does the deed instead.
ENGINE = '''
import os, time
from pathlib import Path

from audiobrief.errors import SpeechError
from audiobrief.model.audio import Clip
from audiobrief.speak.engines.tone import ToneEngine, ToneSession


class Session(ToneSession):
    def speak(self, text, voice):
        clip = super().speak(text, voice)
        if os.environ.get("TORTURE_WORD", "\\0") not in text:
            return clip
        return DEEDS[os.environ.get("TORTURE_DEED", "good")](clip, text)


class Engine(ToneEngine):
    name = "torture"

    def fingerprint(self):
        return "torture 1"

    def open(self):
        return Session()


def gate(clip, text):
    """Say that it is here, and wait until it may go on."""
    place = Path(os.environ["TORTURE_PLACE"])
    (place / f"here-{os.getpid()}").touch()
    end = time.monotonic() + 120
    while not (place / "open").exists() and time.monotonic() < end:
        time.sleep(0.01)
    return clip


def refuses(clip, text):
    raise SpeechError("refused", text, remedy="none")


def breaks(clip, text):
    raise KeyError("a mistake of a plugin")


def hangs(clip, text):
    time.sleep(3600)


def dies(clip, text):
    os._exit(9)


RATE = 22050
DEEDS = {
    "good": lambda clip, text: clip,
    "gate": gate,
    "refuses": refuses,
    "breaks": breaks,
    "hangs": hangs,
    "dies": dies,
    "nothing": lambda clip, text: None,
    "text": lambda clip, text: "sound",
    "empty": lambda clip, text: Clip(b"", RATE),
    "half": lambda clip, text: Clip(clip.pcm[: len(clip.pcm) // 4 * 2], RATE),
    "odd bytes": lambda clip, text: Clip(clip.pcm[:-1], RATE),
    "too long": lambda clip, text: Clip(clip.pcm * 40, RATE),
    "silence": lambda clip, text: Clip(bytes(len(clip.pcm)), RATE),
    "full scale": lambda clip, text: Clip(b"\\xff\\x7f\\x00\\x80" * (len(clip.pcm) // 4), RATE),
    "wrong rate": lambda clip, text: Clip(clip.pcm, 8000),
    "rate 1": lambda clip, text: Clip(clip.pcm, 1),
    "rate 0": lambda clip, text: Clip(clip.pcm, 0),
    "rate below 0": lambda clip, text: Clip(clip.pcm, -RATE),
    "rate NaN": lambda clip, text: Clip(clip.pcm, float("nan")),
}


def make_engine(settings):
    return Engine()
'''
#: The worker's engine of pyttsx3, with a worker that does what a script says.
WORKER = """
import os
from pathlib import Path

from audiobrief.speak.bundle import Bundle, find_bundle
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.session import Limits


def make_engine(settings):
    real = find_bundle()
    library = Path(os.environ["TORTURE_PLACE"]) / "library"
    library.touch()
    # As much as a loaded machine needs for what answers.
    limits = Limits(start_s=4.0, speak_s=2.0, slowest=1000)
    worker = Path(os.environ["TORTURE_WORKER"])
    return Pyttsx3Engine(Bundle(library, real.data, real.packages), limits=limits, worker=worker)
"""
PLUGINS = {"torture": ENGINE, "torture-worker": WORKER}


def install(place):
    """Write the plugins' packages to a folder; return what makes Python find them."""
    place.mkdir(parents=True, exist_ok=True)
    for name, source in PLUGINS.items():
        module = name.replace("-", "_") + "_engine"
        (place / f"{module}.py").write_text(source, encoding="utf-8")
        info = place / f"{module}-1.0.dist-info"
        info.mkdir(exist_ok=True)
        metadata = f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        points = f"[audiobrief.engines]\n{name}={module}:make_engine\n"
        (info / "entry_points.txt").write_text(points, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(place), str(Path(__file__).parents[2])])}


def running(mark):
    """Return the processes that carry a mark in their environment, zombies among them.

    Linux alone says so; elsewhere none is found.
    """
    found = []
    for folder in Path("/proc").glob("[0-9]*") if sys.platform == "linux" else ():
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if f"TORTURE_MARK={mark}".encode() in environment.split(b"\0"):
            found.append(f"{folder.name} {command.replace(chr(0).encode(), b' ').decode()[:120]}")
    return found
