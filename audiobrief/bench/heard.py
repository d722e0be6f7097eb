"""How long it takes until a corrected name is heard: the whole command, up to the WAV file."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from audiobrief.bench.figure import Figure, figure_of
from audiobrief.bench.tree import run_tree
from audiobrief.errors import EngineUnavailableError
from audiobrief.workspace.load import SHIPPED_VOICES, load_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Seconds, by engine.
MOST_UNTIL_HEARD_S = {"pyttsx3": 0.6, "espeak": 0.3}
_WORD = "Dyett"


def measure_heard(*, rounds: int = 5) -> Iterator[Figure]:
    """Yield, for each engine, how long ``audiobrief lexicon test WORD -v VOICE`` takes.

    Args:
        rounds: So often, the engines in turns.

    Raises:
        EngineUnavailableError: The command fails.
    """
    shipped = load_workspace(SHIPPED_VOICES).voices.values()
    voices = {
        engine: next(voice.name for voice in shipped if voice.engine == engine)
        for engine in MOST_UNTIL_HEARD_S
    }
    seconds: dict[str, list[float]] = {engine: [] for engine in voices}
    with tempfile.TemporaryDirectory(prefix="audiobrief-") as folder:
        for _ in range(rounds):
            for engine, voice in voices.items():
                seconds[engine].append(_heard_after_s(voice, Path(folder)))
    for engine, most in MOST_UNTIL_HEARD_S.items():
        name = f"{engine}, a word heard again"
        yield from figure_of("speech", name, seconds[engine], unit="s", most=most)


def _heard_after_s(voice: str, folder: Path) -> float:
    test = ("lexicon", "test", _WORD, "-q", "-v", voice, "-o", "heard.wav")
    taken = run_tree([[sys.executable, "-m", "audiobrief", *test]], folder)
    if taken.failure:
        raise EngineUnavailableError(
            f"a word cannot be heard: {taken.failure}",
            voice,
            remedy="run 'audiobrief doctor'",
        )
    return taken.wall_s
