"""Music files: read, leveled, looped and put under speech; what is no music is refused by name."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import soundfile

from audiobrief.assemble.bed import load_bed, mixed
from audiobrief.assemble.master import Aim, aim_of, master
from audiobrief.assemble.music import load_sting
from audiobrief.assemble.passage import (
    GRID_FRAMES,
    LEAST_SILENCE_FRAMES,
    Placed,
    encode_passage,
    join,
)
from audiobrief.errors import AudioError, StoreError
from audiobrief.model.audio import SoundSpec
from audiobrief.sound.ducking import DUCKED_LU, OPEN_LU, Stretch, duck, stretch_around
from audiobrief.sound.loudness import measure
from audiobrief.sound.mixing import mix_stretch
from audiobrief.workspace.music import SHIPPED_STING

AIM = Aim(-15.8, -1.6, 44100)


def pad(seconds, rate_hz=44100, level=0.3):
    """Return music: three chords in turn, each note a little arpeggio of its own."""
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz
    sound = np.zeros(time_s.size)
    for number, hertz in enumerate((220.0, 277.2, 329.6, 440.0, 554.4)):
        pulse = 0.6 + 0.4 * np.sin(2 * np.pi * (0.25 + 0.11 * number) * time_s + number)
        sound += pulse * np.sin(2 * np.pi * hertz * time_s + number)
    return level * sound / 5


def write(path, samples, rate_hz=44100, **how):
    """Write a sound file and return its path."""
    soundfile.write(path, samples, rate_hz, **how)
    return path


def samples_of(clip):
    """Return the samples of a clip, 1.0 as full scale."""
    return np.frombuffer(clip.pcm, "<i2") / 32768


# Stings


@pytest.mark.parametrize("rate_hz", [44100, 48000])
def test_the_shipped_sting_lies_just_below_the_speech(rate_hz):
    """One LU below, under the same ceiling, from silence to silence."""
    sting = load_sting(SHIPPED_STING, Aim(-15.8, -1.6, rate_hz))
    samples = samples_of(sting.clip)

    levels = measure(samples, rate_hz)

    assert levels.integrated_lufs == pytest.approx(-16.8, abs=0.05)
    assert levels.true_peak_dbtp <= -1.6 + 0.001
    assert np.abs(samples[[0, -1]]).max() < 0.001
    assert 2.5 < samples.size / rate_hz < 3.0
    assert sting.notes == ()


@pytest.mark.parametrize(
    ("suffix", "how"),
    [
        ("wav", {"subtype": "FLOAT"}),
        ("wav", {"subtype": "PCM_U8"}),
        ("flac", {"subtype": "PCM_24"}),
        ("ogg", {"subtype": "VORBIS"}),
        ("mp3", {}),
    ],
)
@pytest.mark.parametrize("rate_hz", [16000, 44100, 48000])
def test_any_kind_of_file_becomes_the_same_sting(tmp_path, suffix, how, rate_hz):
    """Format, rate and channels are the file's own affair."""
    both = np.column_stack([pad(3, rate_hz), 0.5 * pad(3, rate_hz)])

    sting = load_sting(write(tmp_path / f"x.{suffix}", both, rate_hz, **how), AIM)

    assert sting.clip.sample_rate_hz == 44100
    assert sting.clip.duration_ms == pytest.approx(3000, abs=60)
    levels = measure(samples_of(sting.clip), 44100)
    assert levels.integrated_lufs == pytest.approx(-16.8, abs=0.05)


def test_silence_around_a_sting_is_cut_off(tmp_path):
    """So that the pauses around it are those of the table."""
    quiet = np.zeros(44100)
    path = write(tmp_path / "x.wav", np.concatenate([quiet, pad(2), quiet, quiet]))

    assert load_sting(path, AIM).clip.duration_ms == pytest.approx(2000, abs=2)


def test_channels_that_cancel_each_other_are_not_mixed(tmp_path):
    """One is taken, and the user is told; ordinary stereo is mixed without a word."""
    left = pad(2)
    turned = load_sting(write(tmp_path / "x.wav", np.column_stack([left, -left])), AIM)
    mono = load_sting(write(tmp_path / "y.wav", left), AIM)
    wide = np.column_stack([left, np.random.default_rng(1).standard_normal(left.size) / 9])

    assert turned.clip == mono.clip
    assert turned.notes == ("its channels cancel each other: channel 1 alone is heard",)
    assert load_sting(write(tmp_path / "z.wav", wide), AIM).notes == ()


def test_an_offset_is_taken_out(tmp_path):
    """A constant is no sound: neither the level nor the edges know of it."""
    plain = load_sting(write(tmp_path / "x.wav", pad(2)), AIM)
    moved = load_sting(write(tmp_path / "y.wav", pad(2) + 0.4), AIM)

    difference = samples_of(plain.clip) - samples_of(moved.clip)
    assert np.abs(difference).max() < 0.002


def test_the_digest_is_of_content_and_aim(tmp_path):
    """Not of the name: it goes into the keys of what is kept."""
    one, same = (write(tmp_path / name, pad(1)) for name in ("x.wav", "y.wav"))
    other = write(tmp_path / "z.wav", pad(1.001))

    assert load_sting(one, AIM) == load_sting(same, AIM)
    digests = {
        load_sting(one, AIM).digest,
        load_sting(other, AIM).digest,
        load_sting(one, AIM.moved(0.1, 0.0)).digest,
    }
    assert len(digests) == 3


# What is no music


def refused(tmp_path, path):
    """Return what both loaders say of a file; no trace of it is left."""
    said = []
    for load in (lambda: load_sting(path, AIM), lambda: load_bed(path, 44100, tmp_path / "kept")):
        with pytest.raises(AudioError) as caught:
            load()
        assert caught.value.subject == str(path)
        assert caught.value.remedy
        said.append(caught.value.problem)
    assert list((tmp_path / "kept").glob("*")) == []
    assert said[0].split(" s")[0].rstrip("0123456789.") == said[1].split(" s")[0].rstrip(
        "0123456789."
    )
    return said[0]


def test_a_missing_file_is_refused(tmp_path):
    """As is a folder."""
    assert "cannot be read" in refused(tmp_path, tmp_path / "none.wav")
    assert "cannot be read" in refused(tmp_path, tmp_path)


@pytest.mark.parametrize("content", [b"", b"x", b"# a text\n" * 99, b"RIFF\x24\0\0\0WAVEfmt "])
def test_a_file_that_is_no_sound_is_refused(tmp_path, content):
    """Whatever its name says."""
    path = tmp_path / "x.wav"
    path.write_bytes(content)

    told = refused(tmp_path, path)
    assert "cannot be decoded" in told
    assert "<" not in told


@pytest.mark.parametrize("level", [0.0, 0.00005])
def test_silence_is_refused(tmp_path, level):
    """Silence is never passed on as music."""
    path = write(tmp_path / "x.wav", np.full(88200, level), subtype="FLOAT")

    assert refused(tmp_path, path) == "the music is silent"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e30])
def test_frames_that_are_no_sound_are_refused(tmp_path, value):
    """A file of floats may hold anything."""
    samples = pad(2)
    samples[50_000] = value

    path = write(tmp_path / "x.wav", samples, subtype="DOUBLE")

    assert "no sound" in refused(tmp_path, path)


def test_a_click_is_refused(tmp_path):
    """There is nothing to hear."""
    samples = np.zeros(44100)
    samples[500] = 0.5

    assert "shorter than" in refused(tmp_path, write(tmp_path / "x.wav", samples))


def test_a_sting_of_more_than_a_minute_is_refused(tmp_path):
    """It would be a song; as a bed it may be longer."""
    path = write(tmp_path / "x.wav", np.tile(pad(1, 8000), 62), 8000)

    with pytest.raises(AudioError, match="longer than 60 s"):
        load_sting(path, AIM)
    assert load_bed(path, 44100, tmp_path / "kept").frame_count == pytest.approx(62 * 44100, abs=9)


# Beds


def test_a_bed_is_prepared_once(tmp_path, monkeypatch):
    """The second time nothing is decoded, and the same comes out; a broken file is made again."""
    path = write(tmp_path / "x.flac", np.column_stack([pad(5, 48000), -pad(5, 48000)]), 48000)
    made = load_bed(path, 44100, tmp_path / "kept")
    assert made.notes == ("its channels cancel each other: channel 1 alone is heard",)
    content = made.path.read_bytes()

    with monkeypatch.context() as patch:
        patch.setattr(soundfile, "SoundFile", None)
        assert load_bed(path, 44100, tmp_path / "kept") == made

    for broken in (b"", content[:-2], content[:5000] + b"x" + content[5001:]):
        made.path.write_bytes(broken)
        assert load_bed(path, 44100, tmp_path / "kept") == made
        assert made.path.read_bytes() == content


def test_one_bed_is_kept(tmp_path):
    """Another one takes its place."""
    kept = tmp_path / "kept"
    load_bed(write(tmp_path / "x.wav", pad(3)), 44100, kept)
    second = load_bed(write(tmp_path / "y.wav", pad(4)), 44100, kept)

    assert list(kept.iterdir()) == [second.path]


def test_many_may_prepare_the_same_bed_at_once(tmp_path):
    """Each gets the same one, and only that is left."""
    path, kept = write(tmp_path / "x.wav", pad(3)), tmp_path / "kept"
    barrier = threading.Barrier(4)

    def load(_number):
        barrier.wait()
        return load_bed(path, 44100, kept)

    with ThreadPoolExecutor(4) as pool:
        beds = set(pool.map(load, range(4)))
    (bed,) = beds
    assert list(kept.iterdir()) == [bed.path]


def test_a_full_disk_is_told_as_such(tmp_path):
    """The folder of prepared music cannot be made where a file is."""
    (tmp_path / "kept").write_bytes(b"")

    with pytest.raises(StoreError, match="prepared music"):
        load_bed(write(tmp_path / "x.wav", pad(2)), 44100, tmp_path / "kept")


def test_a_bed_that_vanishes_is_told_as_such(tmp_path):
    """While an episode is being made, too."""
    bed = load_bed(write(tmp_path / "x.wav", pad(2)), 44100, tmp_path / "kept")
    bed.path.write_bytes(bed.path.read_bytes()[:50_000])
    stretch = stretch_around([(90_000, 99_000)], 44100)

    with pytest.raises(StoreError, match="shorter"):
        list(mixed([np.zeros(9000, np.int16)], stretch, bed, AIM))
    bed.path.unlink()
    with pytest.raises(StoreError, match="prepared music"):
        list(mixed([np.zeros(9000, np.int16)], stretch, bed, AIM))


def test_the_bed_lies_as_far_below_the_speech_as_it_should(tmp_path):
    """Open in a long pause and ducked under words, by the meter."""
    bed = load_bed(write(tmp_path / "x.wav", pad(60)), 44100, tmp_path / "kept")
    stretch = stretch_around([(50_000, 500_000), (1_500_000, 1_600_000)], 44100)
    silence = [np.zeros(end - start, np.int16) for start, end in stretch.spoken]

    sound = np.concatenate(list(mixed(silence, stretch, bed, AIM))) / 32768

    ducked, opened = (
        measure(sound[slice(*place)], 44100).integrated_lufs
        for place in (stretch.spoken[0], (600_000, 1_400_000))
    )
    assert ducked == pytest.approx(AIM.loudness_lufs + DUCKED_LU, abs=0.5)
    assert opened == pytest.approx(AIM.loudness_lufs + OPEN_LU, abs=0.5)


def test_a_bed_with_high_peaks_is_softer(tmp_path):
    """Drums far above the rest: they lie below the ceiling, not cut off."""
    music = 0.001 * pad(20)
    music[::44100] = 0.9
    bed = load_bed(write(tmp_path / "x.wav", music, subtype="FLOAT"), 44100, tmp_path / "kept")

    with bed.opened(AIM) as read:
        sound = read(0, 40 * 44100)

    assert measure(sound, 44100).true_peak_dbtp <= AIM.ceiling_dbtp


def test_loops_join_without_a_step(tmp_path):
    """A whole minute of a bed of three seconds: no third difference above the music's own."""
    music = pad(3.1)
    bed = load_bed(write(tmp_path / "x.wav", music), 44100, tmp_path / "kept")

    with bed.opened(AIM) as read:
        sound = read(0, 60 * 44100)
        own = read(0, 44100)

    assert np.abs(np.diff(sound, 3)).max() <= 1.5 * np.abs(np.diff(own, 3)).max()


# Speech on a bed


@pytest.fixture(scope="module")
def spoken(make_clip):
    """Return mastered clips of three voices, a little over a minute, and where they lie."""
    aim = aim_of(SoundSpec())
    clips = [
        master(make_clip(4.0 + n % 3, seed=n, pitch_hz=(110, 180, 230)[n % 3]), aim).clip
        for n in range(12)
    ]
    frames = [np.frombuffer(clip.pcm, "<i2") for clip in clips]
    position, places = 100_000, []
    for number, one in enumerate(frames):
        places.append((position, position + one.size))
        position += one.size + (11_025, 24_255, 90_000)[number % 3]
    return aim, frames, stretch_around(places, 44100)


def test_a_bed_leaves_the_loudness_of_the_speech(tmp_path, spoken):
    """The whole is within 0.1 LU of the same speech without a bed, and below its ceiling."""
    aim, frames, stretch = spoken
    bed = load_bed(write(tmp_path / "x.wav", pad(20)), 44100, tmp_path / "kept")
    alone = np.zeros(stretch.frame_count)
    for (start, end), one in zip(stretch.spoken, frames, strict=True):
        alone[start:end] = one / 32768

    sound = np.concatenate(list(mixed(frames, stretch, bed, aim))) / 32768

    levels, before = measure(sound, 44100), measure(alone, 44100)
    assert levels.integrated_lufs == pytest.approx(before.integrated_lufs, abs=0.1)
    assert levels.integrated_lufs == pytest.approx(-16.0, abs=0.3)
    assert levels.true_peak_dbtp <= aim.ceiling_dbtp
    assert sound[0] == sound[-1] == 0.0


def test_a_stretch_is_a_passage_of_its_own(tmp_path, spoken):
    """Encoded by themselves and joined in 105 ms of silence, two stretches decode as they were."""
    aim, frames, stretch = spoken
    spec = SoundSpec()
    bed = load_bed(write(tmp_path / "x.wav", pad(20)), 44100, tmp_path / "kept")
    sound = np.concatenate(list(mixed(frames, stretch, bed, aim)))
    second = 20 - (-(sound.size + LEAST_SILENCE_FRAMES) // GRID_FRAMES)
    content = encode_passage([sound], spec)
    total = 2 * second

    joined = b"".join(join([Placed(20, content), Placed(second, content)], lambda: total, spec))

    decoded, _ = soundfile.read(io.BytesIO(joined))
    given = np.zeros(total * GRID_FRAMES)
    for start in (20, second):
        given[start * GRID_FRAMES :][: sound.size] = sound / 32768
    error = decoded[1105:] - given[: decoded.size - 1105]
    assert 10 * np.log10(np.sum(given**2) / np.sum(error**2)) > 25


def test_two_stretches_can_be_mixed_at_once(tmp_path, spoken):
    """Each has its own reader: threads give what one thread gives."""
    aim, frames, stretch = spoken
    bed = load_bed(write(tmp_path / "x.wav", pad(20)), 44100, tmp_path / "kept")
    later = Stretch(9_999_999, stretch.frame_count, stretch.spoken, 44100)
    made = {}

    def mix(name, where):
        made[name] = np.concatenate(list(mixed(frames, where, bed, aim)))

    threads = [threading.Thread(target=mix, args=(n, s)) for n, s in enumerate((stretch, later))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (made[0] == made[1]).all()


def test_the_mix_is_what_the_pure_part_makes(tmp_path, spoken):
    """The file of frames is read as it was written."""
    aim, frames, stretch = spoken
    music = pad(200)
    bed = load_bed(write(tmp_path / "x.wav", music, subtype="DOUBLE"), 44100, tmp_path / "kept")
    factor = bed.open_factor(aim)
    whole = np.frombuffer(bed.path.read_bytes()[4096:], "<i2") / 32768 * factor

    pure = mix_stretch(
        frames, stretch, duck(stretch), lambda a, n: whole[a : a + n], 10 ** (aim.ceiling_dbtp / 20)
    )

    read = np.concatenate(list(mixed(frames, stretch, bed, aim)))
    assert np.abs(np.concatenate(list(pure)).astype(int) - read).max() <= 1
