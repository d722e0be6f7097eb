"""The test signals of EBU Tech 3341 and 3342 (2023, table 1 of each), made here; an outside meter.

Left out: Tech 3341 case 6 (five channels; the meter takes one or two), 7 and 8, and Tech 3342 5 and
6 (recorded programs that the EBU alone hands out), 10, 11, 13 and 14 (maxima of the momentary and
the short-term loudness, which the meter does not tell).
"""

import shutil
import struct
import subprocess

import numpy as np

#: Tech 3341: stereo tones of 1 kHz as (dBFS, seconds), and what their integrated loudness must
#: read, +-0.1 LU. Of 9 and 12 the short-term and the momentary loudness must be constant: the mean
#: of what is constant is the same.
LOUDNESS_3341 = {
    1: ([(-23, 20)], -23.0),
    2: ([(-33, 20)], -33.0),
    3: ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
    4: ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
    5: ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    9: ([(-20, 1.34), (-30, 1.66)] * 5, -23.0),
    12: ([(-20, 0.18), (-30, 0.22)] * 25, -23.0),
}
#: Tech 3342: the same, and what the range must read, +-1 LU.
RANGE_3342 = {
    1: ([(-20, 20), (-30, 20)], 10.0),
    2: ([(-20, 20), (-15, 20)], 5.0),
    3: ([(-40, 20), (-20, 20)], 20.0),
    4: ([(-50, 20), (-35, 20), (-20, 20), (-35, 20), (-50, 20)], 15.0),
}
#: Tech 3341, true peak: divisor of the sample rate, phase in degrees, amplitude, and what must be
#: read, +0.2/-0.4 dB.
PEAKS_3341 = {
    15: (4, 0.0, 0.5, -6.0),
    16: (4, 45.0, 0.5, -6.0),
    17: (6, 60.0, 0.5, -6.0),
    18: (8, 67.5, 0.5, -6.0),
    19: (4, 45.0, 1.41, 3.0),
}
#: Tech 3341, true peak: offset in samples of four times the rate; must read 0.0, +0.2/-0.4 dB.
OFFSETS_3341 = {20: 0, 21: 1, 22: 2, 23: 3}


def tone(parts, rate_hz):
    """Return tones of 1 kHz, one after the other: shape (frames,)."""
    frames = [
        10 ** (db / 20) * np.sin(2 * np.pi * 1000 * np.arange(round(s * rate_hz)) / rate_hz)
        for db, s in parts
    ]
    return np.concatenate(frames)


def stereo(samples):
    """Return a signal on both channels: shape (frames, 2)."""
    return np.stack([samples, samples], axis=1)


def tapered(samples, frames):
    """Return a signal with fades at its ends."""
    place = np.arange(samples.size)
    return samples * np.minimum(1.0, np.minimum(place, place[::-1]) / frames)


def peak_tone(case, rate_hz):
    """Return the tone of a case from 15 to 19: two seconds, fades of 10 ms."""
    divisor, degrees, amplitude, _ = PEAKS_3341[case]
    time = np.arange(2 * rate_hz)
    samples = amplitude * np.sin(2 * np.pi * time / divisor + np.radians(degrees))
    return tapered(samples, rate_hz // 100)


def peak_within(case):
    """Return the signal of a case from 20 to 23: one louder period between two samples.

    A tone of a sixth of the rate holds one period of a fourth of it, twice as high, in phase. It
    is made at four times the rate, filtered and thinned out. Which filter is not said: a sinc in a
    Kaiser window, flat up to 0.4 and 80 dB down from 0.6 of the rate on.
    """
    low = 0.5 * np.sin(2 * np.pi * np.arange(24 * 500) / 24)
    samples = np.concatenate([low, np.sin(2 * np.pi * np.arange(16) / 16), low])
    distance = np.arange(-52, 53)
    taps = np.sinc(distance / 4) * np.kaiser(distance.size, 8.0)
    filtered = np.convolve(tapered(samples, 1000), taps / taps.sum(), "same")
    return filtered[OFFSETS_3341[case] :: 4]


def noise_bursts(rate_hz, seconds=8.0, seed=7):
    """Noise of a falling spectrum in syllables and pauses, as loud and uneven as speech."""
    random = np.random.default_rng(seed)
    count = round(seconds * rate_hz)
    rough = np.cumsum(random.standard_normal(count)) * 0.02
    voiced = np.diff(rough - np.convolve(rough, np.ones(64) / 64, "same"), append=0.0)
    time_s = np.arange(count) / rate_hz
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * time_s), 0, 1) * (np.sin(0.9 * time_s) > -0.6)
    voiced *= syllables
    return 0.5 * voiced / np.abs(voiced).max()


#: Why tests that need it are left out.
NO_FFMPEG = shutil.which("ffmpeg") is None


def ffmpeg_levels(samples, rate_hz, path):
    """Return LUFS, LU of range and dBTP as ffmpeg's ebur128 reads them, mono as dual mono.

    Args:
        samples: Shape (frames,) or (frames, channels); levels above full scale are kept.
        rate_hz: Frames a second.
        path: A file to write.
    """
    frames = samples.astype("<f4")
    channels = 1 if frames.ndim == 1 else frames.shape[1]
    size, width = frames.nbytes, 4 * channels
    head = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVEfmt ", 16, 3, channels,
                       rate_hz, width * rate_hz, width, 32, b"data", size)  # fmt: skip
    path.write_bytes(head + frames.tobytes())
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path), "-af",
               "ebur128=dualmono=true:peak=true", "-f", "null", "-"]  # fmt: skip
    log = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    words = log[log.rindex("Summary:") :].split()
    return tuple(float(words[words.index(name) + 1]) for name in ("I:", "LRA:", "Peak:"))
