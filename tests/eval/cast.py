"""Which variants of the embedded voice make a cast: understood, far apart, alike in level.

``python -m tests.eval.cast`` prints how well each candidate is understood and where it lies;
``python -m tests.eval.cast --shipped`` the same for the shipped profiles, and the table of their
README. It needs the extra ``asr``, and about ten seconds a voice.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from audiobrief.model.voice import Voice
from audiobrief.pipeline.audition import read_by, sample_texts, shipped_cast, word_error_rate
from audiobrief.sound import loudness
from audiobrief.speak.bundle import find_bundle, variants
from audiobrief.speak.recognize import words_said

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiobrief.model.audio import Clip

_RATE_HZ = 22_050
_FRAME = 1_024
#: Of the bands in which spectra are compared, from 100 to 8,000 Hz.
_BANDS = 24


@dataclass(frozen=True, slots=True, eq=False)
class Hearing:
    """What was measured of one voice."""

    voice: Voice
    #: Word error rate with a language model made of the text.
    error_rate: float
    #: Median of the fundamental frequency.
    pitch_hz: float
    #: How deep the voice goes up and down: half the middle 80 % of the frequency, semitones.
    sway: float
    #: Of the long-term average spectrum.
    centroid_hz: float
    #: Long-term average spectrum in mel bands, dB, its mean taken off: shape (_BANDS,).
    spectrum_db: np.ndarray
    words_a_minute: float
    loudness_lufs: float
    peak_dbfs: float
    clipped: int


def distance(a: Hearing, b: Hearing) -> float:
    """Return how different two voices sound: dB of timbre and semitones of pitch, both RMS."""
    timbre = float(np.sqrt(np.mean((a.spectrum_db - b.spectrum_db) ** 2)))
    semitones = 12 * float(np.log2(a.pitch_hz / b.pitch_hz))
    return float(np.hypot(timbre, semitones))


def measure(voice: Voice, texts: Sequence[str]) -> Hearing:
    """Let a voice speak, and listen."""
    clips = read_by(voice, texts)
    word_count = sum(len(words_said(text)) for text in texts)
    sound = np.concatenate([_samples(clip) for clip in clips])
    pitches = pitch_track(sound)
    power = band_power(sound)
    low, high = np.percentile(pitches, (10, 90))
    level = loudness.measure(sound, _RATE_HZ)
    return Hearing(
        voice,
        word_error_rate(clips, texts),
        float(np.median(pitches)),
        6 * float(np.log2(high / low)),
        centroid(sound),
        power,
        60 * word_count / (sound.size / _RATE_HZ),
        level.integrated_lufs,
        20 * float(np.log10(np.abs(sound).max() + 1e-9)),
        int(np.count_nonzero(np.abs(sound) >= 32767 / 32768)),
    )


def _samples(clip: Clip) -> np.ndarray:
    return np.frombuffer(clip.pcm, "<i2") / 32768.0


def _spectra(sound: np.ndarray) -> np.ndarray:
    """Return the power spectra of the frames that are not silent: shape (frames, bins)."""
    frames = sound[: sound.size // _FRAME * _FRAME].reshape(-1, _FRAME)
    loud = np.sqrt(np.mean(frames**2, axis=1))
    frames = frames[loud > 0.1 * np.percentile(loud, 95)]
    return np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2


def band_power(sound: np.ndarray) -> np.ndarray:
    """Return the average spectrum in mel bands, in dB, without its level: shape (_BANDS,)."""
    power = _spectra(sound).mean(axis=0)
    bins_hz = np.fft.rfftfreq(_FRAME, 1 / _RATE_HZ)
    mel = np.linspace(*(2595 * np.log10(1 + np.array([100, 8000]) / 700)), _BANDS + 2)
    edges_hz = 700 * (10 ** (mel / 2595) - 1)
    bands = []
    for low, middle, high in zip(edges_hz, edges_hz[1:], edges_hz[2:], strict=False):
        weight = np.interp(bins_hz, (low, middle, high), (0.0, 1.0, 0.0))
        bands.append(power @ weight / weight.sum())
    decibels = 10 * np.log10(np.array(bands) + 1e-12)
    return decibels - decibels.mean()


def centroid(sound: np.ndarray) -> float:
    """Return the center of the average amplitude spectrum, in Hz."""
    amplitude = np.sqrt(_spectra(sound).mean(axis=0))
    return float(amplitude @ np.fft.rfftfreq(_FRAME, 1 / _RATE_HZ) / amplitude.sum())


def pitch_track(sound: np.ndarray) -> np.ndarray:
    """Return the fundamental frequency of every fourth frame, if voiced, in Hz.

    The shortest lag at which the frame resembles itself: the difference, normalized by its mean
    up to there, falls below 0.2 (the method known as YIN).
    """
    shortest, longest = _RATE_HZ // 450, _RATE_HZ // 55
    found = []
    for start in range(0, sound.size - 2 * longest, 4 * longest):
        piece = sound[start : start + 2 * longest]
        lags = np.arange(1, longest)
        if np.abs(piece[:longest]).max() < 0.01:
            continue
        difference = np.array([np.sum((piece[:longest] - piece[d : d + longest]) ** 2)
                               for d in lags])  # fmt: skip
        normal = difference * lags / np.maximum(np.cumsum(difference), 1e-12)
        below = np.flatnonzero(normal[shortest:] < 0.2)
        if below.size:
            at = below[0] + shortest
            while at + 1 < normal.size and normal[at + 1] < normal[at]:
                at += 1
            found.append(_RATE_HZ / (at + 1))
    return np.array(found or [1.0])


def candidates() -> list[Voice]:
    """Return all variants with the American base voice."""
    names = variants(find_bundle().data)
    return [Voice(name, "espeak", f"en-us+{name}") for name in names]


def row(one: Hearing) -> str:
    """Return a line of the table."""
    return (
        f"{one.voice.name:<14} {one.voice.engine_voice:<20} {one.error_rate:6.3f}"
        f" {one.pitch_hz:6.0f} {one.sway:5.1f} {one.centroid_hz:6.0f} {one.words_a_minute:5.0f}"
        f" {one.loudness_lufs:6.1f} {one.peak_dbfs:6.1f} {one.clipped:6d}"
    )


HEAD = "name           engine's name         errors  pitch  sway center   wpm   LUFS   peak clipped"


def choose(
    heard: Sequence[Hearing], first: Sequence[str], more: int, worst: float
) -> list[Hearing]:
    """Return voices, each the farthest from those before it, of those that are understood."""
    chosen = [h for h in heard if h.voice.name in first]
    rest = [h for h in heard if h.error_rate <= worst and h not in chosen]
    for _ in range(min(more, len(rest))):
        best = max(rest, key=lambda h: min(distance(h, c) for c in chosen))
        chosen.append(best)
        rest.remove(best)
    return chosen


def print_distances(heard: Iterable[Hearing]) -> None:
    """Print every pair, the nearest first."""
    pairs = sorted((distance(a, b), a.voice.name, b.voice.name) for a, b in combinations(heard, 2))
    for apart, a, b in pairs:
        print(f"{apart:6.1f}  {a} - {b}")


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", help="variants; default: all")
    parser.add_argument("--shipped", action="store_true")
    parser.add_argument("--sentences", type=int, default=1000)
    parser.add_argument("--choose", type=int, default=0, help="choose so many far apart")
    parser.add_argument("--first", nargs="*", default=["f2"], help="those chosen already")
    parser.add_argument("--worst", type=float, default=0.2, help="word error rate")
    parser.add_argument("--pitch", nargs="*", default=[])
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    if options.shipped:
        voices = shipped_cast()
    else:
        voices = [v for v in candidates() if not options.names or v.name in options.names]
    voices += [
        replace(v, name=f"{v.name}/{pitch}", options=(("pitch", pitch),))
        for v in voices
        for pitch in options.pitch
    ]
    texts = sample_texts()[: options.sentences]
    heard = []
    print(HEAD)
    with ProcessPoolExecutor(options.jobs) as pool:
        for one in pool.map(measure, voices, [texts] * len(voices)):
            heard.append(one)
            print(row(one), flush=True)
    if options.choose:
        heard = choose(heard, options.first, options.choose, options.worst)
        print("chosen:", ", ".join(h.voice.name for h in heard))
    if options.choose or options.shipped or len(heard) < 20:
        print_distances(heard)


if __name__ == "__main__":
    main(sys.argv[1:])
