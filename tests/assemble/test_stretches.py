"""Stretches of a file between two times, each as it is in the whole."""

import numpy as np
import soundfile

from audiobrief.assemble.stretches import decoded_stretches
from audiobrief.model.audio import SoundSpec
from tests.mp3 import encode


def test_each_stretch_is_the_sound_between_its_times(tmp_path):
    """Across the blocks of the decoder, with gaps, touching, and beyond the end."""
    path = tmp_path / "noise.mp3"
    noise = np.random.default_rng(1).normal(0, 3000, 44100 * 20).astype(np.int16)
    with path.open("wb") as file:
        encode(iter([noise]), SoundSpec(), file)
    whole, _ = soundfile.read(path, dtype="int16")
    places = [(0, 100), (100, 4_000), (5_500, 13_000), (19_000, 25_000), (30_000, 31_000)]
    found = [np.frombuffer(pcm, np.int16) for pcm in decoded_stretches(path, places)]
    for (start_ms, end_ms), samples in zip(places, found, strict=True):
        expected = whole[round(start_ms * 44.1) : round(end_ms * 44.1)]
        assert samples.size == expected.size
        assert np.abs(samples.astype(int) - expected).max(initial=0) <= 1
