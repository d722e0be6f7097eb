"""The build holds what the encoder made against what it was given."""

import numpy as np

from audiobrief.assemble.proof import Comparison
from audiobrief.model.audio import Cue

NOISE = np.random.default_rng(5).integers(-9000, 9000, 10_000).astype("<i2")
CUES = (Cue("a", 100, 2000), Cue("b", 2000, 5000), Cue("c", 6000, 9500))


def scores(tmp_path, heard, block):
    """Return the scores of a file that decodes to ``heard``, ``block`` frames at a time."""
    path = tmp_path / "reference.pcm"
    path.write_bytes(NOISE.tobytes())
    comparison = Comparison(path, CUES)
    for start in range(0, heard.size, block):
        comparison.add(heard[start : start + block, None].astype(np.float32) / 32768)
    return comparison.scores()


def test_the_same_sound_matches_however_it_is_divided(tmp_path):
    """Blocks end inside cues, between them, and span several."""
    for block in (1, 999, 2500, 10_000):
        assert np.allclose(scores(tmp_path, NOISE, block), 1.0)


def test_one_wrong_segment_is_seen_and_no_other(tmp_path):
    """Replaced by something else of the same length."""
    heard = NOISE.copy()
    heard[2000:5000] = NOISE[:3000]
    found = scores(tmp_path, heard, 700)
    assert (found[0] > 0.99, abs(found[1]) < 0.2, found[2] > 0.99) == (True, True, True)


def test_what_is_cut_off_at_the_end_is_missing(tmp_path):
    """The file ends before the last cue."""
    assert scores(tmp_path, NOISE[:5500], 1000)[2] == 0.0
