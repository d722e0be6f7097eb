"""Whatever a clip holds: mastered or refused by name, never a click, never silence as speech."""

import sys
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiobrief.assemble.master import Aim, master
from audiobrief.errors import AudioError, EngineUnavailableError
from audiobrief.model.audio import Clip
from audiobrief.model.voice import Voice
from audiobrief.sound.loudness import measure
from audiobrief.speak.engines.espeak import EspeakEngine
from audiobrief.speak.engines.flite import FliteEngine
from audiobrief.speak.engines.pyttsx3 import Pyttsx3Engine
from audiobrief.speak.engines.tone import ToneEngine

RATES_HZ = [8000, 16000, 22050, 24000, 32000, 44100, 48000]
LOUDNESS_LUFS = -16.0
#: Of `_FADE_S` in the package.
FADE_S = 0.005


def noise(seconds, rate_hz, random):
    return random.uniform(-1.0, 1.0, round(seconds * rate_hz))


def tone(seconds, rate_hz, random):
    pitch_hz = random.uniform(100.0, 0.28 * rate_hz)
    return np.sin(2 * np.pi * pitch_hz * np.arange(round(seconds * rate_hz)) / rate_hz)


def square(seconds, rate_hz, random):
    return np.where(tone(seconds, rate_hz, random) >= 0.0, 1.0, -1.0)


def bursts(seconds, rate_hz, random):
    """Noise that begins and ends at once, twelve times a second."""
    return noise(seconds, rate_hz, random) * (
        np.arange(round(seconds * rate_hz)) * 24 // rate_hz % 2
    )


KINDS = {kind.__name__: kind for kind in (noise, tone, square, bursts)}


def clip_of(samples, rate_hz, bits=16):
    """Return samples as a clip, rounded to fewer bits if need be."""
    step = 2 ** (16 - bits)
    frames = np.clip(np.rint(samples * 32768 / step) * step, -32768, 32767)
    return Clip(frames.astype("<i2").tobytes(), rate_hz)


def samples_of(clip):
    return np.frombuffer(clip.pcm, "<i2") / 32768.0


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    seconds=st.floats(0.1, 1.2),
    rate_hz=st.sampled_from(RATES_HZ),
    aim_hz=st.sampled_from([32000, 44100, 48000]),
    level_db=st.floats(-40.0, 0.0),
    offset=st.sampled_from([0.0, 0.0, 0.3, -0.05]),
    bits_and_seed=st.tuples(st.sampled_from([8, 16]), st.integers(0, 999)),
)
def test_whatever_sounds_is_mastered(
    kind, seconds, rate_hz, aim_hz, level_db, offset, bits_and_seed
):
    """Rate, loudness, ceiling and edges are those of the aim, and no step is new."""
    bits, seed = bits_and_seed
    # In 8 bits, what is softer is mostly rounding.
    level = 10 ** (max(level_db, -25.0 if bits == 8 else -40.0) / 20) * (1.0 - abs(offset))
    samples = offset + level * KINDS[kind](seconds, rate_hz, np.random.default_rng(seed))
    clip = clip_of(samples, rate_hz, bits)

    mastered = master(clip, Aim(LOUDNESS_LUFS, -1.6, aim_hz))

    heard, loudness = samples_of(mastered.clip), measure(samples_of(mastered.clip), aim_hz)
    assert mastered.clip.sample_rate_hz == aim_hz
    assert loudness.true_peak_dbtp <= -1.59
    assert loudness.integrated_lufs == pytest.approx(LOUDNESS_LUFS - mastered.missing_db, abs=1.0)
    assert_soft_edges(heard, aim_hz)
    assert_no_new_step(samples_of(clip), rate_hz, heard, aim_hz)


def assert_soft_edges(heard, rate_hz):
    """The fades hold everything below their ramps, whatever the clip begins and ends with."""
    count = round(FADE_S * rate_hz)
    most = np.sin(0.5 * np.pi * np.arange(1, count + 1) / (count + 1)) ** 2 + 1 / 32768
    for edge in (heard[:count], heard[::-1][:count]):
        assert np.all(np.abs(edge) <= most)
    assert abs(heard[0]) <= 4 / 32768
    assert abs(heard[-1]) <= 4 / 32768


def assert_no_new_step(spoken, rate_hz, heard, aim_hz):
    """From one frame to the next the sound moves no faster than the clip, made louder, did."""
    spoken = spoken - spoken.mean()
    gain_db = measure(heard, aim_hz).integrated_lufs - measure(spoken, rate_hz).integrated_lufs
    # What the limiter takes away is given again, by 3 dB at most; filters overshoot a square wave.
    gain = 10 ** ((gain_db + 3.0) / 20) * 2.0
    step = max(np.abs(np.diff(spoken)).max(), abs(spoken[0]), abs(spoken[-1]))
    assert np.abs(np.diff(heard)).max() <= gain * step * max(1.0, rate_hz / aim_hz) + 2 / 32768


@settings(max_examples=60, deadline=None)
@given(
    frames=st.lists(st.integers(-32768, 32767), max_size=40),
    rate_hz=st.sampled_from(RATES_HZ),
    repeats=st.integers(1, 200),
)
def test_any_frames_are_mastered_or_refused(frames, rate_hz, repeats):
    """A few, the same ones again and again: an error by name, or sound below the ceiling."""
    clip = Clip(np.array(frames * repeats, "<i2").tobytes(), rate_hz)

    try:
        mastered = master(clip, Aim(LOUDNESS_LUFS, -1.6, 44100)).clip
    except AudioError as error:
        assert "silent" in error.problem  # noqa: PT017 - either way is right
        return

    heard = samples_of(mastered)
    assert np.any(heard)
    assert measure(heard, 44100).true_peak_dbtp <= -1.59


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("level", [1, 32767, -32768])
def test_a_single_frame_is_refused(level, rate_hz):
    """One frame, at whatever level, is no speech."""
    with pytest.raises(AudioError, match="silent"):
        master(Clip(np.array([level], "<i2").tobytes(), rate_hz), Aim(LOUDNESS_LUFS, -1.6, 44100))


@pytest.mark.parametrize("rate_hz", RATES_HZ)
@pytest.mark.parametrize("level", [0, 1, -1, 20000, -32768])
def test_what_stays_at_one_level_is_silence(level, rate_hz):
    """Zeros and a constant, with the rounding of one step in them or not, are refused by name."""
    frames = np.full(rate_hz, level, "<i2")
    frames[::7] += 1

    for silent in (np.full(rate_hz, level, "<i2"), frames):
        with pytest.raises(AudioError, match="silent"):
            master(Clip(silent.tobytes(), rate_hz), Aim(LOUDNESS_LUFS, -1.6, 44100))


def test_what_only_a_bat_hears_is_silence():
    """The highest tone there is, so soft that nothing of it is left at another rate."""
    clip = Clip(np.array([0, 3] * 5000, "<i2").tobytes(), 22050)

    with pytest.raises(AudioError, match="silent"):
        master(clip, Aim(LOUDNESS_LUFS, -1.6, 44100))


def spoken_by(engine, engine_voice):
    """Return the clip of a sentence, or skip where the engine is not here."""
    voice = Voice("anchor", engine.name, engine_voice)
    with suppress(EngineUnavailableError), engine.open() as session:
        return session.speak("The pier will hold, and the ferry sails on Monday.", voice)
    pytest.skip(f"{engine.name} is not installed")


@pytest.mark.parametrize(
    ("engine", "engine_voice"),
    [
        (EspeakEngine(), "en-us"),
        (EspeakEngine(), "en-us+f3"),
        (Pyttsx3Engine(), "en-us+m3"),
        (FliteEngine(), "slt"),
        (FliteEngine(), "rms"),
        (ToneEngine(), "tone-2"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="one platform is enough")
def test_voices_of_any_engine_end_at_one_loudness(engine, engine_voice):
    """Each within 0.5 LU of the aim, so any two within 1 LU of each other."""
    mastered = master(spoken_by(engine, engine_voice), Aim(LOUDNESS_LUFS, -1.6, 44100))

    loudness = measure(samples_of(mastered.clip), 44100)
    assert loudness.integrated_lufs == pytest.approx(LOUDNESS_LUFS, abs=0.5)
    assert loudness.true_peak_dbtp <= -1.59
