"""What is clipped has a pile at one level; its loudness, or an encoder, hides that from nobody."""

import io

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from audiobrief.model.audio import SoundSpec
from audiobrief.sound.clipping import Levels, RangeTops, Tops, flat_share, has_lost_tops
from audiobrief.sound.limiter import limit
from tests.mp3 import encode

RATE_HZ = 44100
#: Peak of what is overdriven: the same as in an episode.
PEAK = 0.8


def vowels(seconds=3.0, seed=1):
    """Return a buzz like a voice's: syllables of harmonics, of other loudness and pitch each."""
    random = np.random.default_rng(seed)
    parts = []
    while sum(map(len, parts)) < seconds * RATE_HZ:
        count = round(random.uniform(0.1, 0.3) * RATE_HZ)
        phase = (
            np.cumsum(2 * np.pi * random.uniform(90, 220) * np.linspace(1, 0.9, count)) / RATE_HZ
        )
        sound = sum(np.cos(k * phase) / k for k in range(1, 25))
        parts.append(random.uniform(0.3, 1.0) * np.hanning(count) * sound)
    samples = np.concatenate(parts)
    return samples * PEAK / np.abs(samples).max()


def overdriven(samples, gain_db):
    """Return a sound clipped at its own peak after so much gain, as loud as it was."""
    clipped = np.clip(samples * 10 ** (gain_db / 20), -PEAK, PEAK)
    return clipped * np.sqrt(np.mean(samples**2) / np.mean(clipped**2))


def coded(samples, bitrate_kbps=96):
    """Return what a decoder makes of a sound."""
    file = io.BytesIO()
    spec = SoundSpec(bitrate_kbps=bitrate_kbps)
    encode(iter([np.rint(samples * 32767).astype(np.int16)]), spec, file)
    file.seek(0)
    return soundfile.read(file)[0]


def tops(samples):
    levels = Levels()
    levels.add(samples)
    return levels.tops()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("gain_db", [6, 12, 20])
@pytest.mark.parametrize("bitrate_kbps", [64, 96])
def test_hard_clipping_is_seen_in_the_mp3(seed, gain_db, bitrate_kbps):
    """As loud as before, and far below full scale."""
    samples = vowels(seed=seed)
    heard = tops(coded(0.5 * overdriven(samples, gain_db), bitrate_kbps))
    assert has_lost_tops(heard, tops(samples))


@pytest.mark.parametrize("bitrate_kbps", [32, 64, 96])
def test_encoding_is_no_clipping(bitrate_kbps):
    """Nor is another level."""
    samples = vowels()
    for gain in (0.1, 0.5, 1.0):
        assert not has_lost_tops(tops(coded(gain * samples, bitrate_kbps)), tops(samples))


@pytest.mark.parametrize("frequency_hz", [40, 100, 441, 997, 5000])
def test_a_sine_is_not_clipped(frequency_hz):
    """A low one stays at its top for long; it was put in so."""
    time_s = np.arange(3 * RATE_HZ) / RATE_HZ
    sine = 0.5 * np.sin(2 * np.pi * frequency_hz * time_s)
    heard = tops(coded(sine))
    assert heard.crest_db == pytest.approx(3.0, abs=0.2)
    assert not has_lost_tops(heard, tops(sine))


def test_a_square_wave_is_as_it_was_put_in():
    """Flat tops alone are no fault."""
    square = 0.3 * np.sign(np.sin(2 * np.pi * 150 * np.arange(3 * RATE_HZ) / RATE_HZ))
    assert not has_lost_tops(tops(coded(square)), tops(square))


def test_what_was_limited_before_it_was_put_in_is_not_clipped():
    """Its peaks are alike, as each clip's that the build has limited; what follows is no change."""
    limited = limit(2.0 * vowels(), RATE_HZ, PEAK)
    assert tops(limited).pile_share > 0.002
    assert not has_lost_tops(tops(coded(0.5 * limited)), tops(limited))


@given(st.floats(0.05, 1.2), st.booleans())
def test_level_and_polarity_do_not_matter(gain, turned):
    """The same share, the same crest, whatever the gain."""
    samples = overdriven(vowels(0.5), 12)
    same, other = tops(samples), tops(samples * (-gain if turned else gain))
    assert other.crest_db == pytest.approx(same.crest_db, abs=0.2)
    assert other.pile_share == pytest.approx(same.pile_share, rel=0.1)


@given(st.lists(st.integers(0, 4000), max_size=8))
def test_blocks_do_not_matter(cuts):
    """Cut anywhere, all ranges read the same."""
    samples = vowels(0.1)[:4000].astype(np.float32)
    ranges = [(0, 700), (700, 1500), (2000, 2001), (2500, 4000)]
    block_wise = RangeTops(ranges)
    for part in np.split(samples, sorted(cuts)):
        block_wise.add(part[:, None])
    whole = [tops(samples[a:b]) for a, b in ranges]
    for one, other in zip(block_wise.read(), whole, strict=True):
        assert one.pile_share == pytest.approx(other.pile_share)
        assert one.crest_db == pytest.approx(other.crest_db)


def test_what_is_not_there_has_no_tops():
    """A range beyond the end, an empty one, silence."""
    read = RangeTops([(0, 0), (10, 20), (90, 200), (300, 400)])
    read.add(np.zeros((100, 2), np.float32))
    assert read.read() == [Tops(0.0, 0.0)] * 4
    assert not has_lost_tops(Tops(0.0, 0.0), tops(vowels()))


@given(st.lists(st.integers(-5, 5)))
def test_flat_tops_are_runs_at_an_extreme(values):
    """As counted one by one; never of a constant."""
    flat = 0
    for extreme in {max(values), min(values)} if len(set(values)) > 1 else ():
        text = "".join("x" if value == extreme else " " for value in values)
        flat += sum(len(run) for run in text.split() if len(run) >= 3)
    expected = flat / len(values) if values else 0.0
    assert flat_share(np.array(values, np.int16)) == pytest.approx(expected)
