"""Speech-like clips for the tests of this stage, made here: no engine is needed."""

import numpy as np
import pytest

from audiobrief.model.audio import Clip
from audiobrief.model.script import Role, Segment


def speech_like(seconds, rate_hz=22050, level_db=-20.0, seed=1, pitch_hz=120.0):
    """Return a clip of voiced and voiceless syllables with silence around them."""
    random = np.random.default_rng(seed)
    count = round(seconds * rate_hz)
    time_s = np.arange(count) / rate_hz
    pitch = 2 * np.pi * np.cumsum(pitch_hz * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * time_s))) / rate_hz
    voiced = sum(
        np.cos(k * pitch + k * k) / (1 + abs(k * pitch_hz - 600) / 300) for k in range(1, 30)
    )
    hiss = 0.3 * np.diff(random.standard_normal(count), append=0.0)
    syllables = np.clip(np.sin(2 * np.pi * 3.3 * time_s + seed), 0, 1) ** 0.7
    samples = voiced * syllables + hiss * (1 - syllables) * (np.sin(9 * time_s) > 0.5)
    samples *= 10 ** (level_db / 20) / np.sqrt(np.mean(samples**2))
    quiet = np.zeros(round(0.2 * rate_hz))
    frames = np.clip(np.rint(32768 * np.concatenate([quiet, samples, quiet])), -32768, 32767)
    return Clip(frames.astype("<i2").tobytes(), rate_hz)


def segment(name, *, pause_ms=250, chapter=None):
    """Return a segment with a name for its id and its text."""
    return Segment(
        id=name,
        role=Role.NARRATOR,
        text=f"Text of {name}.",
        spoken=f"Text of {name}.",
        voice="anchor",
        pause_after_ms=pause_ms,
        source=(0, 1),
        paragraph=0,
        chapter=chapter,
    )


@pytest.fixture(scope="session")
def make_clip():
    """Give the tests the maker of clips."""
    return speech_like


@pytest.fixture(scope="session")
def make_segment():
    """Give the tests the maker of segments."""
    return segment
