"""One clip mastered: level, peak, rate, edges, and what is refused."""

import os
import subprocess
import sys

import numpy as np
import pytest

from audiobrief.assemble.master import Aim, aim_of, master
from audiobrief.errors import AudioError
from audiobrief.model.audio import Clip, SoundSpec, WordMark
from audiobrief.sound.loudness import measure

AIM = Aim(loudness_lufs=-16.0, ceiling_dbtp=-1.6, sample_rate_hz=44100)


def levels(clip):
    return measure(np.frombuffer(clip.pcm, "<i2") / 32768.0, clip.sample_rate_hz)


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 24000, 32000, 44100, 48000])
def test_every_rate_comes_out_at_the_aim(rate_hz, make_clip):
    """Clips of any rate come out at one rate, at the loudness, below the ceiling."""
    mastered = master(make_clip(3.0, rate_hz), AIM).clip

    assert mastered.sample_rate_hz == 44100
    assert levels(mastered).integrated_lufs == pytest.approx(-16.0, abs=0.15)
    assert levels(mastered).true_peak_dbtp <= -1.6 + 0.001


def test_word_marks_stay_at_their_words():
    """Trimmed at the front and at another rate: a mark stays where its sound is."""
    noise = np.random.default_rng(7).integers(-9000, 9000, 22050)
    spoken = Clip(noise.astype("<i2").tobytes(), 22050)
    silence = bytes(2 * 11025)
    marks = (WordMark(0, 3, 11025), WordMark(4, 8, 11025 + 9000))
    mastered = master(Clip(silence + spoken.pcm + silence, 22050, marks), AIM).clip
    alone = master(spoken, AIM).clip
    first, second = (mark.start_frame for mark in mastered.words)

    assert [(w.start_char, w.end_char) for w in mastered.words] == [(0, 3), (4, 8)]
    assert abs(second - first - 18000) <= 1
    assert 0 <= first <= 0.1 * 44100
    assert mastered.frame_count < alone.frame_count + 0.2 * 44100


def test_voices_of_different_level_end_within_one_lu(make_clip):
    """Engines 24 dB and an octave apart end equally loud."""
    readings = [
        levels(master(make_clip(3.0, 22050, level_db, seed, pitch_hz), AIM).clip).integrated_lufs
        for level_db, seed, pitch_hz in [(-12.0, 1, 95.0), (-25.0, 2, 190.0), (-36.0, 3, 140.0)]
    ]

    assert max(readings) - min(readings) <= 0.3


@pytest.mark.parametrize("seconds", [0.05, 0.15, 0.35])
def test_a_clip_of_one_syllable_is_as_loud_as_the_others(seconds, make_clip):
    """Clips shorter than a gating block are leveled as well."""
    mastered = master(make_clip(seconds), AIM).clip

    assert levels(mastered).integrated_lufs == pytest.approx(-16.0, abs=0.5)


def test_mastering_is_a_function_of_clip_and_aim(make_clip):
    """The same clip and aim give the same bytes; another aim gives others."""
    clip = make_clip(1.0)

    assert master(clip, AIM) == master(clip, AIM)
    assert master(clip, AIM) != master(clip, AIM.moved(1.0, 0.0))


def test_mastering_does_not_depend_on_the_cores():
    """However many threads numpy's matrix products may use, the bytes are the same."""
    program = (
        "import hashlib, numpy as np\n"
        "from audiobrief.assemble.master import Aim, master\n"
        "from audiobrief.model.audio import Clip\n"
        "random = np.random.default_rng(1)\n"
        "noise = random.standard_normal(400_000) * random.random(400_000) ** 4 * 4000\n"
        "clip = Clip(noise.astype('<i2').tobytes(), 22050)\n"
        "print(hashlib.sha256(master(clip, Aim(-16.0, -1.6, 44100)).clip.pcm).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads},
            capture_output=True,
            check=True,
        ).stdout
        for threads in ("1", "2", "5")
    }

    assert len(digests) == 1


def test_silence_around_the_words_is_trimmed(make_clip):
    """200 ms of silence on either side become the margins."""
    assert 2.0 <= master(make_clip(2.0), AIM).clip.duration_ms / 1000 <= 2.25


def test_edges_are_soft(make_clip):
    """The first and the last frame are next to silence, whatever the clip begins with."""
    loud = Clip(np.full(4000, 20000, "<i2").tobytes()[:-4] + make_clip(0.5).pcm, 22050)
    frames = np.frombuffer(master(loud, AIM).clip.pcm, "<i2")

    assert abs(int(frames[0])) < 60
    assert abs(int(frames[-1])) < 60


def test_an_offset_is_taken_out(make_clip):
    """A constant in the clip is not in the master."""
    frames = np.frombuffer(make_clip(1.0, level_db=-26.0).pcm, "<i2") + 3000
    mastered = master(Clip(frames.astype("<i2").tobytes(), 22050), AIM).clip

    assert abs(np.frombuffer(mastered.pcm, "<i2").mean()) < 20


def test_a_whisper_is_not_blown_up():
    """A clip that would need more than 30 dB gets 30 dB, and says what is missing."""
    hiss = np.random.default_rng(3).standard_normal(22050) * 6.0
    mastered = master(Clip(np.rint(hiss).astype("<i2").tobytes(), 22050), AIM)

    assert mastered.missing_db > 10.0
    assert levels(mastered.clip).integrated_lufs < -26.0


def test_a_square_wave_at_full_scale_is_mastered():
    """The loudest clip there is comes out below the ceiling."""
    frames = np.where(np.arange(22050) // 50 % 2, 32767, -32768).astype("<i2")

    assert levels(master(Clip(frames.tobytes(), 22050), AIM).clip).true_peak_dbtp <= -1.59


@pytest.mark.parametrize(
    ("clip", "problem"),
    [
        (Clip(b"", 22050), "silent"),
        (Clip(bytes(44100), 22050), "silent"),
        (Clip(np.full(22050, 9000, "<i2").tobytes(), 22050), "silent"),
        (Clip(bytes(2), 22050), "silent"),
        (Clip(bytes(4001), 22050), "not 16-bit"),
        (Clip(bytes(4000), 0), "not 16-bit"),
    ],
)
def test_what_is_no_speech_is_refused(clip, problem):
    """Silence is never passed on as speech, and broken sound is named."""
    with pytest.raises(AudioError, match=problem):
        master(clip, AIM)


def test_the_aim_leaves_room_for_the_encoder():
    """The first ceiling lies below the limit, even where none is asked for."""
    assert aim_of(SoundSpec(true_peak_dbtp=-1.0)).ceiling_dbtp < -1.0
    assert aim_of(SoundSpec(true_peak_dbtp=3.0)).ceiling_dbtp < -0.45


def test_importing_pydub_without_ffmpeg_warns_of_nothing(tmp_path):
    """On a machine without ffmpeg nothing is said, even where warnings are errors."""
    command = [sys.executable, "-W", "error", "-c", "import audiobrief.assemble.master"]
    environment = {"PATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    if sys.platform == "win32":
        environment["SYSTEMROOT"] = "C:\\Windows"
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert (result.returncode, result.stderr) == (0, "")
