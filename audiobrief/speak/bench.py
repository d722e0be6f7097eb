"""How fast the embedded voice speaks here, against loops that guard nothing.

The bare loops and the workers take turns, and the best turn of each counts: what else the machine
does can only slow them. The ratio is what matters.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.model.voice import Voice
from audiobrief.speak import workers
from audiobrief.speak.bundle import find_bundle, unavailable
from audiobrief.speak.engines.espeak import EspeakEngine
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiobrief.speak.bundle import Bundle
    from audiobrief.speak.engine import Engine

#: A worker shall have at least this share of the speed of the bare loop.
LEAST_SHARE = 0.8

_BARE = Path(workers.__file__).with_name("bare_loops.py")
_VOICE = "en-us+f2"
_SAMPLE_RATE_HZ = 22_050

#: Short sentences, as quotations and headlines are: what a process between costs shows here.
_SENTENCES = (
    "The first boat leaves at {} in the morning.",
    "Nobody was surprised by the vote of room {}.",
    "We tested all {} bolts of the new pier.",
    "Tickets cost {} dollars, the same as before.",
    "He said that {} people had signed the letter.",
)


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one engine speaks, warm, through its worker and without."""

    engine: str
    #: Sound per time of the worker, as a multiple of real time.
    worker_x: float
    #: The same of the bare loop.
    bare_x: float

    @property
    def share(self) -> float:
        """The worker's part of the bare loop's speed."""
        return self.worker_x / self.bare_x


def measure_speech(*, texts: int = 100, rounds: int = 5) -> tuple[Speed, ...]:
    """Measure pyttsx3 and espeak, each bare and through its worker.

    Args:
        texts: Short texts in each round.
        rounds: The best of so many is taken.

    Raises:
        EngineUnavailableError: The embedded voice is not installed whole.
    """
    sentences = [_SENTENCES[n % len(_SENTENCES)].format(n + 10) for n in range(texts)]
    bundle = find_bundle()
    speeds = []
    for engine in (Pyttsx3Engine(bundle), EspeakEngine(bundle)):
        turns = [
            (_speed_bare(engine.name, bundle, sentences), _speed_of(engine, sentences))
            for _ in range(rounds)
        ]
        bare, worker = (max(turn[side] for turn in turns) for side in (0, 1))
        speeds.append(Speed(engine.name, worker_x=worker, bare_x=bare))
    return tuple(speeds)


def _speed_of(engine: Engine, texts: Sequence[str]) -> float:
    """Return how fast a warm session speaks, as a multiple of real time."""
    voice = Voice("bench", engine.name, _VOICE)
    with engine.open() as session:
        for text in texts:
            session.speak(text, voice)
        begun = time.perf_counter()
        clips = [session.speak(text, voice) for text in texts]
        elapsed_s = time.perf_counter() - begun
    return sum(clip.frame_count for clip in clips) / _SAMPLE_RATE_HZ / elapsed_s


def _speed_bare(engine: str, bundle: Bundle, texts: Sequence[str]) -> float:
    """Return how fast the bare loop speaks, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="audiobrief-") as folder:
        command = [
            *(sys.executable, "-I", "-S", "-X", "utf8", str(_BARE)),
            *(str(bundle.library), str(bundle.packages), engine, _VOICE, folder),
        ]
        done = subprocess.run(  # noqa: S603 - our own interpreter and file, no shell
            command,
            input=json.dumps(texts),
            capture_output=True,
            check=False,
            text=True,
            env={**os.environ, "ESPEAK_DATA_PATH": bundle.data.name},
            cwd=bundle.data.parent,
        )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise unavailable(f"the bare loop of {engine} fails", lines[-1])
    told = json.loads(done.stdout)
    return float(told["frames"] / _SAMPLE_RATE_HZ / told["elapsed_s"])
